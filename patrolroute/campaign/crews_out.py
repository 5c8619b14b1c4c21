"""Who goes out in which night of a campaign, so that nights, Saturday nights and hours fall evenly on all crews."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

from ortools.sat.python import cp_model

from patrolroute.base.errors import CampaignError, Complaint
from patrolroute.campaign.calendar import PlannedNight
from patrolroute.campaign.course import Course
from patrolroute.campaign.levels import Answer, lowest
from patrolroute.campaign.state import IssuedNight
from patrolroute.campaign.words import SATURDAY

Measure: TypeAlias = Literal["nights", "saturdays", "minutes"]

MEASURES: tuple[Measure, ...] = ("nights", "saturdays", "minutes")
"""What is to fall evenly on all crews."""


@dataclass(frozen=True, slots=True)
class Share:
    """What falls on one crew.

    Parameters
    ----------
    nights, saturdays
        How many.
    minutes
        From leaving to being back at the latest, over all nights.
    """

    nights: int = 0
    saturdays: int = 0
    minutes: int = 0

    @property
    def hours(self) -> float:
        """The minutes as hours."""
        return self.minutes / 60

    def with_night(self, date: dt.date, hours: float) -> Share:
        """Return the share with one more night."""
        saturday = int(date.weekday() == SATURDAY)
        return Share(self.nights + 1, self.saturdays + saturday, self.minutes + round(60 * hours))


def shares_of(crews: Iterable[str], nights: Iterable[IssuedNight]) -> dict[str, Share]:
    """Return what nights that were issued come to for each crew, as driven where that is known."""
    shares = dict.fromkeys(crews, Share())
    for night in nights:
        for crew, hours in night.crew_hours.items():
            shares[crew] = shares.get(crew, Share()).with_night(night.date, hours)
    return shares


def with_planned(shares: Mapping[str, Share], course: Course, nights: Iterable[PlannedNight]) -> dict[str, Share]:
    """Return shares with what is still to come."""
    found = dict(shares)
    for night in nights:
        team = course.themed.team(night.theme)
        for crew in night.crews:
            found[crew] = found.get(crew, Share()).with_night(night.date, team[crew].hours)
    return found


def with_crews(course: Course, nights: Sequence[PlannedNight]) -> tuple[PlannedNight, ...]:
    """Return nights with the crews that go out.

    Parameters
    ----------
    course
        The campaign under way.
    nights
        Those still to come, each on a day on which enough crews can go out.

    Raises
    ------
    CampaignError
        If the most nights of crews leave too few of them.
    """
    if course.campaign.share.crews is None and not any(duty.most is not None for duty in course.campaign.duties):
        return tuple(replace(night, crews=tuple(course.available(night.theme, night.date))) for night in nights)
    layer = Rota(course, nights)
    answer = lowest(layer.model, layer.levels(), limit=LIMIT)
    if answer is None:
        sentence = "crews: the most nights that duties allow are too few for the crews that go out each night"
        raise CampaignError(Complaint(sentence))
    return tuple(replace(night, crews=layer.out(night, answer)) for night in nights)


@dataclass
class Rota:
    """The model of who goes out.

    Parameters
    ----------
    course
        The campaign under way.
    nights
        Those still to come.
    """

    course: Course
    nights: Sequence[PlannedNight]
    model: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    goes: dict[tuple[dt.date, str], cp_model.IntVar] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.done = shares_of(self.course.themed.crews, self.course.state.counted)
        for night in self.nights:
            self._night(night)
        for crew in self.course.themed.crews:
            most = [duty.most for duty in self.course.campaign.duties if crew.startswith(duty.crew)]
            limit = min((number for number in most if number is not None), default=None)
            if limit is not None:
                own = [goes for (_, name), goes in self.goes.items() if name == crew]
                self.model.add(sum(own) <= max(0, limit - self.done[crew].nights))

    def _night(self, night: PlannedNight) -> None:
        """Let as many go out as are wanted, of every depot too, and who swapped for sure."""
        free, wanted = self.course.available(night.theme, night.date), self.course.crews_wanted(night.theme)
        own = {crew: self.model.new_bool_var(f"{night.date} {crew}") for crew in free}
        self.goes |= {(night.date, crew): goes for crew, goes in own.items()}
        if wanted is None:
            least = [duty.crew for duty in self.course.campaign.duties if duty.most is not None]
            free_of_limits = [goes for crew, goes in own.items() if not any(map(crew.startswith, least))]
            self.model.add(sum(free_of_limits) == len(free_of_limits))
            self.model.add(sum(own.values()) >= 1)
        else:
            self.model.add(sum(own.values()) == wanted)
        for depot, number in self.course.least_of(night.theme).items():
            self.model.add(sum(goes for crew, goes in own.items() if free[crew].depot == depot) >= number)
        for swap in self.course.campaign.swaps:
            if swap.date == night.date and swap.on in own:
                self.model.add(own[swap.on] == 1)

    def levels(self) -> list[Any]:
        """Return what is to be low: crews that stay though all should go, broken tolerances, spreads."""
        share = self.course.campaign.share
        tolerance: Mapping[Measure, int] = {
            "nights": share.nights, "saturdays": share.saturdays, "minutes": round(60 * share.hours)
        }  # fmt: skip
        spreads = {measure: self._spread(measure) for measure in MEASURES}
        broken = []
        for measure, spread in spreads.items():
            too_much = self.model.new_int_var(0, _MOST, f"{measure} beyond")
            self.model.add(too_much >= spread - tolerance[measure])
            broken.append(too_much)
        if len({round(60 * self.course.themed.team(night.theme)[crew].hours) for night, crew in self._outings()}) <= 1:
            spreads.pop("minutes")  # as even as nights are
        levels = [] if share.crews is not None else [sum(1 - goes for goes in self.goes.values())]
        return [*levels, *broken, *spreads.values()]

    def _outings(self) -> Iterator[tuple[PlannedNight, str]]:
        return ((night, crew) for night in self.nights for crew in self.course.available(night.theme, night.date))

    def _spread(self, measure: Measure) -> Any:
        """Return by how much the most and the least of all crews differ."""
        high = self.model.new_int_var(0, _MOST, f"most {measure}")
        low = self.model.new_int_var(0, _MOST, f"least {measure}")
        totals = list(self._totals(measure))
        for total in totals:
            self.model.add(total <= high)
            self.model.add(total >= low)
        if self.course.campaign.share.crews is not None and measure != "minutes" and totals:
            own = (share for crew, share in self.done.items() if crew in self.course.themed.crews)
            whole = sum(getattr(share, measure) for share in own) + self._to_come(measure)
            self.model.add(high >= -(-whole // len(totals)))  # what no sharing out can undercut
            self.model.add(low <= whole // len(totals))
        return high - low

    def _totals(self, measure: Measure) -> Iterator[Any]:
        for crew, share in self.done.items():
            if crew in self.course.themed.crews:
                yield getattr(share, measure) + sum(
                    self._weight(night, crew, measure) * self.goes[night.date, crew]
                    for night in self.nights
                    if (night.date, crew) in self.goes
                )

    def _weight(self, night: PlannedNight, crew: str, measure: Measure) -> int:
        hours = self.course.themed.team(night.theme)[crew].hours
        return int(getattr(Share().with_night(night.date, hours), measure))

    def _to_come(self, measure: Measure) -> int:
        own = [night for night in self.nights if measure == "nights" or night.date.weekday() == SATURDAY]
        return sum(self.course.crews_wanted(night.theme) or 0 for night in own)

    def out(self, night: PlannedNight, answer: Answer) -> tuple[str, ...]:
        """Return who goes out in a night."""
        return tuple(crew for (date, crew), goes in self.goes.items() if date == night.date and answer[goes])


LIMIT = 1.0
"""Deterministic seconds of a level: crews look alike, so the last minute of a spread takes long to prove."""

_MOST = 10**6
"""No crew has so many nights, or minutes: two years."""
