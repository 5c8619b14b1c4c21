"""Writing the drawn ways as an OSM file, the same bytes each time."""

from __future__ import annotations

import gzip
from xml.sax.saxutils import quoteattr

import numpy as np

from patrolroute.data.draw.noding import Junctions, Ways
from patrolroute.data.draw.plane import to_degrees
from patrolroute.units import FloatArray

NOTE = "示意图，非实测，仅供试用，不得用于执勤。Schematic map drawn for trying patrolroute; not surveyed; not for duty."


def osm_xml(junctions: Junctions, ways: Ways) -> bytes:
    """Write OSM XML 0.6: nodes numbered from north-west, ways in the order of the table."""
    used = sorted({number for numbers, _ in ways for number in numbers})
    places = np.round(to_degrees([junctions.points[number] for number in used]), 7)
    order = sorted(range(len(used)), key=lambda one: (-places[one, 1], places[one, 0]))
    node_id = {used[one]: 1001 + rank for rank, one in enumerate(order)}
    south, north, west, east = (*_ends(places[:, 1]), *_ends(places[:, 0]))
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<!-- {NOTE} -->",
        '<osm version="0.6" generator="patrolroute schematic map">',
        f"  <note>{NOTE}</note>",
        f'  <bounds minlat="{south:.7f}" minlon="{west:.7f}" maxlat="{north:.7f}" maxlon="{east:.7f}"/>',
    ]
    for one in order:
        lon, lat = places[one]
        lines.append(f'  <node id="{node_id[used[one]]}" lat="{lat:.7f}" lon="{lon:.7f}" version="1"/>')
    for number, (nodes, line) in enumerate(ways, start=1):
        lines.append(f'  <way id="{number}" version="1">')
        lines.extend(f'    <nd ref="{node_id[one]}"/>' for one in nodes)
        lines.extend(f"    <tag k={quoteattr(key)} v={quoteattr(line.tags[key])}/>" for key in sorted(line.tags))
        lines.append("  </way>")
    return ("\n".join([*lines, "</osm>"]) + "\n").encode()


def packed(content: bytes) -> bytes:
    """Compress without a time stamp."""
    return gzip.compress(content, compresslevel=9, mtime=0)


def _ends(values: FloatArray) -> tuple[float, float]:
    return float(np.min(values)), float(np.max(values))
