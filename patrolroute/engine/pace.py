"""How many iterations to run between two looks at the stop rules."""

from __future__ import annotations

import time
from collections.abc import Callable

SLICE_S = 0.1
"""Seconds between two looks: half of the 0.2 s within which Ctrl-C must work, for slices are guessed."""

FIRST_SLICE = 16
"""Iterations before the first look: a few milliseconds even on large nights."""


class Pace:
    """Guesses slices of `SLICE_S` from the slice before; only when the rules are looked at depends on it."""

    def __init__(self) -> None:
        self._size = FIRST_SLICE

    def run(self, go_on: Callable[[int], None], room: int) -> None:
        """Go on for a slice, or less if there is less room."""
        size = min(self._size, room)
        began = time.perf_counter()
        go_on(size)
        if size == self._size:
            seconds = max(time.perf_counter() - began, 1e-6)
            self._size = max(1, min(2 * size, int(size * SLICE_S / seconds)))
