"""What a crew drove street by street, and which of it is which of its planned drives."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from patrolroute.base.vocabulary import Seconds
from patrolroute.live.review_driven import Chains, chains_of
from patrolroute.live.review_way import Drive, Way
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import PlannedCrew

MADE = 0.8
"""An order of which so much was done is made."""

APART_S: Seconds = 45 * 60
"""A visit that comes so much earlier or later is another one."""

SHIFT_S: Seconds = 180
"""A crew that is late by so much with most of what it does is looked at by a clock of its own."""

FEW = 3
"""So many such clocks are tried."""

OTHER_CLOCK_S: Seconds = 60
"""What it costs to take a drive by the other clock: of two drives through a street the punctual one is the order."""

TELLABLE_M = 40
"""Whether a shorter piece was driven to its end and back, fixes do not tell; it counts where it was seen alone."""

BACK_S, BACK_M = 45, 120
"""Into a street no longer than this and out again in so few seconds: a fix beside the junction looks like it."""


@dataclass(frozen=True, slots=True)
class Run:
    """A crew drove a street, or a part of it, in one go.

    Parameters
    ----------
    crew, task
        Ids.
    begin_s, end_s
        Seconds since 1970.
    share, strong
        How much of the street, and how much of it fixes show.
    """

    crew: str
    task: str
    begin_s: float
    end_s: float
    share: float
    strong: float


@dataclass(frozen=True, slots=True)
class Need:
    """One leg of an order: what it serves, when, and what it weighs."""

    order: int
    task: str
    at_s: float
    metres: float


def runs_of(plan: PatrolPlan, crew: PlannedCrew, way: Way, chains: Chains | None = None) -> list[Run]:
    """Return what a crew drove, street by street, in the order in which it began.

    Parameters
    ----------
    plan, crew
        The plan and one of its crews.
    way
        What the crew did.
    chains
        `patrolroute.live.review_driven.chains_of` of its mode, if that is known.
    """
    length = plan.networks[crew.mode].length_m
    places: dict[int, list[tuple[tuple[int, ...], str, int]]] = defaultdict(list)
    for some in (chains_of(plan, crew.mode) if chains is None else chains).values():
        for chain, task in some:
            for place, arc in enumerate(chain):
                places[arc].append((chain, task, place))
    found = list[Run]()
    is_open: dict[tuple[str, tuple[int, ...]], tuple[int, list[Drive]]] = {}

    def close(key: tuple[str, tuple[int, ...]]) -> None:
        _, drives = is_open.pop(key)
        whole = float(length[list(key[1])].sum())
        metres = [float(length[drive.arc]) * drive.share for drive in drives]
        strong = sum(one for one, drive in zip(metres, drives, strict=True) if drive.is_strong or not drive.is_whole)
        found.append(
            Run(crew.id, key[0], drives[0].begin_s, drives[-1].end_s, min(1.0, sum(metres) / whole), strong / whole)
        )

    for drive in way.drives:
        here = {(task, chain): place for chain, task, place in places.get(drive.arc, ())}
        for key in [key for key, (place, _) in is_open.items() if here.get(key) != place + 1]:
            close(key)
        for key, place in here.items():
            if key in is_open:
                is_open[key] = place, [*is_open[key][1], drive]
            else:
                is_open[key] = place, [drive]
    for key in list(is_open):
        close(key)
    return sorted(found, key=lambda run: (run.begin_s, run.task))


def met_by(needs: Sequence[Need], runs: Sequence[Run], late_s: float = 0.0) -> tuple[list[Run | None], list[Run]]:
    """Give each planned drive the run that it most likely is, in order of time, and return the runs left over.

    Parameters
    ----------
    needs, runs
        Planned drives, and what was driven.
    late_s
        By how much a crew may have been late from some time on.
    """
    met: list[Run | None] = [None] * len(needs)
    by_task: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for number, need in enumerate(needs):
        by_task[need.task][0].append(number)
    for number, run in enumerate(runs):
        if run.task in by_task:
            by_task[run.task][1].append(number)
    used = set[int]()
    for wanted, there in by_task.values():
        for row, column in _pairs([needs[one] for one in wanted], [runs[one] for one in there], late_s):
            met[wanted[row]] = runs[there[column]]
            used.add(there[column])
    return met, [run for number, run in enumerate(runs) if number not in used]


def _pairs(needs: Sequence[Need], runs: Sequence[Run], late_s: float) -> list[tuple[int, int]]:
    """Pair times in order so that the differences are least; what finds no partner costs as much as `APART_S`."""
    price = [[_price(need, run, late_s) for run in runs] for need in needs]
    rows, columns = len(needs) + 1, len(runs) + 1
    cost = [[0.0] * columns for _ in range(rows)]
    for row in range(1, rows):
        for column in range(columns):
            best = cost[row - 1][column] + APART_S
            if column:
                best = min(best, cost[row][column - 1], cost[row - 1][column - 1] + price[row - 1][column - 1])
            cost[row][column] = best
    pairs, row, column = list[tuple[int, int]](), rows - 1, columns - 1
    while row and column:
        if cost[row][column] == cost[row - 1][column - 1] + price[row - 1][column - 1]:
            if price[row - 1][column - 1] < APART_S:
                pairs.append((row - 1, column - 1))
            row, column = row - 1, column - 1
        elif cost[row][column] == cost[row][column - 1]:
            column -= 1
        else:
            row -= 1
    return pairs[::-1]


def shifts(needs: Sequence[Need], runs: Sequence[Run]) -> list[float]:
    """Return by how much a crew may have been late with everything: the differences that are most frequent."""
    begins: dict[str, list[float]] = defaultdict(list)
    for run in runs:
        if run.share >= MADE:
            begins[run.task].append(run.begin_s)
    found = Counter(
        round((begin - need.at_s) / SHIFT_S)
        for need in needs
        for begin in begins.get(need.task, ())
        if SHIFT_S <= abs(begin - need.at_s) <= APART_S
    )
    return [float(step * SHIFT_S) for step, _ in sorted(found.items(), key=lambda one: (-one[1], abs(one[0])))[:FEW]]


def prices(needs: Sequence[Need], met: Sequence[Run | None], late_s: float = 0.0) -> float:
    """Return how far off planned drives are from the runs that they are, in seconds, and what another clock costs."""
    told = sum(APART_S if run is None else _price(need, run, late_s) for need, run in zip(needs, met, strict=True))
    return told + abs(late_s)


def _price(need: Need, run: Run, late_s: float) -> float:
    off = abs(run.begin_s - need.at_s)
    if off > APART_S:
        return float(2 * APART_S)
    if late_s:
        off = min(off, abs(run.begin_s - need.at_s - late_s) + OTHER_CLOCK_S)
    return off + (1 - run.share) * APART_S


def besides(runs: Sequence[Run], metres: Mapping[str, float]) -> list[Run]:
    """Return the runs worth telling: whole streets that fixes show, none so short or so soon left that it may be noise.

    Parameters
    ----------
    runs
        What belongs to nothing that was planned, in order of time.
    metres
        Of each street.
    """
    told = [
        run for run in runs
        if run.share >= MADE and run.strong >= run.share / 2 and metres[run.task] >= TELLABLE_M
    ]  # fmt: skip
    kept = list[Run]()
    by_task: dict[str, list[Run]] = defaultdict(list)
    for run in told:
        by_task[run.task].append(run)
    for task, some in by_task.items():
        place = 0
        while place < len(some):
            is_short = metres[task] <= BACK_M and place + 1 < len(some)
            if is_short and some[place + 1].end_s - some[place].begin_s <= BACK_S:
                place += 2
                continue
            kept.append(some[place])
            place += 1
    return sorted(kept, key=lambda run: (run.begin_s, run.task))
