"""Where crews really are: a place and a heading, or the last fix of a track, put on the streets and into the plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import shapely

from patrolroute.base.arguments import checked_fields
from patrolroute.base.errors import Complaints, InputError, ProblemError, short
from patrolroute.base.text import clock_text
from patrolroute.base.vocabulary import FloatArray, LonLat
from patrolroute.live.replan_places import lonlat_of
from patrolroute.live.tracks import Track
from patrolroute.network.coordinates import near_lonlat
from patrolroute.network.places import METRES_A_DEGREE, SNAP_M, flat, snap_all
from patrolroute.network.road import RoadNetwork

if TYPE_CHECKING:
    from patrolroute.base.vocabulary import Mode
    from patrolroute.plan.model import PatrolPlan

FULL_TURN = 360.0
OFF_COURSE = 60.0
"""A crew may drive along a street whose direction differs by so many degrees from its heading."""

NOISE_M = 15.0
"""A street that is so much farther than the nearest may be the one as well: what a device is off by in a town."""

MOVED_M = 10.0
"""Two fixes so far apart tell a heading; nearer ones tell what a device is off by."""

LATELY_S = 120
"""The fix from which the heading is taken is at most so much older than the last one."""

STALE_S = 600
"""A last fix older than this says nothing of where a crew is now."""


@checked_fields(but=("place",))
@dataclass(frozen=True, slots=True)
class Position:
    """Where a crew is.

    Parameters
    ----------
    place
        Longitude and latitude in WGS-84 degrees, or a crossing in words such as ``朝阳中路与龙湖路口``.
    heading
        In which direction it drives: degrees clockwise from north, 0 to 360; None if nobody knows.
    """

    place: LonLat | str
    heading: float | None = None

    def __post_init__(self) -> None:
        if self.heading is not None and not 0 <= self.heading <= FULL_TURN:
            raise InputError(f"position: heading {self.heading} is not a number of degrees from 0 to 360")


Positions: TypeAlias = Mapping[str, Position | Track | LonLat | str] | Sequence[Track]
"""Where crews are by their ids, or tracks that name their crews by id, plate or call sign."""


@dataclass(frozen=True, slots=True)
class Nearby:
    """An arc on which a crew may be.

    Parameters
    ----------
    arc
        Its number.
    share_left
        What is left of it to drive, as a share of its length.
    metres
        From the place to it.
    """

    arc: int
    share_left: float
    metres: float


def positions_of(
    plan: PatrolPlan, given: Positions, at: dt.datetime, networks: Mapping[Mode, RoadNetwork]
) -> dict[str, tuple[Nearby, ...]]:
    """Return the arcs on which crews may be by their ids, the nearest first.

    Parameters
    ----------
    plan
        The plan.
    given
        What is known.
    at
        When they are there.
    networks
        The roads of each mode that are open.

    Raises
    ------
    ProblemError
        With everything that is wrong with it.
    """
    complaints, found = Complaints(), dict[str, tuple[Nearby, ...]]()
    crews = {crew.id: crew for crew in plan.crews}
    for name, where in _by_crew(plan, given, complaints):
        thing, crew = f"replan: position of crew {short(name, 40)}", crews.get(name)
        if crew is None:
            complaints.add(f"{thing}: the plan knows no such crew")
        elif crew.out_of_service is not None:
            complaints.add(f"{thing}: the crew is out of service")
        elif name in found:
            complaints.add(f"{thing}: it is given twice; give one position for each crew")
        elif at < crew.start:
            complaints.add(f"{thing}: its shift begins {clock_text(crew.start)}, after {clock_text(at)}")
        else:
            try:
                position = _told(where, at)
                found[name] = arcs_near(networks[crew.mode], position, thing)
            except InputError as error:
                complaints.extend(item if thing in str(item) else item.about(thing) for item in error.items)
    complaints.raise_as(ProblemError)
    return found


def _by_crew(
    plan: PatrolPlan, given: Positions, complaints: Complaints
) -> Iterator[tuple[str, Position | Track | LonLat | str]]:
    """Yield what is known of each crew, by the crew whose id, plate or call sign it carries."""
    names = {crew.id: crew.id for crew in plan.crews}
    for crew in plan.crews:
        said = () if crew.staff is None else (crew.staff.plate, crew.staff.call_sign)
        names |= {name: crew.id for name in said if name and name not in names}
    if isinstance(given, Mapping):
        yield from ((names.get(name, name), where) for name, where in given.items())
        return
    for track in given:
        if not isinstance(track, Track):
            complaints.add(f"replan: positions: {short(track)} is no track; name crews, or give tracks")
        else:
            yield names.get(track.crew, track.crew), track


def _told(where: Position | Track | LonLat | str, at: dt.datetime) -> Position:
    """Return what is known as a position.

    Raises
    ------
    InputError
        If a track has no fix shortly before, or it is no position at all.
    """
    if isinstance(where, Position):
        return where
    if isinstance(where, Track):
        return last_fix(where, at)
    is_pair = isinstance(where, tuple | list) and len(where) == len(("lon", "lat"))
    if isinstance(where, str) or is_pair:
        return Position(where if isinstance(where, str) else (where[0], where[1]))
    raise ProblemError(f"{short(where)} is neither a longitude and a latitude, a Position nor a track")


def last_fix(track: Track, at: dt.datetime) -> Position:
    """Return where a track is at a moment, and in which direction it went there.

    Parameters
    ----------
    track
        The track.
    at
        Fixes after it are not looked at.

    Raises
    ------
    ProblemError
        If there is no fix in the ten minutes before.
    """
    now = at.timestamp()
    last = int(np.searchsorted(track.seconds, now, side="right")) - 1
    if last < 0:
        raise ProblemError(f"its track begins {clock_text(track.start)}, after {clock_text(at)}")
    if now - track.seconds[last] > STALE_S:
        moment = clock_text(track.moment(float(track.seconds[last])))
        raise ProblemError(f"its last fix is of {moment}, more than {STALE_S // 60} minutes before {clock_text(at)}")
    here = float(track.lon[last]), float(track.lat[last])
    lately = np.flatnonzero(track.seconds[: last + 1] >= track.seconds[last] - LATELY_S)
    steps = _metres(np.column_stack((track.lon[lately], track.lat[lately])), here)
    far = np.flatnonzero(np.hypot(*steps.T) >= MOVED_M)
    return Position(here, float(_bearing(*-steps[far[-1]])) if len(far) else None)


def _metres(lonlats: FloatArray, here: LonLat) -> FloatArray:
    """Return how far points lie east and north of a place, shape ``(n, 2)``."""
    scale = np.array([np.cos(np.radians(here[1])), 1.0]) * METRES_A_DEGREE
    return np.asarray((near_lonlat(lonlats, here[0]) - here) * scale)


def _bearing(east: float, north: float) -> float:
    """Return the degrees clockwise from north of a step.

    Examples
    --------
    >>> _bearing(1.0, 0.0), _bearing(-1.0, 0.0)
    (90.0, 270.0)
    """
    return float(np.degrees(np.arctan2(east, north)) % FULL_TURN)


def arcs_near(network: RoadNetwork, position: Position, thing: str) -> tuple[Nearby, ...]:
    """Return the arcs on which somebody may be, the nearest first.

    Those along the heading, where there are any; of others one that is `NOISE_M` farther than the nearest is none.

    Parameters
    ----------
    network
        The roads.
    position
        Where somebody is.
    thing
        Who, for complaints.

    Raises
    ------
    InputError
        If it is too far from any street, or the words are not understood.
    """
    place = position.place
    lonlat = lonlat_of(place, network)
    picture = flat(network)
    if not np.isfinite(lonlat).all() or not (
        near := picture.tree.query(
            here := shapely.Point(picture.to_plane([lonlat])[0]), predicate="dwithin", distance=SNAP_M
        ).tolist()
    ):
        snap_all(network, [(thing, lonlat)], snap_m=SNAP_M)  # says how far it is, and whether another datum would fit
        raise ProblemError(f"{thing}: no street is near")
    lines = picture.lines[near]
    metres = np.round(shapely.distance(lines, here), 3).tolist()
    shares = np.nan_to_num(shapely.line_locate_point(lines, here, normalized=True)).tolist()
    if position.heading is not None:
        along = [
            number
            for number, (line, share) in enumerate(zip(lines, shares, strict=True))
            if _off_course(line, share, position.heading) <= OFF_COURSE
        ]
        near, metres, shares = ([row[n] for n in along] for row in (near, metres, shares)) if along else (
            near, metres, shares
        )  # fmt: skip
    reach = min(metres) + NOISE_M
    rows = sorted((away, arc, 1 - share) for arc, away, share in zip(near, metres, shares, strict=True))
    return tuple(Nearby(arc, left, away) for away, arc, left in rows if away <= reach)


def _off_course(line: shapely.LineString, share: float, heading: float) -> float:
    """Return by how many degrees a line's direction at a share of its length differs from a heading."""
    points = shapely.get_coordinates(line)
    lengths = np.hypot(*np.diff(points, axis=0).T)
    reached, number = share * lengths.sum(), 0
    for number, (_, end) in enumerate(pairwise((0.0, *np.cumsum(lengths).tolist()))):  # noqa: B007 - the last one
        if reached <= end:
            break
    step = points[number + 1] - points[number]
    off = abs(_bearing(*step) - heading) % FULL_TURN
    return min(off, FULL_TURN - off)
