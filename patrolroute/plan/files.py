"""``plan.json`` and the networks that it names: written together, read back without losing a second.

Reading tells every complaint about the form at once, and never opens a file outside the plan's folder.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from pydantic_core import ValidationError

from patrolroute.base.errors import Complaint, Complaints, InputError, OutputError, PlanFileError, pydantic_sentences
from patrolroute.base.files import read_bytes
from patrolroute.base.vocabulary import ComplaintKind, Mode
from patrolroute.plan.codec import plain, validator
from patrolroute.plan.companions import Companion
from patrolroute.plan.declaration import Form, Key, described, entries

if TYPE_CHECKING:
    from patrolroute.network.road import RoadNetwork
    from patrolroute.plan.model import PatrolPlan


PLAN_FILE = "plan.json"
"""What the file of a plan is called among its outputs."""

LISTS = ("networks", "crews", "tasks", "routes", "conflicts", "companions")
"""Written one entry a line, so that a person finds their way and two plans can be compared line by line."""

MOST = 20
"""So many complaints about one file are enough to see what is wrong with it."""

MADE = ("visits_done", "left_out")
"""What a plan makes of a task; all else of it was asked for."""

FileName: TypeAlias = Annotated[str, Form(pattern=r"^[^/\\:]{1,80}$")]
Sha256: TypeAlias = Annotated[str, Form(pattern=r"^[0-9a-f]{64}$")]

LONG = 80
"""So many letters of a wrong value are enough to find it."""

_TEXT = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(", ", ": "))


@described
@dataclass(frozen=True, slots=True)
class NetworkFile:
    """A road network, in a file beside the plan."""

    mode: Mode
    file: Annotated[FileName, Key("GraphML with length, travel_s and patrol_s on every edge")]
    sha256: Annotated[Sha256, Key("of that file")]
    turns: Annotated[FileName | None, Key("CSV of turns that cost or are forbidden; null: turns cost nothing")]
    turns_sha256: Annotated[Sha256 | None, Key("of that file; null: there is none", since="1.2")] = None


@dataclass(frozen=True, slots=True)
class Stated:
    """What the file of a plan says of it that follows from all the rest: the audit holds it against that.

    Parameters
    ----------
    attribution, notice, gap, metrics
        As the plan's own attributes; the gap is that of its objective.
    asked_sha256
        Of what was asked for when it was made; None in a file older than that key.
    created_with
        Library and version.
    companions
        The outputs written with it; None in a file older than that key.
    fields
        The plan's own fields as they were read: of a plan that has others since, the file says nothing.
    """

    attribution: str
    notice: str | None
    gap: float | None
    metrics: Mapping[str, float | None]
    asked_sha256: str | None
    created_with: str
    companions: tuple[Companion, ...] | None
    fields: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def is_of(self, plan: PatrolPlan) -> bool:
        """Return whether a plan still is the one that was read."""
        return all(getattr(plan, name) == value for name, value in self.fields.items())


def asked_digest(plan: PatrolPlan) -> str:
    """Return a digest of what was asked for: crews, key hours, near home, and tasks without what the plan made of them.

    Keys without a value are left out, and those that may lack and have their default, so that one that a later version
    adds changes no digest.
    """
    digest, near_home = hashlib.sha256(), () if plan.near_home is None else (plan.near_home,)
    for record in (*plan.crews, *plan.tasks, *plan.key_hours, *near_home):
        usual = {entry.name for entry in entries(type(record)) if getattr(record, entry.attribute) == entry.default}
        asked = {
            key: value
            for key, value in plain(record).items()
            if key not in MADE and key not in usual and value not in (None, [], "")
        }
        digest.update(json.dumps(asked, sort_keys=True).encode() + b"\n")
    return digest.hexdigest()


def plan_files(plan: PatrolPlan, name: str = PLAN_FILE) -> dict[str, bytes]:
    """Return the content of the networks that the plan's file names, and of that file, which is to be written last.

    Raises
    ------
    OutputError
        If a text holds what no file can.
    """
    plan, files, named = plan.explained, dict[str, bytes](), []
    for mode, network in plan.networks.items():
        which = "" if len(plan.networks) == 1 else f"-{mode}"
        own = _network_files(network, f"network{which}.graphml", f"turns{which}.csv")
        digests = [(file, hashlib.sha256(content).hexdigest()) for file, content in own.items()]
        named.append(NetworkFile(mode, *digests[0], *(digests[1] if len(digests) > 1 else (None, None))))
        files |= own
    document = plain(plan) | {"networks": [plain(entry) for entry in named]}
    return files | {name: _encoded(name, "".join(_lines(document)))}


def _network_files(network: RoadNetwork, graph: str, turns: str) -> dict[str, bytes]:
    """Return the content of a network's file and, if turns cost anything, of the file of its turns."""
    from patrolroute.network.graph import to_graphml_bytes
    from patrolroute.network.turns import to_turns_bytes

    files = {graph: to_graphml_bytes(network)}
    return files if network.turns is None else files | {turns: to_turns_bytes(network)}


def is_json(value: Any) -> bool:
    """Return whether a value can be written as JSON: no number in it that is none, no other kind of thing."""
    try:
        _TEXT.encode(value)
    except (TypeError, ValueError, RecursionError):
        return False
    return True


def _encoded(name: str, text: str) -> bytes:
    """Write text as UTF-8, or say which letter keeps it from being written."""
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        where = text[max(0, error.start - 20) : error.end + 20]
        raise OutputError(f"{name}: no file can hold {text[error.start]!r}, half of a letter, in {where!r}") from error


def _lines(values: Mapping[str, Any]) -> Iterator[str]:
    last = len(values) - 1
    yield "{\n"
    for number, (key, value) in enumerate(values.items()):
        end = "\n" if number == last else ",\n"
        if key in LISTS and value:
            yield f'"{key}": [\n' + ",\n".join(map(_TEXT.encode, value)) + f"\n]{end}"
        else:
            yield f'"{key}": {_TEXT.encode(value)}{end}'
    yield "}\n"


def read_plan(kind: type[PatrolPlan], path: str | Path) -> PatrolPlan:
    """Read ``plan.json`` and the networks that it names beside it, as a plan of the class ``kind``.

    Raises
    ------
    PlanFileError
        With everything that keeps it from being a plan.
    """
    path = Path(path)
    values, complaints, facts = *_parsed(path, kind.schema_version), dict[str, Any]()
    timezone = _zone(path, values.get("timezone"), complaints)
    about: ComplaintKind = "form" if "schema_version" in values else "no_plan"
    try:
        facts = validator(kind).validate_python(values, context=timezone)
    except ValidationError as error:
        complaints.extend(replace(found, kind=about) for found in pydantic_sentences(error, str(path)))
    if (more := len(complaints) - MOST) > 0:
        raise PlanFileError([*complaints.items[:MOST], Complaint(f"{path}: {more} more complaints", about)])
    complaints.raise_as(PlanFileError)
    fields = {entry.attribute: facts[entry.name] for entry in entries(kind) if entry.is_field and entry.name in facts}
    fields["networks"] = _networks(path, fields["networks"])
    return kind(**fields, read_as=_stated(values, facts, fields))


def _stated(values: Mapping[str, Any], facts: Mapping[str, Any], fields: Mapping[str, Any]) -> Stated:
    """Return what a file says that a plan does not keep, for the audit."""
    beside = {name: facts[name] for name in ("attribution", "notice", "metrics", "asked_sha256", "companions")}
    return Stated(
        **beside,
        created_with=facts["created_with"],
        gap=values["objective"]["gap"],
        fields=fields,
    )


def _parsed(path: Path, version: str) -> tuple[dict[str, Any], Complaints]:
    """Read the JSON and look at its version before anything else; what JSON itself allows nobody to say comes along."""
    content, complaints = read_bytes(path, error=PlanFileError), Complaints()

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
    major = str(values.get("schema_version", "")).partition(".")[0]
    if major.isdecimal() and not 1 <= int(major) <= int(version.partition(".")[0]):
        raise PlanFileError(
            f"{path}: schema_version {values['schema_version']} is of a later major version than {version}, "
            "the last that this library reads"
        )
    if not is_json(values.get("settings")):
        complaints.add(f"{path}: settings: holds a number that is not finite")
    return values, complaints


def _no_number(word: str) -> float:
    """Refuse what Python writes for no number, and JSON has no word for."""
    raise ValueError(f"{word} is no number of JSON")


def _zone(path: Path, name: Any, complaints: Complaints) -> dt.tzinfo:
    """Return the zone in which the plan's times are wanted; UTC in place of one that is not known."""
    from patrolroute.problem.clock import zone

    try:
        return zone(name) if isinstance(name, str) else dt.UTC
    except InputError as error:
        complaints.extend(item.about(str(path)) for item in error.items)
        return dt.UTC


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
    if hashlib.sha256(content).hexdigest() != named.sha256:
        raise PlanFileError(f"{file}: is not the network of the plan: its sha256 is not the one in {path.name}")
    network = RoadNetwork.of(parse_graphml(content, file, whole=True))
    if named.turns is None:
        return network
    turns = path.parent / named.turns
    if not turns.exists():
        sentence = f"{turns}: there is no such file; {path.name} names it as the turns of its network"
        raise PlanFileError(Complaint(sentence, "no_file"))
    table = read_bytes(turns, error=PlanFileError)
    if named.turns_sha256 not in (None, hashlib.sha256(table).hexdigest()):
        raise PlanFileError(f"{turns}: is not the table of the plan: its sha256 is not the one in {path.name}")
    return read_turns(network, table, turns)
