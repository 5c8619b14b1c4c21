"""The command line that the published sets share: run every instance of a folder, check, print, sum up."""

from __future__ import annotations

import argparse
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from published.case import SHARED, Case
from published.measure import BrokenRuleError, Run, compile_first, run_one
from published.table import HEAD, figures, line

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")

Reader = Callable[[Path], Sequence[Case]]


def at_least_one(text: str) -> int:
    """Read a whole number from 1."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is not at least 1")
    return number


def arguments(words: str, set_name: str, seconds: float) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=words, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=SHARED / set_name, help="of the instances")
    parser.add_argument("--seconds", type=float, default=seconds, help="of each run")
    parser.add_argument("--seeds", type=at_least_one, default=1, help="how many, from 1")
    parser.add_argument("--only", nargs="+", default=[""], help="parts of names; instances that hold one of them")
    parser.add_argument("--sample", type=at_least_one, help="this many instances, spread evenly over the folder")
    parser.add_argument("--jobs", type=at_least_one, default=1, help="runs side by side, one thread each")
    return parser.parse_args()


def choose(cases: Sequence[Case], parts: Sequence[str], sample: int | None) -> list[Case]:
    """Keep what is named and, of that, an even sample."""
    named = [case for case in cases if any(part in case.name for part in parts)]
    if sample is None or sample >= len(named):
        return named
    return [named[number * len(named) // sample] for number in range(sample)]


def runs(cases: Sequence[Case], *, seconds: float, seeds: int, jobs: int) -> Iterator[tuple[Case, list[Run]]]:
    """Run all seeds of each instance in child processes; hand out an instance as soon as it is done."""
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    spawn = multiprocessing.get_context("spawn")
    numbers = range(1, seeds + 1)
    with ProcessPoolExecutor(jobs, mp_context=spawn, initializer=compile_first) as pool:
        todo = [(case, seed) for case in cases for seed in numbers]
        found = pool.map(partial(run_one, seconds=seconds), *zip(*todo, strict=True))
        for case in cases:
            yield case, [next(found) for _ in numbers]


def main(read_folder: Reader, *, words: str, set_name: str, seconds: float) -> None:
    """Run what the command line asks for."""
    args = arguments(words, set_name, seconds)
    if not args.folder.is_dir():
        raise SystemExit(f"{args.folder}: there is no such folder")
    cases = choose(read_folder(args.folder), args.only, args.sample)
    if not cases:
        raise SystemExit(f"{args.folder}: no instance there, or none with such a name")
    print(f"{len(cases)} instances, {args.seconds:g} s, {args.seeds} seeds, one thread each\n{HEAD}", flush=True)
    outcomes = []
    try:
        for case, found in runs(cases, seconds=args.seconds, seeds=args.seeds, jobs=args.jobs):
            outcomes.append((case, found))
            print(line(case, found), flush=True)
    except BrokenRuleError as error:
        raise SystemExit(str(error)) from error
    print(" ".join(f"{name}={value:.10g}" for name, value in figures(outcomes).items()))
