"""Response: how soon the nearest crew could be at a place, and the two meanings of 1-3-5."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import TypeAlias

import numpy as np

from patrolroute.base.arguments import checked, checked_fields
from patrolroute.base.errors import Complaints, ProblemError
from patrolroute.base.text import RINGS, require_lang
from patrolroute.base.vocabulary import BoolArray, FloatArray, Lang, Seconds
from patrolroute.metrics.context import Arrivals, Function, Metric, PlanMeasures, response_table
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.passes import Journey
from patrolroute.plan.records import PlannedTask

PERCENTS = (50, 80, 90, 95)
MINUTES = (1, 3, 5)

Demand: TypeAlias = Callable[[PlanMeasures], Arrivals]


def response_quantile(table: Arrivals, share: float) -> float | None:
    """Return the least seconds within which a share of the demand is reached, each place with its weight.

    None if no crew can come to so large a share, or there is nothing to reach.
    """
    seconds, weights = _weighted(table)
    if not weights.sum():
        return None
    order = np.argsort(seconds, kind="stable")
    reached = np.cumsum(weights[order])
    place = int(np.searchsorted(reached, share * reached[-1] * (1 - 1e-12)))
    value = float(seconds[order][place])
    return value if np.isfinite(value) else None


def response_share(table: Arrivals, within_s: float) -> float | None:
    """Return the share of the demand that is reached within some seconds, each place with its weight."""
    seconds, weights = _weighted(table)
    return float(weights[seconds <= within_s].sum() / weights.sum()) if weights.sum() else None


def _weighted(table: Arrivals) -> tuple[FloatArray, FloatArray]:
    return table.seconds.ravel(), np.broadcast_to(table.weights, table.seconds.shape).ravel()


TASKS = "every task, weighted by priority,"
INCIDENTS = "every incident that is given, with its weight,"


def _quantile(percent: int, demand: Demand, words: str) -> Function:
    def response(night: PlanMeasures) -> float | None:
        return response_quantile(demand(night), percent / 100)

    response.__doc__ = f"""Seconds within which the nearest crew on duty reaches {percent} % of the demand.

    Demand is {words} at every half minute of the window. A crew drives on to the end of its
    arc, then the quickest way, turns free (Larson 1974, doi:10.1016/0305-0548(74)90076-8). From 0; undefined if fewer
    can be reached.
    """
    return response


def _within(minutes: int, demand: Demand, words: str) -> Function:
    def response(night: PlanMeasures) -> float | None:
        return response_share(demand(night), 60 * minutes)

    response.__doc__ = f"""Share of the demand that the nearest crew on duty reaches within {minutes} min.

    Demand is {words} at every half minute of the window; covered or not within a time is
    after Church & ReVelle 1974 (doi:10.1007/BF01942293). From 0 to 1; undefined without demand.
    """
    return response


def _tasks(night: PlanMeasures) -> Arrivals:
    return night.response


def _incidents(night: PlanMeasures) -> Arrivals:
    return night.incident_response


SHARES = {50: "半数", 80: "八成", 90: "九成", 95: "九成半"}
"""The percentiles as people say them."""

METRICS = (
    *(
        Metric(f"response_p{p}_s", f"{SHARES[p]}以上地点几分钟内可到", f"response time, {p} %", "s", (0, None), "lower",
               _quantile(p, _tasks, TASKS))
        for p in PERCENTS
    ),
    *(
        Metric(f"response_within_{n}_min", f"{n}分钟到场率", f"reached within {n} min", "share", (0, 1), "higher",
               _within(n, _tasks, TASKS))
        for n in MINUTES
    ),
)  # fmt: skip

INCIDENT_METRICS = (
    *(
        Metric(f"incidents_p{p}_s", f"{SHARES[p]}以上警情几分钟内可到", f"response time to incidents, {p} %", "s",
               (0, None), "lower", _quantile(p, _incidents, INCIDENTS))
        for p in PERCENTS
    ),
    *(
        Metric(f"incidents_within_{n}_min", f"警情{n}分钟到场率", f"incidents reached within {n} min", "share", (0, 1),
               "higher", _within(n, _incidents, INCIDENTS))
        for n in MINUTES
    ),
)  # fmt: skip
"""Measured only where incidents are given."""


@checked_fields
@dataclass(frozen=True, slots=True)
class PlaceClass:
    """A class of places and how soon a crew should be there.

    Parameters
    ----------
    label_zh, label_en
        What a planner reads.
    within_s
        Seconds, at least 0.
    kinds
        ``street``, ``hotspot`` or kinds of hotspots; all if not given.
    least_priority
        Places below it belong to a later class.
    """

    label_zh: str
    label_en: str
    within_s: Seconds
    kinds: frozenset[str] | None = None
    _: KW_ONLY
    least_priority: int = 1

    def holds(self, task: PlannedTask) -> bool:
        """Return whether a task is of this class."""
        named = self.kinds is None or not self.kinds.isdisjoint((task.kind, task.category))
        return named and task.priority >= self.least_priority


PLACE_CLASSES = (
    PlaceClass("重点部位", "key places", 60, least_priority=5),
    PlaceClass("一般部位", "ordinary places", 180, least_priority=3),
    PlaceClass("其他部位", "other places", 300),
)
"""Priority 5 within one minute, 3 and 4 within three, the rest within five."""


@checked_fields
@dataclass(frozen=True, slots=True)
class ForceTier:
    """A tier of force and how soon one of its crews should be at any place.

    Parameters
    ----------
    label_zh, label_en
        What a planner reads.
    within_s
        Seconds, at least 0.
    crews
        Ids of crews, or what their ids begin with.
    """

    label_zh: str
    label_en: str
    within_s: Seconds
    crews: tuple[str, ...]

    def holds(self, crew: str) -> bool:
        """Return whether a crew is of this tier."""
        return crew.startswith(tuple(self.crews))


@dataclass(frozen=True, slots=True)
class Ring:
    """How well one class or tier keeps its time.

    Parameters
    ----------
    label_zh, label_en, within_s
        As in the class or tier.
    in_time
        Share of its demand reached in time, 0 to 1; None without demand.
    p90_s
        Seconds within which 90 % of it is reached; None if fewer can be.
    """

    label_zh: str
    label_en: str
    within_s: Seconds
    in_time: float | None
    p90_s: float | None


@dataclass(frozen=True, slots=True)
class Rings:
    """1-3-5 of a night: each ring, and the share of all demand for which every ring's promise is kept."""

    rings: tuple[Ring, ...]
    in_time: float | None

    @checked
    def summary(self, lang: Lang = "zh") -> str:
        """Return it in words, one ring a line."""
        require_lang(lang)
        lines = [_sentence(ring, lang) for ring in self.rings]
        whole = _percent(self.in_time)
        return "\n".join([*lines, RINGS.say("whole", lang, share=whole)])


@checked
def response_by_class(plan: PatrolPlan, classes: Sequence[PlaceClass] = PLACE_CLASSES) -> Rings:
    """Measure 1-3-5 by class of place: key places within 1 minute, ordinary ones within 3, the rest within 5.

    Demand is every task, weighted by priority, at every half minute of the window. A task belongs to the first class
    that holds it; one that no class holds asks for nothing.

    Parameters
    ----------
    plan
        The plan.
    classes
        Classes in the order in which they claim tasks.

    References
    ----------
    Maximal covering with a standard for each class: Church & ReVelle 1974 (doi:10.1007/BF01942293).
    """
    return _by_class(PlanMeasures(plan), classes)


@checked
def response_by_tier(plan: PatrolPlan, tiers: Sequence[ForceTier]) -> Rings:
    """Measure 1-3-5 by tier of force: the nearest crew of each tier at any place within the tier's own time.

    Demand is every task, weighted by priority, at every half minute of the window; all is in time where
    every tier is.

    Parameters
    ----------
    plan
        The plan.
    tiers
        Such as patrol cars within 1 minute, special police within 3, sub-bureaus within 5.

    Raises
    ------
    ProblemError
        If no crew of the plan is of a tier, naming each such tier.

    References
    ----------
    Coverage by several tiers at once: Moore & ReVelle 1982 (doi:10.1287/mnsc.28.7.775).
    """
    night = PlanMeasures(plan)
    forces = [tuple(one for one in night.journeys if tier.holds(one.crew.id)) for tier in tiers]
    _require_crews(tiers, forces)
    tables = [response_table(plan, force) for force in forces]
    rings = tuple(
        _ring(tier.label_zh, tier.label_en, tier.within_s, table) for tier, table in zip(tiers, tables, strict=True)
    )
    kept = [table.seconds <= tier.within_s for tier, table in zip(tiers, tables, strict=True)]
    return Rings(rings, _share(tables[0], np.logical_and.reduce(kept)) if tables else None)


def response_class_in_time(night: PlanMeasures) -> float | None:
    """Share of the demand that the nearest crew on duty reaches within the time of its class of place (1-3-5).

    Priority 5 within 1 min, 3 and 4 within 3, the rest within 5; demand is every task, weighted by priority, at every
    half minute of the window; covered or not within a time is after Church & ReVelle 1974
    (doi:10.1007/BF01942293). From 0 to 1; undefined without tasks.
    """
    return _by_class(night, PLACE_CLASSES).in_time


def _by_class(night: PlanMeasures, classes: Sequence[PlaceClass]) -> Rings:
    table = night.response
    first = {task.id: next((kind for kind in classes if kind.holds(task)), None) for task in table.tasks}
    parts = [table.only(lambda task, kind=kind: first[task.id] is kind) for kind in classes]  # type: ignore[misc]
    rings = tuple(
        _ring(kind.label_zh, kind.label_en, kind.within_s, part) for kind, part in zip(classes, parts, strict=True)
    )
    asked = [(float(part.weights.sum()), ring.in_time) for part, ring in zip(parts, rings, strict=True)]
    weight = sum(weight for weight, in_time in asked if in_time is not None)
    kept = sum(weight * in_time for weight, in_time in asked if in_time is not None)
    return Rings(rings, kept / weight if weight else None)


def _ring(label_zh: str, label_en: str, within_s: Seconds, table: Arrivals) -> Ring:
    return Ring(label_zh, label_en, within_s, response_share(table, within_s), response_quantile(table, 0.9))


def _share(table: Arrivals, kept: BoolArray) -> float | None:
    """Return the share of the demand, each place with its weight, for which something holds."""
    weight = float(table.weights.sum()) * len(table.at_s)
    return float((kept * table.weights).sum() / weight) if weight else None


def _require_crews(tiers: Sequence[ForceTier], forces: Sequence[tuple[Journey, ...]]) -> None:
    complaints = Complaints()
    for tier, force in zip(tiers, forces, strict=True):
        if not force:
            complaints.add(f"tier {tier.label_en!r}: no crew's id is or begins with {', '.join(map(repr, tier.crews))}")
    complaints.raise_as(ProblemError)


def _sentence(ring: Ring, lang: Lang) -> str:
    return RINGS.say(
        "ring",
        lang,
        name=ring.label_zh if lang == "zh" else ring.label_en,
        share=_percent(ring.in_time),
        within=f"{ring.within_s / 60:g}",
        p90="—" if ring.p90_s is None else f"{ring.p90_s / 60:.1f}",
    )


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{100 * share:.1f} %"


RING_METRICS = (
    Metric("response_class_in_time", "分级快反达标率", "reached in the time of its class", "share", (0, 1), "higher",
           response_class_in_time),
)  # fmt: skip
