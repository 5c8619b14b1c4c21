"""What an audit rule finds: which thing breaks it, when, where, by how much."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from patrolroute.base.text import label
from patrolroute.base.vocabulary import Lang, LonLat, Metres, Points, Seconds

MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Amount:
    """By how much a rule is broken.

    Parameters
    ----------
    value
        A number, not negative.
    unit
        ``s``, ``m``, ``points``, ``visits``, ``load``, or ``faults`` where nothing but their number can be given.

    Examples
    --------
    >>> str(Amount(815, "s")), Amount(815, "s").said("zh"), str(Amount(1, "faults"))
    ('13 min 35 s', '13 分 35 秒', '1 fault')
    >>> str(Amount(1, "s")), str(Amount(60, "s")), str(Amount(2, "visits"))
    ('1 s', '1 min 0 s', '2 visits')
    """

    value: float
    unit: str

    def __str__(self) -> str:
        return self.said("en")

    def said(self, lang: Lang) -> str:
        """Return the amount as a planner reads it."""
        minutes, seconds_left = divmod(self.value, MINUTE_S)
        if self.unit == "s" and minutes:
            return f"{minutes:.0f} {label('min', lang)} {seconds_left:.0f} {label('s', lang)}"
        word = label(self.unit, lang)
        is_one_of_many = self.value == 1 and self.unit in ("faults", "points", "visits")
        return f"{self.value:g} {word.removesuffix('s') if is_one_of_many else word}"


ONE = Amount(1, "faults")


def seconds_off(number: Seconds) -> Amount:
    """So many seconds too early, too late, too long or too short."""
    return Amount(abs(number), "s")


def metres_off(number: float | Metres) -> Amount:
    """So many metres off."""
    return Amount(round(abs(number), 1), "m")


def points_off(number: Points) -> Amount:
    """So many points too many or too few."""
    return Amount(abs(number), "points")


def visits_off(number: int) -> Amount:
    """So many visits too many or too few."""
    return Amount(abs(number), "visits")


def load_off(number: int) -> Amount:
    """So much more than a crew can take."""
    return Amount(abs(number), "load")


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault.

    Parameters
    ----------
    thing
        What breaks the rule: a crew, a leg, a task, the plan, its objective.
    message
        How, in one sentence.
    amount
        By how much.
    at
        When, an aware datetime; for what was never done the moment by which it should have been; None if it is no
        matter of one moment.
    place
        Where: the name of a street or hotspot, or else longitude and latitude; empty if it is no matter of one place.
    crew, leg, task
        Id of the crew, number of its leg from 1, id of the task, as far as it is about them.
    detail_zh
        What a planner is told in Chinese besides the rule's label; empty where that says it all.
    """

    thing: str
    message: str
    amount: Amount = ONE
    at: dt.datetime | None = None
    place: str = ""
    crew: str | None = None
    leg: int | None = None
    task: str | None = None
    detail_zh: str = ""


def spot_said(place: LonLat) -> str:
    """Write a point as longitude and latitude, to a metre.

    Examples
    --------
    >>> spot_said((117.0035, 32.6249))
    '117.00350, 32.62490'
    """
    return f"{place[0]:.5f}, {place[1]:.5f}"
