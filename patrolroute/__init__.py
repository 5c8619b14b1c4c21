"""Night patrol routes for a fleet of police cars on OpenStreetMap streets.

What one makes or calls is importable from here and loaded when first used::

    import patrolroute as pr

    network = pr.RoadNetwork.huainan()

Five modules hold the rest, loaded as well when first used: `pr.plots` and `pr.metrics` the pictures and measures of a
plan, `pr.nights` the parts of a night's file, `pr.campaigns` nights of many weeks, `pr.types` every other type that a
public signature names.
"""

from __future__ import annotations

import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any

from patrolroute.base import __version__

logging.getLogger(__name__).addHandler(logging.NullHandler())  # in a program that keeps no log nothing is printed

_HOME = {
    "AreaParams": "areas.draw",
    "ArgumentError": "base.errors",
    "Bound": "proof.bound",
    "Break": "problem.breaks",
    "BureauNight": "province.model",
    "Call": "live.replan_places",
    "Callback": "search.stopping",
    "CampaignError": "base.errors",
    "Cell": "metrics.cells",
    "Changes": "live.changes",
    "ClockWindow": "demand.model",
    "Comparison": "study.compare",
    "Complaint": "base.errors",
    "Conflict": "plan.records",
    "Crew": "problem.crew",
    "CrewChange": "live.changes",
    "CurvePoint": "live.replan",
    "DatedWindow": "demand.model",
    "Diagnosis": "study.diagnose",
    "Dispatch": "live.dispatch",
    "DispatchAnswer": "live.dispatch",
    "DispatchCost": "live.dispatch",
    "DownloadError": "base.errors",
    "Dropped": "problem.resume",
    "ForceTier": "metrics.response",
    "Found": "search.points",
    "HandMadeRoute": "hand_made.words",
    "HandMadeStop": "hand_made.words",
    "Hotspot": "demand.model",
    "Incident": "network.places",
    "InputError": "base.errors",
    "Instance": "problem.instance",
    "KeyHours": "demand.model",
    "Leg": "plan.records",
    "Lending": "province.lend",
    "Locks": "live.replan_locks",
    "MapError": "base.errors",
    "MatrixCrew": "problem.matrix",
    "MatrixTask": "problem.matrix",
    "Meeting": "problem.evaluate",
    "MissingExtraError": "base.errors",
    "MixProgress": "campaign.mixture",
    "Mixture": "campaign.mixed",
    "Names": "problem.evaluate",
    "NearHome": "problem.near_home",
    "Night": "night.model",
    "NightError": "base.errors",
    "NightRun": "night.run",
    "OsmHours": "demand.hours",
    "OutputError": "base.errors",
    "PartialOutputError": "base.errors",
    "PatrolArea": "areas.area",
    "PatrolAreas": "areas.model",
    "PatrolPlan": "plan.model",
    "PatrolProblem": "problem.model",
    "PatrolRouteError": "base.errors",
    "Place": "network.places",
    "PlaceClass": "metrics.response",
    "PlaceError": "base.errors",
    "PlanFileError": "base.errors",
    "PlanViolation": "base.errors",
    "Position": "live.replan_positions",
    "PresenceBound": "proof.presence",
    "PriorityStreet": "demand.model",
    "ProblemError": "base.errors",
    "Progress": "search.stopping",
    "Province": "province.model",
    "ProvinceProgress": "province.many",
    "Replan": "live.replan",
    "ResponsePromise": "demand.response",
    "Result": "search.solve",
    "Review": "live.review",
    "Ring": "metrics.response",
    "Rings": "metrics.response",
    "RoadHours": "problem.hours",
    "RoadNetwork": "network.road",
    "Route": "plan.records",
    "SearchParams": "search.params",
    "SeenCell": "metrics.seen_in_cells",
    "SeenInCells": "metrics.seen_in_cells",
    "Solution": "problem.evaluate",
    "SpeedTable": "network.speeds",
    "Staff": "problem.crew",
    "Station": "study.stations",
    "StationCheck": "study.stations",
    "StreetSegment": "demand.model",
    "TableError": "base.errors",
    "Track": "live.tracks",
    "TurnCosts": "network.speeds",
    "Variant": "study.variants",
    "Violation": "rules.audit",
    "Visit": "problem.evaluate",
    "WaitingPlace": "search.waiting",
    "WaitingPlaces": "search.waiting",
    "WhatIf": "study.variants",
    "audit": "rules.audit",
    "bound": "proof.bound",
    "bundled_night": "night.run",
    "check_stations": "study.stations",
    "close_streets": "network.names",
    "combine_streets": "demand.streets",
    "commitment": "campaign.sealed",
    "compare": "study.compare",
    "conflicts": "explain.conflicts",
    "diagnose": "study.diagnose",
    "dispatch": "live.dispatch",
    "draw_areas": "areas.draw",
    "draw_cells": "output.plots.cells",
    "draw_coverage": "output.plots.charts",
    "draw_gantt": "output.plots.charts",
    "draw_guessing": "output.plots.guessing",
    "draw_idleness": "output.plots.maps",
    "draw_response": "output.plots.charts",
    "draw_routes": "output.plots.maps",
    "evaluate": "problem.evaluate",
    "fill_in": "hand_made.drive",
    "find_nights": "province.found",
    "hold_response": "search.posts",
    "hotspots_from": "demand.hotspots",
    "hotspots_from_osm": "demand.hotspots",
    "idleness_bound": "proof.bound",
    "incidents_from": "demand.incidents",
    "lay_cells": "metrics.cells",
    "lend_crews": "province.lend",
    "measure": "metrics",
    "mix": "campaign.mixture",
    "new_secret": "campaign.sealed",
    "night_from": "night.run",
    "prepare": "search.prepare",
    "read_cells": "metrics.cells",
    "read_hand_made": "hand_made.table",
    "read_hotspots": "demand.hotspots",
    "read_incidents": "demand.incidents",
    "read_night": "night.run",
    "read_night_workbook": "night.workbook.reading",
    "read_tracks": "live.tracks",
    "replan": "live.replan",
    "response_by_class": "metrics.response",
    "response_by_tier": "metrics.response",
    "review": "live.review",
    "save_cells": "areas.cells_files",
    "schedule": "plan.schedule",
    "seen_in_cells": "metrics.seen_in_cells",
    "select_streets": "demand.streets",
    "slow_streets": "network.names",
    "snap": "network.snap",
    "solve": "search.solve",
    "solve_many": "province.many",
    "streets_from": "demand.street_rows",
    "streets_from_incidents": "demand.incidents",
    "visit_cells": "areas.visited_cells",
    "waiting_places": "search.waiting",
    "what_if": "study.what_if",
    "workbook_of": "night.workbook.writing",
}
"""Where each public name lives. Kept sorted."""

_MODULES = ("campaigns", "metrics", "nights", "plots", "types")
"""Public modules beside this one; what they share with it is the same under both names."""

if TYPE_CHECKING:
    from patrolroute import campaigns, metrics, nights, plots, types
    from patrolroute.areas.area import PatrolArea
    from patrolroute.areas.cells_files import save_cells
    from patrolroute.areas.draw import AreaParams, draw_areas
    from patrolroute.areas.model import PatrolAreas
    from patrolroute.areas.visited_cells import visit_cells
    from patrolroute.base.errors import (
        ArgumentError,
        CampaignError,
        Complaint,
        DownloadError,
        InputError,
        MapError,
        MissingExtraError,
        NightError,
        OutputError,
        PartialOutputError,
        PatrolRouteError,
        PlaceError,
        PlanFileError,
        PlanViolation,
        ProblemError,
        TableError,
    )
    from patrolroute.campaign.mixed import Mixture
    from patrolroute.campaign.mixture import MixProgress, mix
    from patrolroute.campaign.sealed import commitment, new_secret
    from patrolroute.demand.hotspots import hotspots_from, hotspots_from_osm, read_hotspots
    from patrolroute.demand.hours import OsmHours
    from patrolroute.demand.incidents import incidents_from, read_incidents, streets_from_incidents
    from patrolroute.demand.model import ClockWindow, DatedWindow, Hotspot, KeyHours, PriorityStreet, StreetSegment
    from patrolroute.demand.response import ResponsePromise
    from patrolroute.demand.street_rows import streets_from
    from patrolroute.demand.streets import combine_streets, select_streets
    from patrolroute.explain.conflicts import conflicts
    from patrolroute.hand_made.drive import fill_in
    from patrolroute.hand_made.table import read_hand_made
    from patrolroute.hand_made.words import HandMadeRoute, HandMadeStop
    from patrolroute.live.changes import Changes, CrewChange
    from patrolroute.live.dispatch import Dispatch, DispatchAnswer, DispatchCost, dispatch
    from patrolroute.live.replan import CurvePoint, Replan, replan
    from patrolroute.live.replan_locks import Locks
    from patrolroute.live.replan_places import Call
    from patrolroute.live.replan_positions import Position
    from patrolroute.live.review import Review, review
    from patrolroute.live.tracks import Track, read_tracks
    from patrolroute.metrics import measure
    from patrolroute.metrics.cells import Cell, lay_cells, read_cells
    from patrolroute.metrics.response import ForceTier, PlaceClass, Ring, Rings, response_by_class, response_by_tier
    from patrolroute.metrics.seen_in_cells import SeenCell, SeenInCells, seen_in_cells
    from patrolroute.network.names import close_streets, slow_streets
    from patrolroute.network.places import Incident, Place
    from patrolroute.network.road import RoadNetwork
    from patrolroute.network.snap import snap
    from patrolroute.network.speeds import SpeedTable, TurnCosts
    from patrolroute.night.model import Night
    from patrolroute.night.run import NightRun, bundled_night, night_from, read_night
    from patrolroute.night.workbook.reading import read_night_workbook
    from patrolroute.night.workbook.writing import workbook_of
    from patrolroute.output.plots.cells import draw_cells
    from patrolroute.output.plots.charts import draw_coverage, draw_gantt, draw_response
    from patrolroute.output.plots.guessing import draw_guessing
    from patrolroute.output.plots.maps import draw_idleness, draw_routes
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.plan.records import Conflict, Leg, Route
    from patrolroute.plan.schedule import schedule
    from patrolroute.problem.breaks import Break
    from patrolroute.problem.crew import Crew, Staff
    from patrolroute.problem.evaluate import Meeting, Names, Solution, Visit, evaluate
    from patrolroute.problem.hours import RoadHours
    from patrolroute.problem.instance import Instance
    from patrolroute.problem.matrix import MatrixCrew, MatrixTask
    from patrolroute.problem.model import PatrolProblem
    from patrolroute.problem.near_home import NearHome
    from patrolroute.problem.resume import Dropped
    from patrolroute.proof.bound import Bound, bound, idleness_bound
    from patrolroute.proof.presence import PresenceBound
    from patrolroute.province.found import find_nights
    from patrolroute.province.lend import Lending, lend_crews
    from patrolroute.province.many import ProvinceProgress, solve_many
    from patrolroute.province.model import BureauNight, Province
    from patrolroute.rules.audit import Violation, audit
    from patrolroute.search.params import SearchParams
    from patrolroute.search.points import Found
    from patrolroute.search.posts import hold_response
    from patrolroute.search.prepare import prepare
    from patrolroute.search.solve import Result, solve
    from patrolroute.search.stopping import Callback, Progress
    from patrolroute.search.waiting import WaitingPlace, WaitingPlaces, waiting_places
    from patrolroute.study.compare import Comparison, compare
    from patrolroute.study.diagnose import Diagnosis, diagnose
    from patrolroute.study.stations import Station, StationCheck, check_stations
    from patrolroute.study.variants import Variant, WhatIf
    from patrolroute.study.what_if import what_if

__all__ = [
    "AreaParams", "ArgumentError", "Bound", "Break", "BureauNight", "Call", "Callback", "CampaignError", "Cell",
    "Changes", "ClockWindow", "Comparison", "Complaint", "Conflict", "Crew", "CrewChange", "CurvePoint",
    "DatedWindow", "Diagnosis", "Dispatch", "DispatchAnswer", "DispatchCost", "DownloadError", "Dropped",
    "ForceTier", "Found", "HandMadeRoute", "HandMadeStop", "Hotspot", "Incident", "InputError", "Instance",
    "KeyHours", "Leg", "Lending", "Locks", "MapError", "MatrixCrew", "MatrixTask", "Meeting", "MissingExtraError",
    "MixProgress", "Mixture", "Names", "NearHome", "Night", "NightError", "NightRun", "OsmHours", "OutputError",
    "PartialOutputError", "PatrolArea", "PatrolAreas", "PatrolPlan", "PatrolProblem", "PatrolRouteError", "Place",
    "PlaceClass", "PlaceError", "PlanFileError", "PlanViolation", "Position", "PresenceBound", "PriorityStreet",
    "ProblemError", "Progress", "Province", "ProvinceProgress", "Replan", "ResponsePromise", "Result", "Review",
    "Ring", "Rings", "RoadHours", "RoadNetwork", "Route", "SearchParams", "SeenCell", "SeenInCells", "Solution",
    "SpeedTable", "Staff", "Station", "StationCheck", "StreetSegment", "TableError", "Track", "TurnCosts",
    "Variant", "Violation", "Visit", "WaitingPlace", "WaitingPlaces", "WhatIf", "audit", "bound", "bundled_night",
    "campaigns", "check_stations", "close_streets", "combine_streets", "commitment", "compare", "conflicts",
    "diagnose", "dispatch", "draw_areas", "draw_cells", "draw_coverage", "draw_gantt", "draw_guessing",
    "draw_idleness", "draw_response", "draw_routes", "evaluate", "fill_in", "find_nights", "hold_response",
    "hotspots_from", "hotspots_from_osm", "idleness_bound", "incidents_from", "lay_cells", "lend_crews", "measure",
    "metrics", "mix", "new_secret", "night_from", "nights", "plots", "prepare", "read_cells", "read_hand_made",
    "read_hotspots", "read_incidents", "read_night", "read_night_workbook", "read_tracks", "replan",
    "response_by_class", "response_by_tier", "review", "save_cells", "schedule", "seen_in_cells", "select_streets",
    "slow_streets", "snap", "solve", "solve_many", "streets_from", "streets_from_incidents", "types", "visit_cells",
    "waiting_places", "what_if", "workbook_of",
]  # fmt: skip


if not TYPE_CHECKING:  # a type checker that saw it would take every name for a public one

    def __getattr__(name: str) -> Any:
        """Load a public name when it is first used."""
        if name in _MODULES:
            return import_module(f"{__name__}.{name}")
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    """List the public names."""
    return [*__all__, "__version__"]
