"""The commander's sheet: all crews against the clock, the measures, what is left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from patrolroute.output.itinerary import Signs
from patrolroute.output.muster import Musters
from patrolroute.output.picture.list import local
from patrolroute.output.picture.teams import joined_ids
from patrolroute.output.sheets.words import LONGEST_PLACE, MINUTE_S, between, phrase, plain
from patrolroute.output.summary import SHOWN
from patrolroute.output.why import why
from patrolroute.plan.metrics import METRICS
from patrolroute.plan.parts import PlannedCrew, PlannedTask, Route, elapsed_s
from patrolroute.plan.records import PatrolPlan
from patrolroute.words import Lang, LegKind, Mode, label

MOST_LEFT_OUT = 30
"""Tasks short of their visits that are named besides those required and missed; the table has them all."""

STEPS_MIN = (15, 30, 60, 120, 180, 360, 720, 1440)
MOST_TICKS = 10
"""The clock has a tick at every so many minutes, the least of `STEPS_MIN` with no more than `MOST_TICKS`."""

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
    stops: int
    last: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Short:
    """A task short of its visits; of a street the crossings at its ends, too."""

    name: str
    ends: str
    kind: str
    priority: int
    done: str
    why: str


@dataclass(frozen=True, eq=False)
class Board:
    """What stands on the commander's sheet."""

    plan: PatrolPlan
    lang: Lang

    def musters(self) -> Iterator[tuple[str, str]]:
        """Say where crews muster when, and which."""
        names = Musters(self.plan, self.lang)
        groups: dict[tuple[int, Mode, str], list[PlannedCrew]] = {}
        for crew in self.plan.crews:
            clock = f"{local(crew.start, self.plan.timezone):%H:%M}"
            groups.setdefault((crew.depot.node, crew.mode, clock), []).append(crew)
        for (_, mode, clock), crews in groups.items():
            place = plain(names.name(crews[0].depot, mode), LONGEST_PLACE) or label("depot", self.lang)
            yield f"{place} {clock}", joined_ids([plain(crew.id) for crew in crews], MUSTERED)

    def lines(self) -> Iterator[Line]:
        """Give every crew against the clock."""
        routes = {route.crew: route for route in self.plan.routes}
        for number, crew in enumerate(self.plan.crews, start=1):
            yield self._line(number, crew, routes.get(crew.id))

    def ticks(self) -> Iterator[tuple[float, str]]:
        """Give the ticks of the clock in thousandths of the night, with their times."""
        begin, _ = self.plan.window
        minutes = self._night_s / MINUTE_S
        step = next((one for one in STEPS_MIN if minutes / one <= MOST_TICKS), STEPS_MIN[-1]) * MINUTE_S
        start = local(begin, self.plan.timezone)
        since = (start.hour * 60 + start.minute) * MINUTE_S + start.second
        for second in range(-since % step, self._night_s + 1, step):
            moment = begin.astimezone(dt.UTC) + dt.timedelta(seconds=second)
            yield 1000 * second / self._night_s, f"{local(moment, self.plan.timezone):%H:%M}"

    def figures(self) -> Iterator[tuple[str, bool]]:
        """Say in figures how good the plan is, what is required first; and whether it must not stay so."""
        plan, goal = self.plan, self.plan.objective
        required = [task for task in plan.tasks if task.required]
        done = len(required) - len(self._missed)
        if required:
            yield phrase("required_done", self.lang, done=done, all=len(required)), done < len(required)
        else:
            yield phrase("nothing_required", self.lang), False
        visits = [sum(getattr(task, word) for task in plan.tasks) for word in ("visits_done", "visits_wanted")]
        yield phrase("visits_done", self.lang, done=visits[0], all=visits[1]), False
        share = f"{goal.prize_collected / goal.prize_total:.1%}" if goal.prize_total else "–"
        yield phrase("points", self.lang, done=goal.prize_collected, all=goal.prize_total, share=share), False
        out = sum(bool(route.legs) for route in plan.routes)
        yield phrase("sent", self.lang, out=out, all=len(plan.crews)), False

    def measures(self) -> Iterator[tuple[str, str]]:
        """Give the measures that a commander asks for first, with their names."""
        for name in SHOWN:
            value = self.plan.metrics.get(name)
            if value is not None:
                yield METRICS[name].label(self.lang), METRICS[name].said(value, self.lang)

    def missed(self) -> list[Short]:
        """Give what is required and missed."""
        return [self._short(task) for task in self._missed]

    def short(self) -> list[Short]:
        """Give the tasks short of their visits besides, those first that would add most."""
        return [self._short(task) for task in self._others[:MOST_LEFT_OUT]]

    @property
    def more(self) -> int:
        """How many more there are."""
        return max(0, len(self._others) - MOST_LEFT_OUT)

    @property
    def requires(self) -> bool:
        """Whether anything is required."""
        return any(task.required for task in self.plan.tasks)

    @property
    def _missed(self) -> list[PlannedTask]:
        return [task for task in self.plan.left_out if task.required and not task.visits_done]

    @property
    def _others(self) -> list[PlannedTask]:
        return [task for task in self.plan.left_out if not task.required or task.visits_done]

    @property
    def _night_s(self) -> int:
        return max(1, elapsed_s(*self.plan.window))

    def _line(self, number: int, crew: PlannedCrew, route: Route | None) -> Line:
        legs = route.legs if route is not None else ()
        ends = (route.start, route.end) if route is not None and legs else ()
        return Line(
            number=number,
            crew=plain(crew.id),
            hours="–".join(f"{local(moment, self.plan.timezone):%H:%M}" for moment in ends) or "–",
            km=f"{sum(leg.length_m for leg in legs) / 1000:.0f}",
            stops=sum(leg.kind == "dwell" for leg in legs),
            last=f"{local(crew.end, self.plan.timezone):%H:%M}",
            bars=tuple(self._bars(route)) if route is not None else (),
        )

    def _bars(self, route: Route) -> Iterator[Bar]:
        """Draw legs of one kind in a row as one."""
        for kind, run in groupby(route.legs, key=lambda leg: leg.kind):
            legs = list(run)
            begin = elapsed_s(self.plan.window[0], legs[0].depart)
            width = elapsed_s(legs[0].depart, legs[-1].arrive)
            yield Bar(kind, 1000 * begin / self._night_s, 1000 * width / self._night_s)

    def _short(self, task: PlannedTask) -> Short:
        return Short(
            name=plain(task.name) or label("unnamed", self.lang),
            ends=self._ends(task),
            kind=plain(label(task.category, self.lang)),
            priority=task.priority,
            done=f"{task.visits_done}/{task.visits_wanted}",
            why=why(self.plan, task, self.lang),
        )

    def _ends(self, task: PlannedTask) -> str:
        signs = self._signs.get(task.mode)
        if signs is None or not task.directions or not task.directions[0]:
            return ""
        chain = task.directions[0]
        return between(signs.crossing(chain[0][0], task.name), signs.crossing(chain[-1][1], task.name))

    @cached_property
    def _signs(self) -> dict[Mode, Signs]:
        return {mode: Signs(network) for mode, network in self.plan.networks.items()}
