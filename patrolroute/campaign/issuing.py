"""Issuing a night, cancelling one, telling what was driven: each is done whole or not at all."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from patrolroute.base.errors import CampaignError, Complaint, OutputError, PartialOutputError
from patrolroute.base.files import write_one
from patrolroute.base.vocabulary import elapsed_s
from patrolroute.campaign.calendar import PlannedNight
from patrolroute.campaign.course import Course
from patrolroute.campaign.driven import MADE_FILE, made_csv
from patrolroute.campaign.folder import ISSUED, NIGHTS, CampaignFolder, digest_of, require_removed, said_of, seed_of
from patrolroute.campaign.impossible import CampaignCalendar, lay_calendar
from patrolroute.campaign.record import Record, sync_folder, writing
from patrolroute.campaign.sealed import commitment
from patrolroute.campaign.state import CampaignState, Driven, IssuedNight, issued_night, state_of
from patrolroute.campaign.themed import HOUR_S
from patrolroute.campaign.wanted import Ask, asked, asks_for, demand_of, lent, yields_of
from patrolroute.night.run import NightRun
from patrolroute.plan.document import PLAN_FILE
from patrolroute.plan.model import PatrolPlan
from patrolroute.problem.model import PatrolProblem


@dataclass(frozen=True, slots=True)
class NightTask:
    """What a night is planned from.

    Parameters
    ----------
    night
        Its date, theme and crews.
    run
        Of the night as its theme says.
    problem
        With the crews that go out, and everything that is asked for besides.
    usual
        The same without what is asked for besides.
    seed
        By the secret and the date.
    asks
        What is asked for besides.
    """

    night: PlannedNight
    run: NightRun
    problem: PatrolProblem
    usual: PatrolProblem
    seed: int
    asks: tuple[Ask, ...]


class Planner(Protocol):
    """Makes the plan of a night: solves it, or draws one of several."""

    def __call__(self, task: NightTask, /) -> tuple[PatrolPlan, Mapping[str, Any]]:
        """Return the plan, and what the record is to say of how it was made, as JSON holds it."""


class Writer(Protocol):
    """Writes every output of a night into a folder."""

    def __call__(self, plan: PatrolPlan, folder: Path, course: Course, /) -> PartialOutputError | None:
        """Return which outputs could not be written, None if all were."""


def solved(
    task: NightTask, *, limits: Mapping[str, Any] = MappingProxyType({})
) -> tuple[PatrolPlan, Mapping[str, Any]]:
    """Solve a night with a seed of its own, within the limits of its file or within others.

    Parameters
    ----------
    task
        The night.
    limits
        As `patrolroute.solve` takes them; those that are not given are the file's.
    """
    return task.run.solve(task.problem, seed=task.seed, **limits).plan, {"by": "seed"}


@dataclass(frozen=True, slots=True)
class Issue:
    """A night that was issued.

    Parameters
    ----------
    night
        As the record knows it.
    plan
        Its plan.
    folder
        Where everything of it lies.
    failed
        Which outputs could not be written, if any.
    """

    night: IssuedNight
    plan: PatrolPlan
    folder: Path
    failed: PartialOutputError | None = None


StepCallback = Callable[[str], None]
"""Told of each step when it is done: ``planned``, ``written``, ``moved``, ``told``."""


def _quiet(_: str) -> None:
    """Do nothing."""


def now() -> dt.datetime:
    """Return the present moment."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def opened(place: CampaignFolder, *, at: dt.datetime | None = None) -> CampaignState:
    """Open a campaign: its secret is made and what it is committed to is told; one that is open stays as it is.

    Parameters
    ----------
    place
        The campaign's folder.
    at
        What the record says of when; now if None.
    """
    with writing(place.folder) as record:
        return _opened(place, record, at or now())


def _opened(place: CampaignFolder, record: Record, at: dt.datetime) -> CampaignState:
    state = state_of(record.events)
    if state.is_open:
        return state
    course = place.course(state=state)
    secret = place.secret(make=True) or b""
    facts = said_of(course) | {
        "from": course.campaign.first.isoformat(),
        "digest": digest_of(course),
        "commitment": commitment(secret),
    }
    record.append("opened", facts, at)
    return state_of(record.events)


def calendar_of(course: Course) -> CampaignCalendar:
    """Lay the calendar of a campaign, quotas and all."""
    return lay_calendar(course, yields_of(course))


def issue(  # noqa: PLR0913 - each can be left out
    place: CampaignFolder,
    *,
    today: dt.date | None = None,
    planner: Planner = solved,
    at: dt.datetime | None = None,
    write: Writer | None = None,
    step: StepCallback = _quiet,
) -> Issue:
    """Plan the next night and hand it out.

    It is put together in a folder that nobody looks into, moved to its place in one step, and told to the record. Cut
    off before the move nothing has happened; cut off after it the record is told when the campaign is next written.

    Parameters
    ----------
    place
        The campaign's folder.
    today
        The night begins on it or later; as early as can be if None.
    planner
        Makes the plan.
    at
        What the record says of when; now if None.
    write
        Writes its outputs; all that are not on request if None.
    step
        Told of each step.

    Raises
    ------
    CampaignError
        If there is no night to issue, or no calendar keeps the rules.
    """
    moment = at or now()
    with writing(place.folder) as record:
        state = _opened(place, record, moment)
        secret = place.require_secret(state.commitment)
        place.mend(record, moment)
        course = place.course(today=today, state=state_of(record.events))
        _ruled(course, record, moment)
        calendar = calendar_of(course)
        if calendar.next is None:
            raise CampaignError(f"{place.file}: no night is left to issue until {course.campaign.last}")
        task = task_of(course, calendar.nights, secret)
        plan, facts = planner(task)
        step("planned")
        require_removed(place.issuing)
        failed = (write or save_night)(plan.explained, place.issuing, course)
        night = _night_facts(plan, task, place.issuing) | {"how": dict(facts), "commitment": state.commitment}
        _put(place.issuing / ISSUED, night | {"before": record.last})
        step("written")
        target = place.night(task.night.date)
        _moved(place.issuing, target)
        step("moved")
        record.append("issued", night, moment)
        step("told")
    return Issue(issued_night(night), plan, target, failed)


def _ruled(course: Course, record: Record, at: dt.datetime) -> None:
    """Tell the record that the campaign's file was edited; what it says now holds from today."""
    found = digest_of(course)
    if found != state_of(record.events).digest:
        facts = said_of(course) | {"from": course.today.isoformat(), "digest": found}
        record.append("ruled", facts, at)


def task_of(course: Course, nights: Sequence[PlannedNight], secret: bytes | None = None) -> NightTask:
    """Return what the first of some nights is planned from.

    Parameters
    ----------
    course
        The campaign under way.
    nights
        Those still to come.
    secret
        By which nights are drawn.
    """
    night, *later = nights
    run = course.themed.run(night.theme, night.date)
    asks = asks_for(course, night, later)
    networks, own = demand_of(course, night.theme, night.date)
    crews = [crew for crew in run.crews() if crew.id in night.crews]
    night_s = elapsed_s(min(crew.start for crew in crews), max(crew.end for crew in crews))
    usual = run.problem_of(networks, own, crews)
    if night.theme is not None and any(ask.ground == "carried" for ask in asks):
        _, base = demand_of(course, None, night.date)
        own = [*own, *lent(asks, own, base)]
    problem = run.problem_of(networks, asked(own, asks, night_s), crews) if asks else usual
    return NightTask(night, run, problem, usual, seed_of(secret, night.date), asks)


def save_night(plan: PatrolPlan, folder: Path, course: Course, also: Sequence[str] = ()) -> PartialOutputError | None:
    """Write every output of a night, and the table to tick afterwards.

    Parameters
    ----------
    plan
        The night's.
    folder
        Where to.
    course
        The campaign under way.
    also
        Outputs on request; see `patrolroute.PatrolPlan.save`.
    """
    write_one(folder / MADE_FILE, made_csv(plan, course.campaign.lang))
    try:
        plan.save(folder, lang=course.campaign.lang, crs=course.themed.base.out_crs, also=also)
    except PartialOutputError as error:
        return error
    return None


def _night_facts(plan: PatrolPlan, task: NightTask, folder: Path) -> dict[str, Any]:
    """Return what the record says of a night: what it plans, task by task, and the digest of its plan."""
    hours = {crew.id: round(elapsed_s(crew.start, crew.end) / HOUR_S, 4) for crew in plan.crews}
    return {
        "date": task.night.date.isoformat(),
        "theme": task.night.theme,
        "folder": f"{NIGHTS}/{task.night.date.isoformat()}",
        "plan_sha256": hashlib.sha256((folder / PLAN_FILE).read_bytes()).hexdigest(),
        "seed": task.seed,
        "hours": hours,
        "tasks": {found.id: [found.name, found.visits_done, found.required] for found in plan.tasks},
        "asks": [[ask.name, ask.ground, ask.visits] for ask in task.asks],
    }


def _put(path: Path, facts: Mapping[str, Any]) -> None:
    write_one(path, json.dumps(facts, ensure_ascii=False, indent=1).encode("utf-8"))
    sync_folder(path.parent)


def _moved(source: Path, target: Path) -> None:
    """Move a folder to its place in one step."""
    try:
        source.rename(target)
        sync_folder(target.parent)
    except OSError as error:
        raise OutputError(f"{target}: cannot be written: {error.strerror or error}") from error


def cancelled(place: CampaignFolder, date: dt.date, why: str, *, at: dt.datetime | None = None) -> IssuedNight:
    """Tell the record that a night that was issued was not driven: it rained. Its period is short of a night again.

    Parameters
    ----------
    place
        The campaign's folder.
    date
        Of the night.
    why
        Reason, for people.
    at
        What the record says of when; now if None.

    Raises
    ------
    CampaignError
        If there is no such night.
    """
    return _told(place, date, lambda record, moment: record.append("cancelled", _date(date) | {"why": why}, moment), at)


def recorded(place: CampaignFolder, date: dt.date, driven: Driven, *, at: dt.datetime | None = None) -> IssuedNight:
    """Tell the record what was really driven in a night; told again the last word counts.

    Parameters
    ----------
    place
        The campaign's folder.
    date
        Of the night.
    driven
        What was driven; `patrolroute.campaign.driven` reads it.
    at
        What the record says of when; now if None.

    Raises
    ------
    CampaignError
        If there is no such night, or it is of another night's tasks.
    """
    facts = _date(date) | {"visits": dict(driven.visits), "hours": dict(driven.hours), "source": driven.source}
    return _told(place, date, lambda record, moment: record.append("recorded", facts, moment), at)


def _date(date: dt.date) -> dict[str, Any]:
    return {"date": date.isoformat()}


def require_issued(place: CampaignFolder, date: dt.date, state: CampaignState | None = None) -> IssuedNight:
    """Return the night that was issued for a date.

    Raises
    ------
    CampaignError
        If there is none.
    """
    known = state or place.state()
    night = known.night(date)
    if night is None:
        if not known.nights:
            raise CampaignError(f"{place.folder}: no night was issued so far")
        dates = ", ".join(str(found.date) for found in known.nights)
        sentence = f"{place.folder}: no night of {date} was issued; there are {dates}"
        raise CampaignError(Complaint(sentence, "unknown_name"))
    return night


def _told(
    place: CampaignFolder, date: dt.date, tell: Callable[[Record, dt.datetime], object], at: dt.datetime | None
) -> IssuedNight:
    moment = at or now()
    with writing(place.folder) as record:
        place.mend(record, moment)
        require_issued(place, date, state_of(record.events))
        tell(record, moment)
        return require_issued(place, date, state_of(record.events))
