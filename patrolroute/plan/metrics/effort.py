"""Effort: what the night costs in kilometres and minutes, and how far it is from the best possible."""

from __future__ import annotations

from patrolroute.plan.metrics.book import Metric, Night
from patrolroute.plan.passes import seconds_between


def driven_km(night: Night) -> float | None:
    """Kilometres of all crews: Σ metres of legs / 1000 (Toth & Vigo 2014, doi:10.1137/1.9781611973594). From 0."""
    return sum(route.length_m for route in night.plan.routes) / 1000


def deadhead_share(night: Night) -> float | None:
    """Metres driven without serving, as a share of all metres (空驶率).

    Deadheading as in arc routing (Golden & Wong 1981, doi:10.1002/net.3230110308). From 0 to 1; undefined if nobody
    drives.
    """
    legs = [leg for route in night.plan.routes for leg in route.legs]
    metres = sum(leg.length_m for leg in legs)
    return sum(leg.length_m for leg in legs if leg.kind == "deadhead") / metres if metres else None


def balance(night: Night) -> float | None:
    """Difference of the longest and the shortest route, as a share of the mean: (max − min)/mean of route seconds.

    The range over the mean, one of the measures of equity of Matl, Hartl & Vidal 2018 (doi:10.1287/trsc.2017.0744).
    From 0, which is equal, to the number of crews (均衡度); undefined if no crew leaves its depot.
    """
    seconds = [seconds_between(route.start, route.end) for route in night.plan.routes]
    total = sum(seconds)
    return (max(seconds) - min(seconds)) * len(seconds) / total if total else None


def dwelt_min(night: Night) -> float | None:
    """Minutes that crews dwell at hotspots: Σ seconds of dwells / 60, the dose of Koper 1995. From 0."""
    return _minutes(night, ("dwell",))


def parked_min(night: Night) -> float | None:
    """Minutes that crews stand without serving on their routes: Σ seconds of waits and breaks / 60.

    Waiting as in routing with time windows (Solomon 1987, doi:10.1287/opre.35.2.254). From 0.
    """
    return _minutes(night, ("wait", "break"))


def gap(night: Night) -> float | None:
    """Distance from the proven upper bound: (bound − points)/bound, as in integer programming (Wolsey 1998).

    From 0 to 1; undefined without a bound.
    """
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
