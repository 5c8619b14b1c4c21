"""`PatrolArea`: one area, where it lies and what is asked for in it."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field

from shapely import Polygon

from patrolroute.areas.bounding import SIDES, BoundingStreets, said
from patrolroute.areas.words import WORDS
from patrolroute.base.text import require_lang
from patrolroute.base.vocabulary import Lang, LonLat, Seconds


@dataclass(frozen=True, slots=True)
class PatrolArea:
    """One patrol area (巡区).

    Parameters
    ----------
    name
        Unique among the areas drawn together.
    polygon
        In WGS-84 degrees; those of areas drawn together tile the town and do not overlap.
    segments
        Ids of the streets in it, of those that nothing is asked of too.
    work_s
        What is asked for in it: seconds of service and dwell, times the visits wanted.
    length_m
        Metres of its streets, of both carriageways the mean.
    station
        The station that lies in it, empty where none was to.
    neighbours
        Names of the areas that it shares an edge with.
    bounds
        The streets along which it ends.
    centre
        Where its middle piece lies, longitude and latitude.
    spread_m
        Metres from its streets to its centre along streets, by weight of work, crossings of borders included.
    roundness
        4π · area / perimeter² of its polygon, 1 for a circle (Polsby & Popper).
    station_place
        Where that station stands, longitude and latitude.
    """

    name: str
    polygon: Polygon
    _: KW_ONLY
    segments: tuple[str, ...] = ()
    work_s: Seconds = 0
    length_m: int = 0
    station: str = ""
    neighbours: tuple[str, ...] = ()
    bounds: BoundingStreets = field(default_factory=BoundingStreets)
    centre: LonLat = (0.0, 0.0)
    spread_m: float = 0.0
    roundness: float = 0.0
    station_place: LonLat | None = None

    def described(self, lang: Lang = "zh") -> str:
        """Return where it ends, in words: 东至龙湖路，南至国庆中路; empty where no street bounds it."""
        require_lang(lang)
        phrases = said(self.bounds, [WORDS.say(f"to_{side}", lang) for side in SIDES])
        return {"zh": "，", "en": ", "}[lang].join(phrases)
