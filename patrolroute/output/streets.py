"""Street by street: how often each is seen from half hour to half hour, and how long it is left alone."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from patrolroute.base.text import label, later, local
from patrolroute.base.vocabulary import Lang, Seconds, elapsed_s
from patrolroute.metrics.context import PlanMeasures, mean
from patrolroute.metrics.presence import sighting
from patrolroute.output.gathering import SHORTEST_STREET_M
from patrolroute.output.looks.clock import HOUR_S, MINUTE_S, clock, hours
from patrolroute.output.looks.names import section
from patrolroute.output.looks.phrases import phrase
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.passes import Span
from patrolroute.plan.records import PlannedTask

HALF_HOUR_S: Seconds = 1800
"""One column of the table, and the longest time alone that nothing is said about: twice the quarter of an hour within
which somebody is to see a car."""

STEPS_S: tuple[Seconds, ...] = (HALF_HOUR_S, HOUR_S, 2 * HOUR_S, 4 * HOUR_S)
"""Lengths of the table's columns on paper: the first with which a night has few enough of them."""

MOST_COLUMNS = 8
"""So many columns have room on the commander's sheet."""

LEAST_SEEN = 5
"""Streets that the summary names."""

METRES_A_KILOMETRE = 1000

KEPT = 4
"""Plans whose tables are kept: one plan is written in several files."""


@dataclass(frozen=True, slots=True)
class Alone:
    """A stretch of time in which nobody comes to a section of a street.

    Parameters
    ----------
    begin_s, end_s
        Seconds since the plan's window began.
    task
        The section.
    """

    begin_s: Seconds
    end_s: Seconds
    task: PlannedTask

    @property
    def length_s(self) -> Seconds:
        """How long it is."""
        return self.end_s - self.begin_s


@dataclass(frozen=True, slots=True)
class StreetSeen:
    """All sections of one name and priority; of a street without a name each section alone.

    Parameters
    ----------
    tasks
        The sections.
    length_m
        Metres of all of them, one direction.
    seen
        Chance that somebody who spends a quarter of an hour on it sees a car (见警率), by length; None if undefined.
    passes
        How often each metre is passed from column to column, on average.
    alone
        Longest time for which some section of it is left alone, reaching into each column, in seconds.
    longest
        The longest of all; None if it is never looked at.
    missing
        Further drives along it after which no section is left alone for more than half an hour.
    extra_s
        Seconds that they take, along each section as often as it needs, the way there not counted.
    never
        Sections that nobody passes all night.

    Pieces below `SHORTEST_STREET_M` metres, which a crew crosses anyway, tell nothing where a street has longer ones.
    """

    tasks: tuple[PlannedTask, ...]
    length_m: float
    seen: float | None
    passes: tuple[float, ...]
    alone: tuple[Seconds, ...]
    longest: Alone | None
    missing: int
    extra_s: Seconds
    never: tuple[PlannedTask, ...]

    @property
    def priority(self) -> int:
        """Of all its sections."""
        return self.tasks[0].priority

    @property
    def is_required(self) -> bool:
        """Whether a section of it must be patrolled."""
        return any(task.required for task in self.tasks)

    @property
    def is_missed(self) -> bool:
        """Whether somebody on it may see no car for a quarter of an hour."""
        return self.seen is not None and self.seen < 1

    @property
    def rank(self) -> tuple[float, bool, float, str]:
        """What sorts the streets: first the one whose longest time alone, times its priority, is the longest.

        Of equals those with a name come first, then what is seen less.
        """
        length_s = 0 if self.longest is None else self.longest.length_s
        return (-self.priority * length_s, not self.tasks[0].name, self.seen or 0.0, self.tasks[0].id)

    def name(self, lang: Lang) -> str:
        """Return what it is called."""
        return self.tasks[0].name or label("unnamed", lang)


@dataclass(frozen=True, eq=False)
class StreetTable:
    """Every street of a plan, the one first that is left alone longest, times its priority.

    Parameters
    ----------
    plan
        The plan.
    columns
        From when to when each column lasts, seconds since the plan's window began; each begins at a round time.
    streets
        The rows.
    """

    plan: PatrolPlan
    columns: tuple[Span, ...]
    streets: tuple[StreetSeen, ...]

    def titles(self) -> Iterator[str]:
        """Yield when each column begins, as the clock shows it."""
        return (self._clock(begin) for begin, _ in self.columns)

    def hours(self, alone: Alone) -> str:
        """Return from when to when somebody is missed."""
        return hours(self.moment(alone.begin_s), self.moment(alone.end_s), self.plan.timezone)

    def ends(self, task: PlannedTask, lang: Lang) -> str:
        """Return from which cross street to which a section goes; empty if nobody knows."""
        return section(self.plan, task, lang)

    def moment(self, seconds: Seconds) -> dt.datetime:
        """Return a moment by its seconds since the window began."""
        return later(self.plan.window[0], seconds)

    def _clock(self, seconds: Seconds) -> str:
        return clock(self.moment(seconds), self.plan.timezone)


@lru_cache(maxsize=KEPT)
def street_table(plan: PatrolPlan, step_s: Seconds = HALF_HOUR_S) -> StreetTable:
    """Return how often each street of a plan is seen, column by column.

    Parameters
    ----------
    plan
        The plan.
    step_s
        Seconds of a column; the first and the last one are shorter where the night begins or ends between two.
    """
    night, columns = PlanMeasures(plan), _columns(plan, step_s)
    groups: dict[tuple[str, ...], list[PlannedTask]] = {}
    for task in night.streets:
        key = (task.mode, task.name, str(task.priority)) if task.name else (task.id,)
        groups.setdefault(key, []).append(task)
    rows = [_street(night, tuple(tasks), columns) for tasks in groups.values()]
    rows.sort(key=lambda row: row.rank)
    return StreetTable(plan, columns, tuple(rows))


def paper_step_s(plan: PatrolPlan) -> Seconds:
    """Return how long a column must be for a night to fit on the commander's sheet."""
    return next((step for step in STEPS_S if len(_columns(plan, step)) <= MOST_COLUMNS), STEPS_S[-1])


def _columns(plan: PatrolPlan, step_s: Seconds) -> tuple[Span, ...]:
    """Cut the night at round times of the day."""
    night_s = elapsed_s(*plan.window)
    begin = local(plan.window[0], plan.timezone)
    since = begin.hour * HOUR_S + begin.minute * MINUTE_S + begin.second
    cuts = [0, *(cut for cut in range(-since % step_s, night_s, step_s) if cut > 0), night_s]
    return tuple(span for span in pairwise(cuts) if span[0] < span[1])


def _street(night: PlanMeasures, tasks: tuple[PlannedTask, ...], columns: Sequence[Span]) -> StreetSeen:
    telling = [task for task in tasks if night.length_m[task.id] >= SHORTEST_STREET_M] or list(tasks)
    alone = [one for task in telling for one in _alone(night, task)]
    missing = {task.id: _missing(night.gaps[task.id]) for task in telling}
    lengths = [(night.length_m[task.id], task) for task in tasks]
    seen = None if night.window_s <= 0 else mean(
        (metres, sighting(night.gaps[task.id], night.window_s)) for metres, task in lengths
    )  # fmt: skip
    return StreetSeen(
        tasks=tasks,
        length_m=sum(metres for metres, _ in lengths),
        seen=seen,
        passes=tuple(_passes(night, tasks, column) for column in columns),
        alone=tuple(
            max((one.length_s for one in alone if one.begin_s < end and begin < one.end_s), default=0)
            for begin, end in columns
        ),
        longest=max(alone, key=lambda one: one.length_s, default=None),
        missing=max(missing.values(), default=0),
        extra_s=math.ceil(sum(missing[task.id] * _drive_s(night, task) for task in telling)),
        never=tuple(task for task in telling if not night.passes[task.id] and night.open_spans[task.id]),
    )


def _alone(night: PlanMeasures, task: PlannedTask) -> Iterator[Alone]:
    """Yield every stretch of time without anybody on a section, both ends of the night included."""
    begins = [one.begin_s for one in night.passes[task.id]]
    for begin, end in night.open_spans[task.id]:
        marks = [begin, *(at for at in begins if begin <= at <= end), end]
        yield from (Alone(*pair, task) for pair in pairwise(marks))


def _passes(night: PlanMeasures, tasks: Sequence[PlannedTask], column: Span) -> float:
    """Return how often each metre of a street is passed in a column, on average."""
    begin, end = column
    counts = (
        (night.length_m[task.id], float(sum(begin <= one.begin_s < end for one in night.passes[task.id])))
        for task in tasks
    )
    return mean(counts) or 0.0


def _missing(gaps: Sequence[Seconds]) -> int:
    """Return how many more passes leave no gap longer than half an hour.

    Examples
    --------
    >>> _missing((1800, 1801)), _missing((3600, 5401)), _missing(())
    (1, 4, 0)
    """
    return sum(max(0, -(-gap // HALF_HOUR_S) - 1) for gap in gaps)


def _drive_s(night: PlanMeasures, task: PlannedTask) -> float:
    """Return the seconds that driving along a section takes, the mean of its directions; 0 if no map tells."""
    network = night.plan.networks.get(task.mode)
    index = {} if network is None else network.arc_index
    chains = [[index[arc] for arc in chain] for chain in task.directions if all(arc in index for arc in chain)]
    if network is None or not chains:
        return 0.0
    return sum(int(network.travel_s[chain].sum()) for chain in chains) / len(chains)


def least_seen_lines(plan: PatrolPlan, lang: Lang) -> Iterator[str]:
    """Yield which streets are left alone longest, times priority, and when; then what would mend it: drives, crews."""
    table = street_table(plan)
    least = [street for street in table.streets if street.is_missed][:LEAST_SEEN]
    if not least:
        return
    yield from _never_lines(table, lang)
    yield phrase("least_seen", lang, n=len(least))
    for street in least:
        yield "  " + _said(table, street, lang)
    extra_s = sum(street.extra_s for street in least)
    if extra_s:
        shift_s = max((crew.budget_s for crew in plan.crews), default=0)
        minutes = math.ceil(extra_s / MINUTE_S)
        crews = max(1, math.ceil(extra_s / shift_s)) if shift_s else 1
        yield "  " + phrase("least_seen_sum" if crews == 1 else "least_seen_sum_crews", lang, minutes=minutes, n=crews)


def _never_lines(table: StreetTable, lang: Lang) -> Iterator[str]:
    """Yield what nobody passes all night, by the names of the streets, those of the highest priority first."""
    night = PlanMeasures(table.plan)
    unseen = sorted((street for street in table.streets if street.never), key=lambda street: -street.priority)
    sections = [task for street in unseen for task in street.never]
    if not sections:
        return
    names = list(dict.fromkeys(street.name(lang) for street in unseen))
    listed = phrase("listed", lang).join(names[:LEAST_SEEN])
    more = phrase("and_more", lang, n=len(names)) if len(names) > LEAST_SEEN else ""
    km = f"{sum(night.length_m[task.id] for task in sections) / METRES_A_KILOMETRE:.1f}"
    told = listed + (more if lang == "zh" else f", {more}" if more else "")
    yield phrase("never_seen", lang, n=len(sections), km=km, names=told)


def _said(table: StreetTable, street: StreetSeen, lang: Lang) -> str:
    """Return in a sentence how little a street is seen and what would mend it."""
    seen = f"{100 * (street.seen or 0):.0f} %"
    ends = "" if street.longest is None else table.ends(street.longest.task, lang)
    where = phrase("in_brackets", lang, what=ends) if ends else ""
    parts = [
        phrase("street_seen", lang, name=street.name(lang), priority=street.priority, seen=seen),
        phrase("nobody_from_to", lang, hours=table.hours(street.longest), where=where,
               minutes=street.longest.length_s // MINUTE_S) if street.longest else "",
        phrase("drives_more", lang, n=street.missing, minutes=math.ceil(street.extra_s / MINUTE_S))
        if street.missing else "",
    ]  # fmt: skip
    return phrase("then", lang).join(filter(None, parts))
