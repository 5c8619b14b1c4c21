"""Compiling everything before the clock runs: up to a minute after an installation, a blink from then on."""

from __future__ import annotations

import logging
from functools import cache

import numpy as np

from patrolroute.dice import dice
from patrolroute.engine.accept import beats
from patrolroute.engine.arrays import Night
from patrolroute.engine.edit import take
from patrolroute.engine.memory import begin, cool_anew, take_over
from patrolroute.engine.params import SearchParams
from patrolroute.engine.pool import routes_of
from patrolroute.engine.records import filled
from patrolroute.engine.search import search
from patrolroute.engine.start import construct, find_hopeless, warm
from patrolroute.problem.solution import Solution, Visit

_log = logging.getLogger(__name__)


@cache
def prepare() -> None:
    """Compile the engine, or load what was compiled before; once in a process.

    `solve` does it by itself. A service may call it when it starts, so that the first request need not wait.
    """
    _log.info("loading the engine; the first time after an installation it is compiled, which takes up to a minute")
    night, params = tiny_night(), SearchParams()
    hopeless = find_hopeless(night)
    memory = begin(night, construct(night, hopeless), hopeless, params, dice(0))
    search(night, memory, params.knobs(), 1)
    if not beats(night, memory.best, memory.levels):
        take_over(night, memory.best, memory)
    cool_anew(night, memory, False)
    routes_of(night, memory.best)
    take(night, warm(night, Solution(((Visit(0),),))), 0, 1)  # a start that was given, and one to be repaired


def tiny_night() -> Night:
    """Make a night of one hotspot at the depot and one crew."""
    still = np.zeros((1, 1, 1), dtype=np.int32)
    return Night(
        task=filled(required=[0], is_street=[0], ways=[1], first_copy=[0], end_copy=[1], load=[0]),
        copy=filled(task=[0], worth=[1], first_span=[0], end_span=[1]),
        span=filled(first=[0], last=[9]),
        way=filled(entry=[[[0]]], leave=[[[0]]], service_s=[[[1]]], least_s=[[[1]]]),
        crew=filled(kind=[0], start_s=[0], end_s=[9], depot=[0], home=[0], capacity=[0], rest=[-1], twin=[-1]),
        matrix=still,
        cost=still,
        allowed=np.ones((1, 1), dtype=np.bool_),
        is_by_depot=np.ones((1, 1), dtype=np.bool_),
        near=np.full((1, 1), -1, dtype=np.int64),
        is_balanced=True,
    )
