"""From a map file to a plan, stage by stage, beside plain OSMnx.

``python tests/benchmarks/stages.py [FILE] [--runs 3] [--compiled]`` plans the 300 segments of main streets nearest to
the middle of the map and 20 hotspots for 6 crews. Each run is a fresh process, so that its peak memory is its own:
plain OSMnx, then this library with an empty cache, then with a full one, turn and turn about. With ``--compiled`` the
cache is empty of networks alone: machine code is that of the cache in use. It prints the median of each stage and,
last, its figures as ``name=value``.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).resolve().parents[2]
SHANGHAI = ROOT.parent / "shared" / "data" / "osm" / "shanghai_center_scm_deeponet.osm"
BUNDLED = ROOT / "patrolroute" / "data" / "huainan.osm.gz"
CLASSES = ["trunk", "primary", "secondary", "tertiary"]
SEGMENTS, HOTSPOTS, CREWS = 300, 20, 6
VARIANTS = ("osmnx", "cold", "warm")

Value = TypeVar("Value")


class Watch:
    """Notes the seconds of each stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def time(self, stage: str, work: Callable[[], Value]) -> Value:
        began = time.perf_counter()
        value = work()
        self.seconds[stage] = time.perf_counter() - began
        return value


def plain_osmnx(path: Path, watch: Watch) -> None:
    """Do with OSMnx alone what its manual shows: read, drop what no car uses, largest part, simplify, travel times."""
    from patrolroute.network.osm.access import way_access

    osmnx = watch.time("import", lambda: __import__("osmnx"))

    def build() -> Any:
        plain = _unpacked(path)
        graph = osmnx.graph_from_xml(plain, simplify=False, retain_all=True)
        others = [edge[:3] for edge in graph.edges(keys=True, data=True) if not way_access(edge[3], "car")]
        graph.remove_edges_from(others)
        graph = osmnx.simplify_graph(osmnx.truncate.largest_component(graph, strongly=True))
        return osmnx.add_edge_travel_times(osmnx.add_edge_speeds(graph, fallback=50))

    watch.time("network", build)


def _unpacked(path: Path) -> Path:
    if path.suffix != ".gz":
        return path
    import gzip

    plain = Path(tempfile.mkdtemp()) / "map.osm"
    plain.write_bytes(gzip.decompress(path.read_bytes()))
    return plain


def this_library(path: Path, watch: Watch, *, work: int) -> None:
    """Go all the way from the file to the saved plan."""

    def load() -> Any:
        import patrolroute as pr
        from patrolroute.network import constructors  # noqa: F401 - what the first call loads is not the network's time

        return pr

    pr = watch.time("import", load)
    network = watch.time("network", lambda: pr.RoadNetwork.from_file(path))
    demand = watch.time("demand", lambda: [*main_streets(pr, network), *_hotspots(pr, network)])
    middle = demand[-1].place
    crews = pr.Crew.fleet(CREWS, depot=(middle.lon, middle.lat), start="20:30", end="23:45", date="2026-05-08")

    problem = watch.time("problem", lambda: pr.PatrolProblem(network, demand, crews))
    assert len(problem.tasks) <= SEGMENTS + HOTSPOTS
    watch.time("compile", lambda: pr.solve(problem, work_limit=1, goal="points"))
    result = watch.time("solve", lambda: pr.solve(problem, work_limit=work, seed=1, goal="points"))
    if watch.time("audit", result.plan.audit):
        raise SystemExit("the plan does not audit clean")
    with tempfile.TemporaryDirectory() as folder:
        watch.time("save", lambda: result.plan.save(folder))


def main_streets(pr: Any, network: Any) -> list[Any]:
    """Take the segments of main streets nearest to the middle of the map, of any street where there is no main one."""
    classes = [name for name in CLASSES if name in network.highways] or sorted(set(network.highways))
    streets = pr.select_streets(network, classes=classes, priority=3)
    middle = float(network.lon.mean()), float(network.lat.mean())

    def far(segment: Any) -> float:
        node = network.node_index[segment.directions[0][0][0]]
        lon, lat = network.node_lonlat(node)
        return (lon - middle[0]) ** 2 + (lat - middle[1]) ** 2

    near = sorted((far(segment), segment.id) for street in streets for segment in street.segments)[:SEGMENTS]
    kept = {name for _, name in near}
    chosen = [(street, tuple(one for one in street.segments if one.id in kept)) for street in streets]
    return [replace(street, segments=segments) for street, segments in chosen if segments]


def _hotspots(pr: Any, network: Any) -> list[Any]:
    """Put hotspots at junctions spread over the middle of the map, always the same ones."""
    import numpy as np

    middle = np.array([network.lon.mean(), network.lat.mean()])
    away = np.hypot(*(np.column_stack((network.lon, network.lat)) - middle).T)
    nodes = np.argsort(away, kind="stable")[: 20 * HOTSPOTS : 20]
    lines = ["id,name,lon,lat,opens,closes,dwell_min"]
    lines += [
        f"H{number},place {number},{network.lon[node]},{network.lat[node]},18:00,02:00,10"
        for number, node in enumerate(nodes.tolist())
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hotspots.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        return list(pr.read_hotspots(path, network))


def run(variant: str, path: Path, work: int) -> None:
    """Run one variant in this process and print what it took as JSON."""
    watch = Watch()
    if variant == "osmnx":
        plain_osmnx(path, watch)
    else:
        this_library(path, watch, work=work)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**watch.seconds, "peak_mb": peak}))


def measure(path: Path, *, runs: int, work: int, is_compiled: bool) -> dict[str, dict[str, float]]:
    """Run all variants turn and turn about and give the medians."""
    from patrolroute.base.jit import cache_folder

    found: dict[str, list[dict[str, float]]] = {variant: [] for variant in VARIANTS}
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as cache:
            if is_compiled:
                kernels = cache_folder()
                assert kernels is not None, "there is no place for machine code"
                kernels.mkdir(parents=True, exist_ok=True)
                Path(cache, "kernels").symlink_to(kernels.parent)
            for variant in VARIANTS:
                command = [sys.executable, __file__, str(path), "--variant", variant, "--work", str(work)]
                environment = {**os.environ, "PATROLROUTE_CACHE": cache}
                done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
                if done.returncode:
                    raise SystemExit(done.stderr)
                found[variant].append(json.loads(done.stdout.splitlines()[-1]))
    return {
        variant: {stage: statistics.median(one[stage] for one in all_runs) for stage in all_runs[0]}
        for variant, all_runs in found.items()
    }


def table(medians: dict[str, dict[str, float]]) -> Iterator[str]:
    """Yield the lines of the table and the figures."""
    stages = list(dict.fromkeys(stage for variant in VARIANTS for stage in medians[variant]))
    yield f"{'stage':<10}" + "".join(f"{variant:>10}" for variant in VARIANTS)
    for stage in stages:
        cells = (medians[variant].get(stage) for variant in VARIANTS)
        yield f"{stage:<10}" + "".join(f"{'' if cell is None else f'{cell:.2f}':>10}" for cell in cells)
    network = {variant: medians[variant]["network"] for variant in VARIANTS}
    yield (
        f"build_to_osmnx={network['cold'] / network['osmnx']:.2f} "
        f"cached_to_build={network['warm'] / network['cold']:.3f} "
        f"peak_mb={medians['cold']['peak_mb']:.0f} peak_mb_osmnx={medians['osmnx']['peak_mb']:.0f}"
    )


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=SHANGHAI if SHANGHAI.exists() else BUNDLED)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--work", type=int, default=20_000, help="iterations of the solver")
    parser.add_argument("--compiled", action="store_true", help="use the machine code of the cache in use")
    parser.add_argument("--variant", choices=VARIANTS)
    args = parser.parse_args()
    if args.variant:
        run(args.variant, args.file, args.work)
        return
    print(f"{args.file.name}, median of {args.runs} runs, seconds and MB")
    print("\n".join(table(measure(args.file, runs=args.runs, work=args.work, is_compiled=args.compiled))))


if __name__ == "__main__":
    main()
