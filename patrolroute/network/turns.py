"""`Turns`: which turns of a network cost something or are forbidden, as frozen arrays and as the table `turns.csv`."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from patrolroute.base.errors import Complaints, MapError
from patrolroute.base.vocabulary import IntArray, Seconds

if TYPE_CHECKING:
    from patrolroute.network.arrays import Network, RoadArrays


FORBIDDEN: Seconds = -1
"""Stands in a table of turns for "may not be made"."""

LONGEST_TURN_S = 600
"""A turn that takes longer than ten minutes is a slip of the pen."""


@dataclass(frozen=True, eq=False)
class Turns:
    """The turns of a network that cost something or are forbidden; what is not listed costs nothing.

    Parameters
    ----------
    before, after
        Arc indices of each turn, sorted, shape ``(t,)``: from the head of ``before`` into ``after``.
    seconds
        Whole seconds above 0, or `FORBIDDEN`. Shape ``(t,)``.
    chains
        Chains of three arcs or more that may not be driven unbroken, sorted: turn restrictions over a way.
    u_turn_s
        What turning round costs at a stop in the middle of a street, `FORBIDDEN` if nobody may.
    """

    before: IntArray
    after: IntArray
    seconds: IntArray
    chains: tuple[tuple[int, ...], ...] = ()
    u_turn_s: Seconds = 0

    def __post_init__(self) -> None:
        for name in ("before", "after", "seconds"):
            array = np.array(getattr(self, name), dtype=np.int32)
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    @cached_property
    def known(self) -> dict[tuple[int, int], Seconds]:
        """Seconds by turn, made when first asked for."""
        pairs = zip(self.before.tolist(), self.after.tolist(), strict=True)
        return dict(zip(pairs, self.seconds.tolist(), strict=True))

    def chains_by(self, place: int) -> dict[int, list[tuple[int, ...]]]:
        """Return the chains by one of their arcs, the first (0) or the last (-1)."""
        return self._chains_by_end[place]

    @cached_property
    def _chains_by_end(self) -> dict[int, dict[int, list[tuple[int, ...]]]]:
        found: dict[int, dict[int, list[tuple[int, ...]]]] = {0: {}, -1: {}}
        for chain in self.chains:
            for place, chains in found.items():
                chains.setdefault(chain[place], []).append(chain)
        return found

    def __len__(self) -> int:
        return len(self.seconds)

    def __eq__(self, other: object) -> bool:
        return self.content() == other.content() if isinstance(other, Turns) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.content())

    def __reduce__(self) -> tuple[Any, ...]:
        """Be made anew from a pickle, with arrays that nobody can write to."""
        return type(self), (self.before, self.after, self.seconds, self.chains, self.u_turn_s)

    def of(self, before: int, after: int) -> Seconds:
        """Return the seconds of one turn, `FORBIDDEN` if it may not be made."""
        return self.known.get((before, after), 0)

    def content(self) -> bytes:
        """Return everything as bytes: equal tables give equal bytes."""
        arrays = (self.before.tobytes(), self.after.tobytes(), self.seconds.tobytes())
        return b"".join(arrays) + repr((self.chains, self.u_turn_s)).encode()


def broken_turns(network: RoadArrays) -> Iterator[str]:
    """Yield which rules a network's turns break."""
    turns = network.turns
    if turns is None:
        return
    arcs = network.arc_count
    if not len(turns.before) == len(turns.after) == len(turns.seconds):
        yield "network: turns: before, after and seconds must have one entry for each turn"
        return
    named = np.concatenate((turns.before, turns.after, [arc for chain in turns.chains for arc in chain]))
    if len(named) and (named.min() < 0 or named.max() >= arcs):
        yield f"network: turns: an arc index is outside 0 to {arcs - 1}"
        return
    if np.any(network.head[turns.before] != network.tail[turns.after]):
        yield "network: turns: an arc does not begin where the one before it ends"
    order = turns.before.astype(np.int64) * arcs + turns.after
    if np.any(np.diff(order) <= 0):
        yield "network: turns: they must be sorted by arc before and arc after, each once"
    if np.any((turns.seconds != FORBIDDEN) & ((turns.seconds < 1) | (turns.seconds > LONGEST_TURN_S))):
        yield f"network: turns: seconds must be 1 to {LONGEST_TURN_S}, or {FORBIDDEN} for a forbidden turn"
    if not (turns.u_turn_s == FORBIDDEN or 0 <= turns.u_turn_s <= LONGEST_TURN_S):
        yield f"network: turns: a U-turn at a stop takes {turns.u_turn_s} s; 0 to {LONGEST_TURN_S} is allowed"
    least = 3
    if any(len(chain) < least or not _joins(network, chain) for chain in turns.chains):
        yield "network: turns: a chain has fewer than three arcs, or its arcs do not follow one another"


def _joins(network: RoadArrays, chain: Iterable[int]) -> bool:
    arcs = np.array(list(chain))
    return bool(np.all(network.head[arcs[:-1]] == network.tail[arcs[1:]]))


def slowest_into(network: RoadArrays) -> IntArray:
    """Return for each arc the seconds of the slowest turn into it that may be made."""
    slowest = np.zeros(network.arc_count, dtype=np.int32)
    if network.turns is not None:
        np.maximum.at(slowest, network.turns.after, network.turns.seconds)
    return slowest


def drop_arcs(turns: Turns | None, new_arc: IntArray) -> Turns | None:
    """Renumber turns after arcs were left out: ``new_arc`` is -1 for those."""
    if turns is None:
        return None
    before, after = new_arc[turns.before], new_arc[turns.after]
    kept = (before >= 0) & (after >= 0)
    chains = (tuple(new_arc[list(chain)].tolist()) for chain in turns.chains)
    return replace(
        turns,
        before=before[kept],
        after=after[kept],
        seconds=turns.seconds[kept],
        chains=tuple(chain for chain in chains if min(chain) >= 0),
    )


HEADER = ("from_arc", "to_arc", "seconds", "via")
BARRED = "forbidden"
MOST = 10
"""Lines that are named one by one."""

_WHOLE = re.compile(r"\d{1,9}", re.ASCII)


def turns_beside(path: Path) -> Path:
    """Name the table of turns that belongs to a GraphML file: ``map.turns.csv`` beside ``map.graphml``."""
    return path.with_suffix(".turns.csv")


def to_turns_bytes(network: RoadArrays) -> bytes:
    """Write the turns of a network as CSV: equal networks give equal bytes.

    Each row has the arc before and after the turn, each as ``tail head key``, and the seconds or ``forbidden``; a
    forbidden chain of more than two arcs has those between in ``via``, joined by ``;``. A turn that is not listed
    costs nothing.
    """
    turns = network.turns
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(HEADER)
    if turns is not None:
        names = [" ".join(map(str, network.arc(arc))) for arc in range(network.arc_count)]
        for before, after, seconds in zip(
            turns.before.tolist(), turns.after.tolist(), turns.seconds.tolist(), strict=True
        ):
            writer.writerow((names[before], names[after], _as_written(seconds), ""))
        for chain in turns.chains:
            inner = ";".join(names[arc] for arc in chain[1:-1])
            writer.writerow((names[chain[0]], names[chain[-1]], BARRED, inner))
    return buffer.getvalue().encode()


def read_turns(network: Network, content: bytes, path: Path, *, at_stop: int | None = None) -> Network:
    """Return a network with the turns that a file holds.

    Parameters
    ----------
    network
        The network whose turns are replaced.
    content, path
        Of the file; the path is named in complaints.
    at_stop
        Seconds of turning round at a stop in a street; what it takes elsewhere if not given.

    Raises
    ------
    MapError
        Naming the lines that cannot be read, and every rule that the turns break.
    """
    # The file as rows of text, its header first.
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error) as error:
        reason = "is not text in UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
        raise MapError(f"{path}: is not a table of turns: {reason}") from error
    if not rows or tuple(rows[0]) != HEADER:
        raise MapError(f"{path}: the first line must be {','.join(HEADER)}")
    # Each row is a turn between two arcs and what it takes, or a chain of arcs that nobody may drive.
    complaints = Complaints()
    reader = _Reader(network, path, complaints)
    pairs: dict[tuple[int, int], int] = {}
    chains = set[tuple[int, ...]]()
    for number, row in enumerate(rows[1:], start=2):
        read = reader.row(number, row)
        if read is None:
            continue
        chain, seconds = read
        if len(chain) > len(HEADER[:2]):
            chains.add(chain)
        elif (chain[0], chain[1]) in pairs:
            complaints.add(f"{path}, line {number}: the turn from {row[0]} into {row[1]} is listed twice")
        else:
            pairs[chain[0], chain[1]] = seconds
    # The table of another map is wrong in every line: only the first are told.
    if len(complaints) > MOST:
        first, more = complaints.items[:MOST], len(complaints) - MOST
        raise MapError((*first, f"{path}: {more} more lines are wrong; is this the table of this map?"))
    complaints.raise_as(MapError)
    # The network checks the turns against its arcs; what it complains of is told of the file.
    table = np.array([(*pair, pairs[pair]) for pair in sorted(pairs)], dtype=np.int32).reshape(-1, 3)
    if at_stop is None:
        at_stop = _at_stop(table[network.reverse[table[:, 0]] == table[:, 1], 2])
    turns = Turns(table[:, 0], table[:, 1], table[:, 2], tuple(sorted(chains)), at_stop)
    try:
        return replace(network, turns=turns)
    except MapError as error:
        raise MapError(item.about(str(path)) for item in error.items) from error


def _at_stop(seconds: IntArray) -> int:
    """Return what turning round takes elsewhere: nothing if no such turn is listed."""
    taken = seconds[seconds != FORBIDDEN]
    return int(np.median(taken)) if len(taken) else FORBIDDEN if len(seconds) else 0


def _as_written(seconds: int) -> str:
    return BARRED if seconds == FORBIDDEN else str(seconds)


class _Reader:
    """Reads rows of a table of turns and gathers complaints."""

    def __init__(self, network: RoadArrays, path: Path, complaints: Complaints) -> None:
        self._index = {" ".join(map(str, arc)): number for arc, number in network.arc_index.items()}
        self._path, self._complaints = path, complaints

    def row(self, number: int, row: Sequence[str]) -> tuple[tuple[int, ...], int] | None:
        """Return the arcs of a row and its seconds; None if it cannot be read."""
        wrong = list(self._wrong(row))
        self._complaints.extend(f"{self._path}, line {number}: {sentence}" for sentence in wrong)
        if wrong:
            return None
        first, last, seconds, via = row
        chain = tuple(self._index[name] for name in (first, *filter(None, via.split(";")), last))
        return chain, FORBIDDEN if seconds == BARRED else int(seconds)

    def _wrong(self, row: Sequence[str]) -> Iterator[str]:
        if len(row) != len(HEADER):
            yield f"has {len(row)} columns, not the {len(HEADER)} of {','.join(HEADER)}"
            return
        first, last, seconds, via = row
        for name in (first, *filter(None, via.split(";")), last):
            if name not in self._index:
                yield f"arc {name!r} is not on the network"
        if seconds != BARRED and not (_WHOLE.fullmatch(seconds) and 1 <= int(seconds) <= LONGEST_TURN_S):
            yield f"seconds {seconds[:20]!r} is neither a whole number from 1 to {LONGEST_TURN_S} nor {BARRED}"
        elif via and seconds != BARRED:
            yield f"a chain of arcs can only be {BARRED}, not take {seconds} s"
