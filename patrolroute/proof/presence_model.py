"""The programme from which good prices come: a night as a flow over streets and turns that is in no hurry.

Most of a night is like any other part of it, so its passes are a circulation: what comes to a place leaves it, and all
of it takes no more seconds than the crews have. A street is seen for as long as it is passed, all night at the most.
Odd co-circuits that the circulation breaks are added (`patrolroute.proof.presence_prices`). What the constraints cost
at the optimum are the prices. Nothing here is proven: any prices give a ceiling, these give a low one.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack
from scipy.sparse.csgraph import connected_components

from patrolroute.base.vocabulary import FloatArray, IntArray, LongArray
from patrolroute.proof.presence_night import Around, Night
from patrolroute.proof.presence_prices import UNIT, Prices

CLOSE_S = (0, 2, 4, 6, 8, 10, 12)
"""Nodes that are joined by arcs of so many seconds at most are one junction, such as the crossings of carriageways."""

MOST_NODES = 24
"""A junction of more nodes is a part of town: crews stay too long inside."""

BROKEN = 0.01
"""A cut is added where it is broken by this share of a street's night at least."""


class Found(NamedTuple):
    """Prices, what the programme makes of them, and what it would pay for one more second of a crew.

    Parameters
    ----------
    prices
        In whole numbers.
    value
        The programme's optimum.
    second
        In parts as `patrolroute.proof.presence_prices.worth` has them, in the middle of the night.
    """

    prices: Prices
    value: float
    second: float


class Circulation:
    """The linear programme of one mode.

    Variables are the moves between states, the passes of each way to drive a street, and how long each street is seen;
    all in passes that are seen for as long as any is.

    Parameters
    ----------
    night
        Streets and crews.
    """

    def __init__(self, night: Night) -> None:
        self.night = night
        self.fleet = max(night.fleets, key=lambda fleet: -int(fleet.arc_s.sum()))
        states = self.fleet.states
        self.moves, self.passes, self.streets = len(states.arc), len(night.ways), len(night.chains)
        self.size = self.moves + self.passes + self.streets
        lit = night.lit()
        self.longest = max(1, int(lit.max()))
        self.full = night.open_s / self.longest
        self.budget = sum(
            shift.crews * float(lit[shift.start_s : shift.end_s + 1].sum()) / self.longest
            for fleet in night.fleets
            for shift in fleet.shifts
        )
        self.seconds = (states.turn_s + self.fleet.arc_s[states.arc]).astype(np.float64)
        self.of_arc = _grouped(states.arc, night.network.arc_count)
        self.leaving = _grouped(night.network.tail[states.arc], night.network.node_count)
        self.lasting_s = np.array([max(0, last - first) for first, last in night.lasting], dtype=np.float64)
        self.until_end = night.until_end(self.fleet, self.fleet.arc_s)
        self.junctions = list(self._junctions())
        self.cuts: list[tuple[Around, tuple[int, ...]]] = []
        self.known: set[tuple[tuple[int, ...], tuple[int, ...]]] = set()
        self.rows: list[tuple[LongArray, FloatArray, float]] = []
        self._balance, self._limits = self._base()

    def prices(self, until: float, share: float = 1.0) -> Iterator[Found]:
        """Yield better and better prices, and what the programme makes of them, until a `time.perf_counter`.

        Parameters
        ----------
        until
            When to stop.
        share
            The share of their seconds that crews have for being seen.
        """
        solve: Any = linprog
        while (left := until - time.perf_counter()) > 0:
            matrix, bounds = self._limits
            bounds = np.concatenate((bounds[:-1], [share * self.budget]))
            if cuts := self.rows:
                counts = [len(columns) for columns, _, _ in cuts]
                rows = np.repeat(np.arange(len(cuts)), counts)
                columns = np.concatenate([columns for columns, _, _ in cuts])
                values = np.concatenate([values for _, values, _ in cuts])
                more = csr_array((values, (rows, columns)), shape=(len(cuts), self.size))
                matrix = vstack([matrix, more]).tocsr()
                bounds = np.concatenate((bounds, [limit for _, _, limit in cuts]))
            gain = np.concatenate((np.zeros(self.moves + self.passes), np.array(self.night.weight, dtype=np.float64)))
            most = np.full(self.size, np.inf)
            most[self.moves + self.passes :] = self.lasting_s / self.longest
            found = solve(
                -gain, A_ub=matrix, b_ub=bounds, A_eq=self._balance, b_eq=np.zeros(self._balance.shape[0]),
                bounds=np.column_stack((np.zeros(self.size), most)), method="highs-ipm",
                options={"time_limit": left},
            )  # fmt: skip
            if found.x is None or found.status != 0:
                return
            dual = -found.ineqlin.marginals
            second = UNIT * self.longest * float(dual[len(self._limits[1]) - 1])
            yield Found(self._prices(dual), -float(found.fun), second)
            if not self._separate(found.x):
                return

    def _base(self) -> tuple[csr_array, tuple[csr_array, FloatArray]]:
        """Return the constraints without cuts: what leaves each state came to it; passes, seen streets, seconds."""
        states, ways = self.fleet.states, self.night.ways
        move = np.arange(self.moves)
        balance = csr_array(
            (
                np.concatenate((np.ones(self.moves), -np.ones(self.moves))),
                (np.concatenate((states.target, states.source)), np.concatenate((move, move))),
            ),
            shape=(states.count, self.size),
        )
        rows, columns, values = list[int](), list[int](), list[float]()
        row = 0
        for way, (_, chain) in enumerate(ways):
            for arc in chain:
                over = self.of_arc[arc].tolist()
                rows += [row] * (len(over) + 1)
                columns += [*over, self.moves + way]
                values += [-1.0] * len(over) + [1.0]
                row += 1
        for way, (street, _) in enumerate(ways):
            rows.append(row + street)
            columns.append(self.moves + way)
            values.append(-1.0)
        rows += range(row, row + self.streets)
        columns += range(self.moves + self.passes, self.size)
        values += [1.0] * self.streets
        row += self.streets
        rows += [row] * self.moves
        columns += range(self.moves)
        values += self.seconds.tolist()
        shape = row + 1, self.size
        return balance, (csr_array((values, (rows, columns)), shape=shape), np.zeros(row + 1))

    def _prices(self, dual: FloatArray) -> Prices:
        """Return what the constraints cost, in whole numbers."""
        whole = np.maximum(0, np.rint(UNIT * dual)).astype(np.int64).tolist()
        along, place = [], 0
        for _, chain in self.night.ways:
            along.append(tuple(whole[place : place + len(chain)]))
            place += len(chain)
        tail = whole[self._limits[0].shape[0] :]
        junctions = ((*cut, price) for cut, price in zip(self.cuts, tail, strict=True) if price > 0)
        return Prices(tuple(along), tuple(junctions))

    def _junctions(self) -> Iterator[tuple[Around, LongArray, FloatArray]]:
        """Yield junctions with their moves, and what each of these counts for in a cut."""
        network, arc_s = self.night.network, self.fleet.arc_s
        known: set[tuple[int, ...]] = set()
        for close in CLOSE_S:
            joined = arc_s <= close
            shape = network.node_count, network.node_count
            graph = csr_array((np.ones(int(joined.sum())), (network.tail[joined], network.head[joined])), shape=shape)
            _, part = connected_components(graph, directed=False)
            for nodes in _grouped(part, network.node_count):
                key = tuple(nodes.tolist())
                if key and key not in known and len(key) <= MOST_NODES and self.night.depots.isdisjoint(key):
                    known.add(key)
                    around = self.night.around(key)
                    if around.streets:
                        yield around, *self._terms(around)

    def _terms(self, around: Around) -> tuple[LongArray, FloatArray]:
        """Return the moves that count in a cut, and for how much: crossings, and seconds spent inside."""
        turn_s = self.fleet.states.turn_s
        terms: dict[int, float] = {}
        for node in around.nodes:
            for move in self.leaving[node].tolist():
                terms[move] = terms.get(move, 0.0) + 2 * float(turn_s[move]) / self.longest
        for arcs, crosses, seconds in (
            (around.outward, 1.0, None), (around.inner, 0.0, self.fleet.arc_s), (around.inward, 1.0, self.until_end),
        ):  # fmt: skip
            for arc in arcs:
                each = crosses + (0.0 if seconds is None else 2 * float(seconds[arc]) / self.longest)
                for move in self.of_arc[arc].tolist():
                    terms[move] = terms.get(move, 0.0) + each
        return np.array(list(terms), dtype=np.int64), np.array(list(terms.values()))

    def _separate(self, values: FloatArray) -> bool:
        """Add the cuts that a solution breaks, and return whether there are any."""
        seen, before = values[self.moves + self.passes :], len(self.cuts)
        for around, moves, terms in self.junctions:
            streets = np.array(around.streets)
            share = seen[streets] / self.full
            odd = share > 1 / 2
            if odd.sum() % 2 == 0:
                nearest = int(np.argmin(np.abs(share - 1 / 2)))
                odd[nearest] = not odd[nearest]
            chosen = streets[odd]
            limit = (len(chosen) - 1) * self.full
            broken = 2 * float(seen[chosen].sum()) - limit - float(values[moves] @ terms)
            key = around.nodes, tuple(chosen.tolist())
            if broken > BROKEN * self.full and key not in self.known:
                self.known.add(key)
                self.cuts.append((around, key[1]))
                columns = np.concatenate((moves, self.moves + self.passes + chosen))
                self.rows.append((columns, np.concatenate((-terms, np.full(len(chosen), 2.0))), limit))
        return len(self.cuts) > before


def _grouped(key: LongArray | IntArray, count: int) -> list[LongArray]:
    """Return for each number from 0 to ``count`` where it stands."""
    order = np.argsort(key, kind="stable")
    return np.split(order, np.searchsorted(key[order], np.arange(1, count)))
