"""The audit: every rule of a plan checked from its legs and the network, whoever made it.

It knows neither the solver nor the evaluator, so that their mistakes are not its own. A hand-made or tampered
plan never makes it stumble: what is nonsense is reported.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from patrolroute.base.arguments import checked
from patrolroute.base.errors import PlanViolation
from patrolroute.base.text import label, rule_label
from patrolroute.base.vocabulary import Lang
from patrolroute.plan.model import PatrolPlan
from patrolroute.rules import directions, driving, explained, form, statements, under_way, visits, worth
from patrolroute.rules.context import AuditContext, Rule
from patrolroute.rules.context import clock as clock_said
from patrolroute.rules.findings import Finding

_STAGES: tuple[Mapping[str, Rule], ...] = (
    {"well_formed": form.well_formed},
    {name: rule for name, rule in form.FORM_RULES.items() if name != "well_formed"},
    worth.WORTH_RULES
    | statements.TASK_RULES
    | driving.ROAD_RULES
    | driving.CLOCK_RULES
    | visits.VISIT_RULES
    | visits.AGREEMENT_RULES
    | directions.DIRECTION_RULES
    | under_way.UNDER_WAY_RULES,
    explained.EXPLANATION_RULES | worth.FILE_RULES,
)
"""Rules of a later stage cannot be judged while an earlier one is broken; what is required and missed hinders none."""

NOT_KEPT = ("required_served", "gap_promised", "response_promised")
"""What was asked for and not kept: a result of the night, reported like no other fault."""

TIMES = (
    "starts_with_shift", "route_spans_legs", "within_shift", "no_hole", "on_time", "duration_exact", "break_taken",
    "break_length", "break_in_window", "dwells_while_open", "visits_in_windows", "households_by_22",
    "visit_in_slice", "headway_kept", "together",
)  # fmt: skip
"""Rules of times and agreements: a driven night need not keep them."""

PLANNED = ("left_out_explained", "reason_holds", "dwells_at_hotspot", "crew_allowed", "reservations_kept",
           "capacity_kept", "officer_in_team", "range_kept", *directions.DIRECTION_RULES)  # fmt: skip
"""Rules of what was decided: which crew may do what, why something is left out, at which node a dwell stands."""

DRIVEN_KEPT = frozenset((*TIMES, *PLANNED, *NOT_KEPT))
"""Rules that a driven night may break; all others, those of roads first, it keeps."""

RULES: dict[str, Rule] = {name: rule for stage in _STAGES for name, rule in stage.items()}
"""Every rule by name; the first line of its docstring is the rule in words."""


@dataclass(frozen=True, slots=True)
class Violation(Finding):
    """One broken rule: which, by what, how, by how much, when, where.

    Parameters
    ----------
    rule
        Name of the rule, a key of `RULES`.
    thing, message, amount, at, place, crew, leg, task, detail_zh
        See `patrolroute.rules.findings.Finding`.

    Examples
    --------
    >>> from patrolroute.rules.findings import seconds_off
    >>> late = Violation("crew 'A'", "home 23:46:05, 65 s after the shift's end 23:45:00", seconds_off(65), crew="A",
    ...     rule="within_shift")
    >>> str(late)
    "within_shift: crew 'A': home 23:46:05, 65 s after the shift's end 23:45:00 [1 min 5 s]"
    >>> late.said("zh")
    '收班超时 1 分 5 秒：车组 A（within_shift）'
    """

    rule: str = field(kw_only=True)

    def __str__(self) -> str:
        facts = ", ".join(filter(None, (self._clock(), self.place, str(self.amount))))
        return f"{self.rule}: {self.thing}: {self.message} [{facts}]"

    @checked
    def said(self, lang: Lang = "zh") -> str:
        """Return it as a planner reads it: in English the sentence, in Chinese rule, amount, time, place and thing."""
        if lang == "en":
            return str(self)
        facts = "，".join(filter(None, (self._clock(), self.place, self._thing(), self.detail_zh)))
        return f"{rule_label(self.rule, lang)} {self.amount.said(lang)}：{facts}（{self.rule}）"

    def as_json(self) -> dict[str, Any]:
        """Return it as a JSON object: all fields, the time as ISO 8601, the amount as a number and its unit."""
        return {
            "rule": self.rule,
            "label": rule_label(self.rule, "zh"),
            **{name: getattr(self, name) for name in ("thing", "message", "detail_zh", "crew", "leg", "task", "place")},
            "at": self.at.isoformat() if self.at else None,
            "amount": {"value": self.amount.value, "unit": self.amount.unit},
        }

    def _clock(self) -> str:
        return "" if self.at is None else clock_said(self.at)

    def _thing(self) -> str:
        """Name crew, leg and task in Chinese; anything else as the sentence does."""
        parts = [
            f"{label(word)} {value}" for word, value in (("crew", self.crew), ("task", self.task)) if value is not None
        ]
        if self.leg is not None:
            parts[0] += f" 第 {self.leg} 段"
        return "，".join(parts) or label(self.thing)


@checked
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
        for nothing else could be judged; and only of a plan that is sound otherwise it is asked whether its
        explanations and what its file says beside are true.
    """
    return _found(plan)


def audit_driven(plan: PatrolPlan) -> tuple[Violation, ...]:
    """Check what a driven night keeps: its roads join and are on the map, its worth is what its legs make it.

    Parameters
    ----------
    plan
        A driven night, as `patrolroute.review` makes it. Its times are those of its tracks, and need not be the
        computed ones; what it left undone is told by the review.
    """
    return _found(plan, DRIVEN_KEPT)


def is_driven(plan: PatrolPlan) -> bool:
    """Return whether a plan is a driven night, as `patrolroute.review` makes it."""
    return plan.settings.get("driven") is True


def _found(plan: PatrolPlan, kept: Collection[str] = ()) -> tuple[Violation, ...]:
    """Return what breaks the rules, but for those that the plan may break."""
    context, found = AuditContext(plan.explained), list[Violation]()
    for stage in _STAGES:
        found += _violations(context, {name: rule for name, rule in stage.items() if name not in kept})
        if any(violation.rule not in NOT_KEPT for violation in found):
            break
    return tuple(found)


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
    """Return a rule in one sentence.

    Examples
    --------
    >>> meaning("no_hole")
    'No time is missing between two legs: each departs the second that the one before arrives.'
    """
    return (RULES[rule].__doc__ or "").strip().partition("\n")[0]


def _violations(context: AuditContext, stage: Mapping[str, Rule]) -> Iterator[Violation]:
    for name, rule in stage.items():
        for found in rule(context):
            facts = {entry.name: getattr(found, entry.name) for entry in fields(found)}
            yield Violation(**facts, rule=name)
