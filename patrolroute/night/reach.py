"""How far a night may reach: which files it may have read, and whether it may start a download.

A night that somebody types on their own computer may name any file. One that comes from outside, such as in a request
to a service, may not: what it names would be read with the service's rights, and what is wrong with it be told.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PureWindowsPath
from typing import Any, Literal, TypeAlias, get_args

from pydantic import BaseModel

from patrolroute.base.errors import Complaints, InputError, NightError, short
from patrolroute.demand.workbooks import workbook_named
from patrolroute.network.turns import turns_beside
from patrolroute.night.model import Night

Reach: TypeAlias = Literal["folder", "anywhere"]
"""``folder``: files in the night's folder alone, wherever links lead; ``anywhere``: any file."""


def require_reach(
    night: Night, *, folder: Path | None = None, files: Reach = "folder", downloads: bool = False, source: str = ""
) -> None:
    """Refuse a night that reaches farther than it may; nothing that it names is opened.

    Parameters
    ----------
    night
        The night.
    folder
        Where the files lie that it names; without it links are not looked at.
    files
        Which files it may name.
    downloads
        Whether it may have a map downloaded.
    source
        What complaints call it, empty for nothing.

    Raises
    ------
    NightError
        Naming everything that is beyond its reach.
    """
    if files not in get_args(Reach):
        raise InputError(f"files {short(files)} is not one of {', '.join(get_args(Reach))}")
    complaints = Complaints()
    if files == "folder":
        complaints.extend(_outside(entry, path) for entry, path in named_files(night) if _leads_out(path, folder))
    if not downloads:
        complaints.extend(map(_download, _downloaded(night)))
    if len(complaints):
        raise NightError(item.about(source) if source else item for item in complaints.items)


def named_files(night: Night) -> Iterator[tuple[str, Path]]:
    """Yield every file that a night names, with the entry that does; the turns beside a map are named with it."""
    for entry, path in _paths(night, ""):
        yield entry, path
        if entry == "map.file" and path.name:
            yield entry, turns_beside(path)


def _paths(value: Any, entry: str) -> Iterator[tuple[str, Path]]:
    if isinstance(value, Path):
        yield entry, value
    elif isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            yield from _paths(getattr(value, name), f"{entry}.{field.alias or name}".lstrip("."))
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value, start=1):
            yield from _paths(item, f"{entry}[{number}]")


def _leads_out(path: Path, folder: Path | None) -> bool:
    """Return whether a path leads out of its folder, by its name or through a link."""
    if any(kind.drive or kind.root or ".." in kind.parts for kind in (path, PureWindowsPath(path))):
        return True
    if folder is None:
        return False
    named = workbook_named(path)
    try:
        return not (folder / (named[0] if named else path)).resolve().is_relative_to(folder.resolve())
    except ValueError:  # a zero byte in the name: there is no such file
        return False
    except (OSError, RuntimeError):  # links that lead round
        return True


def _outside(entry: str, path: Path) -> str:
    name = short(str(path), 60)
    return f'{entry}: {name} lies outside the folder of the night and is not read; files="anywhere" allows it'


def _downloaded(night: Night) -> Iterator[str]:
    """Yield the entries that have a map downloaded."""
    if night.map.places is not None:
        yield "map.places"
    if night.map.source == "osm":
        yield "map.source"


def _download(entry: str) -> str:
    return f"{entry}: asks for a download, which this night may not start; downloads=True allows it"
