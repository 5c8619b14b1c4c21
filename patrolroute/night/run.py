"""The run from a night's file to a plan: map, crews, demand, problem, solve."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from patrolroute.demand.combine import combine_streets
from patrolroute.demand.hotspots import read_hotspots
from patrolroute.demand.incidents import streets_from_incidents
from patrolroute.demand.model import Demand, Hotspot, PriorityStreet
from patrolroute.demand.streets import select_streets
from patrolroute.errors import Complaints, InputError, NightError
from patrolroute.network.names import sections
from patrolroute.network.road import RoadNetwork
from patrolroute.night.fleet import Fleet
from patrolroute.night.model import Hotspots, Incidents, Night, Streets
from patrolroute.night.tonight import Tonight
from patrolroute.problem.crew import Crew
from patrolroute.problem.model import PatrolProblem
from patrolroute.solver import Result, solve
from patrolroute.study.conflicts import conflicts
from patrolroute.words import Mode


@dataclass(frozen=True, slots=True)
class NightRun:
    """Puts a night together, step by step; each step can be called alone.

    Parameters
    ----------
    night
        The model.
    folder
        Where the files lie that the night names.
    """

    night: Night
    folder: Path = Path()

    def networks(self) -> dict[Mode, RoadNetwork]:
        """Load the map of each mode that a crew has, less what is closed tonight.

        Raises
        ------
        InputError
            With the complaints about maps and closures.
        """
        return Tonight(self.night, self.folder).networks()

    def network(self) -> RoadNetwork:
        """Load the map of the first crew's mode, less what is closed tonight."""
        return next(iter(self.networks().values()))

    def closed_names(self, networks: Mapping[Mode, RoadNetwork]) -> tuple[str, ...]:
        """Name the streets that the night asks for and that are closed tonight over all of their length."""
        if all(closed.is_empty for closed in self.night.closures):
            return ()
        tonight = Tonight(self.night, self.folder)
        names = dict[str, None]()
        for mode, network in networks.items():
            street_map = tonight.street_map(mode)
            wanted = (name for wish in self.night.streets if wish.mode == mode for name in wish.names or ())
            names |= dict.fromkeys(
                name for name in wanted if not sections(name, network) and sections(name, street_map)
            )
        return tuple(names)

    def crews(self) -> list[Crew]:
        """Make the crews of all groups.

        Raises
        ------
        NightError
            Naming every depot that no entry describes, and every shift that breaks a rule.
        """
        return Fleet(self.night, self.folder).crews()

    def demand(self, networks: Mapping[Mode, RoadNetwork]) -> list[Demand]:
        """Choose the streets and read the hotspots.

        Raises
        ------
        NightError
            With the complaints of all selections and files together.
        """
        closed = set(self.closed_names(networks))
        steps: list[tuple[Mode, Callable[[RoadNetwork], Sequence[Demand]]]] = []
        steps += [(wish.mode, partial(self._streets, wish, closed)) for wish in self.night.streets]
        steps += [(table.mode, partial(self._incidents, table)) for table in self.night.incidents]
        steps += [(table.mode, partial(self._hotspots, table)) for table in self.night.hotspots]
        complaints, chosen = Complaints(), list[Demand]()
        for mode, step in steps:
            if mode not in networks:
                complaints.add(
                    f"nobody goes by the mode {mode!r} that a street or hotspot asks for; give a crew that does"
                )
                continue
            try:
                chosen.extend(step(networks[mode]))
            except InputError as error:
                complaints.extend(error.complaints)
        if not chosen and closed and not len(complaints):
            complaints.add(
                f"nothing to cover: {', '.join(sorted(closed))} is closed tonight, and nothing else is asked for"
            )
        complaints.raise_as(NightError)
        streets = [item for item in chosen if isinstance(item, PriorityStreet)]
        return [*combine_streets(streets), *(item for item in chosen if not isinstance(item, PriorityStreet))]

    def problem(self) -> PatrolProblem:
        """Put networks, demand and crews together.

        Raises
        ------
        InputError
            With the complaints about crews, closures, streets and hotspots together.
        """
        complaints = Complaints()
        crews = _gathered(complaints, self.crews)
        networks = _gathered(complaints, self.networks)
        maps = networks or _gathered(complaints, self.street_maps)
        demand = None if maps is None else _gathered(complaints, partial(self.demand, maps))
        if crews is None or networks is None or demand is None:
            raise NightError(tuple(dict.fromkeys(complaints.sentences)))
        return self.problem_of(networks, demand, crews)

    def problem_of(
        self, networks: Mapping[Mode, RoadNetwork], demand: Sequence[Demand], crews: Sequence[Crew]
    ) -> PatrolProblem:
        """Put networks, demand and crews together as the night says."""
        night = self.night
        return PatrolProblem(networks, demand, crews, timezone=night.timezone, decay=night.decay, snap_m=night.snap_m)

    def street_maps(self) -> dict[Mode, RoadNetwork]:
        """Load the maps as on any other night: where a closure is wrong the choice is still looked at."""
        tonight = Tonight(self.night, self.folder)
        return {mode: tonight.street_map(mode) for mode in tonight.modes}

    def solve(self, problem: PatrolProblem | None = None, **overrides: Any) -> Result:
        """Solve the night within the limits of its file; ``overrides`` are options of `solve`.

        A work limit given here, without a time limit, lifts the file's time limit, so that the plan repeats exactly.
        If the plan misses what is required, it says which required tasks cannot all be served: some seconds more.
        """
        wish = self.night.solve
        options: dict[str, Any] = {
            "time_limit": wish.time_limit_s,
            "work_limit": wish.work_limit,
            "no_improvement": wish.no_improvement,
            "seed": wish.seed,
            "goal": wish.goal,
        }
        if overrides.get("work_limit") is not None:
            options["time_limit"] = None
        problem = problem or self.problem()
        result = solve(problem, **(options | overrides))
        settings = self.settings(problem) | dict(result.plan.settings)
        plan = replace(result.plan, settings=settings)
        if plan.objective.required_missed:
            plan = replace(plan, conflicts=conflicts(problem))
        return replace(result, plan=plan)

    def settings(self, problem: PatrolProblem) -> dict[str, Any]:
        """Give what a plan says of the night: its name, what is closed, what is closed or slow all night."""
        shut = [closed.said for closed in self.night.closures if not closed.is_empty]
        closed = list(dict.fromkeys([*self.closed_names(problem.networks), *shut]))
        return {"night": self.night.name, "closed": closed, **self._hours()}

    def _hours(self) -> dict[str, Any]:
        """Give the hours of closures and slow streets that hold all night although only a part of it was meant."""
        held = [
            f"{drawn.said} {', '.join(drawn.hours)}"
            for drawn in (*self.night.closures, *self.night.slow)
            if drawn.hours
        ]
        return {"all_night": held} if held else {}

    def _streets(self, wish: Streets, closed: set[str], network: RoadNetwork) -> list[PriorityStreet]:
        names = wish.names and [name for name in wish.names if name not in closed]
        if wish.names and not names:
            return []
        return select_streets(
            network,
            names=names,
            classes=wish.classes,
            within=None if wish.within is None else self.folder / wish.within,
            along=None if wish.along is None else self.folder / wish.along,
            priority=wish.priority,
            required=wish.required,
            visits=wish.visits,
            headway_s=_seconds(wish.headway_min),
            load=wish.load,
            both_carriageways=wish.both_carriageways,
            crs=wish.crs or self.night.crs,
        )

    def _incidents(self, table: Incidents, network: RoadNetwork) -> list[PriorityStreet]:
        return streets_from_incidents(
            self.folder / table.file,
            network,
            crs=table.crs or self.night.crs,
            snap_m=self.night.snap_m,
            required=table.required,
            visits=table.visits,
            headway_s=_seconds(table.headway_min),
            load=table.load,
        )

    def _hotspots(self, table: Hotspots, network: RoadNetwork) -> list[Hotspot]:
        return read_hotspots(
            self.folder / table.file, network, crs=table.crs or self.night.crs, snap_m=self.night.snap_m
        )


Made = TypeVar("Made")


def _gathered(complaints: Complaints, step: Callable[[], Made]) -> Made | None:
    """Take a step, or note what is wrong with its input, each sentence once."""
    try:
        return step()
    except InputError as error:
        complaints.extend(sentence for sentence in error.complaints)
        return None


def _seconds(minutes: float | None) -> int | None:
    return None if minutes is None else round(minutes * 60)
