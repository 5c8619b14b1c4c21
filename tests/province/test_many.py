"""Many bureaus' nights at once: the same plans whoever makes them, whatever dies, wherever it is stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import patrolroute as pr
from patrolroute.base.vocabulary import MAX_SEED
from patrolroute.province.jobs import Job, NightOptions, seed_of
from patrolroute.province.model import BureauNight
from patrolroute.province.work import TRY, plan_bureau
from tests.province.towns import province, town


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write four nights."""
    return province(tmp_path_factory.mktemp("nights"))


@pytest.fixture(scope="module")
def plain(nights: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> pr.Province:
    """Plan them one after the other."""
    return pr.solve_many(nights, out=tmp_path_factory.mktemp("plain"))


def same(some: pr.Province, others: pr.Province) -> bool:
    return all(night.same_result(others.by_name[night.name]) for night in some) and len(some) == len(others)


class Here(Executor):
    """Runs what it is given at once; workers die over the nights that ``dies`` counts."""

    def __init__(self, **dies: int) -> None:
        self.dies, self.asked = dies, list[str]()

    def submit(self, fn: Any, /, *args: Any, **options: Any) -> Future[Any]:
        future, job = Future[Any](), args[0]
        self.asked.append(job.name)
        if self.dies.get(job.name, 0):
            self.dies[job.name] -= 1
            future.set_exception(BrokenExecutor("died"))
        else:
            future.set_result(fn(*args, **options))
        return future


def test_every_night_is_planned_and_its_plan_keeps_the_rules(plain: pr.Province) -> None:
    assert [night.status for night in plain] == ["done"] * 4
    for night in plain:
        plan = night.read_plan()
        assert plan.audit() == ()
        assert plan.seed == night.seed == seed_of(night.name, 1)
        assert (plan.objective.prize_collected, len(plan.crews)) == (night.prize_collected, night.crews)


def test_order_and_company_change_nothing(nights: dict[str, Path], plain: pr.Province) -> None:
    few = pr.solve_many({name: nights[name] for name in ("所3", "所1")})
    assert [night.name for night in few] == ["所3", "所1"]
    assert all(night.result == plain.by_name[night.name].result for night in few)


def test_another_seed_is_another_seed_for_each(nights: dict[str, Path], plain: pr.Province) -> None:
    other = pr.solve_many({"所2": nights["所2"]}, seed=2)
    assert other[0].seed != plain.by_name["所2"].seed


def test_an_executor_of_threads_comes_to_the_same(nights: dict[str, Path], plain: pr.Province, tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as executor:
        assert same(pr.solve_many(nights, executor=executor, out=tmp_path), plain)


def test_processes_that_are_killed_are_replaced_and_named_and_nothing_changes(
    nights: dict[str, Path], plain: pr.Province, tmp_path: Path
) -> None:
    killed, over = list[str](), threading.Event()

    def kill() -> None:
        while not over.is_set() and len(killed) < 2:
            for path in tmp_path.glob(f"*/{TRY}*"):
                try:
                    worker = path.read_text(encoding="utf-8")
                    if worker and worker not in killed:
                        os.kill(int(worker.rpartition(":")[2]), signal.SIGKILL)
                        killed.append(worker)
                        break
                except OSError:  # the worker was done before
                    continue
            time.sleep(0.001)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        found = pr.solve_many(nights, workers=2, out=tmp_path)
    finally:
        over.set()
        killer.join()
    assert same(found, plain)
    assert killed
    assert {worker for night in found for worker in night.lost} <= set(killed)
    assert any(night.lost for night in found)


def test_a_night_that_kills_its_workers_is_given_up_and_takes_no_other_with_it(nights: dict[str, Path]) -> None:
    executor = Here(所1=99)
    found = pr.solve_many({name: nights[name] for name in ("所1", "所2")}, executor=executor, tries=2)
    assert [night.status for night in found] == ["lost", "done"]
    assert executor.asked.count("所1") == 2
    assert "2" in found[0].said("zh")[0]
    assert "2 workers died" in found[0].said("en")[0]


def test_one_more_death_than_tries_allow_is_one_too_many(nights: dict[str, Path]) -> None:
    for deaths, status in ((1, "done"), (2, "lost")):
        found = pr.solve_many({"所2": nights["所2"]}, executor=Here(所2=deaths), tries=2)
        assert found[0].status == status


def test_workers_that_died_are_known_by_what_they_left_in_the_folder(nights: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / f"{TRY}a").write_text("elsewhere:7", encoding="utf-8")
    for tries, status in ((2, "done"), (1, "lost")):
        (tmp_path / f"{TRY}a").write_text("elsewhere:7", encoding="utf-8")
        options = NightOptions(work_limit=20)
        found = plan_bureau(Job("所2", nights["所2"], 1, options, "", tmp_path, tries))
        assert (found.status, found.lost) == (status, ("elsewhere:7",))
        assert not list(tmp_path.glob(f"{TRY}*"))


def test_an_executor_that_takes_no_more_loses_what_is_left(nights: dict[str, Path]) -> None:
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    found = pr.solve_many(nights, executor=executor)
    assert {night.status for night in found} == {"lost"}
    assert "takes no more" in found[0].said("en")[0]


def test_what_is_done_is_kept_and_what_changed_is_planned_again(tmp_path: Path) -> None:
    nights, out = province(tmp_path / "in", 3), tmp_path / "out"
    first = pr.solve_many(nights, out=out)
    assert [night.kept for night in pr.solve_many(nights, out=out)] == [True] * 3
    nights["所0"].write_text(json.dumps(town(0, crews=[{"depot": "d", "count": 1}])), encoding="utf-8")
    with (out / "所1" / "plan.json").open("a") as file:
        file.write(" ")
    (out / "所2" / "bureau.json").write_bytes((out / "所2" / "bureau.json").read_bytes()[:99])
    again = pr.solve_many(nights, out=out)
    assert [night.kept for night in again] == [False] * 3
    assert [night.crews for night in again] == [1, 2, 2]
    assert again[1].same_result(first[1])
    assert [night.kept for night in pr.solve_many(nights, out=out, work_limit=30)] == [False] * 3


def test_a_table_that_a_night_names_counts_as_a_part_of_it(tmp_path: Path) -> None:
    depots = tmp_path / "depots.csv"
    depots.write_text("id,name,lon,lat\nd,所里,117.0035,32.6249\n", encoding="utf-8")
    night, out = tmp_path / "night.json", tmp_path / "out"
    night.write_text(json.dumps(town(0, depots="depots.csv")), encoding="utf-8")
    assert [found.kept for found in pr.solve_many([night], out=out)] == [False]
    assert [found.kept for found in pr.solve_many([night], out=out)] == [True]
    depots.write_text("id,name,lon,lat\nd,所里,117.0040,32.6249\n", encoding="utf-8")
    assert [found.kept for found in pr.solve_many([night], out=out)] == [False]


def test_who_stops_finds_the_rest_to_do_next_time(nights: dict[str, Path], plain: pr.Province, tmp_path: Path) -> None:
    part = pr.solve_many(nights, out=tmp_path, callback=lambda progress: progress.over == 2)
    assert part.stopped
    assert [night.status for night in part] == ["done", "done", "stopped", "stopped"]
    whole = pr.solve_many(nights, out=tmp_path)
    assert [night.kept for night in whole] == [True, True, False, False]
    assert same(whole, plain)


def test_ctrl_c_between_two_nights_loses_none_of_those_done(nights: dict[str, Path]) -> None:
    def interrupt(progress: pr.ProvinceProgress) -> None:
        if progress.over == 1:
            raise KeyboardInterrupt

    found = pr.solve_many(nights, callback=interrupt)
    assert [night.status for night in found] == ["done", "stopped", "stopped", "stopped"]
    assert found.stopped


def test_a_wrong_night_is_told_in_both_languages_and_keeps_no_other_from_being_planned(
    nights: dict[str, Path], tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps(town(0, crews=[{"depot": "nowhere"}])), encoding="utf-8")
    broken = tmp_path / "broken.json"
    broken.write_text("{", encoding="utf-8")
    found = pr.solve_many({"甲": wrong, "乙": broken, "丙": nights["所2"]})
    assert [night.status for night in found] == ["wrong", "wrong", "done"]
    assert "nowhere" in found[0].said("en")[0]
    assert "集结点" in found[0].said("zh")[0]
    assert found[1].said("zh")[0] != found[1].said("en")[0]
    with pytest.raises(pr.PlanFileError, match="has no plan"):
        found[0].read_plan()


def test_models_and_problems_are_planned_as_files_are(nights: dict[str, Path]) -> None:
    run = pr.NightRun.trusting(pr.read_night(nights["所2"]), nights["所2"].parent)
    found = pr.solve_many({"所2": nights["所2"], "模型": run.night, "题": run.problem()}, work_limit=20, goal="points")
    assert [night.status for night in found] == ["done"] * 3
    assert len({night.prize_total for night in found}) == 1
    assert found[2].read_plan().audit() == ()


@pytest.mark.parametrize(
    ("nights", "options", "said"),
    [
        ({"a": 7}, {}, "7 is no night"),
        ({"": "a.toml"}, {}, "has no name"),
        (["x/a.toml", "y/a.toml"], {}, "is there twice"),
        ({"a": "a.toml"}, {"workers": 0}, "workers 0 is not between"),
        ({"a": "a.toml"}, {"tries": 0, "seed": -1}, "tries 0 is not between"),
        ({"a": "a.toml"}, {"executor": 3}, "has no submit"),
        ({"a": "a.toml"}, {"executor": ThreadPoolExecutor(1), "workers": 2}, "one or the other"),
        ({"a": "a.toml"}, {"work_limit": -1}, "work_limit -1 is not at least 0"),
    ],
)
def test_wrong_calls_are_refused_in_a_sentence(nights: Any, options: dict[str, Any], said: str) -> None:
    with pytest.raises(pr.InputError, match=said) as error:
        pr.solve_many(nights, **options)
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in item.said("zh")) for item in error.value.items)


def test_no_nights_are_no_province() -> None:
    assert list(pr.solve_many({})) == []
    assert pr.Province(()).summary("en").startswith("Night patrols")


def test_two_programs_do_not_plan_into_one_folder(nights: dict[str, Path], tmp_path: Path) -> None:
    refused = list[str]()

    def again(_: object) -> None:
        with pytest.raises(pr.InputError, match="another program") as error:
            pr.solve_many(nights, out=tmp_path)
        refused.append(str(error.value))

    pr.solve_many({"所2": nights["所2"]}, out=tmp_path, callback=again)
    assert len(refused) == 1


def test_the_core_imports_no_dask() -> None:
    code = "import sys, patrolroute.province.many, patrolroute.cli.commands; print('distributed' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@given(st.text(max_size=20), st.integers(0, MAX_SEED))
def test_a_seed_is_one_that_a_search_takes(name: str, seed: int) -> None:
    assert 0 <= seed_of(name, seed) <= MAX_SEED


PLACES = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
RECORDS = st.builds(
    BureauNight,
    name=st.text(min_size=1, max_size=9),
    status=st.sampled_from(["done", "wrong", "broken", "lost", "stopped"]),
    complaints=st.lists(st.tuples(st.text(max_size=9), st.text(max_size=9)), max_size=2).map(tuple),
    seed=st.integers(0, MAX_SEED),
    begin=st.none() | st.datetimes(timezones=st.timezones()),
    seen=st.none() | st.floats(0, 1),
    place=st.none() | PLACES,
    outline=st.lists(PLACES, max_size=4).map(tuple),
    lost=st.lists(st.text(max_size=5), max_size=3).map(tuple),
)


@given(RECORDS)
def test_a_record_reads_back(night: BureauNight) -> None:
    again = BureauNight.from_dict(json.loads(night.record))
    assert again.to_dict() == night.to_dict()
    assert again.same_result(night)


def test_the_networks_of_one_reading_are_those_of_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from patrolroute.network import constructors
    from patrolroute.night.roads import Tonight
    from patrolroute.province.jobs import JobMaker
    from patrolroute.province.maps import read_maps_once

    both = [{"depot": "d", "count": 1}, {"depot": "d", "count": 1, "mode": "foot", "prefix": "F"}]
    nights = province(tmp_path / "in", 3, crews=both)
    monkeypatch.setenv("PATROLROUTE_CACHE", str(tmp_path / "one"))
    readings = list[bool]()
    usual = constructors.read_data
    monkeypatch.setattr(
        constructors, "read_data", lambda *given, **options: readings.append(True) or usual(*given, **options)
    )
    maker = JobMaker(NightOptions(), 1, None, 1)
    assert read_maps_once([maker.job(name, path) for name, path in nights.items()]) == 6
    assert len(readings) == 2  # one for cars, one for those on foot
    kept = {path.name: path.read_bytes() for path in (tmp_path / "one" / "networks").iterdir()}
    monkeypatch.setenv("PATROLROUTE_CACHE", str(tmp_path / "many"))
    for path in nights.values():
        Tonight(pr.read_night(path), path.parent).networks()
    assert {path.name: path.read_bytes() for path in (tmp_path / "many" / "networks").iterdir()} == kept
