"""The street maps of one night: as they are on any night, and less what is closed or slow tonight."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from patrolroute.demand.drawings import drawn_lines, drawn_polygons
from patrolroute.demand.hours import ClockWindow, Window
from patrolroute.errors import Complaints, InputError, NightError
from patrolroute.network.closures import Drawn, slowed
from patrolroute.network.dead_ends import keep_driven
from patrolroute.network.doors import USUAL
from patrolroute.network.road import RoadNetwork
from patrolroute.network.speeds import SpeedTable, slowest
from patrolroute.network.turns import TurnCosts, usual_turns
from patrolroute.night.model import Night
from patrolroute.night.roads import Closures, Slow, SpeedPart
from patrolroute.problem.crew import elapsed_s, shift
from patrolroute.problem.task import Span
from patrolroute.problem.windows import spans_of
from patrolroute.units import BoolArray
from patrolroute.words import Mode


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
        for thing, one in self._drawn():
            complaints.extend(f"{thing}: the hours {hours} never meet any shift" for hours in self._lost(one.hours))
            try:
                marks = _marked(maps, self._shapes(one), thing)
            except InputError as error:
                complaints.extend(error.complaints)
                continue
            for mode, mark in marks.items():
                if isinstance(one, Slow):
                    slow[mode] = slowed(slow[mode], mark, one.factor)
                else:
                    closed[mode] |= mark
        complaints.raise_as(NightError)
        return {mode: keep_driven(slow[mode], ~closed[mode]) if closed[mode].any() else slow[mode] for mode in maps}

    def street_map(self, mode: Mode) -> RoadNetwork:
        """Load the map of a mode as it is on any other night."""
        source = self.night.map
        options: dict[str, Any] = {"turns": self._turns(mode), "mode": mode}
        if mode == "car":
            options["speeds"] = self.speeds()
        if source.file is not None:
            area = None if source.area is None else self._area(source.area)
            return RoadNetwork.from_file(self.folder / source.file, area=area, **options)
        if source.places is not None:
            return RoadNetwork.from_place(source.places, **options)
        return RoadNetwork.huainan(source=source.source or "bundled", **options)

    def speeds(self) -> SpeedTable:
        """Give the speeds of cars: of the parts of the night that meet a shift the slowest, class by class."""
        given = self.night.speeds
        usual = SpeedTable().replaced(given.travel_kmh, given.patrol_kmh)
        parts = [usual.replaced(part.travel_kmh, part.patrol_kmh) for part in given.parts if not self._lost(part.hours)]
        return slowest([*parts, usual] if not parts or not self._all_covered(given.parts) else parts)

    def _lost(self, hours: Sequence[str]) -> list[Window]:
        """Give the hours that meet no shift."""
        origin, shifts = self._shifts()
        return spans_of([ClockWindow.parse(one) for one in hours], shifts, origin)[1]

    def _all_covered(self, parts: Sequence[SpeedPart]) -> bool:
        """Say whether parts of the night leave no second of any shift to the usual speeds."""
        hours = [ClockWindow.parse(one) for part in parts for one in part.hours]
        origin, shifts = self._shifts()
        spans, _ = spans_of(hours, shifts, origin)
        return all(any(first <= start and end <= last for first, last in spans) for start, end in shifts)

    def _shifts(self) -> tuple[dt.datetime, list[Span]]:
        """Give when the first shift starts, and from which second to which each group has its own."""
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
        """Give closures and slow streets with the names that complaints give them."""
        for number, closed in enumerate(self.night.closures, start=1):
            if not closed.is_empty:
                yield f"closures[{number}]", closed
        for number, slow in enumerate(self.night.slow, start=1):
            yield f"slow[{number}]", slow

    def _shapes(self, one: Closures | Slow) -> list[Drawn]:
        """Give what is drawn or named, one thing at a time."""
        crs = one.crs or self.night.crs
        lines = drawn_lines(self.folder / one.lines, crs) if one.lines else []
        polygons = drawn_polygons(self.folder / one.polygons, crs) if one.polygons else []
        return [
            *(Drawn(names=[name]) for name in one.names),
            *(Drawn(lines=[line]) for line in lines),
            *(Drawn(polygons=[polygon]) for polygon in polygons),
        ]

    def _turns(self, mode: Mode) -> TurnCosts | str | None:
        """Give what turning costs; where the night says nothing, a converted map's own table counts."""
        given, usual = self.night.turns, usual_turns(mode)
        if given.free or usual is None:
            return None
        chosen = given.model_dump(exclude={"free"}, exclude_none=True)
        return replace(usual, **chosen) if chosen else USUAL

    def _area(self, file: Path) -> Any:
        polygons = drawn_polygons(self.folder / file, self.night.crs)
        if len(polygons) != 1:
            raise NightError(f"{file}: the area of the map is one polygon; the file has {len(polygons)}")
        return polygons[0]


def _marked(maps: Mapping[Mode, RoadNetwork], drawn: Sequence[Drawn], thing: str) -> dict[Mode, BoolArray]:
    """Mark on each map the arcs that are meant; what is on none of them is a complaint."""
    marks = {mode: np.zeros(network.arc_count, dtype=np.bool_) for mode, network in maps.items()}
    complaints = Complaints()
    for one in drawn:
        wrong: list[tuple[str, ...]] = []
        for mode, network in maps.items():
            try:
                marks[mode] |= one.arcs(network, thing)
            except InputError as error:
                wrong.append(error.complaints)
        if len(wrong) == len(maps):
            complaints.extend(wrong[0])
    complaints.raise_as(NightError)
    return marks
