"""Turn restrictions: what relations of the map say, and which turns and chains of arcs they forbid."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, permutations, product

import numpy as np

from patrolroute.base.vocabulary import Mode
from patrolroute.network.osm.simplify import Merged, Restriction, ViaPath, Way
from patrolroute.network.speeds import turn_angles

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

PAIR = 2
"""Arcs of a turn; a chain has more."""

LONGEST_VIA = 20
"""A restriction over more arcs of one way than this is a slip of the pen."""

MOST_MIXED = 6
"""Ways over which a restriction may lead whose order in the map is not the one in which they are driven."""

BY_NAME: Mapping[str, Callable[[float], bool]] = {
    "left": lambda angle: 0 < angle < BACK_DEG,
    "right": lambda angle: -BACK_DEG < angle < 0,
    "straight": lambda angle: abs(angle) <= ACROSS_DEG,
    "u_turn": lambda angle: abs(angle) > ACROSS_DEG,
}
"""What the name of a restriction says of the degrees of a turn, where ways alone leave it open."""


def restriction_kinds(tags: Mapping[str, str], mode: Mode) -> tuple[str, ...]:
    """Return what a relation forbids or commands a mode.

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


def placed(restrictions: Iterable[Restriction], ways: Iterable[Way]) -> tuple[Restriction, ...]:
    """Find out how restrictions lead over the ways of a map; those that name streets which are not there lead nowhere.

    Parameters
    ----------
    restrictions
        As the map says them.
    ways
        That the mode may use.
    """
    restrictions = tuple(restrictions)
    named = {way for one in restrictions for way in (*one.from_ways, *one.via_ways, *one.to_ways)}
    nodes: dict[int, set[int]] = {}
    ends: dict[int, set[int]] = {}
    for way in ways:
        if way.id in named:
            nodes.setdefault(way.id, set()).update(way.nodes)
            ends.setdefault(way.id, set()).update((way.nodes[0], way.nodes[-1]))

    def meet(one: int, two: int) -> list[int]:
        """Return where two ways meet; where both end, if there is such a node."""
        common = nodes.get(one, set()) & nodes.get(two, set())
        return sorted(common & ends[one] & ends[two] or common) if common else []

    return tuple(replace(one, paths=tuple(_paths(one, nodes, meet))) for one in restrictions)


def _paths(
    restriction: Restriction,
    nodes: Mapping[int, set[int]],
    meet: Callable[[int, int], list[int]],
) -> Iterator[ViaPath]:
    """Yield the paths of a restriction: at a node, or over all of its ways, in their order if that is possible."""
    pairs = [(first, last) for first in restriction.from_ways for last in restriction.to_ways]
    if (via := restriction.via_node) is not None:
        for first, last in pairs:
            if via in nodes.get(first, ()) and via in nodes.get(last, ()):
                yield ViaPath(first, (via,), (), last)
        return
    in_order = [path for first, last in pairs for path in _over((first,), (), restriction.via_ways, last, meet)]
    orders = () if in_order or len(restriction.via_ways) > MOST_MIXED else permutations(restriction.via_ways)
    mixed = [path for order in orders for first, last in pairs for path in _over((first,), (), order, last, meet)]
    yield from dict.fromkeys(in_order or mixed)


def _over(
    ways: tuple[int, ...], nodes: tuple[int, ...], left: tuple[int, ...], to_way: int,
    meet: Callable[[int, int], list[int]],
) -> Iterator[ViaPath]:  # fmt: skip
    """Go on from way to way, each from one node to another."""
    for node in meet(ways[-1], left[0] if left else to_way):
        if nodes and node == nodes[-1]:
            continue
        if left:
            yield from _over((*ways, left[0]), (*nodes, node), left[1:], to_way, meet)
        else:
            yield ViaPath(ways[0], (*nodes, node), ways[1:], to_way)


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
            barred.pairs.update((chain[0], chain[1]) for chain in found if len(chain) == PAIR)
            barred.chains.update(chain for chain in found if len(chain) > PAIR)
        else:
            barred.lost += 1
    if restrictions:
        _log.info("%d turn restrictions, %d of them on streets that are left", len(restrictions), barred.obeyed)
    return barred


class _Reader:
    """Looks restrictions up on a network."""

    def __init__(self, merged: Merged) -> None:
        self._network, self._ways = merged.network, merged.way_ids
        self._out_first = np.searchsorted(merged.network.tail, np.arange(merged.network.node_count + 1))
        self._into: dict[int, list[int]] = {}
        for arc, node in enumerate(merged.network.head.tolist()):
            self._into.setdefault(node, []).append(arc)

    def pairs(self, restriction: Restriction) -> list[tuple[int, ...]]:
        """Return the turns that a restriction at a node forbids."""
        found = [chain for path in restriction.paths for chain in self._along(path)]
        named = self._as_named(restriction.kind, [(one, two) for one, two in dict.fromkeys(found)])
        if restriction.kind.startswith("no_"):
            return list(named)
        commanded: dict[int, set[int]] = {}
        for one, two in named:
            commanded.setdefault(one, set()).add(two)
        return [
            (one, two) for one, goals in commanded.items() for two in self._out(self._head(one)) if two not in goals
        ]

    def chains(self, restriction: Restriction) -> list[tuple[int, ...]]:
        """Return the chains that a restriction over ways forbids."""
        found = [chain for path in restriction.paths for chain in self._along(path)]
        if restriction.kind.startswith("no_"):
            return found
        forbidden = set[tuple[int, ...]]()
        for chain in found:  # whoever has entered the first street of it must go on to its end
            for place in range(PAIR, len(chain)):
                others = self._out(self._head(chain[place - 1]))
                forbidden |= {(*chain[:place], other) for other in others if other != chain[place]}
        return sorted(forbidden - {chain[:place] for chain in found for place in range(len(chain) + 1)})

    def _along(self, path: ViaPath) -> Iterator[tuple[int, ...]]:
        """Yield the chains of arcs that run along a path of a restriction."""
        nodes = [self._network.node_index.get(node) for node in path.nodes]
        known = [node for node in nodes if node is not None]
        if len(known) < len(nodes):
            return
        before = [(arc,) for arc in self._into.get(known[0], ()) if self._ways[arc][-1] == path.from_way]
        after = [(arc,) for arc in self._out(known[-1]) if self._ways[arc][0] == path.to_way]
        between = [
            list(self._through(way, (), start, end))
            for way, (start, end) in zip(path.over, pairwise(known), strict=True)
        ]
        for parts in product(before, *between, after):
            yield tuple(arc for part in parts for arc in part)

    def _through(self, way: int, driven: tuple[int, ...], node: int, end: int) -> Iterator[tuple[int, ...]]:
        """Yield the chains of arcs that lead along a way from one node to another."""
        if node == end:
            yield driven
            return
        for arc in self._out(node):
            turns_back = bool(driven) and arc == self._network.reverse[driven[-1]]
            if self._ways[arc] == (way,) and arc not in driven and not turns_back and len(driven) < LONGEST_VIA:
                yield from self._through(way, (*driven, arc), self._head(arc), end)

    def _as_named(self, kind: str, pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Keep the turns that a restriction's name means, where a way goes on past the node and several fit."""
        means = next((means for word, means in BY_NAME.items() if word in kind), None)
        if means is None or len(pairs) <= 1:
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
