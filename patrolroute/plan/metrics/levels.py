"""The two levels of the score that `solve(goal="presence")` looks at, read from a plan's legs."""

from __future__ import annotations

from dataclasses import replace

from patrolroute.plan.metrics.book import Night
from patrolroute.plan.metrics.presence import TAU_S
from patrolroute.plan.records import PatrolPlan
from patrolroute.units import Seconds


def presence_levels(plan: PatrolPlan) -> tuple[Seconds, Seconds]:
    """Give the worst weighted idleness of the streets, max w·d, and their worst unseen time, max w·Σ max(0, d − τ).

    Gaps d are those between all passes, both ends of the window included; τ is 15 minutes, w the priority. A street's
    unseen time over T − τ is the chance to see nobody, so that the second level is lowest where the lowest sighting
    probability, by priority, is highest. Zeros without streets.
    """
    night = Night(plan)
    idle = max((street.priority * max(night.gaps[street.id]) for street in night.streets), default=0)
    unseen = (street.priority * sum(max(0, gap - TAU_S) for gap in night.gaps[street.id]) for street in night.streets)
    return idle, max(unseen, default=0)


def with_presence_levels(plan: PatrolPlan) -> PatrolPlan:
    """Put the two levels of presence between points and longest route, as the score is compared."""
    missed, forgone, *rest = plan.objective.levels
    levels = (missed, forgone, *presence_levels(plan), *rest)
    return replace(plan, objective=replace(plan.objective, levels=levels))
