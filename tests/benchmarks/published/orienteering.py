"""Team orienteering (Chao, Golden and Wasil 1996, doi:10.1016/0377-2217(94)00289-4): points, prizes, a budget of way.

A crew goes from the first point to the last one within the budget; distances are Euclidean and real-valued. The
library gets them scaled and rounded up to whole numbers, so what it finds holds. The check is exact: it encloses the
sum of roots between whole numbers, with more digits until it is decided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import isqrt, lcm
from pathlib import Path

import numpy as np

from patrolroute.base.vocabulary import INFINITE_S
from patrolroute.problem.evaluate import Solution
from patrolroute.problem.instance import Instance
from patrolroute.problem.matrix import MatrixCrew, MatrixTask
from published.case import Checked, Reference, read_number, read_rows

Place = tuple[Fraction, Fraction]

HEAD_LINES = ("n", "m", "tmax")
REFERENCES = "best_known.csv"
CORRECTIONS = {("p5.3.e", 110.0): Reference(95, is_proven=True)}
"""The usual table gives p5.3.e the value of p5.3.f. Going through all routes proves that there is no more than 95."""


@dataclass(frozen=True)
class Orienteering:
    """An instance; the first point is the start, the last one the end."""

    name: str
    places: tuple[Place, ...]
    prizes: tuple[int, ...]
    crews: int
    budget: Fraction
    reference: Reference | None = None
    is_profit: bool = True

    @property
    def worthy(self) -> list[int]:
        """Points between start and end that have a prize."""
        return [point for point in range(1, len(self.places) - 1) if self.prizes[point]]

    def instance(self) -> Instance:
        """Scale and round up: a route that keeps the whole numbers' budget keeps the real one."""
        scale = scale_of(self)
        squares = [[square(one, other) for other in self.places] for one in self.places]
        seconds = np.array([[root(value * scale**2, up=True) for value in row] for row in squares], dtype=np.int32)
        tasks = [MatrixTask(((point, point, 0),), prize=self.prizes[point]) for point in self.worthy]
        crew = MatrixCrew(0, int(self.budget * scale), depot=0, end_depot=len(self.places) - 1)
        return Instance.from_matrix(seconds, tasks, [crew] * self.crews, balance=False)

    def answer(self, solution: Solution) -> list[list[int]]:
        """Return the points of each crew in order, without start and end."""
        worthy = self.worthy
        return [[worthy[visit.task] for visit in route] for route in solution.routes]

    def check(self, routes: Sequence[Sequence[int]]) -> Checked:
        """Sum up the prizes; hold each route's length against the budget exactly."""
        visited = Counter(point for route in routes for point in route)
        return Checked(sum(self.prizes[point] for point in visited), faults=tuple(_faults(self, routes, visited)))


def scale_of(case: Orienteering) -> int:
    """Return the greatest power of ten that keeps all sums of seconds far below the library's infinity."""
    corners = [max(place[axis] for place in case.places) - min(place[axis] for place in case.places) for axis in (0, 1)]
    greatest = case.crews * max(case.budget, *corners) * 2
    scale = 1
    while greatest * scale * 10 < INFINITE_S:
        scale *= 10
    return scale


def square(one: Place, other: Place) -> Fraction:
    """Return the squared distance, exactly."""
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2


def root(value: Fraction, *, up: bool) -> int:
    """Return a square root as a whole number, rounded down or up."""
    down = isqrt(value.numerator // value.denominator)
    return down + (up and down * down < value)


def is_within(squares: Sequence[Fraction], budget: Fraction) -> bool:
    """Return whether the sum of square roots is at most the budget, exactly.

    If any root is irrational so is the sum (square roots of rationals add up to a rational only if all are rational),
    and enough digits tell it from the budget. Rational roots are taken exactly.
    """
    denominator = lcm(*(value.denominator for value in squares), budget.denominator, 1)
    for digits in range(20, 2000, 20):
        unit = denominator * 10**digits
        scaled = [value * unit**2 for value in squares]
        if sum(root(value, up=True) for value in scaled) <= budget * unit:
            return True
        if sum(root(value, up=False) for value in scaled) > budget * unit:
            return False
    raise ArithmeticError(f"2000 digits do not tell a sum of {len(squares)} roots from {budget}")


def _faults(case: Orienteering, routes: Sequence[Sequence[int]], visited: Counter[int]) -> Iterator[str]:
    if len(routes) > case.crews:
        yield f"{len(routes)} routes for {case.crews} crews"
    for point, times in sorted(visited.items()):
        if not 0 < point < len(case.places) - 1:
            yield f"point {point} is none to visit"
        if times > 1:
            yield f"point {point} is visited {times} times"
    for number, route in enumerate(routes):
        stops = [case.places[point] for point in (0, *route, -1)] if route else []
        if not is_within([square(*leg) for leg in pairwise(stops)], case.budget):
            yield f"route {number} is longer than {float(case.budget)}"


def read(path: Path, reference: Reference | None = None) -> Orienteering:
    """Read a file: three lines of head, then a line for each point."""
    lines = [line.split() for line in path.read_text(encoding="ascii").splitlines() if line.strip()]
    head = {line[0]: line[1] for line in lines[: len(HEAD_LINES)] if len(line) == 2}
    if tuple(head) != HEAD_LINES:
        raise ValueError(f"{path.name}: the first lines give {', '.join(head)}; they must give {', '.join(HEAD_LINES)}")
    points = lines[len(HEAD_LINES) :]
    if len(points) != int(head["n"]):
        raise ValueError(f"{path.name}: it has {len(points)} points and says {head['n']}")
    if short := [number for number, point in enumerate(points) if len(point) != 3]:
        raise ValueError(f"{path.name}: points {short} are not given by x, y and prize")
    places = tuple((Fraction(x), Fraction(y)) for x, y, _ in points)
    prizes = tuple(read_number(prize, f"{path.name}: prize") for *_, prize in points)
    return Orienteering(path.stem, places, prizes, int(head["m"]), Fraction(head["tmax"]), reference)


def read_folder(folder: Path) -> list[Orienteering]:
    """Read all instances in a folder and below, with the best known values beside them."""
    rows = [(row["instance"], float(row["best_known"])) for row in read_rows(folder / REFERENCES)]
    known = {name: CORRECTIONS.get((name, value), Reference(value)) for name, value in rows}
    paths = sorted(path for path in folder.rglob("*.txt") if path.read_text(encoding="utf-8").startswith("n "))
    return [read(path, known.get(path.stem)) for path in paths]
