"""The doctor: everything that is or may be wrong with a night's file, at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TypeVar

from patrolroute.demand.hotspots import read_hotspots
from patrolroute.errors import InputError
from patrolroute.network.crs import from_wgs84
from patrolroute.network.places import snap_all
from patrolroute.network.road import RoadNetwork
from patrolroute.night.run import NightRun
from patrolroute.problem.crew import Crew
from patrolroute.study.diagnose import DATUM_NAMES, Diagnosis, Finding, diagnose, fitting_datum
from patrolroute.words import Mode

ANYWHERE_M = 3000.0
"""Points are looked at together even if each is too far off to be read."""

REMEDIES = (
    ("is not on the map", "write the name as the map has it, or leave it out"),
    ("is not among the depots", "add that depot, or name one that is there"),
    ("from the nearest street", "move the point, or say in which datum it is: crs"),
    ("never meet", "change the hours or the shift"),
    ("there is no such file", "put the file there, or correct its name"),
    ("is too short for any task", "lengthen the shift, or let the crew start nearer"),
    ("there is no task of its mode", "ask for a street or hotspot with the crew's mode, kinds and area"),
    ("no way leads", "look at one-way streets, closures and turn restrictions around it"),
    ("shorter than the headway", "ask for fewer visits or a shorter headway"),
    ("is asked for", "leave one of the two out"),
)
"""What to do about a complaint, by what it says; the first that fits."""

MEND = "change it in the night's file, or in the file that it names"

Made = TypeVar("Made")


def examine(run: NightRun) -> Diagnosis:
    """Examine a night's file; what keeps one thing from being read does not keep the others from being looked at."""
    findings: list[Finding] = []
    crews = _tried(findings, run.crews)
    networks = _tried(findings, run.networks)
    maps = networks or _tried([], run.street_maps)
    demand = None if maps is None else _tried(findings, partial(run.demand, maps))
    if maps is not None:
        findings += _wrong_datum(run, maps)
    if crews is not None and networks is not None and demand is not None:
        problem = _tried(findings, partial(run.problem_of, networks, demand, crews))
        if problem is not None:
            findings += [one for one in diagnose(problem).findings if one.kind != "datum"]
    elif crews is not None and maps is not None:
        findings += _far_depots(run, crews, maps)
    return Diagnosis(tuple(sorted(dict.fromkeys(findings), key=lambda one: one.level)))


def _tried(findings: list[Finding], step: Callable[[], Made]) -> Made | None:
    """Take a step, or note what is wrong with its input."""
    try:
        return step()
    except InputError as error:
        findings.extend(Finding("error", said, _remedy(said)) for said in error.complaints)
        return None


def _remedy(said: str) -> str:
    return next((remedy for words, remedy in REMEDIES if words in said), MEND)


def _far_depots(run: NightRun, crews: Sequence[Crew], maps: Mapping[Mode, RoadNetwork]) -> Iterator[Finding]:
    """Look at the depots alone, where something else keeps the problem from being made."""
    for mode, network in maps.items():
        team = [crew for crew in crews if crew.mode == mode]
        points = {f"depot of crew {crew.id!r}": point for crew in team for point in (crew.depot, crew.home)}
        found: list[Finding] = []
        _tried(found, partial(snap_all, network, list(points.items()), snap_m=run.night.snap_m))
        yield from found


def _wrong_datum(run: NightRun, networks: Mapping[Mode, RoadNetwork]) -> Iterator[Finding]:
    """Look at the points of each file of hotspots together, in the coordinates that the file gives."""
    for table in run.night.hotspots:
        network, crs = networks.get(table.mode), table.crs or run.night.crs
        if network is None:
            continue
        spots = _tried([], partial(read_hotspots, run.folder / table.file, network, crs=crs, snap_m=ANYWHERE_M)) or []
        given = [from_wgs84(spot.place.lon, spot.place.lat, crs) for spot in spots]
        if datum := fitting_datum(network, [(float(lon), float(lat)) for lon, lat in given], crs):
            yield Finding(
                "warning",
                f"{table.file}: its {len(spots)} points, read as {crs}, lie beside the streets as if they were "
                f"{DATUM_NAMES[datum]}",
                f'write crs = "{datum}" for this file',
                "datum",
            )
