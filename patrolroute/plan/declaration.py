"""How records declare the form of ``plan.json``: what a key means, what a value may be, since which version it is.

A record is a frozen dataclass. What its hints, `Key` and `Form` say is all that there is: from it
`patrolroute.plan.codec` writes, reads, complains and prints the schema, and `patrolroute.rules.form` judges plans that
were never in a file. Nothing here knows a plan; what it holds stands in `patrolroute.plan.records`, and of the plan
itself in `patrolroute.plan.model`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from functools import cache
from typing import Annotated, Any, ClassVar, TypeVar, get_args, get_origin, get_type_hints

FIRST = "1.0"
"""The version in which a key came, unless it says another."""

WHOLE_MAX = 10**12
"""No second, metre, point or load of a night is beyond it; sums of such numbers stay exact."""

T = TypeVar("T", bound=type)
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Key:
    """What a field is in the file.

    Parameters
    ----------
    says
        What it means, in a few words; empty where its name says it.
    name
        Its key; empty: the field's own name.
    since
        The schema's version that added it. Where a plan lacks a key of a later version than the first, a reader takes
        the field's default.
    is_optional
        Whether a plan of any version may lack it.
    only
        The kind of task that has it; empty: any record does.
    spares
        The kind of task of which it is not written while it is empty or what it is where nobody said, or ``any``.
    digits
        Decimals that are written; None: all.
    filed
        The hint of what stands in the file, where that is not the field's own.
    is_written
        Whether it stands in the file at all.
    """

    says: str = ""
    name: str = ""
    since: str = FIRST
    is_optional: bool = False
    only: str = ""
    spares: str = ""
    digits: int | None = None
    filed: Any = None
    is_written: bool = True


@dataclass(frozen=True, slots=True)
class Form:
    """What a value may be, where its type does not say it all.

    Parameters
    ----------
    low, high
        Least and largest number, both allowed; a whole number without them lies within `WHOLE_MAX`.
    pattern
        Regular expression that a text matches.
    at_least
        So many entries has a list.
    """

    low: float | None = None
    high: float | None = None
    pattern: str | None = None
    at_least: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a record: a field, a constant of its class, or a property that is written though it can be derived.

    Parameters
    ----------
    attribute
        Name of the field, constant or property.
    hint
        Its type.
    key
        What is said of it.
    is_field
        Whether it is a field, which a reader sets.
    held
        What a property is by the fields, in words: a file that says another value is refused. Empty: nobody looks.
    default
        What a reader takes where a file lacks the key; ``...`` where no file may lack it.
    """

    attribute: str
    hint: Any
    key: Key
    is_field: bool = True
    held: str = ""
    default: Any = ...

    @property
    def name(self) -> str:
        """The key in the file."""
        return self.key.name or self.attribute


@dataclass(frozen=True, slots=True)
class _Written:
    after: str
    key: Key
    held: str

    @property
    def default(self) -> Any:
        """What a reader takes where a file lacks it."""
        return ... if self.key.since == FIRST else None


def written(*, after: str, says: str = "", held: str = "", since: str = FIRST) -> Callable[[F], F]:
    """Mark the function of a property that is written into the file.

    Parameters
    ----------
    after
        Name of the field or property that it follows there.
    says
        What it means, in a few words.
    held
        What it is by the fields, in words: a file that says another value is refused. Empty: nobody looks.
    since
        The schema's version that added it.
    """

    def mark(function: F) -> F:
        function.written = _Written(after, Key(says, since=since), held)  # type: ignore[attr-defined]
        return function

    return mark


def entries(record: type) -> tuple[Entry, ...]:
    """Return the keys of a record in the order of the file."""
    return _entries(record)


@cache
def _entries(record: type) -> tuple[Entry, ...]:
    found = list(_declared(record))
    for attribute, value in vars(record).items():
        function = value.fget if isinstance(value, property) else getattr(value, "func", None)
        if (mark := getattr(function, "written", None)) is not None:
            hint = get_type_hints(function, include_extras=True)["return"]
            place = 1 + next(number for number, entry in enumerate(found) if entry.attribute == mark.after)
            found.insert(place, Entry(attribute, hint, mark.key, False, mark.held, mark.default))
    return tuple(found)


def _declared(record: type) -> Iterator[Entry]:
    """Yield fields and constants in the order in which the class has them."""
    defaults = {field.name: field for field in fields(record)}
    for attribute, said in get_type_hints(record, include_extras=True).items():
        is_field = attribute in defaults
        hint = get_args(said)[0] if get_origin(said) is ClassVar else said
        marks = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
        key = next((mark for mark in marks if isinstance(mark, Key)), None)
        if (is_field or key is not None) and (key := key or Key()).is_written:
            may_lack = is_field and (key.since != FIRST or key.is_optional or key.only)
            default = _default(defaults[attribute]) if may_lack else ...
            yield Entry(attribute, key.filed or hint, key, is_field, default=default)


def unwritten(record: type) -> dict[str, Any]:
    """Return the fields of a record that stand in no file, with what a reader gives them."""
    written_too = {entry.attribute for entry in entries(record)}
    return {field.name: _default(field) for field in fields(record) if field.name not in written_too}


def _default(field: Field[Any]) -> Any:
    """Return what a field has that a file may lack.

    Raises
    ------
    TypeError
        If it is declared without.
    """
    if field.default is not MISSING:
        return field.default
    if field.default_factory is not MISSING:
        return field.default_factory()
    raise TypeError(f"{field.name} may be missing in a file and has no default")


def is_record(hint: Any) -> bool:
    """Return whether a type is a record."""
    return isinstance(hint, type) and is_dataclass(hint)


def bare(hint: Any) -> tuple[Any, Form]:
    """Return a type without what is said of it, and its form."""
    if get_origin(hint) is not Annotated:
        return hint, Form()
    kind, *marks = get_args(hint)
    return kind, next((mark for mark in marks if isinstance(mark, Form)), Form())


def not_none(members: tuple[Any, ...]) -> Any:
    """Return what an optional value is when it is there."""
    return next(member for member in members if member is not type(None))


def described(record: T) -> T:
    """Add to the docstring of a record what its fields say: they are its parameters."""
    fields = (entry for entry in entries(record) if entry.is_field and entry.key.says)
    parameters = [f"{entry.attribute}\n    {entry.key.says}" for entry in fields]
    record.__doc__ = f"{record.__doc__}\n\nParameters\n----------\n" + "\n".join(parameters)
    return record
