"""Turn restrictions: what relations of the map say, and which turns and chains of arcs they forbid."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import dropwhile

import numpy as np

from patrolroute.network.merge import Merged
from patrolroute.network.pieces import Restriction
from patrolroute.network.turns import turn_angles
from patrolroute.words import Mode

_log = logging.getLogger(__name__)

VEHICLES: Mapping[Mode, tuple[str, ...]] = {
    "car": ("motorcar", "motor_vehicle", "vehicle"),
    "bicycle": ("bicycle", "vehicle"),
    "foot": (),
}
"""Whom a restriction may name: of ``restriction:motorcar`` and ``except``, from the narrowest to the widest."""

ROLES = ("from", "via", "to")
ACROSS_DEG, BACK_DEG = 90.0, 179.9
NAMED = frozenset(
    (*(f"no_{turn}" for turn in ("left_turn", "right_turn", "straight_on", "u_turn", "entry", "exit")),
     *(f"only_{turn}" for turn in ("left_turn", "right_turn", "straight_on", "u_turn")))
)  # fmt: skip
"""What a restriction may say; others, such as ``no_right_turn_on_red``, forbid no turn altogether."""

LONGEST_VIA = 20
"""A restriction over more arcs than this is a slip of the pen."""

BY_NAME: Mapping[str, Callable[[float], bool]] = {
    "left": lambda angle: 0 < angle < BACK_DEG,
    "right": lambda angle: -BACK_DEG < angle < 0,
    "straight": lambda angle: abs(angle) <= ACROSS_DEG,
    "u_turn": lambda angle: abs(angle) > ACROSS_DEG,
}
"""What the name of a restriction says of the degrees of a turn, where ways alone leave it open."""


def restriction_kinds(tags: Mapping[str, str], mode: Mode) -> tuple[str, ...]:
    """Give what a relation forbids or commands a mode.

    Examples
    --------
    >>> restriction_kinds({"type": "restriction", "restriction": "no_left_turn;no_u_turn"}, "car")
    ('no_left_turn', 'no_u_turn')
    >>> restriction_kinds({"type": "restriction", "restriction": "no_u_turn", "except": "psv;motorcar"}, "car")
    ()
    """
    if tags.get("type", "").split(":")[0] != "restriction" or not VEHICLES[mode]:
        return ()
    own = [tags[key] for vehicle in VEHICLES[mode] if (key := f"restriction:{vehicle}") in tags]
    kinds = [one.strip() for one in (own or [tags.get("restriction", "")])[0].split(";")]
    spared = {one.strip() for one in tags.get("except", "").split(";")}
    narrow = tags.get("type", "").partition(":")[2]
    if spared & set(VEHICLES[mode]) or (narrow and narrow not in VEHICLES[mode]):
        return ()
    return tuple(kind for kind in kinds if kind in NAMED)


def restriction_of(kind: str, members: Iterable[tuple[str, str, int]]) -> Restriction | None:
    """Make a restriction of a relation's members, each a role, a type and an id; None if it is incomplete."""
    of_role: dict[str, list[tuple[str, int]]] = {role: [] for role in ROLES}
    for role, what, name in members:
        of_role.get(role, []).append((what, name))
    from_ways, to_ways = ([name for what, name in of_role[role] if what == "way"] for role in ("from", "to"))
    via_ways = [name for what, name in of_role["via"] if what == "way"]
    via_nodes = [name for what, name in of_role["via"] if what == "node"]
    if not from_ways or not to_ways or bool(via_ways) == bool(via_nodes) or len(via_nodes) > 1:
        return None
    return Restriction(kind, tuple(from_ways), tuple(to_ways), tuple(via_ways), via_nodes[0] if via_nodes else None)


@dataclass(slots=True)
class Barred:
    """What restrictions forbid on a network.

    Parameters
    ----------
    pairs
        Turns from arc to arc.
    chains
        Chains of three arcs or more.
    obeyed, lost
        How many restrictions were found on the network, and how many name streets that are not on it.
    """

    pairs: set[tuple[int, int]] = field(default_factory=set)
    chains: set[tuple[int, ...]] = field(default_factory=set)
    obeyed: int = 0
    lost: int = 0


def barred_by(restrictions: Sequence[Restriction], merged: Merged) -> Barred:
    """Find out which turns and chains of arcs restrictions forbid.

    Parameters
    ----------
    restrictions
        Of the map.
    merged
        The network, and the ways that its arcs run along.
    """
    reader = _Reader(merged)
    barred = Barred()
    for restriction in restrictions:
        found = reader.pairs(restriction) if restriction.via_node is not None else reader.chains(restriction)
        if found:
            barred.obeyed += 1
            barred.pairs.update((one[0], one[1]) for one in found if len(one) == len(("from", "to")))
            barred.chains.update(one for one in found if len(one) > len(("from", "to")))
        else:
            barred.lost += 1
    if restrictions:
        _log.info("%d turn restrictions, %d of them on streets that are left", len(restrictions), barred.obeyed)
    return barred


class _Reader:
    """Looks restrictions up on a network."""

    def __init__(self, merged: Merged) -> None:
        self._network, self._ways = merged.network, merged.way_ids
        self._from: dict[int, list[int]] = {}
        self._of_way: dict[int, list[int]] = {}
        for arc, ways in enumerate(self._ways):
            self._from.setdefault(ways[-1], []).append(arc)
            for way in ways:
                self._of_way.setdefault(way, []).append(arc)
        self._out_first = np.searchsorted(merged.network.tail, np.arange(merged.network.node_count + 1))

    def pairs(self, restriction: Restriction) -> list[tuple[int, ...]]:
        """Give the turns that a restriction at a node forbids."""
        node = self._network.node_index.get(restriction.via_node or 0)
        if node is None:
            return []
        before = [arc for way in restriction.from_ways for arc in self._from.get(way, ()) if self._head(arc) == node]
        out = self._out(node)
        after = [arc for arc in out if self._ways[arc][0] in restriction.to_ways]
        named = self._as_named(restriction.kind, [(one, two) for one in before for two in after])
        if restriction.kind.startswith("no_"):
            return list(named)
        commanded: dict[int, set[int]] = {}
        for one, two in named:
            commanded.setdefault(one, set()).add(two)
        return [(one, two) for one, goals in commanded.items() for two in out if two not in goals]

    def chains(self, restriction: Restriction) -> list[tuple[int, ...]]:
        """Give the chains that a restriction over ways forbids; turns, where the ways are no arcs of their own."""
        found = [
            chain
            for arc in sorted({arc for way in restriction.from_ways for arc in self._of_way.get(way, ())})
            if (over := self._after_from(self._ways[arc], restriction)) is not None
            for chain in self._over((arc,), restriction, has_via=bool(over))
        ]
        if restriction.kind.startswith("no_"):
            return found
        forbidden = set[tuple[int, ...]]()
        for chain in found:  # whoever has entered the first street of it must go on to its end
            for place in range(min(len(("from", "via")), len(chain) - 1), len(chain)):
                others = self._out(self._head(chain[place - 1]))
                forbidden |= {(*chain[:place], other) for other in others if other != chain[place]}
        return sorted(forbidden - {chain[:place] for chain in found for place in range(len(chain) + 1)})

    def _after_from(self, ways: tuple[int, ...], restriction: Restriction) -> tuple[int, ...] | None:
        """Give the ways of an arc after the one that a restriction begins with, None if others come in between."""
        places = [place for place, way in enumerate(ways) if way in restriction.from_ways]
        if not places or not set(ways[places[-1] + 1 :]) <= set(restriction.via_ways):
            return None
        return ways[places[-1] + 1 :]

    def _over(self, chain: tuple[int, ...], restriction: Restriction, *, has_via: bool) -> Iterator[tuple[int, ...]]:
        """Follow the ways of a restriction from an arc to a street that it names as its end."""
        via = set(restriction.via_ways)
        for arc in self._out(self._head(chain[-1])):
            rest = tuple(dropwhile(via.__contains__, self._ways[arc]))
            over = has_via or len(rest) < len(self._ways[arc])
            if rest and over and rest[0] in restriction.to_ways and arc != self._network.reverse[chain[-1]]:
                yield (*chain, arc)
            if not rest and arc not in chain and len(chain) <= LONGEST_VIA:
                yield from self._over((*chain, arc), restriction, has_via=True)

    def _as_named(self, kind: str, pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Keep the turns that a restriction's name means, where a way goes on past the node and several fit."""
        means = next((means for word, means in BY_NAME.items() if word in kind), None)
        if means is None or len(pairs) < len(("one", "two")):
            return pairs
        before, after = np.array(pairs, dtype=np.int64).T
        angles = turn_angles(self._network, before, after)
        angles[self._network.reverse[before] == after] = 180.0
        fitting = [pair for pair, angle in zip(pairs, angles.tolist(), strict=True) if means(angle)]
        return fitting or pairs

    def _head(self, arc: int) -> int:
        return int(self._network.head[arc])

    def _out(self, node: int) -> list[int]:
        return list(range(int(self._out_first[node]), int(self._out_first[node + 1])))
