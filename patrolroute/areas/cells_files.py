"""Cells as files: a workbook, GeoJSON for a GIS, the map; and in a few lines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import shapely

from patrolroute.areas.cells_words import W
from patrolroute.base.arguments import checked
from patrolroute.base.extras import lacking
from patrolroute.base.files import write_all
from patrolroute.base.text import clock_text
from patrolroute.base.vocabulary import Datum, Lang
from patrolroute.metrics.seen_in_cells import SeenCell, SeenInCells
from patrolroute.network.coordinates import from_wgs84
from patrolroute.output.plots import cells_png
from patrolroute.output.workbook import Sheet, workbook_bytes

MOST_NAMES = 12
DIGITS = 6
"""Of degrees: a tenth of a metre."""


def share_text(share: float | None) -> str:
    """Return a share in per cent.

    Examples
    --------
    >>> share_text(0.8014), share_text(None)
    ('80.1 %', '–')
    """
    return "–" if share is None else f"{100 * share:.1f} %"


def cell_lines(seen: SeenInCells, lang: Lang = "zh") -> Iterator[str]:
    """Yield how cells are seen, in a few lines."""
    gini = "–" if seen.gini is None else f"{seen.gini:.2f}"
    yield W.say("line", lang, count=len(seen.cells), seen=share_text(seen.seen), gini=gini)
    if seen.worst is not None:
        yield W.say("line_worst", lang, name=seen.worst.cell.name, seen=share_text(seen.worst.seen))
    if seen.unseen:
        yield W.say("line_unseen", lang, names=_names(seen.unseen, lang))
    if seen.short:
        yield W.say("line_short", lang, wanted=seen.wanted, names=_names(seen.short, lang))


def _names(cells: Sequence[SeenCell], lang: Lang) -> str:
    names = ("、" if lang == "zh" else ", ").join(one.cell.name for one in cells[:MOST_NAMES])
    if not cells:
        return W.say("none", lang)
    return W.say("names", lang, names=names, count=len(cells)) if len(cells) > MOST_NAMES else names


def cell_titles(seen: SeenInCells, lang: Lang) -> tuple[str, ...]:
    """Return the titles of `cell_rows`."""
    spans = ["–".join(clock_text(moment) for moment in hour) for hour in seen.hours]
    wish = ("wish", "lacking") if seen.wanted else ()
    return (
        *(W.say(key, lang) for key in ("cell", "metres", "seen", "visits", *wish, "present")),
        *(W.say("hour_seen", lang, span=span) for span in spans),
        *(W.say("hour_visits", lang, span=span) for span in spans),
    )


def cell_rows(seen: SeenInCells) -> Iterator[tuple[Any, ...]]:
    """Yield a row for each cell."""
    for one in seen.cells:
        wish = (seen.wanted, max(0, seen.wanted - one.visits)) if seen.wanted else ()
        shares = [None if share is None else (share, "share") for share in (one.seen, *one.by_hour)]
        yield (
            one.cell.name, round(one.metres), shares[0], one.visits, *wish, round(one.present_s / 60, 1),
            *shares[1:], *one.visits_by_hour,
        )  # fmt: skip


def _figures(seen: SeenInCells, lang: Lang) -> Iterator[tuple[str, Any]]:
    yield W.say("count", lang), len(seen.cells)
    yield W.say("mean", lang), None if seen.seen is None else (seen.seen, "share")
    yield W.say("gini", lang), None if seen.gini is None else round(seen.gini, 3)
    yield W.say("worst", lang), "–" if seen.worst is None else seen.worst.cell.name
    yield W.say("unseen", lang), len(seen.unseen)
    if seen.wanted:
        yield W.say("short", lang), len(seen.short)


def cells_workbook(seen: SeenInCells, lang: Lang = "zh") -> bytes:
    """Return the cells as a workbook: a row for each, and the figures of all.

    Raises
    ------
    MissingExtraError
        If what the extra ``tables`` brings is not installed.
    """
    sheets = [
        Sheet(W.say("cells", lang), cell_titles(seen, lang), list(cell_rows(seen))),
        Sheet(W.say("figures", lang), (W.say("figure", lang), W.say("value", lang)), list(_figures(seen, lang))),
    ]
    about = [line for line in (seen.plan.notice, seen.plan.attribution) if line]
    return workbook_bytes(sheets, title=W.say("title", lang), about=about, made=seen.plan.window[0])


def cells_geojson(seen: SeenInCells, datum: Datum = "wgs84") -> bytes:
    """Return the cells as GeoJSON, a polygon each with its figures; in the coordinates of ``datum``, which is named."""
    features = []
    for one in seen.cells:
        ground = shapely.transform(one.cell.polygon, _into(datum))
        facts = {
            "name": one.cell.name, "metres": round(one.metres), "seen": _rounded(one.seen), "visits": one.visits,
            "present_s": one.present_s, "seen_by_hour": [_rounded(share) for share in one.by_hour],
            "visits_by_hour": list(one.visits_by_hour),
        }  # fmt: skip
        features.append({"type": "Feature", "properties": facts, "geometry": shapely.geometry.mapping(ground)})
    whole = {
        "type": "FeatureCollection", "datum": datum, "attribution": seen.plan.attribution,
        "hours": [[moment.isoformat() for moment in hour] for hour in seen.hours], "wanted": seen.wanted,
        "features": features,
    }  # fmt: skip
    return (json.dumps(whole, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8", "backslashreplace")


def _into(datum: Datum) -> Callable[[Any], Any]:
    def turned(points: Any) -> Any:
        lon, lat = from_wgs84(points[:, 0], points[:, 1], datum)
        points = points.copy()
        points[:, 0], points[:, 1] = lon, lat
        return points.round(DIGITS)

    return turned


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


@checked
def save_cells(seen: SeenInCells, folder: Path | str, *, lang: Lang = "zh", datum: Datum = "wgs84") -> tuple[Path, ...]:
    """Write cells.xlsx, cells.geojson and cells.png; what needs a library that is not installed is left out.

    Parameters
    ----------
    seen
        From `patrolroute.seen_in_cells`.
    folder
        Where to; made if it is not there.
    lang
        Of the words.
    datum
        Of cells.geojson.

    Raises
    ------
    OutputError
        If the folder cannot be written; nothing is written then.
    """
    files: dict[str, Callable[[], bytes]] = {"cells.geojson": lambda: cells_geojson(seen, datum)}
    if not list(lacking("cells.xlsx", "xlsxwriter")):
        files["cells.xlsx"] = lambda: cells_workbook(seen, lang)
    if not list(lacking("cells.png", "matplotlib")):
        files["cells.png"] = lambda: cells_png(seen, lang)
    return write_all(Path(folder), {name: make() for name, make in files.items()})
