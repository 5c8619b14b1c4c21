"""Names of streets on a map: what a name means, and what somebody may have meant by one that is not there."""

from __future__ import annotations

import difflib
import re

from patrolroute.base.errors import Complaint
from patrolroute.network.arrays import RoadArrays

MOST_LETTERS = 60
"""Of a name that a complaint repeats."""

_SECTION = re.compile(r"[东西南北中](?=(?:路|大道|大街|街|环路|公路)$)")


def base_name(name: str) -> str:
    """Return the name that the sections of a street share.

    Examples
    --------
    >>> base_name("朝阳中路"), base_name("淮舜南路"), base_name("淮河大道")
    ('朝阳路', '淮舜路', '淮河大道')
    """
    return _SECTION.sub("", name)


def sections(name: str, network: RoadArrays) -> tuple[str, ...]:
    """Return the names on the map that a name means, sorted.

    A name on the map means itself; one that is not on the map means its sections: 朝阳路 means 朝阳西路,
    朝阳中路 and 朝阳东路.

    Returns
    -------
    tuple
        Empty if the map has neither.
    """
    known = set(network.names) - {""}
    if name in known:
        return (name,)
    return tuple(sorted(other for other in known if base_name(other) == name))


def unknown_name(name: str, network: RoadArrays) -> Complaint:
    """Return the complaint that a street is not on the map, and which names come close; or that no way leads there."""
    if name in {part.name for part in network.dropped} - {""}:
        sentence = f"street {name!r} is on the map, but no crew could reach it and leave it again"
        return Complaint(sentence, "no_way", f"路段“{name}”在地图上，但车组开不进或开不出")
    known = sorted(set(network.names) - {""})
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    close += [other for other in known if name and (name in other or other in name)][:3]
    hint = f"; did you mean {', '.join(dict.fromkeys(close))}?" if close else ""
    meant = f"，是否指{'、'.join(dict.fromkeys(close))}？" if close else ""
    shown = name if len(name) <= MOST_LETTERS else f"{name[:MOST_LETTERS]}…"
    return Complaint(f"street {shown!r} is not on the map{hint}", "unknown_name", f"地图上没有“{shown}”这条路{meant}")
