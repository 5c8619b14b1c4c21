"""What a sergeant writes down, and the words in it: times, compass directions, parts of streets."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from patrolroute.base.arguments import checked_fields
from patrolroute.base.errors import InputError
from patrolroute.base.vocabulary import IntArray, LongArray, LonLat, Seconds
from patrolroute.demand.clocks import read_clock
from patrolroute.network.coordinates import near_lon
from patrolroute.network.places import METRES_A_DEGREE
from patrolroute.network.road import RoadNetwork
from patrolroute.problem.clock import zone

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem


@checked_fields
@dataclass(frozen=True, slots=True)
class HandMadeStop:
    """One line of a hand-made plan: a street, a part of one, a hotspot, or a break.

    Parameters
    ----------
    what
        Name of a street or hotspot of the night, or the id of a task; ``break`` (休息) for the crew's break.
    begins_at, ends_at
        Cross streets between which a street is driven, from the first to the second; empty for its ends.
    towards
        Compass direction in which a street is driven, such as ``north`` or ``由南向北``; empty for the quickest.
    arrive
        When the visit begins: an aware datetime, or clock time such as ``"20:50"``, which lies on the day on which it
        is nearest to the crew's shift. None: as soon as the crew is there and the hotspot open. Kept as given, also
        where the crew cannot be there by then: the audit says so.
    leave
        When the crew goes on. None: when the street is patrolled or the dwell over.
    said_in
        Where it was written, as complaints name it.
    """

    what: str
    begins_at: str = ""
    ends_at: str = ""
    _: KW_ONLY
    towards: str = ""
    arrive: dt.datetime | str | None = None
    leave: dt.datetime | str | None = None
    said_in: str = field(default="", compare=False)


@checked_fields
@dataclass(frozen=True, slots=True)
class HandMadeRoute:
    """What one crew does, in order; no stops if it stays at its depot."""

    crew: str
    stops: tuple[HandMadeStop, ...] = ()


WITHIN_DEG = 75.0
"""A street that runs more than this off a direction does not run that way."""

_ZH = {"东": (1, 0), "西": (-1, 0), "南": (0, -1), "北": (0, 1)}
_EN = {"east": (1, 0), "west": (-1, 0), "south": (0, -1), "north": (0, 1)}
_TO = re.compile(r"[向往到至朝→>]|\bto\b|\btowards?\b")
_WORD = re.compile(r"north|south|east|west|^[ns]?[ew]?$")


def compass(text: str) -> tuple[int, int] | None:
    """Read a direction as steps east and north; of ``from … to …`` the second half counts. None if it is none.

    Examples
    --------
    >>> compass("由南向北"), compass("往东北"), compass("south-west"), compass("Northbound"), compass("南北")
    ((0, 1), (1, 1), (-1, -1), (0, 1), None)
    """
    goal = _TO.split(text.lower())[-1].strip()
    steps = [_ZH[letter] for letter in goal if letter in _ZH]
    if not steps:
        words = goal.removesuffix("bound").replace("-", "").replace(" ", "")
        found = _WORD.findall(words)
        letters = {word[0]: step for word, step in _EN.items()}
        steps = [_EN[word] if word in _EN else letters[letter] for word in found for letter in _spelt(word)]
    east, north = (sum(step[axis] for step in steps) for axis in (0, 1))
    return (east, north) if east or north else None


def _spelt(word: str) -> Sequence[str]:
    """Return a whole word once, an abbreviation letter by letter."""
    return [word] if word in _EN else list(word)


def runs_towards(first: LonLat, last: LonLat, direction: tuple[int, int]) -> bool:
    """Return whether a way from one point to another leads in a direction, by the crow.

    Parameters
    ----------
    first, last
        Where the way begins and ends, degrees of longitude and latitude.
    direction
        Steps east and north, see `compass`; the way may be `WITHIN_DEG` degrees off it.

    Examples
    --------
    >>> runs_towards((117.0, 32.6), (117.0, 32.7), (0, 1)), runs_towards((117.0, 32.6), (117.1, 32.6), (0, 1))
    (True, False)
    """
    east = (last[0] - first[0]) * math.cos(math.radians(first[1]))
    north = last[1] - first[1]
    length = math.hypot(east, north) * math.hypot(*direction)
    return length > 0 and (east * direction[0] + north * direction[1]) / length >= math.cos(math.radians(WITHIN_DEG))


_DAY = re.compile(r"(\d{4})[-/年.](\d{1,2})[-/月.](\d{1,2})日?[\sT]*(.*)")
_OFFSET = re.compile(r"T.*(?:[+-]\d{2}:?\d{2}|Z)$")


def on_the_clock(given: dt.datetime | str, problem: PatrolProblem, crew: int) -> Seconds:
    """Return the second of the night that a time means.

    Parameters
    ----------
    given
        An aware datetime; or a clock time as `patrolroute.demand.clocks` reads it, such as ``20:50``, ``次日00:20`` or
        ``24:20``; or one behind its date, ``2026-05-08 20:50``, ``2026-05-08T20:50:00+08:00``. A clock time without a
        date lies on the day on which it is nearest to the crew's shift.

    Raises
    ------
    InputError
        If it is no time.
    """
    if isinstance(given, dt.datetime):
        if given.utcoffset() is None or given.microsecond:
            raise InputError(f"{given} is not an aware datetime in whole seconds")
        return problem.seconds(given)
    text = given.strip()
    if _OFFSET.search(text):
        return on_the_clock(_with_offset(text), problem, crew)
    if match := _DAY.fullmatch(text):
        return problem.seconds(_moment(match, problem))
    clock, first = read_clock(text).clock, problem.crews[crew].start
    day = first.astimezone(zone(problem.timezone)).date()
    span = problem.instance.crews[crew].shift_s
    days = (day + dt.timedelta(days=more) for more in (-1, 0, 1))
    seconds = [problem.seconds(dt.datetime.combine(one, clock, tzinfo=zone(problem.timezone))) for one in days]
    return min(seconds, key=lambda second: max(span[0] - second, second - span[1], 0))


def _with_offset(text: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"time {text!r}: write it as 20:50 or 2026-05-08 20:50") from error


def _moment(match: re.Match[str], problem: PatrolProblem) -> dt.datetime:
    year, month, day = (int(part) for part in match.groups()[:3])
    clock, days = read_clock(match[4])
    try:
        date = dt.date(year, month, day) + dt.timedelta(days=days)
        return dt.datetime.combine(date, clock, tzinfo=zone(problem.timezone))
    except (ValueError, OverflowError) as error:
        raise InputError(f"{match[0]!r} is not a day of the calendar") from error


Run: TypeAlias = tuple[tuple[int, int], ...]
"""Tasks to serve one after the other, each with its way."""

AT_M = 60.0
"""Streets that meet in a roundabout or over a link share no junction; so near, they meet all the same."""

_INSIDE = 0.5
"""A junction inside a segment lies half-way between its ends."""


@dataclass(frozen=True, slots=True)
class Row:
    """The segments of a street in the order in which they are driven from one end to the other.

    Parameters
    ----------
    problem
        The night.
    run
        The tasks in order, each with the way in which it is driven then.
    """

    problem: PatrolProblem
    run: Run

    @property
    def network(self) -> RoadNetwork:
        """The network on which the street lies."""
        return self.problem.networks[self.problem.tasks[self.run[0][0]].mode]

    def between(self, first: float, last: float) -> Run:
        """Return what is driven from one place in the row to another; a segment that is begun is driven whole."""
        low, high = sorted((first, last))
        part = self.run[int(np.floor(low)) : int(np.ceil(high))]
        return part if first <= last else backwards(self.problem, part)

    def rounds(self) -> Iterator[Run]:
        """Yield the whole street both ways, and, where its ends meet, from every segment on."""
        for run in (self.run, backwards(self.problem, self.run)):
            first, last = self.chain(run[0])[0], self.chain(run[-1])[-1]
            closed = len(run) > 1 and self.network.head[last] == self.network.tail[first]
            for start in range(len(run)) if closed else (0,):
                yield run[start:] + run[:start]

    def places_of(self, nodes: IntArray) -> list[float]:
        """Return where in the row any of these nodes lies, ascending: 0 is the row's beginning, its length the end."""
        found = [place for place, one in self._nodes() if one in set(nodes.tolist())]
        if not found and len(nodes):
            found = [place for place, one in self._nodes() if self._metres(one, nodes) <= AT_M]
        return sorted(set(found))

    def ends(self, run: Run) -> tuple[LonLat, LonLat]:
        """Return the points at which a run begins and ends."""
        first, last = self.network.tail[self.chain(run[0])[0]], self.network.head[self.chain(run[-1])[-1]]
        return self.network.node_lonlat(int(first)), self.network.node_lonlat(int(last))

    def crossing_names(self) -> tuple[str, ...]:
        """Name the streets that meet the row, in the row's order."""
        network, names = self.network, dict[str, None]()
        own = {self.problem.tasks[task].name for task, _ in self.run}
        for node in dict.fromkeys(node for _, node in self._nodes()):
            arcs = np.flatnonzero((network.tail == node) | (network.head == node)).tolist()
            names |= dict.fromkeys(network.names[arc] for arc in arcs)
        return tuple(name for name in names if name and name not in own)

    def chain(self, one: tuple[int, int]) -> tuple[int, ...]:
        """Return the arcs of a task in a way."""
        return self.problem.tasks[one[0]].directions[one[1]]

    def _nodes(self) -> Iterator[tuple[float, int]]:
        """Yield every node of the street with its place in the row."""
        for place, (task, way) in enumerate(self.run):
            for number, chain in enumerate(self.problem.tasks[task].directions):
                begins, ends = (place, place + 1) if number == way else (place + 1, place)
                yield begins, int(self.network.tail[chain[0]])
                yield from ((place + _INSIDE, int(self.network.head[arc])) for arc in chain[:-1])
                yield ends, int(self.network.head[chain[-1]])

    def _metres(self, node: int, others: IntArray) -> float:
        network = self.network
        east = (near_lon(network.lon[others], network.lon[node]) - network.lon[node]) * np.cos(
            np.radians(network.lat[node])
        )
        return float(np.hypot(east, network.lat[others] - network.lat[node]).min()) * METRES_A_DEGREE


def backwards(problem: PatrolProblem, run: Run) -> Run:
    """Turn a run round; a segment with one direction is driven as it may be."""
    return tuple((task, len(problem.tasks[task].directions) - 1 - way) for task, way in reversed(run))


def in_a_row(problem: PatrolProblem, crew: int, tasks: Sequence[int]) -> Row:
    """Order the segments of a street as they are driven from end to end.

    From every segment and direction the nearest one that is left is driven next; the beginning from which least is
    driven in between makes the row.

    Parameters
    ----------
    problem, crew
        The night and who drives.
    tasks
        The segments, in any order.
    """
    ways = [(task, way) for task in tasks for way in range(len(problem.tasks[task].directions))]
    ends = [problem.instance.ways(crew, task)[problem.tasks[task].ways_in(way)[0]] for task, way in ways]
    leaves, entries = [way.leave for way in ends], [way.entry for way in ends]
    seconds = problem.instance.travel(crew).seconds[np.ix_(leaves, entries)].astype(np.int64)
    owner = np.array([task for task, _ in ways])
    rows = [_nearest_next(seconds, owner, start) for start in range(len(ways))]
    _, best = min(rows, key=lambda row: row[0])
    return Row(problem, tuple(ways[one] for one in best))


def _nearest_next(seconds: LongArray, owner: LongArray, start: int) -> tuple[Seconds, list[int]]:
    """Go on to the nearest direction of a task that is left, until none is; give what is driven in between."""
    order, total = [start], 0
    left = owner != owner[start]
    while left.any():
        following = np.where(left, seconds[order[-1]], np.iinfo(np.int64).max)
        total += int(following.min())
        order.append(int(following.argmin()))
        left &= owner != owner[order[-1]]
    return total, order
