"""Selections of streets that overlap become one: no segment is asked for twice, and nothing asked for is lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from patrolroute.demand.model import PriorityStreet, StreetSegment
from patrolroute.units import Arc, Seconds
from patrolroute.words import Mode

Piece: TypeAlias = tuple[int, int]
"""A street and one of its segments, as indices."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """What overlapping selections ask for of one segment together."""

    required: bool
    visits: int
    headway_s: Seconds | None
    load: int

    @classmethod
    def of(cls, street: PriorityStreet) -> _Wish:
        """Take what one selection asks for."""
        return cls(street.required, street.visits, street.headway_s, street.load)

    def joined(self, other: PriorityStreet) -> _Wish:
        """Add what another selection asks for; visits and headway belong together."""
        own = self.visits, self.headway_s
        visits, headway_s = (other.visits, other.headway_s) if other.visits > self.visits else own
        return _Wish(self.required or other.required, visits, headway_s, max(self.load, other.load))


def combine_streets(*selections: Iterable[PriorityStreet]) -> list[PriorityStreet]:
    """Merge selections that overlap, so that no segment is asked for twice.

    The highest priority keeps a segment, with its prize; at equal priority the earlier selection. Required
    in any selection is required. The most visits hold, with the headway of the selection that wants them; so does
    the largest load.
    Selections with single carriageways and with pairs of them may overlap too: a segment that shares an arc
    with one already kept is dropped, and what it asked for passes to the one kept.

    Examples
    --------
    >>> combine_streets([], [])
    []
    """
    streets = [street for selection in selections for street in selection]
    ranked = sorted(range(len(streets)), key=lambda one: (-streets[one].priority, one))
    owner: dict[tuple[Mode, Arc], Piece] = {}
    wishes: dict[Piece, _Wish] = {}
    for one in ranked:
        street = streets[one]
        for number, segment in enumerate(street.segments):
            arcs = [(street.mode, arc) for chain in segment.directions for arc in chain]
            keepers = {owner[arc] for arc in arcs if arc in owner}
            if keepers:
                wishes |= {piece: wishes[piece].joined(street) for piece in keepers}
            else:
                owner |= dict.fromkeys(arcs, (one, number))
                wishes[one, number] = _Wish.of(street)
    return [part for one, street in enumerate(streets) for part in _parts(one, street, wishes)]


def _parts(one: int, street: PriorityStreet, wishes: dict[Piece, _Wish]) -> list[PriorityStreet]:
    """Split a street into one for each wish that its kept segments now have."""
    kept: dict[_Wish, list[int]] = {}
    for number in range(len(street.segments)):
        if (one, number) in wishes:
            kept.setdefault(wishes[one, number], []).append(number)
    return [_part(street, wish, numbers) for wish, numbers in kept.items()]


def _part(street: PriorityStreet, wish: _Wish, numbers: Sequence[int]) -> PriorityStreet:
    segments: tuple[StreetSegment, ...] = tuple(street.segments[number] for number in numbers)
    return replace(
        street,
        segments=segments,
        prize=None if street.prize is None else tuple(street.prize[number] for number in numbers),
        required=wish.required,
        visits=wish.visits,
        headway_s=wish.headway_s,
        load=wish.load,
    )
