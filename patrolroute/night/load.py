"""From a TOML or JSON file, or a dictionary, to a `Night`; every complaint in one go."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from patrolroute.errors import NightError
from patrolroute.night.model import Night
from patrolroute.sentences import pydantic_sentences

LIST_THEM = "; `patrolroute schema night` lists them all"


def read_night(path: str | Path) -> Night:
    """Read the file that describes a night.

    Parameters
    ----------
    path
        ``.toml`` or ``.json``, UTF-8.

    Raises
    ------
    NightError
        Naming the file, the entry, its value and the rule, for every rule broken.
    """
    path = Path(path)
    if path.suffix.lower() not in (".toml", ".json"):
        raise NightError(f"{path}: a night's file ends in .toml or .json")
    try:
        text = path.read_bytes().decode("utf-8-sig")
        data = tomllib.loads(text) if path.suffix.lower() == ".toml" else json.loads(text)
    except FileNotFoundError as error:
        raise NightError(f"{path}: there is no such file") from error
    except OSError as error:
        raise NightError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise NightError(f"{path}: is not UTF-8 text; save it as UTF-8") from error
    except ValueError as error:  # both parsers' errors say line and column
        raise NightError(f"{path}: is not valid {path.suffix[1:].upper()}: {error}") from error
    return night_from(data, source=str(path))


def night_from(data: Mapping[str, Any], *, source: str = "night") -> Night:
    """Check a dictionary against the model of a night.

    Raises
    ------
    NightError
        For every rule broken.
    """
    if not isinstance(data, Mapping):
        raise NightError(f"{source}: is a {type(data).__name__}, not a table of entries")
    try:
        return Night.model_validate(data)
    except ValidationError as error:
        raise NightError(pydantic_sentences(error, source, hint=LIST_THEM)) from error


def bundled_night() -> Path:
    """Give the file of the bundled night: the operation of 8 May on the schematic map."""
    return Path(str(files("patrolroute") / "data" / "night.toml"))
