"""The filled example that a planner's workbook begins as: the bundled night, each crew in a row of its own."""

from __future__ import annotations

import csv
from importlib import resources
from typing import Any

from patrolroute.base.amounts import number
from patrolroute.base.vocabulary import Lang
from patrolroute.demand.hotspots import KINDS
from patrolroute.night.model import Night
from patrolroute.night.workbook.writing import workbook_of

STAFF = {
    "zh": {"officers": ["民警甲", "民警乙"], "plate": "皖D0000警", "phone": "00000000000"},
    "en": {"officers": ["Officer A", "Officer B"], "plate": "D0000", "phone": "00000000000"},
}
"""Of the first crew, so that a planner sees what may stand there: nobody's name and nobody's number."""


def template(lang: Lang = "zh") -> bytes:
    """Return the workbook.

    Parameters
    ----------
    lang
        ``zh`` or ``en``, of sheets, headers and words.
    """
    return workbook_of(example(lang), lang=lang)


def example(lang: Lang = "zh") -> Night:
    """Return the bundled night with its files' rows and its crews one by one, as a workbook shows them best."""
    import tomllib

    night: dict[str, Any] = tomllib.loads(_text("night.toml"))
    depots = [_kept(row, ("id", "name", "lon", "lat")) for row in _rows("depots.csv")]
    called = {row["id"]: row["name"] if lang == "zh" else row["id"] for row in depots}
    night["depots"] = [row | {"id": called[row["id"]]} for row in depots]
    night["crews"] = [crew | {"depot": called[crew["depot"]]} for group in night["crews"] for crew in _crews(group)]
    night["crews"] = [
        crew | {"staff": {"call_sign": f"{at:02}"} | (STAFF[lang] if at == 1 else {})}
        for at, crew in enumerate(night["crews"], start=1)
    ]
    night["hotspots"] = [{"data": [_hotspot(row, lang) for row in _rows("hotspots.csv")]}]
    return Night.model_validate(night | {"lang": lang})


def _crews(group: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the crews of a group, called as `patrolroute.Crew.fleet` calls them."""
    rest = {name: value for name, value in group.items() if name not in ("count", "prefix")}
    return [rest | {"id": f"{group['prefix']}{at:02}"} for at in range(1, group["count"] + 1)]


def _hotspot(row: dict[str, Any], lang: Lang) -> dict[str, Any]:
    kinds = {kind: zh for zh, kind in reversed(KINDS.items())} if lang == "zh" else {}
    yes = {"zh": {"yes": "是", "no": "否"}, "en": {}}[lang]
    hours = {"windows": f"{row['open']}-{row['close']}"}
    shown = (
        _kept(row, ("name", "kind", "lon", "lat"))
        | hours
        | _kept(row, ("dwell_min", "priority", "required", "id", "note"))
    )
    return shown | {"kind": kinds.get(row["kind"], row["kind"]), "required": yes.get(row["required"], row["required"])}


def _kept(row: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[name] for name in names}


def _rows(name: str) -> list[dict[str, Any]]:
    """Return the rows of a bundled table, numbers as numbers."""
    return [{title: _value(cell) for title, cell in row.items()} for row in csv.DictReader(_text(name).splitlines())]


def _value(cell: str) -> str | float | int:
    value = number(cell)
    return cell if value is None else int(value) if value.is_integer() else value


def _text(name: str) -> str:
    return (resources.files("patrolroute") / "data" / name).read_text(encoding="utf-8-sig")
