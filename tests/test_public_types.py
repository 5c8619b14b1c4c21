"""Every type that a public signature names is public, and `Any` stands at the doors alone."""

from __future__ import annotations

import inspect
from collections import Counter

import pytest

import patrolroute as pr
from patrolroute.night.run import SolveOptions
from patrolroute.problem.crew import Crew, CrewOptions
from tests.public_face import MACHINERY, MODULES, is_made_up, is_ours, methods_of, public_names, public_things, shown_by

NAMES = public_names()
THINGS = dict(public_things())

JSON = "JSON, which may hold anything"
GRAPH = "a graph of networkx, whose nodes and edges hold what somebody gave them"
LIMITS = "options of `solve`, by name"
DATA = "whatever a frame, GeoJSON or rows are"

DOORS = {
    "BureauNight.from_dict(entries)": JSON,
    "BureauNight.to_dict(return)": JSON,
    "CampaignState.rules": JSON,
    "Drawer.__call__(return)": JSON,
    "Drawer.limits": LIMITS,
    "Planner.__call__(return)": JSON,
    "Theme.night": JSON,
    "campaign_from(data)": JSON,
    "solved(limits)": LIMITS,
    "solved(return)": JSON,
    "hotspots_from(data)": DATA,
    "incidents_from(data)": DATA,
    "snap(points)": DATA,
    "streets_from(data)": DATA,
    "streets_from_incidents(points)": DATA,
    "NightRun.settings(return)": JSON,
    "PatrolAreas.to_geojson(return)": JSON,
    "PatrolPlan.from_dict(document)": JSON,
    "PatrolPlan.json_schema(return)": JSON,
    "PatrolPlan.settings": JSON,
    "PatrolPlan.to_dict(return)": JSON,
    "RoadNetwork.from_graph(graph)": GRAPH,
    "RoadNetwork.to_graph(return)": GRAPH,
    "Stated.fields": JSON,
    "Violation.as_json(return)": JSON,
    "fill_in(settings)": JSON,
    "night_from(data)": JSON,
    "read_hand_made(settings)": JSON,
    "schedule(settings)": JSON,
}
"""Where `Any` stands in a public signature, and why."""


@pytest.mark.parametrize("name", THINGS)
def test_every_type_that_it_shows_is_public(name: str) -> None:
    hidden = [
        (shown.where, word)
        for shown in shown_by(name, THINGS[name])
        for word, value in shown.named()
        if is_ours(word, value) and id(value) not in NAMES.get(word, set())
    ]
    assert hidden == []


def test_any_stands_at_the_doors_alone() -> None:
    found = {
        shown.where
        for name, thing in THINGS.items()
        for shown in shown_by(name, thing)
        if any(word == "Any" for word, _ in shown.named())
    }
    assert found == set(DOORS)


def test_everything_public_says_its_types() -> None:
    silent = []
    for name, thing in THINGS.items():
        functions = [(name, thing)] if inspect.isfunction(thing) else [(f"{name}.{n}", f) for n, f in methods_of(thing)]
        for where, function in functions:
            given = [*inspect.signature(function).parameters]
            missing = set(given[given[:1] in (["self"], ["cls"]) :]) | {"return"}
            silent += [where for word in missing if word not in function.__annotations__]
    assert silent == []


@pytest.mark.parametrize("where", MACHINERY)
def test_what_is_called_machinery_is_there(where: str) -> None:
    kind, member = where.split(".")
    assert hasattr(THINGS[kind], member)


def test_a_name_that_two_modules_share_is_one_thing_but_for_turns_on_roads_and_in_a_nights_file() -> None:
    assert [name for name, meant in NAMES.items() if len(meant) > 1] == ["Turns"]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_public_modules_list_their_names_once(module: object) -> None:
    assert max(Counter(module.__all__).values()) == 1


def test_old_names_stay_beside_those_of_the_modules() -> None:
    assert pr.draw_gantt is pr.plots.draw_gantt
    assert pr.measure is pr.metrics.measure
    assert pr.NightRun is pr.nights.NightRun


RECORDS = {
    "Ask", "Beside", "Course", "CoverageCell", "CoverageRow", "CrewClass", "Doubt", "Found", "Improvement",
    "Instance", "IssuedNight", "LaidPromise", "LeftOut", "Line", "MatrixCrew", "MatrixTask", "Member", "Metric",
    "NightTask", "OrderReview", "OsmHotspots", "Place", "PlannedCrew", "PlannedNight", "PresenceScore", "Progress",
    "Result", "Review", "Ring", "RoadArrays", "RoadNetwork", "RouteTimes", "Run", "Standing", "Stated", "Station",
    "StationCheck", "Task", "TaskChange", "Travel", "Turns", "Violation", "WaitingPlaces", "Way",
}  # fmt: skip
"""What the library hands out and nobody makes by hand."""

MOST_BY_PLACE = 4


@pytest.mark.parametrize("name", sorted(THINGS.keys() - RECORDS))
def test_what_people_call_takes_few_things_by_their_place(name: str) -> None:
    thing = THINGS[name]
    calls = [thing] if inspect.isfunction(thing) or is_made_up(thing) else []
    calls += [method for _, method in methods_of(thing)] if inspect.isclass(thing) else []
    for call in calls:
        by_place = [
            given
            for given in inspect.signature(call).parameters.values()
            if given.kind in (given.POSITIONAL_ONLY, given.POSITIONAL_OR_KEYWORD) and given.name not in ("self", "cls")
        ]
        assert len(by_place) <= MOST_BY_PLACE, call


def test_options_that_are_handed_on_are_those_that_there_are() -> None:
    assert list(CrewOptions.__annotations__) == [*Crew.__dataclass_fields__][4:]
    solve = inspect.signature(pr.solve).parameters
    assert list(SolveOptions.__annotations__) == [name for name in solve if name != "problem"]
