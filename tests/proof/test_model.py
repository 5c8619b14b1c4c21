"""A plan is a solution of the linear programme and keeps every cut that is found: no bound can be below it."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from patrolroute.demand.model import Demand
from patrolroute.demand.streets import by_name
from patrolroute.network.pairs import street_segments
from patrolroute.network.road import RoadNetwork
from patrolroute.network.turns import TurnCosts, with_turns
from patrolroute.problem.crew import Crew
from patrolroute.problem.evaluate import evaluate
from patrolroute.problem.model import PatrolProblem
from patrolroute.problem.solution import Solution
from patrolroute.proof.bound import bound
from patrolroute.proof.cuts import separate
from patrolroute.proof.graph import TaskGraph, task_graph
from patrolroute.proof.model import Model
from patrolroute.solver import solve
from tests.network.by_hand import Road, build, lonlat
from tests.plan.hand_made import at
from tests.problem.nights import nights

SIDE = 4
EXACT = 1e-6


@st.composite
def grids(draw: st.DrawFn) -> PatrolProblem:
    """Draw a night on a grid of streets, some of them one-way, that two short shifts cannot serve whole."""
    nodes = {1 + row * SIDE + column: (column * 130.0, row * 110.0) for row in range(SIDE) for column in range(SIDE)}
    pairs = [(node, node + 1) for node in nodes if node % SIDE] + [(node, node + SIDE) for node in nodes if node <= 12]
    roads = [
        Road(one, two, f"{one}-{two}", both=one in (1, 4, 13) or two in (1, 4, 13, 16) or draw(st.integers(0, 4)) > 0)
        for one, two in pairs
    ]
    network: RoadNetwork = build(nodes, roads)
    if draw(st.booleans()):
        network = with_turns(network, TurnCosts())
    demand: list[Demand] = []
    for segment in street_segments(network):
        demand += by_name(
            network,
            [segment],
            priority=draw(st.integers(1, 5)),
            visits=draw(st.sampled_from([1, 1, 1, 2])),
            headway_s=0,
        )
    crews = [
        Crew(f"c{number}", lonlat(0, 0), at("20:00"), at(draw(st.sampled_from(["20:06", "20:09", "20:14"]))))
        for number in range(draw(st.integers(1, 2)))
    ]
    return PatrolProblem(network, demand, crews)


def chart_of(graph: TaskGraph) -> nx.DiGraph:
    """Draw links and drives through as a graph, each edge with its number in the programme."""
    ways, links = graph.ways, len(graph.source)
    chart: nx.DiGraph = nx.DiGraph()
    for link, (source, target, seconds) in enumerate(zip(graph.source, graph.target, graph.seconds, strict=True)):
        chart.add_edge(("out", int(source)), ("in", int(target)), seconds=int(seconds), edge=link)
    for way in range(ways):
        chart.add_edge(("in", way), ("out", way), seconds=int(graph.passing_s[way]), edge=links + ways + way)
    return chart


def way_numbers(graph: TaskGraph) -> dict[tuple[int, int], int]:
    """Map each task and way of it to its number in the graph."""
    seen = Counter[int]()
    number: dict[tuple[int, int], int] = {}
    for way, task in enumerate(graph.task.tolist()):
        number[task, seen[task]] = way
        seen[task] += 1
    return number


def values_of(problem: PatrolProblem, graph: TaskGraph, model: Model, solution: Solution, mode: str) -> Any:
    """Give the flows, times and visits of a solution, each drive taken apart into links and drives through."""
    ways, links = graph.ways, len(graph.source)
    number, chart = way_numbers(graph), chart_of(graph)
    values = np.zeros(model.size)
    team = [crew for crew, one in enumerate(problem.crews) if one.mode == mode]
    depots = sorted({problem.travel_matrix(crew).row[problem.depot_node(crew)] for crew in team})
    homes = sorted({problem.travel_matrix(crew).row[problem.home_node(crew)] for crew in team})
    made = Counter[int]()
    for crew in team:
        if not solution.routes[crew]:
            continue
        times = evaluate(problem, solution).routes[crew]
        row = problem.travel_matrix(crew).row
        place: tuple[str, int] = ("out", ways + depots.index(row[problem.depot_node(crew)]))
        clock = problem.shift_s(crew)[0]
        goals = [(number[visit.task, visit.way], visit) for visit in solution.routes[crew]]
        ends = [("in", way) for way, _ in goals] + [("in", ways + homes.index(row[problem.home_node(crew)]))]
        for stop, goal in enumerate(ends):
            path = nx.dijkstra_path(chart, place, goal, weight="seconds")
            for one, two in pairwise(path):
                edge = chart.edges[one, two]
                values[edge["edge"]] += 1
                values[model.edges + edge["edge"]] += clock - model.early[edge["edge"]]
                clock += edge["seconds"]
            if stop < len(goals):
                way, visit = goals[stop]
                clock = times.starts[stop]
                values[links + way] += 1
                values[model.edges + links + way] += clock - model.early[links + way]
                clock += int(graph.service_s[way])
                place = ("out", way)
                made[visit.task] += 1
        assert clock == times.end_s
    return with_visits(values, model, made)


def with_visits(values: Any, model: Model, made: Counter[int]) -> Any:
    """Fill the visits in, the most valuable of each task first."""
    for copy, (task, _) in enumerate(model.copies):
        if made[task] > 0:
            values[model.first_copy + copy] = 1.0
            made[task] -= 1
    return values


def assert_kept(problem: PatrolProblem, solution: Solution) -> None:
    """Check a solution against the programme and all cuts that are found while the bound is worked out."""
    for mode in dict.fromkeys(crew.mode for crew in problem.crews):
        graph = task_graph(problem, mode)
        factors = {crew.speed_factor for crew in problem.crews if crew.mode == mode}
        if not graph.ways or len(factors) > 1:
            continue
        model, known = Model(problem, graph), set[bytes]()
        values = values_of(problem, graph, model, solution, mode)
        for _ in range(4):
            rows, columns, numbers = (np.concatenate(parts) for parts in zip(*model.rows, strict=True))
            matrix = csr_array((numbers, (rows, columns)), shape=(model.count, model.size))
            assert np.all(matrix @ values <= np.concatenate(model.limits) + EXACT)
            assert np.all(values <= model.most + EXACT)
            assert np.all(values >= -EXACT)
            _, found = model.solve(10.0)
            if found is None:
                break
            for cut in separate(problem, graph, found, known):
                model.cut(*cut)


@settings(max_examples=25, deadline=None)
@given(grids())
def test_a_plan_on_a_grid_keeps_the_programme_and_every_cut(problem: PatrolProblem):
    result = solve(problem, work_limit=60, seed=1)
    assert_kept(problem, result.solution)
    assert result.plan.objective.prize_collected <= bound(problem).prize


@settings(max_examples=60, deadline=None)
@given(nights())
def test_a_plan_of_any_night_keeps_the_programme_and_every_cut(problem: PatrolProblem):
    solution = solve(problem, work_limit=20, seed=1).solution
    if all(crew.break_ is None for crew in problem.crews):
        assert_kept(problem, solution)


@settings(max_examples=15, deadline=None)
@given(grids())
def test_cuts_lower_the_bound_or_leave_it(problem: PatrolProblem):
    graph = task_graph(problem, "car")
    model, known = Model(problem, graph), set[bytes]()
    before, found = model.solve(10.0)
    assert before is not None
    assert found is not None
    for cut in separate(problem, graph, found, known):
        model.cut(*cut)
    after, _ = model.solve(10.0)
    assert after is not None
    assert after <= before + 1
