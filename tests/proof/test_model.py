"""A plan is a solution of the linear programme and keeps every cut that is found: no bound can be below it."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import networkx as nx
import numpy as np
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from patrolroute.base.errors import PlaceError
from patrolroute.demand.model import Demand
from patrolroute.demand.streets import by_name
from patrolroute.network.road import RoadNetwork
from patrolroute.network.segments import street_segments
from patrolroute.network.speeds import TurnCosts, with_turns
from patrolroute.problem.crew import Crew
from patrolroute.problem.evaluate import Solution, evaluate
from patrolroute.problem.model import PatrolProblem
from patrolroute.proof.bound import bound
from patrolroute.proof.cuts import separate
from patrolroute.proof.graph import TaskGraph, task_graph
from patrolroute.proof.model import Model, Solver
from patrolroute.search.solve import solve
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
            visits=draw(st.sampled_from([1, 1, 1, 2, 3])),
            headway_s=0,
        )
    crews = [
        Crew(f"c{number}", lonlat(0, 0), at("20:00"), at(draw(st.sampled_from(["20:06", "20:09", "20:14"]))))
        for number in range(draw(st.integers(1, 2)))
    ]
    try:
        return PatrolProblem(network, demand, crews)
    except PlaceError:  # one-way streets cut the depot off
        reject()


def chart_of(graph: TaskGraph) -> nx.DiGraph:
    """Draw the drives as a graph, each with its number in the programme; of two the shorter."""
    chart: nx.DiGraph = nx.DiGraph()
    chart.add_nodes_from(range(len(graph.place)))
    for edge in np.argsort(-graph.seconds[: graph.drives], kind="stable").tolist():
        chart.add_edge(int(graph.tail[edge]), int(graph.head[edge]), seconds=int(graph.seconds[edge]), edge=edge)
    return chart


def way_numbers(graph: TaskGraph) -> dict[tuple[int, int], int]:
    """Map each task and way of it to the number of its service."""
    seen = Counter[int]()
    number: dict[tuple[int, int], int] = {}
    for way, task in enumerate(graph.task.tolist()):
        number[task, seen[task]] = graph.drives + way
        seen[task] += 1
    return number


def values_of(problem: PatrolProblem, graph: TaskGraph, model: Model, solution: Solution, mode: str) -> Any:
    """Return the flows, times and visits of a solution, each drive taken apart into those of the graph."""
    number, chart = way_numbers(graph), chart_of(graph)
    values = np.zeros(model.size)
    team = [crew for crew, one in enumerate(problem.crews) if one.mode == mode]
    crews = problem.instance.crews
    depots = sorted({crews[crew].depot for crew in team})
    homes = sorted({crews[crew].end_depot for crew in team})
    positions = problem.paths_of(team[0]).positions
    assert [positions[row] for row in depots] == sorted({problem.depots[crew][0] for crew in team})
    made = Counter[int]()

    def drive(edge: int, clock: int, seconds: int) -> int:
        values[edge] += 1
        values[model.edges + edge] += clock - graph.early[edge]
        return clock + seconds

    for crew in team:
        if not solution.routes[crew]:
            continue
        times = evaluate(problem, solution).routes[crew]
        place, clock = graph.inner + depots.index(crews[crew].depot), crews[crew].start_s
        services = [number[visit.task, visit.direction] for visit in solution.routes[crew]]
        home = graph.inner + len(depots) + homes.index(crews[crew].end_depot)
        for stop, goal in enumerate([*(int(graph.tail[service]) for service in services), home]):
            for one, two in pairwise(nx.dijkstra_path(chart, place, goal, weight="seconds")):
                clock = drive(chart.edges[one, two]["edge"], clock, chart.edges[one, two]["seconds"])
            if stop < len(services):
                clock = drive(services[stop], times.starts[stop], int(graph.seconds[services[stop]]))
                place = int(graph.head[services[stop]])
                made[solution.routes[crew][stop].task] += 1
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
    """Check a solution against the programme and all cuts that are found while the bounds are worked out."""
    for mode in dict.fromkeys(crew.mode for crew in problem.crews):
        graph = task_graph(problem.instance, mode)
        factors = {crew.speed_factor for crew in problem.crews if crew.mode == mode}
        if not graph.ways or len(factors) > 1:
            continue
        model, known = Model(problem.instance, graph), set[bytes]()
        values = values_of(problem, graph, model, solution, mode)
        for gain in (model.prize, 5000.0 * model.visits - model.seconds):
            solver = Solver(model, gain)
            for _ in range(3):
                assert_in(model, values)
                _, found = solver.solve(10.0)
                if found is None:
                    break
                for cut in separate(problem.instance, graph, found, known):
                    model.cut(*cut)
        assert_in(model, values)


def assert_in(model: Model, values: Any) -> None:
    limit, equal, have = np.concatenate(model.limits), np.concatenate(model.equal), model.matrix() @ values
    assert np.all(have <= limit + EXACT)
    assert np.all(have[equal] >= limit[equal] - EXACT)
    assert np.all(values <= model.most + EXACT)
    assert np.all(values >= -EXACT)


@settings(max_examples=12, deadline=None)
@given(grids())
def test_a_plan_on_a_grid_keeps_the_programme_and_every_cut(problem: PatrolProblem):
    result = solve(problem, work_limit=60, seed=1, goal="points")
    assert_kept(problem, result.solution)
    assert result.plan.objective.prize_collected <= bound(problem).prize


@settings(max_examples=40, deadline=None)
@given(nights())
def test_a_plan_of_any_night_keeps_the_programme_and_every_cut(problem: PatrolProblem):
    solution = solve(problem, work_limit=20, seed=1, goal="points").solution
    if all(crew.break_ is None for crew in problem.crews):
        assert_kept(problem, solution)


@settings(max_examples=10, deadline=None)
@given(grids())
def test_cuts_lower_the_bound_or_leave_it(problem: PatrolProblem):
    graph = task_graph(problem.instance, "car")
    model, known = Model(problem.instance, graph), set[bytes]()
    solver = Solver(model, model.prize)
    before, found = solver.solve(10.0)
    assert before is not None
    assert found is not None
    for cut in separate(problem.instance, graph, found, known):
        model.cut(*cut)
    after, _ = solver.solve(10.0)
    assert after is not None
    assert after <= before + 1
