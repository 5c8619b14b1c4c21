"""Turn by turn: the steps of a way as a driver takes them, with turns, headings and metres, and in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Literal, TypeAlias, get_args

import numpy as np

from patrolroute.base.text import label
from patrolroute.base.vocabulary import LANGS, Arc, FloatArray, Lang, LongArray
from patrolroute.network.places import to_plane
from patrolroute.network.road import RoadNetwork
from patrolroute.network.speeds import NEAR_M, bearings

Turn: TypeAlias = Literal[
    "start", "straight", "slight_left", "left", "sharp_left", "slight_right", "right", "sharp_right", "u_turn"
]
TURNS: tuple[Turn, ...] = get_args(Turn)

SLIGHT_DEG, FULL_DEG, SHARP_DEG, U_TURN_DEG = 20.0, 45.0, 135.0, 165.0
"""From these angles on a turn is slight, full, sharp, and a way back; a U-turn is what `TurnCosts` takes for one."""

CROSSING_M = 40
"""A shorter piece between two streets is the crossing of a divided road or a turning lane, no street of its own."""

POINTS = ("east", "northeast", "north", "northwest", "west", "southwest", "south", "southeast")
"""Of the compass, counterclockwise, as bearings are counted."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a driver does without being told anything new.

    Parameters
    ----------
    turn
        How the driver comes to this street; ``start`` where nothing comes before.
    street
        Name of the street, empty if it has none.
    heading
        Point of the compass, one of `POINTS`.
    length_m
        Metres until the next step.
    same
        Whether the street is that of the step before.
    roundabout
        Whether a roundabout lies between the step before and this one.
    exit_number
        By which exit the roundabout is left, counted from where it was entered; 0 if there is none or the count is
        not known, as on a way that begins in the roundabout.
    """

    turn: Turn
    street: str
    heading: str
    length_m: int
    same: bool = False
    roundabout: bool = False
    exit_number: int = 0


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Arcs in a row that a driver takes for one street; ``after`` is the arc driven next, -1 if none is."""

    arcs: tuple[int, ...]
    part: int
    street: str
    is_round: bool
    length_m: int
    after: int = -1


class Directions:
    """Tells the way on one network.

    Parameters
    ----------
    network
        The road network.
    """

    def __init__(self, network: RoadNetwork) -> None:
        self._network = network

    def steps(self, arcs: Iterable[Arc], before: Arc | None = None) -> tuple[Step, ...]:
        """Tell the way along arcs; see `ways`."""
        return self.ways((arcs,), before)[0]

    def ways(self, parts: Sequence[Iterable[Arc]], before: Arc | None = None) -> tuple[tuple[Step, ...], ...]:
        """Tell a way in parts, such as the drive to a street and the street itself.

        A new step begins where the street's name changes, where the driver turns at a junction although the name
        stays, where the driver turns round, and with each part. Pieces of a crossing shorter than `CROSSING_M` are no
        steps; a roundabout is not one either, but the step after it says that it was there and by which exit it is
        left.

        Parameters
        ----------
        parts
            Arcs ``(tail, head, key)`` of each part in the order in which they are driven, each part going on where
            the one before it ended; arcs that are not on the network are left out.
        before
            The arc that was driven before them; None if the way begins here.

        Returns
        -------
        tuple
            The steps of each part; none for no arcs.
        """
        index = self._network.arc_index
        last = index.get(before, -1) if before is not None else -1
        chain = [(index[arc], number) for number, part in enumerate(parts) for arc in part if arc in index]
        street = self._network.names[last] if last >= 0 else None
        pieces = self._merged(_without_crossings(self._cut(chain), street))
        begins_inside = last >= 0 and bool(self._network.roundabout[last])
        rounds: list[_Stretch] = []
        told: list[list[Step]] = [[] for _ in parts]
        for piece in pieces:
            if piece.is_round and len(pieces) > 1:
                rounds.append(piece)
                continue
            step = self._step(piece, last)
            if (rounds or begins_inside) and not piece.is_round:
                number = 0 if begins_inside else self._exit_number(rounds)
                step = replace(step, roundabout=True, exit_number=number)
            told[piece.part].append(step)
            last, begins_inside = piece.arcs[-1], False
            rounds.clear()
        return tuple(map(tuple, told))

    def _step(self, piece: _Stretch, last: int) -> Step:
        turn = self._turn(last, piece.arcs[0]) if last >= 0 else "start"
        same = last >= 0 and self._network.names[last] == piece.street
        return Step(turn, piece.street, self._heading(piece.arcs), piece.length_m, same)

    def _exit_number(self, rounds: Sequence[_Stretch]) -> int:
        """Count the exits of one roundabout from its first arc driven to the arc that leaves it; 0 for several.

        An exit is an arc that leads out. Of those that leave at one junction the rightmost comes first.
        """
        network, arcs = self._network, [arc for piece in rounds for arc in piece.arcs]
        leaves = rounds[-1].after
        if leaves < 0 or any(network.head[arc] != network.tail[after] for arc, after in pairwise((*arcs, leaves))):
            return 0
        passed = sum(len(self._exits.get(int(network.head[arc]), ())) for arc in arcs[:-1])
        last = self._exits.get(int(network.head[arcs[-1]]), [])
        return passed + sorted(last, key=lambda arc: self._angle(arcs[-1], arc)).index(leaves) + 1

    @cached_property
    def _exits(self) -> dict[int, list[int]]:
        """Return the arcs that lead out of roundabouts, by the index of the node where they begin."""
        network = self._network
        corners = set(network.head[network.roundabout].tolist())
        out: dict[int, list[int]] = {}
        for arc, tail in enumerate(network.tail.tolist()):
            if tail in corners and not network.roundabout[arc]:
                out.setdefault(tail, []).append(arc)
        return out

    @cached_property
    def _bearings(self) -> tuple[FloatArray, FloatArray]:
        return bearings(self._network)

    @cached_property
    def _ways_on(self) -> LongArray:
        """Count the arcs that lead on from each arc, its own reverse aside."""
        counts = np.bincount(self._network.tail, minlength=self._network.node_count)
        return np.asarray(counts[self._network.head] - (self._network.reverse >= 0))

    def _cut(self, chain: Iterable[tuple[int, int]]) -> list[_Stretch]:
        network = self._network
        row = list(chain)
        nexts = [*(arc for arc, _ in row[1:]), -1]
        return self._merged(
            _Stretch((arc,), part, network.names[arc], bool(network.roundabout[arc]), int(network.length_m[arc]), after)
            for (arc, part), after in zip(row, nexts, strict=False)
        )

    def _goes_on(self, first: _Stretch, second: _Stretch) -> bool:
        """Return whether a driver on one stretch needs no word to come to the next."""
        if (first.part, first.street, first.is_round) != (second.part, second.street, second.is_round):
            return False
        before, after = first.arcs[-1], second.arcs[0]
        if first.is_round or (self._network.reverse[before] != after and self._ways_on[before] <= 1):
            return True
        return self._turn(before, after) in ("straight", "slight_left", "slight_right")

    def _merged(self, pieces: Iterable[_Stretch]) -> list[_Stretch]:
        """Put together what a driver takes for one street."""
        merged: list[_Stretch] = []
        for piece in pieces:
            if merged and self._goes_on(merged[-1], piece):
                last = merged[-1]
                arcs, length = (*last.arcs, *piece.arcs), last.length_m + piece.length_m
                merged[-1] = replace(last, arcs=arcs, length_m=length, after=piece.after)
            else:
                merged.append(piece)
        return merged

    def _turn(self, before: int, after: int) -> Turn:
        if self._network.reverse[before] == after:
            return "u_turn"
        return turn_of(self._angle(before, after))

    def _angle(self, before: int, after: int) -> float:
        """Return the angle of a turn in degrees, above 0 to the left."""
        coming, leaving = self._bearings
        return float((leaving[after] - coming[before] + 180.0) % 360.0 - 180.0)

    def _heading(self, arcs: Sequence[int]) -> str:
        """Return the point of the compass to which a stretch leads as a whole; if it bends back, how it begins."""
        network = self._network
        ends = [network.node_lonlat(int(network.tail[arcs[0]])), network.node_lonlat(int(network.head[arcs[-1]]))]
        first, last = to_plane(network, np.array(ends))
        east, north = last - first
        if np.hypot(east, north) < max(NEAR_M, network.length_m[list(arcs)].sum() / 2):
            return compass(float(self._bearings[1][arcs[0]]))
        return compass(float(np.degrees(np.arctan2(north, east))))


def _without_crossings(pieces: Sequence[_Stretch], street: str | None) -> list[_Stretch]:
    """Return short pieces between two streets to the street after them; ``street`` was driven before, None if none."""
    kept: list[_Stretch] = []
    carried = 0
    for number, piece in enumerate(pieces):
        before = pieces[number - 1].street if number else street
        after = pieces[number + 1].street if number < len(pieces) - 1 else None
        between = None not in (before, after) and not piece.is_round and piece.length_m + carried < CROSSING_M
        if between and (not piece.street or after in (before, piece.street)):
            carried += piece.length_m
            continue
        kept.append(replace(piece, length_m=piece.length_m + carried))
        carried = 0
    return kept


def turn_of(angle: float) -> Turn:
    """Name a turn by its degrees, from -180 to 180, above 0 to the left.

    Examples
    --------
    >>> [turn_of(angle) for angle in (0, 30, 90, 150, 175, -90)]
    ['straight', 'slight_left', 'left', 'sharp_left', 'u_turn', 'right']
    """
    size = abs(angle)
    if size < SLIGHT_DEG:
        return "straight"
    if size > U_TURN_DEG:
        return "u_turn"
    side: Literal["left", "right"] = "left" if angle > 0 else "right"
    if size < FULL_DEG:
        return "slight_left" if side == "left" else "slight_right"
    if size > SHARP_DEG:
        return "sharp_left" if side == "left" else "sharp_right"
    return side


def compass(bearing: float) -> str:
    """Name the point of the compass nearest to degrees counterclockwise from east.

    Examples
    --------
    >>> compass(0), compass(90), compass(-100), compass(157)
    ('east', 'north', 'south', 'northwest')
    """
    return POINTS[round(bearing / 45) % len(POINTS)]


METRES_A_KILOMETRE = 1000
WHOLE_KILOMETRES_FROM_M = 9950
"""From here on tenths of a kilometre are no help on the road."""

_WORDS: dict[str, tuple[str, str]] = {
    "east": ("向东", "east"),
    "northeast": ("向东北", "northeast"),
    "north": ("向北", "north"),
    "northwest": ("向西北", "northwest"),
    "west": ("向西", "west"),
    "southwest": ("向西南", "southwest"),
    "south": ("向南", "south"),
    "southeast": ("向东南", "southeast"),
    "start": ("", ""),
    "straight": ("直行", "straight on"),
    "slight_left": ("稍向左", "bear left"),
    "left": ("左转", "turn left"),
    "sharp_left": ("向左后方转", "turn sharp left"),
    "slight_right": ("稍向右", "bear right"),
    "right": ("右转", "turn right"),
    "sharp_right": ("向右后方转", "turn sharp right"),
    "u_turn": ("掉头", "make a U-turn"),
    "first": ("沿{street}{heading}{far}", "along {street} {heading}{far}"),
    "on": ("继续沿{street}{heading}{far}", "continue on {street} {heading}{far}"),
    "same": ("{turn}，沿{street}{heading}{far}", "{turn}, go {heading}{far} on {street}"),
    "into": ("{turn}进入{street}{heading}{far}", "{turn} into {street} {heading}{far}"),
    "round_on": ("经环岛继续沿{street}{heading}{far}", "through the roundabout, on along {street} {heading}{far}"),
    "round_into": ("经环岛进入{street}{heading}{far}", "through the roundabout into {street} {heading}{far}"),
    "exit_on": (
        "环岛第 {exit} 出口驶出，继续沿{street}{heading}{far}",
        "at the roundabout take exit {exit}, on along {street} {heading}{far}",
    ),
    "exit_into": (
        "环岛第 {exit} 出口驶出，进入{street}{heading}{far}",
        "at the roundabout take exit {exit} into {street} {heading}{far}",
    ),
    "until": ("巡逻至{end}", " to {end}"),
    "for": ("巡逻", ""),
    "stop": ("，", ", "),
}


def said(steps: Sequence[Step], lang: Lang = "zh", *, until: str | None = None) -> str:
    """Return steps in one sentence without a stop at its end; nothing for no steps.

    Parameters
    ----------
    steps
        Of the way.
    lang
        Of the words.
    until
        Of a patrol that is told street by street: the street where it ends, empty if nobody knows. Each step then
        tells to which street it goes, in metres only where that is not known. None: every step is told in metres.

    Examples
    --------
    >>> way = (Step("start", "朝阳中路", "east", 1234), Step("right", "广场路", "south", 354))
    >>> said(way)
    '沿朝阳中路向东 1.2 公里，右转进入广场路向南 350 米'
    >>> said(way, "en")
    'Along 朝阳中路 east 1.2 km, turn right into 广场路 south 350 m'
    >>> said(way, until="国庆中路")
    '沿朝阳中路向东巡逻至广场路，右转进入广场路向南巡逻至国庆中路'
    >>> said(())
    ''
    """
    fars = [" " + distance(step.length_m, lang) for step in steps]
    if until is not None:
        ends = [after.street if after.street != step.street else "" for step, after in pairwise(steps)]
        told = zip([*ends, until], fars, strict=False)
        fars = [_word("until", lang).format(end=end) if end else _word("for", lang) + far for end, far in told]
    text = _word("stop", lang).join(_step(step, far, lang) for step, far in zip(steps, fars, strict=True))
    return text[:1].upper() + text[1:]


def distance(metres: int, lang: Lang = "zh") -> str:
    """Return a distance as people do: tens of metres, from 1 km on tenths of a kilometre, from 10 km on whole ones.

    Examples
    --------
    >>> distance(1234), distance(354), distance(996), distance(3), distance(12_345, "en")
    ('1.2 公里', '350 米', '1.0 公里', '10 米', '12 km')
    """
    metre, kilometre = ("米", "公里") if lang == "zh" else ("m", "km")
    tens = max(10, (metres + 5) // 10 * 10)
    if tens < METRES_A_KILOMETRE:
        return f"{tens} {metre}"
    if metres >= WHOLE_KILOMETRES_FROM_M:
        return f"{(metres + METRES_A_KILOMETRE // 2) // METRES_A_KILOMETRE} {kilometre}"
    tenths = (metres + 50) // 100
    return f"{tenths // 10}.{tenths % 10} {kilometre}"


def _step(step: Step, far: str, lang: Lang) -> str:
    return _word(_form(step), lang).format(
        turn=_word(step.turn, lang),
        street=step.street or label("unnamed", lang),
        heading=_word(step.heading, lang),
        far=far,
        exit=step.exit_number,
    )


def _form(step: Step) -> str:
    if step.exit_number:
        return "exit_on" if step.same else "exit_into"
    if step.roundabout:
        return "round_on" if step.same else "round_into"
    if step.turn == "start":
        return "first"
    if step.same:
        return "on" if step.turn == "straight" else "same"
    return "into"


def _word(word: str, lang: Lang) -> str:
    return _WORDS[word][LANGS.index(lang)]
