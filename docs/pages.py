"""Writes the reference pages that follow from the code: ``python docs/pages.py``. A test holds them to it."""

import ast
import inspect
from importlib import import_module
from pathlib import Path
from types import ModuleType

import patrolroute
from patrolroute.base.chinese import RULES
from patrolroute.base.codes import CODES, code_of_wording
from patrolroute.base.extras import EXTRAS
from patrolroute.base.text import rule_label
from patrolroute.demand.columns import AMAP, ASIDE, ASIDE_OF_INCIDENTS, DEPOTS, ENDS_ASIDE, HOTSPOTS, INCIDENTS
from patrolroute.demand.street_rows import COLUMNS as STREET_COLUMNS
from patrolroute.hand_made.table import ASIDE_OF_STOPS
from patrolroute.hand_made.table import HEADERS as STOP_COLUMNS
from patrolroute.metrics import INCIDENT_METRICS, METRICS, Metric
from patrolroute.output.save import OUTPUTS, Output
from patrolroute.rules.audit import RULES as AUDIT_RULES
from patrolroute.rules.audit import meaning

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
    return head + "".join(f"| `{name}` | {rule_label(name)} | {meaning(name)} |\n" for name in AUDIT_RULES)


def outputs_page() -> str:
    """List every output."""
    head = """# What a plan is written as

`plan.save("out/")`, `patrolroute demo` and `patrolroute plan` write these files into one folder, each whole or not at
all; `patrolroute outputs` lists them. The plan itself comes first: `plan.json` with its streets beside it. An output
that fails then keeps no other from being written: `save` raises `PartialOutputError` at the end, with the reason by
file (`failed`) and what was written (`written`); the command line names each one and ends with 1 if the library is to
blame. What an earlier plan left in the folder goes, the file of an output that failed too, so that nobody hands it out.

The last column names the extra that brings what an output is written with: `patrolroute[maps]`, or `patrolroute[all]`
for all of them. Where it is not installed the output is left out, which is no error: `patrolroute outputs` and the
command line say so, `patrolroute.output.save.left_out_for_lack()` returns the sentences, the logger `patrolroute` has
them as warnings, and the file of an earlier plan goes. An output that is asked for by name, in `also` or by
`plan.to_bytes`, raises `MissingExtraError` instead.

What is written on request only is asked for by name: `plan.save("out/", also=["sheets.pdf"])`, `--also sheets.pdf`.
[Which file for whom](../howto/files.md) says more of coordinates, numbers and names. A new output is a module with its
writer and one line in the table `OUTPUTS` of `patrolroute/output/save.py`, from which this page follows.

| File | | | Extra |
|---|---|---|---|
"""
    return head + "".join(map(_output_row, OUTPUTS))


def _output_row(output: Output) -> str:
    extra = "".join(sorted({f"`{EXTRAS[library]}`" for library in output.needs}))
    asked = " (on request)" if output.on_request else ""
    return f"| `{output.shown}` | {output.zh} | {output.en}{asked} | {extra} |\n"


def types_page() -> str:
    """List the public types that are not importable from the package itself."""
    head = """# Types that signatures name

What one makes or calls is importable from `patrolroute`. Every other type that a public signature, property or field
names is in one of two modules, so that a program with annotations of its own can name it; a test holds that none lacks.
`Any` stands for JSON and for graphs of networkx alone.

"""
    return head + "\n".join(map(_types_of, (patrolroute.types, patrolroute.nights)))


def _types_of(module: ModuleType) -> str:
    rows = "".join(
        f"| `{name}` | {_meaning(name, module)} |\n" for name in module.__all__ if name not in patrolroute.__all__
    )
    return f"## `{module.__name__}`\n\n{_first_line(module)}\n\n| Name | |\n|---|---|\n{rows}"


def _first_line(thing: object) -> str:
    return (inspect.getdoc(thing) or "").partition("\n")[0]


def _meaning(name: str, module: ModuleType) -> str:
    """Return the first line of a class, or what a short name stands for and the text below it."""
    if inspect.isclass(thing := getattr(module, name)) and thing.__name__ == name:
        return _first_line(thing)
    tree = ast.parse(inspect.getsource(module))
    home = next(
        node.module
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module and name in {alias.name for alias in node.names}
    )
    body = ast.parse(inspect.getsource(import_module(home))).body
    at, value = next(
        (number, node.value) for number, node in enumerate(body)
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
        and name in {ast.unparse(target) for target in getattr(node, "targets", [getattr(node, "target", None)])}
    )  # fmt: skip
    after = body[at + 1] if at + 1 < len(body) else None
    said = (
        ast.literal_eval(after.value) if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else ""
    )
    stands_for = ast.unparse(value).replace("|", "\\|")
    return f"`{stands_for}`" + (f": {' '.join(said.split())}" if said else "")


def errors_page() -> str:
    """List every code of an error with its wordings."""
    head = """# Errors as data

Whatever the library raises on purpose is a `PatrolRouteError`; what the caller gave wrongly is an `InputError` and a
`ValueError`, and a value of another type an `ArgumentError`, which is a `TypeError` besides. All that is wrong with one
input comes together: `str(error)` is a sentence a line, and `error.items` the same as data.

```python
import patrolroute as pr

try:
    pr.SearchParams(chains=0, noise=-1)
except pr.PatrolRouteError as error:
    answer = [item.to_dict() for item in error.items]
```

| Of an item | |
|---|---|
| `code` | what is wrong, one of the codes below; codes stay, sentences may be reworded |
| `path` | what is wrong, from the outside in, as far as it is known; see below |
| `value` | what was given, as JSON holds it: a number, text or truth; anything else as text, `null` if it is not told |
| `sentence_en`, `sentence_zh` | the sentence in both languages |
| `kind` | by which remedies are chosen |

What misses a name, has one too many, or a value of another type is told before anything else is looked at, for all
arguments at once; then come ranges, names and what belongs together. A path starts with the thing that the sentence
names; the call itself is no step of it: `("crews", 2, "start")` in a night's file, whose lists count from 0;
`("hotspots.csv", "row", 3, "longitude")` in a table, whose rows count as the sentence does; `("crew", "A", "mode")` of
a thing that has an id or name; `("seed",)` of an argument.

## Codes

"""
    rows = "".join(f"| `{code}` | {said} |\n" for code, said in CODES.items())
    by_code: dict[str, list[str]] = {}
    for wording in RULES:
        by_code.setdefault(code_of_wording(wording) or "", []).append(wording)
    lists = "".join(
        f"\n### `{code}`\n\n" + "".join(f"- `{wording}`\n" for wording in by_code[code])
        for code in CODES if code in by_code
    )  # fmt: skip
    return f"{head}| Code | |\n|---|---|\n{rows}\n## Wordings\n\nWhat stands in braces differs.\n{lists}"


def columns_page() -> str:
    """List the columns of every table with all their names, and the titles that are left aside."""
    head = """# Columns of tables

What the [how-to](../howto/tables.md) says of titles holds for all tables. A title that is in none of these lists is an
error, unless it begins with `#` or `_` or stands in brackets.

"""
    tables = {
        "Hotspots": HOTSPOTS, "Depots": DEPOTS, "Points of demand": INCIDENTS, "Streets in rows": STREET_COLUMNS,
        "A plan made by hand": STOP_COLUMNS,
    }  # fmt: skip
    parts = [
        f"## {name}\n\n| Column | Also |\n|---|---|\n"
        + "".join(f"| `{own}` | {', '.join(others)} |\n" for own, others in headers.items())
        for name, headers in tables.items()
    ]
    aside = {
        "Every table": ASIDE, "Points of demand": ASIDE_OF_INCIDENTS - ASIDE,
        "A plan made by hand": ASIDE_OF_STOPS - ASIDE, "AMap": AMAP,
    }  # fmt: skip
    lists = [f"- {name}: {', '.join(sorted(titles))}\n" for name, titles in aside.items()]
    ends = f"- titles that end in {', '.join(ENDS_ASIDE)}\n"
    return head + "\n".join(parts) + "\n## Left aside\n\n" + "".join(lists) + ends


PAGES = {
    "columns.md": columns_page,
    "types.md": types_page,
    "errors.md": errors_page,
    "metrics.md": metrics_page,
    "audit.md": audit_page,
    "outputs.md": outputs_page,
}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), encoding="utf-8")
