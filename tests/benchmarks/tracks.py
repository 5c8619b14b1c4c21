"""Map matching on public tracks with known routes: ``python tests/benchmarks/tracks.py ../shared/data/tracks``.

Correct is the share of the true route's length that was found, extra is length beyond it, as a share of the same; an
arc driven twice counts twice, the first and the last arc of a route do not count. Kubicka et al. 2015 at a fix a
second, thinned and with noise, by arcs. SparseTaxi (Li et al. 2013), 60 to 300 s, by corridors: its map lacks the bends
of its streets, so that the truth runs up to some hundred metres beside its own arcs; found is what lies within 30 or
50 m. ``--rivals`` measures fastmm and mappymatch in the same run, where they are installed; ``--smoke`` looks whether
it runs.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import json
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from patrolroute.live.matching import ground_of, match
from patrolroute.live.tracks_points import jumps, points_of
from patrolroute.network.places import flat
from patrolroute.network.road import RoadNetwork
from patrolroute.network.speeds import TurnCosts, turns_of

NOT_FOR_CARS = {"footway", "cycleway", "steps", "path", "pedestrian", "platform"}
CORRIDORS_M = (15.0, 30.0, 50.0)
STEP_M = 5.0


@dataclass(frozen=True, eq=False)
class Case:
    """A track, its map, and its true route: arcs, or a line in degrees where only that is known."""

    name: str
    network: RoadNetwork
    lonlat: np.ndarray
    seconds: np.ndarray
    route: tuple[int, ...] = ()
    line: np.ndarray | None = None

    def thinned(self, every_s: float) -> Case:
        kept = [0]
        for number, second in enumerate(self.seconds.tolist()):
            if second - self.seconds[kept[-1]] >= every_s:
                kept.append(number)
        return replace(self, lonlat=self.lonlat[kept], seconds=self.seconds[kept])

    def noisy(self, metres: float, seed: int = 1) -> Case:
        scale = 111_195 * np.array([np.cos(np.radians(self.lonlat[0, 1])), 1.0])
        noise = np.random.default_rng(seed).normal(0, metres, self.lonlat.shape) / scale
        return replace(self, lonlat=self.lonlat + noise)


Matcher = Callable[[Case], list[int]]


def network_of(
    lon: np.ndarray, lat: np.ndarray, arcs: np.ndarray, speed: np.ndarray | None = None
) -> tuple[RoadNetwork, np.ndarray]:
    """Return straight arcs between nodes as a network, with what turning usually costs, and the number of each arc."""
    tail, head = arcs.T
    seen: Counter[tuple[int, int]] = Counter()
    key = np.zeros(len(arcs), dtype=np.int64)
    for number, pair in enumerate(map(tuple, arcs.tolist())):
        key[number] = seen[pair]
        seen[pair] += 1
    order = np.lexsort((key, head, tail))
    tail, head, key = tail[order], head[order], key[order]
    index = {name: number for number, name in enumerate(zip(tail.tolist(), head.tolist(), key.tolist(), strict=True))}
    back = np.array([index.get((two, one, at), -1) for one, two, at in index], dtype=np.int32)
    back[back == np.arange(len(back))] = -1
    east = (lon[head] - lon[tail]) * np.cos(np.radians(lat.mean()))
    metres = np.maximum(1, np.rint(np.hypot(east, lat[head] - lat[tail]) * 111_195)).astype(np.int32)
    pace = np.full(len(tail), 10.0) if speed is None else speed[order]
    seconds = np.maximum(1, np.rint(metres / pace)).astype(np.int32)
    many = len(tail)
    network = RoadNetwork(
        np.arange(len(lon)), lon, lat, tail.astype(np.int32), head.astype(np.int32), key.astype(np.int32), metres,
        seconds, seconds, back, ("",) * many, ("primary",) * many, np.zeros(many, dtype=np.bool_),
        np.column_stack((lon[tail], lon[head])).ravel(), np.column_stack((lat[tail], lat[head])).ravel(),
        np.arange(0, 2 * many + 1, 2), is_checked=True,
    )  # fmt: skip
    return replace(network, turns=turns_of(network, TurnCosts())), order


def kubicka(folder: Path, most: int | None = None) -> Iterator[Case]:
    for place in sorted(one for one in folder.iterdir() if one.is_dir())[:most]:
        nodes, track = (np.loadtxt(place / f"{place.name}.{kind}") for kind in ("nodes", "track"))
        arcs, route = (np.loadtxt(place / f"{place.name}.{kind}", dtype=np.int64) for kind in ("arcs", "route"))
        network, order = network_of(nodes[:, 0].copy(), nodes[:, 1].copy(), arcs)
        number = np.empty(len(order), dtype=np.int64)
        number[order] = np.arange(len(order))
        yield Case(place.name, network, track[:, :2], track[:, 2], tuple(number[route].tolist()))


def sparse_taxi(folder: Path, most: int | None = None) -> Iterator[Case]:
    with gzip.open(folder / "beijing_sparsetaxi_derived.osm.gz", "rt", encoding="utf-8") as file:
        text = file.read()
    found = re.findall(r'<node id="(-?\d+)"[^>]*lat="([^"]+)" lon="([^"]+)"', text)
    place = {node: number for number, (node, _, _) in enumerate(found)}
    lat, lon = (np.array([float(one[axis]) for one in found]) for axis in (1, 2))
    arcs: dict[tuple[int, int], float] = {}
    for way in re.findall(r"<way .*?</way>", text, re.DOTALL):
        tags = dict(re.findall(r'k="([^"]*)" v="([^"]*)"', way))
        nodes = [place[node] for node in re.findall(r'ref="(-?\d+)"', way)]
        limit = re.match(r"\d+", tags.get("maxspeed", ""))
        if tags.get("highway") not in NOT_FOR_CARS:
            for one, two in pairwise(nodes):
                ways = [(one, two)] if tags.get("oneway") == "yes" else [(one, two), (two, one)]
                arcs |= {pair: float(limit[0]) / 3.6 if limit else 10.0 for pair in ways if one != two}
    network, _ = network_of(lon, lat, np.array(list(arcs)), np.array(list(arcs.values())))
    for path in sorted(folder.glob("*.gpx"))[:most]:
        rows = re.findall(r'lat="([^"]+)" lon="([^"]+)"><time>([^<]+)', path.read_text(encoding="utf-8"))
        seconds = [dt.datetime.fromisoformat(row[2]).timestamp() for row in rows]
        truth = json.loads(path.with_suffix(".truth.geojson").read_text(encoding="utf-8"))
        line = np.array(truth["geometry"]["coordinates"])[:, :2]
        lonlat = np.array([(float(row[1]), float(row[0])) for row in rows])
        yield Case(path.stem, network, lonlat, np.array(seconds), line=line)


def own(case: Case) -> list[int]:
    ground = ground_of(case.network)
    xy = ground.to_plane(case.lonlat)
    kept = ~jumps(xy, case.seconds)
    points = points_of(xy[kept], case.seconds[kept])
    return [arc for part in match(ground, points) for arc in part.arcs.tolist()]


class FastMm:
    """fastmm with points 20 m apart, as it does best: its table up to 3 km on small maps."""

    def __init__(self) -> None:
        import fastmm

        self._library, self._known = fastmm, {}

    def prepare(self, case: Case) -> Any:
        if id(case.network) not in self._known:
            network, library = self._library.Network(), self._library
            lines = flat(case.network).lines
            for arc in range(case.network.arc_count):
                ends = int(case.network.tail[arc]), int(case.network.head[arc])
                network.add_edge(arc, *ends, [tuple(xy) for xy in shapely.get_coordinates(lines[arc]).tolist()])
            network.finalize()
            with tempfile.TemporaryDirectory() as folder:
                mode = library.TransitionMode.SHORTEST
                matcher = library.FastMapMatch(network, mode, max_distance_between_candidates=3000.0, cache_dir=folder)
            self._known[id(case.network)] = matcher, network  # a matcher whose network is gone crashes
        return self._known[id(case.network)][0]

    def __call__(self, case: Case) -> list[int]:
        matcher, xy = self.prepare(case), flat(case.network).to_plane(case.lonlat)
        kept = [0]
        for number in range(1, len(xy)):
            if np.hypot(*(xy[number] - xy[kept[-1]])) >= 20:
                kept.append(number)
        track = self._library.Trajectory.from_xy_tuples([tuple(one) for one in xy[kept].tolist()])
        found = matcher.match(track, max_candidates=8, candidate_search_radius=100.0, gps_error=10.0)
        arcs: list[int] = []
        for part in found.subtrajectories:
            for segment in part.segments:
                for edge in segment.edges:
                    if not arcs or arcs[-1] != edge.edge_id:
                        arcs.append(edge.edge_id)
        return arcs


class MappyMatch:
    """mappymatch's longest common subsequence matcher on the same arcs."""

    def __init__(self) -> None:
        import pyproj
        from mappymatch.constructs.trace import Trace
        from mappymatch.maps.nx.nx_map import NxMap
        from mappymatch.matchers.lcss.lcss import LCSSMatcher

        self._parts, self._known = (pyproj, Trace, NxMap, LCSSMatcher), {}

    def prepare(self, case: Case) -> Any:
        import networkx as nx

        pyproj, _, nx_map, matcher = self._parts
        if id(case.network) not in self._known:
            graph = nx.MultiDiGraph(crs=pyproj.CRS("EPSG:3857"))
            lines, length = flat(case.network).lines, flat(case.network).length_m
            for arc in range(case.network.arc_count):
                facts = {"geometry": lines[arc], "kilometers": length[arc] / 1000, "minutes": length[arc] / 600}
                ends = int(case.network.tail[arc]), int(case.network.head[arc])
                graph.add_edge(*ends, key=int(case.network.key[arc]), **facts)
            self._known[id(case.network)] = matcher(nx_map(graph))
        return self._known[id(case.network)]

    def __call__(self, case: Case) -> list[int]:
        import geopandas
        import pandas as pd

        matcher, (_, trace, _, _) = self.prepare(case), self._parts
        xy = flat(case.network).to_plane(case.lonlat)
        frame = geopandas.GeoDataFrame(
            pd.DataFrame({"n": range(len(xy))}), geometry=geopandas.points_from_xy(*xy.T), crs="EPSG:3857"
        )
        found = matcher.match_trace(trace(frame))
        index = {(int(t), int(h), int(k)): a for a, (t, h, k) in enumerate(
            zip(case.network.tail, case.network.head, case.network.key, strict=True))}  # fmt: skip
        arcs: list[int] = []
        for road in found.path or ():
            one = road.road_id
            arcs.append(index[int(one.start), int(one.end), int(one.key)])
        return arcs


def by_arcs(case: Case, found: Sequence[int]) -> tuple[float, float, float]:
    """Return metres found, metres beyond, metres of the truth."""
    length = flat(case.network).length_m
    truth, have = Counter(case.route[1:-1]), Counter(found)
    for end in (case.route[0], case.route[-1]):
        have[end] = max(0, have[end] - 1)
    whole = sum(length[arc] * times for arc, times in truth.items())
    right = sum(length[arc] * min(times, have[arc]) for arc, times in truth.items())
    extra = sum(length[arc] * max(0, times - truth[arc]) for arc, times in have.items())
    return float(right), float(extra), float(whole)


def by_corridor(case: Case, found: Sequence[int], reach_m: float) -> tuple[float, float, float]:
    """Return metres of the true line within reach of what was found, metres found out of its reach, its metres."""
    picture = flat(case.network)
    truth = shapely.LineString(picture.to_plane(case.line))
    lines = picture.lines[np.array(found, dtype=np.int64)] if len(found) else np.array([])
    at = shapely.line_interpolate_point(truth, np.arange(STEP_M / 2, truth.length, STEP_M))
    near = shapely.distance(shapely.multilinestrings(list(lines)), at) <= reach_m if len(lines) else np.zeros(len(at))
    beyond = 0.0
    for line in lines:
        steps = shapely.line_interpolate_point(line, np.arange(STEP_M / 2, max(line.length, STEP_M), STEP_M))
        beyond += float((shapely.distance(truth, steps) > reach_m).mean()) * line.length
    return float(np.mean(near)) * truth.length, beyond, truth.length


def row(name: str, cases: Sequence[Case], matcher: Matcher, reach_m: float | None = None) -> None:
    """Print one line: in all, then of the tracks the median, the tenth and the worst."""
    marks, points, took = [], 0, 0.0
    for case in cases:
        getattr(matcher, "prepare", lambda one: ground_of(one.network))(case)
        began = time.process_time()
        found = matcher(case)
        took += time.process_time() - began
        points += len(case.seconds)
        marks.append(by_arcs(case, found) if reach_m is None else by_corridor(case, found, reach_m))
    table = np.array(marks)
    correct, extra = (100 * table[:, axis] / np.maximum(table[:, 2], 1) for axis in (0, 1))
    right, beyond = (100 * table[:, axis].sum() / table[:, 2].sum() for axis in (0, 1))
    print(
        f"{name:<44} {right:6.2f} {beyond:6.2f} | {np.mean(correct):6.2f} {np.median(correct):6.2f} "
        f"{np.percentile(correct, 10):6.2f} {correct.min():6.2f} | {np.median(extra):6.2f} "
        f"{np.percentile(extra, 90):6.2f} {extra.max():7.2f} | {points / max(took, 1e-9):8,.0f}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="data/tracks, with kubicka and sparsetaxi")
    parser.add_argument("--rivals", action="store_true", help="fastmm and mappymatch too")
    parser.add_argument("--smoke", action="store_true", help="two tracks of each, to see whether it runs")
    args = parser.parse_args()
    most = 2 if args.smoke else None
    matchers: dict[str, Matcher] = {"patrolroute": own}
    for name, kind in (("fastmm", FastMm), ("mappymatch", MappyMatch)) if args.rivals else ():
        try:
            matchers[name] = kind()
        except ImportError as error:
            print(f"{name} is left out: {error}")
    streets, taxis = list(kubicka(args.folder / "kubicka", most)), list(sparse_taxi(args.folder / "sparsetaxi", most))
    own(streets[0])  # compiled, or loaded
    heads = "correct extra | mean median  10th  worst | median 90th  worst | points/s"
    print(f"{'in per cent of the true length':<44} {heads}")
    for name, matcher in matchers.items():
        row(f"{name}: Kubicka, as recorded", streets, matcher)
        for every in (10, 30, 60):
            row(f"{name}: Kubicka, a fix in {every} s", [case.thinned(every) for case in streets], matcher)
        for metres in (5, 10):
            row(f"{name}: Kubicka, {metres} m of white noise", [case.noisy(metres) for case in streets], matcher)
        if name == "patrolroute" or not args.smoke:
            for reach in CORRIDORS_M:
                row(f"{name}: SparseTaxi, within {reach:.0f} m", taxis, matcher, reach)


if __name__ == "__main__":
    main()
