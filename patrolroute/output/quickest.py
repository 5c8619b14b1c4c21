"""What a late crew gains by leaving out passes: the quickest drives between what it must keep.

With the goal presence crews drive all night, and a crew that is late leaves out passes. It keeps its stops at
hotspots, its break, and the patrols by which required streets are served.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from patrolroute.base.vocabulary import INFINITE_S, Arc, Mode, Seconds, elapsed_s
from patrolroute.network.travel import TravelTimes
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import Leg, PlannedCrew, Route


class Shortcuts:
    """The quickest drives of one plan's crews.

    Parameters
    ----------
    plan
        The plan.
    """

    def __init__(self, plan: PatrolPlan) -> None:
        self._plan = plan
        self._crews = {crew.id: crew for crew in plan.crews}
        self._travels: dict[tuple[Mode, float], TravelTimes] = {}

    def saved(self, route: Route) -> dict[int, Seconds]:
        """Return by how many seconds the quickest drive after each leg that must be kept is shorter than planned.

        The drive leads to the next leg that must be kept, or home; waits on the way are left out too. Legs are told by
        their place in the route.
        """
        crew = self._crews.get(route.crew)
        if crew is None or crew.mode not in self._plan.networks:
            return {}
        kept = [number for number, leg in enumerate(route.legs) if self._is_kept(leg)]
        found = {}
        for number, following in zip(kept, [*kept[1:], None], strict=False):
            until = route.end if following is None else route.legs[following].depart
            planned_s = elapsed_s(route.legs[number].arrive, until)
            found[number] = max(0, planned_s - min(planned_s, self._drive_s(crew, route, number, following)))
        return found

    def _is_kept(self, leg: Leg) -> bool:
        return leg.kind in ("dwell", "break") or id(leg) in self._serving

    @cached_property
    def _serving(self) -> frozenset[int]:
        """The first patrol of each required street: one is asked for, whoever makes it."""
        first: dict[str, Leg] = {}
        required = {task.id for task in self._plan.tasks if task.required and task.kind == "street"}
        for route in self._plan.routes:
            for leg in route.legs:
                if leg.kind == "patrol" and leg.task in required:
                    known = first.get(leg.task)
                    first[leg.task] = leg if known is None or leg.depart < known.depart else known
        return frozenset(map(id, first.values()))

    def _drive_s(self, crew: PlannedCrew, route: Route, number: int, following: int | None) -> Seconds:
        """Return the seconds of the quickest drive from one leg to another, arriving there as planned, or home."""
        network = self._plan.networks[crew.mode]
        before = _last_arc(route.legs[: number + 1])
        legs = route.legs if following is None else route.legs[: following + 1]
        index = network.arc_index
        is_patrol = following is not None and bool(legs[-1].arcs)
        there = legs[-1].arcs[0] if is_patrol else _last_arc(legs)
        if there is None or (there == before and not is_patrol):
            return 0
        if there not in index or (before is not None and before not in index):
            return INFINITE_S
        if before is None and crew.depot.node not in network.node_index:
            return INFINITE_S
        travel = self._travel(crew)
        source = network.node_index[crew.depot.node] if before is None else travel.positions.after(index[before])
        target = travel.positions.entry([index[there]]) if is_patrol else travel.positions.arrival(index[there])
        return int(travel.matrix([source], [target], threads=1)[0, 0])

    def _travel(self, crew: PlannedCrew) -> TravelTimes:
        key = crew.mode, crew.speed_factor
        if key not in self._travels:
            self._travels[key] = TravelTimes(self._plan.networks[crew.mode], speed_factor=crew.speed_factor)
        return self._travels[key]


def _last_arc(legs: tuple[Leg, ...]) -> Arc | None:
    """Return the arc that was driven last, None if none was."""
    return next((leg.arcs[-1] for leg in reversed(legs) if leg.arcs), None)


def saved_by(plan: PatrolPlan) -> Mapping[str, Mapping[int, Seconds]]:
    """Return `Shortcuts.saved` of each crew of a plan for presence; nothing for other plans.

    Crews of other plans wait for slices and collect points by their visits: they leave out none.
    """
    if plan.objective.goal != "presence":
        return {}
    shortcuts = Shortcuts(plan)
    return {route.crew: shortcuts.saved(route) for route in plan.routes}
