"""Reviews of nights driven otherwise than planned, in the computer: ``python tests/benchmarks/review.py``.

The bundled night is planned, then driven once for each seed: in nine crews' nights one deviation each is planted (late,
an order driven round, a detour, a second lap, standing, silence, a stay cut short, two crews that change places), the
others drive as planned. Fixes are 1, 5, 10, 20 or 30 s apart, off by noise of 5 to 15 m that is forgotten within half a
minute. Told is how many deviations the review finds, and how much it calls a deviation that is none. Then the whole is
timed on a fix a second: reading a platform's table, the review, all files. ``--smoke`` takes a small night, one seed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import patrolroute as pr
from tests.live.judged import FOUND, Judged
from tests.live.nights import small_plan
from tests.live.planted import KINDS, Night

SPACINGS = (1, 5, 10, 20, 30)
"""Seconds between fixes, from seed to seed."""

NOISE_M = (5.0, 15.0)


def bundled(work: int) -> pr.PatrolPlan:
    path = pr.bundled_night()
    return pr.NightRun(pr.read_night(path), path.parent).solve(work_limit=work).plan


def driven(plan: pr.PatrolPlan, seed: int) -> tuple[Night, tuple[pr.Track, ...], int]:
    """Plant a deviation of each kind, each in another crew's night as far as there are crews; return the tracks."""
    night = Night(plan, seed)
    crews = night.rng.permutation([route.crew for route in plan.routes if route.legs]).tolist()
    for kind, crew in zip(KINDS, crews, strict=False):
        KINDS[kind](night, crew)
    rest = crews[len(KINDS) :]
    if len(rest) > 1:
        night.swap(*rest[:2])
    every_s = SPACINGS[seed % len(SPACINGS)]
    return night, night.tracks(every_s=every_s, noise_m=float(night.rng.uniform(*NOISE_M))), every_s


def counted(plan: pr.PatrolPlan, seeds: range) -> Judged:
    """Review the nights and print what was found of each kind, and what was called a deviation and is none."""
    found, by_spacing = Judged(), {every_s: Judged() for every_s in SPACINGS}
    for seed in seeds:
        night, tracks, every_s = driven(plan, seed)
        review = pr.review(plan, tracks)
        for one in (found, by_spacing[every_s]):
            one.take(night, review)
    print("deviations       planted  found")
    for kind in FOUND:
        print(f"{kind:<16} {found.planted[kind]:7} {found.found[kind]:6}")
    print("fixes   orders  false | unmade  unseen | drives  false | false stands  false doubts")
    for every_s, one in (*by_spacing.items(), ("all", found)):
        print(
            f"{every_s!s:>4} s {one.judged:8} {one.false:6} | {one.unmade:6} {one.unseen:7} | {one.drives:6} "
            f"{one.false_drives:6} | {one.stands:12} {one.doubts:13}"
        )
    for said in found.complaints:
        print("  ", said)
    return found


def timed(plan: pr.PatrolPlan) -> tuple[int, list[float]]:
    """Return how many fixes there are at one a second, and the processor seconds of reading, review and files."""
    tracks, took = Night(plan).tracks(every_s=1.0, noise_m=6.0), list[float]()
    lines = ["车组,定位时间,经度,纬度"]
    for track in tracks:
        times = [f"{track.moment(second):%Y-%m-%d %H:%M:%S}" for second in track.seconds.tolist()]
        rows = zip(times, track.lon.tolist(), track.lat.tolist(), strict=True)
        lines += [f"{track.crew},{time},{lon:.6f},{lat:.6f}" for time, lon, lat in rows]
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "tracks.csv"
        table.write_text("\n".join(lines), encoding="utf-8")
        pr.review(plan, tracks[:1])  # compiled, or loaded
        began = time.process_time()
        read = pr.read_tracks(table)
        took.append(time.process_time() - began)
        review = pr.review(plan, read)
        took.append(time.process_time() - began - sum(took))
        review.save(Path(folder) / "out")
        took.append(time.process_time() - began - sum(took))
    return len(lines) - 1, took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=50, help="nights (default: %(default)s)")
    parser.add_argument("--first-seed", type=int, default=0, help="of the first night (default: %(default)s)")
    parser.add_argument("--work", type=int, default=2_000, help="work limit of the plan (default: %(default)s)")
    parser.add_argument("--smoke", action="store_true", help="a small night and one seed, to see whether it runs")
    args = parser.parse_args()
    plan = small_plan() if args.smoke else bundled(args.work)
    found = counted(plan, range(args.first_seed, args.first_seed + (1 if args.smoke else args.seeds)))
    fixes, (read_s, review_s, files_s) = timed(plan)
    took = f"read {read_s:.1f} s, review {review_s:.1f} s, files {files_s:.1f} s"
    print(f"{fixes:,} fixes of {len(plan.routes)} crews: {took}")
    share = found.false / max(1, found.judged)
    print(
        f"planted={found.planted.total()} found={found.found.total()} false_share={share:.5f} "
        f"seconds={read_s + review_s + files_s:.2f}"
    )


if __name__ == "__main__":
    main()
