"""One sheet a crew: muster, lines, totals, the map."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from patrolroute.dates import day
from patrolroute.output.directions import Directions
from patrolroute.output.itinerary import Signs
from patrolroute.output.muster import Musters
from patrolroute.output.picture.list import local
from patrolroute.output.sheets.chart import Atlas, Chart
from patrolroute.output.sheets.orders import Order, orders
from patrolroute.output.sheets.rows import Row, Voice, rows
from patrolroute.output.sheets.words import LONGEST_PLACE, MINUTE_S, phrase, plain
from patrolroute.plan.parts import PlannedCrew, Route, Spot
from patrolroute.plan.records import PatrolPlan
from patrolroute.words import STAMPS, Lang, Mode, label

MANY = 36
"""More orders than these are set smaller, so that two pages hold them."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on one crew's sheet.

    Parameters
    ----------
    number
        Of the crew, from 1.
    crew, mode
        Its id, and what it is: by car, on foot, by bicycle.
    muster, ending
        When and where it musters; when it is back, at the latest, and where.
    totals
        What it drives and where it stands, in figures; that it stays where it does.
    rows
        The lines; none for a crew that stays.
    chart
        The map; None for a crew that stays.
    """

    number: int
    crew: str
    mode: str
    muster: str
    ending: str
    totals: str
    rows: tuple[Row, ...]
    chart: Chart | None

    @property
    def is_dense(self) -> bool:
        """Whether it has so many lines that they are set smaller."""
        return len(self.rows) > MANY


@dataclass(frozen=True, eq=False)
class Desk:
    """Where the sheets of one plan are written; ``atlas`` draws the maps."""

    plan: PatrolPlan
    lang: Lang
    atlas: Atlas

    def sheets(self) -> Iterator[Sheet]:
        """Write the sheets in the order of the plan's crews."""
        signs = {mode: Signs(network) for mode, network in self.plan.networks.items()}
        ways = {mode: Directions(network) for mode, network in self.plan.networks.items()}
        routes = {route.crew: route for route in self.plan.routes}
        musters = Musters(self.plan, self.lang)
        for number, crew in enumerate(self.plan.crews, start=1):
            route = routes.get(crew.id) or Route(crew.id, crew.start, crew.start)
            known = signs.get(crew.mode)
            night = orders(self.plan, route, known)
            voice = Voice(self.lang, self.plan.timezone, crew.mode, ways.get(crew.mode))
            yield Sheet(
                number=number,
                crew=plain(crew.id),
                mode=label(crew.mode, self.lang),
                muster=self._muster(crew, musters),
                ending=self._ending(crew, route, musters),
                totals=self._totals(route, night),
                rows=tuple(rows(night, voice, plain(musters.name(crew.end_depot, crew.mode), LONGEST_PLACE))),
                chart=self.atlas.chart(crew, night, is_low=len(night) > MANY) if night else None,
            )

    def _muster(self, crew: PlannedCrew, musters: Musters) -> str:
        begin = local(crew.start, self.plan.timezone)
        return f"{day(begin, self.lang)} {begin:%H:%M}  {self._spot(crew.depot, crew.mode, musters)}"

    def _spot(self, spot: Spot, mode: Mode, musters: Musters) -> str:
        """Say what people call a place, at which crossing it is, and where, in which datum."""
        names = dict.fromkeys((plain(spot.name), plain(musters.crossing(spot, mode), LONGEST_PLACE)))
        place = f"({spot.lon:.5f}, {spot.lat:.5f} {STAMPS['wgs84']})"
        return " ".join((phrase("comma", self.lang).join(filter(None, names)), place)).strip()

    def _ending(self, crew: PlannedCrew, route: Route, musters: Musters) -> str:
        last, back = (f"{local(moment, self.plan.timezone):%H:%M}" for moment in (crew.end, route.end))
        is_same = crew.end_depot.node == crew.depot.node
        where = phrase("same_place", self.lang) if is_same else self._spot(crew.end_depot, crew.mode, musters)
        return phrase("back_at", self.lang, clock=back, last=last, where=where)

    def _totals(self, route: Route, night: tuple[Order, ...]) -> str:
        if not night:
            return phrase("stays", self.lang)
        stops = [leg for leg in route.legs if leg.kind == "dwell"]
        return phrase(
            "totals",
            self.lang,
            km=f"{route.length_m / 1000:.1f}",
            patrol=f"{sum(leg.length_m for leg in route.legs if leg.kind == 'patrol') / 1000:.1f}",
            stops=len(stops),
            minutes=round(sum(leg.duration_s for leg in stops) / MINUTE_S),
        )
