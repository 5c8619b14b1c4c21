"""Team orienteering with time windows (Vansteenwegen et al. 2009, doi:10.1016/j.cor.2009.03.008).

A crew leaves the depot at 0 or later and is back when it closes. A visit begins within its window, which a crew may
wait for, and may last beyond it. Distances are Euclidean, cut to tenths (Cordeau's files: to hundredths), exactly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from pathlib import Path

import numpy as np

from patrolroute.problem.evaluate import Solution
from patrolroute.problem.instance import Instance
from patrolroute.problem.matrix import MatrixCrew, MatrixTask
from published.case import Checked, Reference, read_number, read_rows

CREWS = 4
"""With one to so many crews each file is a case."""

HEAD_LINES, LEAST_FIELDS, COUNT_FIELD = 2, 7, 2
"""Lines before the points; fields of a point at least; which number of the first line is how many points there are."""

FINE = "pr"
"""How the names of files begin whose distances have two decimals; all others have one."""


@dataclass(frozen=True, slots=True)
class Point:
    """A point: where it is, how long a visit takes, what it is worth, when a visit may begin."""

    x: Fraction
    y: Fraction
    visit: Fraction
    prize: int
    opens: Fraction
    closes: Fraction


@dataclass(frozen=True)
class Windowed:
    """An instance with so many crews; the first point is the depot."""

    name: str
    points: tuple[Point, ...]
    crews: int
    unit: int
    reference: Reference | None = None
    is_profit: bool = True

    def away(self, one: int, other: int) -> int:
        """Return the distance of two points in whole units, cut."""
        here, there = self.points[one], self.points[other]
        square = ((here.x - there.x) ** 2 + (here.y - there.y) ** 2) * self.unit**2
        return isqrt(square.numerator // square.denominator)

    def units(self, time: Fraction) -> int:
        """Return a time in whole units.

        Raises
        ------
        ValueError
            If it is no whole number of them.
        """
        scaled = time * self.unit
        if scaled.denominator != 1:
            raise ValueError(f"{self.name}: a time of {time} is no whole number of 1/{self.unit}")
        return int(scaled)

    def instance(self) -> Instance:
        """Serve what fits; the depot is a point like any other, without a prize."""
        count = range(len(self.points))
        seconds = np.array([[self.away(one, other) for other in count] for one in count], dtype=np.int32)
        tasks = [
            MatrixTask(
                ((number, number, self.units(point.visit)),), prize=point.prize,
                windows=((self.units(point.opens), self.units(point.closes)),),
            )
            for number, point in enumerate(self.points) if number
        ]  # fmt: skip
        crew = MatrixCrew(0, self.units(self.points[0].closes))
        return Instance.from_matrix(seconds, tasks, [crew] * self.crews, balance=False)

    def answer(self, solution: Solution) -> list[list[int]]:
        """Return the points of each crew in order, without the depot."""
        return [[visit.task + 1 for visit in route] for route in solution.routes]

    def check(self, routes: Sequence[Sequence[int]]) -> Checked:
        """Sum up the prizes; drive every route by the clock."""
        visited = Counter(point for route in routes for point in route)
        return Checked(sum(self.points[point].prize for point in visited), faults=tuple(self._faults(routes, visited)))

    def _faults(self, routes: Sequence[Sequence[int]], visited: Counter[int]) -> Iterator[str]:
        if len(routes) > self.crews:
            yield f"{len(routes)} routes for {self.crews} crews"
        for point, times in sorted(visited.items()):
            if times > 1 or not 0 < point < len(self.points):
                yield f"point {point} is visited {times} times"
        for number, route in enumerate(routes):
            at, clock = 0, Fraction(0)
            for point in route:
                clock = max(clock + Fraction(self.away(at, point), self.unit), self.points[point].opens)
                if clock > self.points[point].closes:
                    yield f"route {number} comes to point {point} at {float(clock)}"
                at, clock = point, clock + self.points[point].visit
            if clock + Fraction(self.away(at, 0), self.unit) > self.points[0].closes:
                yield f"route {number} is back too late"


def read(path: Path, crews: int, reference: Reference | None = None) -> Windowed:
    """Read a file for a number of crews.

    Raises
    ------
    ValueError
        If it has another number of points than it says, or a line that is none.
    """
    lines = [line.split() for line in path.read_text(encoding="ascii").splitlines() if line.strip()]
    rows = lines[HEAD_LINES:]
    if not lines or len(lines[0]) <= COUNT_FIELD or len(rows) != int(lines[0][COUNT_FIELD]) + 1:
        raise ValueError(f"{path.name}: it has {len(rows) - 1} points beside the depot, not as many as it says")
    if wrong := [number for number, row in enumerate(rows) if len(row) < LEAST_FIELDS or row[0] != str(number)]:
        raise ValueError(f"{path.name}: line of point {wrong[0]} is none")
    points = tuple(
        Point(
            Fraction(row[1]), Fraction(row[2]), Fraction(row[3]), read_number(row[4], f"{path.name}: prize"),
            Fraction(row[-2]), Fraction(row[-1]),
        )
        for row in rows
    )  # fmt: skip
    unit = 100 if path.stem.startswith(FINE) else 10
    return Windowed(f"{path.stem}-{crews}", points, crews, unit, reference)


def read_folder(folder: Path) -> list[Windowed]:
    """Read all files in a folder, each with one crew to four, with the values of others beside them."""
    known = {
        (row["instance"], int(row["crews"])): Reference(float(row["value"]), row["status"].startswith("optimum"))
        for row in read_rows(folder / "reference.csv")
    }
    paths = sorted(path for path in folder.glob("*.txt") if path.read_text("ascii", "replace")[:1].isdigit())
    return [read(path, crews, known.get((path.stem, crews))) for path in paths for crews in range(1, CREWS + 1)]
