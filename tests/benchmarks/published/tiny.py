"""Instances of the published forms, made up by hand and small enough to solve on paper."""

from __future__ import annotations

from pathlib import Path

from published import files, orienteering, profits
from published.general import GeneralRouting
from published.orienteering import Orienteering
from published.profits import ProfitRouting

TOP = "n 5\nm {crews}\ntmax 10.0\n0.0 0.0 0\n3.0 4.0 7\n3.0 0.0 5\n3.0 4.1 50\n6.0 0.0 0\n"
"""Point 1 is reached in a budget of exactly 10, point 3 in a little more; points 1 and 2 together take 12."""

UCARPP = """NUMBER: tiny.dat
NUMBER OF VERTICES: 3
NUMBER OF EDGES: 3
CAPACITY: 3
TIME LIMIT: 7
LIST OF EDGES:
(1,2) cost 2 demand 1 profit 5.00
(2,3) cost 2 demand 1 profit 7.00
(1,3) cost 3 demand 2 profit 4.00
DEPOT: 1
"""
"""All round takes 7, just the limit, but loads 4: one crew earns at most 12, two earn all 16."""

MCGRP = """Name:\t\ttiny
Optimal value:\t-1
#Vehicles:\t-1
Capacity:\t4
Depot Node:\t1
#Nodes:\t\t3
#Edges:\t\t1
#Arcs:\t\t2
#Required N:\t1
#Required E:\t1
#Required A:\t1

ReN.\tDEMAND\tS. COST
N3\t1\t1

ReE.\tFrom N.\tTo N.\tT. COST\tDEMAND\tS. COST
E1\t1\t2\t3\t2\t5

EDGE\tFROM N.\tTO N.\tT. COST

ReA.\tFROM N.\tTO N.\tT. COST\tDEMAND\tS. COST
A1\t2\t3\t2\t2\t4

ARC\tFROM N.\tTO N.\tT. COST
NrA1\t3\t1\t4
"""
"""One round costs 9 and loads 5; with a capacity of 4 the edge goes alone (6) and the others together (9)."""

MCGRPTW = """Name:\ttiny
Optimal value:\t-1
#Vehicles:\t-1
Capacity:\t5
Depot Node:\t1
#Nodes:\t3
#Edges:\t1
#Arcs:\t2
#Required N:\t1
#Required E:\t1
#Required A:\t1

ReN.\tDEMAND\tS. COST\tS. TIME\tB. TIME\tE. TIME
N3\t1\t0\t3\t0\t{last}

ReE.\tFrom N.\tTo N.\tT. COST\tDEMAND\tS. COST\tT. TIME\tS. TIME\tB. TIME\tE. TIME
E1\t1\t2\t3\t2\t3\t6\t1\t0\t9

EDGE\tFROM N.\tTO N.\tT. COST\tT. TIME

ReA.\tFrom N.\tTo N.\tT. COST\tDEMAND\tS. COST\tT. TIME\tS. TIME\tB. TIME\tE. TIME
A1\t2\t3\t2\t2\t2\t4\t1\t7\t7

ARC\tFROM N.\tTO N.\tT. COST\tT. TIME
NrA1\t3\t1\t4\t8
"""
"""The edge takes 6 + 1, so the arc starts at 7, its only moment, and takes 4 + 1, so the node starts at 12 at best."""


def top(folder: Path, crews: int = 1) -> Orienteering:
    path = folder / "p1.txt"
    path.write_text(TOP.format(crews=crews), encoding="ascii")
    return orienteering.read(path)


def ucarpp(folder: Path, crews: int = 1) -> ProfitRouting:
    path = folder / "tiny.dat"
    path.write_text(UCARPP, encoding="ascii")
    return profits.read(path, crews)


def mcgrp(folder: Path, text: str = MCGRP) -> GeneralRouting:
    path = folder / "tiny_t.dat"
    path.write_text(text, encoding="ascii")
    return files.read(path)
