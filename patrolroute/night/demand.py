"""What a night asks for on its maps: the streets of its entries, less what is closed, and its lists of places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from patrolroute.base.errors import Complaints, InputError, NightError
from patrolroute.demand.hotspots import hotspots_of
from patrolroute.demand.hours import ClockWindow
from patrolroute.demand.incidents import streets_of
from patrolroute.demand.model import Hotspot, PriorityStreet
from patrolroute.demand.streets import select_streets
from patrolroute.network.road import RoadNetwork
from patrolroute.night.model import Hotspots, Incidents, Night, Streets
from patrolroute.night.roads import Tonight, at


@dataclass(frozen=True, slots=True)
class NightDemand:
    """A night's entries, each turned into what the problem asks for.

    Parameters
    ----------
    night, folder
        The model, and where the files lie that it names.
    """

    night: Night
    folder: Path

    @property
    def shut(self) -> list[str]:
        """What is closed tonight, in the night's own words."""
        return [closed.said for closed in self.night.closures if not closed.is_empty]

    def open_streets(self, request: Streets, closed: set[str], network: RoadNetwork) -> list[PriorityStreet]:
        """Return the streets that a request asks for; none where on any other night there are some."""
        try:
            return self.chosen(request, closed, network)
        except InputError:
            usual = Tonight(self.night, self.folder).street_map(network.mode) if self.shut else network
            if not Complaints().attempt(partial(self.chosen, request, set(), usual)):
                raise
            return []

    def chosen(self, request: Streets, closed: set[str], network: RoadNetwork) -> list[PriorityStreet]:
        """Return the streets of a request that are not closed by name."""
        names = request.names and [name for name in request.names if name not in closed]
        if request.names and not names:
            return []
        complaints = Complaints()
        elsewhere = Tonight(self.night, self.folder).of_other_modes(names or (), {network.mode: network})
        complaints.extend(elsewhere.values())
        step = partial(self.select, request, network, names and [name for name in names if name not in elsewhere])
        chosen = [] if names and elsewhere.keys() >= set(names) else complaints.attempt(step)
        complaints.raise_as(NightError)
        return chosen or []

    def select(self, request: Streets, network: RoadNetwork, names: Sequence[str] | None) -> list[PriorityStreet]:
        """Choose the streets of an entry by some of its names."""
        entry = f"streets[{self.night.streets.index(request) + 1}]"
        return select_streets(
            network,
            names=names,
            classes=request.classes,
            within=None if request.within is None else at(self.folder, request.within, f"{entry}.within"),
            along=None if request.along is None else at(self.folder, request.along, f"{entry}.along"),
            priority=request.priority,
            required=request.required,
            visits=request.visits,
            headway_s=_seconds(request.headway_min),
            load=request.load,
            max_gap_min=request.max_gap_min,
            windows=tuple(map(ClockWindow.parse, request.windows)),
            languages=tuple(request.languages),
            both_carriageways=request.both_carriageways,
            crs=request.crs or self.night.crs,
        )

    def incidents(self, table: Incidents, network: RoadNetwork) -> list[PriorityStreet]:
        """Return the streets of a list of incidents."""
        return streets_of(
            at(self.folder, table.given, f"incidents[{self.night.incidents.index(table) + 1}]"),
            network,
            crs=table.crs,
            usual=self.night.said_crs,
            snap_m=self.night.snap_m,
            required=table.required,
            visits=table.visits,
            headway_s=_seconds(table.headway_min),
            load=table.load,
        )

    def hotspots(self, table: Hotspots, network: RoadNetwork, snap_m: float | None = None) -> list[Hotspot]:
        """Read one list of hotspots; ``snap_m`` in place of the night's."""
        return hotspots_of(
            at(self.folder, table.given, f"hotspots[{self.night.hotspots.index(table) + 1}]"),
            network,
            crs=table.crs,
            usual=self.night.said_crs,
            snap_m=self.night.snap_m if snap_m is None else snap_m,
        )


def _seconds(minutes: float | None) -> int | None:
    return None if minutes is None else round(minutes * 60)
