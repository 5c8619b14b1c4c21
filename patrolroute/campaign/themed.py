"""The nights of a campaign: the base night, what each theme makes of it, its crews and their hours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from patrolroute.base.errors import CampaignError, Complaint, InputError
from patrolroute.base.forms import pydantic_sentences
from patrolroute.base.vocabulary import Seconds, elapsed_s
from patrolroute.campaign.model import Campaign
from patrolroute.demand.clocks import read_clock
from patrolroute.night.run import NightRun, read_night
from patrolroute.nights import Night
from patrolroute.problem.crew import Crew

DAY_S: Seconds = 86_400
HOUR_S: Seconds = 3600

ADDED = ("streets", "hotspots", "key_hours")
"""Entries of a theme that come to those of the base night."""

Name = str | None
"""Of a theme; None: the base night as it is."""


@dataclass(frozen=True, slots=True)
class Member:
    """A crew of a campaign.

    Parameters
    ----------
    id
        Its name.
    depot
        Id of the depot where it starts.
    hours
        From leaving its depot to being back at the latest.
    begin_s, end_s
        The same as seconds since midnight of the night's date.
    """

    id: str
    depot: str
    hours: float
    begin_s: Seconds
    end_s: Seconds


@dataclass(frozen=True)
class ThemedNights:
    """What each theme of a campaign makes of the base night.

    Parameters
    ----------
    campaign
        The campaign.
    folder
        Where the files lie that its nights name: beside the base night's file, else beside the campaign's.
    base
        The base night.
    """

    campaign: Campaign
    folder: Path
    base: Night

    @classmethod
    def of(cls, campaign: Campaign, folder: Path) -> ThemedNights:
        """Read the base night.

        Parameters
        ----------
        campaign
            The campaign.
        folder
            Where its file lies.

        Raises
        ------
        NightError
            If the base night's file breaks its rules.
        """
        if isinstance(campaign.night, Path):
            path = folder / campaign.night
            return cls(campaign, path.parent, read_night(path))
        return cls(campaign, folder, campaign.night)

    @property
    def names(self) -> tuple[Name, ...]:
        """The base night and all themes; without the base night where every night has a theme of its own."""
        return (None, *(theme.name for theme in self.campaign.themes))

    def night(self, theme: Name = None, day: dt.date | None = None) -> Night:
        """Return a night of a theme on a day, the campaign's first if none is given.

        Raises
        ------
        CampaignError
            With every entry that the theme makes wrong.
        """
        day, found = day or self.campaign.first, self.campaign.theme(theme)
        entries = entries_of(self.base) | {"date": day.isoformat()}
        if found is not None:
            entries = merged(entries, found.night)
            for name in ADDED:
                more = [
                    item.model_dump(mode="json", by_alias=True, exclude_unset=True) for item in getattr(found, name)
                ]
                entries[name] = [*entries.get(name, ()), *more]
            entries["date"] = day.isoformat()
        try:
            return Night.model_validate(entries)
        except ValidationError as error:
            number = self.campaign.themes.index(found) + 1 if found is not None else 0
            source = f"themes[{number}]" if number else "night"
            raise CampaignError(pydantic_sentences(error, source, model=Night)) from error

    def run(self, theme: Name = None, day: dt.date | None = None) -> NightRun:
        """Return the run of a night of a theme on a day."""
        return NightRun.trusting(self.night(theme, day), self.folder)

    def team(self, theme: Name = None) -> Mapping[str, Member]:
        """Return who may go out in nights of a theme, by the names of the crews."""
        return self._teams[theme]

    @cached_property
    def _teams(self) -> Mapping[Name, Mapping[str, Member]]:
        return {name: dict(self._members(name)) for name in self.names}

    @cached_property
    def crews(self) -> Mapping[str, Member]:
        """All crews, those of the base night first."""
        return {crew: member for team in self._in_reverse for crew, member in team.items()}

    @property
    def _in_reverse(self) -> Iterator[Mapping[str, Member]]:
        """The teams, that of the base night last: what it says of a crew counts."""
        return (self._teams[name] for name in reversed(self.names))

    def _members(self, name: Name) -> Iterator[tuple[str, Member]]:
        night, theme = self.night(name), self.campaign.theme(name)
        for number, group in enumerate(night.crews):
            for crew in self._crews_of(night, number):
                if theme is None or not theme.crews or any(map(crew.id.startswith, theme.crews)):
                    midnight = crew.start.replace(hour=0, minute=0, second=0)
                    begin = elapsed_s(midnight, crew.start)
                    length = elapsed_s(crew.start, crew.end)
                    yield crew.id, Member(crew.id, group.depot, length / HOUR_S, begin, begin + length)

    def _crews_of(self, night: Night, number: int) -> Sequence[Crew]:
        """Return the crews of one group; what is wrong with it is told by its place among all."""
        alone = NightRun.trusting(night.model_copy(update={"crews": [night.crews[number]]}), self.folder)
        try:
            return alone.crews()
        except InputError as error:
            here, there = "crews[1]", f"crews[{number + 1}]"
            raise type(error)(
                replace(item, sentence=item.sentence.replace(here, there, 1), zh=item.zh.replace(here, there, 1))
                for item in error.items
            ) from error

    def faults(self) -> Iterator[Complaint]:
        """Yield what is wrong with themes: entries that break the night's form, hours that the rule forbids."""
        for number, name in enumerate(self.names):
            thing = f"themes[{number}]" if number else "night"
            try:
                team = dict(self._members(name))
            except InputError as error:
                yield from (item.about(thing) for item in error.items)
                continue
            if not team:
                yield Complaint("nobody goes out: the theme names no crew of its night", "no_crew").about(thing)
                continue
            yield from (Complaint(wrong).about(thing) for wrong in self._wrong_hours(team))

    def _wrong_hours(self, team: Mapping[str, Member]) -> Iterator[str]:
        rule = self.campaign.rule
        begin = min((member.begin_s for member in team.values()), default=0)
        end = max((member.end_s for member in team.values()), default=0)
        if rule.earliest is not None and begin < read_clock(rule.earliest).second:
            yield f"shift {_clock(begin)} begins before the earliest hour {rule.earliest}"
        if rule.latest is not None:
            latest = read_clock(rule.latest).second
            if end > latest + (DAY_S if latest <= begin else 0):
                yield f"shift ends at {_clock(end)}, after the latest hour {rule.latest}"


def entries_of(night: Night) -> dict[str, Any]:
    """Return the entries of a night that are not as usual, and its datum if it says one: files may name another."""
    entries = night.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return entries if night.said_crs is None else entries | {"crs": night.said_crs}


def merged(entries: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return entries with changes: tables entry by entry, all else as a whole.

    Examples
    --------
    >>> merged({"shift": {"start": "20:30", "end": "23:45"}, "snap_m": 9}, {"shift": {"end": "01:00"}})
    {'shift': {'start': '20:30', 'end': '01:00'}, 'snap_m': 9}
    """
    found = dict(entries)
    for name, value in changes.items():
        held = found.get(name)
        is_table = isinstance(held, Mapping) and isinstance(value, Mapping)
        found[name] = merged(held, value) if is_table else value  # type: ignore[arg-type]
    return found


def _clock(second: Seconds) -> str:
    return f"{second // HOUR_S}:{second % HOUR_S // 60:02}"
