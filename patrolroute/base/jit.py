"""Compiled functions: one decorator for all, kept on disk where that is possible; and their random numbers."""

from __future__ import annotations

import hashlib
import logging
import os
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar, cast, overload

import numba
import numpy as np
from numpy.typing import NDArray

from patrolroute.base.jit_cache import KernelCache

_log = logging.getLogger(__name__)

Function = TypeVar("Function", bound=Callable[..., Any])

OPTIONS: Final[dict[str, Any]] = {"nogil": True, "_nrt": False, "no_cfunc_wrapper": True}
"""Threads may run kernels side by side. Kernels make no arrays, so numba need not count references to them: with
counting the search took ten times as long. Nobody calls a kernel from C: without that door compiling takes a tenth
less."""

LIBRARY: Final = Path(__file__).parents[1]
"""The folder of the library's source files."""

_numba: Any = numba


@overload
def kernel(function: Function) -> Function: ...
@overload
def kernel(*, inline: bool) -> Callable[[Function], Function]: ...
def kernel(function: Function | None = None, *, inline: bool = False) -> Function | Callable[[Function], Function]:
    """Compile a function with numba, without the interpreter's lock, and keep the machine code on disk.

    A kernel works on arrays that it is given and makes none. Numba's own cache has two traps. It looks only at the
    file of the function that is called: after an edit of a function that this one calls, or of a constant, in another
    file, it goes on with the old machine code. And where no cache folder can be written, importing the module fails.
    So the machine code lies in a folder that is named by the hash of all files that are compiled. Where that can only
    be read, as in an image, what it holds is used and nothing is added; where it is missing and cannot be made,
    everything is compiled anew in each run.

    Parameters
    ----------
    function
        What is compiled; None where the decorator is called with an option.
    inline
        Whether it is compiled into each kernel that calls it: for what is small and called very often, for handing over
        the arrays of a night takes longer than pricing a place.

    Notes
    -----
    The folder is below ``PATROLROUTE_CACHE`` if that is set, else below the user's cache folder. Nothing is
    compiled before the first call.
    """
    if function is None:
        return _inlined if inline else kernel
    folder = _folder()
    if folder is None:
        return cast("Function", _numba.njit(**OPTIONS)(function))
    # Numba reads its folder while it decorates: the setting is borrowed and given back, so that nobody else's changes.
    before, _numba.config.CACHE_DIR = _numba.config.CACHE_DIR, str(folder)
    try:
        compiled = _numba.njit(**OPTIONS)(function)
        # as numba's own cache=True does, with a cache of ours
        compiled._cache = KernelCache(function, adds=_is_writable(folder))  # noqa: SLF001
        return cast("Function", compiled)
    except (RuntimeError, OSError):
        return cast("Function", _numba.njit(**OPTIONS)(function))
    finally:
        _numba.config.CACHE_DIR = before


def _inlined(function: Function) -> Function:
    return cast("Function", _numba.njit(inline="always", **OPTIONS)(function))


def fixed(value: int) -> int:
    """Return a number that may be passed from one kernel to another.

    Numba takes a bare number in a call for a type of its own and compiles the callee once more for it.
    """
    return cast("int", np.int64(value))


NONE, ZERO, ONE = fixed(-1), fixed(0), fixed(1)
"""What a variable starts with that is passed on."""


_DECORATED = re.compile(rb"^@kernel\b", re.MULTILINE)
_IMPORTED = re.compile(rb"^from patrolroute\.([\w.]+) import ", re.MULTILINE)


def compiled_files(library: Path = LIBRARY) -> list[Path]:
    """Return the source files on which machine code depends, in order of their names.

    Those that hold kernels, and those from which these import: constants are compiled in.
    """
    content = {path: path.read_bytes() for path in library.rglob("*.py")}
    holding = {path for path, source in content.items() if _DECORATED.search(source)}
    imported = {path for holder in holding for path in _imports(library, content[holder])}
    return sorted(holding | (imported & content.keys()))


def _imports(library: Path, source: bytes) -> Iterator[Path]:
    """Yield the files from which a source imports when it is loaded."""
    for name in _IMPORTED.findall(source):
        module = library.joinpath(*name.decode().split("."))
        yield from (module.with_suffix(".py"), module / "__init__.py")


def fingerprint(library: Path = LIBRARY) -> str:
    """Return 16 letters that change with the name or content of any file on which machine code depends."""
    digest = hashlib.sha256()
    for path in compiled_files(library):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(library).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def cache_folder() -> Path | None:
    """Return the folder for machine code of exactly these source files; None where there is no place for any."""
    from patrolroute.base.files import cache_home  # here, for no machine code depends on what else that file holds

    home = cache_home()
    return None if home is None else home / "kernels" / fingerprint()


@cache
def _folder() -> Path | None:
    """Return the folder for machine code if it can be written or read, else None; looked up once."""
    folder = cache_folder()
    if folder is None or _is_writable(folder):
        return folder
    if not os.access(folder, os.R_OK | os.X_OK):
        _log.debug("compile cache %s can be neither written nor read: everything is compiled anew", folder)
        return None
    _log.debug("compile cache %s can only be read: what is compiled besides is not kept", folder)
    return folder


@cache
def _is_writable(folder: Path) -> bool:
    """Return whether a folder is there, or can be made, and can be written; looked up once."""
    probe = folder / f"probe-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError:
        return False
    return True


Rng = NDArray[np.uint64]
"""The generator's state, one number."""

COIN = fixed(2)
MILLE = fixed(1000)
"""Sides of a coin, and of what chances are given in."""


def make_rng(seed: int) -> Rng:
    """Return a generator; equal seeds draw equal numbers."""
    return np.array([int(seed) % 2**64], dtype=np.uint64)


@kernel
def randint(rng: Rng, end: int) -> int:
    """Draw a whole number from 0 to ``end - 1``.

    Splitmix64 (Steele, Lea & Flood 2014, doi:10.1145/2660193.2660195). The remainder prefers small numbers
    by less than ``end`` / 2³¹, which no search notices.
    """
    rng[0] += np.uint64(0x9E3779B97F4A7C15)
    mixed = rng[0]
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed = mixed ^ (mixed >> np.uint64(31))
    return int(np.int64(mixed >> np.uint64(33)) % end)
