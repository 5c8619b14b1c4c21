"""One decorator for all compiled functions: compiled when first called, kept on disk where that is possible."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import platformdirs
from numba.core import config

Function = TypeVar("Function", bound=Callable[..., Any])


def kernel(function: Function) -> Function:
    """Compile a function with numba, without the interpreter's lock, and keep the machine code on disk.

    Numba's own cache has two traps. It looks only at the file of the function that is called: after an edit of a
    function that this one calls, in another file, it goes on with the old machine code. And where no cache folder can
    be written, importing the module fails. So the machine code lies in a folder that is named by the hash of all files of this
    room, and where that cannot be written everything is compiled anew in each run.

    Notes
    -----
    The folder is below ``PATROLROUTE_CACHE`` if that is set, else below the user's cache folder. Nothing is
    compiled before the first call.
    """
    folder = _folder()
    if folder is None:
        return cast("Function", numba.njit(nogil=True, _nrt=False)(function))
    # Numba reads its folder while it decorates: the setting is borrowed and given back, so that nobody else's changes.
    before, config.CACHE_DIR = config.CACHE_DIR, str(folder)
    try:
        return cast("Function", numba.njit(nogil=True, _nrt=False, no_cfunc_wrapper=True, cache=True)(function))
    except (RuntimeError, OSError):
        return cast("Function", numba.njit(nogil=True, _nrt=False)(function))
    finally:
        config.CACHE_DIR = before


def cache_folder() -> Path:
    """Give the folder for machine code of exactly these source files."""
    given = os.environ.get("PATROLROUTE_CACHE")
    base = Path(given) if given else platformdirs.user_cache_path("patrolroute")
    return base / "kernels" / _fingerprint()


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


_found: list[Path | None] = []


def _folder() -> Path | None:
    """Give the folder if it can be written, else None; looked up once."""
    if not _found:
        _found.append(_writable(cache_folder()))
    return _found[0]


def _writable(folder: Path) -> Path | None:
    probe = folder / f"probe-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError:
        return None
    return folder
