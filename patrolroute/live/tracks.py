"""`read_tracks`: what vehicles' devices recorded, as one track for each vehicle and outing, in WGS-84 and UTC."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

import numpy as np

from patrolroute.base.arguments import checked
from patrolroute.base.errors import Complaints, InputError, TableError
from patrolroute.base.files import read_bytes
from patrolroute.base.text import clock_text
from patrolroute.base.vocabulary import DATUMS, FloatArray, Seconds
from patrolroute.demand.workbooks import OLD_WORKBOOKS
from patrolroute.live.tracks_files import LEAST_FIXES, Fixes, read_fixes
from patrolroute.network.coordinates import to_wgs84
from patrolroute.problem.clock import TIMEZONE, zone

TrackSource: TypeAlias = str | Path | bytes
"""A file, a folder of files, or what a file holds."""

SUFFIXES = (".gpx", ".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".geojson", ".json")
"""Files of a folder that are read."""

APART_S: Seconds = 4 * 3600
"""A device that is silent for so long has come back from one outing and begins another."""

LONGEST_S: Seconds = 24 * 3600
"""A device that is never silent begins another outing each day."""

LARGEST = 2**28
"""Bytes of one file."""


@dataclass(frozen=True, eq=False, slots=True)
class Track:
    """What the device of one vehicle recorded on one outing.

    Parameters
    ----------
    crew
        Whose it is, as the file says it or as it was told: a crew's id, a plate, a call sign.
    seconds
        Of each fix since 1970 (UTC), ascending, shape ``(n,)``.
    lon, lat
        WGS-84 degrees, shape ``(n,)``.
    source
        The file.
    blank
        Fixes without a place, which were left out.
    timezone
        In which its times are shown.
    """

    crew: str
    seconds: FloatArray = field(repr=False)
    lon: FloatArray = field(repr=False)
    lat: FloatArray = field(repr=False)
    source: str = field(default="", kw_only=True)
    blank: int = field(default=0, kw_only=True)
    timezone: str = field(default=TIMEZONE, kw_only=True)

    def __post_init__(self) -> None:
        for name in ("seconds", "lon", "lat"):
            array = np.array(getattr(self, name), dtype=np.float64)
            array.flags.writeable = False
            object.__setattr__(self, name, array)
        if not len(self.seconds) == len(self.lon) == len(self.lat) >= LEAST_FIXES or np.any(np.diff(self.seconds) < 0):
            raise InputError(
                f"track of {self.crew!r}: times, longitudes and latitudes must be {LEAST_FIXES} or more, as many of "
                "each, the times ascending"
            )

    def __len__(self) -> int:
        return len(self.seconds)

    def __repr__(self) -> str:
        return f"Track({self.crew!r}, {len(self)} fixes, {clock_text(self.start, '%Y-%m-%d %H:%M')} on)"

    @property
    def start(self) -> dt.datetime:
        """Moment of the first fix."""
        return self.moment(float(self.seconds[0]))

    @property
    def end(self) -> dt.datetime:
        """Moment of the last fix."""
        return self.moment(float(self.seconds[-1]))

    def moment(self, seconds: float) -> dt.datetime:
        """Return a moment of the track, in its zone."""
        return dt.datetime.fromtimestamp(round(seconds), tz=zone(self.timezone))


@checked(but=("crs", "source"))
def read_tracks(
    source: TrackSource | Iterable[TrackSource],
    *,
    crs: str | None = None,
    timezone: str = TIMEZONE,
    crews: Mapping[str, str] | None = None,
    offset_s: float = 0.0,
) -> tuple[Track, ...]:
    r"""Read tracks of vehicles: GPX, tables of platforms (CSV, workbooks) with Chinese or English titles, GeoJSON.

    A file may hold several vehicles and several days. A track ends where a device is silent for four hours, or after a
    day. Fixes without a place (0, 0 or empty) are left out and counted; of several fixes at one second the first is
    taken; times that run backwards are put in order. Nothing is sent anywhere.

    Parameters
    ----------
    source
        A file, a folder (whose GPX, CSV, workbooks and GeoJSON are read), the bytes of a file, or several of these.
        Tables need longitude and latitude (经度, 纬度, or 经纬度) and a time (定位时间, GPS时间, 时间, …; 上传时间
        where there is no other), and may name the vehicle (车牌, 车组, 车辆, 终端号, …); other columns are not read.
    crs
        Datum of the coordinates: ``wgs84``, ``gcj02`` or ``bd09``; WGS-84 if neither this nor the file says anything.
    timezone
        Of times without an offset.
    crews
        Whose track it is by what the file says: ``{"皖D1234警": "市局01"}``.
    offset_s
        Seconds added to every time: what a device's clock was behind.

    Returns
    -------
    tuple of Track
        By vehicle and start. A file that names no vehicle gives its own name.

    Raises
    ------
    TableError
        Naming every file that cannot be read, and the first row of each kind that cannot.
    InputError
        If there is no such datum or time zone.

    Examples
    --------
    >>> table = "车牌,定位时间,经度,纬度\n1号,2026-05-08 20:30:00,117,32.6\n1号,2026-05-08 20:30:10,117,32.601"
    >>> [track] = read_tracks(table.encode())
    >>> track, track.start.isoformat()
    (Track('1号', 2 fixes, 2026-05-08 20:30 on), '2026-05-08T20:30:00+08:00')
    """
    if crs is not None and crs.lower() not in DATUMS:
        raise InputError(f"crs {crs!r} is not one of {', '.join(DATUMS)}")
    zone(timezone)
    given = [source] if isinstance(source, str | Path | bytes) else list(source)
    complaints, tracks = Complaints(), list[Track]()
    for content, path in _contents(given, complaints):
        found = complaints.attempt(lambda content=content, path=path: read_fixes(content, path))  # type: ignore[misc]
        if found is None:
            continue
        fixes, datum = found
        own = [
            track
            for one in fixes
            for track in _tracks(one, path, crs=str(datum or crs or "wgs84"), timezone=timezone, offset_s=offset_s)
        ]
        if not own:
            complaints.add(f"{path}: holds no track of {LEAST_FIXES} fixes or more at different times")
        tracks += own
    complaints.raise_as(TableError)
    if not tracks:
        raise TableError("tracks: there is no file of tracks")
    known = crews or {}
    renamed = [_renamed(track, known.get(track.crew, track.crew)) for track in tracks]
    return tuple(sorted(renamed, key=lambda track: (track.crew, float(track.seconds[0]), track.source)))


def _renamed(track: Track, crew: str) -> Track:
    return track if crew == track.crew else replace(track, crew=crew)


def _contents(given: Sequence[TrackSource], complaints: Complaints) -> Iterator[tuple[bytes, Path]]:
    """Yield what each file holds, and what complaints call it."""
    for number, one in enumerate(given, start=1):
        if isinstance(one, bytes):
            if one.strip():
                yield one, Path(f"tracks[{number}]")
            else:
                complaints.add(f"tracks[{number}]: the file is empty")
            continue
        for path in _files(Path(one), complaints):
            content = complaints.attempt(lambda path=path: _read(path))  # type: ignore[misc]
            if content is not None:
                yield content, path


def _files(path: Path, complaints: Complaints) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(one for one in path.rglob("*") if one.suffix.lower() in SUFFIXES and one.is_file())
    if not found:
        complaints.add(f"{path}: holds no file of tracks: {', '.join(SUFFIXES)}")
    return found


def _read(path: Path) -> bytes:
    if path.suffix.lower() in OLD_WORKBOOKS:
        raise TableError(f"{path}: workbooks of the kind {path.suffix} are not read; save it as .xlsx")
    if path.is_file() and (size := path.stat().st_size) > LARGEST:
        raise TableError(f"{path}: has {size >> 20} MiB; at most {LARGEST >> 20} MiB are read")
    return read_bytes(path, error=TableError)


def _tracks(fixes: Fixes, path: Path, *, crs: str, timezone: str, offset_s: float) -> Iterator[Track]:
    """Yield the outings of one vehicle: moments in order, each second once, cut where the device was silent."""
    seconds = np.array([moment.seconds for moment in fixes.moments])
    is_local = np.array([moment.is_local for moment in fixes.moments])
    if is_local.any():
        seconds = seconds - np.where(is_local, _offsets(seconds, timezone), 0.0)
    seconds = seconds + offset_s
    lon, lat = to_wgs84(np.array(fixes.lon), np.array(fixes.lat), crs)
    order = np.argsort(seconds, kind="stable")
    order = order[np.concatenate(([True], np.diff(seconds[order]) > 0))]
    seconds, lon, lat = seconds[order], lon[order], lat[order]
    cuts = [0, *_cuts(seconds), len(seconds)]
    blank = fixes.blank
    for first, last in pairwise(cuts):
        if last - first >= LEAST_FIXES:
            part = slice(first, last)
            told = fixes.name or path.stem, seconds[part], lon[part], lat[part]
            yield Track(*told, source=str(path), blank=blank, timezone=timezone)
            blank = 0


def _offsets(seconds: FloatArray, timezone: str) -> FloatArray:
    """Return by how much the clock of a zone is ahead of UTC, looked up once an hour."""
    hours, back = np.unique(seconds // 3600, return_inverse=True)
    place = zone(timezone)
    ahead = [
        (dt.datetime.fromtimestamp(hour * 3600, tz=dt.UTC).replace(tzinfo=place).utcoffset() or dt.timedelta())
        for hour in hours.tolist()
    ]
    return np.array([one.total_seconds() for one in ahead])[back]


def _cuts(seconds: FloatArray) -> list[int]:
    cuts = list[int]()
    begin = seconds[0]
    for number in range(1, len(seconds)):
        if seconds[number] - seconds[number - 1] >= APART_S or seconds[number] - begin >= LONGEST_S:
            cuts.append(number)
            begin = seconds[number]
    return cuts
