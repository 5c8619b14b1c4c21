"""Small plans to write out: the night worked out on paper, as it is and with hostile names."""

from __future__ import annotations

from dataclasses import replace

from patrolroute.plan.model import PatrolPlan
from tests.plan.hand_made import agreed_plan, clean_plan

NOTICE = "示意图，仅供试用。A schematic."
HOSTILE = (
    "<script>alert(1)</script>",
    "=cmd()",
    "../../x",
    "CON",
    "车组🚓",
    "x" * 300,
    "a\nb",
    "$x_1$",
    '"; drop',
    "\x07bell",
)


def drawn_plan() -> PatrolPlan:
    """Return the night worked out on paper, on a map that says that it is drawn."""
    return _drawn(clean_plan())


def resting_plan() -> PatrolPlan:
    """Return the same night with a break instead of the wait, loads, capacities and reservations."""
    return _drawn(agreed_plan())


def _drawn(plan: PatrolPlan) -> PatrolPlan:
    network = replace(plan.networks["car"], source="paper", notice=NOTICE, attribution="drawn")
    return replace(plan, networks={"car": network})


def renamed(plan: PatrolPlan, name: str) -> PatrolPlan:
    """Return crew A, the street s12 and the market another name, the street on the map too."""
    network = plan.networks["car"]
    names = tuple(name if old == "1-2" else old for old in network.names)
    crews = tuple(replace(crew, id=name) if crew.id == "A" else crew for crew in plan.crews)
    tasks = tuple(replace(task, name=name) if task.id in ("s12", "m5") else task for task in plan.tasks)
    legs = [tuple(replace(leg, street=name) for leg in route.legs) for route in plan.routes]
    routes = tuple(
        replace(route, crew=name if route.crew == "A" else route.crew, legs=own)
        for route, own in zip(plan.routes, legs, strict=True)
    )
    return replace(plan, networks={"car": replace(network, names=names)}, crews=crews, tasks=tasks, routes=routes)
