"""Right calls of everything public that takes something, each to be spoilt by `test_wrong_calls`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import shapely

import patrolroute as pr
from tests.problem.nights import RING, crew, market, night, solution, street

NAN, INF = float("nan"), float("inf")
NAIVE = dt.datetime(2026, 5, 8, 20)  # noqa: DTZ001 - refused
START = dt.datetime(2026, 5, 8, 20, tzinfo=dt.UTC)
END = START + dt.timedelta(hours=2)
LATE = pr.ClockWindow(dt.time(20), dt.time(22))
TABLE = pr.bundled_night().parent / "hotspots.csv"

Call = tuple[Callable[..., Any], Mapping[str, Any]]


@cache
def calls() -> dict[str, Call]:
    """Return each callable with arguments that it takes, by name."""
    problem, hotspot = night(street("s12"), market("20:00-22:00")), market()
    plan, today = problem.plan(solution([0])), pr.read_night(pr.bundled_night())
    return constructors(hotspot) | functions(problem, plan) | methods(problem, plan, today)


def constructors(hotspot: pr.Hotspot) -> dict[str, Call]:
    """Return what people make."""
    return {
        "AreaParams": (pr.AreaParams, {}),
        "Break": (pr.Break, {"length_s": 600}),
        "Staff": (pr.Staff, {}),
        "ClockWindow": (pr.ClockWindow, {"opens": dt.time(20), "closes": dt.time(22)}),
        "Cell": (pr.Cell, {"name": "A1", "polygon": shapely.box(117.0, 32.6, 117.1, 32.7)}),
        "Track": (pr.Track, {"crew": "A", "seconds": [0.0, 1.0], "lon": [117.0, 117.0], "lat": [32.6, 32.6]}),
        "Crew": (pr.Crew, {"id": "A", "depot": (117, 32.6), "start": START, "end": END}),
        "DatedWindow": (pr.DatedWindow, {"opens": START, "closes": END}),
        "ForceTier": (pr.ForceTier, {"label_zh": "快", "label_en": "fast", "within_s": 60, "crews": ("A",)}),
        "HandMadeRoute": (pr.HandMadeRoute, {"crew": "A"}),
        "HandMadeStop": (pr.HandMadeStop, {"what": "龙湖路"}),
        "Hotspot": (pr.Hotspot, {"id": "m", "name": "夜市", "place": hotspot.place}),
        "Incident": (pr.Incident, {"lon": 117.0, "lat": 32.6}),
        "KeyHours": (pr.KeyHours, {"hours": (LATE,), "weight": 2}),
        "NearHome": (pr.NearHome, {"metres": 500}),
        "RoadHours": (pr.RoadHours, {"start": START, "end": START, "network": RING}),
        "ResponsePromise": (pr.ResponsePromise, {"within_s": 180}),
        "Instance.from_matrix": (
            pr.Instance.from_matrix,
            {
                "seconds": [[0, 5], [5, 0]],
                "tasks": [pr.MatrixTask(((1, 1, 3),))],
                "crews": [pr.MatrixCrew(0, 20)],
            },
        ),
        "Locks": (pr.Locks, {}),
        "Position": (pr.Position, {"place": (117.0, 32.6)}),
        "MatrixCrew": (pr.MatrixCrew, {"start_s": 0, "end_s": 20}),
        "MatrixTask": (pr.MatrixTask, {"ways": ((1, 1, 3),), "prize": 7}),
        "Night": (pr.Night, {}),
        "NightRun": (pr.NightRun, {"night": None, "folder": None}),
        "OsmHours": (pr.OsmHours, {"text": "Mo-Su 10:00-20:00"}),
        "PatrolProblem": (pr.PatrolProblem, {"network": RING, "demand": [street("s12")], "crews": [crew()]}),
        "Call": (pr.Call, {"crew": "A", "place": (117.0, 32.6), "until": "21:00"}),
        "Place": (pr.Place, {"lon": 117.0, "lat": 32.6, "arc": (1, 2, 0), "fraction": 0.5, "distance_m": 0.0}),
        "PlaceClass": (pr.PlaceClass, {"label_zh": "场所", "label_en": "stops", "within_s": 60}),
        "PriorityStreet": (pr.PriorityStreet, {"name": "s12", "segments": street("s12").segments}),
        "SearchParams": (pr.SearchParams, {}),
        "Solution": (pr.Solution, {"routes": ((),)}),
        "SpeedTable": (pr.SpeedTable, {}),
        "StreetSegment": (pr.StreetSegment, {"id": "s", "name": "s", "directions": (((1, 2, 0),),)}),
        "TurnCosts": (pr.TurnCosts, {}),
    }


def functions(problem: pr.PatrolProblem, plan: pr.PatrolPlan) -> dict[str, Call]:
    """Return what people call."""
    return {
        "audit": (pr.audit, {"plan": plan}),
        "bound": (pr.bound, {"problem": problem}),
        "check_stations": (pr.check_stations, {"network": RING, "stations": {"A": (117.0, 32.6)}}),
        "hold_response": (pr.hold_response, {"problem": problem}),
        "waiting_places": (pr.waiting_places, {"network": RING, "places": [(117.0, 32.6)]}),
        "close_streets": (pr.close_streets, {"network": RING}),
        "combine_streets": (lambda selections: pr.combine_streets(*selections), {"selections": ()}),
        "compare": (pr.compare, {"before": plan, "after": plan}),
        "conflicts": (pr.conflicts, {"problem": problem}),
        "diagnose": (pr.diagnose, {"problem": problem}),
        "draw_areas": (pr.draw_areas, {"network": RING, "demand": [street("s12")], "n": 2, "work_limit": 10}),
        "draw_cells": (pr.draw_cells, {"seen": pr.seen_in_cells(plan, pr.lay_cells(plan))}),
        "draw_coverage": (pr.draw_coverage, {"plan": plan}),
        "draw_gantt": (pr.draw_gantt, {"plan": plan}),
        "draw_idleness": (pr.draw_idleness, {"plan": plan}),
        "draw_response": (pr.draw_response, {"plan": plan}),
        "draw_routes": (pr.draw_routes, {"plan": plan}),
        "evaluate": (pr.evaluate, {"problem": problem, "solution": solution([0])}),
        "fill_in": (pr.fill_in, {"problem": problem, "routes": []}),
        "hotspots_from": (pr.hotspots_from, {"data": [], "network": RING}),
        "incidents_from": (pr.incidents_from, {"data": [], "network": RING}),
        "hotspots_from_osm": (pr.hotspots_from_osm, {"path": "no.osm", "network": RING}),
        "idleness_bound": (pr.idleness_bound, {"problem": problem}),
        "lay_cells": (pr.lay_cells, {"ground": RING}),
        "measure": (pr.measure, {"plan": plan}),
        "night_from": (pr.night_from, {"data": {}}),
        "prepare": (pr.prepare, {}),
        "read_cells": (pr.read_cells, {"drawing": "no.geojson"}),
        "read_hand_made": (pr.read_hand_made, {"path": "no.csv", "problem": problem}),
        "read_hotspots": (pr.read_hotspots, {"path": TABLE, "network": RING}),
        "read_incidents": (pr.read_incidents, {"path": "no.csv", "network": RING}),
        "read_night": (pr.read_night, {"path": "no.toml"}),
        "read_night_workbook": (pr.read_night_workbook, {"path": "no.xlsx"}),
        "read_tracks": (pr.read_tracks, {"source": "no.gpx"}),
        "review": (pr.review, {"plan": plan, "tracks": []}),
        "response_by_class": (pr.response_by_class, {"plan": plan}),
        "response_by_tier": (pr.response_by_tier, {"plan": plan, "tiers": []}),
        "dispatch": (pr.dispatch, {"plan": plan, "at": "20:30", "place": (117.0, 32.6)}),
        "replan": (pr.replan, {"plan": plan, "at": "20:30"}),
        "find_nights": (pr.find_nights, {"folder": "nowhere"}),
        "lend_crews": (pr.lend_crews, {"province": pr.Province(()), "nights": {}}),
        "solve_many": (pr.solve_many, {"nights": {}}),
        "save_cells": (pr.save_cells, {"seen": pr.seen_in_cells(plan, pr.lay_cells(plan)), "folder": "cells"}),
        "seen_in_cells": (pr.seen_in_cells, {"plan": plan, "cells": pr.lay_cells(plan)}),
        "schedule": (pr.schedule, {"problem": problem, "solution": solution([0])}),
        "select_streets": (pr.select_streets, {"network": RING, "names": ["1-2"]}),
        "snap": (pr.snap, {"network": RING, "points": [(117.0, 32.6)]}),
        "streets_from": (pr.streets_from, {"data": [], "network": RING}),
        "slow_streets": (pr.slow_streets, {"network": RING, "factor": 0.5}),
        "mix": (pr.mix, {"problem": problem}),
        "commitment": (pr.commitment, {"secret": b"0123456789abcdef"}),
        "draw_guessing": (pr.draw_guessing, {"rows": {}}),
        "solve": (pr.solve, {"problem": problem, "goal": "points", "work_limit": 1}),
        "streets_from_incidents": (pr.streets_from_incidents, {"points": "no.csv", "network": RING}),
        "visit_cells": (pr.visit_cells, {"problem": problem, "plan": plan, "cells": pr.lay_cells(plan)}),
        "what_if": (pr.what_if, {"night": problem, "crews": [1], "work_limit": 1, "goal": "points"}),
        "workbook_of": (pr.workbook_of, {"night": pr.read_night(pr.bundled_night())}),
    }


def methods(problem: pr.PatrolProblem, plan: pr.PatrolPlan, today: pr.Night) -> dict[str, Call]:
    """Return the doors of classes."""
    shift = {"start": "20:00", "end": "22:00", "date": "2026-05-08"}
    return {
        "ClockWindow.parse": (pr.ClockWindow.parse, {"text": "20:00-22:00"}),
        "Crew.fleet": (pr.Crew.fleet, {"count": 1, "depot": (117, 32.6), **shift}),
        "NightRun.trusting": (pr.NightRun.trusting, {"night": today, "folder": pr.bundled_night().parent}),
        "PatrolPlan.from_dict": (pr.PatrolPlan.from_dict, {"document": {}, "network": RING}),
        "PatrolPlan.from_json": (pr.PatrolPlan.from_json, {"path": "no.json"}),
        "PatrolPlan.save": (plan.save, {"folder": "out"}),
        "PatrolPlan.summary": (plan.summary, {}),
        "PatrolPlan.to_bytes": (plan.to_bytes, {"name": "map.html"}),
        "PatrolPlan.to_files": (plan.to_files, {"name": "gpx/<crew>.gpx"}),
        "PatrolPlan.to_html": (plan.to_html, {"path": "map.html"}),
        "PatrolPlan.to_ics": (plan.to_ics, {"path": "shifts.ics"}),
        "PatrolPlan.to_png": (plan.to_png, {"path": "map.png"}),
        "PatrolPlan.to_sheets": (plan.to_sheets, {"folder": "sheets"}),
        "PatrolPlan.to_xlsx": (plan.to_xlsx, {"path": "plan.xlsx"}),
        "PatrolProblem.diagnose": (problem.diagnose, {}),
        "PatrolProblem.plan": (problem.plan, {"solution": solution([0])}),
        "PatrolProblem.select": (problem.select, {"crews": [0]}),
        "PatrolProblem.with_home_weight": (problem.with_home_weight, {"weight": 1}),
        "RoadNetwork.from_file": (pr.RoadNetwork.from_file, {"path": "no.osm"}),
        "RoadNetwork.from_graph": (pr.RoadNetwork.from_graph, {"graph": None}),
        "RoadNetwork.from_place": (pr.RoadNetwork.from_place, {"places": ["x"]}),
        "RoadNetwork.from_polygon": (pr.RoadNetwork.from_polygon, {"polygon": None}),
        "RoadNetwork.huainan": (pr.RoadNetwork.huainan, {}),
        "SpeedTable.replaced": (pr.SpeedTable().replaced, {"travel_kmh": {}, "patrol_kmh": {}}),
    }
