"""The plain check of mixed general routing: drive through every round by the numbers of the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import isfinite
from typing import TYPE_CHECKING

from published.case import Checked
from published.ways import shortest

if TYPE_CHECKING:
    from published.general import GeneralRouting, Item

Stop = tuple[str, int]
"""The name of a served item, and the node where its service starts."""


def check_rounds(case: GeneralRouting, routes: Sequence[Sequence[Stop]]) -> Checked:
    """Judge an answer: its cost, what was not served, and every broken rule."""
    items = {item.name: item for item in case.items}
    served = Counter(name for route in routes for name, _ in route)
    faults = [f"{name} is nothing to serve" for name in served if name not in items]
    faults += [f"{name} is served {times} times" for name, times in served.items() if times > 1]
    if (used := sum(map(bool, routes))) > case.crews:
        faults.append(f"{used} routes for {case.crews} crews")
    cost = 0.0
    for number, route in enumerate(routes):
        stops = [(items[name], node) for name, node in route if name in items]
        faults += [f"route {number} {words}" for words in _route_faults(case, stops)]
        cost += _cost(case, stops)
    left_out = [item for name, item in items.items() if not served[name]]
    impossible = tuple(item.name for item in left_out if not _could_be_served(case, item))
    missed = tuple(item.name for item in left_out if item.name not in impossible)
    return Checked(int(cost) if isfinite(cost) else -1, missed, impossible, tuple(faults))


def _could_be_served(case: GeneralRouting, item: Item) -> bool:
    """Return whether a crew that does nothing else could serve an item."""
    starts = item.ends if item.is_edge else item.ends[:1]
    return any(not list(_route_faults(case, [(item, node)])) for node in starts)


def _cost(case: GeneralRouting, stops: Sequence[tuple[Item, int]]) -> float:
    """Add up the ways between, home included, and the traversals."""
    at, cost = case.depot, 0.0
    for item, node in stops:
        cost += shortest(case.links, at, node) + item.cost
        at = _other_end(item, node)
    return cost + shortest(case.links, at, case.depot)


def _route_faults(case: GeneralRouting, stops: Sequence[tuple[Item, int]]) -> Iterator[str]:
    if (load := sum(item.demand for item, _ in stops)) > case.capacity:
        yield f"takes {load}, the capacity is {case.capacity}"
    for item, node in stops:
        if node not in (item.ends if item.is_edge else item.ends[:1]):
            yield f"serves {item.name} from node {node}"
    if not isfinite(_cost(case, stops)):
        yield "goes where no way leads"
    elif case.times:
        yield from _late(case, stops)


def _late(case: GeneralRouting, stops: Sequence[tuple[Item, int]]) -> Iterator[str]:
    """Drive by the clock, each service as early as its window lets."""
    at, clock = case.depot, 0.0
    for item, node in stops:
        clock += shortest(case.times, at, node)
        if item.window is not None:
            clock = max(clock, item.window[0])
            if clock > item.window[1]:
                yield f"starts {item.name} at {clock:g}, after {item.window[1]}"
        clock += item.time
        at = _other_end(item, node)


def _other_end(item: Item, node: int) -> int:
    return item.ends[1] if node == item.ends[0] else item.ends[0]
