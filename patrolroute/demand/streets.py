"""Choosing priority streets by name, class, polygon or drawn line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from patrolroute.demand.drawings import read_lines, read_polygons
from patrolroute.demand.model import PriorityStreet, StreetSegment
from patrolroute.errors import Complaints, InputError, TableError
from patrolroute.network.closures import REACH_M
from patrolroute.network.geometry import flat
from patrolroute.network.names import sections, unknown_name
from patrolroute.network.pairs import Segment, street_segments
from patrolroute.network.road import RoadNetwork
from patrolroute.units import BoolArray, Points, Seconds


def select_streets(  # noqa: PLR0913 - each criterion and wish is one word of a planner's
    network: RoadNetwork,
    *,
    names: Sequence[str] | None = None,
    classes: Sequence[str] | None = None,
    within: Any = None,
    along: Any = None,
    priority: int = 3,
    required: bool = False,
    visits: int = 1,
    headway_s: Seconds | None = None,
    prize: Points | None = None,
    both_carriageways: bool = False,
) -> list[PriorityStreet]:
    """Choose what to patrol; several criteria narrow each other.

    Parameters
    ----------
    names
        Street names. One that is not on the map means its sections: 朝阳路 means 朝阳西路, 中路 and 东路.
    classes
        Highway classes, such as ``primary``; slip roads (``primary_link``) are classes of their own.
    within
        A shapely polygon in WGS-84 degrees, or a GeoJSON file of polygons: segments that lie inside by more
        than half of their length.
    along
        A shapely line, or a GeoJSON file of lines: segments that run along one within 25 m, not those that
        merely cross it.
    priority, required, visits, headway_s
        As in `PriorityStreet`.
    prize
        Points of a first visit of each segment; priority × planned service seconds if not given.
    both_carriageways
        Whether the two carriageways of a divided road are two segments.

    Returns
    -------
    list of PriorityStreet
        One for each name, sorted, the unnamed last.

    Raises
    ------
    TableError
        Naming every unknown street or class, with near matches; or if nothing is left.

    Examples
    --------
    >>> import patrolroute as pr
    >>> network = pr.RoadNetwork.huainan()
    >>> [street.name for street in select_streets(network, names=["龙湖路"], priority=5)]
    ['龙湖路']
    >>> select_streets(network, names=["龙湖"])
    Traceback (most recent call last):
    ...
    patrolroute.errors.TableError: street '龙湖' is not on the map; did you mean 龙湖路, 龙湖路环岛, 龙湖路一巷?
    """
    segments = street_segments(network, pair_carriageways=not both_carriageways)
    chosen = np.ones(network.arc_count, dtype=np.bool_)
    steps: list[tuple[str, BoolArray]] = []
    if names is not None:
        steps.append((f"names {', '.join(names)}", _named(network, names)))
    if classes is not None:
        steps.append((f"classes {', '.join(classes)}", _of_class(network, classes)))
    if within is not None:
        steps.append(("the polygon", flat(network).inside(_shapes(within, read_polygons)) > 0.5))  # noqa: PLR2004
    if along is not None:
        steps.append(("the drawn line", flat(network).runs_along(_shapes(along, read_lines), REACH_M)))
    if not steps:
        raise TableError("streets: give at least one of names, classes, within, along")
    for criterion, fits in steps:
        chosen &= fits
        if not chosen.any():
            raise TableError(f"streets: {criterion} leaves nothing{' of the other criteria' if len(steps) > 1 else ''}")
    kept = [segment for segment in segments if _mostly(chosen, segment)]
    if not kept:
        raise TableError("streets: no whole segment fits all criteria")
    wish = {"priority": priority, "required": required, "visits": visits, "headway_s": headway_s}
    return by_name(network, kept, prize=prize, **wish)


def by_name(
    network: RoadNetwork, segments: Iterable[Segment], *, prize: Points | None = None, **wish: Any
) -> list[PriorityStreet]:
    """Group segments into priority streets by name, the unnamed last."""
    groups: dict[str, list[Segment]] = defaultdict(list)
    for segment in segments:
        groups[segment.name].append(segment)
    return [
        PriorityStreet(
            name,
            tuple(street_segment(network, segment) for segment in groups[name]),
            prize=None if prize is None else (prize,) * len(groups[name]),
            **wish,
        )
        for name in sorted(groups, key=lambda name: (not name, name))
    ]


def street_segment(network: RoadNetwork, segment: Segment) -> StreetSegment:
    """Name a segment's arcs by node ids, so that it can be found on the split network."""
    return StreetSegment(segment.id, segment.name, tuple(network.arcs(chain) for chain in segment.directions))


def combine_streets(*selections: Iterable[PriorityStreet]) -> list[PriorityStreet]:
    """Merge selections that overlap, so that no segment is asked for twice.

    The higher priority keeps a segment; at equal priority the required one; then the earlier. Selections
    with single carriageways and with pairs of them may overlap too: a segment that shares an arc with one
    already kept is dropped.
    """
    streets = [street for selection in selections for street in selection]
    ranked = sorted(range(len(streets)), key=lambda one: (-streets[one].priority, not streets[one].required, one))
    taken: set[Any] = set()
    kept: dict[int, PriorityStreet] = {}
    for one in ranked:
        street = streets[one]
        free = [number for number, segment in enumerate(street.segments) if not _arcs(segment) & taken]
        if free:
            prize = None if street.prize is None else tuple(street.prize[number] for number in free)
            kept[one] = replace(street, segments=tuple(street.segments[number] for number in free), prize=prize)
            taken |= {arc for number in free for arc in _arcs(street.segments[number])}
    return [kept[one] for one in sorted(kept)]


def _arcs(segment: StreetSegment) -> set[Any]:
    return {arc for chain in segment.directions for arc in chain}


def _mostly(chosen: BoolArray, segment: Segment) -> bool:
    """Say whether more than half of a segment's arcs are chosen: a pair is chosen as a whole."""
    arcs = list(segment.arcs)
    return bool(2 * int(chosen[arcs].sum()) > len(arcs) or (len(arcs) == 2 and chosen[arcs].any()))  # noqa: PLR2004


def _named(network: RoadNetwork, names: Sequence[str]) -> BoolArray:
    complaints = Complaints()
    if isinstance(names, str):
        raise TableError(f"names: {names!r} is one text; give a list of names")
    meant: list[str] = []
    for name in names:
        found = sections(name, network)
        if not found:
            complaints.add(unknown_name(name, network))
        meant.extend(found)
    complaints.raise_as(TableError)
    return np.isin(np.array(network.names), meant)


def _of_class(network: RoadNetwork, classes: Sequence[str]) -> BoolArray:
    if isinstance(classes, str):
        raise TableError(f"classes: {classes!r} is one text; give a list of classes")
    known = sorted(set(network.highways) - {""})
    if unknown := [name for name in classes if name not in known]:
        raise TableError(f"class {', '.join(map(repr, unknown))} is not on the map; there are {', '.join(known)}")
    return np.isin(np.array(network.highways), list(classes))


def _shapes(given: Any, read: Any) -> list[Any]:
    """Take a file's shapes, one shape, or several."""
    if isinstance(given, (str, Path)):
        return list(read(given))
    shapes = [given] if shapely.is_geometry(given) else list(given)
    if not shapes or not all(shapely.is_geometry(one) for one in shapes):
        raise InputError(f"drawing: {type(given).__name__} is neither a file nor a shapely geometry")
    return [part for one in shapes for part in (one.geoms if one.geom_type == "MultiLineString" else [one])]
