"""Coverage street by street and period by period: what was wanted, what was made, what is owed still; the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from patrolroute.base.vocabulary import Lang
from patrolroute.campaign.course import Course, made_of
from patrolroute.campaign.days import Period
from patrolroute.campaign.model import Quota
from patrolroute.campaign.state import IssuedNight
from patrolroute.campaign.wanted import carried


@dataclass(frozen=True, slots=True)
class CoverageCell:
    """One street or hotspot in one period.

    Parameters
    ----------
    wanted
        Visits that its quota asks for; without a quota what the period's nights planned.
    made
        Visits that were made, as driven where that is known, as planned else; of several sections the fewest of any.
    not_told
        Of these visits of nights of which nobody told yet what was driven.
    owed
        What its quota is short of by the end of the period; 0 for periods that did not begin.
    lost
        Visits that the period's nights planned and that were not made.
    """

    wanted: int
    made: int
    not_told: int
    owed: int
    lost: int

    @property
    def is_short(self) -> bool:
        """Whether something is owed, or was planned and not made."""
        return self.owed > 0 or self.lost > 0


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One street or hotspot over the campaign.

    Parameters
    ----------
    name
        Of the street or hotspot.
    quota
        What is wanted over many nights; None if nothing is.
    is_required
        Whether some night had to serve it.
    cells
        One for each period.
    carried
        Sections that were not made when they were planned, nor since.
    """

    name: str
    quota: Quota | None
    is_required: bool
    cells: tuple[CoverageCell, ...]
    carried: int

    @property
    def made(self) -> int:
        """Visits over the campaign."""
        return sum(cell.made for cell in self.cells)


def coverage(course: Course) -> tuple[CoverageRow, ...]:
    """Return how every street and hotspot was covered: those with quotas first, then those required, then by name."""
    open_asks = {ask.name for ask in carried(course)}
    sections = _sections(course.state.nights)
    quotas = {quota.name: quota for quota in course.campaign.quotas}
    rows = [
        _row(course, name, sections.get(name, frozenset()), quotas.get(name), open_asks)
        for name in dict.fromkeys([*quotas, *sections])
    ]
    return tuple(sorted(rows, key=lambda row: (row.quota is None, not row.is_required, row.name)))


def visits_by_period(course: Course, lang: Lang = "zh") -> dict[str, tuple[int, int, int, int | None]]:
    """Return the visits of all streets and hotspots together in each period, for `patrolroute.plots.draw_periods`.

    Parameters
    ----------
    course
        The campaign under way.
    lang
        Of the periods' names.

    Returns
    -------
    dict
        By the period's name: visits wanted, made, of these those that nobody told yet, and owed by its end: None
        where it did not begin.
    """
    rows, found = coverage(course), dict[str, tuple[int, int, int, int | None]]()
    for at, period in enumerate(course.periods):
        cells = [row.cells[at] for row in rows]
        name = period.name(lang)
        if name in found:  # of another year
            name = f"{period.first.year} {name}"
        found[name] = (
            sum(cell.wanted for cell in cells), sum(cell.made for cell in cells),
            sum(cell.not_told for cell in cells),
            sum(cell.owed for cell in cells) if _has_begun(course, period) else None,
        )  # fmt: skip
    return found


def _sections(nights: Iterable[IssuedNight]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for night in nights:
        for task, name in night.names.items():
            found[name].add(task)
    return {name: frozenset(tasks) for name, tasks in found.items()}


def _row(course: Course, name: str, tasks: frozenset[str], quota: Quota | None, open_asks: set[str]) -> CoverageRow:
    required = any(task in night.required for night in course.state.nights for task in tasks)
    cells = tuple(_cells(course, name, tasks, quota))
    return CoverageRow(name, quota, required, cells, len(tasks & open_asks))


def _cells(course: Course, name: str, tasks: frozenset[str], quota: Quota | None) -> Iterator[CoverageCell]:
    wanted_so_far = made_so_far = 0
    for period in course.periods:
        nights = [night for night in course.state.counted if period.holds(night.date)]
        made = sum(_visits(night, name, tasks, quota) for night in nights)
        not_told = sum(_visits(night, name, tasks, quota) for night in nights if night.driven is None)
        planned = sum(_least(night.planned, night, tasks) for night in nights)
        wanted = planned if quota is None else course.quota_wanted(quota, period)
        wanted_so_far, made_so_far = wanted_so_far + wanted, made_so_far + made
        has_begun = _has_begun(course, period)
        owed = max(0, wanted_so_far - made_so_far) if quota is not None and has_begun else 0
        yield CoverageCell(wanted, made, not_told, owed, max(0, planned - made))


def _has_begun(course: Course, period: Period) -> bool:
    return period.first <= course.today


def _visits(night: IssuedNight, name: str, tasks: frozenset[str], quota: Quota | None) -> int:
    """Return the visits of a street in a night."""
    return made_of(quota, night) if quota is not None and quota.name == name else _least(night.made, night, tasks)


def _least(visits: Mapping[str, int], night: IssuedNight, tasks: frozenset[str]) -> int:
    return min((visits.get(task, 0) for task in tasks if task in night.planned), default=0)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a campaign stands at a date, in figures.

    Parameters
    ----------
    wanted, done
        Nights wanted in the periods that began, and nights that were issued in them and not cancelled.
    missing
        Periods that are over and lack nights.
    driven, cancelled
        Nights that were told as driven, and as not driven.
    visits, planned
        Visits that were made in the nights that were told, and those that were planned for them.
    streets, short
        Streets and hotspots so far, and those of which something is owed or carried over.
    """

    wanted: int
    done: int
    missing: tuple[Period, ...]
    driven: int
    cancelled: int
    visits: int
    planned: int
    streets: int
    short: tuple[CoverageRow, ...]


def standing(course: Course, rows: Iterable[CoverageRow]) -> Standing:
    """Return how a campaign stands.

    Parameters
    ----------
    course
        The campaign under way.
    rows
        Its `coverage`.
    """
    begun = [period for period in course.periods if _has_begun(course, period)]
    over = [period for period in begun if period.last < course.today]
    told = [night for night in course.state.counted if night.driven is not None]
    rows = list(rows)
    return Standing(
        sum(map(course.wanted, begun)),
        sum(map(course.done, begun)),
        tuple(period for period in over if course.done(period) < course.wanted(period)),
        len(told),
        len(course.state.nights) - len(course.state.counted),
        sum(sum(night.made.values()) for night in told),
        sum(sum(night.planned.values()) for night in told),
        len(rows),
        tuple(row for row in rows if row.carried or (row.quota is not None and any(cell.owed for cell in row.cells))),
    )
