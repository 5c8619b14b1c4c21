"""Choosing priority streets by name, class, polygon or drawn line; selections that overlap become one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any, TypeAlias

import numpy as np

from patrolroute.base.arguments import checked
from patrolroute.base.errors import Complaints, InputError, PlaceError, TableError
from patrolroute.base.shapes import Inline
from patrolroute.base.vocabulary import DATUMS, Arc, BoolArray, Mode, Points, Seconds
from patrolroute.demand.drawings import Drawing, drawn_lines, drawn_polygons
from patrolroute.demand.model import (
    MAX_PRIZE,
    PriorityStreet,
    StreetSegment,
    Window,
    broken_languages,
    broken_promise,
    broken_request,
    broken_windows,
    not_whole,
)
from patrolroute.network.names import REACH_M, area_in_words, is_area, marked_by_name, sections
from patrolroute.network.places import MOST, flat
from patrolroute.network.road import RoadNetwork
from patrolroute.network.segments import Segment, street_segments
from patrolroute.network.speeds import LINK


@checked(
    but=("names", "classes", "within", "along", "priority", "required", "visits", "headway_s", "prize", "mode", "load",
         "max_gap_min", "windows", "languages")
)  # fmt: skip
def select_streets(  # noqa: PLR0913 - each criterion and request is one word of a planner's
    network: RoadNetwork,
    *,
    names: Sequence[str] | None = None,
    classes: Sequence[str] | None = None,
    within: Drawing | None = None,
    along: Drawing | None = None,
    priority: int = 3,
    required: bool = False,
    visits: int = 1,
    headway_s: Seconds | None = None,
    prize: Points | None = None,
    load: int = 0,
    max_gap_min: float | None = None,
    windows: Sequence[Window] = (),
    languages: Sequence[str] = (),
    both_carriageways: bool = False,
    crs: str | None = None,
) -> list[PriorityStreet]:
    """Choose what to patrol; several criteria narrow each other.

    Parameters
    ----------
    network
        The map.
    names
        Street names. One that is not on the map means its sections: 朝阳路 means 朝阳西路, 中路 and 东路. Part of a
        street is named by its ends: ``龙湖路：国庆中路至舜耕中路``, ``A Road: B Road to C Road``.
    classes
        Highway classes, such as ``primary``; link roads (``primary_link``) are classes of their own, and chosen by
        nothing else. Roundabouts are chosen by a name that only they have.
    within
        One or several shapely polygons in degrees, GeoJSON, a GeoSeries or GeoDataFrame, or a GeoJSON file: segments of
        which at least one direction lies inside by more than half of its length. Or an area in words, its bounding
        streets included: ``东至龙湖路，南至国庆中路，西至淮河大道，北至朝阳中路``.
    along
        Lines of the same forms, or a GeoJSON or GPX file of them: segments that run along one within 25 m, not those
        that merely cross it.
    priority, required, visits, headway_s
        As in `PriorityStreet`.
    prize
        Points of a first visit of each segment; priority × planned service seconds if not given.
    load
        What a visit of a segment takes of a crew's capacity.
    max_gap_min
        A promise: nobody comes by a segment for so many minutes at most; see `PriorityStreet`.
    windows
        Hours in which it matters, outside of which nothing counts; see `PriorityStreet`.
    languages
        Whoever serves it speaks one of them.
    both_carriageways
        Whether the two carriageways of a divided road are two segments.
    crs
        Datum of what is drawn: ``wgs84``, ``gcj02`` or ``bd09``; WGS-84 if neither this nor the drawing says anything.
        What a GeoSeries or GeoDataFrame says of its own CRS is obeyed, and must not be contradicted.

    Returns
    -------
    list of PriorityStreet
        One for each name, sorted, the unnamed last.

    Raises
    ------
    TableError
        Naming every unknown street or class, with near matches, every drawing and request that breaks a rule;
        or if nothing is left.

    Examples
    --------
    >>> import patrolroute as pr
    >>> network = pr.RoadNetwork.huainan()
    >>> [street.name for street in select_streets(network, names=["龙湖路"], priority=5)]
    ['龙湖路']
    >>> select_streets(network, names=["龙湖"])
    Traceback (most recent call last):
    ...
    patrolroute.base.errors.TableError: street '龙湖' is not on the map; did you mean 龙湖路, 龙湖路环岛, 龙湖路一巷?
    """
    request: dict[str, Any] = {
        "priority": priority, "required": required, "visits": visits, "headway_s": headway_s, "mode": network.mode,
        "load": load, "max_gap_min": max_gap_min, "windows": windows,
        "languages": languages,
    }  # fmt: skip
    complaints = Complaints()
    complaints.extend(_broken_selection(request, prize))
    if crs is not None and crs not in DATUMS:
        complaints.add(f"crs {crs!r} is not one of {', '.join(DATUMS)}")
        complaints.raise_as(TableError)
    chosen = np.ones(network.arc_count, dtype=np.bool_)
    criteria = _Criteria(network, complaints, crs)
    for criterion, given in (("named", names), ("of_class", classes), ("within", within), ("along", along)):
        if given is not None:
            chosen &= getattr(criteria, criterion)(given)
    if all(given is None for given in (names, classes, within, along)):
        complaints.add("streets: give at least one of names, classes, within, along")
    complaints.raise_as(TableError)
    segments = street_segments(network, pair_carriageways=not both_carriageways)
    touched = chosen.tolist()
    kept = [
        segment
        for segment in segments
        if any(touched[arc] for arc in segment.arcs) and _is_chosen(network, chosen, segment)
    ]
    if not kept:
        raise TableError("streets: no street fits all that is asked for; each criterion alone is met")
    return by_name(network, kept, prize=prize, **request)


def by_name(
    network: RoadNetwork, segments: Iterable[Segment], *, prize: Points | None = None, **request: Any
) -> list[PriorityStreet]:
    """Group segments into priority streets by name, the unnamed last.

    Parameters
    ----------
    network
        Where the segments lie.
    segments
        What is chosen.
    prize
        Points of a first visit of each segment; priority × planned service seconds if not given.
    request
        Further fields of `PriorityStreet`, the same for all.
    """
    groups: dict[str, list[Segment]] = defaultdict(list)
    for segment in segments:
        groups[segment.name].append(segment)
    return [
        PriorityStreet(
            name,
            tuple(street_segment(network, segment) for segment in groups[name]),
            prize=None if prize is None else (prize,) * len(groups[name]),
            **request,
        )
        for name in sorted(groups, key=lambda name: (not name, name))
    ]


def street_segment(network: RoadNetwork, segment: Segment) -> StreetSegment:
    """Name a segment's arcs by node ids, so that it can be found on the split network.

    Outside the car network its id begins with the mode, for the same street may be walked and driven.
    """
    name = segment.id if network.mode == "car" else f"{network.mode}:{segment.id}"
    return StreetSegment(name, segment.name, tuple(network.arcs(chain) for chain in segment.directions))


class _Criteria:
    """Marks the arcs that each criterion chooses; what cannot be read is a complaint and chooses nothing."""

    def __init__(self, network: RoadNetwork, complaints: Complaints, crs: str | None) -> None:
        self._network, self._complaints, self._crs = network, complaints, crs

    def named(self, names: Sequence[str]) -> BoolArray:
        """Mark the arcs of streets with these names."""
        names = self._listed("names", names)
        meant: list[str] = []
        parts = self._none()
        for name in names:
            if not isinstance(name, str):
                self._complaints.add(f"names: {name!r} is not a text")
                continue
            found = sections(name, self._network)
            if not found:
                try:
                    parts |= marked_by_name(name, self._network)
                except InputError as error:
                    self._complaints.extend(error.items)
            meant.extend(found)
        of_arcs = np.array(self._network.names)
        marked = np.isin(of_arcs, meant)
        streets = marked & ~self._no_streets()
        only_junctions = set(of_arcs[marked]) - set(of_arcs[streets])
        whole = streets | (marked & np.isin(of_arcs, list(only_junctions)))
        return np.asarray(whole | (parts & ~self._no_streets()))

    def of_class(self, classes: Sequence[str]) -> BoolArray:
        """Mark the arcs of these highway classes."""
        classes = self._listed("classes", classes)
        known = sorted(set(self._network.highways) - {""})
        if unknown := [name for name in classes if name not in known]:
            self._complaints.add(
                f"class {', '.join(map(repr, unknown))} is not on the map; there are {', '.join(known)}",
                "unknown_name",
            )
        return np.isin(np.array(self._network.highways), classes) & ~self._network.roundabout

    def within(self, drawing: Drawing) -> BoolArray:
        """Mark the arcs that lie inside polygons by more than half."""
        try:
            inside = flat(self._network).inside(polygons_of(drawing, self._network, self._crs)) > MOST
        except InputError as error:
            self._complaints.extend(error.items)
            return self._none()
        if not inside.any():
            self._complaints.add("streets: no street lies inside the polygon")
        return inside & ~self._no_streets()

    def along(self, drawing: Drawing) -> BoolArray:
        """Mark the arcs that run along lines."""
        try:
            along = flat(self._network).runs_along(drawn_lines(drawing, self._crs), REACH_M)
        except InputError as error:
            self._complaints.extend(error.items)
            return self._none()
        if not along.any():
            self._complaints.add(f"streets: no street runs along the drawn line within {REACH_M:.0f} m")
        return along & ~self._no_streets()

    def _listed(self, word: str, given: Sequence[str]) -> Sequence[str]:
        if isinstance(given, str):
            self._complaints.add(f"{word}: {given!r} is one text; give a list of {word}")
            return ()
        if not isinstance(given, Iterable):
            self._complaints.add(f"{word}: {given!r} is not a list")
            return ()
        listed = list(given)
        if not listed:
            self._complaints.add(f"{word}: the list is empty")
        return listed

    def _no_streets(self) -> BoolArray:
        """Mark roundabouts and link roads: they are parts of a junction, driven through anyway."""
        links = np.array([name.endswith(LINK) for name in self._network.highways], dtype=np.bool_)
        return np.asarray(self._network.roundabout | links)

    def _none(self) -> BoolArray:
        return np.zeros(self._network.arc_count, dtype=np.bool_)


def polygons_of(drawing: Drawing, network: RoadNetwork, crs: str | None = None) -> list[Any]:
    """Return polygons that are drawn, or the area that words mean, its bounding streets included.

    Parameters
    ----------
    drawing
        As `drawn_polygons` takes it, or a text.
    network
        The map that the words are found on.
    crs
        Datum of what is drawn.

    Raises
    ------
    InputError
        Of what cannot be read or found.
    """
    source, given = (drawing.source, drawing.data) if isinstance(drawing, Inline) else ("", drawing)
    if not isinstance(given, str) or not is_area(given):
        return list(drawn_polygons(drawing, crs))
    try:
        return [area_in_words(given, network, crs=crs or "wgs84").whole]
    except PlaceError as error:
        raise PlaceError(item.about(source) if source else item for item in error.items) from None


def _broken_selection(request: dict[str, Any], prize: Points | None) -> Iterator[str]:
    yield from broken_request("streets", SimpleNamespace(**request))
    yield from broken_promise("streets", request["max_gap_min"])
    yield from broken_windows("streets", request["windows"])
    yield from broken_languages("streets", request["languages"])
    if prize is not None:
        yield from not_whole("streets: prize", prize, 1, MAX_PRIZE)


def _is_chosen(network: RoadNetwork, chosen: BoolArray, segment: Segment) -> bool:
    """Return whether more than half of one direction's metres are chosen: a pair is chosen as a whole."""
    return any(
        bool(network.length_m[list(chain)][chosen[list(chain)]].sum() > MOST * network.length_m[list(chain)].sum())
        for chain in segment.directions
    )


Piece: TypeAlias = tuple[int, int]
"""A street and one of its segments, as indices."""


@dataclass(frozen=True, slots=True)
class _Request:
    """What overlapping selections ask for of one segment together."""

    required: bool
    visits: int
    headway_s: Seconds | None
    load: int
    max_gap_min: float | None
    windows: tuple[Window, ...] = ()
    languages: tuple[str, ...] = ()

    @classmethod
    def of(cls, street: PriorityStreet) -> _Request:
        """Take what one selection asks for."""
        own = street.required, street.visits, street.headway_s, street.load, street.max_gap_min
        return cls(*own, tuple(street.windows), tuple(street.languages))

    def joined(self, other: PriorityStreet) -> _Request:
        """Add what another selection asks for; visits and headway belong together."""
        own = self.visits, self.headway_s
        visits, headway_s = (other.visits, other.headway_s) if other.visits > self.visits else own
        promised = [one for one in (self.max_gap_min, other.max_gap_min) if one is not None]
        required, load = self.required or other.required, max(self.load, other.load)
        windows = tuple(dict.fromkeys((*self.windows, *other.windows))) if self.windows and other.windows else ()
        least = min(promised, default=None) if not windows else None
        languages = self.languages or tuple(other.languages)
        return _Request(required, visits, headway_s, load, least, windows, languages)


@checked
def combine_streets(*selections: Iterable[PriorityStreet]) -> list[PriorityStreet]:
    """Merge selections that overlap, so that no segment is asked for twice.

    The highest priority keeps a segment, with its prize; at equal priority the earlier selection. Required
    in any selection is required. The most visits hold, with the headway of the selection that wants them; so do
    the largest load and the shortest gap that was promised. Hours are those of all, and whoever
    asks for none asks for all night. Languages are those of the first that names some.
    Selections with single carriageways and with pairs of them may overlap too: a segment that shares an arc
    with one already kept is dropped, and what it asked for passes to the one kept.

    Examples
    --------
    >>> combine_streets([], [])
    []
    """
    streets = [street for selection in selections for street in selection]
    ranked = sorted(range(len(streets)), key=lambda index: (-streets[index].priority, index))
    owner: dict[tuple[Mode, Arc], Piece] = {}
    requests: dict[Piece, _Request] = {}
    for index in ranked:
        street = streets[index]
        for number, segment in enumerate(street.segments):
            arcs = [(street.mode, arc) for chain in segment.directions for arc in chain]
            keepers = {owner[arc] for arc in arcs if arc in owner}
            if keepers:
                requests |= {piece: requests[piece].joined(street) for piece in keepers}
            else:
                owner |= dict.fromkeys(arcs, (index, number))
                requests[index, number] = _Request.of(street)
    return [part for index, street in enumerate(streets) for part in _parts(index, street, requests)]


def _parts(index: int, street: PriorityStreet, requests: dict[Piece, _Request]) -> list[PriorityStreet]:
    """Split a street into one for each request that its kept segments now have."""
    kept: dict[_Request, list[int]] = {}
    for number in range(len(street.segments)):
        if (index, number) in requests:
            kept.setdefault(requests[index, number], []).append(number)
    return [_part(street, request, numbers) for request, numbers in kept.items()]


def _part(street: PriorityStreet, request: _Request, numbers: Sequence[int]) -> PriorityStreet:
    segments: tuple[StreetSegment, ...] = tuple(street.segments[number] for number in numbers)
    return replace(
        street,
        segments=segments,
        prize=None if street.prize is None else tuple(street.prize[number] for number in numbers),
        required=request.required,
        visits=request.visits,
        headway_s=request.headway_s,
        load=request.load,
        max_gap_min=request.max_gap_min,
        windows=request.windows,
        languages=request.languages,
    )
