"""Each planned order held against what was driven: made, late, early, in part, out of order, missed, replaced."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np

from patrolroute.base.vocabulary import LonLat, Seconds, elapsed_s
from patrolroute.live.review_driven import NEAR_HOTSPOT_M, Chains, chains_of
from patrolroute.live.review_way import Drive, Stay, Way
from patrolroute.network.coordinates import metres_between
from patrolroute.output.itinerary import Order, itinerary
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import SEEN, PlannedCrew, PlannedTask

Status: TypeAlias = Literal[
    "made", "late", "early", "out_of_order", "partly", "replaced", "excused", "missed", "unknown"
]
"""What became of an order; ``unknown`` where the crew has no track at that time."""

STATUSES: tuple[Status, ...] = (
    "made", "late", "early", "out_of_order", "partly", "replaced", "excused", "missed", "unknown",
)  # fmt: skip

MADE = 0.8
"""An order of which so much was done is made."""

NOTHING = 0.1
"""One of which less was done is missed: its streets cross others."""

APART_S: Seconds = 45 * 60
"""A visit that comes so much earlier or later is another one."""

ORDER_S: Seconds = 60
"""An order that begins so much before the one before it is out of order."""

HOME_M = 300
"""Who ends so near to the end depot is home."""

SILENT_S: Seconds = 300
"""A crew of which nothing is heard for longer has no track then."""


@dataclass(frozen=True, slots=True)
class OrderReview:
    """What became of one order.

    Parameters
    ----------
    crew, number, kind
        Whose, its place in the crew's night from 1, and ``patrol``, ``dwell``, ``break`` or ``return``.
    street
        Where.
    tasks
        Ids of the tasks that it serves.
    planned, driven
        When it was to begin (of the way home: end), and when it did; None if it did not.
    status
        What became of it.
    share
        How much of it was done: of a street's metres, of a stay's seconds.
    late_s
        Seconds by which it began late, negative if early; None if it did not begin.
    is_strong
        Whether most of what was done is shown by fixes.
    is_required
        Whether it serves something that must be served.
    by
        Crews that made it in this one's place.
    """

    crew: str
    number: int
    kind: str
    street: str
    tasks: tuple[str, ...]
    planned: dt.datetime
    driven: dt.datetime | None
    status: Status
    share: float
    late_s: Seconds | None
    is_strong: bool
    is_required: bool
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """A crew drove a street, or a part of it, in one go.

    Parameters
    ----------
    crew, task
        Ids.
    begin_s, end_s
        Seconds since 1970.
    share, strong
        How much of the street, and how much of it fixes show.
    """

    crew: str
    task: str
    begin_s: float
    end_s: float
    share: float
    strong: float


@dataclass(frozen=True, slots=True)
class _Need:
    """One leg of an order: what it serves, when, and what it weighs."""

    order: int
    task: str
    at_s: float
    metres: float


def runs_of(plan: PatrolPlan, crew: PlannedCrew, way: Way, chains: Chains | None = None) -> list[Run]:
    """Return what a crew drove, street by street, in the order in which it began.

    Parameters
    ----------
    plan, crew
        The plan and one of its crews.
    way
        What the crew did.
    chains
        `patrolroute.live.review_driven.chains_of` of its mode, if that is known.
    """
    length = plan.networks[crew.mode].length_m
    places: dict[int, list[tuple[tuple[int, ...], str, int]]] = defaultdict(list)
    for some in (chains_of(plan, crew.mode) if chains is None else chains).values():
        for chain, task in some:
            for place, arc in enumerate(chain):
                places[arc].append((chain, task, place))
    found = list[Run]()
    is_open: dict[tuple[str, tuple[int, ...]], tuple[int, list[Drive]]] = {}

    def close(key: tuple[str, tuple[int, ...]]) -> None:
        _, drives = is_open.pop(key)
        whole = float(length[list(key[1])].sum())
        metres = [float(length[drive.arc]) * drive.share for drive in drives]
        strong = sum(one for one, drive in zip(metres, drives, strict=True) if drive.is_strong or not drive.is_whole)
        found.append(
            Run(crew.id, key[0], drives[0].begin_s, drives[-1].end_s, min(1.0, sum(metres) / whole), strong / whole)
        )

    for drive in way.drives:
        here = {(task, chain): place for chain, task, place in places.get(drive.arc, ())}
        for key in [key for key, (place, _) in is_open.items() if here.get(key) != place + 1]:
            close(key)
        for key, place in here.items():
            if key in is_open:
                is_open[key] = place, [*is_open[key][1], drive]
            else:
                is_open[key] = place, [drive]
    for key in list(is_open):
        close(key)
    return sorted(found, key=lambda run: (run.begin_s, run.task))


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
    found, free = list[OrderReview](), dict[str, list[Run]]()
    for crew in plan.crews:
        night = _Crew(plan, crew, ways.get(crew.id, Way()), heard.get(crew.id, ()), late_s)
        reviewed, free[crew.id] = night.review(runs[crew.id])
        found += reviewed
    others = [run for some in free.values() for run in some]
    taken = list(_with_others(plan, found, others, ways, closed))
    return tuple(taken), tuple(sorted(others, key=lambda run: (run.begin_s, run.crew, run.task)))


class _Crew:
    """One crew's orders beside what it did."""

    def __init__(
        self, plan: PatrolPlan, crew: PlannedCrew, way: Way, heard: Sequence[tuple[float, float]], late_s: Seconds
    ) -> None:
        self._plan, self._crew, self._way, self._heard, self._late_s = plan, crew, way, heard, late_s
        self._orders = itinerary(plan).orders(crew.id)

    def review(self, runs: Sequence[Run]) -> tuple[list[OrderReview], list[Run]]:
        """Return what became of the orders, and the runs that belong to none."""
        needs = list(self._needs())
        met, free = _met(needs, runs)
        by_order: dict[int, list[tuple[_Need, Run | None]]] = defaultdict(list)
        for need, run in zip(needs, met, strict=True):
            by_order[need.order].append((need, run))
        found = []
        for number, order in enumerate(self._orders):
            if order.kind == "patrol":
                found.append(self._patrol(order, by_order[number]))
            elif order.kind == "return":
                found.append(self._home(order))
            else:
                found.append(self._stand(order))
        return _out_of_order(found), free

    def _needs(self) -> Iterator[_Need]:
        for number, order in enumerate(self._orders):
            for leg in order.legs if order.kind == "patrol" else ():
                if leg.kind in SEEN and leg.task in self._plan.task:
                    yield _Need(number, leg.task, leg.depart.timestamp(), float(max(1, leg.length_m)))

    def _patrol(self, order: Order, needs: Sequence[tuple[_Need, Run | None]]) -> OrderReview:
        whole = sum(need.metres for need, _ in needs) or 1.0
        share = sum(need.metres * run.share for need, run in needs if run is not None) / whole
        strong = sum(need.metres * run.strong for need, run in needs if run is not None) / whole
        off = [run.begin_s - need.at_s for need, run in needs if run is not None and run.share >= MADE]
        late_s = float(np.median(off)) if off else None
        begin_s = order.legs[0].depart.timestamp()
        return self._said(order, begin_s, order.legs[-1].arrive.timestamp(), share, late_s, strong >= share / 2)

    def _stand(self, order: Order) -> OrderReview:
        """Return what became of a dwell or a break: the longest stay there, or anywhere, about that time."""
        begin, wanted = order.legs[0].depart.timestamp(), sum(leg.duration_s for leg in order.legs)
        task = order.tasks[0] if order.tasks else None
        here = [
            stay
            for stay in self._way.stays
            if stay.is_strong and abs(stay.begin_s - begin) <= APART_S and (task is None or self._is_at(task, stay))
        ]
        joined = _joined(sorted(here, key=lambda stay: stay.begin_s))
        best = max(joined, key=lambda span: (min(1.0, (span[1] - span[0]) / max(wanted, 1)), -abs(span[0] - begin)), default=None)
        share = 0.0 if best is None else min(1.0, (best[1] - best[0]) / max(wanted, 1))
        return self._said(order, begin, begin + wanted, share, None if best is None else best[0] - begin, is_strong=True)

    def _is_at(self, task: PlannedTask, stay: Stay) -> bool:
        network = self._plan.networks[task.mode]
        if task.node is None or task.node not in network.node_index:
            return False
        place: LonLat = network.node_lonlat(network.node_index[task.node])
        return int(metres_between(stay.place, np.array([place]))[0]) <= NEAR_HOTSPOT_M

    def _home(self, order: Order) -> OrderReview:
        """Return whether a crew was seen to come home, and when."""
        route = next(route for route in self._plan.routes if route.crew == self._crew.id)
        planned = route.end.timestamp()
        home = self._crew.end_depot
        network, share, late_s = self._plan.networks[self._crew.mode], 0.0, None
        for drive in reversed(self._way.drives):
            place = network.node_lonlat(int(network.head[drive.arc]))
            if int(metres_between((home.lon, home.lat), np.array([place]))[0]) <= HOME_M:
                share, late_s = 1.0, drive.end_s - planned
                break
            if drive.end_s < planned - APART_S:
                break
        return self._said(order, planned, planned, share, late_s, is_strong=True)

    def _said(
        self, order: Order, begin_s: float, end_s: float, share: float, late_s: float | None, is_strong: bool  # noqa: FBT001
    ) -> OrderReview:
        seconds = None if late_s is None or share < NOTHING else round(late_s)
        status: Status = "made"
        if share < NOTHING:
            status = "missed" if self._is_heard(begin_s, end_s) else "unknown"
        elif share < MADE:
            status = "partly"
        elif seconds is not None and abs(seconds) >= self._late_s and (order.kind != "return" or seconds > 0):
            status = "late" if seconds > 0 else "early"
        tz = self._plan.window[0].tzinfo
        return OrderReview(
            self._crew.id,
            order.number,
            order.kind,
            order.street,
            tuple(dict.fromkeys(task.id for task in order.tasks)),
            dt.datetime.fromtimestamp(begin_s, tz=tz),
            None if seconds is None else dt.datetime.fromtimestamp(begin_s + seconds, tz=tz),
            status,
            round(share, 4),
            seconds,
            is_strong,
            order.is_required,
        )

    def _is_heard(self, begin_s: float, end_s: float) -> bool:
        """Return whether there are fixes for at least half of the time in which an order was due."""
        if end_s - begin_s < 1:
            return any(first <= begin_s <= last for first, last in self._heard)
        heard = sum(max(0.0, min(last, end_s) - max(first, begin_s)) for first, last in self._heard)
        return 2 * heard >= end_s - begin_s


def _joined(stays: Iterable[Stay]) -> list[tuple[float, float]]:
    """Return spans of stays at one place; a move of a few minutes between two of them is a part of them."""
    spans = list[tuple[float, float]]()
    for stay in stays:
        if spans and stay.begin_s - spans[-1][1] <= SILENT_S / 2:
            spans[-1] = spans[-1][0], stay.end_s
        else:
            spans.append((stay.begin_s, stay.end_s))
    return spans


def _met(needs: Sequence[_Need], runs: Sequence[Run]) -> tuple[list[Run | None], list[Run]]:
    """Give each planned drive the run that it most likely is, in order of time, and return the runs left over."""
    met: list[Run | None] = [None] * len(needs)
    by_task: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for number, need in enumerate(needs):
        by_task[need.task][0].append(number)
    for number, run in enumerate(runs):
        if run.task in by_task:
            by_task[run.task][1].append(number)
    used = set[int]()
    for wanted, there in by_task.values():
        for need, run in _pairs([needs[one] for one in wanted], [runs[one] for one in there]):
            met[wanted[need]] = runs[there[run]]
            used.add(there[run])
    return met, [run for number, run in enumerate(runs) if number not in used]


def _pairs(needs: Sequence[_Need], runs: Sequence[Run]) -> list[tuple[int, int]]:
    """Pair times in order so that the differences are least; what finds no partner costs as much as `APART_S`."""
    rows, columns = len(needs) + 1, len(runs) + 1
    cost = [[0.0] * columns for _ in range(rows)]
    for row in range(1, rows):
        for column in range(columns):
            best = cost[row - 1][column] + APART_S
            if column:
                best = min(best, cost[row][column - 1], cost[row - 1][column - 1] + _price(needs[row - 1], runs[column - 1]))
            cost[row][column] = best
    pairs, row, column = list[tuple[int, int]](), rows - 1, columns - 1
    while row and column:
        if cost[row][column] == cost[row - 1][column - 1] + _price(needs[row - 1], runs[column - 1]):
            if _price(needs[row - 1], runs[column - 1]) < APART_S:
                pairs.append((row - 1, column - 1))
            row, column = row - 1, column - 1
        elif cost[row][column] == cost[row][column - 1]:
            column -= 1
        else:
            row -= 1
    return pairs[::-1]


def _price(need: _Need, run: Run) -> float:
    return abs(run.begin_s - need.at_s) + (1 - run.share) * APART_S


def _out_of_order(found: Sequence[OrderReview]) -> list[OrderReview]:
    """Mark the fewest orders without which all others were made in the planned order (Fredman 1975)."""
    made = [number for number, one in enumerate(found) if one.driven is not None and one.share >= MADE]
    times = [(found[number].driven or found[number].planned).timestamp() + ORDER_S * place for place, number in enumerate(made)]
    tails, at, before = list[float](), list[int](), [-1] * len(made)
    for place, time in enumerate(times):
        length = bisect_left(tails, time)
        tails[length : length + 1], at[length : length + 1] = [time], [place]
        before[place] = at[length - 1] if length else -1
    kept, place = set[int](), at[-1] if at else -1
    while place >= 0:
        kept.add(made[place])
        place = before[place]
    return [
        replace(one, status="out_of_order") if number in set(made) - kept else one for number, one in enumerate(found)
    ]


def _with_others(
    plan: PatrolPlan, found: Sequence[OrderReview], free: Sequence[Run], ways: Mapping[str, Way], closed: Collection[str]
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
    at_s = one.planned.timestamp()
    if one.kind == "dwell":
        crew = next(crew for crew in plan.crews if crew.id == one.crew)
        who = [
            other.id
            for other in plan.crews
            if other.id != one.crew and other.mode == crew.mode and other.id in ways and not _dwells_there(plan, other.id, one)
            for night in [_Crew(plan, other, ways[other.id], (), 0)]
            if any(
                stay.is_strong and abs(stay.begin_s - at_s) <= APART_S and night._is_at(tasks[0], stay)  # noqa: SLF001
                and stay.length_s >= MADE * tasks[0].dwell_s
                for stay in ways[other.id].stays
            )
        ]  # fmt: skip
        return (1.0, tuple(who)) if who else (0.0, ())
    whole, done, crews = 0.0, 0.0, list[str]()
    for task in tasks:
        network = plan.networks[task.mode]
        metres = float(network.length_m[[network.arc_index[arc] for arc in task.directions[0]]].sum())
        runs = [
            run for run in by_task.get(task.id, ()) if run.crew != one.crew and abs(run.begin_s - at_s) <= APART_S
        ]
        best = max(runs, key=lambda run: (run.share, -abs(run.begin_s - at_s)), default=None)
        whole += metres
        if best is not None:
            done += metres * best.share
            crews.append(best.crew)
    often = sorted(set(crews), key=lambda crew: (-crews.count(crew), crew))
    return (done / whole if whole else 0.0), tuple(often)


def _dwells_there(plan: PatrolPlan, crew: str, one: OrderReview) -> bool:
    """Return whether a crew was to dwell at the same place about that time itself."""
    route = next(route for route in plan.routes if route.crew == crew)
    return any(
        leg.kind == "dwell" and leg.task in one.tasks and abs(elapsed_s(one.planned, leg.depart)) <= APART_S
        for leg in route.legs
    )
