"""What a road network holds, in a few lines of text."""

from __future__ import annotations

from collections import Counter

from patrolroute.network.road import RoadNetwork
from patrolroute.network.turntable import FORBIDDEN
from patrolroute.units import FloatArray

MOST = 8


def describe(network: RoadNetwork) -> str:
    """Say where a network comes from, how large it is, and what was left out of it."""
    metres: Counter[str] = Counter()
    for highway, length in zip(network.highways, network.length_m, strict=True):
        metres[highway or "(no class)"] += int(length)
    lines = [
        f"source       {network.source}",
        f"mode         {network.mode}",
        f"nodes, arcs  {network.node_count}, {network.arc_count}",
        f"arc length   {sum(metres.values()) / 1000:.1f} km",
        *_turns(network),
        f"named        {len(set(network.names) - {''})} streets",
        f"extent       {_extent(network.lon)} E, {_extent(network.lat)} N",
    ]
    lines += [f"  {highway:<14} {length / 1000:8.1f} km" for highway, length in metres.most_common()]
    if network.dropped:
        total = sum(part.length_m for part in network.dropped) / 1000
        lines.append(f"left out     {total:.1f} km that a crew could not reach and leave again")
        lines += [f"  {part.name or '(unnamed)'} {part.length_m} m" for part in network.dropped[:MOST]]
        if len(network.dropped) > MOST:
            lines.append(f"  and {len(network.dropped) - MOST} more")
    lines += [network.attribution, *([network.notice] if network.notice else [])]
    return "\n".join(lines)


def _turns(network: RoadNetwork) -> list[str]:
    """Say how many turns cost something and how many are forbidden."""
    turns = network.turns
    if turns is None:
        return ["turns        cost nothing"]
    forbidden = int((turns.seconds == FORBIDDEN).sum())
    over = f", {len(turns.chains)} chains of streets forbidden" if turns.chains else ""
    return [f"turns        {len(turns) - forbidden} take time, {forbidden} forbidden{over}"]


def _extent(degrees: FloatArray) -> str:
    return f"{degrees.min():.4f} to {degrees.max():.4f}"
