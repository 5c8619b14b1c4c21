"""What keeps network, demand and crews from being a problem together: one small rule each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from patrolroute.base.errors import Complaint
from patrolroute.base.vocabulary import INFINITE_S, Arc, Mode, Seconds, elapsed_s
from patrolroute.demand.model import MAX_LOAD, Demand, Hotspot, KeyHours, PriorityStreet, is_number
from patrolroute.demand.response import ResponsePromise
from patrolroute.network.places import misplaced
from patrolroute.network.road import RoadNetwork
from patrolroute.problem.breaks import duration
from patrolroute.problem.clock import Span
from patrolroute.problem.crew import Crew
from patrolroute.problem.near_home import NearHome

if TYPE_CHECKING:
    from patrolroute.problem.instance import Instance
    from patrolroute.problem.model import PatrolProblem


def unlisted(network: object, demand: object, crews: object, key_hours: object) -> Iterator[str]:
    """Yield which of them is not what can be looked through: a network or several, then lists; hours are key hours.

    Parameters
    ----------
    network, demand, crews, key_hours
        As given to `patrolroute.PatrolProblem`, of any type.
    """
    for one in network.values() if isinstance(network, Mapping) else [network]:
        if not isinstance(one, RoadNetwork):
            yield f"problem: network is a {type(one).__name__}, not a RoadNetwork"
    for word, given in (("demand", demand), ("crews", crews), ("key_hours", key_hours)):
        if isinstance(given, str) or not isinstance(given, Iterable):
            yield f"problem: {word} is a {type(given).__name__}; give a list"


def broken_options(decay: object, snap_m: object, key_hours: Sequence[object], near_home: object) -> Iterator[str]:
    """Yield which of a problem's options is not what it should be.

    Parameters
    ----------
    decay, snap_m, key_hours, near_home
        As given to `patrolroute.PatrolProblem`, key hours listed.
    """
    for number, one in enumerate(key_hours, start=1):
        if not isinstance(one, KeyHours):
            yield f"problem: key_hours {number} is a {type(one).__name__}, not KeyHours"
    if near_home is not None and not isinstance(near_home, NearHome):
        yield f"problem: near_home is a {type(near_home).__name__}, not a NearHome"
    if not is_number(decay) or not 0 < decay <= 1:
        yield f"problem: decay {decay!r} is not above 0 and at most 1"
    if not is_number(snap_m) or not snap_m >= 0:
        yield f"problem: snap_m {snap_m!r} is not a number of metres of at least 0"


def broken_promises_of(responses: object) -> Iterator[str]:
    """Yield which promises of response are none.

    Parameters
    ----------
    responses
        As given to `patrolroute.PatrolProblem`.
    """
    if isinstance(responses, str) or not isinstance(responses, Iterable):
        yield f"problem: responses is a {type(responses).__name__}; give a list"
        return
    for number, one in enumerate(responses, start=1):
        if not isinstance(one, ResponsePromise):
            yield f"problem: responses {number} is a {type(one).__name__}, not a ResponsePromise"


def homeless(near_home: object, crews: Sequence[Crew]) -> Iterator[str]:
    """Yield that nobody has a part of the town of its own, where being away from it is to cost something.

    Parameters
    ----------
    near_home, crews
        As given to `patrolroute.PatrolProblem`.
    """
    if not isinstance(near_home, NearHome) or any(isinstance(crew, Crew) and crew.area is not None for crew in crews):
        return
    if near_home.metres is None:
        yield "near home: no crew has a patrol area; give metres from the depot"


def broken_rules(
    networks: Mapping[Mode, RoadNetwork], demand: Sequence[Demand], crews: Sequence[Crew]
) -> Iterator[str | Complaint]:
    """Yield every rule that network, demand and crews break together.

    Parameters
    ----------
    networks
        A road network for each mode.
    demand, crews
        What is asked for, and who goes out.
    """
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
    yield from _more_than_a_night(crews)
    yield from _tasks_twice(demand)
    for item in demand:
        yield from _off_the_network(networks, item)


def bad_slices(
    thing: str, slices: Sequence[Span], headway_s: Seconds, starts: Sequence[Sequence[Span]], need: str
) -> Iterator[Complaint]:
    """Yield if a slice is shorter than the headway, or which visits have no second in which to start.

    Parameters
    ----------
    thing
        Name of the street or hotspot.
    slices
        One span for each wanted visit, in seconds.
    headway_s
        Least seconds between two visits.
    starts
        For each slice the spans in which a visit may start.
    need
        What a visit needs room for, in words.
    """
    shortest = min(last - first for first, last in slices)
    if shortest < headway_s:
        many = len(slices)
        leave, fewer = ("1 visit has", "") if many == 1 else (f"{many} visits leave", "fewer visits or ")
        yield Complaint(
            f"{thing}: {leave} a slice of {duration(shortest)}, shorter than the headway of {duration(headway_s)}; "
            f"ask for {fewer}a shorter headway",
            "short_slice",
        )
        return
    for number, spans in enumerate(starts, start=1):
        if not spans:
            yield Complaint(f"{thing}: visit {number} of {len(slices)} has no room for {need} inside its opening hours")


def hopeless_crews(problem: PatrolProblem) -> Iterator[str | Complaint]:
    """Name the crews that cannot serve any task, however short, and come home in time."""
    instance = problem.instance
    loops: dict[tuple[object, ...], tuple[Seconds, int]] = {}
    for index, crew in enumerate(problem.crews):
        candidates = np.flatnonzero(instance.allowed[index]).tolist()
        if not candidates:
            sentence = f"crew {crew.id!r}: there is no task of its mode, kinds and patrol area"
            yield Complaint(sentence, "no_task", f"车组“{crew.id}”：没有与其方式、类型和巡区相符的任务")
            continue
        if crew.capacity is not None and all(problem.tasks[task].load > crew.capacity for task in candidates):
            yield f"crew {crew.id!r}: a capacity of {crew.capacity} is below the load of every task that it may serve"
            continue
        alike = crew.mode, crew.speed_factor, problem.depots[index], tuple(candidates)
        if alike not in loops:
            loops[alike] = min((_loop_s(instance, index, task), task) for task in candidates)
        cheapest, nearest = loops[alike]
        if cheapest >= INFINITE_S:
            said_so = f"crew {crew.id!r}: no way leads from its depot to any task and on to its end depot"
            yield Complaint(said_so, "no_way", f"车组“{crew.id}”：从集结点无路到达任何任务并返回")
        elif cheapest + _break_s(crew) > crew.budget_s:
            task = problem.tasks[nearest]
            also = f", and the break {duration(_break_s(crew))}" if crew.break_ else ""
            yield Complaint(
                f"crew {crew.id!r}: a time budget of {duration(crew.budget_s)} is too short for any task; "
                f"the shortest loop takes {duration(cheapest)}, to {task.name or task.id!r} and home{also}",
                "short_shift",
                f"车组“{crew.id}”：班次只有 {crew.budget_s // 60} 分钟，最近的任务“{task.name or task.id}”"
                f"往返也要 {-(-cheapest // 60)} 分钟",
            )


def hopeless_tasks(problem: PatrolProblem) -> Iterator[str]:
    """Name the required tasks that are too heavy for every crew that may serve them."""
    for index, task in enumerate(problem.tasks):
        if task.required and task.load:
            crews = [problem.crews[crew] for crew in np.flatnonzero(problem.instance.allowed[:, index]).tolist()]
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


MAX_NIGHT_S: Seconds = 48 * 3600
"""From the first start to the last end: three shifts of the longest kind, one after the other."""


def _more_than_a_night(crews: Sequence[Crew]) -> Iterator[str]:
    if not crews:
        return
    lasts = elapsed_s(min(crew.start for crew in crews), max(crew.end for crew in crews))
    if lasts > MAX_NIGHT_S:
        hours = -(-lasts // 3600)
        yield (
            f"problem: first shift to last end is {hours} hours, longer than one night of {MAX_NIGHT_S // 3600}; "
            "plan each night by itself"
        )


def _tasks_twice(demand: Sequence[Demand]) -> Iterator[Complaint]:
    ids = Counter(task_id for item in demand for task_id in _ids(item))
    stops = {item.id for item in demand if isinstance(item, Hotspot)}
    for name, times in ids.items():
        if times > 1 and name in stops:
            yield Complaint(f"hotspot {name!r}: the id is used {times} times; give each hotspot an id of its own")
        elif times > 1:
            yield Complaint(
                f"task {name!r}: is asked for {times} times; combine_streets() merges selections that overlap",
                "asked_twice",
            )


def _off_the_network(networks: Mapping[Mode, RoadNetwork], item: Demand) -> Iterator[str]:
    if item.mode not in networks:
        yield f"{thing_of(item)}: no network for mode {item.mode!r}"
    elif isinstance(item, Hotspot):
        if wrong := misplaced(networks[item.mode], item.place):
            yield f"{thing_of(item)}: its place is none of the network: {wrong}; patrolroute.snap makes one"
    elif lost := [arc for arc in _arcs(item) if arc not in networks[item.mode].arc_index]:
        yield f"{thing_of(item)}: arc {lost[0]} is not on the network; choose it on the network of the problem"


def _ids(item: Demand) -> list[str]:
    return [item.id] if isinstance(item, Hotspot) else [segment.id for segment in item.segments]


def _arcs(item: PriorityStreet) -> list[Arc]:
    return [arc for segment in item.segments for chain in segment.directions for arc in chain]


def _loop_s(instance: Instance, crew: int, task: int) -> Seconds:
    """Return the seconds from depot over a task to the end depot, windows aside."""
    seconds, one = instance.travel(crew).seconds, instance.crews[crew]
    return min(
        int(seconds[one.depot, way.entry]) + way.service_s + int(seconds[way.leave, one.end_depot])
        for way in instance.ways(crew, task)
    )


def _break_s(crew: Crew) -> Seconds:
    return crew.break_.length_s if crew.break_ else 0
