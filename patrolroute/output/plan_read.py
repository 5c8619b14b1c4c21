"""Reading ``plan.json`` back: every complaint about its form at once, and never a file outside its folder."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from patrolroute.errors import Complaints, InputError, PlanFileError
from patrolroute.network.graphml import parse_graphml
from patrolroute.network.textfile import read_bytes
from patrolroute.network.turnfile import read_turns
from patrolroute.output.plan_model import (
    SCHEMA_VERSION,
    ConflictEntry,
    CrewEntry,
    LeftOutEntry,
    LegEntry,
    NetworkEntry,
    ObjectiveEntry,
    PlanDocument,
    SpotEntry,
    TaskEntry,
)
from patrolroute.plan.parts import (
    Conflict,
    GiveWay,
    LeftOut,
    Leg,
    Moments,
    Objective,
    Overtime,
    PlannedBreak,
    PlannedCrew,
    PlannedTask,
    Route,
    Spot,
)
from patrolroute.plan.records import PatrolPlan
from patrolroute.problem.crew import zone
from patrolroute.sentences import pydantic_sentences

if TYPE_CHECKING:
    from patrolroute.network.road import RoadNetwork
    from patrolroute.words import Mode

MOST = 20
"""So many complaints about one file are enough to see what is wrong with it."""


def read_plan(path: str | Path) -> PatrolPlan:
    """Read ``plan.json`` and the networks that it names beside it.

    Raises
    ------
    PlanFileError
        With everything that keeps it from being a plan.
    """
    path = Path(path)
    values = _parsed(path)
    try:
        entry = PlanDocument.model_validate(values)
    except ValidationError as error:
        sentences = list(pydantic_sentences(error, str(path)))
        more = [f"{path}: {len(sentences) - MOST} more complaints"] if len(sentences) > MOST else []
        raise PlanFileError(sentences[:MOST] + more) from error
    clock = _Clock(_zone(path, entry.timezone))
    return PatrolPlan(
        networks=_networks(path, entry.networks),
        crews=tuple(clock.crew(crew) for crew in entry.crews),
        tasks=tuple(clock.task(task) for task in entry.tasks),
        routes=tuple(
            Route(route.crew, clock.local(route.start), clock.local(route.end), tuple(map(clock.leg, route.legs)))
            for route in entry.routes
        ),
        window=clock.span(entry.window),
        timezone=entry.timezone,
        objective=_objective(entry.objective),
        seed=entry.seed,
        work=entry.work,
        settings=entry.settings,
        created_with=entry.created_with,
        conflicts=None if entry.conflicts is None else tuple(map(_conflict, entry.conflicts)),
    )


def _parsed(path: Path) -> Any:
    """Read the JSON and look at its version before anything else."""
    content = read_bytes(path, error=PlanFileError)
    try:
        values = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise PlanFileError(f"{path}: is not UTF-8 text") from error
    except (ValueError, RecursionError) as error:
        raise PlanFileError(f"{path}: is not valid JSON, or is cut off: {error}") from error
    if not isinstance(values, dict):
        raise PlanFileError(f"{path}: is a JSON {type(values).__name__}, not a plan")
    major = str(values.get("schema_version", "")).partition(".")[0]
    if major.isdecimal() and major != SCHEMA_VERSION.partition(".")[0]:
        raise PlanFileError(
            f"{path}: schema_version {values['schema_version']} is of another major version than {SCHEMA_VERSION}, "
            "which this library reads"
        )
    return values


def _zone(path: Path, name: str) -> dt.tzinfo:
    try:
        return zone(name)
    except InputError as error:
        raise PlanFileError(f"{path}: {error}") from error


def _networks(path: Path, entries: list[NetworkEntry]) -> dict[Mode, RoadNetwork]:
    complaints, networks = Complaints(), dict[Any, Any]()
    for entry in entries:
        file = path.parent / entry.file
        try:
            content = read_bytes(file, error=PlanFileError)
            if hashlib.sha256(content).hexdigest() != entry.sha256:
                complaints.add(f"{file}: is not the network of the plan: its sha256 is not the one in {path.name}")
                continue
            network = parse_graphml(content, file, whole=True)
            if entry.turns is not None:
                turns = path.parent / entry.turns
                if not turns.exists():
                    complaints.add(f"{turns}: there is no such file; {path.name} names it as the turns of its network")
                    continue
                table = read_bytes(turns, error=PlanFileError)
                if entry.turns_sha256 is not None and hashlib.sha256(table).hexdigest() != entry.turns_sha256:
                    complaints.add(f"{turns}: is not the table of the plan: its sha256 is not the one in {path.name}")
                    continue
                network = read_turns(network, table, turns)
        except InputError as error:
            complaints.extend(error.complaints)
            continue
        if network.mode != entry.mode or entry.mode in networks:
            complaints.add(f"{file}: is a network for {network.mode}, where the plan needs one for {entry.mode}")
        networks[entry.mode] = network
    complaints.raise_as(PlanFileError)
    return networks


class _Clock:
    """Turns entries into records whose moments are in the plan's time zone."""

    def __init__(self, timezone: dt.tzinfo) -> None:
        self._zone = timezone

    def local(self, moment: dt.datetime) -> dt.datetime:
        try:
            return moment.astimezone(self._zone)
        except (OverflowError, ValueError):  # the first and the last year: the audit reports it
            return moment

    def span(self, span: tuple[dt.datetime, dt.datetime]) -> Moments:
        return self.local(span[0]), self.local(span[1])

    def crew(self, entry: CrewEntry) -> PlannedCrew:
        rest = entry.rest
        return PlannedCrew(
            id=entry.id,
            mode=entry.mode,
            depot=_spot(entry.depot),
            end_depot=_spot(entry.end_depot),
            start=self.local(entry.start),
            end=self.local(entry.end),
            speed_factor=entry.speed_factor,
            kinds=None if entry.kinds is None else tuple(entry.kinds),
            area=None if entry.area is None else tuple(tuple(ring) for ring in entry.area),
            capacity=entry.capacity,
            rest=None if rest is None else PlannedBreak(rest.length_s, tuple(map(self.span, rest.windows))),
            reserved=tuple(entry.reserved),
            forbidden=tuple(entry.forbidden),
        )

    def task(self, entry: TaskEntry) -> PlannedTask:
        return PlannedTask(
            id=entry.id,
            kind=entry.kind,
            category=entry.category,
            name=entry.name,
            mode=entry.mode,
            priority=entry.priority,
            required=entry.required,
            prize=entry.prize,
            worth=tuple(entry.worth),
            visits_done=entry.visits_done,
            headway_s=entry.headway_s,
            slices=tuple(self.span(span) for span in entry.slices),
            directions=tuple(tuple(chain) for chain in entry.directions or ()),
            node=entry.node,
            dwell_s=entry.dwell_s or 0,
            windows=tuple(self.span(span) for span in entry.windows or ()),
            load=entry.load,
            left_out=None if entry.left_out is None else _left_out(entry.left_out),
        )

    def leg(self, entry: LegEntry) -> Leg:
        return Leg(
            kind=entry.kind,
            depart=self.local(entry.depart),
            arrive=self.local(entry.arrive),
            arcs=tuple(entry.arcs),
            task=entry.task,
            visit=entry.visit,
            counted=entry.counted,
            turn_s=entry.turn_s,
            length_m=entry.length_m,
            street=entry.street,
            coordinates=tuple(entry.coordinates),
        )


def _spot(entry: SpotEntry) -> Spot:
    return Spot(entry.node, entry.lon, entry.lat, entry.name)


def _left_out(entry: LeftOutEntry) -> LeftOut:
    overtime, give_way = entry.overtime, entry.give_way
    return LeftOut(
        entry.reason,
        entry.needs_s,
        entry.detail,
        None if overtime is None else Overtime(overtime.crew, overtime.extra_s),
        None if give_way is None else GiveWay(give_way.crew, tuple(give_way.tasks), give_way.worth),
        entry.extra_crew,
    )


def _conflict(entry: ConflictEntry) -> Conflict:
    return Conflict(tuple(entry.tasks), entry.most, entry.proven, entry.smallest)


def _objective(entry: ObjectiveEntry) -> Objective:
    return Objective(
        required_missed=entry.required_missed,
        prize_collected=entry.prize_collected,
        prize_total=entry.prize_total,
        levels=tuple(entry.levels),
        longest_route_s=entry.longest_route_s,
        driving_s=entry.driving_s,
        upper_bound=entry.upper_bound,
        bound_method=entry.bound_method,
        driving_bound_s=entry.driving_bound_s,
        longest_route_bound_s=entry.longest_route_bound_s,
        idleness_bound_s=entry.idleness_bound_s,
    )
