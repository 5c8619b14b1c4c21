"""Instances of the benchmarks: main streets and hotspots around the middle of any map, always the same ones.

The streets are the segments nearest to the middle, main streets first, each wanted once, with a priority from its
name. Hotspots stand at junctions among them, every second one with opening hours. The *service time* is what serving
everything once takes without any driving in between. A *scarce* fleet has less than that, so not everything can fit:
where the usual shift is longer, it is cut to 60 % of it. A *plentiful* fleet has 2.2 times the service time.
"""

from __future__ import annotations

import hashlib
import math
import tempfile
import zlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

import patrolroute as pr
from patrolroute.demand.hours import DatedWindow
from patrolroute.demand.streets import by_name
from patrolroute.network.segments import street_segments

ROOT = Path(__file__).resolve().parents[3]
BUNDLED = ROOT / "patrolroute" / "data" / "huainan.osm.gz"

MAIN = ("trunk", "primary", "secondary", "tertiary")
FURTHER = ("residential", "unclassified", "living_street")
VARIANTS = ("scarce", "plentiful")
SCARCE_SHARE, PLENTIFUL_SHARE = 0.6, 2.2
"""Fleet time as a share of the service time."""

START = datetime(2026, 5, 8, 20, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
DWELL_MIN = (5, 8, 12)
OPENING = (0.15, 0.7)
"""The part of the shift in which a hotspot with opening hours is open."""

LEAST_ROOM_S = 60
"""A hotspot is open at least this much longer than an officer stands there, however short the shift."""

SMALL, LONG_SHIFT_TASKS = 500, 1_200
"""Below the first, 10 hotspots rather than 20; from the second on, shifts of 2 hours rather than 90 minutes."""


@dataclass(frozen=True)
class Instance:
    """One night to be planned by every tool.

    ``name`` tells map, size and variant; ``problem`` holds everything, its matrix worked out.
    """

    name: str
    variant: str
    problem: Any

    @property
    def fingerprint(self) -> str:
        """Hash of what decides a plan's worth: driving seconds, ways, prizes, windows, shifts."""
        numbers, digest = self.problem.instance, hashlib.sha256()
        digest.update(np.ascontiguousarray(numbers.travel(0).seconds, dtype=np.int32).tobytes())
        for index, task in enumerate(numbers.tasks):
            ways = [(way.entry, way.leave, way.service_s) for way in numbers.ways(0, index)]
            digest.update(repr((ways, task.worth, task.starts)).encode())
        for crew in numbers.crews:
            digest.update(repr((crew.depot, crew.end_depot, crew.shift_s)).encode())
        return digest.hexdigest()[:16]

    @property
    def served_s(self) -> int:
        """The service time: what serving every task once takes, without any driving in between."""
        return total_service_s(self.problem)


def total_service_s(problem: Any) -> int:
    """Add up the seconds of the quickest way to serve each task."""
    return sum(min(way.service_s for way in problem.instance.ways(0, task)) for task in range(len(problem.tasks)))


def make(path: Path, size: int, variant: str, *, crews: int | None = None) -> Instance:
    """Make the instance of a map, a number of street segments and a variant.

    Parameters
    ----------
    path
        An OSM file or GraphML.
    size
        Street segments wanted; fewer if the map has not so many.
    variant
        ``scarce`` or ``plentiful``.
    crews
        So many, whose usual shift stays in a plentiful night; by size if not given.
    """
    network = pr.RoadNetwork.from_file(path, turns=None)
    demand = [*streets(network, size), *hotspots(network, 10 if size < SMALL else 20, size)]
    shift = timedelta(minutes=120 if size >= LONG_SHIFT_TASKS else 90)
    served_s = total_service_s(_problem(network, demand, 1, shift))
    if variant == "scarce":
        count = crews or max(2, round(2 + (size - 300) / 300))
        if count * shift.total_seconds() >= served_s:
            shift = timedelta(seconds=int(SCARCE_SHARE * served_s / count))
    else:
        count = crews or math.ceil(PLENTIFUL_SHARE * served_s / shift.total_seconds())
    problem = _problem(network, demand, count, shift)
    return Instance(f"{path.name.split('.')[0]}-{size}-{variant}", variant, problem)


def _problem(network: Any, demand: Sequence[Any], crews: int, shift: timedelta) -> Any:
    """Lay out a night of equal crews that start in the middle of the map."""
    opened = [_with_hours(item, number, shift) for number, item in enumerate(demand)]
    node = nearest_nodes(network)[0]
    fleet = pr.Crew.fleet(crews, depot=network.node_lonlat(node), start=START, end=START + shift)
    return pr.PatrolProblem(network, opened, fleet)


def nearest_nodes(network: Any) -> list[int]:
    """Return the junctions by their distance from the middle of the map."""
    return [int(node) for node in np.argsort(_away(network, network.lon, network.lat), kind="stable")]


def _away(network: Any, lon: Any, lat: Any) -> Any:
    """Return the squared distance of points from the middle of the map, in degrees of latitude."""
    middle = float(np.median(network.lon)), float(np.median(network.lat))
    squeeze = math.cos(math.radians(middle[1]))
    return ((np.asarray(lon) - middle[0]) * squeeze) ** 2 + (np.asarray(lat) - middle[1]) ** 2


def streets(network: Any, size: int) -> list[Any]:
    """Choose the segments nearest to the middle, main streets first, by name and priority."""
    chosen: list[Any] = []
    for classes in (MAIN, FURTHER):
        found = by_name(network, [one for one in street_segments(network) if _is_of(network, one, classes)])
        taken = {segment.id for segment in chosen}
        segments = [one for street in found for one in street.segments if one.id not in taken]
        away = _away(network, *np.array([_tail(network, one) for one in segments]).reshape(-1, 2).T)
        order = sorted(range(len(segments)), key=lambda index: (away[index], segments[index].id))
        chosen += [segments[index] for index in order[: size - len(chosen)]]
    return _by_street(chosen)


def _is_of(network: Any, segment: Any, classes: Sequence[str]) -> bool:
    """Return whether over half of one direction's metres are of these classes; roundabouts count as streets here."""
    for chain in segment.directions:
        metres = [int(network.length_m[arc]) for arc in chain]
        inside = [metre for arc, metre in zip(chain, metres, strict=True) if network.highways[arc] in classes]
        if sum(inside) > sum(metres) / 2:
            return True
    return False


def _tail(network: Any, segment: Any) -> tuple[float, float]:
    return network.node_lonlat(network.node_index[segment.directions[0][0][0]])


def _by_street(segments: Sequence[Any]) -> list[Any]:
    """Join segments of a name; a street without a name has a priority of its own for each segment."""
    groups: dict[tuple[str, int], list[Any]] = defaultdict(list)
    for segment in segments:
        groups[segment.name, 1 + zlib.crc32((segment.name or segment.id).encode()) % 5].append(segment)
    return [pr.PriorityStreet(name, tuple(groups[name, rank]), priority=rank) for name, rank in sorted(groups)]


def hotspots(network: Any, count: int, size: int) -> list[Any]:
    """Put hotspots at junctions spread over the part of the map that the streets lie in."""
    nodes = nearest_nodes(network)
    step = max(1, min(len(nodes), size) // count)
    lines = ["id,name,lon,lat,dwell_min,priority"]
    for number in range(count):
        lon, lat = network.node_lonlat(nodes[number * step])
        lines.append(f"H{number:02d},place {number},{lon},{lat},{DWELL_MIN[number % 3]},{1 + number % 5}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hotspots.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        return list(pr.read_hotspots(path, network))


def _with_hours(item: Any, number: int, shift: timedelta) -> Any:
    """Return every second hotspot opening hours in the middle of the shift."""
    if not isinstance(item, pr.Hotspot) or number % 2:
        return item
    opens, closes = (START + timedelta(seconds=int(share * shift.total_seconds())) for share in OPENING)
    long_enough = opens + timedelta(seconds=item.dwell_s + LEAST_ROOM_S)
    return replace(item, windows=(DatedWindow(opens, max(closes, long_enough)),))
