"""What a night's file says of its streets: hours of closures, slow streets, speeds by the hour, modes, turns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from patrolroute.base.errors import NightError
from patrolroute.network.road import RoadNetwork
from patrolroute.night.run import NightRun, night_from
from patrolroute.rules.audit import audit
from tests.night.nights import small_night

PRIMARY = {"travel_kmh": {"primary": 22.5}}
"""Half of the usual speed."""


def night_run(folder: Path = Path(), **changes: Any) -> NightRun:
    return NightRun(night_from(small_night(**changes)), folder)


def seconds(network: RoadNetwork, highway: str = "primary") -> int:
    return int(network.travel_s[np.array(network.highways) == highway].sum())


USUAL_S = seconds(night_run().network())


@pytest.mark.parametrize("hours", [["20:00-21:00"], ["21:59-23:00"], ["10:00-11:00", "21:00-21:01"][1:], []])
def test_a_closure_that_meets_a_shift_holds_all_night(hours: list[str]) -> None:
    network = night_run(closures={"names": ["学院路"], "hours": hours}).network()
    assert "学院路" not in network.names


def test_a_closure_that_meets_no_shift_is_told() -> None:
    run = night_run(
        closures=[{"names": ["学院路"], "hours": ["21:00-21:30"]}, {"names": ["龙湖路"], "hours": ["10:00-11:00"]}]
    )
    with pytest.raises(NightError, match=r"closures\[2\]: the hours 10:00-11:00 never meet any shift"):
        run.problem()


def test_a_plan_says_which_hours_hold_all_night() -> None:
    run = night_run(closures={"names": ["学院路"], "hours": ["21:00-21:30"]})
    plan = run.solve().plan
    assert plan.settings["all_night"] == ["学院路 21:00-21:30"]
    assert "21:00-21:30" in plan.summary("zh")
    assert "21:00-21:30" in plan.summary("en")


def test_slow_streets_are_slow_by_their_share() -> None:
    usual = night_run().network()
    slow = night_run(slow=[{"names": ["学院路"], "factor": 0.5}]).network()
    of_street = np.array(usual.names) == "学院路"
    assert slow.travel_s[of_street].sum() == pytest.approx(2 * usual.travel_s[of_street].sum(), rel=0.02)
    assert np.array_equal(slow.travel_s[~of_street], usual.travel_s[~of_street])


@pytest.mark.parametrize(
    ("parts", "factor"),
    [
        ([{"hours": ["20:00-00:00"], **PRIMARY}], 2.0),
        ([{"hours": ["21:00-00:00"], **PRIMARY}], 2.0),  # the first half hour is faster; the slower part counts
        ([{"hours": ["00:00-06:00"], **PRIMARY}], 1.0),  # after the shift
        ([{"hours": ["20:00-21:00"], "travel_kmh": {"primary": 90}}], 1.0),  # usual from 21:00 on
        (
            [{"hours": ["20:00-00:00"], "travel_kmh": {"primary": 90}}, {"hours": ["00:00-06:00"], **PRIMARY}],
            0.75,
        ),  # 60 is posted
    ],
)
def test_a_night_is_planned_with_the_slowest_part_that_it_touches(parts: list[Any], factor: float) -> None:
    network = night_run(speeds={"parts": parts}).network()
    assert seconds(network) == pytest.approx(factor * USUAL_S, rel=0.03)


def test_before_and_after_midnight_each_shift_takes_its_own_part() -> None:
    parts = [{"hours": ["18:00-00:00"], **PRIMARY}, {"hours": ["00:00-06:00"], "travel_kmh": {"primary": 45}}]
    late = {"shift": {"start": "00:30", "end": "02:00"}}
    assert seconds(night_run(speeds={"parts": parts}).network()) == pytest.approx(2 * USUAL_S, rel=0.03)
    assert seconds(night_run(speeds={"parts": parts}, **late).network()) == pytest.approx(USUAL_S, rel=0.01)


@pytest.mark.parametrize("where", ["speeds", "part"])
def test_a_misspelt_class_of_streets_is_told(where: str) -> None:
    speeds: dict[str, Any] = {"travel_kmh": {"primry": 30}}
    if where == "part":
        speeds = {"parts": [{"hours": ["20:00-00:00"], **speeds}]}
    with pytest.raises(NightError, match="did you mean primary"):
        night_run(speeds=speeds)


def test_turns_cost_what_the_night_says() -> None:
    assert night_run(turns={"free": True}).network().turns is None
    turns = night_run(turns={"u_turn_s": 99, "u_turns_at_junctions": False}).network().turns
    assert turns is not None
    assert set(turns.seconds.tolist()) == {-1, 2, 5, 99}


def test_a_night_may_mix_modes_each_on_its_own_network() -> None:
    crews = [{"depot": "bureau", "count": 2, "prefix": "A"}, {"depot": "bureau", "id": "步巡", "mode": "foot"}]
    streets = [
        {"names": ["龙湖路", "学院路"], "visits": 2},
        {"names": ["广场路"], "mode": "foot", "priority": 5},
    ]
    run = night_run(crews=crews, streets=streets)
    assert set(run.networks()) == {"car", "foot"}
    plan = run.solve().plan
    assert audit(plan) == ()
    walked = next(route for route in plan.routes if route.crew == "步巡")
    assert walked.legs
    assert {task.mode for task in plan.tasks} == {"car", "foot"}
    assert all(leg.turn_s == 0 for leg in walked.legs)


def test_the_same_street_may_be_driven_and_walked() -> None:
    crews = [{"depot": "bureau", "id": "A"}, {"depot": "bureau", "id": "步巡", "mode": "foot"}]
    plan = night_run(crews=crews, streets=[{"names": ["学院路"]}, {"names": ["学院路"], "mode": "foot"}]).solve().plan
    assert audit(plan) == ()
    assert {task.id.startswith("foot:") for task in plan.tasks if task.mode == "foot"} == {True}


@pytest.mark.parametrize("kind", ["closures", "slow"])
def test_what_one_mode_s_map_lacks_is_closed_or_slow_on_the_other_s(kind: str, tmp_path: Path) -> None:
    ways = {
        "车行路": ("primary", (1, 2, 3, 4, 1)), "步道": ("footway", (1, 3)),
    }  # fmt: skip
    nodes = [(1, 117.0, 32.6), (2, 117.005, 32.6), (3, 117.005, 32.604), (4, 117.0, 32.604)]
    text = '<osm version="0.6">' + "".join(f'<node id="{n}" lon="{lon}" lat="{lat}"/>' for n, lon, lat in nodes)
    for number, (name, (highway, refs)) in enumerate(ways.items(), start=1):
        tags = f'<tag k="highway" v="{highway}"/><tag k="name" v="{name}"/>'
        text += f'<way id="{number}">' + "".join(f'<nd ref="{ref}"/>' for ref in refs) + tags + "</way>"
    (tmp_path / "map.osm").write_text(text + "</osm>", encoding="utf-8")
    more = {"factor": 0.5} if kind == "slow" else {}
    night = {
        "map": {"file": "map.osm"}, "depots": [{"id": "bureau", "lon": 117.0, "lat": 32.6}],
        "crews": [{"depot": "bureau", "id": "A"}, {"depot": "bureau", "id": "B", "mode": "foot"}],
        "streets": [{"names": ["车行路"]}, {"names": ["车行路"], "mode": "foot"}],
    }  # fmt: skip
    usual = night_run(tmp_path, **night).networks()
    networks = night_run(tmp_path, **night, **{kind: [{"names": ["步道"], **more}]}).networks()
    assert networks["car"].fingerprint == usual["car"].fingerprint
    assert networks["foot"].fingerprint != usual["foot"].fingerprint
    with pytest.raises(NightError, match="鬼路"):
        night_run(tmp_path, **night, **{kind: [{"names": ["鬼路"], **more}]}).networks()


def test_a_street_may_be_slow_and_closed_in_one_night() -> None:
    run = night_run(closures={"names": ["学院路"]}, slow=[{"names": ["学院路", "龙湖路"], "factor": 0.5}])
    assert "学院路" not in run.network().names


def test_a_street_for_a_mode_that_nobody_has_is_told() -> None:
    with pytest.raises(NightError, match="nobody goes by the mode 'bicycle' that a street"):
        night_run(streets=[{"names": ["龙湖路"], "mode": "bicycle"}]).problem()
