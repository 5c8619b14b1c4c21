"""Reading a file whole, with a clear sentence for everything that can be wrong before its content is looked at."""

from __future__ import annotations

import bz2
import gzip
import io
import zlib
from collections.abc import Callable
from pathlib import Path

from patrolroute.errors import InputError, MapError

LARGEST = 2**30
"""Bytes of a map, unpacked. A city has a hundredth of it; what unpacks to more was not cut out, or is a trap."""


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
        raise error(f"{path}: there is no such file") from cause
    except IsADirectoryError as cause:
        raise error(f"{path}: is a folder, not a file") from cause
    except OSError as cause:
        if isinstance(cause, PermissionError) and path.is_dir():  # what Windows says of a folder
            raise error(f"{path}: is a folder, not a file") from cause
        raise error(f"{path}: cannot be read: {cause.strerror or cause}") from cause
    except ValueError as cause:  # a zero byte in the name
        raise error(f"{str(path)!r}: is not the name of a file") from cause
    if not content.strip():
        raise error(f"{path}: the file is empty")
    return content


def unpacked(stored: bytes, path: Path, *, error: type[InputError] = MapError) -> bytes:
    """Unpack what a file holds, by the end of its name: ``.gz``, ``.bz2``, anything else stays as it is.

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
