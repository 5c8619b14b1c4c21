"""The record grows at its end alone: a cut-off line is left out, a changed one is told, two never write at once."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import patrolroute as pr
from patrolroute.campaign.record import LOCK, RECORD, Record, writing
from patrolroute.campaign.state import state_of

AT = dt.datetime(2026, 5, 8, 12, tzinfo=dt.UTC)


def opening(**more: Any) -> dict[str, Any]:
    return {"from": "2026-05-08", "campaign": {"name": "半月"}, "digest": "d", "commitment": "c"} | more


def issued(date: str) -> dict[str, Any]:
    return {
        "date": date, "theme": None, "folder": f"nights/{date}", "plan_sha256": "p", "seed": 7,
        "hours": {"A": 3.25}, "tasks": {"s1": ["龙湖路", 2, True], "s2": ["学院路", 0, False]},
    }  # fmt: skip


def filled(folder: Path) -> Record:
    with writing(folder) as record:
        record.append("opened", opening(), AT)
        record.append("issued", issued("2026-05-08"), AT)
        record.append("recorded", {"date": "2026-05-08", "visits": {"s1": 1}, "hours": {"A": 3.0}}, AT)
        record.append("issued", issued("2026-05-20"), AT)
        record.append("cancelled", {"date": "2026-05-20", "why": "雨"}, AT)
    return record


def test_what_was_written_is_read_and_each_line_names_the_one_before(tmp_path: Path) -> None:
    written = filled(tmp_path)
    found = Record.read(tmp_path)
    assert found.events == written.events
    assert [event.before for event in found.events[1:]] == [event.sha256 for event in found.events[:-1]]
    state = state_of(found.events)
    first, second = state.nights
    assert (first.made, first.crew_hours) == ({"s1": 1}, {"A": 3.0})
    assert (second.made, second.crew_hours, second.cancelled) == ({}, {}, "雨")
    assert state.counted == (first,)
    assert state.last_date == dt.date(2026, 5, 20)


def test_a_folder_without_a_record_is_one_where_nothing_happened(tmp_path: Path) -> None:
    assert Record.read(tmp_path).events == ()
    assert not state_of(()).is_open


@given(st.integers(0, 10_000), st.binary(max_size=6).filter(lambda tail: b"\n" not in tail))
def test_a_line_that_was_cut_off_is_left_out_and_the_next_takes_its_place(
    tmp_path_factory: pytest.TempPathFactory, cut: int, dirt: bytes
) -> None:
    folder = tmp_path_factory.mktemp("cut")
    whole = filled(folder)
    content = (folder / RECORD).read_bytes()
    cut = min(cut, len(content))
    (folder / RECORD).write_bytes(content[:cut] + dirt)  # what a power failure may leave behind the last whole line
    kept = content[:cut].count(b"\n")
    assert Record.read(folder).events == whole.events[:kept]
    with writing(folder) as record:
        record.append("opened" if not kept else "ruled", opening(), AT)
    assert len(Record.read(folder).events) == kept + 1


@pytest.mark.parametrize(
    ("old", "new"), [("龙湖路", "龙湖街"), ('"seed":7', '"seed":8'), ('"visits":{"s1":1}', '"visits":{"s1":2}')]
)
def test_a_changed_line_is_told(tmp_path: Path, old: str, new: str) -> None:
    filled(tmp_path)
    text = (tmp_path / RECORD).read_text(encoding="utf-8")
    (tmp_path / RECORD).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(pr.CampaignError, match="the record was changed"):
        Record.read(tmp_path)


def test_a_line_that_was_taken_out_or_is_none_is_told(tmp_path: Path) -> None:
    filled(tmp_path)
    lines = (tmp_path / RECORD).read_bytes().splitlines(keepends=True)
    (tmp_path / RECORD).write_bytes(b"".join(lines[:1] + lines[2:]))
    with pytest.raises(pr.CampaignError, match="line 2 does not follow the one before"):
        Record.read(tmp_path)
    (tmp_path / RECORD).write_bytes(lines[0] + b"nothing\n")
    with pytest.raises(pr.CampaignError, match="line 2 is no line of a record"):
        Record.read(tmp_path)
    strange = json.loads(lines[1]) | {"event": "moved"}
    (tmp_path / RECORD).write_bytes(lines[0] + json.dumps(strange).encode() + b"\n")
    with pytest.raises(pr.CampaignError, match="line 2 is no line of a record"):
        Record.read(tmp_path)


def test_only_one_writes_at_a_time(tmp_path: Path) -> None:
    with (
        writing(tmp_path),
        pytest.raises(pr.CampaignError, match="another program writes this campaign"),
        writing(tmp_path),
    ):
        pass
    with writing(tmp_path) as record:
        record.append("opened", opening(), AT)
    assert (tmp_path / LOCK).exists()


def test_events_that_cannot_follow_are_told(tmp_path: Path) -> None:
    record = filled(tmp_path)
    opened, first, *_ = record.events
    with pytest.raises(pr.CampaignError, match="cannot come here"):
        state_of([first])
    with pytest.raises(pr.CampaignError, match="cannot come here"):
        state_of([opened, opened])
    with pytest.raises(pr.CampaignError, match="is issued twice"):
        state_of([opened, first, first])
    with pytest.raises(pr.CampaignError, match="there is no night of 2026-05-08"):
        state_of([opened, record.events[2]])


def test_a_later_word_on_a_night_counts(tmp_path: Path) -> None:
    filled(tmp_path)
    with writing(tmp_path) as record:
        record.append("recorded", {"date": "2026-05-20", "visits": {"s1": 2}, "hours": {"A": 2.0}}, AT)
        record.append("cancelled", {"date": "2026-05-08", "why": "误登"}, AT)
    first, second = state_of(Record.read(tmp_path).events).nights
    assert (first.counts, second.counts, second.made) == (False, True, {"s1": 2})
