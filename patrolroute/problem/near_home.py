"""Near home (就近巡逻): crews keep to their own part of the town unless being seen elsewhere is worth what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from patrolroute.base.arguments import checked_fields
from patrolroute.base.errors import Complaints, ProblemError, short
from patrolroute.base.vocabulary import BoolArray, Metres
from patrolroute.demand.model import MAX_WEIGHT, STEP_OFF, is_number, make_plain, not_whole
from patrolroute.network.coordinates import inside, metres_between

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem

MAX_HOME_M = 200_000
"""Farther than a crew drives from its depot and back in a night."""

USUAL_NEAR_HOME = 0.5
"""Half of what a lone pass is worth: a street away from home must be alone for twice as long to be as good."""

DEPOT_DIGITS = 7
"""Of degrees: as many as a plan says of its depots, so that the plan finds the same streets near."""


@checked_fields(but=("metres", "weight", "leave_areas"))
@dataclass(frozen=True, slots=True)
class NearHome:
    """What it costs that a crew is seen away from its own part of the town.

    A crew's own part is its patrol area if it has one, else all within so many metres of where its route starts or
    ends. With the goal presence a pass or patrol of a street whose midpoint lies elsewhere costs ``weight`` times what
    a pass is worth at the most on a street that nobody else comes by: priority · metres · 15 minutes. So a crew goes
    there only where more than that is to be gained.

    Parameters
    ----------
    metres
        Straight line from the depot, whole metres from 0; None where only crews with a patrol area have a part of
        their own.
    weight
        0 to 10 in steps of 0.01. 0 costs nothing: what lies away is measured all the same.
    leave_areas
        Whether crews may drive and patrol streets outside their patrol areas, at this cost. Stops outside stay
        forbidden to them.

    Raises
    ------
    ProblemError
        With every rule broken.

    Examples
    --------
    >>> NearHome(2000).hundredths, NearHome(weight=0.25, leave_areas=True).metres
    (50, None)
    """

    metres: Metres | None = None
    weight: float = USUAL_NEAR_HOME
    leave_areas: bool = False

    def __post_init__(self) -> None:
        complaints = Complaints()
        complaints.extend(_broken_rules(self))
        complaints.raise_as(ProblemError)
        make_plain(self, "metres")
        object.__setattr__(self, "weight", float(self.weight))

    @property
    def hundredths(self) -> int:
        """The weight in whole hundredths."""
        return round(100 * self.weight)


def _broken_rules(given: NearHome) -> Iterator[str]:
    thing = "near home"
    if given.metres is not None:
        yield from not_whole(f"{thing}: metres", given.metres, 0, MAX_HOME_M)
    if not is_number(given.weight) or not 0 <= given.weight <= MAX_WEIGHT:
        yield f"{thing}: weight {short(given.weight)} is not between 0 and {MAX_WEIGHT:g}"
    elif abs(given.weight * 100 - round(given.weight * 100)) > STEP_OFF:
        yield f"{thing}: weight {given.weight} has more than two decimals"
    if not isinstance(given.leave_areas, bool):
        yield f"{thing}: leave_areas {short(given.leave_areas)} is neither true nor false"


def streets_away(problem: PatrolProblem) -> BoolArray:
    """Return which streets lie away from each crew's own part, shape ``(crews, tasks)``; none where nobody asked."""
    away = np.zeros((len(problem.crews), len(problem.tasks)), dtype=np.bool_)
    near_home = problem.near_home
    streets = [number for number, task in enumerate(problem.tasks) if task.kind == "street"]
    if near_home is None or not streets:
        return away
    places = np.array([problem.tasks[number].midpoint for number in streets])
    known: dict[object, BoolArray] = {}
    for number, (crew, depots) in enumerate(zip(problem.crews, problem.depots, strict=True)):
        own = (crew.mode, depots) if crew.area is None else crew.area
        if own not in known:
            if crew.area is not None:
                known[own] = ~inside(crew.area, places)
            elif near_home.metres is None:
                known[own] = np.zeros(len(streets), dtype=np.bool_)
            else:
                homes = [problem.networks[crew.mode].node_lonlat(node) for node in depots]
                far_m = [metres_between((round(x, DEPOT_DIGITS), round(y, DEPOT_DIGITS)), places) for x, y in homes]
                known[own] = np.minimum(*far_m) > near_home.metres
        away[number, streets] = known[own]
    return away
