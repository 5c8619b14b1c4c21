"""The calendar keeps every rule of any campaign, is the same each time, and says in words why one is impossible."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import patrolroute as pr
from patrolroute.campaign.calendar import PlannedNight, _evenly
from patrolroute.campaign.course import Course, made_of
from patrolroute.campaign.crews_out import shares_of, with_planned
from patrolroute.campaign.days import days
from patrolroute.campaign.impossible import CampaignCalendar, lay_calendar
from patrolroute.campaign.model import Campaign
from patrolroute.campaign.state import CampaignState, Driven, IssuedNight
from patrolroute.campaign.words import WEEKDAYS
from tests.campaign.towns import course

D = dt.date
SOME = settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


def issued(
    date: D, theme: str | None = None, crews: str = "W01 W02 E01 E02", made: int = 2, **more: Any
) -> IssuedNight:
    hours = dict.fromkeys(crews.split(), 1.0)
    return IssuedNight(date, theme, "", "", 0, hours, {"a": made}, {"a": "row 0"}, frozenset(), **more)


def dates(calendar: CampaignCalendar) -> list[D]:
    return [night.date for night in calendar.nights]


# What holds for any campaign


@st.composite
def campaigns(draw: st.DrawFn) -> dict[str, Any]:
    """Draw the entries of a campaign of some weeks."""
    first = D(2026, 5, 1) + dt.timedelta(days=draw(st.integers(0, 30)))
    last = first + dt.timedelta(days=draw(st.integers(20, 75)))
    some_days = st.lists(st.dates(first, last), max_size=4, unique=True)
    rule: dict[str, Any] = {
        "nights": draw(st.integers(0, 2)),
        "each": draw(st.sampled_from(["half_month", "month", "week", "fortnight"])),
        "weekdays": draw(st.sampled_from([[], ["fri", "sat"], ["thu", "fri", "sat", "sun"]])),
        "spacing_days": draw(st.integers(1, 4)),
        "in_all": draw(st.none() | st.integers(0, 8)),
    }
    themes = [{"name": "market", "nights": draw(st.integers(0, 2)), "crews": draw(st.sampled_from([[], ["W"]]))}]
    duties = [
        {"crew": draw(st.sampled_from(["W", "E01"])), "absent": [{"date": str(day)} for day in draw(some_days)] or []}
    ]
    return {
        "first": str(first),
        "last": str(last),
        "rule": rule,
        "themes": themes if draw(st.booleans()) else [],
        "off": [{"date": str(day)} for day in draw(some_days)],
        "nights": [{"date": str(day)} for day in draw(some_days)[:1]],
        "share": draw(st.sampled_from([{}, {"crews": 2}, {"crews": 1, "least": {"west": 1}}])),
        "duties": duties,
        "quotas": draw(st.sampled_from([[], [{"name": "row 0", "each_period": 3, "spacing_days": 5}]])),
    }


YIELDS = {None: {"row 0": 4}, "market": {"row 0": 2}}


def laid(under_way: Course) -> CampaignCalendar | None:
    try:
        return lay_calendar(under_way, YIELDS)
    except pr.CampaignError:
        return None


def broken(under_way: Course, calendar: CampaignCalendar) -> list[str]:
    """Return which rules a calendar breaks, looked at the plain way."""
    campaign, found = under_way.campaign, list[str]()
    rule, nights = campaign.rule, calendar.nights
    by_hand = {night.date for night in campaign.nights}
    for night in nights:
        theme = campaign.theme(night.theme)
        allowed = [rule.weekdays, theme.weekdays if theme else []]
        if night.date not in by_hand:
            found += ["off" for one in campaign.off if one.hold(night.date)]
            found += ["weekday" for own in allowed if own and WEEKDAYS[night.date.weekday()] not in own]
        away = {
            crew
            for crew in under_way.themed.crews
            for duty in campaign.duties
            if crew.startswith(duty.crew) and any(absence.hold(night.date) for absence in duty.absent)
        }
        team = under_way.themed.team(night.theme)
        found += ["absent" for crew in night.crews if crew in away or crew not in team]
        if campaign.share.crews is not None and len(night.crews) != campaign.share.crews:
            found.append("crews")
        if any(
            sum(team[crew].depot == depot for crew in night.crews) < least
            for depot, least in campaign.share.least.items()
        ):
            found.append("depot")
    all_dates = sorted([*(night.date for night in under_way.state.counted), *(night.date for night in nights)])
    found += ["spacing" for one, two in pairwise(all_dates) if (two - one).days < rule.spacing_days]
    for number, period in enumerate(under_way.periods, start=1):
        there = sum(map(period.holds, all_dates)) + calendar.missing.get(("period", number), 0)
        found += ["period"] if there < rule.nights else []
    if rule.in_all is not None and len(all_dates) + calendar.missing.get(("in_all", None), 0) < rule.in_all:
        found.append("in_all")
    found += ["by hand" for day in by_hand if day >= under_way.today and day not in all_dates]
    return found


@SOME
@given(campaigns())
def test_a_calendar_keeps_every_rule(entries: dict[str, Any]) -> None:
    under_way = course(**entries)
    calendar = laid(under_way)
    if calendar is not None:
        assert broken(under_way, calendar) == []
        assert not calendar.missing


@SOME
@given(campaigns())
def test_the_same_campaign_gives_the_same_calendar(entries: dict[str, Any]) -> None:
    assert laid(course(**entries)) == laid(course(**entries))


@SOME
@given(campaigns(), st.data())
def test_what_was_issued_stays_and_the_rest_keeps_every_rule(entries: dict[str, Any], data: st.DataObject) -> None:
    before = laid(course(**entries))
    if before is None or not before.nights:
        return
    number = data.draw(st.integers(1, len(before.nights)))
    nights = tuple(issued(night.date, night.theme, " ".join(night.crews)) for night in before.nights[:number])
    cancelled = data.draw(st.booleans())
    if cancelled:
        nights = (*nights[:-1], replace(nights[-1], cancelled="rain"))
    under_way = course(CampaignState(nights=nights), **entries)
    after = laid(under_way)
    if after is not None:
        assert all(date > nights[-1].date for date in dates(after))
        assert broken(under_way, after) == []
        if not cancelled and not entries["quotas"]:  # as good a calendar goes on as was begun
            assert len(after.nights) == len(before.nights) - number


def test_what_was_issued_stays_where_the_first_night_was_all_there_is() -> None:
    under_way = course(CampaignState(nights=(issued(D(2026, 5, 8)),)), last="2026-05-15")
    assert lay_calendar(under_way).nights == ()


# By hand


def test_every_half_month_has_its_night_and_there_are_no_more_than_wanted() -> None:
    under_way = course(
        country="CN", last="2026-12-31", rule={"weekdays": "周五、周六", "in_all": 20, "spacing_days": 5}
    )
    calendar = lay_calendar(under_way)
    assert len(calendar.nights) == 20
    assert all(any(period.holds(date) for date in dates(calendar)) for period in under_way.periods)
    assert calendar.is_proven
    gaps = [(two - one).days for one, two in pairwise(dates(calendar))]
    assert min(gaps) >= 5
    assert max(gaps) <= 22


def test_a_swapped_working_day_is_avoided_where_the_rule_says_so() -> None:
    only = {"first": "2026-05-08", "last": "2026-05-15", "country": "CN"}
    rule = {"weekdays": "周六"}
    assert dates(lay_calendar(course(**only, rule=rule))) == [D(2026, 5, 9)]
    with pytest.raises(pr.CampaignError, match="1 are swapped working days"):
        lay_calendar(course(**only, rule=rule | {"swapped_workdays": "off"}))


def test_a_night_by_hand_is_there_whatever_the_rule_says_of_its_day() -> None:
    calendar = lay_calendar(course(rule={"weekdays": "周六"}, nights=[{"date": "2026-05-13"}]))
    assert dates(calendar)[0] == D(2026, 5, 13)
    assert calendar.nights[0].is_fixed
    assert all(date.weekday() == 5 for date in dates(calendar)[1:])


def test_themes_are_as_many_as_asked_for_and_evenly_spaced() -> None:
    themes = [{"name": "夜市", "nights": 3, "weekdays": ["周六"]}]
    nights = lay_calendar(course(rule={"in_all": 9}, themes=themes)).nights
    own = [night.date for night in nights if night.theme == "夜市"]
    assert len(own) == 3
    assert all(date.weekday() == 5 for date in own)
    assert min((two - one).days for one, two in pairwise(own)) >= 20


def test_a_cancelled_night_is_made_up_for_in_its_half_month() -> None:
    rained = CampaignState(nights=(issued(D(2026, 5, 8), cancelled="雨"),))
    assert D(2026, 5, 9) <= dates(lay_calendar(course(rained)))[0] <= D(2026, 5, 15)
    driven = CampaignState(nights=(issued(D(2026, 5, 8)),))
    assert dates(lay_calendar(course(driven)))[0] >= D(2026, 5, 16)


def test_half_months_that_went_by_are_missing_and_no_reason_to_stop() -> None:
    calendar = lay_calendar(course(today=D(2026, 6, 1)))
    assert dict(calendar.missing) == {("period", 1): 1, ("period", 2): 1}
    assert len(calendar.nights) == 4


def test_a_rule_that_was_edited_reshapes_the_future_alone() -> None:
    old = course().campaign.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    new = course(rule={"nights": 2}).campaign.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    nights = (issued(D(2026, 5, 8)), issued(D(2026, 5, 20)))
    state = CampaignState(rules=((D(2026, 5, 8), old), (D(2026, 6, 1), new)), nights=nights)
    calendar = lay_calendar(course(state, rule={"nights": 2}, today=D(2026, 6, 1)))
    assert not calendar.missing
    assert len(calendar.nights) == 8


def test_spacing_counts_from_the_last_night_that_was_not_cancelled() -> None:
    entries: dict[str, Any] = {"last": "2026-05-31", "rule": {"spacing_days": 10}}
    driven, off = issued(D(2026, 5, 14)), issued(D(2026, 5, 15), cancelled="雨")
    assert dates(lay_calendar(course(CampaignState(nights=(driven,)), **entries)))[0] >= D(2026, 5, 24)
    assert dates(lay_calendar(course(CampaignState(nights=(driven, off)), **entries)))[0] >= D(2026, 5, 24)


# Quotas


def test_a_quota_is_owed_until_it_is_made_and_brings_nights_where_it_must() -> None:
    quotas = [{"name": "row 0", "each_period": 6}]
    calendar = lay_calendar(course(quotas=quotas), {None: {"row 0": 4}})
    assert len(calendar.nights) == 9  # 36 visits, four a night
    assert not calendar.owed
    few = lay_calendar(course(quotas=quotas, rule={"nights": 0, "spacing_days": 20}), {None: {"row 0": 4}})
    assert few.owed["row 0", 6] == 36 - 4 * len(few.nights)


def test_a_quota_with_a_rest_is_served_by_nights_far_enough_apart_from_the_last_real_visit() -> None:
    quotas = [{"name": "row 0", "in_all": 3, "spacing_days": 14}]
    missed = issued(D(2026, 5, 12), driven=Driven({"a": 0}, {"W01": 1.0}))
    for state, earliest in (((issued(D(2026, 5, 12)),), D(2026, 5, 26)), ((missed,), D(2026, 5, 13))):
        under_way = course(CampaignState(nights=state), quotas=quotas, rule={"in_all": 12})
        nights = lay_calendar(under_way, {None: {"row 0": 1}}).nights
        served = [night.date for night in nights if night.serves]
        assert served[0] >= earliest
        assert all((two - one).days >= 14 for one, two in pairwise(served))
        assert len(nights) > len(served)
        made = sum(made_of(under_way.campaign.quotas[0], night) for night in under_way.state.counted)
        assert made + len(served) >= 3


# Crews


def spread(under_way: Course, nights: tuple[PlannedNight, ...], measure: str) -> int:
    done = shares_of(under_way.themed.crews, under_way.state.counted)
    values = [getattr(share, measure) for share in with_planned(done, under_way, nights).values()]
    return int(max(values) - min(values))


def test_nights_saturdays_and_hours_fall_evenly_on_all_crews() -> None:
    under_way = course(last="2026-12-31", rule={"in_all": 20}, share={"crews": 3, "least": {"west": 1, "east": 1}})
    nights = lay_calendar(under_way).nights
    assert {len(night.crews) for night in nights} == {3}
    assert spread(under_way, nights, "nights") == 0
    assert spread(under_way, nights, "saturdays") <= 1
    assert spread(under_way, nights, "minutes") == 0


def test_who_was_away_is_made_up_for_and_what_was_driven_counts() -> None:
    duties = [{"crew": "W01", "absent": [{"first": "2026-05-08", "last": "2026-06-15"}]}]
    under_way = course(last="2026-12-31", rule={"in_all": 20}, share={"crews": 2}, duties=duties)
    nights = lay_calendar(under_way).nights
    assert not any("W01" in night.crews and night.date <= D(2026, 6, 15) for night in nights)
    assert spread(under_way, nights, "nights") <= 1
    lazy = tuple(issued(D(2026, 5, day), crews="E01 E02") for day in (9, 16, 23))
    under_way = course(CampaignState(nights=lazy), rule={"in_all": 9}, share={"crews": 2})
    assert spread(under_way, lay_calendar(under_way).nights, "nights") <= 1


def test_a_swap_sends_the_other_crew_out() -> None:
    swaps = [{"date": "2026-05-09", "off": "W01", "on": "E01"}]
    under_way = course(nights=[{"date": "2026-05-09"}], swaps=swaps, share={"crews": 3})
    crews = lay_calendar(under_way).nights[0].crews
    assert "W01" not in crews
    assert "E01" in crews


def test_most_nights_of_a_crew_are_kept_or_told_as_impossible() -> None:
    under_way = course(share={"crews": 3}, duties=[{"crew": "W01", "most": 1}])
    nights = lay_calendar(under_way).nights
    assert sum("W01" in night.crews for night in nights) <= 1
    with pytest.raises(pr.CampaignError, match="the most nights that duties allow are too few"):
        lay_calendar(course(share={"crews": 3}, duties=[{"crew": "W", "most": 1}]))
    everybody = course(duties=[{"crew": "W01", "most": 2}])
    out = [len(night.crews) for night in lay_calendar(everybody).nights]
    assert sorted(out) == [3, 3, 3, 3, 4, 4]


# Why not


def test_a_half_month_with_too_few_days_is_named_with_its_reasons() -> None:
    off = [{"first": "2026-06-01", "last": "2026-06-11", "why": "集训"}]
    with pytest.raises(pr.CampaignError) as caught:
        lay_calendar(course(rule={"nights": 2, "weekdays": "周五"}, off=off))
    (wrong,) = caught.value.items
    assert wrong.said("zh") == ("日历：第 3 个半月（6月上半月）只有 1 天可排，要求 2 晚：11 天停排，3 天不在规定的星期")
    assert "half month 3 (first half of June) wants 2 nights, and 1 of its days can have one" in wrong.said("en")


def test_rules_that_clash_are_all_named_and_no_others() -> None:
    with pytest.raises(pr.CampaignError) as caught:
        lay_calendar(course(rule={"nights": 2, "spacing_days": 14, "in_all": 1}))
    said = caught.value.items[0].said("zh")
    assert "以下要求不能同时满足" in said
    assert "两晚至少隔 14 天" in said
    assert "5月上半月" in said
    assert "全程" not in said


def test_a_night_by_hand_without_crews_is_told() -> None:
    duties = [{"crew": "W", "absent": [{"date": "2026-05-20"}]}, {"crew": "E", "absent": [{"date": "2026-05-20"}]}]
    with pytest.raises(pr.CampaignError) as caught:
        lay_calendar(course(nights=[{"date": "2026-05-20"}], duties=duties))
    assert caught.value.items[0].said("zh") == "日历：5月20日固定有一晚，但车组不够"


def test_a_theme_that_finds_no_day_is_told() -> None:
    themes = [{"name": "夜市", "nights": 9, "weekdays": ["周六"]}]
    with pytest.raises(pr.CampaignError) as caught:
        lay_calendar(course(last="2026-06-10", themes=themes))
    assert "主题“夜市”要求 9 晚，只有 5 天可排" in caught.value.items[0].said("zh")


# Spacing


@given(st.integers(0, 40), st.integers(1, 200), st.none() | st.integers(1, 30))
def test_evenly_spaced_nights_are_all_there(number: int, length: int, before: int | None) -> None:
    every = list(days(D(2026, 6, 1), D(2026, 6, 1) + dt.timedelta(days=length - 1)))
    last = None if before is None else every[0] - dt.timedelta(days=before)
    assert sum(_evenly(number, every, last)) == number


def test_a_campaign_is_compared_as_a_whole() -> None:
    assert Campaign.model_validate(course().campaign.model_dump(mode="json", by_alias=True)) == course().campaign
