"""One fleet on one night, and all of them side by side."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from patrolroute.plan.metrics.book import Night
from patrolroute.plan.metrics.coverage import coverage_length, coverage_priority, hotspot_coverage
from patrolroute.plan.metrics.effort import driven_km
from patrolroute.plan.metrics.presence import idleness_worst_s, idleness_worst_weighted_s, sighting_probability
from patrolroute.problem.evaluate import Score
from patrolroute.units import Seconds
from patrolroute.words import Lang, require_lang

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from patrolroute.plan.records import PatrolPlan

Against: TypeAlias = Literal["crews", "ends"]


@dataclass(frozen=True, slots=True)
class Variant:
    """One fleet on one night.

    Parameters
    ----------
    crews
        How many crews go out.
    end
        When the last shift ends.
    minutes
        By how much every shift ends later than it was given; below 0 sooner.
    prize_share
        Points collected as a share of all that are wanted, 0 to 1.
    required_missed
        Required tasks without a visit.
    coverage_length, coverage_priority, hotspot_coverage, sighting_probability
    idleness_worst_s, idleness_worst_weighted_s
        As in ``plan.metrics``; None where undefined.
    longest_route_s
        Seconds of the longest route.
    driven_km
        Kilometres of all crews.
    score
        What was compared, level by level.
    plan
        The plan itself.
    """

    crews: int
    end: dt.datetime
    minutes: int
    prize_share: float
    required_missed: int
    coverage_length: float | None
    coverage_priority: float | None
    hotspot_coverage: float | None
    sighting_probability: float | None
    idleness_worst_s: float | None
    idleness_worst_weighted_s: float | None
    longest_route_s: Seconds
    driven_km: float
    score: Score = field(repr=False)
    plan: PatrolPlan = field(repr=False, compare=False)


COLUMNS = tuple(name for name in Variant.__dataclass_fields__ if name not in ("score", "plan"))
"""What a table shows of a variant."""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Every fleet on every night that was asked for.

    Parameters
    ----------
    variants
        By end, then by number of crews.
    own_crews
        How many crews the night was given.
    """

    variants: tuple[Variant, ...]
    own_crews: int

    def variant(self, crews: int, minutes: int = 0) -> Variant:
        """Give the variant of so many crews whose night ends so many minutes later.

        Raises
        ------
        KeyError
            If it was not asked for.
        """
        for one in self.variants:
            if (one.crews, one.minutes) == (crews, minutes):
                return one
        raise KeyError(f"{crews} crews and {minutes:+d} min: not among the variants")

    def table(self) -> pd.DataFrame:
        """Give one row a variant, its columns named as in `Variant`, plan and score aside."""
        import pandas as pd

        return pd.DataFrame([{name: getattr(one, name) for name in COLUMNS} for one in self.variants], columns=COLUMNS)

    def summary(self, lang: Lang = "zh") -> str:
        """Say what each further crew and each later end buys."""
        from patrolroute.study.marginal import sentences

        require_lang(lang)
        return "\n".join(sentences(self, lang))

    def to_csv(self, path: str | Path, *, lang: Lang = "zh") -> Path:
        """Write the table, for a spreadsheet."""
        from patrolroute.output.what_if import write_table

        return write_table(self, Path(path), lang)

    def to_png(self, path: str | Path, *, lang: Lang = "zh") -> Path:
        """Draw coverage against crews, and against the end of the night where there are several."""
        from patrolroute.output.what_if import write_picture

        return write_picture(self, Path(path), lang)

    def plot(self, ax: Axes, *, against: Against = "crews", lang: Lang = "zh") -> Axes:
        """Draw coverage against ``crews`` or ``ends`` into matplotlib axes, and give them back."""
        from patrolroute.output.what_if import draw_lines

        return draw_lines(self, ax, against, lang)


def measured(plan: PatrolPlan, score: Score, end: dt.datetime, minutes: int) -> Variant:
    """Measure the plan of a variant."""
    night, goal = Night(plan), plan.objective
    return Variant(
        crews=len(plan.crews),
        end=end,
        minutes=minutes,
        prize_share=goal.prize_collected / goal.prize_total if goal.prize_total else 1.0,
        required_missed=goal.required_missed,
        coverage_length=coverage_length(night),
        coverage_priority=coverage_priority(night),
        hotspot_coverage=hotspot_coverage(night),
        sighting_probability=sighting_probability(night),
        idleness_worst_s=idleness_worst_s(night),
        idleness_worst_weighted_s=idleness_worst_weighted_s(night),
        longest_route_s=goal.longest_route_s,
        driven_km=driven_km(night) or 0.0,
        score=score,
        plan=plan,
    )
