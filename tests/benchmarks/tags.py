"""What reading tags by vehicle changes on real maps, beside OSMnx' filters: metres gained and lost, by reason.

``python tests/benchmarks/tags.py FILE …`` prints a table for each file and mode: streets that OSMnx would take and we
do not, streets that we take and OSMnx would not, and streets whose direction is another, each with the tag that
decides. Metres are those of the streets as drawn, before anything is merged or left out as out of reach.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from pathlib import Path

import numpy as np
import osmnx

from patrolroute.base.vocabulary import MODES, Mode
from patrolroute.network.osm.access import BY_TAG, KEYS, ONE_WAY_KEYS, STREETS, way_access
from patrolroute.network.osm.files import open_osm, read_data
from patrolroute.network.osm.simplify import RADIUS_M

FILTERS = {"car": "drive", "foot": "walk", "bicycle": "bike"}
RULE = re.compile(r'\["([^"]+)"(?:!~"([^"]*)")?\]')
ONE_WAY, TURNED = {"yes", "true", "1", "-1", "reverse", "T", "F"}, {"-1", "reverse", "T"}
"""As OSMnx reads ``oneway``."""


def left_out_by(tags: dict[str, str], mode: Mode) -> str:
    """Return the tag for which OSMnx leaves a way out, empty if it takes it."""
    rules = RULE.findall(osmnx._overpass._get_network_filter(FILTERS[mode]))
    return next((f"{key}={tags[key]}" for key, values in rules if values and re.search(values, tags.get(key, ""))), "")


def directions(tags: dict[str, str], mode: Mode) -> tuple[bool, bool]:
    """Return whether OSMnx lets a way be used along its nodes and against them."""
    if mode == "foot":
        return True, True
    one_way = tags.get("oneway") in ONE_WAY or tags.get("junction") == "roundabout"
    turned = tags.get("oneway") in TURNED
    return not (one_way and turned), not one_way or turned


def deciding(tags: dict[str, str], mode: Mode, *, direction: bool = False) -> str:
    """Return the tags that speak of the vehicle, the most special first."""
    keys = ONE_WAY_KEYS[mode] if direction else KEYS[mode]
    said = [f"{tag}={tags[tag]}" for key in keys for tag in (f"{key}:forward", f"{key}:backward", key) if tag in tags]
    if tags["highway"] not in STREETS[mode]:
        said.insert(0, f"highway={tags['highway']}" + (" by its own key" if tags["highway"] in BY_TAG[mode] else ""))
    rest = [f"{key}={tags[key]}" for key in ("motorroad", "area", "service", "junction", "cycleway") if key in tags]
    return (said or rest or [f"highway={tags['highway']}"])[0]


def changes(path: Path, mode: Mode) -> Counter[tuple[str, str]]:
    """Return metres by what happened and the tag that decides."""
    found: Counter[tuple[str, str]] = Counter()
    for street, part in read_data(open_osm(path)).ways():
        tags, places = dict(street.tags), np.radians([place for _, place in part])
        east, north = np.diff(places, axis=0).T
        metres = round(float(np.hypot(east * np.cos(places[0, 1]), north).sum()) * RADIUS_M)
        theirs, ours = left_out_by(tags, mode), way_access(tags, mode)
        if ours and theirs:
            found["gained", f"{theirs}, {deciding(tags, mode)}"] += metres
        elif not ours and not theirs:
            found["lost", deciding(tags, mode)] += metres
        elif ours and directions(tags, mode) != (ours.forward, ours.backward):
            found["direction", deciding(tags, mode, direction=True)] += metres
    return found


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--least", type=int, default=300, help="metres below which a reason is not listed")
    given = parser.parse_args()
    for path in given.files:
        for mode in MODES:
            for (what, tag), metres in changes(path, mode).most_common():
                if metres >= given.least:
                    print(f"{path.name:36} {mode:8} {what:10} {metres / 1000:8.1f} km  {tag}")


if __name__ == "__main__":
    main()
