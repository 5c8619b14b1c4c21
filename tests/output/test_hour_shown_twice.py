"""An hour that the clock shows twice is told apart in tables; any other hour is written as ever."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from patrolroute.output.looks.clock import clock, clock_text, is_repeated
from patrolroute.output.tables import _written
from patrolroute.output.workbook import Sheet, workbook_bytes

BERLIN = ZoneInfo("Europe/Berlin")
FIRST = dt.datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)
SECOND = FIRST.replace(fold=1)


def test_both_times_of_a_repeated_hour_bear_their_offsets():
    assert [clock_text(one) for one in (FIRST, SECOND)] == ["02:30+02:00", "02:30+01:00"]
    assert clock(FIRST.astimezone(dt.UTC), "Europe/Berlin") == "02:30+02:00"
    assert _written(SECOND) == "2026-10-25 02:30:00+01:00"


@pytest.mark.parametrize(("hour", "minute", "repeated"), [(1, 59, False), (2, 0, True), (2, 59, True), (3, 0, False)])
def test_only_that_hour_is_repeated(hour: int, minute: int, repeated: bool):
    assert is_repeated(FIRST.replace(hour=hour, minute=minute)) is repeated


def test_elsewhere_and_on_other_nights_nothing_is_added():
    assert clock_text(dt.datetime(2026, 5, 8, 2, 30, tzinfo=BERLIN)) == "02:30"
    assert clock_text(dt.datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Asia/Shanghai"))) == "02:30"
    assert clock_text(dt.datetime(2026, 10, 25, 2, 30, tzinfo=dt.UTC)) == "02:30"


def test_a_workbook_tells_them_apart_as_texts():
    from io import BytesIO
    from zipfile import ZipFile

    content = workbook_bytes([Sheet("a", ["when"], [[FIRST], [SECOND]])], title="t", about=[], made=FIRST)
    texts = ZipFile(BytesIO(content)).read("xl/sharedStrings.xml").decode()
    assert "2026-10-25 02:30:00+02:00" in texts
    assert "2026-10-25 02:30:00+01:00" in texts
