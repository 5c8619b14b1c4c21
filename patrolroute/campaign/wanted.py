"""What a night is asked for besides its own: what quotas want of it, what earlier nights fell short of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Literal, TypeAlias

from patrolroute.base.errors import CampaignError, Complaint, short
from patrolroute.base.vocabulary import Mode, Seconds
from patrolroute.campaign.calendar import PlannedNight, Yields
from patrolroute.campaign.course import Course, made_of
from patrolroute.campaign.model import Quota
from patrolroute.campaign.themed import HOUR_S, Name
from patrolroute.demand.model import MAX_VISITS, PRIORITY_MAX, Demand, Hotspot, PriorityStreet, headway_of
from patrolroute.network.road import RoadNetwork

Networks: TypeAlias = Mapping[Mode, RoadNetwork]

Ground: TypeAlias = Literal["quota", "carried", "rest"]
"""Why a task is asked for otherwise than its night says: a quota, a visit that was not made, a quota's rest."""


TURN_S = 60
"""Room for the turn into a street, with which a visit begins: slower than any turn but those of odd nights."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a night is asked for of one street or hotspot, besides what it says of its own.

    Parameters
    ----------
    name
        Of a street or hotspot, or the id of a task.
    ground
        Why.
    visits
        At least so many; 0: it is left out.
    is_required
        Whether leaving it out is a fault of the plan.
    more_priority
        So much more than the night says.
    """

    name: str
    ground: Ground
    visits: int = 1
    is_required: bool = True
    more_priority: int = 0


def demand_of(course: Course, theme: Name, day: dt.date) -> tuple[Networks, list[Demand]]:
    """Return the maps of a night and what it asks for of its own."""
    run = course.themed.run(theme, day)
    networks = run.networks()
    return networks, run.demand(networks)


def yields_of(course: Course) -> Yields:
    """Return how many visits at most a night of each theme can make for each quota.

    Raises
    ------
    CampaignError
        Naming every quota of which no night asks for the street or hotspot.
    """
    quotas = course.campaign.quotas
    if not quotas:
        return {}
    found: dict[Name, dict[str, int]] = {}
    known = set[str]()
    for theme in course.themed.names:
        _, demand = demand_of(course, theme, course.campaign.first)
        longest = max((member.hours for member in course.themed.team(theme).values()), default=0)
        found[theme] = {
            quota.name: max(most_visits(item, round(longest * HOUR_S)) for item in own)
            for quota in quotas
            if (own := [item for item in demand if is_called(item, quota.name)])
        }
        known |= {name for item in demand for name in names_of(item)}
    if lost := [quota for quota in quotas if not any(quota.name in own for own in found.values())]:
        raise CampaignError(
            Complaint(_nobody_asks(quota.name, known), "unknown_name").about(f"quotas[{quotas.index(quota) + 1}]")
            for quota in lost
        )
    return found


def _nobody_asks(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, sorted(known), n=1, cutoff=0.5)
    meant = f"; did you mean {near[0]}?" if near else ""
    return f"no night asks for {short(name)}, neither the base night nor a theme{meant}"


def most_visits(item: Demand, night_s: Seconds) -> int:
    """Return how often a street or hotspot can be asked for in a night.

    Streets are, as often as the headway and the turn into them let; a place that opens for some hours as often as its
    night says.
    """
    headway = headway_of(replace(item, visits=max(2, item.visits)))
    if isinstance(item, Hotspot) and item.windows:
        return item.visits
    if not headway:
        return MAX_VISITS
    return max(item.visits, min(MAX_VISITS, night_s // (headway + TURN_S)))


def names_of(item: Demand) -> Iterator[str]:
    """Yield everything that a street or hotspot may be called by: its name, ids of its tasks."""
    yield item.name
    yield from [item.id] if isinstance(item, Hotspot) else (segment.id for segment in item.segments)


def is_called(item: Demand, name: str) -> bool:
    """Return whether a name means a street or hotspot, or one of its sections."""
    return name in names_of(item)


def owed_now(course: Course, quota: Quota, day: dt.date) -> int:
    """Return how many visits a quota is short of by the end of the period that a day is in.

    What earlier periods fell short of is in it: it is owed until it is made.
    """
    wanted = 0
    for period in course.periods:
        wanted += course.quota_wanted(quota, period)
        if period.holds(day):
            is_last = period is course.periods[-1]
            break
    made = sum(made_of(quota, night) for night in course.state.counted)
    return max(0, max(wanted, quota.in_all if is_last else 0) - made)


def asks_for(course: Course, night: PlannedNight, later: Sequence[PlannedNight] = ()) -> tuple[Ask, ...]:
    """Return what a night is asked for besides what its theme says.

    Parameters
    ----------
    course
        The campaign under way.
    night
        The night.
    later
        Those after it: what a quota wants over the campaign is shared among all that serve it.
    """
    asks = dict[str, Ask]()
    for ask in carried(course):
        asks[ask.name] = ask
    for quota in course.campaign.quotas:
        if quota.name not in night.serves:
            if _rests(course, quota, night.date):
                asks[quota.name] = Ask(quota.name, "rest", 0, is_required=False)
            continue
        visits = _of_quota(course, quota, (night, *later))
        if visits:
            asks[quota.name] = Ask(quota.name, "quota", visits)
    return tuple(asks.values())


def _of_quota(course: Course, quota: Quota, nights: Sequence[PlannedNight]) -> int:
    """Return how many visits a quota wants of the first of some nights."""
    own = [night for night in nights if quota.name in night.serves]
    period = course.period(own[0].date)
    in_period = sum(period.holds(night.date) for night in own)
    made = sum(made_of(quota, night) for night in course.state.counted)
    in_all = max(0, quota.in_all - made)
    return max(-(-owed_now(course, quota, own[0].date) // in_period), -(-in_all // len(own)))


def _rests(course: Course, quota: Quota, day: dt.date) -> bool:
    """Return whether a quota's street was really visited too few days ago."""
    visited = [night.date for night in course.state.counted if made_of(quota, night)]
    return bool(visited) and (day - max(visited)).days < quota.spacing_days


def carried(course: Course) -> Iterator[Ask]:
    """Yield what was planned or required, not made when its night was driven, and not made since.

    A night that was cancelled leaves nothing behind: another one takes its place.
    """
    ways = course.campaign.carry
    open_asks = dict[str, bool]()
    for night in course.state.nights:
        for task in night.planned:
            if night.made.get(task, 0):
                open_asks.pop(task, None)
            elif night.driven is not None and (night.planned[task] or task in night.required):
                open_asks[task] = open_asks.get(task, False) or task in night.required
    for task, is_required in open_asks.items():
        way = ways.required if is_required else ways.others
        if way != "dropped":
            is_must = way == "required"
            yield Ask(task, "carried", 1, is_required=is_must, more_priority=0 if is_must else 1)


def asked(demand: Iterable[Demand], asks: Collection[Ask], night_s: Seconds) -> list[Demand]:
    """Return what a night asks for with everything that is asked of it besides.

    Parameters
    ----------
    demand
        What the night asks for of its own.
    asks
        What else; a name means all sections of a street, an id one of them.
    night_s
        Seconds of the night: no street is asked for more often than its headway lets.
    """
    by_name = {ask.name: ask for ask in asks}
    return [changed for item in demand for changed in _asked(item, by_name, night_s)]


def _asked(item: Demand, asks: Mapping[str, Ask], night_s: Seconds) -> Iterator[Demand]:
    if not any(name in asks for name in names_of(item)):
        yield item
    elif isinstance(item, Hotspot):
        ask = asks.get(item.id) or asks[item.name]
        if ask.visits:
            yield _changed(item, ask, night_s)
    else:
        for one, part in _by_ask(item, asks):
            if one is None:
                yield part
            elif one.visits:
                yield _changed(part, one, night_s)


def _by_ask(street: PriorityStreet, asks: Mapping[str, Ask]) -> Iterator[tuple[Ask | None, PriorityStreet]]:
    """Yield the sections of a street together that are asked for alike."""
    groups: dict[str, list[int]] = {}
    for at, segment in enumerate(street.segments):
        key = segment.id if segment.id in asks else street.name if street.name in asks else ""
        alike = key if key == street.name or not key else repr(replace(asks[key], name=""))
        groups.setdefault(alike, []).append(at)
    for own in groups.values():
        first = street.segments[own[0]]
        prize = None if street.prize is None else [street.prize[at] for at in own]
        part = replace(street, segments=[street.segments[at] for at in own], prize=prize)
        yield asks.get(first.id) or asks.get(street.name), part


def _changed(item: Demand, ask: Ask, night_s: Seconds) -> Demand:
    return replace(
        item,
        required=item.required or ask.is_required,
        visits=max(item.visits, min(ask.visits, most_visits(item, night_s))),
        priority=min(PRIORITY_MAX, item.priority + ask.more_priority),
    )


def lent(asks: Iterable[Ask], demand: Iterable[Demand], base: Iterable[Demand]) -> list[Demand]:
    """Return from the base night what is carried over as required and that a night does not ask for of its own."""
    known = {name for item in demand for name in names_of(item)}
    lost = {ask.name for ask in asks if ask.ground == "carried" and ask.is_required} - known
    found = list[Demand]()
    for item in base:
        if isinstance(item, Hotspot):
            found += [item] if item.id in lost else []
        elif own := [at for at, segment in enumerate(item.segments) if segment.id in lost]:
            prize = None if item.prize is None else [item.prize[at] for at in own]
            found.append(replace(item, segments=[item.segments[at] for at in own], prize=prize))
    return found
