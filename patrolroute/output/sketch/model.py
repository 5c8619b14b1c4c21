"""What a sketch of a night shows, in degrees, and the plane that it is drawn on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypeAlias

import numpy as np
import shapely

from patrolroute.base.text import Catalogue
from patrolroute.base.vocabulary import FloatArray, Lang, LonLat, Mode
from patrolroute.network.coordinates import near_lonlat
from patrolroute.network.places import METRES_A_DEGREE
from patrolroute.network.road import RoadNetwork
from patrolroute.output.looks.style import ROADS

Frame: TypeAlias = tuple[float, float, float, float]
"""West, south, east, north in metres on the sketch's plane."""

SMALLEST_M = 800.0
"""Least width and height of the frame."""

ROOM = 1.12
"""Times as wide and high as what must be seen, so that there are streets around it."""

WORDS = Catalogue(
    {
        "sketch_title": ("当晚底图（尚未排班）", "Map of the night to be, not planned yet"),
        "priority": ("重点路段 {n} 级", "priority {n}"),
        "required": ("必巡路段（两侧细线）", "required (thin lines beside)"),
        "closed": ("封闭", "closed"),
        "slow": ("缓行", "slow"),
        "crew_area": ("巡区", "patrol area"),
        "within": ("重点路段范围", "area of priority streets"),
        "area_closed": ("封闭或缓行区域", "closed or slow area"),
        "depot": ("集结点", "depot"),
        "hotspot": ("场所", "hotspot"),
        "snapped": ("标注点到停靠点", "from a point to where it was put"),
        "at": ("{street}（{metres:.0f} 米）", "{street} ({metres:.0f} m)"),
        "must": ("必巡", "required"),
        "street": ("{name}，{priority} 级{must}", "{name}, priority {priority}{must}"),
        "found": ("查出的问题与说明", "What was found"),
        "nothing": ("没有问题", "Nothing is wrong"),
        "hint": ("拖动、滚轮缩放；点图例可隐藏", "Drag, scroll to zoom; click the legend to hide"),
        "whose": ("地图数据：{whose}", "Map data: {whose}"),
        "unnamed": ("无名道路", "unnamed road"),
        "broken": ("地图未能显示，请用较新的浏览器打开", "The map could not be shown; open it in a newer browser"),
    }
)
"""What a sketch says of its own."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a street in degrees, shape ``(n, 2)``; of a chosen street its priority, 0 of what is closed or slow."""

    points: FloatArray
    name: str
    priority: int = 0
    required: bool = False


@dataclass(frozen=True, slots=True)
class Zone:
    """An area in degrees, what it is called, and what it is for: ``crew_area``, ``within`` or ``area_closed``.

    ``colour`` fills it where areas lie side by side; without one it has the look of its kind.
    """

    shape: Any
    name: str
    kind: Literal["crew_area", "within", "area_closed"]
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A depot or hotspot.

    Parameters
    ----------
    name
        What it is called.
    kind
        ``depot``, or the kind of a hotspot.
    given
        Where its point lies, longitude and latitude.
    foot
        Where on the streets it was put.
    street
        The name of that street, empty if it has none.
    metres
        From one to the other.
    """

    name: str
    kind: str
    given: LonLat
    foot: LonLat
    street: str
    metres: float


@dataclass(frozen=True, eq=False)
class Sketch:
    """Everything that is drawn of one night.

    Parameters
    ----------
    networks
        The map of each mode, with what is closed.
    title
        Which night.
    streets, closed, slow, zones, marks
        What was read.
    told
        What was found wrong or worth knowing: ``error``, ``warning`` or ``note``, and the sentence.
    heading
        What stands before the title; that this is the map of a night to be if not given.
    about
        What stands above what was found; that these are findings if not given.
    """

    networks: Mapping[Mode, RoadNetwork]
    title: str
    streets: tuple[Line, ...] = ()
    closed: tuple[Line, ...] = ()
    slow: tuple[Line, ...] = ()
    zones: tuple[Zone, ...] = ()
    marks: tuple[Mark, ...] = ()
    told: tuple[tuple[str, str], ...] = ()
    heading: str | None = None
    about: str = ""

    def headed(self, lang: Lang) -> str:
        """Return the title with what stands before it."""
        heading = WORDS.say("sketch_title", lang) if self.heading is None else self.heading
        return f"{heading}  {self.title}".strip()

    @cached_property
    def _degrees(self) -> FloatArray:
        """Longitude and latitude of all that must be seen, else of every street."""
        parts = [line.points for line in (*self.streets, *self.closed, *self.slow)]
        parts += [np.array([mark.given, mark.foot]) for mark in self.marks]
        every = [np.column_stack((network.shape_lon, network.shape_lat)) for network in self.networks.values()]
        low, high = (pick([pick(points, axis=0) for points in every], axis=0) for pick in (np.min, np.max))
        for zone in self.zones:  # an area that reaches beyond the map is seen where there is a map
            inside = np.clip(shapely.get_coordinates(zone.shape), low, high)
            parts += [inside] if shapely.intersects(zone.shape, shapely.box(*low, *high)) else []
        return np.concatenate(parts or every)

    @cached_property
    def _scale(self) -> FloatArray:
        """Metres of a degree of longitude and of latitude in the middle of what is seen."""
        middle = float(self._degrees[:, 1].min() + self._degrees[:, 1].max()) / 2
        return np.array([np.cos(np.radians(middle)), 1.0]) * METRES_A_DEGREE

    def plane(self, degrees: FloatArray | LonLat) -> FloatArray:
        """Turn degrees into metres, shape ``(n, 2)``, from the south-western corner of what must be seen."""
        first = self._degrees.min(axis=0)
        points = near_lonlat(np.asarray(degrees, dtype=np.float64).reshape(-1, 2), float(first[0]))
        return np.asarray((points - first) * self._scale)

    @cached_property
    def frame(self) -> Frame:
        """The part of the plane that is shown."""
        points = self.plane(self._degrees)
        low, high = points.min(axis=0), points.max(axis=0)
        size = np.maximum((high - low) * ROOM, SMALLEST_M)
        size = np.maximum(size, size[::-1] / 2.2)
        west, south = (low + high - size) / 2
        return float(west), float(south), float(west + size[0]), float(south + size[1])

    @cached_property
    def roads(self) -> tuple[tuple[str, str, FloatArray], ...]:
        """Class, name and line on the plane of every roadway in the frame, of a two-way road one direction."""
        west, south, east, north = self.frame
        found = list[tuple[str, str, FloatArray]]()
        for network in self.networks.values():
            points = self.plane(np.column_stack((network.shape_lon, network.shape_lat)))
            starts = network.shape_start[:-1]
            low, high = np.minimum.reduceat(points, starts), np.maximum.reduceat(points, starts)
            shown = np.flatnonzero(((low <= (east, north)) & (high >= (west, south))).all(axis=1))
            for arc in shown.tolist():
                if not 0 <= network.reverse[arc] < arc:
                    line = points[network.shape_start[arc] : network.shape_start[arc + 1]]
                    found.append((network.highways[arc].removesuffix("_link"), network.names[arc], line))
        return tuple(found)

    def merged(self, lines: Sequence[Line]) -> list[tuple[str, FloatArray]]:
        """Return name and line on the plane of some lines, those of one street that touch as one."""
        by_name: dict[str, list[Any]] = {}
        for line in lines:
            by_name.setdefault(line.name, []).append(shapely.LineString(self.plane(line.points)))
        return [
            (name, np.array(part.coords))
            for name, parts in by_name.items()
            for part in shapely.get_parts(shapely.line_merge(shapely.union_all(parts)))
        ]

    @cached_property
    def named(self) -> tuple[tuple[str, Any], ...]:
        """Streets that are to carry their names, closed and chosen ones first, with their longest line in the frame."""
        wanted = dict[str, None]()
        for line in (*self.closed, *self.slow, *sorted(self.streets, key=lambda line: -line.priority)):
            wanted[line.name] = None
        rank = {highway: place for place, highway in enumerate(ROADS)}
        main = sorted({(rank[highway], name) for highway, name, _ in self.roads if highway in rank})
        wanted |= dict.fromkeys(name for _, name in main)
        lines: dict[str, list[Any]] = {}
        for _, name, points in self.roads:
            lines.setdefault(name, []).append(shapely.LineString(points))
        found, frame = list[tuple[str, Any]](), shapely.box(*self.frame)
        for name in wanted:
            if name and name in lines:
                merged = shapely.intersection(shapely.line_merge(shapely.union_all(lines[name])), frame)
                parts = [part for part in shapely.get_parts(merged) if part.geom_type == "LineString" and part.length]
                found += [(name, max(parts, key=lambda part: (part.length, part.wkt)))] if parts else []
        return tuple(found)

    @property
    def attribution(self) -> str:
        """Whose data the map is."""
        return " · ".join(dict.fromkeys(network.attribution for network in self.networks.values()))

    @property
    def notice(self) -> str:
        """What must be said of the map, empty for nothing."""
        return "\n".join(dict.fromkeys(network.notice for network in self.networks.values() if network.notice))
