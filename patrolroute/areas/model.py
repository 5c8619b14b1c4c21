"""`PatrolAreas`: the areas that were drawn, what they are worth, and their doors to files and crews."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from patrolroute.areas import files, report
from patrolroute.areas.area import PatrolArea
from patrolroute.base.arguments import checked
from patrolroute.base.errors import Complaints, ProblemError, short
from patrolroute.base.text import require_lang
from patrolroute.base.vocabulary import Datum, Lang
from patrolroute.network.coordinates import metres_between, require_datum
from patrolroute.network.road import RoadNetwork
from patrolroute.problem.crew import Crew


@dataclass(frozen=True, eq=False)
class PatrolAreas:
    """Patrol areas drawn together, as `draw_areas` makes them.

    Parameters
    ----------
    areas
        In the order of their names.
    balance
        By how much of the mean an area's work was to differ from it at most.
    cost
        What was made small: Σ weight · metres from each piece of the streets to the centre of its area, with crossings
        of borders, and with what pieces count farther that are not where they were last time.
    bound
        No areas within the balance cost less, in one piece or not; see the docs.
    seed, work
        The same seed and work limit give the same areas.
    attribution, notice
        Whose map it is, and what must be said of it.
    """

    areas: tuple[PatrolArea, ...]
    _: KW_ONLY
    balance: float = 0.05
    cost: int = 0
    bound: int = 0
    seed: int = 1
    work: int = 0
    attribution: str = ""
    notice: str | None = None

    def __len__(self) -> int:
        return len(self.areas)

    def __iter__(self) -> Iterator[PatrolArea]:
        return iter(self.areas)

    def __repr__(self) -> str:
        return f"PatrolAreas({len(self)} areas, imbalance {self.imbalance:.3f}, roundness {self.roundness:.2f})"

    @property
    def imbalance(self) -> float:
        """The largest difference of an area's work from the mean, as a share of it; 0 where nothing is asked for."""
        work = np.array([area.work_s for area in self.areas], dtype=np.float64)
        mean = float(work.mean()) if len(work) else 0.0
        return float(np.abs(work - mean).max() / mean) if mean else 0.0

    @property
    def roundness(self) -> float:
        """Mean roundness of the areas; see `PatrolArea.roundness`."""
        return float(np.mean([area.roundness for area in self.areas])) if self.areas else 0.0

    @property
    def spread_m(self) -> float:
        """Mean metres from streets to the centre of their area, by work; see `PatrolArea.spread_m`."""
        work = np.array([max(area.work_s, 1) for area in self.areas], dtype=np.float64)
        return float(work @ [area.spread_m for area in self.areas] / work.sum()) if self.areas else 0.0

    @property
    def gap(self) -> float:
        """By how much of the cost any areas could cost less at most, 0 for nothing."""
        return max(self.cost - self.bound, 0) / self.cost if self.cost else 0.0

    @checked
    def area(self, name: str) -> PatrolArea:
        """Return the area of a name.

        Raises
        ------
        ProblemError
            If there is none, naming all that there are.
        """
        for area in self.areas:
            if area.name == name:
                return area
        names = ", ".join(area.name for area in self.areas)
        raise ProblemError(f"area {name!r} is not among the areas: {names}")

    @checked(but=("crews",))
    def given_to(self, crews: Sequence[Crew]) -> list[Crew]:
        """Return crews that each keep to an area; every area has about equally many, those that start near it.

        Give a crew the area that you want by ``Crew(…, area=areas.area("A03").polygon)``; by
        `NearHome.leave_areas` crews may drive streets outside, at a cost.

        Parameters
        ----------
        crews
            With depots that are coordinates.

        Raises
        ------
        ProblemError
            If a depot is in words: `Crew.placed` finds it on a network.
        """
        complaints = Complaints()
        if isinstance(crews, str) or not isinstance(crews, Sequence) or not all(isinstance(one, Crew) for one in crews):
            raise ProblemError(f"areas: crews {short(crews)} are no list of crews")
        complaints.extend(
            f"crew {crew.id!r}: its depot is in words; Crew.placed finds it"
            for crew in crews
            if isinstance(crew.depot, str)
        )
        complaints.raise_as(ProblemError)
        if not crews:
            return []
        places = np.array([area.centre for area in self.areas])
        away = np.array([metres_between(crew.depot, places) for crew in crews])
        turns = -(-len(crews) // len(self.areas))
        # The second crew of an area costs more than any first one, so that no area is left without one.
        late = np.repeat(np.arange(turns), len(self.areas)) * (int(away.max()) + 1) * len(crews)
        rows, columns = linear_sum_assignment(np.tile(away, turns) + late)
        chosen = dict(zip(rows.tolist(), (columns % len(self.areas)).tolist(), strict=True))
        return [replace(crew, area=self.areas[chosen[number]].polygon) for number, crew in enumerate(crews)]

    @checked
    def summary(self, lang: Lang = "zh") -> str:
        """Return what the areas are and how good, in words."""
        return report.summary(self, lang)

    @checked
    def to_geojson(self, *, crs: Datum = "wgs84", lang: Lang = "zh") -> dict[str, Any]:
        """Return a FeatureCollection with everything, so that `from_file` reads the same areas back.

        Parameters
        ----------
        crs
            Datum of the coordinates.
        lang
            Of the descriptions.
        """
        require_lang(lang)
        return files.geojson(self, require_datum(crs), lang)

    @checked(but=("network",))
    def save(
        self, folder: str | Path, *, lang: Lang = "zh", crs: Datum = "wgs84", network: RoadNetwork | None = None
    ) -> tuple[Path, ...]:
        """Write ``areas.geojson``, ``areas.xlsx`` and ``areas.txt``, and with a network ``areas.png``, ``areas.html``.

        What needs a library that is not installed is left out.

        Parameters
        ----------
        folder
            Where to; it is made if it is missing.
        lang
            Of the words.
        crs
            Datum of the GeoJSON.
        network
            The map, to draw the areas on.

        Raises
        ------
        OutputError
            If a file cannot be written: then none is.
        """
        if network is not None and not isinstance(network, RoadNetwork):
            raise ProblemError(f"areas: network {short(network)} is no RoadNetwork")
        return files.save(self, Path(folder), network, lang=lang, crs=require_datum(crs))

    @classmethod
    @checked
    def from_file(cls, path: str | Path, *, crs: Datum | None = None) -> PatrolAreas:
        """Read areas from a GeoJSON file, of this library or drawn elsewhere.

        Parameters
        ----------
        path
            A polygon for each area, with its name as property ``name``.
        crs
            Datum of the coordinates; what the file says of itself if not given, else WGS-84.

        Raises
        ------
        TableError
            Naming everything that is no polygon or has no name, or one that is used twice.
        """
        areas, told = files.read_areas(Path(path), crs)
        return cls(areas, **told)
