"""What places are called: junctions by their streets, muster places, and streets along their lines on a map."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from heapq import heappop, heappush
from typing import TYPE_CHECKING

import numpy as np
import shapely

from patrolroute.base.vocabulary import Arc, FloatArray, Lang, LongArray, Mode
from patrolroute.network.coordinates import near_lon
from patrolroute.network.names import base_name
from patrolroute.network.places import METRES_A_DEGREE
from patrolroute.network.road import RoadNetwork
from patrolroute.output.looks.fonts import fitted
from patrolroute.output.looks.phrases import phrase
from patrolroute.output.looks.style import ROADS
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import PlannedCrew, PlannedTask, Spot

if TYPE_CHECKING:
    from patrolroute.output.looks.scene import Scene


AT_M, OWN_M, NEAR_M = 40.0, 500.0, 1000.0
"""A junction is the place itself up to ``AT_M`` metres away, and tells where it is up to ``NEAR_M``. One of the street
on which the place lies is named rather than a nearer one, up to ``OWN_M``."""

KEPT = 4
"""Networks whose junctions are kept: a plan is written in several files, and each crew has one of its own."""


@dataclass(frozen=True, slots=True)
class End:
    """Where a drive along a street begins or ends.

    Parameters
    ----------
    at
        Name of the street that crosses there, empty where none with a name does.
    near
        Then, of the nearest one along the street; empty where none is near.
    is_last
        Whether the street itself begins or ends there.
    """

    at: str = ""
    near: str = ""
    is_last: bool = False

    def said(self, lang: Lang) -> str:
        """Return it as a person is told; empty if nothing is known.

        Examples
        --------
        >>> End("惠利路").said("zh"), End(near="学院路").said("zh"), End(is_last=True).said("zh"), UNKNOWN.said("zh")
        ('惠利路', '学院路附近', '路尽头', '')
        """
        if self.is_last:
            return phrase("street_end", lang)
        return phrase("near", lang, name=self.near) if self.near else self.at


UNKNOWN = End()


@lru_cache(maxsize=KEPT)
def junction_names(network: RoadNetwork) -> JunctionNames:
    """Return the names of a network's junctions, worked out once."""
    return JunctionNames(network)


class JunctionNames:
    """Names the junctions of a network by the streets that meet there.

    Two sections of one street (朝阳西路, 朝阳中路) make no junction.
    """

    def __init__(self, network: RoadNetwork) -> None:
        self._network = network

    def cross_streets(self, node: int, street: str) -> str:
        """Name the streets that meet ``street`` at a node (by id); empty if none has another name."""
        index = self._network.node_index.get(node)
        return "/".join(sorted(self._names.get(index, set()) - {street})) if index is not None else ""

    def ends(self, arcs: Sequence[Arc], street: str) -> tuple[End, End]:
        """Return where a drive along ``street`` begins and ends, its arcs given by their ids.

        Where no other street crosses, the nearest along the street is looked for: beyond the drive, else within it.
        """
        if not arcs:
            return UNKNOWN, UNKNOWN
        nodes = [arcs[0][0], *(head for _, head, _ in arcs)]
        first, last = (self.cross_streets(node, street) for node in (nodes[0], nodes[-1]))
        begin = End(first) if first else self._uncrossed(nodes[0], street, nodes, last)
        end = End(last) if last else self._uncrossed(nodes[-1], street, nodes, first or begin.near)
        return begin, end

    def _uncrossed(self, node: int, street: str, driven: Sequence[int], told: str) -> End:
        """Return where a node (by id) is that no other street crosses; what is told of already is not told again."""
        index = self._network.node_index
        start = index.get(node)
        if start is None or not street:
            return UNKNOWN
        inside = {index[other] for other in driven if other in index} - {start}
        if all(other in inside for other, _ in self._along.get((base_name(street), start), ())):
            return End(is_last=True)
        found = (self._first_crossing(start, street, barred) for barred in (inside, set[int]()))
        return End(near=next((name for name in found if name not in ("", told)), ""))

    def _first_crossing(self, start: int, street: str, barred: Collection[int]) -> str:
        """Walk along a street from a node to the first that another street crosses, up to ``OWN_M``; nodes by index."""
        own, reached, waiting = base_name(street), set(barred), [(0, start)]
        while waiting:
            metres, node = heappop(waiting)
            if node in reached:
                continue
            reached.add(node)
            if others := {name for name in self._names.get(node, ()) if base_name(name) != own}:
                return "/".join(sorted(others))
            for other, length_m in self._along.get((own, node), ()):
                if metres + length_m <= OWN_M:
                    heappush(waiting, (metres + length_m, other))
        return ""

    @cached_property
    def _along(self) -> dict[tuple[str, int], list[tuple[int, int]]]:
        """Neighbours of each node along each street, all its sections together, with the metres to them, by index."""
        found: dict[tuple[str, int], list[tuple[int, int]]] = {}
        network = self._network
        bases = {name: base_name(name) for name in set(network.names) if name}
        ends = network.tail.tolist(), network.head.tolist(), network.length_m.tolist()
        for name, tail, head, length_m in zip(network.names, *ends, strict=True):
            if name:
                found.setdefault((bases[name], tail), []).append((head, length_m))
                found.setdefault((bases[name], head), []).append((tail, length_m))
        return found

    def streets_at(self, node: int) -> str:
        """Name the streets at a node (by id), one or several; empty if none has a name."""
        index = self._network.node_index.get(node)
        return "/".join(sorted(self._names.get(index, ()))) if index is not None else ""

    def at(self, node: int) -> tuple[str, tuple[str, ...]]:
        """Return the two names of the junction that tells where a node (by id) is.

        Returns
        -------
        tuple
            ``at`` or ``near`` and two names; ``street`` and the node's one name where no junction is near; an empty
            text and no name where there is nothing.
        """
        index = self._network.node_index.get(node)
        if index is None:
            return "", ()
        own = sorted(self._names.get(index, ()))
        found = self._near(index, own)
        if found is not None:
            other, far = found
            names = sorted(self._names[other], key=lambda name: (name not in own, name))
            first = names[0]
            second = next(name for name in names if base_name(name) != base_name(first))
            return ("at" if far <= AT_M else "near"), (first, second)
        return ("street", (own[0],)) if own else ("", ())

    def _near(self, index: int, own: list[str]) -> tuple[int, float] | None:
        """Return the junction that tells best where a node is, with its metres from there; None if none is near."""
        if not len(self._places):
            return None
        metres = np.hypot(*(self._plane[self._places] - self._plane[index]).T)
        nearest = int(np.argmin(metres))
        if metres[nearest] > AT_M:
            shares = [bool(self._names[place].intersection(own)) for place in self._places.tolist()]
            along = np.flatnonzero(np.array(shares) & (metres <= OWN_M))
            if len(along):
                nearest = int(along[np.argmin(metres[along])])
        return (int(self._places[nearest]), float(metres[nearest])) if metres[nearest] <= NEAR_M else None

    @cached_property
    def _names(self) -> dict[int, set[str]]:
        """Names of the streets at each node, by index."""
        names: dict[int, set[str]] = {}
        network = self._network
        for tail, head, name in zip(network.tail.tolist(), network.head.tolist(), network.names, strict=True):
            if name:
                names.setdefault(tail, set()).add(name)
                names.setdefault(head, set()).add(name)
        return names

    @cached_property
    def _places(self) -> LongArray:
        """Nodes where streets of at least two names meet, by index."""
        crossed = [node for node, names in self._names.items() if len({base_name(name) for name in names}) > 1]
        return np.array(sorted(crossed), dtype=np.int64)

    @cached_property
    def _plane(self) -> FloatArray:
        """Place of each node in metres, good within a city."""
        network = self._network
        narrow = np.cos(np.radians(network.lat.mean())) if len(network) else 1.0
        lon = near_lon(network.lon, float(network.lon[0])) if len(network) else network.lon
        return np.column_stack((lon * narrow, network.lat)) * METRES_A_DEGREE


def between(begins_at: str, ends_at: str) -> str:
    """Return from which cross street to which, empty where neither has a name.

    Examples
    --------
    >>> between("惠利路", ""), between("", "")
    ('惠利路 → …', '')
    """
    ends = [fitted(name) for name in (begins_at, ends_at)]
    return " → ".join(name or "…" for name in ends) if any(ends) else ""


def section(plan: PatrolPlan, task: PlannedTask, lang: Lang) -> str:
    """Return between which cross streets a street's segment lies; empty for a hotspot, and where nobody can tell.

    Parameters
    ----------
    plan
        The plan.
    task
        One of its tasks.
    lang
        Of the words.
    """
    network = plan.networks.get(task.mode)
    if network is None or task.kind != "street" or not task.directions:
        return ""
    ends = junction_names(network).ends(task.directions[0], task.name)
    return between(*(end.said(lang) for end in ends))


# Muster places


class PlaceNames:
    """Names the muster places of one plan.

    Parameters
    ----------
    plan
        The plan; its networks tell the junctions.
    lang
        Of the words.
    """

    def __init__(self, plan: PatrolPlan, lang: Lang) -> None:
        self._lang = lang
        self._junctions = {mode: junction_names(network) for mode, network in plan.networks.items()}

    def name(self, spot: Spot, mode: Mode) -> str:
        """Return what people call a place, else the junction at or near it; empty if neither is known."""
        return spot.name.strip() or self.junction(spot, mode)

    def ends(self, crew: PlannedCrew) -> tuple[str, str]:
        """Return the names of the places where a crew starts and ends."""
        return self.name(crew.depot, crew.mode), self.name(crew.end_depot, crew.mode)

    def both(self, spot: Spot, mode: Mode) -> str:
        """Return what people call a place and the junction at or near it, as far as they are known."""
        return ", ".join(filter(None, dict.fromkeys((spot.name.strip(), self.junction(spot, mode)))))

    def junction(self, spot: Spot, mode: Mode) -> str:
        """Name the junction at or near a place, else its street; empty if no street nearby has a name."""
        known = self._junctions.get(mode)
        form, names = known.at(spot.node) if known is not None else ("", ())
        if form in ("", "street"):
            return "".join(names)
        written = phrase("junction" if form == "at" else "near_junction", self._lang, one=names[0], two=names[1])
        return written.replace("环岛路口", "环岛")


# Streets along their lines

STRAIGHT = 0.985
"""Least ratio of the beeline to the length for a part of a street to carry its name."""

STEEP = 50.0
"""Degrees from level above which Chinese letters stand upright below one another, as on Chinese maps."""

TALLEST = 8
"""Letters that may stand below one another; a longer name lies along its street."""

RIGHT_ANGLE = 90.0


@dataclass(frozen=True, slots=True)
class NamedStreet:
    """A street with a name: its lines in metres, longest first, and how great it is; priority 0 if it has none."""

    name: str
    highway: str
    priority: int
    lines: tuple[FloatArray, ...]
    length_m: float


def named_streets(scene: Scene) -> list[NamedStreet]:
    """Return main streets and priority streets by name, the greatest first."""
    priorities: dict[str, int] = {}
    for stretch in scene.stretches:
        priorities[stretch.task.name] = max(priorities.get(stretch.task.name, 0), stretch.task.priority)
    found = [
        _named(scene, name, arcs, priorities.get(name, 0))
        for name, arcs in _arcs_by_name(scene).items()
        if name in priorities or any(highway in ROADS for highway, _ in arcs)
    ]
    rank = {highway: place for place, highway in enumerate(ROADS)}
    return sorted(
        found,
        key=lambda street: (rank.get(street.highway, len(rank)), -street.priority, -street.length_m, street.name),
    )


def straight_at(line: shapely.LineString, begin_m: float, end_m: float) -> tuple[FloatArray, float] | None:
    """Return the middle of a part of a line and its angle in degrees; None where the line bends too much for a name.

    Parameters
    ----------
    line
        A street's line in metres.
    begin_m, end_m
        Where the part begins and ends, in metres from the line's begin.
    """
    begin, end = (np.array(line.interpolate(at).coords[0]) for at in (begin_m, end_m))
    step = end - begin
    if not np.hypot(*step) >= STRAIGHT * (end_m - begin_m) > 0:
        return None
    return (begin + end) / 2, float(np.degrees(np.arctan2(step[1], step[0])))


def readable(angle: float) -> float:
    """Turn an angle so that text along it reads from left to right, or upwards.

    Examples
    --------
    >>> readable(180.0), readable(135.0), readable(-90.0), readable(90.0)
    (0.0, -45.0, 90.0, 90.0)
    """
    turned = (angle + RIGHT_ANGLE) % 180 - RIGHT_ANGLE
    return abs(turned) if turned <= -RIGHT_ANGLE else turned


def _arcs_by_name(scene: Scene) -> dict[str, list[tuple[str, FloatArray]]]:
    """Return class and line of the roadways by name; of a two-way road one direction."""
    found: dict[str, list[tuple[str, FloatArray]]] = {}
    for road in scene.roads:
        if road.name:
            found.setdefault(road.name, []).append((road.highway, road.line))
    return found


def _named(scene: Scene, name: str, arcs: list[tuple[str, FloatArray]], priority: int) -> NamedStreet:
    """Join a street's lines as far as the frame shows them; its class is that of most of its length."""
    lengths: dict[str, float] = {}
    for highway, line in arcs:
        lengths[highway] = lengths.get(highway, 0.0) + float(shapely.LineString(line).length)
    merged = shapely.line_merge(shapely.union_all([shapely.LineString(line) for _, line in arcs]))
    inside = shapely.get_parts(shapely.intersection(merged, shapely.box(*scene.frame)))
    parts = [part for part in inside if part.geom_type == "LineString" and not part.is_empty]
    parts.sort(key=lambda part: (-part.length, part.wkt))
    greatest = max(sorted(lengths), key=lambda highway: lengths[highway])
    return NamedStreet(name, greatest, priority, tuple(np.array(part.coords) for part in parts), sum(lengths.values()))
