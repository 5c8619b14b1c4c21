"""Draws that nobody can bend: they follow from a secret and a date, and anybody can draw again."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrolroute.base.errors import ProblemError
from patrolroute.campaign.sealed import WHOLE, commitment, draw, new_secret, verified

SECRET = b"only for the tests"
NIGHT = dt.date(2026, 5, 8)

secrets = st.binary(min_size=16, max_size=64)
dates = st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1))


@st.composite
def chances(draw_one: st.DrawFn) -> list[int]:
    cuts = sorted(draw_one(st.lists(st.integers(0, WHOLE), max_size=6)))
    return [until - since for since, until in pairwise([0, *cuts, WHOLE])]


@given(secret=secrets, date=dates, parts=chances())
def test_what_is_drawn_is_one_that_has_a_chance_and_can_be_checked(secret: bytes, date: dt.date, parts: list[int]):
    drawn = draw(secret, date, parts)
    assert parts[drawn] > 0
    assert verified(secret, commitment(secret), date, parts, drawn)
    assert not verified(secret, commitment(secret), date, parts, drawn + 1)
    assert not verified(secret + b"!", commitment(secret), date, parts, drawn)


@given(secret=secrets, date=dates, parts=chances())
def test_anybody_can_draw_again_with_three_lines_of_python(secret: bytes, date: dt.date, parts: list[int]):
    digest = hmac.new(secret, f"route {date} 0".encode(), hashlib.sha256).digest()
    part = int.from_bytes(digest[:8], "big") % 1_000_000
    assert draw(secret, date, parts) == next(n for n in range(len(parts)) if part < sum(parts[: n + 1]))


def test_over_many_nights_each_is_drawn_about_as_often_as_its_chance_says():
    parts = [500_000, 300_000, 0, 200_000]
    nights = [NIGHT + dt.timedelta(days=day) for day in range(4_000)]
    drawn = Counter(draw(SECRET, night, parts) for night in nights)
    assert [round(drawn[number] / len(nights), 1) for number in range(4)] == [0.5, 0.3, 0.0, 0.2]


def test_another_date_another_label_or_another_secret_is_another_draw():
    parts = [10] * 100_000
    draws = [
        draw(SECRET, NIGHT, parts), draw(SECRET, NIGHT + dt.timedelta(days=1), parts),
        draw(SECRET, NIGHT, parts, label="crews"), draw(SECRET + b"!", NIGHT, parts),
    ]  # fmt: skip
    assert len(set(draws)) == 4
    assert draws[0] == draw(SECRET, NIGHT, parts)


def test_what_is_published_is_the_sha256_and_tells_nothing_else():
    assert commitment(SECRET) == hashlib.sha256(SECRET).hexdigest()
    assert verified(SECRET, f" {commitment(SECRET).upper()}\n", NIGHT, [WHOLE], 0)
    assert len({new_secret() for _ in range(10)}) == 10


@pytest.mark.parametrize("secret", [b"", b"too short", "a text that is long enough", None])
def test_a_secret_that_could_be_tried_out_is_refused(secret: object):
    with pytest.raises(ProblemError, match="at least 16 bytes"):
        commitment(secret)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("date", "parts", "complaint"),
    [
        (NIGHT, [WHOLE - 1], "sum to 999999 parts"),
        (NIGHT, [], "sum to 0 parts"),
        (NIGHT, [WHOLE + 1, -1], "chance -1 is no whole number"),
        (NIGHT, [0.5, 0.5], "chance 0.5 is no whole number"),
        (NIGHT, [True, WHOLE - 1], "chance True is no whole number"),
        (dt.datetime(2026, 5, 8, tzinfo=dt.UTC), [WHOLE], "is no date"),
        ("2026-05-08", [WHOLE], "is no date"),
    ],
)
def test_chances_that_are_none_and_dates_that_are_none_are_told(date: object, parts: list[int], complaint: str):
    with pytest.raises(ProblemError, match=complaint):
        draw(SECRET, date, parts)  # type: ignore[arg-type]
