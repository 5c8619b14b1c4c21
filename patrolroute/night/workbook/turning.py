"""A night written as a workbook, as TOML or as JSON: whichever it came from, nothing of it is lost."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from patrolroute.base.errors import Complaint, NightError
from patrolroute.base.extras import require
from patrolroute.base.vocabulary import Lang
from patrolroute.night.model import Night
from patrolroute.night.workbook.laying import said
from patrolroute.night.workbook.writing import workbook_of


def night_bytes(night: Night, form: str, *, lang: Lang = "zh") -> bytes:
    """Return a night as a file holds it; read back it is the same night.

    Parameters
    ----------
    night
        The night.
    form
        ``.xlsx``, ``.toml`` or ``.json``.
    lang
        Of a workbook's sheets and words.

    Raises
    ------
    NightError
        If there is no such form, or it cannot hold an entry of the night.
    """
    require_form(form)
    return _WRITERS[form](night, lang)


def entries_bytes(entries: Mapping[str, Any], form: str) -> bytes:
    """Return the entries of a night as TOML or JSON holds them, as they are typed, wrong ones included.

    Parameters
    ----------
    entries
        By name, as JSON holds them; what is None TOML leaves out, for it knows no null.
    form
        ``.toml`` or ``.json``.

    Raises
    ------
    MissingExtraError
        If the library is not installed that writes TOML.
    """
    if form == ".json":
        return (json.dumps(entries, ensure_ascii=False, indent=2) + "\n").encode(errors="backslashreplace")
    require("a night in TOML", "tomli_w")
    import tomli_w

    whole = _without_none(entries)
    return tomli_w.dumps(whole | {"date": _date(whole["date"])} if "date" in whole else whole).encode(errors="replace")


def _without_none(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _without_none(part) for name, part in value.items() if part is not None}
    return [_without_none(part) for part in value] if isinstance(value, list) else value


def _date(value: Any) -> Any:
    """Return a date as TOML has it, what is none as it is."""
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        return value


def require_form(form: str) -> None:
    """Refuse a form that no night is written in.

    Raises
    ------
    NightError
        If it is none.
    """
    if form not in _WRITERS:
        raise NightError(
            Complaint(
                f"a night's file ends in .toml, .json or .xlsx, not {form!r}",
                zh="当晚文件的扩展名应为 .toml、.json 或 .xlsx",
            )
        )


def beside(night: Night, folder: Path, other: Path) -> Night:
    """Return a night whose file moves to another folder: the files that it names stay where they are.

    Parameters
    ----------
    night
        The night.
    folder
        Where its file lies.
    other
        Where it is written to.
    """
    if folder.resolve() == other.resolve():
        return night

    def moved(value: Any) -> Any:
        match value:
            case Path() if not value.is_absolute():
                try:
                    return Path(os.path.relpath((folder / value).resolve(), other.resolve()))
                except ValueError:  # another drive
                    return (folder / value).resolve()
            case dict():
                return {name: moved(part) for name, part in value.items()}
            case list():
                return [moved(part) for part in value]
        return value

    return Night.model_validate(moved(said(night, "python")))


def _toml(night: Night, lang: Lang) -> bytes:  # noqa: ARG001 - writers are called alike
    entries = said(night)
    if missing := list(nothings(entries, "")):
        raise NightError(
            Complaint(
                f"{missing[0]}: is null, which TOML does not know; write a .json or .xlsx file",
                zh=f"{missing[0]}：值为 null，TOML 无法表示；请改存 .json 或 .xlsx",
            )
        )
    return entries_bytes(entries, ".toml")


def nothings(value: Any, path: str) -> Iterator[str]:
    """Yield where nothing stands in place of a value."""
    if value is None:
        yield path
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from nothings(part, f"{path}.{name}".lstrip("."))
    elif isinstance(value, list):
        for number, part in enumerate(value, start=1):
            yield from nothings(part, f"{path}[{number}]")


def _json(night: Night, lang: Lang) -> bytes:  # noqa: ARG001 - writers are called alike
    return entries_bytes(said(night), ".json")


def _xlsx(night: Night, lang: Lang) -> bytes:
    return workbook_of(night, lang=lang)


_WRITERS: Mapping[str, Callable[[Night, Lang], bytes]] = {".toml": _toml, ".json": _json, ".xlsx": _xlsx}
