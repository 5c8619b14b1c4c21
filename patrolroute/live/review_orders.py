"""Each planned order of a crew held against what it did: made, late, early, in part, out of order, missed."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np

from patrolroute.base.vocabulary import LonLat, Seconds
from patrolroute.live.review_driven import HOME_M, LONGEST_DOUBT_S, NEAR_HOTSPOT_M
from patrolroute.live.review_runs import APART_S, MADE, TELLABLE_M, Need, Run, met_by, prices, shifts
from patrolroute.live.review_way import Stay, Way
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

NOTHING = 0.1
"""One of which less was done is missed: its streets cross others."""

ORDER_S: Seconds = 60
"""An order that begins so much before the one before it is out of order."""

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


class CrewNight:
    """One crew's orders beside what it did."""

    def __init__(
        self, plan: PatrolPlan, crew: PlannedCrew, way: Way, heard: Sequence[tuple[float, float]], late_s: Seconds
    ) -> None:
        self._plan, self._crew, self._way, self._heard, self._late_s = plan, crew, way, heard, late_s
        self._orders = itinerary(plan).orders(crew.id)

    def review(self, runs: Sequence[Run], planned: Sequence[Run] = ()) -> tuple[list[OrderReview], list[Run]]:
        """Return what became of the orders, and the runs that belong to nothing that was planned.

        Parameters
        ----------
        runs
            What the crew drove.
        planned
            What it was to drive; more than its orders, for a way to a hotspot may lead through a whole street.
        """
        told, late_s = list(self._needs()), 0.0
        met, free = met_by(told, runs)
        for shift in shifts(told, runs):  # who is late is late with everything that follows
            other = met_by(told, runs, shift)
            if prices(told, other[0], shift) < prices(told, met, late_s):
                (met, free), late_s = other, shift
        _, by_the_way = met_by(told, planned)
        _, free = met_by([Need(-1, run.task, run.begin_s, 1.0) for run in by_the_way], free, late_s)
        by_order: dict[int, list[tuple[Need, Run | None]]] = defaultdict(list)
        for need, run in zip(told, met, strict=True):
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

    def _needs(self) -> Iterator[Need]:
        for number, order in enumerate(self._orders):
            for leg in order.legs if order.kind == "patrol" else ():
                if leg.kind in SEEN and leg.task in self._plan.task:
                    yield Need(number, leg.task, leg.depart.timestamp(), float(max(1, leg.length_m)))

    def _patrol(self, order: Order, needs: Sequence[tuple[Need, Run | None]]) -> OrderReview:
        told = [(need, run) for need, run in needs if run is not None or need.metres >= TELLABLE_M]
        needs = told or needs
        whole = sum(need.metres for need, _ in needs) or 1.0
        share = sum(need.metres * run.share for need, run in needs if run is not None) / whole
        strong = sum(need.metres * run.strong for need, run in needs if run is not None) / whole
        off = [run.begin_s - need.at_s for need, run in needs if run is not None and run.share >= MADE]
        late_s = float(np.median(off)) if off else None
        due = order.legs[0].depart.timestamp(), order.legs[-1].arrive.timestamp()
        return self._said(order, due, share, late_s, is_strong=strong >= share / 2)

    def _stand(self, order: Order) -> OrderReview:
        """Return what became of a dwell or a break: the longest stay there, or anywhere, about that time."""
        begin, wanted = order.legs[0].depart.timestamp(), sum(leg.duration_s for leg in order.legs)
        task = order.tasks[0] if order.tasks else None
        here = [
            stay
            for stay in self._way.stays
            if stay.is_strong
            and abs(stay.begin_s - begin) <= APART_S
            and (task is None or is_at(self._plan, task, stay))
        ]
        joined = _joined(sorted(here, key=lambda stay: stay.begin_s))
        best = max(
            joined,
            key=lambda span: (min(1.0, (span[1] - span[0]) / max(wanted, 1)), -abs(span[0] - begin)),
            default=None,
        )
        doubt_s = min(2 * self._way.spacing_s, LONGEST_DOUBT_S)
        share = 0.0 if best is None else min(1.0, (best[1] - best[0] + doubt_s) / max(wanted, 1))
        late_s = None if best is None else best[0] - begin
        return self._said(order, (begin, begin + wanted), share, late_s, is_strong=True)

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
        return self._said(order, (planned, planned), share, late_s, is_strong=True)

    def _said(
        self, order: Order, due: tuple[float, float], share: float, late_s: float | None, *, is_strong: bool
    ) -> OrderReview:
        """Return what became of an order that was due from when to when."""
        begin_s, _ = due
        seconds = None if late_s is None or share < NOTHING else round(late_s)
        status: Status = "made"
        if share < MADE:
            could = share + 1 - self._heard_share(*due)
            status = "unknown" if could >= MADE else "missed" if share < NOTHING else "partly"
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

    def _heard_share(self, begin_s: float, end_s: float) -> float:
        """Return the share of some time in which there are fixes."""
        if end_s - begin_s < 1:
            return float(any(first <= begin_s <= last for first, last in self._heard))
        return sum(max(0.0, min(last, end_s) - max(first, begin_s)) for first, last in self._heard) / (end_s - begin_s)


def is_at(plan: PatrolPlan, task: PlannedTask, stay: Stay) -> bool:
    """Return whether a crew stood at a hotspot."""
    network = plan.networks[task.mode]
    if task.node is None or task.node not in network.node_index:
        return False
    place: LonLat = network.node_lonlat(network.node_index[task.node])
    return int(metres_between(stay.place, np.array([place]))[0]) <= NEAR_HOTSPOT_M


def _joined(stays: Iterable[Stay]) -> list[tuple[float, float]]:
    """Return spans of stays at one place; a move of a few minutes between two of them is a part of them."""
    spans = list[tuple[float, float]]()
    for stay in stays:
        if spans and stay.begin_s - spans[-1][1] <= SILENT_S / 2:
            spans[-1] = spans[-1][0], stay.end_s
        else:
            spans.append((stay.begin_s, stay.end_s))
    return spans


def _out_of_order(found: Sequence[OrderReview]) -> list[OrderReview]:
    """Mark the fewest orders without which all others were made in the planned order (Fredman 1975)."""
    made = [number for number, one in enumerate(found) if one.driven is not None and one.share >= MADE]
    times = [
        (found[number].driven or found[number].planned).timestamp() + ORDER_S * place
        for place, number in enumerate(made)
    ]
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
