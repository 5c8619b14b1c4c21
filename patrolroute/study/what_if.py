"""What if there were another car, what if the night were half an hour longer: one solve for each, side by side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from patrolroute.demand.wishes import not_whole
from patrolroute.engine.params import SearchParams
from patrolroute.engine.run import search
from patrolroute.errors import Complaints, InputError, ProblemError
from patrolroute.plan.metrics.book import Night
from patrolroute.plan.metrics.coverage import coverage_length, coverage_priority, hotspot_coverage
from patrolroute.plan.metrics.effort import driven_km
from patrolroute.plan.metrics.presence import idleness_worst_s, sighting_probability
from patrolroute.plan.schedule import schedule
from patrolroute.problem.crew import MAX_FLEET
from patrolroute.problem.evaluate import Score, evaluate
from patrolroute.problem.fewer import first_crews
from patrolroute.problem.model import PatrolProblem
from patrolroute.problem.solution import Solution
from patrolroute.study.fleets import ending_later, fleet, minutes_later
from patrolroute.units import Seconds
from patrolroute.words import Lang, require_lang

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from patrolroute.plan.records import PatrolPlan

Against: TypeAlias = Literal["crews", "ends"]


class HasProblem(Protocol):
    """What gives a problem when it is asked, as `NightRun` does."""

    def problem(self) -> PatrolProblem:
        """Give the problem."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One fleet on one night.

    Parameters
    ----------
    crews
        How many crews go out.
    end
        When the last shift ends.
    minutes
        By how much every shift ends later than it was given; below 0 sooner.
    prize_share
        Points collected as a share of all that are wanted, 0 to 1.
    required_missed
        Required tasks without a visit.
    coverage_length, coverage_priority, hotspot_coverage, sighting_probability, idleness_worst_s
        As in ``plan.metrics``; None where undefined.
    longest_route_s
        Seconds of the longest route.
    driven_km
        Kilometres of all crews.
    score
        What was compared, level by level.
    plan
        The plan itself.
    """

    crews: int
    end: dt.datetime
    minutes: int
    prize_share: float
    required_missed: int
    coverage_length: float | None
    coverage_priority: float | None
    hotspot_coverage: float | None
    sighting_probability: float | None
    idleness_worst_s: float | None
    longest_route_s: Seconds
    driven_km: float
    score: Score = field(repr=False)
    plan: PatrolPlan = field(repr=False, compare=False)


COLUMNS = tuple(name for name in Variant.__dataclass_fields__ if name not in ("score", "plan"))
"""What a table shows of a variant."""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Every fleet on every night that was asked for.

    Parameters
    ----------
    variants
        By end, then by number of crews.
    own_crews
        How many crews the night was given.
    """

    variants: tuple[Variant, ...]
    own_crews: int

    def variant(self, crews: int, minutes: int = 0) -> Variant:
        """Give the variant of so many crews whose night ends so many minutes later.

        Raises
        ------
        KeyError
            If it was not asked for.
        """
        for one in self.variants:
            if (one.crews, one.minutes) == (crews, minutes):
                return one
        raise KeyError(f"{crews} crews and {minutes:+d} min: not among the variants")

    def table(self) -> pd.DataFrame:
        """Give one row a variant, its columns named as in `Variant`, plan and score aside."""
        import pandas as pd

        return pd.DataFrame([{name: getattr(one, name) for name in COLUMNS} for one in self.variants], columns=COLUMNS)

    def summary(self, lang: Lang = "zh") -> str:
        """Say what each further crew and each later end buys."""
        from patrolroute.study.marginal import sentences

        require_lang(lang)
        return "\n".join(sentences(self, lang))

    def to_csv(self, path: str | Path, *, lang: Lang = "zh") -> Path:
        """Write the table, for a spreadsheet."""
        from patrolroute.output.what_if import write_table

        return write_table(self, Path(path), lang)

    def to_png(self, path: str | Path, *, lang: Lang = "zh") -> Path:
        """Draw coverage against crews, and against the end of the night where there are several."""
        from patrolroute.output.what_if import write_picture

        return write_picture(self, Path(path), lang)

    def plot(self, ax: Axes, *, against: Against = "crews", lang: Lang = "zh") -> Axes:
        """Draw coverage against ``crews`` or ``ends`` into matplotlib axes, and give them back."""
        from patrolroute.output.what_if import draw_lines

        return draw_lines(self, ax, against, lang)


def what_if(  # noqa: PLR0913 - the grid, and how it is solved
    night: PatrolProblem | HasProblem,
    *,
    crews: Iterable[int] | None = None,
    ends: Iterable[int | str | dt.datetime] = (0,),
    work_limit: int | None = None,
    seed: int = 0,
    params: SearchParams | None = None,
    threads: int | None = None,
    progress: Callable[[Variant], None] | None = None,
) -> WhatIf:
    """Solve a night for several sizes of the fleet and several ends.

    Each fleet starts from the plan of the next smaller one, and of the same one on the next shorter night where that
    is better, so that with more crews a plan is never worse, level by level. A longer night holds the plan of a
    shorter one as well, unless opening hours or breaks forbid what it moves.

    Parameters
    ----------
    night
        The problem, or what has one, such as a `NightRun`.
    crews
        Sizes of the fleet, 1 to 1,000; the night's own if not given. Fewer than it has are its crews in an order that
        keeps the mix of depots, shifts and kinds; more are copies of them. What is reserved to a crew that stays at
        home is served by nobody.
    ends
        By how many minutes every shift ends later (below 0: sooner); or when the last one is to end, as a clock time
        or an aware datetime, all others being moved alike.
    work_limit
        Iterations for each variant, `default_work` if not given: the same limit gives the same table.
    seed, params, threads
        As in `solve`.
    progress
        Called with each variant as it is done.

    Returns
    -------
    WhatIf
        After Ctrl-C with what is done by then.

    Raises
    ------
    ProblemError
        If a size or an end is not possible: each complaint says with how many crews and which end. Also if one
        stands where a list should.

    References
    ----------
    Fleet sizes by marginal worth: Archetti et al. 2014 (doi:10.1287/trsc.2012.0446) solve the team orienteering arc
    routing problem for two to four vehicles.
    """
    _require_lists(crews=crews, ends=ends)
    problem = night if isinstance(night, PatrolProblem) else night.problem()
    last = max(crew.end for crew in problem.crews)
    sizes, shifts = _sizes(problem, crews), minutes_later(list(ends), last, problem.timezone)
    longest = {minutes: _with_fleet(problem, max(sizes), minutes) for minutes in shifts}
    params = params or SearchParams()
    found, shorter = list[Variant](), dict[int, Solution]()
    for minutes, whole in longest.items():
        smaller: Solution | None = None
        for size in sizes:
            fewer = first_crews(whole, size)
            start = _better(fewer, _grown(smaller, size), shorter.get(size), params)
            done = search(fewer, work_limit=work_limit, seed=seed, start=start, params=params, threads=threads)
            smaller = shorter[size] = done.solution
            plan = schedule(fewer, done.solution, seed=seed, work=done.work, settings=asdict(params))
            found.append(_variant(plan, done.score, last + dt.timedelta(minutes=minutes), minutes))
            if progress is not None:
                progress(found[-1])
            if done.stopped_by == "interrupted":
                return WhatIf(tuple(found), len(problem.crews))
    return WhatIf(tuple(found), len(problem.crews))


def _require_lists(**wishes: object) -> None:
    """Complain of a single number, clock time or moment: the letters of ``"22:30"`` are no ends of a night."""
    complaints = Complaints()
    for name, wish in wishes.items():
        if isinstance(wish, (int, str, dt.datetime)):
            complaints.add(f"what if: {name} {wish!r} is not a list; write [{wish!r}]")
    complaints.raise_as(ProblemError)


def _sizes(problem: PatrolProblem, crews: Iterable[int] | None) -> list[int]:
    """Give the sizes of the fleet, ascending, each once."""
    wanted = [len(problem.crews)] if crews is None else list(crews)
    complaints = Complaints()
    for size in wanted:
        complaints.extend(not_whole("what if: number of crews", size, 1, MAX_FLEET))
    if not wanted:
        complaints.add("what if: the list of numbers of crews is empty")
    complaints.raise_as(ProblemError)
    return sorted({int(size) for size in wanted})


def _with_fleet(problem: PatrolProblem, size: int, minutes: int) -> PatrolProblem:
    """Give the night with a fleet of at least its own size, whose shifts end later."""
    own = fleet(problem.crews, max(size, len(problem.crews)))
    try:
        return replace(problem, crews=ending_later(own, minutes))
    except InputError as error:
        raise ProblemError([f"what if, {minutes:+d} min: {said}" for said in error.complaints]) from error


def _grown(solution: Solution | None, size: int) -> Solution | None:
    """Add empty routes."""
    if solution is None:
        return None
    more = size - len(solution.routes)
    return Solution((*solution.routes, *((),) * more), (*solution.breaks, *(None,) * more) if solution.breaks else ())


def _better(
    problem: PatrolProblem, smaller: Solution | None, shorter: Solution | None, params: SearchParams
) -> Solution | None:
    """Give the better start: the smaller fleet's plan, or the shorter night's with what no longer fits left out."""
    if shorter is None:
        return smaller
    if not evaluate(problem, shorter).is_feasible:
        shorter = search(problem, work_limit=0, start=shorter, params=params, threads=1).solution
    starts = [start for start in (smaller, shorter) if start is not None]
    return min(starts, key=lambda start: evaluate(problem, start).score)


def _variant(plan: PatrolPlan, score: Score, end: dt.datetime, minutes: int) -> Variant:
    night, goal = Night(plan), plan.objective
    return Variant(
        crews=len(plan.crews),
        end=end,
        minutes=minutes,
        prize_share=goal.prize_collected / goal.prize_total if goal.prize_total else 1.0,
        required_missed=goal.required_missed,
        coverage_length=coverage_length(night),
        coverage_priority=coverage_priority(night),
        hotspot_coverage=hotspot_coverage(night),
        sighting_probability=sighting_probability(night),
        idleness_worst_s=idleness_worst_s(night),
        longest_route_s=goal.longest_route_s,
        driven_km=driven_km(night) or 0.0,
        score=score,
        plan=plan,
    )
