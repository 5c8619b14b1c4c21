"""`bound` and `idleness_bound`: what no plan of a night can exceed or fall below, safe against rounding."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, cast, overload

import numpy as np

from patrolroute.base.arguments import checked
from patrolroute.base.errors import Complaints, ProblemError
from patrolroute.base.vocabulary import INFINITE_S, BoolArray, FloatArray, LongArray, Points, Seconds
from patrolroute.proof.cuts import ENOUGH, Cut, separate
from patrolroute.proof.graph import task_graph
from patrolroute.proof.model import Model, Solver
from patrolroute.proof.presence import PresenceBound, presence_bound

if TYPE_CHECKING:
    from patrolroute.base.vocabulary import Mode
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.problem.instance import Instance
    from patrolroute.problem.model import PatrolProblem
    from patrolroute.problem.task import Task


METHOD = "time-flow LP with odd co-circuits and connectivity on the task graph"
PATIENCE, WORTHWHILE = 8, 1e-5
"""So many rounds in a row that lower the bound by less than this share are the last."""

ROOMY = 1.25
"""With so many times the seconds of all visits a fleet may well make them all, and that is tried first."""

WHOLE = 1e-6
TRIALS, FURTHER = 5, 1.1
"""So many lengths of the longest route are tried, each up to so many times the one that is sure."""

CALM = 0.7
"""Share of the solutions before in the mean in which cuts are looked for: 0.5 and 0.7 do equally well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What no plan can exceed, and what every plan that makes all visits needs.

    Parameters
    ----------
    prize
        Points of the counted visits of any plan are at most these.
    method
        How that is known, in words.
    seconds
        What it took.
    driving_s
        A plan that collects all points of the night drives at least so many seconds, patrolling included; None where
        that is not proven, and where no plan collects them all.
    longest_route_s
        The longest route of such a plan takes at least so many seconds from its shift's start to its end, waits
        included; None as above.
    """

    prize: Points
    method: str
    seconds: float
    driving_s: Seconds | None = None
    longest_route_s: Seconds | None = None

    def on(self, plan: PatrolPlan) -> PatrolPlan:
        """Return the plan with this bound written into its objective, from which its gaps follow."""
        stated = replace(
            plan.objective, upper_bound=self.prize, bound_method=self.method,
            driving_bound_s=self.driving_s, longest_route_bound_s=self.longest_route_s,
        )  # fmt: skip
        return replace(plan, objective=stated)


LONGEST_S = 1e6
"""Eleven days: as good as no limit, and still a whole number for the solver."""


@overload
def bound(
    problem: PatrolProblem | Instance, *, goal: Literal["points"] = "points", time_limit: float = 60.0
) -> Bound: ...
@overload
def bound(
    problem: PatrolProblem,
    *,
    goal: Literal["presence"],
    time_limit: float = 60.0,
    missed: int | None = 0,
    forgone: Points | None = 0,
) -> PresenceBound: ...
@checked
def bound(
    problem: PatrolProblem | Instance,
    *,
    goal: Literal["points", "presence"] = "points",
    time_limit: float = 60.0,
    missed: int | None = 0,
    forgone: Points | None = 0,
) -> Bound | PresenceBound:
    """Return an upper bound on the points that any plan of a night can collect, and what collecting them all takes.

    With ``goal="presence"`` it is a bound on how much the streets are seen instead,
    `patrolroute.proof.presence.presence_bound`. For points:

    Routes are a flow over the tasks' ways, with a second flow of the times at which they are driven: what leaves a
    vertex leaves no earlier than what came in, and nothing leaves too late to come home (a single-commodity flow of
    time, after Gavish & Graves 1978, hdl:1721.1/5363). Cuts are added as long as they help: any set of junctions that
    an odd number of services crosses is crossed by something else, too, and is entered at least as often as it is
    served; see `patrolroute.proof.cuts.separate`. Crews are as fast as the fastest, breaks, capacities and patrol areas
    of single crews are left out, and hours count from the first to the last second in which a task may start: all of
    this can only raise the bound. The bound is worked out anew from the solver's dual values in such a way that it
    holds whatever they are (Neumaier & Shcherbina 2004, doi:10.1007/s10107-003-0433-3).

    Where the bound is all points of the night, the same programme with every visit made tells how many seconds of
    driving and standing that takes at least; shared out among the crews they are a bound on the longest route, and so
    is the farthest or latest task alone; routes of some length at most take more together, which lifts it further. If
    it takes more than all shifts have, one visit at least cannot be made.

    Parameters
    ----------
    problem
        The night; for points its numbers alone will do.
    goal
        ``"points"``. ``"presence"``: 见警率 and the weighted time in which streets are seen.
    time_limit
        Seconds for the solver, above 0; when they are over the bound is the sum of all points, or what is known then.
    missed, forgone
        For presence: how many required streets and how many points of hotspots the plans that are bounded leave out at
        the most, as `patrolroute.proof.presence.presence_bound` has it; None: any number.

    Returns
    -------
    Bound or PresenceBound
        Whole points, at most the night's own total, and whole seconds; or the most that is seen.

    Raises
    ------
    ProblemError
        If the goal is none of these, the limit not above 0, or presence is asked of a night that has no map.
    """
    complaints = Complaints()
    if goal not in ("points", "presence"):
        complaints.add(f"bound: goal {goal!r} is not one of points, presence")
    if not time_limit > 0:
        complaints.add(f"bound: time_limit {time_limit} is not above 0")
    complaints.raise_as(ProblemError)
    time_limit = min(time_limit, LONGEST_S)
    if goal == "presence":
        if not hasattr(problem, "networks"):
            raise ProblemError("bound: goal 'presence' needs a PatrolProblem; numbers alone have no streets")
        night = cast("PatrolProblem", problem)
        return presence_bound(night, time_limit=time_limit, missed=missed, forgone=forgone)
    began = time.perf_counter()
    instance = problem.instance.loosened
    modes = dict.fromkeys(kind.mode for kind in instance.classes)
    parts = [_Part(instance, mode) for mode in modes if any(task.mode == mode for task in instance.tasks)]
    until = began + time_limit
    prize, driving, longest = sum(part.most(until) for part in parts), None, None
    if prize == instance.prize_total:
        least = [part.least(until) for part in parts]
        if any(part.fleet_s < took for part, took in zip(parts, least, strict=True)):
            cheapest = min(min(task.worth) for task in instance.tasks)
            prize = min(prize - cheapest, sum(part.most(until) for part in parts))
        else:
            driving = max(0, sum(least) - sum(part.standing_s for part in parts)) or None
            longest = max(part.longest(took, until) for part, took in zip(parts, least, strict=True))
    seconds = time.perf_counter() - began
    return Bound(prize=prize, method=METHOD, seconds=seconds, driving_s=driving, longest_route_s=longest)


class _Part:
    """The bound of one mode's tasks."""

    def __init__(self, instance: Instance, mode: Mode) -> None:
        self.instance, self.mode, self.graph = instance, mode, task_graph(instance, mode)
        self.model, self.known = Model(instance, self.graph), set[bytes]()
        self.tasks = [instance.tasks[task] for task in self.model.tasks]
        shifts = [instance.crews[crew].shift_s for crew in instance.team(mode)]
        self.crews, self.last_start = len(shifts), max((start for start, _ in shifts), default=0)
        self.fleet_s = sum(end - start for start, end in shifts)
        self.cuts: list[Cut] = []
        self.known_least: Seconds | None = None
        self.fits = False
        self.values: FloatArray | None = None
        quickest = np.full(len(instance.tasks), INFINITE_S)
        np.minimum.at(quickest, self.graph.task, self.graph.seconds[self.graph.drives :])
        self.served_s = sum(int(quickest[task]) * instance.tasks[task].visits_wanted for task in self.model.tasks)
        self.standing_s = sum(task.dwell_s * task.visits_wanted for task in self.tasks)

    def most(self, until: float) -> Points:
        """Return the points that no plan exceeds; where everything seems to fit, nothing more is tried."""
        best = total = sum(sum(task.worth) for task in self.tasks)
        if ROOMY * self.served_s < self.fleet_s and self.least(until) and self.fits:
            return total
        for found in self._rounds(self.model.prize, 0.0, until):
            best = min(best, math.floor(found))
            if best >= total:
                break
        return best

    def least(self, until: float) -> Seconds:
        """Return the seconds of driving and standing that making every visit takes at least.

        A visit that is missing costs a whole night: with all visits made that is nothing, and the programme always has
        a solution. Where that solution lacks visits, it is the points that matter, and nothing more is tried.
        """
        if self.known_least is None:
            (gain, all_made), best = self._visits_before_seconds(), 0
            visits = sum(task.visits_wanted for task in self.tasks)
            for found in self._rounds(gain, all_made, until):
                best = max(best, math.ceil(all_made - found))
                self.fits = self.values is not None and float(self.model.visits @ self.values) > visits - WHOLE
                if not self.fits:
                    break
            self.known_least = best
        return self.known_least

    def longest(self, took: Seconds, until: float) -> Seconds:
        """Return the seconds that the longest route takes at least.

        It is its crew's share of all, or as long as a task alone takes. And where no route is longer than some trial,
        more crews must go out and back, so that all takes longer: either the longest route is longer than the trial, or
        it is a share of that. Where a task alone takes much longer than the share, that is not tried.
        """
        share, alone = -(-took // self.crews), self._alone()
        sure, above = max(share, alone), INFINITE_S
        for _ in range(TRIALS if share * FURTHER > alone else 0):
            trial = min((sure + above) // 2, math.ceil(sure * FURTHER))
            if trial <= sure or time.perf_counter() > until:
                break
            share = -(-self._least_within(trial, until) // self.crews)
            sure, above = max(sure, min(share, trial)), above if share >= trial else trial
        return sure

    def _least_within(self, longest_s: Seconds, until: float) -> Seconds:
        """Return the seconds that making every visit takes at least where no route is longer than that."""
        model = Model(self.instance, task_graph(self.instance, self.mode, longest_s))
        for cut in self.cuts:
            model.cut(*cut)
        gain, all_made = self._visits_before_seconds()
        found, _ = Solver(model, gain).solve(until - time.perf_counter())
        return 0 if found is None else math.ceil(all_made - found)

    def _visits_before_seconds(self) -> tuple[FloatArray, float]:
        """Return the gain that takes a whole night off for a missing visit, and what all visits are worth by it."""
        night_s = float(max(1, self.instance.night[1]))
        visits = sum(task.visits_wanted for task in self.tasks)
        return night_s * self.model.visits - self.model.seconds, night_s * visits

    def _alone(self) -> Seconds:
        """Return the seconds that the farthest or latest task takes alone.

        A route with one task goes there and back, and begins no later than the last shift to serve when it is open.
        """
        graph = self.graph
        alone = dict.fromkeys(self.model.tasks, INFINITE_S)
        for task, entry, leave, seconds in zip(
            graph.task.tolist(), graph.tail[graph.drives :], graph.head[graph.drives :],
            graph.seconds[graph.drives :].tolist(), strict=True,
        ):  # fmt: skip
            opens = max(min((first for first, _ in spans), default=0) for spans in self.instance.tasks[task].starts)
            out = max(int(graph.outward_s[entry]), opens - self.last_start)
            alone[task] = min(alone[task], out + seconds + int(graph.homeward_s[leave]))
        return max(alone.values(), default=0)

    def _rounds(self, gain: FloatArray, base: float, until: float) -> Iterator[float]:
        """Yield bounds round by round: cuts are added as long as they lower it, seen from a base, and time is left."""
        if not self.graph.ways:
            return
        solver, idle, best, longest, middle = Solver(self.model, gain), 0, math.inf, 0.0, None
        while idle < PATIENCE:
            began = time.perf_counter()
            found, values = solver.solve(until - began)
            if found is None:
                return
            self.values = values
            yield found
            idle = idle + 1 if found > best - WORTHWHILE * abs(best - base) else 0
            best = min(best, found)
            if values is None:
                return
            middle = values if middle is None else CALM * middle + (1 - CALM) * values
            cuts = self._cuts(values, middle)
            longest = max(longest, time.perf_counter() - began)
            if not cuts or time.perf_counter() + longest > until:
                return
            for cut in cuts:
                self.model.cut(*cut)
            self.cuts += cuts

    def _cuts(self, values: FloatArray, middle: FloatArray) -> list[Cut]:
        """Find cuts that the mean of the solutions so far violates; where these are few, the last one's as well.

        What a mean violates is no accident of one of many equally good solutions, so fewer rounds are needed
        (as in Ben-Ameur & Neto 2007, doi:10.1002/net.20137).
        """
        found = separate(self.instance, self.graph, middle, self.known)
        return found if len(found) >= ENOUGH else found + separate(self.instance, self.graph, values, self.known)


@checked
def idleness_bound(problem: PatrolProblem | Instance) -> Seconds:
    """Return a lower bound on the worst weighted idleness of the streets, max w·d.

    Where no gap of a street of priority w exceeds d = W/w, somebody comes by at least ⌈T/d⌉ − 1 times in a night of T
    seconds; nobody comes by before the way there is driven, nor so late that the way home is too long; and driving
    through all streets that often, of those that share an arc one, takes no more seconds than all crews have. W is the
    least number for which all this can be. It sharpens the argument that K crews leave some street alone for as long as
    one round takes them together (after Chevaleyre 2004, doi:10.1109/IAT.2004.1342951).

    Parameters
    ----------
    problem
        The night.

    Returns
    -------
    int
        Seconds times priority, from 0 to 5·T; 0 without streets. Every plan's ``idleness_worst_weighted_s`` is at
        least this.
    """
    instance = problem.instance
    modes = dict.fromkeys(task.mode for task in instance.tasks if task.kind == "street")
    return max((_Streets(instance, mode).least() for mode in modes if _looked_at(instance, mode)), default=0)


def _looked_at(instance: Instance, mode: Mode) -> list[int]:
    """Return the streets of a mode that matter all night: those with windows of their own can only add to a bound."""
    tasks = enumerate(instance.tasks)
    return [number for number, task in tasks if task.kind == "street" and task.mode == mode and not task.windows]


class _Streets:
    """The streets of one mode: priority, the quickest way through, the first and last second of a pass."""

    def __init__(self, instance: Instance, mode: Mode) -> None:
        self.window_s = instance.night[1] - instance.night[0]
        self.streets = _looked_at(instance, mode)
        tasks, team = [instance.tasks[number] for number in self.streets], instance.team(mode)
        self.is_own = np.array(list(_share_no_arc(tasks)), dtype=np.bool_)
        self.weight = np.array([task.priority for task in tasks], dtype=np.int64)
        self.budget_s = sum(end - start for start, end in (instance.crews[crew].shift_s for crew in team))
        self.through_s = np.full(len(self.streets), INFINITE_S, dtype=np.int64)
        self.first_s, self.last_s = self.through_s.copy(), -self.through_s
        for crew in team:
            self._look_at(instance, crew)

    def _look_at(self, instance: Instance, crew: int) -> None:
        """Note what a crew can do for each street; all drives are over the whole network, whoever may serve."""
        driving, one = instance.travel(crew).seconds, instance.crews[crew]
        for number, street in enumerate(self.streets):
            for way in instance.ways(crew, street):
                there, back = int(driving[one.depot, way.entry]), int(driving[way.leave, one.end_depot])
                if there < INFINITE_S and back < INFINITE_S:
                    self.through_s[number] = min(self.through_s[number], way.through_s)
                    self.first_s[number] = min(self.first_s[number], one.start_s + there)
                    self.last_s[number] = max(self.last_s[number], one.end_s - back - way.through_s)

    def least(self) -> Seconds:
        """Search for the least weighted idleness that is not impossible; nothing is, from a night without a pass on."""
        low, high = 0, int(self.weight.max()) * self.window_s
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if self._may_be(middle) else (middle + 1, high)
        return low

    def _may_be(self, worst: Seconds) -> bool:
        gap_s = worst // self.weight
        waits: BoolArray = gap_s < self.window_s
        if (gap_s[waits] < 1).any():
            return False
        late = (self.first_s > gap_s) | (self.window_s - self.last_s > gap_s)
        passes: LongArray = -(-self.window_s // np.maximum(1, gap_s)) - 1
        return not (late & waits).any() and int((passes * self.through_s)[waits & self.is_own].sum()) <= self.budget_s


def _share_no_arc(streets: Sequence[Task]) -> Iterator[bool]:
    """Mark streets of which none is driven through while another one is, nor twice at once: the first come, first."""
    seen: set[int] = set()
    for street in streets:
        arcs = [arc for chain in street.directions for arc in chain]
        is_own = len(set(arcs)) == len(arcs) and seen.isdisjoint(arcs)
        if is_own:
            seen.update(arcs)
        yield is_own
