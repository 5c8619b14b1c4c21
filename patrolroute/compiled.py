"""One decorator for all compiled functions: compiled when first called, kept on disk where that is possible."""

from __future__ import annotations

import hashlib
import inspect
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import numba
import numpy as np
import platformdirs

Function = TypeVar("Function", bound=Callable[..., Any])

OPTIONS: Final[dict[str, Any]] = {"nogil": True, "_nrt": False, "no_cfunc_wrapper": True}
"""Threads may run kernels side by side. Kernels make no arrays, so numba need not count references to them: with
counting the search took ten times as long. Nobody calls a kernel from C: without that door compiling takes a tenth
less."""

_numba: Any = numba


def kernel(function: Function) -> Function:
    """Compile a function with numba, without the interpreter's lock, and keep the machine code on disk.

    A kernel works on arrays that it is given and makes none. Numba's own cache has two traps. It looks only at the
    file of the function that is called: after an edit of a function that this one calls, in another file, it goes on
    with the old machine code. And where no cache folder can be written, importing the module fails. So the machine
    code lies in a folder that is named by the hash of all files of the function's room, and where that cannot be
    written everything is compiled anew in each run.

    Notes
    -----
    The folder is below ``PATROLROUTE_CACHE`` if that is set, else below the user's cache folder. Nothing is
    compiled before the first call.
    """
    folder = _folder(Path(inspect.getfile(function)).parent)
    if folder is None:
        return cast("Function", _numba.njit(**OPTIONS)(function))
    # Numba reads its folder while it decorates: the setting is borrowed and given back, so that nobody else's changes.
    before, _numba.config.CACHE_DIR = _numba.config.CACHE_DIR, str(folder)
    try:
        return cast("Function", _numba.njit(cache=True, **OPTIONS)(function))
    except (RuntimeError, OSError):
        return cast("Function", _numba.njit(**OPTIONS)(function))
    finally:
        _numba.config.CACHE_DIR = before


def inlined(function: Function) -> Function:
    """Compile a function into each kernel that calls it.

    Handing over the arrays of a night takes longer than pricing a place.
    """
    return cast("Function", _numba.njit(inline="always", **OPTIONS)(function))


def fixed(value: int) -> int:
    """Give a number that may be passed from one kernel to another.

    Numba takes a bare number in a call for a type of its own and compiles the callee once more for it.
    """
    return cast("int", np.int64(value))


NONE, ZERO, ONE = fixed(-1), fixed(0), fixed(1)
"""What a variable starts with that is passed on."""


_SHARED = Path(__file__), Path(__file__).with_name("dice.py")
"""Compiled into the functions of every room."""


def cache_folder(room: Path) -> Path:
    """Give the folder for machine code of exactly the source files of a room."""
    given = os.environ.get("PATROLROUTE_CACHE")
    base = Path(given) if given else platformdirs.user_cache_path("patrolroute")
    return base / "kernels" / fingerprint(room)


def fingerprint(room: Path) -> str:
    """Give 16 letters that change with the name or content of any source file of a folder, or of one for all rooms."""
    digest = hashlib.sha256()
    for path in (*sorted(room.glob("*.py")), *_SHARED):
        content = path.read_bytes()
        digest.update(f"{path.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


_found: dict[Path, Path | None] = {}


def _folder(room: Path) -> Path | None:
    """Give the folder for a room if it can be written, else None; looked up once."""
    if room not in _found:
        _found[room] = _writable(cache_folder(room))
    return _found[room]


def _writable(folder: Path) -> Path | None:
    probe = folder / f"probe-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError:
        return None
    return folder
