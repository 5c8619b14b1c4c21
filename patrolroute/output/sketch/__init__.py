"""The map of a night to be: what was read from its file, drawn before anything is planned."""

from __future__ import annotations

from pathlib import Path

from patrolroute.base.errors import InputError
from patrolroute.base.files import write_one
from patrolroute.base.text import require_lang
from patrolroute.base.vocabulary import Lang
from patrolroute.output.sketch.model import WORDS, Line, Mark, Sketch, Zone
from patrolroute.output.sketch.page import page_bytes
from patrolroute.output.sketch.picture import picture_bytes

__all__ = ["FORMS", "WORDS", "Line", "Mark", "Sketch", "Zone", "sketch_bytes", "write_sketch"]

FORMS = {".html": page_bytes, ".png": picture_bytes}
"""What a sketch is written as, by the file's suffix."""


def write_sketch(sketch: Sketch, path: str | Path, *, lang: Lang = "zh") -> Path:
    """Write a sketch as a page that opens by double click (``.html``) or as a picture (``.png``).

    Parameters
    ----------
    sketch
        What is drawn.
    path
        Where to.
    lang
        Of the words.

    Raises
    ------
    InputError
        If the file is of another kind, or there is no such language.
    OutputError
        If the file cannot be written.
    """
    return write_one(Path(path), sketch_bytes(sketch, Path(path), lang=lang))


def sketch_bytes(sketch: Sketch, path: Path, *, lang: Lang = "zh") -> bytes:
    """Return what `write_sketch` writes."""
    require_lang(lang)
    require_form(path)
    return FORMS[path.suffix.lower()](sketch, lang)


def require_form(path: Path) -> None:
    """Refuse a file of another kind.

    Raises
    ------
    InputError
        Naming the kinds that there are.
    """
    if path.suffix.lower() not in FORMS:
        raise InputError(f"map {str(path)!r} is not one of {', '.join(FORMS)}")
