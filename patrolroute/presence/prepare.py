"""Compiling the search for presence before the clock runs: some ten seconds after an installation, then a blink."""

from __future__ import annotations

import logging
from functools import cache

import numpy as np

from patrolroute.engine.prepare import tiny_night
from patrolroute.presence.arrays import Streets
from patrolroute.presence.finish import slow_down
from patrolroute.presence.memory import back_to_best, remember
from patrolroute.presence.search import improve
from patrolroute.problem.solution import Solution

_log = logging.getLogger(__name__)


@cache
def prepare() -> None:
    """Compile the search, or load what was compiled before; once in a process."""
    _log.info("loading the search for presence; the first time after an installation it is compiled")
    one, still = np.zeros(1, dtype=np.int64), np.full((1, 1, 1), -1, dtype=np.int32)
    night, streets = tiny_night(), Streets(one, one, still, one, np.zeros((1, 1), dtype=np.int64), 9)
    memory = remember(night, streets, Solution.empty(1), seed=0)
    improve(night, streets, memory, 1)
    back_to_best(night, streets, memory)
    slow_down(night, streets, memory)
