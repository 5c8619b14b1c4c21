"""Writes the reference pages that follow from the code: ``python docs/pages.py``. A test holds them to it."""

import argparse
import ast
import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import patrolroute
from patrolroute.base.chinese import RULES
from patrolroute.base.codes import CODES, code_of_wording
from patrolroute.base.extras import EXTRAS
from patrolroute.base.text import Catalogue, rule_label
from patrolroute.base.vocabulary import Lang
from patrolroute.campaign.meanings import MEANINGS as CAMPAIGN_MEANINGS
from patrolroute.campaign.model import campaign_schema
from patrolroute.cli.commands import _parser
from patrolroute.cli.help import HELP
from patrolroute.demand.columns import AMAP, ASIDE, ASIDE_OF_INCIDENTS, DEPOTS, ENDS_ASIDE, HOTSPOTS, INCIDENTS
from patrolroute.demand.street_rows import COLUMNS as STREET_COLUMNS
from patrolroute.hand_made.table import ASIDE_OF_STOPS
from patrolroute.hand_made.table import HEADERS as STOP_COLUMNS
from patrolroute.metrics import INCIDENT_METRICS, METRICS, Metric
from patrolroute.night.meanings import MEANINGS, in_chinese
from patrolroute.night.model import night_schema
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

What one makes or calls is importable from `patrolroute`, and for nights of many weeks from `patrolroute.campaigns`.
Every other type that a public signature, property or field names is in one of three modules, so that a program with
annotations of its own can name it; a test holds that none lacks. `Any` stands for JSON, for options of `solve` that are
handed on, and for graphs of networkx alone.

"""
    return head + "\n".join(map(_types_of, (patrolroute.types, patrolroute.nights, patrolroute.campaigns)))


def _types_of(module: ModuleType) -> str:
    rows = "".join(
        f"| `{name}` | {_meaning(name, module)} |\n"
        for name in module.__all__
        if name not in patrolroute.__all__ and not inspect.isfunction(getattr(module, name))
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


FORMS = Catalogue(
    {
        "head": (
            "| 写什么 | 意思 | 写法 | 不写时 |\n|---|---|---|---|\n",
            "| Entry | Meaning | Form | If not given |\n|---|---|---|---|\n",
        ),
        "must": ("必须写", "must be given"),
        "table": ("一张表", "a table"),
        "list": ("列表，每项为{item}", "a list, each {item}"),
        "or": ("，或", ", or "),
        "file": ("文件名", "a file's name"),
        "date": ("`2026-05-08`", "`2026-05-08`"),
        "clock": ("`20:30`", "`20:30`"),
        "text": ("文字", "text"),
        "row": ("一行", "a row"),
        "numbers": ("`名称 = 数` 的表", "a table of `name = number`"),
        "integer": ("整数", "a whole number"),
        "number": ("数", "a number"),
        "between": ("，{low} 到 {high}", " from {low} to {high}"),
        "above": ("，大于 {low}", " above {low}"),
        "above_to": ("，大于 {low}，不超过 {high}", " above {low}, at most {high}"),
        "from": ("，不小于 {low}", " from {low}"),
        "command": ("| 写什么 | 意思 | 可写 |\n|---|---|---|\n", "| Argument | Meaning | One of |\n|---|---|---|\n"),
        "options": (" [选项]", " [options]"),
    }
)  # fmt: skip
"""How the form of an entry is put in words."""

NIGHT_HEADS: dict[Lang, str] = {
    "en": """# A night's file

TOML or JSON, UTF-8; [Describe a night](../howto/night-file.md) shows one. A misspelt entry is an error. Files are
looked for beside the night's own. `patrolroute schema night` prints the JSON Schema, from which this page follows; its
`$id` is `urn:patrolroute:schema:night:1.0`. Wherever a file is named the same data may stand
[in its place](../howto/without-files.md). The command line reads any file that a night names; in Python a night
[from outside](../howto/scheduling-system.md) reaches its own folder alone and downloads nothing, unless the caller
allows it. `police_access` and all other entries without a table of their own stand at the top of the file, before the
first `[table]`.
""",
    "zh": """# 当晚文件逐项说明

当晚文件用 TOML 或 JSON 格式，编码 UTF-8。写错名称会提示，不会悄悄略过。所列文件与当晚文件放在一起。
不带表名的各项写在文件最前面，第一个 `[表名]` 之前。用[工作簿](workbook.md)排方案的，不必看这一页。
""",
}


def night_page(lang: Lang = "en") -> str:
    """List every entry of a night's file."""
    schema: Any = night_schema() if lang == "en" else in_chinese(night_schema())
    return NIGHT_HEADS[lang] + "".join(_table("", schema, schema["$defs"], lang))


CAMPAIGN_HEADS: dict[Lang, str] = {
    "en": """# A campaign's file

TOML or JSON, UTF-8, called `campaign.toml` or `campaign.json` in the campaign's folder;
[Plan many nights](../howto/campaign.md) shows one. A misspelt entry is an error. `patrolroute schema campaign` prints
the JSON Schema, from which this page follows. The parts of a night (`streets`, `hotspots`, `key_hours`) are those of
[a night's file](night.md); files that they name lie beside the base night's.
""",
    "zh": """# 半月行动文件逐项说明

行动文件用 TOML 或 JSON 格式，编码 UTF-8，在行动文件夹里名为 `campaign.toml` 或 `campaign.json`。写错名称会提示。
`streets`、`hotspots`、`key_hours` 各项与[当晚文件](night-file.md)相同；其中写的文件与常规一晚的文件放在一起。
""",
}


def campaign_page(lang: Lang = "en") -> str:
    """List every entry of a campaign's file; what a night holds has a page of its own."""
    schema: Any = campaign_schema()
    if lang == "zh":
        schema = in_chinese(schema, {**MEANINGS, **CAMPAIGN_MEANINGS})
    of_night: Any = night_schema()
    own = {name: table for name, table in schema["$defs"].items() if name not in {*of_night["$defs"], "Night"}}
    return CAMPAIGN_HEADS[lang] + "".join(_table("", schema, own, lang))


def _table(path: str, table: dict[str, Any], tables: dict[str, Any], lang: Lang) -> Iterator[str]:
    """Yield a table of entries, then the tables inside it that are to be listed."""
    said = " ".join(table["description"].partition("\n\n")[0].split())
    title = f"\n## `{path}`\n\n{said}\n" if path else ""
    rows = "".join(
        f"| `{name}` | {entry['description']} | {_form(entry, lang)} | {_usual(name, entry, table, lang)} |\n"
        for name, entry in table["properties"].items()
    )
    yield f"{title}\n{FORMS.say('head', lang)}{rows}"
    for name, entry in table["properties"].items():
        inner, is_list = _inner(entry)
        if inner in tables:
            yield from _table(f"{path}{'.' if path else ''}{name}{'[]' * is_list}", tables[inner], tables, lang)


def _inner(entry: dict[str, Any]) -> tuple[str | None, bool]:
    """Return which table an entry holds, and whether a list of them."""
    if "$ref" in entry:
        return entry["$ref"].rpartition("/")[2], False
    if entry.get("type") == "array" and "$ref" in entry["items"]:
        return _inner(entry["items"])[0], True
    return next(
        (found for part in (*entry.get("anyOf", ()), *entry.get("oneOf", ())) if (found := _inner(part))[0]),
        (None, False),
    )


def _form(entry: dict[str, Any], lang: Lang) -> str:  # noqa: PLR0911 - one return for each kind of JSON Schema
    """Return how an entry is written."""
    if "$ref" in entry:
        return FORMS.say("table", lang)
    if parts := [part for part in (*entry.get("anyOf", ()), *entry.get("oneOf", ())) if part.get("type") != "null"]:
        return FORMS.say("or", lang).join(_form(part, lang) for part in parts)
    if "enum" in entry:
        return ", ".join(f"`{word}`" for word in entry["enum"])
    kind = entry["type"]
    if kind == "array":
        return FORMS.say("list", lang, item=_form(entry["items"], lang))
    if kind == "boolean":
        return "`true`, `false`"
    if kind in ("integer", "number"):
        return FORMS.say(kind, lang) + _bounds(entry, lang)
    if kind == "object":
        is_geojson, inner = "type" in entry.get("properties", ()), entry.get("additionalProperties")
        return "GeoJSON" if is_geojson else FORMS.say("numbers" if isinstance(inner, dict) else "row", lang)
    is_clock = "d{1,2}:" in entry.get("pattern", "")
    return FORMS.say("clock" if is_clock else {"path": "file", "date": "date"}.get(entry.get("format"), "text"), lang)


def _bounds(entry: dict[str, Any], lang: Lang) -> str:
    """Return between what a number lies."""
    low, high, above = (entry.get(key) for key in ("minimum", "maximum", "exclusiveMinimum"))
    if above is not None:
        return FORMS.say("above" if high is None else "above_to", lang, low=above, high=f"{high or 0:g}")
    if low is None:
        return ""
    return FORMS.say(
        "from" if high is None or high > 10**9 else "between", lang, low=f"{low:.9g}", high=f"{high or 0:.9g}"
    )


def _usual(name: str, entry: dict[str, Any], table: dict[str, Any], lang: Lang) -> str:
    """Return what holds where an entry is not given."""
    if name in table.get("required", ()):
        return FORMS.say("must", lang)
    usual = entry.get("default")
    if usual in (None, "") or isinstance(usual, dict):
        return ""
    return f"`{str(usual).lower() if isinstance(usual, bool) else usual}`"


CLI_HEADS: dict[Lang, str] = {
    "en": """# The command line

```console
$ patrolroute demo                            plan the bundled night and write every output
$ patrolroute plan night.toml -o out/         plan a night described in a file
$ patrolroute doctor night.toml               everything that is or may be wrong with it
$ patrolroute check out/                      audit any plan, from any source
$ patrolroute check plan.csv --night night.toml -o out/   fill in a plan made by hand and audit it
$ patrolroute compare a/ b/                   how the second plan differs from the first
$ patrolroute what-if night.toml --crews 4..12 --ends 22:45,23:15,23:45   what more crews or hours would buy
$ patrolroute serve                           a page for planners, in a browser of this computer
$ patrolroute network clip anhui.osm.pbf huainan.osm.pbf --bbox 116.9 32.5 117.2 32.7
```

Every command that takes a plan takes its `plan.json` or the folder that holds it. `-v` before the command says more and
shows tracebacks.

**Language.** Help, usage, mistakes, progress and results speak Chinese or English. What decides, first one first:

1. `--lang zh|en`, before the command or after it;
2. the night's own `lang`, where the command reads a night's file that has one;
3. the environment variable `PATROLROUTE_LANG`: `zh`, `en`, or a locale such as `zh_CN.UTF-8`; any other is an error;
4. where nobody says anything: Chinese for what speaks of nights and plans (as a night that names no language), and for
   all else, help and mistakes in the command itself among it, the system's locale: Chinese where it is `zh…`, otherwise
   English.

Help and mistakes in a command come before any night is read: for them the second does not count.

| Exit code | Meaning |
|---|---|
| 0 | done |
| 1 | our fault; where only some outputs failed they are named and all others are written |
| 2 | the input's fault, with every complaint at once; `check`: the plan breaks a rule |
| 3 | the plan misses what is required, or leaves a street alone for longer than was promised; it is written too |
""",
    "zh": """# 命令逐项说明

```console
$ patrolroute demo                            排一晚示例方案，写出全部成果
$ patrolroute plan night.toml -o out/         按当晚文件排方案
$ patrolroute doctor night.toml               检查当晚文件
$ patrolroute check out/                      核查方案
$ patrolroute check plan.csv --night night.toml -o out/   补齐手工方案，再核查
$ patrolroute compare a/ b/                   比较两个方案
$ patrolroute what-if night.toml --crews 4..12 --ends 22:45,23:15,23:45   测算加车、延时
$ patrolroute serve                           排班网页，在本机浏览器中打开
```

凡是要写方案的地方，写 `plan.json` 或所在文件夹都可以。`-v` 写在命令前面，显示更多信息。

**语言。** 说明、提示、进度、结果都有中文和英文，按以下顺序确定：

1. 命令里写的 `--lang zh` 或 `--lang en`；
2. 当晚文件里写的 `lang`；
3. 环境变量 `PATROLROUTE_LANG`：`zh` 或 `en`；
4. 都没有写的：方案用中文；说明和命令写错时的提示，随操作系统的语言。

| 退出码 | 意思 |
|---|---|
| 0 | 完成 |
| 1 | 程序的问题；只是个别成果没写出的，逐个点明，其余照写 |
| 2 | 填写的内容有问题，一次说清；`check`：方案违反规则 |
| 3 | 有必巡任务没有完成，或巡逻空档超过承诺；方案照写，并列出没完成的 |
""",
}


def cli_page(lang: Lang = "en") -> str:
    """List every command with its arguments."""
    return CLI_HEADS[lang] + "".join(_commands(_parser(lang), lang))


def _commands(parser: argparse.ArgumentParser, lang: Lang) -> Iterator[str]:
    """Yield the commands of a parser, and those inside of them."""
    for action in parser._actions:  # noqa: SLF001 - argparse has no other way to ask
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for choice in action._choices_actions:  # noqa: SLF001
                inner = action.choices[choice.dest]
                if any(isinstance(one, argparse._SubParsersAction) for one in inner._actions):  # noqa: SLF001
                    yield from _commands(inner, lang)
                else:
                    yield _command(inner, choice.help or "", lang)


def _command(parser: argparse.ArgumentParser, text: str, lang: Lang) -> str:
    """Return a command with its arguments."""
    actions = [action for action in parser._actions if action.dest != "help"]  # noqa: SLF001
    places = " ".join(_place(action) for action in actions if not action.option_strings)
    said = text if lang == "en" else HELP[text]
    usage = f"{parser.prog}{f' {places}' if places else ''}{FORMS.say('options', lang)}"
    rows = "".join(_argument(action, lang) for action in actions)
    sentence = f"{said[:1].upper()}{said[1:]}{'.' if lang == 'en' else '。'}"
    return f"\n## `{usage}`\n\n{sentence}\n\n{FORMS.say('command', lang)}{rows}"


def _place(action: argparse.Action) -> str:
    """Return what stands for an argument without a name."""
    return "|".join(map(str, action.choices)) if action.choices else str(action.metavar or action.dest)


def _argument(action: argparse.Action, lang: Lang) -> str:
    given = action.metavar or (action.dest.upper() if action.option_strings else _place(action))
    value = "" if action.nargs == 0 or action.choices else " ".join([given] if isinstance(given, str) else given)
    name = f"{', '.join(action.option_strings)} {value}" if action.option_strings else given
    text = action.help or ""
    said = (text if lang == "en" else HELP[text]) % vars(action)
    choices = ", ".join(f"`{choice}`" for choice in action.choices or ())
    return f"| `{str(name).strip().replace('|', ' ')}` | {said} | {choices} |\n"


PAGES = {
    "columns.md": columns_page,
    "night.md": night_page,
    "campaign.md": campaign_page,
    "cli.md": cli_page,
    "../zh/night-file.md": lambda: night_page("zh"),
    "../zh/campaign-file.md": lambda: campaign_page("zh"),
    "../zh/commands.md": lambda: cli_page("zh"),
    "types.md": types_page,
    "errors.md": errors_page,
    "metrics.md": metrics_page,
    "audit.md": audit_page,
    "outputs.md": outputs_page,
}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), encoding="utf-8")
