"""City streets: this library beside PyVRP, OR-Tools routing and VROOM, on the same nights.

``python tests/benchmarks/cities.py [--network FILE …] [--seconds 30] [--seeds 3]`` makes street instances of three
sizes from each map (see `streets`), scarce and plentiful, and gives every tool one core and the same seconds, turn and
turn about. Each run is a process of its own. It prints a line for each instance and tool, and figures last.
``--reference`` instead runs every tool for 300 s with 2 seeds and stores the best plan; gaps are to that.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean

from nights import race, stored, streets

SIZES = (300, 800, 1500)
REFERENCE_SECONDS, REFERENCE_SEEDS = 300.0, 2
OURS = "patrolroute"

HEAD = (
    f"{'instance':<44}{'tool':<12}{'prize %':>8}{'gap %':>8}{'longest min':>12}{'driving h':>10}"
    f"{'s':>7}{'cpu s':>7}{'MB':>6}"
)


def compare(
    instance: streets.Instance, tools: Sequence[str], *, seconds: float, seeds: int
) -> dict[str, list[race.Run]]:
    """Run all tools with all seeds, turn and turn about."""
    runs: dict[str, list[race.Run]] = {tool: [] for tool in tools}
    with race.pickled(instance) as night:
        for seed in range(1, seeds + 1):
            for tool in tools:
                runs[tool].append(race.run(instance, night, tool, seconds=seconds, seed=seed))
    return runs


def lines(instance: streets.Instance, runs: dict[str, list[race.Run]], known: stored.Stored) -> Iterator[str]:
    """Yield a line for each tool, means over seeds, and what is to be said of the stored plan."""
    total = instance.problem.prize_total
    for tool, found in runs.items():
        gap = "" if known.run is None else f"{gap_percent(found, known.run):.2f}"
        yield (
            f"{instance.name:<44}{tool:<12}{100 * prize(found) / total:>8.2f}{gap:>8}"
            f"{fmean(run.longest_s for run in found) / 60:>12.1f}"
            f"{fmean(run.score.driving_s for run in found) / 3600:>10.2f}{fmean(run.seconds for run in found):>7.1f}"
            f"{fmean(run.cpu_s for run in found):>7.1f}{max(run.peak_mb for run in found):>6.0f}"
        )
        if known.run is not None and (better := [run for run in found if run.score < known.run.score]):
            best = min(better, key=lambda run: run.score)
            yield f"  {tool} beats the stored plan: {tuple(best.score)} against {tuple(known.run.score)}"
    yield f"  gap to: {known.said}" if known.run else f"  {known.said}"


def prize(found: Sequence[race.Run]) -> float:
    """Return the mean prize over seeds."""
    return fmean(run.prize for run in found)


def gap_percent(found: Sequence[race.Run], known: race.Run) -> float:
    """Return how much less prize is collected than in the stored plan."""
    return 100 * (known.prize - prize(found)) / known.prize


Outcome = tuple[streets.Instance, dict[str, list[race.Run]], stored.Stored]


def figures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Sum up how this library stands."""
    scarce = [one for one in outcomes if one[0].variant == "scarce" and OURS in one[1]]
    plentiful = [one for one in outcomes if one[0].variant == "plentiful" and OURS in one[1]]
    found: dict[str, float] = {}
    gaps = [gap_percent(runs[OURS], known.run) for _, runs, known in scarce if known.run]
    if gaps:
        found["scarce_mean_gap_percent"] = fmean(gaps)
    for tool in ("pyvrp", "ortools", "vroom"):
        ratios = [prize(runs[OURS]) / max(1, prize(runs[tool])) for _, runs, _ in scarce if tool in runs]
        if ratios:
            found |= {f"prize_to_{tool}_min": min(ratios), f"prize_to_{tool}_mean": fmean(ratios)}
        found |= _longest(plentiful, tool)
    if plentiful:
        shares = [min(run.prize for run in runs[OURS]) / one.problem.prize_total for one, runs, _ in plentiful]
        found["plentiful_prize_share_min"] = min(shares)
    found["cpu_to_wall_max"] = max(
        run.cpu_s / run.seconds for _, runs, _ in outcomes for some in runs.values() for run in some
    )
    return found


def _longest(plentiful: Sequence[Outcome], tool: str) -> dict[str, float]:
    """Compare longest routes where the other tool collects everything with every seed."""
    ratios = [
        fmean(run.longest_s for run in runs[OURS]) / fmean(run.longest_s for run in runs[tool])
        for one, runs, _ in plentiful
        if all(run.prize == one.problem.prize_total for run in runs.get(tool, ())) and tool in runs
    ]
    return {f"plentiful_longest_to_{tool}_max": max(ratios)} if ratios else {}


def present(tools: Sequence[str]) -> list[str]:
    """Leave out tools that are not installed, and say so."""
    for tool in tools:
        if not race.is_installed(tool):
            print(f"{tool} is left out: it is not installed")
    return [tool for tool in tools if race.is_installed(tool)]


def store_best(instance: streets.Instance, runs: dict[str, list[race.Run]], folder: Path) -> str:
    """Store the best of all runs if it beats what is stored, and say so."""
    best = min((run for found in runs.values() for run in found), key=lambda run: run.score)
    kept = stored.keep(instance, best, folder)
    return f"  {'stored' if kept else 'kept the older plan, not worse than'}: {best.tool}, {tuple(best.score)}"


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--network", nargs="+", type=Path, default=[streets.BUNDLED], help="OSM files or GraphML")
    parser.add_argument("--seconds", type=float, help="of each run; 30, or 300 for a reference")
    parser.add_argument("--seeds", type=int, help="3, or 2 for a reference")
    parser.add_argument("--sizes", nargs="+", type=int, default=list(SIZES), help="street segments")
    parser.add_argument("--variants", nargs="+", choices=streets.VARIANTS, default=list(streets.VARIANTS))
    parser.add_argument("--tools", nargs="+", choices=list(race.TOOLS), default=list(race.USUAL))
    parser.add_argument("--reference", action="store_true", help="store the best plan of long runs")
    parser.add_argument("--keep-better", action="store_true", help="store a plan that beats the stored one")
    parser.add_argument("--folder", type=Path, default=stored.FOLDER, help="of the stored plans")
    return parser.parse_args()


def main() -> None:
    """Run what the command line asks for."""
    args = arguments()
    seconds = args.seconds or (REFERENCE_SECONDS if args.reference else 30.0)
    seeds = args.seeds or (REFERENCE_SEEDS if args.reference else 3)
    tools = present(args.tools)
    print(f"{seconds:g} s, {seeds} seeds, one core each\n{HEAD}", flush=True)
    outcomes: list[Outcome] = []
    for path in args.network:
        for size in args.sizes:
            for variant in args.variants:
                instance = streets.make(path, size, variant)
                runs = compare(instance, tools, seconds=seconds, seeds=seeds)
                outcomes.append((instance, runs, stored.load(instance, args.folder)))
                print("\n".join(lines(*outcomes[-1])), flush=True)
                if args.reference or args.keep_better:
                    print(store_best(instance, runs, args.folder), flush=True)
    print(" ".join(f"{name}={value:.4f}" for name, value in figures(outcomes).items()))


if __name__ == "__main__":
    main()
