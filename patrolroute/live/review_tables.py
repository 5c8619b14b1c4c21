"""The tables of a review: orders, crews, streets, measures, doubts; report and workbook show the same."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from patrolroute.base.vocabulary import LANGS, Lang
from patrolroute.live.review_measures import nights_of
from patrolroute.live.review_orders import STATUSES, OrderReview, Status
from patrolroute.live.review_runs import Run
from patrolroute.live.review_words import SHOWN, WORDS, clock, doubt_said
from patrolroute.metrics import METRICS
from patrolroute.metrics.context import PlanMeasures
from patrolroute.output.tables import streets_seen

if TYPE_CHECKING:
    from patrolroute.live.review import Review
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.plan.records import Leg, PlannedTask, Route

Cell: TypeAlias = str | int | float | dt.datetime | None

ORDER_TITLES = (
    "crew", "number", "kind", "street", "required", "at_planned", "at_driven", "off", "share", "status", "by",
    "evidence",
)  # fmt: skip
CREW_TITLES = (
    "crew", "heard", "made", "others", "missed", "km_planned", "km", "weak_km", "extra_km", "dwelt", "stood",
)  # fmt: skip
STREET_TITLES = (
    "street", "required", "length", "passes_planned", "passes_driven", "covered_planned", "covered_driven",
    "seen_planned", "seen_driven", "gap_planned", "gap_driven", "weak",
)  # fmt: skip
MEASURE_TITLES = ("measure", "planned", "driven", "shown")
DOUBT_TITLES = ("crew", "doubt")
BESIDES_TITLES = ("crew", "what", "from", "until", "minutes", "km_besides", "where")

APART_S = 120
"""Drives through streets that follow each other sooner are told as one."""

MOST_NAMED = 3
"""Streets that a drive is called by, the longest first."""


GRAVITY: tuple[Status, ...] = (
    "missed", "partly", "replaced", "out_of_order", "late", "early", "excused", "unknown", "made",
)  # fmt: skip
"""In which order a report tells what was not made as planned: a crew without a track hides nobody's miss."""

HEARD = 0.9
"""Who was heard for less of its shift makes the driven measures low."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Parameters
    ----------
    key
        Its heading, of `WORDS`.
    titles
        Of its columns.
    rows
        Their cells: shares as numbers from 0 to 1.
    shares
        Numbers of the columns that hold shares.
    """

    key: str
    titles: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    shares: frozenset[int] = frozenset()


def titles(keys: Sequence[str], lang: Lang) -> tuple[str, ...]:
    """Return titles in a language."""
    return tuple(WORDS.say(key, lang) for key in keys)


def order_table(review: Review, lang: Lang, *, only_others: bool = False) -> Table:
    """Return every order, or those that were not made as planned."""
    rows = tuple(_order(one, lang) for one in (others(review) if only_others else review.orders))
    shares = frozenset({ORDER_TITLES.index("share")})
    return Table("not_made" if only_others else "orders", titles(ORDER_TITLES, lang), rows, shares)


def _order(one: OrderReview, lang: Lang) -> tuple[Cell, ...]:
    listed = {"zh": "、", "en": ", "}[lang]
    return (
        one.crew,
        one.number,
        WORDS.say(one.kind, lang),
        one.street,
        WORDS.say("yes", lang) if one.is_required else "",
        clock(one.planned),
        clock(one.driven),
        None if one.late_s is None else round(one.late_s / 60),
        one.share,
        WORDS.say(one.status, lang),
        listed.join(one.by),
        "" if one.driven is None else WORDS.say("strong" if is_sure(one) else "weak", lang),
    )


def is_sure(one: OrderReview) -> bool:
    """Return whether fixes show what became of an order."""
    return one.is_strong and one.status != "unknown"


def others(review: Review) -> list[OrderReview]:
    """Return the orders that were not made as planned, or only seem to have been, what weighs most first."""
    found = [one for one in review.orders if one.status != "made" or not one.is_strong]
    undone = ("missed", "partly")  # of these what is required comes first; all others follow the crews
    return sorted(found, key=lambda one: (GRAVITY.index(one.status), one.status in undone and not one.is_required))


def crew_table(review: Review, lang: Lang) -> Table:
    """Return what each crew did in all."""
    made, missed, others = Counter[str](), Counter[str](), Counter[str]()
    for one in review.orders:
        {"made": made, "missed": missed}.get(one.status, others)[one.crew] += 1
    planned = {route.crew: route.length_m / 1000 for route in review.plan.routes}
    rows = tuple(
        (
            one.crew, one.heard, made[one.crew], others[one.crew], missed[one.crew], round(planned[one.crew], 1),
            round(one.km, 1), round(one.weak_km, 1), round(one.extra_km, 1), round(one.dwelt_min), round(one.stood_min),
        )
        for one in review.beside
    )  # fmt: skip
    return Table("crews", titles(CREW_TITLES, lang), rows, frozenset({CREW_TITLES.index("heard")}))


def street_rows(review: Review, lang: Lang) -> Table:
    """Return each street beside its plan, the one first that was left alone longest, times its priority."""
    planned = {one.tasks[0].id: one for one in streets_seen(review.plan)}
    weak = _weak_tasks(review)
    rows = []
    for one in streets_seen(review.driven):
        before = planned.get(one.tasks[0].id, one)
        gaps = [0 if street.longest is None else street.longest.length_s // 60 for street in (before, one)]
        rows.append((
            one.name(lang), WORDS.say("yes", lang) if one.is_required else "", round(one.length_m / 1000, 2),
            *(round(sum(street.passes), 1) for street in (before, one)),
            *(_covered(night, one.tasks) for night in nights_of(review)),
            before.seen, one.seen, *gaps, WORDS.say("weak", lang) if any(task.id in weak for task in one.tasks) else "",
        ))  # fmt: skip
    shares = (
        STREET_TITLES.index(name) for name in ("covered_planned", "covered_driven", "seen_planned", "seen_driven")
    )
    return Table("streets", titles(STREET_TITLES, lang), tuple(rows), frozenset(shares))


def _covered(night: PlanMeasures, tasks: Sequence[PlannedTask]) -> float:
    """Return the share of a street's metres that somebody passed."""
    whole = sum(night.length_m[task.id] for task in tasks) or 1.0
    return round(sum(night.length_m[task.id] for task in tasks if night.passes[task.id]) / whole, 4)


def _weak_tasks(review: Review) -> set[str]:
    """Return the tasks of which some drive is weak evidence."""
    return {
        route.legs[place].task or ""
        for route in review.driven.routes
        for place in review.weak.get(route.crew, ())
        if route.legs[place].task is not None
    }


def measure_table(review: Review, lang: Lang) -> Table:
    """Return the main measures as people read them."""
    rows = []
    for name in SHOWN:
        metric, values = METRICS[name], review.measures[name]
        shown = ("—" if value is None else metric.said(value, lang) for value in values)
        rows.append(((metric.label_zh, metric.label_en)[LANGS.index(lang)], *shown))
    return Table("measures", titles(MEASURE_TITLES, lang), tuple(rows))


def besides_table(review: Review, lang: Lang) -> Table:
    """Return what crews did besides: streets that they were not to drive, and where they stood; by crew and time."""
    drives = [_drive(review, runs, lang) for runs in _in_a_row(review.extra)]
    stands = [
        (
            leg.depart.timestamp(),
            (
                route.crew,
                WORDS.say("stand", lang),
                *clocks(leg.depart, leg.arrive),
                leg.duration_s // 60,
                None,
                where or WORDS.say("at_depot", lang),
            ),
        )
        for route in review.driven.routes
        for leg, where in _stands(route, review.weak.get(route.crew, frozenset()))
    ]
    order = {crew.id: place for place, crew in enumerate(review.plan.crews)}
    told = sorted([*drives, *stands], key=lambda one: (order[str(one[1][0])], one[0]))
    rows: tuple[tuple[Cell, ...], ...] = tuple(row for _, row in told)
    return Table("besides", titles(BESIDES_TITLES, lang), rows)


def clocks(begin: dt.datetime, end: dt.datetime) -> tuple[str, str]:
    """Return two clock times."""
    return clock(begin), clock(end)


def _in_a_row(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """Yield drives of one crew that follow each other at once."""
    for crew in dict.fromkeys(run.crew for run in runs):
        some = list[Run]()
        for run in runs:
            if run.crew != crew:
                continue
            if some and run.begin_s - max(one.end_s for one in some) > APART_S:
                yield some
                some = []
            some.append(run)
        yield some


def _drive(review: Review, runs: Sequence[Run], lang: Lang) -> tuple[float, tuple[Cell, ...]]:
    """Return when a drive besides began, and its row."""
    tz, metres = review.plan.window[0].tzinfo, Counter[str]()
    for run in runs:
        metres[review.plan.task[run.task].name] += round(run.share * nights_of(review)[0].length_m[run.task])
    begin, end = min(run.begin_s for run in runs), max(run.end_s for run in runs)
    times = clocks(*(dt.datetime.fromtimestamp(round(second), tz=tz) for second in (begin, end)))
    names = [name for name, _ in metres.most_common() if name]
    where = ("、" if lang == "zh" else ", ").join(names[:MOST_NAMED])
    where += WORDS.say("and_more", lang) if len(names) > MOST_NAMED else ""
    minutes, km = round((end - begin) / 60), round(metres.total() / 1000, 1)
    return begin, (runs[0].crew, WORDS.say("drive", lang), *times, minutes, km, where)


def _stands(route: Route, weak: frozenset[int]) -> Iterator[tuple[Leg, str]]:
    """Yield where fixes show that a crew stood, not at a hotspot, and the street on which it had come."""
    street = ""
    for place, leg in enumerate(route.legs):
        street = leg.street or street
        if leg.kind == "wait" and place not in weak:
            yield leg, street


def doubt_table(review: Review, lang: Lang) -> Table:
    """Return what is strange about the tracks."""
    rows = tuple((doubt.crew, doubt_said(doubt, lang)) for doubt in review.doubts)
    return Table("doubts", titles(DOUBT_TITLES, lang), rows)


def notes(review: Review, lang: Lang) -> Iterator[str]:
    """Yield what a reader should know."""
    yield WORDS.say("note_times", lang, minutes=f"{review.late_min:g}")
    yield WORDS.say("note_weak", lang)
    if any(review.heard.get(crew.id, 0.0) < HEARD for crew in review.plan.crews):
        yield WORDS.say("note_heard", lang)
    yield WORDS.say("note_audit", lang, n=len(review.violations))
    yield WORDS.say("note_rate", lang)
    yield WORDS.say("note_private", lang)


def orders_line(review: Review, lang: Lang) -> str:
    """Return in one sentence what became of the orders."""
    counts = [
        WORDS.say("order_count", lang, status=WORDS.say(status, lang), n=review.counts[status])
        for status in STATUSES
        if review.counts[status]
    ]
    return WORDS.say("orders_line", lang, n=len(review.orders), told=("，" if lang == "zh" else ", ").join(counts))


def cell_text(value: Cell, *, is_share: bool) -> str:
    """Return a cell as a report shows it."""
    if value is None:
        return ""
    if is_share and isinstance(value, int | float):
        return f"{100 * value:.0f} %"
    return f"{value:g}" if isinstance(value, float) else str(value)


def notice_of(plan: PatrolPlan) -> tuple[str, ...]:
    """Return what must be said of the map, and whose data it is."""
    return tuple(line for line in (plan.notice, plan.attribution) if line)
