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


def on_the_clock(given: dt.datetime | str, problem: PatrolProblem, crew: int) -> Seconds:
    """Give the second of the night that a time means.

    Parameters
    ----------
    given
        An aware datetime; or ``20:50``, ``20:50:30``, ``次日00:20``, ``2026-05-08 20:50``,
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
    clock, first = parse_clock(_SPOKEN.sub("", text)), problem.crews[crew].start
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
    clock = parse_clock(match[4])
    try:
        return dt.datetime.combine(dt.date(year, month, day), clock, tzinfo=zone(problem.timezone))
    except ValueError as error:
        raise InputError(f"{match[0]!r} is not a day of the calendar") from error
