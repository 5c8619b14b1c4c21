"""Fleets and nights side by side, and what one more crew or another half hour buys, in sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from patrolroute.base.arguments import checked
from patrolroute.base.extras import require
from patrolroute.base.text import clock_text, require_lang
from patrolroute.base.vocabulary import Lang, Seconds
from patrolroute.metrics import METRICS
from patrolroute.metrics.context import PlanMeasures
from patrolroute.metrics.coverage import coverage_length, coverage_priority, driven_km, hotspot_coverage
from patrolroute.metrics.presence import idleness_worst_s, idleness_worst_weighted_s, passes_away, sighting_probability
from patrolroute.problem.evaluate import Score
from patrolroute.study.phrases import COMPARISON, WHAT_IF

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from patrolroute.plan.model import PatrolPlan
    from patrolroute.plan.records import PlanGoal


Against: TypeAlias = Literal["crews", "ends"]

WhyGoal: TypeAlias = Literal["asked", "fits", "short", "missed"]
"""Why a variant is judged by its goal: it was asked for; of ``auto``, nearly all fits, less does, or what is required
is missed."""


@dataclass(frozen=True, slots=True, kw_only=True)
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
    goal, why_goal
        By which goal it was solved and is judged; and why, see `WhyGoal`.
    prize_share
        Points collected as a share of all that are wanted, 0 to 1.
    required_missed
        Required tasks without a visit.
    coverage_length, coverage_priority, hotspot_coverage, sighting_probability
    idleness_worst_s, idleness_worst_weighted_s, passes_away
        As in ``plan.metrics``; None where undefined.
    longest_route_s
        Seconds of the longest route.
    driven_km
        Kilometres of all crews.
    near_home
        The weight of near home; None where the night does not ask for it.
    score
        What was compared, level by level.
    plan
        The plan itself.
    """

    crews: int
    end: dt.datetime
    minutes: int
    goal: PlanGoal
    why_goal: WhyGoal
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
    near_home: float | None
    passes_away: float | None
    score: Score = field(repr=False)
    plan: PatrolPlan = field(repr=False, compare=False)


HOME_COLUMNS = ("near_home", "passes_away")
"""What a table shows besides where a night asks to be near home."""

COLUMNS = tuple(name for name in Variant.__dataclass_fields__ if name not in ("score", "plan", *HOME_COLUMNS))
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
    homes
        One fleet on one night with other weights of near home, ascending, one of ``variants`` among them where its
        weight was asked for; empty where nobody asked.
    """

    variants: tuple[Variant, ...]
    own_crews: int
    homes: tuple[Variant, ...] = ()

    @property
    def rows(self) -> tuple[Variant, ...]:
        """All variants, each once."""
        return (*self.variants, *(one for one in self.homes if not any(one is known for known in self.variants)))

    @property
    def columns(self) -> tuple[str, ...]:
        """What a table shows of each."""
        return (*COLUMNS, *HOME_COLUMNS) if any(one.near_home is not None for one in self.rows) else COLUMNS

    @checked
    def variant(self, crews: int, minutes: int = 0) -> Variant:
        """Return the variant of so many crews whose night ends so many minutes later.

        Raises
        ------
        KeyError
            If it was not asked for.
        """
        for variant in self.variants:
            if (variant.crews, variant.minutes) == (crews, minutes):
                return variant
        raise KeyError(f"{crews} crews and {minutes:+d} min: not among the variants")

    def table(self) -> pd.DataFrame:
        """Return one row a variant, its columns named as in `Variant`, plan and score aside."""
        require("a frame", "pandas")
        import pandas as pd

        names = self.columns
        return pd.DataFrame([{name: getattr(one, name) for name in names} for one in self.rows], columns=names)

    @checked
    def summary(self, lang: Lang = "zh") -> str:
        """Return what each further crew and each later end buys."""
        require_lang(lang)
        return "\n".join(sentences(self, lang))

    @checked
    def to_csv(self, path: str | Path, *, lang: Lang = "zh") -> Path:
        """Write the table, for a spreadsheet."""
        from patrolroute.output.what_if import write_table

        return write_table(self, Path(path), lang)

    @checked
    def to_png(self, path: str | Path, *, lang: Lang = "zh") -> Path:
        """Draw coverage against crews, and against the end of the night where there are several."""
        from patrolroute.output.what_if import write_picture

        return write_picture(self, Path(path), lang)

    @checked
    def plot(self, ax: Axes, *, against: Against = "crews", lang: Lang = "zh") -> Axes:
        """Draw coverage into matplotlib axes, and return them.

        Parameters
        ----------
        ax
            Where to draw.
        against
            ``crews``: a line for each end of the night; ``ends``: a line for each fleet, seven at most.
        lang
            Of the words; English where no font of this computer writes Chinese.
        """
        from patrolroute.output.what_if import draw_lines

        return draw_lines(self, ax, against, lang)


def measured(plan: PatrolPlan, score: Score, end: dt.datetime, minutes: int, *, why_goal: WhyGoal = "asked") -> Variant:
    """Measure the plan of a variant.

    Parameters
    ----------
    plan, score
        What was found for a variant.
    end
        When its last shift ends.
    minutes
        How much later that is than in the night itself.
    why_goal
        Why it was made for the goal that it was made for.
    """
    night, goal = PlanMeasures(plan), plan.objective
    return Variant(
        crews=len(plan.crews),
        end=end,
        minutes=minutes,
        goal=goal.goal,
        why_goal=why_goal,
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
        near_home=None if plan.near_home is None else plan.near_home.weight,
        passes_away=passes_away(night),
        score=score,
        plan=plan,
    )


ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth",
)  # fmt: skip

LEAST = 0.0005
"""A smaller share is 0.0 points in print."""


def by_crews(found: WhatIf) -> list[Variant]:
    """Return the variants of the night's own end, or of the last one, by number of crews."""
    ends = {variant.minutes for variant in found.variants}
    end = 0 if 0 in ends else max(ends)
    return [variant for variant in found.variants if variant.minutes == end]


def by_end(found: WhatIf) -> list[Variant]:
    """Return the variants of the night's own fleet, or of the largest one, by end."""
    sizes = {variant.crews for variant in found.variants}
    size = found.own_crews if found.own_crews in sizes else max(sizes)
    return [variant for variant in found.variants if variant.crews == size]


def crew_count(number: int, lang: Lang) -> str:
    """Return so many crews in words.

    Examples
    --------
    >>> crew_count(1, "en"), crew_count(4, "en"), crew_count(4, "zh")
    ('1 crew', '4 crews', '4 个车组')
    """
    return WHAT_IF.say("crew" if number == 1 else "crews", lang, number=number)


def sentences(found: WhatIf, lang: Lang) -> Iterator[str]:
    """Yield where the fleets begin, what each step buys, and from when on nothing is to be gained."""
    fleets, nights = by_crews(found), by_end(found)
    yield _beginning(fleets[0], lang)
    for before, after in pairwise(fleets):
        yield _step(_more_crews(before, after, lang), before, after, lang)
    yield from _enough(fleets, lang)
    if len(nights) > 1:
        yield _beginning(nights[0], lang)
    for before, after in pairwise(nights):
        yield _step(_more_time(before, after, lang), before, after, lang)
    yield from _judged(found, lang)
    for after in found.homes[1:]:
        yield from _nearer_home(found.homes[0], after, lang)


def _judged(found: WhatIf, lang: Lang) -> Iterator[str]:
    """Yield by which goal the variants are judged and why, where ``auto`` chose it; one line if it is one for all."""
    groups: dict[tuple[PlanGoal, WhyGoal], list[Variant]] = {}
    for one in found.variants:
        groups.setdefault((one.goal, one.why_goal), []).append(one)
    for (goal, why), variants in groups.items():
        if why == "asked":
            continue
        facts = {"goal": COMPARISON.say(f"goal_{goal}", lang), "why": WHAT_IF.say(f"why_{why}", lang)}
        if len(groups) == 1:
            yield WHAT_IF.say("judged_all", lang, **facts)
        else:
            names = [
                WHAT_IF.say("until", lang, crews=crew_count(one.crews, lang), end=clock_text(one.end))
                for one in variants
            ]
            yield WHAT_IF.say("judged", lang, **facts, variants=WHAT_IF.say("listed", lang).join(names))


def _nearer_home(before: Variant, after: Variant, lang: Lang) -> Iterator[str]:
    """Yield what a weight of near home buys, and what it costs."""
    shares = (before.passes_away, after.passes_away, before.sighting_probability, after.sighting_probability)
    if None not in shares:
        one, two, first, last = (share or 0.0 for share in shares)
        yield WHAT_IF.say(
            "near_home", lang, before=f"{before.near_home:g}", after=f"{after.near_home:g}",
            away=METRICS["passes_away"].label(lang), away_change=_percent(one, two),
            seen=METRICS["sighting_probability"].label(lang), seen_change=_percent(first, last),
        )  # fmt: skip


def _beginning(variant: Variant, lang: Lang) -> str:
    share, more, missed = f"{100 * variant.prize_share:.1f}", "", variant.required_missed
    if variant.coverage_priority is not None:
        covered = f"{100 * variant.coverage_priority:.1f}"
        more += WHAT_IF.say("covered", lang, measure=METRICS["coverage_priority"].label(lang), share=covered)
    if missed:
        more += WHAT_IF.say("missing_one" if missed == 1 else "missing", lang, number=missed)
    crews, end = crew_count(variant.crews, lang), clock_text(variant.end)
    return WHAT_IF.say("begin", lang, crews=crews, end=end, share=share, more=more)


def _step(step: str, before: Variant, after: Variant, lang: Lang) -> str:
    """Return what a step buys, in percentage points; what else it changes where that is nothing or presence counts."""
    gain = after.prize_share - before.prize_share
    is_covered = (after.coverage_priority or 0.0) - (before.coverage_priority or 0.0) >= LEAST
    if gain < LEAST and not is_covered and after.required_missed == before.required_missed:
        return _nothing(step, before, after, lang)
    more = _shares("covered_more", "coverage_priority", before, after, lang)
    more += _missed(before, after, lang) + _presence(before, after, lang)
    change = _percent(before.prize_share, after.prize_share)
    return WHAT_IF.say("gain", lang, step=step, points=f"{100 * gain:.1f}", change=change, more=more)


def _nothing(step: str, before: Variant, after: Variant, lang: Lang) -> str:
    change = _minutes(before.longest_route_s, after.longest_route_s)
    more = _presence(before, after, lang) or _alone("idleness_worst_s", before, after, lang)
    key = "no_points" if _is_for_presence(after) else "nothing"
    return WHAT_IF.say(key, lang, step=step, change=change, more=more)


def _is_for_presence(variant: Variant) -> bool:
    return variant.goal == "presence"


def _presence(before: Variant, after: Variant, lang: Lang) -> str:
    """Return what a step does for presence, where that is the goal."""
    if not _is_for_presence(after):
        return ""
    seen = _shares("seen", "sighting_probability", before, after, lang)
    return _alone("idleness_worst_weighted_s", before, after, lang) + seen


def _shares(key: str, name: str, before: Variant, after: Variant, lang: Lang) -> str:
    """Return how a share changes, empty if one of the two is undefined."""
    one, two = getattr(before, name), getattr(after, name)
    if one is None or two is None:
        return ""
    return WHAT_IF.say(key, lang, measure=METRICS[name].label(lang), change=_percent(one, two))


def _alone(name: str, before: Variant, after: Variant, lang: Lang) -> str:
    """Return for how long streets are left alone by one of the measures."""
    one, two = getattr(before, name), getattr(after, name)
    if one is None or two is None:
        return ""
    return WHAT_IF.say("alone", lang, measure=METRICS[name].label(lang), change=_minutes(one, two))


def _percent(before: float, after: float) -> str:
    return f"{100 * before:.1f} → {100 * after:.1f} %"


def _minutes(before_s: float, after_s: float) -> str:
    return f"{before_s / 60:.0f} → {after_s / 60:.0f}"


def _missed(before: Variant, after: Variant, lang: Lang) -> str:
    if before.required_missed == after.required_missed:
        return ""
    return WHAT_IF.say("missed", lang, change=f"{before.required_missed} → {after.required_missed}")


def _enough(fleets: list[Variant], lang: Lang) -> Iterator[str]:
    """Yield from which fleet on nothing more is to be gained, where that is so."""
    best = fleets[-1]
    enough = next(
        fleet for fleet in fleets
        if best.prize_share - fleet.prize_share < LEAST and fleet.required_missed == best.required_missed
    )  # fmt: skip
    if enough is not best:
        yield WHAT_IF.say("enough", lang, crews=crew_count(enough.crews, lang))


def _more_crews(before: Variant, after: Variant, lang: Lang) -> str:
    if after.crews > before.crews + 1:
        return WHAT_IF.say("more_crews", lang, before=before.crews, after=after.crews)
    which = str(after.crews) if lang == "zh" else _ordinal(after.crews)
    return WHAT_IF.say("next_crew", lang, which=which)


def _more_time(before: Variant, after: Variant, lang: Lang) -> str:
    minutes, end = after.minutes - before.minutes, clock_text(after.end)
    return WHAT_IF.say("minute" if minutes == 1 else "minutes", lang, number=minutes, end=end)


def _ordinal(number: int) -> str:
    """Return which one it is, in English and with its article: ``A second``, ``An 18th``."""
    special = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    figures = f"{number}{'th' if number % 100 in (11, 12, 13) else special}"
    ordinal = ORDINALS[number - 1] if number <= len(ORDINALS) else figures
    return f"{'An' if ordinal[0] in 'e8' or ordinal == '18th' else 'A'} {ordinal}"
