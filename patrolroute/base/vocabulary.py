"""The closed lists of the library, and what its bare numbers mean: whole seconds, whole metres, whole points."""

from __future__ import annotations

import datetime as dt
import math
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

Mode: TypeAlias = Literal["car", "foot", "bicycle"]
Lang: TypeAlias = Literal["zh", "en"]
Datum: TypeAlias = Literal["wgs84", "gcj02", "bd09"]
TaskKind: TypeAlias = Literal["street", "hotspot"]
LegKind: TypeAlias = Literal["deadhead", "pass", "patrol", "dwell", "wait", "break"]
Goal: TypeAlias = Literal["auto", "points", "presence"]
Reason: TypeAlias = Literal["unreachable", "no_crew_allowed", "window_missed", "over_budget", "displaced", "closed"]
ComplaintKind: TypeAlias = Literal[
    "rule", "form", "no_file", "no_plan", "unknown_name", "unknown_depot", "far_point", "hours_missed", "short_shift",
    "short_slice", "no_crew", "no_task", "no_way", "asked_twice", "nothing_left", "other_mode",
]  # fmt: skip
"""What a complaint is about: ``rule`` where a value breaks one, the others where there is more to advise."""

GOALS: tuple[Goal, ...] = get_args(Goal)

OLD_GOALS: dict[str, Goal] = {"prize": "points"}
"""Names that goals had before, and still may be given by."""

MODES: tuple[Mode, ...] = get_args(Mode)

PoliceAccess: TypeAlias = Literal["private", "bus"]
"""What the police may use besides, where a night says so: what is private, what is for buses."""

POLICE_ACCESS: tuple[PoliceAccess, ...] = get_args(PoliceAccess)
LANGS: tuple[Lang, ...] = get_args(Lang)
DATUMS: tuple[Datum, ...] = get_args(Datum)
LEG_KINDS: tuple[LegKind, ...] = get_args(LegKind)
REASONS: tuple[Reason, ...] = get_args(Reason)
COMPLAINT_KINDS: tuple[ComplaintKind, ...] = get_args(ComplaintKind)

STAMPS: dict[Datum, str] = {"wgs84": "WGS-84", "gcj02": "GCJ-02", "bd09": "BD-09"}
"""As every file that is written says in which datum its coordinates are."""

MAX_SEED = 2**63 - 1
"""The largest whole number of 64 bits, which every program reads."""

MAX_WORK = 10**15
"""Units of work of a limit: more than a computer does in a lifetime, and whole in every program that reads JSON."""

MAX_ROWS = 200_000
"""Of a list of places, as rows or drawn: enough for years of incidents; more was given by mistake."""

DutyKind: TypeAlias = Literal["night", "day", "foot", "visits", "scenic", "post"]
"""What a plan is of: 夜间巡逻, 日间巡逻, 步巡, 走访, 景区骑巡, 屯警."""

POST_KIND = "post"
"""The kind of a hotspot at which somebody asked a crew to stand (屯警)."""

VISIT_KIND = "visit"
"""The kind of a hotspot that is visited from door to door (走访)."""

STREET_KIND = "street"
"""The kind of every street task; a hotspot has a kind of its own (``night_market``, …)."""

CALL_KIND = "call"
"""The kind of a hotspot at which a crew is that has been called away: it may serve it whatever else it may serve."""

COUNTRY = "CN"
"""Whose public holidays ``PH`` means in hours of OpenStreetMap where no place is known."""


Seconds: TypeAlias = int
Metres: TypeAlias = int
Points: TypeAlias = int
Arc: TypeAlias = tuple[int, int, int]
"""A directed link of the road network: ``(tail, head, key)``, node ids and a key for parallels."""
LonLat: TypeAlias = tuple[float, float]
"""Longitude and latitude in degrees, WGS-84."""
LON_MAX, LAT_MAX = 180.0, 90.0
"""Degrees, either way."""

IntArray: TypeAlias = NDArray[np.int32]
LongArray: TypeAlias = NDArray[np.int64]
FloatArray: TypeAlias = NDArray[np.float64]
BoolArray: TypeAlias = NDArray[np.bool_]

INFINITE_S: Seconds = 2**29
"""Stands for "cannot be reached": two of them still fit into 32 bits."""


def whole(value: float) -> int:
    """Round half up to a whole number of at least 1.

    Examples
    --------
    >>> whole(0.2), whole(2.5), whole(2.49)
    (1, 3, 2)
    """
    return max(1, math.floor(value + 0.5))


def whole_array(values: FloatArray) -> IntArray:
    """Do what `whole` does to each value."""
    return np.maximum(1, np.floor(values + 0.5)).astype(np.int32)


def scaled_seconds(seconds: IntArray, factor: float) -> IntArray:
    """Return the seconds that a crew with speed factor ``factor`` takes, arc by arc."""
    return seconds if factor == 1.0 else whole_array(seconds / factor)


USUAL_WEIGHT = 100
"""Hundredths: what a second weighs that lies in no key hours."""


def elapsed_s(first: dt.datetime, last: dt.datetime) -> Seconds:
    """Return the seconds that pass between two aware datetimes, clocks put forward or back in between or not.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> night = ZoneInfo("Europe/Berlin")  # where the clocks go forward from 2 to 3 on 29 March
    >>> elapsed_s(dt.datetime(2026, 3, 29, 1, tzinfo=night), dt.datetime(2026, 3, 29, 4, tzinfo=night))
    7200
    """
    return round(last.timestamp() - first.timestamp())
