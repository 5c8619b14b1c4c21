"""What a benchmark must know of a published instance, whatever its kind."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from patrolroute.problem.evaluate import Solution
from patrolroute.problem.instance import Instance

SHARED = Path(__file__).resolve().parents[4] / "shared" / "bench"
"""Where the published sets are, if they are there: beside the checkout."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The value that others found, and whether it is proven that there is no better one."""

    value: float
    is_proven: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """What a plain re-evaluation says of an answer.

    Parameters
    ----------
    value
        The objective: profit, or cost.
    missed
        What had to be served, could have been, and was not.
    impossible
        What had to be served and nobody could serve, so that the value compares with nothing.
    faults
        Rules that are broken, in words.
    """

    value: int
    missed: tuple[str, ...] = ()
    impossible: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


class Case(Protocol):
    """A published instance, how the library is asked, and how its answer is judged."""

    @property
    def name(self) -> str:
        """How others call it."""

    @property
    def reference(self) -> Reference | None:
        """What there is to compare with."""

    @property
    def is_profit(self) -> bool:
        """Whether more is better."""

    def instance(self) -> Instance:
        """Put it as the library wants it."""

    def answer(self, solution: Solution) -> Sequence[Sequence[Any]]:
        """Put the library's decisions in the words of the instance, one list for each crew."""

    def check(self, routes: Sequence[Sequence[Any]]) -> Checked:
        """Judge an answer by the instance alone."""


def read_rows(path: Path) -> list[dict[str, str]]:
    """Read a table of references, empty where there is none."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_number(text: str, thing: str) -> int:
    """Read a whole number; published files write some as ``15.00``."""
    try:
        number = float(text)
    except ValueError:
        raise ValueError(f"{thing}: {text!r} is not a number") from None
    if number != int(number) or number < 0:
        raise ValueError(f"{thing}: {text} is not a whole number from 0")
    return int(number)
