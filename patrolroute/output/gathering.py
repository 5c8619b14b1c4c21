"""How the legs of a crew's night are gathered into orders: when a street begins one, goes on with it, or ends it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from patrolroute.base.vocabulary import elapsed_s
from patrolroute.plan.records import SEEN, Leg, Route

OrderKind: TypeAlias = Literal["patrol", "dwell", "break", "return"]

LONGEST_GAP_M = 500
"""A drive along the same street between two patrols of it stays in their order up to this length."""

SWEEP_S = 480
"""With the goal presence, where a crew drives all night, an order lasts at least so long before another street ends
it: a dozen or two of them fill a shift, which a crew can read at a glance."""

SHORTEST_STREET_M = 60
"""A shorter patrol is a crossing that the crew drives over anyway; it makes no order of its own."""

SHORT_S = 30
"""What is over sooner cannot be followed on paper, where times are to the minute: it goes to its neighbour's line."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An order before it has a number: the legs that lead there, and its own; none for the way home."""

    kind: OrderKind
    approach: tuple[Leg, ...]
    legs: tuple[Leg, ...]


def gathered(route: Route, *, is_sweeping: bool) -> list[Draft]:
    """Return the orders of a crew's night, the way home last; none for a crew that stays at its depot.

    ``is_sweeping`` tells that crews drive all night, as they do with the goal presence.
    """
    if not route.legs:
        return []
    gathering = Gathering(is_sweeping)
    for leg in route.legs:
        gathering.take(leg)
    gathering.close()
    return [*_without_short(gathering.done), Draft("return", tuple(gathering.pending), ())]


def _without_short(drafts: Sequence[Draft]) -> list[Draft]:
    """Put patrols that are over too soon into the patrol before or after them, if that is near and nobody waits."""
    found: list[Draft] = []
    for draft in drafts:
        before = found[-1] if found else None
        is_pair = before is not None and before.kind == draft.kind == "patrol" and _is_near(draft.approach)
        if before is not None and is_pair and (_is_short(draft) or _is_short(before)):
            found[-1] = Draft("patrol", before.approach, (*before.legs, *draft.approach, *draft.legs))
        else:
            found.append(draft)
    return found


def _is_short(draft: Draft) -> bool:
    return elapsed_s(draft.legs[0].depart, draft.legs[-1].arrive) < SHORT_S


def _is_near(approach: Sequence[Leg]) -> bool:
    return sum(leg.length_m for leg in approach) <= LONGEST_GAP_M and all(leg.kind != "wait" for leg in approach)


@dataclass(slots=True)
class Gathering:
    """Legs on their way into orders.

    ``street`` holds the legs of the street that is being patrolled, ``gap`` what was driven since its last patrol,
    ``pending`` what leads to the next order.
    """

    is_sweeping: bool = False
    done: list[Draft] = field(default_factory=list)
    pending: list[Leg] = field(default_factory=list)
    street: list[Leg] = field(default_factory=list)
    gap: list[Leg] = field(default_factory=list)

    def take(self, leg: Leg) -> None:
        """Put one more leg where it belongs."""
        if leg.kind in ("dwell", "break"):
            self.close()
            self._emit(leg.kind, [leg])
        elif self.is_sweeping:
            self._sweep(leg)
        elif leg.kind == "patrol" and self._goes_on(leg):
            self.street += [*self.gap, leg]
            self.gap = []
        elif leg.kind == "patrol" and leg.length_m >= SHORTEST_STREET_M:
            self.close()
            self.street = [*self._begun(leg), leg]
        elif self.street and leg.kind != "wait":
            self.gap.append(leg)
        else:
            self.close()
            self.pending.append(leg)

    def _sweep(self, leg: Leg) -> None:
        """Put a leg where it belongs with the goal presence: streets in a row are one order for some minutes."""
        if leg.kind not in SEEN:
            (self.gap if self.street else self.pending).append(leg)
            return
        is_long = self.street and elapsed_s(self.street[0].depart, leg.depart) >= SWEEP_S
        if is_long and leg.street != self.street[-1].street:
            self.close()
        self.street += [*self.gap, leg]
        self.gap = []

    def close(self) -> None:
        """End the street that is being patrolled."""
        if self.street:
            self._emit("patrol", self.street)
        self.pending += self.gap
        self.street, self.gap = [], []

    def _begun(self, leg: Leg) -> list[Leg]:
        """Take back short patrols of a street right before its first long one: the order begins with them."""
        begun: list[Leg] = []
        while self.pending and self.pending[-1].kind == "patrol" and self.pending[-1].street == leg.street:
            begun.insert(0, self.pending.pop())
        return begun

    def _goes_on(self, leg: Leg) -> bool:
        """Return whether a patrol stays on the street that is being patrolled, with no long drive in between."""
        along = all(driven.street == leg.street or driven.length_m < SHORTEST_STREET_M for driven in self.gap)
        short = sum(driven.length_m for driven in self.gap) <= LONGEST_GAP_M
        return bool(self.street) and self.street[0].street == leg.street and along and short

    def _emit(self, kind: OrderKind, legs: Sequence[Leg]) -> None:
        self.done.append(Draft(kind, tuple(self.pending), tuple(legs)))
        self.pending = []
