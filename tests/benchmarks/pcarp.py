"""Periodic arc routing: ``python tests/benchmarks/pcarp.py [FOLDER] [--work 400] [--only gdb] [--smoke]``.

The days of every edge are chosen by CP-SAT, level by level as a campaign's calendar is, the rounds of each day by the
engine; then days are changed by what each edge costs in the rounds. Work counts, not the clock, so a run repeats. Where
a day's edges do not go into the vehicles that the bound leaves, the calendar leaves more slack, then there is one
vehicle more. It prints a line for each instance beside its bounds (fleet: demand over capacity; cost: what is served),
and figures last.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from published import periodic
from published.case import SHARED
from published.measure import BrokenRuleError, compile_first
from published.periodic import DAYS, Change, Days, Week
from published.rounds import Stop

from patrolroute.search.params import SearchParams
from patrolroute.search.points import search

SLACKS = (0.02, 0.06, 0.12)
"""Shares of a vehicle's capacity, for each vehicle, that are tried to stay free: rounds do not fill up exactly."""

MOST_MORE = 3
"""Vehicles beyond the bound that are tried."""

BLUR, TENTHS = (0.8, 1.2), 10
"""Prices hold for one change alone, so each attempt sees them a little otherwise; in tenths they stay whole numbers."""

PARTS = (4, 8, 16, 32)
"""Of the edges, one in so many may change its days in an attempt."""

Rounds = dict[int, list[list[Stop]]]
"""The rounds of each day."""

SMOKE = ("gdb10", "gdb1")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an instance: vehicles, cost, and the seconds of the processor."""

    week: Week
    fleet: int
    cost: int
    cpu_s: float

    @property
    def over_percent(self) -> float:
        """How much more than its bound the cost is."""
        return 100 * (self.cost / self.week.cost_bound - 1)


def solved(week: Week, *, work: int, limit: float, rounds: int) -> Outcome:
    """Plan a week and judge it.

    Parameters
    ----------
    week
        The instance.
    work
        Of the engine, for each day.
    limit
        Deterministic seconds of each level of the calendar.
    rounds
        How often days are changed by the prices of the rounds.

    Raises
    ------
    BrokenRuleError
        If the plan breaks a rule, or none was found.
    """
    began = time.process_time()
    for vehicles in range(week.fleet_bound, week.fleet_bound + MOST_MORE + 1):
        for share in SLACKS:
            plan = _planned(week, vehicles, int(share * week.capacity * vehicles), work=work, limit=limit)
            if plan is None:
                continue
            fleet, checked = periodic.check(week, plan)
            if checked.faults:
                raise BrokenRuleError(f"{week.name}: {'; '.join(checked.faults[:5])}")
            if not checked.missed:
                best = _improved(week, plan, vehicles, work=work, limit=limit, rounds=rounds)
                fleet, checked = periodic.check(week, best)
                return Outcome(week, fleet, checked.value, time.process_time() - began)
    raise BrokenRuleError(f"{week.name}: no plan was found with {vehicles} vehicles")


def _improved(week: Week, plan: Rounds, vehicles: int, *, work: int, limit: float, rounds: int) -> Rounds:
    """Return the cheapest week found by changing the days of a few edges by prices, which are blurred each time."""
    (_, checked), rng = periodic.check(week, plan), Random(1)  # noqa: S311 - not for secrets
    for number in range(rounds):
        prices = {key: round(TENTHS * cost * rng.uniform(*BLUR)) for key, cost in periodic.prices(week, plan).items()}
        most = max(1, len(week.edges) // PARTS[number % len(PARTS)])
        change = Change(_days_of(plan), prices, most)
        other = _planned(week, vehicles, 0, work=work, limit=limit, change=change)
        found = None if other is None else periodic.check(week, other)[1]
        if other is not None and found is not None and not found.missed and found.value < checked.value:
            plan, checked = other, found
    return plan


def _days_of(plan: Rounds) -> Days:
    found = dict[str, tuple[int, ...]]()
    for day, routes in sorted(plan.items()):
        for name in (name for route in routes for name, _ in route):
            found[name] = (*found.get(name, ()), day)
    return found


def _planned(
    week: Week, vehicles: int, slack: int, *, work: int, limit: float, change: Change | None = None
) -> Rounds | None:
    """Return the rounds of each day; None if there are no days for all edges, or a day was left with some unserved."""
    days = periodic.calendar(week, vehicles, slack=slack, limit=limit, change=change)
    if days is None:
        return None
    plan = dict[int, list[list[Stop]]]()
    for day in range(1, DAYS + 1):
        case = week.day(days, day, vehicles)
        found = search(case.instance(), work_limit=work, seed=1, params=SearchParams(chains=1), threads=1)
        plan[day] = case.answer(found.solution)
        if sum(map(len, plan[day])) < len(case.items):
            return None
    return plan


def main(words: Sequence[str] | None = None) -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=SHARED / "pcarp", help="of the instances")
    parser.add_argument("--work", type=int, default=400, help="of the engine, for each day")
    parser.add_argument("--limit", type=float, default=1.0, help="deterministic seconds of each level of the calendar")
    parser.add_argument("--rounds", type=int, default=100, help="how often days are changed by what rounds cost")
    parser.add_argument("--only", nargs="+", default=[""], help="how names begin")
    parser.add_argument("--smoke", action="store_true", help="two instances, little work")
    args = parser.parse_args(words)
    weeks = [week for week in periodic.read_folder(args.folder) if week.name.startswith(tuple(args.only))]
    if args.smoke:
        weeks, args.work, args.limit, args.rounds = [week for week in weeks if week.name in SMOKE], 60, 0.5, 3
    if not weeks:
        raise SystemExit(f"{args.folder}: no instance there, or none with such a name")
    others = periodic.known(args.folder)
    compile_first()
    print(f"{'instance':9}{'visits':>7}{'fleet':>6}{'bound':>6}{'cost':>7}{'bound':>7}{'over %':>8}{'cpu s':>7}  known")
    outcomes = list[Outcome]()
    for week in weeks:
        found = solved(week, work=args.work, limit=args.limit, rounds=args.rounds)
        outcomes.append(found)
        beside = "{} vehicles, {}".format(*others[week.name]) if week.name in others else ""
        visits = sum(edge.visits for edge in week.edges)
        print(
            f"{week.name:9}{visits:7}{found.fleet:6}{week.fleet_bound:6}{found.cost:7}{week.cost_bound:7}"
            f"{found.over_percent:8.1f}{found.cpu_s:7.1f}  {beside}",
            flush=True,
        )
    number = len(outcomes)
    at_bound = sum(found.fleet == found.week.fleet_bound for found in outcomes)
    over = sum(found.over_percent for found in outcomes) / number
    cpu_s = sum(found.cpu_s for found in outcomes)
    print(f"instances={number} fleet_at_bound={at_bound} mean_over_percent={over:.2f} cpu_s={cpu_s:.1f}")


if __name__ == "__main__":
    main()
