"""What all commands share: exit codes by whose fault it is, and saying something on the error stream."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout

DONE, OUR_FAULT, INPUT_FAULT, REQUIRED_MISSED = 0, 1, 2, 3


def say(sentence: str) -> None:
    """Progress and complaints go to the error stream, so that standard output stays clean."""
    with redirect_stdout(sys.stderr):
        print(sentence, flush=True)
