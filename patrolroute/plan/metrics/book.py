"""What every metric is worked out from: lengths, weights, passes and gaps of one plan, each found once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal, TypeAlias

from patrolroute.network.incident import Incident
from patrolroute.plan.metrics.reach import Arrivals, ResponseTable, incident_arrivals, response_table
from patrolroute.plan.parts import PlannedTask
from patrolroute.plan.passes import Journey, Pass, all_passes, direction_length_m, journeys, seconds_between
from patrolroute.plan.records import PatrolPlan
from patrolroute.units import Seconds
from patrolroute.words import Lang

Span: TypeAlias = tuple[Seconds, Seconds]


@dataclass(frozen=True, eq=False)
class Night:
    """One plan opened for measuring, and points of demand beside its tasks. Seconds count from the window's begin."""

    plan: PatrolPlan
    incidents: tuple[Incident, ...] = ()

    @cached_property
    def window_s(self) -> Seconds:
        """T: the length of the plan's window."""
        return seconds_between(*self.plan.window)

    @cached_property
    def streets(self) -> tuple[PlannedTask, ...]:
        """Street segments."""
        return tuple(task for task in self.plan.tasks if task.kind == "street")

    @cached_property
    def hotspots(self) -> tuple[PlannedTask, ...]:
        """Hotspots."""
        return tuple(task for task in self.plan.tasks if task.kind == "hotspot")

    @cached_property
    def length_m(self) -> dict[str, float]:
        """Metres of each street segment, the mean of its directions."""
        nets = self.plan.networks
        return {
            task.id: direction_length_m(nets[task.mode], task.directions) if task.mode in nets else 0.0
            for task in self.streets
        }

    def weight(self, street: PlannedTask) -> float:
        """Give w·l of a street segment: priority times metres."""
        return street.priority * self.length_m[street.id]

    @cached_property
    def journeys(self) -> tuple[Journey, ...]:
        """Every crew's night, arc by arc."""
        return journeys(self.plan)

    @cached_property
    def passes(self) -> dict[str, tuple[Pass, ...]]:
        """Every pass of every task."""
        return all_passes(self.plan, self.journeys)

    @cached_property
    def visits(self) -> Counter[str]:
        """n: the number of counted visits of each task, at most one in a slice."""
        legs = (leg for route in self.plan.routes for leg in route.legs)
        return Counter(task for task, _ in {(leg.task, leg.visit) for leg in legs if leg.counted and leg.task})

    @cached_property
    def open_spans(self) -> dict[str, tuple[Span, ...]]:
        """When each task is looked at: a hotspot in its opening hours within the window, a street all night."""
        return {task.id: self._open(task) for task in self.plan.tasks}

    @cached_property
    def present_spans(self) -> dict[str, tuple[Span, ...]]:
        """When somebody is at each task within its open spans; a street is passed at the second its pass begins."""
        return {task.id: self._present(task) for task in self.plan.tasks}

    @cached_property
    def gaps(self) -> dict[str, tuple[Seconds, ...]]:
        """d_i: the seconds of each stretch of a task's open spans without anybody, both boundary gaps included."""
        return {task: _gaps(spans, self.present_spans[task]) for task, spans in self.open_spans.items()}

    @cached_property
    def response(self) -> ResponseTable:
        """Seconds from the nearest crew to every task, every half minute."""
        return response_table(self.plan, self.journeys)

    @cached_property
    def incident_response(self) -> Arrivals:
        """Seconds from the nearest crew to every incident, every half minute."""
        return incident_arrivals(self.plan, self.journeys, self.incidents)

    def _open(self, task: PlannedTask) -> tuple[Span, ...]:
        if not task.windows:
            return ((0, self.window_s),)
        zero = self.plan.window[0]
        spans = [(seconds_between(zero, opens), seconds_between(zero, closes)) for opens, closes in task.windows]
        return union((max(0, opens), min(self.window_s, closes)) for opens, closes in spans)

    def _present(self, task: PlannedTask) -> tuple[Span, ...]:
        if task.kind == "street":
            return tuple((one.begin_s, one.begin_s) for one in self.passes[task.id])
        stays = union((one.begin_s, one.end_s) for one in self.passes[task.id])
        return overlap(stays, self.open_spans[task.id])


Better: TypeAlias = Literal["higher", "lower"]
Function: TypeAlias = Callable[[Night], float | None]


@dataclass(frozen=True, slots=True)
class Metric:
    """One measure of a plan.

    Parameters
    ----------
    name
        Key in ``plan.metrics`` and in plan.json.
    label_zh, label_en
        What a planner reads.
    unit
        ``share`` (0 to 1), ``s``, ``min``, ``km`` or ``ratio``.
    range
        Least and greatest value; None if there is no greatest.
    better
        Whether a higher or a lower value is better.
    function
        Gives the value, None where it is undefined; its docstring is the formula with its source.
    """

    name: str
    label_zh: str
    label_en: str
    unit: str
    range: tuple[float, float | None]
    better: Better
    function: Function

    def said(self, value: float, lang: Lang) -> str:
        """Write a value with its unit: shares in per cent, seconds in minutes."""
        match self.unit:
            case "share":
                return f"{100 * value:.1f} %"
            case "s" | "min":
                return f"{value / 60 if self.unit == 's' else value:.1f} {'分钟' if lang == 'zh' else 'min'}"
            case "km":
                return f"{value:.1f} {'公里' if lang == 'zh' else 'km'}"
        return f"{value:.2f}"

    @property
    def formula(self) -> str:
        """The formula in words, with its source."""
        return "\n".join(line.strip() for line in (self.function.__doc__ or "").strip().splitlines())

    def label(self, lang: Lang = "zh") -> str:
        """Give what a planner reads."""
        return self.label_zh if lang == "zh" else self.label_en


def union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Join spans that touch or overlap; empty ones vanish.

    Examples
    --------
    >>> union([(5, 9), (0, 3), (3, 4), (8, 8), (10, 2)])
    ((0, 4), (5, 9))
    """
    joined: list[Span] = []
    for begin, end in sorted(span for span in spans if span[0] < span[1]):
        if joined and begin <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((begin, end))
    return tuple(joined)


def overlap(some: Iterable[Span], others: Sequence[Span]) -> tuple[Span, ...]:
    """Give the parts of spans that lie in others.

    Examples
    --------
    >>> overlap([(0, 5), (8, 12)], [(3, 9)])
    ((3, 5), (8, 9))
    """
    return union((max(one[0], two[0]), min(one[1], two[1])) for one in some for two in others)


def mean(pairs: Iterable[tuple[float, float]]) -> float | None:
    """Give the mean of (weight, value) pairs, None if nothing weighs anything.

    Examples
    --------
    >>> mean([(1, 2.0), (3, 6.0)]), mean([])
    (5.0, None)
    """
    known = tuple(pairs)
    weight = sum(pair[0] for pair in known)
    return sum(pair[0] * pair[1] for pair in known) / weight if weight else None


def _gaps(spans: Sequence[Span], present: Sequence[Span]) -> tuple[Seconds, ...]:
    """Give what of each span lies before, between and after presence."""
    gaps: list[Seconds] = []
    for begin, end in spans:
        inside = [span for span in present if begin <= span[0] and span[1] <= end]
        marks = [(begin, begin), *inside, (end, end)]
        gaps.extend(two[0] - one[1] for one, two in pairwise(marks))
    return tuple(gaps)
