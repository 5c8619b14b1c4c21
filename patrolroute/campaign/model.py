"""The model of a campaign's file (TOML, JSON or workbook) and its schema: from when to when, how often, who, what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, ConfigDict, Discriminator, Field, StringConstraints, Tag, model_validator

from patrolroute.base.errors import CampaignError, InputError, short
from patrolroute.base.forms import Strict
from patrolroute.base.vocabulary import Lang
from patrolroute.campaign.words import SaidEach, SaidWeekdays
from patrolroute.nights import AnyText, Clock, Date, FilePath, Hotspots, KeyHoursEntry, Night, Streets, Text
from patrolroute.plan.codec import schema_named

LONGEST_DAYS = 1100
"""Three years: a calendar is laid day by day."""

MOST_NIGHTS = 366
MOST_VISITS = 10_000
"""Of a quota over the campaign: some fifty a night."""


class Entry(Strict):
    """Frozen, and a misspelt key is an error; a program meets the errors of a campaign's file."""

    model_config = ConfigDict(title="A campaign", populate_by_name=True)
    complains_as: ClassVar[type[InputError]] = CampaignError


class Days(Entry):
    """A day, or all from one to another."""

    date: Date | None = Field(None, description="a single day")
    first: Date | None = Field(None, description="the first of several days")
    last: Date | None = Field(None, description="the last of several days")
    why: AnyText = Field("", description="reason, as it is told where a night cannot be placed")

    @model_validator(mode="after")
    def _one_day_or_several(self) -> Days:
        if (self.date is None) == (self.first is None and self.last is None):
            raise ValueError("give exactly one of date, or first and last")
        if self.date is None and (self.first is None or self.last is None):
            raise ValueError("give exactly one of date, or first and last")
        if self.first is not None and self.last is not None and self.last < self.first:
            raise ValueError(f"last {self.last} is not on or after first {self.first}")
        return self

    @property
    def ends(self) -> tuple[dt.date, dt.date]:
        """First and last day."""
        return (
            (self.date, self.date) if self.date is not None else (self.first or dt.date.min, self.last or dt.date.max)
        )

    def hold(self, day: dt.date) -> bool:
        """Return whether a day is among them."""
        first, last = self.ends
        return first <= day <= last


class Rule(Entry):
    """How often there is a night, and when it may be."""

    nights: int = Field(1, ge=0, le=31, description="at least so many nights in each period")
    each: SaidEach = Field("half_month", description="the period: half_month, month, fortnight, week")
    in_all: int | None = Field(None, ge=0, le=MOST_NIGHTS, description="at least so many nights over the campaign")
    weekdays: SaidWeekdays = Field(
        default_factory=list, description="on which a night may begin, such as 周五至周日; any if not given"
    )
    earliest: Clock | None = Field(None, description="no crew starts before; any hour if not given")
    latest: Clock | None = Field(
        None, description="all crews are back by then, 25:30 is half past one; any if not given"
    )
    spacing_days: int = Field(1, ge=1, le=60, description="least days from one night to the next; 1: night after night")
    public_holidays: Literal["usual", "off"] = Field(
        "usual", description="off: no night begins on a public holiday; usual: they are as any other day"
    )
    swapped_workdays: Literal["usual", "off"] = Field(
        "usual", description="off: no night begins on a working day that a weekend was swapped for"
    )


class FixedNight(Entry):
    """A night whose date is decided by hand."""

    date: Date = Field(description="day on which it begins")
    theme: Text | None = Field(None, description="name of its theme; any if not given")


class Theme(Entry):
    """Nights of one kind: what of them differs from the base night, and how often they are wanted."""

    name: Text = Field(description="by which nights name it")
    nights: int = Field(0, ge=0, le=MOST_NIGHTS, description="at least so many over the campaign")
    each_period: int = Field(0, ge=0, le=31, description="at least so many in each period")
    most: int | None = Field(None, ge=0, le=MOST_NIGHTS, description="at most so many over the campaign")
    weekdays: SaidWeekdays = Field(default_factory=list, description="on which such nights may begin; any if not given")
    crews: list[Text] = Field(
        default_factory=list, description="names of crews, or how they begin, that alone go out; all if not given"
    )
    streets: list[Streets] = Field(default_factory=list, description="priority streets besides those of the base night")
    hotspots: list[Hotspots] = Field(
        default_factory=list, description="lists of hotspots besides those of the base night"
    )
    key_hours: list[KeyHoursEntry] = Field(
        default_factory=list, description="key hours besides those of the base night"
    )
    night: dict[str, Any] = Field(
        default_factory=dict, description="entries of the night that replace those of the base night, such as shift"
    )


class Duty(Entry):
    """When crews can go out."""

    crew: Text = Field(description="name of a crew, or how the names of several begin")
    absent: list[Days] = Field(default_factory=list, description="days on which it does not go out")
    weekdays: SaidWeekdays = Field(default_factory=list, description="on which alone it goes out; any if not given")
    most: int | None = Field(None, ge=0, le=MOST_NIGHTS, description="at most so many nights over the campaign")


class Swap(Entry):
    """Two crews swap: on one day the second goes out where the first would have; both are counted as they drive."""

    date: Date = Field(description="day on which the night begins")
    off: Text = Field(description="the crew that stays")
    on: Text = Field(description="the crew that goes out")


class FairShare(Entry):
    """How many crews go out each night, and how evenly that falls on them over the campaign."""

    crews: int | None = Field(None, ge=1, le=500, description="so many go out each night; all that can if not given")
    least: dict[Text, int] = Field(
        default_factory=dict, description="at least so many of each depot, by the depot's id"
    )
    nights: int = Field(1, ge=0, le=MOST_NIGHTS, description="crews differ by at most so many nights")
    saturdays: int = Field(1, ge=0, le=MOST_NIGHTS, description="and by at most so many Saturday nights")
    hours: float = Field(4.0, ge=0, le=5000, description="and by at most so many hours")


class Quota(Entry):
    """How often a street or hotspot is wanted over many nights."""

    name: Text = Field(description="of a street or hotspot, or the id of a task")
    each_period: int = Field(0, ge=0, le=MOST_VISITS, description="visits in each period; what falls short is owed on")
    in_all: int = Field(0, ge=0, le=MOST_VISITS, description="visits over the campaign")
    spacing_days: int = Field(
        1, ge=1, le=366, description="least days between nights on which it is asked for, from the last real visit"
    )

    @model_validator(mode="after")
    def _asks_for_something(self) -> Quota:
        if not self.each_period and not self.in_all:
            raise ValueError("asks for nothing: give each_period or in_all")
        return self


class Carry(Entry):
    """What becomes of visits that were planned and not made."""

    required: Literal["required", "worth", "dropped"] = Field(
        "required", description="of required tasks: required in the next nights until made, worth more, or dropped"
    )
    others: Literal["required", "worth", "dropped"] = Field("worth", description="of all other tasks")


class Draw(Entry):
    """Nights drawn from many plans made before; without it each night is planned anew, with its own seed."""

    plans: int = Field(24, ge=2, le=200, description="so many plans are made to draw from")
    minutes: int = Field(15, ge=1, le=120, description="how long somebody stays who is to see a car, in minutes")
    work_limit: int | None = Field(
        None, ge=0, description="windows looked at for all plans together; a third of the usual for each if not given"
    )


def _form(value: object) -> str:
    """Tell whether somebody meant to give a file or the night itself."""
    return "dict" if isinstance(value, Mapping | Night) else "path"


def _listed(value: object) -> object:
    """Take one table as a list of one."""
    return [value] if isinstance(value, dict) else value


CAMPAIGN_VERSION = "1.0"
"""``major.minor`` of the form of a campaign's file."""


class Campaign(Entry):
    """Many nights from one day to another: how often, when, with whom, and what they owe."""

    schema_version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+$")] = Field(
        CAMPAIGN_VERSION, description="major.minor of this form"
    )
    name: Text = Field("夜间巡逻行动", description="title of what is handed out")
    first: Date = Field(description="first day on which a night may begin")
    last: Date = Field(description="last day on which a night may begin")
    night: Annotated[Annotated[Night, Tag("dict")] | Annotated[FilePath, Tag("path")], Discriminator(_form)] = Field(
        description="the base night: its file, or its entries; its date says nothing"
    )
    lang: Lang = Field("zh", description="language of what is said and handed out")
    country: AnyText = Field("CN", description="whose public holidays, by its ISO code; empty: none are known")
    rule: Rule = Field(Rule(), description="how often, and when")
    off: Annotated[list[Days], BeforeValidator(_listed)] = Field(
        default_factory=list, description="days on which no night begins"
    )
    nights: list[FixedNight] = Field(default_factory=list, description="nights whose dates are decided by hand")
    themes: list[Theme] = Field(default_factory=list, description="kinds of nights that differ from the base night")
    duties: list[Duty] = Field(default_factory=list, description="when crews can go out")
    swaps: list[Swap] = Field(default_factory=list, description="crews that swap a night")
    share: FairShare = Field(FairShare(), description="how many crews go out, and how evenly")
    draw: Draw | None = Field(None, description="nights drawn from many plans, so that nobody can foretell them")
    quotas: list[Quota] = Field(default_factory=list, description="visits wanted over many nights")
    carry: Carry = Field(Carry(), description="what becomes of visits that were not made")

    @model_validator(mode="before")
    @classmethod
    def _known_version(cls, data: object) -> object:
        """Refuse another major version before anything else is said of it."""
        version = data.get("schema_version") if isinstance(data, Mapping) else None
        major, known = str(version).partition(".")[0], CAMPAIGN_VERSION.partition(".")[0]
        if isinstance(version, str) and major.isdecimal() and major != known:
            raise ValueError(f"schema_version {short(version)} is not {known}.x, the version that this library reads")
        return data

    @model_validator(mode="after")
    def _in_order(self) -> Campaign:
        if self.last < self.first:
            raise ValueError(f"last {self.last} is not on or after first {self.first}")
        if (self.last - self.first).days >= LONGEST_DAYS:
            raise ValueError(
                f"a campaign of {(self.last - self.first).days + 1} days; at most {LONGEST_DAYS} are laid out"
            )
        return self

    @property
    def night_file(self) -> Path | None:
        """The file of the base night, None where its entries stand in the campaign's own."""
        return self.night if isinstance(self.night, Path) else None

    def theme(self, name: str | None) -> Theme | None:
        """Return the theme of a name, None for nights as the base night."""
        return next((theme for theme in self.themes if theme.name == name), None)


def campaign_schema() -> dict[str, object]:
    """Return the JSON Schema of a campaign's file."""
    return schema_named("campaign", CAMPAIGN_VERSION) | Campaign.model_json_schema()
