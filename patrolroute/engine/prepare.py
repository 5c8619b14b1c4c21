"""Compiling everything before the clock runs: half a minute after an installation, a blink from then on."""

from __future__ import annotations

import logging
from functools import cache

import numpy as np

from patrolroute.engine.arrays import Night
from patrolroute.engine.dice import dice
from patrolroute.engine.params import SearchParams
from patrolroute.engine.routes import take
from patrolroute.engine.search import begin, search
from patrolroute.engine.start import construct, find_hopeless, warm
from patrolroute.problem.solution import Solution, Visit
from patrolroute.units import LongArray

_log = logging.getLogger(__name__)


@cache
def prepare() -> None:
    """Compile the engine, or load what was compiled before; once in a process.

    `solve` does it by itself. A service may call it when it starts, so that the first request need not wait.
    """
    _log.info("loading the engine; the first time after an installation it is compiled, which takes half a minute")
    night, params = tiny_night(), SearchParams()
    hopeless = find_hopeless(night)
    memory = begin(night, construct(night, hopeless), hopeless, params, dice(0))
    search(night, memory, params.knobs(), 1)
    take(night, warm(night, Solution(((Visit(0),),))), 0, 1)  # a start that was given, and one to be repaired


def tiny_night() -> Night:
    """Make a night of one hotspot at the depot and one crew."""
    return Night(
        copy_task=_numbers(0), first_copy=_numbers(0, 1), worth=_numbers(1), span_ptr=_numbers(0, 1),
        span_first=_numbers(0), span_last=_numbers(9), required=np.zeros(1, dtype=np.bool_),
        is_street=np.zeros(1, dtype=np.bool_), ways=_numbers(1), entry=_numbers(0).reshape(1, 1, 1),
        leave=_numbers(0).reshape(1, 1, 1), service_s=_numbers(1).reshape(1, 1, 1),
        least_s=_numbers(1).reshape(1, 1, 1), matrix=np.zeros((1, 1, 1), dtype=np.int32),
        allowed=np.ones((1, 1), dtype=np.bool_), crew_class=_numbers(0), crew_start=_numbers(0), crew_end=_numbers(9),
        depot=_numbers(0), home=_numbers(0), near=_numbers(-1).reshape(1, 1),
    )  # fmt: skip


def _numbers(*values: int) -> LongArray:
    return np.array(values, dtype=np.int64)
