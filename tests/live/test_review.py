"""Nights driven in the computer: every planted deviation is found, and nothing else is."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest

import patrolroute as pr
from patrolroute.cli.commands import main
from patrolroute.live.review_orders import STATUSES, OrderReview, _out_of_order
from patrolroute.live.review_outputs import side_by_side
from patrolroute.live.review_tables import GRAVITY, besides_table, order_table, orders_line
from patrolroute.live.review_tables import others as others_of
from patrolroute.live.review_words import WORDS
from patrolroute.plan.records import Leg
from tests.live.planted import Night
from tests.live.simulated import simulated

MOST_FALSE = 0.02
"""Of the orders that were driven as planned at most so many may be called otherwise, with fixes up to 30 s apart."""


def others(review: pr.Review, *crews: str) -> list[OrderReview]:
    return [one for one in review.orders if one.status != "made" and one.crew not in crews]


def of(review: pr.Review, crew: str) -> Counter[str]:
    return Counter(one.status for one in review.orders if one.crew == crew)


@pytest.mark.parametrize(("every", "noise", "seed"), [(1, 5, 0), (5, 8, 1), (10, 5, 2), (30, 8, 3)])
def test_a_night_driven_as_planned_has_no_deviation_above_the_stated_rate(
    plan: pr.PatrolPlan, every: float, noise: float, seed: int
) -> None:
    review = pr.review(plan, simulated(plan, every_s=every, noise_m=noise, seed=seed))
    assert len(others(review)) <= MOST_FALSE * len(review.orders)
    assert review.violations == ()
    planned, driven, shown = review.measures["sighting_probability"]
    assert planned is not None
    assert driven == pytest.approx(planned, abs=0.02)
    assert shown == pytest.approx(planned, abs=0.02)
    assert review.measures["dose_compliance"][1] == 1


def test_a_crew_that_leaves_late_is_late_with_everything(plan: pr.PatrolPlan) -> None:
    review = pr.review(plan, simulated(plan, late_s={"P02": 1200.0}))
    assert set(of(review, "P02")) == {"late"}
    assert all(abs((one.late_s or 0) - 1200) < 90 for one in review.orders if one.crew == "P02")
    assert len(others(review, "P02")) <= 1


def test_silence_makes_orders_unknown_and_never_missed(plan: pr.PatrolPlan) -> None:
    review = pr.review(plan, simulated(plan, gaps={"P03": (1800, 4500)}))
    assert of(review, "P03")["unknown"] >= 2
    assert of(review, "P03")["missed"] == 0
    (gap,) = [doubt for doubt in review.doubts if doubt.kind == "gap"]
    assert (gap.crew, round(gap.value, -2)) == ("P03", 2700)
    assert len(review.weak["P03"]) > 0
    assert review.measures["driven_km"][1] < review.measures["driven_km"][0]  # type: ignore[operator]


def test_a_crew_without_a_track_is_named_and_nothing_is_held_against_it(plan: pr.PatrolPlan) -> None:
    review = pr.review(plan, simulated(plan, only=["P01", "P02", "P03"]))
    assert of(review, "P04").keys() <= {"unknown", "replaced"}
    assert [doubt.crew for doubt in review.doubts if doubt.kind == "no_track"] == ["P04"]


def test_two_crews_that_change_places_make_each_others_orders(plan: pr.PatrolPlan) -> None:
    swap = {"P01": "P04", "P04": "P01"}
    tracks = [replace(track, crew=swap.get(track.crew, track.crew)) for track in simulated(plan)]
    review = pr.review(plan, tracks)
    for crew, other in swap.items():
        assert [doubt.other for doubt in review.doubts if (doubt.kind, doubt.crew) == ("other_route", crew)] == [other]
        mine = [one for one in review.orders if one.crew == crew and one.kind in ("patrol", "dwell")]
        assert [one for one in mine if one.status == "replaced" and other in one.by]
        assert not [one for one in mine if one.status == "missed"]
    assert len(others(review, *swap)) <= 1


def test_an_order_that_is_driven_round_is_missed_and_excused_where_the_street_was_closed(plan: pr.PatrolPlan) -> None:
    night = Night(plan, 4)
    night.skip("P02", least_m=1200)
    ((number,),) = (one.orders for one in night.planted)
    tracks = night.tracks()
    review = pr.review(plan, tracks)
    (left,) = [one for one in review.orders if (one.crew, one.number) == ("P02", number)]
    assert left.status in ("missed", "partly", "replaced")
    assert left.share < 0.6
    assert len([one for one in others(review) if one is not left]) <= 2
    names = {plan.task[task].name for task in left.tasks}
    excused = pr.review(plan, tracks, closed=names)
    (again,) = [one for one in excused.orders if (one.crew, one.number) == ("P02", number)]
    assert again.status == "excused"


def test_a_dwell_that_is_cut_short_is_told_with_its_share(plan: pr.PatrolPlan) -> None:
    routes = []
    for route in plan.routes:
        legs, owed = list[Leg](), dt.timedelta()
        for leg in route.legs:
            if leg.kind == "dwell":
                cut = leg.depart + dt.timedelta(seconds=180)
                legs.append(replace(leg, arrive=cut))
                owed = leg.arrive - cut
                continue
            legs.append(replace(leg, depart=leg.depart - owed, arrive=leg.arrive - owed))
            if owed and len(legs) > 3 and legs[-3].kind == "dwell":
                legs.append(Leg("wait", legs[-1].arrive, legs[-1].arrive + owed))
                owed = dt.timedelta()
        routes.append(replace(route, legs=tuple(legs)))
    review = pr.review(plan, simulated(replace(plan, routes=tuple(routes))))
    dwells = [one for one in review.orders if one.kind == "dwell"]
    assert dwells
    assert all(one.status == "partly" and 0.2 < one.share < 0.5 for one in dwells)
    assert review.measures["dose_compliance"][1] in (0, None)


def test_orders_in_another_order_are_told_the_fewest() -> None:
    begin = dt.datetime(2026, 5, 8, 20, 30, tzinfo=dt.UTC)

    def order(number: int, minute: int) -> OrderReview:
        planned, driven = (begin + dt.timedelta(minutes=one) for one in (10 * number, minute))
        return OrderReview("A", number, "patrol", "", (), planned, driven, "made", 1.0, 0, True, False)

    found = _out_of_order([order(1, 10), order(2, 40), order(3, 20), order(4, 30), order(5, 50)])
    assert [one.status for one in found] == ["made", "out_of_order", "made", "made", "made"]
    assert [one.status for one in _out_of_order([order(1, 10), order(2, 20)])] == ["made", "made"]


def test_strange_tracks_are_named(plan: pr.PatrolPlan) -> None:
    tracks = {track.crew: track for track in simulated(plan)}
    eight = tracks["P01"]
    fast = tracks["P02"]
    lon = fast.lon.copy()
    lon[100:104] += np.arange(1, 5) * 0.02
    frozen = tracks["P03"]
    still = np.where(np.arange(len(frozen)) > 300, frozen.lon[300], frozen.lon)
    north = np.where(np.arange(len(frozen)) > 300, frozen.lat[300], frozen.lat)
    given = [
        replace(eight, seconds=eight.seconds + 1500),
        replace(fast, lon=lon),
        replace(frozen, lon=still, lat=north),
        replace(eight, crew="P04"),
        replace(eight, crew="皖D9999"),
        replace(eight, crew="P03", seconds=eight.seconds - 86_400),
    ]
    review = pr.review(plan, given)
    kinds = {(doubt.kind, doubt.crew) for doubt in review.doubts}
    assert {("too_fast", "P02"), ("frozen", "P03"), ("unknown_crew", "皖D9999"), ("outside_shift", "P03")} <= kinds
    twice = pr.review(plan, [eight, replace(eight, crew="P02"), tracks["P03"]])
    assert [(one.kind, one.crew, one.other) for one in twice.doubts if one.kind == "duplicate"] == [
        ("duplicate", "P02", "P01")
    ]


def test_a_clock_that_is_off_is_found_by_the_plan(plan: pr.PatrolPlan) -> None:
    tracks = [replace(one, seconds=one.seconds + 1200) if one.crew == "P01" else one for one in simulated(plan)]
    (off,) = [doubt for doubt in pr.review(plan, tracks).doubts if doubt.kind == "clock_off"]
    assert (off.crew, off.value) == ("P01", -1200)
    right = [replace(one, seconds=one.seconds + off.value) if one.crew == "P01" else one for one in tracks]
    assert not [doubt for doubt in pr.review(plan, right).doubts if doubt.kind == "clock_off"]


def test_what_cannot_be_reviewed_is_told(plan: pr.PatrolPlan) -> None:
    (track,) = simulated(plan, only=["P01"])
    with pytest.raises(pr.InputError, match="no track is of a crew"):
        pr.review(plan, [replace(track, crew="X")])
    assert pr.review(plan, [replace(track, crew="X")], crews={"X": "P01"}).orders


def test_everything_is_written_and_the_driven_night_is_read_back(plan: pr.PatrolPlan, tmp_path: Path) -> None:
    tracks = simulated(plan, only=["P01", "P02"])
    review = pr.review(plan, tracks)
    for lang in ("zh", "en"):
        names = {path.name for path in review.save(tmp_path / lang, lang=lang)}  # type: ignore[arg-type]
        assert {"report.html", "report.txt", "review.xlsx", "map.html", "review.geojson", "plan.json"} <= names
        page = (tmp_path / lang / "report.html").read_text(encoding="utf-8")
        assert "http" not in page.replace("http-equiv", "")
        assert "<script" not in page
        assert len(openpyxl.load_workbook(tmp_path / lang / "review.xlsx").sheetnames) == 7
    back = pr.PatrolPlan.from_json(tmp_path / "zh" / "plan.json")
    assert back.routes == review.driven.routes
    assert [crew.id for crew in back.crews] == [crew.id for crew in plan.crews]
    drawn = json.loads((tmp_path / "en" / "review.geojson").read_text(encoding="utf-8"))
    assert {one["status"] for one in drawn["orders"]} <= set(STATUSES)
    assert {one["properties"]["evidence"] for one in drawn["features"]} <= {"strong", "weak"}
    assert "夜巡实巡对照" in review.summary("zh")


def test_the_command_reviews_files(plan: pr.PatrolPlan, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan.to_json(tmp_path / "out" / "plan.json")
    rows = ["车牌,定位时间,经度,纬度"]
    for track in simulated(plan, every_s=20, only=["P01", "P02"]):
        for seconds, lon, lat in zip(track.seconds, track.lon, track.lat, strict=True):
            rows.append(f"皖{track.crew},{track.moment(seconds):%Y-%m-%d %H:%M:%S},{lon:.6f},{lat:.6f}")
    (tmp_path / "tracks.csv").write_text("\n".join(rows), encoding="gbk")
    named = ["--crew", "皖P01=P01", "--crew", "皖P02=P02"]
    files = [str(tmp_path / "out"), str(tmp_path / "tracks.csv"), "-o", str(tmp_path / "review")]
    assert main(["review", *files, *named]) == 0
    assert "夜巡实巡对照" in capsys.readouterr().out
    assert (tmp_path / "review" / "report.html").exists()
    assert main(["review", *files[:1], str(tmp_path / "no.gpx"), "-o", str(tmp_path / "review")]) == 2
    assert main(["review", *files, "--crew", "P01"]) == 2


def test_a_driven_night_is_checked_by_the_rules_of_roads(
    plan: pr.PatrolPlan, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    driven = pr.review(plan, simulated(plan, noise_m=8.0)).driven
    assert driven.audit()  # its times are not the computed ones
    driven.to_json(tmp_path / "plan.json")
    assert main(["check", str(tmp_path / "plan.json")]) == 0
    told = capsys.readouterr().out
    assert "这是实巡记录，不是方案" in told
    assert told.rstrip().endswith("4 条路线，道路规则符合")
    assert main(["check", str(tmp_path / "plan.json"), "--lang", "en"]) == 0
    assert capsys.readouterr().out.rstrip().endswith("4 routes, the rules of roads kept")
    plan.to_json(tmp_path / "planned" / "plan.json")
    main(["check", str(tmp_path / "planned" / "plan.json")])
    assert "实巡" not in capsys.readouterr().out


def test_a_driven_night_whose_roads_do_not_join_is_at_fault(
    plan: pr.PatrolPlan, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    driven = pr.review(plan, simulated(plan)).driven
    route = driven.routes[0]
    place = next(at for at, leg in enumerate(route.legs) if at > len(route.legs) // 2 and leg.arcs)
    broken = replace(route, legs=(*route.legs[:place], *route.legs[place + 1 :]))
    replace(driven, routes=(broken, *driven.routes[1:])).to_json(tmp_path / "plan.json")
    assert main(["check", str(tmp_path / "plan.json"), "--lang", "en"]) == 2
    told = capsys.readouterr().out
    assert "This is a driven night" in told
    assert "joins" in told or "join" in told


@pytest.fixture(scope="module")
def eventful(plan: pr.PatrolPlan) -> pr.Review:
    """Return a review in which something of each kind happened, and one crew has no track."""
    night = Night(plan, 3)
    night.late("P01", 1200)
    night.skip("P02")
    night.gap("P03", 1500)
    return pr.review(plan, [track for track in night.tracks() if track.crew != "P04"])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_numbers_agree_between_all_outputs(eventful: pr.Review, lang: str, tmp_path: Path) -> None:
    eventful.save(tmp_path, lang=lang)  # type: ignore[arg-type]
    words = {WORDS.say(status, lang): status for status in STATUSES}  # type: ignore[arg-type]
    book = openpyxl.load_workbook(tmp_path / "review.xlsx")
    orders, crews = (list(book.worksheets[at].values) for at in (0, 1))
    status = orders[0].index(WORDS.say("status", lang))  # type: ignore[arg-type]
    assert Counter(words[str(row[status])] for row in orders[1:]) == eventful.counts
    lines = (tmp_path / "orders.csv").read_text(encoding="utf-8-sig").splitlines()
    assert sum(any(line.startswith(f"{crew.id},") for crew in eventful.plan.crews) for line in lines) == len(orders) - 1
    drawn = json.loads((tmp_path / "review.geojson").read_text(encoding="utf-8"))
    assert Counter(one["status"] for one in drawn["orders"]) == eventful.counts
    made = crews[0].index(WORDS.say("made", lang))  # type: ignore[arg-type]
    assert sum(int(row[made]) for row in crews[1:]) == eventful.counts["made"]
    text, page = ((tmp_path / name).read_text(encoding="utf-8") for name in ("report.txt", "report.html"))
    line = orders_line(eventful, lang)  # type: ignore[arg-type]
    assert line in text
    assert line in page
    assert "{" not in text


def test_what_was_missed_stands_before_what_was_late_and_what_nobody_can_tell_is_weak(eventful: pr.Review) -> None:
    told = [one.status for one in others_of(eventful)]
    assert {"late", "unknown"} < {*told}
    assert told == sorted(told, key=GRAVITY.index)
    table = order_table(eventful, "zh", only_others=True)
    evidence, status = (table.titles.index(title) for title in ("依据", "结果"))
    assert all(row[evidence] != "有轨迹" for row in table.rows if row[status] == "不能判定")


def test_a_crew_without_a_track_does_not_stand_on_the_map(eventful: pr.Review) -> None:
    names = {crew.id for crew in side_by_side(eventful, "en").crews}
    assert "P04 (planned)" in names
    assert "P04 (driven)" not in names
    assert {f"{crew} ({word})" for crew in ("P01", "P02", "P03") for word in ("planned", "driven")} <= names


def test_what_was_driven_besides_and_where_crews_stood_is_told_with_its_time(plan: pr.PatrolPlan) -> None:
    night = Night(plan, 6)
    night.detour("P01")
    night.stand("P03", 900)
    review = pr.review(plan, night.tracks())
    detour, stand = night.planted
    table = besides_table(review, "en")
    by_crew = {str(row[0]): row for row in table.rows}
    assert set(by_crew) == {"P01", "P03"}
    drive, stood = by_crew["P01"], by_crew["P03"]
    assert drive[1] == "drive"
    assert stood[1] == "standing"
    assert abs(int(str(stood[4])) - 15) <= 1
    assert any(plan.task[task].name in str(drive[6]) for task in detour.tasks)
    assert abs(int(str(drive[2])[3:]) - detour.begin.minute) <= 2
    assert abs(int(str(stood[2])[3:]) - stand.begin.minute) <= 1
    assert WORDS.say("no_besides", "en") in pr.review(plan, Night(plan).tracks()).summary("en")
