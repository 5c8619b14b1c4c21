"""`Crew` and its `Staff`: one vehicle, or a team on foot or bicycle, on one shift."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from functools import partial
from typing import Any, TypedDict, TypeGuard, Unpack

import shapely
from shapely import Polygon

from patrolroute.base.arguments import OWN, checked, checked_fields
from patrolroute.base.errors import Complaints, PlaceError, ProblemError, short
from patrolroute.base.shapes import PointLike, Shapes, geometries_of, point_of
from patrolroute.base.text import not_held
from patrolroute.base.vocabulary import MODES, Datum, Lang, LonLat, Mode, Seconds, elapsed_s
from patrolroute.demand.model import MAX_LOAD, is_number, make_plain, not_whole
from patrolroute.network.coordinates import not_on_earth, to_wgs84
from patrolroute.network.names import area_in_words, is_area, is_place, place_in_words
from patrolroute.network.road import RoadNetwork
from patrolroute.problem.breaks import Break
from patrolroute.problem.clock import TIMEZONE, shift, zone


@checked_fields(but=("officers", "volunteers", "languages"))
@dataclass(frozen=True, slots=True)
class Staff:
    """Who goes out with a crew, and how it is reached; no search and no bound looks at it.

    Order sheets and the workbook of a plan print it. ``plan.json`` keeps plate and call sign alone, and nothing else
    that is written or logged holds any of it: names and telephones are personal data.

    Parameters
    ----------
    officers
        Names (民警).
    volunteers
        Names (志愿者), who go out with at least one officer.
    languages
        That one of them speaks, such as ``zh``, ``en``: who asks for a language is served by such a crew.
    plate
        Of the vehicle (车牌).
    call_sign
        On the radio (呼号).
    phone
        Telephone (电话), as it is dialled.

    Raises
    ------
    ProblemError
        With every rule broken.

    Examples
    --------
    >>> staff = Staff(("民警甲", "民警乙"), call_sign="01")
    >>> staff.call_sign, staff  # a log that prints a crew does not print who is in it
    ('01', Staff())
    """

    officers: Sequence[str] = field(default=(), repr=False)
    volunteers: Sequence[str] = field(default=(), repr=False, kw_only=True)
    languages: Sequence[str] = field(default=(), repr=False, kw_only=True)
    plate: str = field(default="", repr=False)
    call_sign: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        complaints = Complaints()
        for name, rule in _LISTS.items():
            given = getattr(self, name)
            if isinstance(given, str) or not isinstance(given, Iterable):
                complaints.add(rule)
                object.__setattr__(self, name, ())
            else:
                object.__setattr__(self, name, tuple(given))
        if self.volunteers and not self.officers:
            complaints.add("staff: volunteers go out with at least one officer; name one")
        texts = (*self.officers, *self.volunteers, *self.languages, self.plate, self.call_sign, self.phone)
        if not all(isinstance(text, str) for text in texts):
            complaints.add("staff: an officer, the plate, the call sign or the telephone is no text")
        for text in texts:
            complaints.extend(not_held("staff: a name or number", text))
        complaints.raise_as(ProblemError)


_LISTS = {
    "officers": "staff: officers is no list of names",
    "volunteers": "staff: volunteers is no list of names",
    "languages": "staff: languages is no list of texts",
}
"""What is said of what is no list."""


__all__ = ["TIMEZONE", "Break", "Crew", "elapsed_s", "shift", "zone"]

MAX_FLEET = 1_000
"""Many times the cars of a city's night."""

MAX_RANGE_KM = 2_000
"""Farther than any vehicle gets in the longest shift."""

MAX_SHIFT_S: Seconds = 16 * 3600
"""A longer shift is a slip of the pen: a wrong day or a swapped start and end."""

SPEED_FACTORS = (0.1, 3.0)


class CrewOptions(TypedDict, total=False):
    """What `Crew.fleet` hands on to each crew: the fields of `Crew` but its id, depot and shift."""

    end_depot: PointLike | None
    mode: Mode
    speed_factor: float
    kinds: Collection[str] | None
    area: Shapes | None
    reserved: Collection[str]
    forbidden: Collection[str]
    capacity: int | None
    break_: Break | None
    range_km: float | None
    depot_name: str
    end_depot_name: str
    staff: Staff | None
    lang: Lang | None


@checked_fields(but=OWN)
@dataclass(frozen=True, slots=True)
class Crew:
    """One vehicle on one shift (车组).

    Parameters
    ----------
    id
        Unique within a problem; printed as it is.
    depot
        Where the route starts (集结点): longitude and latitude in WGS-84 degrees, a pair, an array, a point of shapely
        or GeoJSON, or a GeoSeries of one; kept as a pair. Or a crossing in words, such as ``朝阳中路与龙湖路口``, which
        `PatrolProblem` finds on its network.
    start, end
        The shift, aware datetimes, at most 16 hours. Their difference is the time budget (时限).
    end_depot
        Where the route ends; the depot if not given.
    mode
        ``car``, ``foot`` or ``bicycle``.
    speed_factor
        1.2 drives and patrols a fifth faster than the network's seconds; 0.1 to 3.
    kinds
        Task kinds or hotspot kinds that the crew may serve; all if not given.
    area
        Patrol area (巡区): a polygon in WGS-84 degrees, of shapely, GeoJSON, or a GeoSeries or GeoDataFrame of one; the
        crew serves only tasks whose midpoint lies in it. Kept as a shapely polygon. Or an area in words, such as
        ``东至广场路，南至国庆中路，西至龙湖路，北至朝阳中路``, which `PatrolProblem` finds; bounding streets lie in it.
    reserved
        Ids of tasks or hotspots, or names of streets or hotspots, that only this crew may serve, with the other crews
        that they are reserved to. A street's name that has no task of its own means its sections.
    forbidden
        The same for what this crew may never serve.
    capacity
        The loads of its visits add up to at most so many whole units, 0 to 10⁶; any load if not given.
    range_km
        Most kilometres it may drive, above 0 and at most 2,000, as of an electric car; any way if not given. Metres
        are counted: 0.001 km is one.
    break_
        What it takes once if it goes out at all.
    depot_name, end_depot_name
        What people call these places, such as 淮南市公安局; outputs name the nearest crossing where none is given.
        Without ``end_depot`` the route ends at the depot, which has one name.
    staff
        Who goes out, and how the crew is reached, for order sheets.
    lang
        Language of its order sheet, ``zh`` or ``en``; that of all outputs if not given.

    Raises
    ------
    ProblemError
        With every rule broken.

    Examples
    --------
    >>> crews = Crew.fleet(2, depot=(117.0035, 32.6249), start="20:30", end="00:15", date="2026-05-08")
    >>> [crew.id for crew in crews], crews[0].budget_s
    (['P01', 'P02'], 13500)
    """

    id: str
    depot: PointLike
    start: dt.datetime
    end: dt.datetime
    _: KW_ONLY
    end_depot: PointLike | None = None
    mode: Mode = "car"
    speed_factor: float = 1.0
    kinds: Collection[str] | None = None
    area: Shapes | None = None
    reserved: Collection[str] = frozenset()
    forbidden: Collection[str] = frozenset()
    capacity: int | None = None
    break_: Break | None = None
    range_km: float | None = None
    depot_name: str = ""
    end_depot_name: str = ""
    staff: Staff | None = None
    lang: Lang | None = None

    def __post_init__(self) -> None:
        complaints = Complaints()
        for name in ("depot", "end_depot"):
            if (place := point_of(getattr(self, name))) is not None:
                object.__setattr__(self, name, place)
        object.__setattr__(self, "area", complaints.attempt(partial(_area_of, self)))
        complaints.extend(_broken_rules(self))
        complaints.raise_as(ProblemError)
        if self.kinds is not None:
            object.__setattr__(self, "kinds", frozenset(self.kinds))
        for name in ("reserved", "forbidden"):
            object.__setattr__(self, name, frozenset(getattr(self, name)))
        make_plain(self, "capacity")
        object.__setattr__(self, "speed_factor", float(self.speed_factor))
        if self.range_km is not None:
            object.__setattr__(self, "range_km", float(self.range_km))

    @property
    def budget_s(self) -> Seconds:
        """Time budget in whole seconds."""
        return elapsed_s(self.start, self.end)

    @property
    def languages(self) -> tuple[str, ...]:
        """What its people speak, as far as anybody said."""
        return () if self.staff is None else tuple(self.staff.languages)

    @property
    def end_place(self) -> LonLat:
        """Where the route ends."""
        return self.end_depot or self.depot

    @property
    def end_name(self) -> str:
        """What people call the place where the route ends; empty if nobody said."""
        return self.depot_name if self.end_depot is None else self.end_depot_name

    def placed(self, network: RoadNetwork, *, crs: str = "wgs84") -> Crew:
        """Return the crew with its places in words found on a network; itself if none of them is in words.

        Parameters
        ----------
        network
            The map of its mode.
        crs
            Datum of coordinates in these words.

        Raises
        ------
        ProblemError
            With everything that is not found.
        """
        complaints, found = Complaints(), dict[str, Any]()
        for entry, word in (("depot", "depot"), ("end_depot", "end depot"), ("area", "area")):
            text = getattr(self, entry)
            if not isinstance(text, str):
                continue
            try:
                found[entry] = (
                    area_in_words(text, network, crs=crs).whole
                    if entry == "area"
                    else place_in_words(text, network, crs=crs).lonlat
                )
            except PlaceError as error:
                complaints.extend(item.about(f"{word} of crew {self.id!r}") for item in error.items)
        complaints.raise_as(ProblemError)
        return replace(self, **found) if found else self

    @classmethod
    @checked(but=("count", "depot", "start", "end", "date"))
    def fleet(  # noqa: PLR0913 - each is one word of a planner's
        cls,
        count: int,
        *,
        depot: PointLike,
        start: str | dt.datetime,
        end: str | dt.datetime,
        date: str | dt.date | None = None,
        timezone: str = TIMEZONE,
        prefix: str = "P",
        crs: Datum = "wgs84",
        **options: Unpack[CrewOptions],
    ) -> list[Crew]:
        """Make ``count`` crews that share a depot and a shift, called ``P01``, ``P02``, ….

        Parameters
        ----------
        count
            1 to 1,000.
        depot
            As in `Crew`, in ``crs``.
        start, end
            Clock times such as ``"20:30"``, then ``date`` is needed and an end at or before the start is
            the next day; or aware datetimes.
        date
            Day of the start, ``"2026-05-08"``.
        timezone
            Of the clock times.
        prefix
            First letters of the ids.
        crs
            ``wgs84``, ``gcj02`` or ``bd09``.
        options
            Any other field of `Crew`, the same for all: see `CrewOptions`.

        Raises
        ------
        ProblemError
            With the rule that is broken.
        """
        complaints = Complaints()
        complaints.extend(not_whole("fleet: number of crews", count, 1, MAX_FLEET))
        try:
            begins, ends = shift(start, end, date=date, timezone=timezone)
        except ProblemError as error:
            complaints.extend(error.items)
        complaints.raise_as(ProblemError)
        place = _wgs84(depot, crs)
        width = max(2, len(str(count)))
        return [
            cls(id=f"{prefix}{number:0{width}d}", depot=place, start=begins, end=ends, **options)
            for number in range(1, count + 1)
        ]


def _wgs84(place: PointLike, crs: str) -> PointLike:
    """Move a point to WGS-84; anything else stays for `Crew` to complain of."""
    point = point_of(place)
    if point is None:
        return place
    lon, lat = (float(value) for value in to_wgs84(*point, crs))
    return lon, lat


def _area_of(crew: Crew) -> Any:
    """Return a patrol area as shapely has it; what is none stays as it is."""
    if crew.area is None or (isinstance(crew.area, str) and is_area(crew.area)):
        return crew.area
    found = geometries_of(crew.area, f"crew {crew.id!r}: area", ProblemError)
    if len(found) != 1 and all(map(shapely.is_geometry, found)):
        raise ProblemError(f"crew {crew.id!r}: area has {len(found)} shapes, not one polygon")
    return found[0] if len(found) == 1 else crew.area


def _broken_rules(crew: Crew) -> Iterator[str]:
    """Yield every rule that a crew breaks."""
    thing, (low, high) = f"crew {crew.id!r}", SPEED_FACTORS
    if not isinstance(crew.id, str) or not crew.id.strip():
        yield f"{thing}: the id is not a text of at least one letter"
    yield from not_held("crew: the id", crew.id)
    if crew.mode not in MODES:
        yield f"{thing}: mode {crew.mode!r} is not one of {', '.join(MODES)}"
    if not is_number(crew.speed_factor) or not low <= crew.speed_factor <= high:
        yield f"{thing}: speed factor {crew.speed_factor} is not between {low} and {high}"
    if isinstance(crew.kinds, str):
        yield f"{thing}: kinds {crew.kinds!r} is one text; give a set of kinds"
    elif crew.kinds is not None and not isinstance(crew.kinds, Collection):
        yield f"{thing}: kinds {crew.kinds!r} is not a set of kinds"
    for word, name in (("depot", crew.depot_name), ("end depot", crew.end_depot_name)):
        if not isinstance(name, str):
            yield f"{thing}: name {short(name)} of the {word} is not a text"
        yield from not_held(f"{thing}: the name of the {word}", name)
    yield from _broken_rights(crew, thing)
    yield from _broken_places(crew, thing)
    yield from _broken_area(crew, thing)
    yield from _broken_shift(crew, thing)


def _broken_rights(crew: Crew, thing: str) -> Iterator[str]:
    """Yield what is wrong with what is reserved and forbidden, the capacity and the break."""
    for word in ("reserved", "forbidden"):
        names = getattr(crew, word)
        if isinstance(names, str):
            yield f"{thing}: {word} {names!r} is one text; give a set of ids or names"
        elif not isinstance(names, Collection) or not all(isinstance(name, str) for name in names):
            yield f"{thing}: {word} {short(names)} is not a set of ids or names"
    if crew.capacity is not None:
        yield from not_whole(f"{thing}: capacity", crew.capacity, 0, MAX_LOAD)
    if crew.range_km is not None and not (is_number(crew.range_km) and 0 < crew.range_km <= MAX_RANGE_KM):
        yield f"{thing}: range {short(crew.range_km)} is not above 0 and at most {MAX_RANGE_KM} km"
    if crew.break_ is not None and not isinstance(crew.break_, Break):
        yield f"{thing}: break {short(crew.break_)} is not a Break"
    if crew.lang not in (None, "zh", "en"):
        yield f"{thing}: lang {short(crew.lang)} is not zh or en"
    if crew.staff is not None and not isinstance(crew.staff, Staff):
        yield f"{thing}: staff {short(crew.staff)} is not a Staff"


def _broken_places(crew: Crew, thing: str) -> Iterator[str]:
    for word, place in (("depot", crew.depot), ("end depot", crew.end_depot)):
        if (place is None and word == "end depot") or (isinstance(place, str) and is_place(place)):
            continue
        if isinstance(place, str):
            yield (
                f"{thing}: {word} {short(place)} is neither a longitude and a latitude in degrees nor a crossing, "
                "such as A Road & B Road"
            )
        elif not _is_pair(place):
            yield f"{thing}: {word} {place!r} is not a longitude and a latitude in degrees"
        elif wrong := not_on_earth(*place):
            yield f"{thing}: {word} {wrong}"


PAIR = 2
"""Numbers of a place: longitude and latitude."""


def _is_pair(place: Any) -> TypeGuard[LonLat]:
    return isinstance(place, tuple) and len(place) == PAIR and all(map(is_number, place))


def _broken_area(crew: Crew, thing: str) -> Iterator[str]:
    """Yield what is wrong with a patrol area that is given."""
    if crew.area is None or (isinstance(crew.area, str) and is_area(crew.area)):
        return
    if not isinstance(crew.area, Polygon):
        yield f"{thing}: area {short(crew.area)} is not a shapely Polygon"
    elif crew.area.is_empty or not crew.area.is_valid:
        yield f"{thing}: area is empty or crosses itself"


def _broken_shift(crew: Crew, thing: str) -> Iterator[str]:
    sound = True
    for word, moment in (("start", crew.start), ("end", crew.end)):
        if not isinstance(moment, dt.datetime):
            sound = False
            yield f"{thing}: shift {word} {moment!r} is not a datetime; Crew.fleet and shift take clock times"
        elif moment.utcoffset() is None:
            sound = False
            yield f"{thing}: shift {word} {moment} has no offset; give an aware datetime"
    if not sound:
        return
    if crew.start.microsecond or crew.end.microsecond:
        yield f"{thing}: shift {crew.start} to {crew.end} is not in whole seconds"
    if crew.budget_s == 0:
        yield f"{thing}: shift starts and ends at {crew.start:%H:%M}, so there is no time to drive"
    elif crew.budget_s < 0:
        yield f"{thing}: shift ends {crew.end:%H:%M}, before it starts {crew.start:%H:%M}"
    elif crew.budget_s > MAX_SHIFT_S:
        earlier = crew.end - dt.timedelta(hours=12)  # who writes 12:30 for half past midnight
        fits = crew.start < earlier <= crew.start + dt.timedelta(seconds=MAX_SHIFT_S)
        hint = f"; an end at {earlier:%H:%M} would fit: write that, if it is meant" if fits else ""
        yield f"{thing}: shift of {crew.budget_s / 3600:.1f} hours is longer than {MAX_SHIFT_S // 3600}{hint}"
