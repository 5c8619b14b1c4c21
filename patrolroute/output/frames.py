"""GeoDataFrames of a plan, for people who live in notebooks."""

from __future__ import annotations

from typing import Any

import geopandas
import shapely
import shapely.geometry

from patrolroute.output.geojson import task_shape
from patrolroute.plan.parts import Leg
from patrolroute.plan.records import PatrolPlan

CRS = "EPSG:4326"


def legs_frame(plan: PatrolPlan) -> geopandas.GeoDataFrame:
    """Give one row a leg, in the order of routes; a leg while standing is a point.

    Returns
    -------
    GeoDataFrame
        Columns ``crew``, ``leg``, ``kind``, ``street``, ``task``, ``visit``, ``counted``, ``depart``, ``arrive``
        (aware), ``duration_s``, ``length_m``, ``geometry`` (WGS-84). Without any leg it has no row.
    """
    rows = [(route.crew, number, leg) for route in plan.routes for number, leg in enumerate(route.legs, start=1)]
    names = ("kind", "street", "task", "visit", "counted", "depart", "arrive", "duration_s", "length_m")
    columns: dict[str, list[Any]] = {
        "crew": [crew for crew, _, _ in rows],
        "leg": [number for _, number, _ in rows],
        **{name: [getattr(leg, name) for _, _, leg in rows] for name in names},
    }
    return geopandas.GeoDataFrame(columns, geometry=[_shape(leg) for _, _, leg in rows], crs=CRS)


def tasks_frame(plan: PatrolPlan) -> geopandas.GeoDataFrame:
    """Give one row a task: its line or point, what was asked for, what was done, why it is left out.

    Returns
    -------
    GeoDataFrame
        Columns ``id``, ``kind``, ``category``, ``name``, ``mode``, ``priority``, ``required``, ``prize``,
        ``visits_wanted``, ``visits_done``, ``reason`` (None if all visits are made), ``geometry`` (WGS-84).
    """
    names = (
        "id", "kind", "category", "name", "mode", "priority", "required", "prize", "visits_wanted", "visits_done",
    )  # fmt: skip
    columns: dict[str, list[Any]] = {name: [getattr(task, name) for task in plan.tasks] for name in names}
    columns["reason"] = [task.left_out.reason if task.left_out else None for task in plan.tasks]
    shapes = [task_shape(plan, task) for task in plan.tasks]
    lines = [None if one is None else shapely.geometry.shape(one) for one in shapes]
    return geopandas.GeoDataFrame(columns, geometry=lines, crs=CRS)


def _shape(leg: Leg) -> Any:
    if not leg.coordinates:
        return None
    return shapely.Point(leg.coordinates[0]) if len(leg.coordinates) == 1 else shapely.LineString(leg.coordinates)
