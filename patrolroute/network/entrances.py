"""The constructors of `RoadNetwork`: thin, for what a network holds does not depend on where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patrolroute.words import Mode

if TYPE_CHECKING:
    import networkx as nx

    from patrolroute.network.road import RoadNetwork
    from patrolroute.network.speeds import SpeedTable
    from patrolroute.network.turns import TurnCosts


class Entrances:
    """Ways into a road network; see `patrolroute.network.doors`."""

    @classmethod
    def huainan(
        cls,
        *,
        source: str = "bundled",
        speeds: SpeedTable | None = None,
        turns: TurnCosts | str | None = "usual",
        mode: Mode = "car",
    ) -> RoadNetwork:
        """Load the streets of Tianjia'an and Shannan.

        Parameters
        ----------
        source
            ``"bundled"``: the schematic map that comes with the library, no network access needed.
            ``"osm"``: download the real streets of both study areas from OpenStreetMap.
        speeds, turns, mode
            See `from_file`.

        Raises
        ------
        DownloadError
            With what to do instead, if the download fails.
        """
        from patrolroute.network import doors

        return doors.huainan(doors.Wishes(mode, speeds, turns), source=source)

    @classmethod
    def from_place(
        cls,
        places: str | Sequence[str],
        *,
        speeds: SpeedTable | None = None,
        turns: TurnCosts | str | None = "usual",
        mode: Mode = "car",
    ) -> RoadNetwork:
        """Download the streets of one or more named areas.

        Parameters
        ----------
        places
            Names as Nominatim knows them, such as ``田家庵区, 淮南市, 安徽省``; several areas become one network.
        speeds, turns, mode
            See `from_file`.

        Raises
        ------
        MapError
            Naming every place that is unknown or no area; or if the area is larger than one download.
        DownloadError
            With what to do instead, if the download fails.
        """
        from patrolroute.network import doors

        return doors.from_place(places, doors.Wishes(mode, speeds, turns))

    @classmethod
    def from_polygon(
        cls,
        polygon: Any,
        *,
        speeds: SpeedTable | None = None,
        turns: TurnCosts | str | None = "usual",
        mode: Mode = "car",
    ) -> RoadNetwork:
        """Download the streets inside a shapely (multi)polygon in WGS-84 degrees.

        Parameters
        ----------
        polygon
            The area.
        speeds, turns, mode
            See `from_file`.

        Raises
        ------
        MapError
            If it is not a valid polygon on earth, or larger than one download.
        DownloadError
            With what to do instead, if the download fails.
        """
        from patrolroute.network import doors

        return doors.from_polygon(polygon, doors.Wishes(mode, speeds, turns))

    @classmethod
    def from_file(
        cls,
        path: str | Path,
        *,
        speeds: SpeedTable | None = None,
        turns: TurnCosts | str | None = "usual",
        mode: Mode = "car",
        area: Any = None,
    ) -> RoadNetwork:
        """Read ``.osm``, ``.osm.gz``, ``.osm.bz2``, ``.osm.pbf`` or GraphML; what was built once loads from the cache.

        Parameters
        ----------
        path
            The file. A street of which the file lacks nodes, as at the edge of an extract, ends where they end.
        speeds
            Speeds by highway class; those of the mode if not given. The seconds that GraphML holds are worked out
            anew for classes in which it differs from the night table.
        turns
            What turning costs; the usual of the mode if not given. ``None``: turns cost nothing, and turn restrictions
            are not obeyed. For GraphML see `patrolroute.network.turnfile`.
        mode
            ``car``, ``foot`` or ``bicycle``; GraphML has its own.
        area
            A shapely (multi)polygon in WGS-84 degrees: streets end at the first node outside it. The whole file if
            not given. Of ``.osm.pbf`` nothing else is held in memory.

        Raises
        ------
        MapError
            Naming the file and what is wrong with it.
        """
        from patrolroute.network import doors

        return doors.from_file(path, doors.Wishes(mode, speeds, turns), area=area)

    @classmethod
    def from_graph(
        cls,
        graph: nx.MultiDiGraph[Any],
        *,
        speeds: SpeedTable | None = None,
        turns: TurnCosts | None = None,
        source: str = "graph",
    ) -> RoadNetwork:
        """Take any OSMnx-style graph: nodes with ``x`` and ``y``, edges with ``length`` in metres.

        Turns cost what ``turns`` says; if it is not given what the graph itself says, as those of `to_graph` do, or
        else nothing.

        Raises
        ------
        MapError
            With everything that the graph lacks.
        """
        from patrolroute.network import doors

        return doors.from_graph(graph, speeds=speeds, turns=turns, source=source)
