"""Files read whole with one clear sentence for what is wrong, and written whole or not at all."""

from __future__ import annotations

import bz2
import codecs
import gzip
import io
import os
import re
import tempfile
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import platformdirs

from patrolroute.base.errors import Complaint, InputError, MapError, OutputError, TableError

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
                _check_inside(folder, target)
                target.parent.mkdir(parents=True, exist_ok=True)
                _check_replaceable(target)
            for name, target in zip(files, targets, strict=True):
                (Path(place) / name).replace(target)
        for old in stale:
            old.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        raise OutputError(_refusal(folder, error)) from error
    return targets


def write_each(folder: Path, files: Mapping[str, bytes], *, stale: Iterable[Path] = ()) -> dict[str, OutputError]:
    """Write files into a folder, each whole or not at all; one that cannot be replaced keeps no other from its place.

    As in `write_all` everything is written beside its place first. A file may be open in another program, which on
    Windows keeps it from being replaced.

    Parameters
    ----------
    folder
        Where to; made if it is missing.
    files
        Content by name; a name may have folders, ``gpx/P01.gpx``.
    stale
        Files of an earlier run that go once the new ones are in place.

    Returns
    -------
    dict
        What was wrong, by the name of each file that could not be replaced or removed.

    Raises
    ------
    OutputError
        If the folder cannot be written at all; nothing is replaced then.
    """
    failed: dict[str, OutputError] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".writing-") as place:
            for name, content in files.items():
                _write(Path(place) / name, content)
            for name in files:
                try:
                    _check_inside(folder, folder / name)
                    _put(Path(place) / name, folder / name)
                except OSError as error:
                    failed[name] = OutputError(f"cannot be written: {error.strerror or error}")
    except (OSError, ValueError) as error:
        raise OutputError(_refusal(folder, error)) from error
    for old in stale:
        try:
            old.unlink(missing_ok=True)
        except OSError as error:
            why = f"is of an earlier plan and cannot be removed: {error.strerror or error}"
            failed.setdefault(old.relative_to(folder).as_posix(), OutputError(why))
    return failed


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
    made: list[Path] = []
    try:
        for place in reversed((folder.absolute(), *folder.absolute().parents)):
            if not place.exists():
                place.mkdir()
                made.append(place)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except (OSError, ValueError) as error:
        raise OutputError(_refusal(folder, error)) from error
    finally:
        for place in reversed(made):
            place.rmdir()


def take_lock(number: int) -> bool:
    """Take the lock of an open file, which its closing gives back; return whether it was free."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


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
    """Turn a name into one that every file system allows, this one too; different names may become one."""
    text = "".join(letter if _is_held(letter) else "_" for letter in unicodedata.normalize("NFC", name))
    text = "".join(letter for letter in text if unicodedata.category(letter) not in _LEFT_OUT)
    text = _FORBIDDEN.sub("_", text).lstrip(". ")[:LONGEST_NAME]
    stem = text.rstrip(". ")
    text = stem + "_" if stem != text or not stem else stem
    return f"_{text}" if _DEVICES.match(text) else text


def _is_held(letter: str) -> bool:
    """Return whether the names of this computer's files may hold a letter: Chinese ones not where all is ASCII."""
    try:
        os.fsencode(letter)
    except UnicodeEncodeError:
        return unicodedata.category(letter) in _LEFT_OUT
    return True


_LEFT_OUT = ("Cf", "Cs", "Co", "Zl", "Zp")
"""Unicode's categories of what no name of a file keeps."""


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _put(source: Path, target: Path) -> None:
    """Move a file to its place."""
    target.parent.mkdir(parents=True, exist_ok=True)
    _check_replaceable(target)
    source.replace(target)


def _check_replaceable(target: Path) -> None:
    """Complain before the first file is moved if one of them cannot be replaced."""
    if target.is_dir():
        raise IsADirectoryError(None, "a folder of that name is in the way", str(target))


def _check_inside(folder: Path, target: Path) -> None:
    """Complain of a link among the folders below the one that is written into: it leads elsewhere."""
    for place in target.parents:
        if place == folder:
            return
        if place.is_symlink():
            raise NotADirectoryError(
                None, f"{place.name} is a link to another place, which is not followed", str(place)
            )


def _refusal(folder: Path, error: OSError | ValueError) -> str:
    if not isinstance(error, OSError):  # a zero byte in the name
        return f"output folder {str(folder)!r}: is not the name of a folder"
    where = error.filename if error.filename and ".writing-" not in str(error.filename) else folder
    target = getattr(error, "filename2", None)
    if isinstance(error, PermissionError) and target and Path(target).suffix.lower() in HELD_OPEN:
        return f"{target}: cannot be written; if it is open in Excel or WPS, close it there"
    return f"output folder {folder}: cannot be written: {error.strerror or error} ({where})"


CACHE_VARIABLE = "PATROLROUTE_CACHE"
"""Names the folder of the cache."""


def cache_home() -> Path | None:
    """Return the folder of the cache: ``PATROLROUTE_CACHE``, else the user's own; None for a user without a home.

    A container's user may have neither ``HOME`` nor a line among the system's users. The folder would then be named
    ``~``, below whatever folder is the current one.
    """
    given = os.environ.get(CACHE_VARIABLE)
    if given:
        return Path(given)
    try:
        own = platformdirs.user_cache_path("patrolroute")
    except (OSError, LookupError, RuntimeError):  # what systems say of an unknown user
        return None
    return own if own.is_absolute() else None


LARGEST = 2**30
"""Bytes of a map, unpacked. A city has a hundredth of it; what unpacks to more was not cut out, or is a trap."""


HELD_OPEN = (".xlsx", ".xlsm")
"""Files that office programs let nobody else read or write while they show them."""


def read_bytes(path: Path, *, error: type[InputError] = MapError) -> bytes:
    """Read a file.

    Raises
    ------
    InputError
        Of the given kind, if it is missing, a folder, unreadable or empty.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError as cause:
        raise error(Complaint(f"{path}: there is no such file", "no_file")) from cause
    except IsADirectoryError as cause:
        raise error(f"{path}: is a folder, not a file") from cause
    except OSError as cause:
        if isinstance(cause, PermissionError) and path.is_dir():  # what Windows says of a folder
            raise error(f"{path}: is a folder, not a file") from cause
        if isinstance(cause, PermissionError) and path.suffix.lower() in HELD_OPEN:
            raise error(f"{path}: cannot be read; if it is open in Excel or WPS, save and close it there") from cause
        raise error(f"{path}: cannot be read: {cause.strerror or cause}") from cause
    except ValueError as cause:  # a zero byte in the name
        raise error(f"{str(path)!r}: is not the name of a file") from cause
    if not content.strip():
        raise error(f"{path}: the file is empty")
    return content


def unpacked(stored: bytes, path: Path, *, error: type[InputError] = MapError) -> bytes:
    """Unpack what a file holds, by the end of its name: ``.gz``, ``.bz2``, anything else stays as it is.

    Parameters
    ----------
    stored
        The bytes of the file.
    path
        Its name.
    error
        What is raised.

    Raises
    ------
    InputError
        Of the given kind, if it is damaged, cut off, empty, or larger than `LARGEST`.
    """
    kinds: dict[str, Callable[[bytes], gzip.GzipFile | bz2.BZ2File | io.BytesIO]] = {".gz": _gzipped, ".bz2": _bzipped}
    try:
        with kinds.get(path.suffix.lower(), io.BytesIO)(stored) as file:
            content = file.read(LARGEST + 1)
    except (OSError, EOFError, ValueError, zlib.error) as cause:
        raise error(f"{path}: the compressed file is damaged or cut off: {cause}") from cause
    if len(content) > LARGEST:
        raise error(f"{path}: holds more than {LARGEST / 1e9:.0f} GB of text; cut the area out of it first")
    if not content.strip():
        raise error(f"{path}: there is nothing in the compressed file")
    return content


def _gzipped(stored: bytes) -> gzip.GzipFile:
    return gzip.GzipFile(fileobj=io.BytesIO(stored))


def _bzipped(stored: bytes) -> bz2.BZ2File:
    return bz2.BZ2File(io.BytesIO(stored))


MAX_BYTES = 64 * 2**20
"""A list of places or points is far smaller; a larger file was given by mistake."""

MIB = 2**20
FOREIGN = (
    (b"PK\x03\x04", "an Excel workbook or a zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
"""First bytes of what planners mistake for text."""


def foreign(content: bytes) -> str:
    """Return what a file is by its first bytes, empty where they say nothing; none of them is repeated.

    What is wrong with a file is told to whoever named it, who need not be allowed to read it.
    """
    return next((what for first, what in FOREIGN if content.startswith(first)), "")


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
    return text_of(path, read_bytes(path, error=TableError))


def text_of(path: Path, content: bytes) -> str:
    """Return the text that a file holds whose bytes are at hand; see `read_text`."""
    if what := foreign(content):
        raise TableError(f"{path}: is {what}, not text; save it as UTF-8 text (Excel: CSV UTF-8)")
    text = decoded(path, content)
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


def decoded(path: Path, content: bytes) -> str:
    """Decode: UTF-16 if it is marked or looks so, else UTF-8 with or without a mark, else GBK as Chinese Windows saves.

    Raises
    ------
    TableError
        If it is text in none of these, or damaged UTF-8.
    """
    wide = _wide(content)
    for encoding in (wide,) if wide else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            if encoding == "utf-8-sig" and _is_nearly_utf8(content):
                raise TableError(f"{path}: is UTF-8 text, but damaged or cut off at byte {error.start + 1}") from error
    raise TableError(f"{path}: is neither UTF-8 nor GBK text; save it as UTF-8 text (Excel: CSV UTF-8)")


SEEN = 2**16
"""Bytes by which it is judged whether a text is UTF-16."""


def _wide(content: bytes) -> str:
    """Return the encoding of text in UTF-16, by its mark or by the zeros beside plain letters; empty if it is none."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    content = content[:SEEN] if 0 in content[:SEEN] else b""
    for encoding in ("utf-16-le", "utf-16-be"):
        marks = ["\n".encode(encoding), " ".encode(encoding), "=".encode(encoding), ",".encode(encoding)]
        found = sum(content[place : place + 2] in marks for place in range(0, len(content), 2))
        if len(content) % 2 == 0 and found and content.count(0) >= found > content.count(b"\x00\x00"):
            return encoding
    return ""


def _is_nearly_utf8(content: bytes) -> bool:
    """Return whether nearly all letters beyond ASCII are good UTF-8: read as GBK they would turn into nonsense."""
    letters = [letter for letter in content.decode("utf-8-sig", errors="replace") if not letter.isascii()]
    return letters.count(_UNREADABLE) < FEW * len(letters)
