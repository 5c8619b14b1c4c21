"""How a night's file is written: texts, clock times, hours, dates, amounts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema

from patrolroute.base.amounts import minutes, priority, yes_or_no
from patrolroute.base.errors import InputError
from patrolroute.base.text import can_be_held, clean
from patrolroute.base.vocabulary import Datum
from patrolroute.demand.clocks import read_clock, read_date, read_hours
from patrolroute.demand.columns import DATUM_WORDS
from patrolroute.demand.hours import ClockWindow


def _written(value: object) -> object:
    """Refuse letters that no file can hold."""
    if isinstance(value, str) and (wrong := [letter for letter in value if not can_be_held(letter)]):
        raise ValueError(f"no file can hold {wrong[0]!r}; leave it out")
    return value


AnyText = Annotated[str, BeforeValidator(_written)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), BeforeValidator(_written)]


def _clock(value: object) -> object:
    """Write a clock time as ``20:30``, or as ``25:30`` where it lies on the next day; TOML's own are taken too."""
    if not isinstance(value, str | dt.time):
        return value
    try:
        return str(read_clock(value))
    except InputError as error:
        rule = error.complaints[0].rpartition(": ")[2]
        raise ValueError(rule if rule.startswith("has a date") else "write a clock time as 20:30") from error


def _hours(value: object) -> object:
    """Write opening hours as ``23:00-23:45``."""
    if not isinstance(value, str):
        return value
    try:
        opens, closes = read_hours(value)
    except InputError as error:
        raise ValueError("write hours as 23:00-23:45") from error
    return str(ClockWindow(opens.clock, closes.clock))


def _date(value: object) -> object:
    """Write a date as ``2026-11-29``, however it is given."""
    if not isinstance(value, str | dt.date):
        return value
    try:
        return read_date(value).isoformat()
    except InputError as error:
        rule = error.complaints[0].rpartition(": ")[2]
        if rule.startswith("that day"):
            raise ValueError(rule) from error
        return value  # for the form to judge


def _amount(read: Callable[[str], float | bool | None]) -> BeforeValidator:
    """Return what reads a text as planners write it, and hands on what it cannot read for the form to judge."""

    def taken(value: object) -> object:
        found = read(clean(value)) if isinstance(value, str) and value.strip() else None
        return value if found is None else found

    return BeforeValidator(taken)


def _datum(value: object) -> object:
    """Take the names that people give to datums: ``GCJ-02``, 高德, 百度."""
    if not isinstance(value, str):
        return value
    name = clean(value).lower()
    return DATUM_WORDS.get(name.removesuffix("坐标系").removesuffix("坐标"), name)


Minutes = Annotated[float, _amount(minutes)]
"""Minutes, ``10分钟`` and ``半小时`` too."""

Priority = Annotated[int, _amount(priority)]
"""1 to 5, the most urgent; 高, 中, 低 are 5, 3, 1."""

YesNo = Annotated[bool, _amount(yes_or_no)]
"""Yes or no, 是 and 否 too."""

SaidDatum = Annotated[Datum, BeforeValidator(_datum)]
"""A datum, by the names of maps too: 高德, 百度."""

Date = Annotated[dt.date, Field(ge=dt.date(1971, 1, 1), le=dt.date(9000, 1, 1)), BeforeValidator(_date)]
Hours = Annotated[str, BeforeValidator(_hours)]
Clock = Annotated[str, BeforeValidator(_clock), WithJsonSchema({"type": "string", "pattern": r"^\d{1,2}:\d{2}$"})]
