"""A crew's night as orders: a street from here to there, a stop, a break, the way home; each with the way to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from patrolroute.output.itinerary import Signs
from patrolroute.output.sheets.tolerance import Margin, Tolerance, margins, tolerance
from patrolroute.plan.parts import Leg, PlannedTask, Route
from patrolroute.plan.records import PatrolPlan
from patrolroute.units import LonLat

OrderKind: TypeAlias = Literal["patrol", "dwell", "break", "return"]

LONGEST_GAP_M = 500
"""A drive along the same street between two patrols of it stays in their order up to this length."""

SHORTEST_STREET_M = 60
"""A shorter patrol is a crossing that the crew drives over anyway; it makes no order of its own."""


@dataclass(frozen=True, slots=True)
class Order:
    """One line of an order sheet.

    Parameters
    ----------
    kind
        ``patrol``, ``dwell``, ``break`` or ``return``.
    approach
        Legs that lead there: deadheads, waits, crossings.
    legs
        The legs of the order itself; none for the way home.
    tasks
        Tasks that they serve, in order.
    allowed
        How much earlier or later than planned the first of ``legs`` may begin, see `tolerance`; for the way home, how
        much later it may end.
    begins_at, ends_at
        Names of the crossing streets where a patrol begins and ends, empty where none has a name.
    """

    kind: OrderKind
    approach: tuple[Leg, ...]
    legs: tuple[Leg, ...]
    tasks: tuple[PlannedTask, ...]
    allowed: Tolerance
    begins_at: str = ""
    ends_at: str = ""

    @property
    def all_legs(self) -> tuple[Leg, ...]:
        """The legs of the way there and of the order itself."""
        return self.approach + self.legs

    @property
    def street(self) -> str:
        """Name of the street or place, empty if it has none: of a patrol the one that is patrolled farthest."""
        metres: Counter[str] = Counter()
        for leg in self.legs:
            metres[leg.street] += leg.length_m if leg.kind == "patrol" else 0
        return metres.most_common(1)[0][0] if metres else ""

    @property
    def is_required(self) -> bool:
        """Whether it serves something that must be served."""
        return any(task.required for task in self.tasks)

    @property
    def visit(self) -> str:
        """Which visit of how many it is, such as ``2/4``; empty if its tasks differ in that or none counts."""
        serving = [(leg, task) for leg, task in zip(self._serving, self.tasks, strict=True) if leg.visit is not None]
        marks = {f"{leg.visit}/{task.visits_wanted}" for leg, task in serving if task.visits_wanted > 1}
        return marks.pop() if len(marks) == 1 else ""

    @property
    def patrolled_m(self) -> int:
        """Metres patrolled."""
        return sum(leg.length_m for leg in self.legs if leg.kind == "patrol")

    @property
    def path(self) -> tuple[LonLat, ...]:
        """The line of the order itself, WGS-84; one point of a stop, none if no map tells."""
        return joined(self.legs)

    @property
    def _serving(self) -> list[Leg]:
        return [leg for leg in self.legs if leg.kind in ("patrol", "dwell") and leg.task is not None]


def orders(plan: PatrolPlan, route: Route, signs: Signs | None) -> tuple[Order, ...]:
    """Give the orders of one crew's night, the way home last; none for a crew that stays at its depot.

    Parameters
    ----------
    plan, route
        The plan and one of its routes.
    signs
        The street names at the junctions of the crew's network, None if it is not known.
    """
    if not route.legs:
        return ()
    margin = dict(zip(map(id, route.legs), margins(plan, route), strict=True))
    gathering = _Gathering()
    for leg in route.legs:
        gathering.take(leg)
    gathering.close()
    drafts = [*gathering.done, _Draft("return", tuple(gathering.pending), ())]
    return tuple(
        _order(plan, draft, [margin[id(leg)] for leg in draft.legs or draft.approach], signs) for draft in drafts
    )


def joined(legs: Iterable[Leg]) -> tuple[LonLat, ...]:
    """Join the lines of legs; a point that ends one leg and begins the next comes once."""
    points: list[LonLat] = []
    for leg in legs:
        points.extend(leg.coordinates[1:] if points and leg.coordinates[:1] == (points[-1],) else leg.coordinates)
    return tuple(points)


@dataclass(frozen=True, slots=True)
class _Draft:
    kind: OrderKind
    approach: tuple[Leg, ...]
    legs: tuple[Leg, ...]


@dataclass(slots=True)
class _Gathering:
    """Legs on their way into orders.

    ``street`` holds the legs of the street that is being patrolled, ``gap`` what was driven since its last patrol,
    ``pending`` what leads to the next order.
    """

    done: list[_Draft] = field(default_factory=list)
    pending: list[Leg] = field(default_factory=list)
    street: list[Leg] = field(default_factory=list)
    gap: list[Leg] = field(default_factory=list)

    def take(self, leg: Leg) -> None:
        """Put one more leg where it belongs."""
        if leg.kind in ("dwell", "break"):
            self.close()
            self._emit(leg.kind, [leg])
        elif leg.kind == "patrol" and self._goes_on(leg):
            self.street += [*self.gap, leg]
            self.gap = []
        elif leg.kind == "patrol" and leg.length_m >= SHORTEST_STREET_M:
            self.close()
            self.street = [leg]
        elif self.street and leg.kind != "wait":
            self.gap.append(leg)
        else:
            self.close()
            self.pending.append(leg)

    def close(self) -> None:
        """End the street that is being patrolled."""
        if self.street:
            self._emit("patrol", self.street)
        self.pending += self.gap
        self.street, self.gap = [], []

    def _goes_on(self, leg: Leg) -> bool:
        """Say whether a patrol stays on the street that is being patrolled, with no long drive in between."""
        along = all(one.street == leg.street or one.length_m < SHORTEST_STREET_M for one in self.gap)
        short = sum(one.length_m for one in self.gap) <= LONGEST_GAP_M
        return bool(self.street) and self.street[0].street == leg.street and along and short

    def _emit(self, kind: OrderKind, legs: Sequence[Leg]) -> None:
        self.done.append(_Draft(kind, tuple(self.pending), tuple(legs)))
        self.pending = []


def _order(plan: PatrolPlan, draft: _Draft, known: Sequence[Margin], signs: Signs | None) -> Order:
    tasks = tuple(plan.task[leg.task] for leg in draft.legs if leg.task in plan.task)
    arcs = [arc for leg in draft.legs for arc in leg.arcs]
    street = draft.legs[0].street if draft.legs else ""
    ends = (signs.crossing(arcs[0][0], street), signs.crossing(arcs[-1][1], street)) if arcs and signs else ("", "")
    allowed = tolerance(known) if draft.kind != "return" else Tolerance(None, known[-1].ahead_s if known else None)
    return Order(draft.kind, draft.approach, draft.legs, tasks, allowed, *ends)
