"""One run: the library searches, the instance's own plain check judges."""

from __future__ import annotations

import time
from dataclasses import dataclass

from patrolroute.search.engine import warm_up
from patrolroute.search.params import SearchParams
from patrolroute.search.points import search
from published.case import Case, Checked


class BrokenRuleError(Exception):
    """An answer breaks a rule of its instance."""


@dataclass(frozen=True, slots=True)
class Run:
    """What came of an instance with one seed.

    Parameters
    ----------
    checked
        What the plain check says.
    gap_percent
        How much worse than the reference, negative if better; None without reference or if something was not served.
    seconds, cpu_s, work
        What it took. On a busy machine a run gets less than its seconds from the processor, and finds less.
    """

    checked: Checked
    gap_percent: float | None
    seconds: float
    cpu_s: float
    work: int


def compile_first() -> None:
    """Compile before any clock runs."""
    warm_up()


def run_one(case: Case, seed: int, *, seconds: float) -> Run:
    """Search and judge; a broken rule ends the benchmark."""
    began = time.process_time()
    found = search(case.instance(), time_limit=seconds, seed=seed, params=SearchParams(chains=1), threads=1)
    cpu_s = time.process_time() - began
    checked = case.check(case.answer(found.solution))
    if checked.faults:
        raise BrokenRuleError(f"{case.name}, seed {seed}: {'; '.join(checked.faults[:5])}")
    return Run(checked, gap_percent(case, checked), found.seconds, cpu_s, found.work)


def gap_percent(case: Case, checked: Checked) -> float | None:
    """Return how much worse than the reference an answer is."""
    if case.reference is None or checked.missed or checked.impossible:
        return None
    worse = case.reference.value - checked.value if case.is_profit else checked.value - case.reference.value
    return 100 * worse / case.reference.value if worse else 0.0
