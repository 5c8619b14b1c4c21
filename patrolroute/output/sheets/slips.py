"""Change slips (变更单): what is new for each crew of a night that was planned anew, old and new on one map."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from patrolroute.base.extras import require
from patrolroute.base.text import Catalogue, clock_text, day, label, local, require_lang
from patrolroute.base.vocabulary import Lang
from patrolroute.output.directions import Directions
from patrolroute.output.itinerary import itinerary
from patrolroute.output.looks.duty import titled
from patrolroute.output.looks.fonts import fitted, shortened
from patrolroute.output.looks.phrases import phrase
from patrolroute.output.looks.scene import Scene, few
from patrolroute.output.sheets.chart import Atlas, Chart
from patrolroute.output.sheets.crew import Row, Voice, rows
from patrolroute.output.sheets.pages import rendered

if TYPE_CHECKING:
    from patrolroute.output.itinerary import Order
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.plan.records import Leg, PlannedCrew

NAMED = 12
"""Streets and places that a slip names as new or given up; of more it says how many."""

LONGEST = 40
"""Half-width letters of a crew's name at the head."""

MANY_ROWS = 44
"""More orders than these are set smaller, so that a slip stays on its page."""

WORDS = Catalogue(
    {
        "slips": ("变更单", "Change slip"),
        "overview": ("方案变更", "The plan has changed"),
        "since": ("{clock} 起执行新方案", "the new plan holds from {clock}"),
        "new": ("新增", "New"),
        "given_up": ("不再去", "No more"),
        "from_here": ("从这里起", "From here"),
        "here": ("{clock} 到 {place} 后", "{clock}, having come to {place}"),
        "at_once": ("即刻", "at once"),
        "orders": ("此后任务", "Orders from then on"),
        "none": ("无", "none"),
        "map_key": (
            "蓝线：新路线　红虚线：原路线（{clock} 以后）",
            "blue: the new way; red, dashed: the old one (after {clock})",
        ),
        "crews": ("有变动的车组", "Crews with changes"),
        "crew": ("车组", "Crew"),
        "changed": ("{crews} 个车组、{tasks} 项任务有变动", "{crews} crews and {tasks} tasks have changed"),
        "unchanged": ("其他车组按原任务单执行", "All other crews go on by their order sheets"),
        "kept": ("没有变动的车组", "Crews without changes"),
        "received": ("签收", "received"),
        "whose": ("全部车组", "all crews"),
    }
)  # fmt: skip
"""What slips say."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is new for one crew.

    Parameters
    ----------
    crew
        Its id.
    is_out
        Whether it is out of service.
    lost, gained
        Ids of tasks that it comes by less often, or more often.
    """

    crew: str
    is_out: bool
    lost: tuple[str, ...]
    gained: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slip:
    """What stands on one crew's slip.

    Parameters
    ----------
    crew
        Its id.
    what
        From when on the new plan holds, or that the crew is out.
    here
        When and where it changes over.
    gained, lost
        What is new, and where it goes no more, in words.
    rows
        Its orders from then on, numbered as on the new order sheet.
    chart
        The map of these; None where there are none.
    old
        The way that was planned before, as an SVG path on that map.
    """

    crew: str
    what: str
    here: str
    gained: str
    lost: str
    rows: tuple[Row, ...]
    chart: Chart | None
    old: str

    @property
    def is_dense(self) -> bool:
        """Whether it has so many lines that they are set smaller."""
        return len(self.rows) > MANY_ROWS


def slips_html(
    before: PatrolPlan, after: PatrolPlan, at: dt.datetime, *, changes: Sequence[Change], lang: Lang = "zh"
) -> bytes:
    """Return a page for the duty office, with all crews on one map, and one for each crew with changes, as HTML.

    Parameters
    ----------
    before, after, at
        The plan before, the new one, and the moment from which it holds.
    changes
        What is new, of the crews for which anything is.
    lang
        Of the words.

    Raises
    ------
    InputError
        If there is no such language.
    MissingExtraError
        If what the extra ``sheets`` brings is not installed.
    """
    require_lang(lang)
    require("changes.html", "jinja2", "segno")
    writer = _Writer(before, after, at, lang)
    slips = [writer.slip(change) for change in changes]
    named = {change.crew for change in changes}
    others = [crew.id for crew in after.crews if crew.id not in named]
    tasks = {task for change in changes if not change.is_out for task in (*change.lost, *change.gained)}
    crews = sum(not change.is_out for change in changes)
    return rendered(
        "slips.html.jinja", after, lang,
        title=titled("sheet_title", after, lang), words=lambda key, **facts: WORDS.say(key, lang, **facts),
        slips=slips, total=WORDS.say("changed", lang, crews=crews, tasks=len(tasks)),
        overview=writer.overview(slips, named),
        others=few([fitted(name) for name in others], len(others), lang) if others else "",
        when=f"{day(local(at, after.timezone), lang)} {clock_text(local(at, after.timezone))}",
        clock=clock_text(local(at, after.timezone)), main_roads=writer.atlas.main_roads,
    )  # fmt: skip


class _Writer:
    """Writes slips of a night."""

    def __init__(self, before: PatrolPlan, after: PatrolPlan, at: dt.datetime, lang: Lang) -> None:
        self.before, self.after, self.at, self.lang = before, after, at, lang
        self.atlas, self.night = Atlas(Scene(after)), itinerary(after)
        self.ways = {mode: Directions(network) for mode, network in after.networks.items()}
        self.crews = {crew.id: crew for crew in after.crews}
        self.new = {route.crew: [leg for leg in route.legs if leg.arrive > at] for route in after.routes}
        self.old = {route.crew: [leg for leg in route.legs if leg.arrive > at] for route in before.routes}

    def slip(self, change: Change) -> Slip:
        """Return a crew's slip."""
        crew, clock = self.crews[change.crew], clock_text(local(self.at, self.after.timezone))
        orders = [order for order in self.night.orders(crew.id) if self._is_to_come(order)]
        sweeping = self.after.objective.goal == "presence"
        voice = Voice(self.lang, self.after.timezone, crew.mode, self.ways.get(crew.mode), sweeping)
        chart, old = self._chart(crew, orders)
        return Slip(
            crew=shortened(fitted(crew.id), LONGEST),
            what=phrase("out_from", self.lang, clock=clock)
            if change.is_out
            else WORDS.say("since", self.lang, clock=clock),
            here="" if change.is_out else self._here(crew),
            gained=self._named(change.gained, self.old.get(crew.id, ())),
            lost=self._named(change.lost, self.new.get(crew.id, ())),
            rows=() if change.is_out else tuple(rows(orders, voice, fitted(crew.end_depot.name))),
            chart=chart,
            old=old,
        )

    def overview(self, slips: Sequence[Slip], named: set[str]) -> tuple[Chart, str, str] | None:
        """Return a map of all crews with changes: its frame, the old ways and the new ones."""
        legs = [leg for name in named for leg in (*self.old.get(name, ()), *self.new.get(name, ()))]
        points = [point for leg in legs for point in leg.coordinates]
        if not slips or not points:
            return None
        crew = self.crews[min(named)]
        chart = self.atlas.around(crew, points)
        old, new = (
            self.atlas.path([leg for name in sorted(named) for leg in every.get(name, ())])
            for every in (self.old, self.new)
        )  # fmt: skip
        return chart, old, new

    def _is_to_come(self, order: Order) -> bool:
        legs = order.all_legs
        return bool(legs) and legs[-1].arrive > self.at

    def _chart(self, crew: PlannedCrew, orders: Sequence[Order]) -> tuple[Chart | None, str]:
        old: list[Leg] = self.old.get(crew.id, [])
        if not orders and not old:
            return None, ""
        points = [point for leg in old for point in leg.coordinates]
        return self.atlas.chart(crew, orders, is_low=True, more=points), self.atlas.path(old)

    def _here(self, crew: PlannedCrew) -> str:
        """Return when and where a crew changes over: at the end of what is the same in both plans."""
        legs = zip(self.new.get(crew.id, ()), self.old.get(crew.id, ()), strict=False)
        same = [new for new, _ in takewhile(lambda pair: _alike(*pair), legs)]
        if not same:
            return WORDS.say("at_once", self.lang)
        place = fitted(same[-1].street) or label("unnamed", self.lang)
        clock = clock_text(local(same[-1].arrive, self.after.timezone))
        return WORDS.say("here", self.lang, clock=clock, place=place)

    def _named(self, tasks: Sequence[str], other: Sequence[Leg]) -> str:
        """Return streets and places by their names, each once; not those to which the legs of the other plan go."""
        known = {**self.before.task, **self.after.task}
        there = set(self._names(known[leg.task].name for leg in other if leg.task in known))
        found = dict.fromkeys(self._names(known[task].name for task in tasks if task in known))
        names = [name for name in found if name not in there]
        return few(names, NAMED, self.lang) if names else WORDS.say("none", self.lang)

    def _names(self, names: Iterator[str]) -> Iterator[str]:
        yield from (fitted(name) or label("unnamed", self.lang) for name in names)


def _alike(one: Leg, other: Leg) -> bool:
    """Return whether two legs are the same work on the same roads, done at the same time."""
    return (one.kind, one.task, one.arcs, one.arrive) == (other.kind, other.task, other.arcs, other.arrive)
