"""The form of ``plan.json``: what is in it, what each value may be. The schema and the reader follow from it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic.json_schema import SkipJsonSchema

from patrolroute.words import LegKind, Mode, Reason, TaskKind

SCHEMA_VERSION = "1.4"
"""``major.minor``: a minor version adds keys, a major one changes or removes some."""

Whole: TypeAlias = Annotated[int, Field(strict=True, ge=-(10**12), le=10**12)]
Node: TypeAlias = Annotated[int, Field(strict=True, ge=-(2**63), lt=2**63)]
Arc: TypeAlias = tuple[Node, Node, Node]
Degrees: TypeAlias = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
LonLat: TypeAlias = tuple[Degrees, Degrees]
Moments: TypeAlias = tuple[AwareDatetime, AwareDatetime]
FileName: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[^/\\:]+$", min_length=1)]


class _Entry(BaseModel):
    """A reader ignores keys that it does not know."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class NetworkEntry(_Entry):
    """A road network, in a file beside the plan."""

    mode: Mode
    file: FileName = Field(description="GraphML with length, travel_s and patrol_s on every edge")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    turns: FileName | None = Field(description="CSV of turns that cost or are forbidden; null: turns cost nothing")
    turns_sha256: str | None = Field(None, pattern=r"^[0-9a-f]{64}$", description="of that file; null: there is none")


class SpotEntry(_Entry):
    """A node of the network, where it lies and what people call it."""

    node: Node
    lon: Degrees
    lat: Degrees
    name: str = Field("", description="empty: nobody gave it a name")


class BreakEntry(_Entry):
    """A break of given length within one of its windows; without any, at any time."""

    length_s: Whole
    windows: list[Moments]


class CrewEntry(_Entry):
    """A vehicle or team on one shift."""

    id: str
    mode: Mode
    depot: SpotEntry
    end_depot: SpotEntry
    start: AwareDatetime
    end: AwareDatetime
    speed_factor: float = Field(description="each arc takes max(1, floor(seconds / factor + 0.5))")
    kinds: list[str] | None
    area: list[list[LonLat]] | None = Field(description="rings of the patrol area, the outer one first")
    capacity: Whole | None = Field(description="most that the loads of its visits may add up to; null: any load")
    rest: BreakEntry | None = Field(alias="break")
    reserved: list[str] = Field(default=[], description="ids of tasks that only crews with that id here may serve")
    forbidden: list[str] = Field(default=[], description="ids of tasks that this crew may not serve")


class OvertimeEntry(_Entry):
    """The crew that could make one more visit with the least overtime."""

    crew: str
    extra_s: Whole = Field(description="by how many seconds its shift would have to end later")


class GiveWayEntry(_Entry):
    """The visits of one crew that could give way to one more visit."""

    crew: str
    tasks: list[str] = Field(description="ids of the tasks that would lose a visit")
    worth: Whole = Field(description="points that would be lost with them")


class LeftOutEntry(_Entry):
    """Why a task is short of its visits, and what one more would take."""

    reason: Reason
    needs_s: Whole | None
    detail: str
    overtime: OvertimeEntry | None = Field(None, description="null: no overtime helps, or nobody looked")
    give_way: GiveWayEntry | None = Field(None, description="the cheapest found; null: nothing was")
    extra_crew: str | None = Field(None, description="a second crew like this one could make the visit")


class TaskEntry(_Entry):
    """One street segment or one hotspot."""

    id: str
    kind: TaskKind
    category: str = Field("street", description="street, or the hotspot's own kind")
    name: str
    mode: Mode
    priority: Whole
    required: bool
    prize: Whole
    worth: list[Whole] = Field(description="points of the first, second, … counted visit")
    visits_wanted: Whole
    visits_done: Whole
    headway_s: Whole
    slices: list[Moments] = Field(description="at most one counted visit in each")
    load: Whole = Field(0, description="what each visit takes of a crew's capacity")
    directions: list[list[Arc]] | SkipJsonSchema[None] = Field(None, description="streets only")
    node: Node | SkipJsonSchema[None] = Field(None, description="hotspots only")
    dwell_s: Whole | SkipJsonSchema[None] = Field(None, description="hotspots only")
    windows: list[Moments] | SkipJsonSchema[None] = Field(None, description="hotspots only")
    left_out: LeftOutEntry | None

    @model_validator(mode="after")
    def _adds_up(self) -> TaskEntry:
        if self.visits_wanted != len(self.worth):
            many = len(self.worth)
            raise ValueError(
                f"task {self.id!r}: visits_wanted {self.visits_wanted} is not {many}, as many as worth has"
            )
        return self


class LegEntry(_Entry):
    """One thing that a crew does without a break."""

    kind: LegKind
    task: str | None
    visit: Whole | None = Field(description="number of the slice in which the visit counts, from 1")
    counted: bool
    arcs: list[Arc]
    depart: AwareDatetime
    arrive: AwareDatetime
    turn_s: Whole
    length_m: Whole
    street: str
    coordinates: list[LonLat]


class RouteEntry(_Entry):
    """What one crew does."""

    crew: str
    start: AwareDatetime
    end: AwareDatetime
    length_m: Whole
    legs: list[LegEntry]

    @model_validator(mode="after")
    def _adds_up(self) -> RouteEntry:
        if self.length_m != (metres := sum(leg.length_m for leg in self.legs)):
            raise ValueError(f"route of crew {self.crew!r}: length_m {self.length_m} is not the {metres} of its legs")
        return self


class ObjectiveEntry(_Entry):
    """What the plan is worth; all but the bound can be recomputed."""

    required_missed: Whole
    prize_collected: Whole
    prize_total: Whole
    levels: list[Whole]
    upper_bound: Whole | None
    bound_method: str | None
    driving_bound_s: Whole | None = Field(None, description="least driving of a plan that collects all points")
    longest_route_bound_s: Whole | None = Field(None, description="least longest route of such a plan")
    idleness_bound_s: Whole | None = Field(None, description="least worst idleness of any plan, seconds times priority")
    gap: float | None
    longest_route_s: Whole
    driving_s: Whole


class ConflictEntry(_Entry):
    """Required tasks that cannot all be served in one night."""

    tasks: list[str]
    most: Whole = Field(description="so many of them were found to be served together")
    proven: bool = Field(description="true: no plan serves them all; false: a search found none")
    smallest: bool = Field(description="whether no smaller set is known to conflict, all of them being tried")


class PlanDocument(_Entry):
    """A night patrol plan, complete: with the files that it names, a stranger can check every second of it."""

    schema_version: str = Field(pattern=r"^\d+\.\d+$")
    created_with: str
    crs: Literal["wgs84"]
    timezone: str
    seed: Whole | None
    work: Whole | None
    settings: dict[str, Any]
    window: Moments
    attribution: str
    notice: str | None
    networks: list[NetworkEntry] = Field(min_length=1)
    crews: list[CrewEntry]
    tasks: list[TaskEntry]
    routes: list[RouteEntry]
    objective: ObjectiveEntry
    conflicts: list[ConflictEntry] | None = Field(
        None, description="sets of required tasks that cannot all be served; empty: they can; null: nobody looked"
    )
    metrics: dict[str, float | None]


def plan_schema() -> dict[str, Any]:
    """Give the JSON Schema of ``plan.json``."""
    return PlanDocument.model_json_schema(by_alias=True) | {"title": "patrolroute plan", "$comment": SCHEMA_VERSION}


def moment_text(moment: dt.datetime) -> str:
    """Write a moment as ISO 8601 with its offset."""
    return moment.isoformat(timespec="seconds")
