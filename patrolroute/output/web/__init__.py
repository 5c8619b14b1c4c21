"""The map of a night in one file that opens by double click and asks nobody for anything."""

from __future__ import annotations

from pathlib import Path

from patrolroute.output.datum import in_datum
from patrolroute.output.files import write_one
from patrolroute.output.picture.scene import Scene
from patrolroute.output.web.page import page
from patrolroute.output.web.tiles import tiles_of
from patrolroute.plan.records import PatrolPlan
from patrolroute.words import Datum, Lang, require_lang


def write_map(
    plan: PatrolPlan, path: str | Path, *, lang: Lang = "zh", tiles: str | None = None, crs: Datum = "wgs84"
) -> Path:
    """Write the map of the night as one HTML file, whole or not at all.

    Parameters
    ----------
    plan
        The plan.
    path
        Where to.
    lang
        ``zh`` or ``en``.
    tiles
        An online base layer below the map, None for none: then the page makes no request at all. ``osm`` for the
        tiles of OpenStreetMap, or an address with ``{X}``, ``{Y}`` and ``{Z}``, such as that of a tile server in
        the bureau's own network.
    crs
        Datum of the tiles: ``wgs84``, or ``gcj02`` for those of Chinese maps.

    Raises
    ------
    InputError
        If there is no such language or datum, or the tiles have no address.
    OutputError
        If the file cannot be written.
    """
    return write_one(Path(path), map_bytes(plan, lang=lang, tiles=tiles, crs=crs))


def map_bytes(plan: PatrolPlan, *, lang: Lang = "zh", tiles: str | None = None, crs: Datum = "wgs84") -> bytes:
    """Give the map of the night as an HTML file; the same plan and Bokeh give the same bytes."""
    require_lang(lang)
    return page(Scene(in_datum(plan, crs)), lang, tiles_of(tiles)).encode("utf-8", "replace")
