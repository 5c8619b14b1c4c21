"""Which ways a car, those on foot and a bicycle may use: asked of a server in its own language and of a file here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from patrolroute.words import Mode

NOT_FOR_CARS: Mapping[str, str] = MappingProxyType(
    {
        "area": "yes",
        "access": "private",
        "highway": (
            "abandoned|bridleway|bus_guideway|construction|corridor|cycleway|elevator|escalator|footway|no|path|"
            "pedestrian|planned|platform|proposed|raceway|razed|rest_area|service|services|steps|track"
        ),
        "motor_vehicle": "no",
        "motorcar": "no",
        "service": "alley|driveway|emergency_access|parking|parking_aisle|private",
        "oneway": "reversible",
    }
)
"""A way is left out for cars if a tag's value has a match anywhere in it: OSMnx' ``drive`` filter, and one tag more.

A ``reversible`` street changes its direction in the course of the day; which one is open tonight no map tells, and
OSMnx would take it as open both ways.
"""

NOT_ON_FOOT: Mapping[str, str] = MappingProxyType(
    {
        "area": "yes",
        "access": "private",
        "highway": (
            "abandoned|bus_guideway|construction|cycleway|motor|no|planned|platform|proposed|raceway|razed|rest_area|"
            "services"
        ),
        "foot": "no",
        "service": "private",
    }
)
"""The same for those on foot: OSMnx' ``walk`` filter, less its rule for pavements drawn apart."""

NOT_FOR_BICYCLES: Mapping[str, str] = MappingProxyType(
    {
        "area": "yes",
        "access": "private",
        "highway": (
            "abandoned|bus_guideway|construction|corridor|elevator|escalator|footway|motor|no|planned|platform|"
            "proposed|raceway|razed|rest_area|services|steps"
        ),
        "bicycle": "no",
        "service": "private",
    }
)
"""The same for bicycles: OSMnx' ``bike`` filter."""

NOT_FOR: Mapping[Mode, Mapping[str, str]] = {"car": NOT_FOR_CARS, "foot": NOT_ON_FOOT, "bicycle": NOT_FOR_BICYCLES}

FOR_WHOM: Mapping[Mode, str] = {
    "car": "that a car may drive",
    "foot": "for those on foot",
    "bicycle": "for bicycles",
}

_PATTERNS = {mode: [(tag, re.compile(values)) for tag, values in rules.items()] for mode, rules in NOT_FOR.items()}


def overpass_filter(mode: Mode) -> str:
    """Give the rule of a mode in Overpass' language."""
    return '["highway"]' + "".join(f'["{tag}"!~"{values}"]' for tag, values in NOT_FOR[mode].items())


def is_passable(tags: Mapping[str, object], mode: Mode = "car") -> bool:
    """Say whether a mode may use a way with these tags.

    Examples
    --------
    >>> is_passable({"highway": "primary"}), is_passable({"highway": "footway"}), is_passable({"building": "yes"})
    (True, False, False)
    >>> is_passable({"highway": "footway"}, "foot"), is_passable({"highway": "motorway"}, "foot")
    (True, False)
    """
    return "highway" in tags and not any(
        tag in tags and pattern.search(str(tags[tag])) for tag, pattern in _PATTERNS[mode]
    )
