"""``plan.json`` and the networks that it names: written and read back without losing a second."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patrolroute.errors import OutputError
from patrolroute.network.graphml import to_graphml_bytes
from patrolroute.network.turnfile import to_turns_bytes
from patrolroute.output.files import write_all
from patrolroute.output.plan_model import SCHEMA_VERSION, moment_text
from patrolroute.plan.parts import Leg, Moments, PlannedBreak, PlannedCrew, PlannedTask, Route, Spot
from patrolroute.plan.records import PatrolPlan

if TYPE_CHECKING:
    from patrolroute.words import Mode

DEGREE_DIGITS = 7
"""A centimetre on the ground; more digits would only make the file longer."""

LISTS = ("networks", "crews", "tasks", "routes", "conflicts")
"""Written one entry a line, so that a person finds their way and two plans can be compared line by line."""


def write_plan(plan: PatrolPlan, path: str | Path) -> Path:
    """Write ``plan.json`` and its networks beside it, all or nothing.

    Raises
    ------
    OutputError
        If the folder cannot be written.
    """
    path = Path(path)
    write_all(path.parent, plan_files(plan, path.name))
    return path


def plan_files(plan: PatrolPlan, name: str = "plan.json") -> dict[str, bytes]:
    """Give the content of the plan's file and of the networks that it names."""
    networks = {network_file(plan, mode): to_graphml_bytes(network) for mode, network in plan.networks.items()}
    turns = {
        file: to_turns_bytes(network)
        for mode, network in plan.networks.items()
        if (file := turns_file(plan, mode)) is not None
    }
    files = networks | turns
    digests = {file: hashlib.sha256(content).hexdigest() for file, content in files.items()}
    return {name: _encoded(name, "".join(_lines(document(plan, digests)))), **files}


def _encoded(name: str, text: str) -> bytes:
    """Write text as UTF-8, or say which letter keeps it from being written."""
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        where = text[max(0, error.start - 20) : error.end + 20]
        raise OutputError(f"{name}: no file can hold {text[error.start]!r}, half of a letter, in {where!r}") from error


def network_file(plan: PatrolPlan, mode: Mode) -> str:
    """Name the file of a network: ``network.graphml``, or one for each mode if there are several."""
    return "network.graphml" if len(plan.networks) == 1 else f"network-{mode}.graphml"


def turns_file(plan: PatrolPlan, mode: Mode) -> str | None:
    """Name the file of a network's turns, None if they cost nothing."""
    if plan.networks[mode].turns is None:
        return None
    return "turns.csv" if len(plan.networks) == 1 else f"turns-{mode}.csv"


def document(plan: PatrolPlan, digests: Mapping[str, str]) -> dict[str, Any]:
    """Give the plan as plain lists, dictionaries, numbers and texts, in the form of ``PlanDocument``."""
    return {
        "schema_version": SCHEMA_VERSION,
        "created_with": plan.created_with,
        "crs": "wgs84",
        "timezone": plan.timezone,
        "seed": plan.seed,
        "work": plan.work,
        "settings": dict(plan.settings),
        "window": _span(plan.window),
        "attribution": plan.attribution,
        "notice": plan.notice,
        "networks": [
            {
                "mode": mode,
                "file": (file := network_file(plan, mode)),
                "sha256": digests[file],
                "turns": (turns := turns_file(plan, mode)),
                "turns_sha256": None if turns is None else digests[turns],
            }
            for mode in plan.networks
        ],
        "crews": [_crew(crew) for crew in plan.crews],
        "tasks": [_task(task) for task in plan.tasks],
        "routes": [_route(route) for route in plan.routes],
        "objective": _objective(plan),
        "conflicts": None if plan.conflicts is None else [asdict(one) for one in plan.conflicts],
        "metrics": dict(plan.metrics),
    }


def _lines(values: Mapping[str, Any]) -> Iterator[str]:
    last = len(values) - 1
    yield "{\n"
    for number, (key, value) in enumerate(values.items()):
        end = "\n" if number == last else ",\n"
        if key in LISTS and value:
            yield f'"{key}": [\n' + ",\n".join(_text(one) for one in value) + f"\n]{end}"
        else:
            yield f'"{key}": {_text(value)}{end}'
    yield "}\n"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(", ", ": "))


def _span(span: Moments) -> list[str]:
    return [moment_text(moment) for moment in span]


def _spot(spot: Spot) -> dict[str, Any]:
    lon, lat = round(spot.lon, DEGREE_DIGITS), round(spot.lat, DEGREE_DIGITS)
    return {"node": spot.node, "lon": lon, "lat": lat, "name": spot.name}


def _crew(crew: PlannedCrew) -> dict[str, Any]:
    return {
        "id": crew.id,
        "mode": crew.mode,
        "depot": _spot(crew.depot),
        "end_depot": _spot(crew.end_depot),
        "start": moment_text(crew.start),
        "end": moment_text(crew.end),
        "speed_factor": crew.speed_factor,
        "kinds": crew.kinds,
        "area": crew.area,
        "capacity": crew.capacity,
        "break": _break(crew.rest),
        "reserved": crew.reserved,
        "forbidden": crew.forbidden,
    }


def _break(rest: PlannedBreak | None) -> dict[str, Any] | None:
    return None if rest is None else {"length_s": rest.length_s, "windows": [_span(span) for span in rest.windows]}


def _task(task: PlannedTask) -> dict[str, Any]:
    return {
        "id": task.id,
        "kind": task.kind,
        "category": task.category,
        "name": task.name,
        "mode": task.mode,
        "priority": task.priority,
        "required": task.required,
        "prize": task.prize,
        "worth": task.worth,
        "visits_wanted": task.visits_wanted,
        "visits_done": task.visits_done,
        "headway_s": task.headway_s,
        "slices": [_span(span) for span in task.slices],
        "load": task.load,
        **_where(task),
        "left_out": None if task.left_out is None else asdict(task.left_out),
    }


def _where(task: PlannedTask) -> dict[str, Any]:
    if task.kind == "street":
        return {"directions": task.directions}
    return {"node": task.node, "dwell_s": task.dwell_s, "windows": [_span(span) for span in task.windows]}


def _route(route: Route) -> dict[str, Any]:
    return {
        "crew": route.crew,
        "start": moment_text(route.start),
        "end": moment_text(route.end),
        "length_m": route.length_m,
        "legs": [_leg(leg) for leg in route.legs],
    }


def _leg(leg: Leg) -> dict[str, Any]:
    return {
        "kind": leg.kind,
        "task": leg.task,
        "visit": leg.visit,
        "counted": leg.counted,
        "arcs": leg.arcs,
        "depart": moment_text(leg.depart),
        "arrive": moment_text(leg.arrive),
        "turn_s": leg.turn_s,
        "length_m": leg.length_m,
        "street": leg.street,
        "coordinates": [[round(lon, DEGREE_DIGITS), round(lat, DEGREE_DIGITS)] for lon, lat in leg.coordinates],
    }


def _objective(plan: PatrolPlan) -> dict[str, Any]:
    goal = plan.objective
    return {
        "required_missed": goal.required_missed,
        "prize_collected": goal.prize_collected,
        "prize_total": goal.prize_total,
        "levels": goal.levels,
        "upper_bound": goal.upper_bound,
        "bound_method": goal.bound_method,
        "driving_bound_s": goal.driving_bound_s,
        "longest_route_bound_s": goal.longest_route_bound_s,
        "idleness_bound_s": goal.idleness_bound_s,
        "gap": goal.gap,
        "longest_route_s": goal.longest_route_s,
        "driving_s": goal.driving_s,
    }
