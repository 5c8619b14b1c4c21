"""Machine code kept on disk by numba, each file with its hash: what is damaged is named and compiled again."""

# mypy: allow-untyped-calls

from __future__ import annotations

import hashlib
import logging
import pickle
import shutil
from pathlib import Path
from typing import Any, cast

import numba
from numba.core.caching import CompileResultCacheImpl, FunctionCache, IndexDataCacheFile, _CacheLocator

_log = logging.getLogger(__name__)

_numba: Any = numba

DIGEST_BYTES = hashlib.sha256().digest_size


class DamagedError(ValueError):
    """A file of the cache is not what was written."""


class _SealedFiles(IndexDataCacheFile):
    """Numba's files with a hash before their content: a flipped bit of machine code would run."""

    def _load_index(self) -> dict[Any, str]:
        try:
            version, stamp, overloads = pickle.loads(_unsealed(Path(self._index_path)))  # noqa: S301 - see sensitive.md
        except FileNotFoundError:
            return {}
        return overloads if (version, stamp) == (self._version, self._source_stamp) else {}

    def _save_index(self, overloads: dict[Any, str]) -> None:
        with self._open_for_write(self._index_path) as file:
            file.write(_sealed(self._dump((self._version, self._source_stamp, overloads))))

    def _load_data(self, name: str) -> Any:
        return pickle.loads(_unsealed(Path(self._data_path(name))))  # noqa: S301 - see sensitive.md

    def _save_data(self, name: str, data: Any) -> None:
        with self._open_for_write(self._data_path(name)) as file:
            file.write(_sealed(self._dump(data)))


class _ByModule(_CacheLocator):
    """Where a function's machine code lies: in a folder of its module's name, wherever the source files are.

    The cache's folder is named by what is in the source files (`patrolroute.base.jit.cache_folder`), so neither their
    place nor their age matters: a library that is installed anew, or in a second place, finds what is compiled already.
    """

    def __init__(self, function: Any) -> None:
        self._path, self._line = Path(_numba.config.CACHE_DIR) / function.__module__, function.__code__.co_firstlineno

    def get_cache_path(self) -> str:
        return str(self._path)

    def get_source_stamp(self) -> str:
        return ""

    def get_disambiguator(self) -> str:
        return str(self._line)

    @classmethod
    def from_function(cls, py_func: Any, py_file: str) -> _ByModule:  # noqa: ARG003 - as numba calls it
        return cls(py_func)


class _InFolders(CompileResultCacheImpl):
    """Numba's way to keep machine code, in folders of ours."""

    _locator_classes = cast("Any", (_ByModule,))


class KernelCache(FunctionCache):
    """Numba's cache of a function; what cannot be read is named, removed and compiled again, never an error.

    With ``adds`` false the folder can only be read: nothing is kept or removed, and nothing said of it.
    """

    _impl_class = _InFolders

    def __init__(self, function: Any, *, adds: bool = True) -> None:
        super().__init__(function)
        self._adds = adds
        self._cache_file = _SealedFiles(
            cache_path=self._cache_path,
            filename_base=self._impl.filename_base,
            source_stamp=self._impl.locator.get_source_stamp(),
        )

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return what was compiled before, None if nothing or if it is damaged."""
        try:
            return super().load_overload(sig, target_context)
        except Exception as error:  # noqa: BLE001 - a damaged pickle raises anything
            _log.warning(
                "compile cache %s is damaged and is built again: %s", self._index, error or type(error).__name__
            )
            self._remove()
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep what was compiled, if the folder can be written."""
        if not self._adds:
            return
        try:
            super().save_overload(sig, data)
        except Exception as error:  # noqa: BLE001 - the machine code is there; keeping it may wait
            _log.warning(
                "compile cache %s: machine code cannot be kept: %s", self._index, error or type(error).__name__
            )
            self._remove()

    @property
    def _index(self) -> Path:
        return Path(self._cache_file._index_path)  # noqa: SLF001

    def _remove(self) -> None:
        """Remove all files of the function; where they cannot be removed they stay, and are not looked at again."""
        if not self._adds:
            self.disable()
            return
        path = self._index
        base = path.name.removesuffix(".nbi")
        try:
            for left in path.parent.iterdir():
                if left.name.startswith(f"{base}."):
                    shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)
        except OSError:
            self.disable()


def _sealed(content: bytes) -> bytes:
    return hashlib.sha256(content).digest() + content


def _unsealed(path: Path) -> bytes:
    if path.is_dir():
        raise DamagedError(f"{path.name} is a folder")
    stored = path.read_bytes()
    digest, content = stored[:DIGEST_BYTES], stored[DIGEST_BYTES:]
    if hashlib.sha256(content).digest() != digest:
        raise DamagedError(f"{path.name} is not what was written")
    return content
