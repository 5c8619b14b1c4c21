"""Polygons of areas: every place belongs to the area of the street next to it, edges smoothed on both sides alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

import numpy as np
import shapely
from scipy.spatial import Voronoi
from shapely import MultiPolygon, Polygon

from patrolroute.areas.streets import StreetUnits, passing_over
from patrolroute.base.vocabulary import FloatArray, IntArray
from patrolroute.network.places import flat

STEP_M = 20.0
"""Between points of a street: an edge between two streets side by side lies in the middle to within this."""

ROOM_M = 150.0
"""That areas reach beyond the last street."""

GULF_M = 600.0
"""Land between streets that is narrower than twice this belongs to an area, wider land around the town to none."""

SMOOTH_M = (80.0, 50.0, 30.0, 15.0, 5.0)
"""By how much an edge may be straightened, the most first: the next where the middle of a street would change sides."""

GRID_M = 0.01
"""Points of streets that are nearer than this are one, and corners of polygons too."""

OUTSIDE = -1


def area_polygons(streets: StreetUnits, area: IntArray) -> tuple[Polygon, ...]:
    """Return the polygon of each area on the plane of the network, in metres: they tile the town and do not overlap.

    Parameters
    ----------
    streets
        Streets as units.
    area
        The area of each unit, each from 0 at least once.
    """
    points, owner = _sites(streets, area)
    hull = _hull(streets)
    tiles = _tiles(points, owner, hull)
    stops = np.array([place for place, _ in streets.stops]).reshape(-1, 2)
    probes = flat(streets.network).to_plane(np.concatenate((streets.midpoints, stops)))
    smoothed = _smoothed(tiles, probes)
    return tuple(tiles) if smoothed is None else smoothed


def _sites(streets: StreetUnits, area: IntArray) -> tuple[FloatArray, IntArray]:
    """Return points along every street, at its middle, at junctions and stops, and the area of each.

    Streets that pass over others have their middle alone, so that they do not cut the areas below.
    """
    picture = flat(streets.network)
    points, owners, over = [], [], passing_over(streets.network)
    for number, segment in enumerate(streets.segments):
        back = set(streets.network.reverse[list(segment.directions[0])].tolist())
        for line in picture.lines[[arc for arc in segment.arcs if arc not in back and arc not in over]]:
            count = max(int(line.length // STEP_M), 1)
            share = (np.arange(count) + 0.5) / count
            points.append(shapely.get_coordinates(shapely.line_interpolate_point(line, share, normalized=True)))
            owners.append(np.full(count, area[streets.unit[number]]))
    points.append(picture.to_plane(streets.midpoints))
    owners.append(area[streets.unit])
    if streets.stops:
        points.append(picture.to_plane([place for place, _ in streets.stops]))
        owners.append(area[[unit for _, unit in streets.stops]])
    points.append(picture.to_plane(np.column_stack((streets.network.lon, streets.network.lat))))
    owners.append(area[streets.unit_of_node])
    every = np.round(np.concatenate(points) / GRID_M).astype(np.int64)
    first = np.sort(np.unique(every, axis=0, return_index=True)[1])
    return (every[first] * GRID_M).astype(np.float64), np.concatenate(owners)[first].astype(np.int32)


def _hull(streets: StreetUnits) -> Polygon:
    """Return the town: all streets with some room around them, in one piece, without holes."""
    lines = flat(streets.network).lines
    for gulf_m in (GULF_M, 4 * GULF_M):
        town: Any = shapely.union_all(shapely.buffer(lines, gulf_m, quad_segs=2)).buffer(ROOM_M - gulf_m, quad_segs=2)
        if isinstance(town, Polygon):
            break
    else:
        town = shapely.convex_hull(shapely.union_all(lines)).buffer(ROOM_M, quad_segs=2)
    hull: Any = Polygon(town.exterior).simplify(ROOM_M / 10)
    return cast("Polygon", hull)


def _tiles(points: FloatArray, owner: IntArray, hull: Polygon) -> list[Polygon]:
    """Return for each area all places whose nearest point is one of its, within the town."""
    west, south, east, north = hull.bounds
    far, middle = 4 * (max(east - west, north - south) + ROOM_M), np.array([west + east, south + north]) / 2
    frame = np.array([[-far, 0.0], [far, 0.0], [0.0, -far], [0.0, far]])
    diagram = Voronoi(np.concatenate((points - middle, frame)))  # near the origin, where numbers are most exact
    vertices = diagram.vertices + middle
    cells: list[list[Any]] = [[] for _ in range(int(owner.max()) + 1)]
    for number, at in enumerate(diagram.point_region[: len(points)].tolist()):
        cells[int(owner[number])].append(Polygon(vertices[diagram.regions[at]]))
    whole = [shapely.coverage_union_all(some) for some in cells]
    return _in_one_piece([shapely.intersection(one, hull) for one in whole])


def _in_one_piece(shapes: Sequence[Any]) -> list[Polygon]:
    """Return shapes of one part each: smaller parts go to the neighbour with which they share the longest edge."""
    parts = [sorted(_polygons(shape), key=lambda part: -part.area) for shape in shapes]
    kept = [some[0] for some in parts]
    for stray in sorted((part for some in parts for part in some[1:]), key=lambda part: -part.area):
        shared = [shapely.length(shapely.intersection(stray, one)) for one in kept]
        best = int(np.argmax(shared))
        joined = shapely.union(kept[best], stray)
        if isinstance(joined, Polygon):
            kept[best] = joined
    return kept


def _polygons(shape: Any) -> Iterator[Polygon]:
    yield from (part for part in getattr(shape, "geoms", [shape]) if isinstance(part, Polygon) and part.area > 0)


def _smoothed(tiles: Sequence[Polygon], probes: FloatArray) -> tuple[Polygon, ...] | None:
    """Return tiles with straighter edges, the edge between two of them the same for both; None if that tears one."""
    edges = shapely.line_merge(shapely.union_all([tile.boundary for tile in tiles], grid_size=GRID_M))
    points: Any = shapely.points(probes)
    tree = shapely.STRtree(points)
    straight = [_straightened(part, points, tree) for part in getattr(edges, "geoms", [edges])]
    faces = shapely.polygonize([shapely.union_all(straight, grid_size=GRID_M)])
    found: list[list[Polygon]] = [[] for _ in tiles]
    where = shapely.STRtree(list(tiles))
    for face in faces.geoms:
        near = [(shapely.intersection(face, tiles[at]).area, -int(at)) for at in where.query(face)]
        most = max(near, default=(0.0, 0))
        if most[0] > face.area / 2:
            found[-most[1]].append(cast("Polygon", face))
    joined: list[Any] = [shapely.union_all(some, grid_size=GRID_M) for some in found]
    fine = all(isinstance(one, Polygon) and one.is_valid and not one.is_empty for one in joined)
    return tuple(joined) if fine and _same_sides(tiles, joined, probes) else None


def _straightened(edge: Any, points: Any, tree: shapely.STRtree) -> Any:
    """Return an edge as straight as it can be with all points on the side where they are."""
    for smooth_m in SMOOTH_M:
        straight = edge.simplify(smooth_m)
        ring = np.concatenate((shapely.get_coordinates(edge), shapely.get_coordinates(straight)[::-1]))
        swept = shapely.make_valid(Polygon(ring))
        near = tree.query(swept)
        if straight.is_simple and not shapely.intersects(points[near], swept).any():
            return straight
    return edge


def _same_sides(before: Sequence[Polygon], after: Sequence[Polygon], points: FloatArray) -> bool:
    """Return whether points lie in the same polygons as before."""
    return all(
        bool((shapely.contains_xy(one, *points.T) == shapely.contains_xy(two, *points.T)).all())
        for one, two in zip(before, after, strict=True)
    )


def roundness(polygon: Polygon | MultiPolygon) -> float:
    """Return how compact a shape on a plane is, 1 for a circle: 4π · area / perimeter².

    Polsby & Popper 1991, doi:10.2139/ssrn.2936284.
    """
    around = float(polygon.length)
    return float(4 * np.pi * polygon.area / around**2) if around else 0.0
