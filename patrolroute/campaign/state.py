"""The state of a campaign: what its record comes to, event by event; nothing else is remembered anywhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, TypeAlias

from patrolroute.base.errors import CampaignError
from patrolroute.campaign.record import Event, EventKind

Visits: TypeAlias = Mapping[str, int]
"""Visits that count by the ids of tasks."""


@dataclass(frozen=True, slots=True)
class Driven:
    """What was really driven in a night.

    Parameters
    ----------
    visits
        Visits that were made, by task.
    hours
        Hours of each crew that was out.
    source
        What it was told by: a plan, a ticked sheet.
    """

    visits: Visits
    hours: Mapping[str, float]
    source: str = ""


@dataclass(frozen=True, slots=True)
class IssuedNight:
    """A night that was handed out; it never changes, but for what is told of it afterwards.

    Parameters
    ----------
    date
        On which it begins.
    theme
        Its name, None for a night as the base night.
    folder
        Where its plan lies, in the campaign's folder.
    plan_sha256
        Of its ``plan.json``.
    seed
        From which it was made, or the number of the plan that was drawn.
    hours
        Hours of each crew that goes out.
    planned
        Visits that the plan makes, by task.
    names
        What people call each task.
    required
        Tasks that had to be served.
    cancelled
        Why it was not driven; None where it was not cancelled.
    driven
        What was really driven; None where nobody told yet.
    """

    date: dt.date
    theme: str | None
    folder: str
    plan_sha256: str
    seed: int
    hours: Mapping[str, float]
    planned: Visits
    names: Mapping[str, str]
    required: frozenset[str]
    cancelled: str | None = None
    driven: Driven | None = None

    @property
    def counts(self) -> bool:
        """Whether it is one of the nights that were wanted."""
        return self.cancelled is None

    @property
    def crew_hours(self) -> Mapping[str, float]:
        """Hours of each crew: as driven where that is known, as planned else, none if it was cancelled."""
        if not self.counts:
            return {}
        return self.hours if self.driven is None else self.driven.hours

    @property
    def made(self) -> Visits:
        """Visits that count: as driven where that is known, as planned else, none if it was cancelled."""
        if not self.counts:
            return {}
        return self.planned if self.driven is None else self.driven.visits


@dataclass(frozen=True, slots=True)
class CampaignState:
    """What happened in a campaign so far.

    Parameters
    ----------
    rules
        Its file as it was in force, as JSON holds it, each with the first day for which it holds; the last one holds.
    digest
        Of that.
    commitment
        SHA-256 of the secret, as it was told in advance; empty if there is none.
    nights
        All that were issued, in the order of their dates.
    """

    rules: tuple[tuple[dt.date, Mapping[str, Any]], ...] = ()
    digest: str = ""
    commitment: str = ""
    nights: tuple[IssuedNight, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether the campaign was opened."""
        return bool(self.rules)

    def night(self, date: dt.date) -> IssuedNight | None:
        """Return the night that was issued for a date."""
        return next((night for night in self.nights if night.date == date), None)

    @property
    def last_date(self) -> dt.date | None:
        """The date of the last night that was issued, cancelled or not."""
        return max((night.date for night in self.nights), default=None)

    @property
    def counted(self) -> tuple[IssuedNight, ...]:
        """Nights that were not cancelled."""
        return tuple(night for night in self.nights if night.counts)


def state_of(events: Iterable[Event]) -> CampaignState:
    """Return what events come to.

    Raises
    ------
    CampaignError
        If one of them cannot follow those before it.
    """
    return reduce(after, events, CampaignState())


def after(state: CampaignState, event: Event) -> CampaignState:
    """Return the state after one more event.

    Raises
    ------
    CampaignError
        If it cannot follow.
    """
    if state.is_open == (event.kind == "opened"):
        raise CampaignError(f"record: event {event.number} ({event.kind}) cannot come here")
    return _STEPS[event.kind](state, event.facts)


def _opened(state: CampaignState, facts: Mapping[str, Any]) -> CampaignState:
    return replace(_ruled(state, facts), commitment=str(facts.get("commitment", "")))


def _ruled(state: CampaignState, facts: Mapping[str, Any]) -> CampaignState:
    rule = dt.date.fromisoformat(facts["from"]), facts["campaign"]
    return replace(state, rules=(*state.rules, rule), digest=facts["digest"])


def _issued(state: CampaignState, facts: Mapping[str, Any]) -> CampaignState:
    night = issued_night(facts)
    if state.night(night.date) is not None:
        raise CampaignError(f"record: the night of {night.date} is issued twice")
    nights = sorted((*state.nights, night), key=lambda found: found.date)
    return replace(state, nights=tuple(nights))


def issued_night(facts: Mapping[str, Any]) -> IssuedNight:
    """Return the night that the facts of an event ``issued`` tell."""
    planned = {task: int(entry[1]) for task, entry in facts["tasks"].items()}
    return IssuedNight(
        dt.date.fromisoformat(facts["date"]),
        facts["theme"],
        facts["folder"],
        facts["plan_sha256"],
        int(facts["seed"]),
        {crew: float(hours) for crew, hours in facts["hours"].items()},
        planned,
        {task: str(entry[0]) for task, entry in facts["tasks"].items()},
        frozenset(task for task, entry in facts["tasks"].items() if entry[2]),
    )


def _told(state: CampaignState, date: str, change: Callable[[IssuedNight], IssuedNight]) -> CampaignState:
    """Return the state in which something more is told of an issued night."""
    day = dt.date.fromisoformat(date)
    if state.night(day) is None:
        raise CampaignError(f"record: there is no night of {date} of which something could be told")
    return replace(state, nights=tuple(change(night) if night.date == day else night for night in state.nights))


def _cancelled(state: CampaignState, facts: Mapping[str, Any]) -> CampaignState:
    return _told(state, facts["date"], lambda night: replace(night, cancelled=str(facts["why"]), driven=None))


def _recorded(state: CampaignState, facts: Mapping[str, Any]) -> CampaignState:
    driven = Driven(
        {task: int(number) for task, number in facts["visits"].items()},
        {crew: float(hours) for crew, hours in facts["hours"].items()},
        str(facts.get("source", "")),
    )
    return _told(state, facts["date"], lambda night: replace(night, cancelled=None, driven=driven))


_STEPS: Mapping[EventKind, Callable[[CampaignState, Mapping[str, Any]], CampaignState]] = {
    "opened": _opened,
    "ruled": _ruled,
    "issued": _issued,
    "cancelled": _cancelled,
    "recorded": _recorded,
}
