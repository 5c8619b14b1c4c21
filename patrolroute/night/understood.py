"""What was understood by places in words: each crossing, section and area of a night said back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple, TypeVar

import numpy as np

from patrolroute.base.errors import Complaints, things_in_chinese
from patrolroute.base.vocabulary import Lang, LonLat, Mode
from patrolroute.demand.columns import ASIDE_OF_INCIDENTS, HOTSPOTS, INCIDENTS
from patrolroute.demand.sheets import Sheet
from patrolroute.network.names import (
    Enclosed,
    FoundPlace,
    Stretch,
    area_in_words,
    is_section,
    place_in_words,
    stretch_of,
    whole_of,
)
from patrolroute.network.road import RoadNetwork
from patrolroute.network.segments import street_segments
from patrolroute.night.roads import Fleet, at
from patrolroute.night.run import NightRun
from patrolroute.study.diagnose import Finding
from patrolroute.study.phrases import DIAGNOSIS

Found = TypeVar("Found")
KM2 = 1_000_000.0


COLUMNS: Mapping[str, dict[str, Any]] = {
    "hotspots": {"headers": HOTSPOTS},
    "incidents": {"headers": INCIDENTS, "aside": ASIDE_OF_INCIDENTS},
}
"""What the tables of an entry are read by."""


class Told(NamedTuple):
    """A text of a night that tells a place: the entry that holds it, and the mode whose map it is for, None for any."""

    entry: str
    text: str
    mode: Mode | None


def understood(
    run: NightRun, maps: Mapping[Mode, RoadNetwork], lang: Lang, called: Callable[[str], str | None] | None = None
) -> Iterator[Finding]:
    """Yield how each place in words was read, the same once; what cannot be read is told as an error elsewhere.

    Parameters
    ----------
    run
        The night.
    maps
        The map of each mode.
    lang
        ``zh`` or ``en``.
    called
        Says in which cell an entry stands, None where it does not know.
    """
    yield from {found.said: found for found in _understood(run, maps, lang, called)}.values()


def _understood(
    run: NightRun, maps: Mapping[Mode, RoadNetwork], lang: Lang, called: Callable[[str], str | None] | None
) -> Iterator[Finding]:
    def named(told: Told) -> str:
        return (called(told.entry) if called else None) or _entry(told, lang)

    for told in dict.fromkeys(places_told(run)):
        if found := _first(maps, told, partial(_place, told.text, run.night.crs)):
            yield _said_place(told, found[1], lang, named(told))
    for told in dict.fromkeys(sections_told(run)):
        if found_section := _first(maps, told, partial(_section, told.text)):
            yield _said_section(told, *found_section, lang, named(told))
    for told, crs, is_inner in areas_told(run):
        if found_area := _first(maps, told, partial(_area, told.text, crs)):
            yield _said_area(told, found_area[1], lang, named(told), is_inner=is_inner)


def _place(text: str, crs: str, network: RoadNetwork) -> FoundPlace:
    return place_in_words(text, network, crs=crs)


def _section(text: str, network: RoadNetwork) -> Stretch | None:
    return stretch_of(text, network) if is_section(text, network) else None


def _area(text: str, crs: str, network: RoadNetwork) -> Enclosed:
    return area_in_words(text, network, crs=crs)


def _first(
    maps: Mapping[Mode, RoadNetwork], told: Told, step: Callable[[RoadNetwork], Found | None]
) -> tuple[RoadNetwork, Found] | None:
    """Return what a text means on the first map on which it means something."""
    for mode, network in maps.items():
        found = Complaints().attempt(partial(step, network)) if told.mode in (None, mode) else None
        if found is not None:
            return network, found
    return None


def places_told(run: NightRun) -> Iterator[Told]:
    """Yield depots and the rows of lists that tell their place in words."""
    depots = Complaints().attempt(Fleet(run.night, run.folder).depots) or {}
    for name, depot in depots.items():
        if depot.place:
            modes = [group.mode for group in run.night.crews if name in (group.depot, group.end_depot)]
            yield Told(f"depots: {name}", depot.place, modes[0] if modes else None)
    for entry in ("hotspots", "incidents"):
        for number, table in enumerate(getattr(run.night, entry), start=1):
            given = at(run.folder, table.given, f"{entry}[{number}]")
            options = {"crs": table.crs, "usual": run.night.said_crs, **COLUMNS[entry]}
            sheet = Complaints().attempt(partial(Sheet.of, given, **options))
            for row, place in zip(sheet.rows, sheet.places, strict=True) if sheet else ():
                if isinstance(place, str):
                    yield Told(row.thing, place, table.mode)


def sections_told(run: NightRun) -> Iterator[Told]:
    """Yield every name of a street in a night, for those that are sections."""
    night = run.night
    for number, request in enumerate(night.streets, start=1):
        yield from (Told(f"streets[{number}]", name, request.mode) for name in request.names or ())
    for entry in ("closures", "slow", "key_hours", "response"):
        for number, listed in enumerate(getattr(night, entry), start=1):
            yield from (Told(f"{entry}[{number}]", name, None) for name in listed.names)
    for number, group in enumerate(night.crews, start=1):
        for name in (*group.reserved, *group.forbidden):
            yield Told(f"crews[{number}]", name, group.mode)


def areas_told(run: NightRun) -> Iterator[tuple[Told, str, bool]]:
    """Yield every area in words, the datum of its corners, and whether its bounding streets are left out."""
    night = run.night
    for number, group in enumerate(night.crews, start=1):
        if isinstance(group.area, str):
            yield Told(f"crews[{number}].area", group.area, group.mode), night.crs, False
    for number, request in enumerate(night.streets, start=1):
        if isinstance(request.within, str):
            yield Told(f"streets[{number}].within", request.within, request.mode), request.crs or night.crs, False
    for entry in ("closures", "slow"):
        for number, drawn in enumerate(getattr(night, entry), start=1):
            if isinstance(drawn.polygons, str):
                yield Told(f"{entry}[{number}].polygons", drawn.polygons, None), drawn.crs or night.crs, True


def _said_place(told: Told, found: FoundPlace, lang: Lang, entry: str) -> Finding:
    lon, lat = found.lonlat
    facts: dict[str, Any] = {"entry": told.entry, "text": told.text, "lon": lon, "lat": lat}
    crossing = ""
    if found.junction is not None:
        number, apart_m = len(found.junction.nodes), found.junction.apart_m
        if apart_m:
            crossing = DIAGNOSIS.say("not_joined", lang, metres=apart_m)
        elif number > 1:
            crossing = DIAGNOSIS.say("of_nodes", lang, number=number)
        streets = [found.junction.first, found.junction.second]
        facts |= {"streets": streets, "nodes": number, "apart_m": round(apart_m)}
    said = DIAGNOSIS.say("place_words", lang, crossing=crossing, **facts | {"entry": entry})
    return Finding("note", said, "", "place", facts=facts)


def _entry(told: Told, lang: Lang) -> str:
    return things_in_chinese(told.entry) if lang == "zh" else told.entry


def _said_section(told: Told, network: RoadNetwork, found: Stretch, lang: Lang, entry: str) -> Finding:
    facts = {
        "entry": told.entry, "text": told.text, "street": found.street, "begin": found.begin.second,
        "end": found.end.second, "begin_at": _degrees(found.begin.lonlat), "end_at": _degrees(found.end.lonlat),
        "metres": round(found.length_m), "segments": _segments(network, found),
    }  # fmt: skip
    said = DIAGNOSIS.say("section_words", lang, **facts | {"entry": entry})
    return Finding("note", said, "", "section", facts=facts)


def _degrees(lonlat: LonLat) -> str:
    return f"{lonlat[0]:.5f}, {lonlat[1]:.5f}"


def _segments(network: RoadNetwork, found: Stretch) -> int:
    """Return how many street segments lie in a section by more than half of one direction."""
    whole = whole_of(network)
    marks = np.zeros(whole.arc_count, dtype=np.bool_)
    marks[list(found.arcs)] = True
    near = {segment for segment in street_segments(whole) if any(marks[list(segment.arcs)])}
    ways = [[list(chain) for chain in segment.directions] for segment in near]
    return sum(
        any(2 * whole.length_m[chain][marks[chain]].sum() > whole.length_m[chain].sum() for chain in chains)
        for chains in ways
    )


def _said_area(told: Told, found: Enclosed, lang: Lang, entry: str, *, is_inner: bool) -> Finding:
    area = found.area
    sides = [f"{side}{name}" if lang == "zh" else name for side, name in area.sides]
    listed = {"zh": "、", "en": ", "}[lang].join(sides) or DIAGNOSIS.say("corners", lang, number=len(area.corners))
    joined = "".join(DIAGNOSIS.say("joined", lang, one=a, two=b, metres=metres) for a, b, metres in found.joined)
    streets = "" if area.corners else DIAGNOSIS.say("without_streets" if is_inner else "with_streets", lang)
    size_m2 = found.inside_m2 if is_inner else found.size_m2
    facts = {
        "entry": told.entry, "text": told.text, "size_km2": round(size_m2 / KM2, 3),
        "sides": [list(side) for side in area.sides], "corners": list(area.corners),
        "joined": [list(joint) for joint in found.joined], "bounding_streets": not is_inner and bool(area.sides),
    }  # fmt: skip
    said = DIAGNOSIS.say(
        "area_words", lang, entry=entry, text=told.text, size=f"{size_m2 / KM2:.2f}", sides=listed,
        streets=streets, joined=joined,
    )  # fmt: skip
    return Finding("note", said, "", "area", facts=facts)
