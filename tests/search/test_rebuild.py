"""Rebuilding a route: the others stay as they are, nothing is lost or doubled, and a bad place is left at once."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.base.jit import make_rng
from patrolroute.problem.evaluate import Solution, Visit
from patrolroute.problem.instance import Instance
from patrolroute.search.arrays import arrays
from patrolroute.search.params import SearchParams
from patrolroute.search.points import search
from patrolroute.search.routes import NOWHERE, empty_routes, insert
from patrolroute.search.ruin import CANDIDATES, rebuild_route
from patrolroute.search.workspace import make_workspace
from tests.search.made_up import hand_made, nights
from tests.search.slow import assert_sound_but_for_breaks, random_routes


@settings(max_examples=200, deadline=None)
@given(nights(), st.integers(0, 999))
def test_one_route_is_emptied_and_holds_nothing_but_the_centre(problem: Instance, seed: int) -> None:
    night = arrays(problem, 40)
    routes, table = random_routes(night, seed), make_workspace(night)
    before, centre = routes.served.route.copy(), seed % len(night.slot)
    waiting = rebuild_route(night, routes, table, centre, make_rng(seed))
    after, absent = routes.served.route, table.absent[:waiting].tolist()
    assert_sound_but_for_breaks(problem, night, routes)
    assert len(set(absent)) == waiting
    assert all(after[slot] == NOWHERE for slot in absent)
    assert np.flatnonzero(table.is_listed).tolist() == sorted(absent)
    changed = np.flatnonzero(table.cache.changed).tolist()
    if not changed:
        assert waiting == 0
        assert after.tolist() == before.tolist()
        return
    assert before[centre] == NOWHERE
    assert len(changed) == 1
    others = before != changed[0]
    others[centre] = False
    assert after[others].tolist() == before[others].tolist()
    breaks = set(night.crew.break_slot.tolist())
    assert set(np.flatnonzero(after == changed[0]).tolist()) <= breaks | {centre}
    waits = set(night.slot.task[absent].tolist())
    for slot in set(np.flatnonzero(before == changed[0]).tolist()) - breaks:
        task = int(night.slot[slot].task)
        if night.task[task].required and routes.done[task] == 0:
            assert task in waits


def test_no_more_than_so_many_compete() -> None:
    size = CANDIDATES + 50
    table = [[0 if i == j else 10 for j in range(size + 1)] for i in range(size + 1)]
    tasks = [([(place, place, 30)], {"worth": (1,)}) for place in range(1, size + 1)]
    night = arrays(hand_made(table, tasks, [{"shift": (0, 100)}]), 5)
    routes, working = empty_routes(night), make_workspace(night)
    insert(night, routes, (0, 1), 0, 0)
    assert rebuild_route(night, routes, working, 7, make_rng(1)) in (CANDIDATES, CANDIDATES + 1)
    assert routes.served.route[7] == 0


def test_a_route_leaves_a_middling_cluster_for_a_better_one_on_the_other_side() -> None:
    """Two clusters of six visits, 100 s from the depot on either side, of which one fits."""
    here, there = range(1, 7), range(7, 13)
    place = [0, *(100 for _ in here), *(-100 for _ in there)]
    table = [[0 if i == j else abs(place[i] - place[j]) + 5 for j in range(13)] for i in range(13)]
    tasks = [([(p, p, 20)], {"worth": (10,)}) for p in here] + [([(p, p, 20)], {"worth": (11,)}) for p in there]
    problem = hand_made(table, tasks, [{"shift": (0, 105 * 2 + 6 * 20 + 5 * 5)}])
    night = arrays(problem, 5)
    routes, working = empty_routes(night), make_workspace(night)
    for slot in range(6):
        insert(night, routes, (0, slot + 1), slot, 0)
    assert rebuild_route(night, routes, working, 9, make_rng(0)) in (5, 11)
    assert routes.served.route.tolist() == [0 if slot == 9 else -1 for slot in range(12)]
    bad = Solution((tuple(Visit(task) for task in range(6)),))
    calm = {"overfill": 0, "exchange": 0, "threshold": 0, "visit_threshold": 0, "mean_removed": 1, "longest_string": 1}
    stuck = search(problem, work_limit=2_000, seed=1, start=bad, params=SearchParams(chains=1, renewal=0, **calm))
    assert stuck.score.prize_forgone == 66
    found = search(problem, work_limit=2_000, seed=1, start=bad, params=SearchParams(chains=1, **calm))
    assert found.score.prize_forgone == 60


def test_nothing_changes_while_an_equal_crew_is_idle() -> None:
    table = [[0, 10, 10], [10, 0, 10], [10, 10, 0]]
    tasks = [([(place, place, 30)], {"worth": (1,)}) for place in (1, 2)]
    night = arrays(hand_made(table, tasks, [{"shift": (0, 100)}, {"shift": (0, 100)}]), 5)
    routes, working = empty_routes(night), make_workspace(night)
    insert(night, routes, (1, 1), 0, 0)
    assert all(rebuild_route(night, routes, working, 1, make_rng(seed)) == 0 for seed in range(20))
    assert routes.served.route.tolist() == [1, -1]
    assert not working.cache.changed.any()
