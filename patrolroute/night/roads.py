"""What a night's file says of the roads: the map, speeds, turns, streets closed or slow tonight."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from patrolroute.network.closures import SLOWEST
from patrolroute.network.speeds import CLASSES
from patrolroute.network.turntable import LONGEST_TURN_S
from patrolroute.night.entries import Hours, Strict, Text
from patrolroute.words import Datum


class MapSource(Strict):
    """Where the streets come from: exactly one of the three."""

    source: Literal["bundled", "osm"] | None = Field(
        None, description="bundled: the schematic map; osm: download both study areas from OpenStreetMap"
    )
    file: Path | None = Field(
        None, description=".osm, .osm.gz, .osm.bz2, .osm.pbf or .graphml, beside the night's file"
    )
    places: list[Text] | None = Field(None, description="areas as Nominatim knows them; downloaded")
    area: Path | None = Field(None, description="GeoJSON polygon to cut out of the file; all of it if not given")

    @model_validator(mode="after")
    def _one_source(self) -> MapSource:
        given = [name for name in ("source", "file", "places") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"give exactly one of source, file, places; given: {', '.join(given) or 'none'}")
        if self.area is not None and self.file is None:
            raise ValueError("area: is cut out of a file; give map.file, or leave the area out")
        return self


def _highway(name: str) -> str:
    """Check a highway class: a misspelt one would change nothing."""
    if name not in CLASSES:
        near = get_close_matches(name, CLASSES, n=3)
        hint = f"; did you mean {', '.join(near)}?" if near else f"; there are {', '.join(CLASSES)}"
        raise ValueError(f"is no highway class{hint}")
    return name


Highway = Annotated[str, AfterValidator(_highway)]


class _Speeds(Strict):
    travel_kmh: dict[Highway, float] = Field(default_factory=dict)
    patrol_kmh: dict[Highway, float] = Field(default_factory=dict)


class SpeedPart(_Speeds):
    """Speeds of a part of the night, such as before midnight."""

    hours: Annotated[list[Hours], Field(min_length=1)]


class Speeds(_Speeds):
    """Speeds by highway class in km/h for cars that replace those of the library's night table."""

    parts: list[SpeedPart] = Field(
        default_factory=list,
        description="other speeds in parts of the night; a night that touches several is planned with the slowest",
    )


TurnSeconds = Annotated[int | None, Field(ge=0, le=LONGEST_TURN_S)]


class Turns(Strict):
    """What turning takes; the usual seconds if not given."""

    free: bool = Field(False, description="turns cost nothing, and turn restrictions are not obeyed")
    straight_s: TurnSeconds = None
    right_s: TurnSeconds = None
    left_s: TurnSeconds = None
    u_turn_s: TurnSeconds = None
    u_turns_at_junctions: bool | None = None

    @model_validator(mode="after")
    def _free_or_not(self) -> Turns:
        if self.free and any(getattr(self, name) is not None for name in type(self).model_fields if name != "free"):
            raise ValueError("free turns cost nothing; leave the other entries out")
        return self


class _Drawn(Strict):
    """Streets by name or by drawing, for part of the night or all of it."""

    names: list[Text] = Field(default_factory=list)
    lines: Path | None = Field(None, description="GeoJSON lines or GPX tracks drawn along streets")
    polygons: Path | None = Field(None, description="GeoJSON areas, such as a flooded one")
    crs: Datum | None = Field(None, description="of what is drawn")
    hours: list[Hours] = Field(
        default_factory=list,
        description="such as 23:00-01:00, all night if not given; where any of it meets a shift it holds all night",
    )

    @model_validator(mode="after")
    def _some_street(self) -> _Drawn:
        if self.is_empty and (self.hours or isinstance(self, Slow)):
            raise ValueError("give at least one of names, lines, polygons")
        return self

    @property
    def said(self) -> str:
        """What is meant, in the night's own words."""
        return ", ".join([*self.names, *(path.name for path in (self.lines, self.polygons) if path is not None)])

    @property
    def is_empty(self) -> bool:
        """Whether no street is meant."""
        return not (self.names or self.lines or self.polygons)


class Closures(_Drawn):
    """Streets that are closed tonight."""


class Slow(_Drawn):
    """Streets that are slow tonight."""

    factor: float = Field(ge=SLOWEST, le=1, description="share of the usual driving speed")
