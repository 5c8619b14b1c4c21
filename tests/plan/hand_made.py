"""A small night worked out on paper: a ring of four streets, a market off it, two crews, two hours.

::

    4 --- 3 --- 5 (market)      every street 500 m, both ways, 60 s to drive, 100 s to patrol
    |     |                     node 1 is the depot; crew B drives at factor 1.25: 48 s and 80 s
    1 --- 2
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from patrolroute.base import __version__
from patrolroute.network.road import RoadNetwork
from patrolroute.plan.document import Stated
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import LeftOut, Leg, Objective, PlannedBreak, PlannedCrew, PlannedTask, Route, Spot
from patrolroute.plan.seen import count_by_time, presence_score, seen_share

LON, LAT = 117.0, 32.6
PLACES = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (2, 1)}
ROADS = [(1, 2), (2, 3), (3, 4), (4, 1), (3, 5)]
ZONE = dt.timezone(dt.timedelta(hours=8))


def at(clock: str) -> dt.datetime:
    """Return a moment of the night, ``at("20:01:40")``."""
    return dt.datetime.combine(dt.date(2026, 5, 8), dt.time.fromisoformat(clock), tzinfo=ZONE)


def place(node: int) -> tuple[float, float]:
    east, north = PLACES[node]
    return LON + 0.0053 * east, LAT + 0.0045 * north


def spot(node: int) -> Spot:
    return Spot(node, *place(node))


def arcs(*nodes: int) -> tuple[tuple[int, int, int], ...]:
    """Return the arcs of a walk: ``arcs(1, 2, 3)``."""
    return tuple((one, two, 0) for one, two in pairwise(nodes))


def ring_network() -> RoadNetwork:
    both = sorted([*ROADS, *((head, tail) for tail, head in ROADS)])
    nodes = sorted(PLACES)
    count = len(both)
    points = [place(node) for pair in both for node in pair]
    return RoadNetwork(
        node_id=np.array(nodes, dtype=np.int64),
        lon=np.array([place(node)[0] for node in nodes]),
        lat=np.array([place(node)[1] for node in nodes]),
        tail=np.array([nodes.index(tail) for tail, _ in both], dtype=np.int32),
        head=np.array([nodes.index(head) for _, head in both], dtype=np.int32),
        key=np.zeros(count, dtype=np.int32),
        length_m=np.full(count, 500, dtype=np.int32),
        travel_s=np.full(count, 60, dtype=np.int32),
        patrol_s=np.full(count, 100, dtype=np.int32),
        reverse=np.array([both.index((head, tail)) for tail, head in both], dtype=np.int32),
        names=tuple(f"{min(pair)}-{max(pair)}" for pair in both),
        highways=("secondary",) * count,
        tunnel=np.zeros(count, dtype=np.bool_),
        shape_lon=np.array([point[0] for point in points]),
        shape_lat=np.array([point[1] for point in points]),
        shape_start=np.arange(0, 2 * count + 1, 2, dtype=np.int64),
    )


def drive(kind: str, begin: str, end: str, *nodes: int, **marks: Any) -> Leg:
    line = tuple(place(node) for node in nodes)
    return Leg(
        kind,  # type: ignore[arg-type]
        at(begin), at(end), arcs=arcs(*nodes), length_m=500 * (len(nodes) - 1), coordinates=line, **marks,
    )  # fmt: skip


def stand(kind: str, begin: str, end: str, node: int, **marks: Any) -> Leg:
    return Leg(kind, at(begin), at(end), coordinates=(place(node),), **marks)  # type: ignore[arg-type]


def visit(task: str, number: int = 1) -> dict[str, Any]:
    return {"task": task, "visit": number, "counted": True}


def street(name: str, prize: int, *walks: tuple[int, ...], **more: Any) -> PlannedTask:
    facts: dict[str, Any] = {
        "id": name, "kind": "street", "category": "street", "name": name, "mode": "car", "priority": 1,
        "required": False, "prize": prize, "worth": (prize,), "visits_done": 1, "headway_s": 0,
        "slices": ((at("20:00"), at("22:00")),), "directions": tuple(arcs(*walk) for walk in walks),
    }  # fmt: skip
    return PlannedTask(**(facts | more))


def clean_plan() -> PatrolPlan:
    halves = (at("20:00"), at("21:00")), (at("21:00"), at("22:00"))
    tasks = (
        street("s12", 300, (1, 2), (2, 1), priority=3, required=True, worth=(300, 150), visits_done=2, headway_s=900,
               slices=halves),
        street("s234", 400, (2, 3, 4), (4, 3, 2), priority=2),
        street("m5", 1800, kind="hotspot", category="night_market", priority=3, node=5, dwell_s=600,
               windows=((at("20:10"), at("21:30")),)),
        street("s41", 100, (4, 1), (1, 4), visits_done=0, left_out=LeftOut("displaced", 40, "no time")),
    )  # fmt: skip
    routes = (
        Route("A", at("20:00"), at("20:23"), (
            drive("patrol", "20:00:00", "20:01:40", 1, 2, **visit("s12")),
            drive("patrol", "20:01:40", "20:05:00", 2, 3, 4, **visit("s234")),
            drive("deadhead", "20:05:00", "20:07:00", 4, 3, 5),
            stand("wait", "20:07:00", "20:10:00", 5),
            stand("dwell", "20:10:00", "20:20:00", 5, **visit("m5")),
            drive("deadhead", "20:20:00", "20:23:00", 5, 3, 4, 1),
        )),
        Route("B", at("20:00"), at("21:02:08"), (
            stand("wait", "20:00:00", "21:00:00", 1),
            drive("patrol", "21:00:00", "21:01:20", 1, 2, **visit("s12", 2)),
            drive("deadhead", "21:01:20", "21:02:08", 2, 1),
        )),
    )  # fmt: skip
    return PatrolPlan(
        networks={"car": ring_network()},
        crews=tuple(
            PlannedCrew(name, "car", spot(1), spot(1), at("20:00"), at("22:00"), speed_factor=factor)
            for name, factor in (("A", 1.0), ("B", 1.25))
        ),
        tasks=tasks,
        routes=routes,
        window=(at("20:00"), at("22:00")),
        timezone="Asia/Shanghai",
        objective=Objective(
            required_missed=0,
            prize_collected=2650,
            prize_total=2750,
            levels=(0, 100, 517_777, 728),
            longest_route_s=3728,
            driving_s=728,
        ),
    )


def seen_plan() -> PatrolPlan:
    """Return the same night made for presence: streets driven through are passes, and count by their times."""
    plan = clean_plan()
    plan = with_route(plan, 0, legs=(
        *plan.routes[0].legs[:-1],
        drive("deadhead", "20:20:00", "20:22:00", 5, 3, 4),
        drive("pass", "20:22:00", "20:23:00", 4, 1, task="s41"),
    ))  # fmt: skip
    plan = with_leg(plan, 1, 2, kind="pass", task="s12")
    plan = count_by_time(replace(with_task(plan, "s41", left_out=None), settings={"goal": "presence"}))
    collected = sum(sum(task.worth[: task.visits_done]) for task in plan.tasks)
    plan = with_objective(plan, goal="presence", prize_collected=collected, seen=seen_share(plan))
    return with_objective(plan, levels=tuple(presence_score(plan)))


def idle_plan() -> PatrolPlan:
    """Return the same night with every crew left at its depot."""
    plan = clean_plan()
    for number, route in enumerate(plan.routes):
        plan = with_route(plan, number, legs=(), end=route.start)
    return plan


def agreed_plan() -> PatrolPlan:
    """Return the same night with a break instead of the wait, a load that is all that crew A can take, and a ban."""
    plan = with_task(with_leg(clean_plan(), 0, 3, kind="break"), "m5", load=2)
    windows = ((at("20:05"), at("20:08")), (at("20:07"), at("20:10")))
    plan = with_crew(plan, 0, break_=PlannedBreak(180, windows), capacity=2, reserved=("m5", "s234", "s12"))
    return with_crew(plan, 1, capacity=0, reserved=("s12",), forbidden=("s41", "m5"))


def with_leg(plan: PatrolPlan, route: int, number: int, **changes: Any) -> PatrolPlan:
    """Change one leg, counted from 0."""
    legs = list(plan.routes[route].legs)
    legs[number] = replace(legs[number], **changes)
    return with_route(plan, route, legs=tuple(legs))


def with_route(plan: PatrolPlan, route: int, **changes: Any) -> PatrolPlan:
    routes = list(plan.routes)
    routes[route] = replace(routes[route], **changes)
    return replace(plan, routes=tuple(routes))


def with_crew(plan: PatrolPlan, crew: int, **changes: Any) -> PatrolPlan:
    crews = list(plan.crews)
    crews[crew] = replace(crews[crew], **changes)
    return replace(plan, crews=tuple(crews))


def with_task(plan: PatrolPlan, name: str, **changes: Any) -> PatrolPlan:
    tasks = tuple(replace(task, **changes) if task.id == name else task for task in plan.tasks)
    return replace(plan, tasks=tasks)


def with_legs(plan: PatrolPlan, route: int, *legs: Leg) -> PatrolPlan:
    """Put legs at the end of a route, which then ends with them."""
    known = plan.routes[route].legs
    return with_route(plan, route, legs=(*known, *legs), end=legs[-1].arrive)


def with_objective(plan: PatrolPlan, **changes: Any) -> PatrolPlan:
    return replace(plan, objective=replace(plan.objective, **changes))


def as_read(plan: PatrolPlan, **changes: Any) -> PatrolPlan:
    """Return a plan as if it had been read from its file, which says something else in some places."""
    said: dict[str, Any] = {
        "attribution": plan.attribution, "notice": plan.notice, "gap": plan.objective.gap, "metrics": plan.metrics,
        "asked_sha256": plan.asked_sha256, "created_with": f"patrolroute {__version__}", "companions": (),
    }  # fmt: skip
    return replace(plan, read_as=Stated(**(said | changes)))


def restated(plan: PatrolPlan) -> PatrolPlan:
    """Return the times of the objective anew, so that a planted fault elsewhere stands alone."""
    crews = {crew.id: crew for crew in plan.crews}
    share = max(route.duration_s * 1_000_000 // crews[route.crew].budget_s for route in plan.routes)
    driving = sum(route.driving_s for route in plan.routes)
    levels = (*plan.objective.levels[:2], share, driving)
    longest = max(route.duration_s for route in plan.routes)
    return with_objective(plan, levels=levels, longest_route_s=longest, driving_s=driving)
