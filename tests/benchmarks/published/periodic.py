"""Periodic arc routing over a week of five working days: which day serves what, then a round for each vehicle and day.

Chu, Labadi and Prins, "A scatter search for the periodic capacitated arc routing problem", European Journal of
Operational Research 169(2), 2006, 586-605. Demand piles up by the day, at the weekend too; a visit takes all that lies
there. Fewest vehicles come first, then the least cost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from pathlib import Path

from ortools.sat.python import cp_model

from patrolroute.campaign.levels import lowest
from published.case import Checked, read_rows
from published.general import GeneralRouting, Item
from published.rounds import Stop
from published.ways import Link, driving

DAYS, WEEKEND = 5, 2

DAY_SETS: Mapping[int, tuple[tuple[int, ...], ...]] = {
    1: ((1,), (2,), (3,), (4,), (5,)),
    2: ((1, 3), (1, 4), (1, 5), (2, 4), (2, 5), (3, 5)),
    3: ((1, 2, 4), (1, 2, 5), (1, 3, 4), (1, 3, 5), (1, 4, 5), (2, 3, 5), (2, 4, 5)),
    4: tuple(combinations(range(1, DAYS + 1), 4)),
    5: ((1, 2, 3, 4, 5),),
}
"""On which days an edge with so many visits a week may be served."""

_ARC = re.compile(r"(From|to|Qty|Trav|Col|freq)\s*=\s*(-?\d+)")


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge to be served.

    Parameters
    ----------
    name
        Its ends.
    ends
        Nodes from 1.
    daily
        Demand a day.
    cost
        Of driving and of serving it.
    visits
        A week.
    """

    name: str
    ends: tuple[int, int]
    daily: int
    cost: int
    visits: int

    def load(self, days: Sequence[int], day: int) -> int:
        """Return what a visit takes: all since the one before, around the week; the week's first has the weekend."""
        at = days.index(day)
        since = day - days[at - 1] if at else day - days[-1] + DAYS + WEEKEND
        return self.daily * since


@dataclass(frozen=True, slots=True)
class Week:
    """An instance: a graph all of whose edges are served, from one depot."""

    name: str
    nodes: int
    depot: int
    capacity: int
    edges: tuple[Edge, ...]

    @property
    def links(self) -> tuple[Link, ...]:
        """All that may be driven, in both directions."""
        return tuple((*ends, edge.cost) for edge in self.edges for ends in (edge.ends, edge.ends[::-1]))

    @property
    def fleet_bound(self) -> int:
        """No plan uses fewer vehicles: a week's demand over five days of them."""
        week = (DAYS + WEEKEND) * sum(edge.daily for edge in self.edges)
        return -(-week // (DAYS * self.capacity))

    @property
    def cost_bound(self) -> int:
        """No plan costs less: what is served, driven once for each visit."""
        return sum(edge.visits * edge.cost for edge in self.edges)

    def day(self, days: Mapping[str, Sequence[int]], day: int, vehicles: int) -> GeneralRouting:
        """Return what is to be served on one day as an instance of its own."""
        items = tuple(
            Item(edge.name, edge.ends, is_edge=True, demand=edge.load(days[edge.name], day), cost=edge.cost)
            for edge in self.edges
            if day in days[edge.name]
        )
        return GeneralRouting(
            f"{self.name} day {day}", self.nodes, self.depot, self.capacity, items, self.links, vehicles=vehicles
        )


def read(path: Path) -> Week:
    """Read a file.

    Raises
    ------
    ValueError
        If the two lines of an edge differ, or there are not as many edges as the head says.
    """
    lines = path.read_text(encoding="latin-1").splitlines()
    head = dict(re.split(r"\s*=\s*", line.strip(), maxsplit=1) for line in lines if re.match(r"\w+ ?=", line))
    seen = dict[tuple[int, int], list[tuple[int, ...]]]()
    for line in lines:
        if line.lstrip().startswith("arc"):
            values = {word.lower(): int(number) for word, number in _ARC.findall(line)}
            if values["qty"] >= 0:
                ends = (min(values["from"], values["to"]), max(values["from"], values["to"]))
                seen.setdefault(ends, []).append(tuple(values[word] for word in ("qty", "col", "trav", "freq")))
    edges = list[Edge]()
    for ends, rows in seen.items():
        for number, row in enumerate(sorted(rows)[::2]):
            if sorted(rows)[2 * number + 1 : 2 * number + 2] != [row] or row[1] != row[2]:
                raise ValueError(f"{path.name}: the lines of edge {ends} do not agree")
            edges.append(Edge(f"{ends[0]}-{ends[1]}/{number}", ends, row[0], row[1], row[3]))
    if len(edges) != int(head["nbtasks"]):
        raise ValueError(f"{path.name}: the head says {head['nbtasks']} edges, there are {len(edges)}")
    return Week(path.stem, int(head["nbnodes"]), int(head["Depot"]), int(head["capacity"]), tuple(edges))


def read_folder(folder: Path) -> list[Week]:
    """Read all instances of a folder, gdb before val, by their numbers."""
    paths = [path for path in folder.glob("*.txt") if re.fullmatch(r"[a-z]+\d+", path.stem)]
    return [read(path) for path in sorted(paths, key=lambda path: (path.stem[:3], int(path.stem[3:])))]


def known(folder: Path) -> Mapping[str, tuple[int, int]]:
    """Return plans that others found, by instance: vehicles and cost."""
    rows = read_rows(folder / "reference.csv")
    return {row["instance"]: (int(row["known_vehicles"]), int(row["known_cost"])) for row in rows if row["known_cost"]}


Days = dict[str, tuple[int, ...]]
"""The days of each edge, by its name."""

Plan = Mapping[int, Sequence[Sequence[Stop]]]
"""The rounds of each day."""


@dataclass(frozen=True, slots=True)
class Change:
    """How days may change: what each edge costs on each day by the rounds there are, and how many edges at most."""

    before: Days
    prices: Mapping[tuple[str, int], int]
    most: int


def calendar(week: Week, vehicles: int, *, slack: int, limit: float, change: Change | None = None) -> Days | None:
    """Choose the days of every edge, by the levels of the calendar of a campaign; None if no days are known to do.

    The days' loads keep to the vehicles, less some slack for rounds that do not fill up. Then as little as can be is
    driven between what is served: on each day every node with an odd number of served edges is left once more, by the
    way to the nearest other node at least. Where rounds are known the prices by them take its place. Last the loads are
    even.

    Parameters
    ----------
    week
        The instance.
    vehicles
        So many go out each day at most.
    slack
        Demand that a day's rounds leave room for.
    limit
        Deterministic seconds of each level.
    change
        How the days of a plan may change; anew if None.
    """
    model = cp_model.CpModel()
    chosen = {
        (edge.name, days): model.new_bool_var(f"{edge.name} {days}")
        for edge in week.edges
        for days in DAY_SETS[edge.visits]
    }
    for edge in week.edges:
        model.add_exactly_one(chosen[edge.name, days] for days in DAY_SETS[edge.visits])
    most = model.new_int_var(0, vehicles * week.capacity - slack, "most")
    for day in range(1, DAYS + 1):
        model.add(sum(edge.load(days, day) * chosen[edge.name, days] for edge, days in _served(week, day)) <= most)
    if change is None:
        driven = sum(_odd(model, week, chosen))
    else:
        kept = sum(chosen[name, days] for name, days in change.before.items())
        model.add(kept >= len(week.edges) - change.most)
        driven = sum(
            sum(change.prices[name, day] for day in days) * variable for (name, days), variable in chosen.items()
        )
    found = lowest(model, [driven, most], limit=limit)
    if found is None:
        return None
    return {name: days for (name, days), variable in chosen.items() if found[variable]}


def _served(week: Week, day: int) -> Iterator[tuple[Edge, tuple[int, ...]]]:
    """Yield every edge with the day sets that have a day."""
    for edge in week.edges:
        yield from ((edge, days) for days in DAY_SETS[edge.visits] if day in days)


def _odd(
    model: cp_model.CpModel, week: Week, chosen: Mapping[tuple[str, tuple[int, ...]], cp_model.IntVar]
) -> Iterator[cp_model.LinearExpr]:
    """Yield what it costs on each day that a node has an odd number of served edges."""
    ways = driving(week.nodes, week.links)
    for day in range(1, DAYS + 1):
        for node in range(1, week.nodes + 1):
            own = [chosen[edge.name, days] for edge, days in _served(week, day) if node in edge.ends]
            if own:
                odd, pairs = model.new_bool_var(""), model.new_int_var(0, len(own), "")
                model.add(sum(own) == 2 * pairs + odd)
                yield int(min(cost for at, cost in enumerate(ways[node - 1]) if at != node - 1)) * odd


def prices(week: Week, plan: Plan) -> dict[tuple[str, int], int]:
    """Return what each edge costs on each day: what leaving it out saves, or what it takes in the best place."""
    ways, edges = driving(week.nodes, week.links), {edge.name: edge for edge in week.edges}
    found = dict[tuple[str, int], int]()
    for day, routes in plan.items():
        gaps = list[tuple[int, int]]()
        for route in routes:
            ends = [(week.depot, week.depot)]
            ends += [_through(edges[name], node) for name, node in route] + [(week.depot, week.depot)]
            gaps += [(one[1], two[0]) for one, two in pairwise(ends)]
            for (name, _), (before, own, after) in zip(route, zip(ends, ends[1:], ends[2:], strict=False), strict=True):
                around = ways[before[1] - 1, own[0] - 1] + ways[own[1] - 1, after[0] - 1]
                found[name, day] = int(around + edges[name].cost - ways[before[1] - 1, after[0] - 1])
        for edge in week.edges:
            if (edge.name, day) not in found:
                put_in = (
                    ways[tail - 1, first - 1] + ways[last - 1, head - 1] - ways[tail - 1, head - 1]
                    for tail, head in (*gaps, (week.depot, week.depot))
                    for first, last in (edge.ends, edge.ends[::-1])
                )
                found[edge.name, day] = int(min(put_in)) + edge.cost
    return found


def _through(edge: Edge, node: int) -> tuple[int, int]:
    return edge.ends if node == edge.ends[0] else edge.ends[::-1]


def check(week: Week, plan: Plan) -> tuple[int, Checked]:
    """Judge a week by the instance alone.

    Parameters
    ----------
    week
        The instance.
    plan
        The rounds of each day: names of served edges, and the node where each begins.

    Returns
    -------
    tuple
        The largest number of rounds on any day; cost, what was missed, every rule that is broken.
    """
    on = dict[str, list[int]]()
    for day, routes in sorted(plan.items()):
        for name in (name for route in routes for name, _ in route):
            on.setdefault(name, []).append(day)
    missed = tuple(edge.name for edge in week.edges if len(on.get(edge.name, ())) < edge.visits)
    faults = [
        f"{edge.name} is served on days {on[edge.name]}"
        for edge in week.edges
        if edge.name not in missed and tuple(on[edge.name]) not in DAY_SETS[edge.visits]
    ]
    fleet = max(sum(map(bool, routes)) for routes in plan.values())
    if missed:
        return fleet, Checked(0, missed, (), tuple(faults))
    cost = 0
    for day, routes in plan.items():
        found = week.day(on, day, fleet).check(routes)
        faults += [f"day {day}: {words}" for words in found.faults]
        cost += found.value
    return fleet, Checked(cost, missed, (), tuple(faults))
