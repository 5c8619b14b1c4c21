"""Reading the files of mixed general routing, with and without windows: a head, then five tables with named columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from published.case import Reference, read_number, read_rows
from published.general import GeneralRouting, Item
from published.ways import Link

REFERENCES = "reference.csv"
PROVEN_GAP = 1e-6
"""A solver's relative gap up to which a value counts as proven: its own rounding."""

ROW = re.compile(r"(NrE|NrA|N|E|A)\d+$")
REQUIRED, KINDS = ("N", "E", "A"), ("N", "E", "A", "NrE", "NrA")
COUNTS = {
    "#Required N": ("N",),
    "#Required E": ("E",),
    "#Required A": ("A",),
    "#Edges": ("E", "NrE"),
    "#Arcs": ("A", "NrA"),
}
ANY_NUMBER = -1

Row = dict[str, str]


def read(path: Path, reference: Reference | None = None) -> GeneralRouting:
    """Read a file.

    Raises
    ------
    ValueError
        If a table is not as long as the head says, or times are no multiple of the costs, so that the quickest way need
        not be the cheapest.
    """
    lines = [line.strip() for line in path.read_text(encoding="latin-1").splitlines() if line.strip()]
    head = {word.strip(): value.strip() for word, _, value in (line.partition(":") for line in lines)}
    try:
        tables = _tables(lines, head)
        links, times = _all_links(tables, "T. COST"), _all_links(tables, "T. TIME")
        items = tuple(_item(kind, row) for kind in REQUIRED for row in tables[kind])
        numbers = {word: int(head[word]) for word in ("#Nodes", "Capacity", "#Vehicles")}
        depot = int(head.get("Depot Node") or head["Depot"])
    except (KeyError, ValueError) as error:
        raise ValueError(f"{path.name}: {error}") from error
    if len({Fraction(time, cost) for (*_, time), (*_, cost) in zip(times, links, strict=False)}) > 1:
        raise ValueError(f"{path.name}: times are no multiple of costs; the quickest way need not be the cheapest")
    vehicles = None if numbers["#Vehicles"] == ANY_NUMBER else numbers["#Vehicles"]
    return GeneralRouting(
        path.stem.removesuffix("_t"), numbers["#Nodes"], depot, numbers["Capacity"], items, links, times, vehicles,
        reference,
    )  # fmt: skip


def _tables(lines: list[str], head: dict[str, str]) -> dict[str, list[Row]]:
    """Sort the rows by kind, each with the names that its table's first line gives."""
    tables: dict[str, list[Row]] = {kind: [] for kind in KINDS}
    names: list[str] = []
    for line in lines:
        cells = [cell.strip() for cell in line.split("\t")]
        if match := ROW.match(cells[0]):
            tables[match[1]].append(dict(zip(names, cells, strict=True)) | {"NAME": cells[0]})
        else:
            names = [cell.upper() for cell in cells]
    for word, kinds in COUNTS.items():
        if (count := sum(len(tables[kind]) for kind in kinds)) != int(head[word]):
            raise ValueError(f"{word} says {head[word]}, there are {count}")
    return tables


def _all_links(tables: dict[str, list[Row]], column: str) -> tuple[Link, ...]:
    return tuple(
        (*ends, read_number(row[column], row["NAME"]))
        for kind in ("E", "NrE", "A", "NrA")
        for row in tables[kind]
        if column in row
        for ends in _directions(kind, row)
    )


def _directions(kind: str, row: Row) -> tuple[tuple[int, int], ...]:
    ends = int(row["FROM N."]), int(row["TO N."])
    return (ends, ends[::-1]) if kind.endswith("E") else (ends,)


def _item(kind: str, row: Row) -> Item:
    name, is_node = row["NAME"], kind == "N"
    ends = (int(name[1:]),) * 2 if is_node else (int(row["FROM N."]), int(row["TO N."]))
    demand, cost = int(row["DEMAND"]), 0 if is_node else int(row["T. COST"])
    if "B. TIME" not in row:
        return Item(name, ends, kind == "E", demand, cost)
    time = int(row["S. TIME"]) + (0 if is_node else int(row["T. TIME"]))
    return Item(name, ends, kind == "E", demand, cost, time, (int(row["B. TIME"]), int(row["E. TIME"])))


def read_folder(folder: Path) -> list[GeneralRouting]:
    """Read all instances in a folder and below, with the values of others beside them."""
    known = dict(_references(folder / REFERENCES))
    return [read(path, known.get(path.stem.removesuffix("_t"))) for path in sorted(folder.rglob("*.dat"))]


def _references(path: Path) -> Iterator[tuple[str, Reference]]:
    """Read a table of targets, or of a solver's bounds; ``null`` says that it found nothing."""
    for row in read_rows(path):
        if "target" in row:
            yield row["instance"], Reference(float(row["target"]))
        elif row["UB"] != "null":
            yield row["Instance Name"], Reference(float(row["UB"]), is_proven=float(row["gap"]) <= PROVEN_GAP)
