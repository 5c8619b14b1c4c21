"""Nights driven otherwise than planned, in the computer: what was planted in them is known leg by leg.

A `Night` begins as the plan; each deviation changes what one crew drives, or two, on the plan's own roads, so that what
became of every order is known without any matching (`Night.truths`). Its `tracks` are what devices would have recorded.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from patrolroute.live.tracks import Track
from patrolroute.network.travel import TravelTimes
from patrolroute.output.itinerary import Order, itinerary
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.passes import Pass, all_passes, journeys
from patrolroute.plan.records import Leg, Route
from tests.live.simulated import METRE, drift, positions

LATE_S = 600
"""From so much on an order is late, as `review` has it if nobody says otherwise."""

MARGIN_S = 90
"""An order that is so near to being late may be called either."""

WHOLE, HARDLY = 0.95, 0.6
"""Who drove so much of an order has made it; who drove so little has not. What lies between may be called either."""

ON_S = 300
"""So long before a crew leaves its device is on, and so long after it is home."""

NEAR_S = 45 * 60
"""What a crew drives so much earlier or later than planned may be taken for an order."""


@dataclass(frozen=True)
class Planted:
    """One deviation.

    Parameters
    ----------
    kind, crew
        Which, and whose.
    begin, end
        When it happened.
    orders
        Numbers of the orders that it is about.
    tasks
        Streets that were driven besides.
    other
        The crew with which places were changed.
    """

    kind: str
    crew: str
    begin: dt.datetime
    end: dt.datetime
    orders: tuple[int, ...] = ()
    tasks: tuple[str, ...] = ()
    other: str = ""


@dataclass(frozen=True)
class Truth:
    """What became of an order: the share that its crew drove of its own legs, and of its streets about that time."""

    crew: str
    number: int
    kind: str
    own: float
    about: float
    late_s: float
    begin: dt.datetime
    end: dt.datetime


class Night:
    """A night under way: legs by crew, and for each leg the number of the planned one that it is."""

    def __init__(self, plan: PatrolPlan, seed: int = 0) -> None:
        self.plan, self.planted = plan, list[Planted]()
        self.rng = np.random.default_rng([20, seed])
        self._route = {route.crew: route for route in plan.routes}
        self._crew = {crew.id: crew for crew in plan.crews}
        self._legs = {route.crew: list(zip(route.legs, range(len(route.legs)), strict=True)) for route in plan.routes}
        self._stands: dict[str, tuple[float, float]] = {}
        self._gaps: dict[str, tuple[float, float]] = {}
        self._zero = plan.window[0].timestamp()

    def orders(self, crew: str) -> tuple[Order, ...]:
        """Return a crew's orders but for the way home."""
        return tuple(order for order in itinerary(self.plan).orders(crew) if order.legs)

    # what goes otherwise

    def late(self, crew: str, seconds: int) -> None:
        """Let a crew leave later, and everything after it."""
        self._legs[crew] = [(_moved(leg, seconds), at) for leg, at in self._legs[crew]]
        route = self._route[crew]
        self.planted.append(Planted("late", crew, route.start, route.end))

    def skip(self, crew: str, least_m: int = 800) -> None:
        """Let a crew drive round one of its orders by the quickest way, and stand until it goes on as planned."""
        for order in self._shuffled([one for one in self.orders(crew) if one.kind == "patrol"]):
            first, last = self._span(crew, order)
            way = None if order.patrolled_m < least_m else self._way(crew, first, last + 1)
            if way is None:
                continue
            arcs = {arc for leg in order.legs for arc in leg.arcs}
            length = self._network(crew).length_m
            index = self._network(crew).arc_index
            along = sum(int(length[index[arc]]) for arc in way.arcs if arc in arcs)
            begin, end = order.legs[0].depart, order.legs[-1].arrive
            there = begin + dt.timedelta(seconds=way.duration_s)
            if along > 0.05 * order.patrolled_m or there > end:
                continue
            new = [(_moved(way, int((begin - way.depart).total_seconds())), None), (Leg("wait", there, end), None)]
            self._legs[crew][first : last + 1] = new
            self.planted.append(Planted("skipped", crew, begin, end, (order.number,)))
            return

    def detour(self, crew: str, metres: tuple[float, float] = (600, 2500)) -> None:
        """Let a crew drive a wanted street that it was not told to, somewhere near, and come back to its way."""
        network, index = self._network(crew), self._network(crew).arc_index
        streets = [task for task in self.plan.tasks if task.directions and task.mode == self._crew[crew].mode]
        for place in self._shuffled(self._joints(crew)):
            before, after = (self._legs[crew][at][0].arcs for at in (place - 1, place))
            for task in self._shuffled(streets)[:20]:
                chain = [index[arc] for arc in task.directions[0]]
                path = self._path(crew, [index[before[-1]], chain, index[after[0]]])
                if path is None or not metres[0] <= network.length_m[path].sum() <= metres[1]:
                    continue
                leg = self._leg(crew, path, index[before[-1]], self._legs[crew][place - 1][0].arrive)
                self._insert(crew, place, [(leg, None)], "detour")
                return

    def lap(self, crew: str, least_m: int = 500) -> None:
        """Let a crew drive an order twice, one time after the other."""
        index = self._network(crew).arc_index
        for order in self._shuffled([one for one in self.orders(crew) if one.kind == "patrol"]):
            first, last = self._span(crew, order)
            legs = [leg for leg, _ in self._legs[crew][first : last + 1]]
            if order.patrolled_m < least_m or not all(leg.arcs for leg in legs) or last + 1 >= len(self._legs[crew]):
                continue
            back = self._path(crew, [index[legs[-1].arcs[-1]], index[legs[0].arcs[0]]])
            if back is None:
                continue
            led = self._leg(crew, back, index[legs[-1].arcs[-1]], legs[-1].arrive)
            shift = int((led.arrive - legs[0].depart).total_seconds())
            again = [(led, None), *((_moved(leg, shift), None) for leg in legs)]
            self._insert(crew, last + 1, again, "lap")
            return

    def stand(self, crew: str, seconds: int) -> None:
        """Let a crew stand somewhere on its way, and go on later with everything."""
        place = self.rng.choice(
            [at for at, (leg, _) in enumerate(self._legs[crew]) if leg.arcs and leg.duration_s > 20]
        )
        begin = self._legs[crew][place][0].depart + dt.timedelta(seconds=10)
        self._stands[crew] = begin.timestamp() - self._zero, float(seconds)
        self.planted.append(Planted("standing", crew, begin, begin + dt.timedelta(seconds=seconds)))

    def gap(self, crew: str, seconds: int) -> None:
        """Let nothing be heard of a crew for some time."""
        route = self._route[crew]
        spare = route.duration_s - seconds - 1200
        begin = route.start + dt.timedelta(seconds=600 + int(self.rng.integers(max(1, spare))))
        first = begin.timestamp() - self._zero
        self._gaps[crew] = first, first + seconds
        self.planted.append(Planted("silent", crew, begin, begin + dt.timedelta(seconds=seconds)))

    def cut_short(self, crew: str, share: float = 0.3) -> None:
        """Let a crew stay at one of its hotspots for a part of the time, and go on earlier with everything."""
        for order in self._shuffled([one for one in self.orders(crew) if one.kind == "dwell"]):
            place, _ = self._span(crew, order)
            leg, at = self._legs[crew][place]
            short = int(leg.duration_s * share)
            self._legs[crew][place] = replace(leg, arrive=leg.depart + dt.timedelta(seconds=short)), at
            self._shift(crew, place + 1, short - leg.duration_s)
            self.planted.append(Planted("cut short", crew, leg.depart, leg.arrive, (order.number,)))
            return

    def swap(self, one: str, two: str) -> None:
        """Let two crews go on with each other's night from some time on."""
        share = self.rng.uniform(0.25, 0.6)
        found = []
        for crew in (one, two):
            joints, route = self._joints(crew), self._route[crew]
            when = route.start + share * (route.end - route.start)
            found.append(min(joints, key=lambda at, crew=crew, when=when: abs(self._legs[crew][at][0].depart - when)))
        tails = [self._legs[crew][at:] for crew, at in zip((one, two), found, strict=True)]
        new = []
        for crew, at, tail in zip((one, two), found, tails[::-1], strict=True):
            index, head = self._network(crew).arc_index, self._legs[crew][:at]
            path = self._path(crew, [index[head[-1][0].arcs[-1]], index[tail[0][0].arcs[0]]])
            if path is None:
                return
            way = self._leg(crew, path, index[head[-1][0].arcs[-1]], head[-1][0].arrive)
            shift = int((way.arrive - tail[0][0].depart).total_seconds())
            new.append([*head, (way, None), *((_moved(leg, shift), None) for leg, _ in tail)])
        for crew, other, legs, at in zip((one, two), (two, one), new, found, strict=True):
            begin = self._legs[crew][at][0].depart
            orders = tuple(order.number for order in self.orders(crew) if order.legs[0].depart >= begin)
            self._legs[crew] = legs
            self.planted.append(Planted("swapped", crew, begin, self._route[crew].end, orders, other=other))

    # what came of it

    def as_plan(self) -> PatrolPlan:
        """Return the plan with the legs that were driven; standing on the way and silence are not in them."""
        routes = [
            replace(
                route, legs=tuple(leg for leg, _ in self._legs[route.crew]), end=self._legs[route.crew][-1][0].arrive
            )
            if route.legs
            else route
            for route in self.plan.routes
        ]
        return replace(self.plan, routes=tuple(routes))

    def tracks(self, *, every_s: float = 10.0, noise_m: float = 5.0) -> tuple[Track, ...]:
        """Return what the devices recorded, off by noise that is forgotten within half a minute."""
        tracks = []
        for journey in journeys(self.as_plan()):
            crew = journey.crew.id
            if not journey.moves:
                continue
            at, lonlat = positions(journey, 1.0)
            begin, seconds = self._stands.get(crew, (np.inf, 0.0))
            clock = np.arange(at[0] - ON_S, at[-1] + seconds + ON_S, every_s)
            there = np.where(clock <= begin, clock, np.maximum(begin, clock - seconds)) if seconds else clock
            places = np.column_stack([np.interp(there, at, lonlat[:, axis]) for axis in (0, 1)])
            noise = drift(self.rng, len(clock), every_s) * noise_m * METRE
            places = places + noise / np.array([np.cos(np.radians(places[0, 1])), 1.0])
            first, last = self._gaps.get(crew, (0.0, 0.0))
            heard = (clock < first) | (clock >= last)
            tracks.append(Track(crew, self._zero + clock[heard], *places[heard].T, source="planted"))
        return tuple(tracks)

    def truths(self) -> Iterator[Truth]:
        """Yield what became of each order, from the legs that were driven."""
        passes = all_passes(self.as_plan())
        for route in self.plan.routes:
            by_number = {at: leg for leg, at in self._legs[route.crew] if at is not None}
            for order in self.orders(route.crew) if route.legs else ():
                numbers = range(self._of(route.crew, order.legs[0]), self._of(route.crew, order.legs[-1]) + 1)
                yield self._truth(route, order, [(route.legs[at], by_number.get(at)) for at in numbers], passes)

    def besides(self, crew: str) -> tuple[Pass, ...]:
        """Return the streets that a crew drove in its detour or its second lap, and when."""
        spans = [(self._since(one.begin), self._since(one.end)) for one in self.planted if one.crew == crew]
        return tuple(
            one
            for some in all_passes(self.as_plan()).values()
            for one in some
            if one.crew == crew and any(first <= one.begin_s and one.end_s <= last for first, last in spans)
        )

    def _truth(
        self, route: Route, order: Order, legs: Sequence[tuple[Leg, Leg | None]], passes: dict[str, tuple[Pass, ...]]
    ) -> Truth:
        weights = [max(1, leg.length_m if order.kind == "patrol" else leg.duration_s) for leg, _ in legs]
        done = [
            0.0
            if other is None
            else weight * min(1.0, other.duration_s / max(1, leg.duration_s))
            if order.kind in ("dwell", "break")
            else float(weight)
            for weight, (leg, other) in zip(weights, legs, strict=True)
        ]
        done = [0.0 if other is None else one for one, (_, other) in zip(done, legs, strict=True)]
        late = [
            (other.depart - leg.depart).total_seconds() + self._stood(route.crew, other.depart)
            for leg, other in legs
            if other is not None
        ]
        about = sum(done) / sum(weights)
        if order.kind == "patrol":
            wanted = [leg for leg, _ in legs if leg.task in passes]
            there = [
                max(1, leg.length_m)
                for leg in wanted
                if any(
                    one.crew == route.crew and abs(one.begin_s - self._since(leg.depart)) <= NEAR_S
                    for one in passes[leg.task or ""]
                )
            ]
            about = sum(there) / max(1, sum(max(1, leg.length_m) for leg in wanted))
        own = sum(done) / sum(weights)
        shift = float(np.median(late)) if late else 0.0
        return Truth(route.crew, order.number, order.kind, own, about, shift, legs[0][0].depart, legs[-1][0].arrive)

    def _stood(self, crew: str, moment: dt.datetime) -> float:
        begin, seconds = self._stands.get(crew, (np.inf, 0.0))
        return seconds if self._since(moment) > begin else 0.0

    # parts

    def _since(self, moment: dt.datetime) -> float:
        return moment.timestamp() - self._zero

    def _network(self, crew: str):
        return self.plan.networks[self._crew[crew].mode]

    def _of(self, crew: str, leg: Leg) -> int:
        return next(at for at, one in enumerate(self._route[crew].legs) if one is leg)

    def _span(self, crew: str, order: Order) -> tuple[int, int]:
        """Return between which driven legs an order's are."""
        numbers = [at for _, at in self._legs[crew]]
        return tuple(numbers.index(self._of(crew, leg)) for leg in (order.legs[0], order.legs[-1]))  # type: ignore[return-value]

    def _joints(self, crew: str) -> list[int]:
        """Return the places at which one drive follows another."""
        legs = [leg for leg, _ in self._legs[crew]]
        return [at for at in range(1, len(legs) - 1) if legs[at - 1].arcs and legs[at].arcs]

    def _way(self, crew: str, first: int, after: int) -> Leg | None:
        """Return the quickest way from the drive before a place to the drive at another or after it."""
        legs, index = [leg for leg, _ in self._legs[crew]], self._network(crew).arc_index
        before = next((leg for leg in reversed(legs[:first]) if leg.arcs), None)
        then = next((leg for leg in legs[after:] if leg.arcs), None)
        if before is None or then is None:
            return None
        path = self._path(crew, [index[before.arcs[-1]], index[then.arcs[0]]])
        return None if not path else self._leg(crew, path, index[before.arcs[-1]], legs[first].depart)

    def _path(self, crew: str, stops: Sequence[int | list[int]]) -> list[int] | None:
        """Return the arcs of the quickest way after the first arc, through chains, to the one before the last."""
        found, times = list[int](), TravelTimes(self._network(crew), speed_factor=self._crew[crew].speed_factor)
        chains = [[one] if isinstance(one, int) else one for one in stops]
        for number in range(1, len(chains)):
            try:
                path = times.path(times.positions.after(chains[number - 1][-1]), times.positions.entry(chains[number]))
            except Exception:  # noqa: BLE001 - no way leads there: another place is tried
                return None
            found += [*path, *(chains[number] if number < len(chains) - 1 else ())]
        return found

    def _leg(self, crew: str, path: Sequence[int], before: int, begin: dt.datetime) -> Leg:
        network = self._network(crew)
        times = TravelTimes(network, speed_factor=self._crew[crew].speed_factor)
        taken = int(times.arc_s[list(path)].sum()) + max(0, network.turn_seconds(list(path), before)) if path else 0
        length = int(network.length_m[list(path)].sum())
        end = begin + dt.timedelta(seconds=taken)
        return Leg("deadhead", begin, end, arcs=network.arcs(path), length_m=length)

    def _insert(self, crew: str, place: int, legs: list[tuple[Leg, int | None]], kind: str) -> None:
        """Put legs before a place, and move what follows."""
        begin, end = legs[0][0].depart, legs[-1][0].arrive
        self._shift(crew, place, int((end - begin).total_seconds()))
        self._legs[crew][place:place] = [(leg, at) for leg, at in legs if leg.arcs]
        self.planted.append(Planted(kind, crew, begin, end))
        tasks = tuple(dict.fromkeys(one.task for one in self.besides(crew)))
        self.planted[-1] = replace(self.planted[-1], tasks=tasks)

    def _shift(self, crew: str, place: int, seconds: int) -> None:
        legs = self._legs[crew]
        legs[place:] = [(_moved(leg, seconds), at) for leg, at in legs[place:]]

    def _shuffled(self, things: Sequence) -> list:
        return [things[at] for at in self.rng.permutation(len(things)).tolist()]


def _moved(leg: Leg, seconds: int) -> Leg:
    by = dt.timedelta(seconds=seconds)
    return replace(leg, depart=leg.depart + by, arrive=leg.arrive + by)


KINDS: dict[str, Callable[[Night, str], None]] = {
    "late": lambda night, crew: night.late(crew, int(night.rng.integers(15, 26)) * 60),
    "skipped": Night.skip,
    "detour": Night.detour,
    "lap": Night.lap,
    "standing": lambda night, crew: night.stand(crew, int(night.rng.integers(6, 20)) * 60),
    "silent": lambda night, crew: night.gap(crew, int(night.rng.integers(10, 35)) * 60),
    "cut short": Night.cut_short,
}
"""What can be planted in one crew's night; `Night.swap` takes two."""
