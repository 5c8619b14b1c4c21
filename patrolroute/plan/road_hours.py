"""Seconds of arcs by the hour, read from a plan: what its networks say, and less in some parts of the night."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from patrolroute.base.vocabulary import Arc, Mode, Seconds, elapsed_s, whole
from patrolroute.network.road import RoadNetwork

if TYPE_CHECKING:
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.plan.records import Leg, RoadPart


class HourlySeconds:
    """What arcs of a mode take at each moment, by what a plan says of its roads.

    Parameters
    ----------
    plan, mode
        The plan, and whose roads.
    """

    def __init__(self, plan: PatrolPlan, mode: Mode) -> None:
        parts = sorted((part for part in plan.road_hours if part.mode == mode), key=lambda part: part.since)
        self._parts = [(part.since, part.until, _seconds(part)) for part in parts]

    def __bool__(self) -> bool:
        return bool(self._parts)

    def driven(
        self, network: RoadNetwork, leg: Leg, arcs: Sequence[int], *, turns_s: Sequence[Seconds], factor: float
    ) -> list[Seconds]:
        """Return the seconds that each arc of a drive takes.

        Parameters
        ----------
        network, leg, arcs
            The roads, which leg, and its arcs there.
        turns_s
            Seconds of the turn into each arc.
        factor
            The crew's speed factor.
        """
        patrols, found, clock = leg.kind == "patrol", list[Seconds](), leg.depart
        base = network.patrol_s if patrols else network.travel_s
        for arc, turn_s in zip(arcs, turns_s, strict=True):
            clock += dt.timedelta(seconds=int(turn_s))
            taken = self._arc_s(network.arc(arc), int(base[arc]), clock, patrols=patrols, factor=factor)
            found.append(taken)
            clock += dt.timedelta(seconds=taken)
        return found

    def _arc_s(self, arc: Arc, base_s: Seconds, at: dt.datetime, *, patrols: bool, factor: float) -> Seconds:
        holding, later = base_s, list[Seconds]()
        for since, until, seconds in self._parts:
            own = seconds.get(arc, (base_s, base_s))[patrols]
            if since <= at < until:
                holding = own
            elif since > at:
                later.append(elapsed_s(at, since) + whole(own / factor))
        return min([whole(holding / factor), *later])


def _seconds(part: RoadPart) -> dict[Arc, tuple[Seconds, Seconds]]:
    return dict(zip(part.arcs, zip(part.travel_s, part.patrol_s, strict=False), strict=False))


def fewest_of(plan: PatrolPlan, mode: Mode) -> RoadNetwork:
    """Return a mode's network with the fewest seconds of each arc in any part of the night."""
    network = plan.networks[mode]
    travel, patrol = network.travel_s.copy(), network.patrol_s.copy()
    for part in plan.road_hours:
        for arc, (drive_s, look_s) in _seconds(part).items() if part.mode == mode else ():
            if (here := network.arc_index.get(arc, -1)) >= 0:
                travel[here], patrol[here] = min(travel[here], drive_s), min(patrol[here], look_s)
    return replace(network, travel_s=travel, patrol_s=np.maximum(patrol, travel)) if plan.road_hours else network
