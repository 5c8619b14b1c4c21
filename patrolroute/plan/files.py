"""``plan.json`` and the networks that it names: written together, read back without losing a second.

Reading tells every complaint about the form at once, and never opens a file outside the plan's folder.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patrolroute.base.errors import Complaint, Complaints, InputError, PlanFileError
from patrolroute.base.files import read_bytes
from patrolroute.base.vocabulary import Mode
from patrolroute.plan.document import (
    LONG,
    PLAN_FILE,
    NetworkFile,
    encoded,
    facts_of,
    plan_of,
    raise_some,
    sha256_of,
    written_out,
)

if TYPE_CHECKING:
    from patrolroute.network.road import RoadNetwork
    from patrolroute.plan.model import PatrolPlan


def plan_files(plan: PatrolPlan, name: str = PLAN_FILE) -> dict[str, bytes]:
    """Return the content of the networks that the plan's file names, and of that file, which is to be written last.

    Raises
    ------
    OutputError
        If a text holds what no file can.
    """
    files, text = written_out(plan)
    return files | {name: encoded(name, text)}


def read_plan(kind: type[PatrolPlan], path: str | Path) -> PatrolPlan:
    """Read ``plan.json`` and the networks that it names beside it, as a plan of the class ``kind``.

    Raises
    ------
    PlanFileError
        With everything that keeps it from being a plan.
    """
    path, complaints = Path(path), Complaints()
    values = _parsed(path, complaints)
    facts = facts_of(kind, values, str(path), complaints)
    raise_some(complaints, str(path), values)
    return plan_of(kind, values, facts, _networks(path, facts["networks"]))


def _parsed(path: Path, complaints: Complaints) -> dict[str, Any]:
    """Read the JSON; what JSON itself allows nobody to say is noted."""
    content = read_bytes(path, error=PlanFileError)

    def record(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            twice = [key for key, times in Counter(key for key, _ in pairs).items() if times > 1]
            complaints.extend(f"{path}: the key {key[:LONG]!r} stands more than once in one object" for key in twice)
        return found

    try:
        values = json.loads(content.decode("utf-8-sig"), object_pairs_hook=record, parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise PlanFileError(f"{path}: is not UTF-8 text") from error
    except (ValueError, RecursionError) as error:
        raise PlanFileError(f"{path}: is not valid JSON, or is cut off: {error}") from error
    if not isinstance(values, dict):
        raise PlanFileError(f"{path}: is a JSON {type(values).__name__}, not a plan")
    return values


def _no_number(word: str) -> float:
    """Refuse what Python writes for no number, and JSON has no word for."""
    raise ValueError(f"{word} is no number of JSON")


def _networks(path: Path, named: tuple[NetworkFile, ...]) -> dict[Mode, RoadNetwork]:
    """Read the networks that a plan names: whole, its own, of the modes that it needs."""
    complaints, networks = Complaints(), dict[Mode, Any]()
    for entry in named:
        try:
            network = _network(path, entry)
        except InputError as error:
            complaints.extend(error.items)
            continue
        if network.mode != entry.mode or entry.mode in networks:
            file = path.parent / entry.file
            complaints.add(f"{file}: is a network for {network.mode}, where the plan needs one for {entry.mode}")
        networks[entry.mode] = network
    complaints.raise_as(PlanFileError)
    return networks


def _network(path: Path, named: NetworkFile) -> RoadNetwork:
    """Read a network and its turns, if their digests are those of the plan."""
    from patrolroute.network.graph import parse_graphml
    from patrolroute.network.road import RoadNetwork
    from patrolroute.network.turns import read_turns

    file = path.parent / named.file
    content = read_bytes(file, error=PlanFileError)
    if sha256_of(content) != named.sha256:
        raise PlanFileError(f"{file}: is not the network of the plan: its sha256 is not the one in {path.name}")
    network = RoadNetwork.of(parse_graphml(content, file, whole=True))
    if named.turns is None:
        return network
    turns = path.parent / named.turns
    if not turns.exists():
        sentence = f"{turns}: there is no such file; {path.name} names it as the turns of its network"
        raise PlanFileError(Complaint(sentence, "no_file"))
    table = read_bytes(turns, error=PlanFileError)
    if named.turns_sha256 not in (None, sha256_of(table)):
        raise PlanFileError(f"{turns}: is not the table of the plan: its sha256 is not the one in {path.name}")
    return read_turns(network, table, turns)
