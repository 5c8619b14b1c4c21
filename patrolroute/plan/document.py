"""The document that a plan's file holds, without any file: written as text or values, and a plan made of it.

Making a plan of it tells every complaint about its form at once. What belongs beside it, the networks, is named in it
by digests; who reads it from somewhere else than a folder gives them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from pydantic_core import ValidationError

from patrolroute.base.errors import (
    Complaint,
    Complaints,
    InputError,
    OutputError,
    PlanFileError,
    short,
)
from patrolroute.base.forms import pydantic_sentences
from patrolroute.base.vocabulary import ComplaintKind, Mode
from patrolroute.plan.codec import plain, validator
from patrolroute.plan.companions import Companion
from patrolroute.plan.declaration import Form, Key, described, entries

if TYPE_CHECKING:
    from patrolroute.network.road import RoadNetwork
    from patrolroute.plan.model import PatrolPlan


PLAN_FILE = "plan.json"
"""What the file of a plan is called among its outputs."""

LISTS = ("networks", "crews", "tasks", "road_changes", "replanned", "routes", "conflicts", "companions")
"""Written one entry a line, so that a person finds their way and two plans can be compared line by line."""

MOST = 20
"""So many complaints about one file are enough to see what is wrong with it."""

MADE = ("visits_done", "left_out", "lon", "lat", "staff")
"""What a plan makes of a task, or works out, and who goes out, which asks for nothing and may be taken out of a file.
"""

FileName: TypeAlias = Annotated[str, Form(pattern=r"^[^/\\:]{1,80}$")]
Sha256: TypeAlias = Annotated[str, Form(pattern=r"^[0-9a-f]{64}$")]

DOCUMENT = "plan"
"""What complaints call a plan that is in no file."""

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
    """Return a digest of what was asked for: crews, key hours, near home, promises of response, and tasks.

    Keys without a value are left out, and those that may lack and have their default, so that one that a later version
    adds changes no digest.
    """
    digest, near_home = hashlib.sha256(), () if plan.near_home is None else (plan.near_home,)
    for record in (*plan.crews, *plan.tasks, *plan.key_hours, *near_home, *plan.responses):
        usual = {entry.name for entry in entries(type(record)) if getattr(record, entry.attribute) == entry.default}
        asked = {
            key: value
            for key, value in plain(record).items()
            if key not in MADE and key not in usual and value not in (None, [], "")
        }
        digest.update(json.dumps(asked, sort_keys=True).encode() + b"\n")
    return digest.hexdigest()


def plan_text(plan: PatrolPlan) -> str:
    """Return the text of the plan's file, which names the networks that belong beside it.

    Raises
    ------
    OutputError
        If a text holds what no file can.
    """
    plan, digests = plan.explained, dict[str, str]()
    for mode, network in plan.networks.items():
        digests |= zip(_names(plan, mode), network.sha256, strict=False)
    text = _text_of(plan, digests)
    encoded(PLAN_FILE, text)
    return text


def plan_document(plan: PatrolPlan) -> dict[str, Any]:
    """Return what the plan's file holds as dictionaries, lists, texts and numbers; see `plan_text`."""
    document: dict[str, Any] = json.loads(plan_text(plan))
    return document


def written_out(plan: PatrolPlan) -> tuple[dict[str, bytes], str]:
    """Return the files of a plan's networks, and the text of its own file."""
    plan, files = plan.explained, dict[str, bytes]()
    for mode, network in plan.networks.items():
        files |= network_files(network, *_names(plan, mode))
    return files, _text_of(plan, {file: sha256_of(content) for file, content in files.items()})


def _names(plan: PatrolPlan, mode: Mode) -> tuple[str, str]:
    """Return what the files of a mode's network and of its turns are called."""
    which = "" if len(plan.networks) == 1 else f"-{mode}"
    return f"network{which}.graphml", f"turns{which}.csv"


def _text_of(plan: PatrolPlan, digests: Mapping[str, str]) -> str:
    """Return the text of an explained plan's own file, which names the files of its networks with their digests."""
    named = []
    for mode in plan.networks:
        graph, turns = _names(plan, mode)
        beside = (turns, digests[turns]) if turns in digests else (None, None)
        named.append(plain(NetworkFile(mode, graph, digests[graph], *beside)))
    return "".join(_lines(plain(plan) | {"networks": named}))


def sha256_of(content: bytes) -> str:
    """Return the digest of a file by its content."""
    return hashlib.sha256(content).hexdigest()


def network_files(network: RoadNetwork, graph: str, turns: str) -> dict[str, bytes]:
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


def encoded(name: str, text: str) -> bytes:
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


def plan_from(
    kind: type[PatrolPlan], document: Mapping[str, Any], network: RoadNetwork | Mapping[Mode, RoadNetwork]
) -> PatrolPlan:
    """Make a plan of the class ``kind`` of what its file holds, and of the networks that it names.

    Parameters
    ----------
    kind
        The class.
    document
        As `plan_document` returns it.
    network
        The network of each mode; a single one is that of its own mode.

    Raises
    ------
    PlanFileError
        With everything that keeps it from being a plan: a network is to be the very one, by the digest that the
        document has of it.
    """
    complaints = Complaints()
    values = _as_read(document)
    facts = facts_of(kind, values, DOCUMENT, complaints)
    networks = _given(network, _named(values), complaints)
    raise_some(complaints, DOCUMENT, values)
    return plan_of(kind, values, facts, networks)


def facts_of(kind: type[PatrolPlan], values: dict[str, Any], source: str, complaints: Complaints) -> dict[str, Any]:
    """Return a plan's fields by the keys of its file, none where its form is broken; what is wrong is noted."""
    _check_version(values, kind.schema_version, source)
    if not is_json(values.get("settings")):
        complaints.add(f"{source}: settings: holds a number that is not finite")
    timezone = _zone(source, values.get("timezone"), complaints)
    try:
        facts: dict[str, Any] = validator(kind).validate_python(values, context=timezone)
    except ValidationError as error:
        about = _about(values)
        complaints.extend(replace(found, kind=about) for found in pydantic_sentences(error, source))
        return {}
    return facts


def _about(values: Mapping[str, Any]) -> ComplaintKind:
    return "form" if "schema_version" in values else "no_plan"


def raise_some(complaints: Complaints, source: str, values: Mapping[str, Any]) -> None:
    """Raise what was gathered, if anything was; of very many complaints the first."""
    if (more := len(complaints) - MOST) > 0:
        last = Complaint(f"{source}: {more} more complaints", _about(values))
        raise PlanFileError([*complaints.items[:MOST], last])
    complaints.raise_as(PlanFileError)


def plan_of(
    kind: type[PatrolPlan],
    values: Mapping[str, Any],
    facts: Mapping[str, Any],
    networks: Mapping[Mode, RoadNetwork],
) -> PatrolPlan:
    """Return the plan of its fields by key, with the networks in the place of their files."""
    fields = {entry.attribute: facts[entry.name] for entry in entries(kind) if entry.is_field and entry.name in facts}
    fields["networks"] = networks
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


def _as_read(document: Any) -> dict[str, Any]:
    """Return the values of a document as if they had been read from a file: nothing of them is shared."""
    if not isinstance(document, Mapping):
        raise PlanFileError(f"{DOCUMENT}: is a {type(document).__name__}, not a plan")
    try:
        values: dict[str, Any] = json.loads(_TEXT.encode(dict(document)))
    except (TypeError, ValueError, RecursionError) as error:
        raise PlanFileError(f"{DOCUMENT}: holds what JSON cannot: {error}") from error
    return values


def _check_version(values: Mapping[str, Any], version: str, source: str) -> None:
    """Refuse a plan of a later form before anything else is said of it."""
    major = str(values.get("schema_version", "")).partition(".")[0]
    if major.isdecimal() and not 1 <= int(major) <= int(version.partition(".")[0]):
        raise PlanFileError(
            f"{source}: schema_version {values['schema_version']} is of a later major version than {version}, "
            "the last that this library reads"
        )


def _zone(source: str, name: Any, complaints: Complaints) -> dt.tzinfo:
    """Return the zone in which the plan's times are wanted; UTC in place of one that is not known."""
    from patrolroute.problem.clock import zone

    try:
        return zone(name) if isinstance(name, str) else dt.UTC
    except InputError as error:
        complaints.extend(item.about(source) for item in error.items)
        return dt.UTC


def _named(values: Mapping[str, Any]) -> list[NetworkFile]:
    """Return the networks that a document names, those left out whose form is broken: that is said elsewhere."""
    found, entries_there = list[NetworkFile](), values.get("networks")
    for entry in entries_there if isinstance(entries_there, list) else ():
        try:
            found.append(NetworkFile(**validator(NetworkFile).validate_python(entry)))
        except ValidationError:
            continue
    return found


def _given(network: Any, named: Iterable[NetworkFile], complaints: Complaints) -> dict[Mode, RoadNetwork]:
    """Return of the networks that somebody gives those that a document names; what is wrong with them is noted."""
    from patrolroute.network.road import RoadNetwork

    given, found = network, dict[Mode, RoadNetwork]()
    if not isinstance(network, Mapping):
        given = {getattr(network, "mode", None): network}
    for mode, item in given.items():
        if not isinstance(item, RoadNetwork):
            complaints.add(f"{DOCUMENT}: network: is a {type(item).__name__}, not a RoadNetwork or a dict of them")
            return {}
        if item.mode != mode:
            complaints.add(f"{DOCUMENT}: network: is for {item.mode}, and is given for {short(mode)}")
    for entry in named:
        if entry.mode in found:
            complaints.add(f"{DOCUMENT}: network: two are named for {entry.mode}")
        elif entry.mode not in given:
            complaints.add(f"{DOCUMENT}: network: none is given for {entry.mode}, which the plan needs")
        elif not _is_the_one(given[entry.mode], entry):
            complaints.add(
                f"{DOCUMENT}: network: is not the one for {entry.mode} whose sha256 is in the plan; a plan's own "
                "networks are split where people stop, see plan.networks"
            )
        else:
            found[entry.mode] = given[entry.mode]
    return found


def _is_the_one(network: RoadNetwork, named: NetworkFile) -> bool:
    """Return whether a network, its turns included, has the digests that a document has of it."""
    graph, *turns = network.sha256
    is_graph, of_turns = graph == named.sha256, turns[0] if turns else None
    if named.turns is None or of_turns is None:
        return is_graph and named.turns is None and of_turns is None
    return is_graph and named.turns_sha256 in (None, of_turns)
