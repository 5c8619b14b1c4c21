"""Orders of all crews together: what another crew made in one's place, what a closure excuses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from patrolroute.base.vocabulary import Mode, Seconds, elapsed_s
from patrolroute.live.review_driven import Chains, chains_of
from patrolroute.live.review_orders import CrewNight, OrderReview, is_at
from patrolroute.live.review_runs import APART_S, MADE, Run, besides, runs_of
from patrolroute.live.review_way import Drive, Way
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.passes import direction_length_m, journeys
from patrolroute.plan.records import PlannedTask


def orders_of(
    plan: PatrolPlan,
    ways: Mapping[str, Way],
    heard: Mapping[str, Sequence[tuple[float, float]]],
    *,
    late_s: Seconds,
    closed: Collection[str] = (),
) -> tuple[tuple[OrderReview, ...], tuple[Run, ...]]:
    """Return what became of every order, and the runs that belong to none.

    Parameters
    ----------
    plan
        What was planned.
    ways
        What each crew did.
    heard
        From when to when there are fixes of each crew, seconds since 1970.
    late_s
        From so many seconds on, an order is late or early.
    closed
        Names of streets that were closed.
    """
    chains = {mode: chains_of(plan, mode) for mode in plan.networks}
    runs = {
        crew.id: runs_of(plan, crew, ways[crew.id], chains[crew.mode]) if crew.id in ways else [] for crew in plan.crews
    }
    planned = _planned(plan, chains)
    found, free = list[OrderReview](), dict[str, list[Run]]()
    for crew in plan.crews:
        night = CrewNight(plan, crew, ways.get(crew.id, Way()), heard.get(crew.id, ()), late_s)
        reviewed, free[crew.id] = night.review(runs[crew.id], planned.get(crew.id, ()))
        found += reviewed
    others = [run for some in free.values() for run in some]
    taken = list(_with_others(plan, found, others, ways, closed))
    metres = {task.id: direction_length_m(plan.networks[task.mode], task.directions) for task in plan.tasks}
    told = [run for some in free.values() for run in besides(some, metres)]
    return tuple(taken), tuple(sorted(told, key=lambda run: (run.begin_s, run.crew, run.task)))


def _planned(plan: PatrolPlan, chains: Mapping[Mode, Chains]) -> dict[str, list[Run]]:
    """Return what each crew was to drive, street by street."""
    zero = plan.window[0].timestamp()
    found = dict[str, list[Run]]()
    for journey in journeys(plan):
        moves = [move for move in journey.moves if move.arc >= 0]
        drives = tuple(Drive(move.arc, zero + move.begin_s, zero + move.end_s) for move in moves)
        found[journey.crew.id] = runs_of(plan, journey.crew, Way(drives), chains[journey.crew.mode])
    return found


def _with_others(
    plan: PatrolPlan,
    found: Sequence[OrderReview],
    free: Sequence[Run],
    ways: Mapping[str, Way],
    closed: Collection[str],
) -> Iterator[OrderReview]:
    """Yield the orders; one that was not made may have been made by others, or its street was closed."""
    by_task: dict[str, list[Run]] = defaultdict(list)
    for run in free:
        by_task[run.task].append(run)
    for one in found:
        if one.status not in ("missed", "partly", "unknown") or one.kind not in ("patrol", "dwell"):
            yield one
            continue
        tasks = [plan.task[task] for task in one.tasks]
        if closed and any(task.name in closed for task in tasks) and one.status != "unknown":
            yield replace(one, status="excused")
            continue
        share, crews = _by_others(plan, one, tasks, by_task, ways)
        if share >= MADE * (1 - one.share):
            yield replace(one, status="replaced", by=crews)
        else:
            yield one


def _by_others(
    plan: PatrolPlan,
    one: OrderReview,
    tasks: Sequence[PlannedTask],
    by_task: Mapping[str, Sequence[Run]],
    ways: Mapping[str, Way],
) -> tuple[float, tuple[str, ...]]:
    """Return how much of an order other crews made about that time, and which."""
    if one.kind == "dwell":
        who = _who_dwelt(plan, one, tasks[0], ways)
        return (1.0, who) if who else (0.0, ())
    at_s = one.planned.timestamp()
    whole, done, crews = 0.0, 0.0, list[str]()
    for task in tasks:
        network = plan.networks[task.mode]
        metres = float(network.length_m[[network.arc_index[arc] for arc in task.directions[0]]].sum())
        runs = [run for run in by_task.get(task.id, ()) if run.crew != one.crew and abs(run.begin_s - at_s) <= APART_S]
        best = max(runs, key=lambda run: (run.share, -abs(run.begin_s - at_s)), default=None)
        whole += metres
        if best is not None:
            done += metres * best.share
            crews.append(best.crew)
    often = sorted(set(crews), key=lambda crew: (-crews.count(crew), crew))
    return (done / whole if whole else 0.0), tuple(often)


def _who_dwelt(plan: PatrolPlan, one: OrderReview, task: PlannedTask, ways: Mapping[str, Way]) -> tuple[str, ...]:
    """Return the crews that dwelt at a hotspot about the time of another's order, and were not told to themselves."""
    at_s = one.planned.timestamp()
    return tuple(
        crew.id
        for crew in plan.crews
        if crew.id != one.crew and crew.mode == task.mode and crew.id in ways and not _dwells_there(plan, crew.id, one)
        if any(
            stay.is_strong and stay.length_s >= MADE * task.dwell_s and abs(stay.begin_s - at_s) <= APART_S
            and is_at(plan, task, stay)
            for stay in ways[crew.id].stays
        )
    )  # fmt: skip


def _dwells_there(plan: PatrolPlan, crew: str, one: OrderReview) -> bool:
    """Return whether a crew was to dwell at the same place about that time itself."""
    route = next(route for route in plan.routes if route.crew == crew)
    return any(
        leg.kind == "dwell" and leg.task in one.tasks and abs(elapsed_s(one.planned, leg.depart)) <= APART_S
        for leg in route.legs
    )
