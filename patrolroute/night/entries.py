"""How a night's file is written: texts, clock times, hours; and tables in which a misspelt key is an error."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError, WithJsonSchema

from patrolroute.base.errors import InputError, NightError
from patrolroute.base.forms import pydantic_sentences
from patrolroute.base.text import can_be_held
from patrolroute.demand.hours import ClockWindow, parse_clock


def _written(value: object) -> object:
    """Refuse letters that no file can hold."""
    if isinstance(value, str) and (wrong := [letter for letter in value if not can_be_held(letter)]):
        raise ValueError(f"no file can hold {wrong[0]!r}; leave it out")
    return value


AnyText = Annotated[str, BeforeValidator(_written)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), BeforeValidator(_written)]


def _clock(value: object) -> object:
    """Check a clock time; TOML's own clock times are taken too."""
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    if isinstance(value, str):
        try:
            parse_clock(value)
        except InputError as error:
            raise ValueError("write a clock time as 20:30") from error
    return value


def _hours(value: object) -> object:
    """Check opening hours."""
    if isinstance(value, str):
        try:
            ClockWindow.parse(value)
        except InputError as error:
            raise ValueError("write hours as 23:00-23:45") from error
    return value


Hours = Annotated[str, BeforeValidator(_hours)]
Clock = Annotated[str, BeforeValidator(_clock), WithJsonSchema({"type": "string", "pattern": r"^\d{1,2}:\d{2}$"})]


if TYPE_CHECKING:
    from pydantic._internal._model_construction import ModelMetaclass
else:
    ModelMetaclass = type(BaseModel)


class _Made(ModelMetaclass):
    """Lets a program that makes a night piece by piece meet the errors of a night's file."""

    def __call__(cls, *args: object, **entries: object) -> object:  # noqa: N805 - the class is what is called
        """Make the model.

        Raises
        ------
        NightError
            With every entry that breaks a rule.
        """
        try:
            return super().__call__(*args, **entries)
        except ValidationError as error:
            raise NightError(pydantic_sentences(error, cls.__name__)) from None


class Strict(BaseModel, metaclass=_Made):
    """Frozen, and a misspelt key is an error rather than ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="A night's patrol")
