"""Many bureaus: ``python tests/benchmarks/province.py [MAP] [--nights 100] [--kills 12] [--work 400] [--smoke]``.

Nights are cut from one map, which the bundled one stands for where none is named: squares on a grid, two to four crews,
all streets in them.

First each map is read by itself and then all of them in one reading (CPU seconds of both); then all nights are planned
one after the other in this process, and again on a ``LocalCluster`` of Dask whose workers are killed at random while
they are at a night; and by processes of the library's own, killed alike. Results must be equal. ``--smoke`` takes six
nights and two kills. The last line gives figures as ``name=value``; the exit code is 1 if a night is not planned or a
result differs.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import patrolroute as pr
from patrolroute.night.roads import Tonight
from patrolroute.province.jobs import JobMaker, NightOptions
from patrolroute.province.maps import read_maps_once
from patrolroute.province.work import TRY

BUNDLED = Path(str(files("patrolroute") / "data" / "huainan.osm.gz"))
EDGE, OVERLAP = 0.05, 1.6
"""Share of the map's width that is left at its edges; times a square is wider than the grid's step."""

TIMES_AS_WIDE = 5.0
"""How far the grid's step grows where nights are few, so that squares stay as large as those of a hundred."""


def write_nights(folder: Path, source: Path, count: int, solve: dict[str, Any]) -> dict[str, Path]:
    """Write nights on a grid over a map; squares in which hardly anything lies move to the middle of the map."""
    network = pr.RoadNetwork.from_file(source)
    west, east, south, north = (
        float(edge) for edge in (network.lon.min(), network.lon.max(), network.lat.min(), network.lat.max())
    )
    side = max(1, round(count**0.5 + 0.49))
    step = max(side, TIMES_AS_WIDE)
    half = OVERLAP * (east - west) / step / 2, OVERLAP * (north - south) / step / 2
    found = {}
    for number in range(count):
        at = [EDGE + (1 - 2 * EDGE) * (place + 0.5) / side for place in divmod(number, side)]
        near = ((network.lon - (west + at[0] * (east - west))) / half[0]) ** 2
        near += ((network.lat - (south + at[1] * (north - south))) / half[1]) ** 2
        middle = int(near.argmin())  # on a street, so that there are some around it
        lon, lat = float(network.lon[middle]), float(network.lat[middle])
        path = folder / f"b{number:03}" / "night.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(night(number, source, (lon, lat), half, solve)), encoding="utf-8")
        found[path.parent.name] = path
    return found


def night(
    number: int, source: Path, middle: Sequence[float], half: Sequence[float], solve: dict[str, Any]
) -> dict[str, Any]:
    """Return one night on a square."""
    (lon, lat), (wide, high) = middle, half
    ring = [
        [lon - wide, lat - high], [lon + wide, lat - high], [lon + wide, lat + high], [lon - wide, lat + high],
        [lon - wide, lat - high],
    ]  # fmt: skip
    return {
        "name": f"night {number}", "date": "2026-05-08", "lang": "en",
        "map": {"file": str(source), "area": {"type": "Polygon", "coordinates": [ring]}},
        "shift": {"start": "20:30", "end": "22:30"}, "snap_m": 2000,
        "depots": [{"id": "d", "name": "depot", "lon": lon, "lat": lat}],
        "crews": [{"depot": "d", "count": 2 + number % 3}],
        "streets": [{"within": {"type": "Polygon", "coordinates": [ring]}, "priority": 3, "visits": 2}],
        "solve": solve,
    }  # fmt: skip


def maps(nights: dict[str, Path], folder: Path) -> tuple[float, float]:
    """Return the CPU seconds of reading all maps one after the other, and in one reading."""
    maker, seconds = JobMaker(NightOptions(), 1, None, 1), []
    jobs = [maker.job(name, path) for name, path in nights.items()]
    for way in ("apart", "at once"):
        os.environ["PATROLROUTE_CACHE"] = str(folder / way)
        began = time.process_time()
        if way == "at once":
            read_maps_once(jobs)
        else:
            for path in nights.values():
                Tonight(pr.read_night(path), path.parent).networks()
        seconds.append(time.process_time() - began)
    kept = [sorted((path.name, path.read_bytes()) for path in (folder / way / "networks").iterdir())
            for way in ("apart", "at once")]  # fmt: skip
    if kept[0] != kept[1]:
        raise SystemExit("the networks of one reading differ")
    return seconds[0], seconds[1]


@contextmanager
def killing(folder: Path, most: int, seed: int) -> Iterator[list[str]]:
    """Kill workers at random while they are at a night in the folder."""
    killed, over, rng = list[str](), threading.Event(), random.Random(seed)  # noqa: S311 - it repeats

    def kill() -> None:
        while not over.is_set() and len(killed) < most:
            time.sleep(rng.uniform(0.05, 1.5))
            marks = list(folder.glob(f"*/{TRY}*"))
            try:
                worker = rng.choice(marks).read_text(encoding="utf-8") if marks else ""
                if worker and worker not in killed:  # a number of a process that is gone may be another's by now
                    os.kill(int(worker.rpartition(":")[2]), signal.SIGKILL)
                    killed.append(worker)
            except OSError:  # it was done before
                continue

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    try:
        yield killed
    finally:
        over.set()
        thread.join()


def disturbed(nights: dict[str, Path], out: Path, how: str, kills: int) -> tuple[pr.Province, list[str]]:
    """Plan all nights while workers are killed: on Dask, or by processes of the library's own."""
    with killing(out, kills, 7) as killed:
        if how == "own":
            return pr.solve_many(nights, workers=2, out=out, tries=9), killed
        import distributed

        options: dict[str, Any] = {"threads_per_worker": 1, "dashboard_address": "127.0.0.1:0", "silence_logs": 50}
        with distributed.LocalCluster(n_workers=2, **options) as cluster, distributed.Client(cluster) as client:
            executor = client.get_executor(pure=False)
            return pr.solve_many(nights, executor=executor, out=out, tries=9), killed


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("map", type=Path, nargs="?", default=BUNDLED)
    parser.add_argument("--nights", type=int, default=100)
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--work", type=int, default=400)
    parser.add_argument("--goal", default="auto", help="points for shorter searches")
    parser.add_argument("--smoke", action="store_true", help="six nights, two kills, little work")
    args = parser.parse_args()
    count, kills, work = (6, 2, 60) if args.smoke else (args.nights, args.kills, args.work)
    figures: dict[str, object] = {"nights": count}
    home = os.environ.get("PATROLROUTE_CACHE")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        nights = write_nights(folder / "in", args.map.resolve(), count, {"work_limit": work, "goal": args.goal})
        figures["maps_apart_cpu_s"], figures["maps_once_cpu_s"] = (f"{s:.2f}" for s in maps(nights, folder))
        if home is None:
            del os.environ["PATROLROUTE_CACHE"]
        else:
            os.environ["PATROLROUTE_CACHE"] = home
        plain = pr.solve_many(nights, out=folder / "plain")
        cpu = sorted(found.cpu_s for found in plain.done)
        figures |= {
            "planned": len(plain.done), "cpu_s_mean": f"{sum(cpu) / max(1, len(cpu)):.2f}",
            "cpu_s_most": cpu[-1] if cpu else 0, "tasks_most": max(found.tasks for found in plain),
            "tasks_mean": round(sum(found.tasks for found in plain) / count),
        }  # fmt: skip
        for found in plain.failed:
            print(found.name, found.status, found.said("en"), file=sys.stderr)
        is_equal = len(plain.done) == count
        for how in ("dask", "own"):
            found, killed = disturbed(nights, folder / how, how, kills)
            same = [night.same_result(plain.by_name[night.name]) for night in found]
            print(how, "not equal:", [night.name for night, one in zip(found, same, strict=True) if not one])
            is_equal = is_equal and all(same) and len(same) == count
            figures |= {
                f"{how}_killed": len(killed), f"{how}_planned": len(found.done), f"{how}_equal": sum(same),
                f"{how}_named": sum(len(night.lost) for night in found),
                f"{how}_peak_mb": max(night.peak_mb for night in found),
            }  # fmt: skip
    print(" ".join(f"{name}={value}" for name, value in figures.items()))
    return 0 if is_equal else 1


if __name__ == "__main__":
    sys.exit(main())
