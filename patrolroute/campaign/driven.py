"""What was really driven in a night: as planned, as a plan tells it, or as somebody ticked it in a table."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from patrolroute.base.amounts import yes_or_no
from patrolroute.base.errors import CampaignError, InputError, TableError
from patrolroute.base.text import clean, clock_text, label
from patrolroute.base.vocabulary import Lang
from patrolroute.campaign.state import Driven, IssuedNight
from patrolroute.demand.clocks import read_date
from patrolroute.demand.tables import Row, read_rows
from patrolroute.output.itinerary import Order, itinerary
from patrolroute.output.tables import YES, csv_bytes
from patrolroute.plan.document import PLAN_FILE
from patrolroute.plan.model import PatrolPlan

MADE_FILE = "made.csv"
"""The table to tick in the folder of a night."""

MADE: Mapping[Lang, tuple[str, ...]] = {
    "zh": ("日期", "车组", "序号", "时间", "动作", "路段或场所", "从", "到", "必巡", "已巡"),
    "en": ("date", "crew", "number", "time", "action", "name", "from", "to", "required", "made"),
}

HEADERS: Mapping[str, tuple[str, ...]] = {
    "date": ("日期", "夜晚"),
    "crew": ("车组", "车组编号"),
    "number": ("序号", "no.", "order"),
    "name": ("路段或场所", "street or place"),
    "made": ("已巡", "是否巡到", "完成", "已完成", "done"),
}
ASIDE: Final = frozenset(
    {"时间", "动作", "从", "到", "必巡", "备注", "time", "action", "from", "to", "required", "note"}
)
PARTLY: Final = frozenset({"部分", "部分巡到", "partly", "part", "half"})
HOW: Mapping[Lang, str] = {
    "zh": "“已巡”一列填 是、否、部分；部分按未巡完计，留待以后补巡",
    "en": "made: yes, no or partly; what is partly made is owed still",
}


@dataclass(frozen=True, slots=True)
class Ticked:
    """An order as a table to tick has it.

    Parameters
    ----------
    crew
        Whose.
    number
        On the crew's sheet.
    visits
        Visits that count of it, by task.
    """

    crew: str
    number: int
    visits: Mapping[str, int]


def as_planned(night: IssuedNight) -> Driven:
    """Return what was driven where all was driven as planned."""
    return Driven(night.planned, night.hours, "as planned")


def of_plan(night: IssuedNight, plan: PatrolPlan, source: str = "plan") -> Driven:
    """Return what a plan of the same night tells, such as one that was read from tracks.

    Parameters
    ----------
    night
        As it was issued.
    plan
        As it was driven.
    source
        What the record says of where it is from.

    Raises
    ------
    CampaignError
        If it is of another day, or has none of the night's tasks.
    """
    date = plan.window[0].date()
    if date != night.date:
        raise CampaignError(f"{source}: tells of {date}, not of the night of {night.date}")
    visits = {task.id: task.visits_done for task in plan.tasks if task.id in night.planned}
    if night.planned and not visits:
        raise CampaignError(f"{source}: has no task of the night of {night.date}")
    out = {route.crew for route in plan.routes if route.legs}
    hours = {crew: hours for crew, hours in night.hours.items() if crew in out}
    extra = {crew.id: (crew.end - crew.start).total_seconds() / 3600 for crew in plan.crews if crew.id in out}
    return Driven(visits, extra | hours, source)


def read_driven(night: IssuedNight, source: Path, plan_folder: Path) -> Driven:
    """Read what was driven from a plan, its folder, or a ticked table.

    Parameters
    ----------
    night
        As it was issued.
    source
        A ``plan.json``, its folder, a CSV or a workbook.
    plan_folder
        Where the night's own plan lies.

    Raises
    ------
    InputError
        With everything that is wrong with it.
    """
    if source.is_dir():
        source = source / PLAN_FILE
    if source.suffix.lower() == ".json":
        return of_plan(night, PatrolPlan.from_json(source), source.name)
    return of_table(night, issued_plan(night, plan_folder), source)


def issued_plan(night: IssuedNight, folder: Path) -> PatrolPlan:
    """Read the plan of a night that was issued.

    Raises
    ------
    CampaignError
        If it is not the plan that was issued.
    """
    path = folder / PLAN_FILE
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise CampaignError(f"{path}: cannot be read: {error.strerror}") from error
    if found != night.plan_sha256:
        raise CampaignError(f"{path}: is not the plan that was issued for {night.date}; the file was changed")
    return PatrolPlan.from_json(path)


def made_csv(plan: PatrolPlan, lang: Lang) -> bytes:
    """Return the table to tick: every order of every crew, each said to be made."""
    date = plan.window[0].date().isoformat()
    rows = ([date, *_row(crew, order, lang)] for crew, order in _orders(plan))
    return csv_bytes((MADE[lang], *rows), (HOW[lang],))


def _row(crew: str, order: Order, lang: Lang) -> Iterator[str | int]:
    yield crew
    yield order.number
    yield clock_text(order.legs[0].depart)
    yield label(order.kind, lang)
    yield "、".join(order.main_streets) or label("unnamed", lang)
    yield order.begins.at
    yield order.ends.at
    yield YES[lang] if order.is_required else ""
    yield YES[lang]


def _orders(plan: PatrolPlan) -> Iterator[tuple[str, Order]]:
    """Yield the orders by which a visit counts, crew by crew."""
    nights = itinerary(plan)
    for route in plan.routes:
        for order in nights.orders(route.crew):
            if any(leg.counted for leg in order.all_legs):
                yield route.crew, order


def of_table(night: IssuedNight, plan: PatrolPlan, path: Path) -> Driven:
    """Return what a ticked table tells; an order that is not in it was not made.

    Parameters
    ----------
    night
        As it was issued.
    plan
        Its plan.
    path
        A CSV or a workbook with the columns of `made_csv`; crew, number and made are needed. Where it has dates they
        are that of the night.

    Raises
    ------
    TableError
        With every complaint about its rows.
    """
    orders = {(crew, order.number): order for crew, order in _orders(plan)}
    table, complaints = read_rows(path, needs=("crew", "number", "made"), headers=HEADERS, aside=ASIDE)
    rows = list(_without_remark(table))
    _same_night(rows, night)
    complaints.raise_as(TableError)
    made, seen = Counter[str](), set[tuple[str, int]]()
    out: dict[str, bool] = defaultdict(bool)
    for row in rows:
        key = row.text("crew"), row.whole_in("number", 0, low=1, high=100_000)
        if key not in orders:
            row.complain(f"there is no order {key[1]} of crew {key[0]!r} in the plan", "number")
        elif key in seen:
            row.complain(f"order {key[1]} of crew {key[0]!r} is listed twice", "number")
        else:
            seen.add(key)
            is_made = _is_made(row)
            out[key[0]] |= is_made is not False
            made.update(leg.task for leg in orders[key].all_legs if is_made and leg.counted and leg.task is not None)
    complaints.raise_as(TableError)
    hours = {crew: hours for crew, hours in night.hours.items() if out[crew]}
    return Driven({task: made[task] for task in night.planned}, hours, path.name)


def _without_remark(rows: Iterable[Row]) -> Iterator[Row]:
    return (row for row in rows if row.text("number") or row.text("made"))


def _same_night(rows: Iterable[Row], night: IssuedNight) -> None:
    """Complain at the first row that is of another night: all others are as well."""
    for row in rows:
        try:
            date = read_date(row.text("date")) if row.text("date") else night.date
        except InputError as error:
            row.complain(str(error), "date")
            return
        if date != night.date:
            row.complain(f"is of the night of {date}, not of that of {night.date}", "date")
            return


def _is_made(row: Row) -> bool | None:
    """Return whether an order was made, None for partly."""
    text = clean(row.text("made")).lower()
    if text in PARTLY:
        return None
    found = yes_or_no(text)
    if found is None:
        row.complain(f"{row.title('made')} {text!r} is neither yes, no nor partly", "made")
    return bool(found)
