"""A campaign becomes a workbook and a workbook a campaign, and nothing of either is lost on the way."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from patrolroute.base.errors import CampaignError
from patrolroute.base.vocabulary import LANGS, Lang
from patrolroute.campaign.model import Campaign
from patrolroute.campaign.reading import read_campaign
from patrolroute.campaign.starter import campaign_file, example_campaign
from patrolroute.campaign.workbook.laying import entries_said, laid
from patrolroute.campaign.workbook.reading import entries_of
from patrolroute.campaign.workbook.turning import campaign_bytes
from patrolroute.cli import DONE, INPUT_FAULT
from patrolroute.cli.commands import main
from patrolroute.demand.workbooks import sheets_of
from patrolroute.nights import Night
from tests.campaign.random_campaigns import campaigns
from tests.campaign.towns import entries, placed

PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
"""A campaign is too large to be made smaller in a test's time."""

RICH = {
    "rule": {"nights": 1, "each": "month", "in_all": 4, "weekdays": ["thu", "fri", "sat"], "latest": "25:30"},
    "off": [{"first": "2026-06-01", "last": "2026-06-07", "why": "演练"}, {"date": "2026-07-01"}],
    "nights": [{"date": "2026-05-08"}, {"date": "2026-07-10", "theme": "夜市"}],
    "themes": [
        {
            "name": "夜市", "nights": 2, "most": 4, "weekdays": ["fri"], "crews": ["W", "E01"],
            "streets": [{"names": ["column 2"], "priority": 5, "required": True}],
            "key_hours": [{"hours": ["20:10-20:40"], "weight": 2.0}],
            "night": {"shift": {"end": "21:30"}, "solve": {"goal": "presence"}},
        },
    ],
    "duties": [
        {"crew": "W", "absent": [{"date": "2026-05-20"}, {"first": "2026-06-10", "last": "2026-06-12"}], "most": 9},
        {"crew": "E01", "weekdays": ["fri", "sun"]},
    ],
    "swaps": [{"date": "2026-05-08", "off": "W01", "on": "E02"}],
    "share": {"crews": 2, "least": {"west": 1, "east": 1}, "hours": 6.5},
    "draw": {"plans": 4},
    "quotas": [{"name": "row 2", "each_period": 2, "spacing_days": 3}],
    "carry": {"others": "dropped"},
}  # fmt: skip
"""Every sheet is filled in."""


def as_said(campaign: Campaign) -> object:
    return entries_said(campaign)


@settings(max_examples=14, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck))
@given(campaign=campaigns)
def test_any_campaign_laid_out_in_sheets_and_read_is_the_same_campaign(campaign: Campaign) -> None:
    for lang in LANGS:
        read = entries_of(laid(campaign, lang).as_read(), "x")
        assert read.faults == []
        assert as_said(Campaign.model_validate(dict(read))) == as_said(campaign)


@settings(max_examples=4, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck))
@given(campaign=campaigns)
def test_any_campaign_goes_through_the_file_itself(campaign: Campaign) -> None:
    read = entries_of(sheets_of(campaign_bytes(campaign, ".xlsx"), Path("x.xlsx")), "x")
    assert read.faults == []
    assert as_said(Campaign.model_validate(dict(read))) == as_said(campaign)


@settings(max_examples=6, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck))
@given(campaign=campaigns)
def test_any_campaign_goes_through_json_and_through_toml_where_it_has_no_null(campaign: Campaign) -> None:
    again = Campaign.model_validate_json(campaign_bytes(campaign, ".json"))
    assert as_said(again) == as_said(campaign)
    try:
        text = campaign_bytes(campaign, ".toml").decode()
    except CampaignError as error:
        assert "which TOML does not know" in str(error)  # noqa: PT017 - both ways are right
        return
    assert as_said(Campaign.model_validate(tomllib.loads(text))) == as_said(campaign)


@pytest.mark.parametrize("lang", LANGS)
def test_a_campaign_goes_from_toml_into_a_workbook_and_back(tmp_path: Path, lang: Lang) -> None:
    placed(tmp_path, **RICH)
    first = read_campaign(tmp_path / "campaign.json")
    (tmp_path / "a.toml").write_bytes(campaign_file(tmp_path, tmp_path / "a.toml", "zh"))
    (tmp_path / "行动.xlsx").write_bytes(campaign_file(tmp_path / "a.toml", tmp_path / "行动.xlsx", lang))
    (tmp_path / "b.toml").write_bytes(campaign_file(tmp_path / "行动.xlsx", tmp_path / "b.toml", "zh"))
    for name in ("a.toml", "行动.xlsx", "b.toml"):
        assert read_campaign(tmp_path / name) == first
    assert (tmp_path / "a.toml").read_bytes() == (tmp_path / "b.toml").read_bytes()


def test_what_planners_use_stands_in_columns_and_only_the_rare_by_its_path() -> None:
    rows = laid(Campaign.model_validate(entries(**RICH)), "zh").rows
    assert rows["campaign_other"] == [{"path": "themes[1].night.solve", "value": '{"goal": "presence"}'}]
    assert rows["theme_streets"] == [{"theme": "夜市", "names": "column 2", "priority": 5, "required": "是"}]
    assert [row.get("most") for row in rows["duties"]] == [9, None, None]
    assert rows["campaign"][0]["rule.weekdays"] == "周四至周六"
    assert rows["campaign"][0]["share.least"] == "west 1、east 1"


def test_a_base_night_of_its_own_file_comes_into_the_workbook(tmp_path: Path) -> None:
    assert main(["campaign", "new", str(tmp_path / "a"), "--lang", "zh"]) == DONE
    book = tmp_path / "b" / "行动.xlsx"
    book.parent.mkdir()
    assert main(["new", str(book), "--campaign", "--from", str(tmp_path / "a" / "campaign.toml")]) == DONE
    campaign = read_campaign(book)
    assert isinstance(campaign.night, Night)
    assert as_said(campaign) == as_said(example_campaign(None, "zh"))


@pytest.mark.parametrize("lang", LANGS)
def test_new_writes_a_campaign_to_fill_in_and_writes_over_nothing(tmp_path: Path, lang: Lang) -> None:
    book = tmp_path / "行动.xlsx"
    assert main(["new", str(book), "--campaign", "--lang", lang]) == DONE
    assert as_said(read_campaign(book)) == as_said(example_campaign(None, lang))
    assert main(["new", str(book), "--campaign"]) == INPUT_FAULT
    assert main(["new", str(tmp_path / "x.ods"), "--campaign"]) == INPUT_FAULT
