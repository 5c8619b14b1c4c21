"""What pydantic complains of, in the house's words and both languages; tables in which a misspelt key is an error."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from patrolroute.base.chinese import in_chinese
from patrolroute.base.codes import ErrorCode, Fact, fact_of, plain
from patrolroute.base.errors import LONGEST_VALUE, Complaint, InputError, NightError, short

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

LONGEST_RULE = 400
"""Letters of a rule; a longer one repeats what somebody wrote."""

_UNION_MEMBER = re.compile(r"^(list|dict|tuple|function|lax|json|is-instance|constrained|nullable)\b|[\[\]()]|^path$")
"""Parts of a location that name a member of a union, not an entry of the file."""


_IN_CHINESE = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这一项，请检查拼写",
    "greater_than_equal": "不应小于 {ge}",
    "greater_than": "应大于 {gt}",
    "less_than_equal": "不应大于 {le}",
    "less_than": "应小于 {lt}",
    "too_short": "至少要有 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "literal_error": "应为 {expected} 之一",
    "string_too_short": "不应为空",
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "应为整数"),
    **dict.fromkeys(("float_type", "float_parsing"), "应为数字"),
    "finite_number": "应为有限的数字",
    **dict.fromkeys(("bool_type", "bool_parsing"), "应为 true 或 false"),
    **dict.fromkeys(("string_type", "path_type"), "应为文字，写在英文引号内"),
    **dict.fromkeys(("list_type", "tuple_type"), "应为列表，写在 [ ] 内"),
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type"), "应为一张表"),
    **dict.fromkeys(
        ("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"),
        "应为日期，如 2026-05-08",
    ),
}
"""The rules of pydantic in Chinese, by their types; those of the house's own models are in English."""

_PYDANTIC_CODES: Mapping[ErrorCode, tuple[str, ...]] = {
    "missing": ("missing", "string_too_short"),
    "unknown_entry": ("extra_forbidden",),
    "out_of_range": ("greater_than_equal", "greater_than", "less_than_equal", "less_than", "finite_number"),
    "empty": ("too_short",),
    "too_large": ("too_long", "string_too_long"),
    "not_one_of": ("literal_error", "enum"),
    "bad_time": (
        "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact", "datetime_parsing", "time_parsing",
        "datetime_from_date_parsing",
    ),
    "no_offset": ("timezone_aware",),
    "bad_text": ("string_pattern_mismatch",),
    "wrong_type": (
        "int_type", "int_parsing", "int_from_float", "float_type", "float_parsing", "bool_type", "bool_parsing",
        "string_type", "path_type", "list_type", "tuple_type", "dict_type", "mapping_type", "model_type", "date_type",
        "datetime_type", "model_attributes_type", "is_instance_of", "none_required", "frozen_instance",
    ),
}  # fmt: skip
"""What pydantic's own rules are about; those of the house's models have wordings of the house."""


def pydantic_sentences(
    error: ValidationError, source: str, *, hint: str = "", model: type[BaseModel] | None = None
) -> Iterator[Complaint]:
    """Turn each complaint of pydantic into one sentence.

    Parameters
    ----------
    error
        What pydantic raised.
    source
        The file, as a planner knows it.
    hint
        Said where an entry is unknown.
    model
        What was to be read; of an entry that is unknown the nearest one that it has is told.
    """
    for item in error.errors(include_url=False):
        where, value, near = _where(item["loc"]), _value(item["input"]), ""
        if item["type"] == "missing":
            value, rule = "", "is missing"
        elif item["type"] == "extra_forbidden":
            near = nearest_entry(model, item["loc"])
            value, rule = "", f"no such entry{f'; did you mean {near}?{hint[1:]}' if near else hint}"
        else:
            rule = _rule(item["msg"])
        parts = (source, where or "the file", value, rule)
        words = (
            source,
            where or "文件",
            value,
            (_rule_in_chinese(item) or in_chinese(rule) or rule) + (f"，是否为 {near}？" if near else ""),
        )
        path = tuple(step for step in item["loc"] if isinstance(step, int) or not _UNION_MEMBER.search(step))
        code = next((code for code, types in _PYDANTIC_CODES.items() if item["type"] in types), None)
        code = code or fact_of(rule, "rule").code
        fact = Fact(code, path, plain(item["input"]) if value else None)
        yield Complaint(": ".join(filter(None, parts)), zh="：".join(filter(None, words)), fact=fact)


def nearest_entry(model: type[BaseModel] | None, location: Sequence[int | str]) -> str:
    """Return the entry that a model has in place of one that it has not, empty if none is like it.

    Parameters
    ----------
    model
        What was to be read.
    location
        Where the unknown entry stands.
    """
    *way, last = location
    for step in way:
        if isinstance(step, str) and model is not None and step in (names := _entries(model)):
            model = _model_in(names[step])
    names = {} if model is None else _entries(model)
    return next(iter(difflib.get_close_matches(str(last).lower(), names, n=1, cutoff=_ALIKE)), "")


_ALIKE = 0.6
"""Likeness of two names of entries from which one may be a slip of the pen."""


def _entries(model: type[BaseModel]) -> dict[str, Any]:
    """Return the entries of a model by name, each with its type."""
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """Return the first model that a type names: of lists, of unions, of what may be left out."""
    if isinstance(annotation, type) and hasattr(annotation, "model_fields"):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part)) is not None), None)


def _where(location: tuple[int | str, ...]) -> str:
    """Write a location as a person counts: ``crews[1].start``."""
    kept = (part for part in location if isinstance(part, int) or not _UNION_MEMBER.search(part))
    named = (f"[{part + 1}]" if isinstance(part, int) else f".{part[:LONGEST_VALUE]}" for part in kept)
    return "".join(named).lstrip(".")


def _value(value: Any) -> str:
    """Repeat a short value; a table of entries says nothing."""
    if not isinstance(value, (str, int, float)):
        return ""
    return short(value, LONGEST_VALUE)


def _rule_in_chinese(item: ErrorDetails) -> str:
    """Return the rule that was broken in Chinese, empty where nobody has said it."""
    known = item.get("ctx", {}).items()
    facts = {name: f"{value:g}" if isinstance(value, float) else value for name, value in known}
    expected = str(facts.get("expected", "")).replace(" or ", "、").replace(", ", "、")
    return _IN_CHINESE.get(item["type"], "").format_map(facts | {"expected": expected})


def _rule(message: str) -> str:
    rule = message.removeprefix("Value error, ").removeprefix("Assertion failed, ")
    rule = rule.replace("tuple", "list").replace("Tuple", "List")  # JSON knows lists alone
    rule = rule if len(rule) <= LONGEST_RULE else f"{rule[:LONGEST_RULE]}…"
    return rule[:1].lower() + rule[1:]


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
        InputError
            With every entry that breaks a rule: of a night as `NightError`.
        """
        try:
            return super().__call__(*args, **entries)
        except ValidationError as error:
            raise cls.complains_as(pydantic_sentences(error, cls.__name__)) from None  # type: ignore[attr-defined]


class Strict(BaseModel, metaclass=_Made):
    """Frozen, and a misspelt key is an error rather than ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="A night's patrol")
    complains_as: ClassVar[type[InputError]] = NightError
