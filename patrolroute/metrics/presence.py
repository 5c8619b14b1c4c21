"""Presence and idleness: how often somebody is seen, how long nobody is. Every pass counts, deadheads too.

All integrals over time are exact: between two passes everything is a polynomial of the gap.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from patrolroute.base.vocabulary import Seconds
from patrolroute.metrics.context import Metric, PlanMeasures, mean
from patrolroute.plan.passes import TAU_S, unseen_s
from patrolroute.plan.records import PlannedTask
from patrolroute.plan.seen import key_hours_share, share_away, street_share


def idleness(gaps: Sequence[Seconds], window_s: Seconds) -> float:
    """Return the mean time since the last pass: Σ d² / (2T).

    Examples
    --------
    >>> idleness((50, 50), 100), idleness((100,), 100), idleness((0, 100), 100)
    (25.0, 50.0, 50.0)
    """
    return sum(gap * gap for gap in gaps) / (2 * window_s)


def sighting(gaps: Sequence[Seconds], window_s: Seconds, tau_s: Seconds = TAU_S) -> float:
    """Return the chance that somebody who stays ``tau_s`` sees a car: 1 − Σ max(0, d − τ) / (T − τ).

    In a window not longer than ``tau_s`` whoever is there all along sees every car.

    Parameters
    ----------
    gaps
        Seconds between the times at which a car is seen, the window's ends included.
    window_s
        T: the length of the window, seconds.
    tau_s
        τ: how long somebody stays, seconds.

    Examples
    --------
    >>> sighting((50, 50), 100, 10), sighting((100,), 100, 10), sighting((50, 50), 100, 50), sighting((8,), 8, 10)
    (0.11111111111111116, 0.0, 1.0, 0.0)
    """
    if window_s <= tau_s:
        return float(max(gaps) < window_s)
    return 1 - unseen_s(gaps, tau_s) / (window_s - tau_s)


def variation(gaps: Sequence[Seconds]) -> float:
    """Return the coefficient of variation: standard deviation over mean.

    Examples
    --------
    >>> variation((50, 50)), variation((0, 100))
    (0.0, 1.0)
    """
    middle = sum(gaps) / len(gaps)
    return math.sqrt(sum((gap - middle) ** 2 for gap in gaps) / len(gaps)) / middle if middle else 0.0


def _of_night(night: PlanMeasures, task: PlannedTask) -> Seconds:
    """Return T of a street: the night, or the hours in which it matters."""
    return _open_s(night, task.id) if task.windows else night.window_s


def _sighting(night: PlanMeasures, task: PlannedTask) -> float:
    """Return the sighting probability of a street, in its own hours if it has some."""
    if not task.windows:
        return sighting(night.gaps[task.id], night.window_s)
    return street_share(night.plan, task, night.marks[task.id])


def _idleness(night: PlanMeasures, task: PlannedTask) -> float:
    return idleness(night.gaps[task.id], max(1, _of_night(night, task)))


def _worst(night: PlanMeasures, task: PlannedTask) -> Seconds:
    return max(night.gaps[task.id], default=0)


def idleness_average_s(night: PlanMeasures) -> float | None:
    """Average idleness of the streets by priority and length (加权平均空档): Σ w·l·(Σ d²/(2T)) / Σ w·l.

    Idleness is the time since the last pass (Machado et al. 2002, doi:10.1007/3-540-36483-8_11). Seconds, from 0 to
    T/2, which is a night without a single pass; undefined without streets.
    """
    if night.window_s <= 0:
        return None
    return mean((night.weight(task), _idleness(night, task)) for task in night.streets)


def idleness_length_s(night: PlanMeasures) -> float | None:
    """Average idleness of the streets by length alone, every metre alike (平均空档): Σ l·(Σ d²/(2T)) / Σ l.

    Machado et al. 2002 (doi:10.1007/3-540-36483-8_11). Seconds, from 0 to T/2; undefined without streets.
    """
    if night.window_s <= 0:
        return None
    return mean((night.length_m[task.id], _idleness(night, task)) for task in night.streets)


def idleness_worst_s(night: PlanMeasures) -> float | None:
    """Worst idleness of any street (最长空档): max d.

    Chevaleyre 2004 (doi:10.1109/IAT.2004.1342951). Seconds, from 0 to T; undefined without streets.
    """
    return max((float(_worst(night, task)) for task in night.streets), default=None)


def idleness_worst_weighted_s(night: PlanMeasures) -> float | None:
    """Worst idleness of any street by priority: max w·d.

    Weighted as by Afshani et al. 2020. Seconds times priority, from 0 to 5·T; undefined without streets.
    """
    return max((float(task.priority * _worst(night, task)) for task in night.streets), default=None)


def hotspot_idleness_average_s(night: PlanMeasures) -> float | None:
    """Average idleness of the hotspots inside their opening hours only: Σ w·(Σ d²/(2·open)) / Σ w.

    Nobody waits while a crew dwells. Machado et al. 2002 (doi:10.1007/3-540-36483-8_11). Seconds, from 0 to half the
    opening hours; undefined without open hotspots.
    """
    return mean(
        (task.priority, idleness(night.gaps[task.id], _open_s(night, task.id)))
        for task in night.hotspots
        if _open_s(night, task.id)
    )


def hotspot_idleness_worst_s(night: PlanMeasures) -> float | None:
    """Worst idleness of any hotspot inside its opening hours only: max d.

    Chevaleyre 2004 (doi:10.1109/IAT.2004.1342951). Seconds, from 0 to T; undefined without open hotspots.
    """
    return max((float(gap) for task in night.hotspots for gap in night.gaps[task.id]), default=None)


def hotspot_idleness_worst_weighted_s(night: PlanMeasures) -> float | None:
    """Worst idleness of any hotspot by priority inside its opening hours only: max w·d.

    Weighted as by Afshani et al. 2020. Seconds times priority, from 0 to 5·T; undefined without open hotspots.
    """
    return max((float(task.priority * gap) for task in night.hotspots for gap in night.gaps[task.id]), default=None)


def sighting_probability(night: PlanMeasures) -> float | None:
    """Chance that somebody who spends 15 minutes on a street sees a car (见警率).

    Σ w·l·(1 − Σ max(0, d − τ)/(T − τ)) / Σ w·l with τ = 15 min, at a uniformly random time, exact: the time to the
    next pass as in renewal theory (Cox 1962). From 0 to 1; undefined without streets.
    """
    if night.window_s <= 0:
        return None
    return mean((night.weight(task), _sighting(night, task)) for task in night.streets)


def sighting_worst(night: PlanMeasures) -> float | None:
    """Chance that somebody who spends 15 minutes on the least patrolled street sees a car (最低见警率).

    min (1 − Σ max(0, d − τ)/(T − τ)) with τ = 15 min (Cox 1962). From 0 to 1; undefined without streets.
    """
    if night.window_s <= 0:
        return None
    return min((_sighting(night, task) for task in night.streets), default=None)


def unseen_worst_weighted_s(night: PlanMeasures) -> float | None:
    """Time at which somebody who comes to a street for 15 minutes sees no car, of the worst street by priority.

    max w·Σ max(0, d − τ) with τ = 15 min (Cox 1962). Seconds times priority, from 0 to 5·T; undefined without streets.
    """
    return max((float(task.priority * unseen_s(night.gaps[task.id])) for task in night.streets), default=None)


def hotspot_unseen_worst_weighted_s(night: PlanMeasures) -> float | None:
    """Time at which somebody who comes to an open hotspot for 15 minutes sees no car, of the worst by priority.

    max w·Σ max(0, d − τ) inside the opening hours, τ = 15 min (Cox 1962). Seconds times priority, from 0 to 5·T;
    undefined without open hotspots.
    """
    return max(
        (float(task.priority * unseen_s(gaps)) for task in night.hotspots if (gaps := night.gaps[task.id])),
        default=None,
    )


def presence_hotspots(night: PlanMeasures) -> float | None:
    """Share of the opening hours with a crew at the hotspot: Σ w·(present/open) / Σ w.

    Patrol time at hot spots after Koper 1995 (doi:10.1080/07418829500096231). From 0 to 1; undefined without open
    hotspots.
    """
    return mean(
        (task.priority, sum(end - begin for begin, end in night.present_spans[task.id]) / _open_s(night, task.id))
        for task in night.hotspots
        if _open_s(night, task.id)
    )


def headway_variation(night: PlanMeasures) -> float | None:
    """Irregularity of the time between passes: Σ w·l·CV(d) / Σ w·l over the streets that are passed at all.

    CV is the standard deviation of the gaps over their mean, boundary gaps included, as of buses (Osuna & Newell 1972,
    doi:10.1287/trsc.6.1.52); 0 is evenly spaced. Undefined if no street is passed.
    """
    return mean((night.weight(task), variation(night.gaps[task.id])) for task in night.streets if night.passes[task.id])


def expected_wait_s(night: PlanMeasures) -> float | None:
    """Mean wait for the next pass at a random moment without one: Σ w·(Σ d²/(2·Σ d)) / Σ w.

    Over all tasks (Osuna & Newell 1972, doi:10.1287/trsc.6.1.52). Seconds, from 0 to T/2; undefined without
    tasks that are ever open.
    """
    return mean(
        (task.priority, idleness(gaps, max(1, sum(gaps)))) for task in night.plan.tasks if (gaps := night.gaps[task.id])
    )


def _open_s(night: PlanMeasures, task: str) -> Seconds:
    return sum(end - begin for begin, end in night.open_spans[task])


def sighting_key_hours(night: PlanMeasures) -> float | None:
    """Sighting probability of the streets in their key hours (重点时段见警率), each by its weight.

    1 − Σ w·l·∫ k·unseen / Σ w·l·∫ k over the key hours of each street, k their weight, from the night's begin to a
    quarter of an hour before its end; renewal theory as in Osuna & Newell 1972 (doi:10.1287/trsc.6.1.52). From 0 to 1;
    undefined without key hours.
    """
    return key_hours_share(night.plan)


def promises_kept(night: PlanMeasures) -> float | None:
    """Share of the streets with a promised longest gap that are never left alone for longer (承诺兑现率).

    max d ≤ the promise, as a worst idleness (Chevaleyre 2004, doi:10.1109/IAT.2004.1342951) street by street. From 0 to
    1; undefined where nothing is promised.
    """
    promised = [task for task in night.streets if task.max_gap_s is not None]
    kept = [_worst(night, task) <= (task.max_gap_s or 0) for task in promised]
    return sum(kept) / len(kept) if kept else None


def passes_away(night: PlanMeasures) -> float | None:
    """Share of the passes of streets that crews make away from their own part (就近范围外巡逻占比).

    A crew's own part is its patrol area, or else all streets whose midpoint lies within so many metres of its depots,
    in a straight line; what the share of interdistrict dispatches is for calls (Larson 1974,
    doi:10.1016/0305-0548(74)90076-8). From 0 to 1; undefined where near home is not asked for or no street is passed.
    """
    return share_away(night.plan, night.passes)


METRICS = (
    Metric("idleness_average_s", "加权平均空档", "average idleness by priority", "s", (0, None), "lower",
           idleness_average_s),
    Metric("idleness_length_s", "平均空档", "average idleness", "s", (0, None), "lower", idleness_length_s),
    Metric("idleness_worst_s", "最长空档", "worst idleness", "s", (0, None), "lower", idleness_worst_s),
    Metric("idleness_worst_weighted_s", "按级别折算的最长空档", "worst idleness by priority", "s", (0, None), "lower",
           idleness_worst_weighted_s),
    Metric("hotspot_idleness_average_s", "场所平均空档", "average idleness of hotspots", "s", (0, None), "lower",
           hotspot_idleness_average_s),
    Metric("hotspot_idleness_worst_s", "场所最长空档", "worst idleness of hotspots", "s", (0, None), "lower",
           hotspot_idleness_worst_s),
    Metric("hotspot_idleness_worst_weighted_s", "场所按级别折算的最长空档",
           "worst idleness of hotspots by priority", "s", (0, None), "lower", hotspot_idleness_worst_weighted_s),
    Metric("sighting_probability", "见警率", "sighting probability", "share", (0, 1), "higher", sighting_probability),
    Metric("sighting_key_hours", "重点时段见警率", "sighting probability in key hours", "share", (0, 1), "higher",
           sighting_key_hours),
    Metric("promises_kept", "巡逻间隔承诺兑现率", "promised gaps kept", "share", (0, 1), "higher", promises_kept),
    Metric("passes_away", "就近范围外巡逻占比", "passes away from home", "share", (0, 1), "lower", passes_away),
    Metric("sighting_worst", "最低见警率", "lowest sighting probability", "share", (0, 1), "higher", sighting_worst),
    Metric("unseen_worst_weighted_s", "按级别折算的最长不见警时间",
           "most time unseen by priority", "s", (0, None), "lower", unseen_worst_weighted_s),
    Metric("hotspot_unseen_worst_weighted_s", "场所按级别折算的最长不见警时间",
           "most time unseen at hotspots by priority", "s", (0, None), "lower", hotspot_unseen_worst_weighted_s),
    Metric("presence_hotspots", "场所驻守率", "presence at hotspots", "share", (0, 1), "higher", presence_hotspots),
    Metric("headway_variation", "巡逻间隔波动", "variation of headways", "ratio", (0, None), "lower",
           headway_variation),
    Metric("expected_wait_s", "群众见到警车平均等候", "expected wait", "s", (0, None), "lower", expected_wait_s),
)  # fmt: skip
