"""`LaidNight`: a night laid out by somebody else than the builder, such as the rest of one that is under way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from patrolroute.base.vocabulary import BoolArray, Mode
from patrolroute.network.road import RoadNetwork
from patrolroute.problem.clock import Span
from patrolroute.problem.reservations import Reservations
from patrolroute.problem.task import LaidHours, LaidPromise, Task

if TYPE_CHECKING:
    from patrolroute.problem.crew import Crew


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class LaidNight:
    """What `patrolroute.PatrolProblem` works out of network, demand and crews, given as it is.

    Parameters
    ----------
    crews
        Who goes on, from when they are free; their depots as points say nothing.
    networks
        The roads of each mode, every stop a node.
    tasks
        What is left to do, on these roads.
    depots
        Of each crew the *position* from which it goes on, see `patrolroute.network.arc_states.Positions`, and the node
        where its route ends.
    origin, night
        The moment of second 0, aware; the first and the last second of the whole night.
    timezone
        Of the plan.
    reservations, laid_hours
        Which crew may serve what; key hours.
    laid_promises
        Promises of response.
    away
        Which streets lie away from each crew's own part, shape ``(crews, tasks)``.
    street_chains
        As `patrolroute.PatrolProblem.street_chains`: of all streets that were ever wanted, so that driving through one
        is a pass.
    """

    crews: tuple[Crew, ...]
    networks: Mapping[Mode, RoadNetwork]
    tasks: tuple[Task, ...]
    depots: tuple[tuple[int, int], ...]
    origin: dt.datetime
    night: Span
    timezone: str
    reservations: Reservations
    laid_hours: tuple[LaidHours, ...]
    laid_promises: tuple[LaidPromise, ...] = ()
    away: BoolArray
    street_chains: Mapping[Mode, Mapping[int, tuple[tuple[tuple[int, ...], str], ...]]]
