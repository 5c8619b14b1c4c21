"""``turns.csv``: the turns of a network as a table that anybody can check a plan with."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from patrolroute.errors import Complaints, MapError
from patrolroute.network.road import RoadNetwork
from patrolroute.network.turntable import FORBIDDEN, LONGEST_TURN_S, Turns
from patrolroute.units import IntArray

HEADER = ("from_arc", "to_arc", "seconds", "via")
BARRED = "forbidden"
MOST = 10
"""Lines that are named one by one."""

_WHOLE = re.compile(r"\d{1,9}", re.ASCII)


def turns_beside(path: Path) -> Path:
    """Name the table of turns that belongs to a GraphML file: ``map.turns.csv`` beside ``map.graphml``."""
    return path.with_suffix(".turns.csv")


def to_turns_bytes(network: RoadNetwork) -> bytes:
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
            writer.writerow((names[before], names[after], _said(seconds), ""))
        for chain in turns.chains:
            inner = ";".join(names[arc] for arc in chain[1:-1])
            writer.writerow((names[chain[0]], names[chain[-1]], BARRED, inner))
    return buffer.getvalue().encode()


def read_turns(network: RoadNetwork, content: bytes, path: Path, *, at_stop: int | None = None) -> RoadNetwork:
    """Give a network the turns that a file holds.

    At a stop in a street turning round takes ``at_stop`` seconds; if not given, what it takes elsewhere.

    Raises
    ------
    MapError
        Naming the lines that cannot be read, and every rule that the turns break.
    """
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error) as error:
        said = "is not text in UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
        raise MapError(f"{path}: is not a table of turns: {said}") from error
    if not rows or tuple(rows[0]) != HEADER:
        raise MapError(f"{path}: the first line must be {','.join(HEADER)}")
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
    if len(complaints) > MOST:
        first, more = complaints.sentences[:MOST], len(complaints) - MOST
        raise MapError((*first, f"{path}: {more} more lines are wrong; is this the table of this map?"))
    complaints.raise_as(MapError)
    table = np.array([(*pair, pairs[pair]) for pair in sorted(pairs)], dtype=np.int32).reshape(-1, 3)
    if at_stop is None:
        at_stop = _at_stop(table[network.reverse[table[:, 0]] == table[:, 1], 2])
    turns = Turns(table[:, 0], table[:, 1], table[:, 2], tuple(sorted(chains)), at_stop)
    try:
        return replace(network, turns=turns)
    except MapError as error:
        raise MapError([f"{path}: {said}" for said in error.complaints]) from error


def _at_stop(seconds: IntArray) -> int:
    """Give what turning round takes elsewhere: nothing if no such turn is listed."""
    taken = seconds[seconds != FORBIDDEN]
    return int(np.median(taken)) if len(taken) else FORBIDDEN if len(seconds) else 0


def _said(seconds: int) -> str:
    return BARRED if seconds == FORBIDDEN else str(seconds)


class _Reader:
    """Reads rows of a table of turns and gathers complaints."""

    def __init__(self, network: RoadNetwork, path: Path, complaints: Complaints) -> None:
        self._index = {" ".join(map(str, arc)): number for arc, number in network.arc_index.items()}
        self._path, self._complaints = path, complaints

    def row(self, number: int, row: Sequence[str]) -> tuple[tuple[int, ...], int] | None:
        """Give the arcs of a row and its seconds; None if it cannot be read."""
        wrong = list(self._wrong(row))
        self._complaints.extend(f"{self._path}, line {number}: {said}" for said in wrong)
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
