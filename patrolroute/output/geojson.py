"""GeoJSON (RFC 7946) of a plan: legs, stops, depots and what is left out, for a GIS."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from patrolroute.output.plan_json import DEGREE_DIGITS
from patrolroute.output.plan_model import moment_text
from patrolroute.output.stamp import made_by
from patrolroute.plan.parts import Leg, PlannedTask
from patrolroute.plan.records import PatrolPlan
from patrolroute.units import LonLat
from patrolroute.words import Datum


def geojson_bytes(plan: PatrolPlan, datum: Datum = "wgs84") -> bytes:
    """Give the plan as one FeatureCollection; each feature says what it is in ``feature``.

    The plan is in the coordinates of ``datum``, which is stamped; the format itself knows WGS-84 only.
    ``created_with`` says who made which plan.

    ``leg`` (LineString, or Point while standing), ``depot`` (Point) and ``task`` (MultiLineString of a street's
    directions, Point of a hotspot).
    """
    collection = {
        "type": "FeatureCollection",
        "datum": datum,
        "created_with": made_by(plan),
        "window": [moment_text(moment) for moment in plan.window],
        "attribution": plan.attribution,
        "notice": plan.notice,
        "features": [*_legs(plan), *_depots(plan), *_tasks(plan)],
    }
    return (json.dumps(collection, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8", "backslashreplace")


def _legs(plan: PatrolPlan) -> Iterator[dict[str, Any]]:
    for route in plan.routes:
        for number, leg in enumerate(route.legs, start=1):
            if leg.coordinates:
                yield _feature("leg", _line(leg), crew=route.crew, leg=number, **_leg_facts(leg))


def _leg_facts(leg: Leg) -> dict[str, Any]:
    return {
        "kind": leg.kind,
        "street": leg.street,
        "task": leg.task,
        "visit": leg.visit,
        "depart": moment_text(leg.depart),
        "arrive": moment_text(leg.arrive),
        "length_m": leg.length_m,
    }


def _depots(plan: PatrolPlan) -> Iterator[dict[str, Any]]:
    for crew in plan.crews:
        point = {"type": "Point", "coordinates": _point((crew.depot.lon, crew.depot.lat))}
        shift = {"start": moment_text(crew.start), "end": moment_text(crew.end)}
        yield _feature("depot", point, crew=crew.id, name=crew.depot.name, **shift)


def _tasks(plan: PatrolPlan) -> Iterator[dict[str, Any]]:
    for task in plan.tasks:
        geometry = task_shape(plan, task)
        if geometry is not None:
            yield _feature("task", geometry, **_task_facts(task))


def _task_facts(task: PlannedTask) -> dict[str, Any]:
    return {
        "id": task.id,
        "name": task.name,
        "kind": task.category,
        "priority": task.priority,
        "required": task.required,
        "visits_wanted": task.visits_wanted,
        "visits_done": task.visits_done,
        "left_out": task.left_out.reason if task.left_out else None,
    }


def task_shape(plan: PatrolPlan, task: PlannedTask) -> dict[str, Any] | None:
    """Give a hotspot's point, or a street's lines: one direction if the other runs the same roadway back."""
    network = plan.networks.get(task.mode)
    if network is None:
        return None
    if task.kind == "hotspot":
        index = network.node_index.get(-1 if task.node is None else task.node)
        return None if index is None else {"type": "Point", "coordinates": _point(network.node_lonlat(index))}
    chains = [[network.arc_index[arc] for arc in chain if arc in network.arc_index] for chain in task.directions]
    known = [chain for chain in chains if chain]
    if len(known) == len(("forward", "reverse")) and int(network.reverse[known[0][0]]) == known[1][-1]:
        known = known[:1]
    lines = [[_point((lon, lat)) for lon, lat in network.path_shape(chain).tolist()] for chain in known]
    return {"type": "MultiLineString", "coordinates": lines} if lines else None


def _line(leg: Leg) -> dict[str, Any]:
    points = [_point(point) for point in leg.coordinates]
    if len(points) == 1:
        return {"type": "Point", "coordinates": points[0]}
    return {"type": "LineString", "coordinates": points}


def _point(lonlat: LonLat) -> list[float]:
    return [round(lonlat[0], DEGREE_DIGITS), round(lonlat[1], DEGREE_DIGITS)]


def _feature(what: str, geometry: dict[str, Any], **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": {"feature": what, **properties}}
