"""What one more visit of each task left out would take: overtime, or other visits that give way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from patrolroute.plan.gaps import LATE, Line, line_of
from patrolroute.plan.giveway import GivenWay, Search
from patrolroute.plan.offers import Offers, offers_of
from patrolroute.plan.overtime import least_overtime
from patrolroute.plan.parts import GiveWay, LeftOut, Overtime

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem
    from patrolroute.problem.solution import Solution

HOPELESS = ("unreachable", "no_crew_allowed")
"""Nobody could ever serve it: neither time nor room helps."""


def with_remedies(problem: PatrolProblem, solution: Solution, reasons: Mapping[int, LeftOut]) -> dict[int, LeftOut]:
    """Add to each reason what one more visit would take.

    Overtime is exact: the fewest seconds over all crews, gaps, open slices and ways, the order of the other visits and
    the break's place in it kept, their hours and slices as planned; those that last to the night's end last as long
    as the night then does. What gives way is the cheapest that `patrolroute.plan.giveway.Search` finds; only a task
    that would fit alone is looked at, and none that fits as it is.
    """
    able = [task for task, why in reasons.items() if why.reason not in HOPELESS]
    if not able:
        return dict(reasons)
    made = {(visit.task, visit.slot) for visit in solution.counted()}
    open_slots = [
        [slot for slot in range(problem.tasks[task].visits_wanted) if (task, slot) not in made] for task in able
    ]
    wanted = list(zip(able, open_slots, strict=True))
    lines = [line_of(problem, solution, crew) for crew in range(len(problem.crews))]
    offers = [offers_of(problem, line.crew, wanted) for line in lines]
    overtime = _overtime(problem, lines, offers, len(able))
    crowded = np.array([
        reasons[task].reason == "displaced" and (one is None or one.extra_s > 0)
        for task, one in zip(able, overtime, strict=True)
    ])  # fmt: skip
    search = Search(problem, Counter(visit.task for visit in solution.counted()), len(able))
    search.run(lines, [some.only(crowded[some.owner]) for some in offers])
    found = search.found()
    remedies = {
        task: replace(reasons[task], overtime=overtime[owner], give_way=_said(problem, lines, found.get(owner)))
        for owner, task in enumerate(able)
    }
    return {task: remedies.get(task, why) for task, why in reasons.items()}


def _said(problem: PatrolProblem, lines: Sequence[Line], found: GivenWay | None) -> GiveWay | None:
    """Give what gives way by its names."""
    if found is None:
        return None
    dropped = (lines[found.crew].visits[number].task for number in found.dropped)
    return GiveWay(problem.crews[found.crew].id, tuple(problem.tasks[task].id for task in dropped), found.worth)


def _overtime(
    problem: PatrolProblem, lines: Sequence[Line], offers: Sequence[Offers], tasks: int
) -> list[Overtime | None]:
    """Give for each task the crew that needs the least overtime, the first one on a tie."""
    table = np.array([least_overtime(problem, line, some, tasks) for line, some in zip(lines, offers, strict=True)])
    return [
        None if table[crew, task] >= LATE else Overtime(problem.crews[crew].id, int(table[crew, task]))
        for task, crew in enumerate(table.argmin(axis=0).tolist())
    ]
