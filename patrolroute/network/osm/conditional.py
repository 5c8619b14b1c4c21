"""Tags that hold at certain hours only (Key ``…:conditional`` of the OSM wiki), read for the hours of a night.

A plan has one travel time for each street, all night. So a street is open to a vehicle only if it is open at every
moment of the night, and a turn is forbidden if it is forbidden at any.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TypeAlias

from patrolroute.base.vocabulary import COUNTRY

Hours: TypeAlias = tuple[dt.datetime, dt.datetime]
"""From when to when, by the clock of the place, without a time zone."""

SUFFIX = ":conditional"

_CLAUSE = re.compile(r"([^@;()]+)@\s*(\([^()]*(?:\([^()]*\)[^()]*)*\)|[^;()]+)\s*(?:;|$)")


def tags_during(tags: Mapping[str, str], night: Hours | None) -> tuple[Mapping[str, str], ...]:
    """Return all that a thing's tags say in the course of a night: one mapping for each stretch of it.

    What cannot be read, a weight or the weather, is left as it is; `unread` names it.

    Parameters
    ----------
    tags
        Of a way or a relation.
    night
        From when to when; None reads no conditional tag.

    Examples
    --------
    >>> night = dt.datetime(2026, 5, 8, 20, 30), dt.datetime(2026, 5, 8, 23, 45)
    >>> said = tags_during({"oneway": "no", "oneway:conditional": "yes @ (22:00-06:00)"}, night)
    >>> [one["oneway"] for one in said]
    ['no', 'yes']
    """
    keys = [key for key in tags if key.endswith(SUFFIX)]
    if not keys or night is None:
        return (tags,)
    clauses = {key.removesuffix(SUFFIX): _clauses(tags[key], *night) for key in keys}
    moments = {night[0]} | {
        moment for found, _ in clauses.values() for _, spans in found for span in spans for moment in span
    }
    stretches = list[Mapping[str, str]]()
    for moment in sorted(moment for moment in moments if night[0] <= moment < night[1]):
        now = dict(tags)
        for key, (found, _) in clauses.items():
            for value, spans in found:  # a later clause goes before an earlier one
                if any(start <= moment < end for start, end in spans):
                    now[key] = value
        if now not in stretches:
            stretches.append(now)
    return tuple(stretches)


def unread(tags: Mapping[str, str], night: Hours | None) -> tuple[str, ...]:
    """Return the conditional tags that are not read, for lack of a night or because they are not about hours.

    Examples
    --------
    >>> unread({"access:conditional": "no @ (weight>7)"}, (dt.datetime(2026, 5, 8), dt.datetime(2026, 5, 9)))
    ('access:conditional',)
    """
    keys = (key for key in tags if key.endswith(SUFFIX))
    return tuple(sorted(key for key in keys if night is None or not _clauses(tags[key], *night)[1]))


@lru_cache(maxsize=4096)
def _clauses(text: str, start: dt.datetime, end: dt.datetime) -> tuple[tuple[tuple[str, tuple[Hours, ...]], ...], bool]:
    """Return the values of a conditional tag and when each holds during a night, and whether all could be read."""
    found, is_whole = [], True
    for match in _CLAUSE.finditer(text):
        hours = match[2].strip()
        spans = _open(hours[1:-1] if hours.startswith("(") else hours, start, end)
        if spans is None:
            is_whole = False
        else:
            found.append((match[1].strip(), spans))
    return tuple(found), is_whole and not _CLAUSE.sub("", text).strip()


def _open(hours: str, start: dt.datetime, end: dt.datetime) -> tuple[Hours, ...] | None:
    """Return when opening hours hold between two moments, None if they are none."""
    from opening_hours import OpeningHours, ParserError, State  # type: ignore[attr-defined]

    try:
        expression = OpeningHours(hours, country=COUNTRY)
    except ParserError:
        return None
    return tuple(_spans(expression.intervals(start, end), State.OPEN, end))


def _spans(intervals: Iterator[tuple[object, ...]], wanted: object, end: dt.datetime) -> Iterator[Hours]:
    for since, until, state, *_ in intervals:
        if state == wanted and isinstance(since, dt.datetime):
            yield since, until if isinstance(until, dt.datetime) else end
