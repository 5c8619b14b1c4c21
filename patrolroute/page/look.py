"""What the page shows of a night as it is typed: what each entry means on the map, and what is wrong, by cell.

Every edit is looked at anew. What breaks the form of a night, or means nothing on the map, is told at once; whether the
night as a whole can be planned takes the tables of travel, a second or more, and is asked for apart (`checked`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from patrolroute.base.errors import Complaint, Complaints, InputError
from patrolroute.base.forms import pydantic_sentences
from patrolroute.base.text import remedy
from patrolroute.base.vocabulary import LANGS, ComplaintKind, Lang, LonLat, Mode
from patrolroute.demand.model import PriorityStreet
from patrolroute.demand.sheets import without_advice
from patrolroute.network.coordinates import is_on_earth
from patrolroute.network.names import Drawn, place_in_words
from patrolroute.network.places import nearest_places, snap_all
from patrolroute.network.road import RoadNetwork
from patrolroute.night.examine import examine
from patrolroute.night.model import Closures, Night, Slow, Streets
from patrolroute.night.reading import in_part
from patrolroute.night.roads import Tonight
from patrolroute.night.run import NightRun
from patrolroute.page import columns
from patrolroute.page.map_data import place_shown
from patrolroute.page.words import WORDS
from patrolroute.study.diagnose import Finding

Shown = dict[str, Any]
Entry = TypeVar("Entry", Streets, Closures, Slow)

LISTS = ("depots", "crews", "streets", "hotspots", "closures", "slow", "key_hours")
"""Tables of the page."""


def look(data: Mapping[str, Any], folder: Path) -> Shown:
    """Return what a night means on the map, and what is wrong with it.

    Parameters
    ----------
    data
        The night's dictionary, as it is typed.
    folder
        Where its map lies, if that is a file.

    Returns
    -------
    dict
        ``complaints``, each with its sentences, its path and its cell; ``todo``, what no night can do without and this
        one lacks; ``drawn``: for each list the entries with their arcs, or the place with its street.
    """
    complaints = Complaints()
    night, cut = _read(data, complaints)
    shown: Shown = {"todo": list(_todo(data)), "drawn": {name: [] for name in LISTS}, "points": None, "mode": "car"}
    run = None if night is None else complaints.attempt(partial(NightRun, night, folder))
    if night is not None and run is not None:
        mode = night.crews[0].mode if data.get("crews") and "crews" not in cut else "car"
        network = complaints.attempt(partial(Tonight(night, folder).street_map, mode))
        if network is not None:
            shown |= {"mode": mode, "drawn": _drawn(data, night, run, network, complaints)}
        if not {"crews", "depots", "shift"} & set(cut):
            _crews(run, complaints)
    return shown | {"complaints": [complaint_shown(item) for item in _without_todo(complaints.items)]}


def _read(data: Mapping[str, Any], complaints: Complaints) -> tuple[Night | None, frozenset[str]]:
    """Return the night, or what of it keeps the form of one."""
    try:
        return Night.model_validate(data), frozenset()
    except ValidationError as error:
        complaints.extend(pydantic_sentences(error, ""))
        return in_part(data, "", Complaints())


def network_of(data: Mapping[str, Any], folder: Path, mode: Mode = "car") -> RoadNetwork:
    """Return the map of a night that is being typed, as on any other night.

    Parameters
    ----------
    data, folder
        As for `look`.
    mode
        Of the crews.

    Raises
    ------
    InputError
        If the map cannot be read, or may not be.
    """
    complaints = Complaints()
    night, _ = in_part(data, "", complaints)
    if night is None:
        raise InputError(complaints.items)
    run = NightRun(night, folder)
    return Tonight(run.night, folder).street_map(mode)


def _todo(data: Mapping[str, Any]) -> Iterable[str]:
    """Yield what a night cannot do without."""
    yield from (name for name in ("depots", "crews") if not data.get(name))
    if not any(data.get(name) for name in ("streets", "hotspots", "incidents")):
        yield "tasks"


def _without_todo(items: Sequence[Complaint]) -> Iterable[Complaint]:
    """Leave out that a list is empty which nobody has begun, and what is said twice."""
    told = set[str]()
    for item in items:
        if (item.code == "empty" and item.path == ("crews",)) or item.sentence in told:
            continue
        told.add(item.sentence)
        yield item


def complaint_shown(item: Complaint) -> Shown:
    """Return a complaint for the page: as JSON, with the cell that it is about and what to do."""
    return item.to_dict() | {f"remedy_{lang}": _remedy(item.kind, lang) for lang in LANGS} | {"cell": cell_of(item)}


def _remedy(kind: ComplaintKind, lang: Lang) -> str:
    """Return what to do about a complaint on the page: a cell is in sight, and every place is in WGS-84."""
    if kind in ("rule", "form"):
        return ""
    return WORDS.say("remedy_far", lang) if kind == "far_point" else remedy(kind, lang)


def cell_of(item: Complaint) -> Shown | None:
    """Return the list, row and field that a complaint is about; None where it is about none.

    Examples
    --------
    >>> cell_of(Complaint("hotspots[1]: row 2 (夜市): priority 9 is not a whole number between 1 and 5"))
    {'list': 'hotspots', 'table': 0, 'row': 1, 'field': 'priority'}
    """
    path = list(item.path)
    if not path or not isinstance(path[0], str):
        return None
    name = str(path.pop(0))
    cell: Shown = {"list": name, "table": None, "row": None, "field": None}
    if path and isinstance(path[0], int):
        cell["row"] = path.pop(0)
    if name in ("hotspots", "incidents") and cell["row"] is not None:
        cell["table"], cell["row"] = cell["row"], None
        if path[:1] in (["row"], ["feature"], ["data"]) and len(path) > 1 and isinstance(path[1], int):
            cell["row"] = path[1] - (path[0] != "data")  # a table's rows count from 1
            path = path[2:]
    texts = [step for step in path if isinstance(step, str)]
    if texts[:1] == ["crew"]:
        texts = texts[2:]
    if name not in columns.LISTS and (entry := columns.field_of("basics", [name, *texts])) != name:
        return {"list": "basics", "table": None, "row": 0, "field": entry}
    cell["field"] = columns.field_of(name, texts)
    return cell


def _crews(run: NightRun, complaints: Complaints) -> None:
    """Note what is wrong with the crews, groups that share names included: those come later than the ones they meet."""
    crews = complaints.attempt(run.crews)
    if crews is None:
        return
    names, taken = iter(crew.id for crew in crews), set[str]()
    for number, group in enumerate(run.night.crews, start=1):
        own = [next(names) for _ in range(group.count)]
        if known := [name for name in own if name in taken]:
            field = "prefix" if group.id is None else "id"
            complaints.add(f"crews[{number}].{field}: the name {known[0]} is used by another row; choose another one")
        taken.update(own)


def _drawn(
    data: Mapping[str, Any], night: Night, run: NightRun, network: RoadNetwork, complaints: Complaints
) -> dict[str, list[Shown | None]]:
    """Return what each entry of each list is on the map."""
    shown: dict[str, list[Shown | None]] = {name: [] for name in LISTS}
    shown["depots"] = [_point(row, network, night.snap_m, complaints, f"depots[{number}]")
                       for number, row in enumerate(_list(data, "depots"), start=1)]  # fmt: skip
    for number, table in enumerate(_list(data, "hotspots"), start=1):
        rows = _list(table, "data") if isinstance(table, Mapping) else []
        shown["hotspots"].append({"rows": [
            _point(row, network, night.snap_m, complaints, f"hotspots[{number}]: row {at}")
            for at, row in enumerate(rows, start=1)
        ]})  # fmt: skip
    for table in night.hotspots:
        if table.mode == network.mode:
            told = Complaints()
            told.attempt(partial(run.hotspots, table, network))
            complaints.extend(item for item in told.items if item.kind != "far_point")  # each row tells its own
    requests = [_entry(Streets, entry) for entry in _list(data, "streets")]
    stand_in = Streets(names=["?"])  # where one entry is wrong the others keep their numbers
    run = replace(run, night=night.model_copy(update={"streets": [request or stand_in for request in requests]}))
    for number, request in enumerate(requests, start=1):
        if request is None:
            shown["streets"].append(None)
        else:
            found = Complaints()
            streets = found.attempt(partial(run.streets, request, network)) if request.mode == network.mode else []
            complaints.extend(item if item.path[:1] == ("streets",) and len(item.path) > 1
                              else item.about(f"streets[{number}]") for item in found.items)  # fmt: skip
            shown["streets"].append(_streets_shown(streets or [], network))
    closed = [_entry(Closures, entry) for entry in _list(data, "closures")]
    slow = [_entry(Slow, entry) for entry in _list(data, "slow")]
    lists: Mapping[str, Sequence[Closures | Slow | None]] = {"closures": closed, "slow": slow}
    for name, entries in lists.items():
        shown[name] = [None if entry is None else _meant(entry, network, complaints, f"{name}[{number}]")
                       for number, entry in enumerate(entries, start=1)]  # fmt: skip
    return shown


def _entry(kind: type[Entry], given: Any) -> Entry | None:
    """Return an entry by itself, None where it breaks its form: of that the night as a whole complains."""
    try:
        return kind.model_validate(given)
    except ValidationError:
        return None


def _list(data: Mapping[str, Any], name: str) -> list[Any]:
    found = data.get(name)
    return found if isinstance(found, list) else []


def _point(row: Any, network: RoadNetwork, snap_m: float, complaints: Complaints, entry: str) -> Shown | None:
    """Return where a row's point snaps to; None where it has none yet, or in words that are told elsewhere."""
    lonlat = _lonlat(row, network)
    if lonlat is None:
        return None
    (place,) = nearest_places(network, [lonlat])
    told = Complaints()
    told.attempt(partial(snap_all, network, [(entry, lonlat)], snap_m=snap_m))
    complaints.extend(map(without_advice, told.items))  # a click is in WGS-84 whatever else would fit
    return place_shown(network, place) | {"is_far": len(told) > 0}


def _lonlat(row: Any, network: RoadNetwork) -> LonLat | None:
    try:
        lon, lat = float(row["lon"]), float(row["lat"])
    except (KeyError, TypeError, ValueError):
        text = row.get("place") if isinstance(row, Mapping) else None
        found = Complaints().attempt(partial(place_in_words, text, network)) if isinstance(text, str) else None
        return None if found is None else found.lonlat
    return (lon, lat) if is_on_earth(lon, lat) else None


def _streets_shown(streets: Sequence[PriorityStreet], network: RoadNetwork) -> Shown:
    """Return the arcs of an entry of streets, its segments and its metres, a pair of carriageways counted once."""
    arcs, metres, segments = list[int](), 0.0, 0
    for street in streets:
        for segment in street.segments:
            chains = [[network.arc_index[arc] for arc in chain] for chain in segment.directions]
            metres += sum(float(network.length_m[chain].sum()) for chain in chains) / len(chains)
            segments += 1
            arcs += [arc for chain in chains for arc in chain]
    names = list(dict.fromkeys(street.name for street in streets if street.name))
    return {"arcs": arcs, "metres": round(metres), "segments": segments, "names": names}


def _meant(entry: Closures | Slow, network: RoadNetwork, complaints: Complaints, said: str) -> Shown:
    """Return the arcs that a closure or a slow street means."""
    drawn = Drawn(entry.names, entry.lines or (), entry.polygons or ())
    marked = complaints.attempt(partial(drawn.arcs, network, said))
    arcs = [] if marked is None else marked.nonzero()[0].tolist()
    return {"arcs": arcs, "metres": int(network.length_m[arcs].sum()), "segments": len(arcs), "names": [*entry.names]}


def checked(data: Mapping[str, Any], folder: Path, lang: Lang) -> list[Shown]:
    """Return what the doctor finds of a night that keeps the form: errors, warnings and notes, each with what to do.

    Parameters
    ----------
    data, folder
        As for `look`.
    lang
        Of the sentences.

    Raises
    ------
    InputError
        If it does not keep the form.
    """
    complaints = Complaints()
    night, _ = _read(data, complaints)
    if len(complaints) or night is None:
        raise InputError(complaints.items)
    diagnosis = examine(NightRun(night, folder), lang)
    return [
        {"level": found.level, "said": found.said, "remedy": _remedy_found(found, lang), "kind": found.kind}
        for found in (*diagnosis.findings, *diagnosis.notes)
    ]


def _remedy_found(found: Finding, lang: Lang) -> str:
    """Return what to do about a finding on the page."""
    if found.kind == "datum":
        return WORDS.say("remedy_datum", lang)
    return "" if found.remedy in (remedy("rule", lang), remedy("form", lang)) else found.remedy
