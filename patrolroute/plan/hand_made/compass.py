"""Compass directions as people write them: 由南向北, 向东, northbound, SW."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from patrolroute.units import LonLat

WITHIN_DEG = 75.0
"""A street that runs more than this off a direction does not run that way."""

_ZH = {"东": (1, 0), "西": (-1, 0), "南": (0, -1), "北": (0, 1)}
_EN = {"east": (1, 0), "west": (-1, 0), "south": (0, -1), "north": (0, 1)}
_TO = re.compile(r"[向往到至朝→>]|\bto\b|\btowards?\b")
_WORD = re.compile(r"north|south|east|west|^[ns]?[ew]?$")


def compass(text: str) -> tuple[int, int] | None:
    """Read a direction as steps east and north; of ``from … to …`` the second half counts. None if it is none.

    Examples
    --------
    >>> compass("由南向北"), compass("往东北"), compass("south-west"), compass("Northbound"), compass("南北")
    ((0, 1), (1, 1), (-1, -1), (0, 1), None)
    """
    goal = _TO.split(text.lower())[-1].strip()
    steps = [_ZH[letter] for letter in goal if letter in _ZH]
    if not steps:
        words = goal.removesuffix("bound").replace("-", "").replace(" ", "")
        found = _WORD.findall(words)
        letters = {word[0]: step for word, step in _EN.items()}
        steps = [_EN[word] if word in _EN else letters[letter] for word in found for letter in _spelt(word)]
    east, north = (sum(step[axis] for step in steps) for axis in (0, 1))
    return (east, north) if east or north else None


def _spelt(word: str) -> Sequence[str]:
    """Give a whole word once, an abbreviation letter by letter."""
    return [word] if word in _EN else list(word)


def runs_towards(first: LonLat, last: LonLat, direction: tuple[int, int]) -> bool:
    """Say whether a way from one point to another leads in a direction, by the crow.

    Examples
    --------
    >>> runs_towards((117.0, 32.6), (117.0, 32.7), (0, 1)), runs_towards((117.0, 32.6), (117.1, 32.6), (0, 1))
    (True, False)
    """
    east = (last[0] - first[0]) * math.cos(math.radians(first[1]))
    north = last[1] - first[1]
    length = math.hypot(east, north) * math.hypot(*direction)
    return length > 0 and (east * direction[0] + north * direction[1]) / length >= math.cos(math.radians(WITHIN_DEG))
