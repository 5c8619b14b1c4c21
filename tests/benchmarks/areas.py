"""Patrol areas: how even, compact and near to the bound, beside published areas, gerrychain and spopt.

``python tests/benchmarks/areas.py [--town FOLDER] [--oracles PYTHON] [--counts 4,8,12,24] [--seeds 3] [--smoke]`` draws
areas of the bundled night, and with ``--town ../shared/data/areas/carrollton`` those of Carrollton, Texas, beside the
twelve that its police had and the twelve that Wheeler (2019, doi:10.1108/PIJPSM-02-2018-0027) drew. ``--oracles``
names a Python that has gerrychain and spopt; without one, they are left out. ``--hard 12`` plans the bundled night with
crews that are held to 12 areas, with crews that may leave them at a cost, and without areas: what areas cost in 见警率.

Columns: areas; areas that hang together; imbalance, the largest difference of an area's work from the mean; mean metres
to the area's best centre, by work; mean roundness of the polygons (Polsby & Popper); what is left to the bound; CPU
seconds. The last line gives figures as ``name=value``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import shapely

from patrolroute.areas.draw import USUAL_BORDERS, USUAL_UNITS, draw_areas
from patrolroute.areas.layout import AreaTask, Layout
from patrolroute.areas.partition import USUAL_WORK, partition
from patrolroute.areas.polygons import area_polygons, roundness
from patrolroute.areas.streets import Edges, street_units
from patrolroute.areas.units import Units
from patrolroute.night.run import NightRun, bundled_night, read_night

FOOT_M = 1200 / 3937
"""A US survey foot."""

FEW = 500
"""Units up to which the others are asked: some take hours for more."""

HEAD = "areas  whole  imbalance  metres  roundness     gap   CPU s"


class Town(NamedTuple):
    """Units with their polygons, and areas that others drew of them."""

    units: Units
    polygons: Sequence[Any]
    others: dict[str, list[int]]


class Row(NamedTuple):
    """What areas are like."""

    areas: int
    whole: int
    imbalance: float
    metres: float
    roundness: float
    gap: float | None
    cpu_s: float

    def __str__(self) -> str:
        gap = "       " if self.gap is None else f"{100 * self.gap:6.2f} %"
        return (
            f"{self.areas:5} {self.whole:6} {100 * self.imbalance:8.2f} % {self.metres:7.0f} {self.roundness:10.3f} "
            f"{gap} {self.cpu_s:7.1f}"
        )


def row(units: Units, area: Sequence[int], shapes: Sequence[Any], cpu_s: float, bound: int | None = None) -> Row:
    """Measure areas by one rule, whoever drew them; units of no area (-1) are left out."""
    labels = np.unique([number for number in area if number >= 0])
    members = [np.flatnonzero(np.array(area) == number).tolist() for number in labels]
    work = np.array([units.work[some].sum() for some in members], dtype=np.float64)
    costs = [float((units.metres[np.ix_(some, some)].astype(np.int64) @ units.weight[some]).min()) for some in members]
    mean = float(work.mean())
    return Row(
        len(members), sum(units.hangs_together(some) for some in members), float(np.abs(work - mean).max() / mean),
        sum(costs) / float(units.weight.sum()), float(np.mean([roundness(shape) for shape in shapes])),
        None if bound is None else (sum(costs) - bound) / sum(costs), cpu_s,
    )  # fmt: skip


def carrollton(folder: Path) -> Town:
    """Read the reporting areas, their calls and neighbours, and the areas of the city and of Wheeler."""
    import geopandas as gpd

    areas = gpd.read_file(folder / "ReportingAreas.shp")
    calls = gpd.read_file(folder / "RA_Calls.dbf")
    touching = gpd.read_file(folder / "RA_ContMat.dbf")
    number = {int(value): place for place, value in enumerate(areas.NumberId)}
    counted = {name: int(count or 0) for name, count in zip(calls.ra, calls.Cnt_ra, strict=True)}
    pairs = zip(touching.NUMBERID.astype(int), touching.NID.astype(int), strict=True)
    links = [(number[one], number[two]) for one, two in pairs if one in number and two in number]
    links.append((number[1326], number[1333]))  # cut off in the table; its author adds this by hand
    places = np.column_stack((areas.XFeet, areas.YFeet)).astype(np.float64) * FOOT_M
    units = Units.plain([counted.get(name, 0) for name in areas.PDGrid], places, links)
    author = [-1] * len(areas)
    for line in (folder / "PMed_Results1.csv").read_text().splitlines()[1:]:
        source, dest, *_ = line.replace('"', "").split(",")
        author[number[int(float(dest))]] = number[int(float(source))]
    city = [int(beat) if int(beat) > 0 else -1 for beat in areas.BEATNUMBER]
    shapes = [shapely.make_valid(shape) for shape in areas.geometry]
    others = {"the city's, 2017": city, "Wheeler's as listed (320 units)": author}
    return Town(units, shapes, others | {"Wheeler's, the five lost units put back": put_back(units, author)})


def put_back(units: Units, area: list[int]) -> list[int]:
    """Return areas with their lost units in neighbouring ones: most areas whole, then as even as can be."""
    lost = [unit for unit, number in enumerate(area) if number < 0]
    near = [sorted({area[other] for other in units.neighbours[unit]} - {-1}) for unit in lost]
    best, found, mean = (-1, 0.0), area, float(units.work.sum()) / len(set(area) - {-1})
    for choice in product(*(some or sorted(set(area) - {-1}) for some in near)):
        tried = list(area)
        for unit, number in zip(lost, choice, strict=True):
            tried[unit] = number
        members = [np.flatnonzero(np.array(tried) == number).tolist() for number in sorted(set(tried))]
        off = max(abs(float(units.work[some].sum()) - mean) for some in members)
        worth = sum(units.hangs_together(some) for some in members), -off
        if worth > best:
            best, found = worth, tried
    return found


def dissolved(polygons: Sequence[Any], area: Sequence[int]) -> list[Any]:
    """Return the shape of each area."""
    labels = sorted({number for number in area if number >= 0})
    return [shapely.union_all([polygons[at] for at, mine in enumerate(area) if mine == number]) for number in labels]


def asked(python: Path | None, units: Units, places: Any, count: int, args: argparse.Namespace) -> dict[str, Any]:
    """Return what gerrychain and spopt answer; nothing without a Python that has them."""
    if python is None or not python.exists():
        print(f"gerrychain and spopt: left out, for there is no {python}")
        return {}
    problem = {
        "work": units.work.tolist(), "places": np.asarray(places).tolist(), "links": units.links.tolist(),
        "metres": units.metres.tolist(), "count": count, "balance": args.balance, "seed": 1, "steps": args.steps,
    }  # fmt: skip
    script = Path(__file__).parent / "solvers" / "area_oracles.py"
    done = subprocess.run([python, script], input=json.dumps(problem), capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def of_carrollton(args: argparse.Namespace) -> Iterator[tuple[str, Row]]:
    """Print and yield the rows of Carrollton."""
    town = carrollton(args.town)
    print(f"Carrollton: {len(town.units)} units, {int(town.units.work.sum())} calls\n{HEAD}")

    def shown(name: str, area: Sequence[int], cpu_s: float, bound: int | None = None) -> tuple[str, Row]:
        found = row(town.units, area, dissolved(town.polygons, area), cpu_s, bound)
        print(f"{found}  {name}", flush=True)
        return name, found

    yield from (shown(name, area, 0.0) for name, area in town.others.items())
    places = [shape.centroid.coords[0] for shape in town.polygons]
    answers = asked(args.oracles, town.units, np.array(places) * FOOT_M, 12, args)
    for name, answer in answers.items():
        if "area" in answer:
            yield shown(name, answer["area"], answer["cpu_s"])
        else:
            print(f"{name}: {answer['error']}")
    for seed in range(1, args.seeds + 1):
        began = time.process_time()
        found = partition(AreaTask(town.units, 12, args.balance), seed=seed, work_limit=args.work)
        yield shown(f"patrolroute, seed {seed}", found.layout.area.tolist(), time.process_time() - began, found.bound)


def of_the_night(args: argparse.Namespace) -> Iterator[tuple[str, Row]]:
    """Print and yield the rows of the bundled night."""
    run = NightRun.trusting(read_night(bundled_night()), bundled_night().parent)
    networks = run.networks()
    network, demand = networks["car"], run.demand(networks)
    edges = Edges(USUAL_BORDERS, (), 400)
    streets = street_units(network, demand, edges, most_units=args.units)
    print(f"the bundled night: {len(streets.units)} units, {int(streets.units.work.sum())} s of work\n{HEAD}")
    for count in args.counts:
        for seed in range(1, args.seeds + 1):
            began = time.process_time()
            task = AreaTask(streets.units, count, args.balance)
            found = partition(task, seed=seed, work_limit=args.work)
            shapes = area_polygons(streets, found.layout.area)
            cpu_s = time.process_time() - began
            line = row(streets.units, found.layout.area.tolist(), shapes, cpu_s, found.bound)
            print(f"{line}  n = {count}, seed {seed}", flush=True)
            yield f"{count}", line
        if count == args.counts[len(args.counts) // 2] and args.oracles and args.units <= FEW:
            places = [np.mean(streets.midpoints[streets.unit == unit], axis=0) if (streets.unit == unit).any()
                      else streets.midpoints[0] for unit in range(len(streets.units))]  # fmt: skip
            for name, answer in asked(args.oracles, streets.units, places, count, args).items():
                if "area" not in answer:
                    print(f"{name}: {answer['error']}")
                    continue
                numbers = np.unique(answer["area"], return_inverse=True)[1].astype(np.int32)
                task = AreaTask(streets.units, int(numbers.max()) + 1, args.balance)
                shapes = area_polygons(streets, Layout(task, numbers).area)
                line = row(streets.units, numbers.tolist(), shapes, answer["cpu_s"])
                print(f"{line}  {name}, n = {count}", flush=True)


def what_areas_cost(args: argparse.Namespace) -> None:
    """Print what the bundled night is worth with crews held to areas, with crews that may leave them, and without."""

    from patrolroute.plan.seen import seen_share
    from patrolroute.problem.model import PatrolProblem
    from patrolroute.problem.near_home import NearHome
    from patrolroute.search.solve import solve

    run = NightRun.trusting(read_night(bundled_night()), bundled_night().parent)
    networks = run.networks()
    problem, demand = run.problem(), run.demand(networks)
    areas = draw_areas(networks["car"], demand, args.hard, seed=1, work_limit=args.work)
    held = areas.given_to(problem.crews)
    print(f"见警率 with {len(problem.crews)} crews and {args.hard} areas, imbalance {100 * areas.imbalance:.1f} %")
    for name, crews, near in (
        ("no areas", problem.crews, None),
        ("areas, streets outside at a cost", held, NearHome(leave_areas=True)),
        ("areas, hard", held, None),
    ):
        night = PatrolProblem(networks, demand, crews, near_home=near)
        began = time.process_time()
        result = solve(night, goal="presence", seed=1, time_limit=None, work_limit=args.solve_work, threads=1)
        print(
            f"{100 * seen_share(result.plan):.2f} % seen, required missed {result.plan.objective.required_missed}, "
            f"{time.process_time() - began:.0f} CPU s: {name}", flush=True,
        )  # fmt: skip


def options() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--town", type=Path)
    parser.add_argument("--oracles", type=Path)
    parser.add_argument("--counts", type=lambda text: [int(part) for part in text.split(",")], default=[4, 8, 12, 24])
    for name, default in (("seeds", 3), ("work", USUAL_WORK), ("units", USUAL_UNITS), ("steps", 1000), ("hard", 0)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--solve-work", type=int, default=3000)
    parser.add_argument("--balance", type=float, default=0.05)
    parser.add_argument("--smoke", action="store_true", help="two counts, one seed, little work")
    args = parser.parse_args()
    if args.smoke:
        args.counts, args.seeds, args.work, args.units = [3, 5], 1, 20_000, 300
    return args


def main() -> None:
    """Print the tables."""
    args = options()
    if args.hard:
        what_areas_cost(args)
        return
    rows = [] if args.town is None else [found for found in of_carrollton(args) if found[0].startswith("patrolroute")]
    rows += of_the_night(args)
    worst = max(found.imbalance for _, found in rows)
    whole = all(found.whole == found.areas for _, found in rows)
    gap = max(found.gap for _, found in rows if found.gap is not None)
    print(f"imbalance={worst:.4f} whole={int(whole)} gap={gap:.4f}")


if __name__ == "__main__":
    main()
