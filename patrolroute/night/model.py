"""The model of a night's file (TOML or JSON) and its schema."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from patrolroute.demand.model import MAX_VISITS
from patrolroute.demand.wishes import MAX_LOAD, MAX_STOP_S
from patrolroute.network.places import SNAP_M
from patrolroute.night.entries import AnyText, Clock, Hours, Strict, Text
from patrolroute.night.roads import Closures, MapSource, Slow, Speeds, Turns
from patrolroute.problem.crew import TIMEZONE
from patrolroute.problem.model import DECAY
from patrolroute.words import Datum, Goal, Lang, Mode

LOAD = "what each visit takes of a crew's capacity"


def _listed(value: object) -> object:
    """Take one table as a list of one."""
    return [value] if isinstance(value, dict) else value


def _list_or_path(value: object) -> str:
    """Tell what somebody meant to give, so that only that is complained of."""
    return "path" if isinstance(value, (str, Path)) else "list"


class Shift(Strict):
    """From when to when, by the clock; an end at or before the start is the next day."""

    start: Clock
    end: Clock


class Depot(Strict):
    """A muster point (集结点)."""

    id: Text
    name: AnyText = ""
    lon: float
    lat: float


class Rest(Strict):
    """A break that each crew takes once, wherever it stands, wholly inside one of the windows."""

    minutes: float = Field(gt=0, le=MAX_STOP_S / 60)
    windows: list[Hours] = Field(default_factory=list, description="such as 23:00-23:45; any time if not given")


class Crews(Strict):
    """Some crews that share a depot and a shift, or a single one."""

    depot: Text = Field(description="id of a depot")
    count: int = Field(1, ge=1, le=500)
    id: Text | None = Field(None, description="name of a single crew")
    prefix: Text = Field("P", description="first letters of the names of several crews")
    start: Clock | None = None
    end: Clock | None = None
    end_depot: Text | None = None
    mode: Mode = "car"
    speed_factor: float = 1.0
    kinds: list[Text] | None = None
    area: Path | None = Field(None, description="GeoJSON polygon of the patrol area")
    reserved: list[Text] = Field(
        default_factory=list, description="streets, hotspots or task ids that only these crews may serve"
    )
    forbidden: list[Text] = Field(default_factory=list, description="the same, that these crews may not serve")
    capacity: int | None = Field(
        None, ge=0, le=MAX_LOAD, description="most that the loads of one crew's visits add up to; any if not given"
    )
    rest: Rest | None = Field(None, alias="break", description="a break of given length within one of its windows")

    @model_validator(mode="after")
    def _one_name(self) -> Crews:
        if self.id is not None and self.count != 1:
            raise ValueError(f"id {self.id!r} names a single crew, but count is {self.count}; use prefix")
        return self


class _Wish(Strict):
    """What streets and incidents share."""

    mode: Mode = "car"
    priority: int = Field(3, ge=1, le=5)
    required: bool = False
    visits: int = Field(1, ge=1, le=MAX_VISITS)
    headway_min: float | None = Field(None, ge=0)
    load: int = Field(0, ge=0, le=MAX_LOAD, description=LOAD)


class Streets(_Wish):
    """Priority streets; criteria given together narrow each other."""

    names: list[Text] | None = None
    classes: list[Text] | None = None
    within: Path | None = Field(None, description="GeoJSON polygon")
    along: Path | None = Field(None, description="GeoJSON line or GPX track")
    crs: Datum | None = Field(None, description="of what is drawn")
    both_carriageways: bool = False

    @model_validator(mode="after")
    def _some_criterion(self) -> Streets:
        if self.names is None and self.classes is None and self.within is None and self.along is None:
            raise ValueError("give at least one of names, classes, within, along")
        return self


class Incidents(Strict):
    """A CSV of points; each weighs on the segment that it snaps to."""

    file: Path
    crs: Datum | None = None
    mode: Mode = "car"
    required: bool = False
    visits: int = Field(1, ge=1, le=MAX_VISITS)
    headway_min: float | None = Field(None, ge=0)
    load: int = Field(0, ge=0, le=MAX_LOAD, description=LOAD)


class Hotspots(Strict):
    """A CSV or GeoJSON of hotspots."""

    file: Path
    crs: Datum | None = None
    mode: Mode = "car"


class Solve(Strict):
    """When to stop; several limits together stop at the first."""

    time_limit_s: float | None = Field(None, gt=0)
    work_limit: int | None = Field(None, ge=1)
    no_improvement: int | None = Field(None, ge=1, description="units of work without a better plan")
    seed: int = Field(1, ge=0)
    goal: Goal = Field("prize", description="what the time goes to that points leave over: short routes or presence")


class Night(Strict):
    """A night's patrol: the map, who drives, what to cover."""

    name: Text = "夜间巡逻"
    date: Annotated[dt.date, Field(ge=dt.date(1971, 1, 1), le=dt.date(9000, 1, 1))]
    timezone: Text = TIMEZONE
    lang: Lang = "zh"
    crs: Datum = Field("wgs84", description="of the coordinates in this file, and of files that don't say otherwise")
    out_crs: Datum = Field("wgs84", description="of the coordinates in the tables, tracks, KML and GeoJSON written")
    map: MapSource
    speeds: Speeds = Speeds()
    turns: Turns = Turns()
    shift: Shift
    depots: Annotated[
        Annotated[list[Depot], Tag("list")] | Annotated[Path, Tag("path")], Discriminator(_list_or_path)
    ] = Field(description="depots, or a CSV of them")
    crews: list[Crews] = Field(min_length=1)
    streets: list[Streets] = Field(default_factory=list)
    incidents: list[Incidents] = Field(default_factory=list)
    hotspots: list[Hotspots] = Field(default_factory=list)
    closures: Annotated[list[Closures], BeforeValidator(_listed)] = Field(
        default_factory=list, description="one table, or several"
    )
    slow: list[Slow] = Field(default_factory=list)
    snap_m: float = Field(SNAP_M, gt=0)
    decay: float = Field(DECAY, gt=0, le=1)
    solve: Solve = Solve()


def night_schema() -> dict[str, object]:
    """Give the JSON Schema of a night's file."""
    return Night.model_json_schema()
