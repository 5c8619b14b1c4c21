"""The same solutions as before: fixed nights, seeds and work, each solution and plan held against stored digests.

``python tests/benchmarks/trajectory.py store`` solves every night and writes ``references/trajectory.json``.
``python tests/benchmarks/trajectory.py check [NAME …]`` solves them again, all or those named, prints a line for each
and exits with 1 if any is different. Work is counted in iterations, so that a run repeats exactly with equal versions
of what decides (they are stored, and named where they differ). Maps are built anew, never taken from the cache. A
change that promises the same trajectory must leave all lines at ``same``; one that improves plans stores anew.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any
from unittest.mock import patch

from nights import streets
from published import files, orienteering, profits
from published.case import SHARED

from patrolroute.night.run import NightRun, bundled_night, read_night
from patrolroute.search.params import SearchParams
from patrolroute.search.points import search
from patrolroute.search.solve import solve

STORED = Path(__file__).parent / "references" / "trajectory.json"
SHANGHAI = SHARED.parent / "data" / "osm" / "shanghai_center_scm_deeponet.osm"
SEED = 7
DECIDING = ("numpy", "numba", "ortools", "scipy", "shapely", "networkx", "osmnx")
"""Packages that a solution, or the map below it, depends on."""

NO_RESULT = ("created_with", "schema_version")
"""Keys of ``plan.json`` that say who wrote it and in which form."""

UNUSED = (("range_km", None), ("because_of_break", False))
"""Keys of crews and reasons that came after the digests were stored, with the value that says nothing."""

Facts = dict[str, Any]
Solve = Callable[[int], Facts]


@dataclass(frozen=True, slots=True)
class Case:
    """A night to solve, the iterations to solve it with, and the file that it needs."""

    solve: Solve
    work: int
    needs: Path = streets.BUNDLED


def facts_of(problem: Any, found: Any) -> Facts:
    """Return levels and digest of a solution, and digests of its plan: the only place that reads attributes."""
    solution, plan, presence = found.solution, getattr(found, "plan", None), getattr(found, "presence", None)
    decisions = [
        [[problem.tasks[visit.task].id, int(visit.slot), int(visit.direction)] for visit in route]
        for route in solution.routes
    ]
    facts: Facts = {"work": int(found.work), "levels": [int(level) for level in found.score]}
    if presence is not None:
        facts["presence"] = [int(level) for level in presence]
    facts["solution"] = digest([decisions, list(solution.breaks)])
    return facts | ({} if plan is None else {"plan": plan_digests(plan)})


def plan_digests(plan: Any) -> dict[str, str]:
    """Return a digest of ``plan.json`` as a whole and of each of its keys, and of the networks' files beside it."""
    with tempfile.TemporaryDirectory() as folder:
        content = json.loads(plan.to_json(Path(folder) / "plan.json").read_bytes())
    kept = {key: value for key, value in content.items() if key not in NO_RESULT}
    # The form may grow: what a later version added and a night does not use is no result either.
    kept["crews"] = [used(crew) for crew in kept["crews"]]
    kept["tasks"] = [task | {"left_out": used(task["left_out"])} for task in kept["tasks"]]
    return {"all": digest(kept), **{key: digest(value) for key, value in kept.items()}}


def used(values: Facts | None) -> Facts | None:
    """Return a record of a plan less what says nothing."""
    return None if values is None else {key: value for key, value in values.items() if (key, value) not in UNUSED}


def digest(value: Any) -> str:
    """Return the SHA-256 of a value as JSON with sorted keys and no spaces."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@contextmanager
def fresh_maps() -> Iterator[None]:
    """Build maps anew for a while: what another version left in the cache proves nothing."""
    with tempfile.TemporaryDirectory() as folder, patch.dict(os.environ, {"PATROLROUTE_CACHE": folder}):
        yield


def city(path: Path, size: int, variant: str, chains: int) -> Solve:
    """Return how to solve a street instance (see `streets`)."""

    def run(work: int) -> Facts:
        with fresh_maps():
            problem = streets.make(path, size, variant).problem
        params = SearchParams(chains=chains)
        return facts_of(problem, solve(problem, goal="points", work_limit=work, seed=SEED, params=params, threads=1))

    return run


def published(read_folder: Callable[[Path], Sequence[Any]], folder: str, name: str) -> Solve:
    """Return how to solve a published instance."""

    def run(work: int) -> Facts:
        problem = next(case for case in read_folder(SHARED / folder) if case.name == name).instance()
        return facts_of(problem, search(problem, work_limit=work, seed=SEED, params=SearchParams(chains=1), threads=1))

    return run


def demo(goal: str) -> Solve:
    """Return how to solve the bundled night, from its file on."""

    def run(work: int) -> Facts:
        path = bundled_night()
        night = NightRun(read_night(path), path.parent)
        with fresh_maps():
            problem = night.problem()
        return facts_of(problem, night.solve(problem, goal=goal, work_limit=work, seed=SEED, threads=1))

    return run


CASES = {
    "bundled-300-scarce": Case(city(streets.BUNDLED, 300, "scarce", 1), 40_000),
    "bundled-300-plentiful": Case(city(streets.BUNDLED, 300, "plentiful", 2), 60_000),
    "shanghai-300-scarce": Case(city(SHANGHAI, 300, "scarce", 2), 30_000, SHANGHAI),
    "top-p4.4.k": Case(published(orienteering.read_folder, "top", "p4.4.k"), 40_000, SHARED / "top"),
    "ucarpp-val10C-4": Case(published(profits.read_folder, "ucarpp", "val10C-4"), 40_000, SHARED / "ucarpp"),
    "mcgrp-CBMix10": Case(published(files.read_folder, "mcgrp", "CBMix10"), 120_000, SHARED / "mcgrp"),
    "mcgrptw-TWA40C": Case(published(files.read_folder, "mcgrptw", "TWA40C"), 100_000, SHARED / "mcgrptw"),
    "demo-prize": Case(demo("prize"), 2_000),
    "demo-presence": Case(demo("presence"), 4_000),
}


def differences(known: Facts, found: Facts) -> list[str]:
    """Return the names of what differs; of a plan the keys, and ``all`` only where no key tells more."""
    names = [key for key in sorted({*known, *found} - {"plan"}) if known.get(key) != found.get(key)]
    before, after = known.get("plan", {}), found.get("plan", {})
    keys = [key for key in sorted({*before, *after}) if before.get(key) != after.get(key)]
    return names + [f"plan.{key}" for key in keys if key != "all" or len(keys) == 1]


def solved(names: Sequence[str]) -> Iterator[tuple[str, Facts | None, str]]:
    """Solve nights one after the other: name, facts (None if its file is absent), seconds or the reason."""
    for name in names:
        case, began = CASES[name], time.process_time()
        if not case.needs.exists():
            yield name, None, f"{case.needs.name} is not there"
            continue
        facts = case.solve(case.work)
        yield name, facts, f"{time.process_time() - began:.0f} s of CPU"


def store() -> int:
    """Write what was found, on a line for each fact; nothing, and return 1, if a night cannot be solved here."""
    nights: dict[str, Facts] = {}
    for name, facts, note in solved(list(CASES)):
        print(f"{name:<24}{'skipped' if facts is None else 'solved'}: {note}", flush=True)
        nights |= {} if facts is None else {name: facts}
    if len(nights) < len(CASES):
        print("nothing is stored: all nights have to come from one version of everything")
        return 1
    content = {"versions": versions(), "nights": nights}
    STORED.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 0


def check(names: Sequence[str]) -> int:
    """Solve again, print a line for each night, and return 1 if any is different or was never stored."""
    content = json.loads(STORED.read_text(encoding="utf-8"))
    stored, here = content["versions"], versions()
    if other := [
        f"{name} {stored.get(name)} then, {here[name]} now" for name in here if here[name] != stored.get(name)
    ]:
        print(f"other versions, so a difference may be theirs: {'; '.join(other)}")
    is_different = False
    for name, facts, note in solved(names or list(CASES)):
        where = [] if facts is None else differences(content["nights"].get(name, {}), facts)
        is_different |= bool(where)
        verdict = "skipped" if facts is None else f"DIFFERENT ({', '.join(where)})" if where else "same"
        print(f"{name:<24}{verdict}: {note}", flush=True)
    return int(is_different)


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that decide."""
    return {"python": ".".join(map(str, sys.version_info[:2])), **{name: version(name) for name in DECIDING}}


def main() -> int:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("store", "check"))
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of nights to check: {', '.join(CASES)}")
    args = parser.parse_args()
    if unknown := [name for name in args.names if name not in CASES]:
        parser.error(f"no such night: {', '.join(unknown)}")
    if args.command == "store" and args.names:
        parser.error("store takes no names: what is stored comes from one version of everything")
    return store() if args.command == "store" else check(args.names)


if __name__ == "__main__":
    sys.exit(main())
