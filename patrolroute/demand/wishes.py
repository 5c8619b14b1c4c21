"""The rules that streets and hotspots share: priority, visits, headway, prize, mode, load."""

from __future__ import annotations

from collections.abc import Iterator
from numbers import Integral, Real
from typing import Any, Protocol, TypeGuard

from patrolroute.units import Points, Seconds
from patrolroute.words import MODES

PRIORITY_MIN, PRIORITY_MAX = 1, 5
MAX_VISITS = 48
"""One visit every quarter of an hour through a twelve-hour night."""

MAX_STOP_S: Seconds = 16 * 3600
"""No dwell and no headway is longer than the longest shift."""

MAX_PRIZE: Points = 10**9
"""Sums over a night stay far inside 64 bits."""

MAX_LOAD = 10**6
"""Of one visit, and of a crew's capacity; sums over a night stay far inside 32 bits."""

DEFAULT_HEADWAY_S: Seconds = 900
"""A second look within a quarter of an hour adds little; used where several visits and no headway are wanted."""


class Wish(Protocol):
    """What is asked for a street or a hotspot."""

    @property
    def priority(self) -> int:
        """1 (lowest) to 5 (highest)."""

    @property
    def required(self) -> bool:
        """Whether leaving it out is a fault."""

    @property
    def visits(self) -> int:
        """How often it is wanted."""

    @property
    def headway_s(self) -> Seconds | None:
        """Least seconds between the starts of two counted visits."""

    @property
    def mode(self) -> str:
        """Who serves it."""

    @property
    def load(self) -> int:
        """What a visit takes of a crew's capacity."""


def broken_wishes(thing: str, wish: Wish) -> Iterator[str]:
    """Say which of the shared rules a street or a hotspot breaks."""
    yield from not_whole(f"{thing}: priority", wish.priority, PRIORITY_MIN, PRIORITY_MAX)
    yield from not_whole(f"{thing}: visits", wish.visits, 1, MAX_VISITS)
    if wish.headway_s is not None:
        yield from not_whole(f"{thing}: headway_s", wish.headway_s, 0, MAX_STOP_S)
    if wish.required not in (True, False):
        yield f"{thing}: required {short(wish.required)} is neither True nor False"
    yield from not_whole(f"{thing}: load", wish.load, 0, MAX_LOAD)
    if wish.mode not in MODES:
        yield f"{thing}: mode {short(wish.mode)} is not one of {', '.join(MODES)}"


def headway_of(wish: Wish) -> Seconds:
    """Give the headway that holds: a quarter of an hour where several visits are wanted and none is given."""
    if wish.headway_s is not None:
        return wish.headway_s
    return DEFAULT_HEADWAY_S if wish.visits > 1 else 0


def not_whole(thing: str, value: Any, low: int, high: int) -> Iterator[str]:
    """Complain unless a value is a whole number within bounds."""
    if not isinstance(value, Integral) or isinstance(value, bool) or not low <= int(value) <= high:
        yield f"{thing} {short(value)} is not a whole number between {low:,} and {high:,}"


def is_number(value: Any) -> TypeGuard[float]:
    """Say whether a value is a number of any library's, not a truth or a text."""
    return isinstance(value, Real) and not isinstance(value, bool)


def make_plain(wish: Any, *names: str) -> None:
    """Turn whole numbers of other libraries (numpy, pandas) in a frozen object into Python's own."""
    for name in names:
        value = getattr(wish, name)
        if value is not None:
            object.__setattr__(wish, name, int(value))


def short(value: Any, most: int = 40) -> str:
    """Show a value in a complaint, cut where it is long."""
    text = repr(value)
    return text if len(text) <= most else f"{text[: most - 1]}…"
