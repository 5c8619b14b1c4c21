"""Areas by gerrychain and spopt, in a Python that has them: ``PYTHON area_oracles.py``, a problem as JSON on stdin.

The problem: ``work``, ``places`` (metres), ``links``, ``metres`` (from each to each), ``count``, ``balance``, ``seed``,
``steps``. The answer: a JSON object with the area of each unit by method, and CPU seconds.
"""

from __future__ import annotations

import json
import random
import sys
import time
import warnings
from typing import Any

import numpy as np


def cost(problem: dict[str, Any], area: list[int]) -> float:
    """Return the weighted metres to the best centre of each area, as the benchmark counts them."""
    metres, weight, total = problem["metres"], np.maximum(problem["work"], 1), 0.0
    for number in set(area):
        inside = [unit for unit, mine in enumerate(area) if mine == number]
        total += float((metres[np.ix_(inside, inside)] @ weight[inside]).min())
    return total


def by_gerrychain(problem: dict[str, Any]) -> list[int]:
    """Return a recursive tree partition improved by ReCom steps, the most compact of the chain."""
    from functools import partial

    import networkx as nx
    from gerrychain import Graph, MarkovChain, Partition, accept, constraints
    from gerrychain.proposals import recom
    from gerrychain.tree import recursive_tree_part
    from gerrychain.updaters import Tally

    random.seed(problem["seed"])
    plain = nx.Graph()
    for unit, work in enumerate(problem["work"]):
        plain.add_node(unit, work=work)
    plain.add_edges_from(map(tuple, problem["links"]))
    graph = Graph.from_networkx(plain)
    ideal = sum(problem["work"]) / problem["count"]
    first = recursive_tree_part(graph, range(problem["count"]), ideal, "work", problem["balance"] * 0.9, node_repeats=1)
    start = Partition(graph, first, updaters={"work": Tally("work", alias="work")})
    proposal = partial(recom, pop_col="work", pop_target=ideal, epsilon=problem["balance"], node_repeats=1)
    chain = MarkovChain(
        proposal=proposal,
        constraints=[constraints.within_percent_of_ideal_population(start, problem["balance"], "work")],
        accept=accept.always_accept,
        initial_state=start,
        total_steps=problem["steps"],
    )
    seen = ([int(state.assignment[unit]) for unit in range(len(problem["work"]))] for state in chain)
    return min(seen, key=lambda area: cost(problem, area))


def by_spopt(problem: dict[str, Any], method: str) -> list[int]:
    """Return regions by a method of spopt, of where units lie; it knows no bound on work but a floor."""
    import geopandas as gpd
    import libpysal
    import spopt.region
    from shapely import Point

    np.random.seed(problem["seed"])  # noqa: NPY002 - what spopt draws from
    places = np.array(problem["places"])
    frame = gpd.GeoDataFrame(
        {"x": places[:, 0], "y": places[:, 1], "work": problem["work"]}, geometry=[Point(*p) for p in places]
    )
    near: dict[int, set[int]] = {unit: set() for unit in range(len(places))}
    for one, two in problem["links"]:
        near[one].add(two)
        near[two].add(one)
    weights = libpysal.weights.W({unit: sorted(some) for unit, some in near.items()}, silence_warnings=True)
    if method == "skater":
        model = spopt.region.Skater(frame, weights, ["x", "y"], n_clusters=problem["count"])
    elif method == "kmeans":
        model = spopt.region.RegionKMeansHeuristic(places, problem["count"], weights, seed=problem["seed"])
    else:
        floor = 0.95 * sum(problem["work"]) / problem["count"]
        model = spopt.region.MaxPHeuristic(
            frame, weights, ["x", "y"], "work", floor, top_n=2, max_iterations_construction=20
        )
    model.solve()
    return [int(label) for label in model.labels_]


def main() -> None:
    """Answer."""
    warnings.simplefilter("ignore")
    problem = json.load(sys.stdin)
    problem["metres"] = np.asarray(problem["metres"], dtype=np.int64)
    methods = {
        "gerrychain": lambda: by_gerrychain(problem),
        "spopt Skater": lambda: by_spopt(problem, "skater"),
        "spopt RegionKMeans": lambda: by_spopt(problem, "kmeans"),
        "spopt MaxP": lambda: by_spopt(problem, "maxp"),
    }
    found: dict[str, Any] = {}
    for name, method in methods.items():
        began = time.process_time()
        try:
            found[name] = {"area": method(), "cpu_s": time.process_time() - began}
        except Exception as error:  # noqa: BLE001 - what a method says instead of an answer is an answer
            found[name] = {"error": f"{type(error).__name__}: {error}"[:200], "cpu_s": time.process_time() - began}
        print(name, found[name].get("error", "done"), file=sys.stderr, flush=True)
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
