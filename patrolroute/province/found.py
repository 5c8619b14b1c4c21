"""The nights that lie in a folder and its subfolders, by the names of their bureaus."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from patrolroute.base.arguments import checked
from patrolroute.base.errors import Complaint, Complaints, InputError, NightError
from patrolroute.demand.workbooks import WORKBOOKS, read_workbook
from patrolroute.night.workbook.part import BOOK, CAMPAIGN
from patrolroute.plan.document import PLAN_FILE
from patrolroute.province.jobs import PLAIN_NAMES
from patrolroute.workbook.marks import is_marked

FORMS_OF_NIGHTS = (".toml", ".json", *WORKBOOKS)

ENTRIES = frozenset({"map", "shift", "depots", "crews", "streets", "date"})
"""A file that has two of them is meant for a night, whatever it lacks."""

FEW = 2


@checked
def find_nights(folder: str | Path, *, but: str | Path | None = None) -> dict[str, Path]:
    """Return the files of all nights in a folder and its subfolders, by the names of their bureaus.

    A bureau is called as the file without its ending, below the folder: ``淮南/田家庵``; where the file is called
    ``night``, ``当晚`` or ``夜巡``, as its folder. Tables, drawings and plans are no nights; what looks like one and is
    wrong is one, whose complaints are told when it is planned.

    Parameters
    ----------
    folder
        Where to look; what is hidden is not looked at.
    but
        A folder that is not looked into, such as that of the results.

    Raises
    ------
    NightError
        If there is no such folder, no night in it, or two with the same name.
    """
    place = Path(folder)
    if not place.is_dir():
        raise NightError(Complaint(f"{place}: there is no such folder", "no_file", f"{place}：没有这个文件夹"))
    found, complaints = dict[str, Path](), Complaints()
    for path in sorted(_files(place, None if but is None else Path(but).resolve())):
        if not is_night(path):
            continue
        name = _name(path.relative_to(place))
        if name in found:
            rule = f"the bureau {name!r} has two nights: {found[name].name} and {path.name}; move one away"
            complaints.add(f"{place}: {rule}")
        found[name] = path
    if not found:
        complaints.add(f"{place}: there is no night in this folder; one ends in .toml, .json or .xlsx")
    complaints.raise_as(NightError)
    return found


def _files(folder: Path, but: Path | None) -> Iterator[Path]:
    """Yield files that may be nights; folders of results have a plan in them."""
    for path in folder.iterdir():
        if path.name.startswith((".", "~$")) or path.resolve() == but:
            continue
        if path.is_dir():
            if not (path / PLAN_FILE).exists():
                yield from _files(path, but)
        elif path.suffix.lower() in FORMS_OF_NIGHTS and not is_marked(path):
            yield path


def is_night(path: Path) -> bool:
    """Return whether a file is meant for a night, by what stands in it.

    Parameters
    ----------
    path
        ``.toml``, ``.json`` or a workbook.
    """
    if path.suffix.lower() in WORKBOOKS:
        try:
            names = read_workbook(path).keys()
        except InputError:
            return False
        its = sum(any(form.is_called(name) for form in BOOK.sheets) for name in names)
        return its >= FEW and not names & set(CAMPAIGN)
    if path.suffix.lower() == ".toml":
        return path.stem != "campaign"
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(data, Mapping) and len(data.keys() & ENTRIES) >= FEW and "routes" not in data


def _name(path: Path) -> str:
    """Return what a bureau is called, by where its night lies below the folder."""
    below = path.parent if path.stem.lower() in PLAIN_NAMES and path.parent != Path() else path.with_suffix("")
    return below.as_posix()
