"""Re-planning beside plans that knew: disruptions drawn at random on the bundled night.

``python tests/benchmarks/replan.py [--disruptions 30] [--plan-seconds 40] [--seconds 8]`` plans the bundled night once,
draws what happens and when, plans the rest anew, and beside it makes a plan that knew from the start: the same night in
which a lost crew's shift ends at that moment, a closed street is closed from the first, and a crew that is called has a
stop where it is called to for as long. It has the seconds of the plan and of the re-plan together. Both are measured by
what is seen from that moment to the end: the share of the streets' weight and of the instants at which somebody comes
by within 15 minutes, of all streets of the first plan. ``--most 0.2`` caps the changed tasks as well. CPU seconds are
the process's own; searches have one thread. ``--smoke`` takes a minute: one disruption, few seconds.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from statistics import fmean

import patrolroute as pr
from patrolroute.base.vocabulary import elapsed_s
from patrolroute.live.replan import replan
from patrolroute.live.replan_asked import moment_of
from patrolroute.live.replan_places import Call
from patrolroute.network.names import close_streets
from patrolroute.network.snap import snap
from patrolroute.night.run import NightRun, bundled_night
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.passes import TAU_S, all_passes, direction_length_m
from patrolroute.plan.seen import Weighed
from patrolroute.problem.model import PatrolProblem

CLOCKS = ("21:00", "21:30", "22:00", "22:30", "23:00")
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


def seen_from(plan: PatrolPlan, at_s: int, streets: PatrolPlan) -> float:
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
    for call in one.calls:
        route = next(route for route in new.routes if route.crew == call.crew)
        stay = next(leg for leg in route.legs if (leg.task or "").startswith("call-"))
        place = snap(network, [new.task[stay.task or ""].lon and (new.task[stay.task].lon, new.task[stay.task].lat)])[0]
        left.append(
            pr.Hotspot(
                f"call of {call.crew}",
                "call",
                place,
                kind="call",
                dwell_s=elapsed_s(stay.depart, stay.arrive),
                windows=(pr.DatedWindow(stay.depart, stay.arrive),),
                required=True,
                priority=1,
                prize=1,
            )
        )
    crews = [
        replace(
            crew,
            end=at if crew.id in one.out else crew.end,
            reserved={*crew.reserved, *(f"call of {call.crew}" for call in one.calls if call.crew == crew.id)},
        )
        for crew in run.crews()
    ]
    return run.problem_of({"car": network}, left, crews)


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="?", type=Path, help="folder of published scenarios")
    parser.add_argument("--disruptions", type=int, default=30)
    parser.add_argument("--plan", type=Path, help="a plan of the bundled night that is made already")
    parser.add_argument("--plan-seconds", type=float, default=40.0)
    parser.add_argument("--knew-work", type=int, help="windows for the plan that knew instead of seconds")
    parser.add_argument("--work", type=int, help="windows for the re-plan; its default if not given")
    parser.add_argument("--most", type=float, help="cap of changed tasks, a share or a number")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--smoke", action="store_true")
    args = parser.parse_args()
    if args.smoke:
        args.disruptions, args.plan_seconds = 1, 6.0
    run = NightRun.trusting(pr.read_night(bundled_night()), bundled_night().parent)
    if args.plan is None:
        plan = pr.solve(run.problem(), goal="presence", time_limit=args.plan_seconds, seed=1, threads=1).plan
    else:
        plan = PatrolPlan.from_json(args.plan)
    ratios = []
    print(f"{'old':>7}{'replan':>8}{'knew':>8}{'ratio':>8}{'cpu s':>7}{'changed':>9}{'missed':>8}{'':>3}what happens")
    for number, one in enumerate(drawn(plan, args.disruptions)):
        if number < args.first:
            continue
        began = time.process_time()
        try:
            found = replan(
                plan,
                at=one.at,
                out_of_service=one.out,
                close=one.close,
                calls=one.calls,
                work_limit=args.work,
                seed=1,
                most_changed=args.most,
            )
        except pr.InputError as error:
            print(f"   -  {one}: {error}")
            continue
        cpu_s = time.process_time() - began
        at_s = elapsed_s(plan.window[0], found.at)
        knew = pr.solve(
            problem_that_knew(run, plan, found.plan, one), goal="presence", seed=2, threads=1,
            time_limit=None if args.knew_work else args.plan_seconds + cpu_s, work_limit=args.knew_work,
        ).plan  # fmt: skip
        shares = [seen_from(each, at_s, plan) for each in (plan, found.plan, knew)]
        ratios.append(shares[1] / shares[2])
        print(
            f"{shares[0]:>7.4f}{shares[1]:>8.4f}{shares[2]:>8.4f}{ratios[-1]:>8.4f}{cpu_s:>7.1f}"
            f"{100 * found.changes.share:>8.0f}%{found.plan.objective.required_missed:>4}"
            f"/{knew.objective.required_missed:<3}   {one}",
            flush=True,
        )
    if ratios:
        print(
            f"mean {fmean(ratios):.4f}, least {min(ratios):.4f} of what a plan that knew reaches, "
            f"{len(ratios)} disruptions"
        )


if __name__ == "__main__":
    main()
