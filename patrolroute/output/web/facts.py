"""The facts of a night for the page's script: crews, tasks, where every crew is at every second."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import shapely

from patrolroute.base.text import label, local
from patrolroute.base.vocabulary import LEG_KINDS, FloatArray, Lang, Seconds, elapsed_s
from patrolroute.network.road import RoadNetwork
from patrolroute.output.itinerary import Entry, itinerary
from patrolroute.output.looks.clock import HOUR_S, MINUTE_S, clock
from patrolroute.output.looks.drawing import eastward
from patrolroute.output.looks.names import (
    STEEP,
    TALLEST,
    PlaceNames,
    junction_names,
    named_streets,
    readable,
    straight_at,
)
from patrolroute.output.looks.phrases import phrase
from patrolroute.output.looks.scene import Scene
from patrolroute.output.looks.style import (
    CHOSEN,
    COLOURS,
    INK,
    LONGEST_TEAM,
    MISSED,
    PAGE_MARKERS,
    PRIORITY_TONES,
    STATE_LOOKS,
    joined_ids,
    priority_width,
    road_width,
)
from patrolroute.output.reasons import why
from patrolroute.output.web.layers import Ground
from patrolroute.plan.passes import Journey, Move, Pass, all_passes, direction_length_m, journeys
from patrolroute.plan.records import Moments, PlannedCrew, PlannedTask, Route
from patrolroute.plan.seen import missed_required, unfinished

WORDS = (
    "driven", "all_done", "legend", "patrol_route", "priority_street", "missed_required", "missed_optional",
    "short", "depot_start_end", "stop_done", "stop_short", "stop_missed", "trail", "arrow", "arrow_when", "from_to",
    "crews", "shift", "break", "stays", "priority", "play", "pause", "speed", "clock", "search", "all", "none",
    "only", "detail", "left_out", "routes", "deadheads", "names", "fit", "larger", "smaller", "print", "click",
    "broken", "shown", "no_crew", "several", "off_duty", "on_the_way", "visits_of", "length", "metres", "open",
    "always", "dwell_time", "minutes", "why_short", "who", "itinerary", "nobody", "passing", "longest_gap",
    "positions_at", "stops_on",
)  # fmt: skip
"""Phrases that the page or its script says."""

Line: TypeAlias = tuple[list[float], list[float]]


@dataclass(eq=False)
class Roadways:
    """The roadways that somebody drives, each once, all drawn eastward: neighbours agree which side is which."""

    ground: Ground
    lines: list[Line] = field(default_factory=list)
    _known: dict[tuple[int, int], int] = field(default_factory=dict)

    def signed(self, network: RoadNetwork, arc: int) -> int:
        """Return the number of an arc's roadway, from 1; negative if the arc runs against the roadway's line."""
        back = int(network.reverse[arc])
        first = min(arc, back) if back >= 0 else arc
        key = id(network), first
        if key not in self._known:
            shape = self.ground.scene.plane(network.shape(first))
            line = eastward(shape)
            self.lines.append(self.ground.line(line))
            self._known[key] = len(self.lines) if line is shape else -len(self.lines)
        return self._known[key] if arc == first else -self._known[key]


def moves_of(journey: Journey, entries: Sequence[Entry], roadways: Roadways) -> list[int]:
    """Return a crew's moves, five numbers each, one after another.

    The signed number of the roadway (`Roadways.signed`, 0 while standing), the kind's number in `LEG_KINDS`, the
    line of the itinerary (from 1), begin and end in seconds since the plan's window began.

    Parameters
    ----------
    journey
        The crew's night, move by move.
    entries
        The same night, line by line.
    roadways
        The roadways of the page, to which those of the crew are added.
    """
    line = {id(leg): number for number, entry in enumerate(entries, start=1) for leg in entry.legs}
    return [value for move in journey.moves for value in _move(journey, move, line[id(move.leg)], roadways)]


def _move(journey: Journey, move: Move, line: int, roadways: Roadways) -> Iterator[int]:
    yield 0 if move.arc < 0 else roadways.signed(journey.network, move.arc)
    yield LEG_KINDS.index(move.leg.kind)
    yield line
    yield move.begin_s
    yield move.end_s


def entry_rows(entries: Sequence[Entry], window: Moments, lang: Lang) -> Iterator[list[Any]]:
    """Yield a crew's night line by line: order, kind, begin, end, where, from, to, visit, whether it is required.

    Parameters
    ----------
    entries
        The crew's night.
    window
        The plan's; begin and end are whole seconds since it began.
    lang
        Of the words.
    """
    for entry in entries:
        begin, end = (elapsed_s(window[0], moment) for moment in (entry.depart, entry.arrive))
        marks = entry.begins.said(lang), entry.ends.said(lang), entry.visit, int(entry.is_required)
        yield [entry.number, LEG_KINDS.index(entry.kind), begin, end, entry.street(lang), *marks]


Anchor: TypeAlias = tuple[float, float, float, str]
"""East, north, angle in degrees, name."""

EVERY_M = 450.0
"""Between two places along one line: about a block, so that a screen at street scale shows each street's name."""

CHORD_M = 120.0
"""The angle of a name is that of the chord over so many metres."""


def anchors(scene: Scene, ground: Ground) -> Iterator[Anchor]:
    """Yield the places for names of main and priority streets; the page writes as many as there is room for.

    Places of one street come middle first, then outwards, so that a few names stand where a street is best known.
    """
    for street in named_streets(scene):
        for line in street.lines:
            for point, angle in _places(shapely.LineString(line)):
                yield *ground.spot(point), round(readable(angle), 1), street.name


def _places(line: shapely.LineString) -> Iterator[tuple[FloatArray, float]]:
    count = max(1, int(line.length // EVERY_M))
    half = min(CHORD_M, line.length) / 2
    middles = (np.arange(count) + 0.5) * line.length / count
    for middle in sorted(middles.tolist(), key=lambda at: (round(abs(at - line.length / 2)), at)):
        place = straight_at(line, middle - half, middle + half)
        if place is not None:
            yield place


def facts(scene: Scene, ground: Ground, lang: Lang) -> dict[str, Any]:
    """Return everything that the script of the page knows, as JSON can hold it.

    Parameters
    ----------
    scene
        The plan on its plane.
    ground
        Turns that plane into the page's.
    lang
        Of the words.
    """
    plan, nights = scene.plan, {journey.crew.id: journey for journey in journeys(scene.plan)}
    roadways, places = Roadways(ground), PlaceNames(plan, lang)
    crews = [_crew(scene, crew, nights.get(crew.id), roadways, lang) for crew in plan.crews]
    passes = all_passes(plan, tuple(nights.values()))
    return {
        "lang": lang,
        "words": page_words(lang),
        "clock": _clock(scene),
        "unit_m": ground.unit_m,
        "frame": ground.frame,
        "palette": {
            "teams": COLOURS,
            "missed": MISSED,
            "tones": PRIORITY_TONES,
            "states": STATE_LOOKS,
            "markers": PAGE_MARKERS,
            "ink": INK,
            "chosen": CHOSEN,
        },
        "upright": {"steep": STEEP, "tallest": TALLEST},
        "widths": [priority_width(priority) for priority in range(1, len(PRIORITY_TONES) + 1)],
        "background": _background(scene, ground),
        "crews": crews,
        "teams": [joined_ids(team.crews, LONGEST_TEAM) for team in scene.teams],
        "roads": roadways.lines,
        "tasks": list(_tasks(scene, ground, passes, lang)),
        "left_out": _left_out(scene),
        "depots": [
            [*ground.spot(depot.place), joined_ids(depot.crews, LONGEST_TEAM), places.name(depot.spot, depot.mode)]
            for depot in scene.depots
        ],
        "names": [list(anchor) for anchor in anchors(scene, ground)],
    }


def page_words(lang: Lang) -> dict[str, object]:
    """Return everything that the page's script says; ``kinds`` in the order of `LEG_KINDS`."""
    words: dict[str, object] = {key: phrase(key, lang) for key in WORDS}
    return words | {"required": label("required", lang), "kinds": [label(kind, lang) for kind in LEG_KINDS]}


def _background(scene: Scene, ground: Ground) -> dict[str, list[list[float | None]]]:
    """Return all streets of one width as one line with gaps: painted at one stroke, whatever the city's size."""
    joined: dict[str, list[list[float | None]]] = {}
    for road in scene.roads:
        both = joined.setdefault(f"roads-{road_width(road.highway):g}", [[], []])
        for axis, values in zip(both, ground.line(road.line), strict=True):
            axis.extend([*values, None])
    return joined


def _clock(scene: Scene) -> dict[str, Any]:
    """Return the length of the window, its first second of the day, and where the zone's offset changes by how much."""
    plan = scene.plan
    begin = local(plan.window[0], plan.timezone)
    length_s = elapsed_s(*plan.window)
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
    route = next((route for route in plan.routes if route.crew == crew.id), Route(crew.id, crew.start, crew.start))
    entries = itinerary(plan).entries(crew.id)
    begin, end = (elapsed_s(plan.window[0], moment) for moment in (crew.start, crew.end))
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
    visits, missed = _visits(scene), {task.id for task in missed_required(scene.plan)}
    lines = {stretch.task.id: ground.line(stretch.line) for stretch in scene.stretches}
    marks = {stop.task.id: phrase("hotspot_mark", lang, n=stop.number) for stop in scene.stops}
    stops = {stop.task.id: (marks[stop.task.id], *ground.spot(stop.place)) for stop in scene.stops}
    for task in scene.plan.tasks:
        yield {
            "name": task.name or label("unnamed", lang),
            "kind": label(task.category, lang),
            "category": task.category,
            "stop": task.kind == "hotspot",
            "priority": task.priority,
            "required": task.required,
            "missed": task.id in missed,
            "visits": [task.visits_done, task.visits_wanted],
            "why": why(scene.plan, task, lang),
            **_place(scene, task, lang),
            "line": lines.get(task.id),
            "spot": stops.get(task.id),
            "passes": [
                [crews[seen.crew], seen.begin_s, seen.end_s, *visits.get((task.id, seen.crew, seen.end_s), (0, 0))]
                for seen in passes[task.id]
            ],
        }  # fmt: skip


def _place(scene: Scene, task: PlannedTask, lang: Lang) -> dict[str, Any]:
    """Return how long a street is, or when a hotspot is open, how long a crew dwells there and on which street."""
    zone = scene.plan.timezone
    network = scene.plan.networks.get(task.mode)
    if task.kind == "hotspot":
        hours = [[clock(begin, zone), clock(end, zone)] for begin, end in task.windows]
        street = junction_names(network).streets_at(task.node) if network and task.node is not None else ""
        return {
            "hours": hours,
            "dwell_min": round(task.dwell_s / MINUTE_S, 1),
            "street": street or label("unnamed", lang),
        }
    return {"length_m": round(direction_length_m(network, task.directions)) if network else 0}


def _visits(scene: Scene) -> dict[tuple[str, str, Seconds], tuple[int, int]]:
    """Return the number of each counted visit and the number of its kind in `LEG_KINDS`, by task, crew and end.

    A service or pass that does not count has the number -1.
    """
    begin = scene.plan.window[0]
    return {
        (leg.task, route.crew, elapsed_s(begin, leg.arrive)): (
            (leg.visit or 0) if leg.counted else -1, LEG_KINDS.index(leg.kind),
        )
        for route in scene.plan.routes
        for leg in route.legs
        if leg.task is not None
    }  # fmt: skip


def _left_out(scene: Scene) -> list[int]:
    """Return the numbers of the tasks that are short of visits, required ones first."""
    number = {task.id: place for place, task in enumerate(scene.plan.tasks)}
    return [number[task.id] for task in unfinished(scene.plan)]
