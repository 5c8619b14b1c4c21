"""Columns of tracks as platforms export them: what their titles mean, and moments as they write them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final, NamedTuple

from patrolroute.base.errors import InputError
from patrolroute.base.text import clean
from patrolroute.demand.clocks import EXCEL_DAY_0, read_clock, read_date
from patrolroute.demand.columns import Headers, only

COLUMNS: Final[Headers] = {
    **only("lon", "lat", "place", "latlon"),
    "crew": ("车组", "车组编号", "车组名称", "巡组", "巡逻组", "车牌", "车牌号", "车牌号码", "号牌", "号牌号码", "车号",
             "车辆", "车辆名称", "车辆编号", "车辆牌照", "车辆号牌", "警车", "呼号", "车载台", "对讲机", "执勤人员",
             "plate", "plate_no", "plateno", "vehicle", "vehicle_no", "vehicleno", "car", "car_no", "carno", "unit",
             "call_sign", "name", "track", "名称"),
    "device": ("设备", "设备号", "设备编号", "设备id", "设备名称", "终端", "终端号", "终端编号", "终端id", "终端手机号",
               "sim", "sim卡号", "sim卡", "imei", "device", "device_id", "deviceid", "terminal", "terminal_id", "gpsid",
               "车辆id", "vehicle_id", "vehicleid", "id", "编号", "警号"),
    "time": ("定位时间", "gps时间", "gps定位时间", "卫星时间", "卫星定位时间", "采集时间", "记录时间", "时间",
             "轨迹时间", "时间点", "日期时间", "gps_time", "gpstime", "fix_time", "loc_time", "loctime", "positiontime",
             "timestamp", "datetime", "date_time", "时间戳", "utc", "utc时间", "utctime", "time_stamp"),
    "sent": ("上传时间", "上报时间", "发送时间", "接收时间", "服务器时间", "入库时间", "系统时间", "平台时间",
             "通讯时间", "更新时间", "create_time", "createtime", "recv_time", "receive_time", "server_time",
             "servertime",
             "upload_time"),
    "date": ("日期", "定位日期", "gps日期"),
    "clock": ("时刻", "钟点", "clock"),
}  # fmt: skip
"""Columns that are read, by the library's own names; all others of a platform's export are not."""


class Moment(NamedTuple):
    """A moment as it was read: seconds since 1970, and whether by the clock of a zone that is still to be told."""

    seconds: float
    is_local: bool


_PLAIN = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[T\s]*(\d{1,2})[:时点](\d{1,2})(?:[:分](\d{1,2})(?:\.(\d+))?秒?|分)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?",
    re.ASCII | re.IGNORECASE,
)
_PACKED = re.compile(r"(20\d{2})(\d{2})(\d{2})[T\s_-]?(\d{2})(\d{2})(\d{2})(Z)?", re.ASCII)
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[eE]\+?\d+)?", re.ASCII)

FIRST_S, LAST_S = 631_152_000, 4_102_444_800
"""1990 and 2100: no track is older or newer, so a bare number is seconds or thousandths since 1970, or Excel's days."""

DAY_S = 86_400
FIRST_DAY, LAST_DAY = 32_874, 73_050
"""The same years as Excel counts days."""


def read_moment(text: str) -> Moment | None:
    """Read a moment as a platform writes it; None if it is none.

    Parameters
    ----------
    text
        ``2026-05-08 20:30:05``, ``2026/5/8 20:30``, ``2026年5月8日20时30分5秒``, ``20260508203005``, with or without an
        offset; seconds since 1970, or their thousandths, millionths, billionths; days as Excel counts them.

    Examples
    --------
    >>> [read_moment(text).seconds for text in ("2026-05-08 20:30:05", "20260508203005", "2026/5/8 20:30:05")]
    [1778272205.0, 1778272205.0, 1778272205.0]
    >>> read_moment("2026-05-08T20:30:05+08:00"), read_moment("1778243405000"), read_moment("soon")
    (Moment(seconds=1778243405.0, is_local=False), Moment(seconds=1778243405.0, is_local=False), None)
    """
    text = text.strip()
    found = _PLAIN.fullmatch(text)
    if found is not None:
        *parts, fraction, zone = found.groups()
        second = _since(*(int(part or 0) for part in parts))
        if second is None:
            return None
        whole = second + (float(f"0.{fraction}") if fraction else 0.0)
        return Moment(whole, is_local=True) if zone is None else _with_offset(whole, zone)
    if (packed := _PACKED.fullmatch(text)) is not None:
        second = _since(*(int(part) for part in packed.groups()[:6]))
        return None if second is None else Moment(float(second), is_local=packed[7] is None)
    return _counted(float(text)) if _NUMBER.fullmatch(text) else _in_words(text)


def read_day_and_clock(day: str, clock: str) -> Moment | None:
    """Read a moment whose date and clock time stand in two cells; None if it is none."""
    try:
        date, found = read_date(clean(day)), read_clock(clean(clock))
    except InputError:
        return None
    midnight = _since(date.year, date.month, date.day)
    return None if midnight is None else Moment(float(midnight + found.second), is_local=True)


def _in_words(text: str) -> Moment | None:
    """Read a date and a clock time with a space between them, in the words that planners use."""
    day, _, clock = clean(text).partition(" ")
    return read_day_and_clock(day, clock) if clock else None


def _since(*parts: int) -> int | None:
    """Return the seconds since 1970 on a clock that knows no zone, of year, month, day and what follows."""
    year, month, day, hour, minute, second = (*parts, 0, 0, 0)[:6]
    try:
        moment = dt.datetime(year, month, day, hour, minute, second, tzinfo=dt.UTC)
    except ValueError:
        return None
    seconds = int(moment.timestamp())
    return seconds if FIRST_S <= seconds < LAST_S else None


def _with_offset(seconds: float, zone: str) -> Moment:
    if zone[0] not in "+-":
        return Moment(seconds, is_local=False)
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    return Moment(seconds - int(f"{zone[0]}1") * (3600 * hours + 60 * minutes), is_local=False)


def _counted(value: float) -> Moment | None:
    """Return what a bare number means."""
    if FIRST_S <= value < LAST_S:
        return Moment(value, is_local=False)
    for parts in (1e3, 1e6, 1e9):
        if FIRST_S <= value / parts < LAST_S:
            return Moment(value / parts, is_local=False)
    if FIRST_DAY <= value < LAST_DAY and value != int(value):
        midnight = dt.datetime.combine(EXCEL_DAY_0, dt.time(), tzinfo=dt.UTC).timestamp()
        return Moment(midnight + round(value * DAY_S), is_local=True)
    return None
