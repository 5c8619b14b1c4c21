"""Audit rules about what the plan explains: why tasks are left out, what one more visit takes, what is in conflict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from patrolroute.base.vocabulary import Seconds
from patrolroute.network.turns import LONGEST_TURN_S
from patrolroute.plan.document import LONG
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import Conflict, GiveWay, LeftOut, PlannedCrew, PlannedTask
from patrolroute.rules.alone import Errands, Outing, Roads
from patrolroute.rules.context import AuditContext, named, second
from patrolroute.rules.findings import Amount, Finding, points_off, seconds_off, visits_off
from patrolroute.rules.form import MAX_SHIFT_S
from patrolroute.rules.visits import inside

LIST_MARK = ", "
"""Between the names of a closure, as the night says it."""

FEW = 5
"""So many tasks are named; of others it is said how many there are."""


def reason_holds(context: AuditContext) -> Iterator[Finding]:
    """Every reason why visits are missing is so as far as roads tell, and what one more is said to take can be had."""
    alone = _Alone(context)
    for task in context.plan.tasks:
        if task.left_out is not None:
            faults: list[tuple[str] | tuple[str, Amount]] = [*_untrue(alone, task, task.left_out)]
            if not faults:
                faults = [*_not_to_be_had(context, task, task.left_out), *_mistimed(alone, task, task.left_out)]
            yield from (context.of_task(task, *fault) for fault in faults)


def _may_serve(context: AuditContext, crew: PlannedCrew, task: PlannedTask) -> bool:
    """Return whether a crew may serve a task: what it can, and what is reserved and forbidden."""
    is_others = task.id in context.owners and crew.id not in context.owners[task.id]
    return task.id not in crew.forbidden and not is_others and _can_serve(context, crew, task)


def _can_serve(context: AuditContext, crew: PlannedCrew, task: PlannedTask) -> bool:
    """Return whether a crew can serve a task at all: its mode, kinds, area and capacity."""
    return (
        crew.mode == task.mode
        and (crew.kinds is None or task.kind in crew.kinds or task.category in crew.kinds)
        and (crew.capacity is None or task.load <= crew.capacity)
        and (not task.languages or bool({*task.languages} & {*crew.languages}))
        and inside(context, crew, task)
    )


@dataclass(frozen=True, eq=False)
class _Alone:
    """What each crew could do if it made one visit only; what is the same for several crews is looked at once."""

    context: AuditContext

    @cached_property
    def roads(self) -> dict[tuple[str, float, bool], Roads]:
        """The networks as each sort of crew drives them, with and without restrictions over several streets."""
        networks = self.context.plan.networks
        return {
            (crew.mode, crew.speed_factor, is_careful): Roads(networks[crew.mode], crew.speed_factor, is_careful)
            for crew in self.context.plan.crews
            for is_careful in (False, True)
        }

    @cached_property
    def _errands(self) -> dict[tuple[object, ...], Errands]:
        return {}

    def outings(self, crew: PlannedCrew, task: PlannedTask, *, is_careful: bool) -> list[Outing]:
        """Return the ways in which a crew can visit a task and come home.

        Parameters
        ----------
        crew, task
            Who, and what.
        is_careful
            Whether only those count that are possible for certain; else all that may be.
        """
        roads = self.roads[crew.mode, crew.speed_factor, is_careful]
        key = (crew.mode, crew.speed_factor, is_careful, crew.depot.node, crew.end_depot.node)
        if key not in self._errands:
            index = roads.network.node_index
            self._errands[key] = Errands(roads, index[crew.depot.node], index[crew.end_depot.node])
        return [outing for outing in self._errands[key].outings(task) if outing.loop_s < float("inf")]

    def fits(self, crew: PlannedCrew, task: PlannedTask, outing: Outing, *, is_careful: bool) -> bool:
        """Return whether an outing fits into the shift, an open slice and the opening hours.

        Parameters
        ----------
        crew, task, outing
            Who, what, and how.
        is_careful
            Whether a visit in a later slice must leave time for the slowest turn into it.
        """
        starts, home = second(crew.start) + outing.there_s, second(crew.end) - outing.visit_s - outing.home_s
        spare = LONGEST_TURN_S if is_careful and task.kind == "street" else 0
        night = second(self.context.plan.window[0])
        for visit, (first, last) in enumerate(task.slices or (self.context.plan.window,), start=1):
            if task.slices and (task.id, visit) in self._made:
                continue
            opens = second(first) + (spare if second(first) > night else 0)
            closes = second(last) - task.headway_s
            spans = [(second(begin), second(end) - task.dwell_s) for begin, end in task.windows] or [(opens, closes)]
            late = spare if is_careful and task.windows else 0  # the slowest turn into it, after a window opens
            if any(max(starts, opens, begin + late) <= min(closes, end, home) for begin, end in spans):
                return True
        return False

    @cached_property
    def spare_s(self) -> dict[str, Seconds]:
        """Seconds of each crew's shift in which it waits, or is home already."""
        spare = {crew.id: _budget_s(crew) for crew in self.context.plan.crews}
        for step in self.context.steps:
            if step.leg.kind != "wait":
                spare[step.crew.id] -= step.arrives_s - step.departs_s
        return spare

    @cached_property
    def _made(self) -> set[tuple[str, int]]:
        return {(task.id, visit) for _, task, visit in self.context.counted}


def _untrue(alone: _Alone, task: PlannedTask, left_out: LeftOut) -> Iterator[tuple[str]]:
    """Yield why a reason is not so: at most one sentence."""
    context, reason = alone.context, left_out.reason
    able = [crew for crew in context.plan.crews if _may_serve(context, crew, task)]
    if reason == "closed":
        if _is_open(context, task):
            yield ("is left out as 'closed', which nothing in the plan says of it",)
        return
    if (reason == "no_crew_allowed") == bool(able):
        whose = f"crew {able[0].id!r} may serve it" if able else "no crew may serve it"
        yield (f"is left out as {reason!r}, yet {whose}",)
    elif able and (why := _contradiction(alone, task, reason, able)):
        yield (f"is left out as {reason!r}, yet {why}",)


class Reasons:
    """Which reasons the audit holds true, for who has to find one.

    Parameters
    ----------
    plan
        The plan whose tasks are short of visits.
    """

    def __init__(self, plan: PatrolPlan) -> None:
        self._context = AuditContext(plan)
        self._alone = _Alone(self._context)

    def first(self, task: PlannedTask, reasons: Iterable[LeftOut]) -> LeftOut | None:
        """Return the first of some reasons that holds for a task; None if none does."""
        return next((one for one in reasons if self._holds(task, one)), None)

    def _holds(self, task: PlannedTask, one: LeftOut) -> bool:
        return not any(_untrue(self._alone, task, one)) and not any(_mistimed(self._alone, task, one))


def is_shut(context: AuditContext, task: PlannedTask) -> bool:
    """Return whether what was closed while the night was under way leaves no way to serve a task."""
    roads = context.roads.get(task.mode, ())
    if not roads[1:]:
        return False
    _, network = roads[-1]
    if task.kind == "hotspot":
        return task.node not in network.node_index
    return not any(all(arc in network.arc_index for arc in chain) for chain in task.directions)


def _is_open(context: AuditContext, task: PlannedTask) -> bool:
    """Return whether the plan shows that a task is not closed: somebody serves it, or others alone are said to be."""
    if is_shut(context, task):
        return False
    closed = context.plan.settings.get("closed")
    is_served = any(served.id == task.id for _, served in context.services)
    return is_served or (isinstance(closed, list | tuple) and task.name not in _each_named(closed))


def _each_named(closed: Iterable[object]) -> set[str]:
    """Return the names among what is closed: each entry, and each of those that an entry lists."""
    entries = [entry for entry in closed if isinstance(entry, str)]
    return {name for entry in entries for name in (entry, *entry.split(LIST_MARK))}


def _contradiction(alone: _Alone, task: PlannedTask, reason: str, able: list[PlannedCrew]) -> str:
    """Return what the roads and hours say against a reason, empty if nothing."""
    perhaps = {crew.id: alone.outings(crew, task, is_careful=False) for crew in able}
    if reason == "unreachable":
        reaches = (crew.id for crew in able if alone.outings(crew, task, is_careful=True))
        return next((f"a way leads crew {crew!r} there and back" for crew in reaches), "")
    if not any(perhaps.values()):
        return "no way leads there and back"
    if reason == "displaced":
        can = (alone.fits(crew, task, outing, is_careful=False) for crew in able for outing in perhaps[crew.id])
        return "" if any(can) else "no crew could serve it in its hours even if it did nothing else"
    free = [crew for crew in able if crew.break_ is None and crew.range_km is None]
    sure = [(crew, outing) for crew in free for outing in alone.outings(crew, task, is_careful=True)]
    fitting = next((crew.id for crew, outing in sure if alone.fits(crew, task, outing, is_careful=True)), None)
    if fitting is not None:
        return f"crew {fitting!r} could serve it in its hours if it did nothing else"
    if reason == "over_budget":
        shorter = next((crew.id for crew, outing in sure if outing.loop_s <= _budget_s(crew)), None)
        return "" if shorter is None else f"crew {shorter!r} would be back within its time"
    is_long = all(outing.loop_s > _budget_s(crew) for crew in able for outing in perhaps[crew.id])
    return "there and back takes longer than any crew has" if is_long and reason == "window_missed" else ""


def _budget_s(crew: PlannedCrew) -> Seconds:
    return second(crew.end) - second(crew.start)


def _not_to_be_had(
    context: AuditContext, task: PlannedTask, left_out: LeftOut
) -> Iterator[tuple[str] | tuple[str, Amount]]:
    """Yield what cannot be in what one more visit is said to take.

    Plans of schema 1.3 to 1.5 let visits of a crew give way to which the task is forbidden: that is no fault.
    """
    overtime, give_way = left_out.overtime, left_out.give_way
    for what, name in (
        ("overtime", None if overtime is None else overtime.crew), ("a second crew", left_out.extra_crew)
    ):  # fmt: skip
        if name is not None and not _may_serve(context, context.crews[name], task):
            yield (f"{what} would be of crew {name!r}, which may not serve it",)
    if give_way is not None:
        if not _can_serve(context, context.crews[give_way.crew], task):
            yield (f"visits of crew {give_way.crew!r} would give way, which cannot serve it",)
        yield from _wrong_way(context, give_way)


def _mistimed(alone: _Alone, task: PlannedTask, left_out: LeftOut) -> Iterator[tuple[str, Amount]]:
    """Yield by how much the seconds of one more visit are off: beyond what a loop takes, or hidden in no spare time.

    A crew can always make the visit before anything else and be back at its depot, with a turn more there and, if it
    stays in otherwise, its break. And its shift ends later by what the visit takes at least, less what it has to spare.
    """
    context, needs_s, overtime = alone.context, left_out.needs_s, left_out.overtime
    if needs_s is not None:
        loops = [
            outing.loop_s + LONGEST_TURN_S + (0 if crew.break_ is None else crew.break_.length_s)
            for crew in context.plan.crews
            if _may_serve(context, crew, task)
            and crew.depot.node == crew.end_depot.node
            and (crew.capacity, crew.range_km) == (None, None)
            for outing in alone.outings(crew, task, is_careful=True)
        ]
        if loops and needs_s > min(loops):
            yield (
                f"would need {needs_s} s, more than a way there and back at once",
                seconds_off(needs_s - int(min(loops))),
            )
    if overtime is not None:
        crew, spare_s = context.crews[overtime.crew], alone.spare_s[overtime.crew]
        if (most := MAX_SHIFT_S - _budget_s(crew)) < overtime.extra_s:
            message = f"would take overtime of {overtime.extra_s} s, with which its shift is longer than one may be"
            yield message, seconds_off(overtime.extra_s - most)
        if needs_s is not None and (least := needs_s - spare_s) > overtime.extra_s:
            message = f"would need {needs_s} s of crew {crew.id!r}, which has {spare_s} s to spare"
            yield f"{message}, yet overtime of {overtime.extra_s} s", seconds_off(least - overtime.extra_s)


def _wrong_way(context: AuditContext, give_way: GiveWay) -> Iterator[tuple[str] | tuple[str, Amount]]:
    """Yield what is wrong with the visits that would give way: not made by that crew, required, worth something else.

    Of a crew's visits to a task those that count go before the others or after them; with the goal presence a street
    that it drives through on purpose is a visit as well, which its legs do not tell.
    """
    own = Counter(served.id for step, served in context.services if step.crew.id == give_way.crew)
    counts = Counter(task.id for step, task, _ in context.counted if step.crew.id == give_way.crew)
    least, most = 0, 0
    for name, times in Counter(give_way.tasks).items():
        task, is_loose = context.tasks[name], context.is_for_presence or context.plan.settings.get("goal") == "presence"
        if times > own[name] and not (is_loose and task.kind == "street"):
            yield (
                f"{name!r} would give way {times} times, which crew {give_way.crew!r} serves {own[name]}",
                visits_off(times - own[name]),
            )
            return
        gone = min(times, counts[name])
        kept = 0 if is_loose and task.kind == "street" else max(0, times - (own[name] - counts[name]))
        least, most = least + _lost(context, task, kept), most + _lost(context, task, gone)
        if task.required and kept and kept >= context.done[name]:
            yield (f"{name!r} would give way, which is required and has no other visit",)
    if not least <= give_way.worth <= most:
        worth = f"{least}" if least == most else f"{least} to {most}"
        yield (
            f"visits worth {worth} points would give way, not {give_way.worth}",
            points_off(max(least - give_way.worth, give_way.worth - most)),
        )


def _lost(context: AuditContext, task: PlannedTask, gone: int) -> int:
    """Return the points that go with so many counted visits of a task."""
    done = context.done[task.id]
    return sum(task.worth[max(0, done - gone) : done])


def conflicts_hold(context: AuditContext) -> Iterator[Finding]:
    """Tasks said to be in conflict are required ones of the plan, which does not serve them all itself."""
    for conflict in context.plan.conflicts or ():
        for message in _wrong_conflict(context, conflict):
            yield Finding("conflict", f"{_listed(conflict.tasks)}: {message}")


def _wrong_conflict(context: AuditContext, conflict: Conflict) -> Iterator[str]:
    unknown = [name for name in conflict.tasks if name not in context.tasks]
    optional = [name for name in conflict.tasks if name in context.tasks and not context.tasks[name].required]
    if not conflict.tasks or len(set(conflict.tasks)) < len(conflict.tasks):
        yield "names no task, or one of them twice"
    if unknown:
        yield f"{_listed(unknown)} is no task of the plan"
    if optional:
        yield f"{_listed(optional)} is not required"
    if not 0 <= conflict.most < max(1, len(conflict.tasks)):
        yield f"{conflict.most} of {len(conflict.tasks)} are said to be served together, which is no conflict"
    served = len(context.served & set(conflict.tasks))
    if served == len(set(conflict.tasks)) or (conflict.proven and served > conflict.most):
        yield f"the plan itself serves {served} of them"


def _listed(names: Iterable[str]) -> str:
    found = list(names)
    more = f" and {len(found) - FEW} more" if len(found) > FEW else ""
    return ", ".join(repr(name[:LONG]) for name in found[:FEW]) + more


EXPLANATION_RULES = named((reason_holds, conflicts_hold))
