"""What every file that is handed out says of itself: which plan it is, who made it, datum, whose map."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from patrolroute.dates import span
from patrolroute.letters import plain
from patrolroute.output.plan_model import moment_text
from patrolroute.plan.records import PatrolPlan
from patrolroute.words import STAMPS, Datum, Lang, label

CREATOR = "patrolroute"
"""Named in each file; by it an earlier run's files are known."""

DIGITS = 8
"""Hexadecimal digits of a plan's number: two plans of one night are told apart, and a person can compare them."""


def stamp(plan: PatrolPlan, lang: Lang, datum: Datum | None = None) -> tuple[str, ...]:
    """Give the lines of a file's stamp: datum, night and plan, notice of the map, whose data.

    No line holds the moment of writing, so that the same plan gives the same file. ``datum`` is None where a
    file has no coordinates.
    """
    night = f"{label('plan', lang)} {span(*plan.window, lang)} ({plan.timezone})"
    said = STAMPS[datum] if datum else "", f"{night} · {made_by(plan)}", plan.notice, plan.attribution
    return tuple(plain(line) for line in said if line)


def made_by(plan: PatrolPlan) -> str:
    """Say which program made which plan: its version, the plan's number, seed and work where they are known."""
    numbers = {"plan": plan_number(plan), "seed": plan.seed, "work": plan.work}
    known = (f"{name} {number}" for name, number in numbers.items() if number is not None)
    return ", ".join((plan.created_with or CREATOR, *known))


def plan_number(plan: PatrolPlan) -> str:
    """Give a short number that is the same in all files of one plan, in every datum, and differs between plans."""
    digest = hashlib.sha256()
    for part in _decisions(plan):
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()[:DIGITS]


def _decisions(plan: PatrolPlan) -> Iterator[str]:
    for route in plan.routes:
        yield f"{route.crew} {moment_text(route.start)} {moment_text(route.end)}"
        for leg in route.legs:
            yield f"{leg.kind} {leg.task} {leg.visit} {moment_text(leg.depart)} {leg.arcs}"
