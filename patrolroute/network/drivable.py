"""Which ways a car may use: one rule, asked of a server in its own language and applied to a file here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

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
"""A way is left out if a tag's value has a match anywhere in it: OSMnx' ``drive`` filter, and one tag more.

A ``reversible`` street changes its direction in the course of the day; which one is open tonight no map tells, and
OSMnx would take it as open both ways.
"""

OVERPASS_FILTER = '["highway"]' + "".join(f'["{tag}"!~"{values}"]' for tag, values in NOT_FOR_CARS.items())
"""The same rule in Overpass' language."""

_PATTERNS = tuple((tag, re.compile(values)) for tag, values in NOT_FOR_CARS.items())


def is_drivable(tags: Mapping[str, object]) -> bool:
    """Say whether a car may use a way with these tags.

    Examples
    --------
    >>> is_drivable({"highway": "primary"}), is_drivable({"highway": "footway"}), is_drivable({"building": "yes"})
    (True, False, False)
    >>> is_drivable({"highway": "primary", "access": "private"})
    False
    """
    return "highway" in tags and not any(tag in tags and pattern.search(str(tags[tag])) for tag, pattern in _PATTERNS)
