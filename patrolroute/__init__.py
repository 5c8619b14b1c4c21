"""Night patrol routes for a fleet of police cars on OpenStreetMap streets.

Everything public is importable from here and loaded when first used::

    import patrolroute as pr

    network = pr.RoadNetwork.huainan()
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from patrolroute.version import __version__

_HOME = {
    "Bound": "proof.bound",
    "Break": "problem.breaks",
    "ClockWindow": "demand.model",
    "Comparison": "study.compare",
    "Conflict": "plan.parts",
    "Crew": "problem.crew",
    "DatedWindow": "demand.model",
    "Diagnosis": "study.diagnose",
    "DownloadError": "errors",
    "ForceTier": "plan.metrics.rings",
    "HandMadeRoute": "plan.hand_made.model",
    "HandMadeStop": "plan.hand_made.model",
    "Hotspot": "demand.model",
    "Incident": "network.incident",
    "InputError": "errors",
    "Leg": "plan.parts",
    "MapError": "errors",
    "Night": "night.model",
    "NightError": "errors",
    "NightRun": "night.run",
    "OutputError": "errors",
    "PatrolPlan": "plan.records",
    "PatrolProblem": "problem.model",
    "PatrolRouteError": "errors",
    "Place": "network.places",
    "PlaceClass": "plan.metrics.rings",
    "PlaceError": "errors",
    "PlanFileError": "errors",
    "PlanViolation": "errors",
    "PriorityStreet": "demand.model",
    "ProblemError": "errors",
    "Result": "solver",
    "Ring": "plan.metrics.rings",
    "Rings": "plan.metrics.rings",
    "RoadNetwork": "network.road",
    "Route": "plan.parts",
    "Solution": "problem.solution",
    "SpeedTable": "network.speeds",
    "StreetSegment": "demand.model",
    "TableError": "errors",
    "TurnCosts": "network.turns",
    "Variant": "study.variants",
    "Violation": "plan.audit",
    "Visit": "problem.solution",
    "WhatIf": "study.variants",
    "audit": "plan.audit",
    "bound": "proof.bound",
    "bundled_night": "night.load",
    "close_streets": "network.closures",
    "combine_streets": "demand.combine",
    "compare": "study.compare",
    "conflicts": "study.conflicts",
    "diagnose": "study.diagnose",
    "draw_coverage": "output.plots.coverage",
    "draw_gantt": "output.plots.gantt",
    "draw_idleness": "output.plots.idleness",
    "draw_response": "output.plots.response",
    "draw_routes": "output.plots.routes",
    "evaluate": "problem.evaluate",
    "fill_in": "plan.hand_made.fill",
    "hotspots_from_osm": "demand.osmtags",
    "idleness_bound": "proof.idleness",
    "measure": "plan.metrics",
    "night_from": "night.load",
    "read_hand_made": "plan.hand_made.table",
    "read_hotspots": "demand.hotspots",
    "read_incidents": "demand.incidents",
    "read_night": "night.load",
    "response_by_class": "plan.metrics.rings",
    "response_by_tier": "plan.metrics.rings",
    "schedule": "plan.schedule",
    "select_streets": "demand.streets",
    "slow_streets": "network.closures",
    "solve": "solver",
    "streets_from_incidents": "demand.incidents",
    "what_if": "study.what_if",
}
"""Where each public name lives. Kept sorted."""

if TYPE_CHECKING:
    from patrolroute.demand.combine import combine_streets
    from patrolroute.demand.hotspots import read_hotspots
    from patrolroute.demand.incidents import read_incidents, streets_from_incidents
    from patrolroute.demand.model import ClockWindow, DatedWindow, Hotspot, PriorityStreet, StreetSegment
    from patrolroute.demand.osmtags import hotspots_from_osm
    from patrolroute.demand.streets import select_streets
    from patrolroute.errors import (
        DownloadError,
        InputError,
        MapError,
        NightError,
        OutputError,
        PatrolRouteError,
        PlaceError,
        PlanFileError,
        PlanViolation,
        ProblemError,
        TableError,
    )
    from patrolroute.network.closures import close_streets, slow_streets
    from patrolroute.network.incident import Incident
    from patrolroute.network.places import Place
    from patrolroute.network.road import RoadNetwork
    from patrolroute.network.speeds import SpeedTable
    from patrolroute.network.turns import TurnCosts
    from patrolroute.night.load import bundled_night, night_from, read_night
    from patrolroute.night.model import Night
    from patrolroute.night.run import NightRun
    from patrolroute.output.plots.coverage import draw_coverage
    from patrolroute.output.plots.gantt import draw_gantt
    from patrolroute.output.plots.idleness import draw_idleness
    from patrolroute.output.plots.response import draw_response
    from patrolroute.output.plots.routes import draw_routes
    from patrolroute.plan.audit import Violation, audit
    from patrolroute.plan.hand_made.fill import fill_in
    from patrolroute.plan.hand_made.model import HandMadeRoute, HandMadeStop
    from patrolroute.plan.hand_made.table import read_hand_made
    from patrolroute.plan.metrics import measure
    from patrolroute.plan.metrics.rings import ForceTier, PlaceClass, Ring, Rings, response_by_class, response_by_tier
    from patrolroute.plan.parts import Conflict, Leg, Route
    from patrolroute.plan.records import PatrolPlan
    from patrolroute.plan.schedule import schedule
    from patrolroute.problem.breaks import Break
    from patrolroute.problem.crew import Crew
    from patrolroute.problem.evaluate import evaluate
    from patrolroute.problem.model import PatrolProblem
    from patrolroute.problem.solution import Solution, Visit
    from patrolroute.proof.bound import Bound, bound
    from patrolroute.proof.idleness import idleness_bound
    from patrolroute.solver import Result, solve
    from patrolroute.study.compare import Comparison, compare
    from patrolroute.study.conflicts import conflicts
    from patrolroute.study.diagnose import Diagnosis, diagnose
    from patrolroute.study.variants import Variant, WhatIf
    from patrolroute.study.what_if import what_if

__all__ = [
    "Bound", "Break", "ClockWindow", "Comparison", "Conflict", "Crew", "DatedWindow", "Diagnosis", "DownloadError",
    "ForceTier", "HandMadeRoute", "HandMadeStop", "Hotspot", "Incident", "InputError", "Leg", "MapError", "Night",
    "NightError", "NightRun", "OutputError", "PatrolPlan", "PatrolProblem", "PatrolRouteError", "Place",
    "PlaceClass", "PlaceError", "PlanFileError", "PlanViolation", "PriorityStreet", "ProblemError", "Result",
    "Ring", "Rings", "RoadNetwork", "Route", "Solution", "SpeedTable", "StreetSegment", "TableError", "TurnCosts",
    "Variant", "Violation", "Visit", "WhatIf", "audit", "bound", "bundled_night", "close_streets",
    "combine_streets", "compare", "conflicts", "diagnose", "draw_coverage", "draw_gantt", "draw_idleness",
    "draw_response", "draw_routes", "evaluate", "fill_in", "hotspots_from_osm", "idleness_bound", "measure",
    "night_from", "read_hand_made", "read_hotspots", "read_incidents", "read_night", "response_by_class",
    "response_by_tier", "schedule", "select_streets", "slow_streets", "solve", "streets_from_incidents", "what_if",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return [*__all__, "__version__"]
