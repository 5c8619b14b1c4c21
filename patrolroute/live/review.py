"""`review`: the driven night beside the planned one, order by order, street by street, measure by measure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from patrolroute.base.arguments import checked
from patrolroute.base.errors import InputError
from patrolroute.base.vocabulary import Datum, Lang
from patrolroute.live.matching import ground_of
from patrolroute.live.paces import PACES
from patrolroute.live.review_doubts import Doubt, clocks_off, doubts_of, duplicates
from patrolroute.live.review_driven import driven_night
from patrolroute.live.review_duty import heard_spans, on_duty, tracks_by_crew
from patrolroute.live.review_measures import measures_of, nights_of
from patrolroute.live.review_orders import OrderReview
from patrolroute.live.review_others import orders_of
from patrolroute.live.review_runs import Run
from patrolroute.live.review_way import Way, way_of
from patrolroute.live.tracks import Track
from patrolroute.live.tracks_points import jumps, points_of
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import PlannedCrew
from patrolroute.rules.audit import Violation, audit_driven

LATE_MIN = 10
"""Minutes from which an order is late or early, if nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What a crew did besides its orders, in minutes, kilometres and drives through wanted streets.

    Parameters
    ----------
    crew
        Its id.
    km, deadhead_km
        Kilometres driven, and those on streets that nobody wanted.
    passes, extra_passes, extra_km
        Drives through wanted streets, those that were not planned, and the kilometres of these.
    dwelt_min, stood_min
        Minutes at hotspots, and those for which fixes show it standing elsewhere.
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
    extra_km: float
    dwelt_min: float
    stood_min: float
    weak_km: float
    heard: float


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
        return measures_of(self)

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """What the audit finds of the driven night: its own rules, which ask of roads and not of times."""
        return audit_driven(self.driven)

    @cached_property
    def beside(self) -> tuple[Beside, ...]:
        """What each crew did in all, and besides its orders."""
        return tuple(self._beside(route.crew) for route in self.driven.routes)

    def _beside(self, crew: str) -> Beside:
        extra, metres = [run for run in self.extra if run.crew == crew], nights_of(self)[0].length_m
        route = next(route for route in self.driven.routes if route.crew == crew)
        legs = {kind: [leg for leg in route.legs if leg.kind == kind] for kind in ("deadhead", "dwell")}
        is_weak = [place in self.weak.get(crew, ()) for place in range(len(route.legs))]
        weak = [leg for leg, unseen in zip(route.legs, is_weak, strict=True) if unseen]
        stood = [leg for leg, unseen in zip(route.legs, is_weak, strict=True) if leg.kind == "wait" and not unseen]
        return Beside(
            crew,
            route.length_m / 1000,
            sum(leg.length_m for leg in legs["deadhead"]) / 1000,
            sum(leg.kind in ("pass", "patrol") for leg in route.legs),
            len(extra),
            sum(run.share * metres[run.task] for run in extra) / 1000,
            sum(leg.duration_s for leg in legs["dwell"]) / 60,
            sum(leg.duration_s for leg in stood) / 60,
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
    own = tracks_by_crew(plan, list(tracks), crews or {}, doubts)
    ways, heard = dict[str, Way](), dict[str, list[tuple[float, float]]]()
    doubts += clocks_off(plan, own)
    for crew in plan.crews:
        if crew.id not in own:
            doubts.append(Doubt("no_track", crew.id))
            continue
        heard[crew.id] = heard_spans(own[crew.id].seconds)
        ways[crew.id] = _way(plan, crew, on_duty(plan, crew, own[crew.id]), doubts)
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


def _way(plan: PatrolPlan, crew: PlannedCrew, track: Track, doubts: list[Doubt]) -> Way:
    """Return what a crew did, and note what is strange about its track."""
    network = plan.networks[crew.mode]
    ground = ground_of(network)
    xy = ground.to_plane(np.column_stack((track.lon, track.lat)))
    leaps = jumps(xy, track.seconds)
    points = points_of(xy[~leaps], track.seconds[~leaps], PACES[crew.mode].stay_s)
    spacing_s = float(np.median(np.diff(track.seconds)))
    way = way_of(ground, network, points, ground.to_degrees(points.xy), spacing_s)
    doubts += doubts_of(crew, track, xy, leaps, way)
    return way
