"""The doctor: everything that is or may be wrong with a night's file, at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, TypeVar

from patrolroute.demand.hotspots import read_hotspots
from patrolroute.errors import InputError
from patrolroute.network.crs import from_wgs84
from patrolroute.network.road import RoadNetwork
from patrolroute.night.run import NightRun
from patrolroute.night.tonight import Tonight
from patrolroute.problem.model import PatrolProblem
from patrolroute.study.diagnose import DATUM_NAMES, Diagnosis, Finding, diagnose, fitting_datum
from patrolroute.words import Mode

ANYWHERE_M = 3000.0
"""Points are looked at together even if each is too far off to be read."""

CORRECT = "correct it and look again"

Made = TypeVar("Made")


def examine(run: NightRun) -> Diagnosis:
    """Examine a night's file; what keeps one thing from being read does not keep the others from being looked at."""
    findings: list[Finding] = []
    crews = _tried(findings, run.crews)
    networks = _tried(findings, run.networks)
    maps = networks or _tried([], partial(_street_maps, run))
    demand = None if maps is None else _tried(findings, partial(run.demand, maps))
    if maps is not None:
        findings += _wrong_datum(run, maps)
    if crews and networks and demand:
        night = run.night
        options: dict[str, Any] = {"timezone": night.timezone, "decay": night.decay, "snap_m": night.snap_m}
        problem = _tried(findings, partial(PatrolProblem, networks, demand, crews, **options))
        if problem is not None:
            findings += [one for one in diagnose(problem).findings if not one.said.startswith("hotspots: ")]
    return Diagnosis(tuple(sorted(dict.fromkeys(findings), key=lambda one: one.level)))


def _tried(findings: list[Finding], step: Callable[[], Made]) -> Made | None:
    """Take a step, or note what is wrong with its input."""
    try:
        return step()
    except InputError as error:
        findings.extend(Finding("error", said, CORRECT) for said in error.complaints)
        return None


def _street_maps(run: NightRun) -> Mapping[Mode, RoadNetwork]:
    tonight = Tonight(run.night, run.folder)
    return {mode: tonight.street_map(mode) for mode in tonight.modes}


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
            )
