"""A plan without files: its document as values and as text, and back with the networks that the reader gives."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from patrolroute.base.errors import OutputError, PlanFileError
from patrolroute.network.speeds import TurnCosts, with_turns
from patrolroute.plan.model import PatrolPlan
from tests.output.plans import HOSTILE, drawn_plan, renamed, resting_plan


def turning_plan() -> PatrolPlan:
    """Return the night worked out on paper where turns cost something."""
    plan = drawn_plan()
    return replace(plan, networks={"car": with_turns(plan.networks["car"], TurnCosts())})


def turned(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document as another program hands it on."""
    return dict(json.loads(json.dumps(document)))


@pytest.mark.parametrize("make", [drawn_plan, resting_plan, turning_plan])
def test_a_plan_of_its_document_is_the_plan_that_is_read_back_from_files(
    tmp_path: Path, make: Callable[[], PatrolPlan]
) -> None:
    plan = make()
    again = PatrolPlan.from_dict(turned(plan.to_dict()), network=plan.networks)
    from_files = PatrolPlan.from_json(plan.to_json(tmp_path / "plan.json"))
    assert again.to_dict() == from_files.to_dict() == plan.to_dict()
    assert again.audit() == from_files.audit()
    assert again.stated is not None
    assert (again.crews, again.tasks, again.routes) == (from_files.crews, from_files.tasks, from_files.routes)


def test_a_plan_of_its_document_has_a_clean_audit() -> None:
    plan = resting_plan()
    assert PatrolPlan.from_dict(plan.to_dict(), network=plan.networks).audit() == ()


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_survives_the_way_through_a_document(name: str) -> None:
    plan = renamed(drawn_plan(), name)
    again = PatrolPlan.from_dict(turned(plan.to_dict()), network=plan.networks)
    assert (again.crews[0].id, again.to_dict()) == (name, plan.to_dict())


def test_the_document_and_the_text_are_what_the_file_holds(tmp_path: Path) -> None:
    plan = turning_plan()
    path = plan.to_json(tmp_path / "plan.json")
    assert plan.to_json() == path.read_text(encoding="utf-8")
    assert plan.to_dict() == json.loads(path.read_text(encoding="utf-8"))


def test_a_document_holds_nothing_but_values_of_json() -> None:
    plan = replace(drawn_plan(), settings={"pair": (1, 2)})
    document = plan.to_dict()
    assert document["settings"] == {"pair": [1, 2]}
    assert turned(document) == document


def test_the_document_of_a_plan_that_explains_itself_later_has_the_reasons() -> None:
    plan = drawn_plan()
    later = replace(plan, explain=lambda asked: replace(asked, seed=77))
    assert (later.seed, later.to_dict()["seed"]) == (plan.seed, 77)


def test_a_plan_keeps_nothing_of_the_document_that_its_caller_changes() -> None:
    plan = replace(drawn_plan(), settings={"closed": ["a"]})
    document = plan.to_dict()
    again = PatrolPlan.from_dict(document, network=plan.networks)
    document["settings"]["closed"].append("b")
    assert again.settings == {"closed": ["a"]}


def test_the_only_network_is_given_as_it_is() -> None:
    plan = drawn_plan()
    assert PatrolPlan.from_dict(plan.to_dict(), network=plan.networks["car"]).networks == dict(plan.networks)


CAR = drawn_plan().networks["car"]


@pytest.mark.parametrize(
    ("network", "sentence"),
    [
        (replace(CAR, source="x"), "plan: network: is not the one for car whose sha256"),
        (turning_plan().networks, "plan: network: is not the one for car whose sha256"),
        ({}, "plan: network: none is given for car, which the plan needs"),
        ({"foot": CAR}, "plan: network: is for car, and is given for 'foot'"),
        (None, "plan: network: is a NoneType, not a RoadNetwork or a dict of them"),
        ({"car": "map.osm"}, "plan: network: is a str, not a RoadNetwork or a dict of them"),
    ],
)
def test_another_network_than_the_plan_s_own_is_refused(network: Any, sentence: str) -> None:
    with pytest.raises(PlanFileError) as caught:
        PatrolPlan.from_dict(drawn_plan().to_dict(), network=network)
    assert caught.value.complaints[0].startswith(sentence)


def test_a_network_without_the_turns_of_the_plan_s_own_is_refused() -> None:
    with pytest.raises(PlanFileError, match="is not the one for car"):
        PatrolPlan.from_dict(turning_plan().to_dict(), network=drawn_plan().networks)


def test_what_is_wrong_with_a_document_and_with_its_network_is_told_together() -> None:
    plan = drawn_plan()
    document = plan.to_dict() | {"seed": "one", "timezone": "Nowhere/Here", "tasks": None}
    with pytest.raises(PlanFileError) as caught:
        PatrolPlan.from_dict(document, network=replace(plan.networks["car"], source="x"))
    assert len(caught.value.complaints) == 4
    told = "\n".join(caught.value.complaints)
    assert all(what in told for what in ("'Nowhere/Here'", "plan: seed: ", "plan: tasks: ", "plan: network: "))


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ([], "plan: is a list, not a plan"),
        ("{}", "plan: is a str, not a plan"),
        ({"settings": {1, 2}}, "plan: holds what JSON cannot: "),
        ({"settings": {"x": float("nan")}}, "plan: holds what JSON cannot: "),
        ({"schema_version": "9.0"}, "plan: schema_version 9.0 is of a later major version than "),
        ({"networks": 7}, "plan: schema_version: is missing"),
    ],
)
def test_what_is_no_document_is_one_clear_sentence(document: Any, sentence: str) -> None:
    with pytest.raises(PlanFileError) as caught:
        PatrolPlan.from_dict(document, network=drawn_plan().networks)
    assert caught.value.complaints[0].startswith(sentence)


def test_half_a_letter_is_in_no_document() -> None:
    with pytest.raises(OutputError, match="half of a letter"):
        replace(drawn_plan(), settings={"night": "\ud800"}).to_dict()


def test_the_schema_of_a_plan_has_a_name_of_its_own_and_its_version() -> None:
    schema = PatrolPlan.json_schema()
    assert schema["$id"] == f"urn:patrolroute:schema:plan:{PatrolPlan.schema_version}"
    assert schema["$schema"].endswith("2020-12/schema")
