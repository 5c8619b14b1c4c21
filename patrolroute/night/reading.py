"""What a night's file holds: its letters, its form, and what is left of it where parts are wrong.

A planner types it by hand, in an editor of their own: Chinese punctuation outside of texts is the usual
slip, and is told with its line. What is wrong in one entry keeps no other from being read.
"""

from __future__ import annotations

import copy
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from patrolroute.base.errors import Complaint, Complaints, TableError
from patrolroute.base.files import decoded
from patrolroute.base.forms import pydantic_sentences
from patrolroute.demand.workbooks import OLD_WORKBOOKS, WORKBOOKS
from patrolroute.night.model import Night
from patrolroute.night.workbook.reading import night_cells
from patrolroute.workbook.cells import CellComplaint

PARSERS: Final[Mapping[str, Callable[[str], Any]]] = {".toml": tomllib.loads, ".json": json.loads}

MOST_SAID = 200
"""Letters of a parser's sentence; a longer one repeats what the file holds."""

LIST_THEM = "; `patrolroute schema night` lists them all"

HALF_WIDTH: Final = {
    "，": ",", "、": ",", "：": ":", "；": ";", "。": ".", "＝": "=", "＃": "#", "－": "-", "　": " ",
    "“": '"', "”": '"', "＂": '"', "‘": "'", "’": "'", "＇": "'",
    "［": "[", "］": "]", "【": "[", "】": "]", "｛": "{", "｝": "}", "（": "(", "）": ")",
}  # fmt: skip
"""Chinese punctuation, and what is to stand in its place outside of texts."""

TRIPLE = ('"""', "'''")
CLOSING = "”“＂’‘＇"
"""What may have been meant to end a text that is not ended on its line."""

STAND_INS: Final[Mapping[str, Any]] = {
    "date": "2026-01-01",
    "map": {"source": "bundled"},
    "shift": {"start": "20:30", "end": "23:45"},
    "depots": [{"id": "?", "lon": 0.0, "lat": 0.0}],
    "crews": [{"depot": "?"}],
}
"""What no night lacks, for one that lacks it: nothing is concluded from them."""

MOST_ROUNDS = 6
"""Times that what is wrong is cut out: an entry, then what lacks it, then what lacks that."""


def parsed(path: Path, complaints: Complaints) -> Any:
    """Return what a night's file holds, None where that cannot be told; what is wrong with it is noted.

    Parameters
    ----------
    path
        ``.toml``, ``.json`` or ``.xlsx``.
    complaints
        Where they are noted.
    """
    form, text = path.suffix.lower(), None
    if form in (*WORKBOOKS, *OLD_WORKBOOKS):
        return night_cells(path, complaints)
    if form not in PARSERS:
        sentence = "a night's file ends in .toml, .json or .xlsx"
        complaints.add(Complaint(f"{path}: {sentence}", zh=f"{path}：当晚文件的扩展名应为 .toml、.json 或 .xlsx"))
        return None
    try:
        text = _slashed(decoded(path, path.read_bytes()))
        return PARSERS[form](text)
    except TableError as error:
        complaints.extend(error.items)
    except FileNotFoundError:
        complaints.add(Complaint(f"{path}: there is no such file", "no_file", f"{path}：没有这个文件"))
    except OSError as error:
        complaints.add(Complaint(f"{path}: cannot be read: {error.strerror}", zh=f"{path}：无法读取：{error.strerror}"))
    except RecursionError:
        sentence = "its lists and tables lie too deep inside one another"
        complaints.add(Complaint(f"{path}: {sentence}", zh=f"{path}：列表和表嵌套过深"))
    except ValueError as error:  # both parsers' errors say line and column
        name, said = form[1:].upper(), str(error)[:MOST_SAID]
        marks = [_of_mark(path, name, *found) for found in full_width(text or "")]
        wrong = Complaint(f"{path}: is not valid {name}: {said}", zh=f"{path}：不是有效的 {name}：{said}")
        complaints.extend(marks or [wrong])
    return None


_NAMES_FILE = re.compile(
    r"""(?P<entry>\b(?:file|area|lines|polygons|within|along|depots)"?\s*[=:]\s*)"(?P<name>[^"\n]*\\[^"\n]*)\""""
)


def _slashed(text: str) -> str:
    r"""Turn round the backslashes of files' names, which in a text of TOML or JSON mean something else.

    Examples
    --------
    >>> _slashed(r'file = "data\new.csv"'), _slashed(r'{"file": "data\\new.csv"}')
    ('file = "data/new.csv"', '{"file": "data/new.csv"}')
    """

    def turned(found: re.Match[str]) -> str:
        return f'{found["entry"]}"{found["name"].replace(BACKSLASH * 2, "/").replace(BACKSLASH, "/")}"'

    return _NAMES_FILE.sub(turned, text)


BACKSLASH = "\\"


def _of_mark(path: Path, form: str, line: int, marks: str) -> Complaint:
    """Return what is wrong with a line that has Chinese punctuation outside of texts."""
    plain = " ".join(dict.fromkeys(HALF_WIDTH[mark].replace(" ", "blank") for mark in marks))
    return Complaint(
        f"{path}: line {line}: {' '.join(marks)} is Chinese punctuation, which {form} knows only inside texts; write "
        f"{plain}",
        zh=f"{path}：第 {line} 行：{' '.join(marks)} 是中文全角符号，只能写在引号内的文字里；请改成英文半角 {plain}",
    )


def full_width(text: str) -> Iterator[tuple[int, str]]:
    r"""Yield each line, counted from 1, that has Chinese punctuation outside of texts and remarks, and what it has.

    Examples
    --------
    >>> list(full_width('name = "一，二"  # 三，四\nlang = “zh”，\ndate：2026-05-08'))
    [(2, '“”，'), (3, '：')]
    """
    quote = ""
    for number, line in enumerate(text.splitlines(), start=1):
        marks, quote = _marks(line, quote)
        if marks:
            yield number, "".join(dict.fromkeys(marks))


def _marks(line: str, quote: str) -> tuple[str, str]:
    """Return the marks of one line, and the quotation mark of the text in which it ends, empty for none."""
    marks, place, begun = "", 0, 0
    while place < len(line):
        letter = line[place]
        if quote:
            if letter == "\\" and quote[0] == '"':
                place += 1
            elif line.startswith(quote, place):
                place += len(quote) - 1
                quote = ""
        elif letter == "#":
            break
        elif letter in "\"'":
            quote = line[place : place + 3] if line.startswith(TRIPLE, place) else letter
            place += len(quote) - 1
            begun = place + 1
        elif letter in HALF_WIDTH:
            marks += letter
        place += 1
    if quote and quote not in TRIPLE:  # such a text ends on its line
        return marks + "".join(letter for letter in line[begun:] if letter in CLOSING), ""
    return marks, quote


def in_part(data: Any, source: str, complaints: Complaints) -> tuple[Night | None, frozenset[str]]:
    """Return the night of a dictionary without the entries that break its form, and in which tables these were.

    Parameters
    ----------
    data
        What the file holds.
    source
        The file, as a planner knows it.
    complaints
        Where it is noted what is wrong with them.

    Returns
    -------
    tuple
        None where too little is left for a night.
    """
    if not isinstance(data, Mapping):
        kind = type(data).__name__
        complaints.add(
            Complaint(f"{source}: is a {kind}, not a table of entries", zh=f"{source}：应为一张由条目组成的表")
        )
        return None, frozenset()
    rest, cut = copy.deepcopy(dict(data)), set[str]()
    for attempt in range(MOST_ROUNDS):
        try:
            return Night.model_validate(rest), frozenset(cut)
        except ValidationError as error:
            if not attempt:  # later ones follow from what was cut out
                complaints.extend(pydantic_sentences(error, source, hint=LIST_THEM, model=Night))
            wrong = [item["loc"] for item in error.errors()]
        places = {place for location in wrong if (place := _held(rest, location))}
        lacking = {str(location[0]) for location in wrong if location and not _held(rest, location)}
        cut |= lacking | {str(place[0]) for place in places}
        for place in sorted(places, key=_last_first):
            _cut_out(rest, place)
        rest |= {name: STAND_INS[name] for name in lacking & STAND_INS.keys()}
    return None, frozenset(cut)


def _held(data: Any, location: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Return where the entry stands that breaks a rule, of one that is missing where that stands which lacks it.

    What is in a location besides names members of a union.
    """
    place: list[int | str] = []
    for part in location:
        if _has(data, part):
            place, data = [*place, part], data[part]
    return tuple(place)


def _has(data: Any, part: int | str) -> bool:
    """Return whether a table has such an entry, or a list so many."""
    return part in data if isinstance(data, Mapping) else isinstance(data, list) and part in range(len(data))


def _last_first(place: tuple[int | str, ...]) -> tuple[Any, ...]:
    """Sort places so that what is cut out moves none that comes after it."""
    return tuple((-part, "") if isinstance(part, int) else (0, part) for part in place)


def _cut_out(data: Any, place: tuple[int | str, ...]) -> None:
    """Take an entry out of its table or list, if it is there still."""
    *way, last = place
    for part in way:
        if not _has(data, part):
            return
        data = data[part]
    if _has(data, last):
        del data[last]


def traced(path: Path, complaints: Iterable[Complaint]) -> list[Complaint]:
    """Return complaints about a night with the cells of its workbook that they are about, as far as they can be found.

    Parameters
    ----------
    path
        The workbook.
    complaints
        Whenever they came up: while it was read, or when streets were looked for on the map.
    """
    items = list(complaints)
    if all(isinstance(item, CellComplaint) for item in items):
        return items
    night = night_cells(path, Complaints())
    return items if night is None else night.told(items)
