"""Streets and hotspots as frozen data: every rule, and what is made plain."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from patrolroute.demand.model import ClockWindow, Hotspot, PriorityStreet, StreetSegment
from patrolroute.network.places import Place
from tests.demand.files import complaints_of

PLACE = Place(117.0, 32.6, (1, 2, 0), 0.5, 3.0)
SEGMENT = StreetSegment("s", "路", (((1, 2, 0), (2, 3, 0)), ((3, 2, 0), (2, 1, 0))))


def hotspot(**fields: Any) -> Hotspot:
    return Hotspot(**({"id": "H1", "name": "夜市", "place": PLACE} | fields))


@pytest.mark.parametrize(
    ("chains", "sentence"),
    [
        ((), "segment 's': has 0 directions, not one or two"),
        ((((1, 2, 0),),) * 3, "segment 's': has 3 directions, not one or two"),
        (((),), "segment 's': a direction has no arc"),
        (
            (((1, 2, 0), (3, 4, 0)),),
            "segment 's': arc (1, 2, 0) ends where arc (3, 4, 0) does not begin; a direction is driven unbroken",
        ),
    ],
)
def test_a_segment_has_one_or_two_unbroken_directions(chains: Any, sentence: str) -> None:
    assert complaints_of(lambda: StreetSegment("s", "路", chains)) == (sentence,)


def test_a_segment_has_an_id() -> None:
    assert complaints_of(lambda: StreetSegment("", "路", (((1, 2, 0),),))) == ("segment: has no id",)


def test_a_street_has_segments_and_a_prize_for_each() -> None:
    assert complaints_of(lambda: PriorityStreet("路", ())) == ("street '路': has no segment",)
    assert complaints_of(lambda: PriorityStreet("", (SEGMENT,), prize=(1, 2))) == (
        "street 'without a name': 2 prizes for 1 segments; give one for each",
    )
    assert PriorityStreet("路", [SEGMENT], prize=[np.int32(5)]).prize == (5,)  # type: ignore[arg-type, list-item]


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"id": " "}, "id ' ' is not a text of at least one letter"),
        ({"kind": ""}, "kind '' is not a text of at least one letter"),
        ({"kind": "street"}, "kind 'street' is kept for streets; choose another word"),
        ({"place": (117.0, 32.6)}, "place (117.0, 32.6) is not a Place; patrolroute.snap makes one"),
        ({"windows": ("18:00-02:00",)}, "window '18:00-02:00' is no ClockWindow, DatedWindow or OsmHours"),
        ({"dwell_s": 0}, "dwell_s 0 is not a whole number between 1 and 57,600"),
        ({"dwell_s": 57_601}, "dwell_s 57601 is not a whole number between 1 and 57,600"),
        ({"dwell_s": 60.0}, "dwell_s 60.0 is not a whole number between 1 and 57,600"),
        ({"prize": 0}, "prize 0 is not a whole number between 1 and 1,000,000,000"),
        ({"priority": 6}, "priority 6 is not a whole number between 1 and 5"),
        ({"mode": "boat"}, "mode 'boat' is not one of car, foot, bicycle"),
    ],
)
def test_each_rule_of_a_hotspot_is_one_sentence(fields: dict[str, Any], rule: str) -> None:
    assert complaints_of(lambda: hotspot(**fields)) == (f"hotspot '夜市': {rule}",)


@pytest.mark.parametrize(
    "fields", [{"dwell_s": 1}, {"dwell_s": 57_600}, {"priority": 1}, {"priority": 5}, {"visits": 48}]
)
def test_the_bounds_themselves_are_allowed(fields: dict[str, int]) -> None:
    spot = hotspot(**fields)
    assert {name: getattr(spot, name) for name in fields} == fields


def test_all_complaints_about_a_hotspot_come_together() -> None:
    assert len(complaints_of(lambda: hotspot(name="", dwell_s=-1, priority=0, visits=0, required="no", prize=-5))) == 6


def test_lists_and_numbers_of_other_libraries_become_plain_and_frozen() -> None:
    spot = hotspot(windows=[ClockWindow.parse("18:00-02:00")], priority=np.int8(4), dwell_s=np.int64(60))
    assert (type(spot.windows), type(spot.priority), type(spot.dwell_s)) == (tuple, int, int)
    assert hash(spot) == hash(hotspot(windows=spot.windows, priority=4, dwell_s=60))
    with pytest.raises(AttributeError):
        spot.priority = 5  # type: ignore[misc]
