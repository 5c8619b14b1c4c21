"""A campaign under way: its file, its nights, what happened so far, and what follows for every day and period."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

from patrolroute.campaign.days import DayBook, Period, days, periods
from patrolroute.campaign.model import Campaign, Quota
from patrolroute.campaign.state import CampaignState, IssuedNight
from patrolroute.campaign.themed import Member, Name, ThemedNights
from patrolroute.campaign.words import WEEKDAYS, Weekday

Obstacle: TypeAlias = Literal["past", "off", "holiday", "swapped", "weekday", "crews"]
"""Why no night can begin on a day."""


@dataclass(frozen=True)
class Course:
    """A campaign under way.

    Parameters
    ----------
    campaign
        As its file says now.
    themed
        Its nights.
    state
        What happened.
    book
        Which days are holidays.
    today
        No night that is not issued yet begins before it.
    """

    campaign: Campaign
    themed: ThemedNights
    state: CampaignState
    book: DayBook
    today: dt.date

    @classmethod
    def of(
        cls, campaign: Campaign, themed: ThemedNights, state: CampaignState, *, today: dt.date | None = None
    ) -> Course:
        """Put a campaign together with what happened.

        Parameters
        ----------
        campaign
            As its file says now.
        themed
            Its nights.
        state
            What happened.
        today
            Nights not yet issued begin on it or later, after the last one issued in any case; its first day if None.
        """
        years = range(campaign.first.year, campaign.last.year + 1)
        book = DayBook.of(campaign.country, years, campaign.lang)
        last = state.last_date
        begin = max(today or campaign.first, campaign.first)
        return cls(campaign, themed, state, book, begin if last is None else max(begin, last + dt.timedelta(days=1)))

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """The periods of the campaign."""
        return periods(self.campaign.first, self.campaign.last, self.campaign.rule.each)

    def period(self, day: dt.date) -> Period:
        """Return the period that a day of the campaign is in."""
        return next(period for period in self.periods if period.holds(day))

    @cached_property
    def eras(self) -> tuple[tuple[dt.date, Campaign], ...]:
        """The campaign as it was in force, each with its first day; edits that no record knows hold from today."""
        known = [(day, Campaign.model_validate(rule)) for day, rule in self.state.rules]
        if not known or known[-1][1] != self.campaign:
            known.append((self.today if known else self.campaign.first, self.campaign))
        return tuple(known)

    def in_force(self, period: Period) -> Campaign | None:
        """Return the campaign by which a period is judged; None where periods were others then."""
        found = next((rule for day, rule in reversed(self.eras) if day <= period.last), self.eras[0][1])
        return found if found.rule.each == self.campaign.rule.each else None

    def wanted(self, period: Period) -> int:
        """Return how many nights are wanted in a period."""
        rule = self.in_force(period)
        return 0 if rule is None else rule.rule.nights

    def done(self, period: Period) -> int:
        """Return how many nights were issued in a period and not cancelled."""
        return sum(period.holds(night.date) for night in self.state.counted)

    def quota_wanted(self, quota: Quota, period: Period) -> int:
        """Return how many visits a quota asks for in a period, by what was in force then."""
        rule = self.in_force(period)
        now = () if rule is None else rule.quotas
        return next((found.each_period for found in now if found.name == quota.name), 0)

    def available(self, theme: Name, day: dt.date) -> Mapping[str, Member]:
        """Return the crews that can go out in a night of a theme on a day."""
        return {name: member for name, member in self.themed.team(theme).items() if self.is_free(name, day)}

    def is_free(self, crew: str, day: dt.date) -> bool:
        """Return whether a crew can go out on a day: a swap decides, then its duties."""
        for swap in self.campaign.swaps:
            if swap.date == day and crew in (swap.off, swap.on):
                return crew == swap.on
        weekday = weekday_of(day)
        for duty in self.campaign.duties:
            if crew.startswith(duty.crew):
                if any(absence.hold(day) for absence in duty.absent):
                    return False
                if duty.weekdays and weekday not in duty.weekdays:
                    return False
        return True

    def crews_wanted(self, theme: Name) -> int | None:
        """Return how many crews go out in a night of a theme, all of one that has fewer; None: all that can."""
        number, team = self.campaign.share.crews, self.themed.team(theme)
        return None if number is None else min(number, len(team))

    def least_of(self, theme: Name) -> Mapping[str, int]:
        """Return how many crews of each depot go out at least in a night of a theme, all of a depot that has fewer."""
        team = Counter(member.depot for member in self.themed.team(theme).values())
        return {depot: min(least, team[depot]) for depot, least in self.campaign.share.least.items()}

    def has_crews(self, theme: Name, day: dt.date) -> bool:
        """Return whether enough crews can go out, of every depot too."""
        free = self.available(theme, day)
        there = Counter(member.depot for member in free.values())
        enough = all(there[depot] >= least for depot, least in self.least_of(theme).items())
        return enough and len(free) >= max(1, self.crews_wanted(theme) or 1)

    def obstacle(self, day: dt.date, theme: Name = None, *, is_fixed: bool = False) -> Obstacle | None:
        """Return why no night of a theme can begin on a day, None where one can.

        Parameters
        ----------
        day
            The day.
        theme
            Of the night.
        is_fixed
            Whether the day was decided by hand, which rules on days do not hinder.
        """
        return next(self._obstacles(day, theme, is_fixed=is_fixed), None)

    def _obstacles(self, day: dt.date, theme: Name, *, is_fixed: bool) -> Iterator[Obstacle]:
        rule, kind = self.campaign.rule, self.book.kind(day)
        found = self.campaign.theme(theme)
        if not is_fixed:
            if any(days.hold(day) for days in self.campaign.off):
                yield "off"
            if kind == "holiday" and rule.public_holidays == "off":
                yield "holiday"
            if kind == "swapped" and rule.swapped_workdays == "off":
                yield "swapped"
            for allowed in (rule.weekdays, [] if found is None else found.weekdays):
                if allowed and weekday_of(day) not in allowed:
                    yield "weekday"
        if not self.has_crews(theme, day):
            yield "crews"

    @cached_property
    def fixed(self) -> Mapping[dt.date, Name | Literal[True]]:
        """Nights that are decided by hand and still to come, each with its theme; True: any."""
        return {
            night.date: True if night.theme is None else night.theme
            for night in self.campaign.nights
            if night.date >= self.today
        }

    def choices(self) -> Iterator[tuple[dt.date, Name]]:
        """Yield every night that there could be from today on: a day and a theme."""
        for day in days(self.today, self.campaign.last):
            wanted = self.fixed.get(day)
            for theme in self.themed.names:
                is_other = wanted is not None and wanted is not True and wanted != theme
                if not is_other and self.obstacle(day, theme, is_fixed=wanted is not None) is None:
                    yield day, theme


def made_of(quota: Quota, night: IssuedNight) -> int:
    """Return the visits that a night counts for a quota: of several sections the fewest of any."""
    own = [task for task, name in night.names.items() if quota.name in (task, name)]
    return min((night.made.get(task, 0) for task in own), default=0)


def weekday_of(day: dt.date) -> Weekday:
    """Return the weekday of a day."""
    return WEEKDAYS[day.weekday()]
