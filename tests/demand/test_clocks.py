"""Clock times, hours, dates and amounts: what is written is read back, in every spelling."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from patrolroute.base.amounts import minutes, spelt
from patrolroute.base.errors import Complaints
from patrolroute.demand.clocks import ClockTime, read_clock, read_date, read_hours
from tests.demand.files import complaints_of, excel


@given(st.integers(0, 2 * 86_400 - 1).filter(lambda second: second < 36 * 3600))
def test_every_clock_time_is_read_as_it_is_written(second: int) -> None:
    days, rest = divmod(second, 86_400)
    clock = ClockTime(dt.time(rest // 3600, rest // 60 % 60, rest % 60), days)
    assert read_clock(str(clock)) == clock
    assert read_clock(dt.timedelta(seconds=second)) == clock
    assert read_clock(f"{'次日' if days else ''}{clock.clock:%H:%M:%S}") == clock


SPELT_HOURS = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"]


DASHES = ["-", "–", "—", "~", "～", "至", "到", "——"]


@given(st.integers(0, 23), st.integers(0, 59))
@example(0, 0)
@example(12, 0)
def test_every_minute_of_a_day_is_read_in_every_spelling(hour: int, minute: int) -> None:
    clock = ClockTime(dt.time(hour, minute))
    half, noon = ("AM", 0) if hour < 12 else ("PM", 12)
    spellings = [
        f"{hour}:{minute:02d}", f"{hour}：{minute:02d}", f"{hour:02d}:{minute:02d}:00", f"{hour}点{minute}分",
        f"{hour}时{minute:02d}分", f"“{hour}:{minute:02d}”", f"{hour - noon or 12}:{minute:02d} {half}",
        f"{half} {hour - noon or 12}:{minute:02d}", f" {hour} 点 {minute} 分 ",
    ]  # fmt: skip
    if minute == 30:
        spellings.append(f"{hour}点半")
    if hour <= 12:
        spellings.append(f"{SPELT_HOURS[hour]}点{minute}分")
    if 18 <= hour < 24:
        spellings += [f"晚上{hour - 12}点{minute}分", f"晚{hour - 12}:{minute:02d}", f"晚上{hour}:{minute:02d}"]
    values = [dt.time(hour, minute), (hour * 60 + minute) / 1440, *spellings]
    assert {read_clock(value) for value in values} == {clock}


@given(
    st.times(timezones=st.none()),
    st.times(timezones=st.none()),
    st.sampled_from(["-", "–", "—", "~", "～", "至", "到", "——"]),
)
def test_hours_are_read_as_they_are_written(opens: dt.time, closes: dt.time, dash: str) -> None:
    first, last = (ClockTime(clock.replace(microsecond=0)) for clock in (opens, closes))
    assert read_hours(f"{first}{dash}{last}") == (first, last)


@given(st.dates(dt.date(2000, 1, 1), dt.date(2199, 12, 31)))
def test_every_date_is_read_in_every_spelling(day: dt.date) -> None:
    year, month, number = day.year, day.month, day.day
    weekday = "一二三四五六日"[day.weekday()]
    values: list[Any] = [
        day, excel(year, month, number), day.isoformat(), f"{year}/{month}/{number}", f"{year}.{month}.{number}",
        f"{year}年{month}月{number}日", f"{year}年{month}月{number}号 星期{weekday}", f"{day:%Y%m%d}",
        f"{day.isoformat()}（周{weekday}）", (day - dt.date(1899, 12, 30)).days, f"{day.isoformat()} 00:00:00",
    ]  # fmt: skip
    assert {read_date(value) for value in values} == {day}


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("2026年11月29日 星期一", "date '2026年11月29日 星期一': that day is 周日"),
        ("11月29日", "date '11月29日': write it as 2026-05-08"),
        ("2026-02-30", "date '2026-02-30': write it as 2026-05-08"),
        (7, "date 7: write it as 2026-05-08"),
        (excel(2026, 11, 29, 20), "date 2026-11-29 20:00:00: write it as 2026-05-08"),
    ],
)
def test_a_date_that_is_none_is_told(value: Any, sentence: str) -> None:
    assert complaints_of(lambda: read_date(value)) == (sentence,)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (20, "clock time 20: write it as 20:30"),
        (True, "clock time True: write it as 20:30"),
        ("上午20点", "clock time '上午20点': write it as 20:30"),
        ("45:00", "clock time '45:00': write it as 20:30"),
        (excel(2026, 11, 29, 20), "clock time 2026-11-29 20:00:00: has a date; leave the clock time alone"),
        ("2026-11-29 20:00", "clock time '2026-11-29 20:00': has a date; leave the clock time alone"),
        (dt.time(20, tzinfo=dt.UTC), "clock time 20:00:00+00:00: write it as 20:30"),
        (float("nan"), "clock time nan: write it as 20:30"),
    ],
)
def test_a_clock_time_that_is_none_is_told(value: Any, sentence: str) -> None:
    assert complaints_of(lambda: read_clock(value)) == (sentence,)


@given(st.text(max_size=20))
def test_whatever_a_cell_holds_it_is_a_clock_time_or_one_sentence(text: str) -> None:
    for read in (read_clock, read_hours, read_date):
        complaints = Complaints()
        found = complaints.attempt(partial(read, text))
        assert (found is None) == len(complaints) <= 1


@given(st.integers(0, 99))
def test_numbers_are_read_as_they_are_spelt(number: int) -> None:
    digits = "零一二三四五六七八九"
    tens, units = divmod(number, 10)
    text = digits[number] if number < 10 else f"{digits[tens] if tens > 1 else ''}十{digits[units] if units else ''}"
    assert spelt(text) == spelt(str(number)) == number


@given(st.integers(0, 15), st.integers(0, 59))
def test_hours_and_minutes_are_added_up(hours: int, rest: int) -> None:
    assert minutes(f"{hours}小时{rest}分钟") == hours * 60 + rest
    assert minutes(f"{hours}h") == hours * 60
    assert minutes(f"{rest}分") == minutes(f"{rest} min") == minutes(str(rest)) == rest
