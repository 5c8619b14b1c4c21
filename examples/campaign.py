"""A campaign to the year's end, played through: planned, issued, recorded, with a crew away, a night off and rain.

``python examples/campaign.py FOLDER [--night night.toml] [--plans 24] [--work 80000]`` writes a campaign of 16 half
months with 20 nights into a new folder and goes through it as a planner does, from night to night. Without more it is
the bundled night. What is told of a night: how likely the streets of the plan see a car (见警率), what it shares with
the night before by streets, quarters of an hour and crews, what is required and missed, and what the audit finds.
"""

import argparse
import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import patrolroute as pr
from patrolroute.campaign.drawn import Drawer
from patrolroute.campaign.driven import as_planned
from patrolroute.campaign.folder import CampaignFolder
from patrolroute.campaign.guessing import Watched, in_common
from patrolroute.campaign.handing_out import save_report
from patrolroute.campaign.issuing import calendar_of, cancelled, issue, recorded
from patrolroute.campaign.mixed import Mixture
from patrolroute.campaign.model import Draw
from patrolroute.campaign.reveal import reveal_lines
from patrolroute.campaign.said import status_lines
from patrolroute.night.workbook.turning import beside

CREW_AWAY, NIGHT_OFF, RAIN, SHORT = 3, 6, 9, 12
"""The nights before which something happens, counted from 0: a crew is away, a planned day is taken off, it rains on
the night that was issued, and after the last one two streets were not driven."""


def entries(night: dict[str, Any], terms: Draw, last: str, nights: int) -> dict[str, Any]:
    """Return the entries of the campaign's file: the operation's own terms, 8 May to the year's end."""
    return {
        "name": "夜间巡逻半月行动",
        "first": "2026-05-08",
        "last": last,
        "night": night,
        "rule": {"nights": 1, "each": "half_month", "in_all": nights, "weekdays": "周四至周日", "spacing_days": 3},
        "nights": [{"date": "2026-05-08"}],
        "draw": terms.model_dump(exclude_none=True),
        "quotas": [{"name": "龙湖路", "each_period": 1}],
    }


def main(  # noqa: PLR0913 - keyword-only options
    folder: str,
    *,
    night: Path | None = None,
    terms: Draw | None = None,
    adapt: int | None = None,
    last: str = "2026-12-31",
    nights_in_all: int = 20,
) -> list[Any]:
    """Play the campaign and return its nights: date, 见警率, share in common with the night before, faults."""
    place, terms = CampaignFolder(Path(folder) / "campaign.json"), terms or Draw()
    night = night or pr.bundled_night()
    usual = beside(pr.read_night(night), night.parent, place.folder)  # files that it names are named from there
    base = json.loads(usual.model_dump_json(by_alias=True, exclude_defaults=True))
    file = entries(base, terms, last, nights_in_all)
    place.folder.mkdir(parents=True)
    crew = base["crews"][0].get("prefix") or base["crews"][0]["id"]
    planner = Drawer(place, terms, limits={} if adapt is None else {"work_limit": adapt})
    nights, before, today = [], None, dt.date(2026, 5, 1)
    while True:
        write(place, file)
        calendar = calendar_of(place.course(today=today))
        if calendar.next is None:
            break
        date = calendar.next.date
        if len(nights) == CREW_AWAY:
            file["duties"] = [{"crew": f"{crew}01", "absent": [{"date": date.isoformat(), "why": "集训"}]}]
            write(place, file)
        if len(nights) == NIGHT_OFF and "off" not in file:
            file["off"] = [{"date": date.isoformat(), "why": "另有部署"}]
            continue  # the calendar is laid anew
        done = issue(place, today=today, planner=planner)
        today = done.night.date + dt.timedelta(1)
        seen, watched, faults = done.plan.objective.seen or 0.0, Watched.of(done.plan), len(done.plan.audit())
        shared = None if before is None else in_common(before, watched)
        nights.append((done.night.date, seen, shared, done.plan.objective.required_missed, faults))
        print(told(nights[-1]), flush=True)
        if len(nights) - 1 == RAIN:
            cancelled(place, done.night.date, "雨")
            print(f"{done.night.date}: 雨，取消")
            continue
        driven, before = as_planned(done.night), watched
        if len(nights) - 1 == SHORT:
            missed = sorted(driven.visits)[:2]
            driven = replace(driven, visits=driven.visits | dict.fromkeys(missed, 0), source="两处未巡")
        recorded(place, done.night.date, driven)
    summed_up(place, today)
    return nights


def write(place: CampaignFolder, file: dict[str, Any]) -> None:
    """Write the campaign's file."""
    place.file.write_text(json.dumps(file, ensure_ascii=False, indent=1), encoding="utf-8")


def told(night: tuple[Any, ...]) -> str:
    """Put a night in a line."""
    date, seen, shared, missed, faults = night
    common = "" if shared is None else f"，与上一晚同车组同时段重复 {100 * shared:.0f} %"
    return f"{date}: 见警率 {100 * seen:.1f} %{common}，必巡未巡 {missed}，核查问题 {faults}"


def summed_up(place: CampaignFolder, today: dt.date) -> None:
    """Print what the campaign came to, and write its report."""
    course = place.course(today=today)
    calendar = calendar_of(course)
    print(*status_lines(course, calendar, "zh"), sep="\n")
    for path in sorted(place.folder.glob("mixtures/*/mixture.json")):
        print(Mixture.read(path))
    print(*reveal_lines(place, "zh"), sep="\n")
    files = save_report(course, calendar, place.folder / "report", lang="zh")
    print(f"{len(files)} files in {place.folder / 'report'}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--night", type=Path)
    parser.add_argument("--plans", type=int, default=24)
    parser.add_argument("--work", type=int, help="windows for all plans together")
    parser.add_argument("--adapt", type=int, help="windows where tonight asks for more than other nights")
    args = parser.parse_args()
    main(args.folder, night=args.night, terms=Draw(plans=args.plans, work_limit=args.work), adapt=args.adapt)
