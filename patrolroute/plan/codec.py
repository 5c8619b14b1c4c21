"""The codec of records: plain values and back, complaints and the JSON Schema, all from what records declare.

It knows neither a plan nor its records: what a record may say of its keys stands in `patrolroute.plan.declaration`.
pydantic checks and builds the records: it tells all complaints at once and prints a schema from the same description
(docs/architecture.md compares).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from operator import attrgetter
from types import UnionType
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin

from pydantic_core import PydanticCustomError, SchemaValidator, core_schema
from pydantic_core.core_schema import CoreSchema

from patrolroute.plan.declaration import WHOLE_MAX, Entry, Form, bare, entries, is_record, not_none, unwritten

Write: TypeAlias = Callable[[Any], Any]
"""Makes of a value what JSON can hold."""


def moment_text(moment: dt.datetime) -> str:
    """Write a moment as ISO 8601 with its offset."""
    return moment.isoformat(timespec="seconds")


def plain(record: Any) -> dict[str, Any]:
    """Return a record as lists, dictionaries, numbers and texts, key by key in the order of the file.

    A field in whose place the file holds something else (`Key.filed`) is left as it is, for the caller to replace.
    """
    own: type = type(record)
    columns = _columns(own, getattr(record, "kind", ""))
    return {
        name: value if write is None else write(value)
        for name, get, write, spared in columns
        if ((value := get(record)) and value not in spared) or not spared
    }


@cache
def _columns(record: type, kind: str) -> tuple[tuple[str, Write, Write | None, tuple[Any, ...]], ...]:
    """Return for each key that a record of a kind has what takes its value, and what writes it if JSON needs help.

    The last tells whether it is left out while it is empty.
    """
    return tuple(
        (
            entry.name,
            attrgetter(entry.attribute),
            None if entry.key.filed else _writer(entry.hint, entry.key.digits),
            (entry.default,) if entry.key.spares == "any" or (bool(kind) and entry.key.spares == kind) else (),
        )
        for entry in entries(record)
        if entry.key.only in ("", kind)
    )


def _writer(hint: Any, digits: int | None) -> Write | None:
    """Return what writes a value of a type, None if JSON holds it as it is; ``digits`` are the decimals of floats."""
    hint, _ = bare(hint)
    origin, members = get_origin(hint), get_args(hint)
    if hint is float and digits is not None:
        return partial(round, ndigits=digits)
    if origin in (Union, UnionType):
        write = _writer(not_none(members), digits)
        return None if write is None else _if_there(write)
    if origin is tuple:  # those of a fixed size hold one type too
        write = _writer(members[0], digits)
        return None if write is None else _each(write)
    return plain if is_record(hint) else _WRITERS.get(origin or hint)


def _if_there(write: Write) -> Write:
    return lambda value: None if value is None else write(value)


def _each(write: Write) -> Write:
    return lambda values: list(map(write, values))


_WRITERS: dict[Any, Write] = {dt.datetime: moment_text, dict: dict, Mapping: dict}


def validator(record: type) -> SchemaValidator:
    """Return what checks the plain values of a file and makes its fields of them, by key.

    Records inside are built; the outermost is not, since what stands beside the file is to be put in first. The time
    zone in which moments are wanted is the context of the validation.
    """
    return _validator(record)


@cache
def _validator(record: type) -> SchemaValidator:
    return SchemaValidator(_described(record))


def schema(record: type) -> dict[str, Any]:
    """Return the JSON Schema of a record's file."""
    from pydantic.json_schema import GenerateJsonSchema

    printed = GenerateJsonSchema().generate(_described(record), mode="validation")
    for kind, part in ((record, printed), *((kind, printed["$defs"][kind.__name__]) for kind in _inside(record))):
        part["description"] = str(kind.__doc__).partition("\n")[0]
        for entry in entries(kind):
            if entry.key.says:
                part["properties"][entry.name]["description"] = entry.key.says
    return printed


def schema_named(what: str, version: str) -> dict[str, Any]:
    """Return the beginning of a JSON Schema: the dialect, and the name by which other programs know this one."""
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": dialect, "$id": f"urn:patrolroute:schema:{what}:{version}"}


def _described(record: type) -> CoreSchema:
    fields = {
        entry.name: core_schema.typed_dict_field(_with_default(entry), required=entry.default is ...)
        for entry in entries(record)
    }
    outermost = core_schema.typed_dict_schema(fields)
    return core_schema.definitions_schema(outermost, [_record(kind) for kind in _inside(record)])


def _inside(record: type) -> tuple[type, ...]:
    """Return the records that a record holds, at any depth."""
    found = dict.fromkeys(kind for entry in entries(record) for kind in _records(entry.hint))
    return tuple(dict.fromkeys(kind for direct in found for kind in (direct, *_inside(direct))))


def _records(hint: Any) -> Iterator[type]:
    if is_record(hint):
        yield hint
    for member in get_args(hint):
        yield from _records(member)


def _record(record: type) -> CoreSchema:
    """Return how a record is built from its keys, what its properties say being held against its fields."""
    own = entries(record)
    keys = [
        core_schema.dataclass_field(
            entry.attribute, _with_default(entry), validation_alias=entry.name, init_only=not entry.is_field
        )
        for entry in own
    ]
    held, unfiled = tuple(entry for entry in own if entry.held), unwritten(record)
    is_outermost = not held and not unfiled
    built: CoreSchema = core_schema.dataclass_schema(
        record,
        core_schema.dataclass_args_schema(record.__name__, keys, collect_init_only=True),
        [entry.attribute for entry in own if entry.is_field],
        slots=hasattr(record, "__slots__"),
        ref=record.__name__ if is_outermost else None,
    )
    if unfiled:
        built = core_schema.no_info_after_validator_function(partial(_completed, unfiled), built)
    if is_outermost:
        return built
    return core_schema.no_info_wrap_validator_function(partial(_held, held), built, ref=record.__name__)


def _completed(unfiled: Mapping[str, Any], record: Any) -> Any:
    """Give a record what stands in no file."""
    for name, value in unfiled.items():
        object.__setattr__(record, name, value)
    return record


def _held(held: tuple[Entry, ...], values: Any, build: Callable[[Any], Any]) -> Any:
    """Refuse a record that says of itself what does not follow from its fields."""
    record = build(values)
    for entry in held:
        if entry.name not in values:  # it came later than this file
            continue
        said, follows = values[entry.name], getattr(record, entry.attribute)
        if said != follows:
            facts = {"name": entry.name, "said": said, "follows": follows, "held": entry.held}
            raise PydanticCustomError("not_held", "{name} {said} is not {follows}, {held}", facts)
    return record


def _with_default(entry: Entry) -> CoreSchema:
    read = _read(entry.hint)
    return read if entry.default is ... else core_schema.with_default_schema(read, default=entry.default)


def _read(hint: Any) -> CoreSchema:
    """Return how a value of a type is read."""
    hint, form = bare(hint)
    if is_record(hint):
        return core_schema.definition_reference_schema(hint.__name__)
    origin = get_origin(hint)
    return _LEAVES[hint](form) if origin is None else _CONTAINERS[origin](get_args(hint), form)


def _tuple(members: tuple[Any, ...], form: Form) -> CoreSchema:
    if members[-1] is not Ellipsis:
        return core_schema.tuple_schema([_read(member) for member in members])
    return core_schema.tuple_schema([_read(members[0])], variadic_item_index=0, min_length=form.at_least or None)


def _optional(members: tuple[Any, ...], _: Form) -> CoreSchema:
    return core_schema.nullable_schema(_read(not_none(members)))


def _mapping(members: tuple[Any, ...], _: Form) -> CoreSchema:
    return core_schema.dict_schema(core_schema.str_schema(strict=True), _read(members[1]))


def _word(members: tuple[Any, ...], _: Form) -> CoreSchema:
    return core_schema.literal_schema(list(members))


_CONTAINERS: dict[Any, Callable[[tuple[Any, ...], Form], CoreSchema]] = {
    tuple: _tuple, Union: _optional, UnionType: _optional, dict: _mapping, Mapping: _mapping, Literal: _word
}  # fmt: skip


def _whole(form: Form) -> CoreSchema:
    low = -WHOLE_MAX if form.low is None else int(form.low)
    high = WHOLE_MAX if form.high is None else int(form.high)
    return core_schema.int_schema(strict=True, ge=low, le=high)


def _number(form: Form) -> CoreSchema:
    return core_schema.float_schema(strict=True, ge=form.low, le=form.high, allow_inf_nan=False)


def _local(moment: dt.datetime, info: core_schema.ValidationInfo) -> dt.datetime:
    try:
        return moment.astimezone(info.context)
    except (OverflowError, ValueError):  # the first and the last year: the audit reports it
        return moment


MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d([.,]\d+)?)?([Zz]|[+-]\d\d(:?\d\d)?)?")
"""A moment as ISO 8601 writes it: pydantic alone would take any number for seconds since 1970."""


def _as_text(value: Any) -> Any:
    """Refuse a moment that is no text of a day and a time."""
    if isinstance(value, str) and MOMENT.fullmatch(value):
        return value
    raise PydanticCustomError("no_moment", "is no moment such as 2026-05-08T20:30:00+08:00")


def _moment(_: Form) -> CoreSchema:
    aware = core_schema.datetime_schema(tz_constraint="aware")
    return core_schema.with_info_after_validator_function(
        _local, core_schema.no_info_before_validator_function(_as_text, aware)
    )


_LEAVES: dict[Any, Callable[[Form], CoreSchema]] = {
    int: _whole,
    float: _number,
    str: lambda form: core_schema.str_schema(strict=True, pattern=form.pattern),
    bool: lambda _: core_schema.bool_schema(strict=True),
    dt.datetime: _moment,
    Any: lambda _: core_schema.any_schema(),
}
