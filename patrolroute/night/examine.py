"""The doctor: all that is wrong with a night's file, and what may be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import cast

from patrolroute.base.errors import Complaint, Complaints
from patrolroute.base.text import remedy
from patrolroute.base.vocabulary import STAMPS, ComplaintKind, Datum, Lang, Mode
from patrolroute.demand.sheets import without_advice
from patrolroute.network.coordinates import from_wgs84
from patrolroute.network.places import snap_all
from patrolroute.network.road import RoadNetwork
from patrolroute.night.reading import in_part, parsed
from patrolroute.night.run import NightRun
from patrolroute.night.understood import understood
from patrolroute.night.workbook.cells import NightCells
from patrolroute.problem.crew import Crew
from patrolroute.study.diagnose import Diagnosis, Finding, diagnose
from patrolroute.study.evidence import fitting_datum
from patrolroute.study.phrases import DIAGNOSIS
from patrolroute.workbook.cells import CellComplaint

UNSURE: Mapping[ComplaintKind, frozenset[str]] = {
    "no_crew": frozenset({"crews"}),
    "nothing_left": frozenset({"streets", "hotspots", "incidents"}),
    "far_point": frozenset({"crs", "snap_m", "map"}),
    "hours_missed": frozenset({"date", "timezone", "shift"}),
}
"""Complaints that may only follow from what could not be read of these tables."""

ANYWHERE_M = 3000.0
"""Points are looked at together even if each is too far off to be read."""


def examine_file(path: str | Path, lang: Lang | None = None, *, noted: Complaints | None = None) -> Diagnosis:
    """Examine a night's file; what breaks its form is told together with all else that can be found.

    Parameters
    ----------
    path
        ``.toml``, ``.json`` or ``.xlsx``.
    lang
        ``zh`` or ``en``; the night's own if None.
    noted
        Where its errors are noted as complaints, too, each with its cell if it is a workbook.
    """
    return examined_run(path, lang, noted=noted)[0]


def examined_run(
    path: str | Path, lang: Lang | None = None, *, noted: Complaints | None = None
) -> tuple[Diagnosis, NightRun | None]:
    """Examine a night's file, and return with what was found the night itself, None where too little of it is left.

    Parameters
    ----------
    path, lang, noted
        As for `examine_file`.
    """
    path, complaints = Path(path), Complaints()
    data = parsed(path, complaints)
    if data is None:
        night, cut = None, frozenset[str]()
    else:
        night, cut = in_part(data, str(path), complaints)
    known = data.told(complaints.items) if isinstance(data, NightCells) else complaints.items

    def told(found: Iterable[Complaint]) -> list[Complaint]:
        """Note what is found, with its cells in a workbook; what was cut out of a list has moved all that follows."""
        items = data.told(found, unsure=cut) if isinstance(data, NightCells) else list(found)
        if noted is not None:
            noted.extend(items)
        return items

    if night is None:
        return Diagnosis(_errors(told(known), lang or "zh"), lang=lang or "zh"), None
    run = NightRun.trusting(night, path.parent)
    called = data.called if isinstance(data, NightCells) and not cut else None
    return examine(run, lang or night.lang, cut=cut, known=known, told=told, called=called), run


def _errors(complaints: Iterable[Complaint], lang: Lang) -> tuple[Finding, ...]:
    return tuple(Finding("error", item.said(lang), _remedy(item, lang)) for item in complaints)


def _remedy(item: Complaint, lang: Lang) -> str:
    is_in_cell = item.kind == "rule" and isinstance(item, CellComplaint) and item.cell is not None
    return DIAGNOSIS.say("cell_remedy", lang) if is_in_cell else remedy(item.kind, lang)


def examine(  # noqa: PLR0913 - what a workbook knows besides the night
    run: NightRun,
    lang: Lang = "en",
    *,
    cut: Collection[str] = (),
    known: Iterable[Complaint] = (),
    told: Callable[[Iterable[Complaint]], list[Complaint]] = list,
    called: Callable[[str], str | None] | None = None,
) -> Diagnosis:
    """Examine a night's file; what keeps one thing from being read does not keep the others from being looked at.

    Parameters
    ----------
    run
        The night.
    lang
        ``zh`` or ``en``, of what is found and of the remedies.
    cut
        Tables of the file of which not all could be read: nothing is concluded from what is left of them.
    known
        What is wrong with these.
    told
        Says of complaints where they are, if anything knows.
    called
        Says in which cell an entry stands, None where it does not know.
    """
    complaints, findings, notes = Complaints(), list[Finding](), tuple[Finding, ...]()
    crews = None if {"crews", "depots", "shift"} & set(cut) else complaints.attempt(run.crews)
    words = tuple[Finding, ...]()
    networks = None if "map" in cut else complaints.attempt(run.networks)  # another map has other streets
    # where a closure is wrong the choice of streets is still looked at, on the maps of any other night
    maps = None if "map" in cut else networks or Complaints().attempt(run.street_maps)
    demand = None if maps is None else complaints.attempt(partial(run.demand, maps))
    if maps is not None:
        findings += _wrong_datum(run, maps, lang)
        words = tuple(understood(run, maps, lang, called))
    if crews is not None and networks is not None and demand is not None and not cut:
        problem = complaints.attempt(partial(run.problem_of, networks, demand, crews))
        if problem is not None:
            diagnosis = diagnose(problem, lang)
            findings += [found for found in diagnosis.findings if found.kind != "datum"]
            uses_all = run.night.solve.goal != "points"
            notes = tuple(note for note in diagnosis.notes if not (uses_all and note.kind == "idle"))
            for street, metres in run.closed_required(networks):
                sentence = DIAGNOSIS.say("closed_required", lang, street=street, metres=metres)
                findings.append(Finding("warning", sentence, DIAGNOSIS.say("closed_remedy", lang), "closed"))
            findings += _closed_hours(run, lang)
    elif crews is not None and maps is not None:
        complaints.extend(_far_depots(run, crews, maps))
    sure = (item for item in complaints.items if not UNSURE.get(item.kind, frozenset()) & set(cut))
    errors = _errors(told([*known, *sure]), lang)
    every = sorted(dict.fromkeys([*errors, *findings]), key=lambda finding: finding.level)
    return Diagnosis(tuple(every), (*words, *notes), lang)


def _closed_hours(run: NightRun, lang: Lang) -> Iterator[Finding]:
    """Say which closures were meant for some hours only: a plan has one travel time for each street."""
    for said, hours in run.closed_hours():
        sentence = DIAGNOSIS.say("closed_all_night", lang, what=said, hours=hours)
        yield Finding("warning", sentence, DIAGNOSIS.say("closed_all_night_remedy", lang), "closed_hours")


def _far_depots(run: NightRun, crews: Sequence[Crew], maps: Mapping[Mode, RoadNetwork]) -> tuple[Complaint, ...]:
    """Look at the depots alone, where something else keeps the problem from being made."""
    complaints = Complaints()
    for mode, network in maps.items():
        team = [crew for crew in crews if crew.mode == mode]
        points = {f"depot of crew {crew.id!r}": point for crew in team for point in (crew.depot, crew.end_place)}
        complaints.attempt(partial(snap_all, network, list(points.items()), snap_m=run.night.snap_m))
    return complaints.items if run.night.crs == "wgs84" else tuple(map(without_advice, complaints.items))


def _wrong_datum(run: NightRun, networks: Mapping[Mode, RoadNetwork], lang: Lang) -> Iterator[Finding]:
    """Look at the points of each list of hotspots together, in the coordinates that it gives."""
    for number, table in enumerate(run.night.hotspots, start=1):
        network, crs = networks.get(table.mode), table.crs or run.night.crs
        if network is None:
            continue
        spots = Complaints().attempt(partial(run.hotspots, table, network, ANYWHERE_M)) or []
        given = [from_wgs84(spot.place.lon, spot.place.lat, crs) for spot in spots]
        if datum := fitting_datum(network, [(float(lon), float(lat)) for lon, lat in given], crs):
            facts = {
                "file": table.file or f"hotspots[{number}]",
                "number": len(spots),
                "crs": crs,
                "datum": DIAGNOSIS.say(datum, lang),
            }
            what_to_do = DIAGNOSIS.say("file_datum_remedy", lang, datum=datum, name=STAMPS[cast("Datum", datum)])
            yield Finding("warning", DIAGNOSIS.say("file_datum", lang, **facts), what_to_do, "datum")
