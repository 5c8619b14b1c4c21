"""QR codes as SVG paths; those of links by array, for a night has hundreds and they differ in figures alone.

The rules are those of ISO/IEC 18004. What is the same in every code of a size is read from one that segno makes.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import product
from typing import TypeAlias

import numpy as np
import segno

from patrolroute.units import BoolArray, LongArray

Octets: TypeAlias = "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]"

MASK = 2
"""Of the eight masks of a QR code. Every reader reads each of them; trying all takes four times as long."""

MASK_COLUMNS = 3
"""Mask 2 turns over every third column."""

BORDER = 4
"""Light modules around a QR code, as its standard asks."""

BLOCKS = {
    1: (1, 19, 7), 2: (1, 34, 10), 3: (1, 55, 15), 4: (1, 80, 20), 5: (1, 108, 26), 6: (2, 68, 18), 7: (2, 78, 20),
    8: (2, 97, 24), 9: (2, 116, 30),
}  # fmt: skip
"""Of the versions whose blocks are alike: how many, their octets of data, their octets of check (level L, table 9)."""

HEADER_OCTETS = 2
"""Mode, length and end take 4, 8 and 4 bits."""

BYTE_MODE = 0b0100
PADDING = bytes((0xEC, 0x11))

AFTER_END = b"\0"
"""segno fills up with this octet first; no reader looks behind the end."""

FIELD = 0x11D
"""The polynomial of the field of 256 in which check octets are worked out."""

NONZERO = 255
"""Elements of the field that are powers of 2: all but 0."""

TIMING = 6
"""The row and the column of alternating modules; pairs of columns of data step over it."""

FIRST_WITH_VERSION = 7
"""From this version on a code tells its version, and has alignment patterns halfway too."""


def code_path(text: str) -> tuple[str, int]:
    """Give the QR code of a text as an SVG path of dark modules, one unit wide, and the code's width with its border.

    Errors of a twentieth of the code are mended, the least level: smaller modules would be read worse.

    Examples
    --------
    >>> path, width = code_path("patrolroute")
    >>> path[:18], width
    ('M4 4.5h7m1 0m1 0h1', 29)
    """
    modules = matrix(text)
    packed = np.packbits(modules, axis=1)
    rows = (f"M{BORDER} {BORDER + row}.5" + "".join(map(_eighth, octet)) for row, octet in enumerate(packed.tolist()))
    return "".join(rows), len(modules) + 2 * BORDER


def matrix(text: str) -> Octets:
    """Give the modules of the QR code of a text, 1 is dark; row by row, without a border."""
    version = next((one for one, (many, data, _) in BLOCKS.items() if len(text) <= many * data - HEADER_OCTETS), None)
    if version is None or not text.isascii():
        return _modules(text, None)
    order, blank = _layout(version)
    bits = np.unpackbits(_final(text.encode(), version))
    modules = blank.copy().reshape(-1)
    modules[order[: len(bits)]] ^= bits
    return modules.reshape(blank.shape)


@cache
def _eighth(octet: int) -> str:
    """Draw eight modules, the highest bit first, from where the pen is to where the next eight begin.

    Examples
    --------
    >>> _eighth(0b11000001), _eighth(0)
    ('h2m5 0h1', 'm8 0')
    """
    runs = re.findall("1+|0+", f"{octet:08b}")
    return "".join(f"h{len(run)}" if run[0] == "1" else f"m{len(run)} 0" for run in runs)


def _modules(text: str, version: int | None) -> Octets:
    code = segno.make_qr(text, error="l", version=version, mode="byte", boost_error=False, mask=MASK)
    return np.array(code.matrix, dtype=np.uint8)


def _final(octets: bytes, version: int) -> Octets:
    """Give the octets of a code in their order: data, then check, the blocks of each in turn."""
    many, data, check = BLOCKS[version]
    head = (BYTE_MODE << 8 | len(octets)) << 4
    whole = int.from_bytes(octets, "big") << 4 | head << 8 * len(octets)
    filled = whole.to_bytes(len(octets) + HEADER_OCTETS, "big")
    padded = filled + AFTER_END + PADDING * (many * data)
    blocks = np.frombuffer(padded[: many * data], dtype=np.uint8).reshape(many, data)
    products = _products()[blocks[:, :, None], _checks(data, check)]
    return np.concatenate([blocks.T.reshape(-1), np.bitwise_xor.reduce(products, axis=1).T.reshape(-1)])


@cache
def _products() -> Octets:
    """Give the products of all pairs of the field of 256."""
    powers, logs = [1], [0] * 256
    for exponent in range(1, NONZERO):
        double = powers[-1] << 1
        powers.append(double ^ FIELD if double > NONZERO else double)
        logs[powers[-1]] = exponent
    products: Octets = np.array(powers, dtype=np.uint8)[np.add.outer(logs, logs) % NONZERO]
    products[0, :] = products[:, 0] = 0
    return products


@cache
def _checks(data: int, check: int) -> Octets:
    """Give, for each octet of a block's data, the check octets of a block that has 1 there and 0 elsewhere."""
    times = _products()
    generator = np.array([1], dtype=np.uint8)
    root = 1
    for _ in range(check):
        generator = np.append(generator, np.uint8(0)) ^ np.append(np.uint8(0), times[root, generator])
        root = int(times[2, root])
    rows = [generator[1:]]
    for _ in range(data - 1):
        rows.append(np.append(rows[-1][1:], np.uint8(0)) ^ times[rows[-1][0], generator[1:]])
    return np.array(rows[::-1])


@cache
def _layout(version: int) -> tuple[LongArray, Octets]:
    """Give the places of a code's bits in their order, and the code before they are set, already masked."""
    example = _modules("0", version)
    is_data = _is_data(version)
    size = len(example)
    masked = np.arange(size) % MASK_COLUMNS == 0
    pairs = [column - (column <= TIMING) for column in range(size - 1, 0, -2)]
    order = [
        row * size + column
        for number, right in enumerate(pairs)
        for row in (range(size) if number % 2 else reversed(range(size)))
        for column in (right, right - 1)
        if is_data[row, column]
    ]
    return np.array(order, dtype=np.int64), np.where(is_data, masked, example).astype(np.uint8)


def _is_data(version: int) -> BoolArray:
    """Say of each module whether it is neither part of a pattern nor tells format or version."""
    size = 17 + 4 * version
    free = np.ones((size, size), dtype=np.bool_)
    free[TIMING, :] = free[:, TIMING] = False
    free[:9, :9] = free[:9, -8:] = free[-8:, :9] = False
    last = size - 7
    halfway = [(TIMING + last) // 2] if version >= FIRST_WITH_VERSION else []
    if version > 1:
        for row, column in product((TIMING, *halfway, last), repeat=2):
            if (row, column) not in ((TIMING, TIMING), (TIMING, last), (last, TIMING)):
                free[row - 2 : row + 3, column - 2 : column + 3] = False
    if version >= FIRST_WITH_VERSION:
        free[:6, -11:-8] = free[-11:-8, :6] = False
    return free
