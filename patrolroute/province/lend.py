"""Crews lent across borders as a what-if: what one crew more changes here and one less there."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import shapely

from patrolroute.base.arguments import checked
from patrolroute.network.places import METRES_A_DEGREE
from patrolroute.plan.document import PLAN_FILE
from patrolroute.province.jobs import Job, JobMaker, NightOptions, Nights, attempted, named
from patrolroute.province.model import BureauNight, Province
from patrolroute.province.pools import Given, OwnProcesses, run_here, run_in
from patrolroute.search.prepare import prepare

NEAR_M = 3000.0
"""Bureaus whose streets come as near as this are neighbours: some ten minutes' drive."""

WORK = 2_000
"""Units of work for each search: a few seconds on a night of two dozen crews, from a plan that is good already."""

VARIANTS = (0, 1, -1)
"""Crews more: none, one, one less. All three are searched for equally long, so that their differences are fair."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lending:
    """What changes if a bureau lends a crew to a neighbour.

    Parameters
    ----------
    lender, borrower
        Names of bureaus.
    required_change
        Required tasks missed, of both together: less is better.
    seen_lender, seen_borrower
        Change of what is seen, as a share; None where the night was planned for points alone.
    points_lender, points_borrower
        Change of the points collected, as a share of all.
    """

    lender: str
    borrower: str
    required_change: int
    seen_lender: float | None
    seen_borrower: float | None
    points_lender: float | None
    points_borrower: float | None


@checked(but=("nights", "executor", "callback"))
def lend_crews(  # noqa: PLR0913 - a word for each
    province: Province,
    nights: Nights,
    *,
    executor: Executor | None = None,
    workers: int | None = None,
    work_limit: int = WORK,
    tries: int = 3,
    callback: Callable[[BureauNight], object] | None = None,
) -> tuple[Lending, ...]:
    """Return what one crew lent between each two neighbouring bureaus would change, the most useful first.

    A lent crew is like the first one of who borrows it and starts where that starts; who lends goes without its last
    crew. Each of the three nights of a bureau, with one crew more, one less and as it is, is searched for equally long
    from the finished plan. These are estimates for a decision, no plans.

    Parameters
    ----------
    province
        Nights that were written to folders.
    nights
        As they were given to `solve_many`, by the same names.
    executor, workers, tries
        As in `solve_many`.
    work_limit
        Units of work for each search.
    callback
        Told of each search that is over; stops the others by returning True.

    Raises
    ------
    InputError
        If something is no night.
    """
    given, done = named(nights), {night.name: night for night in province.done if night.folder is not None}
    pairs = list(neighbours([night for night in done.values() if night.name in given]))
    maker = JobMaker(NightOptions(work_limit=work_limit), 1, None, tries)
    jobs = list[Job]()
    for name in sorted({name for pair in pairs for name in pair}):
        job = attempted(maker, name, given[name])
        if isinstance(job, Job):
            seed, options = done[name].seed, replace(maker.options, goal=done[name].goal)
            started = replace(job, seed=seed, options=options, start=_plan_of(done[name]), sends=False)
            jobs += [replace(started, name=f"{extra:+d} {name}", extra=extra) for extra in VARIANTS]
    found = dict[str, BureauNight]()

    def tell(night: BureauNight) -> bool:
        found[night.name] = night
        return callback is None or callback(night) is not True

    if executor is None and (workers or 1) == 1:
        run_here(jobs, tell)
    elif jobs:
        prepare()
        run_in(OwnProcesses(workers or 1) if executor is None else Given(executor, len(jobs)), jobs, tell)
    rows = [row for lender, borrower in pairs if (row := _row(lender, borrower, found)) is not None]
    return tuple(sorted(rows, key=_most_useful_first))


def _plan_of(night: BureauNight) -> Path | None:
    return None if night.folder is None else night.folder / PLAN_FILE


def neighbours(nights: Sequence[BureauNight]) -> Iterator[tuple[str, str]]:
    """Yield the names of each two bureaus that are neighbours, either way round.

    Parameters
    ----------
    nights
        With their outlines; one whose streets are near nobody's has its nearest for a neighbour.
    """
    lats = [night.place[1] for night in nights if night.place is not None]
    squeeze = math.cos(math.radians(sum(lats) / max(1, len(lats))))
    shapes = {night.name: _on_plane(night, squeeze) for night in nights if night.place is not None}
    near = {name: sorted((shape.distance(other), its) for its, other in shapes.items() if its != name)
            for name, shape in shapes.items()}  # fmt: skip
    pairs = set[tuple[str, str]]()
    for name, others in near.items():
        close = [its for metres, its in others if metres <= NEAR_M] or [its for _, its in others[:1]]
        pairs |= {pair for its in close for pair in ((name, its), (its, name))}
    yield from sorted(pairs)


def _on_plane(night: BureauNight, squeeze: float) -> Any:
    """Return what a bureau covers in metres; a degree of longitude is as much shorter as ``squeeze`` says."""
    points = night.outline or ((night.place,) if night.place else ())
    scaled = [(lon * METRES_A_DEGREE * squeeze, lat * METRES_A_DEGREE) for lon, lat in points]
    return shapely.MultiPoint(scaled).convex_hull


def _row(lender: str, borrower: str, found: dict[str, BureauNight]) -> Lending | None:
    """Return what changes; None where one of the nights could not be planned so."""
    asked = ((lender, 0), (lender, -1), (borrower, 0), (borrower, 1))
    parts = [part for name, extra in asked if (part := found.get(f"{extra:+d} {name}")) is not None and part.is_done]
    if len(parts) < len(asked):
        return None
    was, less, had, more = parts
    change = less.required_missed - was.required_missed + more.required_missed - had.required_missed
    return Lending(
        lender=lender,
        borrower=borrower,
        required_change=change,
        seen_lender=_less(_seen(less), _seen(was)),
        seen_borrower=_less(_seen(more), _seen(had)),
        points_lender=_less(less.points_share, was.points_share),
        points_borrower=_less(more.points_share, had.points_share),
    )


def _seen(night: BureauNight) -> float | None:
    """Return what is seen, where the night was planned to be: where points alone count, crews go home early."""
    return night.seen if night.goal == "presence" else None


def _less(after: float | None, before: float | None) -> float | None:
    return None if after is None or before is None else round(after - before, 6)


def _most_useful_first(row: Lending) -> tuple[float, ...]:
    """Sort by what is required, then by what is seen at both together, then by points."""
    seen = (row.seen_lender or 0) + (row.seen_borrower or 0)
    return row.required_change, -seen, -((row.points_lender or 0) + (row.points_borrower or 0))
