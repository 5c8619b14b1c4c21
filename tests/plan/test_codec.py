"""Records declare their form once: a line adds a key to what is written, read, complained of and printed."""

from __future__ import annotations

import datetime as dt
import pickle
from dataclasses import dataclass
from typing import Annotated

import pytest
from pydantic_core import ValidationError

from patrolroute.plan.codec import plain, schema, validator
from patrolroute.plan.declaration import Form, Key, described, entries, written
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import Leg
from tests.output.plans import resting_plan


@described
@dataclass(frozen=True, slots=True, kw_only=True)
class Car:
    """A car."""

    id: str
    seats: Annotated[int, Form(low=1, high=5)] = 4
    range_km: Annotated[float | None, Key("most kilometres it may drive", since="1.5", digits=1)] = None


@described
@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """Cars."""

    cars: tuple[Car, ...]
    since: Annotated[dt.datetime, Key(name="from")]

    @property
    @written(after="cars", held="as many as cars has")
    def size(self) -> int:
        """How many cars there are."""
        return len(self.cars)


@described
@dataclass(frozen=True, slots=True, kw_only=True)
class Force:
    """Fleets."""

    fleets: tuple[Fleet, ...]


NOON = dt.datetime(2026, 5, 8, 12, tzinfo=dt.UTC)
FORCE = Force(fleets=(Fleet(cars=(Car(id="A", range_km=120.04), Car(id="B")), since=NOON),))
VALUES = {
    "fleets": [
        {
            "cars": [{"id": "A", "seats": 4, "range_km": 120.0}, {"id": "B", "seats": 4, "range_km": None}],
            "size": 2,
            "from": "2026-05-08T12:00:00+00:00",
        }
    ]
}


def read(values: object) -> object:
    return validator(Force).validate_python(values, context=dt.UTC)


def complaints(values: object) -> list[tuple[tuple[int | str, ...], str]]:
    with pytest.raises(ValidationError) as caught:
        read(values)
    return [(item["loc"], item["type"]) for item in caught.value.errors()]


def fleet(**changes: object) -> dict[str, object]:
    return {"fleets": [VALUES["fleets"][0] | changes]}


def test_a_record_is_written_key_by_key_in_its_order() -> None:
    assert plain(FORCE) == VALUES
    assert list(plain(FORCE)["fleets"][0]) == ["cars", "size", "from"]


def test_a_record_is_read_back() -> None:
    rounded = Car(id="A", range_km=120.0)
    assert read(VALUES) == {"fleets": (Fleet(cars=(rounded, Car(id="B")), since=NOON),)}


def test_moments_are_read_in_the_zone_that_is_asked_for() -> None:
    zone = dt.timezone(dt.timedelta(hours=8))
    found = validator(Force).validate_python(VALUES, context=zone)["fleets"][0].since
    assert (found, found.utcoffset()) == (NOON, dt.timedelta(hours=8))


def test_only_a_key_of_a_later_version_may_be_missing() -> None:
    assert read(fleet(cars=[{"id": "A", "seats": 4}], size=1)) == {"fleets": (Fleet(cars=(Car(id="A"),), since=NOON),)}
    assert complaints(fleet(cars=[{"id": "A"}], size=1)) == [(("fleets", 0, "cars", 0, "seats"), "missing")]


def test_all_complaints_come_together_each_with_its_place() -> None:
    cars = [{"id": 7, "seats": 6}, {"id": "B", "seats": True, "range_km": "far"}]
    assert complaints(fleet(cars=cars)) == [
        (("fleets", 0, "cars", 0, "id"), "string_type"),
        (("fleets", 0, "cars", 0, "seats"), "less_than_equal"),
        (("fleets", 0, "cars", 1, "seats"), "int_type"),
        (("fleets", 0, "cars", 1, "range_km"), "float_type"),
    ]
    assert complaints(fleet(**{"from": "2026-05-08T12:00:00"})) == [(("fleets", 0, "from"), "timezone_aware")]


def test_what_follows_from_the_fields_is_held_against_them() -> None:
    assert complaints(fleet(size=3)) == [(("fleets", 0), "not_held")]
    with pytest.raises(ValidationError, match="size 3 is not 2, as many as cars has"):
        read(fleet(size=3))


def test_the_schema_says_what_the_record_says() -> None:
    car = schema(Force)["$defs"]["Car"]
    assert car["description"] == "A car."
    assert car["required"] == ["id", "seats"]
    assert car["properties"]["seats"] | {"title": ""} == {"type": "integer", "minimum": 1, "maximum": 5, "title": ""}
    assert car["properties"]["range_km"]["description"] == "most kilometres it may drive"
    assert schema(Force)["$defs"]["Fleet"]["required"] == ["cars", "size", "from"]


def test_a_records_fields_are_the_parameters_of_its_docstring() -> None:
    assert Car.__doc__ == "A car.\n\nParameters\n----------\nrange_km\n    most kilometres it may drive"
    assert Leg.__doc__ is not None
    assert "turn_s\n    seconds of turning" in Leg.__doc__


def test_every_key_of_a_plan_stands_once() -> None:
    names = [entry.name for entry in entries(PatrolPlan)]
    assert len(names) == len(set(names))


def test_a_plan_survives_pickling() -> None:
    plan = resting_plan()
    again = pickle.loads(pickle.dumps(plan))  # noqa: S301 - its own
    assert (again.crews, again.tasks, again.routes, again.objective) == (
        plan.crews, plan.tasks, plan.routes, plan.objective
    )  # fmt: skip
