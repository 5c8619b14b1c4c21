"""How crews of each mode move: what driving, standing and being off mean for a car, a bicycle, people on foot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from patrolroute.base.vocabulary import Mode, Seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How crews of one mode move.

    Parameters
    ----------
    stay_s
        Who is near one place for less waits at a light or lets somebody out; people on patrol on foot, who do three
        kilometres in an hour, leave any place more slowly.
    usual_m_s
        What a way is taken to be driven at while nothing is heard; the rest of that time nobody knows of.
    fast_m_s
        Whoever is faster for half a minute is told: the track is not that crew's, or its device is off.
    fastest_m_s
        A way that would have to be driven faster is weak evidence.
    u_turn_m
        What turning round costs, as metres driven.
    quickest_m_s
        A next place that would have to be reached faster is not looked for.
    main_roads
        Power of a street's speed by which its metres are shorter.
    """

    stay_s: Seconds = 60
    usual_m_s: float = 8.0
    fast_m_s: float = 40.0
    fastest_m_s: float = 45.0
    u_turn_m: float = 150.0
    quickest_m_s: float = 50.0
    main_roads: float = 0.5


PACES: Mapping[Mode, Pace] = {
    "car": Pace(),
    "bicycle": Pace(usual_m_s=3.5, fast_m_s=12.0, fastest_m_s=15.0, u_turn_m=50.0, quickest_m_s=20.0, main_roads=0.0),
    "foot": Pace(
        stay_s=120, usual_m_s=1.1, fast_m_s=4.0, fastest_m_s=6.0, u_turn_m=20.0, quickest_m_s=10.0, main_roads=0.0
    ),
}
"""By mode: a car crosses a town at 29 km/h with its lights, a bicycle at 13, people on foot at 4."""
