"""Order sheets (巡逻任务单): one page or two a crew, and the commander's; printed from a browser or as PDF."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from patrolroute.base.files import write_all
from patrolroute.base.vocabulary import Lang
from patrolroute.output.sheets.pages import commander_html, pdf_of, sheets_html
from patrolroute.output.sheets.slips import Change, slips_html
from patrolroute.plan.model import PatrolPlan

__all__ = ["Change", "old_prints", "pdf_of", "sheet_files", "slips_html", "write_sheets"]


def sheet_files(plan: PatrolPlan, lang: Lang = "zh") -> dict[str, bytes]:
    """Return the pages by their file names.

    Raises
    ------
    InputError
        If there is no such language.
    """
    return {"sheets.html": sheets_html(plan, lang), "commander.html": commander_html(plan, lang)}


def write_sheets(plan: PatrolPlan, folder: str | Path, *, lang: Lang = "zh", pdf: bool = False) -> tuple[Path, ...]:
    """Write ``sheets.html`` and ``commander.html`` into a folder, all or nothing, and say which files were written.

    Parameters
    ----------
    plan
        The plan.
    folder, lang, pdf
        As in `patrolroute.PatrolPlan.to_sheets`.

    Raises
    ------
    InputError
        If there is no such language.
    OutputError
        If the folder cannot be written, or there is no browser for the PDF; nothing is written then.
    """
    folder, pages = Path(folder), sheet_files(plan, lang)
    printed = {_print_of(name): pdf_of(page) for name, page in pages.items()} if pdf else {}
    return write_all(folder, {**pages, **printed}, stale=[] if pdf else old_prints(folder, pages))


def old_prints(folder: Path, pages: Mapping[str, bytes]) -> list[Path]:
    """Find the PDF of pages that are about to change, so that nobody hands out the sheets of an earlier plan."""
    there = {name: folder / name for name in pages if (folder / name).is_file()}
    changed = (name for name, path in there.items() if path.read_bytes() != pages[name])
    return [path for path in (folder / _print_of(name) for name in changed) if path.is_file()]


def _print_of(name: str) -> str:
    return name.replace(".html", ".pdf")
