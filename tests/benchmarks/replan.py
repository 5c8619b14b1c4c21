"""Re-planning beside plans that knew: disruptions drawn at random on the bundled night.

``python tests/benchmarks/replan.py [FOLDER] [--disruptions 30] [--plan PLAN]`` plans the bundled night once, draws
what happens and when, plans the rest anew, without a cap and with one of a fifth of the tasks, and beside it makes a
plan that knew from the start: the same night in which a lost crew's shift ends at that moment, a closed street is
closed from the first, and the shift of a crew that is called away ends where it is called to, to begin there again
after it. That one has the work of the plan and of the re-plan together. All are measured by what is seen from that
moment to the end: the share of the streets' weight and of the instants at which somebody comes by within 15 minutes,
of all streets of the first plan. ``missed`` is what is required and not served, anew and by the plan that knew. CPU
seconds are the process's own; searches have one thread.

With a folder of published scenarios (doi:10.48550/arXiv.2411.04073) it plans these anew after breakdowns instead,
beside plans that knew the failures: `published.breakdowns` says what was chosen. ``--smoke`` takes a minute.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import fmean, median

from published import breakdowns

import patrolroute as pr
from patrolroute.base.vocabulary import elapsed_s
from patrolroute.live.replan import replan
from patrolroute.live.replan_asked import moment_of
from patrolroute.live.replan_places import Call
from patrolroute.network.names import close_streets
from patrolroute.night.run import NightRun, bundled_night
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.passes import TAU_S, all_passes, direction_length_m
from patrolroute.plan.seen import Weighed
from patrolroute.problem.model import PatrolProblem
from patrolroute.search.engine import warm_up

CLOCKS = ("21:00", "21:30", "22:00", "22:30", "23:00")
CAPS = (None, 0.2)
"""Changed tasks at most, as a share."""

MOST_CLOSED_M = 6000
"""A longer street is not closed all at once."""


@dataclass(frozen=True)
class Disruption:
    """What happens, and when."""

    at: str
    out: tuple[str, ...] = ()
    close: tuple[str, ...] = ()
    calls: tuple[Call, ...] = ()

    def __str__(self) -> str:
        called = tuple(f"{call.crew} until {call.until}" for call in self.calls)
        return f"{self.at} " + "; ".join(" ".join(some) for some in (self.out, self.close, called) if some)


def drawn(plan: PatrolPlan, number: int) -> Iterator[Disruption]:
    """Yield disruptions, the same ones for the same plan."""
    rng = random.Random(7)  # noqa: S311 - nothing secret
    crews, network = [crew.id for crew in plan.crews], plan.networks["car"]
    metres: dict[str, int] = {}
    for name, length_m in zip(network.names, network.length_m.tolist(), strict=True):
        metres[name] = metres.get(name, 0) + length_m
    names = sorted(name for name, length_m in metres.items() if name and 500 < length_m < MOST_CLOSED_M)
    for _ in range(number):
        at = rng.choice(CLOCKS)
        lost = rng.sample(crews, rng.choice([0, 1, 1, 2]))
        closed = rng.sample(names, rng.choice([0, 1, 1, 2]))
        calls = []
        for crew in rng.sample([crew for crew in crews if crew not in lost], rng.choice([0, 1, 1])):
            node = rng.randrange(network.node_count)
            until = moment_of(plan, at) + dt.timedelta(minutes=rng.choice([20, 30, 40]))
            calls.append(Call(crew, network.node_lonlat(node), until))
        yield Disruption(at, tuple(lost), tuple(closed), tuple(calls))


def seen_from(plan: PatrolPlan, *, at_s: int, streets: PatrolPlan) -> float:
    """Return the share that is seen from a second on, of the streets of a plan."""
    passes, until = all_passes(plan), elapsed_s(*streets.window)
    unseen = whole = 0.0
    for task in streets.tasks:
        if task.kind != "street":
            continue
        weighed = Weighed.of(streets, task.id)
        weight = task.priority * direction_length_m(streets.networks[task.mode], task.directions)
        begins = [one.begin_s for one in passes.get(task.id, ()) if at_s <= one.begin_s <= until]
        marks = (at_s, *begins, until)
        unseen += weight * sum(weighed.between(one, max(one, two - TAU_S)) for one, two in pairwise(marks))
        whole += weight * weighed.between(at_s, until - TAU_S)
    return 1 - unseen / whole


def problem_that_knew(run: NightRun, plan: PatrolPlan, new: PatrolPlan, one: Disruption) -> PatrolProblem:
    """Return the bundled night with what happens known from the start."""
    networks, at = run.networks(), moment_of(plan, one.at)
    demand = run.demand(networks)
    network = close_streets(networks["car"], names=one.close) if one.close else networks["car"]
    left = []
    for item in demand:
        if isinstance(item, pr.PriorityStreet):
            segments = tuple(
                segment
                for segment in item.segments
                if all(arc in network.arc_index for chain in segment.directions for arc in chain)
            )
            left += [replace(item, segments=segments)] if segments else []
        elif item.place.arc in network.arc_index:
            left.append(item)
    crews = [replace(crew, end=at if crew.id in one.out else crew.end) for crew in run.crews()]
    for call in one.calls:
        route = next(route for route in new.routes if route.crew == call.crew)
        stay = next(leg for leg in route.legs if (leg.task or "").startswith("call-"))
        spot = new.task[stay.task or ""]
        number = next(number for number, crew in enumerate(crews) if crew.id == call.crew)
        crews[number : number + 1] = split(crews[number], stay, (spot.lon or 0.0, spot.lat or 0.0))
    return run.problem_of({"car": network}, left, crews)


@dataclass(frozen=True)
class Result:
    """What a disruption came to: shares seen by the old plan, the one that knew, and re-plans by their caps."""

    old: float
    knew: float
    anew: dict[float | None, float]

    def ratio(self, most: float | None) -> float:
        """Return what a re-plan reaches of what the plan that knew reaches."""
        return self.anew[most] / self.knew


class Trial:
    """Plans after disruptions of one plan of the bundled night, beside plans that knew."""

    def __init__(self, plan: PatrolPlan, args: argparse.Namespace) -> None:
        self.plan, self.args = plan, args
        self.run = NightRun.trusting(pr.read_night(bundled_night()), bundled_night().parent)

    def of(self, one: Disruption) -> Result:
        """Plan anew with each cap, and once by a plan that knew; print a line."""
        found, cpu_s = dict[float | None, pr.Replan](), dict[float | None, float]()
        for most in CAPS:
            began = time.process_time()
            found[most] = replan(
                self.plan, at=one.at, out_of_service=one.out, close=one.close, calls=one.calls,
                work_limit=self.args.work, seed=1, most_changed=most,
            )  # fmt: skip
            cpu_s[most] = time.process_time() - began
        free = found[None]
        work = (self.args.plan_work or self.plan.work or 0) + free.work
        knowing = problem_that_knew(self.run, self.plan, free.plan, one)
        knew = pr.solve(knowing, goal="presence", seed=2, threads=1, work_limit=work).plan
        at_s = elapsed_s(self.plan.window[0], free.at)
        seen = partial(seen_from, at_s=at_s, streets=self.plan)
        result = Result(seen(self.plan), seen(knew), {most: seen(each.plan) for most, each in found.items()})
        print(f"{result.old:>7.4f}{result.knew:>8.4f}", end="")
        for most, each in found.items():
            share = f"{100 * each.changes.share:.1f}%"
            print(f"{result.anew[most]:>9.4f}{result.ratio(most):>8.4f}{cpu_s[most]:>6.1f}{share:>7}", end="")
        missed = free.plan.objective.required_missed, knew.objective.required_missed
        print(f"{missed[0]:>4}/{missed[1]}  {one}", flush=True)
        return result


def disrupted(plan: PatrolPlan, args: argparse.Namespace) -> list[Result]:
    """Plan anew after disruptions drawn at random."""
    heads = "".join(f"{f'cap {most:g}' if most else 'anew':>9}{'ratio':>8}{'cpu s':>6}{'chg':>7}" for most in CAPS)
    print(f"{'old':>7}{'knew':>8}{heads}{'missed':>8}  what happens")
    trial, results = Trial(plan, args), list[Result]()
    for number, one in enumerate(drawn(plan, args.disruptions)):
        if args.only and number not in args.only:
            continue
        try:
            results.append(trial.of(one))
        except pr.InputError as error:
            print(f"      -  {one}: {error}", flush=True)
    return results


def told(results: list[Result]) -> None:
    """Print what came of all."""
    for most in CAPS:
        ratios = sorted(one.ratio(most) for one in results)
        if ratios:
            capped = f"at most {most:.0%} of the tasks changed" if most else "without a cap"
            print(
                f"{capped}: median {median(ratios):.4f}, mean {fmean(ratios):.4f}, worst {ratios[0]:.4f} of what a "
                f"plan that knew reaches in the rest of the night; {len(ratios)} disruptions"
            )


def split(crew: pr.Crew, stay: pr.Leg, place: tuple[float, float]) -> list[pr.Crew]:
    """Return a crew that is called away as two: one that ends where it is called to, one that begins there after it."""
    before = replace(crew, end=stay.depart, end_depot=place, end_depot_name="")
    after = replace(crew, id=f"{crew.id} later", start=stay.arrive, depot=place, depot_name="")
    return [before, after] if stay.arrive < crew.end else [before]


def broken_down(folder: Path, args: argparse.Namespace) -> list[breakdowns.Outcome]:
    """Plan published scenarios anew after breakdowns; print a line for each."""
    print(
        f"{'scenario':<10}{'edges':>6}{'fail':>5}{'free':>7}{'anew':>7}{'knew':>7}{'ratio':>7}{'moved':>6}{'cpu s':>7}"
    )
    results = list[breakdowns.Outcome]()
    warm_up()
    for path in sorted(folder.glob("*.txt"), key=lambda path: (path.stem.split(".")[0], len(path.stem), path.stem)):
        if path.stem == "FORMAT" or not path.stem.startswith(args.set):
            continue
        found = breakdowns.run(breakdowns.read(path), args.edge_work)
        if isinstance(found, str):
            print(f"{path.stem:<10}  {found}", flush=True)
            continue
        results.append(found)
        edges, failures = len(found.scenario.edges), len(found.scenario.failures)
        print(
            f"{path.stem:<10}{edges:>6}{failures:>5}{found.free:>7}{found.anew:>7}{found.knew:>7}"
            f"{found.anew / found.knew:>7.3f}{found.moved:>6}{max(found.cpu_s, default=0):>7.2f}",
            flush=True,
        )
    return results


def told_of_breakdowns(results: list[breakdowns.Outcome]) -> None:
    """Print what came of all scenarios."""
    ratios = sorted(one.anew / one.knew for one in results)
    longer = sorted(one.anew / one.free for one in results)
    seconds = [second for one in results for second in one.cpu_s]
    moved = fmean(one.moved / len(one.scenario.edges) for one in results)
    print(
        f"{len(results)} scenarios: makespan over that of who knew median {median(ratios):.3f}, mean "
        f"{fmean(ratios):.3f}, worst {ratios[-1]:.3f}; over that without failures median {median(longer):.3f}, worst "
        f"{longer[-1]:.3f}; a re-plan {fmean(seconds):.3f} CPU s, at most {max(seconds):.2f}; {100 * moved:.1f} % of "
        "the edges moved"
    )


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="folder of published scenarios")
    parser.add_argument("--set", default="", help="what the names of the scenarios begin with")
    parser.add_argument("--edge-work", type=int, default=200, help="iterations for each edge that is left")
    parser.add_argument("--disruptions", type=int, default=30)
    parser.add_argument("--plan", type=Path, help="a plan of the bundled night that is made already")
    parser.add_argument("--plan-work", type=int, help="windows for plans of the whole night, the default if not given")
    parser.add_argument("--work", type=int, help="windows for the re-plan; its default if not given")
    parser.add_argument("--only", type=int, nargs="+", help="numbers of disruptions, from 0 (default: all)")
    parser.add_argument("--smoke", action="store_true")
    args = parser.parse_args()
    if args.folder is not None:
        told_of_breakdowns(broken_down(args.folder, args))
        return
    if args.smoke:
        args.disruptions, args.plan_work, args.work = 1, 60, 20
    run = NightRun.trusting(pr.read_night(bundled_night()), bundled_night().parent)
    if args.plan is None:
        plan = pr.solve(run.problem(), goal="presence", work_limit=args.plan_work, seed=1, threads=1).plan
    else:
        plan = PatrolPlan.from_json(args.plan)
    results = disrupted(plan, args)
    told(results)
    print(f"disruptions={len(results)} worst={min(one.ratio(None) for one in results):.4f}")


if __name__ == "__main__":
    main()
