"""Times as people write them in a plan, put on the night's own clock."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from patrolroute.demand.hours import parse_clock
from patrolroute.errors import InputError
from patrolroute.problem.crew import zone
from patrolroute.units import Seconds

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem

_DAY = re.compile(r"(\d{4})[-/年.](\d{1,2})[-/月.](\d{1,2})日?[\sT]*(.*)")
_OFFSET = re.compile(r"T.*(?:[+-]\d{2}:?\d{2}|Z)$")
_SPOKEN = re.compile(r"^(?:今晚|当晚|次日|翌日|第二天|凌晨)+")
_IN_WORDS = re.compile(r"(\d{1,2})[时点](?:(\d{1,2})分?)?")
_AFTER_MIDNIGHT = re.compile(r"(2[4-9])(:\d{2}(?::\d{2})?)")
DAY_HOURS = 24


def on_the_clock(given: dt.datetime | str, problem: PatrolProblem, crew: int) -> Seconds:
    """Give the second of the night that a time means.

    Parameters
    ----------
    given
        An aware datetime; or ``20:50``, ``20:50:30``, ``20时50分``, ``次日00:20``, ``24:20``, ``2026-05-08 20:50``,
        ``2026-05-08T20:50:00+08:00``. A clock time without a date lies on the day on which it is nearest to the
        crew's shift.

    Raises
    ------
    InputError
        If it is no time.
    """
    if isinstance(given, dt.datetime):
        if given.utcoffset() is None or given.microsecond:
            raise InputError(f"{given} is not an aware datetime in whole seconds")
        return problem.seconds(given)
    text = given.strip()
    if _OFFSET.search(text):
        return on_the_clock(_with_offset(text), problem, crew)
    if match := _DAY.fullmatch(text):
        return problem.seconds(_moment(match, problem))
    (clock, _), first = _clock_and_days(_SPOKEN.sub("", text)), problem.crews[crew].start
    day = first.astimezone(zone(problem.timezone)).date()
    span = problem.shift_s(crew)
    days = (day + dt.timedelta(days=more) for more in (-1, 0, 1))
    seconds = [problem.seconds(dt.datetime.combine(one, clock, tzinfo=zone(problem.timezone))) for one in days]
    return min(seconds, key=lambda second: max(span[0] - second, second - span[1], 0))


def _with_offset(text: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"time {text!r}: write it as 20:50 or 2026-05-08 20:50") from error


def _moment(match: re.Match[str], problem: PatrolProblem) -> dt.datetime:
    year, month, day = (int(part) for part in match.groups()[:3])
    clock, days = _clock_and_days(match[4])
    try:
        date = dt.date(year, month, day) + dt.timedelta(days=days)
        return dt.datetime.combine(date, clock, tzinfo=zone(problem.timezone))
    except (ValueError, OverflowError) as error:
        raise InputError(f"{match[0]!r} is not a day of the calendar") from error


def _clock_and_days(text: str) -> tuple[dt.time, int]:
    """Read ``20:50``, ``20时50分`` or ``25:30``, and say after how many midnights it lies: 0 or 1."""
    if match := _IN_WORDS.fullmatch(text.strip()):
        text = f"{match[1]}:{int(match[2] or 0):02d}"
    if match := _AFTER_MIDNIGHT.fullmatch(text.strip()):
        return parse_clock(f"{int(match[1]) - DAY_HOURS}{match[2]}"), 1
    return parse_clock(text), 0
