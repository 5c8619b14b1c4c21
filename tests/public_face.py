"""What is public, with every annotation that it shows: parameters, returns, properties, fields."""

from __future__ import annotations

import ast
import builtins
import dataclasses
import inspect
import sys
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any

import patrolroute as pr

MODULES = (pr, pr.campaigns, pr.metrics, pr.nights, pr.plots, pr.types)

MACHINERY = {
    "CampaignFolder.mend": "what a killed program left is finished by whoever writes next",
    "Metric.function": "how a measure is worked out, on arrays of the library's own",
    "Paths.times": "the compiled search for quickest ways",
    "SearchParams.knobs": "the settings as compiled functions take them",
}
"""Members of public classes that promise nothing to anybody outside."""

SPECIAL = ("__init__", "__call__", "__getitem__", "__iter__")
"""Methods that are called without being named."""


def public_names() -> dict[str, set[int]]:
    """Return the objects, by their ``id``, that each public name may mean."""
    found: dict[str, set[int]] = {}
    for module in MODULES:
        for name in module.__all__:
            found.setdefault(name, set()).add(id(getattr(module, name)))
    return found


def public_things() -> Iterator[tuple[str, Any]]:
    """Yield every public class and function once, by its name."""
    seen = set()
    for module in MODULES:
        for name in module.__all__:
            thing = getattr(module, name)
            if id(thing) not in seen and (inspect.isclass(thing) or inspect.isfunction(thing)):
                seen.add(id(thing))
                yield name, thing


@cache
def scope(module: str) -> dict[str, Any]:
    """Return what a module's annotations may name, what only type checkers import included."""
    found = dict(vars(sys.modules[module]))
    tree = ast.parse(Path(str(sys.modules[module].__file__)).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            for statement in node.body:
                if isinstance(statement, ast.Import | ast.ImportFrom):
                    exec(ast.unparse(statement), found)  # noqa: S102 - imports of the library's own
    return found


@dataclass(frozen=True)
class Shown:
    """An annotation that people see: where it stands, its text, the module that it is read in."""

    where: str
    text: str
    module: str

    def named(self) -> Iterator[tuple[str, Any]]:
        """Yield each name in it and what it means; words of a `Literal` and notes of an `Annotated` are none."""
        for name in _names(ast.parse(self.text, mode="eval").body):
            yield name, eval(name, scope(self.module))  # noqa: S307 - a name of the library's own


def _names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Subscript) and (head := ast.unparse(node.value)) in ("Annotated", "Literal"):
        if head == "Annotated":
            yield from _names(node.slice.elts[0])
    elif isinstance(node, ast.Name | ast.Attribute):
        yield ast.unparse(node)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from _names(ast.parse(node.value, mode="eval").body)
    else:
        for child in ast.iter_child_nodes(node):
            yield from _names(child)


def methods_of(kind: type) -> Iterator[tuple[str, FunctionType]]:
    """Yield the public methods and properties of a class, those that it has from another of ours included."""
    for base in kind.__mro__:
        for name, value in vars(base).items() if base.__module__.startswith("patrolroute") else ():
            if name.startswith("_") and (name not in SPECIAL or (name == "__init__" and is_made_up(base))):
                continue
            inner = next((getattr(value, hull) for hull in ("fget", "func", "__func__") if hasattr(value, hull)), value)
            if inspect.isfunction(inner) and inner.__module__.startswith("patrolroute"):
                yield name, inner


def is_made_up(kind: type) -> bool:
    """Return whether nobody wrote the class' ``__init__``: it has its fields' annotations."""
    return dataclasses.is_dataclass(kind) or hasattr(kind, "_fields")


def shown_by(name: str, thing: Any) -> Iterator[Shown]:
    """Yield every annotation that a public class or function shows."""
    if inspect.isfunction(thing):
        yield from (Shown(f"{name}({given})", text, thing.__module__) for given, text in thing.__annotations__.items())
        return
    for base in thing.__mro__ if inspect.isclass(thing) else ():
        if base.__module__.startswith("patrolroute"):
            for field, hint in inspect.get_annotations(base).items():
                text = hint.__forward_arg__ if isinstance(hint, typing.ForwardRef) else hint
                if not field.startswith("_") and f"{name}.{field}" not in MACHINERY:
                    yield Shown(f"{name}.{field}", text, base.__module__)
    for method, function in methods_of(thing):
        for given, text in function.__annotations__.items():
            if f"{name}.{method}" not in MACHINERY:
                yield Shown(f"{name}.{method}({given})", text, function.__module__)


def is_ours(name: str, value: Any) -> bool:
    """Return whether a name is the library's: no builtin, none of another library, no stand-in for a type."""
    if hasattr(builtins, name) or isinstance(value, typing.TypeVar) or "." in name:
        return False
    home = getattr(value, "__module__", "")
    is_itself = getattr(value, "__name__", getattr(value, "_name", "")) == name
    return not (is_itself and not str(home).startswith("patrolroute"))
