"""Tables of whole numbers with named columns: one array where there would be ten, each row together in memory."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

Records: TypeAlias = Any
"""A numpy record array of whole numbers; kernels read ``table[row].column``, numpy ``table.column``.

A compiled call hands every array over in seven or more numbers. Night and routes as forty arrays took
longer to hand over than a place takes to price."""


def records(shape: int | tuple[int, ...], *columns: str) -> Records:
    """Make a table of zeros."""
    return np.zeros(shape, dtype=np.dtype([(column, np.int64) for column in columns], align=True)).view(np.recarray)


def filled(**columns: Any) -> Records:
    """Make a table from its columns, all of one shape."""
    arrays = {name: np.asarray(column) for name, column in columns.items()}
    table = records(next(iter(arrays.values())).shape, *arrays)
    for name, column in arrays.items():
        table[name] = column
    return table
