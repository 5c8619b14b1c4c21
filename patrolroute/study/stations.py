"""`check_stations`: which station is quickest to which junction or incident, the worst, the uncovered, where to build.

Each place belongs to its quickest station; the new stations are the fewest that leave nothing uncovered that anybody
could reach, a set covering problem (Toregas et al. 1971, doi:10.1287/opre.19.6.1363) with a proven bound.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import numpy as np

from patrolroute.base.arguments import checked
from patrolroute.base.errors import Complaints, ProblemError
from patrolroute.base.files import write_all
from patrolroute.base.text import require_lang
from patrolroute.base.vocabulary import FloatArray, Lang, LongArray, Seconds, scaled_seconds
from patrolroute.demand.response import MAX_WITHIN_S
from patrolroute.network.places import nearest_places
from patrolroute.network.road import RoadNetwork
from patrolroute.network.travel import seconds_from, seconds_to
from patrolroute.search.waiting import WaitingPlace, chosen_posts
from patrolroute.study.stations_words import W

MOST_OUTSIDE = 5_000
"""Places without cover for which new stations are looked for; with more only the figures are told."""

MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Station:
    """A station and what belongs to it.

    Parameters
    ----------
    name, lon, lat
        As given, WGS-84 degrees.
    places, weight
        Places to which no other station is quicker, and the sum of their weights: its workload.
    covered
        So many of these places are reached in time.
    worst_s, mean_s
        The longest way to one of them, and the mean weighted way, seconds; None without places.
    """

    name: str
    lon: float
    lat: float
    places: int
    weight: float
    covered: int
    worst_s: int | None
    mean_s: float | None


@dataclass(frozen=True, slots=True)
class StationCheck:
    """How stations reach places.

    Parameters
    ----------
    stations
        In the order given.
    within_s
        What was asked for.
    lonlats
        Of the places, WGS-84 degrees.
    nearest
        Index of the quickest station of each place, the first of several; -1 if none can come.
    seconds
        From there, turns free; None if none can come.
    new
        Where more stations are to be so that every place is reached in time that can be, as few as possible.
    new_bound
        No fewer will do; equal to ``len(new)`` where that is proven. None if nobody looked, as too much is uncovered.
    attribution, notice
        Of the map.
    """

    stations: tuple[Station, ...]
    within_s: Seconds
    lonlats: tuple[tuple[float, float], ...]
    nearest: tuple[int, ...]
    seconds: tuple[int | None, ...]
    new: tuple[WaitingPlace, ...]
    new_bound: int | None
    attribution: str = ""
    notice: str | None = None

    @property
    def uncovered(self) -> tuple[int, ...]:
        """Indices of the places to which no station comes in time, the farthest first."""
        far = [place for place, one in enumerate(self.seconds) if one is None or one > self.within_s]
        return tuple(sorted(far, key=lambda place: -(self.seconds[place] or 10**9)))

    @property
    def worst_s(self) -> int | None:
        """The longest way to a place that anybody can reach, seconds; None if there is none."""
        return max((one for one in self.seconds if one is not None), default=None)

    @property
    def imbalance(self) -> float | None:
        """By how much the greatest workload exceeds the mean one, as a share of it; None without workload."""
        loads = [station.weight for station in self.stations]
        return max(loads) * len(loads) / sum(loads) - 1 if sum(loads) else None

    @checked
    def summary(self, lang: Lang = "zh") -> str:
        """Return it in words: all together, a line for each station, the new ones."""
        require_lang(lang)
        return "\n".join(_lines(self, lang))

    @checked
    def to_geojson(self) -> dict[str, object]:
        """Return stations, new stations and places as GeoJSON in WGS-84."""
        features = [
            *(_point("station", one.lon, one.lat, name=one.name, places=one.places, weight=one.weight,
                     worst_s=one.worst_s, mean_s=one.mean_s, covered=one.covered) for one in self.stations),
            *(_point("new", one.lon, one.lat, places=len(one.places)) for one in self.new),
            *(
                _point("place", *place, station=self.stations[near].name if near >= 0 else None, seconds=taken,
                       in_time=taken is not None and taken <= self.within_s)
                for place, near, taken in zip(self.lonlats, self.nearest, self.seconds, strict=True)
            ),
        ]  # fmt: skip
        return {"type": "FeatureCollection", "attribution": self.attribution, "features": features}

    @checked
    def save(self, folder: Path | str, *, lang: Lang = "zh") -> tuple[Path, ...]:
        """Write stations.geojson and stations.csv; both can be opened again.

        Raises
        ------
        OutputError
            If the folder cannot be written; nothing is written then.
        """
        require_lang(lang)
        text = json.dumps(self.to_geojson(), ensure_ascii=False, allow_nan=False) + "\n"
        return write_all(
            Path(folder),
            {"stations.geojson": text.encode("utf-8"), "stations.csv": _table(self, lang).encode("utf-8-sig")},
        )


@checked(but=("stations", "places", "weights"))
def check_stations(  # noqa: PLR0913 - keyword-only options
    network: RoadNetwork,
    stations: Mapping[str, tuple[float, float]],
    places: Iterable[tuple[float, float]] | None = None,
    *,
    within_s: Seconds = 180,
    weights: Sequence[float] | None = None,
    speed_factor: float = 1.0,
) -> StationCheck:
    """Assign each place to its quickest station; say what is reached in time, by whom, and what it takes to reach all.

    Parameters
    ----------
    network
        The roads.
    stations
        ``(lon, lat)`` in WGS-84 degrees by name; each is met at the nearer end of its nearest street.
    places
        Likewise; every junction of the network if not given.
    within_s
        Whole seconds, 1 to 7,200.
    weights
        Such as calls a year, above 0, one for each place; all 1 if not given.
    speed_factor
        Of those who set out, above 0.

    Raises
    ------
    ProblemError
        With everything that is out of its range, and if there is no station.

    References
    ----------
    Covering within a standard: Toregas et al. 1971 (doi:10.1287/opre.19.6.1363). The kind of question is that of
    CUMCM 2011 B.
    """
    points = None if places is None else list(places)
    count = network.node_count if points is None else len(points)
    _check(stations, count, within_s, weights, speed_factor)
    nodes = np.arange(network.node_count) if points is None else _nodes(network, points)
    travel_s = scaled_seconds(network.travel_s, speed_factor)
    own = _nodes(network, list(stations.values()))
    times = seconds_from(network, travel_s, own.tolist())[:, nodes]
    nearest, taken = times.argmin(axis=0), times.min(axis=0)
    weight = np.ones(count) if weights is None else np.array(weights, dtype=np.float64)
    far = np.flatnonzero(~(taken <= within_s))
    new, bound = _new(network, travel_s, nodes[far], within_s) if len(far) <= MOST_OUTSIDE else ((), None)
    lonlats = [network.node_lonlat(int(node)) for node in nodes] if points is None else points
    return StationCheck(
        tuple(
            _station(name, place, weight, np.where((nearest == number) & np.isfinite(taken), taken, np.nan), within_s)
            for number, (name, place) in enumerate(stations.items())
        ),
        within_s,
        tuple((float(lon), float(lat)) for lon, lat in lonlats),
        tuple(int(one) if np.isfinite(way) else -1 for one, way in zip(nearest, taken, strict=True)),
        tuple(int(way) if np.isfinite(way) else None for way in taken),
        new,
        bound,
        network.attribution,
        network.notice,
    )


def _check(stations: object, count: int, within_s: int, weights: Sequence[float] | None, factor: float) -> None:
    complaints = Complaints()
    if not isinstance(stations, Mapping):
        complaints.add(f"stations: give places by name; {type(stations).__name__} are none")
    elif not stations:
        complaints.add("stations: there is no station; give at least one")
    if not 1 <= within_s <= MAX_WITHIN_S:
        complaints.add(f"stations: within_s {within_s} is not between 1 and {MAX_WITHIN_S:,}")
    if not 0 < factor < np.inf:
        complaints.add(f"stations: speed_factor {factor:g} is not above 0")
    if weights is not None and len(weights) != count:
        complaints.add(f"stations: {len(weights)} weights for {count} places")
    elif weights is not None and not all(isinstance(one, int | float) and 0 < one < np.inf for one in weights):
        complaints.add("stations: weights are not all above 0")
    complaints.raise_as(ProblemError)


def _nodes(network: RoadNetwork, points: Sequence[tuple[float, float]]) -> LongArray:
    found = nearest_places(network, points)
    arcs = [network.arc_index[place.arc] for place in found]
    ends = [
        network.tail[arc] if place.fraction < 1 / 2 else network.head[arc]
        for arc, place in zip(arcs, found, strict=True)
    ]
    return np.array(ends, dtype=np.int64)


def _new(
    network: RoadNetwork, travel_s: object, far: LongArray, within_s: Seconds
) -> tuple[tuple[WaitingPlace, ...], int]:
    """Return the fewest junctions from which all that has no cover is reached in time, and a bound on their number."""
    nodes = np.unique(far)
    if not len(nodes):
        return (), 0
    seconds: FloatArray = seconds_to(network, np.asarray(travel_s), [[int(node)] for node in nodes])
    found = chosen_posts(network, seconds, np.ones(len(nodes), np.int64), crews=None, within_s=within_s)
    return found.posts, found.fewest


def _station(
    name: str, place: tuple[float, float], weight: FloatArray, taken: FloatArray, within_s: Seconds
) -> Station:
    own = np.isfinite(taken)
    load = float(weight[own].sum())
    return Station(
        name,
        float(place[0]),
        float(place[1]),
        int(own.sum()),
        load,
        int((taken[own] <= within_s).sum()),
        int(taken[own].max()) if own.any() else None,
        float((weight[own] * taken[own]).sum() / load) if load else None,
    )


def _point(role: str, lon: float, lat: float, **facts: object) -> dict[str, object]:
    return {
        "type": "Feature",
        "properties": {"role": role, **facts},
        "geometry": {"type": "Point", "coordinates": [round(lon, 7), round(lat, 7)]},
    }


def _minutes(seconds: float | None) -> str:
    return "—" if seconds is None else f"{seconds / MINUTE_S:.1f}"


def _lines(found: StationCheck, lang: Lang) -> list[str]:
    far, count = found.uncovered, len(found.seconds)
    lines = [
        W.say(
            "whole", lang, stations=len(found.stations), places=f"{count:,}", minutes=f"{found.within_s / MINUTE_S:g}",
            share=f"{100 * (1 - len(far) / count):.1f} %" if count else "—", far=f"{len(far):,}",
            worst=_minutes(found.worst_s),
        )
    ]  # fmt: skip
    if found.imbalance is not None:
        lines.append(W.say("balance", lang, share=f"{100 * found.imbalance:.0f} %"))
    if lost := sum(one is None for one in found.seconds):
        lines.append(W.say("unreachable", lang, number=lost))
    lines += [
        W.say(
            "station", lang, name=one.name, places=f"{one.places:,}", far=f"{one.places - one.covered:,}",
            worst=_minutes(one.worst_s), mean=_minutes(one.mean_s),
        )
        for one in found.stations
    ]  # fmt: skip
    if far:
        lines.append(_new_line(found, lang))
    return [*lines, *((found.notice or "").splitlines())]


def _new_line(found: StationCheck, lang: Lang) -> str:
    if found.new_bound is None:
        return W.say("too_many", lang, most=f"{MOST_OUTSIDE:,}")
    key = "new_proven" if found.new_bound == len(found.new) else "new"
    return W.say(key, lang, number=len(found.new), bound=found.new_bound)


def _table(found: StationCheck, lang: Lang) -> str:
    titles = W.say("titles", lang)
    rows = [
        (one.name, one.lon, one.lat, one.places, one.places - one.covered, _minutes(one.worst_s), _minutes(one.mean_s))
        for one in found.stations
    ]
    rows += [
        (W.say("new_name", lang, number=number), one.lon, one.lat, len(one.places), 0, "", "")
        for number, one in enumerate(found.new, start=1)
    ]
    text = StringIO()
    csv.writer(text).writerows([titles.split(","), *rows])
    return text.getvalue()
