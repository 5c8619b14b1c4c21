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

from patrolroute.base import __version__
from patrolroute.base.errors import PlanFileError
from patrolroute.plan.files import plan_files
from patrolroute.plan.model import SCHEMA_VERSION, PatrolPlan
from patrolroute.plan.records import Conflict, GiveWay, LeftOut, Overtime
from tests.output.plans import HOSTILE, NOTICE, drawn_plan, renamed, resting_plan
from tests.plan.hand_made import with_objective, with_task


def written(folder: Path, plan: PatrolPlan | None = None) -> Path:
    return (plan or drawn_plan()).to_json(folder / "plan.json")


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
    assert [crew.break_ for crew in again.crews] == [crew.break_ for crew in resting_plan().crews]
    assert plan_files(again) == plan_files(resting_plan())
    assert again.audit() == ()
    jsonschema.validate(values_of(path), PatrolPlan.json_schema())


def test_what_one_more_visit_takes_and_what_conflicts_are_written_and_read_back(tmp_path: Path) -> None:
    left_out = LeftOut("displaced", 40, "no time", Overtime("A", 61), GiveWay("B", ("s12", "m5"), 120), "A")
    conflicts = (Conflict(("s12", "s41"), 1, proven=True, smallest=False),)
    plan = replace(with_task(drawn_plan(), "s41", left_out=left_out), conflicts=conflicts)
    path = written(tmp_path, plan)
    assert values_of(path)["tasks"][3]["left_out"] == {
        "reason": "displaced", "needs_s": 40, "detail": "no time", "overtime": {"crew": "A", "extra_s": 61},
        "give_way": {"crew": "B", "tasks": ["s12", "m5"], "worth": 120}, "extra_crew": "A",
        "because_of_break": False,
    }  # fmt: skip
    assert values_of(path)["conflicts"] == [{"tasks": ["s12", "s41"], "most": 1, "proven": True, "smallest": False}]
    again = PatrolPlan.from_json(path)
    assert (again.task["s41"].left_out, again.conflicts) == (left_out, conflicts)
    assert plan_files(again) == plan_files(plan)
    jsonschema.validate(values_of(path), PatrolPlan.json_schema())
    looked = written(tmp_path, replace(plan, conflicts=()))
    assert PatrolPlan.from_json(looked).conflicts == ()


def test_a_plan_of_an_earlier_form_without_remedies_and_conflicts_is_read(tmp_path: Path) -> None:
    path = written(tmp_path)
    values = values_of(path) | {"schema_version": "1.2"}
    del values["conflicts"]
    for key in ("overtime", "give_way", "extra_crew", "because_of_break"):
        del values["tasks"][3]["left_out"][key]
    path.write_text(json.dumps(values), encoding="utf-8")
    plan = PatrolPlan.from_json(path)
    assert (plan.task["s41"].left_out, plan.conflicts) == (drawn_plan().task["s41"].left_out, None)
    assert plan.audit() == ()
    jsonschema.validate(values, PatrolPlan.json_schema())


def test_a_plan_of_the_first_form_without_reservations_is_read(tmp_path: Path) -> None:
    path = written(tmp_path)
    values = values_of(path) | {"schema_version": "1.0"}
    for crew in values["crews"]:
        del crew["reserved"], crew["forbidden"]
    path.write_text(json.dumps(values), encoding="utf-8")
    assert [(crew.reserved, crew.forbidden) for crew in PatrolPlan.from_json(path).crews] == [((), ())] * 2
    jsonschema.validate(values, PatrolPlan.json_schema())


def test_it_has_every_key_of_the_contract(tmp_path: Path) -> None:
    values = values_of(written(tmp_path))
    assert list(values) == [
        "schema_version", "created_with", "crs", "timezone", "seed", "work", "settings", "window", "attribution",
        "notice", "networks", "crews", "tasks", "key_hours", "near_home", "responses", "road_changes", "replanned",
        "road_hours", "routes", "objective", "conflicts", "metrics", "asked_sha256", "companions",
    ]  # fmt: skip
    assert (values["crs"], values["notice"], values["networks"][0]["turns"]) == ("wgs84", NOTICE, None)
    assert set(values["crews"][0]) == {
        "id", "mode", "depot", "end_depot", "start", "end", "speed_factor", "kinds", "area", "capacity", "break",
        "reserved", "forbidden", "range_km", "staff", "out_of_service",
    }  # fmt: skip
    street, spot = values["tasks"][0], values["tasks"][2]
    shared = {
        "id", "kind", "category", "name", "mode", "priority", "required", "prize", "worth", "visits_wanted",
        "visits_done", "headway_s", "max_gap_s", "slices", "load", "left_out",
    }  # fmt: skip
    assert set(street) == shared | {"directions", "pair", "alternate"}
    assert set(spot) == shared | {"node", "lon", "lat", "dwell_s", "windows", "arrive_by", "side"}
    assert set(values["routes"][0]["legs"][0]) == {
        "kind", "task", "visit", "counted", "arcs", "depart", "arrive", "turn_s", "length_m", "street", "coordinates",
    }  # fmt: skip
    assert set(values["objective"]) == {
        "required_missed", "prize_collected", "prize_total", "levels", "upper_bound", "bound_method", "gap",
        "longest_route_s", "longest_route_bound_s", "driving_s", "driving_bound_s",
        "idleness_bound_s", "goal", "seen", "seen_bound", "seen_gap",
    }  # fmt: skip


def test_it_fits_the_schema_that_the_library_prints(tmp_path: Path) -> None:
    schema = PatrolPlan.json_schema()
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
    assert {found.message.partition(" ")[0] for found in plan.audit()} == {"presence_cells"}  # a larger map to be on


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
        (_set("schema_version", value="3.0"), f"schema_version 3.0 is of a later major version than {SCHEMA_VERSION}"),
        (_set("schema_version", value="one"), "schema_version: 'one': string should match pattern"),
        (_set("crews", value=...), "crews: is missing"),
        (_set("crs", value="gcj02"), "crs: 'gcj02': input should be 'wgs84'"),
        (_set("timezone", value="Mars/Olympus"), "timezone 'Mars/Olympus': not known"),
        (_set("routes", 0, "legs", 0, "kind", value="fly"), r"routes\[1\]\.legs\[1\]\.kind: 'fly': input should be"),
        (_set("routes", 0, "legs", 0, "depart", value="2026-05-08T20:30:00"), "timezone info"),
        (_set("routes", 0, "legs", 0, "arcs", value=[[1, 2]]), r"routes\[1\]\.legs\[1\]\.arcs\[1\]\[3\]: is missing"),
        (_set("routes", 0, "length_m", value=1), r"routes\[1\]: length_m 1 is not 4000, the metres of its legs"),
        (_set("tasks", 0, "visits_wanted", value=9), r"tasks\[1\]: visits_wanted 9 is not 2, as many as worth has"),
        (_set("tasks", 0, "priority", value="high"), r"tasks\[1\]\.priority: 'high': input should be a valid integer"),
        (_set("networks", 0, "file", value="../network.graphml"), r"networks\[1\]\.file: '../network.graphml'"),
        (_set("networks", 0, "file", value="other.graphml"), "other.graphml: there is no such file"),
        (_set("networks", 0, "sha256", value="0" * 64), "is not the network of the plan: its sha256"),
        (_set("networks", 0, "mode", value="foot"), "is a network for car, where the plan needs one for foot"),
        (_set("networks", 0, "turns", value="turns.csv"), "turns.csv: there is no such file"),
        (_set("networks", value=[]), "networks: list should have at least 1 item"),
        (_set("routes", 0, "start", value=1778241600), r"routes\[1\]\.start: 1778241600: is no moment such as 2026"),
        (_set("window", value=["1778241600", "1778248800"]), r"window\[1\]: '1778241600': is no moment"),
        (_set("crews", 0, "end", value=1778248800.0), r"crews\[1\]\.end: 1778248800\.0: is no moment"),
        (_set("settings", value={"pace": {"of": [math.nan]}}), "NaN is no number of JSON"),
        (_set("settings", value={"pace": -math.inf}), "-Infinity is no number of JSON"),
        (_set("metrics", "driven_km", value=math.nan), "NaN is no number of JSON"),
        (_set("seed", value=2**63), "seed: 9223372036854775808"),
        (_set("seed", value="7"), "seed: '7'"),
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


@pytest.mark.parametrize("key", ['"seed"', '"kind"', '"prize_total"'])
def test_a_key_that_stands_twice_is_refused(tmp_path: Path, key: str) -> None:
    path = written(tmp_path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(f"{key}: ", f"{key}: null, {key}: ", 1), encoding="utf-8")
    with pytest.raises(PlanFileError, match=f"the key '{key[1:-1]}' stands more than once in one object"):
        PatrolPlan.from_json(path)


def test_a_number_beyond_all_in_the_settings_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, replace(drawn_plan(), settings={"pace": 1.5}))
    path.write_text(path.read_text(encoding="utf-8").replace('"pace": 1.5', '"pace": 1e999'), encoding="utf-8")
    with pytest.raises(PlanFileError, match="settings: holds a number that is not finite"):
        PatrolPlan.from_json(path)


@pytest.mark.parametrize("seed", [0, 20260508203000, 2**63 - 1])
def test_a_long_seed_is_written_and_read_back(tmp_path: Path, seed: int) -> None:
    again = PatrolPlan.from_json(written(tmp_path, replace(drawn_plan(), seed=seed)))
    assert (again.seed, again.audit()) == (seed, ())


@pytest.mark.parametrize("moment", ["2026-05-08T12:00:00Z", "2026-05-08 20:00+08:00", "2026-05-08T20:00:00.000+0800"])
def test_a_moment_may_be_written_in_any_way_of_iso_8601(tmp_path: Path, moment: str) -> None:
    path = written(tmp_path)
    values = values_of(path)
    values["routes"][0]["start"] = moment
    path.write_text(json.dumps(values), encoding="utf-8")
    assert PatrolPlan.from_json(path).audit() == ()


def _broken_in_file(folder: Path, change: Callable[[dict[str, Any]], object]) -> set[str]:
    plan = with_objective(drawn_plan(), upper_bound=2750, bound_method="flow LP")
    path = written(folder, replace(plan, created_with=f"patrolroute {__version__}"))
    values = values_of(path)
    change(values)
    path.write_text(json.dumps(values), encoding="utf-8")
    return {found.rule for found in PatrolPlan.from_json(path).audit()}


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (_set("attribution", value=""), "map_credited"),
        (_set("notice", value=None), "map_credited"),
        (_set("objective", "gap", value=0.0), "bound_holds"),
        (_set("objective", "gap", value=None), "bound_holds"),
        (_set("metrics", "driven_km", value=1), "measures_recomputed"),
        (_set("metrics", "balance", value=...), "measures_recomputed"),
        (_set("tasks", 0, "required", value=False), "asked_as_before"),
        (_set("tasks", 1, "priority", value=5), "asked_as_before"),
        (_set("crews", 0, "kinds", value=["street", "hotspot"]), "asked_as_before"),
    ],
)
def test_what_a_file_says_besides_is_held_against_the_plan(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], rule: str
) -> None:
    assert _broken_in_file(tmp_path, dict) == set()
    assert rule in _broken_in_file(tmp_path, change)


def test_a_plan_that_was_changed_after_reading_is_no_longer_what_its_file_says(tmp_path: Path) -> None:
    plan = PatrolPlan.from_json(written(tmp_path))
    assert plan.stated is not None
    changed = with_task(plan, "m5", priority=4)
    assert (changed.stated, changed.audit()) == (None, ())


def test_a_network_that_is_patrolled_faster_than_driven_is_refused(tmp_path: Path) -> None:
    path, network = written(tmp_path), tmp_path / "network.graphml"
    text = network.read_text(encoding="utf-8")
    key = re.search(r'key id="(d\d+)" for="edge" attr.name="patrol_s"', text)
    assert key
    network.write_text(text.replace(f'<data key="{key[1]}">100<', f'<data key="{key[1]}">50<', 2), encoding="utf-8")
    values = values_of(path)
    values["networks"][0]["sha256"] = hashlib.sha256(network.read_bytes()).hexdigest()
    path.write_text(json.dumps(values), encoding="utf-8")
    with pytest.raises(PlanFileError, match=r"edge 1, 2, 0 is patrolled in 50 s, driven in 60 s, and 1 more so"):
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
