"""Writes the reference pages that follow from the code: ``python docs/pages.py``. A test holds them to it."""

from pathlib import Path

from patrolroute.plan.audit import RULES, meaning
from patrolroute.plan.metrics import INCIDENT_METRICS, METRICS, Metric
from patrolroute.words import rule_label

REFERENCE = Path(__file__).parent / "reference"


def metrics_page() -> str:
    """List every metric with its formula."""
    head = """# Measures

What `plan.metrics` and `plan.json` hold, by name. The window of the night is [0, T]; a street segment has length l,
priority w, wanted visits r and actual visits n; d are the gaps between passes, both boundary gaps included. Presence
and idleness count every pass, deadheads too; a visit is only what a crew was told to look at. A measure that is
undefined, such as the idleness of streets on a night without streets, is null.

All are exact but the response times, which look at the night every half minute. `measure(plan, incidents)` adds those
at the end of the page. 1-3-5 with your own classes of place or tiers of force: `response_by_class(plan, classes)` and
`response_by_tier(plan, tiers)`, see [the Python interface](api.md).
"""
    return "\n".join([head, *(_metric(metric) for metric in (METRICS | INCIDENT_METRICS).values())])


def _metric(metric: Metric) -> str:
    low, high = metric.range
    span = f"{low:g} to {'any' if high is None else f'{high:g}'}"
    facts = f"{metric.label_zh} · {metric.label_en} · unit: {metric.unit} · range: {span} · {metric.better} is better"
    return f"## `{metric.name}`\n\n{facts}\n\n{metric.formula}\n"


def audit_page() -> str:
    """List every rule of the audit."""
    head = """# Rules of the audit

`plan.audit()` and `patrolroute check` look at the legs and the network alone; they know neither the solver nor the
evaluator. While the form of a plan is broken nothing else is judged.

Each violation names its rule, the thing that breaks it (`crew`, `leg`, `task`), `at` (when; for what was never done the
moment by which it should have been), `place` (a street, a hotspot, or longitude and latitude) and `amount` (a number
and its unit: `s`, `m`, `points`, `visits`, `load`, or `faults` where there is no measure). `str(violation)` is a
sentence, `violation.said("zh")` the same for a planner, `violation.as_json()` and `patrolroute check --json` the
fields. Faults of the file itself have neither time nor place; what is so all night has a place and no time.

| Rule | | What it holds a plan to |
|---|---|---|
"""
    return head + "".join(f"| `{name}` | {rule_label(name)} | {meaning(name)} |\n" for name in RULES)


PAGES = {"metrics.md": metrics_page, "audit.md": audit_page}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), encoding="utf-8")
