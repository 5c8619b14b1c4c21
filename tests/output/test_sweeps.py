"""A night that is to be seen: streets in a row are one order, told street by street; codes and times are for stops."""

from __future__ import annotations

import re
from dataclasses import replace

from patrolroute.base.vocabulary import elapsed_s
from patrolroute.output.gathering import SWEEP_S
from patrolroute.output.itinerary import Order, itinerary
from patrolroute.output.looks.clock import Tolerance
from patrolroute.output.sheets.pages import sheets_html
from patrolroute.plan.model import PatrolPlan
from tests.output.plans import drawn_plan
from tests.plan.hand_made import drive, stand, visit, with_crew, with_objective, with_route, with_task


def swept_plan() -> PatrolPlan:
    """Return a night in which crew A drives round for ten minutes, stops at the market, goes on and comes home."""
    at, legs = 0, []
    for lap in range(3):
        for tail, head, kind in (
            (1, 2, "pass"),
            (2, 3, "pass"),
            (3, 4, "patrol"),
            (4, 1, "deadhead" if lap else "pass"),
        ):
            end = at + (100 if kind == "patrol" else 60)
            name = f"{min(tail, head)}-{max(tail, head)}"
            legs.append(drive(kind, _clock(at), _clock(end), tail, head, street=name))
            at = end
    for tail, head in ((1, 2), (2, 3), (3, 5)):
        street = f"{tail}-{head}"
        legs.append(drive("deadhead", _clock(at), _clock(at + 60), tail, head, street=street))
        at += 60
    legs.append(stand("dwell", _clock(at), _clock(at + 600), 5, street="夜市", **visit("m5")))
    at += 600
    for tail, head in ((5, 3), (3, 4), (4, 1)):
        kind = "deadhead" if head == 1 else "pass"
        legs.append(drive(kind, _clock(at), _clock(at + 60), tail, head, street=f"{min(tail, head)}-{max(tail, head)}"))
        at += 60
    plan = with_route(drawn_plan(), 0, legs=tuple(legs), end=legs[-1].arrive)
    return with_objective(plan, goal="presence", seen=0.5)


def _clock(seconds: int) -> str:
    return f"20:{seconds // 60:02}:{seconds % 60:02}"


def night(plan: PatrolPlan) -> tuple[Order, ...]:
    return itinerary(plan).orders("A")


def test_streets_in_a_row_are_one_order_for_some_minutes_and_no_leg_is_lost() -> None:
    orders = night(swept_plan())
    assert [order.kind for order in orders] == ["patrol", "patrol", "dwell", "patrol", "return"]
    first = orders[0]
    assert elapsed_s(first.legs[0].depart, first.legs[-1].arrive) >= SWEEP_S
    assert [leg for order in orders for leg in order.all_legs] == list(swept_plan().routes[0].legs)


def test_a_row_of_streets_is_named_in_the_order_in_which_they_are_driven() -> None:
    first = night(swept_plan())[0]
    assert first.main_streets == ("1-2", "2-3", "3-4")
    assert set(first.streets) == {"1-2", "2-3", "3-4", "1-4"}


def test_a_row_of_streets_ends_where_its_last_street_does() -> None:
    first, *_ = night(swept_plan())
    assert first.legs[0].street == "1-2"
    assert first.begins.at == "1-4"
    last = first.legs[-1]
    assert last.street != "1-2"
    assert last.street not in first.ends.at.split("/")


def test_a_patrol_may_be_early_or_late_and_a_stop_may_not() -> None:
    first, *_, market, _, home = night(swept_plan())
    assert first.allowed == Tolerance(None, None)
    assert market.allowed.early_s is not None
    assert home.allowed.late_s is not None


def test_only_stops_and_the_way_home_have_a_code_on_the_sheet() -> None:
    crew = sheets_html(swept_plan(), "zh").decode().split('id="crew-1"')[1].split("</section>")[0]
    rows = re.findall(r'<tr class="(\w+)">(.*?)</tr>', crew, re.DOTALL)
    assert [(kind, "uri.amap.com" in row) for kind, row in rows] == [
        ("patrol", False), ("patrol", False), ("dwell", True), ("patrol", False), ("return", True),
    ]  # fmt: skip
    points = replace(swept_plan(), objective=replace(swept_plan().objective, goal="points"))
    crew = sheets_html(points, "zh").decode().split('id="crew-1"')[1].split("</section>")[0]
    assert all("uri.amap.com" in row for row in re.findall(r"<tr class=.*?</tr>", crew, re.DOTALL))


def test_the_way_is_told_street_by_street() -> None:
    page = sheets_html(swept_plan(), "zh").decode()
    assert "沿1-2向东巡逻至2-3，左转进入2-3向北巡逻至3-4，左转进入3-4向西巡逻至1-4" in page
    english = sheets_html(swept_plan(), "en").decode()
    assert "Along 1-2 east to 2-3, turn left into 2-3 north to 3-4, turn left into 3-4 west to 1-4" in english


def test_an_order_says_for_how_long_and_where_to_drive_slowly() -> None:
    first, *_ = night(swept_plan())
    # Two or three laps of eight minutes, each with 100 s of patrol along 3-4.
    minutes = round(first.slow_s / 60)
    assert (first.slow_s, first.slow_streets) == (200, ("3-4",))
    assert f"（3-4：慢速巡逻约 {minutes} 分）" in sheets_html(swept_plan(), "zh").decode()
    assert f"(3-4: slow patrol: about {minutes} min)" in sheets_html(swept_plan(), "en").decode()
    assert "；慢速巡逻约 5 分" in sheets_html(swept_plan(), "zh").decode()  # 300 s of the whole night
    quick = replace(swept_plan().routes[0].legs[2], kind="pass")
    legs = tuple(replace(leg, kind="pass") if leg.kind == "patrol" else leg for leg in swept_plan().routes[0].legs)
    assert quick in legs
    assert "慢速" not in sheets_html(with_route(swept_plan(), 0, legs=legs), "zh").decode().split('id="crew-2"')[0]


def lapped_plan(**of_the_patrol: str) -> PatrolPlan:
    """Return the same night with one more lap after the market, and the shift over when it is home."""
    plan, at, more = swept_plan(), 1020 + 600 + 180, []
    for tail, head, kind in ((1, 2, "pass"), (2, 3, "pass"), (3, 4, "patrol"), (4, 1, "pass")):
        end = at + (100 if kind == "patrol" else 60)
        marks = of_the_patrol if kind == "patrol" else {}
        more.append(drive(kind, _clock(at), _clock(end), tail, head, street=f"{tail}-{head}", **marks))
        at = end
    plan = with_route(plan, 0, legs=(*plan.routes[0].legs, *more), end=more[-1].arrive)
    return with_crew(plan, 0, end=more[-1].arrive)


def test_a_late_crew_leaves_out_passes_and_keeps_stops_required_patrols_and_the_end() -> None:
    def late_s(plan: PatrolPlan) -> int | None:
        (market,) = [order for order in night(plan) if order.kind == "dwell"]
        return market.allowed.late_s

    # From the market home as planned: 3 minutes and a lap of 280 s; the quickest drive takes 3 minutes.
    assert late_s(lapped_plan()) == 280
    # To the required patrol of 3-4 5 minutes as planned, 1 minute at best; from there home nothing is to be gained.
    required = with_task(lapped_plan(task="s234"), "s234", required=True)
    assert late_s(required) == 240
    # Another crew patrols it before: that one serves it.
    earlier = drive("patrol", "20:00:00", "20:01:40", 3, 4, street="3-4", task="s234")
    twice = with_route(required, 1, legs=(earlier, *required.routes[1].legs))
    assert late_s(twice) == 280
    # With the goal points all is driven as planned.
    points = replace(lapped_plan(), objective=replace(lapped_plan().objective, goal="points"))
    assert late_s(points) == 0


def test_the_way_home_may_be_late_by_what_is_left_of_the_shift() -> None:
    *_, home = night(swept_plan())
    assert home.allowed == Tolerance(None, 90 * 60)
