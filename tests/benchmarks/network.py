"""From a map file to a problem that is ready to be solved, and the travel times between many streets.

``python tests/benchmarks/network.py [FILE …] [--runs 3] [--tasks 1500]`` measures for each map:

- plain OSMnx, this library the first time (turns included) and from the cache, and on to a problem whose travel matrix
  is worked out, turn and turn about, each in a fresh process; for OSMnx the streets of a ``.osm.pbf``, and of a
  file with streets whose nodes are missing, are turned into sound XML beforehand,
- the seconds between the streets nearest to the middle, turns included, on two threads, whatever core the benchmark is
  bound to; beside it the same streets' end nodes on the graph of nodes, as scipy and networkx work it out. It ends with
  an error if this library and scipy disagree where turns cost nothing,
- an area of a few square kilometres read out of the largest ``.osm.pbf``, and out of that file repeated beside itself
  (``--copies``).

Kernels are compiled before anything is measured. The last line gives figures as ``name=value``, of several maps the
largest.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from shutil import rmtree
from typing import Any

import numpy as np
from nights.many_to_many import SAMPLE, THREADS, ends_of, nearest_segments, networkx_s, own_matrix, scipy_matrix
from run_one import peak_mb
from stages import BUNDLED, CREWS, ROOT, Watch, main_streets, plain_osmnx

MAPS = ROOT.parent / "shared" / "data" / "osm"
KINDS = (".osm", ".osm.gz", ".osm.bz2", ".osm.pbf")
VARIANTS = ("plain", "first", "cached")
SIDE_KM, KM_A_DEGREE = 3.0, 111.2
"""Of the area that is read out of a large file, and of latitude."""

ID_STEP, DEGREES_STEP, COLUMNS = 20_000_000_000, 0.25, 8
"""How far apart the copies of a repeated file lie; OpenStreetMap's ids are below the first."""


def plain(path: Path, _: argparse.Namespace) -> dict[str, float]:
    """Build the network with OSMnx alone."""
    watch = Watch()
    plain_osmnx(path, watch)
    return {**watch.seconds, "peak_mb": peak_mb()}


def library(path: Path, _: argparse.Namespace) -> dict[str, float]:
    """Go from the file to a problem whose travel matrix is worked out."""
    watch = Watch()
    pr = watch.time("import", loaded)
    network = watch.time("network", lambda: pr.RoadNetwork.from_file(path))
    chosen = watch.time("streets", lambda: main_streets(pr, network))
    middle = float(np.median(network.lon)), float(np.median(network.lat))
    nearest = int(np.argmin(np.hypot(network.lon - middle[0], network.lat - middle[1])))
    depot = network.node_lonlat(nearest)
    crews = pr.Crew.fleet(CREWS, depot=depot, start="20:30", end="23:45", date="2026-05-08")

    tasks = len(watch.time("problem", lambda: pr.PatrolProblem(network, chosen, crews)).tasks)
    size = {"nodes": network.node_count, "arcs": network.arc_count, "tasks": tasks}
    return {**watch.seconds, "peak_mb": peak_mb(), **size, "lon": middle[0], "lat": middle[1]}


def loaded() -> Any:
    """Return the library, and load what its first calls would load."""
    import patrolroute as pr
    from patrolroute.network import constructors  # noqa: F401
    from patrolroute.problem import model  # noqa: F401

    return pr


def turning(path: Path, args: argparse.Namespace) -> dict[str, float]:
    """Work out the seconds between streets, turns included."""
    from patrolroute.network.arc_states import Positions

    network = loaded().RoadNetwork.from_file(path)
    segments = nearest_segments(network, args.tasks)
    places = ends_of(Positions(network), segments)
    own_matrix(network, places[:1])  # loads the kernels
    began = time.process_time()
    _, seconds = own_matrix(network, places)
    took = {"seconds": seconds, "cpu_s": time.process_time() - began, "peak_mb": peak_mb()}
    return {**took, "tasks": len(segments), "places": len(places)}


def nodes(path: Path, args: argparse.Namespace) -> dict[str, float]:
    """Work out the seconds between the ends of streets, turns left out, with scipy, this library and networkx.

    Raises
    ------
    SystemExit
        If they disagree.
    """
    from patrolroute.network.arc_states import Positions

    network = loaded().RoadNetwork.from_file(path)
    segments = nearest_segments(network, args.tasks)
    network = replace(network, turns=None)
    places = ends_of(Positions(network), segments)
    began = time.perf_counter()
    theirs = scipy_matrix(network, places)
    found = {"places": len(places), "scipy_s": time.perf_counter() - began, "scipy_mb": peak_mb()}
    ours, found["own_s"] = own_matrix(network, places)
    if not np.array_equal(ours, theirs):
        raise SystemExit(f"{path.name}: {int((ours != theirs).sum())} travel times differ from scipy's")
    found["networkx_s"] = networkx_s(network, places, theirs)
    return found


def area(path: Path, args: argparse.Namespace) -> dict[str, float]:
    """Read a few square kilometres out of a file."""
    import osmium  # noqa: F401 - its own memory is not the file's
    import shapely

    pr, before, began = loaded(), peak_mb(), time.perf_counter()
    network = pr.RoadNetwork.from_file(path, area=shapely.box(*args.box))
    found = {"seconds": time.perf_counter() - began, "peak_mb": peak_mb(), "rise_mb": peak_mb() - before}
    return {**found, "file_mb": path.stat().st_size / 1e6, "arcs": network.arc_count}


ONE: dict[str, Callable[[Path, argparse.Namespace], dict[str, float]]] = {
    "plain": plain, "first": library, "cached": library, "turning": turning, "nodes": nodes, "area": area,
}  # fmt: skip


def child(stage: str, path: Path, cache: Path, *more: str) -> dict[str, float]:
    """Run one stage in a process of its own and give what it found; ``cached`` alone keeps what was built before."""
    if stage in ("first", "area"):
        rmtree(cache / "networks", ignore_errors=True)
    command = [sys.executable, __file__, str(path), "--one", stage, *more]
    environment = {**os.environ, "PATROLROUTE_CACHE": str(cache)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def medians(runs: Sequence[dict[str, float]]) -> dict[str, float]:
    """Return the median of each figure."""
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def as_osmnx_reads_it(path: Path, folder: Path) -> Path:
    """Return the map itself, or, of ``.osm.pbf`` and where streets name missing nodes, its streets as sound XML."""
    import osmium

    streets, kept, places, is_whole = osmium.filter.KeyFilter("highway"), [], {}, True
    only_ways = osmium.filter.EntityFilter(osmium.osm.WAY)
    for way in osmium.FileProcessor(str(path)).with_locations().with_filter(only_ways).with_filter(streets):
        known = {node.ref: (node.location.lon, node.location.lat) for node in way.nodes if node.location.valid()}
        is_whole = is_whole and all(node.ref in known for node in way.nodes)
        refs = [node.ref for node in way.nodes if node.ref in known]
        if len(refs) > 1:
            places |= known
            kept.append(osmium.osm.mutable.Way(id=way.id, nodes=refs, tags=dict(way.tags), version=1))
    if is_whole and not path.name.endswith(".pbf"):
        return path
    target = folder / "plain.osm"
    with osmium.SimpleWriter(str(target)) as writer:
        for node in sorted(places):
            writer.add_node(osmium.osm.mutable.Node(id=node, location=places[node], version=1))
        for way in kept:
            writer.add_way(way)
    return target


def repeat(source: Path, target: Path, copies: int) -> Path:
    """Write a map several times beside itself, its relations left out of all but the first."""
    import osmium

    with osmium.SimpleWriter(str(target), overwrite=True) as writer:
        for kind in (osmium.osm.NODE, osmium.osm.WAY, osmium.osm.RELATION):
            for copy in range(copies if kind != osmium.osm.RELATION else 1):
                east, north = DEGREES_STEP * (copy % COLUMNS), DEGREES_STEP * (copy // COLUMNS)
                for one in osmium.FileProcessor(str(source), kind):
                    if one.is_node():
                        place = one.lon + east, one.lat + north
                        writer.add_node(one.replace(id=one.id + copy * ID_STEP, location=place))
                    elif one.is_way():
                        refs = [node.ref + copy * ID_STEP for node in one.nodes]
                        writer.add_way(one.replace(id=one.id + copy * ID_STEP, nodes=refs))
                    else:
                        writer.add_relation(one)
    return target


def measure_map(path: Path, cache: Path, args: argparse.Namespace) -> dict[str, float]:
    """Print the table of a map and give its figures."""
    with tempfile.TemporaryDirectory() as folder:
        files = {"plain": as_osmnx_reads_it(path, Path(folder)), "first": path, "cached": path}
        runs = [{variant: child(variant, files[variant], cache) for variant in VARIANTS} for _ in range(args.runs)]
    found = {variant: medians([run[variant] for run in runs]) for variant in VARIANTS}
    size = found["first"]
    print(f"\n{path.name}: {size['nodes']:.0f} nodes, {size['arcs']:.0f} arcs, {size['tasks']:.0f} tasks")
    print(f"{'':<16}" + "".join(f"{variant:>10}" for variant in VARIANTS))
    for one in found.values():
        one["ready"] = sum(one.get(stage, 0) for stage in ("network", "streets", "problem"))
        one["network/OSMnx"] = one["network"] / found["plain"]["network"]
        one["ready/OSMnx"] = one["ready"] / found["plain"]["network"]
    for row in ("import", "network", "streets", "problem", "ready", "peak_mb", "network/OSMnx", "ready/OSMnx"):
        print(f"{row:<16}" + "".join(f"{one[row]:>10.3f}" if row in one else " " * 10 for one in found.values()))
    ratios = {f"{variant}_to_osmnx": found[variant]["network/OSMnx"] for variant in VARIANTS[1:]}
    ready = {f"{variant}_ready_to_osmnx": found[variant]["ready/OSMnx"] for variant in VARIANTS[1:]}
    return {**ratios, **ready, "peak_mb": size["peak_mb"], **measure_matrix(path, cache, args)}


def measure_matrix(path: Path, cache: Path, args: argparse.Namespace) -> dict[str, float]:
    """Print what the travel times take and give the figures."""
    ours, flat = (
        medians([child(stage, path, cache, "--tasks", str(args.tasks)) for _ in range(args.runs)])
        for stage in ("turning", "nodes")
    )
    print(
        f"travel times of {ours['tasks']:.0f} segments, {THREADS} threads: {ours['places']:.0f} positions, turns "
        f"included, {ours['seconds']:.2f} s ({ours['cpu_s']:.2f} s of CPU), peak {ours['peak_mb']:.0f} MB\n"
        f"on {flat['places']:.0f} nodes without turns: this library {flat['own_s']:.2f} s; scipy, one thread, "
        f"{flat['scipy_s']:.2f} s, peak {flat['scipy_mb']:.0f} MB, the same to the second; networkx "
        f"{flat['networkx_s']:.1f} s, scaled up from {min(SAMPLE, int(flat['places']))} sources"
    )
    own = {"matrix_s": ours["seconds"], "matrix_cpu_s": ours["cpu_s"], "nodes_s": flat["own_s"]}
    return {**own, "matrix_mb": ours["peak_mb"], "scipy_s": flat["scipy_s"], "networkx_s": flat["networkx_s"]}


def measure_area(path: Path, cache: Path, args: argparse.Namespace) -> dict[str, float]:
    """Print what an area out of a file and out of a larger one takes, and give the figures."""
    whole, figures = child("first", path, cache), {}
    north = SIDE_KM / 2 / KM_A_DEGREE
    east = north / float(np.cos(np.radians(whole["lat"])))
    corners = whole["lon"] - east, whole["lat"] - north, whole["lon"] + east, whole["lat"] + north
    print(f"\n{path.name}, an area of {SIDE_KM**2:.0f} km² read out of it")
    with tempfile.TemporaryDirectory() as folder:
        files = {"area": path, "large": repeat(path, Path(folder) / "large.osm.pbf", args.copies)}
        for name, file in files.items():
            found = medians([child("area", file, cache, "--box", *map(str, corners)) for _ in range(args.runs)])
            print(
                f"file of {found['file_mb']:.1f} MB: {found['seconds']:.2f} s, {found['arcs']:.0f} arcs, peak "
                f"{found['peak_mb']:.0f} MB, {found['rise_mb']:.0f} MB of it for reading"
            )
            figures |= {f"{name}_{figure}": found[figure] for figure in ("file_mb", "seconds", "peak_mb", "rise_mb")}
    return figures


def main() -> None:
    """Read the command line."""
    known = [path for path in sorted(MAPS.glob("*")) if path.name.endswith(KINDS)]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, default=[BUNDLED, *known])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--tasks", type=int, default=1_500, help="street segments of the travel times")
    parser.add_argument("--copies", type=int, default=32, help="of the file beside itself, for reading an area")
    parser.add_argument("--one", choices=ONE, help=argparse.SUPPRESS)
    parser.add_argument("--box", type=float, nargs=4, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        print(json.dumps(ONE[args.one](args.files[0], args)))
        return
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder)
        child("first", args.files[0], cache)  # compiles the kernels
        found = [measure_map(path, cache, args) for path in args.files]
        figures = {name: max(one[name] for one in found) for name in found[0]}
        if large := [path for path in args.files if path.name.endswith(".pbf")]:
            figures |= measure_area(max(large, key=lambda path: path.stat().st_size), cache, args)
    print(" ".join(f"{name}={value:.3f}" for name, value in figures.items()))


if __name__ == "__main__":
    main()
