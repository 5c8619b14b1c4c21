"""`streets_from`: rows or drawn shapes that each ask for streets, as the entries of a night's file do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from patrolroute.base.amounts import MINUTE_S
from patrolroute.base.arguments import checked
from patrolroute.base.errors import Complaints
from patrolroute.base.shapes import Inline, Shape, is_drawn
from patrolroute.demand.columns import HEADERS
from patrolroute.demand.drawings import LINES, read_shapes
from patrolroute.demand.lines import raise_gathered
from patrolroute.demand.model import (
    MAX_LOAD,
    MAX_PRIZE,
    MAX_STOP_S,
    MAX_VISITS,
    PRIORITY_MAX,
    PRIORITY_MIN,
    PriorityStreet,
)
from patrolroute.demand.rows import Row
from patrolroute.demand.sheets import in_memory, row_of_properties
from patrolroute.demand.streets import combine_streets, select_streets
from patrolroute.demand.tables import read_rows
from patrolroute.network.road import RoadNetwork

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("名称", "路名", "道路", "街道", "路段", "道路名称", "街道名称", "路段名称", "重点路段", "street", "names"),
    "class": ("道路等级", "highway", "classes"),
    "max_gap_min": ("最长空档分钟", "最长间隔分钟", "max_gap"),
    "both_directions": ("双向", "双向都巡", "双向巡逻"),
    "alternate": ("下次反向", "反向", "交替方向"),
    **{name: HEADERS[name] for name in ("priority", "required", "visits", "headway_min", "prize", "load", "note")},
}
"""Column names that mean the same, after the library's own; of what other tables ask for too as there."""

_SEVERAL = re.compile(r"[;,、|]")


@checked(but=("crs", "data"))
def streets_from(
    data: Any, network: RoadNetwork, *, crs: str | None = None, both_carriageways: bool = False
) -> list[PriorityStreet]:
    """Take priority streets from data in memory: each row asks for some streets, by name, class or drawing.

    Parameters
    ----------
    data
        Rows as dictionaries or a DataFrame, or lines and polygons with the same as properties: a GeoDataFrame, GeoJSON
        as a dictionary, or anything with a ``__geo_interface__``. A line means the streets that run along it, a polygon
        those inside it. Columns, in English or Chinese: name (several joined by ``;``), class (``primary``, …),
        priority (3), required (no), visits (1), headway_min, prize, load (0), max_gap_min, both_directions (no),
        alternate (no). Name, class and drawing
        narrow each other, as in `select_streets`; a row has at least one of them.
    network
        The map.
    crs
        Datum of what is drawn; see `patrolroute.hotspots_from`.
    both_carriageways
        Whether the two carriageways of a divided road are two segments.

    Returns
    -------
    list of PriorityStreet
        Rows that overlap are combined; see `combine_streets`.

    Raises
    ------
    TableError
        With every complaint about the data: row, value, rule; streets that are not on the map included.

    Examples
    --------
    >>> import patrolroute as pr
    >>> rows = [{"路名": "龙湖路", "优先级": 5, "必巡": "是"}]
    >>> asked = streets_from(rows, pr.RoadNetwork.huainan())
    >>> [(street.name, street.priority, street.required) for street in asked]
    [('龙湖路', 5, True)]
    >>> streets_from([{"name": "龙湖"}], pr.RoadNetwork.huainan())
    Traceback (most recent call last):
    ...
    patrolroute.base.errors.TableError: streets: row 1 (龙湖): street '龙湖' is not on the map; did you mean 龙湖路, 龙湖路环岛, 龙湖路一巷?
    """  # noqa: E501 - a sentence of doctest has one line
    given = in_memory(data, "streets")
    chosen = list[PriorityStreet]()
    rows, datum, complaints = _rows(given, crs)
    for row, drawn in rows:
        request = _request(row)
        shape = None if drawn is None else drawn.geometry
        entry = "within" if shape is None or shape.geom_type not in LINES else "along"
        criteria: dict[str, Any] = {"names": _listed(row, "name"), "classes": _listed(row, "class"), entry: shape}
        if all(given is None for given in criteria.values()):
            row.complain("asks for nothing: give a name, a class or a drawing")
            continue
        found = Complaints()
        step = partial(select_streets, network, both_carriageways=both_carriageways, crs=datum, **criteria, **request)
        chosen += found.attempt(step) or []
        complaints.extend(item.about(row.thing) for item in found.items)
    raise_gathered(complaints)
    return combine_streets(chosen)


def _rows(given: Inline, crs: str | None) -> tuple[list[tuple[Row, Shape | None]], str | None, Complaints]:
    """Return the rows, each with what is drawn for it, the datum of that, and what is wrong so far."""
    if not is_drawn(given.data):
        rows, complaints = read_rows(given, needs=(), headers=COLUMNS)
        return [(row, None) for row in rows], crs, complaints
    shapes, named, complaints = read_shapes(given, crs=crs)
    raise_gathered(complaints)
    drawn = [(row_of_properties(one.where, one.properties, complaints, COLUMNS), one) for one in shapes]
    return [*drawn], named or crs, complaints


def _listed(row: Row, column: str) -> list[str] | None:
    return [name for part in _SEVERAL.split(row.text(column)) if (name := part.strip())] or None


def _request(row: Row) -> dict[str, Any]:
    """Read everything but what is chosen."""
    return {
        "priority": row.priority_in("priority", 3, low=PRIORITY_MIN, high=PRIORITY_MAX),
        "required": row.yes("required"),
        "visits": row.whole_in("visits", 1, low=1, high=MAX_VISITS),
        "headway_s": row.seconds_in("headway_min", 0, low=0, high=MAX_STOP_S) if row.text("headway_min") else None,
        "prize": row.whole_in("prize", 1, low=1, high=MAX_PRIZE) if row.text("prize") else None,
        "load": row.whole_in("load", 0, low=0, high=MAX_LOAD),
        "max_gap_min": row.minutes_in("max_gap_min", 1.0, low=1 / MINUTE_S, high=MAX_STOP_S / MINUTE_S)
        if row.text("max_gap_min")
        else None,
        "both_directions": row.yes("both_directions"),
        "alternate": row.yes("alternate"),
    }
