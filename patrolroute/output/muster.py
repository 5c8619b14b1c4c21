"""Muster places (集结点) by name: what people call them, else the nearest crossing of named streets."""

from __future__ import annotations

from functools import cached_property, lru_cache

import numpy as np

from patrolroute.network.geometry import METRES_A_DEGREE
from patrolroute.network.names import base_name
from patrolroute.network.road import RoadNetwork
from patrolroute.plan.parts import Spot
from patrolroute.plan.records import PatrolPlan
from patrolroute.units import FloatArray, LongArray
from patrolroute.words import LANGS, Lang, Mode

AT_M, OWN_M, NEAR_M = 40.0, 500.0, 1000.0
"""A crossing is the place itself up to ``AT_M`` metres away, and tells where it is up to ``NEAR_M``. One of the street
on which the place lies is named rather than a nearer one, up to ``OWN_M``."""

KEPT = 4
"""Networks whose crossings are kept: a plan is written in several files, and each crew has one of its own."""

_PHRASES: dict[str, tuple[str, str]] = {
    "at": ("{one}与{two}路口", "{one} and {two}"),
    "near": ("{one}与{two}路口附近", "near {one} and {two}"),
    "street": ("{one}", "{one}"),
}


class Musters:
    """Names the muster places of one plan.

    Parameters
    ----------
    plan
        The plan; its networks tell the crossings.
    lang
        Of the words.
    """

    def __init__(self, plan: PatrolPlan, lang: Lang) -> None:
        self._lang = lang
        self._crossings = {mode: _crossings(network) for mode, network in plan.networks.items()}

    def name(self, spot: Spot, mode: Mode) -> str:
        """Give what people call a place, else the crossing at or near it; empty if neither is known."""
        return spot.name.strip() or self.crossing(spot, mode)

    def both(self, spot: Spot, mode: Mode) -> str:
        """Give what people call a place and the crossing at or near it, as far as they are known."""
        return ", ".join(filter(None, dict.fromkeys((spot.name.strip(), self.crossing(spot, mode)))))

    def crossing(self, spot: Spot, mode: Mode) -> str:
        """Name the crossing at or near a place, else its street; empty if no street nearby has a name."""
        known = self._crossings.get(mode)
        form, names = known.at(spot.node) if known is not None else ("", ())
        if not form:
            return ""
        said = _PHRASES[form][LANGS.index(self._lang)].format(**dict(zip(("one", "two"), names, strict=False)))
        return said.replace("环岛路口", "环岛")


@lru_cache(maxsize=KEPT)
def _crossings(network: RoadNetwork) -> Crossings:
    return Crossings(network)


class Crossings:
    """Knows where streets of different names meet on a network; two sections of one street do not cross."""

    def __init__(self, network: RoadNetwork) -> None:
        self._network = network

    def at(self, node: int) -> tuple[str, tuple[str, ...]]:
        """Give the two names of the crossing that tells where a node (by id) is.

        Returns
        -------
        tuple
            ``at`` or ``near`` and two names; ``street`` and the node's one name where no crossing is near; an empty
            text and no name where there is nothing.
        """
        index = self._network.node_index.get(node)
        if index is None:
            return "", ()
        own = sorted(self._names.get(index, ()))
        found = self._near(index, own)
        if found is not None:
            other, far = found
            names = sorted(self._names[other], key=lambda name: (name not in own, name))
            first = names[0]
            second = next(name for name in names if base_name(name) != base_name(first))
            return ("at" if far <= AT_M else "near"), (first, second)
        return ("street", (own[0],)) if own else ("", ())

    def _near(self, index: int, own: list[str]) -> tuple[int, float] | None:
        """Give the crossing that tells best where a node is, with its metres from there; None if none is near."""
        if not len(self._places):
            return None
        metres = np.hypot(*(self._plane[self._places] - self._plane[index]).T)
        nearest = int(np.argmin(metres))
        if metres[nearest] > AT_M:
            shares = [bool(self._names[place].intersection(own)) for place in self._places.tolist()]
            along = np.flatnonzero(np.array(shares) & (metres <= OWN_M))
            if len(along):
                nearest = int(along[np.argmin(metres[along])])
        return (int(self._places[nearest]), float(metres[nearest])) if metres[nearest] <= NEAR_M else None

    @cached_property
    def _names(self) -> dict[int, set[str]]:
        names: dict[int, set[str]] = {}
        network = self._network
        for tail, head, name in zip(network.tail.tolist(), network.head.tolist(), network.names, strict=True):
            if name:
                names.setdefault(tail, set()).add(name)
                names.setdefault(head, set()).add(name)
        return names

    @cached_property
    def _places(self) -> LongArray:
        """Nodes where streets of at least two names meet, by index."""
        crossed = [node for node, names in self._names.items() if len({base_name(name) for name in names}) > 1]
        return np.array(sorted(crossed), dtype=np.int64)

    @cached_property
    def _plane(self) -> FloatArray:
        """Place of each node in metres, good within a city."""
        network = self._network
        narrow = np.cos(np.radians(network.lat.mean())) if len(network) else 1.0
        return np.column_stack((network.lon * narrow, network.lat)) * METRES_A_DEGREE
