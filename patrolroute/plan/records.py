"""The records of a plan: legs and routes, crews and tasks, what is left out and what the plan is worth.

A field is declared in one line, and `patrolroute.plan.codec` writes it into ``plan.json``, reads it, complains of it
and prints its schema. `patrolroute.plan.model` puts them together.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Annotated, Literal, TypeAlias

from patrolroute.base.vocabulary import Lang, LegKind, Metres, Mode, Points, Reason, Seconds, TaskKind, elapsed_s
from patrolroute.plan.declaration import Form, Key, described, written

DRIVING = ("deadhead", "pass", "patrol")
"""The kinds of legs on which a crew drives."""

SEEN = ("patrol", "pass")
"""The kinds of legs on streets that are wanted: both are seen, both carry their task."""

DEGREE_DIGITS = 7
"""A centimetre on the ground; more digits would only make the file longer."""

Moments: TypeAlias = tuple[dt.datetime, dt.datetime]
"""Two aware datetimes, from and to."""

PlanGoal: TypeAlias = Literal["points", "presence"]
"""What a plan was made for."""

Id: TypeAlias = Annotated[int, Form(low=-(2**63), high=2**63 - 1)]
"""Whole number of 64 bits: a node, the key of an edge, a seed."""

Chain: TypeAlias = tuple[tuple[Id, Id, Id], ...]
"""Arcs driven one after the other, ``(tail, head, key)`` each."""

Degrees: TypeAlias = Annotated[float, Form(low=-180, high=180)]
Line: TypeAlias = tuple[tuple[Degrees, Degrees], ...]


@described
@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One thing that a crew does without a break."""

    kind: Annotated[LegKind, Key("what it is: driving, serving, standing")] = field(kw_only=False)
    task: Annotated[str | None, Key("id of the task that a patrol or dwell serves, or a pass drives through")] = None
    visit: Annotated[int | None, Key("number of the visit that counts, from 1; null: it does not")] = None
    counted: Annotated[bool, Key("whether the visit counts")] = False
    arcs: Annotated[Chain, Key("arcs driven, each as tail, head, key; empty while standing")] = ()
    depart: Annotated[dt.datetime, Key("with the seconds of arcs and turns, or the stay, it is arrive")] = field(
        kw_only=False
    )
    arrive: dt.datetime = field(kw_only=False)
    turn_s: Annotated[Seconds, Key("seconds of turning that the arcs' seconds don't hold")] = 0
    length_m: Annotated[Metres, Key("metres driven")] = 0
    street: Annotated[str, Key("the street that most of the leg runs along, or the hotspot's name")] = ""
    coordinates: Annotated[Line, Key("its line in WGS-84 degrees; a point while standing", digits=DEGREE_DIGITS)] = ()

    @property
    def duration_s(self) -> Seconds:
        """Whole seconds from departing to arriving."""
        return elapsed_s(self.depart, self.arrive)


@described
@dataclass(frozen=True, slots=True)
class Route:
    """What one crew does in the night; no legs if it stays at its depot."""

    crew: Annotated[str, Key("its id")]
    start: dt.datetime
    end: dt.datetime
    legs: Annotated[tuple[Leg, ...], Key("what it does, in order")] = ()

    @property
    @written(after="end", says="metres driven", held="the metres of its legs")
    def length_m(self) -> Metres:
        """Metres driven."""
        return sum(leg.length_m for leg in self.legs)

    @property
    def duration_s(self) -> Seconds:
        """Whole seconds from start to end, waits included."""
        return elapsed_s(self.start, self.end)

    @property
    def driving_s(self) -> Seconds:
        """Whole seconds of driving, patrolling included."""
        return sum(leg.duration_s for leg in self.legs if leg.kind in DRIVING)

    @property
    def breaks(self) -> tuple[Leg, ...]:
        """When the crew rests: one leg at most, where the plan is sound."""
        return tuple(leg for leg in self.legs if leg.kind == "break")


@described
@dataclass(frozen=True, slots=True)
class Spot:
    """A node of the network, where it lies, and what people call it, if anybody said."""

    node: Id
    lon: Annotated[Degrees, Key(digits=DEGREE_DIGITS)]
    lat: Annotated[Degrees, Key(digits=DEGREE_DIGITS)]
    name: Annotated[str, Key("what people call it; empty: nobody gave it a name", since="1.4")] = ""


@described
@dataclass(frozen=True, slots=True)
class PlannedBreak:
    """A break that was agreed."""

    length_s: Annotated[Seconds, Key("whole seconds")]
    windows: Annotated[tuple[Moments, ...], Key("one of them holds it; none: it may be at any time")] = ()


@described
@dataclass(frozen=True, slots=True)
class PlannedStaff:
    """Who goes out with a crew; names and telephones are for what is printed tonight, and stand in no ``plan.json``."""

    plate: Annotated[str, Key("of the vehicle; empty: nobody said")] = field(default="", repr=False)
    call_sign: Annotated[str, Key("on the radio; empty: nobody said")] = field(default="", repr=False)
    officer_count: Annotated[int | None, Key("how many officers; null: nobody said", since="2.3")] = field(
        default=None, kw_only=True
    )
    volunteer_count: Annotated[int, Key("how many volunteers go with them", since="2.3")] = field(
        default=0, kw_only=True
    )
    officers: Annotated[tuple[str, ...], Key(is_written=False)] = field(default=(), repr=False)
    volunteers: Annotated[tuple[str, ...], Key(is_written=False)] = field(default=(), repr=False, kw_only=True)
    phone: Annotated[str, Key(is_written=False)] = field(default="", repr=False)

    @property
    def by_word(self) -> dict[str, tuple[str, ...]]:
        """What was said of it, by the word for it, in the order in which it is printed."""
        said = {"call_sign": (self.call_sign,), "plate": (self.plate,), "officers": self.officers,
                "volunteers": self.volunteers}  # fmt: skip
        return {word: texts for word, texts in (said | {"phone": (self.phone,)}).items() if any(texts)}


@described
@dataclass(frozen=True, slots=True)
class PlannedCrew:
    """A crew as the plan knows it: a vehicle or team on one shift."""

    id: str
    mode: Mode
    depot: Spot
    end_depot: Spot
    start: dt.datetime
    end: dt.datetime
    speed_factor: Annotated[float, Key("each arc takes max(1, floor(seconds / factor + 0.5))")] = 1.0
    kinds: Annotated[tuple[str, ...] | None, Key("kinds of tasks that it may serve; null: all")] = None
    area: Annotated[tuple[Line, ...] | None, Key("rings of the patrol area, the outer one first; null: any")] = None
    capacity: Annotated[int | None, Key("most that the loads of its visits may add up to; null: any load")] = None
    break_: Annotated[PlannedBreak | None, Key("the break that was agreed; null: none", name="break")] = None
    reserved: Annotated[tuple[str, ...], Key("ids of tasks that only crews with that id here serve", since="1.1")] = ()
    forbidden: Annotated[tuple[str, ...], Key("ids of tasks that this crew may not serve", since="1.1")] = ()
    range_km: Annotated[float | None, Key("most kilometres that it may drive; null: any way", since="1.5")] = None
    staff: Annotated[
        PlannedStaff | None, Key("plate and call sign of who goes out; null: nobody said", since="2.1")
    ] = None
    languages: Annotated[tuple[str, ...], Key("that somebody in it speaks", since="2.3", spares="any")] = ()
    lang: Annotated[
        Lang | None, Key("language of its order sheet; null: that of all outputs", since="2.3", spares="any")
    ] = None
    out_of_service: Annotated[
        dt.datetime | None,
        Key("from when on it does nothing more, wherever it is; null: it is home in the end", since="2.2"),
    ] = None

    @property
    def budget_s(self) -> Seconds:
        """Time budget in whole seconds."""
        return elapsed_s(self.start, self.end)

    @property
    def limits(self) -> dict[str, str]:
        """What the crew may do at most, besides its hours, by the word for it; empty without limits."""
        load = {} if self.capacity is None else {"load": str(self.capacity)}
        return load if self.range_km is None else load | {"range": f"{self.range_km:g} km"}


@described
@dataclass(frozen=True, slots=True)
class Overtime:
    """The crew that could make one more visit with the least overtime (加班)."""

    crew: Annotated[str, Key("its id")]
    extra_s: Annotated[Seconds, Key("by how many seconds its shift would have to end later; 0: it has the time")]


@described
@dataclass(frozen=True, slots=True)
class GiveWay:
    """The visits of one crew that could give way to one more visit."""

    crew: Annotated[str, Key("its id")]
    tasks: Annotated[tuple[str, ...], Key("ids of tasks that would lose a visit, as driven; twice: they lose two")]
    worth: Annotated[Points, Key("points that would be lost with them")]


@described
@dataclass(frozen=True, slots=True)
class LeftOut:
    """Why a task is short of its visits, and what one more would take."""

    reason: Annotated[Reason, Key("one of the closed list of reasons")]
    needs_s: Annotated[Seconds | None, Key("fewest extra seconds that the next visit takes; null: no time helps")]
    detail: Annotated[str, Key("one sentence")]
    overtime: Annotated[Overtime | None, Key("the least; null: none helps, or nobody looked", since="1.3")] = None
    give_way: Annotated[GiveWay | None, Key("the cheapest found; null: nothing was", since="1.3")] = None
    extra_crew: Annotated[str | None, Key("a second crew like this one could make the visit", since="1.3")] = None
    because_of_break: Annotated[bool, Key("without the crew's break it would fit", since="1.6")] = False


@described
@dataclass(frozen=True, slots=True)
class Conflict:
    """Required tasks that cannot all be served in one night."""

    tasks: Annotated[tuple[str, ...], Key("their ids")]
    most: Annotated[int, Key("so many of them were found to be served together, in a plan that serves no other task")]
    proven: Annotated[bool, Key("true: no plan serves them all; false: a search found none")]
    smallest: Annotated[bool, Key("whether no smaller set is known to conflict, all of them being tried")]


@described
@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTask:
    """A task as the plan knows it: one street segment or one hotspot."""

    id: str
    kind: TaskKind
    category: Annotated[str, Key("street, or the hotspot's own kind", is_optional=True)] = "street"
    name: str
    mode: Mode
    priority: Annotated[int, Key("1 to 5")]
    required: Annotated[bool, Key("whether it must be served at least once")]
    prize: Annotated[Points, Key("what a first visit is worth by what the night says")]
    worth: Annotated[tuple[Points, ...], Key("points of the first, second, … counted visit")]
    visits_done: Annotated[int, Key("visits that count")]
    headway_s: Annotated[Seconds, Key("least time between the starts of two counted visits")]
    max_gap_s: Annotated[
        Seconds | None, Key("promised: nobody is away for longer; null: nothing is promised", since="2.0")
    ] = None
    slices: Annotated[tuple[Moments, ...], Key("at most one counted visit in each; empty: visits count by their times")]
    load: Annotated[int, Key("what each visit takes of a crew's capacity", is_optional=True)] = 0
    directions: Annotated[tuple[Chain, ...], Key("streets only: the chains of arcs that serve it", only="street")] = ()
    node: Annotated[Id | None, Key("hotspots only: where it is", only="hotspot")] = None
    lon: Annotated[
        Degrees | None, Key("hotspots only: of that node", only="hotspot", since="2.0", digits=DEGREE_DIGITS)
    ] = None
    lat: Annotated[
        Degrees | None, Key("hotspots only: of that node", only="hotspot", since="2.0", digits=DEGREE_DIGITS)
    ] = None
    dwell_s: Annotated[Seconds, Key("hotspots only: how long a visit stays", only="hotspot")] = 0
    windows: Annotated[
        tuple[Moments, ...],
        Key(
            "when a hotspot is open, or a street matters: its visits start in one; none: all night",
            is_optional=True,
            spares="street",
        ),
    ] = ()
    languages: Annotated[
        tuple[str, ...], Key("a crew that serves it speaks one of them; none: any", since="2.3", spares="any")
    ] = ()
    household: Annotated[
        bool, Key("somebody's home: no stay before 06:00, none after 22:00", since="2.3", spares="any")
    ] = False
    crews: Annotated[
        int, Key("crews that stand there at a time; each meeting has so many visits", since="2.3", spares="any")
    ] = 1
    left_out: Annotated[LeftOut | None, Key("why visits are missing; null: none is")] = None
    pair: Annotated[
        str | None,
        Key("id of the task of its other direction; a visit counts only if that has one of its number", only="street",
            since="2.3"),
    ] = None  # fmt: skip
    alternate: Annotated[
        bool, Key("whether counted visits, by their numbers, go in another direction each", only="street", since="2.3")
    ] = False
    arrive_by: Annotated[
        Chain | None,
        Key("a crew that has driven stops here after one of these arcs; null: any", only="hotspot", since="2.3"),
    ] = None
    side: Annotated[
        str, Key("side of its road by the compass, such as south; empty: nobody asked", only="hotspot", since="2.3")
    ] = ""

    @property
    @written(after="worth", says="how often it is wanted", held="as many as worth has")
    def visits_wanted(self) -> int:
        """How often the task is wanted."""
        return len(self.worth)


@described
@dataclass(frozen=True, slots=True)
class PlannedHours:
    """Key hours: when being seen weighs more; of several the greatest weight counts, and all other hours weigh 1."""

    windows: Annotated[tuple[Moments, ...], Key("from when to when")]
    weight: Annotated[float, Key("what a second of them weighs, in steps of a hundredth")]
    tasks: Annotated[tuple[str, ...] | None, Key("ids of the tasks that they are for; null: all")] = None


@described
@dataclass(frozen=True, slots=True)
class PlannedNearHome:
    """Near home: a pass away from a crew's own part costs weight · priority · metres · 15 min of unseen time.

    A crew's own part is its patrol area, or where it has none what lies within so many metres of its depots.
    """

    metres: Annotated[Metres | None, Key("straight line from either depot; null: only areas are anybody's part")]
    weight: Annotated[float, Key("what it costs, of a pass that nobody else makes, in steps of a hundredth")]
    leave_areas: Annotated[bool, Key("whether streets outside their areas may be driven and patrolled")] = False


@described
@dataclass(frozen=True, slots=True)
class PlannedResponse:
    """A promise of response: at no time is one of the places farther than so many seconds from a crew on duty.

    A crew drives on to the end of its arc, then the quickest way at its travel speed, turns free.
    """

    name: Annotated[str, Key("of the class of places")]
    within_s: Annotated[Seconds, Key("how soon a crew would be there")]
    tasks: Annotated[tuple[str, ...], Key("ids of the places")]
    windows: Annotated[tuple[Moments, ...], Key("when it is promised; empty: all night")] = ()


@described
@dataclass(frozen=True, slots=True)
class RoadChange:
    """Streets that are closed or slow from some moment of the night on; who is on them then drives out of them."""

    mode: Mode
    since: Annotated[dt.datetime, Key("from when on", name="from")]
    arcs: Annotated[Chain, Key("which arcs")]
    factor: Annotated[float | None, Key("share of the usual driving speed; null: closed")] = None
    names: Annotated[tuple[str, ...], Key("what they were called by those who changed them")] = field(
        default=(), kw_only=True
    )


@described
@dataclass(frozen=True, slots=True, kw_only=True)
class RoadPart:
    """A part of the night in which some arcs take fewer seconds than the network of their mode says.

    An arc that is entered at t, the turn into it done, takes the seconds that hold at t, but never longer than waiting
    for a later part and driving then.
    """

    mode: Mode
    since: Annotated[dt.datetime, Key("from when on", name="from")]
    until: Annotated[dt.datetime, Key("the first moment after it", name="to")]
    arcs: Annotated[Chain, Key("the arcs that take fewer seconds then")]
    travel_s: Annotated[tuple[Seconds, ...], Key("driving seconds of each of them")]
    patrol_s: Annotated[tuple[Seconds, ...], Key("patrol seconds of each of them")]


@described
@dataclass(frozen=True, slots=True)
class DrivenRoute:
    """What of a route had been driven, or was under way, when the night was planned anew."""

    crew: Annotated[str, Key("its id")]
    legs: Annotated[int, Key("so many legs of its route, from the first")]
    sha256: Annotated[str, Form(pattern=r"^[0-9a-f]{64}$"), Key("of what these legs are")]


@described
@dataclass(frozen=True, slots=True)
class Replanned:
    """A moment at which the rest of the night was planned anew; what was driven before is as it was planned then."""

    at: Annotated[dt.datetime, Key("the moment")]
    driven: Annotated[tuple[DrivenRoute, ...], Key("of each crew")]


@described
@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """What the plan is worth, as it states it; the audit recomputes all but the bounds."""

    goal: Annotated[PlanGoal, Key("what it was made for: points or presence", since="2.0")] = "points"
    required_missed: Annotated[int, Key("required tasks without a visit; for presence broken promises too")]
    prize_collected: Points
    prize_total: Points
    levels: Annotated[tuple[int, ...], Key("the score, level by level; the first that differs decides")]
    upper_bound: Annotated[Points | None, Key("no plan of the night collects more")] = None
    bound_method: Annotated[str | None, Key("how that bound was found")] = None
    driving_bound_s: Annotated[Seconds | None, Key("least driving where all points are collected", since="1.4")] = None
    longest_route_bound_s: Annotated[Seconds | None, Key("least longest route of such a plan", since="1.4")] = None
    idleness_bound_s: Annotated[Seconds | None, Key("least worst idleness, seconds times priority", since="1.4")] = None
    seen: Annotated[float | None, Key("with the goal presence: the sighting probability", since="2.0")] = None
    seen_bound: Annotated[float | None, Key("no plan that leaves out no more is seen more", since="2.0")] = None
    longest_route_s: Seconds
    driving_s: Annotated[Seconds, Key("seconds of driving of all crews, patrolling included")]

    @property
    @written(after="idleness_bound_s", says="distance from the upper bound, as a share of it")
    def gap(self) -> float | None:
        """Distance of the plan's worth from the proven upper bound, as a share of the bound."""
        return None if not self.upper_bound else (self.upper_bound - self.prize_collected) / self.upper_bound

    @property
    @written(after="seen_bound", says="distance from that bound, as a share of it", since="2.0")
    def seen_gap(self) -> float | None:
        """Distance of what is seen from the proven bound, as a share of the bound."""
        return None if not self.seen_bound or self.seen is None else (self.seen_bound - self.seen) / self.seen_bound
