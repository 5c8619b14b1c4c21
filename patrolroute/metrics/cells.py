"""Cells of the grid (网格): squares and hexagons laid over the streets, or cells that somebody drew."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, cast, get_args

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon

from patrolroute.base.arguments import checked, checked_fields
from patrolroute.base.errors import Complaints, InputError, TableError, short
from patrolroute.base.text import plain
from patrolroute.base.vocabulary import FloatArray
from patrolroute.demand.drawings import Drawing, read_shapes
from patrolroute.network.coordinates import moved, near_lonlat
from patrolroute.network.places import METRES_A_DEGREE
from patrolroute.network.road import RoadNetwork
from patrolroute.plan.model import PatrolPlan

CellShape: TypeAlias = Literal["square", "hexagon"]
"""What cells are laid: squares, or hexagons of which all six neighbours are equally near."""

SIDE_M = 500.0
"""A cell of half a kilometre is crossed on foot within some minutes: whoever is in it hears of what happens there."""

LEAST_SIDE_M, MOST_SIDE_M, MOST_CELLS = 50.0, 100_000.0, 10_000

SLIVER = 0.01
"""Given cells may lie over each other by this share of the smaller one: their edges were drawn by hand."""

NAMES = ("name", "NAME", "名称", "网格", "网格名称", "网格编号", "id", "ID", "编号")
"""Properties of drawn cells that hold their names, the first that is there."""


@checked_fields
@dataclass(frozen=True, slots=True)
class Cell:
    """A part of the ground.

    Parameters
    ----------
    name
        Told apart by it; cells that are laid are called as in a workbook: letters from west to east, numbers from north
        to south.
    polygon
        In degrees, WGS-84.
    """

    name: str
    polygon: Polygon | MultiPolygon

    def __post_init__(self) -> None:
        """Refuse what has no inside."""
        if self.polygon.is_empty or not self.polygon.is_valid:
            raise InputError(f"cells: {short(self.name)} is no polygon that can be used")


@checked
def lay_cells(
    ground: PatrolPlan | RoadNetwork, *, shape: CellShape = "square", side_m: float = SIDE_M
) -> tuple[Cell, ...]:
    """Lay cells of one size over a plan's wanted streets and hotspots, or over all streets of a network.

    Parameters
    ----------
    ground
        The plan or the network. Cells in which nothing of it lies are left out.
    shape
        ``square``, or ``hexagon`` with two sides to the north and south.
    side_m
        Metres of a square's side; a hexagon has the same area. From 50 to 100,000.

    Returns
    -------
    tuple of Cell
        By rows from the north, each from the west. The grid is the same for all plans of a place whose streets reach as
        far: it begins at the south-western corner, rounded down to whole sides.

    Raises
    ------
    InputError
        If the side is shorter, more than 10,000 cells were needed, or there is no street.
    """
    lines, shapes = _lines(ground), get_args(CellShape)
    if shape not in shapes:
        raise InputError(f"cells: shape {shape!r} is not one of {', '.join(shapes)}")
    if not side_m >= LEAST_SIDE_M:
        raise InputError(f"cells: side_m is {side_m:g}; it must be at least {LEAST_SIDE_M:g}")
    if side_m > MOST_SIDE_M:
        raise InputError(f"cells: side_m is {side_m:g}; it must be at most {MOST_SIDE_M:g}")
    if not lines:
        raise InputError("cells: there is no street to lay cells over")
    plane = Plane.of(np.concatenate([shapely.get_coordinates(line) for line in lines]))
    flat = [plane.flat(line) for line in lines]
    rows = _squares(flat, side_m) if shape == shapes[0] else _hexagons(flat, side_m)
    return tuple(_used(list(rows), flat, plane))


@checked
def read_cells(drawing: Drawing, *, crs: str | None = None) -> tuple[Cell, ...]:
    """Read cells that somebody drew: the 网格 of a district, stations' own parts, administrative borders.

    Parameters
    ----------
    drawing
        A GeoJSON file, or shapely polygons, GeoJSON or a frame of geopandas. A property ``name``, ``名称``, ``网格``,
        ``编号`` or ``id`` names each; those without one are numbered.
    crs
        Datum of the coordinates, WGS-84 if not given, unless the drawing says it.

    Raises
    ------
    TableError
        Naming everything that is no polygon, each name that is there twice, and cells that lie over each other.
    """
    shapes, named, complaints = read_shapes(drawing, "cells", crs=crs)
    cells = list[Cell]()
    for number, shape in enumerate(shapes, start=1):
        polygon = shape.geometry
        if polygon.geom_type not in ("Polygon", "MultiPolygon") or polygon.is_empty or not polygon.is_valid:
            complaints.add(f"{shape.where}: is not a polygon that can be used as a cell")
            continue
        given = next((shape.properties[key] for key in NAMES if shape.properties.get(key) not in (None, "")), number)
        ground = cast("Polygon", moved(polygon, str(named or crs or "wgs84")))
        cells.append(Cell(plain(str(given)).strip() or str(number), ground))
    if not shapes:
        complaints.add("cells: there is no shape")
    _compare(cells, complaints)
    complaints.raise_as(TableError)
    return tuple(cells)


def _compare(cells: Sequence[Cell], complaints: Complaints) -> None:
    """Note names that are there twice, and cells that lie over each other."""
    seen = set[str]()
    for cell in cells:
        if cell.name in seen:
            complaints.add(f"cells: the name {short(cell.name)} is there twice")
        seen.add(cell.name)
    tree = shapely.STRtree([cell.polygon for cell in cells])
    for one, other in _touching(tree, cells):
        common = cells[one].polygon.intersection(cells[other].polygon).area
        if common > SLIVER * min(cells[one].polygon.area, cells[other].polygon.area):
            complaints.add(f"cells: {short(cells[one].name)} and {short(cells[other].name)} lie over each other")


def _touching(tree: shapely.STRtree, cells: Sequence[Cell]) -> Iterator[tuple[int, int]]:
    for one, cell in enumerate(cells):
        yield from ((one, int(other)) for other in sorted(tree.query(cell.polygon)) if other > one)


@dataclass(frozen=True, slots=True)
class Plane:
    """A plane in metres around a place: metres of a degree eastward and northward, and a longitude of the place."""

    east: float
    north: float
    lon: float

    @classmethod
    def of(cls, lonlat: FloatArray) -> Plane:
        """Return the plane around points, shape ``(n, 2)``.

        Its scale is that of the whole tenth of a degree of latitude, so that grids of one place are the same.
        """
        lon = float(lonlat[0, 0])
        lat = round(10 * float(near_lonlat(lonlat, lon)[:, 1].mean())) / 10
        return cls(METRES_A_DEGREE * math.cos(math.radians(lat)), METRES_A_DEGREE, lon)

    def flat(self, geometry: shapely.Geometry) -> Any:
        """Return a geometry in degrees as one in metres."""
        return shapely.transform(geometry, lambda points: near_lonlat(points, self.lon) * (self.east, self.north))

    def round(self, polygon: Polygon) -> Polygon:
        """Return a polygon in metres as one in degrees."""
        return Polygon(np.asarray(polygon.exterior.coords) / (self.east, self.north))


def _lines(ground: PatrolPlan | RoadNetwork) -> list[shapely.Geometry]:
    """Return the streets and places that cells are laid over, in degrees."""
    if isinstance(ground, RoadNetwork):
        return [shapely.LineString(ground.path_shape([arc])) for arc in range(len(ground.length_m))]
    return [line for task in ground.tasks for line in wanted_lines(ground, task.id)]


def wanted_lines(plan: PatrolPlan, task: str) -> tuple[shapely.Geometry, ...]:
    """Return what a plan's task looks like on the map, in degrees: a street's directions, the point of a hotspot.

    Nothing of what is not on the plan's networks.
    """
    one = plan.task[task]
    network = plan.networks.get(one.mode)
    if network is None:
        return ()
    if one.node is not None:
        is_there = one.node in network.node_index
        return (shapely.Point(network.node_lonlat(network.node_index[one.node])),) if is_there else ()
    chains = [chain for chain in one.directions if chain and all(arc in network.arc_index for arc in chain)]
    return tuple(shapely.LineString(network.path_shape([network.arc_index[arc] for arc in chain])) for chain in chains)


Place: TypeAlias = tuple[int, int, Polygon]
"""A row from the south, a column from the west, and the cell there in metres."""


def _squares(flat: Sequence[shapely.Geometry], side: float) -> Iterator[Place]:
    west, south, east, north = _frame(flat, side, side)
    for row in range(_count(north - south, side)):
        for column in range(_count(east - west, side)):
            x, y = west + column * side, south + row * side
            yield row, column, shapely.box(x, y, x + side, y + side)


def _hexagons(flat: Sequence[shapely.Geometry], side: float) -> Iterator[Place]:
    """Yield hexagons of a square's area: 3·√3/2·a² = side²; every second column lies half a hexagon higher."""
    edge = side * math.sqrt(2 / (3 * math.sqrt(3)))
    wide, high = 1.5 * edge, math.sqrt(3) * edge
    west, south, east, north = _frame(flat, wide, high)
    corners = [(edge * math.cos(turn * math.pi / 3), edge * math.sin(turn * math.pi / 3)) for turn in range(6)]
    for column in range(_count(east - west, wide) + 1):
        for row in range(-1, _count(north - south, high) + 1):
            x, y = west + column * wide, south + row * high + (column % 2) * high / 2
            yield row, column, Polygon([(x + dx, y + dy) for dx, dy in corners])


def _frame(flat: Sequence[shapely.Geometry], wide: float, high: float) -> tuple[float, float, float, float]:
    west, south, east, north = shapely.total_bounds(np.array(flat, dtype=object))
    west, south = math.floor(west / wide) * wide, math.floor(south / high) * high
    if _count(east - west, wide) * _count(north - south, high) > MOST_CELLS:
        raise InputError(f"cells: more than {MOST_CELLS:,} cells were needed; ask for a greater side_m")
    return west, south, float(east), float(north)


def _count(metres: float, side: float) -> int:
    return max(1, math.ceil(metres / side + 1e-9))


def _used(places: list[Place], flat: Sequence[shapely.Geometry], plane: Plane) -> Iterator[Cell]:
    """Yield the cells in which something lies, by rows from the north, with their names."""
    tree = shapely.STRtree([polygon for _, _, polygon in places])
    used = sorted({int(number) for number in tree.query(np.array(flat, dtype=object), predicate="intersects")[1]})
    top, left = max(places[number][0] for number in used), min(places[number][1] for number in used)
    for number in sorted(used, key=lambda number: (-places[number][0], places[number][1])):
        row, column, polygon = places[number]
        yield Cell(f"{letters(column - left)}{top - row + 1}", plane.round(polygon))


def letters(number: int) -> str:
    """Return the name of a column of a workbook, the first of which is 0.

    Examples
    --------
    >>> letters(0), letters(25), letters(26), letters(27 * 26)
    ('A', 'Z', 'AA', 'AAA')
    """
    first, last = divmod(number, 26)
    return (letters(first - 1) if first else "") + chr(ord("A") + last)
