"""One sheet a crew: muster, orders in words and as links with QR codes, totals, the map."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

import numpy as np

from patrolroute.base.text import clock_text, day, label, local
from patrolroute.base.vocabulary import POST_KIND, STAMPS, Arc, Datum, Lang, LonLat, Mode, elapsed_s
from patrolroute.network.coordinates import from_wgs84
from patrolroute.output.directions import Directions, Step, distance, said
from patrolroute.output.itinerary import Order, itinerary, joined
from patrolroute.output.looks.clock import MINUTE_S, clock, leeway
from patrolroute.output.looks.discreet import makes_visits
from patrolroute.output.looks.fonts import LONGEST_PLACE, fitted
from patrolroute.output.looks.names import PlaceNames, between
from patrolroute.output.looks.phrases import phrase
from patrolroute.output.looks.scene import few
from patrolroute.output.sheets.chart import Atlas, Chart
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import DRIVING, SEEN, Leg, PlannedCrew, Route, Spot


@dataclass(frozen=True, slots=True)
class Row:
    """One line of an order sheet.

    Parameters
    ----------
    number
        Of the order.
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
    """How a crew's orders are said: the language, the clock's zone, the mode, and who knows the streets, if anyone.

    Of a night that is to be seen (``is_sweeping``) patrols are told street by street, and only stops have a code.
    """

    lang: Lang
    timezone: str
    mode: Mode
    directions: Directions | None
    is_sweeping: bool = False

    def clock(self, moment: dt.datetime) -> str:
        """Return hours and minutes in the plan's zone."""
        return clock(moment, self.timezone)


def rows(night: Sequence[Order], voice: Voice, home: str = "") -> Iterator[Row]:
    """Yield the lines of a crew's sheet.

    Parameters
    ----------
    night
        Its orders, in time.
    voice
        How they are said.
    home
        Name of the place where the night ends, empty if nobody knows.
    """
    before: Arc | None = None
    done = ""
    for order in night:
        row = _row(order, voice, before)
        # Who ends where it is at home already, after a break there, is home when that is over.
        yield replace(row, ends=home, ends_by=row.ends_by or done) if order.kind == "return" else row
        done = row.ends_by
        driven = [arc for leg in order.all_legs for arc in leg.arcs]
        before = driven[-1] if driven else before


def _row(order: Order, voice: Voice, before: Arc | None) -> Row:
    lang = voice.lang
    there, along = _ways(order, voice, before)
    is_swept = voice.is_sweeping and order.kind == "patrol"
    link = "" if is_swept else leg_link(order, voice.mode) or ""
    code, width = code_path(link) if link else ("", 0)
    return Row(
        number=order.number,
        kind=order.kind,
        is_required=order.is_required,
        name=_name(order, lang),
        ends=between(order.begins.said(lang), order.ends.said(lang)),
        action=_action(order, lang) + _meets(order, voice),
        visit=phrase("visit_n", lang, visit=order.visit) if order.visit and not is_swept else "",
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


def without_times(row: Row) -> Row:
    """Return a line without times and codes, as crews have it that go from door to door."""
    return replace(row, begins="", ends_by="", early="", late="", link="", code="", code_width=0)


def _name(order: Order, lang: Lang) -> str:
    if order.kind == "return":
        return phrase("return", lang)
    if order.kind == "break":
        return phrase("break", lang)
    names = [order.tasks[0].name] if order.kind == "dwell" and order.tasks else list(order.main_streets)
    return fitted(phrase("listed", lang).join(names)) or label("unnamed", lang)


def _action(order: Order, lang: Lang) -> str:
    if order.kind == "return":
        return ""
    if order.kind == "patrol":
        return phrase("patrol_far", lang, far=distance(order.patrolled_m, lang)) + _slowly(order, lang)
    minutes = elapsed_s(order.legs[0].depart, order.legs[-1].arrive) / MINUTE_S
    number = f"{minutes:.0f}" if minutes == int(minutes) else f"{minutes:.1f}"
    category = order.tasks[0].category if order.tasks else ""
    stay = "post_minutes" if category == POST_KIND else "dwell_minutes"
    spent = phrase(stay if order.kind == "dwell" else "break_minutes", lang, minutes=number)
    side = order.tasks[0].side if order.kind == "dwell" and order.tasks else ""
    where = phrase(f"on_side_{side}", lang) if side in SIDES else ""
    return phrase("comma", lang).join(filter(None, (fitted(label(category, lang)), spent, where)))


def _meets(order: Order, voice: Voice) -> str:
    """Return whom a crew meets at a joint stop and by when it has to be there; empty elsewhere."""
    if not order.others:
        return ""
    names, lang = phrase("listed", voice.lang).join(order.others), voice.lang
    told = phrase("meets", lang, crews=names, clock=voice.clock(order.legs[0].depart))
    return phrase("comma", lang) + told


def _slowly(order: Order, lang: Lang) -> str:
    """Return for how long an order is to be driven at patrol speed, and on which of its streets; empty if hardly."""
    if order.slow_s < LEAST_SLOW_S:
        return ""
    minutes = phrase("slow_minutes", lang, minutes=max(1, round(order.slow_s / MINUTE_S)))
    streets = [fitted(street) for street in order.slow_streets]
    is_clear = len(order.streets) == 1 or not streets
    where = "" if is_clear else few(streets, MOST_SLOW, lang) + phrase("colon", lang)
    return phrase("in_brackets", lang, what=where + minutes)


def _ways(order: Order, voice: Voice, before: Arc | None) -> tuple[str, str]:
    """Return the way to an order, waits included, and the way along it."""
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
    is_swept = voice.is_sweeping and order.kind == "patrol"
    return there, _told(told[-1], voice.lang, fitted(order.ends.at) if is_swept else None)


def _told(steps: Sequence[Step], lang: Lang, until: str | None = None) -> str:
    return said([replace(step, street=fitted(step.street)) for step in steps], lang, until=until)


def _waits(legs: Sequence[Leg], voice: Voice) -> str:
    """Return a wait; one of less than half a minute is a red light."""
    minutes = round(sum(leg.duration_s for leg in legs) / MINUTE_S)
    return phrase("wait_until", voice.lang, minutes=minutes, clock=voice.clock(legs[-1].arrive)) if minutes else ""


SIDES = ("north", "north_east", "east", "south_east", "south", "south_west", "west", "north_west")
"""Sides of a road that a plan names; a plan of others may say anything."""

LEAST_SLOW_S = 30
"""Less of slow patrol than this is not told: it is a crossing or two."""

MOST_SLOW = 3
"""Streets of one order that are named as patrolled slowly."""

MANY = 36
"""More orders than these are set smaller, so that two pages hold them."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on one crew's sheet.

    Parameters
    ----------
    number
        Of the crew, from 1.
    crew, mode
        Its id, and what it is: by car, on foot, by bicycle.
    staff
        Call sign, plate, officers and telephone, those that somebody said.
    muster, ending
        When and where it places; when it is back, at the latest, and where.
    totals
        What it drives and where it stands, in figures; that it stays where it does.
    rows
        The lines; none for a crew that stays.
    chart
        The map; None for a crew that stays.
    lang
        Of the sheet.
    is_private
        Whether it tells of visits, so that no time and no code is on it.
    """

    number: int
    crew: str
    mode: str
    staff: str
    muster: str
    ending: str
    totals: str
    rows: tuple[Row, ...]
    chart: Chart | None
    lang: Lang = "zh"
    is_private: bool = False

    @property
    def is_dense(self) -> bool:
        """Whether it has so many lines that they are set smaller."""
        return len(self.rows) > MANY


@dataclass(frozen=True, eq=False)
class Desk:
    """Where the sheets of one plan are written; ``atlas`` draws the maps, places of muster are in ``datum``."""

    plan: PatrolPlan
    lang: Lang
    atlas: Atlas
    datum: Datum = "wgs84"

    def sheets(self) -> Iterator[Sheet]:
        """Write the sheets in the order of the plan's crews."""
        nights = itinerary(self.plan)
        ways = {mode: Directions(network) for mode, network in self.plan.networks.items()}
        routes = {route.crew: route for route in self.plan.routes}
        places = PlaceNames(self.plan, self.lang)
        for number, crew in enumerate(self.plan.crews, start=1):
            route = routes.get(crew.id) or Route(crew.id, crew.start, crew.start)
            night = nights.orders(crew.id)
            is_sweeping = self.plan.objective.goal == "presence"
            own, named = self, places
            if crew.lang not in (None, self.lang):
                own = replace(self, lang=crew.lang)
                named = PlaceNames(self.plan, own.lang)
            voice = Voice(own.lang, self.plan.timezone, crew.mode, ways.get(crew.mode), is_sweeping)
            lines = tuple(rows(night, voice, fitted(named.name(crew.end_depot, crew.mode), LONGEST_PLACE)))
            is_private = makes_visits(self.plan, crew.id)
            yield Sheet(
                number=number,
                crew=fitted(crew.id),
                lang=own.lang,
                is_private=is_private,
                mode=label(crew.mode, own.lang),
                staff=own._staff(crew),  # noqa: SLF001 - its own class
                muster=own._muster(crew, named),  # noqa: SLF001 - its own class
                ending=own._ending(crew, route, named),  # noqa: SLF001 - its own class
                totals=own._totals(crew, route, night),  # noqa: SLF001 - its own class
                rows=tuple(map(without_times, lines)) if is_private else lines,
                chart=self.atlas.chart(crew, night, is_low=len(night) > MANY) if night else None,
            )

    def _staff(self, crew: PlannedCrew) -> str:
        if crew.staff is None:
            return ""
        texts = {what: list(map(fitted, filter(None, names))) for what, names in crew.staff.by_word.items()}
        told = [f"{label(what, self.lang)} {phrase('listed', self.lang).join(names)}" for what, names in texts.items()]
        return phrase("then", self.lang).join(told)

    def _muster(self, crew: PlannedCrew, places: PlaceNames) -> str:
        begin = local(crew.start, self.plan.timezone)
        return f"{day(begin, self.lang)} {clock_text(begin)}  {self._spot(crew.depot, crew.mode, places)}"

    def _spot(self, spot: Spot, mode: Mode, places: PlaceNames) -> str:
        """Return what people call a place, at which crossing it is, and where, in which datum."""
        names = dict.fromkeys((fitted(spot.name), fitted(places.junction(spot, mode), LONGEST_PLACE)))
        lon, lat = from_wgs84(spot.lon, spot.lat, self.datum)
        place = f"({lon:.5f}, {lat:.5f} {STAMPS[self.datum]})"
        return " ".join((phrase("comma", self.lang).join(filter(None, names)), place)).strip()

    def _ending(self, crew: PlannedCrew, route: Route, places: PlaceNames) -> str:
        if crew.out_of_service is not None:
            return phrase("out_from", self.lang, clock=clock(crew.out_of_service, self.plan.timezone))
        last, back = (clock(moment, self.plan.timezone) for moment in (crew.end, route.end))
        is_same = crew.end_depot.node == crew.depot.node
        where = phrase("same_place", self.lang) if is_same else self._spot(crew.end_depot, crew.mode, places)
        return phrase("back_at", self.lang, clock=back, last=last, where=where)

    def _totals(self, crew: PlannedCrew, route: Route, night: tuple[Order, ...]) -> str:
        if not night:
            return phrase("not_sent_out", self.lang)
        stops = [leg for leg in route.legs if leg.kind == "dwell"]
        limits = [
            phrase("at_most", self.lang, what=label(what, self.lang), most=most) for what, most in crew.limits.items()
        ]
        totals = phrase(
            "totals",
            self.lang,
            km=f"{route.length_m / 1000:.1f}",
            patrol=f"{sum(leg.length_m for leg in route.legs if leg.kind in SEEN) / 1000:.1f}",
            stops=len(stops),
            minutes=round(sum(leg.duration_s for leg in stops) / MINUTE_S),
        )
        slow_s = sum(leg.duration_s for leg in route.legs if leg.kind == "patrol")
        slow = (
            [phrase("slow_minutes", self.lang, minutes=max(1, round(slow_s / MINUTE_S)))]
            if slow_s >= LEAST_SLOW_S
            else []
        )
        return phrase("then", self.lang).join([totals, *slow, *limits])


# Links that open an order in AMap, and QR codes of them

MASK = 2
"""Of the eight masks of a QR code. Every reader reads each of them; trying all takes three times as long."""

BORDER = 4
"""Light modules around a QR code, as its standard asks."""

KEPT = 8192
"""Codes that are kept for the next time the same night is written: a hundred crews' orders."""


@lru_cache(maxsize=KEPT)
def code_path(text: str) -> tuple[str, int]:
    """Return the QR code of a text as an SVG path of dark modules, one unit wide, and the code's width with its border.

    Errors of a fourteenth of the code are mended, the least level: smaller modules would be read worse.

    Examples
    --------
    >>> path, width = code_path("patrolroute")
    >>> path[:17], width
    ('M4 4.5h7m2 0h1m2 ', 29)
    """
    import segno

    code = segno.make_qr(text, error="l", mode="byte", boost_error=False, mask=MASK)
    path = []
    # Each dark run from where the pen is: at the begin of its row, then along it.
    for row, modules in enumerate(code.matrix):
        pen = None
        for run in re.finditer(b"\x01+", modules):
            left, right = run.span()
            path.append(f"M{BORDER + left} {BORDER + row}.5" if pen is None else f"m{left - pen} 0")
            path.append(f"h{right - left}")
            pen = right
    return "".join(path), len(code.matrix) + 2 * BORDER


NAVIGATION = "https://uri.amap.com/navigation"
"""AMap's link to a way (https://lbs.amap.com/api/uri-api/guide/travel/route): from, to and one point between them."""

WAYS: dict[Mode, tuple[str, ...]] = {"car": (), "foot": ("mode=walk",), "bicycle": ("mode=ride",)}
"""How AMap calls the modes; a car is what it takes if none is named."""

DEGREE_DIGITS = 5
"""About a metre, and two digits fewer in each number of a code."""


def leg_link(order: Order, mode: Mode) -> str | None:
    """Return AMap's link to the way of an order: from where the crew is before it to where it ends.

    The one point between is where a patrol begins, so that the crew is led to the right end of the street, or the
    middle of the line where the crew is there already. Only coordinates are told, in GCJ-02, no names.

    Returns
    -------
    str or None
        None if the plan has no coordinates of the order.
    """
    way, own = joined(order.all_legs), order.path
    if not way:
        return None
    leads_there = order.approach and len(own) > 1 and own[0] != way[0]
    begin, between, end = _points((way[0], own[0] if leads_there else way[len(way) // 2], way[-1]))
    parts = [f"to={end}"] if len(way) == 1 else [f"from={begin}", f"to={end}"]
    if mode == "car" and between not in (begin, end):
        parts.append(f"via={between}")
    return "&".join((f"{NAVIGATION}?{parts[0]}", *parts[1:], *WAYS[mode], "coordinate=gaode", "callnative=1"))


def _points(places: Sequence[LonLat]) -> list[str]:
    east, north = np.array(places, dtype=np.float64).T
    lon, lat = from_wgs84(east, north, "gcj02")
    return [f"{x:.{DEGREE_DIGITS}f},{y:.{DEGREE_DIGITS}f}" for x, y in zip(lon.tolist(), lat.tolist(), strict=True)]
