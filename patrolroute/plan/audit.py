"""The audit: every rule of a plan checked from its legs and the network, whoever made it.

It knows neither the solver nor the evaluator, so that their mistakes are not its own. A hand-made or tampered
plan never makes it stumble: what is nonsense is reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from patrolroute.errors import PlanViolation
from patrolroute.plan.records import PatrolPlan
from patrolroute.plan.rules import clock, form, rest, road, task, visit, worth
from patrolroute.plan.rules.book import Book, Rule

_STAGES: tuple[Mapping[str, Rule], ...] = (
    {"well_formed": form.well_formed},
    {name: rule for name, rule in form.RULES.items() if name != "well_formed"},
    worth.RULES | task.RULES | road.RULES | clock.RULES | visit.RULES | rest.RULES,
)
"""Rules of a later stage cannot be judged while an earlier one is broken."""

RULES: dict[str, Rule] = {name: rule for stage in _STAGES for name, rule in stage.items()}
"""Every rule by name; the first line of its docstring is the rule in words."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule.

    Parameters
    ----------
    rule
        Name of the rule, a key of `RULES`.
    thing
        What breaks it: a crew, a leg, a task, the objective.
    message
        How, in one sentence.
    """

    rule: str
    thing: str
    message: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.thing}: {self.message}"


def audit(plan: PatrolPlan) -> tuple[Violation, ...]:
    """Check every rule from the legs.

    Parameters
    ----------
    plan
        A plan from any source: this library's, a hand-made one, one that was read from a file.

    Returns
    -------
    tuple of Violation
        Required tasks that are not served first, then in the order of `RULES`; empty if the plan is sound. If
        the form of the plan is broken (a number that is none, a time without offset), only that is reported,
        for nothing else could be judged.
    """
    book = Book(plan)
    for stage in _STAGES:
        found = tuple(_violations(book, stage))
        if found:
            return found
    return ()


def raise_for_violations(plan: PatrolPlan) -> None:
    """Raise an exception if the audit finds anything.

    Raises
    ------
    PlanViolation
        With every broken rule, one a line.
    """
    if found := audit(plan):
        raise PlanViolation("\n".join(map(str, found)))


def meaning(rule: str) -> str:
    """Say a rule in one sentence.

    Examples
    --------
    >>> meaning("no_hole")
    'Each leg departs the second that the one before arrives.'
    """
    return (RULES[rule].__doc__ or "").strip().partition("\n")[0]


def _violations(book: Book, stage: Mapping[str, Rule]) -> Iterator[Violation]:
    for name, rule in stage.items():
        yield from (Violation(name, thing, message) for thing, message in rule(book))
