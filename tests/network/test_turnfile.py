"""The table of turns as a file: what is written is read back, and each broken line is named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from patrolroute.base.errors import MapError
from patrolroute.network.road import RoadNetwork
from patrolroute.network.speeds import FORBIDDEN, TurnCosts, Turns, with_turns
from patrolroute.network.turns import HEADER, read_turns, to_turns_bytes, turns_beside
from tests.network.by_hand import Road, build, turning_networks

PATH = Path("map.turns.csv")
FIRST = ",".join(HEADER)

NODES = {1: (0.0, 0.0), 2: (100.0, 0.0), 3: (200.0, 0.0), 4: (100.0, 100.0)}
PLAIN = build(NODES, [Road(1, 2), Road(2, 3), Road(2, 4)])
"""Three streets that meet at 2."""


def arc(tail: int, head: int) -> int:
    return PLAIN.arc_index[tail, head, 0]


def table(*rows: str) -> bytes:
    return "\n".join([FIRST, *rows, ""]).encode()


def read(*rows: str) -> Turns:
    turns = read_turns(PLAIN, table(*rows), PATH).turns
    assert turns is not None
    return turns


def complaints(content: bytes) -> tuple[str, ...]:
    """Return the sentences that a table is refused with; each names the file."""
    with pytest.raises(MapError) as caught:
        read_turns(PLAIN, content, PATH)
    assert all(said.startswith("map.turns.csv") for said in caught.value.complaints)
    return caught.value.complaints


def at_stop(network: RoadNetwork) -> int:
    """Return what turning round takes elsewhere: the median of the U-turns listed, never if all are forbidden."""
    assert network.turns is not None
    pairs = network.turns.known.items()
    back = [seconds for (one, two), seconds in pairs if network.reverse[one] == two]
    taken = [seconds for seconds in back if seconds > 0]
    return int(np.median(taken)) if taken else FORBIDDEN if back else 0


@given(turning_networks())
def test_what_is_written_is_read_back(network: RoadNetwork):
    assert network.turns is not None
    bare = replace(network, turns=None)
    again = read_turns(bare, to_turns_bytes(network), PATH)
    assert again.turns == replace(network.turns, u_turn_s=at_stop(network))
    assert replace(again, turns=None).fingerprint == bare.fingerprint


@given(turning_networks())
def test_equal_tables_give_equal_bytes(network: RoadNetwork):
    content = to_turns_bytes(network)
    assert to_turns_bytes(read_turns(network, content, PATH)) == content


def test_the_table_is_written_as_it_is_described():
    turns = Turns(
        np.array([arc(1, 2), arc(1, 2), arc(1, 2)]),
        np.array([arc(2, 1), arc(2, 3), arc(2, 4)]),
        np.array([20, 1, FORBIDDEN]),
        ((arc(1, 2), arc(2, 3), arc(3, 2), arc(2, 4)),),
    )
    assert to_turns_bytes(replace(PLAIN, turns=turns)).decode().splitlines() == [
        "from_arc,to_arc,seconds,via",
        "1 2 0,2 1 0,20,",
        "1 2 0,2 3 0,1,",
        "1 2 0,2 4 0,forbidden,",
        "1 2 0,2 4 0,forbidden,2 3 0;3 2 0",
    ]


def test_a_network_without_turns_is_a_table_without_rows():
    assert to_turns_bytes(PLAIN).decode() == FIRST + "\n"
    assert read() == Turns(np.array([]), np.array([]), np.array([]))


def test_rows_stand_in_any_order_and_a_chain_may_be_listed_twice():
    chain = "1 2 0,2 4 0,forbidden,2 3 0;3 2 0"
    assert read("1 2 0,2 4 0,5,", chain, "1 2 0,2 3 0,1,") == read(chain, "1 2 0,2 3 0,1,", chain, "1 2 0,2 4 0,5,")


def test_a_table_may_come_from_a_spreadsheet():
    row = "1 2 0,2 4 0,5,"
    assert read_turns(PLAIN, b"\xef\xbb\xbf" + table(row).replace(b"\n", b"\r\n"), PATH).turns == read(row)


def test_turning_round_at_a_stop_takes_what_it_takes_elsewhere():
    """The median of 8, 10 and 30 s; those that are forbidden and other turns do not count."""
    rows = ["1 2 0,2 1 0,8,", "3 2 0,2 3 0,30,", "4 2 0,2 4 0,forbidden,", "2 3 0,3 2 0,10,", "1 2 0,2 4 0,5,"]
    assert read(*rows).u_turn_s == 10
    assert read("1 2 0,2 4 0,5,").u_turn_s == 0


def test_the_table_belongs_to_the_file_with_its_name():
    assert turns_beside(Path("maps/huainan.graphml")) == Path("maps/huainan.turns.csv")
    assert turns_beside(Path("a.b.GraphML")) == Path("a.b.turns.csv")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("1 2 0,2 4 0,5", "has 3 columns, not the 4 of from_arc,to_arc,seconds,via"),
        ("1 2 0,2 4 0,5,,", "has 5 columns, not the 4 of from_arc,to_arc,seconds,via"),
        ("", "has 0 columns, not the 4 of from_arc,to_arc,seconds,via"),
        ("1 3 0,2 4 0,5,", "arc '1 3 0' is not on the network"),
        ("1 2 0,,5,", "arc '' is not on the network"),
        ("1 2 0,2 4 0,forbidden,2 9 0", "arc '2 9 0' is not on the network"),
        ("1 2 0,2 4 0,-5,", "seconds '-5' is neither a whole number from 1 to 600 nor forbidden"),
        ("1 2 0,2 4 0,2.5,", "seconds '2.5' is neither a whole number from 1 to 600 nor forbidden"),
        ("1 2 0,2 4 0,,", "seconds '' is neither a whole number from 1 to 600 nor forbidden"),
        ("1 2 0,2 4 0,²,", "seconds '²' is neither a whole number from 1 to 600 nor forbidden"),
        ("1 2 0,2 4 0,5,2 3 0;3 2 0", "a chain of arcs can only be forbidden, not take 5 s"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(row: str, said: str):
    assert complaints(table("1 2 0,2 3 0,1,", row)) == (f"map.turns.csv, line 3: {said}",)


def test_a_turn_that_is_listed_twice_is_named():
    twice = complaints(table("1 2 0,2 4 0,5,", "1 2 0,2 3 0,1,", "1 2 0,2 4 0,forbidden,"))
    assert twice == ("map.turns.csv, line 4: the turn from 1 2 0 into 2 4 0 is listed twice",)


def test_everything_that_is_wrong_comes_together():
    assert complaints(table("1 9 0,2 9 0,x,", "1 2 0")) == (
        "map.turns.csv, line 2: arc '1 9 0' is not on the network",
        "map.turns.csv, line 2: arc '2 9 0' is not on the network",
        "map.turns.csv, line 2: seconds 'x' is neither a whole number from 1 to 600 nor forbidden",
        "map.turns.csv, line 3: has 1 columns, not the 4 of from_arc,to_arc,seconds,via",
    )


@pytest.mark.parametrize("seconds", ["0", "601", "99999999999", "1" + "0" * 5000])
def test_seconds_out_of_range_are_named(seconds: str):
    (said,) = complaints(table(f"1 2 0,2 4 0,{seconds},"))
    assert "600" in said


@pytest.mark.parametrize("seconds", [1, 600])
def test_seconds_up_to_ten_minutes_are_read(seconds: int):
    assert read(f"1 2 0,2 4 0,{seconds},").of(arc(1, 2), arc(2, 4)) == seconds


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("1 2 0,4 2 0,5,", "an arc does not begin where the one before it ends"),
        ("1 2 0,2 4 0,forbidden,3 2 0", "a chain has fewer than three arcs, or its arcs do not follow one another"),
    ],
)
def test_arcs_that_do_not_follow_one_another_are_refused(row: str, said: str):
    (sentence,) = complaints(table(row))
    assert sentence.endswith(said)


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"from,to,seconds,via\n", b"1 2 0,2 4 0,5,\n", FIRST.encode() + b",x\n"]
)
def test_a_table_with_another_first_line_is_refused(content: bytes):
    assert complaints(content) == (f"map.turns.csv: the first line must be {FIRST}",)


@pytest.mark.parametrize(
    "content", ["起点,终点\n".encode("gb18030"), b"\xff\xfe" + FIRST.encode("utf-16-le"), b"a\rb\n"]
)
def test_what_is_no_table_is_refused(content: bytes):
    (said,) = complaints(content)
    assert said.startswith("map.turns.csv: is not a table of turns: ")


def test_a_network_is_written_with_the_turns_that_it_has():
    turning = with_turns(PLAIN, TurnCosts())
    again = read_turns(PLAIN, to_turns_bytes(turning), PATH)
    assert again.fingerprint == turning.fingerprint
