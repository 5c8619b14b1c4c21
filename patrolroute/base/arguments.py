"""What public functions are called with: values of other types than they take are refused, all at once.

`checked` reads a function's annotations as they are written, so that it imports nothing: a name that only type checkers
import is compared with the names of a value's classes. It looks at types alone. Ranges, names and what belongs together
are the function's own to judge, and so is whatever has a better sentence there (``but``).
"""

from __future__ import annotations

import ast
import builtins
import datetime as dt
import inspect
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import InitVar, dataclass
from difflib import get_close_matches
from functools import cache, partial, wraps
from numbers import Integral, Real
from typing import Annotated, Any, Literal, Protocol, TypeVar, Union, cast, get_args, get_origin, overload

import numpy as np

from patrolroute.base.codes import Fact, plain, steps_of
from patrolroute.base.errors import ArgumentError, Complaint, short

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

ALL = (list, tuple, set, frozenset)
"""Lists whose entries can be looked at without using them up."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a value may be.

    Parameters
    ----------
    fits
        Whether it is.
    said
        In words, such as ``a number``.
    entry
        What each entry of a list may be; None where it is no list, or any.
    """

    fits: Callable[[Any], bool]
    said: str
    entry: Kind | None = None


def _is(value: Any, numbers: type) -> bool:
    """Return whether a value is a number of any library's, not a truth."""
    return isinstance(value, numbers) and not isinstance(value, bool)


ANYTHING = Kind(lambda _: True, "anything")
_MORE = Kind(lambda _: True, "any more")
_NOTHING = Kind(lambda value: value is None, "None")
_PLAIN: Mapping[object, Kind] = {
    int: Kind(lambda value: type(value) is int or _is(value, Integral), "a whole number"),  # the quick look first
    float: Kind(lambda value: type(value) is float or _is(value, Real), "a number"),
    str: Kind(lambda value: isinstance(value, str), "a text"),
    bool: Kind(lambda value: isinstance(value, bool | np.bool_), "True or False"),
    dt.datetime: Kind(lambda value: isinstance(value, dt.datetime), "a datetime"),
    dt.date: Kind(lambda value: isinstance(value, dt.date), "a date"),
    object: ANYTHING,
    Any: ANYTHING,
    type(None): _NOTHING,
    None: _NOTHING,
    ...: _MORE,
}


class _Every(Collection[str]):
    """Every name there is."""

    def __contains__(self, _: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


OWN: Collection[str] = _Every()
"""All fields: the class judges each of them itself, and only what is missing or unknown is left to look at."""


@overload
def checked(function: F) -> F: ...
@overload
def checked(*, but: Collection[str]) -> Callable[[F], F]: ...
def checked(function: F | None = None, *, but: Collection[str] = ()) -> F | Callable[[F], F]:
    """Let a function refuse what is of another type than its annotations say.

    Parameters
    ----------
    function
        A function, or a method below ``@classmethod``.
    but
        Parameters of which the function itself says better what they should be.

    Raises
    ------
    ArgumentError
        When the function is called, with every such value, everything that is missing and every option that there is
        none of.

    Examples
    --------
    >>> @checked
    ... def drive(metres: int, *, by: str = "car") -> int:
    ...     return metres
    >>> drive("far", by=7)
    Traceback (most recent call last):
    ...
    patrolroute.base.errors.ArgumentError: drive: metres 'far' is a str, not a whole number
    drive: by 7 is an int, not a text
    """
    if function is None:
        return lambda given: _checked(given, but)
    return _checked(function, but)


def _checked(function: F, but: Collection[str]) -> F:
    @wraps(function)
    def call(*args: Any, **options: Any) -> Any:
        if not _is_right(function, but, args, options) and (wrong := list(_wrong(function, but, args, options))):
            raise ArgumentError(wrong)
        return function(*args, **options)

    return cast("F", call)


def checked_fields(kind: type[T] | None = None, *, but: Collection[str] = ()) -> Any:
    """Let a record refuse fields of other types than it declares, as `checked` does; goes above ``@dataclass``.

    Parameters
    ----------
    kind
        A class made of its fields.
    but
        Fields of which the class itself says better what they should be.
    """
    if kind is None:
        return partial(checked_fields, but=but)
    made = _checked(vars(kind)["__init__"], but)
    made.__qualname__ = kind.__name__
    setattr(kind, "__init__", made)  # noqa: B010 - a type checker would take it for a method's
    return kind


def _is_right(
    function: Callable[..., Any], but: Collection[str], args: Sequence[Any], options: Mapping[str, Any]
) -> bool:
    """Return whether a call is surely right: the quick look before the close one."""
    by_place, names, needed, _ = _parameters(function)
    if len(args) > len(by_place) or len(args) + len(options) < len(needed):
        return False
    given = dict(zip(by_place, args, strict=False))
    given.update(options)
    kinds = _kinds(function)
    for name, value in given.items():
        if name not in names or (name not in but and name in kinds and not _is_of(value, kinds[name])):
            return False
    return all(name in given for name in needed)


def _is_of(value: Any, kind: Kind) -> bool:
    if not kind.fits(value):
        return False
    entry = kind.entry
    return entry is None or not isinstance(value, ALL) or all(_is_of(one, entry) for one in value)


def _wrong(
    function: Callable[..., Any], but: Collection[str], args: Sequence[Any], options: Mapping[str, Any]
) -> Iterator[Complaint]:
    """Yield what is wrong with the arguments of a call."""
    by_place, names, needed, has_more = _parameters(function)
    name, kinds = function.__qualname__.removesuffix(".__init__"), _kinds(function)
    if by_place and by_place[-1].startswith("*"):  # any number of things
        several = by_place[-1][1:]
        yield from misfits(name, several, args[len(by_place) - 1 :], Kind(_is_list, "a list", kinds.get(several)))
        args, by_place = args[: len(by_place) - 1], by_place[:-1]
    if len(args) > len(by_place):
        yield _complaint(name, f"takes {len(by_place)} things by their place, not {len(args)}", "more", "unknown_entry")
    given = {**dict(zip(by_place, args, strict=False)), **options}
    for one in given:
        if one not in names and not has_more:
            near = get_close_matches(one, names, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            yield _complaint(name, f"there is no option {one}{hint}", one, "unknown_entry")
    for one in needed:
        if one not in given:
            yield _complaint(name, f"{one} is not given", one, "missing")
    for one, value in given.items():
        if one in kinds and one not in but:
            yield from misfits(name, one, value, kinds[one])


def _complaint(name: str, rule: str, argument: str, code: Literal["missing", "unknown_entry"]) -> Complaint:
    return Complaint(f"{name}: {rule}", fact=Fact(code, (argument,)))


def misfits(thing: str, name: str, value: Any, kind: Kind) -> Iterator[Complaint]:
    """Yield if a value is not of its kind, or which entries of it are not.

    Parameters
    ----------
    thing, name
        What holds the value, and what the value is called there.
    value, kind
        Anything, and what it may be.
    """
    if not kind.fits(value):
        said = f"{thing}: {name} {short(value)} is {_a(type(value).__name__)}, not {kind.said}"
        yield Complaint(said, fact=Fact("wrong_type", steps_of(name), plain(value)))
    elif kind.entry is not None and isinstance(value, ALL):
        for number, entry in enumerate(value, start=1):
            yield from misfits(thing, f"{name}[{number}]", entry, kind.entry)


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiouAEIOU" else f"a {noun}"


@cache
def _parameters(function: Callable[..., Any]) -> tuple[list[str], frozenset[str], list[str], bool]:
    """Return the parameters given by place, all, those that must be given, and whether any others may be."""
    parameters = list(inspect.signature(function).parameters.values())
    by_place = [one.name for one in parameters if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)]
    by_place += [f"*{one.name}" for one in parameters if one.kind is one.VAR_POSITIONAL]
    named = [one for one in parameters if one.kind not in (one.VAR_KEYWORD, one.VAR_POSITIONAL)]
    needed = [one.name for one in named if one.default is one.empty]
    handed_on = [_handed_on(function, one.name) for one in parameters if one.kind is one.VAR_KEYWORD]
    names = frozenset(one.name for one in named).union(*filter(None, handed_on))
    return by_place, names, needed, None in handed_on


def _handed_on(function: Callable[..., Any], options: str) -> Collection[str] | None:
    """Return the options that a function hands on, where it says which: ``**options: Unpack[Those]``."""
    text = function.__annotations__.get(options, "")
    named = function.__globals__.get(text.removeprefix("Unpack[").removesuffix("]"))
    return None if named is None else list(named.__annotations__)


@cache
def _kinds(function: Callable[..., Any]) -> dict[str, Kind]:
    """Return what each annotated parameter may be."""
    known = function.__globals__
    texts = {name: text for name, text in function.__annotations__.items() if isinstance(text, str)}
    return {name: kind_of(text, known) for name, text in texts.items() if name != "return"}


def kind_of(text: str, known: Mapping[str, Any]) -> Kind:
    """Return what an annotation lets a value be.

    Parameters
    ----------
    text
        The annotation as it is written.
    known
        What its names mean; of others values are told by the names of their classes.

    Examples
    --------
    >>> kind_of("int | str | None", {}).said
    'a whole number, a text or None'
    >>> kind_of("PatrolPlan", {}).fits(7)
    False
    """
    return _read(ast.parse(text, mode="eval").body, known)


def _read(node: ast.expr, known: Mapping[str, Any]) -> Kind:
    if isinstance(node, ast.BinOp):
        return _any_of([_read(node.left, known), _read(node.right, known)])
    if isinstance(node, ast.Constant):
        return kind_of(node.value, known) if isinstance(node.value, str) else _PLAIN.get(node.value, ANYTHING)
    if isinstance(node, ast.Subscript):
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        head = _meaning(node.value, known)
        if head is Literal:
            return _PLAIN[str]
        return _of_parts(head, [_read(part, known) if part.__class__ is not ast.List else ANYTHING for part in inner])
    return _of(_meaning(node, known))


def _meaning(node: ast.expr, known: Mapping[str, Any]) -> Any:
    """Return what a name means, or the name itself where only type checkers know it."""
    name, *rest = ast.unparse(node).split(".")
    found = known.get(name, getattr(builtins, name, None))
    for part in rest:
        found = getattr(found, part, None)
    return (rest or [name])[-1] if found is None and name != "None" else found


def _of(hint: Any) -> Kind:
    """Return what a type, an alias or a bare name lets a value be."""
    if isinstance(hint, TypeVar):
        return _of(hint.__bound__)
    if (origin := get_origin(hint)) is Literal:
        return _PLAIN[str]
    if origin is not None:
        return _of_parts(origin, [_of(part) for part in get_args(hint)])
    return ANYTHING if isinstance(hint, list) else _PLAIN.get(hint) or _of_class(hint)


def _of_class(hint: Any) -> Kind:
    if isinstance(hint, str):  # told by its name
        return Kind(lambda value: hint in {base.__name__ for base in type(value).__mro__}, _a(hint))
    if not isinstance(hint, type):
        return ANYTHING
    if issubclass(hint, Protocol):
        asked = [name for name in vars(hint) if not name.startswith("_")]
        return Kind(lambda value: all(hasattr(value, name) for name in asked), _a(hint.__name__))
    if issubclass(hint, Iterable) and hint.__module__ in ("collections.abc", "builtins"):
        return _of_parts(hint, [])
    return Kind(lambda value: isinstance(value, hint), _a(hint.__name__))


def _of_parts(head: Any, parts: list[Kind]) -> Kind:
    """Return what a list, a table or a union of other kinds lets a value be."""
    if getattr(head, "__name__", head) in ("Union", "UnionType") or head is Union:
        return _any_of(parts)
    if head in (InitVar, Annotated):
        return parts[0]
    if head is Callable or head == "Callable":
        return Kind(callable, "a function")
    if not isinstance(head, type) or issubclass(head, np.ndarray):
        return ANYTHING
    return _of_list(head, parts) if issubclass(head, Iterable) else _of_class(head)


def _of_list(head: type, parts: list[Kind]) -> Kind:
    if issubclass(head, Mapping):
        return Kind(lambda value: isinstance(value, Mapping), "a dict")
    if head is tuple and parts and _MORE not in parts:
        count, entry = len(parts), parts[0] if len({part.said for part in parts}) == 1 else None
        return Kind(lambda value: isinstance(value, Sequence) and len(value) == count, f"a list of {count}", entry)
    said = {part.said for part in parts if part is not _MORE}
    return Kind(_is_list, "a list", parts[0] if len(said) == 1 and parts[0] is not ANYTHING else None)


def _is_list(value: Any) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping)


def _any_of(kinds: list[Kind]) -> Kind:
    """Return what lets a value be one of several kinds; entries are looked at where only one of them is a list."""
    if ANYTHING in kinds:
        return ANYTHING
    entries = [kind.entry for kind in kinds if kind.entry is not None]
    said = list(dict.fromkeys(part for kind in kinds for part in kind.said.replace(" or ", ", ").split(", ")))
    words = " or ".join(filter(None, (", ".join(said[:-1]), said[-1])))
    return Kind(lambda value: any(kind.fits(value) for kind in kinds), words, entries[0] if len(entries) == 1 else None)
