"""What is printed: a line for each instance, and figures that sum up."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from published.case import Case
from published.measure import Run

HEAD = f"{'instance':<16}{'reference':>10}{'found':>11}{'best':>8}{'gap %':>8}{'s':>7}{'cpu s':>7}{'iterations':>12}"

Outcome = tuple[Case, Sequence[Run]]


def line(case: Case, runs: Sequence[Run]) -> str:
    """Return means over seeds, the best value, and what is remarkable."""
    values = [run.checked.value for run in runs]
    gaps = [run.gap_percent for run in runs if run.gap_percent is not None]
    known = "" if case.reference is None else f"{case.reference.value:g}{'=' if case.reference.is_proven else ''}"
    return (
        f"{case.name:<16}{known:>10}{fmean(values):>11.1f}{max(values) if case.is_profit else min(values):>8}"
        f"{f'{fmean(gaps):.3f}' if gaps else '':>8}"
        f"{fmean(run.seconds for run in runs):>7.2f}{fmean(run.cpu_s for run in runs):>7.2f}"
        f"{fmean(run.work for run in runs):>12.0f}{remark(case, runs)}"
    )


def remark(case: Case, runs: Sequence[Run]) -> str:
    """Return what was missed, and whether the reference was beaten."""
    words = ""
    for word in ("missed", "impossible"):
        if count := max(len(getattr(run.checked, word)) for run in runs):
            words += f"  {count} {word}"
    if any(is_beaten(run) for run in runs):
        proven = case.reference is not None and case.reference.is_proven
        words += "  BETTER THAN A PROVEN OPTIMUM: one of the two is wrong" if proven else "  better than the reference"
    return words


def is_matched(run: Run) -> bool:
    """Return whether an answer is as good as the reference, or better."""
    return run.gap_percent is not None and run.gap_percent <= 0


def is_beaten(run: Run) -> bool:
    """Return whether an answer is better than the reference."""
    return run.gap_percent is not None and run.gap_percent < 0


def figures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Sum up over all runs; matched and beaten count runs that have a reference."""
    every = [run for _, runs in outcomes for run in runs]
    known = [(case, run) for case, runs in outcomes for run in runs if case.reference is not None]
    gaps = [run.gap_percent for _, run in known if run.gap_percent is not None]
    matched = sum(is_matched(run) for _, run in known)
    found: dict[str, float] = {"instances": len(outcomes), "runs": len(every), "compared": len(known)}
    if gaps:
        found |= {"mean_gap_percent": fmean(gaps), "worst_gap_percent": max(gaps)}
    found |= {"matched": matched, "beaten": sum(is_beaten(run) for _, run in known)}
    found["matched_percent"] = 100 * matched / len(known) if known else 0.0
    if proven := [run for case, run in known if case.reference is not None and case.reference.is_proven]:
        found |= {"proven": len(proven), "proven_matched": sum(is_matched(run) for run in proven)}
        found |= _mean_gap("proven", proven)
        others = [run for case, run in known if case.reference is not None and not case.reference.is_proven]
        found |= _mean_gap("unproven", others)
    found["incomplete"] = sum(bool(run.checked.missed) for run in every)
    found["cpu_to_wall_mean"] = fmean(run.cpu_s / run.seconds for run in every)
    return found | {"seconds_max": max(run.seconds for run in every)}


def _mean_gap(word: str, runs: Sequence[Run]) -> dict[str, float]:
    gaps = [run.gap_percent for run in runs if run.gap_percent is not None]
    return {f"{word}_mean_gap_percent": fmean(gaps)} if gaps else {}
