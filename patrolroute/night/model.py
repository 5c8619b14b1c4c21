"""The model of a night's file (TOML or JSON) and its schema: entries, roads, crews, demand."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    model_validator,
)

from patrolroute.base.errors import short
from patrolroute.base.forms import Strict
from patrolroute.base.vocabulary import MAX_SEED, MAX_WORK, OLD_GOALS, Datum, DutyKind, Goal, Lang, Mode, PoliceAccess
from patrolroute.demand.columns import PLACE_TITLE, column_of
from patrolroute.demand.model import MAX_LOAD, MAX_STOP_S, MAX_VISITS, MAX_WEIGHT
from patrolroute.network.names import SLOWEST, is_area
from patrolroute.network.places import SNAP_M
from patrolroute.network.speeds import CLASSES
from patrolroute.network.turns import LONGEST_TURN_S
from patrolroute.night.entries import AnyText, Clock, Date, Hours, Minutes, Priority, SaidDatum, Text, YesNo
from patrolroute.night.inline import DrawnArea, DrawnShapes, FilePath, GeoJson, Given, Listed, form_of, names_of
from patrolroute.plan.codec import schema_named
from patrolroute.problem.clock import TIMEZONE
from patrolroute.problem.crew import MAX_RANGE_KM
from patrolroute.problem.model import DECAY
from patrolroute.problem.near_home import MAX_HOME_M, USUAL_NEAR_HOME


class MapSource(Strict):
    """Where the streets come from: exactly one of the three."""

    source: Literal["bundled", "osm"] | None = Field(
        None, description="bundled: the schematic map; osm: download both study areas from OpenStreetMap"
    )
    file: FilePath | None = Field(
        None, description=".osm, .osm.gz, .osm.bz2, .osm.pbf or .graphml, beside the night's file"
    )
    places: list[Text] | None = Field(None, description="areas as Nominatim knows them; downloaded")
    area: DrawnShapes | None = Field(
        None, description="polygon to cut out of the file, GeoJSON or a file of it; all of it if not given"
    )

    @model_validator(mode="after")
    def _one_source(self) -> MapSource:
        given = [name for name in ("source", "file", "places") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"give exactly one of source, file, places; given: {', '.join(given) or 'none'}")
        if self.area is not None and self.file is None:
            raise ValueError("area: is cut out of a file; give map.file, or leave the area out")
        if isinstance(self.area, Path) and is_area(str(self.area)):
            raise ValueError(
                "area: an area in words is found on the map, which this cuts out of a file; give GeoJSON or a file"
            )
        return self


def _highway(name: str) -> str:
    """Check a highway class: a misspelt one would change nothing."""
    if name not in CLASSES:
        near = get_close_matches(name, CLASSES, n=3)
        hint = f"; did you mean {', '.join(near)}?" if near else f"; there are {', '.join(CLASSES)}"
        raise ValueError(f"is no highway class{hint}")
    return name


Highway = Annotated[str, AfterValidator(_highway)]


class _Speeds(Strict):
    travel_kmh: dict[Highway, float] = Field(default_factory=dict, description="driving, by highway class")
    patrol_kmh: dict[Highway, float] = Field(default_factory=dict, description="on patrol, by highway class")


class SpeedPart(_Speeds):
    """Speeds of a part of the night, such as before midnight."""

    hours: Annotated[list[Hours], Field(min_length=1)] = Field(description="when these speeds hold")


class Speeds(_Speeds):
    """Speeds by highway class in km/h for cars that replace those of the library's night table."""

    parts: list[SpeedPart] = Field(
        default_factory=list,
        description="other speeds in parts of the night; a night that touches several is planned with the slowest",
    )


TurnSeconds = Annotated[int | None, Field(ge=0, le=LONGEST_TURN_S)]


class Turns(Strict):
    """What turning takes; the usual seconds if not given."""

    free: bool = Field(False, description="turns cost nothing, and turn restrictions are not obeyed")
    straight_s: TurnSeconds = Field(None, description="seconds straight on at a junction")
    right_s: TurnSeconds = Field(None, description="seconds of a right turn")
    left_s: TurnSeconds = Field(None, description="seconds of a left turn")
    u_turn_s: TurnSeconds = Field(None, description="seconds of turning round")
    u_turns_at_junctions: bool | None = Field(None, description="whether cars may turn round at junctions")

    @model_validator(mode="after")
    def _free_or_not(self) -> Turns:
        if self.free and any(getattr(self, name) is not None for name in type(self).model_fields if name != "free"):
            raise ValueError("free turns cost nothing; leave the other entries out")
        return self


class _Drawn(Strict):
    """Streets by name or by drawing, for part of the night or all of it."""

    names: list[Text] = Field(default_factory=list, description="of streets, as the map has them")
    lines: DrawnShapes | None = Field(
        None, description="lines drawn along streets: GeoJSON, or a file of it or of GPX tracks"
    )
    polygons: DrawnArea | None = Field(
        None,
        description="areas, such as a flooded one: GeoJSON, a file of it, or words, whose bounding streets stay open",
    )
    crs: SaidDatum | None = Field(None, description="of what is drawn")
    hours: list[Hours] = Field(
        default_factory=list,
        description="such as 23:00-01:00, all night if not given; where any of it meets a shift it holds all night",
    )

    @model_validator(mode="after")
    def _some_street(self) -> _Drawn:
        if self.is_empty and (self.hours or isinstance(self, Slow)):
            raise ValueError("give at least one of names, lines, polygons")
        return self

    @property
    def said(self) -> str:
        """What is meant, in the night's own words."""
        drawn = (given for given in (self.lines, self.polygons) if given is not None)
        return ", ".join([*self.names, *(name for given in drawn for name in names_of(given))])

    @property
    def is_empty(self) -> bool:
        """Whether no street is meant."""
        return not self.names and self.lines is None and self.polygons is None


class Closures(_Drawn):
    """Streets that are closed tonight."""


class Slow(_Drawn):
    """Streets that are slow tonight."""

    factor: float = Field(ge=SLOWEST, le=1, description="share of the usual driving speed")


def _listed(value: object) -> object:
    """Take one table as a list of one."""
    return [value] if isinstance(value, dict) else value


class Shift(Strict):
    """From when to when, by the clock; an end at or before the start is the next day."""

    start: Clock = Field(description="when crews leave their depots")
    end: Clock = Field(description="when they are back at the latest")


class Depot(Strict):
    """A muster point (集结点)."""

    id: Text = Field(description="by which crews name it")
    name: AnyText = Field("", description="for people; where there is none outputs name the nearest crossing")
    lon: float | None = Field(None, description="longitude in degrees")
    lat: float | None = Field(None, description="latitude in degrees")
    place: Text | None = Field(
        None, description="in place of lon and lat: a crossing in words, such as 朝阳中路与龙湖路口"
    )

    @model_validator(mode="before")
    @classmethod
    def _known_names(cls, data: object) -> object:
        """Take the names of columns that a CSV of depots may have; 地点 is where it is, unless coordinates tell."""
        if not isinstance(data, Mapping):
            return data
        names = {name: column_of(str(name)) for name in data if name not in cls.model_fields}
        if PLACE_TITLE in names and not {"lon", "lat", "place"} & {*data, *names.values()}:
            names[PLACE_TITLE] = "place"
        return {names[key] if names.get(key) in cls.model_fields.keys() - data.keys() else key: value
                for key, value in data.items()}  # fmt: skip

    @model_validator(mode="after")
    def _one_place(self) -> Depot:
        if self.place is None and (self.lon is None or self.lat is None):
            lacking = ", ".join(name for name in ("lon", "lat") if getattr(self, name) is None)
            raise ValueError(f"{lacking}: is missing; give lon and lat, or a place in words")
        if self.place is not None and (self.lon is not None or self.lat is not None):
            raise ValueError("place stands for lon and lat; give one or the other")
        return self


class CrewBreak(Strict):
    """A break that each crew takes once, wherever it stands or at its depot, wholly inside one of the windows."""

    minutes: Minutes = Field(gt=0, le=MAX_STOP_S / 60, description="how long")
    windows: list[Hours] = Field(default_factory=list, description="such as 23:00-23:45; any time if not given")


class CrewStaff(Strict):
    """Who goes out with a crew and how it is reached: printed on order sheets and in the plan's workbook alone."""

    officers: list[Text] = Field(default_factory=list, description="names", repr=False)
    volunteers: list[Text] = Field(
        default_factory=list, description="names; they go out with at least one officer", repr=False
    )
    languages: list[Text] = Field(
        default_factory=list, description="that one of them speaks, such as zh, en", repr=False
    )
    plate: AnyText = Field("", description="of the vehicle", repr=False)
    call_sign: AnyText = Field("", description="on the radio", repr=False)
    phone: AnyText = Field("", description="telephone, as it is dialled", repr=False)


class Crews(Strict):
    """A crew group: some crews that share a depot and a shift, or a single one.

    A field reaches the field of `Crew` that has its name as it is, unless `patrolroute.night.roads` translates it.
    """

    model_config = ConfigDict(populate_by_name=True)  # what `model_dump` gives is read back

    depot: Text = Field(description="id of a depot")
    count: int = Field(1, ge=1, le=500, description="how many crews")
    id: Text | None = Field(None, description="name of a single crew")
    prefix: Text = Field("P", description="first letters of the names of several crews")
    start: Clock | None = Field(None, description="when they leave, if not with the night's shift")
    end: Clock | None = Field(None, description="when they are back, if not with the night's shift")
    end_depot: Text | None = Field(None, description="id of the depot where they end, if it is another one")
    mode: Mode = Field("car", description="how they go")
    speed_factor: float = Field(1.0, description="how fast, as a multiple of the usual speed")
    kinds: list[Text] | None = Field(
        None, description="what alone they may serve: street, and kinds of hotspots; anything if not given"
    )
    area: DrawnArea | None = Field(
        None, description="polygon of the patrol area: GeoJSON, a file of it, or words, bounding streets included"
    )
    area_name: Text | None = Field(
        None, description="which of several areas of that file or GeoJSON, by its name, as in areas.geojson"
    )
    reserved: list[Text] = Field(
        default_factory=list, description="streets, hotspots or task ids that only these crews may serve"
    )
    forbidden: list[Text] = Field(default_factory=list, description="the same, that these crews may not serve")
    capacity: int | None = Field(
        None, ge=0, le=MAX_LOAD, description="most that the loads of one crew's visits add up to; any if not given"
    )
    range_km: float | None = Field(
        None, gt=0, le=MAX_RANGE_KM, description="kilometres that one crew may drive at most; any if not given"
    )
    break_: CrewBreak | None = Field(
        None, alias="break", description="a break of given length within one of its windows"
    )
    staff: CrewStaff | None = Field(None, description="who goes out, the same for all crews of the group")
    lang: Lang | None = Field(None, description="language of their order sheets; the night's if not given")

    @model_validator(mode="after")
    def _one_name(self) -> Crews:
        if self.id is not None and self.count != 1:
            raise ValueError(f"id {self.id!r} names a single crew, but count is {self.count}; use prefix")
        if self.area_name is not None and (self.area is None or isinstance(self.area, str)):
            raise ValueError(f"area_name {self.area_name!r} says which area of a file is meant; give that as area")
        return self


class _Request(Strict):
    """What is asked for of streets, however they are chosen."""

    mode: Mode = Field("car", description="who goes there")
    required: YesNo = Field(default=False, description="must be served at least once")
    visits: int = Field(1, ge=1, le=MAX_VISITS, description="how often they are wanted")
    headway_min: Minutes | None = Field(
        None, ge=0, le=MAX_STOP_S / 60, description="least minutes between two counted visits"
    )
    load: int = Field(0, ge=0, le=MAX_LOAD, description="what each visit takes of a crew's capacity")


class Streets(_Request):
    """Priority streets; criteria given together narrow each other."""

    priority: Priority = Field(3, ge=1, le=5, description="5 matters most")
    names: list[Text] | None = Field(None, description="of streets, as the map has them")
    classes: list[Text] | None = Field(None, description="highway classes, such as primary")
    within: DrawnArea | None = Field(
        None, description="polygon: GeoJSON, a file of it, or words, bounding streets included"
    )
    along: DrawnShapes | None = Field(None, description="line: GeoJSON, or a file of it or of a GPX track")
    crs: SaidDatum | None = Field(None, description="of what is drawn")
    max_gap_min: Minutes | None = Field(
        None, gt=0, le=MAX_STOP_S / 60,
        description="promise: none of these streets is left alone for longer; nothing is promised if not given",
    )  # fmt: skip
    windows: list[Hours] = Field(
        default_factory=list, description="hours in which they matter, such as 08:00-09:00; all night if not given"
    )
    languages: list[Text] = Field(
        default_factory=list, description="one of which a crew speaks that serves them; any crew if not given"
    )
    both_carriageways: YesNo = Field(
        default=False, description="whether each carriageway of a divided road is a task of its own"
    )

    @model_validator(mode="after")
    def _some_criterion(self) -> Streets:
        if self.names is None and self.classes is None and self.within is None and self.along is None:
            raise ValueError("give at least one of names, classes, within, along")
        return self


class KeyHoursEntry(Strict):
    """Hours in which being seen weighs more (重点时段), for some streets and hotspots or for all.

    Where several hold the greatest weight counts; a second of all other hours weighs 1.
    """

    hours: Annotated[list[Hours], Field(min_length=1, description="such as 22:00-23:30")]
    weight: float = Field(ge=0.01, le=MAX_WEIGHT, description="what a second of them weighs, in steps of 0.01")
    names: list[Text] = Field(default_factory=list, description="streets, hotspots or task ids that they are for")
    kinds: list[Text] = Field(
        default_factory=list, description="street, and kinds of hotspots, that they are for; with neither: everything"
    )


class NearHomeEntry(Strict):
    """What it costs that a crew is seen away from its own part of the town (就近巡逻); nothing without this table.

    A crew's own part is its patrol area, or where it has none all within so many metres of its depots.
    """

    metres: int | None = Field(None, ge=0, le=MAX_HOME_M, description="straight line from the depot")
    weight: float = Field(
        USUAL_NEAR_HOME, ge=0, le=MAX_WEIGHT,
        description="what a pass away costs, of what one that nobody else makes is worth; steps of 0.01",
    )  # fmt: skip
    leave_areas: bool = Field(
        default=False,
        description="whether streets outside their patrol areas may be driven and patrolled, at this cost",
    )


class _Places(Strict):
    """A list of places: a file, or the same in its place."""

    file: FilePath | None = Field(
        None, description="CSV, workbook (.xlsx, with #sheet behind it for one of several) or GeoJSON points"
    )
    data: Listed | None = Field(
        None, description="in place of a file: rows with the columns of the CSV, or GeoJSON points"
    )
    crs: SaidDatum | None = Field(None, description="of the coordinates; the night's if not given")

    @model_validator(mode="after")
    def _one_list(self) -> _Places:
        if (self.file is None) == (self.data is None):
            given = "none" if self.file is None else "file, data"
            raise ValueError(f"give exactly one of file, data; given: {given}")
        return self

    @property
    def given(self) -> Given:
        """The list."""
        return self.data if self.file is None and self.data is not None else self.file or Path()


class Incidents(_Places, _Request):
    """Points of demand; each weighs on the segment that it snaps to."""


class Hotspots(_Places):
    """Hotspots: places to stop at."""

    mode: Mode = Field("car", description="who goes there")


def _todays_goal(goal: object) -> object:
    """Return what a goal is called today."""
    return OLD_GOALS.get(goal, goal) if isinstance(goal, str) else goal


class Solve(Strict):
    """When to stop; several limits together stop at the first."""

    time_limit_s: float | None = Field(None, gt=0, description="seconds; the usual limit if nothing is given")
    work_limit: int | None = Field(None, ge=1, le=MAX_WORK, description="units of work; repeats exactly")
    no_improvement: int | None = Field(None, ge=1, le=MAX_WORK, description="units of work without a better plan")
    seed: int = Field(1, ge=0, le=MAX_SEED, description="another seed, another plan")
    goal: Annotated[Goal, BeforeValidator(_todays_goal)] = Field(
        "auto", description="points, presence, or auto: points first, and presence where nearly all of them fit"
    )


NIGHT_VERSION = "1.0"
"""``major.minor`` of the form of a night's file: a minor version adds entries, a major one changes or removes some."""


class Night(Strict):
    """A night's patrol: the map, who drives, what to cover."""

    schema_version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+$")] = Field(
        NIGHT_VERSION, description="major.minor of this form"
    )
    name: Text = Field("夜间巡逻", description="title of what is handed out")
    duty: DutyKind | None = Field(
        None,
        description="what it is, for titles: night, day, foot, visits, scenic, post; by name and hours if not given",
    )
    date: Date = Field(description="day on which the shift starts")
    timezone: Text = Field(TIMEZONE, description="IANA time zone")
    lang: Lang = Field("zh", description="language of what is said and handed out")
    crs: SaidDatum = Field(
        "wgs84", description="of the coordinates in this file, and of files that don't say otherwise"
    )
    out_crs: SaidDatum = Field("wgs84", description="of the coordinates in the tables, tracks, KML and GeoJSON written")
    map: MapSource = Field(description="where the streets come from")
    speeds: Speeds = Field(Speeds(), description="speeds that replace those of the library's night table")
    turns: Turns = Field(Turns(), description="what turning takes")
    police_access: list[PoliceAccess] = Field(
        default_factory=list,
        description="what the police may use tonight besides what is open to all: private streets, streets for buses",
    )
    shift: Shift = Field(description="when the night begins and ends")
    depots: Annotated[
        Annotated[list[Depot], Tag("list")] | Annotated[GeoJson, Tag("dict")] | Annotated[FilePath, Tag("path")],
        Discriminator(form_of),
    ] = Field(description="depots; or GeoJSON points with id and name; or a CSV, workbook or GeoJSON file of them")
    crews: list[Crews] = Field(min_length=1, description="who goes out")
    streets: list[Streets] = Field(default_factory=list, description="priority streets")
    incidents: list[Incidents] = Field(default_factory=list, description="lists of incidents, whose streets are wanted")
    hotspots: list[Hotspots] = Field(default_factory=list, description="lists of hotspots")
    key_hours: list[KeyHoursEntry] = Field(default_factory=list, description="hours that weigh more")
    near_home: NearHomeEntry | None = Field(None, description="whether crews keep to their own part of the town")
    closures: Annotated[list[Closures], BeforeValidator(_listed)] = Field(
        default_factory=list, description="what is closed tonight; one table, or several"
    )
    slow: list[Slow] = Field(default_factory=list, description="what is slow tonight")
    snap_m: float = Field(SNAP_M, gt=0, description="metres within which a point must lie of a street")
    decay: float = Field(DECAY, gt=0, le=1, description="factor by which each further visit is worth less")
    solve: Solve = Field(Solve(), description="how the plan is searched for")

    @property
    def said_crs(self) -> Datum | None:
        """The datum of files that don't say otherwise, None where the night says nothing of it."""
        return self.crs if "crs" in self.model_fields_set else None

    @model_validator(mode="before")
    @classmethod
    def _known_version(cls, data: object) -> object:
        """Refuse a night of another major version before anything else is said of it."""
        version = data.get("schema_version") if isinstance(data, Mapping) else None
        major, last = str(version).partition(".")[0], NIGHT_VERSION.partition(".")[0]
        if isinstance(version, str) and major.isdecimal() and major != last:
            raise ValueError(f"schema_version {short(version)} is not {last}.x, the version that this library reads")
        return data


def night_schema() -> dict[str, object]:
    """Return the JSON Schema of a night's file."""
    return schema_named("night", NIGHT_VERSION) | Night.model_json_schema()
