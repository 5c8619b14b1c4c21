"""The bundled night as a map: small enough to send, quick to open, and true to its plan at every clock time."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from patrolroute.network.places import METRES_A_DEGREE
from patrolroute.night.run import NightRun, bundled_night, read_night
from patrolroute.plan.model import PatrolPlan
from patrolroute.search.solve import solve
from tests.output.pages import Opened, chromium, opened

MOST_BYTES = 5_000_000
CLOCKS = (0, 610, 3000, 4560, 7210, 9990, 11700)


@pytest.fixture(scope="module")
def plan() -> PatrolPlan:
    problem = NightRun(read_night(bundled_night()), bundled_night().parent).problem()
    return solve(problem, work_limit=20, seed=1, goal="points").plan


@pytest.fixture(scope="module")
def folder(plan: PatrolPlan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("bundled")
    plan.to_json(place / "plan.json")
    plan.to_html(place / "map.html")
    return place


@pytest.fixture(scope="module")
def seen(folder: Path) -> Iterator[Opened]:
    with chromium() as browser:
        yield opened(browser, folder / "map.html")


def test_it_is_small_enough_to_send(folder: Path) -> None:
    assert (folder / "map.html").stat().st_size < MOST_BYTES


def test_it_asks_for_nothing_and_complains_of_nothing(seen: Opened, folder: Path) -> None:
    assert seen.asked() == [(folder / "map.html").as_uri()]
    assert seen.errors == []


@pytest.mark.parametrize("second", CLOCKS)
def test_every_crew_is_where_the_plan_file_says_it_is(seen: Opened, folder: Path, second: int) -> None:
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    seen.page.locator("#clock").fill("0")
    home = seen.cars()
    seen.page.locator("#clock").fill(str(second))
    drawn = seen.cars()
    zero = dt.datetime.fromisoformat(plan["window"][0])
    assert len(drawn) == len(plan["crews"])
    for crew, route in zip(plan["crews"], plan["routes"], strict=True):
        start = in_metres(crew["depot"]["lon"], crew["depot"]["lat"])
        moved = (drawn[crew["id"]][0] - home[crew["id"]][0], drawn[crew["id"]][1] - home[crew["id"]][1])
        corridor, most = where(route, zero + dt.timedelta(seconds=second), start)
        away = min(math.dist((start[0] + moved[0], start[1] + moved[1]), point) for point in corridor)
        assert away <= most, (crew["id"], second)


def where(
    route: dict[str, Any], moment: dt.datetime, start: tuple[float, float]
) -> tuple[list[tuple[float, float]], float]:
    """Return where a leg is at a moment, and how many metres off it may be.

    On a leg over one arc that is a point: the turn comes first, then the arc at one speed. On a leg over several,
    whose speeds plan.json does not hold, it is anywhere between the points on the line, told every 5 metres.
    """
    here = [start]
    for leg in route["legs"]:
        depart, arrive = (dt.datetime.fromisoformat(leg[name]) for name in ("depart", "arrive"))
        line = [in_metres(*point) for point in leg["coordinates"]]
        if depart <= moment < arrive and len(leg["arcs"]) == 1:
            begun = depart + dt.timedelta(seconds=leg["turn_s"])
            return [along(line, max(0.0, (moment - begun) / (arrive - begun)))], 4.0
        if depart <= moment < arrive:
            return [along(line, part / 1000) for part in range(1001)], 5.0
        if depart <= moment:
            here = [line[-1]]
    return here, 3.0


def along(line: list[tuple[float, float]], share: float) -> tuple[float, float]:
    rest = share * sum(math.dist(*pair) for pair in pairwise(line))
    for one, two in pairwise(line):
        size = math.dist(one, two)
        if rest <= size and size > 0:
            return one[0] + rest / size * (two[0] - one[0]), one[1] + rest / size * (two[1] - one[1])
        rest -= size
    return line[-1]


def in_metres(lon: float, lat: float) -> tuple[float, float]:
    return lon * METRES_A_DEGREE * math.cos(math.radians(32.6)), lat * METRES_A_DEGREE


def test_main_streets_are_named_and_each_hotspot_is_numbered(seen: Opened, plan: PatrolPlan) -> None:
    seen.page.locator("#fit").click()
    seen.settle()
    names = {text.replace("\n", "") for text in seen.data("street_names")["text"]}
    assert {"淮河大道", "瓦埠湖路", "龙湖路"} <= names
    assert len(seen.data("stops")["x"]) == sum(task.kind == "hotspot" for task in plan.tasks)


def test_names_do_not_lie_on_one_another(seen: Opened) -> None:
    shown = seen.data("street_names")
    unit = seen.page.evaluate("patrolMap.state.unit")
    places = list(zip(shown["x"], shown["y"], strict=True))
    for number, one in enumerate(places):
        assert all(math.dist(one, two) / unit > 11 for two in places[:number])


def test_few_crews_have_a_colour_each_with_arrows_and_numbers(seen: Opened) -> None:
    seen.page.locator("#none").click()
    for number in range(3):
        seen.page.locator("#crews input").nth(number).check()
    seen.settle()
    assert len(set(seen.data("cars")["colour"])) == 3
    assert seen.data("arrows")["x"]
    assert len(seen.data("numbers")["text"]) > 10
    seen.page.locator("#all").click()
    teams = seen.data("numbers")["text"]  # with all crews on the map their teams stand on it, and no numbers
    assert len(teams) == len(set(teams)) > 1
    assert not any(text.isdecimal() for text in teams)


def test_routes_that_overlap_lie_side_by_side(seen: Opened) -> None:
    """No two lanes of the same map have the same line."""
    seen.page.locator("#all").click()
    shown = seen.data("routes")
    lines = [(tuple(x), tuple(y)) for x, y in zip(shown["x"], shown["y"], strict=True)]
    assert len(set(lines)) == len(lines) > 1000
