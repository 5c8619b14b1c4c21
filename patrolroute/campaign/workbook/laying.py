"""A campaign laid out in sheets beside those of its base night; read back, it is the same campaign."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from patrolroute.base.errors import CampaignError
from patrolroute.base.vocabulary import Lang
from patrolroute.campaign.model import Campaign, Rule
from patrolroute.campaign.workbook.declaration import BOOK, CAMPAIGN, DUTIES, LISTS, OTHER, THEMED, THEMES
from patrolroute.campaign.workbook.reading import entries_of
from patrolroute.night.workbook.part import laid as night_laid
from patrolroute.night.workbook.part import rows_of, said
from patrolroute.nights import Night
from patrolroute.workbook.forms import Column, SheetForm
from patrolroute.workbook.laying import Laid, Row, by_entry, cell_of, row_of
from patrolroute.workbook.values import Cell, same


def entries_said(campaign: Campaign) -> dict[str, Any]:
    """Return the entries of a campaign that are not as usual, those of its base night too."""
    entries = campaign.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return entries | {"night": said(campaign.night)} if isinstance(campaign.night, Night) else entries


def laid(campaign: Campaign, lang: Lang) -> Laid:
    """Lay a campaign out in sheets.

    Parameters
    ----------
    campaign
        The campaign.
    lang
        Of headers and words.

    Raises
    ------
    CampaignError
        If an entry is too large for a workbook.
    NightError
        If one of the base night is.
    """
    entries, whole = entries_said(campaign), frozenset[str]()
    night = night_laid(campaign.night, lang) if isinstance(campaign.night, Night) else Laid(BOOK, lang)
    for _ in range(len(Campaign.model_fields) + 1):
        found = _sheets(entries, whole, night)
        wrong = found.too_long or _read_otherwise(found, entries)
        if not wrong:
            return found
        if wrong <= whole:
            break
        whole |= wrong
    raise CampaignError(f"{', '.join(sorted(wrong))}: does not fit into a workbook; write a .json file")


def _read_otherwise(found: Laid, entries: Mapping[str, Any]) -> frozenset[str]:
    """Return the entries of a campaign that its sheets do not give back."""
    read = entries_of(found.as_read(), "")
    if read.faults:
        said = {fault.cell.title.partition(".")[0].partition("[")[0] for fault in read.faults if fault.cell is not None}
        return frozenset(said & entries.keys() or entries.keys() - {"night"})
    try:
        again = entries_said(Campaign.model_validate(dict(read)))
    except ValueError as error:
        places = {str(item["loc"][0]) for item in error.errors() if item["loc"]} if hasattr(error, "errors") else set()
        return frozenset(places or entries.keys() - {"night"})
    return frozenset(name for name in {*entries, *again} if not same(entries.get(name), again.get(name)))


def _sheets(entries: Mapping[str, Any], whole: frozenset[str], night: Laid) -> Laid:
    """Lay entries out in sheets beside those of the night, those of ``whole`` by their paths alone."""
    sheets, cell = Laid(BOOK, night.lang, {key: list(rows) for key, rows in night.rows.items()}), _cells(night.lang)
    areas = {str(row["name"]): str(row["name"]) for row in night.rows.get(AREAS, ())}
    rest = {name: value for name, value in entries.items() if name not in whole}
    lists = {form.key: form for form in LISTS}
    lines = {name: value for name, value in rest.items() if name not in {*lists, DUTIES.key}}
    if not isinstance(lines.get("night"), str):
        lines.pop("night", None)
    if "rule" not in whole:  # what a planner looks for first stands there though it be as usual
        lines["rule"] = Rule().model_dump(include={"nights", "each"}) | lines.get("rule", {})
    row, left = row_of(CAMPAIGN, lines, cell)
    sheets.put(CAMPAIGN, row)
    for path, value in left:
        for own, part in by_entry(path, value):
            sheets.other(own, part, key=OTHER.key)
    for key, form in lists.items():
        _list(sheets, form, rest.get(key, ()), areas)
    for number, duty in enumerate(rest.get(DUTIES.key, ()), start=1):
        _duty(sheets, number, duty)
    for name in sorted(whole & entries.keys()):
        sheets.other(name, entries[name], key=OTHER.key)
    return sheets


AREAS = "areas"
"""Key of the night's sheet of areas, in which those of themes stand too."""


def _list(sheets: Laid, form: SheetForm, entries: Sequence[Mapping[str, Any]], areas: dict[str, str]) -> None:
    """Lay a list out, an entry a row; one of which nothing can stand in a row by its path as a whole."""
    for number, entry in enumerate(entries, start=1):
        own = {name: value for name, value in entry.items() if form is not THEMES or name not in THEMED}
        row, left = row_of(form, own, _cells(sheets.lang))
        if not row:
            sheets.other(f"{form.key}[{number}]", entry, key=OTHER.key)
            continue
        sheets.put(form, row)
        for path, value in left:
            sheets.other(f"{form.key}[{number}].{path}", value, key=OTHER.key)
        if form is THEMES:
            _themed(sheets, number, entry, areas)


def _cells(lang: Lang) -> Callable[[Column, Any], Cell]:
    def cell(column: Column, value: Any) -> Cell:
        return cell_of(column, value, lang)

    return cell


def _themed(sheets: Laid, number: int, theme: Mapping[str, Any], areas: dict[str, str]) -> None:
    """Lay out what a theme adds to the lists of the night."""
    found = rows_of({key: theme[key] for key in THEMED if key in theme}, sheets.lang, areas)
    named: Row = {"theme": theme["name"]}
    for key, (form, _) in THEMED.items():
        for row in found.rows.get(key, ()):
            sheets.put(form, named | row)
    for row in found.rows.get("other", ()):
        sheets.put(OTHER, row | {"path": f"themes[{number}].{row['path']}"})
    sheets.rows.setdefault(AREAS, []).extend(found.rows.get(AREAS, ()))


def _duty(sheets: Laid, number: int, duty: Mapping[str, Any]) -> None:
    """Lay out when a crew can go out: its limits with its first absence, each other absence in a row of its own."""
    cell, rest = _cells(sheets.lang), {name: value for name, value in duty.items() if name != "absent"}
    if cell(DUTIES.columns[0], duty["crew"]) is None:
        sheets.other(f"duties[{number}]", duty, key=OTHER.key)
        return
    for at, day in enumerate(duty.get("absent") or [{}]):
        row, left = row_of(DUTIES, (rest if at == 0 else {"crew": duty["crew"]}) | day, cell)
        sheets.put(DUTIES, row)
        for path, value in left:
            way = f"duties[{number}].absent[{at + 1}]" if path in day else f"duties[{number}]"
            sheets.other(f"{way}.{path}", value, key=OTHER.key)
