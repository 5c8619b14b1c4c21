"""What keeps network, demand and crews from being a problem together: one small rule each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from patrolroute.demand.model import Demand, Hotspot, PriorityStreet
from patrolroute.demand.wishes import MAX_LOAD, is_number
from patrolroute.network.road import RoadNetwork
from patrolroute.problem.breaks import said
from patrolroute.problem.crew import Crew
from patrolroute.problem.task import Span
from patrolroute.units import INFINITE_S, Arc, Seconds
from patrolroute.words import Mode

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem


def unlisted(network: object, demand: object, crews: object) -> Iterator[str]:
    """Say which of the three is not what can be looked through: a network or several, a list, a list."""
    for one in network.values() if isinstance(network, Mapping) else [network]:
        if not isinstance(one, RoadNetwork):
            yield f"problem: network is a {type(one).__name__}, not a RoadNetwork"
    for word, given in (("demand", demand), ("crews", crews)):
        if isinstance(given, str) or not isinstance(given, Iterable):
            yield f"problem: {word} is a {type(given).__name__}; give a list"


def broken_options(decay: object, snap_m: object) -> Iterator[str]:
    """Say which of the numbers of a problem is none, or out of range."""
    if not is_number(decay) or not 0 < decay <= 1:
        yield f"problem: decay {decay!r} is not above 0 and at most 1"
    if not is_number(snap_m) or not snap_m >= 0:
        yield f"problem: snap_m {snap_m!r} is not a number of metres of at least 0"


def broken_rules(
    networks: Mapping[Mode, RoadNetwork], demand: Sequence[Demand], crews: Sequence[Crew]
) -> Iterator[str]:
    """Say every rule that network, demand and crews break together."""
    if strangers := list(_strangers(demand, crews)):
        yield from strangers
        return
    if not crews:
        yield "problem: there is no crew"
    if not demand:
        yield "problem: there is nothing to cover, neither street nor hotspot"
    yield from _misnamed_networks(networks)
    yield from _crews_without_network(networks, crews)
    yield from _crews_twice(crews)
    yield from _tasks_twice(demand)
    for item in demand:
        yield from _off_the_network(networks, item)


def bad_slices(
    thing: str, slices: Sequence[Span], headway_s: Seconds, starts: Sequence[Sequence[Span]], need: str
) -> Iterator[str]:
    """Say if a slice is shorter than the headway, or which visits have no second in which to start."""
    shortest = min(last - first for first, last in slices)
    if shortest < headway_s:
        many = len(slices)
        leave, fewer = ("1 visit has", "") if many == 1 else (f"{many} visits leave", "fewer visits or ")
        yield (
            f"{thing}: {leave} a slice of {said(shortest)}, shorter than the headway of {said(headway_s)}; ask for "
            f"{fewer}a shorter headway"
        )
        return
    for number, spans in enumerate(starts, start=1):
        if not spans:
            yield f"{thing}: visit {number} of {len(slices)} has no room for {need} inside its opening hours"


def hopeless_crews(problem: PatrolProblem) -> Iterator[str]:
    """Name the crews that cannot serve any task, however short, and come home in time."""
    loops: dict[tuple[object, ...], tuple[Seconds, int]] = {}
    for index, crew in enumerate(problem.crews):
        candidates = np.flatnonzero(problem.allowed[index]).tolist()
        if not candidates:
            yield f"crew {crew.id!r}: there is no task of its mode, kinds and patrol area"
            continue
        if crew.capacity is not None and all(problem.tasks[task].load > crew.capacity for task in candidates):
            yield f"crew {crew.id!r}: a capacity of {crew.capacity} is below the load of every task that it may serve"
            continue
        alike = crew.mode, crew.speed_factor, problem.depots[index], tuple(candidates)
        if alike not in loops:
            loops[alike] = min((_loop_s(problem, index, task), task) for task in candidates)
        cheapest, nearest = loops[alike]
        if cheapest >= INFINITE_S:
            yield f"crew {crew.id!r}: no way leads from its depot to any task and on to its end depot"
        elif cheapest + _rest_s(crew) > crew.budget_s:
            task = problem.tasks[nearest]
            rest = f", and the break {said(_rest_s(crew))}" if crew.break_ else ""
            yield (
                f"crew {crew.id!r}: a time budget of {said(crew.budget_s)} is too short for any task; "
                f"the shortest loop takes {said(cheapest)}, to {task.name or task.id!r} and home{rest}"
            )


def hopeless_tasks(problem: PatrolProblem) -> Iterator[str]:
    """Name the required tasks that are too heavy for every crew that may serve them."""
    for index, task in enumerate(problem.tasks):
        if task.required and task.load:
            crews = [problem.crews[crew] for crew in np.flatnonzero(problem.allowed[:, index]).tolist()]
            most = max((MAX_LOAD if crew.capacity is None else crew.capacity for crew in crews), default=MAX_LOAD)
            if task.load > most:
                yield (
                    f"{task.kind} {task.name or task.id!r}: is required, and its load of {task.load} is more than "
                    f"the capacity of any crew that may serve it, {most} at most"
                )


def thing_of(item: Demand) -> str:
    """Name a street or a hotspot in a complaint."""
    return f"{'hotspot' if isinstance(item, Hotspot) else 'street'} {item.name or 'without a name'!r}"


def _strangers(demand: Sequence[object], crews: Sequence[object]) -> Iterator[str]:
    """Name what is neither demand nor crew; no other rule can be looked at then."""
    for number, item in enumerate(demand, start=1):
        if not isinstance(item, (PriorityStreet, Hotspot)):
            yield f"problem: demand {number} is a {type(item).__name__}, neither a PriorityStreet nor a Hotspot"
    for number, crew in enumerate(crews, start=1):
        if not isinstance(crew, Crew):
            yield f"problem: crew {number} is a {type(crew).__name__}, not a Crew"


def _misnamed_networks(networks: Mapping[Mode, RoadNetwork]) -> Iterator[str]:
    for mode, network in networks.items():
        if network.mode != mode:
            yield f"problem: the network given for mode {mode!r} is one for {network.mode!r}"


def _crews_without_network(networks: Mapping[Mode, RoadNetwork], crews: Sequence[Crew]) -> Iterator[str]:
    for crew in crews:
        if crew.mode not in networks:
            yield f"crew {crew.id!r}: no network for mode {crew.mode!r}"


def _crews_twice(crews: Sequence[Crew]) -> Iterator[str]:
    for name, times in Counter(crew.id for crew in crews).items():
        if times > 1:
            yield f"crew {name!r}: the id is used {times} times"


def _tasks_twice(demand: Sequence[Demand]) -> Iterator[str]:
    ids = Counter(task_id for item in demand for task_id in _ids(item))
    stops = {item.id for item in demand if isinstance(item, Hotspot)}
    for name, times in ids.items():
        if times > 1 and name in stops:
            yield f"hotspot {name!r}: the id is used {times} times; give each hotspot an id of its own"
        elif times > 1:
            yield f"task {name!r}: is asked for {times} times; combine_streets() merges selections that overlap"


def _off_the_network(networks: Mapping[Mode, RoadNetwork], item: Demand) -> Iterator[str]:
    if item.mode not in networks:
        yield f"{thing_of(item)}: no network for mode {item.mode!r}"
    elif lost := [arc for arc in _arcs(item) if arc not in networks[item.mode].arc_index]:
        yield f"{thing_of(item)}: arc {lost[0]} is not on the network; choose it on the network of the problem"


def _ids(item: Demand) -> list[str]:
    return [item.id] if isinstance(item, Hotspot) else [segment.id for segment in item.segments]


def _arcs(item: Demand) -> list[Arc]:
    if isinstance(item, Hotspot):
        return [item.place.arc]
    return [arc for segment in item.segments for chain in segment.directions for arc in chain]


def _loop_s(problem: PatrolProblem, crew: int, task: int) -> Seconds:
    """Give the seconds from depot over a task to the end depot, windows aside."""
    travel, depot, home = problem.travel_matrix(crew), problem.depot_node(crew), problem.home_node(crew)
    return min(
        travel.seconds(depot, entry) + service + travel.seconds(leave, home)
        for entry, leave, service in problem.ways(crew, task)
    )


def _rest_s(crew: Crew) -> Seconds:
    return crew.break_.length_s if crew.break_ else 0
