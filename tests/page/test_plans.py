"""Planning from the page: one job at a time, stopped at will; plans compared, handed out, tried with other fleets."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator

import pytest

from patrolroute.plan.model import PatrolPlan
from tests.page.served import CREWS, Client, served, small_night

LONG = {"solve": {"time_limit_s": 300, "goal": "points"}}


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with served() as found:
        yield found


@pytest.fixture(scope="module")
def two_plans(client: Client) -> list[int]:
    numbers = []
    for count in (1, 3):
        client.put(small_night(crews=[CREWS | {"count": count}]))
        assert client.ask("POST", "/job/plan", {}).status == 200
        job = client.finished()
        assert (job["state"], job["result"]["broken"]) == ("done", [])
        numbers.append(job["result"]["plan"])
    return numbers


def test_a_plan_is_listed_with_what_it_is_worth(client: Client, two_plans: list[int]):
    newest, first, *_ = client.ask("GET", "/plans").json
    assert [newest["number"], first["number"]] == two_plans[::-1]
    assert (first["crews"], newest["crews"], newest["missed"]) == (1, 3, 0)


def test_a_second_job_is_refused_while_one_runs_and_stopping_keeps_the_best(client: Client):
    client.put(small_night(**LONG))
    assert client.ask("POST", "/job/plan", {}).status == 200
    for path in ("/job/plan", "/job/what-if"):
        answer = client.ask("POST", path, {"crews": [1], "ends": [0]})
        assert (answer.status, answer.json) == (409, {"error": "busy"})
    assert client.ask("POST", "/job/stop", {}).json["is_stopping"] is True
    job = client.finished()
    assert job["state"] == "stopped"
    plan = next(plan for plan in client.ask("GET", "/plans").json if plan["number"] == job["result"]["plan"])
    assert plan["stopped_by"] == "callback"


def test_events_tell_how_a_job_goes_until_it_ends(client: Client):
    client.put(small_night())
    client.ask("POST", "/job/plan", {})
    answer = client.ask("GET", "/job/events")
    told = [json.loads(line[6:]) for line in answer.body.decode().splitlines() if line.startswith("data: ")]
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert (told[-1]["state"], told[-1]["result"]["broken"]) == ("done", [])


def test_a_night_that_cannot_be_planned_is_refused_with_its_cells(client: Client):
    client.put(small_night(streets=[{"names": ["龙湖路"], "priority": 9}]))
    answer = client.ask("POST", "/job/plan", {})
    assert (answer.status, answer.json["complaints"][0]["cell"]["field"]) == (422, "priority")
    client.put(small_night(streets=[{"names": ["无此路"]}]))
    client.ask("POST", "/job/plan", {})
    job = client.finished()
    assert (job["state"], job["complaints"][0]["code"]) == ("refused", "unknown_name")


def test_all_files_come_in_one_archive_that_is_the_plan(client: Client, two_plans: list[int]):
    answer = client.ask("GET", f"/plans/{two_plans[0]}/files.zip?lang=zh")
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        names = set(archive.namelist())
        document = json.loads(archive.read("plan.json"))
    assert {"plan.json", "map.html", "sheets.html", "commander.html", "network.graphml"} <= names
    assert document["schema_version"]
    single = client.ask("GET", f"/plans/{two_plans[0]}/summary.txt?lang=en")
    assert "attachment" in single.headers["content-disposition"]
    assert client.ask("GET", f"/plans/{two_plans[0]}/files").json[0]["name"] == "plan.json"


def test_a_plan_that_was_looked_at_lets_the_tables_go_that_it_was_made_from(client: Client, two_plans: list[int]):
    kept = client.desk.plans.get(two_plans[0])
    assert kept is not None
    assert kept.plan.explain is None
    assert kept.plan.explained is kept.plan
    for name in ("plan.json", "summary.txt", "stops.csv", "map.html", "plan.json", "sheets.html"):
        assert client.ask("GET", f"/plans/{kept.number}/{name}").status == 200
    assert 0 < len(kept.files) <= 4


def test_two_plans_are_one_map_with_what_differs(client: Client, two_plans: list[int]):
    found = client.ask("GET", f"/compare/{two_plans[0]}/{two_plans[1]}?lang=zh").json
    plans: list[PatrolPlan] = [client.desk.plans.get(number).plan for number in two_plans]  # type: ignore[union-attr]
    assert [len(routes) for routes in found["routes"]] == [1, 3]
    for task in found["tasks"]:
        by_hand = [
            sum(
                leg.task == task["id"] and leg.kind in ("patrol", "pass") for route in plan.routes for leg in route.legs
            )
            for plan in plans
        ]
        assert task["seen"] == by_hand
        assert task["lines"]
        assert "龙湖路" in task["name"]
    assert any(task["seen"][0] != task["seen"][1] for task in found["tasks"])
    assert "车组" in found["words"]
    same = client.ask("GET", f"/compare/{two_plans[0]}/{two_plans[0]}?lang=en").json
    assert same["words"] == "The two plans are the same"
    assert client.ask("GET", "/compare/1/999").status == 404


def test_other_fleets_and_ends_are_planned_one_after_the_other(client: Client):
    client.put(small_night(solve={"goal": "points"}))
    client.ask("POST", "/job/what-if", {"crews": [1, 2], "ends": [0, 30]})
    job = client.finished()
    rows = job["facts"]["variants"]
    assert [(row["crews"], row["minutes"], row["end"]) for row in rows] == [
        (1, 0, "21:30"),
        (2, 0, "21:30"),
        (1, 30, "22:00"),
        (2, 30, "22:00"),
    ]
    assert rows[1]["share"] >= rows[0]["share"]
    kept = {plan["number"]: plan["label"] for plan in client.ask("GET", "/plans").json}
    assert kept[rows[3]["plan"]] == {"crews": 2, "minutes": 30}


def test_a_what_if_that_is_stopped_keeps_what_is_done(client: Client):
    client.put(small_night(solve={"goal": "points"}))
    client.ask("POST", "/job/what-if", {"crews": [1, 2, 3, 4, 5, 6], "ends": [0, 30, 60]})
    while not client.ask("GET", "/job").json["facts"].get("variants"):
        pass
    client.ask("POST", "/job/stop", {})
    job = client.finished()
    assert job["state"] == "stopped"
    assert 0 < len(job["facts"]["variants"]) < 18


@pytest.mark.parametrize(
    "asked",
    [{"crews": "4", "ends": [0]}, {"crews": [1]}, {"crews": [1.5], "ends": [0]}, {"crews": [10**9], "ends": [0]}],
)
def test_what_is_no_list_of_fleets_is_refused(client: Client, asked: dict[str, object]):
    client.put(small_night())
    assert client.ask("POST", "/job/what-if", asked).status == 422
