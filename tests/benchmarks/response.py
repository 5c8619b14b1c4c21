"""Promised response on the bundled night: with posts and without, side by side.

``python tests/benchmarks/response.py --work 1500 --seeds 1``
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import replace

import patrolroute as pr
from patrolroute.plan.in_reach import promised_s, response_kept
from patrolroute.search.posts import posts_of

CLASSES = (
    ("priority 5 within 3 min", pr.ResponsePromise(180, "A", least_priority=5)),
    ("priority 4 and 5 within 3 min", pr.ResponsePromise(180, "B", least_priority=4)),
    ("priority 5 within 1 min", pr.ResponsePromise(60, "C", least_priority=5)),
)


def rows(work: int, seeds: int) -> Iterator[str]:
    """Yield a line of the table for each class, seed, and way to hold it."""
    path = pr.bundled_night()
    problem = pr.NightRun.trusting(pr.read_night(path), path.parent).problem()
    for said, promise in CLASSES:
        promised = replace(problem, responses=(promise,))
        posts = posts_of(promised)
        count = 0 if posts is None else len(posts.posts)
        for seed in range(seeds):
            for how, night in (("roaming", promised), (f"{count} posts", pr.hold_response(promised))):
                began = time.process_time()
                plan = pr.solve(night, seed=seed, work_limit=work).plan
                taken = time.process_time() - began
                yield _row(said, seed, how, plan, taken)


def _row(said: str, seed: int, how: str, plan: pr.PatrolPlan, taken: float) -> str:
    kept = response_kept(plan)
    out_s, whole = sum(one.seconds for one in kept), len(kept) * promised_s(plan, plan.responses[0])
    audit = {one.rule for one in plan.audit()} - {"response_promised"}
    seen = plan.objective.seen or 0
    always = sum(not one.spans for one in kept)
    share = f"{out_s:,} | {100 * out_s / whole:.2f} %"
    cells = (
        said,
        seed,
        how,
        f"{always} of {len(kept)}",
        share,
        f"{100 * seen:.2f} %",
        f"{taken:.0f}",
        audit or "clean",
    )
    return f"| {' | '.join(map(str, cells))} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=int, default=1500)
    parser.add_argument("--seeds", type=int, default=1)
    args = parser.parse_args()
    print("| class | seed | how | kept at all times | seconds out of reach | share | seen | CPU s | audit |")
    print("|---|---|---|---|---|---|---|---|---|")
    for row in rows(args.work, args.seeds):
        print(row, flush=True)


if __name__ == "__main__":
    main()
