"""The structure of the library in figures: ``python docs/structure.py``, from the root of a checkout.

A module is a file under ``patrolroute/``. It is a single-importer module if one other module imports it and no public
name lives in it. A circle is a set of modules of one room that import each other, imports inside functions counted,
those for types alone not. A door of a room is a module that another room imports. With ``--follow`` three calls are
run as well, and the modules whose functions ran are counted: what a newcomer opens to follow them.
"""

from __future__ import annotations

import argparse
import ast
import os
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

PACKAGE = "patrolroute"
SMALL = 40
"""Lines below which a module is hardly a chapter."""

LARGE = 400
"""Lines above which it is a heap."""


def modules_of(root: Path) -> dict[str, Path]:
    """Map the dotted name of each module to its file."""
    found = {}
    for path in sorted((root / PACKAGE).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports_of(path: Path, modules: Mapping[str, Path]) -> set[str]:
    """Return the modules that a file imports anywhere, those for types alone left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    found = set()
    for node in ast.walk(tree):
        if id(node) in typing:
            continue
        if isinstance(node, ast.ImportFrom) and node.module:
            named = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in modules else node.module for name in named}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found & set(modules)


def graph_of(root: Path) -> dict[str, set[str]]:
    """Map each module to those that it imports."""
    modules = modules_of(root)
    return {name: imports_of(path, modules) - {name} for name, path in modules.items()}


def room_of(module: str) -> str:
    """Return the room in which a module stands: the package below the top one, or the module itself."""
    return module.split(".")[1] if "." in module else module


def circles_of(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """Return the circles inside rooms, each sorted."""
    import networkx as nx

    within = nx.DiGraph(
        (name, other) for name, others in graph.items() for other in others if room_of(name) == room_of(other)
    )
    return sorted(sorted(part) for part in nx.strongly_connected_components(within) if len(part) > 1)


def doors_of(graph: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Map each room to its modules that other rooms import."""
    doors = defaultdict(set)
    for name, others in graph.items():
        for other in others:
            if room_of(name) != room_of(other) and name != PACKAGE:
                doors[room_of(other)].add(other)
    return dict(doors)


def figures(root: Path) -> Iterator[tuple[str, object]]:
    """Yield the figures of a checkout, each with its name."""
    modules, graph = modules_of(root), graph_of(root)
    lines = {name: path.read_text(encoding="utf-8").count("\n") for name, path in modules.items()}
    public = imports_of(modules[PACKAGE], modules) | _homes(modules[PACKAGE])
    importers = Counter(other for name, others in graph.items() if name != PACKAGE for other in others)
    rooms = [name for name in modules if modules[name].name != "__init__.py"]
    yield "modules", len(modules)
    yield "modules without package heads", len(rooms)
    yield "lines", sum(lines.values())
    yield "single-importer modules", sum(importers[name] == 1 and name not in public for name in rooms)
    yield f"modules below {SMALL} lines", sum(lines[name] < SMALL for name in rooms)
    yield f"modules above {LARGE} lines", sum(lines[name] > LARGE for name in rooms)
    circles = circles_of(graph)
    yield "circles inside rooms", len(circles)
    yield "modules in the largest circle", max(map(len, circles), default=0)
    doors = doors_of(graph)
    yield "most doors of a room", max((len(found), room) for room, found in doors.items())


def _homes(head: Path) -> set[str]:
    """Return the modules in which the package head says that public names live."""
    tree = ast.parse(head.read_text(encoding="utf-8"))
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {f"{PACKAGE}.{text}" for text in texts}


def followed(call: Callable[[], Any]) -> set[str]:
    """Run something, and return the modules of the library whose functions ran."""
    seen: set[str] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and str(frame.f_globals.get("__name__", "")).startswith(f"{PACKAGE}."):
            seen.add(frame.f_globals["__name__"])

    sys.setprofile(note)
    try:
        call()
    finally:
        sys.setprofile(None)
    return seen


def _command_line() -> Callable[[list[str]], int]:
    """Return the command line's door, which stood in the package's head before it had commands of its own."""
    from importlib import import_module

    for name in ("patrolroute.cli.commands", "patrolroute.cli"):
        try:
            return import_module(name).main  # type: ignore[no-any-return]
        except (ImportError, AttributeError):
            continue
    raise SystemExit("there is no command line")


def follow(folder: Path) -> Iterator[tuple[str, set[str]]]:
    """Yield three calls, and the modules that each runs through."""
    import patrolroute as pr

    main = _command_line()

    data = Path(pr.__file__).parent / "data"
    night = pr.read_night(pr.bundled_night())
    problem = pr.NightRun(night, data).problem()
    pr.solve(problem, work_limit=1)
    yield "solve", followed(lambda: pr.solve(problem, work_limit=50, threads=1))
    os.environ["PATROLROUTE_CACHE"] = str(folder / "empty")  # a map that was built before would only be read
    yield "from_file", followed(lambda: pr.RoadNetwork.from_file(data / "huainan.osm.gz"))
    words = ["plan", str(data / "night.toml"), "-o", str(folder / "out"), "--work-limit", "50"]
    yield "plan night.toml", followed(lambda: main(words))


def main() -> None:
    """Print the figures, and with ``--follow`` the modules behind three calls."""
    parser = argparse.ArgumentParser(description="The structure of the library in figures.")
    parser.add_argument("--root", type=Path, default=Path.cwd(), help="the checkout")
    parser.add_argument("--circles", action="store_true", help="name the circles and the doors")
    parser.add_argument("--follow", action="store_true", help="run three calls and count the modules behind them")
    asked = parser.parse_args()
    for name, value in figures(asked.root):
        print(f"{name}: {value}")
    if asked.circles:
        graph = graph_of(asked.root)
        print(*(" ".join(circle) for circle in circles_of(graph)), sep="\n")
        for room, doors in sorted(doors_of(graph).items()):
            print(f"{room}: {len(doors)} doors: {', '.join(sorted(doors))}")
    if asked.follow:
        with tempfile.TemporaryDirectory() as folder:
            os.environ.setdefault("PATROLROUTE_CACHE", str(Path(folder) / "cache"))
            for name, seen in follow(Path(folder)):
                print(f"{name}: {len(seen)} modules: {', '.join(sorted(seen))}")


if __name__ == "__main__":
    main()
