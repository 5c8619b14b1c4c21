"""General routing with turn penalties: ``python tests/benchmarks/mcgrptp.py [FOLDER] [--seconds 5] [--sample 12]``.

Runs the engine and PyVRP on the same files in the same run, one thread and equal CPU seconds each, and checks both
answers link by link. ``bound`` is what driving the required links costs at least, so a cost below it is a mistake.
``--smoke`` runs one file for a second. Figures last: how much less the engine costs than PyVRP where both serve all.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from published.case import SHARED, Checked
from published.command import choose
from published.measure import BrokenRuleError
from published.turning import Stop, TurningCase, read_folder

from patrolroute.search.engine import warm_up
from patrolroute.search.params import SearchParams
from patrolroute.search.points import search
from patrolroute.search.stopping import Progress, StoppedBy

SLICE = 200
"""Iterations between two looks at the clock."""


@dataclass(frozen=True, slots=True)
class CpuLimit:
    """Ends a search when this process has had so many CPU seconds."""

    until: float
    word: StoppedBy = "time_limit"

    def room(self, progress: Progress) -> int:
        """Return how many iterations may follow."""
        del progress
        return SLICE if time.process_time() < self.until else 0


def engine(case: TurningCase, seconds: float) -> Sequence[Sequence[Stop]]:
    """Return the engine's answer after so many CPU seconds."""
    until = CpuLimit(time.process_time() + seconds)
    found = search(case.instance(), enough=until, work_limit=10**9, seed=1, params=SearchParams(chains=1), threads=1)
    return case.answer(found.solution)


def pyvrp_answer(case: TurningCase, seconds: float) -> Sequence[Sequence[Stop]]:
    """Return PyVRP's answer after as many: a client for each way to serve, of those of an item one is served."""
    import pyvrp

    began = time.process_time()
    sites = [(number, place) for number, item in enumerate(case.items) for place in range(len(item.links))]
    data = _model(case, sites)
    found = pyvrp.solve(data, lambda _: time.process_time() - began >= seconds, seed=1, collect_stats=False).best
    return [
        [(case.items[number].name, case.items[number].links[place])
         for number, place in (sites[stop.idx] for stop in route if stop.is_client())]
        for route in found.routes()
    ]  # fmt: skip


def _model(case: TurningCase, sites: Sequence[tuple[int, int]]) -> Any:
    import numpy as np
    import pyvrp

    ways = [case.ways(case.items[number])[place] for number, place in sites]
    entry, leave = ([0, *(way[side] for way in ways)] for side in (0, 1))
    table = case.table[np.ix_(leave, entry)].astype(np.int64)
    np.fill_diagonal(table, 0)
    groups, clients = [], []
    for number, item in enumerate(case.items):
        members = [place for place, site in enumerate(sites) if site[0] == number]
        group = len(groups) if len(members) > 1 else None
        if group is not None:
            groups.append(pyvrp.ClientGroup(members, required=True))
        clients += [
            pyvrp.Client(place + 1, [item.demand], [], prize=0, required=group is None, group=group)
            for place in members
        ]
    fleet = pyvrp.VehicleType(case.vehicles, [case.capacity], 0, 0)
    places = [pyvrp.Location(0, 0) for _ in range(len(sites) + 1)]
    return pyvrp.ProblemData(places, clients, [pyvrp.Depot(0)], [fleet], [table], [table], groups)


def judged(case: TurningCase, answer: Sequence[Sequence[Stop]], who: str, *, strict: bool) -> Checked | None:
    """Return what an answer costs; None where a rule is broken, of which the engine's must break none."""
    checked = case.check(answer)
    if checked.faults and strict:
        raise BrokenRuleError(f"{case.name}, {who}: {'; '.join(checked.faults[:3])}")
    served = not (checked.faults or checked.missed)
    if served and case.reference is not None and checked.value < case.reference.value:
        raise BrokenRuleError(f"{case.name}, {who}: costs {checked.value}, at least {case.reference.value:g} is needed")
    return None if checked.faults else checked


def row(case: TurningCase, ours: Checked, peers: Checked | None) -> str:
    """Return a line of the table."""
    bound = "" if case.reference is None else f"{case.reference.value:g}"
    missed = f"  {len(ours.missed)} missed" if ours.missed else ""
    other = "no answer" if peers is None or peers.missed else str(peers.value)
    return f"{case.name:<14}{bound:>8}{ours.value:>9}{other:>11}{missed}"


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=SHARED / "mcgrptp", help="of the instances")
    parser.add_argument("--seconds", type=float, default=5.0, help="CPU seconds of each run")
    parser.add_argument("--only", nargs="+", default=[""], help="parts of names; instances that hold one of them")
    parser.add_argument("--sample", type=int, help="this many instances, spread evenly over the folder")
    parser.add_argument("--smoke", action="store_true", help="one instance, a second")
    args = parser.parse_args()
    if not args.folder.is_dir():
        raise SystemExit(f"{args.folder}: there is no such folder")
    cases = choose(read_folder(args.folder), args.only, 1 if args.smoke else args.sample)
    seconds = 1.0 if args.smoke else args.seconds
    warm_up()
    print(
        f"{len(cases)} instances, {seconds:g} CPU s each\n{'instance':<14}{'bound':>8}{'engine':>9}{'PyVRP':>11}",
        flush=True,
    )
    less, gaps, missed, lost = [], [], 0, 0
    for case in cases:
        ours = judged(case, engine(case, seconds), "engine", strict=True)
        peers = judged(case, pyvrp_answer(case, seconds), "PyVRP", strict=False)
        assert ours is not None
        print(row(case, ours, peers), flush=True)
        missed, lost = missed + bool(ours.missed), lost + (peers is None or bool(peers.missed))
        if not ours.missed and case.reference is not None and case.reference.value:
            gaps.append(100 * (ours.value / case.reference.value - 1))
        if not ours.missed and peers is not None and not peers.missed:
            less.append(100 * (peers.value / ours.value - 1))
    print(
        f"instances={len(cases)} both={len(less)} mean_peer_above_percent={fmean(less) if less else 0:.3f} "
        f"better={sum(one > 0 for one in less)} worse={sum(one < 0 for one in less)} engine_incomplete={missed} "
        f"peer_incomplete={lost} mean_above_bound_percent={fmean(gaps) if gaps else 0:.1f}"
    )


if __name__ == "__main__":
    main()
