"""The commander's sheet: all crews against the clock, the measures, what is left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from patrolroute.base.text import label
from patrolroute.base.vocabulary import Lang, LegKind, Mode, elapsed_s
from patrolroute.metrics import METRICS
from patrolroute.output.itinerary import itinerary
from patrolroute.output.looks.clock import MINUTE_S, clock, clock_ticks, hours, withdrawn_crews
from patrolroute.output.looks.duty import crews_by_mode
from patrolroute.output.looks.fonts import LONGEST_PLACE, fitted
from patrolroute.output.looks.names import PlaceNames, section
from patrolroute.output.looks.phrases import phrase
from patrolroute.output.looks.scene import posted_min, promises, visits_of
from patrolroute.output.looks.style import joined_ids
from patrolroute.output.reasons import why
from patrolroute.output.streets import StreetTable, paper_step_s, street_table
from patrolroute.output.summary import SHOWN
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import PlannedCrew, PlannedTask, Route
from patrolroute.plan.seen import missed_required

MOST_LEFT_OUT = 30
"""Tasks short of their visits that are named besides those required and missed; the table has them all."""

MOST_STREETS = 12
"""Streets whose hours are shown, those left alone longest, times priority, first; the workbook has them all."""

AMONG_FIGURES = ("required_served",)
"""Measures that stand at the head of the sheet already."""

TEXT_WIDTH, NEAR_END = 130, 970
"""Thousandths of the clock that two of its times take, and from which a time is written to the left of the end."""

MUSTERED = 60
"""Half-width letters for the crews of one muster place."""


@dataclass(frozen=True, slots=True)
class Bar:
    """What a crew does for a while; from and how long in thousandths of the night."""

    kind: LegKind
    begin: float
    width: float


@dataclass(frozen=True, slots=True)
class Line:
    """One crew against the clock."""

    number: int
    crew: str
    hours: str
    km: str
    orders: int
    stops: int
    last: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Short:
    """A street or place short of its visits: of one section the crossings at its ends, of several how many they are."""

    name: str
    ends: str
    kind: str
    priority: int
    done: str
    why: str


@dataclass(frozen=True, slots=True)
class Street:
    """How one street is seen: how often in each part of the night, how long it is left alone at most, and where."""

    name: str
    priority: int
    seen: str
    passes: tuple[str, ...]
    alone: str
    where: str


@dataclass(frozen=True, eq=False)
class Board:
    """What stands on the commander's sheet."""

    plan: PatrolPlan
    lang: Lang

    def musters(self) -> Iterator[tuple[str, str]]:
        """Yield where crews muster when, and which."""
        names = PlaceNames(self.plan, self.lang)
        groups: dict[tuple[int, Mode, str], list[PlannedCrew]] = {}
        for crew in self.plan.crews:
            when = clock(crew.start, self.plan.timezone)
            groups.setdefault((crew.depot.node, crew.mode, when), []).append(crew)
        for (_, mode, when), crews in groups.items():
            place = fitted(names.name(crews[0].depot, mode), LONGEST_PLACE) or label("depot", self.lang)
            yield f"{place} {when}", joined_ids([fitted(crew.id) for crew in crews], MUSTERED)

    def lines(self) -> Iterator[Line]:
        """Yield every crew against the clock."""
        routes = {route.crew: route for route in self.plan.routes}
        for number, crew in enumerate(self.plan.crews, start=1):
            yield self._line(number, crew, routes.get(crew.id))

    def ticks(self) -> Iterator[tuple[float, str]]:
        """Yield the ticks of the clock in thousandths of the night, with their times."""
        ticks = [(1000 * second / self._night_s, text) for second, text in clock_ticks(self.plan)]
        last = max((at for at, _ in ticks), default=0)
        for at, text in ticks:  # the last one is written to the left of the line's end
            yield at, "" if last > NEAR_END and 0 < last - at < TEXT_WIDTH else text

    def figures(self) -> Iterator[tuple[str, bool]]:
        """Yield in figures how good the plan is, what is required first; and whether it must not stay so."""
        plan = self.plan
        required = [task for task in plan.tasks if task.required]
        done = len(required) - len(self._missed)
        if required:
            yield (
                phrase("required_served", self.lang, done=done, all=len(required), **visits_of(required)),
                done < len(required),
            )
        else:
            yield phrase("nothing_required", self.lang), False
        yield from promises(plan, self.lang)
        visits = [sum(getattr(task, word) for task in plan.tasks) for word in ("visits_done", "visits_wanted")]
        yield phrase("visits_made", self.lang, done=visits[0], all=visits[1]), False
        yield self._worth(), False
        out = sum(bool(route.legs) for route in plan.routes)
        told = phrase("crews_out", self.lang, out=out, all=len(plan.crews))
        yield f"{told}{crews_by_mode(plan, self.lang)}", False
        if (posted := posted_min(plan)) > 0:
            yield phrase("posted", self.lang, minutes=f"{posted:.0f}"), False
        if withdrawn := withdrawn_crews(plan, self.lang):
            yield phrase("withdrawn", self.lang, crews=withdrawn), True

    def _worth(self) -> str:
        """Return what the plan is worth by its goal."""
        goal = self.plan.objective
        if goal.goal == "presence" and goal.seen is not None:
            most = goal.seen_bound
            form = "seen_by" if most is None else "seen_by_of"
            return phrase(form, self.lang, share=f"{goal.seen:.1%}", most="" if most is None else f"{most:.1%}")
        share = f"{goal.prize_collected / goal.prize_total:.1%}" if goal.prize_total else "–"
        return phrase("points_won", self.lang, done=goal.prize_collected, all=goal.prize_total, share=share)

    def measures(self) -> Iterator[tuple[str, str]]:
        """Yield the measures that a commander asks for first, with their names, but those among `figures`."""
        for name in SHOWN:
            value = self.plan.metrics.get(name)
            if value is not None and name not in AMONG_FIGURES:
                yield METRICS[name].label(self.lang), METRICS[name].said(value, self.lang)

    def street_hours(self) -> list[str]:
        """Return when each part of the night begins, as columns of `streets`."""
        return list(self._table.titles())

    def streets(self) -> Iterator[Street]:
        """Yield the streets that are left alone longest, where the plan is made to be seen."""
        if self.plan.objective.goal != "presence":
            return
        for street in self._table.streets[:MOST_STREETS]:
            longest = street.longest
            minutes = 0 if longest is None else longest.length_s // MINUTE_S
            yield Street(
                name=fitted(street.name(self.lang)),
                priority=street.priority,
                seen="–" if street.seen is None else f"{100 * street.seen:.0f} %",
                passes=tuple(f"{passes:.1f}" for passes in street.passes),
                alone=""
                if longest is None
                else phrase("minutes_at", self.lang, minutes=minutes, hours=self._table.hours(longest)),
                where="" if longest is None else self._table.ends(longest.task, self.lang),
            )

    @property
    def more_streets(self) -> int:
        """How many streets there are besides."""
        return max(0, len(self._table.streets) - MOST_STREETS)

    @property
    def _table(self) -> StreetTable:
        return street_table(self.plan, paper_step_s(self.plan))

    def missed(self) -> list[Short]:
        """Return what is required and missed."""
        return self._shorts(self._missed)

    def short(self) -> list[Short]:
        """Return the streets and places short of their visits besides, those first that would add most."""
        return self._shorts(self._others)[:MOST_LEFT_OUT]

    @property
    def more(self) -> int:
        """How many more there are."""
        return max(0, len(self._shorts(self._others)) - MOST_LEFT_OUT)

    @property
    def _missed(self) -> list[PlannedTask]:
        return missed_required(self.plan)

    @property
    def _others(self) -> list[PlannedTask]:
        missed = {task.id for task in self._missed}
        return [task for task in self.plan.left_out if task.id not in missed]

    @property
    def _night_s(self) -> int:
        return max(1, elapsed_s(*self.plan.window))

    def _line(self, number: int, crew: PlannedCrew, route: Route | None) -> Line:
        legs = route.legs if route is not None else ()
        return Line(
            number=number,
            crew=fitted(crew.id),
            hours=hours(route.start, route.end, self.plan.timezone) if route is not None and legs else "–",
            km=f"{sum(leg.length_m for leg in legs) / 1000:.0f}",
            orders=len(itinerary(self.plan).orders(crew.id)),
            stops=sum(leg.kind == "dwell" for leg in legs),
            last=clock(crew.end, self.plan.timezone),
            bars=tuple(self._bars(route)) if route is not None else (),
        )

    def _bars(self, route: Route) -> Iterator[Bar]:
        """Draw legs of one kind in a row as one."""
        for kind, run in groupby(route.legs, key=lambda leg: leg.kind):
            legs = list(run)
            begin = elapsed_s(self.plan.window[0], legs[0].depart)
            width = elapsed_s(legs[0].depart, legs[-1].arrive)
            yield Bar(kind, 1000 * begin / self._night_s, 1000 * width / self._night_s)

    def _shorts(self, tasks: Sequence[PlannedTask]) -> list[Short]:
        """Put sections of one street that are short for one reason into one line, where the first of them stands."""
        alike: dict[tuple[object, ...], list[PlannedTask]] = {}
        for task in tasks:
            reason = None if task.left_out is None else task.left_out.reason
            is_section = task.kind == "street" and task.name
            key = (task.name, task.category, task.priority, reason) if is_section else (task.id,)
            alike.setdefault(key, []).append(task)
        return [self._short(group) for group in alike.values()]

    def _short(self, tasks: Sequence[PlannedTask]) -> Short:
        """Return one line; of several sections it tells what one more visit of the first of them would take."""
        first, *others = tasks
        done, wanted = (sum(getattr(task, word) for task in tasks) for word in ("visits_done", "visits_wanted"))
        ends, reason = section(self.plan, first, self.lang), why(self.plan, first, self.lang)
        if others:
            which = ends or phrase("one_section", self.lang)
            reason = f"{which}{phrase('colon', self.lang)}{reason}"
        return Short(
            name=fitted(first.name) or label("unnamed", self.lang),
            ends=phrase("sections", self.lang, n=len(tasks)) if others else ends,
            kind=fitted(label(first.category, self.lang)),
            priority=first.priority,
            done=f"{done}/{wanted}",
            why=reason,
        )
