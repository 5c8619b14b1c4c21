"""What may be wrong with a night before it is planned: everything at once, each with what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from patrolroute.demand.model import Hotspot, PriorityStreet
from patrolroute.network.crs import to_wgs84
from patrolroute.network.geometry import to_plane
from patrolroute.network.places import open_streets
from patrolroute.network.road import RoadNetwork
from patrolroute.plan.reasons import bare_reasons
from patrolroute.problem.solution import Solution
from patrolroute.units import FloatArray, LonLat

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem

Level = Literal["error", "warning"]

MOST = 5
"""Things named one by one in a finding; the rest is counted."""

LEAST_LOST_M = 50
"""The wrong way of a short link between two carriageways is no loss."""

FAR_M = 40.0
"""A stop farther than this from its street may belong to another one."""

SHIFTED_M = 25.0
DATUM_GAIN = 0.4
FEWEST_POINTS = 5
"""Points look shifted if they lie this far from streets on the median, and 0.4 of that or less in another datum."""

DATUM_NAMES = {
    "wgs84": "of a GPS (WGS-84)",
    "gcj02": "coordinates of AMap (GCJ-02)",
    "bd09": "coordinates of Baidu (BD-09)",
}

NEAR_M = (50.0, 400.0)
DETOUR, LONG_M = 6.0, 1500.0
"""A depot lies behind a barrier if the streets around it are reached over six times their distance and 1.5 km."""

TIGHT = 0.85
"""Of the crews' time: more required service than this leaves little for driving."""

CUT_OFF = {
    "no_crew_allowed": "give a crew of its mode and kind, or widen a patrol area, reservation or capacity",
    "unreachable": "look at the one-way tags and turn restrictions around it, or close fewer streets",
    "window_missed": "change its hours or the shift",
    "over_budget": "lengthen the shift, or let a crew start nearer to it",
}
"""What to do about a task that no crew can serve even alone."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, or may be.

    Parameters
    ----------
    level
        ``error``: the night cannot be planned as it is meant; ``warning``: look at it.
    said
        The thing, the value, the rule.
    remedy
        What to do, empty where what was said says it.
    kind
        What was looked at: ``input``, ``cut_off``, ``far``, ``datum``, ``barrier``, ``hopeless``, ``time``.
    """

    level: Level
    said: str
    remedy: str
    kind: str = "input"

    def __str__(self) -> str:
        return f"{self.level}: {self.said}" + (f"\n    -> {self.remedy}" if self.remedy else "")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All findings, errors first."""

    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What keeps the night from being planned as it is meant."""
        return tuple(one for one in self.findings if one.level == "error")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What is to be looked at."""
        return tuple(one for one in self.findings if one.level == "warning")

    def __str__(self) -> str:
        counts = ", ".join(
            f"{len(some)} {word}{'' if len(some) == 1 else 's'}"
            for word, some in (("error", self.errors), ("warning", self.warnings))
        )
        return "\n".join([*map(str, (*self.errors, *self.warnings)), counts])


def diagnose(problem: PatrolProblem) -> Diagnosis:
    """Look for what may be wrong with a night.

    One-way traps and streets that are cut off, stops far from their street, points that look shifted by the offset of
    Chinese maps, depots behind a barrier, tasks that no crew can serve even alone (hours, reach, time budget), and
    more required service than the crews have time for.
    """
    found = [
        *_cut_off(problem),
        *_far_stops(problem),
        *_shifted(problem),
        *_behind_barriers(problem),
        *_hopeless(problem),
        *_too_much(problem),
    ]
    return Diagnosis(tuple(sorted(found, key=lambda one: one.level)))


def _cut_off(problem: PatrolProblem) -> Iterator[Finding]:
    wanted = {item.name for item in problem.demand if isinstance(item, PriorityStreet)} - {""}
    for mode, network in problem.networks.items():
        on_map = f" on the {mode} network" if len(problem.networks) > 1 else ""
        lost = [part for part in network.dropped if part.name in wanted and part.length_m >= LEAST_LOST_M]
        remedy = "look at one-way tags and turn restrictions there (patrolroute network info lists what was left out)"
        for part in lost[:MOST]:
            said = f"street {part.name!r}: {part.length_m} m of it cannot be reached and left again{on_map}"
            yield Finding("warning", said, remedy, "cut_off")
        if len(lost) > MOST:
            said = f"{len(lost) - MOST} more streets have parts that cannot be reached and left again{on_map}"
            yield Finding("warning", said, remedy, "cut_off")


def _far_stops(problem: PatrolProblem) -> Iterator[Finding]:
    far = [item for item in problem.demand if isinstance(item, Hotspot) and item.place.distance_m > FAR_M]
    remedy = "move its point onto the street where the car stops"
    for spot in sorted(far, key=lambda one: -one.place.distance_m)[:MOST]:
        metres = spot.place.distance_m
        yield Finding("warning", f"hotspot {spot.name!r}: lies {metres:.0f} m from the nearest street", remedy, "far")
    if len(far) > MOST:
        yield Finding("warning", f"{len(far) - MOST} more hotspots lie over {FAR_M:.0f} m from a street", remedy, "far")


def _shifted(problem: PatrolProblem) -> Iterator[Finding]:
    for mode, network in problem.networks.items():
        spots = [item for item in problem.demand if isinstance(item, Hotspot) and item.mode == mode]
        points = [(spot.place.lon, spot.place.lat) for spot in spots]
        if datum := fitting_datum(network, points, "wgs84"):
            said = f"hotspots: {len(points)} points lie beside the streets as if they were {DATUM_NAMES[datum]}"
            yield Finding("warning", said, f'give crs="{datum}" where they are read', "datum")


def fitting_datum(network: RoadNetwork, points: Sequence[LonLat], datum: str) -> str | None:
    """Say in which other datum points fit the streets much better; None if they fit as they are read.

    Parameters
    ----------
    network
        The streets.
    points
        Coordinates as given.
    datum
        In which they are read: ``wgs84``, ``gcj02`` or ``bd09``.
    """
    if len(points) < FEWEST_POINTS:
        return None
    streets = open_streets(network)
    lon, lat = np.array(points, dtype=np.float64).T
    metres = {
        one: float(np.median(streets.distance_m(np.column_stack(to_wgs84(lon, lat, one))))) for one in DATUM_NAMES
    }
    best = min(metres, key=lambda one: metres[one])
    return best if metres[datum] > SHIFTED_M and metres[best] <= DATUM_GAIN * metres[datum] else None


def _behind_barriers(problem: PatrolProblem) -> Iterator[Finding]:
    seen = set[tuple[str, int]]()
    for number, crew in enumerate(problem.crews):
        node = problem.depot_node(number)
        if (crew.mode, node) in seen:
            continue
        seen.add((crew.mode, node))
        times = problem.travel_class(crew.mode, crew.speed_factor).times
        straight = _metres_from(problem.networks[crew.mode], crew.depot)
        near = np.flatnonzero((straight >= NEAR_M[0]) & (straight <= NEAR_M[1]))
        driven = times.metres_from(node)[near]
        detour = (driven > DETOUR * straight[near]) & (driven > LONG_M)
        if len(near) and detour.mean() > 1 / 2:
            yield Finding(
                "warning",
                f"depot of crew {crew.id!r}: most streets within {NEAR_M[1]:.0f} m are {int(np.median(driven))} m away "
                f"by road; it may have been put on the wrong side of a river, railway or wall",
                "move its point to the street at the gate",
                "barrier",
            )


def _metres_from(network: RoadNetwork, point: LonLat) -> FloatArray:
    """Give the straight metres from a point to each node."""
    nodes = to_plane(network, np.column_stack((network.lon, network.lat)))
    return np.asarray(np.hypot(*(nodes - to_plane(network, np.array([point]))).T))


def _hopeless(problem: PatrolProblem) -> Iterator[Finding]:
    nothing = Solution(tuple(() for _ in problem.crews))
    alone = bare_reasons(problem, nothing)
    by_reason: dict[tuple[bool, str], list[int]] = {}
    for index, why in alone.items():
        if why.reason != "displaced":
            by_reason.setdefault((problem.tasks[index].required, why.reason), []).append(index)
    for (required, reason), tasks in sorted(by_reason.items(), reverse=True):
        level: Level = "error" if required else "warning"
        must = "required, and " if required else ""
        remedy = CUT_OFF.get(reason, "see the reasons of plan.json")
        for index in tasks[:MOST]:
            task, why = problem.tasks[index], alone[index]
            said = f"{task.kind} {task.name or task.id!r}: {must}no crew can serve it: {why.detail}"
            yield Finding(level, said, remedy, "hopeless")
        if len(tasks) > MOST:
            said = f"{len(tasks) - MOST} more tasks: {must}{reason.replace('_', ' ')}"
            yield Finding(level, said, remedy, "hopeless")


def _too_much(problem: PatrolProblem) -> Iterator[Finding]:
    for mode in problem.networks:
        team = [number for number, crew in enumerate(problem.crews) if crew.mode == mode]
        if not team:
            continue
        required = [index for index, task in enumerate(problem.tasks) if task.required and task.mode == mode]
        fastest = max(team, key=lambda number: problem.crews[number].speed_factor)
        needed_s = sum(min(seconds for *_, seconds in problem.ways(fastest, index)) for index in required)
        rests = [problem.break_of(number) for number in team]
        given_s = sum(problem.crews[number].budget_s for number in team) - sum(rest[0] for rest in rests if rest)
        crews = "1 crew has" if len(team) == 1 else f"{len(team)} crews have"
        minutes = f"{-(-needed_s // 60)} min, of the {given_s // 60} min that {crews}"
        if needed_s > given_s:
            yield Finding(
                "error",
                f"required tasks: serving them once takes {minutes}: {-(-(needed_s - given_s) // 60)} min too much, "
                f"driving not counted",
                "require less, lengthen the shifts, or add crews",
                "time",
            )
        elif needed_s > TIGHT * given_s:
            left = (given_s - needed_s) // 60
            yield Finding(
                "warning",
                f"required tasks: serving them once takes {minutes}; {left} min are left for driving",
                "require less, lengthen the shifts, or add crews",
                "time",
            )
