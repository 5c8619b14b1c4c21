"""The facts of a night for the page's script: crews, tasks and who passes them, what is left out, whose map it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from patrolroute.dates import span
from patrolroute.output.itinerary import itinerary
from patrolroute.output.muster import Musters
from patrolroute.output.picture.head import figures
from patrolroute.output.picture.list import clock, local
from patrolroute.output.picture.scene import Scene
from patrolroute.output.picture.streets import LANE, MISSED, PRIORITY_TONES, ROADS, priority_width
from patrolroute.output.picture.teams import COLOURS, joined_ids
from patrolroute.output.picture.words import phrase
from patrolroute.output.web.ground import Ground
from patrolroute.output.web.names import anchors
from patrolroute.output.web.tracks import Roadways, entry_rows, moves_of
from patrolroute.output.web.words import page_words
from patrolroute.output.why import why
from patrolroute.plan.parts import PlannedCrew, PlannedTask, Route
from patrolroute.plan.passes import Journey, Pass, all_passes, direction_length_m, journeys, seconds_between
from patrolroute.units import Seconds
from patrolroute.words import Lang, label

HOUR_S = 3600
MINUTE_S = 60
LONGEST_TEAM = 26
"""Letters for the crews of a team or a depot."""


def facts(scene: Scene, ground: Ground, lang: Lang) -> dict[str, Any]:
    """Give everything that the script of the page knows, as JSON can hold it."""
    plan, nights = scene.plan, {journey.crew.id: journey for journey in journeys(scene.plan)}
    roadways, musters = Roadways(ground), Musters(plan, lang)
    crews = [_crew(scene, crew, nights.get(crew.id), roadways, lang) for crew in plan.crews]
    passes = all_passes(plan, tuple(nights.values()))
    return {
        "lang": lang,
        "words": page_words(lang),
        "clock": _clock(scene),
        "unit_m": ground.unit_m,
        "frame": ground.frame,
        "palette": {"teams": COLOURS, "missed": MISSED, "tones": PRIORITY_TONES},
        "widths": [priority_width(priority) for priority in range(1, len(PRIORITY_TONES) + 1)],
        "background": _background(scene, ground),
        "crews": crews,
        "teams": [joined_ids(team.crews, LONGEST_TEAM) for team in scene.teams],
        "roads": roadways.lines,
        "tasks": list(_tasks(scene, ground, passes, lang)),
        "left_out": _left_out(scene),
        "depots": [
            [*ground.spot(one.place), joined_ids(one.crews, LONGEST_TEAM), musters.name(one.spot, one.mode)]
            for one in scene.depots
        ],
        "names": [list(anchor) for anchor in anchors(scene, ground)],
    }


def title(scene: Scene, lang: Lang) -> str:
    """Say what it is and which night."""
    plan = scene.plan
    begin, end = (local(moment, plan.timezone) for moment in plan.window)
    parts = (phrase("title", lang), str(plan.settings.get("night") or ""), span(begin, end, lang))
    return "  ".join(part for part in parts if part)


def told(scene: Scene, lang: Lang) -> Iterator[tuple[str, bool]]:
    """Say in figures how good the plan is, who stays at home, what is closed; and whether it must not stay so."""
    yield from figures(lang, scene)
    if scene.idle:
        yield phrase("idle", lang, crews=joined_ids(scene.idle)), False
    closed = scene.plan.settings.get("closed")
    if isinstance(closed, (list, tuple)) and closed:
        yield phrase("closed", lang, names=", ".join(map(str, closed))), False


def _background(scene: Scene, ground: Ground) -> dict[str, list[list[float | None]]]:
    """Give all streets of one width as one line with gaps: painted at one stroke, whatever the city's size."""
    joined: dict[str, list[list[float | None]]] = {}
    for road in scene.roads:
        both = joined.setdefault(f"roads-{ROADS.get(road.highway, LANE):g}", [[], []])
        for axis, values in zip(both, ground.line(road.line), strict=True):
            axis.extend([*values, None])
    return joined


def _clock(scene: Scene) -> dict[str, Any]:
    """Give the length of the window, its first second of the day, and where the zone's offset changes by how much."""
    plan = scene.plan
    begin = local(plan.window[0], plan.timezone)
    length_s = seconds_between(*plan.window)
    offset = begin.utcoffset() or dt.timedelta()
    changes: list[list[int]] = []
    for second in range(0, length_s + 1, HOUR_S // 4):
        moment = local(plan.window[0].astimezone(dt.UTC) + dt.timedelta(seconds=second), plan.timezone)
        more = (moment.utcoffset() or dt.timedelta()) - offset
        if changes[-1:] != [[second, int(more.total_seconds())]] and more:
            changes.append([second, int(more.total_seconds())])
    first = begin.hour * HOUR_S + begin.minute * MINUTE_S + begin.second
    return {"first_s": first, "length_s": length_s, "changes": changes}


def _crew(scene: Scene, crew: PlannedCrew, journey: Journey | None, roadways: Roadways, lang: Lang) -> dict[str, Any]:
    plan = scene.plan
    route = next((one for one in plan.routes if one.crew == crew.id), Route(crew.id, crew.start, crew.start))
    entries = itinerary(plan, route)
    begin, end = (seconds_between(plan.window[0], moment) for moment in (crew.start, crew.end))
    on_road = [clock(moment, plan.timezone) for moment in (route.start, route.end)] if route.legs else None
    return {
        "name": crew.id,
        "mode": label(crew.mode, lang),
        "team": scene.team_of.get(crew.id, 0),
        "depot": roadways.ground.spot(scene.plane([(crew.depot.lon, crew.depot.lat)])[0]),
        "shift": [begin, end],
        "on_road": on_road,
        "breaks": [[clock(leg.depart, plan.timezone), clock(leg.arrive, plan.timezone)] for leg in route.breaks],
        "km": round(route.length_m / 1000, 1),
        "entries": list(entry_rows(entries, plan.window, lang)),
        "moves": moves_of(journey, entries, roadways) if journey else [],
    }


def _tasks(
    scene: Scene, ground: Ground, passes: Mapping[str, tuple[Pass, ...]], lang: Lang
) -> Iterator[dict[str, Any]]:
    crews = {crew: number for number, crew in enumerate(scene.crew)}
    visits = _visits(scene)
    lines = {stretch.task.id: ground.line(stretch.line) for stretch in scene.stretches}
    stops = {stop.task.id: (stop.number, *ground.spot(stop.place)) for stop in scene.stops}
    for task in scene.plan.tasks:
        yield {
            "name": task.name or label("unnamed", lang),
            "kind": label(task.category, lang),
            "category": task.category,
            "stop": task.kind == "hotspot",
            "priority": task.priority,
            "required": task.required,
            "visits": [task.visits_done, task.visits_wanted],
            "why": why(scene.plan, task, lang),
            **_place(scene, task),
            "line": lines.get(task.id),
            "spot": stops.get(task.id),
            "passes": [
                [crews[one.crew], one.begin_s, one.end_s, visits.get((task.id, one.crew, one.end_s), 0)]
                for one in passes[task.id]
            ],
        }  # fmt: skip


def _place(scene: Scene, task: PlannedTask) -> dict[str, Any]:
    """Say how long a street is, or when a hotspot is open and how long a crew dwells there."""
    zone = scene.plan.timezone
    if task.kind == "hotspot":
        hours = [[clock(begin, zone), clock(end, zone)] for begin, end in task.windows]
        return {"hours": hours, "dwell_min": round(task.dwell_s / MINUTE_S, 1)}
    network = scene.plan.networks.get(task.mode)
    return {"length_m": round(direction_length_m(network, task.directions)) if network else 0}


def _visits(scene: Scene) -> dict[tuple[str, str, Seconds], int]:
    """Give the number of each counted visit by task, crew and end; a service that does not count has -1."""
    begin = scene.plan.window[0]
    return {
        (leg.task, route.crew, seconds_between(begin, leg.arrive)): (leg.visit or 0) if leg.counted else -1
        for route in scene.plan.routes
        for leg in route.legs
        if leg.task is not None
    }


def _left_out(scene: Scene) -> list[int]:
    """Give the numbers of the tasks that are short of visits, required ones first."""
    number = {task.id: place for place, task in enumerate(scene.plan.tasks)}
    return [number[task.id] for task in scene.plan.left_out]
