"""Types that public signatures name and that one rarely writes: what plans, results and problems consist of.

What one makes or calls is importable from `patrolroute` itself; the parts of a night's file are in
`patrolroute.nights`. Here stand the records that calls hand out, the closed lists, and the short names of numbers.
"""

from __future__ import annotations

from patrolroute.areas.bounding import BoundingStreets
from patrolroute.areas.draw import AreaOptions
from patrolroute.base.codes import ErrorCode, Fact, Plain, Step
from patrolroute.base.shapes import PointLike, Shapes
from patrolroute.base.vocabulary import (
    Arc,
    BoolArray,
    ComplaintKind,
    Datum,
    DutyKind,
    FloatArray,
    Goal,
    IntArray,
    Lang,
    LegKind,
    LongArray,
    LonLat,
    Metres,
    Mode,
    Points,
    PoliceAccess,
    Reason,
    Seconds,
    TaskKind,
)
from patrolroute.campaign.mixed import StreetChance
from patrolroute.campaign.mixture import MixCallback
from patrolroute.demand.drawings import Drawing
from patrolroute.demand.hotspots import OsmHotspots
from patrolroute.demand.hours import Window
from patrolroute.demand.model import Demand
from patrolroute.live.replan_positions import Positions
from patrolroute.live.review import Beside
from patrolroute.live.review_doubts import Doubt, DoubtKind
from patrolroute.live.review_orders import OrderReview, Status
from patrolroute.live.review_runs import Run
from patrolroute.live.tracks import TrackSource
from patrolroute.metrics.cells import CellShape
from patrolroute.metrics.context import Better
from patrolroute.network.arrays import DroppedPart, RoadArrays
from patrolroute.network.turns import Turns
from patrolroute.night.reach import Reach
from patrolroute.night.run import SolveOptions
from patrolroute.output.plots.maps import By
from patrolroute.plan.companions import Companion, CompanionName, Digest
from patrolroute.plan.document import Sha256, Stated
from patrolroute.plan.model import Explain
from patrolroute.plan.records import (
    Chain,
    Degrees,
    DrivenRoute,
    GiveWay,
    Id,
    LeftOut,
    Line,
    Moments,
    Objective,
    Overtime,
    PlanGoal,
    PlannedBreak,
    PlannedCrew,
    PlannedHours,
    PlannedNearHome,
    PlannedStaff,
    PlannedTask,
    Replanned,
    RoadChange,
    Spot,
)
from patrolroute.plan.seen import PresenceScore
from patrolroute.problem.clock import Span
from patrolroute.problem.crew import CrewOptions
from patrolroute.problem.evaluate import Evaluation, RouteTimes, Score
from patrolroute.problem.instance import CrewClass, Instance, Travel, Way
from patrolroute.problem.laid import LaidNight
from patrolroute.problem.matrix import MatrixCrew, MatrixTask, Table
from patrolroute.problem.model import HourWeights
from patrolroute.problem.numbers import Paths
from patrolroute.problem.reservations import Reservations, SectionTasks
from patrolroute.problem.resume import DropReason
from patrolroute.problem.task import LaidBreak, LaidHours, Passage, Task
from patrolroute.rules.findings import Amount
from patrolroute.search.stopping import Improvement, Phase, StoppedBy
from patrolroute.study.compare import TaskChange, Verdict
from patrolroute.study.diagnose import Finding, Level
from patrolroute.study.variants import Against, WhyGoal
from patrolroute.study.what_if import HasProblem

__all__ = [
    "Against", "Amount", "Arc", "AreaOptions", "Beside", "Better", "BoolArray", "BoundingStreets", "By", "CellShape",
    "Chain", "Companion", "CompanionName", "ComplaintKind", "CrewClass", "CrewOptions", "Datum", "Degrees", "Demand",
    "Digest", "Doubt", "DoubtKind", "Drawing", "DrivenRoute", "DropReason", "DroppedPart", "DutyKind", "ErrorCode",
    "Evaluation",
    "Explain", "Fact", "Finding", "FloatArray", "GiveWay", "Goal", "HasProblem", "HourWeights", "Id", "Improvement",
    "Instance", "IntArray", "LaidBreak", "LaidHours", "LaidNight", "Lang", "LeftOut", "LegKind", "Level", "Line",
    "LonLat", "LongArray", "MatrixCrew", "MatrixTask", "Metres", "MixCallback", "Mode", "Moments", "Objective",
    "OrderReview", "OsmHotspots", "Overtime", "Passage", "Paths", "Phase", "Plain", "PlanGoal", "PlannedBreak",
    "PlannedCrew", "PlannedHours", "PlannedNearHome", "PlannedStaff", "PlannedTask", "PointLike", "Points",
    "PoliceAccess", "Positions", "PresenceScore", "Reach", "Reason", "Replanned", "Reservations", "RoadArrays",
    "RoadChange",
    "RouteTimes", "Run", "Score", "Seconds", "SectionTasks", "Sha256", "Shapes", "SolveOptions", "Span", "Spot",
    "Stated", "Status", "Step", "StoppedBy", "StreetChance", "Table", "Task", "TaskChange", "TaskKind", "TrackSource",
    "Travel", "Turns", "Verdict", "Way", "WhyGoal", "Window",
]  # fmt: skip
