"""Effort: what the night costs in kilometres and minutes, and how far it is from the best possible."""

from __future__ import annotations

from patrolroute.plan.metrics.book import Metric, Night
from patrolroute.plan.passes import seconds_between


def driven_km(night: Night) -> float | None:
    """Kilometres of all crews. From 0."""
    return sum(route.length_m for route in night.plan.routes) / 1000


def deadhead_share(night: Night) -> float | None:
    """Metres driven without serving, as a share of all metres (空驶率).

    From 0 to 1; undefined if nobody drives.
    """
    legs = [leg for route in night.plan.routes for leg in route.legs]
    metres = sum(leg.length_m for leg in legs)
    return sum(leg.length_m for leg in legs if leg.kind == "deadhead") / metres if metres else None


def balance(night: Night) -> float | None:
    """Difference of the longest and the shortest route, as a share of the mean: (max − min)/mean of route seconds.

    From 0, which is equal, to the number of crews (均衡度); undefined if no crew leaves its depot.
    """
    seconds = [seconds_between(route.start, route.end) for route in night.plan.routes]
    total = sum(seconds)
    return (max(seconds) - min(seconds)) * len(seconds) / total if total else None


def dwelt_min(night: Night) -> float | None:
    """Minutes that crews dwell at hotspots. From 0."""
    return _minutes(night, ("dwell",))


def parked_min(night: Night) -> float | None:
    """Minutes that crews stand without serving on their routes: waits and breaks. From 0."""
    return _minutes(night, ("wait", "break"))


def gap(night: Night) -> float | None:
    """Distance from the proven upper bound: (bound − points)/bound. From 0 to 1; undefined without a bound."""
    return night.plan.objective.gap


def _minutes(night: Night, kinds: tuple[str, ...]) -> float:
    legs = (leg for route in night.plan.routes for leg in route.legs if leg.kind in kinds)
    return sum(seconds_between(leg.depart, leg.arrive) for leg in legs) / 60


METRICS = (
    Metric("driven_km", "总里程", "kilometres driven", "km", (0, None), "lower", driven_km),
    Metric("deadhead_share", "空驶率", "deadhead share", "share", (0, 1), "lower", deadhead_share),
    Metric("balance", "时长不均衡度", "imbalance of route times", "ratio", (0, None), "lower", balance),
    Metric("dwelt_min", "驻点时长", "minutes dwelt", "min", (0, None), "higher", dwelt_min),
    Metric("parked_min", "等候时长", "minutes parked", "min", (0, None), "lower", parked_min),
    Metric("gap", "与上界差距", "gap to the upper bound", "share", (0, 1), "lower", gap),
)
