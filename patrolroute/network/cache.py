"""What was built once loads at once; a broken or foreign file in the cache is built again."""

from __future__ import annotations

import hashlib
import io
import logging
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from patrolroute.base import __version__
from patrolroute.base.files import cache_home
from patrolroute.network.arrays import DroppedPart, RoadArrays
from patrolroute.network.turns import Turns

_log = logging.getLogger(__name__)

FORMAT = "9"
"""Raised when the arrays or the way they are built change: old files are then not looked at."""

HALF_WRITTEN = ".tmp"
STALE_S = 3600.0
"""A half-written file that is older than this was left behind by a crash."""

BROKEN = (OSError, EOFError, ValueError, LookupError, TypeError, AttributeError, RuntimeError, MemoryError)
"""What reading a file that is cut off, damaged or no network's raises: numpy, zipfile and the network's own rules."""


def key_of(*parts: str | bytes) -> str:
    """Return the name under which something built from these parts is kept."""
    digest = hashlib.sha256(f"{__version__}/{FORMAT}".encode())
    for part in parts:
        content = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()[:32]


def load_or_build(key: str, build: Callable[[], RoadArrays]) -> RoadArrays:
    """Load a network from the cache, else build and keep it; a cache that cannot be written is no error."""
    home = cache_home()
    if home is None:
        return build()
    path = home / "networks" / f"{key}.npz"
    network = _load(path)
    if network is None:
        network = build()
        _keep(path, network)
    return network


def is_missing(key: str) -> bool:
    """Return whether nothing is kept under a name where something could be; False without a cache.

    Parameters
    ----------
    key
        The name.
    """
    home = cache_home()
    return home is not None and not (home / "networks" / f"{key}.npz").exists()


def _load(path: Path) -> RoadArrays | None:
    try:
        with np.load(path, allow_pickle=False) as stored:
            return _from_arrays({name: stored[name] for name in stored.files})
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (*BROKEN, zipfile.BadZipFile, zlib.error) as error:
        _log.info("cache file %s is broken and will be built again: %s", path, error)
        return None


def _keep(path: Path, network: RoadArrays) -> None:
    """Write to a neighbour first: a reader sees the old file, the new one or none, never half of one."""
    buffer = io.BytesIO()
    np.savez(buffer, **_to_arrays(network))  # type: ignore[arg-type]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path.parent)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=HALF_WRITTEN, delete=False) as file:
            neighbour = Path(file.name)
            try:
                file.write(buffer.getbuffer())
                file.close()
                neighbour.replace(path)
            finally:
                neighbour.unlink(missing_ok=True)
    except OSError as error:
        _log.info("cache %s cannot be written: %s", path.parent, error)


def _sweep(place: Path) -> None:
    """Remove what a crash left half-written."""
    for left in place.glob(f"*{HALF_WRITTEN}"):
        if time.time() - left.stat().st_mtime > STALE_S:
            left.unlink(missing_ok=True)


def _to_arrays(network: RoadArrays) -> dict[str, np.ndarray[Any, Any]]:
    arrays: dict[str, np.ndarray[Any, Any]] = {}
    for item in fields(network):
        value = getattr(network, item.name)
        if item.name == "dropped":
            arrays["dropped_names"] = np.array([part.name for part in value], dtype=np.str_)
            arrays["dropped_m"] = np.array([part.length_m for part in value], dtype=np.int64)
            arrays["dropped_gone_m"] = np.array([part.gone_m for part in value], dtype=np.int64)
        elif isinstance(value, Turns):
            arrays |= {f"turns_{name}": getattr(value, name) for name in ("before", "after", "seconds")}
            arrays["turns_chains"] = np.array([arc for chain in value.chains for arc in chain], dtype=np.int32)
            arrays["turns_chain_size"] = np.array([len(chain) for chain in value.chains], dtype=np.int32)
            arrays["turns_u_turn_s"] = np.array(value.u_turn_s)
        elif isinstance(value, tuple):  # few distinct texts, many arcs: keep each once
            arrays[f"{item.name}_texts"], arrays[item.name] = np.unique(
                np.array(value, dtype=np.str_), return_inverse=True
            )
        else:
            arrays[item.name] = value if isinstance(value, np.ndarray) else np.array(value or "", dtype=np.str_)
    return arrays


def _from_arrays(arrays: dict[str, np.ndarray[Any, Any]]) -> RoadArrays:
    columns = [arrays.pop(name).tolist() for name in ("dropped_names", "dropped_m", "dropped_gone_m")]
    values: dict[str, Any] = {"dropped": tuple(DroppedPart(*part) for part in zip(*columns, strict=True))}
    for name in ("names", "highways"):
        texts = arrays.pop(f"{name}_texts").tolist()
        values[name] = tuple(texts[number] for number in arrays.pop(name).tolist())
    if "turns_before" in arrays:
        values["turns"] = _turns({name: arrays.pop(name) for name in sorted(arrays) if name.startswith("turns_")})
    for name, array in arrays.items():
        values[name] = array if array.ndim else (str(array) or None)
    values["source"] = values["source"] or ""
    return RoadArrays(**values)


def _turns(arrays: dict[str, np.ndarray[Any, Any]]) -> Turns:
    ends = np.cumsum(arrays["turns_chain_size"])
    chains = tuple(tuple(chain.tolist()) for chain in np.split(arrays["turns_chains"], ends)[:-1])
    before, after, seconds = (arrays[f"turns_{name}"] for name in ("before", "after", "seconds"))
    return Turns(before, after, seconds, chains, int(arrays["turns_u_turn_s"]))
