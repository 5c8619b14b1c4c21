"""What a picture of a plan shows, on a plane in metres, and what stands above it in figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np

from patrolroute.base.text import label, local, span
from patrolroute.base.vocabulary import POST_KIND, FloatArray, Lang, LonLat, Mode
from patrolroute.metrics.context import PlanMeasures
from patrolroute.metrics.coverage import coverage_length, deadhead_share, driven_km, dwelt_min
from patrolroute.network.coordinates import near_lonlat
from patrolroute.network.places import METRES_A_DEGREE
from patrolroute.network.road import RoadNetwork
from patrolroute.output.looks.duty import crews_by_mode, duty, titled
from patrolroute.output.looks.fonts import fitted
from patrolroute.output.looks.phrases import phrase
from patrolroute.output.looks.style import State, Team, corner_of, teams_of
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import SEEN, Leg, PlannedCrew, PlannedTask, Route, Spot
from patrolroute.plan.seen import broken_promises, missed_required

Frame: TypeAlias = tuple[float, float, float, float]
"""West, south, east, north in metres on the picture's plane."""

SMALLEST_M = 600.0
"""Least width and height of the frame: a single stop still has streets around it."""

ASPECTS = 0.5, 2.2
"""Narrowest and widest frame, width by height; what is longer gets more of its surroundings."""


@dataclass(frozen=True, slots=True)
class Road:
    """A roadway of the background, of a two-way road one direction; a slip road counts as its class."""

    line: FloatArray
    highway: str
    name: str
    tunnel: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """A priority street segment: its line in metres, the teams that patrol it, whether it has its visits."""

    task: PlannedTask
    line: FloatArray
    teams: tuple[int, ...]
    state: State


@dataclass(frozen=True, slots=True)
class Stop:
    """A hotspot with its number on the picture, its place in metres, and the dwells there by time."""

    number: int
    task: PlannedTask
    place: FloatArray
    state: State
    dwells: tuple[tuple[str, Leg], ...]


@dataclass(frozen=True, slots=True)
class Depot:
    """A place where crews start, with their ids; or, where they only end, with none; as the plan has it, for a mode."""

    place: FloatArray
    crews: tuple[str, ...]
    spot: Spot
    mode: Mode


@dataclass(frozen=True, eq=False)
class Scene:
    """Everything that is drawn of one plan."""

    plan: PatrolPlan

    @cached_property
    def _degrees(self) -> FloatArray:
        """Longitude and latitude of everything that must be in the picture, else of every street."""
        tasks = [arcs for task in self.plan.tasks for arcs in self._lines_of(task)]
        legs = [np.array(leg.coordinates) for route in self.plan.routes for leg in route.legs if leg.coordinates]
        spots = [np.array([[spot.lon, spot.lat]]) for crew in self.plan.crews for spot in (crew.depot, crew.end_depot)]
        stops = [np.array([place]) for task in self.plan.tasks if (place := self._lonlat(task)) is not None]
        streets = [np.column_stack((network.shape_lon, network.shape_lat)) for network in self.plan.networks.values()]
        parts = (*tasks, *legs, *spots, *stops)
        return np.concatenate(parts or streets or [np.zeros((1, 2))])

    def plane(self, lonlat: Sequence[LonLat] | FloatArray) -> FloatArray:
        """Turn degrees into metres; a degree of longitude is shorter the farther north."""
        points = near_lonlat(np.asarray(lonlat, dtype=np.float64).reshape(-1, 2), float(self._degrees[0, 0]))
        return np.asarray(points * np.array([self.east_m, METRES_A_DEGREE]))

    @cached_property
    def east_m(self) -> float:
        """Metres of a degree of longitude."""
        return float(METRES_A_DEGREE * np.cos(np.radians(self._middle_lat)))

    @cached_property
    def _middle_lat(self) -> float:
        return float(self._degrees[:, 1].min() + self._degrees[:, 1].max()) / 2

    @cached_property
    def frame(self) -> Frame:
        """The part of the plane that is shown: all tasks, routes and depots and some room around them."""
        points = self.plane(self._degrees)
        low, high = points.min(axis=0), points.max(axis=0)
        size = np.maximum((high - low) * 1.08, SMALLEST_M)
        narrowest, widest = ASPECTS
        size = np.array([max(size[0], size[1] * narrowest), max(size[1], size[0] / widest)])
        west, south = (low + high - size) / 2
        return float(west), float(south), float(west + size[0]), float(south + size[1])

    @cached_property
    def roads(self) -> tuple[Road, ...]:
        """Every roadway that the frame shows some of, as far as its bounds tell."""
        return tuple(
            Road(
                self.plane(network.shape(arc)), network.highways[arc].removesuffix("_link"), network.names[arc],
                bool(network.tunnel[arc]),
            )
            for network in self.plan.networks.values()
            for arc in self._shown(network)
            if not 0 <= network.reverse[arc] < arc
        )  # fmt: skip

    def _shown(self, network: RoadNetwork) -> list[int]:
        points = self.plane(np.column_stack((network.shape_lon, network.shape_lat)))
        starts = network.shape_start[:-1]
        low, high = np.minimum.reduceat(points, starts), np.maximum.reduceat(points, starts)
        west, south, east, north = self.frame
        shown = (low <= (east, north)) & (high >= (west, south))
        return [int(arc) for arc in np.flatnonzero(shown.all(axis=1))]

    @cached_property
    def crew(self) -> dict[str, PlannedCrew]:
        """Map each crew's id to the crew."""
        return {crew.id: crew for crew in self.plan.crews}

    @cached_property
    def routes(self) -> tuple[Route, ...]:
        """Routes of the crews that leave their depot."""
        return tuple(route for route in self.plan.routes if route.legs and route.crew in self.crew)

    @cached_property
    def idle(self) -> tuple[str, ...]:
        """Ids of the crews that stay at their depot."""
        out = {route.crew for route in self.routes}
        return tuple(crew for crew in self.crew if crew not in out)

    @cached_property
    def teams(self) -> tuple[Team, ...]:
        """Crews that leave their depot, by colour."""
        return teams_of([self.crew[crew] for crew in dict.fromkeys(route.crew for route in self.routes)])

    @cached_property
    def team_of(self) -> dict[str, int]:
        """Map each crew's id to the number of its team."""
        return {crew: number for number, team in enumerate(self.teams) for crew in team.crews}

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """Priority street segments that lie on a network."""
        served: dict[str, set[int]] = {}
        for route in self.routes:
            for leg in route.legs:
                if leg.kind in SEEN and leg.task:
                    served.setdefault(leg.task, set()).add(self.team_of[route.crew])
        missed = {task.id for task in missed_required(self.plan)}
        return tuple(
            Stretch(
                task, self.plane(lines[0]), tuple(sorted(served.get(task.id, ()))),
                "missed" if task.id in missed else _state(task),
            )
            for task in self.plan.tasks
            if (lines := self._lines_of(task))
        )  # fmt: skip

    @cached_property
    def stops(self) -> tuple[Stop, ...]:
        """Hotspots in the plan's order, numbered from 1."""
        dwells: dict[str, list[tuple[str, Leg]]] = {}
        for route in self.routes:
            for leg in route.legs:
                if leg.kind == "dwell" and leg.task:
                    dwells.setdefault(leg.task, []).append((route.crew, leg))
        placed = [(task, place) for task in self.plan.tasks if (place := self._lonlat(task)) is not None]
        return tuple(
            Stop(number, task, self.plane([place])[0], _state(task), tuple(sorted(dwells.get(task.id, []), key=_when)))
            for number, (task, place) in enumerate(placed, start=1)
        )

    @cached_property
    def depots(self) -> tuple[Depot, ...]:
        """Places where crews start, and those where they only end."""
        starts: dict[tuple[float, float], list[str]] = {}
        spots: dict[tuple[float, float], tuple[Spot, Mode]] = {}
        for crew in self.plan.crews:
            starts.setdefault(corner_of(crew.depot), []).append(crew.id)
            spots.setdefault(corner_of(crew.depot), (crew.depot, crew.mode))
        for crew in self.plan.crews:
            starts.setdefault(corner_of(crew.end_depot), [])
            spots.setdefault(corner_of(crew.end_depot), (crew.end_depot, crew.mode))
        return tuple(Depot(self.plane([corner])[0], tuple(ids), *spots[corner]) for corner, ids in starts.items())

    def approaches(self) -> Iterator[FloatArray]:
        """Yield the lines that are only driven to get somewhere, on which nobody patrols."""
        for mode, network in self.plan.networks.items():
            legs = [
                leg for route in self.routes if self.crew[route.crew].mode == mode for leg in route.legs if leg.arcs
            ]
            patrolled = _roadways(network, (leg for leg in legs if leg.kind in SEEN))
            for arc in sorted(_roadways(network, (leg for leg in legs if leg.kind not in SEEN)) - patrolled):
                yield self.plane(network.shape(arc))

    def _lines_of(self, task: PlannedTask) -> list[FloatArray]:
        """Return the line of each direction of a street in degrees, as far as it lies on the network."""
        network = self.plan.networks.get(task.mode)
        if network is None:
            return []
        chains = [[network.arc_index.get(arc, -1) for arc in chain] for chain in task.directions]
        return [network.path_shape(chain) for chain in chains if chain and min(chain) >= 0]

    def _lonlat(self, task: PlannedTask) -> LonLat | None:
        network = self.plan.networks.get(task.mode)
        if network is None or task.node is None or task.node not in network.node_index:
            return None
        return network.node_lonlat(network.node_index[task.node])


def _state(task: PlannedTask) -> State:
    if task.visits_done >= task.visits_wanted:
        return "done"
    return "short" if task.visits_done else "missed"


def _when(dwell: tuple[str, Leg]) -> tuple[float, str]:
    return dwell[1].depart.timestamp(), dwell[0]


def _roadways(network: RoadNetwork, legs: Iterable[Leg]) -> set[int]:
    """Return the arcs of legs, each two-way road by the lower of its two."""
    index = network.arc_index
    arcs = {index[arc] for leg in legs for arc in leg.arcs if arc in index}
    return {min(arc, int(network.reverse[arc])) if network.reverse[arc] >= 0 else arc for arc in arcs}


# Above the picture


def closed_tonight(plan: PatrolPlan) -> tuple[str, ...]:
    """Return the names of what is closed tonight."""
    return listed(plan, "closed")


def listed(plan: PatrolPlan, key: str) -> tuple[str, ...]:
    """Return what a plan's settings list by a key, as texts; nothing where that is no list."""
    found = plan.settings.get(key)
    return tuple(map(str, found)) if isinstance(found, (list, tuple)) else ()


def title(plan: PatrolPlan, lang: Lang, name: str) -> str:
    """Return what a map is and which night.

    Parameters
    ----------
    plan
        The plan; its window is written in its own time zone.
    lang
        Of the words.
    name
        The night's name as it may be written here, empty to leave it out.
    """
    begin, end = (local(moment, plan.timezone) for moment in plan.window)
    return "  ".join(part for part in (titled("map_title", plan, lang), name, span(begin, end, lang)) if part)


def visits_of(tasks: Sequence[PlannedTask]) -> dict[str, int]:
    """Return how many visits of some tasks were made, and how many are wanted, as phrases name them."""
    return {
        "made": sum(task.visits_done for task in tasks),
        "wanted": sum(task.visits_wanted for task in tasks),
    }


MOST_BROKEN = 5
"""Streets whose promised gaps are broken that are named; the summary tells more of them."""


def closed_lines(plan: PatrolPlan, lang: Lang, written: Callable[[str], str] = str) -> Iterator[str]:
    """Yield what is closed tonight, what of it is required, and which hours of closures and slow streets hold.

    Parameters
    ----------
    plan
        The plan.
    lang
        Of the words.
    written
        How a name is written, such as cut to what a line of paper holds.
    """
    between = phrase("listed", lang)
    if closed := closed_tonight(plan):
        yield phrase(f"closed_{duty(plan)}", lang, names=between.join(map(written, closed)))
    if required := listed(plan, "closed_required"):
        yield phrase("shut_required", lang, names=between.join(map(written, required)))
    if held := listed(plan, "all_night"):
        yield phrase("closed_all_night", lang, hours=between.join(map(written, held)))


def promises(plan: PatrolPlan, lang: Lang) -> Iterator[tuple[str, bool]]:
    """Yield how many promised gaps are kept, with the streets where one is not; nothing where none is promised."""
    promised = [task for task in plan.tasks if task.kind == "street" and task.max_gap_s is not None]
    if not promised:
        return
    broken = broken_promises(plan)
    kept = phrase("promises_kept", lang, kept=len(promised) - len(broken), all=len(promised))
    over = {task.id: broken[task.id][1] - (task.max_gap_s or 0) for task in promised if task.id in broken}
    worst = sorted((task for task in promised if task.id in over), key=lambda task: -over[task.id])
    names = list(dict.fromkeys(fitted(task.name) or label("unnamed", lang) for task in worst))
    if names:
        kept += phrase("in_brackets", lang, what=phrase("promises_broken", lang, streets=few(names, MOST_BROKEN, lang)))
    yield kept, bool(names)


def few(names: Sequence[str], most: int, lang: Lang) -> str:
    """Return some names, of more than so many the first ones and how many there are.

    Parameters
    ----------
    names
        At least one.
    most
        How many are named.
    lang
        Of the words.

    Examples
    --------
    >>> few(["龙湖路", "学院路", "广场路"], 2, "zh"), few(["龙湖路"], 2, "zh")
    ('龙湖路、学院路等 3 条', '龙湖路')
    """
    listed = phrase("listed", lang).join(names[:most])
    return listed if len(names) <= most else phrase("few_of", lang, names=listed, n=len(names))


def figures(scene: Scene, lang: Lang) -> Iterator[tuple[str, bool]]:
    """Yield in figures how good the plan is, what is required first; and whether it must not stay so."""
    plan, night = scene.plan, PlanMeasures(scene.plan)
    # What was asked for: required tasks, street length, visits, stops.
    required = [task for task in plan.tasks if task.required]
    served = len(required) - len(missed_required(plan))
    if required:
        yield (
            phrase("required_served", lang, done=served, all=len(required), **visits_of(required)),
            served < len(required),
        )
    else:
        yield phrase("nothing_required", lang), False
    yield from promises(plan, lang)
    if plan.objective.goal == "presence" and plan.objective.seen is not None:
        yield phrase("seen_by", lang, share=f"{plan.objective.seen:.1%}"), False
    if (share := coverage_length(night)) is not None:
        yield phrase("length_covered", lang, share=f"{share:.1%}"), False
    made = sum(min(task.visits_done, task.visits_wanted) for task in plan.tasks)
    yield phrase("visits_made", lang, done=made, all=sum(task.visits_wanted for task in plan.tasks)), False
    if scene.stops:
        full = sum(stop.state == "done" for stop in scene.stops)
        yield phrase("stops_served", lang, done=full, all=len(scene.stops)), False
    # What it takes: crews, kilometres, minutes.
    out = phrase("crews_out", lang, out=len(scene.routes), all=len(plan.crews))
    yield f"{out}{crews_by_mode(plan, lang)}", False
    km, share = driven_km(night) or 0, deadhead_share(night) or 0
    yield phrase("driven_with_share", lang, km=f"{km:.0f}", share=f"{share:.0%}"), False
    yield phrase("dwelt", lang, minutes=f"{dwelt_min(night) or 0:.0f}"), False
    if (posted := posted_min(plan)) > 0:
        yield phrase("posted", lang, minutes=f"{posted:.0f}"), False


def posted_min(plan: PatrolPlan) -> float:
    """Return for how many minutes crews stand at posts that somebody asked for (屯警)."""
    posts = {task.id for task in plan.tasks if task.category == POST_KIND}
    legs = (leg for route in plan.routes for leg in route.legs if leg.kind == "dwell" and leg.task in posts)
    return sum(leg.duration_s for leg in legs) / 60
