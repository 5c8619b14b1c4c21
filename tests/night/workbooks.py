"""The example of a night's workbook, small and with cells changed, as a planner changes them."""

from __future__ import annotations

import functools
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl

from patrolroute.base.vocabulary import Lang
from patrolroute.night.workbook.template import template


@functools.cache
def _template(lang: Lang) -> bytes:
    return template(lang)


def opened(lang: Lang = "zh") -> Any:
    """Return the example as openpyxl has it."""
    return openpyxl.load_workbook(io.BytesIO(_template(lang)))


def changed(folder: Path, cells: Mapping[str, Any], *, lang: Lang = "zh", name: str = "夜巡.xlsx") -> Path:
    """Write the example with some cells changed, each named as ``车组!B4``; a sheet that is not there is made."""
    book = opened(lang)
    for place, value in cells.items():
        sheet, _, cell = place.partition("!")
        page = book[sheet] if sheet in book.sheetnames else book.create_sheet(sheet)
        page[cell] = value
    path = folder / name
    book.save(path)
    return path
