"""Reading a file whole, with a clear sentence for everything that can be wrong before its content is looked at."""

from __future__ import annotations

from pathlib import Path

from patrolroute.errors import InputError, MapError


def read_bytes(path: Path, *, error: type[InputError] = MapError) -> bytes:
    """Read a file.

    Raises
    ------
    InputError
        Of the given kind, if it is missing, a folder, unreadable or empty.
    """
    if path.is_dir():
        raise error(f"{path}: is a folder, not a file")
    try:
        content = path.read_bytes()
    except FileNotFoundError as cause:
        raise error(f"{path}: there is no such file") from cause
    except OSError as cause:
        raise error(f"{path}: cannot be read: {cause.strerror or cause}") from cause
    if not content.strip():
        raise error(f"{path}: the file is empty")
    return content
