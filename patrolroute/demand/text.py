"""Text files as planners save them: UTF-8, GBK or UTF-16, found out rather than asked for."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from patrolroute.errors import TableError
from patrolroute.network.textfile import read_bytes

MAX_BYTES = 64 * 2**20
"""A list of places or points is far smaller; a larger file was given by mistake."""

MIB = 2**20
FOREIGN = (
    (b"PK\x03\x04", "an Excel workbook or a zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a compressed file"),
)
"""First bytes of what planners mistake for text."""

FEW = 0.1
"""Share of letters that cannot be read below which a text is UTF-8 with a flaw rather than GBK."""

_NEVER_IN_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f]")
_UNREADABLE = "\ufffd"


def read_text(path: Path) -> str:
    """Read a text file whole.

    Raises
    ------
    TableError
        If it is missing, not a file, empty, larger than 64 MiB, not text, or damaged.
    """
    _check_size(path)
    content = read_bytes(path, error=TableError)
    for first, what in FOREIGN:
        if content.startswith(first):
            raise TableError(f"{path}: is {what}, not text; save it as UTF-8 text (Excel: CSV UTF-8)")
    text = _decoded(path, content)
    if found := _NEVER_IN_TEXT.search(text):
        raise TableError(f"{path}: is not text: it holds the control character {found[0]!r}; save it as UTF-8 text")
    return text


def _check_size(path: Path) -> None:
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        return  # said by `read_bytes`
    except (OSError, ValueError) as error:
        raise TableError(f"{str(path)!r}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if not path.is_file() and not path.is_dir():
        raise TableError(f"{path}: is a device or a pipe, not a file")
    if size > MAX_BYTES:
        raise TableError(f"{path}: has {size // MIB} MiB; at most {MAX_BYTES // MIB} MiB are read")


def _decoded(path: Path, content: bytes) -> str:
    """Decode: UTF-16 if it is marked so, else UTF-8 with or without a mark, else GBK as Chinese Excel saves it."""
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            if encoding == "utf-8-sig" and _is_nearly_utf8(content):
                raise TableError(f"{path}: is UTF-8 text, but damaged or cut off at byte {error.start + 1}") from error
    raise TableError(f"{path}: is neither UTF-8 nor GBK text; save it as UTF-8 text (Excel: CSV UTF-8)")


def _is_nearly_utf8(content: bytes) -> bool:
    """Say whether nearly all letters beyond ASCII are good UTF-8: read as GBK they would turn into nonsense."""
    letters = [letter for letter in content.decode("utf-8-sig", errors="replace") if not letter.isascii()]
    return letters.count(_UNREADABLE) < FEW * len(letters)
