"""The baselines of presence know what the measure knows, and keep what they must."""

from __future__ import annotations

import numpy as np
import pytest
from nights.bundled import night, promised
from nights.cyclic import MANNERS, cyclic, parts, streets_from, tour
from nights.greedy import Greedy
from nights.spare import along_tour
from nights.stops import Appointment, appointments
from nights.watch import Watch

from patrolroute.plan.schedule import unexplained
from patrolroute.plan.seen import presence_score
from patrolroute.problem.evaluate import EXTRA, Solution, Visit, evaluate
from patrolroute.problem.model import PatrolProblem

HUNDREDTHS_TWICE = 200
"""The search weighs metres twice and seconds in hundredths."""


@pytest.fixture(scope="module")
def watch() -> Watch:
    return Watch(night(60, 2, crews=8))


def unseen(problem: PatrolProblem, solution: Solution) -> int:
    return presence_score(unexplained(problem, solution, settings={"goal": "presence"})).unseen


@pytest.mark.parametrize("required_first", [False, True])
def test_a_greedy_night_misses_what_the_plan_says_that_it_misses(watch: Watch, required_first: bool) -> None:
    found = Greedy(watch, required_first=required_first).night()
    noted = watch.unseen()
    assert evaluate(watch.problem, found).is_feasible
    watch.follow(found)
    assert noted == watch.unseen(), "what it noted on its way is what it does"
    assert abs(noted / HUNDREDTHS_TWICE - unseen(watch.problem, found)) <= 1
    assert (watch.missed(found) == 0) == required_first


def test_what_a_pass_gains_is_what_is_missed_less(watch: Watch) -> None:
    night_ = Watch(promised(watch.problem, 100))
    rng = np.random.default_rng(1)
    streets = np.flatnonzero(night_.weight)
    for _ in range(300):
        task, at = int(rng.choice(streets)), int(rng.integers(night_.window_s))
        before = night_.unseen()
        gain = int(night_.gains(np.array([task]), np.array([at]))[0])
        night_.add(task, at)
        assert before - night_.unseen() == gain
        if rng.random() < 0.3:
            night_.drop(task, at)
            assert night_.unseen() == before


def test_crews_on_tours_are_evenly_spaced_and_home_in_time(watch: Watch) -> None:
    problem = watch.problem
    for groups in (1, 2):
        some = parts(problem, streets_from(problem, 1), groups, seed=1)
        assert sorted(street for part in some for street in part) == streets_from(problem, 1)
        rounds = [tour(problem, part, is_patrol=False, work=50, seed=1) for part in some]
        for manner in MANNERS:
            found = cyclic(problem, rounds, manner)
            assert evaluate(problem, found).is_feasible
            assert (watch.missed(found) == 0) == (manner != "travel")
            starts = {route[0].task for route in found.routes}
            assert len(starts) > len(found.routes) / 2, "nobody sets out where somebody else does, streets permitting"


def test_spare_time_is_driven_and_appointments_are_kept(watch: Watch) -> None:
    problem = watch.problem
    round_ = tour(problem, streets_from(problem, 1), is_patrol=False, work=50, seed=1)
    own = Solution(((Visit(0), Visit(5)), *((),) * (len(problem.crews) - 1)))
    kept = appointments(problem, own)
    assert [one.visit for one in kept[0]] == [Visit(0, EXTRA), Visit(5, EXTRA)]
    later = [[Appointment(one.visit, one.by_s + 600) for one in kept[0]], *kept[1:]]
    toured = [along_tour(problem, own, [round_], is_spaced=is_spaced) for is_spaced in (True, False)]
    for found in (*toured, Greedy(watch).night(kept), Greedy(watch).night(later)):
        assert evaluate(problem, found).is_feasible
        assert [visit for visit in found.routes[0] if visit.slot == EXTRA] == [Visit(0, EXTRA), Visit(5, EXTRA)]
        assert unseen(problem, found) < unseen(problem, own)
        plan = unexplained(problem, found, settings={"goal": "presence"})
        assert not any(leg.kind == "wait" for route in plan.routes for leg in route.legs)
        early_s = [(crew.end - route.end).total_seconds() for crew, route in zip(plan.crews, plan.routes, strict=True)]
        assert max(early_s) < 15 * 60
