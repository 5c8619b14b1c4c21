"""`review`: the driven night beside the planned one, order by order, street by street, measure by measure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from patrolroute.base.arguments import checked
from patrolroute.base.errors import Complaints, InputError
from patrolroute.base.vocabulary import Datum, Lang
from patrolroute.live.matching import ground_of
from patrolroute.live.review_doubts import Doubt, clocks_off, doubts_of, duplicates
from patrolroute.live.review_driven import driven_night
from patrolroute.live.review_orders import OrderReview
from patrolroute.live.review_others import orders_of
from patrolroute.live.review_runs import Run
from patrolroute.live.review_way import Way, way_of
from patrolroute.live.tracks import Track
from patrolroute.live.tracks_points import jumps, points_of
from patrolroute.metrics import METRICS
from patrolroute.metrics.context import PlanMeasures
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.passes import Pass
from patrolroute.rules.audit import NOT_KEPT, Violation, audit

if TYPE_CHECKING:
    from patrolroute.base.vocabulary import BoolArray, FloatArray

LATE_MIN = 10
"""Minutes from which an order is late or early, if nobody says otherwise."""

BEFORE_S, AFTER_S = 1800, 3600
"""A track is looked at from so long before a crew's shift to so long after it."""

SILENT_S = 300
"""Between two fixes that are farther apart nobody knows where a crew was."""

TIMES = (
    "starts_with_shift", "route_spans_legs", "within_shift", "no_hole", "on_time", "duration_exact", "break_taken",
    "break_length", "break_in_window", "dwells_while_open", "visit_in_slice", "headway_kept",
)  # fmt: skip
"""Rules of times and agreements: a driven night need not keep them."""

PLANNED = ("left_out_explained", "reason_holds", "dwells_at_hotspot", "crew_allowed", "reservations_kept",
           "capacity_kept", "range_kept")  # fmt: skip
"""Rules of what was decided: which crew may do what, why something is left out, at which node a dwell stands."""

DRIVEN_KEPT = frozenset((*TIMES, *PLANNED, *NOT_KEPT))
"""Rules that a driven night may break; all others, those of roads first, it keeps."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What a crew did besides its orders, in minutes, kilometres and drives through wanted streets.

    Parameters
    ----------
    crew
        Its id.
    km, deadhead_km
        Kilometres driven, and those on streets that nobody wanted.
    passes, extra_passes
        Drives through wanted streets, and those that belong to none of its orders.
    dwelt_min, stood_min
        Minutes at hotspots, and standing elsewhere.
    weak_km
        Kilometres that no fixes show.
    heard
        Share of its shift in which it was heard.
    """

    crew: str
    km: float
    deadhead_km: float
    passes: int
    extra_passes: int
    dwelt_min: float
    stood_min: float
    weak_km: float
    heard: float


class _Strong(PlanMeasures):
    """Measures of a driven night by strong evidence alone: passes on weak legs are not seen."""

    def __init__(self, plan: PatrolPlan, weak: Mapping[str, frozenset[int]]) -> None:
        super().__init__(plan)
        legs = {
            route.crew: [leg for place, leg in enumerate(route.legs) if place in weak.get(route.crew, ())]
            for route in plan.routes
        }
        zero = plan.window[0].timestamp()
        spans = {
            crew: [(leg.depart.timestamp() - zero, leg.arrive.timestamp() - zero) for leg in some]
            for crew, some in legs.items()
        }
        object.__setattr__(self, "_spans", spans)

    @cached_property
    def passes(self) -> dict[str, tuple[Pass, ...]]:
        """Every pass that fixes show."""
        spans: Mapping[str, Sequence[tuple[float, float]]] = self.__dict__["_spans"]
        whole = PlanMeasures(self.plan).passes
        return {
            task: tuple(
                one for one in some if not any(first <= one.begin_s < last for first, last in spans.get(one.crew, ()))
            )
            for task, some in whole.items()
        }


@dataclass(frozen=True, eq=False)
class Review:
    """The driven night beside the planned one, as `review` makes it.

    Parameters
    ----------
    plan
        What was planned.
    driven
        What was driven, as a plan: legs with real times, the same crews, tasks and networks. Its ``plan.json`` is what
        a record of nights takes.
    orders
        What became of each planned order, crew by crew.
    extra
        Drives through wanted streets that belong to no order.
    doubts
        What is strange about the tracks.
    weak
        Legs of the driven routes that no fixes show, numbers from 0, by crew.
    late_min
        Minutes from which an order is late or early.
    heard
        Share of its shift in which each crew was heard.
    """

    plan: PatrolPlan
    driven: PatrolPlan
    orders: tuple[OrderReview, ...]
    extra: tuple[Run, ...] = field(repr=False)
    doubts: tuple[Doubt, ...]
    weak: Mapping[str, frozenset[int]] = field(repr=False)
    late_min: float = LATE_MIN
    heard: Mapping[str, float] = field(default_factory=dict, repr=False)

    def __repr__(self) -> str:
        return f"Review({len(self.orders)} orders, {dict(self.counts)}, {len(self.doubts)} doubts)"

    @cached_property
    def counts(self) -> Counter[str]:
        """How many orders there are of each status."""
        return Counter(one.status for one in self.orders)

    @cached_property
    def measures(self) -> dict[str, tuple[float | None, float | None, float | None]]:
        """Every measure by name: planned, driven, and driven as far as fixes show it."""
        strong = _Strong(self.driven, self.weak)
        is_weak = any(self.weak.values())
        own = {
            name: metric.function(strong) if is_weak else self.driven.metrics[name] for name, metric in METRICS.items()
        }
        own = {name: None if value is None else float(f"{value:.6g}") for name, value in own.items()}
        return {name: (self.plan.metrics[name], self.driven.metrics[name], own[name]) for name in METRICS}

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """What the audit finds of the driven night: its own rules, which ask of roads and not of times."""
        return tuple(found for found in audit(self.driven) if found.rule not in DRIVEN_KEPT)

    @cached_property
    def beside(self) -> tuple[Beside, ...]:
        """What each crew did in all, and besides its orders."""
        more = Counter(run.crew for run in self.extra)
        return tuple(self._beside(route.crew, more[route.crew]) for route in self.driven.routes)

    def _beside(self, crew: str, extra: int) -> Beside:
        route = next(route for route in self.driven.routes if route.crew == crew)
        legs = {kind: [leg for leg in route.legs if leg.kind == kind] for kind in ("deadhead", "dwell", "wait")}
        weak = [leg for place, leg in enumerate(route.legs) if place in self.weak.get(crew, ())]
        return Beside(
            crew,
            route.length_m / 1000,
            sum(leg.length_m for leg in legs["deadhead"]) / 1000,
            sum(leg.kind in ("pass", "patrol") for leg in route.legs),
            extra,
            sum(leg.duration_s for leg in legs["dwell"]) / 60,
            sum(leg.duration_s for leg in legs["wait"]) / 60,
            sum(leg.length_m for leg in weak) / 1000,
            self.heard.get(crew, 0.0),
        )

    @checked
    def summary(self, lang: Lang = "zh") -> str:
        """Return in words what was driven of the plan, what was not, and what is strange."""
        from patrolroute.live.review_report import summary

        return summary(self, lang)

    @checked
    def save(self, folder: str | Path, *, lang: Lang = "zh", crs: Datum = "wgs84") -> tuple[Path, ...]:
        """Write everything into a folder: report, workbook, map, GeoJSON, and the driven night as ``plan.json``.

        Parameters
        ----------
        folder
            Made if it is missing; what is there under the same names is replaced.
        lang
            ``zh`` or ``en``.
        crs
            Datum of the GeoJSON: ``wgs84``, ``gcj02`` or ``bd09``; plan and map are WGS-84.

        Raises
        ------
        OutputError
            If the folder cannot be written.
        MissingExtraError
            If a library of an extra is not installed.
        """
        from patrolroute.live.review_outputs import save

        return save(self, Path(folder), lang=lang, crs=crs)


@checked
def review(
    plan: PatrolPlan,
    tracks: Iterable[Track],
    *,
    crews: Mapping[str, str] | None = None,
    closed: Iterable[str] = (),
    late_min: float = LATE_MIN,
) -> Review:
    """Hold what was driven against the plan.

    Each crew's fixes are matched to the streets of the plan's own network (a hidden Markov model, Newson & Krumm 2009,
    doi:10.1145/1653771.1653818), and what was driven becomes a plan with real times. Where a device was silent, the
    quickest way is taken and marked as weak evidence.

    Parameters
    ----------
    plan
        What was planned; also one that was made anew in the night.
    tracks
        As `read_tracks` gives them; those of other nights are left aside. A track is a crew's whose id, plate or call
        sign it bears.
    crews
        Whose track it is by the name that it bears, where that is none of these.
    closed
        Names of streets that were closed: orders on them that were not made are excused.
    late_min
        Minutes from which an order is late or early.

    Returns
    -------
    Review

    Raises
    ------
    InputError
        If there is no track, none of this night or of any crew of the plan, or ``late_min`` is not above 0.
    """
    if not 0 < late_min < np.inf:
        raise InputError(f"late_min {late_min} is not a number of minutes above 0")
    doubts = list[Doubt]()
    own = _by_crew(plan, list(tracks), crews or {}, doubts)
    ways, heard = dict[str, Way](), dict[str, list[tuple[float, float]]]()
    doubts += clocks_off(plan, own)
    for crew in plan.crews:
        track = own.get(crew.id)
        if track is None:
            doubts.append(Doubt("no_track", crew.id))
            continue
        network = plan.networks[crew.mode]
        ground = ground_of(network)
        lonlat = np.column_stack((track.lon, track.lat))
        xy = ground.to_plane(lonlat)
        leaps = jumps(xy, track.seconds)
        points = points_of(xy[~leaps], track.seconds[~leaps])
        spacing_s = float(np.median(np.diff(track.seconds)))
        ways[crew.id] = way = way_of(ground, network, points, ground.to_degrees(points.xy), spacing_s)
        heard[crew.id] = _heard(track.seconds)
        doubts += doubts_of(crew.id, track, xy, leaps, way)
    doubts += duplicates(own)
    night = driven_night(plan, ways)
    orders, extra = orders_of(plan, ways, heard, late_s=round(60 * late_min), closed=frozenset(closed))
    share = {
        crew.id: sum(
            max(0.0, min(last, crew.end.timestamp()) - max(first, crew.start.timestamp()))
            for first, last in heard.get(crew.id, ())
        )
        / max(1, crew.budget_s)
        for crew in plan.crews
    }
    ranked = tuple(sorted(doubts, key=lambda one: (one.crew, one.kind, one.begin or plan.window[0])))
    return Review(plan, night.plan, orders, extra, ranked, night.weak, late_min, share)


def _by_crew(
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


def _heard(seconds: FloatArray) -> list[tuple[float, float]]:
    """Return from when to when there are fixes."""
    cuts = np.flatnonzero(np.diff(seconds) > SILENT_S)
    first = np.concatenate(([0], cuts + 1))
    last = np.concatenate((cuts, [len(seconds) - 1]))
    return [(float(seconds[one]), float(seconds[two])) for one, two in zip(first, last, strict=True)]
