"""How the house stands: inside a room modules import one another in one direction only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[1] / "patrolroute"
ROOMS = sorted(folder.name for folder in HOUSE.iterdir() if (folder / "__init__.py").exists())


def modules(room: str) -> dict[str, Path]:
    """Return the modules of a room by name, those of rooms inside it included."""
    found = {}
    for path in (HOUSE / room).rglob("*.py"):
        parts = path.relative_to(HOUSE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield everything in a module that runs, function bodies included; what only types need does not run."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            for other in child.orelse:
                yield other
                yield from statements(other)
            continue
        yield child
        yield from statements(child)


def imported(path: Path, known: set[str]) -> set[str]:
    """Return which of the known modules a module imports, at its top or inside a function."""
    found = set()
    for statement in statements(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(statement, ast.Import):
            found.update(alias.name for alias in statement.names)
        if isinstance(statement, ast.ImportFrom) and statement.module:
            below = {f"{statement.module}.{alias.name}" for alias in statement.names}
            found |= below & known
            if below - known:  # a name of the module itself
                found.add(statement.module)
    return found & known


@pytest.mark.parametrize("room", ROOMS)
def test_no_modules_of_a_room_import_one_another_in_a_circle(room: str):
    known = modules(room)
    graph = {name: imported(path, set(known)) - {name} for name, path in known.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"{room}: {' -> '.join(reversed(error.args[1]))}")


def test_imports_inside_functions_count_and_those_of_types_do_not(tmp_path: Path):
    module = tmp_path / "module.py"
    needed_by_types = "if TYPE_CHECKING:\n    from b import two\n"
    module.write_text(f"from a import one\n{needed_by_types}\ndef run():\n    from c import three\n    import d\n")
    assert imported(module, {"a", "b", "c", "d"}) == {"a", "c", "d"}
    module.write_text("from a import b\n")
    assert imported(module, {"a", "a.b"}) == {"a.b"}


MOST_DOORS = 12
"""A room that others enter by more doors than a dozen is no room."""


def test_every_room_has_at_most_a_dozen_doors():
    known = {name: path for room in ROOMS for name, path in modules(room).items()}
    doors: dict[str, set[str]] = {room: set() for room in ROOMS}
    for name, path in known.items():
        for other in imported(path, set(known)):
            if other.split(".")[1] != name.split(".")[1]:
                doors[other.split(".")[1]].add(other)
    assert {room: sorted(found) for room, found in doors.items() if len(found) > MOST_DOORS} == {}
