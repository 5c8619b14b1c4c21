"""Writing files whole or not at all, under names that every system allows."""

from __future__ import annotations

import os
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

from patrolroute.errors import OutputError

LONGEST_NAME = 60
"""Letters of a file name: 60 Chinese ones are 180 bytes, below the 255 that file systems allow."""

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_DEVICES = re.compile(r"(con|prn|aux|nul|(com|lpt)[\d¹²³]|conin\$|conout\$|clock\$) *(?=\.|$)", re.IGNORECASE)
"""Windows knows them by what stands before the first dot, spaces at its end left out, superscript digits included."""


def write_all(folder: Path, files: Mapping[str, bytes], *, stale: Iterable[Path] = ()) -> tuple[Path, ...]:
    """Write files into a folder, which is made if it is missing; all of them or none.

    Everything is written to a temporary folder beside its place first and moved when all of it is on disk, so
    that a full disk or a cut-off run leaves what was there before.

    Parameters
    ----------
    folder
        Where to.
    files
        Content by name; a name may have folders, ``gpx/P01.gpx``.
    stale
        Files of an earlier run that go once the new ones are in place.

    Raises
    ------
    OutputError
        If the folder or a file in it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".writing-") as place:
            for name, content in files.items():
                _write(Path(place) / name, content)
            targets = tuple(folder / name for name in files)
            for target in targets:
                target.parent.mkdir(parents=True, exist_ok=True)
                _check_replaceable(target)
            for name, target in zip(files, targets, strict=True):
                (Path(place) / name).replace(target)
        for old in stale:
            old.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(_refusal(folder, error)) from error
    return targets


def write_one(path: Path, content: bytes) -> Path:
    """Write one file, whole or not at all; see `write_all`."""
    return write_all(path.parent, {path.name: content})[0]


def require_writable(folder: Path) -> None:
    """Make sure that a folder can be written before the work starts, not after it.

    Raises
    ------
    OutputError
        If it cannot; nothing is left behind.
    """
    existing = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as error:
        raise OutputError(_refusal(folder, error)) from error


def safe_names(names: Iterable[str]) -> list[str]:
    """Turn names into file names that Windows, macOS and Linux allow, all different.

    What a file system forbids becomes ``_``; names that are equal but for capitals get a number.

    Examples
    --------
    >>> safe_names(["市局01", "../../x", "con", "a.", "A_", ""])
    ['市局01', '_.._x', '_con', 'a_', 'A_ (2)', '_']
    """
    taken: set[str] = set()
    safe: list[str] = []
    for name in names:
        stem = safe_name(name)
        number, unique = 1, stem
        while unique.casefold() in taken:
            number += 1
            unique = f"{stem} ({number})"
        taken.add(unique.casefold())
        safe.append(unique)
    return safe


def safe_name(name: str) -> str:
    """Turn a name into one that every file system allows; different names may become one."""
    text = unicodedata.normalize("NFC", name)
    text = "".join(letter for letter in text if unicodedata.category(letter) not in ("Cf", "Cs", "Co", "Zl", "Zp"))
    text = _FORBIDDEN.sub("_", text).lstrip(". ")[:LONGEST_NAME]
    stem = text.rstrip(". ")
    text = stem + "_" if stem != text or not stem else stem
    return f"_{text}" if _DEVICES.match(text) else text


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _check_replaceable(target: Path) -> None:
    """Complain before the first file is moved if one of them cannot be replaced."""
    if target.is_dir():
        raise IsADirectoryError(None, "a folder of that name is in the way", str(target))


def _refusal(folder: Path, error: OSError) -> str:
    where = error.filename if error.filename and ".writing-" not in str(error.filename) else folder
    return f"output folder {folder}: cannot be written: {error.strerror or error} ({where})"
