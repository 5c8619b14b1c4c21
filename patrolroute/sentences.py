"""What pydantic complains of, said in the house's way: the thing, its value, the rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import ValidationError

LONGEST_VALUE = 60
"""Letters of a wrong value that are repeated: enough to find it."""

_UNION_MEMBER = re.compile(r"^(list|dict|tuple|function|lax|json|is-instance|constrained|nullable)\b|[\[\]()]|^path$")
"""Parts of a location that name a member of a union, not an entry of the file."""


def pydantic_sentences(error: ValidationError, source: str, *, hint: str = "") -> Iterator[str]:
    """Turn each complaint of pydantic into one sentence.

    Parameters
    ----------
    error
        What pydantic raised.
    source
        The file, as a planner knows it.
    hint
        Said where an entry is unknown.
    """
    for item in error.errors(include_url=False, include_context=False):
        where = _where(item["loc"]) or "the file"
        if item["type"] == "missing":
            yield f"{source}: {where}: is missing"
        elif item["type"] == "extra_forbidden":
            yield f"{source}: {where}: no such entry{hint}"
        else:
            yield f"{source}: {where}: {_value(item['input'])}{_rule(item['msg'])}"


def _where(location: tuple[int | str, ...]) -> str:
    """Write a location as a person counts: ``crews[1].start``."""
    parts = (part for part in location if isinstance(part, int) or not _UNION_MEMBER.search(part))
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in parts).lstrip(".")


def _value(value: Any) -> str:
    """Repeat a short value; a table of entries says nothing."""
    if not isinstance(value, (str, int, float)):
        return ""
    text = repr(value)
    return f"{text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + '…'}: "


def _rule(message: str) -> str:
    rule = message.removeprefix("Value error, ").removeprefix("Assertion failed, ")
    return rule[:1].lower() + rule[1:]
