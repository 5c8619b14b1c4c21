"""Street names: sections of one street, and what somebody may have meant."""

from __future__ import annotations

import difflib
import re

from patrolroute.network.road import RoadNetwork

_SECTION = re.compile(r"[东西南北中](?=(?:路|大道|大街|街|环路|公路)$)")


def base_name(name: str) -> str:
    """Give the name that the sections of a street share.

    Examples
    --------
    >>> base_name("朝阳中路"), base_name("淮舜南路"), base_name("淮河大道")
    ('朝阳路', '淮舜路', '淮河大道')
    """
    return _SECTION.sub("", name)


def sections(name: str, network: RoadNetwork) -> tuple[str, ...]:
    """Give the names on the map that a name means, sorted.

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
    return tuple(sorted(one for one in known if base_name(one) == name))


def unknown_name(name: str, network: RoadNetwork) -> str:
    """Say that a street is not on the map, and which names come close."""
    known = sorted(set(network.names) - {""})
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    close += [one for one in known if name and (name in one or one in name)][:3]
    hint = f"; did you mean {', '.join(dict.fromkeys(close))}?" if close else ""
    return f"street {name!r} is not on the map{hint}"
