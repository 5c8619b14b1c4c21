"""Letters that every file can hold, and those that none can: what neither XML nor a workbook knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def plain(text: str) -> str:
    r"""Leave out what neither XML nor a workbook can hold: control letters, halves of letters.

    Examples
    --------
    >>> plain("\x07bell\ud800\n")
    'bell\n'
    """
    return "".join(letter for letter in text if can_be_held(letter))


def can_be_held(letter: str) -> bool:
    r"""Say whether every file can hold a letter.

    Examples
    --------
    >>> can_be_held("路"), can_be_held("\n"), can_be_held("\x00"), can_be_held("\ud800")
    (True, True, False, False)
    """
    return (letter >= " " or letter in "\t\n") and not "\ud800" <= letter <= "\udfff" and letter not in "\ufffe\uffff"


def not_held(thing: str, text: Any) -> Iterator[str]:
    r"""Complain of the first letter of a text that no file can hold; anything but a text is for others to judge.

    Examples
    --------
    >>> list(not_held("crew: the id", "a\x07")), list(not_held("crew: the id", "市局01"))
    (["crew: the id 'a\\x07' holds '\\x07', which no file can hold; leave it out"], [])
    """
    wrong = next((letter for letter in text if not can_be_held(letter)), None) if isinstance(text, str) else None
    if wrong is not None:
        yield f"{thing} {text!r} holds {wrong!r}, which no file can hold; leave it out"
