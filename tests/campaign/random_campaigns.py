"""Random campaigns for property tests: every entry, usual and rare values, texts that sheets take amiss."""

from __future__ import annotations

import datetime as dt
from typing import Any, get_args

from hypothesis import strategies as st

from patrolroute.base.vocabulary import LANGS
from patrolroute.campaign.model import Campaign
from patrolroute.campaign.words import WEEKDAYS, Each
from patrolroute.night.workbook.laying import said
from tests.campaign.towns import base_night
from tests.night.random_nights import clocks, crs, hours, modes, names, nights, places, some, streets, texts, values

counts = st.integers(0, 300)
days = st.dates(dt.date(2025, 1, 1), dt.date(2027, 12, 31)).map(str)
weekdays = st.lists(st.sampled_from(WEEKDAYS), unique=True, max_size=7).map(lambda own: sorted(own, key=WEEKDAYS.index))
crews = st.one_of(st.sampled_from(["市局", "市局01", "W01"]), texts)


def _span(first: str, last: str) -> dict[str, str]:
    return {"first": min(first, last), "last": max(first, last)}


spans = st.builds(
    lambda when, why: when | why,
    st.one_of(st.builds(_span, days, days), st.builds(lambda day: {"date": day}, days)),
    some(why=st.one_of(texts, st.just(""))),
)
nested = st.recursive(values, lambda part: st.dictionaries(texts, part, max_size=2), max_leaves=4)
changes = st.one_of(
    some(shift=some(start=clocks, end=clocks), snap_m=st.integers(1, 500), solve=some(goal=st.just("presence"))),
    st.dictionaries(st.sampled_from(["shift", "solve", "crews", "name", "x y"]), nested, max_size=2),
)
themes = st.builds(
    lambda name, own: {"name": name} | own,
    texts,
    some(
        nights=counts, each_period=st.integers(0, 31), most=st.one_of(st.none(), counts), weekdays=weekdays,
        crews=names, streets=st.lists(streets, max_size=3),
        hotspots=st.lists(st.builds(lambda own, more: own | more, places, some(crs=crs, mode=modes)), max_size=2),
        key_hours=st.lists(
            st.builds(
                lambda when, own: {"hours": when, "weight": 2.0} | own, st.lists(hours, min_size=1, max_size=2),
                some(names=names, kinds=names),
            ),
            max_size=2,
        ),
        night=changes,
    ),
)  # fmt: skip
duties = st.builds(
    lambda crew, own: {"crew": crew} | own,
    crews,
    some(absent=st.lists(spans, max_size=3), weekdays=weekdays, most=counts),
)
quotas = st.builds(
    lambda name, asked, own: {"name": name} | asked | own,
    texts,
    st.one_of(st.builds(lambda most: {"each_period": most}, st.integers(1, 99)), st.just({"in_all": 80})),
    some(spacing_days=st.integers(1, 366)),
)
rules = some(
    nights=st.integers(0, 31), each=st.sampled_from(get_args(Each)), in_all=counts, weekdays=weekdays, earliest=clocks,
    latest=clocks, spacing_days=st.integers(1, 60), public_holidays=st.sampled_from(["usual", "off"]),
    swapped_workdays=st.sampled_from(["usual", "off"]),
)  # fmt: skip
shares = some(
    crews=st.integers(1, 500), least=st.dictionaries(texts, st.integers(0, 20), max_size=3), nights=counts,
    saturdays=counts, hours=st.floats(0, 5000),
)  # fmt: skip
carries = some(**dict.fromkeys(("required", "others"), st.sampled_from(["required", "worth", "dropped"])))
bases = st.one_of(st.just(base_night()), st.just("nights/base.toml"), nights.map(said))

tables = st.fixed_dictionaries(
    {"first": st.just("2026-05-08"), "last": st.sampled_from(["2026-12-31", "2027-06-30"]), "night": bases},
    optional={
        "schema_version": st.sampled_from(["1.0", "1.7"]),
        "name": texts,
        "lang": st.sampled_from(LANGS),
        "country": st.sampled_from(["CN", "", "DE"]),
        "rule": rules,
        "off": st.lists(spans, max_size=3),
        "nights": st.lists(st.builds(lambda day, own: {"date": day} | own, days, some(theme=texts)), max_size=3),
        "themes": st.lists(themes, max_size=3),
        "duties": st.lists(duties, max_size=4),
        "swaps": st.lists(
            st.builds(lambda day, off, on: {"date": day, "off": off, "on": on}, days, crews, crews), max_size=2
        ),
        "share": shares,
        "draw": some(plans=st.integers(2, 200), minutes=st.integers(1, 120), work_limit=counts),
        "quotas": st.lists(quotas, max_size=3),
        "carry": carries,
    },
)


def _campaign(entries: dict[str, Any]) -> Campaign:
    return Campaign.model_validate(entries)


campaigns = tables.map(_campaign)
"""Campaigns that keep their form; whether their names mean something is another matter."""
