"""Which track is whose, in its shift: others are set aside, and so is the time before it at the depot and after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from patrolroute.base.errors import Complaints, InputError
from patrolroute.base.vocabulary import BoolArray, FloatArray, LonLat, Seconds
from patrolroute.live.review_doubts import Doubt
from patrolroute.live.review_driven import HOME_M
from patrolroute.live.tracks import Track
from patrolroute.network.coordinates import metres_between
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import PlannedCrew

BEFORE_S, AFTER_S = 1800, 3600
"""A track is looked at from so long before a crew's shift to so long after it."""

SILENT_S = 300
"""Between two fixes that are farther apart nobody knows where a crew was."""

PARKED_M = 75
"""Fixes of a car that is parked lie so near to each other, between houses too."""

PARKING_S: Seconds = 45
"""Who comes so near to where the car is parked has not parked it yet."""

SOON_S: Seconds = 600
"""Who is home so much before its time has done its night; who is home earlier stands there instead of patrolling."""

LAST = 5
"""So many fixes tell where a track ends."""


def tracks_by_crew(
    plan: PatrolPlan, tracks: Sequence[Track], crews: Mapping[str, str], doubts: list[Doubt]
) -> dict[str, Track]:
    """Return the track of each crew in its shift, several in one; what belongs to nobody or to no shift is noted."""
    names = dict[str, str]()
    for crew in plan.crews:
        said = () if crew.staff is None else (crew.staff.plate, crew.staff.call_sign)
        names |= {name: crew.id for name in said if name}
    names |= {crew.id: crew.id for crew in plan.crews}
    names |= crews
    shifts = {crew.id: (crew.start.timestamp() - BEFORE_S, crew.end.timestamp() + AFTER_S) for crew in plan.crews}
    found: dict[str, list[Track]] = {}
    complaints = Complaints()
    for track in tracks:
        crew_id = names.get(track.crew)
        if crew_id not in shifts:
            doubts.append(Doubt("unknown_crew", track.crew, track.start, track.end))
            continue
        first, last = shifts[crew_id]
        inside = (track.seconds >= first) & (track.seconds <= last)
        if inside.sum() < len(("one", "two")):
            doubts.append(Doubt("outside_shift", crew_id, track.start, track.end))
            continue
        found.setdefault(crew_id, []).append(_only(track, inside, crew_id))
    if not tracks:
        complaints.add("review: there is no track")
    elif not found:
        known = ", ".join(crew.id for crew in plan.crews[:5])
        given = ", ".join(dict.fromkeys(track.crew for track in tracks[:5]))
        complaints.add(
            f"review: no track is of a crew and the night of the plan; the tracks are of {given} from "
            f"{tracks[0].start:%Y-%m-%d %H:%M}, the crews are {known} from {plan.window[0]:%Y-%m-%d %H:%M}"
        )
    complaints.raise_as(InputError)
    return {crew: _whole(some) for crew, some in found.items()}


def on_duty(plan: PatrolPlan, crew: PlannedCrew, track: Track) -> Track:
    """Return a track without the time at the depot before the shift, and without that after the way home.

    Devices are on while cars stand there. Who leaves late stands at the depot from the shift's beginning.

    Parameters
    ----------
    plan, crew
        The plan and one of its crews.
    track
        Its track.
    """
    seconds, places = track.seconds, np.column_stack((track.lon, track.lat))
    first = _leading((seconds < crew.start.timestamp()) & _is_near(places, (crew.depot.lon, crew.depot.lat), HOME_M))
    middle = tuple(np.median(places[-LAST:], axis=0).tolist())
    last = len(track)
    if _is_near(np.array([middle]), (crew.end_depot.lon, crew.end_depot.lat), HOME_M)[0]:
        home = last - _leading(_is_near(places, (middle[0], middle[1]), PARKED_M)[::-1])
        route = next(route for route in plan.routes if route.crew == crew.id)
        begin_s = seconds[home] if home < last else np.inf
        due_s = route.end.timestamp()
        until_s = max(begin_s, due_s) + PARKING_S if begin_s >= due_s - SOON_S else crew.end.timestamp()
        last = int(np.searchsorted(seconds, until_s, side="right"))
    kept = np.zeros(len(track), dtype=np.bool_)
    kept[first : max(last, first + 2)] = True
    return track if kept.sum() < len(("one", "two")) else _only(track, kept, track.crew)


def _leading(told: BoolArray) -> int:
    """Return how many are true before the first that is not."""
    return len(told) if told.all() else int(np.argmin(told))


def _is_near(places: FloatArray, place: LonLat, metres: float) -> BoolArray:
    return np.asarray(metres_between(place, places) <= metres)


def _only(track: Track, inside: BoolArray, crew: str) -> Track:
    return replace(track, crew=crew, seconds=track.seconds[inside], lon=track.lon[inside], lat=track.lat[inside])


def _whole(tracks: Sequence[Track]) -> Track:
    """Return several tracks of one crew as one, in order of time; of two fixes at one second the first file's."""
    if len(tracks) == 1:
        return tracks[0]
    seconds, lon, lat = (np.concatenate([getattr(one, name) for one in tracks]) for name in ("seconds", "lon", "lat"))
    seconds, first = np.unique(seconds, return_index=True)
    blank = sum(one.blank for one in tracks)
    return replace(tracks[0], seconds=seconds, lon=lon[first], lat=lat[first], blank=blank)


def heard_spans(seconds: FloatArray) -> list[tuple[float, float]]:
    """Return from when to when there are fixes."""
    cuts = np.flatnonzero(np.diff(seconds) > SILENT_S)
    first = np.concatenate(([0], cuts + 1))
    last = np.concatenate((cuts, [len(seconds) - 1]))
    return [(float(seconds[one]), float(seconds[two])) for one, two in zip(first, last, strict=True)]
