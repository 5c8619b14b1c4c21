"""Why a task is short of its visits, from the closed list, and what one more visit would take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from patrolroute.base.vocabulary import INFINITE_S, LongArray, Seconds, TaskKind
from patrolroute.demand.model import MAX_LOAD
from patrolroute.explain.alone import Alone, Verdict
from patrolroute.explain.displacement import GivenWay, Search
from patrolroute.explain.insertions import Offers, Shortage, later_offers
from patrolroute.explain.overtime import homewards
from patrolroute.explain.slack import LATE, Drive, arrivals
from patrolroute.plan.records import GiveWay, LeftOut, Overtime
from patrolroute.problem.evaluate import Solution

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem
    from patrolroute.problem.task import Task


HOPELESS = ("unreachable", "no_crew_allowed")
"""Nobody could ever serve it: neither time nor room helps."""


def with_remedies(
    shortage: Shortage, reasons: Mapping[int, LeftOut], *, kind: TaskKind | None = None, gives_way: bool = True
) -> dict[int, LeftOut]:
    """Add to each reason what one more visit would take.

    Overtime is exact: the fewest seconds over all crews, gaps, open slices and directions, the order of the other
    visits and the break's place in it kept (one at home may be taken on the way instead), their hours and slices
    as planned; those that last to the night's end last as long as the night then does. What gives way is the cheapest
    that `patrolroute.explain.displacement.Search` finds; only a task that would fit alone is looked at, and none that
    fits as it is.

    Parameters
    ----------
    shortage
        What is short; the solution breaks no rule.
    reasons
        Why, by task index.
    kind
        Of the tasks whose reasons are to say what they take; all if not given.
    gives_way
        Whether visits that could give way are looked for.
    """
    problem, drives = shortage.problem, shortage.drives
    able = np.array([
        reasons[task].reason not in HOPELESS
        and kind in (None, problem.tasks[task].kind)
        and problem.tasks[task].crews == 1  # what one crew would take does not make a meeting
        for task in shortage.tasks
    ], dtype=np.bool_)  # fmt: skip
    if not able.any():
        return dict(reasons)
    offers = [one.only(able[one.owner]) for one in shortage.offers]
    overtime = _overtime(problem, drives, offers, len(able))
    found = _displaced(shortage, reasons, offers, overtime) if gives_way else {}
    return {
        task: replace(reasons[task], overtime=overtime[number], give_way=_named(problem, drives, found.get(number)))
        if able[number]
        else reasons[task]
        for number, task in enumerate(shortage.tasks)
    }


def _displaced(
    shortage: Shortage,
    reasons: Mapping[int, LeftOut],
    offers: Sequence[Offers],
    overtime: Sequence[Overtime | None],
) -> Mapping[int, GivenWay]:
    """Return the cheapest visits that could give way to each task that fits alone, by its place among those short."""
    problem, drives = shortage.problem, shortage.drives
    crowded = np.array([
        reasons[task].reason == "displaced" and (over is None or over.extra_s > 0)
        for task, over in zip(shortage.tasks, overtime, strict=True)
    ])  # fmt: skip
    search = Search(problem, Counter(visit.task for visit in shortage.solution.counted()), len(crowded))
    search.run(drives, [one.only(crowded[one.owner]) for one in offers])
    return search.found()


def _named(problem: PatrolProblem, drives: Sequence[Drive], found: GivenWay | None) -> GiveWay | None:
    """Return what gives way by its names."""
    if found is None:
        return None
    dropped = (drives[found.crew].visits[number].task for number in found.dropped)
    return GiveWay(problem.crews[found.crew].id, tuple(problem.tasks[task].id for task in dropped), found.worth)


def _overtime(
    problem: PatrolProblem, drives: Sequence[Drive], offers: Sequence[Offers], tasks: int
) -> list[Overtime | None]:
    """Return for each task the crew that needs the least overtime, the first one on a tie."""
    table = np.array([
        np.minimum(
            least_overtime(problem, drive, own, tasks), least_overtime(problem, drive.on_the_way(), own, tasks)
        ) if drive.home_break is not None else least_overtime(problem, drive, own, tasks)
        for drive, own in zip(drives, offers, strict=True)
    ])  # fmt: skip
    return [
        None if table[crew, task] >= LATE else Overtime(problem.crews[crew].id, int(table[crew, task]))
        for task, crew in enumerate(table.argmin(axis=0).tolist())
    ]


def least_overtime(problem: PatrolProblem, drive: Drive, offers: Offers, tasks: int) -> LongArray:
    """Return for each task the fewest seconds by which a crew's shift must end later for one more visit of it.

    Parameters
    ----------
    problem
        The night.
    drive
        The crew's route.
    offers
        The ways to make the visits.
    tasks
        How many tasks own them.

    Returns
    -------
    array
        Shape ``(tasks,)``, at least 0, `LATE` where it is impossible: the load, or the hours and slices of the others,
        which stay as planned (what is open to the night's end stays open as long as the night then lasts), or a
        shift of more than 16 hours.
    """
    least = np.full(tasks, LATE, dtype=np.int64)
    able = offers.only(offers.load <= drive.room)
    later = later_offers(problem.instance, drive, able)
    lag_s = np.array([problem.tasks[task].headway_s for task in later.task.tolist()], dtype=np.int64)
    arrive, arrive_later = (arrivals(drive, one, drive.whole) for one in (able, later))
    # A visit later than planned needs its headway before the night's new end, too.
    whole = drive.whole
    ends = later.begin(whole.ready + drive.table[whole.place, later.entry[:, None]]) + lag_s[:, None]
    for gap, home in enumerate(homewards(drive)):
        if (arrive[:, gap] < LATE).any():
            np.minimum.at(least, able.owner, home(arrive[:, gap]))
        if (arrive_later[:, gap] < LATE).any():
            np.minimum.at(least, later.owner, np.maximum(home(arrive_later[:, gap]), ends[:, gap]))
    return np.where(least > drive.until, LATE, np.maximum(0, least - drive.shift[1]))


def why_left_out(
    problem: PatrolProblem,
    solution: Solution,
    made: Mapping[int, set[int]] | None = None,
    *,
    remedied: TaskKind | None = None,
    gives_way: bool = True,
) -> dict[int, LeftOut]:
    """Return for each task that is short of its visits why, and what one more would take, by task index.

    See `bare_reasons` and `patrolroute.explain.reasons.with_remedies`.

    Parameters
    ----------
    problem, solution
        The night and its routes, which break no rule.
    made
        As in `bare_reasons`.
    remedied
        Kind of the tasks that are told what one more visit would take; all if not given.
    gives_way
        Whether they are told which visits could give way, too.
    """
    shortage = Shortage.of(problem, solution, made)
    return with_remedies(shortage, _reasons(shortage), kind=remedied, gives_way=gives_way)


def bare_reasons(
    problem: PatrolProblem, solution: Solution, made: Mapping[int, set[int]] | None = None
) -> dict[int, LeftOut]:
    """Return for each task that is short of its visits why the next one was not made.

    Parameters
    ----------
    problem, solution
        The night and its routes, sound or not.
    made
        Task index to the slices that have a counted visit; if not given, every visit of the solution counts.

    Returns
    -------
    dict
        Task index to reason. The reasons are tried in this order: no crew may serve it, or none that may has the
        capacity; no way leads there and back; alone in the night it would fit but for a crew's break, wherever on the
        way that is taken (``because_of_break``: then its hours or the budget are what is missed); it would miss its
        hours; it would take longer than any shift; else it is displaced: it would fit alone, but the time or the
        capacity went to other tasks. ``needs_s`` is the fewest extra seconds of one crew's route for one more visit
        anywhere in it, hours aside, its break included where it makes no other visit; None if no time helps, which is
        also so where no crew that may serve it has capacity left.
    """
    return _reasons(Shortage.of(problem, solution, made))


def _reasons(shortage: Shortage) -> dict[int, LeftOut]:
    problem, needs = shortage.problem, shortage.least_detours().tolist()
    asked = Alone(problem, shortage.tasks), Alone(problem, shortage.tasks, strictly=True)
    return {
        task: _reason(problem, asked, task, shortage.open_slots(task), least if least < INFINITE_S else None)
        for task, least in zip(shortage.tasks, needs, strict=True)
    }


def _reason(
    problem: PatrolProblem, asked: tuple[Alone, Alone], index: int, slots: Sequence[int], needs: Seconds | None
) -> LeftOut:
    """Return the first reason that holds for a task some of whose slices are open, asked loosely and strictly."""
    alone, strictly = asked
    task = problem.tasks[index]
    may = [crew for crew in range(len(problem.crews)) if problem.instance.is_allowed(crew, index)]
    crews = [crew for crew in may if task.load <= _capacity(problem, crew)]
    if not crews:
        return LeftOut("no_crew_allowed", None, _why_nobody(problem, index, may))
    reachable = [crew for crew in crews if alone.loop_s(crew, index) < INFINITE_S]
    if not reachable:
        return LeftOut("unreachable", None, "no way leads from a depot to it and back")
    verdicts = {crew: {alone.fits(crew, index, slot) for slot in slots} for crew in reachable}
    able = [crew for crew in reachable if "fits" in verdicts[crew]]
    if not able:
        return _impossible(problem, task, set().union(*verdicts.values()), needs)
    if task.crews > 1:
        return LeftOut("displaced", None, _why_no_meeting(task, len(able), len(slots)))
    return _displaced_by(problem, strictly, (index, slots, needs), able)


def _displaced_by(
    problem: PatrolProblem, strictly: Alone, short: tuple[int, Sequence[int], Seconds | None], able: Sequence[int]
) -> LeftOut:
    """Return that other tasks have taken the time or capacity of crews that could make a visit alone in the night."""
    index, slots, needs = short
    task = problem.tasks[index]
    loops_s = {crew: strictly.loop_s(crew, index) for crew in able}
    sure = [crew for crew in able if any(strictly.fits(crew, index, slot) == "fits" for slot in slots)]
    extra = problem.crews[min(sure, key=lambda crew: (loops_s[crew], crew))].id if sure else None
    wanted = task.visits_wanted
    done = f"{wanted - len(slots)} of {wanted} visits made; " if wanted > 1 else ""
    if not sure and any(strictly.fits(crew, index, slot) == "break" for crew in able for slot in slots):
        detail = f"{done}beside its break a crew has time for it only if it rests in the middle of a drive or at home"
        return LeftOut("displaced", needs, detail, because_of_break=True)
    if needs is None:
        why = f"no crew has capacity left for its load of {task.load}, or" if task.load else "for"
        detail = f"{done}it can be joined to no crew's route, {why} no way leads on from there"
        return LeftOut("displaced", None, detail, extra_crew=extra)
    detail = f"{done}one more takes at least {-(-needs // 60)} min of a crew's time"
    return LeftOut("displaced", needs, detail, extra_crew=extra)


def _why_no_meeting(task: Task, able: int, open_slots: int) -> str:
    """Return why a meeting is not held: too few crews could ever be there, or the others have other work."""
    wanted, missing = task.visits_wanted // task.crews, open_slots // task.crews
    done = f"{wanted - missing} of {wanted} meetings held; " if wanted > 1 else ""
    if able < task.crews:
        return f"{done}only {able} of {task.crews} crews can be there inside its hours"
    return f"{done}no {task.crews} crews can be there at the same time beside their other work"


def _impossible(problem: PatrolProblem, task: Task, verdicts: Collection[Verdict], needs: Seconds | None) -> LeftOut:
    """Return why no crew can make any of the open visits, alone in the night."""
    if "break" in verdicts:
        detail = "a crew's break leaves no time for it, wherever on the way it is taken; without it there would be"
        if task.windows:
            return LeftOut("window_missed", None, detail, because_of_break=True)
        return LeftOut("over_budget", needs, detail, because_of_break=True)
    if "late" in verdicts:
        return LeftOut("window_missed", None, "no crew can be there inside its hours and back before its shift ends")
    far = " or is farther than its range" if any(crew.range_km is not None for crew in problem.crews) else ""
    return LeftOut("over_budget", needs, f"there and back takes longer than any crew's time budget{far}")


def _why_nobody(problem: PatrolProblem, index: int, may: Sequence[int]) -> str:
    """Return whether nobody may serve a task, or nobody who may has the capacity."""
    if not may:
        kept = problem.reservations
        what = "no crew has the mode, kind and patrol area for it"
        return f"{what} among those it is reserved to or not forbidden to" if kept.touches(index) else what
    most = max(_capacity(problem, crew) for crew in may)
    return f"its load of {problem.tasks[index].load} is more than any crew that may serve it can take, {most} at most"


def _capacity(problem: PatrolProblem, crew: int) -> int:
    capacity = problem.crews[crew].capacity
    return MAX_LOAD if capacity is None else capacity
