"""plan.json: complete, readable by a stranger, read back without loss, refused with a clear sentence."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import networkx as nx
import pytest

from patrolroute.errors import PlanFileError
from patrolroute.output.plan_json import plan_files, write_plan
from patrolroute.output.plan_model import plan_schema
from patrolroute.plan.parts import Conflict, GiveWay, LeftOut, Overtime
from patrolroute.plan.records import PatrolPlan
from tests.output.plans import HOSTILE, NOTICE, drawn_plan, renamed, resting_plan
from tests.plan.hand_made import with_objective, with_task


def written(folder: Path, plan: PatrolPlan | None = None) -> Path:
    return write_plan(plan or drawn_plan(), folder / "plan.json")


def values_of(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))


def test_a_plan_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    plan = drawn_plan()
    again = PatrolPlan.from_json(written(tmp_path, plan))
    assert plan_files(again) == plan_files(plan)
    assert (again.tasks, again.window, again.objective) == (plan.tasks, plan.window, plan.objective)
    assert [leg.arcs for leg in again.routes[0].legs] == [leg.arcs for leg in plan.routes[0].legs]
    assert again.audit() == ()


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_survives_the_way_out_and_back(tmp_path: Path, name: str) -> None:
    plan = renamed(drawn_plan(), name)
    if name == "\x07bell":
        plan = replace(plan, networks=drawn_plan().networks)  # XML has no such letter; OSM names don't either
    again = PatrolPlan.from_json(written(tmp_path, plan))
    assert again.crews[0].id == name
    assert again.routes[0].legs[0].street == name


def test_what_a_crew_agreed_to_is_written_and_read_back(tmp_path: Path) -> None:
    path = written(tmp_path, resting_plan())
    first, second = values_of(path)["crews"]
    assert first["break"] == {
        "length_s": 180,
        "windows": [
            ["2026-05-08T20:05:00+08:00", "2026-05-08T20:08:00+08:00"],
            ["2026-05-08T20:07:00+08:00", "2026-05-08T20:10:00+08:00"],
        ],
    }
    assert (first["capacity"], first["reserved"], first["forbidden"]) == (2, ["m5", "s234", "s12"], [])
    assert (second["break"], second["capacity"], second["forbidden"]) == (None, 0, ["s41", "m5"])
    assert [task["load"] for task in values_of(path)["tasks"]] == [0, 0, 2, 0]
    assert values_of(path)["routes"][0]["legs"][3]["kind"] == "break"
    again = PatrolPlan.from_json(path)
    assert [crew.rest for crew in again.crews] == [crew.rest for crew in resting_plan().crews]
    assert plan_files(again) == plan_files(resting_plan())
    assert again.audit() == ()
    jsonschema.validate(values_of(path), plan_schema())


def test_what_one_more_visit_takes_and_what_conflicts_are_written_and_read_back(tmp_path: Path) -> None:
    left_out = LeftOut("displaced", 40, "no time", Overtime("A", 61), GiveWay("B", ("s12", "m5"), 120), "A")
    conflicts = (Conflict(("s12", "s41"), 1, proven=True, smallest=False),)
    plan = replace(with_task(drawn_plan(), "s41", left_out=left_out), conflicts=conflicts)
    path = written(tmp_path, plan)
    assert values_of(path)["tasks"][3]["left_out"] == {
        "reason": "displaced", "needs_s": 40, "detail": "no time", "overtime": {"crew": "A", "extra_s": 61},
        "give_way": {"crew": "B", "tasks": ["s12", "m5"], "worth": 120}, "extra_crew": "A",
    }  # fmt: skip
    assert values_of(path)["conflicts"] == [{"tasks": ["s12", "s41"], "most": 1, "proven": True, "smallest": False}]
    again = PatrolPlan.from_json(path)
    assert (again.task["s41"].left_out, again.conflicts) == (left_out, conflicts)
    assert plan_files(again) == plan_files(plan)
    jsonschema.validate(values_of(path), plan_schema())
    looked = written(tmp_path, replace(plan, conflicts=()))
    assert PatrolPlan.from_json(looked).conflicts == ()


def test_a_plan_of_an_earlier_form_without_remedies_and_conflicts_is_read(tmp_path: Path) -> None:
    path = written(tmp_path)
    values = values_of(path) | {"schema_version": "1.2"}
    del values["conflicts"]
    for key in ("overtime", "give_way", "extra_crew"):
        del values["tasks"][3]["left_out"][key]
    path.write_text(json.dumps(values), encoding="utf-8")
    plan = PatrolPlan.from_json(path)
    assert (plan.task["s41"].left_out, plan.conflicts) == (drawn_plan().task["s41"].left_out, None)
    assert plan.audit() == ()
    jsonschema.validate(values, plan_schema())


def test_a_plan_of_the_first_form_without_reservations_is_read(tmp_path: Path) -> None:
    path = written(tmp_path)
    values = values_of(path) | {"schema_version": "1.0"}
    for crew in values["crews"]:
        del crew["reserved"], crew["forbidden"]
    path.write_text(json.dumps(values), encoding="utf-8")
    assert [(crew.reserved, crew.forbidden) for crew in PatrolPlan.from_json(path).crews] == [((), ())] * 2
    jsonschema.validate(values, plan_schema())


def test_it_has_every_key_of_the_contract(tmp_path: Path) -> None:
    values = values_of(written(tmp_path))
    assert list(values) == [
        "schema_version", "created_with", "crs", "timezone", "seed", "work", "settings", "window", "attribution",
        "notice", "networks", "crews", "tasks", "routes", "objective", "conflicts", "metrics",
    ]  # fmt: skip
    assert (values["crs"], values["notice"], values["networks"][0]["turns"]) == ("wgs84", NOTICE, None)
    assert set(values["crews"][0]) == {
        "id", "mode", "depot", "end_depot", "start", "end", "speed_factor", "kinds", "area", "capacity", "break",
        "reserved", "forbidden",
    }  # fmt: skip
    street, spot = values["tasks"][0], values["tasks"][2]
    shared = {
        "id", "kind", "category", "name", "mode", "priority", "required", "prize", "worth", "visits_wanted",
        "visits_done", "headway_s", "slices", "load", "left_out",
    }  # fmt: skip
    assert set(street) == shared | {"directions"}
    assert set(spot) == shared | {"node", "dwell_s", "windows"}
    assert set(values["routes"][0]["legs"][0]) == {
        "kind", "task", "visit", "counted", "arcs", "depart", "arrive", "turn_s", "length_m", "street", "coordinates",
    }  # fmt: skip
    assert set(values["objective"]) == {
        "required_missed", "prize_collected", "prize_total", "levels", "upper_bound", "bound_method", "gap",
        "longest_route_s", "longest_route_bound_s", "driving_s", "driving_bound_s",
        "idleness_bound_s",
    }  # fmt: skip


def test_it_fits_the_schema_that_the_library_prints(tmp_path: Path) -> None:
    schema = plan_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(values_of(written(tmp_path)), schema)


def test_a_stranger_can_check_every_second_with_json_and_graphml_alone(tmp_path: Path) -> None:
    values = values_of(written(tmp_path))
    entry = values["networks"][0]
    content = (tmp_path / entry["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    graph = nx.parse_graphml(content.decode(), node_type=int, edge_key_type=int, force_multigraph=True)
    for *_, data in graph.edges(data=True):
        assert isinstance(data["length"], float)
        assert isinstance(data["travel_s"], int)
        assert isinstance(data["patrol_s"], int)
    crews = {crew["id"]: crew for crew in values["crews"]}
    for route in values["routes"]:
        crew = crews[route["crew"]]
        node, clock = crew["depot"]["node"], route["start"]
        for leg in route["legs"]:
            assert leg["depart"] == clock
            seconds = leg["turn_s"]
            for tail, head, key in leg["arcs"]:
                assert tail == node
                column = "patrol_s" if leg["kind"] == "patrol" else "travel_s"
                bare = graph.edges[tail, head, key][column]
                seconds += max(1, math.floor(bare / crew["speed_factor"] + 0.5))
                node = head
            took = dt.datetime.fromisoformat(leg["arrive"]) - dt.datetime.fromisoformat(leg["depart"])
            if leg["arcs"]:
                assert took.total_seconds() == seconds
            clock = leg["arrive"]
        assert (route["end"], node) == (clock, crew["end_depot"]["node"])
        assert all(one["arrive"] == two["depart"] for one, two in pairwise(route["legs"]))


def test_the_network_of_a_plan_is_read_as_it_is_dead_ends_of_one_way_included(tmp_path: Path) -> None:
    path = written(tmp_path)
    network = tmp_path / "network.graphml"
    names = {
        name: key
        for key, name in re.findall(r'key id="(d\d+)" for="\w+" attr.name="(x|y|length)"', network.read_text())
    }
    node = f'<node id="9"><data key="{names["x"]}">117.0</data><data key="{names["y"]}">32.61</data></node>'
    edge = f'<edge source="1" target="9" id="0"><data key="{names["length"]}">500.0</data></edge>'
    text = network.read_text().replace("<edge ", node + edge + "<edge ", 1)
    network.write_text(text)
    values = values_of(path)
    values["networks"][0]["sha256"] = hashlib.sha256(network.read_bytes()).hexdigest()
    path.write_text(json.dumps(values), encoding="utf-8")
    plan = PatrolPlan.from_json(path)
    assert (1, 9, 0) in plan.networks["car"].arc_index
    assert plan.audit() == ()


def test_the_bound_on_idleness_is_read_back_and_may_be_missing(tmp_path: Path) -> None:
    path = written(tmp_path, with_objective(drawn_plan(), idleness_bound_s=60))
    assert PatrolPlan.from_json(path).objective.idleness_bound_s == 60
    values = values_of(path)
    del values["objective"]["idleness_bound_s"]
    path.write_text(json.dumps(values), encoding="utf-8")
    assert PatrolPlan.from_json(path).objective.idleness_bound_s is None


def test_keys_that_a_later_minor_version_adds_are_ignored(tmp_path: Path) -> None:
    path = written(tmp_path)
    values = values_of(path) | {"schema_version": "1.7", "new": 1}
    values["routes"][0]["legs"][0]["new"] = {"deep": True}
    path.write_text(json.dumps(values), encoding="utf-8")
    assert PatrolPlan.from_json(path).audit() == ()


def _set(*keys: Any, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(values: Any) -> None:
        for key in keys[:-1]:
            values = values[key]
        if value is ...:
            del values[keys[-1]]
        else:
            values[keys[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_set("schema_version", value="2.0"), "schema_version 2.0 is of another major version than 1.4"),
        (_set("schema_version", value="one"), "schema_version: 'one': string should match pattern"),
        (_set("crews", value=...), "crews: is missing"),
        (_set("crs", value="gcj02"), "crs: 'gcj02': input should be 'wgs84'"),
        (_set("timezone", value="Mars/Olympus"), "timezone 'Mars/Olympus': not known"),
        (_set("routes", 0, "legs", 0, "kind", value="fly"), r"routes\[1\]\.legs\[1\]\.kind: 'fly': input should be"),
        (_set("routes", 0, "legs", 0, "depart", value="2026-05-08T20:30:00"), "timezone info"),
        (_set("routes", 0, "legs", 0, "arcs", value=[[1, 2]]), r"routes\[1\]\.legs\[1\]\.arcs\[1\]\[3\]: is missing"),
        (_set("routes", 0, "length_m", value=1), "length_m 1 is not the 4000 of its legs"),
        (_set("tasks", 0, "visits_wanted", value=9), "visits_wanted 9 is not 2, as many as worth has"),
        (_set("tasks", 0, "priority", value="high"), r"tasks\[1\]\.priority: 'high': input should be a valid integer"),
        (_set("networks", 0, "file", value="../network.graphml"), r"networks\[1\]\.file: '../network.graphml'"),
        (_set("networks", 0, "file", value="other.graphml"), "other.graphml: there is no such file"),
        (_set("networks", 0, "sha256", value="0" * 64), "is not the network of the plan: its sha256"),
        (_set("networks", 0, "mode", value="foot"), "is a network for car, where the plan needs one for foot"),
        (_set("networks", 0, "turns", value="turns.csv"), "turns.csv: there is no such file"),
        (_set("networks", value=[]), "networks: list should have at least 1 item"),
    ],
)
def test_a_broken_plan_is_refused_with_the_thing_the_value_and_the_rule(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], sentence: str
) -> None:
    path = written(tmp_path)
    values = values_of(path)
    change(values)
    path.write_text(json.dumps(values), encoding="utf-8")
    with pytest.raises(PlanFileError, match=sentence):
        PatrolPlan.from_json(path)


def test_all_complaints_about_a_plan_come_together(tmp_path: Path) -> None:
    path = written(tmp_path)
    values = values_of(path)
    for change in (_set("crs", value="bd09"), _set("tasks", 1, "prize", value="x"), _set("window", value=...)):
        change(values)
    path.write_text(json.dumps(values), encoding="utf-8")
    with pytest.raises(PlanFileError) as caught:
        PatrolPlan.from_json(path)
    assert len(caught.value.complaints) == 3


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "the file is empty"),
        (b"{", "is not valid JSON, or is cut off"),
        (b"[1, 2]", "is a JSON list, not a plan"),
        (b"\xff\xfe\x00", "is not UTF-8 text"),
        (b"[" * 100_000, "is not valid JSON, or is cut off"),
        (b"{}", "is missing"),
    ],
)
def test_what_is_no_plan_at_all_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(content)
    with pytest.raises(PlanFileError, match=sentence):
        PatrolPlan.from_json(path)


def test_a_missing_plan_and_a_plan_cut_off_anywhere_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanFileError, match=r"plan\.json: there is no such file"):
        PatrolPlan.from_json(tmp_path / "plan.json")
    path = written(tmp_path)
    whole = path.read_bytes()
    for share in range(1, 10):
        path.write_bytes(whole[: len(whole) * share // 10])
        with pytest.raises(PlanFileError):
            PatrolPlan.from_json(path)


def test_equal_plans_give_equal_bytes() -> None:
    assert plan_files(drawn_plan()) == plan_files(drawn_plan())
