"""A crew's night as numbered orders: a street from here to there, a stop, a break, the way home.

A crew hears an order's number on the radio ("item 9", 第 9 项). Sheets, maps, tables, tracks and the calendar take
their numbers from here, so it is the same in all of them. Tables and maps show finer lines, the entries of an order:
the drives that lead there, then the order itself; each bears the number of its order.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Final, TypeVar

from patrolroute.base.text import label
from patrolroute.base.vocabulary import Lang, LegKind, LonLat, Mode, Seconds, elapsed_s
from patrolroute.output.gathering import SHORT_S, Draft, OrderKind, gathered
from patrolroute.output.looks.clock import Margin, Tolerance, margins, tolerance
from patrolroute.output.looks.names import UNKNOWN, End, JunctionNames, junction_names
from patrolroute.output.quickest import saved_by
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import SEEN, Leg, PlannedTask, Route

MOST_NAMED, MAIN_SHARE = 3, 0.12
"""So many streets name an order that goes through several, those that make up at least so much of it."""

AT_NORMAL_SPEED: Final = ("deadhead", "pass")
"""Kinds of drives that nobody has to write down: who makes a plan by hand has them filled in."""

Text = TypeVar("Text", bound=str)

KEPT = 4
"""Plans whose itineraries are kept: one plan is written in many files, in two datums at most."""


@dataclass(frozen=True, slots=True)
class Order:
    """One thing that a crew is told to do.

    Parameters
    ----------
    number
        Place in the crew's night, from 1.
    kind
        ``patrol``, ``dwell``, ``break`` or ``return``.
    approach
        Legs that lead there: deadheads, waits, crossings.
    legs
        The legs of the order itself; none for the way home.
    tasks
        Tasks that they serve, in order.
    allowed
        How much earlier or later than planned the first of ``legs`` may begin, see
        `patrolroute.output.looks.clock.tolerance`; for the way home, how much later it may end.
    begins, ends
        Where a patrol begins and ends along its street.
    others
        The other crews of a joint stop.
    """

    number: int
    kind: OrderKind
    approach: tuple[Leg, ...]
    legs: tuple[Leg, ...]
    tasks: tuple[PlannedTask, ...]
    allowed: Tolerance
    begins: End = UNKNOWN
    ends: End = UNKNOWN
    others: tuple[str, ...] = ()

    @property
    def all_legs(self) -> tuple[Leg, ...]:
        """The legs of the way there and of the order itself."""
        return self.approach + self.legs

    @property
    def street(self) -> str:
        """Name of the street or place, empty if it has none: of a patrol the one that is patrolled farthest."""
        return next(iter(self.streets), "")

    @property
    def streets(self) -> tuple[str, ...]:
        """Names of the streets that are patrolled, the one patrolled farthest first; of a stop its place."""
        return tuple(name for name, _ in self._metres.most_common() if name)

    @property
    def main_streets(self) -> tuple[str, ...]:
        """Names of the streets that make up most of a patrol, in the order in which they are driven."""
        least_m = self.patrolled_m * MAIN_SHARE
        main = [name for name in self.streets[:MOST_NAMED] if self._metres[name] >= least_m] or self.streets[:1]
        return tuple(name for name in self._metres if name in main)

    @property
    def is_required(self) -> bool:
        """Whether it serves something that must be served."""
        return any(task.required for task in self.tasks)

    @property
    def visit(self) -> str:
        """Which visit of how many it is, such as ``2/4``; empty if its tasks differ in that or none counts."""
        serving = [(leg, task) for leg, task in zip(self._serving, self.tasks, strict=True) if leg.visit is not None]
        marks = {
            f"{-(-leg.visit // task.crews)}/{task.visits_wanted // task.crews}"
            for leg, task in serving
            if leg.visit is not None and task.visits_wanted > task.crews
        }
        return marks.pop() if len(marks) == 1 else ""

    @property
    def patrolled_m(self) -> int:
        """Metres patrolled."""
        return sum(leg.length_m for leg in self.legs if leg.kind in SEEN)

    @property
    def slow_s(self) -> Seconds:
        """Seconds of it that are driven at patrol speed; passes are driven at normal speed."""
        return sum(leg.duration_s for leg in self.legs if leg.kind == "patrol")

    @property
    def slow_streets(self) -> tuple[str, ...]:
        """Names of the streets that are driven at patrol speed, in the order in which they are."""
        return tuple(dict.fromkeys(leg.street for leg in self.legs if leg.kind == "patrol" and leg.street))

    @property
    def path(self) -> tuple[LonLat, ...]:
        """The line of the order itself, WGS-84; one point of a stop, none if no map tells."""
        return joined(self.legs)

    @property
    def _metres(self) -> Counter[str]:
        """Metres patrolled on each street, in the order in which they are driven first."""
        metres: Counter[str] = Counter()
        for leg in self.legs:
            metres[leg.street] += leg.length_m if leg.kind in SEEN else 0
        return metres

    @property
    def _serving(self) -> list[Leg]:
        return [leg for leg in self.legs if leg.kind in (*SEEN, "dwell") and leg.task is not None]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a crew's night in a table or on the map: legs in a row of one order, kind and street.

    Drives at normal speed that are over in half a minute stand in the line of those before or after them; the kind and
    the street are those of most of the line. Patrols and stops have lines of their own, for a table may be read again.

    Parameters
    ----------
    crew
        Whose night.
    number
        Of the order that it belongs to.
    legs
        The legs that it stands for, at least one.
    tasks
        The tasks that they serve, in order.
    begins, ends
        Where a drive begins and ends along its street.
    at_depot
        Whether the crew has not left its depot yet.
    """

    crew: str
    number: int
    legs: tuple[Leg, ...]
    tasks: tuple[PlannedTask, ...]
    begins: End
    ends: End
    at_depot: bool = False

    @property
    def kind(self) -> LegKind:
        """Kind of its legs, of several the one that most of its time is spent with."""
        return self._most(lambda leg: leg.kind)

    @property
    def depart(self) -> dt.datetime:
        """When it begins."""
        return self.legs[0].depart

    @property
    def arrive(self) -> dt.datetime:
        """When it ends."""
        return self.legs[-1].arrive

    @property
    def minutes(self) -> float:
        """How long it takes."""
        return elapsed_s(self.depart, self.arrive) / 60

    @property
    def length_m(self) -> int:
        """Metres driven."""
        return sum(leg.length_m for leg in self.legs)

    @property
    def end(self) -> LonLat | None:
        """Where it ends, in the plan's coordinates."""
        points = self.legs[-1].coordinates
        return points[-1] if points else None

    @property
    def is_required(self) -> bool:
        """Whether it serves something that must be served."""
        return any(task.required for task in self.tasks)

    @property
    def count(self) -> tuple[int, int] | None:
        """Which visit it is, of how many wanted; None if its tasks differ in that or it serves none."""
        crews = {task.id: (task.crews, task.visits_wanted) for task in self.tasks}
        marks = {
            (-(-leg.visit // crews[leg.task][0]), crews[leg.task][1] // crews[leg.task][0])
            for leg in self.legs
            if leg.visit is not None and leg.task in crews
        }
        return marks.pop() if len(marks) == 1 else None

    @property
    def visit(self) -> str:
        """The count as a person reads it, such as ``2/4``; empty if there is none."""
        return "" if self.count is None else "{}/{}".format(*self.count)

    def street(self, lang: Lang) -> str:
        """Name the street or place, of several streets that on which most of its time is spent."""
        return self.main or label("depot" if self.at_depot else "unnamed", lang)

    @property
    def main(self) -> str:
        """The street or place where most of its time is spent, empty if it has no name."""
        return self._most(lambda leg: leg.street)

    def _most(self, what: Callable[[Leg], Text]) -> Text:
        """Return which value most of its time has, of equals the first."""
        if len(self.legs) == 1:
            return what(self.legs[0])
        spent: Counter[Text] = Counter()
        for leg in self.legs:
            spent[what(leg)] += leg.duration_s
        return max(spent, key=lambda value: spent[value])


class Itinerary:
    """The orders of every crew of one plan; see `itinerary`.

    Parameters
    ----------
    plan
        The plan.
    """

    def __init__(self, plan: PatrolPlan) -> None:
        self._plan = plan
        self._mode = {crew.id: crew.mode for crew in plan.crews}

    def orders(self, crew: str) -> tuple[Order, ...]:
        """Return the orders of a crew (by id), the way home last; none for one that stays at its depot."""
        return self._orders.get(crew, ())

    def entries(self, crew: str) -> tuple[Entry, ...]:
        """Return a crew's night line by line; no leg is missing and none comes twice."""
        return self._entries.get(crew, ())

    def legs(self, crew: str) -> Iterator[tuple[int, Leg]]:
        """Yield a crew's legs in their order, each with the number of the order that it belongs to."""
        return ((order.number, leg) for order in self.orders(crew) for leg in order.all_legs)

    @cached_property
    def junctions(self) -> Mapping[Mode, JunctionNames]:
        """Which streets meet where, by mode."""
        return {mode: junction_names(network) for mode, network in self._plan.networks.items()}

    @cached_property
    def _saved(self) -> Mapping[str, Mapping[int, Seconds]]:
        """What a late crew gains by leaving out passes, by crew and leg."""
        return saved_by(self._plan)

    @cached_property
    def _orders(self) -> dict[str, tuple[Order, ...]]:
        return {route.crew: tuple(self._ordered(route)) for route in self._plan.routes}

    @cached_property
    def _entries(self) -> dict[str, tuple[Entry, ...]]:
        return {route.crew: tuple(self._listed(route.crew)) for route in self._plan.routes}

    def _ordered(self, route: Route) -> Iterator[Order]:
        is_sweeping = self._plan.objective.goal == "presence"
        known_margins = margins(self._plan, route, self._saved.get(route.crew))
        margin = dict(zip(map(id, route.legs), known_margins, strict=True))
        for number, draft in enumerate(gathered(route, is_sweeping=is_sweeping), start=1):
            known = [margin[id(leg)] for leg in draft.legs or draft.approach]
            yield Order(
                number,
                draft.kind,
                draft.approach,
                draft.legs,
                self._tasks(draft.legs),
                Tolerance(None, None) if is_sweeping and draft.kind == "patrol" else _allowed(draft, known),
                *self._ends(route.crew, draft.legs),
                self._others(route.crew, draft.legs),
            )

    @cached_property
    def _members(self) -> Mapping[tuple[str, int], tuple[str, ...]]:
        """The crews of each meeting of a joint stop, by its task and number from 0."""
        found: dict[tuple[str, int], list[str]] = {}
        crews = {task.id: task.crews for task in self._plan.tasks if task.crews > 1}
        for route in self._plan.routes if crews else ():
            for leg in route.legs:
                if leg.kind == "dwell" and leg.task in crews and leg.visit is not None:
                    found.setdefault((leg.task, (leg.visit - 1) // crews[leg.task]), []).append(route.crew)
        return {place: tuple(dict.fromkeys(members)) for place, members in found.items()}

    def _others(self, crew: str, legs: Sequence[Leg]) -> tuple[str, ...]:
        """Return whom a crew meets at a joint stop."""
        for leg in legs:
            if leg.kind == "dwell" and leg.visit is not None and (task := self._plan.task.get(leg.task or "")):
                members = self._members.get((task.id, (leg.visit - 1) // task.crews), ())
                return tuple(name for name in members if name != crew)
        return ()

    def _listed(self, crew: str) -> Iterator[Entry]:
        at_depot = True
        for order in self.orders(crew):
            # Two stops in a row are two lines; drives along one street are one, whatever they serve.
            runs = groupby(order.all_legs, key=lambda leg: (leg.kind, leg.street, leg.task if not leg.arcs else None))
            for legs in _lines([tuple(run) for _, run in runs]):
                at_depot = at_depot and not any(leg.arcs for leg in legs)
                entry = Entry(crew, order.number, legs, self._tasks(legs), UNKNOWN, UNKNOWN, at_depot)
                # A line that begins on another street for a moment begins at none that crosses its own.
                begins, ends = (UNKNOWN if end.at and end.at == entry.main else end for end in self._ends(crew, legs))
                yield replace(entry, begins=begins, ends=ends)

    def _tasks(self, legs: Sequence[Leg]) -> tuple[PlannedTask, ...]:
        return tuple(self._plan.task[leg.task] for leg in legs if leg.task in self._plan.task)

    def _ends(self, crew: str, legs: Sequence[Leg]) -> tuple[End, End]:
        """Return where a drive begins along the street of its first leg and ends along that of its last."""
        junctions = self.junctions.get(self._mode[crew]) if crew in self._mode else None
        if junctions is None or not legs:
            return UNKNOWN, UNKNOWN
        arcs = [arc for leg in legs for arc in leg.arcs]
        first, last = legs[0].street, legs[-1].street
        begins, ends = junctions.ends(arcs, first)
        return begins, ends if first == last else junctions.ends(arcs, last)[1]


def _lines(runs: Sequence[tuple[Leg, ...]]) -> list[tuple[Leg, ...]]:
    """Put drives at normal speed that are over too soon beside those before or after them."""
    found: list[tuple[Leg, ...]] = []
    for run in runs:
        is_pair = bool(found) and all(leg.kind in AT_NORMAL_SPEED for leg in (found[-1][-1], run[0]))
        if is_pair and any(elapsed_s(legs[0].depart, legs[-1].arrive) < SHORT_S for legs in (found[-1], run)):
            found[-1] = (*found[-1], *run)
        else:
            found.append(run)
    return found


@lru_cache(maxsize=KEPT)
def itinerary(plan: PatrolPlan) -> Itinerary:
    """Return the orders of every crew of a plan; worked out once for all that is written of it."""
    return Itinerary(plan)


def leg_items(plan: PatrolPlan) -> Mapping[str, tuple[int, ...]]:
    """Return of each crew the number of the order that each of its legs belongs to, in the order of the legs.

    It looks at the legs alone, so that a plan full of faults has its numbers too.
    """
    is_sweeping = plan.objective.goal == "presence"
    return {
        route.crew: tuple(
            number
            for number, draft in enumerate(gathered(route, is_sweeping=is_sweeping), start=1)
            for _ in (*draft.approach, *draft.legs)
        )
        for route in plan.routes
    }


def item(number: int, lang: Lang) -> str:
    """Return how an order is called on the radio.

    Examples
    --------
    >>> item(9, "zh"), item(9, "en")
    ('第 9 项', 'item 9')
    """
    return f"第 {number} 项" if lang == "zh" else f"item {number}"


def joined(legs: Iterable[Leg]) -> tuple[LonLat, ...]:
    """Join the lines of legs; a point that ends one leg and begins the next comes once."""
    points: list[LonLat] = []
    for leg in legs:
        points.extend(leg.coordinates[1:] if points and leg.coordinates[:1] == (points[-1],) else leg.coordinates)
    return tuple(points)


def _allowed(draft: Draft, known: Sequence[Margin]) -> Tolerance:
    """Return how far an order may be off its time; the way home can only be late."""
    if draft.kind == "return":
        return Tolerance(None, known[-1].ahead_s if known else None)
    return tolerance(known)
