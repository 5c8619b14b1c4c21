"""What a review says of a night in which deviations were planted: those that it found, and those that it made up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import patrolroute as pr
from patrolroute.live.review_orders import OrderReview
from patrolroute.live.review_runs import MADE, Run
from patrolroute.plan.passes import direction_length_m
from tests.live.planted import HARDLY, LATE_S, MARGIN_S, WHOLE, Night, Planted, Truth

OFF = ("missed", "partly", "replaced", "unknown")
"""An order that its crew did not make."""

STAND_S = 180
"""Who stands for so long elsewhere than at a hotspot is told."""

TOLD = 2 / 3
"""Share of the metres of a detour that must be told as driven besides: where it turns round, a fix may lack."""

TRACK_KINDS = ("gap", "few_fixes", "off_map", "jumps", "too_fast", "frozen", "duplicate", "clock_off", "other_route")
"""Doubts that a track of an honest device gives no cause for, but for what was planted in it."""


@dataclass
class Judged:
    """Counts of one night or of many.

    Parameters
    ----------
    planted, found
        Deviations by kind.
    judged, false
        Orders that were made as planned beyond doubt, and those among them that are said not to have been.
    unmade, unseen
        Orders that were not made beyond doubt, and those among them that are said to have been.
    drives, false_drives
        Drives through wanted streets of crews that did nothing else, and those that are told as being besides.
    stands, doubts
        Stands and doubts told of crews in whose night nothing was planted.
    complaints
        In words, for whoever looks for the reason.
    """

    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    judged: int = 0
    false: int = 0
    unmade: int = 0
    unseen: int = 0
    drives: int = 0
    false_drives: int = 0
    stands: int = 0
    doubts: int = 0
    complaints: list[str] = field(default_factory=list)

    def take(self, night: Night, review: pr.Review) -> None:
        """Count a night."""
        by_order = {(one.crew, one.number): one for one in review.orders}
        for truth in night.truths():
            self._order(night, truth, by_order[truth.crew, truth.number])
        for one in night.planted:
            self.planted[one.kind] += 1
            if FOUND[one.kind](night, one, review):
                self.found[one.kind] += 1
            else:
                self.complaints.append(f"not found: {one}")
        self._besides({one.crew for one in night.planted}, review)

    def _order(self, night: Night, truth: Truth, said: OrderReview) -> None:
        if any(one.kind == "silent" and one.begin < truth.end and truth.begin < one.end for one in night.planted
               if one.crew == truth.crew):  # fmt: skip
            return
        if truth.about <= HARDLY:
            self.unmade += 1
            if said.status not in OFF:
                self.unseen += 1
                self.complaints.append(f"made though it was not: {truth} {said.status} {said.share} {said.late_s}")
        elif truth.own >= WHOLE and abs(abs(truth.late_s) - LATE_S) >= MARGIN_S:
            self.judged += 1
            right = "made" if abs(truth.late_s) < LATE_S else "late" if truth.late_s > 0 else "early"
            if said.status != right:
                self.false += 1
                self.complaints.append(f"not {right} but {said.status} {said.share} {said.late_s}: {truth}")

    def _besides(self, crews: set[str], review: pr.Review) -> None:
        extra = [run for run in review.extra if run.crew not in crews and run.share >= MADE]
        routes = [route for route in review.driven.routes if route.crew not in crews]
        self.drives += sum(leg.kind in ("pass", "patrol") for route in routes for leg in route.legs)
        self.false_drives += len(extra)
        stands = [
            (route.crew, leg.depart, leg.arrive)
            for route in routes
            for leg in route.legs
            if leg.kind == "wait" and leg.duration_s >= STAND_S
        ]
        self.stands += len(stands)
        doubts = [one for one in review.doubts if one.crew not in crews and one.kind in TRACK_KINDS]
        self.doubts += len(doubts)
        self.complaints += (
            [f"besides: {one}" for one in extra]
            + [f"stand: {one}" for one in stands]
            + [f"doubt: {one}" for one in doubts]
        )


def _said(review: pr.Review, one: Planted) -> Iterator[OrderReview]:
    return (said for said in review.orders if said.crew == one.crew and said.kind != "return")


def _late(_: Night, one: Planted, review: pr.Review) -> bool:
    told = list(_said(review, one))
    return sum(said.status == "late" for said in told) >= 0.9 * len(told)


def _not_made(_: Night, one: Planted, review: pr.Review) -> bool:
    (said,) = (said for said in _said(review, one) if said.number in one.orders)
    return said.status in OFF and said.share <= HARDLY


def _driven_besides(night: Night, one: Planted, review: pr.Review) -> bool:
    """Return whether what a crew drove besides is told as such, street by street.

    Of two drives through one street, one of them besides, either may be taken for the planned one.
    """
    told = {run.task for run in _runs(review, one) if run.share >= MADE}
    plan = night.plan
    metres = {
        task: direction_length_m(plan.networks[plan.task[task].mode], plan.task[task].directions)
        for task in one.tasks
        if plan.task[task].directions
    }
    return sum(metres[task] for task in metres if task in told) >= TOLD * sum(metres.values())


def _runs(review: pr.Review, one: Planted) -> list[Run]:
    return [run for run in review.extra if run.crew == one.crew]


def _stood(_: Night, one: Planted, review: pr.Review) -> bool:
    route = next(route for route in review.driven.routes if route.crew == one.crew)
    seconds = sum(
        max(0.0, (min(leg.arrive, one.end) - max(leg.depart, one.begin)).total_seconds())
        for leg in route.legs
        if leg.kind in ("wait", "dwell")
    )
    return seconds >= 0.8 * (one.end - one.begin).total_seconds()


def _silent(night: Night, one: Planted, review: pr.Review) -> bool:
    """Return whether silence is named, and no order then is called missed or shown like one that fixes show."""
    named = [said for said in review.doubts if (said.kind, said.crew) == ("gap", one.crew)]
    inside = [
        truth for truth in night.truths() if truth.crew == one.crew and one.begin <= truth.begin <= truth.end <= one.end
    ]
    told = {said.number: said for said in _said(review, one)}
    silent = [told[truth.number] for truth in inside if truth.kind == "patrol"]
    return bool(named) and all(said.status in ("unknown", "replaced") or not said.is_strong for said in silent)


def _swapped(night: Night, one: Planted, review: pr.Review) -> bool:
    """Return whether nine tenths of the orders that a crew gave away are not its own, and most are the other's."""
    given = [truth for truth in night.truths() if truth.crew == one.crew and truth.number in one.orders]
    lost = {truth.number for truth in given if truth.about <= HARDLY}
    told = [said for said in _said(review, one) if said.number in lost]
    others = [said for said in told if said.status == "replaced" and one.other in said.by]
    return sum(said.status in OFF for said in told) >= 0.9 * len(told) and len(others) >= 0.5 * len(told)


FOUND = {
    "late": _late,
    "skipped": _not_made,
    "cut short": _not_made,
    "detour": _driven_besides,
    "lap": _driven_besides,
    "standing": _stood,
    "silent": _silent,
    "swapped": _swapped,
}
"""What it means that a deviation was found, by its kind."""
