"""`RoadNetwork`: the road network of the public interface, with its constructors."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from patrolroute.base.arguments import checked
from patrolroute.base.vocabulary import Mode, PoliceAccess
from patrolroute.network import constructors
from patrolroute.network.arrays import RoadArrays
from patrolroute.network.constructors import options_of
from patrolroute.network.graph import to_graph, to_graphml_bytes
from patrolroute.network.speeds import SpeedTable, TurnCosts
from patrolroute.network.turns import to_turns_bytes

if TYPE_CHECKING:
    import networkx as nx
    import shapely


@dataclass(frozen=True, eq=False, repr=False)
class RoadNetwork(RoadArrays):
    """A directed road network with whole seconds and metres on each arc.

    Its arrays, all read-only, are those of `patrolroute.network.arrays.RoadArrays`. Use one of the constructors:
    `huainan`, `from_place`, `from_polygon`, `from_file`, `from_graph`; what a network holds does not depend on where it
    comes from.
    """

    @classmethod
    def of(cls, arrays: RoadArrays) -> Self:
        """Return arrays, which were checked when they were made, as a network of this class."""
        return cls(**{item.name: getattr(arrays, item.name) for item in fields(arrays)}, is_checked=True)

    @classmethod
    @checked
    def huainan(  # noqa: PLR0913 - a word for each
        cls,
        *,
        source: str = "bundled",
        speeds: SpeedTable | None = None,
        turns: TurnCosts | str | None = "usual",
        mode: Mode = "car",
        police_access: Collection[PoliceAccess] = (),
        during: tuple[dt.datetime, dt.datetime] | None = None,
    ) -> Self:
        """Load the streets of Tianjia'an and Shannan.

        Parameters
        ----------
        source
            ``"bundled"``: the schematic map that comes with the library, no network access needed.
            ``"osm"``: download the real streets of both study areas from OpenStreetMap.
        speeds, turns, mode, police_access, during
            See `from_file`.

        Raises
        ------
        DownloadError
            With what to do instead, if the download fails.
        """
        return cls.of(constructors.huainan(options_of(mode, speeds, turns, police_access, during), source=source))

    @classmethod
    @checked
    def from_place(  # noqa: PLR0913 - a word for each
        cls,
        places: str | Sequence[str],
        *,
        speeds: SpeedTable | None = None,
        turns: TurnCosts | str | None = "usual",
        mode: Mode = "car",
        police_access: Collection[PoliceAccess] = (),
        during: tuple[dt.datetime, dt.datetime] | None = None,
    ) -> Self:
        """Download the streets of one or more named areas.

        Parameters
        ----------
        places
            Names as Nominatim knows them, such as ``田家庵区, 淮南市, 安徽省``; several areas become one network.
        speeds, turns, mode, police_access, during
            See `from_file`.

        Raises
        ------
        MapError
            Naming every place that is unknown or no area; or if the area is larger than one download.
        DownloadError
            With what to do instead, if the download fails.
        """
        return cls.of(constructors.from_place(places, options_of(mode, speeds, turns, police_access, during)))

    @classmethod
    @checked(but=("polygon",))
    def from_polygon(  # noqa: PLR0913 - a word for each
        cls,
        polygon: shapely.Polygon | shapely.MultiPolygon,
        *,
        speeds: SpeedTable | None = None,
        turns: TurnCosts | str | None = "usual",
        mode: Mode = "car",
        police_access: Collection[PoliceAccess] = (),
        during: tuple[dt.datetime, dt.datetime] | None = None,
    ) -> Self:
        """Download the streets inside an area.

        Parameters
        ----------
        polygon
            One or several polygons in WGS-84 degrees, of shapely or GeoJSON, or a GeoSeries or GeoDataFrame, whose own
            CRS is obeyed.
        speeds, turns, mode, police_access, during
            See `from_file`.

        Raises
        ------
        MapError
            If it is not a valid polygon on earth, or larger than one download.
        DownloadError
            With what to do instead, if the download fails.
        """
        return cls.of(constructors.from_polygon(polygon, options_of(mode, speeds, turns, police_access, during)))

    @classmethod
    @checked(but=("area",))
    def from_file(  # noqa: PLR0913 - a word for each
        cls,
        path: str | Path,
        *,
        speeds: SpeedTable | None = None,
        turns: TurnCosts | str | None = "usual",
        mode: Mode = "car",
        police_access: Collection[PoliceAccess] = (),
        during: tuple[dt.datetime, dt.datetime] | None = None,
        area: shapely.Polygon | shapely.MultiPolygon | None = None,
    ) -> Self:
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
            are not obeyed. For GraphML see `patrolroute.network.turns`.
        mode
            ``car``, ``foot`` or ``bicycle``; GraphML has its own.
        police_access
            What the police may use besides what is open to everybody: ``private``, ``bus``. Nobody passes a bollard.
        during
            From when to when the night lasts, by the clock of the place: tags that hold at certain hours only are read
            for it, and a street is open if it is open all the time. Not given, they are not read, which a warning says.
        area
            One or several polygons, as in `from_polygon`: streets end at the first node outside it. The whole file if
            not given. Of ``.osm.pbf`` nothing else is held in memory.

        Raises
        ------
        MapError
            Naming the file and what is wrong with it.
        """
        options = options_of(mode, speeds, turns, police_access, during)
        return cls.of(constructors.from_file(path, options, area=area))

    @classmethod
    @checked
    def from_graph(
        cls,
        graph: nx.DiGraph[Any],
        *,
        speeds: SpeedTable | None = None,
        turns: TurnCosts | str | None = "usual",
        source: str = "graph",
    ) -> Self:
        """Take any OSMnx-style graph: nodes with ``x`` and ``y``, edges with ``length`` in metres.

        Parameters
        ----------
        graph
            A ``MultiDiGraph``, or a ``DiGraph`` where no two streets lead from one junction to the same other one. It
            stays as it is. Its attribute ``mode`` says for whom it is, a car if there is none.
        speeds
            See `from_file`.
        turns
            What turning costs; if not given what the graph itself says, as those of `to_graph` do, or else the usual of
            its mode. ``None``: turns cost nothing, and what the graph forbids is not obeyed. With other costs what it
            forbids stays forbidden.
        source
            Where it came from, in words.

        Raises
        ------
        MapError
            With everything that the graph lacks.
        """
        return cls.of(constructors.from_graph(graph, speeds=speeds, turns=turns, source=source))

    def to_graph(self) -> nx.MultiDiGraph[Any]:
        """Return an OSMnx-style graph back; `from_graph` of it is the same network."""
        return to_graph(self)

    @cached_property
    def sha256(self) -> tuple[str, ...]:
        """Digests of its GraphML file and, where turns cost anything, of their table: a plan names it by them."""
        files = [to_graphml_bytes(self), *(() if self.turns is None else (to_turns_bytes(self),))]
        return tuple(hashlib.sha256(content).hexdigest() for content in files)
