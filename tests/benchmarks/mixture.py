"""How hard a campaign's nights are to guess: a mixture beside one plan repeated, a new seed each night, random offsets.

``python tests/benchmarks/mixture.py [--columns 24] [--work W] [--nights 6] [--seeds 3] [--rivals]`` makes a mixture of
the bundled night and measures it. ``--rivals`` adds what a critic would do instead: the mixture's first plan every
night; another seed of `solve` every night, the same work each; that first plan with each crew a random time later, up
to a quarter of an hour. All are measured by one module from the legs of their plans.
``--read FOLDER`` takes a mixture that was saved before, ``--save FOLDER`` writes it, ``--plot FILE`` draws entropy
against what is seen, ``--smoke`` takes a small part of the night, for a minute. The last line gives figures as
``name=value``.

Columns: least weighted chance, and the least chance of any street and of any segment in any five minutes to see a car
within fifteen; entropy of where a crew is; return-time entropy; least difference of two nights; the largest share of
(street, quarter hour) pairs that two nights after each other have in common with the same crew; 见警率 of the night
that is seen least; CPU seconds.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import resource
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from nights.bundled import night

from patrolroute.campaign.guessing import (
    Watched,
    in_common,
    least_difference,
    return_time_bits,
    whereabouts_bits,
)
from patrolroute.campaign.mixed import Mixture
from patrolroute.campaign.mixture import MixProgress, mix
from patrolroute.campaign.turns_of_crews import exchanged, fair_order
from patrolroute.campaign.windows import Windows
from patrolroute.output.plots.guessing import draw_guessing
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.passes import all_passes
from patrolroute.plan.seen import seen_share
from patrolroute.problem.model import PatrolProblem
from patrolroute.search.solve import solve

SECRET = b"known to all who read this"
FIRST = dt.date(2026, 5, 8)
HEAD = "weighted   street  segment   where,  return,  differ,  common,    seen,   CPU s"
LATEST_S = 900


class Nights(NamedTuple):
    """Nights one after the other, the plans that can be drawn, and the chances of segments."""

    name: str
    plans: Sequence[PatrolPlan]
    watched: Sequence[Watched]
    distinct: Sequence[Watched]
    segments: np.ndarray
    cpu_s: float


def measured(windows: Windows, nights: Nights) -> dict[str, float]:
    """Print a row, and return its figures."""
    streets = windows.chances(nights.segments)
    found = {
        "weighted": windows.least(streets),
        "street": float(streets[windows.counts].min()),
        "segment": windows.least_segment(nights.segments),
        "where": whereabouts_bits(nights.watched),
        "return": return_time_bits(nights.watched),
        "differ": least_difference(nights.distinct),
        "common": max((in_common(*pair) for pair in pairwise(nights.watched)), default=1.0),
        "seen": min(seen_share(plan) or 0.0 for plan in nights.plans),
    }
    print("".join(f"{value:8.3f} " for value in found.values()), f"{nights.cpu_s:7.0f}  {nights.name}", flush=True)
    return found


def drawn(problem: PatrolProblem, windows: Windows, mixture: Mixture, count: int) -> Nights:
    """Draw nights as they would be issued: a plan by the secret and the date, crews in a fair order."""
    before: Counter[tuple[str, str]] = Counter()
    plans = []
    for number in range(count):
        date = FIRST + dt.timedelta(days=7 * number)
        plan = mixture.plan(mixture.draw(SECRET, date), problem)
        order = fair_order(plan, before, secret=SECRET, date=date)
        before.update(order.items())
        plans.append(exchanged(plan, order))
    share = np.array(mixture.chances) / sum(mixture.chances)
    own = [mixture.plan(number, problem) for number in range(len(share))]
    segments = np.tensordot(share, np.array([windows.of_plan(plan) for plan in own]), 1)
    watched, distinct = ([Watched.of(plan) for plan in some] for some in (plans, own))
    return Nights("mixture, crews in a drawn order", plans, watched, distinct, segments, mixture.cpu_s)


def rivals(problem: PatrolProblem, windows: Windows, plan: PatrolPlan, args: argparse.Namespace) -> Iterator[Nights]:
    """Yield what a critic would do instead."""
    once = Watched.of(plan)
    yield Nights("one plan repeated", [plan], [once] * 2, [once], windows.of_plan(plan), 0.0)
    rng = random.Random(1)  # noqa: S311 - a baseline
    later = [{crew.id: rng.randrange(LATEST_S + 1) for crew in plan.crews} for _ in range(args.offsets)]
    moved = [_moved(windows, plan, one) for one in later]
    watched = [Watched.of(plan, one) for one in later[: args.nights]]
    yield Nights("that plan, each crew up to 15 min later", [plan], watched, watched, np.mean(moved, axis=0), 0.0)
    began, plans = time.process_time(), list[PatrolPlan]()
    for seed in range(args.seeds):
        plans.append(solve(problem, goal="presence", seed=100 + seed, work_limit=args.solve_work).plan)
    segments = np.mean([windows.of_plan(one) for one in plans], axis=0)
    name = f"a new seed every night, {args.seeds} of them"
    watched, cpu_s = [Watched.of(one) for one in plans], time.process_time() - began
    yield Nights(name, plans, watched, watched, segments, cpu_s)


def _moved(windows: Windows, plan: PatrolPlan, later_s: dict[str, int]) -> np.ndarray:
    passes = all_passes(plan)
    return windows.seen([
        [at for one in passes[task.id] if (at := one.begin_s + later_s[one.crew]) <= windows.night_s]
        for task in plan.tasks
    ])  # fmt: skip


def told(progress: MixProgress) -> None:
    """Print how far it has come."""
    print(f"plan {progress.plans} of {progress.of}: {progress.exploitability:.3f}", flush=True)


def options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("columns", 24), ("nights", 6), ("seeds", 3), ("offsets", 24), ("seed", 0)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--work", type=int)
    parser.add_argument("--solve-work", type=int)
    parser.add_argument("--bound", type=float, default=120.0)
    parser.add_argument("--alike", action="store_true", help="every street is wanted alike, whatever its priority")
    for name in ("rivals", "smoke"):
        parser.add_argument(f"--{name}", action="store_true")
    for name in ("read", "save", "plot"):
        parser.add_argument(f"--{name}", type=Path)
    args = parser.parse_args()
    if args.smoke:
        args.columns, args.work, args.solve_work, args.nights, args.offsets = 4, 120, 400, 3, 3
        args.seeds, args.bound, args.rivals = 2, 5.0, True
    return args


def main() -> None:
    """Print the table."""
    args = options()
    problem = night(60, None, 2) if args.smoke else night(None, None)
    wanted = dict.fromkeys(range(1, 6), 1.0) if args.alike else None
    windows = Windows.of(problem, wanted=wanted)
    if args.read:
        mixture = Mixture.read(args.read)
    else:
        limits = {"columns": args.columns, "work_limit": args.work, "bound_s": args.bound}
        mixture = mix(problem, seed=args.seed, wanted=wanted, callback=told, **limits)
    if args.save:
        print(f"{mixture.save(args.save).stat().st_size / 1e6:.1f} MB")
    plans = [mixture.plan(number, problem) for number in range(len(mixture.chances))]
    print(mixture, f"{mixture.bound_method}; entropy {mixture.entropy_bits:.2f} bits; chances {mixture.chances}")
    print(f"seen {min(mixture.seen):.4f} to {max(mixture.seen):.4f}, the first plan {mixture.best_seen:.4f}")
    print("audit:", sum(bool(plan.audit()) for plan in plans), "plans with faults\n" + HEAD, flush=True)
    found = measured(windows, drawn(problem, windows, mixture, args.nights))
    points = {"mixture": [(found["where"], found["seen"])]}
    for rival in rivals(problem, windows, plans[0], args) if args.rivals else ():
        row = measured(windows, rival)
        points[rival.name] = [(row["where"], row["seen"])]
    if args.plot:
        draw_guessing(points, lang="en").figure.savefig(args.plot)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    share = 0.0 if mixture.share_of_bound is None else mixture.share_of_bound
    print(" ".join(f"{name}={value:.4f}" for name, value in (found | {"share": share, "mb": memory}).items()))


if __name__ == "__main__":
    main()
