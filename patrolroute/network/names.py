"""Streets by name: their sections, what somebody may have meant, and those closed or slow tonight."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from numbers import Real
from typing import Any

import numpy as np
import shapely

from patrolroute.base.arguments import checked
from patrolroute.base.errors import Complaints, InputError, MapError, PlaceError, short
from patrolroute.base.shapes import Shapes, geometries_of
from patrolroute.base.text import Catalogue, label
from patrolroute.base.vocabulary import Arc, BoolArray, FloatArray, Lang, whole_array
from patrolroute.network.arrays import Network, RoadArrays
from patrolroute.network.connectivity import keep_driven
from patrolroute.network.places import flat
from patrolroute.network.street_names import base_name, sections, unknown_name
from patrolroute.network.turns import FORBIDDEN
from patrolroute.network.words.crossings import FoundPlace, Junction, keep_whole, place_in_words, whole_of
from patrolroute.network.words.enclosed import Enclosed, area_in_words
from patrolroute.network.words.grammar import Area, area_in, is_area, is_place, sections_in
from patrolroute.network.words.stretches import Stretch, is_section, marks_of, stretch_of

__all__ = [
    "REACH_M", "SLOWEST", "Area", "Drawn", "Enclosed", "FoundPlace", "Junction", "Stretch", "area_in",
    "area_in_words", "base_name", "changed", "close_streets", "describe", "is_area", "is_meant", "is_place",
    "is_section", "marked_by_name", "marks_of", "place_in_words", "sections", "slow_streets", "slowed", "stretch_of",
    "unknown_name", "whole_of", "without",
]  # fmt: skip
"""What other rooms need of names and words, by one door."""


def marked_by_name(name: str, network: RoadArrays) -> BoolArray:
    """Mark the arcs that a name means, shape ``(arcs,)``: a street, its sections, or one from crossing to crossing.

    Parameters
    ----------
    name
        Such as ``龙湖路``, ``朝阳路`` or ``龙湖路：国庆中路至舜耕中路``.
    network
        The map.

    Raises
    ------
    PlaceError
        If it is not on the map: with near matches, or what is wrong with an end.
    """
    if found := sections(name, network):
        return np.isin(np.array(network.names), found)
    if is_section(name, network):
        return marks_of(stretch_of(name, network), network)
    raise PlaceError(unknown_name(name, network))


def is_meant(name: str, network: RoadArrays) -> bool:
    """Return whether a name means something on a map, be it a section whose ends are written wrongly."""
    return bool(sections(name, network)) or (is_section(name, network) and _has_street(name, network))


def _has_street(name: str, network: RoadArrays) -> bool:
    return any(sections(one.street, network) for one in sections_in(name))


MOST = 8


DESCRIPTION = Catalogue(
    {
        "source": ("来源        {source}", "source       {source}"),
        "mode": ("出行方式    {mode}", "mode         {mode}"),
        "size": ("节点、路段  {nodes}、{arcs}（有向）", "nodes, arcs  {nodes}, {arcs}"),
        "length": ("路段总长    {km} 公里", "arc length   {km} km"),
        "free": ("转弯        不计时", "turns        cost nothing"),
        "turns": (
            "转弯        {timed} 处计时，{forbidden} 处禁止",
            "turns        {timed} take time, {forbidden} forbidden",
        ),
        "chains": ("，{number} 处连续禁转", ", {number} chains of streets forbidden"),
        "named": ("有名道路    {number} 条", "named        {number} streets"),
        "extent": ("范围        东经 {lon}，北纬 {lat}", "extent       {lon} E, {lat} N"),
        "span": ("{low} 至 {high}", "{low} to {high}"),
        "class": ("  {highway:<14} {km:8.1f} 公里", "  {highway:<14} {km:8.1f} km"),
        "no_class": ("（未分级）", "(no class)"),
        "dropped": (
            "略去        {km} 公里，车组进不去或出不来",
            "left out     {km} km that a crew could not reach and leave again",
        ),
        "part": ("  {name} {metres} 米", "  {name} {metres} m"),
        "unnamed": ("（无名）", "(unnamed)"),
        "more": ("  另有 {number} 处", "  and {number} more"),
    }
)
"""What a network is, line by line."""


def describe(network: RoadArrays, lang: Lang = "en") -> str:
    """Return where a network comes from, how large it is, and what was left out of it."""

    def say(key: str, **values: object) -> str:
        return DESCRIPTION.say(key, lang, **values)

    metres: Counter[str] = Counter()
    for highway, length in zip(network.highways, network.length_m, strict=True):
        metres[highway or say("no_class")] += int(length)
    lines = [
        say("source", source=network.source),
        say("mode", mode=network.mode if lang == "en" else label(network.mode)),
        say("size", nodes=network.node_count, arcs=network.arc_count),
        say("length", km=f"{sum(metres.values()) / 1000:.1f}"),
        _turns(network, lang),
        say("named", number=len(set(network.names) - {""})),
        say("extent", lon=_extent(network.lon, lang), lat=_extent(network.lat, lang)),
    ]
    lines += [say("class", highway=highway, km=length / 1000) for highway, length in metres.most_common()]
    if network.dropped:
        lines.append(say("dropped", km=f"{sum(part.length_m for part in network.dropped) / 1000:.1f}"))
        lines += [
            say("part", name=part.name or say("unnamed"), metres=part.length_m) for part in network.dropped[:MOST]
        ]
        if len(network.dropped) > MOST:
            lines.append(say("more", number=len(network.dropped) - MOST))
    lines += [network.attribution, *([network.notice] if network.notice else [])]
    return "\n".join(lines)


def _turns(network: RoadArrays, lang: Lang) -> str:
    """Return how many turns cost something and how many are forbidden."""
    turns = network.turns
    if turns is None:
        return DESCRIPTION.say("free", lang)
    forbidden = int((turns.seconds == FORBIDDEN).sum())
    said = DESCRIPTION.say("turns", lang, timed=len(turns) - forbidden, forbidden=forbidden)
    return said + (DESCRIPTION.say("chains", lang, number=len(turns.chains)) if turns.chains else "")


def _extent(degrees: FloatArray, lang: Lang) -> str:
    return DESCRIPTION.say("span", lang, low=f"{degrees.min():.4f}", high=f"{degrees.max():.4f}")


REACH_M = 25.0
"""A line drawn by hand lies this close to the street that it means, both carriageways included."""

SLOWEST = 0.05
"""Of the usual speed: slower is closed."""

WET_M = 1.0
"""A street that enters a closed area by more than this cannot be driven through."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Streets that are meant by name or by drawing.

    Parameters
    ----------
    names
        Street names; one that is not on the map means its sections (朝阳路: 朝阳西路, 中路, 东路). Part of a street is
        named by its ends: ``龙湖路：国庆中路至舜耕中路``.
    lines
        Lines in WGS-84 degrees, drawn along streets: of shapely, GeoJSON, or a GeoSeries or GeoDataFrame, whose own
        CRS is obeyed. A street that merely crosses is not meant.
    polygons
        Polygons of the same forms, or areas in words, which are what lies between their bounding streets, without
        these; every street that enters one by more than a metre is meant.
    reach_m
        How close a street lies to a line that means it.
    """

    names: Sequence[str] = ()
    lines: Shapes = ()
    polygons: Shapes = ()
    reach_m: float = REACH_M

    def arcs(self, network: RoadArrays, thing: str) -> BoolArray:
        """Mark the arcs that are meant, shape ``(arcs,)``; ``thing`` begins each complaint.

        Raises
        ------
        MapError
            Naming every street that is not on the map, and every line or polygon that meets no street.
        """
        if isinstance(self.names, str):
            raise MapError(f"{thing}: names {self.names!r} is one text; give a list of names")
        complaints = Complaints()
        complaints.extend(self._unlisted(thing))
        complaints.raise_as(MapError)
        marked = self._named(network, thing, complaints)
        picture = flat(network)
        for number, line in enumerate(geometries_of(self.lines, f"{thing}: lines", MapError), start=1):
            if reason := _unusable(line, "LineString"):
                complaints.add(f"{thing}: line {number} {reason}")
                continue
            along = picture.runs_along([line], self.reach_m)
            if not along.any():
                complaints.add(f"{thing}: line {number} runs along no street within {self.reach_m:.0f} m")
            marked |= along
        for number, given in enumerate(geometries_of(self.polygons, f"{thing}: polygons", MapError), start=1):
            try:
                area = _between(given, network)
            except InputError as error:
                complaints.extend(item.about(thing) for item in error.items)
                continue
            if reason := _unusable(area, "Polygon"):
                complaints.add(f"{thing}: polygon {number} {reason}")
                continue
            wet = picture.inside([area]) * picture.length_m > WET_M
            if not wet.any():
                complaints.add(f"{thing}: polygon {number} meets no street")
            marked |= wet
        complaints.raise_as(MapError)
        return np.asarray(marked)

    def _named(self, network: RoadArrays, thing: str, complaints: Complaints) -> BoolArray:
        """Mark the arcs that are meant by name; what is not on the map is noted."""
        marked = np.zeros(network.arc_count, dtype=np.bool_)
        for name in self.names:
            try:
                marked |= marked_by_name(name, network)
            except InputError as error:
                complaints.extend(item.about(thing) for item in error.items)
        return marked

    def _unlisted(self, thing: str) -> Iterator[str]:
        """Yield what is no list, which name is no text, and a reach that is none."""
        if isinstance(self.names, str | Mapping) or not isinstance(self.names, Collection):
            yield f"{thing}: names {short(self.names)} is not a list"
        elif wrong := [name for name in self.names if not isinstance(name, str)]:
            yield f"{thing}: name {short(wrong[0])} is not a text"
        if not 0 <= self.reach_m < np.inf:
            yield f"{thing}: reach_m {self.reach_m} is not a number of metres of at least 0"


@checked(but=("names", "lines", "polygons"))
def close_streets(
    network: Network,
    *,
    names: Sequence[str] = (),
    lines: Shapes = (),
    polygons: Shapes = (),
    reach_m: float = REACH_M,
) -> Network:
    """Take closed streets out of a network, and what can no longer be reached without them.

    Where a street ends at a closed one a car may turn round.

    Parameters
    ----------
    names, lines, polygons, reach_m
        Which streets are closed; see `Drawn`.

    Raises
    ------
    MapError
        Naming every street that is not on the map, and every line or polygon that meets no street; or if
        nothing is left to drive.
    """
    return without(network, Drawn(names, lines, polygons, reach_m).arcs(network, "closure"))


def without(network: Network, closed: BoolArray) -> Network:
    """Return a network less the arcs that are closed, shape ``(arcs,)``, and less what can no longer be driven."""
    left = keep_driven(network, ~closed)
    keep_whole(left, network)
    return left


@checked(but=("factor", "names", "lines", "polygons"))
def slow_streets(
    network: Network,
    factor: float,
    *,
    names: Sequence[str] = (),
    lines: Shapes = (),
    polygons: Shapes = (),
) -> Network:
    """Let some streets take longer to drive.

    Parameters
    ----------
    factor
        Share of the usual driving speed, 0.05 to 1. A patrol goes no faster than one drives.
    names, lines, polygons
        Which streets are slow; see `Drawn`.

    Raises
    ------
    MapError
        Naming every street that is not on the map, and every line or polygon that meets no street; or if the factor
        is out of range.
    """
    if isinstance(factor, bool) or not isinstance(factor, Real) or not SLOWEST <= float(factor) <= 1:
        raise MapError(f"slow streets: factor {factor!r} is not a share of the usual speed from {SLOWEST} to 1")
    return slowed(network, Drawn(names, lines, polygons).arcs(network, "slow streets"), factor)


def slowed(network: Network, slow: BoolArray, factor: float) -> Network:
    """Let the marked arcs take longer; a patrol goes no faster than one drives.

    Parameters
    ----------
    network
        It stays as it is.
    slow
        Which arcs are slow, shape ``(arcs,)``.
    factor
        Share of the usual driving speed, above 0 and at most 1.
    """
    travel = np.where(slow, whole_array(network.travel_s / factor), network.travel_s).astype(np.int32)
    return replace(network, travel_s=travel, patrol_s=np.maximum(network.patrol_s, travel))


def changed(network: Network, *, closed: Collection[Arc] = (), slow: Mapping[Arc, float] | None = None) -> Network:
    """Return a network without some arcs, and with others slower; itself where nothing changes.

    What cannot be reached and left again any more is left out too, and where a street ends at a closed one a car may
    turn round: see `close_streets`.

    Parameters
    ----------
    network
        It stays as it is.
    closed
        Arcs that nobody may enter; those that are not on the network say nothing.
    slow
        For each slow arc the share of its usual driving speed, above 0 and at most 1.

    Raises
    ------
    MapError
        If nothing is left to drive.
    """
    index = network.arc_index
    for factor in sorted(set((slow or {}).values())):
        marks = np.zeros(network.arc_count, dtype=np.bool_)
        marks[[index[arc] for arc, one in (slow or {}).items() if one == factor and arc in index]] = True
        network = slowed(network, marks, factor)
    shut = [index[arc] for arc in closed if arc in index]
    if not shut:
        return network
    marks = np.zeros(network.arc_count, dtype=np.bool_)
    marks[shut] = True
    return without(network, marks)


def _between(given: Any, network: RoadArrays) -> Any:
    """Return what lies between the bounding streets of an area in words, without these; a drawn shape as it is."""
    is_told = isinstance(given, Area) or (isinstance(given, str) and is_area(given))
    return area_in_words(given, network).inside if is_told else given


def _unusable(shape: Any, kind: str) -> str | None:
    """Return why a drawn shape cannot be used, None if it can."""
    if not shapely.is_geometry(shape) or not shape.geom_type.endswith(kind):
        return f"is a {getattr(shape, 'geom_type', type(shape).__name__)}, not a {kind}"
    if shape.is_empty:
        return "is empty"
    return None if shape.is_valid else f"is not valid: {shapely.is_valid_reason(shape)}"
