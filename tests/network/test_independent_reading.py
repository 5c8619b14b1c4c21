"""Whole maps with random tags and barriers, read once by the library and once by plain Python with networkx."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise, permutations

import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from patrolroute.base.errors import MapError
from patrolroute.base.vocabulary import INFINITE_S, MODES, Mode
from patrolroute.network.road import RoadNetwork
from patrolroute.network.speeds import FORBIDDEN, SpeedTable, TurnCosts, usual_speeds
from patrolroute.network.travel import TravelTimes
from tests.network.by_hand import lonlat
from tests.network.tags.test_access import rows
from tests.network.test_barriers import with_tags
from tests.network.test_restrictions import rule
from tests.network.written import Way, osm_xml, street

GRID = {number: ((number - 1) % 4 * 400.0, (number - 1) // 4 * 300.0) for number in range(1, 13)}
WAYS = [(tags, mode, verdict) for tags, mode, verdict in rows("ways_by_vehicle.csv") if "maxspeed" not in tags]
SAID = {mode: [(tags, verdict) for tags, own, verdict in WAYS if own == mode] for mode in MODES}
OPEN = {mode: [row for row in SAID[mode] if row[1] == "both"] for mode in MODES}
STOPS = {mode: [(tags, verdict) for tags, own, verdict in rows("barriers_by_vehicle.csv") if own == mode]
         for mode in MODES}  # fmt: skip


@st.composite
def maps(draw: st.DrawFn) -> tuple[Mode, list[tuple[Way, str]], dict[int, tuple[dict[str, str], str]]]:
    """Draw ways between neighbours of a grid, each with a row of the table of tags, and barriers on some nodes."""
    mode = draw(st.sampled_from(MODES))
    used, ways = set[frozenset[int]](), []
    for _ in range(draw(st.integers(2, 8))):
        nodes = [draw(st.sampled_from(sorted(GRID)))]
        for step in draw(st.lists(st.sampled_from((-4, -1, 1, 4)), min_size=1, max_size=4)):
            onward = nodes[-1] + step
            if onward in GRID and frozenset((nodes[-1], onward)) not in used:
                used.add(frozenset((nodes[-1], onward)))
                nodes.append(onward)
        if len(nodes) > 1:
            tags, verdict = draw(st.sampled_from(SAID[mode]) | st.sampled_from(OPEN[mode]))
            ways.append((Way(tuple(nodes), dict(tags)), verdict))
    return mode, ways, draw(st.dictionaries(st.sampled_from(sorted(GRID)), st.sampled_from(STOPS[mode]), max_size=2))


def plain(mode: Mode, ways: list[tuple[Way, str]], barriers: dict[int, tuple[dict[str, str], str]]) -> nx.DiGraph:
    """Read the map plainly: an edge for each stretch and direction, at a barrier a node for each end of a street."""
    graph = nx.MultiDiGraph()
    stopped = {node for node, (_, verdict) in barriers.items() if verdict == "no"}
    for number, (way, verdict) in enumerate(ways):
        kmh, _ = usual_speeds(mode).kmh(way.tags.get("highway", ""), maxspeed=None)
        for place, (one, two) in enumerate(zip(way.nodes, way.nodes[1:], strict=False)):
            ends = [(node, number, place, end) if node in stopped else node for end, node in enumerate((one, two))]
            metres = math.dist(GRID[one], GRID[two])
            facts = {"seconds": metres * 3.6 / kmh, "metres": metres}
            if verdict in ("both", "forward"):
                graph.add_edge(*ends, **facts)
            if verdict in ("both", "backward"):
                graph.add_edge(*reversed(ends), **facts)
    return graph


@settings(max_examples=300)
@given(maps())
def test_a_map_read_plainly_has_the_same_streets_and_quickest_ways(
    tmp_path_factory: pytest.TempPathFactory,
    drawn: tuple[Mode, list[tuple[Way, str]], dict[int, tuple[dict[str, str], str]]],
):
    mode, ways, barriers = drawn
    assume(ways)
    text = osm_xml(GRID, [way for way, _ in ways])
    for node, (tags, _) in barriers.items():
        text = with_tags(text, node, **tags)
    path = tmp_path_factory.mktemp("osm") / "map.osm"
    path.write_text(text)
    graph = plain(mode, ways, barriers)
    parts = [graph.subgraph(part) for part in nx.strongly_connected_components(graph)]
    metres = sorted((part.size(weight="metres"), index) for index, part in enumerate(parts))
    if not metres or metres[-1][0] == 0:
        with pytest.raises(MapError, match="no street"):
            RoadNetwork.from_file(path, turns=None, mode=mode)
        return
    assume(len(metres) == 1 or metres[-1][0] > metres[-2][0] + 50)
    largest = parts[metres[-1][1]]
    network = RoadNetwork.from_file(path, turns=None, mode=mode)
    assert abs(int(network.length_m.sum()) - metres[-1][0]) <= 0.01 * metres[-1][0] + network.arc_count
    known = [node for node in network.node_id.tolist() if node in largest]
    index = [network.node_index[node] for node in known]
    table = TravelTimes(network).matrix(index, index)
    for row, start in enumerate(known):
        least = nx.single_source_dijkstra_path_length(largest, start, weight="seconds")
        for column, goal in enumerate(known):
            assert abs(int(table[row, column]) - least[goal]) <= 0.01 * least[goal] + 0.51 * network.node_count


# --------------------------------------------------------------------------------------------- turn restrictions

KMH = 36.0
"""Ten metres a second, so that the stretches of the grid take whole seconds."""

U_TURN_S, MEETING, ROUNDED_S = 20, 3, 2
TURNING = ("left_turn", "right_turn", "straight_on", "u_turn")
Stretch = tuple[int, int]
Chain = tuple[Stretch, ...]


@dataclass(frozen=True)
class Said:
    """A restriction: what it says, the ways that it leads over, the nodes between them; at one node or over ways."""

    kind: str
    ways: tuple[int, ...]
    nodes: tuple[int, ...]

    def xml(self, number: int) -> str:
        first, *over, last = self.ways
        via = [f"via {way}" for way in over] or [f"via n{self.nodes[0]}"]
        text = rule(self.kind, " ".join([f"from {first}", *via, f"to {last}"]))
        return text.replace('id="1"', f'id="{number}"', 1)


@st.composite
def restricted_maps(draw: st.DrawFn) -> tuple[dict[int, Way], list[Said], bool]:
    """Draw ways on the grid, restrictions from way to way, and whether a dead end makes every corner a junction."""
    used, ways = set[frozenset[int]](), {}
    for _ in range(draw(st.integers(3, 9))):
        nodes = [draw(st.sampled_from(sorted(GRID)))]
        for step in draw(st.lists(st.sampled_from((-4, -1, 1, 4)), min_size=1, max_size=3)):
            onward = nodes[-1] + step
            if onward in GRID and onward not in nodes and frozenset((nodes[-1], onward)) not in used:
                used.add(frozenset((nodes[-1], onward)))
                nodes.append(onward)
        if len(nodes) > 1:
            oneway = draw(st.sampled_from(("no", "no", "no", "no", "no", "yes")))
            ways[100 + len(ways)] = Way(tuple(nodes), {"highway": "residential", "oneway": oneway})
    has_stubs = draw(st.booleans())
    if has_stubs:
        corners = sorted({node for way in ways.values() for node in way.nodes})
        ways |= {100 + len(ways) + place: street(node, node + 20) for place, node in enumerate(corners)}
    over = [path for path in paths(ways) if len(path.ways) == 2 or is_at_ends(ways, path)]
    chosen = draw(st.lists(st.sampled_from(over), min_size=1, max_size=4, unique=True)) if over else []
    kinds = [draw(st.sampled_from(("no", "no", "only"))) + "_" + draw(st.sampled_from(TURNING)) for _ in chosen]
    return ways, [replace(path, kind=kind) for path, kind in zip(chosen, kinds, strict=True)], has_stubs


def paths(ways: dict[int, Way]) -> list[Said]:
    """Return how one gets from way to way at one node, or over one or two ways more, each met at one node only."""
    meet = {
        (one, two): node
        for one, two in permutations(ways, 2)
        for node in {*ways[one].nodes} & {*ways[two].nodes}
        if len({*ways[one].nodes} & {*ways[two].nodes}) == 1
    }
    found = [Said("", pair, (node,)) for pair, node in meet.items()]
    for _ in range(2):
        found += [
            Said("", (*path.ways, way), (*path.nodes, node))
            for path in found
            for (before, way), node in meet.items()
            if before == path.ways[-1] and node not in path.nodes and way not in path.ways
        ]
    return list(dict.fromkeys(found))


def is_at_ends(ways: dict[int, Way], path: Said) -> bool:
    """Return whether the first way ends where the restriction begins and the last begins where it ends."""
    ends = [{ways[way].nodes[0], ways[way].nodes[-1]} for way in (path.ways[0], path.ways[-1])]
    return path.nodes[0] in ends[0] and path.nodes[-1] in ends[1]


def stretches_of(way: Way) -> Iterator[Stretch]:
    yield from pairwise(way.nodes)
    if way.tags.get("oneway") != "yes":
        yield from pairwise(way.nodes[::-1])


def spot(node: int) -> tuple[float, float]:
    """Return where a node is; a dead end lies north-east of its corner."""
    x, y = GRID[(node - 1) % 20 + 1]
    return (x + 60.0, y + 80.0) if node > 20 else (x, y)


def barred_chains(ways: dict[int, Way], said: Said) -> Iterator[Chain]:
    """Yield the chains of stretches that a restriction forbids."""
    out = {stretch: way for way, drawn in ways.items() for stretch in stretches_of(drawn)}
    into = [stretch for stretch in out if stretch[1] == said.nodes[0] and out[stretch] == said.ways[0]]
    onto = [stretch for stretch in out if stretch[0] == said.nodes[-1] and out[stretch] == said.ways[-1]]
    middle: Chain = ()
    for way, (start, end) in zip(said.ways[1:-1], pairwise(said.nodes), strict=True):
        nodes = ways[way].nodes
        one, two = nodes.index(start), nodes.index(end)
        middle += tuple(pairwise(nodes[one : two + 1] if one < two else nodes[two : one + 1][::-1]))
    if not all(stretch in out for stretch in middle):
        return
    meant = [(one, *middle, two) for one in into for two in onto]
    if not middle and len(meant) > 1:
        meant = [(one, two) for one, two in meant if fits(said.kind, one, two)] or meant
    if said.kind.startswith("no_"):
        yield from meant
        return
    for chain in meant:
        for place in range(2 if middle else 1, len(chain)):
            goals = {other[place] for other in meant if other[:place] == chain[:place]}
            yield from ((*chain[:place], other) for other in out if other[0] == chain[place][0] and other not in goals)


def fits(kind: str, one: Stretch, two: Stretch) -> bool:
    """Return whether a turn is what a restriction's name says."""
    (ax, ay), (bx, by) = (np.subtract(spot(head), spot(tail)) for tail, head in (one, two))
    side, ahead = ax * by - ay * bx, ax * bx + ay * by
    return {"left": side > 0, "right": side < 0, "straight": ahead >= 0, "u": ahead < 0}[kind.split("_")[1]]


def line_graph(stretches: set[Stretch], chains: set[Chain], rounds: set[Stretch]) -> nx.DiGraph:
    """Return the plain graph of states: as many of the last stretches as begin a forbidden chain, the last at least.

    A car turns round after some stretches, and where nothing else leads on.
    """
    heads = {chain[:place] for chain in chains for place in range(2, len(chain))}
    graph, to_do = nx.DiGraph(), [(stretch,) for stretch in stretches]
    graph.add_nodes_from(to_do)
    while to_do:
        state = to_do.pop()
        *_, (before, here) = state
        onward = {other for other in stretches if other[0] == here}
        may_turn = onward == {(here, before)} or (before, here) in rounds
        for stretch in onward:
            longer = (*state, stretch)
            is_round = stretch == (here, before)
            if (is_round and not may_turn) or any(longer[place:] in chains for place in range(len(longer))):
                continue
            after = next(
                longer[place:] for place in range(len(longer)) if longer[place:] in heads or place == len(state)
            )
            to_do += [] if after in graph else [after]
            graph.add_edge(state, after, seconds=seconds_of(stretch) + U_TURN_S * is_round)
    return graph


def seconds_of(stretch: Stretch) -> float:
    return math.dist(*map(spot, stretch)) * 3.6 / KMH


@settings(max_examples=300)
@given(restricted_maps())
def test_quickest_ways_keep_restrictions_as_on_a_plain_graph_of_stretches(
    tmp_path_factory: pytest.TempPathFactory, drawn: tuple[dict[int, Way], list[Said], bool]
):
    ways, restrictions, has_stubs = drawn
    stretches = {stretch for way in ways.values() for stretch in stretches_of(way)}
    assume(stretches)
    places = {node: spot(node) for stretch in stretches for node in stretch}
    text = osm_xml(places, ways.values(), more="".join(said.xml(number) for number, said in enumerate(restrictions, 1)))
    path = tmp_path_factory.mktemp("osm") / "map.osm"
    path.write_text(text)
    costs = TurnCosts(
        right_s=0, left_s=0, u_turn_s=U_TURN_S, u_turn_deg=180, u_turns_at_junctions=has_stubs
    )  # fmt: skip
    chains = {chain for said in restrictions for chain in barred_chains(ways, said)}
    junctions = {node for node, streets in nx.Graph(stretches).degree if streets >= MEETING and has_stubs}
    rounds = {stretch for stretch in stretches if stretch[1] in junctions}
    parts = list(nx.strongly_connected_components(line_graph(stretches, chains, rounds)))
    is_whole = any({state[-1] for state in part} == stretches for part in parts if len(part) > 1)
    try:
        network = RoadNetwork.from_file(path, turns=costs, speeds=SpeedTable({}, {}, KMH, KMH))
    except MapError:
        assert not is_whole
        return
    assert not (is_whole and network.dropped)
    along = [tuple(stretches_along(network, arc, places)) for arc in range(network.arc_count)]
    left = {stretch for arc in along for stretch in arc}
    if not is_whole:  # then cars turn round where what leads on leads nowhere; tests of what is kept say where
        rounds |= {along[arc][-1] for arc in range(network.arc_count) if may_turn_round(network, arc)}
    graph = line_graph(left, chains, rounds)
    known = network.node_id.tolist()
    index = [network.node_index[node] for node in known]
    table = TravelTimes(network).matrix(index, index)
    for row, start in enumerate(known):
        least = quickest(graph, start)
        for column, goal in enumerate(known):
            assert abs(int(table[row, column]) - least.get(goal, INFINITE_S)) <= ROUNDED_S, (start, goal)


def quickest(graph: nx.DiGraph, start: int) -> dict[int, float]:
    """Return the seconds to each node for a crew that may leave the first by any street."""
    least = {start: 0.0}
    for source in [state for state in graph if len(state) == 1 and state[0][0] == start]:
        for state, seconds in nx.single_source_dijkstra_path_length(graph, source, weight="seconds").items():
            goal = state[-1][1]
            least[goal] = min(seconds + seconds_of(source[0]), least.get(goal, math.inf))
    return least


def may_turn_round(network: RoadNetwork, arc: int) -> bool:
    back = int(network.reverse[arc])
    return back >= 0 and network.turns is not None and network.turns.of(arc, back) != FORBIDDEN


def stretches_along(network: RoadNetwork, arc: int, places: dict[int, tuple[float, float]]) -> Iterator[Stretch]:
    """Yield the stretches that an arc runs along."""
    points = slice(int(network.shape_start[arc]), int(network.shape_start[arc + 1]))
    line = zip(network.shape_lon[points].tolist(), network.shape_lat[points].tolist(), strict=True)
    near = {node: lonlat(*place) for node, place in places.items()}
    yield from pairwise(min(near, key=lambda node: math.dist(near[node], point)) for point in line)
