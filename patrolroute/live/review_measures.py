"""The planned night and the driven one by the same measures, the driven one also as far as fixes show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from patrolroute.metrics import METRICS
from patrolroute.metrics.context import PlanMeasures
from patrolroute.plan.records import Route

if TYPE_CHECKING:
    from patrolroute.live.review import Review

_nights: WeakKeyDictionary[Review, tuple[PlanMeasures, PlanMeasures]] = WeakKeyDictionary()


def nights_of(review: Review) -> tuple[PlanMeasures, PlanMeasures]:
    """Return the planned night and the driven one, opened for measuring, once for each review."""
    found = _nights.get(review)
    if found is None:
        found = _nights[review] = PlanMeasures(review.plan), PlanMeasures(review.driven)
    return found


def measures_of(review: Review) -> dict[str, tuple[float | None, float | None, float | None]]:
    """Return every measure by name: planned, driven, and driven as far as fixes show it."""
    planned, driven = review.plan.metrics, review.driven.metrics
    own: dict[str, float | None] = driven
    if any(review.weak.values()):
        strong = _Strong(nights_of(review)[1], review.weak)
        own = {name: metric.function(strong) for name, metric in METRICS.items()}
        own = {name: None if value is None else float(f"{value:.6g}") for name, value in own.items()}
    return {name: (planned[name], driven[name], own[name]) for name in METRICS}


class _Strong(PlanMeasures):
    """Measures of a driven night by strong evidence alone: what fixes do not show is neither seen nor driven."""

    def __init__(self, night: PlanMeasures, weak: Mapping[str, frozenset[int]]) -> None:
        zero, spans = night.plan.window[0].timestamp(), dict[str, list[tuple[float, float]]]()
        routes = list[Route]()
        for route in night.plan.routes:
            unseen = weak.get(route.crew, frozenset[int]())
            legs = [leg for place, leg in enumerate(route.legs) if place in unseen]
            spans[route.crew] = [(leg.depart.timestamp() - zero, leg.arrive.timestamp() - zero) for leg in legs]
            routes.append(
                replace(route, legs=tuple(leg for place, leg in enumerate(route.legs) if place not in unseen))
            )
        super().__init__(replace(night.plan, routes=tuple(routes)))
        passes = {
            task: tuple(
                one for one in some if not any(first <= one.begin_s < last for first, last in spans.get(one.crew, ()))
            )
            for task, some in night.passes.items()
        }
        self.__dict__.update(journeys=night.journeys, passes=passes)  # where its own would be kept once worked out
