"""Teams: which crews share a colour, and how many crews are called in few letters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from patrolroute.output.fonts import shortened, width_of
from patrolroute.plan.parts import PlannedCrew, Spot

COLOURS = ("#0000e6", "#1c9c69", "#b84dff", "#3d2500", "#1ad1ff", "#a63f92", "#56008f", "#090934")
"""Of teams. People who see no red, no green or no blue tell them apart too, from each other, from the red of what is
missing and from the bands of priority: at least 20 apart in CIE Lab for each of them (a test works it out)."""

SERIES = 3
"""Least number of neighbours that are called from first to last."""

_NUMBERED = r"(.*?)([0-9]{1,9})([^0-9]*)"
"""A name with its last number: ``P01``, ``第3中队``."""


@dataclass(frozen=True, slots=True)
class Team:
    """Crews that share a colour."""

    crews: tuple[str, ...]
    colour: str


def teams_of(crews: Sequence[PlannedCrew]) -> tuple[Team, ...]:
    """Give each crew a colour of its own if there are few, else one to those of a like name at one place.

    Where that are too many still, the place alone counts; if even places outnumber the colours, colours come again.
    """
    for key in (_by_id, _by_name_and_place, _by_place):
        members: dict[tuple[object, ...], list[str]] = {}
        for crew in crews:
            members.setdefault(key(crew), []).append(crew.id)
        if len(members) <= len(COLOURS):
            break
    return tuple(Team(tuple(ids), COLOURS[n % len(COLOURS)]) for n, ids in enumerate(members.values()))


def colours_of(crews: Sequence[PlannedCrew]) -> dict[str, str]:
    """Map each crew's id to the colour of its team."""
    return {crew: team.colour for team in teams_of(crews) for crew in team.crews}


def corner_of(spot: Spot) -> tuple[float, float]:
    """Give a place to about a metre, so that equal depots are one."""
    return round(spot.lon, 5), round(spot.lat, 5)


def joined_ids(ids: Sequence[str], width: int = 1000) -> str:
    """Say many crew ids in few letters; what does not fit into a width is the first and how many more.

    Examples
    --------
    >>> joined_ids(["P01", "P02", "P03", "P07", "K9"]), joined_ids(["第1中队", "第2中队", "第3中队"])
    ('P01–P03, P07, K9', '第1中队–第3中队')
    >>> joined_ids(["Red", "Green", "Blue"], width=10)
    'Red +2'
    """
    parts: list[str] = []
    for _, run in groupby(enumerate(ids), key=lambda pair: _series(pair[1], pair[0])):
        names = [name for _, name in run]
        parts.extend([f"{names[0]}–{names[-1]}"] if len(names) >= SERIES else names)
    text = ", ".join(parts)
    if len(parts) > 1 and width_of(text) > width:
        more = f" +{len(ids) - 1}"
        return shortened(ids[0], width - len(more)) + more
    return shortened(text, width)


def _series(name: str, position: int) -> tuple[str, int, int]:
    """Give what is equal for neighbours of one series: ``P01``, ``P02``, …; a name without number stands alone."""
    match = re.fullmatch(_NUMBERED, name, flags=re.DOTALL)
    if match is None:
        return name, 0, -position
    return f"{match[1]}{match[3]}", len(match[2]), int(match[2]) - position


def _by_id(crew: PlannedCrew) -> tuple[object, ...]:
    return (crew.id,)


def _by_name_and_place(crew: PlannedCrew) -> tuple[object, ...]:
    return re.sub(_NUMBERED, r"\1\3", crew.id, flags=re.DOTALL), *corner_of(crew.depot)


def _by_place(crew: PlannedCrew) -> tuple[object, ...]:
    return corner_of(crew.depot)
