"""Draws that anybody can check afterwards: a secret whose hash was published before, and a date.

Before the campaign somebody draws a secret, publishes its SHA-256 and keeps the secret. Whatever is drawn for a night
follows from the secret, the date and a label by HMAC-SHA-256 alone, so nobody can bend it, and nobody who does not know
the secret can foretell it. After the campaign the secret is told, and everybody can draw again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Iterator, Sequence
from itertools import accumulate, count

from patrolroute.base.errors import Complaints, ProblemError

WHOLE = 1_000_000
"""Chances are whole parts of a million, so that two computers never round them differently."""

LEAST_BYTES = 16
"""A secret of fewer bytes could be found by trying: its hash is public."""

_DRAWN_BYTES = 8
"""Bytes of a hash that make one number."""


def new_secret() -> bytes:
    """Return a secret of 32 bytes from the operating system's source of random numbers."""
    return secrets.token_bytes(32)


def commitment(secret: bytes) -> str:
    """Return what is published before the first night: the SHA-256 of the secret, in hexadecimal.

    Parameters
    ----------
    secret
        At least 16 bytes, such as `new_secret` draws.

    Raises
    ------
    ProblemError
        If the secret is shorter, or none.

    Examples
    --------
    >>> commitment(b"only an example!")[:16]
    '6ef470a9c7d780e3'
    """
    return hashlib.sha256(_secret(secret)).hexdigest()


def draw(secret: bytes, date: dt.date, chances: Sequence[int], *, label: str = "route") -> int:
    """Return which of several things is drawn for a night.

    The number of parts of a million that is drawn is the first 64 bits of HMAC-SHA-256(secret, text), big-endian,
    modulo a million, where the text is ``label date 0``, the date as ``2026-05-08``; if those 64 bits are not below the
    greatest multiple of a million, which happens once in 10¹³ draws, those of ``label date 1`` are taken, and so on: so
    no part is likelier than another. The first thing with which the sum of the chances is above that number is drawn.

    Parameters
    ----------
    secret
        At least 16 bytes.
    date
        The night's.
    chances
        Of each thing, in whole parts per million that sum to a million, each at least 0.
    label
        What is drawn, so that several draws of one night do not depend on each other.

    Returns
    -------
    int
        An index into ``chances``.

    Raises
    ------
    ProblemError
        With everything that is no secret, no date, no chance, or does not sum to a million.

    Examples
    --------
    >>> draw(b"only an example!", dt.date(2026, 5, 8), [40_000, 0, 960_000])
    2
    """
    _check(date, chances)
    part = next(below(WHOLE, secret, date, label=label))
    return next(number for number, until in enumerate(accumulate(chances)) if part < until)


def verified(secret: bytes, published: str, date: dt.date, chances: Sequence[int], drawn: int) -> bool:
    """Return whether a secret is the one of which the hash was published, and a draw of ``route`` follows from it.

    Parameters
    ----------
    secret
        What was told after the campaign.
    published
        The `commitment` that was published before it.
    date, chances
        As in `draw`.
    drawn
        What is said to have been drawn.

    Raises
    ------
    ProblemError
        As `draw` does.
    """
    is_same = hmac.compare_digest(commitment(secret).encode(), published.strip().lower().encode())
    return is_same and draw(secret, date, chances) == drawn


def below(limit: int, secret: bytes, date: dt.date, *, label: str) -> Iterator[int]:
    """Yield whole numbers from 0 to below a limit, each as likely as any other.

    Parameters
    ----------
    limit
        At least 1.
    secret, date, label
        As in `draw`.
    """
    key, even = _secret(secret), 2 ** (8 * _DRAWN_BYTES) // limit * limit
    for number in count():
        text = f"{label} {date.isoformat()} {number}".encode()
        found = int.from_bytes(hmac.digest(key, text, "sha256")[:_DRAWN_BYTES], "big")
        if found < even:
            yield found % limit


def _secret(secret: bytes) -> bytes:
    if not isinstance(secret, bytes) or len(secret) < LEAST_BYTES:
        raise ProblemError([f"secret: give at least {LEAST_BYTES} bytes"])
    return secret


def _check(date: dt.date, chances: Sequence[int]) -> None:
    complaints = Complaints()
    if not isinstance(date, dt.date) or isinstance(date, dt.datetime):
        complaints.add(f"draw: {date!r} is no date")
    wrong = [chance for chance in chances if not isinstance(chance, int) or isinstance(chance, bool) or chance < 0]
    for chance in wrong:
        complaints.add(f"draw: chance {chance!r} is no whole number from 0")
    if not wrong and sum(chances) != WHOLE:
        complaints.add(f"draw: the chances sum to {sum(chances)} parts per million, not to {WHOLE}")
    complaints.raise_as(ProblemError)
