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
    "Crew": "problem.crew",
    "DatedWindow": "demand.model",
    "Diagnosis": "study.diagnose",
    "DownloadError": "errors",
    "HandMadeRoute": "plan.hand_made.model",
    "HandMadeStop": "plan.hand_made.model",
    "Hotspot": "demand.model",
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
    "PlaceError": "errors",
    "PlanFileError": "errors",
    "PlanViolation": "errors",
    "PriorityStreet": "demand.model",
    "ProblemError": "errors",
    "Result": "engine.solve",
    "RoadNetwork": "network.road",
    "Route": "plan.parts",
    "Solution": "problem.solution",
    "SpeedTable": "network.speeds",
    "StreetSegment": "demand.model",
    "TableError": "errors",
    "TurnCosts": "network.turns",
    "Violation": "plan.audit",
    "Visit": "problem.solution",
    "audit": "plan.audit",
    "bound": "proof.bound",
    "bundled_night": "night.load",
    "close_streets": "network.closures",
    "combine_streets": "demand.combine",
    "compare": "study.compare",
    "diagnose": "study.diagnose",
    "evaluate": "problem.evaluate",
    "fill_in": "plan.hand_made.fill",
    "hotspots_from_osm": "demand.osmtags",
    "night_from": "night.load",
    "read_hand_made": "plan.hand_made.table",
    "read_hotspots": "demand.hotspots",
    "read_night": "night.load",
    "schedule": "plan.schedule",
    "select_streets": "demand.streets",
    "slow_streets": "network.closures",
    "solve": "engine.solve",
    "streets_from_incidents": "demand.incidents",
}
"""Where each public name lives. Kept sorted."""

if TYPE_CHECKING:
    from patrolroute.demand.combine import combine_streets
    from patrolroute.demand.hotspots import read_hotspots
    from patrolroute.demand.incidents import streets_from_incidents
    from patrolroute.demand.model import ClockWindow, DatedWindow, Hotspot, PriorityStreet, StreetSegment
    from patrolroute.demand.osmtags import hotspots_from_osm
    from patrolroute.demand.streets import select_streets
    from patrolroute.engine.solve import Result, solve
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
    from patrolroute.network.places import Place
    from patrolroute.network.road import RoadNetwork
    from patrolroute.network.speeds import SpeedTable
    from patrolroute.network.turns import TurnCosts
    from patrolroute.night.load import bundled_night, night_from, read_night
    from patrolroute.night.model import Night
    from patrolroute.night.run import NightRun
    from patrolroute.plan.audit import Violation, audit
    from patrolroute.plan.hand_made.fill import fill_in
    from patrolroute.plan.hand_made.model import HandMadeRoute, HandMadeStop
    from patrolroute.plan.hand_made.table import read_hand_made
    from patrolroute.plan.parts import Leg, Route
    from patrolroute.plan.records import PatrolPlan
    from patrolroute.plan.schedule import schedule
    from patrolroute.problem.breaks import Break
    from patrolroute.problem.crew import Crew
    from patrolroute.problem.evaluate import evaluate
    from patrolroute.problem.model import PatrolProblem
    from patrolroute.problem.solution import Solution, Visit
    from patrolroute.proof.bound import Bound, bound
    from patrolroute.study.compare import Comparison, compare
    from patrolroute.study.diagnose import Diagnosis, diagnose

__all__ = [
    "Bound", "Break", "ClockWindow", "Comparison", "Crew", "DatedWindow", "Diagnosis", "DownloadError", "HandMadeRoute",
    "HandMadeStop", "Hotspot", "InputError", "Leg", "MapError", "Night", "NightError", "NightRun", "OutputError",
    "PatrolPlan", "PatrolProblem", "PatrolRouteError", "Place", "PlaceError", "PlanFileError", "PlanViolation",
    "PriorityStreet", "ProblemError", "Result", "RoadNetwork", "Route", "Solution", "SpeedTable", "StreetSegment",
    "TableError", "TurnCosts", "Violation", "Visit", "audit", "bound", "bundled_night", "close_streets",
    "combine_streets", "compare", "diagnose", "evaluate", "fill_in", "hotspots_from_osm", "night_from",
    "read_hand_made", "read_hotspots", "read_night", "schedule", "select_streets", "slow_streets", "solve",
    "streets_from_incidents",
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
