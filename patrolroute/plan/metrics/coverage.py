"""Coverage: how much of what is wanted was visited."""

from __future__ import annotations

from patrolroute.plan.metrics.book import Metric, Night, mean


def coverage_length(night: Night) -> float | None:
    """Metres of street segments with a counted visit, as a share: Σ l·[n ≥ 1] / Σ l.

    A segment's metres are the mean of its directions; as where arcs are served for a profit at most once (Archetti et
    al. 2014, doi:10.1287/trsc.2012.0446). From 0 to 1; undefined without streets.
    """
    return mean((night.length_m[task.id], float(night.visits[task.id] >= 1)) for task in night.streets)


def coverage_priority(night: Night) -> float | None:
    """Coverage of street segments by priority and wanted visits: Σ w·l·min(1, n/r) / Σ w·l.

    n counted visits of r wanted, as in periodic arc routing (Benavent et al. 2019). From 0 to 1; undefined without
    streets.
    """
    return mean(
        (night.weight(task), min(1.0, night.visits[task.id] / max(1, task.visits_wanted))) for task in night.streets
    )


def hotspot_coverage(night: Night) -> float | None:
    """Coverage of hotspots by priority and wanted visits: Σ w·min(1, n/r) / Σ w.

    After the coverage of hot spots of Çapar, Keskin & Rubin 2015. From 0 to 1; undefined without hotspots.
    """
    return mean(
        (task.priority, min(1.0, night.visits[task.id] / max(1, task.visits_wanted))) for task in night.hotspots
    )


def required_served(night: Night) -> float | None:
    """Share of the required tasks that have a counted visit (必巡完成率): Σ [n ≥ 1] / number required.

    Required as in the rural postman problem (Orloff 1974, doi:10.1002/net.3230040105). From 0 to 1, and 1 is a must;
    undefined if nothing is required.
    """
    return mean((1, float(night.visits[task.id] >= 1)) for task in night.plan.tasks if task.required)


def dose_compliance(night: Night) -> float | None:
    """Hotspot visits that dwell at least the wanted seconds inside the opening hours, as a share of all dwells.

    The dose is after Koper 1995 (doi:10.1080/07418829500096231): presence works with its length up to some 15 minutes.
    From 0 to 1; undefined without dwells.
    """
    verdicts = []
    for task in night.hotspots:
        for one in night.passes[task.id]:
            inside = [min(one.end_s, last) - max(one.begin_s, first) for first, last in night.open_spans[task.id]]
            verdicts.append((1.0, float(max(inside, default=0) >= task.dwell_s)))
    return mean(verdicts)


METRICS = (
    Metric("coverage_length", "里程覆盖率", "coverage by length", "share", (0, 1), "higher", coverage_length),
    Metric("coverage_priority", "加权覆盖率", "coverage by priority", "share", (0, 1), "higher", coverage_priority),
    Metric("hotspot_coverage", "场所覆盖率", "coverage of hotspots", "share", (0, 1), "higher", hotspot_coverage),
    Metric("required_served", "必巡完成率", "required tasks served", "share", (0, 1), "higher", required_served),
    Metric("dose_compliance", "驻点达标率", "dwells of full length", "share", (0, 1), "higher", dose_compliance),
)
