"""The calendar of a campaign: which nights are still to come, of which theme, and who goes out.

CP-SAT chooses the days. What counts, left to right: nights that are wanted and cannot be had, visits that quotas are
short of, few nights, few themes beyond those asked for, crews that absences would keep from their share, even spacing.
Then it chooses the crews, `patrolroute.campaign.crews_out`. One worker and deterministic limits: the same campaign and
record give the same calendar.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate
from typing import Any, TypeAlias

from ortools.sat.python import cp_model

from patrolroute.campaign.course import Course, made_of
from patrolroute.campaign.days import DAY, Period, days
from patrolroute.campaign.levels import lowest
from patrolroute.campaign.model import Quota
from patrolroute.campaign.themed import Name

Yields: TypeAlias = Mapping[Name, Mapping[str, int]]
"""Most visits that a night of each theme can make for each quota, by the quota's name."""

Want: TypeAlias = tuple[str, object]
"""What nights are wanted for: ``("period", 3)``, ``("in_all", None)``, ``("theme", name)``, …"""


@dataclass(frozen=True, slots=True)
class PlannedNight:
    """A night still to come.

    Parameters
    ----------
    date
        On which it begins.
    theme
        Its name, None for a night as the base night.
    crews
        Who goes out.
    serves
        Names of the quotas that it is to serve.
    is_fixed
        Whether its date was decided by hand.
    """

    date: dt.date
    theme: Name
    crews: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()
    is_fixed: bool = False


@dataclass(frozen=True, slots=True)
class Dates:
    """Days and themes of the nights still to come.

    Parameters
    ----------
    nights
        In order.
    missing
        How many nights cannot be had any more, by what they are wanted for.
    owed
        Visits that quotas will be short of at the end of each period, by quota and number of the period.
    is_proven
        Whether no calendar is better, level by level.
    """

    nights: tuple[PlannedNight, ...]
    missing: Mapping[Want, int]
    owed: Mapping[tuple[str, int], int]
    is_proven: bool


def lay_dates(course: Course, yields: Yields) -> Dates | None:
    """Choose the days and themes of all nights still to come.

    Parameters
    ----------
    course
        The campaign under way.
    yields
        What nights of each theme can do for quotas.

    Returns
    -------
    Dates or None
        None where a night that was decided by hand cannot be had.
    """
    layer = Layer(course, yields)
    found = layer.cheapest()
    if found is None:
        return None
    answer, nights = found
    missing = {want: answer[slack] for want, slack in layer.slacks.items() if answer[slack]}
    owed = {key: answer[short] for key, short in layer.short.items() if answer[short]}
    return Dates(nights, missing, owed, answer.is_proven)


@dataclass
class Layer:
    """The model of days and themes.

    Parameters
    ----------
    course
        The campaign under way.
    yields
        What nights of each theme can do for quotas.
    are_guarded
        Whether each rule holds only if its guard is true, and nothing may be missing: to find out which clash.
    """

    course: Course
    yields: Yields
    are_guarded: bool = False
    model: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    slacks: dict[Want, cp_model.IntVar] = field(default_factory=dict)
    guards: dict[Want, cp_model.IntVar] = field(default_factory=dict)
    short: dict[tuple[str, int], cp_model.IntVar] = field(default_factory=dict)
    serves: dict[tuple[str, dt.date, Name], cp_model.IntVar] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chosen = {
            (day, theme): self.model.new_bool_var(f"{day} {theme or ''}") for day, theme in self.course.choices()
        }
        self.zero = self.model.new_int_var(0, 0, "nothing")
        self.by_day: dict[dt.date, list[cp_model.IntVar]] = defaultdict(list)
        for (day, _), chosen in self.chosen.items():
            self.by_day[day].append(chosen)
        for one_day in self.by_day.values():
            self.model.add_at_most_one(one_day)
        self._hand_picked()
        self._spaced()
        self._counted()
        if not self.are_guarded:
            self._quotas()

    # What must be

    def _require(self, want: Want, bound: Any) -> None:
        """Add a rule that always holds, or if its guard is true."""
        constraint = self.model.add(bound)
        if self.are_guarded:
            constraint.only_enforce_if(self._guard(want))

    def _guard(self, want: Want) -> cp_model.IntVar:
        return self.guards.setdefault(want, self.model.new_bool_var(f"guard {want}"))

    def _hand_picked(self) -> None:
        for day in self.course.fixed:
            self._require(("fixed", day), self._sum(self.by_day.get(day, ())) >= 1)

    def _spaced(self) -> None:
        apart, last = self.course.campaign.rule.spacing_days, self._last_night
        for day in self.by_day:
            if last is not None and (day - last).days < apart and day not in self.course.fixed:
                self._require(("spacing", None), sum(self.by_day[day]) == 0)
            if apart > 1:
                near = [self.by_day.get(day + number * DAY, []) for number in range(apart)]
                self._require(("spacing", None), sum(chosen for own in near for chosen in own) <= 1)

    @cached_property
    def _last_night(self) -> dt.date | None:
        return max((night.date for night in self.course.state.counted), default=None)

    # What is wanted

    def _counted(self) -> None:
        """Let nights be as many as are wanted, over periods, themes, the campaign; what lacks is missing."""
        campaign, state = self.course.campaign, self.course.state
        for period in self.course.periods:
            need = self.course.wanted(period) - self.course.done(period)
            self._want(("period", period.number), need, self._within(period))
        if campaign.rule.in_all is not None:
            self._want(("in_all", None), campaign.rule.in_all - len(state.counted), list(self.chosen.values()))
        for theme in campaign.themes:
            own = [chosen for (_, name), chosen in self.chosen.items() if name == theme.name]
            done = [night for night in state.counted if night.theme == theme.name]
            self._want(("theme", theme.name), theme.nights - len(done), own)
            if theme.most is not None:
                self._require(("most", theme.name), self._sum(own) <= max(0, theme.most - len(done)))
            for period in self.course.periods if theme.each_period else ():
                need = theme.each_period - sum(period.holds(night.date) for night in done)
                self._want(("theme", (theme.name, period.number)), need, self._within(period, theme.name))

    def _within(self, period: Period, theme: Name = None) -> list[cp_model.IntVar]:
        return [
            chosen
            for (day, name), chosen in self.chosen.items()
            if period.holds(day) and (theme is None or name == theme)
        ]

    def _want(self, want: Want, need: int, own: Sequence[cp_model.IntVar]) -> None:
        if need <= 0:
            return
        if self.are_guarded:
            self._require(want, self._sum(own) >= need)
            return
        self.slacks[want] = self.model.new_int_var(0, need, f"missing {want}")
        self.model.add(self._sum(own) + self.slacks[want] >= need)

    # What is owed

    def _quotas(self) -> None:
        for quota in self.course.campaign.quotas:
            own = {
                (day, theme): self._serving(quota, day, theme)
                for day, theme in self.chosen
                if self.yields.get(theme, {}).get(quota.name, 0)
            }
            self._rested(quota, own)
            made = sum(made_of(quota, night) for night in self.course.state.counted)
            wanted = 0
            for period in self.course.periods:
                wanted += self.course.quota_wanted(quota, period)
                is_last = period is self.course.periods[-1]
                need = max(wanted, quota.in_all if is_last else 0) - made
                if need > 0 and period.last >= self.course.today:
                    gained = [
                        self.yields[theme][quota.name] * serving
                        for (day, theme), serving in own.items()
                        if day <= period.last
                    ]
                    short = self.model.new_int_var(0, need, f"owed {quota.name} {period.number}")
                    self.model.add(self._sum(gained) + short >= need)
                    self.short[quota.name, period.number] = short

    def _serving(self, quota: Quota, day: dt.date, theme: Name) -> cp_model.IntVar:
        """Return whether a night serves a quota: always if it needs no rest, else as the model decides."""
        chosen = self.chosen[day, theme]
        if quota.spacing_days <= 1:
            return chosen
        serving = self.model.new_bool_var(f"{day} {theme or ''} {quota.name}")
        self.model.add_implication(serving, chosen)
        self.serves[quota.name, day, theme] = serving
        return serving

    def _rested(self, quota: Quota, own: Mapping[tuple[dt.date, Name], cp_model.IntVar]) -> None:
        """Keep the nights that serve a quota apart, from the last that really did too."""
        if quota.spacing_days <= 1:
            return
        visited = [night.date for night in self.course.state.counted if made_of(quota, night)]
        last = max(visited, default=None)
        by_day: dict[dt.date, list[cp_model.IntVar]] = defaultdict(list)
        for (day, _), serving in own.items():
            by_day[day].append(serving)
            if last is not None and (day - last).days < quota.spacing_days:
                self.model.add(serving == 0)
        for day in by_day:
            near = [by_day.get(day + number * DAY, []) for number in range(quota.spacing_days)]
            self.model.add(sum(serving for group in near for serving in group) <= 1)

    # What is best

    def cheapest(self) -> tuple[Any, tuple[PlannedNight, ...]] | None:
        """Return the best answer and its nights; None if nothing is possible."""
        levels = (self.slacks.values(), self.short.values(), self.chosen.values(), self._beyond())
        few = lowest(self.model, [self._sum(level) for level in levels])
        if few is None:
            return None
        nights = [key for key, chosen in self.chosen.items() if few[chosen]]
        last = (self._kept_out(len(nights)), self._uneven(nights))
        best = lowest(self.model, [self._sum(level) for level in last]) or few
        best = replace(best, is_proven=best.is_proven and few.is_proven)
        return best, self._nights(best)

    def _sum(self, parts: Iterable[Any]) -> Any:
        """Return a sum that is an expression even where it has no part."""
        return sum(parts, self.zero)

    def _beyond(self) -> Iterator[cp_model.IntVar]:
        """Yield the nights of each theme beyond those that are asked for."""
        for theme in self.course.campaign.themes:
            asked = max(theme.nights, theme.each_period * len(self.course.periods))
            done = sum(night.theme == theme.name for night in self.course.state.counted)
            own = [chosen for (_, name), chosen in self.chosen.items() if name == theme.name]
            more = self.model.new_int_var(0, len(own), f"beyond {theme.name}")
            self.model.add(more >= self._sum(own) - max(0, asked - done))
            yield more

    def _kept_out(self, number: int) -> Iterator[Any]:
        """Yield by how many nights absences keep crews from their share."""
        share, state = self.course.campaign.share, self.course.state
        crews = self.course.themed.crews
        done = {crew: sum(crew in night.crew_hours for night in state.counted) for crew in crews}
        a_night = len(crews) if share.crews is None else share.crews
        mean = (sum(done.values()) + number * a_night) // max(1, len(crews))
        alike: dict[tuple[int, tuple[tuple[dt.date, Name], ...]], int] = defaultdict(int)
        for crew in crews:
            there = tuple(key for key in self.chosen if crew in self.course.available(key[1], key[0]))
            if len(there) < len(self.chosen):
                alike[done[crew], there] += 1
        for (before, there), many in alike.items():
            lacking = self.model.new_int_var(0, max(0, mean), "kept out")
            own = self._sum(self.chosen[key] for key in there)
            self.model.add(lacking >= mean - share.nights - before - own)
            yield many * lacking

    def _uneven(self, nights: Sequence[tuple[dt.date, Name]]) -> Iterator[cp_model.IntVar]:
        """Yield for every day how far nights by then are from evenly spaced ones, of all and of each theme."""
        yield from self._distance([day for day, _ in nights], None, is_of_all=True)
        for theme in dict.fromkeys(theme for _, theme in nights if theme is not None):
            yield from self._distance([day for day, name in nights if name == theme], theme, is_of_all=False)

    def _distance(self, own: Sequence[dt.date], theme: Name, *, is_of_all: bool) -> Iterator[cp_model.IntVar]:
        every = list(days(self.course.today, self.course.campaign.last))
        counted = (night for night in self.course.state.counted if is_of_all or night.theme == theme)
        last = max((night.date for night in counted), default=None)
        begun: Any = self.zero
        for day, ideal in zip(every, accumulate(_evenly(len(own), every, last)), strict=True):
            here = (
                self.by_day.get(day, [])
                if is_of_all
                else [self.chosen[at] for at in [(day, theme)] if at in self.chosen]
            )
            by_then = self.model.new_int_var(0, len(own), "")
            self.model.add(by_then == begun + sum(here))
            off = self.model.new_int_var(0, len(own), "")
            self.model.add(off >= by_then - ideal)
            self.model.add(off >= ideal - by_then)
            begun = by_then
            yield off

    def _nights(self, answer: Any) -> tuple[PlannedNight, ...]:
        found = []
        for (day, theme), chosen in self.chosen.items():
            if answer[chosen]:
                own = [
                    quota.name for quota in self.course.campaign.quotas if self._is_served(answer, quota, day, theme)
                ]
                found.append(PlannedNight(day, theme, (), tuple(own), day in self.course.fixed))
        return tuple(found)

    def _is_served(self, answer: Any, quota: Quota, day: dt.date, theme: Name) -> bool:
        if not self.yields.get(theme, {}).get(quota.name, 0):
            return False
        serving = self.serves.get((quota.name, day, theme))
        return serving is None or bool(answer[serving])


def _evenly(number: int, every: Sequence[dt.date], last: dt.date | None) -> list[int]:
    """Return for every day how many nights begin on it if all are evenly spaced, after the last one if there is one."""
    begins = [0] * len(every)
    before = 0 if last is None or not every else (every[0] - last).days
    length = len(every) + before
    for at in range(number):
        share = (2 * at + 1) / (2 * number) if last is None else (at + 1) / (number + 1 / 2)
        begins[min(len(every) - 1, max(0, int(share * length) - before))] += 1
    return begins
