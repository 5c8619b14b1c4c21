"""Orders in words: each line of an order sheet as it stands on paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from patrolroute.output.directions import Directions, Step
from patrolroute.output.directions_words import distance, said
from patrolroute.output.picture.list import clock
from patrolroute.output.sheets.codes import code_path
from patrolroute.output.sheets.links import leg_link
from patrolroute.output.sheets.orders import Order
from patrolroute.output.sheets.words import MINUTE_S, between, leeway, phrase, plain
from patrolroute.plan.parts import Leg, elapsed_s
from patrolroute.units import Arc
from patrolroute.words import Lang, Mode, label

DRIVING = ("deadhead", "patrol")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of an order sheet.

    Parameters
    ----------
    number
        From 1; the map has it too.
    kind
        The order's kind.
    is_required
        Whether it serves something that must be served.
    name, ends, action, visit
        Where, from which crossing to which, what to do, which visit it is.
    begins, ends_by
        Planned begin and end; of the way home the end alone.
    early, late
        How much earlier or later it may begin, empty where there is no limit.
    there, along
        The way to it and along it in words.
    link, code, code_width
        AMap's link, its QR code as an SVG path and the code's width; empty and 0 if the plan has no coordinates.
    """

    number: int
    kind: str
    is_required: bool
    name: str
    ends: str
    action: str
    visit: str
    begins: str
    ends_by: str
    early: str
    late: str
    there: str
    along: str
    link: str
    code: str
    code_width: int


@dataclass(frozen=True, slots=True)
class Voice:
    """How a crew's orders are said: the language, the clock's zone, the mode, and who knows the streets, if anyone."""

    lang: Lang
    timezone: str
    mode: Mode
    directions: Directions | None

    def clock(self, moment: dt.datetime) -> str:
        """Give hours and minutes in the plan's zone."""
        return clock(moment, self.timezone)


def rows(night: Sequence[Order], voice: Voice, home: str = "") -> Iterator[Row]:
    """Say the orders of a crew's night; ``home`` is the name of the place where it ends."""
    before: Arc | None = None
    for number, order in enumerate(night, start=1):
        row = _row(number, order, voice, before)
        yield replace(row, ends=home) if order.kind == "return" else row
        driven = [arc for leg in order.all_legs for arc in leg.arcs]
        before = driven[-1] if driven else before


def _row(number: int, order: Order, voice: Voice, before: Arc | None) -> Row:
    lang = voice.lang
    there, along = _ways(order, voice, before)
    link = leg_link(order, voice.mode) or ""
    code, width = code_path(link) if link else ("", 0)
    return Row(
        number=number,
        kind=order.kind,
        is_required=order.is_required,
        name=_name(order, lang),
        ends=between(order.begins_at, order.ends_at),
        action=_action(order, lang),
        visit=phrase("visit", lang, visit=order.visit) if order.visit else "",
        begins=voice.clock(order.legs[0].depart) if order.legs else "",
        ends_by=voice.clock(order.all_legs[-1].arrive) if order.all_legs else "",
        early=leeway(order.allowed.early_s, "early", lang),
        late=leeway(order.allowed.late_s, "late", lang),
        there=there,
        along=along,
        link=link,
        code=code,
        code_width=width,
    )


def _name(order: Order, lang: Lang) -> str:
    if order.kind == "return":
        return phrase("return", lang)
    if order.kind == "break":
        return phrase("rest", lang)
    names = [order.tasks[0].name] if order.kind == "dwell" and order.tasks else []
    return plain(next(filter(None, (*names, order.street)), "")) or label("unnamed", lang)


def _action(order: Order, lang: Lang) -> str:
    if order.kind == "return":
        return ""
    if order.kind == "patrol":
        return phrase("patrol", lang, far=distance(order.patrolled_m, lang))
    minutes = elapsed_s(order.legs[0].depart, order.legs[-1].arrive) / MINUTE_S
    said_minutes = phrase(order.kind, lang, minutes=f"{minutes:.0f}" if minutes == int(minutes) else f"{minutes:.1f}")
    category = order.tasks[0].category if order.tasks else ""
    return phrase("comma", lang).join(filter(None, (plain(label(category, lang)), said_minutes)))


def _ways(order: Order, voice: Voice, before: Arc | None) -> tuple[str, str]:
    """Say the way to an order, waits included, and the way along it."""
    groups = [
        (drives, list(legs)) for drives, legs in groupby(order.approach, key=lambda leg: leg.kind in DRIVING)
    ]  # fmt: skip
    parts = [[arc for leg in legs for arc in leg.arcs] for _, legs in groups]
    parts.append([arc for leg in order.legs for arc in leg.arcs])
    told = voice.directions.ways(parts, before) if voice.directions is not None else ((),) * len(parts)
    texts = [
        _told(steps, voice.lang) if drives else _waits(legs, voice)
        for (drives, legs), steps in zip(groups, told, strict=False)
    ]
    there = phrase("then", voice.lang).join(filter(None, texts))
    if not there and order.kind == "dwell":
        there = phrase("here", voice.lang)
    return there, _told(told[-1], voice.lang)


def _told(steps: Sequence[Step], lang: Lang) -> str:
    return said([replace(step, street=plain(step.street)) for step in steps], lang)


def _waits(legs: Sequence[Leg], voice: Voice) -> str:
    """Say a wait; one of less than half a minute is a red light."""
    minutes = round(sum(leg.duration_s for leg in legs) / MINUTE_S)
    return phrase("wait", voice.lang, minutes=minutes, clock=voice.clock(legs[-1].arrive)) if minutes else ""
