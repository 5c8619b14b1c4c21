"""The crews and the street maps of one night, as its file says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from shapely import MultiPolygon, Polygon

from patrolroute.base.errors import Complaint, Complaints, InputError, NightError
from patrolroute.base.shapes import Inline
from patrolroute.base.text import later
from patrolroute.base.vocabulary import MODES, BoolArray, Mode, elapsed_s
from patrolroute.demand.drawings import drawn_lines, drawn_polygons, named_polygons
from patrolroute.demand.hours import ClockWindow, Window
from patrolroute.demand.sheets import DepotRow, read_depots
from patrolroute.network.names import Drawn, area_in, is_meant, slowed, without
from patrolroute.network.road import RoadNetwork
from patrolroute.network.speeds import USUAL, SpeedTable, TurnCosts, slowest, usual_turns
from patrolroute.night.inline import Given
from patrolroute.night.model import Closures, CrewBreak, Crews, Night, Slow, SpeedPart
from patrolroute.problem.clock import Span, meant_else, shift, spans_of
from patrolroute.problem.crew import Break, Crew, Staff

OF_THE_GROUP = frozenset({"count", "id", "prefix", "start", "end", "area_name"})
"""Entries that say how many crews there are, what they are called, when, which area; all others are of `Crew`."""


def at(folder: Path, given: Given, entry: str) -> Path | Inline:
    """Return where the file lies that an entry of a night names, or what stands there in its place.

    Parameters
    ----------
    folder
        Where the files lie that the night names.
    given
        What the entry holds.
    entry
        Its name, for complaints.
    """
    return folder / given if isinstance(given, Path) else Inline(entry, given)


@dataclass(frozen=True, slots=True)
class Fleet:
    """Makes the crews of a night.

    Parameters
    ----------
    night
        The model.
    folder
        Where the files lie that the night names.
    """

    night: Night
    folder: Path = Path()

    def crews(self) -> list[Crew]:
        """Make the crews of all groups; places in words stay words, for a map to find.

        Raises
        ------
        NightError
            Naming every depot that no entry describes, and every shift that breaks a rule.
        """
        depots = self.depots()
        complaints, crews = Complaints(), list[Crew]()
        for number, group in enumerate(self.night.crews, start=1):
            wanted = [place for place in (group.depot, group.end_depot) if place is not None]
            if unknown := [place for place in wanted if place not in depots]:
                sentence = f"depot {unknown[0]!r} is not among the depots: {', '.join(sorted(depots))}"
                zh = f"没有“{unknown[0]}”这个集结点，已有{'、'.join(sorted(depots))}"
                complaints.add(Complaint(sentence, "unknown_depot", zh).about(f"crews[{number}]"))
                continue
            try:
                crews.extend(self._group(group, depots))
            except InputError as error:
                complaints.extend(item.about(f"crews[{number}]") for item in error.items)
        complaints.raise_as(NightError)
        return crews

    def depots(self) -> dict[str, DepotRow]:
        """Return the muster points by id; those in words are not found yet."""
        given, crs = self.night.depots, self.night.crs
        if not isinstance(given, list):
            rows = read_depots(at(self.folder, given, "depots"), usual=self.night.said_crs)
            return {row.id: row for row in rows}
        depots: dict[str, DepotRow] = {}
        for row in given:
            if row.id in depots:
                raise NightError(f"depots: the id {row.id!r} is used twice")
            place = (row.lon, row.lat) if row.lon is not None and row.lat is not None else row.place or ""
            depots[row.id] = DepotRow.told((row.id, row.name), place, crs)
        return depots

    def _group(self, group: Crews, depots: dict[str, DepotRow]) -> Iterator[Crew]:
        """Make the crews of one group; whatever is not translated here goes to `Crew` as the file gives it."""
        start, end = shift(
            group.start or self.night.shift.start,
            group.end or self.night.shift.end,
            date=self.night.date,
            timezone=self.night.timezone,
        )
        options = {name: getattr(group, name) for name in type(group).model_fields if name not in OF_THE_GROUP}
        if group.area is not None:
            is_told = isinstance(group.area, str)
            options["area"] = (
                group.area if is_told else self._area(at(self.folder, group.area, "area"), group.area_name)
            )
        if group.break_ is not None:
            options["break_"] = _break_of(group.break_)
        if group.staff is not None:
            options["staff"] = Staff(**dict(group.staff))
        for entry in ("depot", "end_depot"):
            if (name := getattr(group, entry)) is not None:
                options |= {entry: depots[name].point, f"{entry}_name": depots[name].name}
        if group.id is not None:
            yield Crew(id=group.id, start=start, end=end, **options)
        else:
            yield from Crew.fleet(group.count, start=start, end=end, prefix=group.prefix, **options)

    def _area(self, given: Path | Inline, name: str | None) -> Polygon:
        if name is not None:
            named = named_polygons(given, self.night.crs)
            if name not in named:
                rule = f"the file has no area {name!r}; it has {', '.join(named) or 'none with a name'}"
                raise NightError(f"{called(given, self.folder)}: {rule}")
            return named[name]
        polygons: Sequence[Polygon | MultiPolygon] = drawn_polygons(given, self.night.crs)
        if len(polygons) != 1 or not isinstance(polygons[0], Polygon):
            rule = f"a patrol area is one polygon; the file has {len(polygons)} areas"
            raise NightError(f"{called(given, self.folder)}: {rule}")
        return polygons[0]


def called(given: Path | Inline, folder: Path) -> str:
    """Return what complaints call a file or what stands in its place."""
    if isinstance(given, Inline):
        return given.source
    return str(given.relative_to(folder) if given.is_relative_to(folder) else given)


def _break_of(entry: CrewBreak) -> Break:
    return Break(round(entry.minutes * 60), tuple(map(ClockWindow.parse, entry.windows)))


@dataclass(frozen=True, slots=True)
class Tonight:
    """What a night's file says of the streets.

    Hours of closures, of slow streets and of speeds count all night as soon as they meet a shift: a plan has one
    travel time for each street, and a crew that is late must not come to a closed street or be later still. Hours of
    a closure or a slow street that meet no shift are an error, for they were meant for another night; speeds of parts
    of the night that no shift meets are left aside.

    Parameters
    ----------
    night, folder
        The model, and where the files lie that it names.
    """

    night: Night
    folder: Path

    @property
    def modes(self) -> tuple[Mode, ...]:
        """The modes that crews have, those of the first groups first."""
        return tuple(dict.fromkeys(group.mode for group in self.night.crews))

    def networks(self) -> dict[Mode, RoadNetwork]:
        """Load the map of each mode, take out what is closed tonight and slow down what is slow.

        A street that is closed or slow need not be on the map of every mode.

        Raises
        ------
        InputError
            With the complaints about the maps and about closures together.
        """
        maps = {mode: self.street_map(mode) for mode in self.modes}
        closed = {mode: np.zeros(network.arc_count, dtype=np.bool_) for mode, network in maps.items()}
        slow, complaints = dict(maps), Complaints()
        for thing, drawn in self._drawn():
            for hours in self._lost(drawn.hours):
                origin, shifts = self._shifts()
                hint = meant_else(hours, shifts, origin)
                complaints.add(f"{thing}: the hours {hours} never meet any shift{hint}", "hours_missed")
            if elsewhere := self.of_other_modes(drawn.names, maps):
                complaints.extend(complaint.about(thing) for complaint in elsewhere.values())
            shapes = [shape for shape in self._shapes(drawn, thing) if not elsewhere.keys() & set(shape.names)]
            try:
                marks = _marked(maps, shapes, thing)
            except InputError as error:
                complaints.extend(error.items)
                continue
            for mode, mark in marks.items():
                if isinstance(drawn, Slow):
                    slow[mode] = slowed(slow[mode], mark, drawn.factor)
                else:
                    closed[mode] |= mark
        complaints.raise_as(NightError)
        return {mode: without(slow[mode], closed[mode]) if closed[mode].any() else slow[mode] for mode in maps}

    def shown(self, maps: Mapping[Mode, RoadNetwork]) -> Iterator[tuple[Closures | Slow, dict[Mode, BoolArray]]]:
        """Yield closures and slow streets with the arcs that they mean; what is wrong with others is told elsewhere.

        Parameters
        ----------
        maps
            The map of each mode as on any other night.
        """
        for thing, drawn in self._drawn():
            shapes = Complaints().attempt(partial(self._shapes, drawn, thing)) or []
            marks = Complaints().attempt(partial(_marked, maps, shapes, thing)) if shapes else None
            if marks is not None:
                yield drawn, marks

    def street_map(self, mode: Mode) -> RoadNetwork:
        """Load the map of a mode as it is on any other night."""
        source = self.night.map
        if source.file is not None:
            return RoadNetwork.from_file(self.folder / source.file, **self.cut_out(mode))
        options = self._options(mode)
        if source.places is not None:
            return RoadNetwork.from_place(source.places, **options)
        return RoadNetwork.huainan(source=source.source or "bundled", **options)

    def cut_out(self, mode: Mode) -> dict[str, Any]:
        """Return what `RoadNetwork.from_file` is asked for, where the map of a mode comes from a file."""
        area = self.night.map.area
        shape = None if area is None else self._area(at(self.folder, area, "map.area"))
        return self._options(mode) | {"area": shape}

    def _options(self, mode: Mode) -> dict[str, Any]:
        """Return how the network of a mode is built."""
        options: dict[str, Any] = {
            "turns": self._turns(mode), "mode": mode, "police_access": self.night.police_access,
            "during": self._during(),
        }  # fmt: skip
        if mode == "car":
            options["speeds"] = self.speeds()
        return options

    def of_other_modes(self, names: Collection[str], maps: Mapping[Mode, RoadNetwork]) -> dict[str, Complaint]:
        """Return what is wrong with those of some names that are on none of some maps, but on that of another mode.

        A map that would have to be downloaded is not looked at.

        Parameters
        ----------
        names
            Of streets.
        maps
            The map of each mode that they were looked for on.
        """
        lost = [name for name in names if not any(is_meant(name, network) for network in maps.values())]
        if not lost or self.night.map.places is not None or self.night.map.source == "osm":
            return {}
        others = {mode: self.street_map(mode) for mode in MODES if mode not in maps}
        found = {name: [mode for mode, network in others.items() if is_meant(name, network)] for name in lost}
        return {
            name: Complaint(
                f"street {name!r} is on the map, but not for the mode {', '.join(maps)}; it is for {', '.join(modes)}",
                "other_mode",
            )
            for name, modes in found.items()
            if modes
        }

    def speeds(self) -> SpeedTable:
        """Return the speeds of cars: of the parts of the night that meet a shift the slowest, class by class."""
        given = self.night.speeds
        usual = SpeedTable().replaced(given.travel_kmh, given.patrol_kmh)
        parts = [usual.replaced(part.travel_kmh, part.patrol_kmh) for part in given.parts if not self._lost(part.hours)]
        return slowest([*parts, usual] if not parts or not self._all_covered(given.parts) else parts)

    def _lost(self, hours: Sequence[str]) -> list[Window]:
        """Return the hours that meet no shift."""
        origin, shifts = self._shifts()
        return spans_of([ClockWindow.parse(text) for text in hours], shifts, origin)[1]

    def _all_covered(self, parts: Sequence[SpeedPart]) -> bool:
        """Return whether parts of the night leave no second of any shift to the usual speeds."""
        hours = [ClockWindow.parse(text) for part in parts for text in part.hours]
        origin, shifts = self._shifts()
        spans, _ = spans_of(hours, shifts, origin)
        return all(any(first <= start and end <= last for first, last in spans) for start, end in shifts)

    def _during(self) -> tuple[dt.datetime, dt.datetime]:
        """Return when the first shift starts and the last one ends."""
        origin, shifts = self._shifts()
        return origin, later(origin, max(end for _, end in shifts))

    def _shifts(self) -> tuple[dt.datetime, list[Span]]:
        """Return when the first shift starts, and from which second to which each group has its own."""
        usual = self.night.shift
        moments = [
            shift(
                group.start or usual.start, group.end or usual.end, date=self.night.date, timezone=self.night.timezone
            )
            for group in self.night.crews
        ]
        origin = min(start for start, _ in moments)
        return origin, [(elapsed_s(origin, start), elapsed_s(origin, end)) for start, end in moments]

    def _drawn(self) -> Iterator[tuple[str, Closures | Slow]]:
        """Yield closures and slow streets with the names that complaints give them."""
        for number, closed in enumerate(self.night.closures, start=1):
            if not closed.is_empty:
                yield f"closures[{number}]", closed
        for number, slow in enumerate(self.night.slow, start=1):
            yield f"slow[{number}]", slow

    def _shapes(self, drawn: Closures | Slow, thing: str) -> list[Drawn]:
        """Return what is drawn or named, drawn thing at a time."""
        crs, lines, polygons = drawn.crs or self.night.crs, list[Any](), list[Any]()
        if drawn.lines is not None:
            lines += drawn_lines(at(self.folder, drawn.lines, f"{thing}.lines"), crs)
        if drawn.polygons is not None:
            if isinstance(drawn.polygons, str):
                polygons.append(area_in(drawn.polygons, crs))
            else:
                polygons += drawn_polygons(at(self.folder, drawn.polygons, f"{thing}.polygons"), crs)
        return [
            *(Drawn(names=[name]) for name in drawn.names),
            *(Drawn(lines=[line]) for line in lines),
            *(Drawn(polygons=[polygon]) for polygon in polygons),
        ]

    def _turns(self, mode: Mode) -> TurnCosts | str | None:
        """Return what turning costs; where the night says nothing, a converted map's own table counts."""
        given, usual = self.night.turns, usual_turns(mode)
        if given.free or usual is None:
            return None
        chosen = given.model_dump(exclude={"free"}, exclude_none=True)
        return replace(usual, **chosen) if chosen else USUAL

    def _area(self, given: Path | Inline) -> Any:
        polygons = drawn_polygons(given, self.night.crs)
        if len(polygons) != 1:
            rule = f"the area of the map is one polygon; the file has {len(polygons)}"
            raise NightError(f"{called(given, self.folder)}: {rule}")
        return polygons[0]


def _marked(maps: Mapping[Mode, RoadNetwork], drawn: Sequence[Drawn], thing: str) -> dict[Mode, BoolArray]:
    """Mark on each map the arcs that are meant; what is on none of them is a complaint."""
    marks = {mode: np.zeros(network.arc_count, dtype=np.bool_) for mode, network in maps.items()}
    complaints = Complaints()
    for thing_drawn in drawn:
        wrong: list[tuple[Complaint, ...]] = []
        for mode, network in maps.items():
            try:
                marks[mode] |= thing_drawn.arcs(network, thing)
            except InputError as error:
                wrong.append(error.items)
        if len(wrong) == len(maps):
            complaints.extend(wrong[0])
    complaints.raise_as(NightError)
    return marks
