"""The files of a review: report, workbook, map of both on one clock, GeoJSON, and the driven night as plan.json."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from patrolroute.base.files import write_all
from patrolroute.base.text import require_lang
from patrolroute.base.vocabulary import STAMPS, Datum, Lang
from patrolroute.live.review_report import heading, page, summary
from patrolroute.live.review_tables import (
    Table,
    besides_table,
    crew_table,
    doubt_table,
    measure_table,
    notes,
    notice_of,
    order_table,
    orders_line,
    street_rows,
)
from patrolroute.live.review_words import WORDS
from patrolroute.metrics import METRICS
from patrolroute.network.coordinates import from_wgs84
from patrolroute.output.tables import csv_bytes
from patrolroute.output.web import map_bytes
from patrolroute.output.workbook import Cell, Sheet, workbook_bytes
from patrolroute.plan.files import plan_files
from patrolroute.plan.records import DEGREE_DIGITS

if TYPE_CHECKING:
    from patrolroute.live.review import Review
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.plan.records import Leg, Route

REPORT_PAGE, REPORT_TEXT, WORKBOOK, MAP, LEGS, ORDERS = (
    "report.html", "report.txt", "review.xlsx", "map.html", "review.geojson", "orders.csv",
)  # fmt: skip
"""Names of the files; the driven night is ``plan.json`` with its networks."""


MOST_MEASURES = 4
"""Measures that stand above the map."""


def save(review: Review, folder: Path, *, lang: Lang = "zh", crs: Datum = "wgs84") -> tuple[Path, ...]:
    """Write every file of a review, all of them or none; see `patrolroute.live.review.Review.save`."""
    require_lang(lang)
    files = {
        REPORT_PAGE: page(review, lang).encode(),
        REPORT_TEXT: (summary(review, lang) + "\n").encode(),
        WORKBOOK: workbook(review, lang),
        ORDERS: orders_csv(review, lang),
        MAP: map_bytes(side_by_side(review, lang), lang=lang, head=_head(review, lang)),
        LEGS: geojson_bytes(review, crs),
        **plan_files(review.driven),
    }
    return write_all(folder, files)


def orders_csv(review: Review, lang: Lang) -> bytes:
    """Return every order as a table that opens by double click."""
    table = order_table(review, lang)
    return csv_bytes((list(table.titles), *map(list, table.rows)), notice_of(review.plan))


def workbook(review: Review, lang: Lang) -> bytes:
    """Return the workbook: orders, crews, streets, every measure, what was done besides, what is strange, notes."""
    tables = [order_table(review, lang), crew_table(review, lang), street_rows(review, lang)]
    sheets = [_sheet(table, lang) for table in tables]
    sheets.append(_measures(review, lang))
    sheets += [_sheet(table, lang) for table in (besides_table(review, lang), doubt_table(review, lang))]
    about = [heading(review, lang), *notes(review, lang), *notice_of(review.plan)]
    sheets.append(Sheet(WORDS.say("about", lang), [WORDS.say("about", lang)], [[line] for line in about], fixed=0))
    return workbook_bytes(sheets, title=heading(review, lang), about=about, made=review.plan.window[0])


def _sheet(table: Table, lang: Lang) -> Sheet:
    rows: list[list[Cell]] = [
        [(cell, "share") if at in table.shares and cell is not None else cell for at, cell in enumerate(row)]
        for row in table.rows
    ]
    return Sheet(WORDS.say(table.key, lang)[:31], list(table.titles), rows, fixed=2)


def _measures(review: Review, lang: Lang) -> Sheet:
    titles = [WORDS.say(key, lang) for key in ("measure", "planned", "driven", "shown")]
    rows: list[list[Cell]] = []
    for name, metric in METRICS.items():
        values: list[Cell] = ["" if value is None else metric.said(value, lang) for value in review.measures[name]]
        rows.append([metric.label(lang), *values])
    return Sheet(WORDS.say("measures", lang)[:31], titles, rows)


def _head(review: Review, lang: Lang) -> tuple[str, ...]:
    """Return the title of the map and the lines below it: the orders, and the measures that say most."""
    measures = {row[0]: row for row in measure_table(review, lang).rows[:MOST_MEASURES]}
    told = [f"{name} {planned} → {driven}" for name, planned, driven, _ in measures.values()]
    return heading(review, lang), orders_line(review, lang), *told


def side_by_side(review: Review, lang: Lang) -> PatrolPlan:
    """Return planned and driven routes as one plan, for a map on which both run on one clock.

    What counts is what was driven: planned legs serve nothing in it. A crew without a track is there as planned alone.
    """
    plan, driven = review.plan, review.driven
    crews, routes = [], []
    for crew, route, was in zip(plan.crews, plan.routes, driven.routes, strict=True):
        for key, legs, of in (
            ("crew_driven", was.legs, was),
            ("crew_planned", tuple(map(_unserving, route.legs)), route),
        ):
            if not of.legs:
                continue
            name = WORDS.say(key, lang, crew=crew.id)
            crews.append(replace(crew, id=name, break_=None, reserved=(), forbidden=(), staff=None))
            routes.append(replace(of, crew=name, legs=legs))
    ends = [moment for route in driven.routes if route.legs for moment in (route.start, route.end)]
    window = min([plan.window[0], *ends]), max([plan.window[1], *ends])
    settings = {"night": heading(review, lang)}
    return replace(driven, crews=tuple(crews), routes=tuple(routes), window=window, settings=settings)


def _unserving(leg: Leg) -> Leg:
    return replace(leg, kind="pass" if leg.kind == "patrol" else leg.kind, visit=None, counted=False)


def geojson_bytes(review: Review, datum: Datum = "wgs84") -> bytes:
    """Return the driven legs, each with how sure it is, and the planned orders' results, as one FeatureCollection."""
    driven = review.driven
    features = [
        feature
        for route in driven.routes
        for feature in _features(route, review.weak.get(route.crew, frozenset()), datum)
    ]
    collection = {
        "type": "FeatureCollection",
        "datum": datum,
        "stamp": STAMPS[datum],
        "attribution": driven.attribution,
        "notice": driven.notice,
        "orders": [
            {
                "crew": one.crew, "number": one.number, "kind": one.kind, "street": one.street,
                "tasks": list(one.tasks),
                "planned": one.planned.isoformat(), "driven": None if one.driven is None else one.driven.isoformat(),
                "status": one.status, "share": one.share, "late_s": one.late_s, "by": list(one.by),
                "evidence": "strong" if one.is_strong else "weak",
            }
            for one in review.orders
        ],
        "features": features,
    }  # fmt: skip
    return (json.dumps(collection, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8", "backslashreplace")


def _features(route: Route, weak: frozenset[int], datum: Datum) -> list[dict[str, Any]]:
    return [
        {
            "type": "Feature",
            "geometry": _geometry(leg, datum),
            "properties": {
                "crew": route.crew, "leg": number + 1, "kind": leg.kind, "street": leg.street, "task": leg.task,
                "depart": _text(leg.depart), "arrive": _text(leg.arrive), "length_m": leg.length_m,
                "evidence": "weak" if number in weak else "strong",
            },
        }
        for number, leg in enumerate(route.legs)
        if leg.coordinates
    ]  # fmt: skip


def _geometry(leg: Leg, datum: Datum) -> dict[str, Any]:
    lon, lat = np.array(leg.coordinates).T
    places = np.round(np.column_stack(from_wgs84(lon, lat, datum)), DEGREE_DIGITS).tolist()
    return {"type": "Point", "coordinates": places[0]} if len(places) == 1 else {
        "type": "LineString", "coordinates": places,
    }  # fmt: skip


def _text(moment: dt.datetime) -> str:
    return moment.isoformat()
