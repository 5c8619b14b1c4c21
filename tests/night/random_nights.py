"""Random nights for property tests: every entry of the model, usual and rare values, texts that sheets take amiss."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from patrolroute.base.text import can_be_held
from patrolroute.base.vocabulary import DATUMS, GOALS, LANGS, MAX_SEED, MODES, POLICE_ACCESS
from patrolroute.network.speeds import CLASSES
from patrolroute.night.model import Night

HOSTILE = (
    "=1+1", "+86", "-1", "007", "1", "1.50", "true", "是", "合计", "注：x", "a、b", "a,b", "a;b", "[1]", "{}",
    '{"a": 1}', "null", "#N/A", "_x0041_", "x005F_", "2026-05-08", "20:30", "巡区1", "巡区", "示意图", "市局",
    "北京 路", "\u3000x", "１",
)  # fmt: skip
"""Texts that a sheet, a reader of numbers or of JSON might take for something else."""

letters = st.characters(exclude_categories=["Cs"]).filter(can_be_held)
texts = st.one_of(
    st.sampled_from(["龙湖路", "学院路", "夜市", "bureau", "P"]),
    st.sampled_from(HOSTILE),
    st.text(letters, min_size=1, max_size=8),
).filter(lambda text: bool(text.strip()))
names = st.lists(texts, max_size=3)
degrees = st.one_of(st.floats(-180, 180, allow_nan=False), st.integers(-180, 180))
small = st.one_of(st.integers(1, 900), st.floats(0.001, 900, allow_nan=False))
hours = st.builds(
    lambda first, last: f"{first // 60:02}:{first % 60:02}-{last // 60:02}:{last % 60:02}",
    st.integers(0, 1439),
    st.integers(0, 1439),
)
clocks = st.builds(lambda minute: f"{minute // 60:02}:{minute % 60:02}", st.integers(0, 1439))
crs = st.sampled_from(DATUMS)
modes = st.sampled_from(MODES)
hour_lists = st.lists(hours, max_size=2)


def some(**entries: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return a table that has any of some entries."""
    return st.fixed_dictionaries({}, optional=entries)


points = st.tuples(degrees, degrees).map(list)
rings = st.lists(points, min_size=3, max_size=5).map(lambda ring: [*ring, ring[0]])
polygons = st.builds(lambda ring: {"type": "Polygon", "coordinates": [ring]}, rings)
lines = st.builds(lambda line: {"type": "LineString", "coordinates": line}, st.lists(points, min_size=2, max_size=4))
properties = st.one_of(st.none(), st.builds(dict), st.fixed_dictionaries({"name": texts}), some(name=texts, note=texts))


def drawn(geometry: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[Any]:
    """Return a drawing in each of its forms: bare, as a feature, as a collection, in a file."""
    features = st.builds(
        lambda shape, own: {"type": "Feature", "properties": own, "geometry": shape}, geometry, properties
    )
    collections = st.builds(lambda item: {"type": "FeatureCollection", "features": [item]}, features)
    return st.one_of(geometry, features, collections, st.sampled_from(["area.geojson", "folder/line.gpx", "巡区1"]))


values = st.one_of(
    texts, st.integers(-5, 10**17), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.none()
)
rows = st.one_of(
    some(name=texts, lon=degrees, lat=degrees, kind=texts, windows=texts, priority=st.integers(1, 5), required=values),
    some(name=texts, place=texts, kind=texts),
    st.dictionaries(
        st.sampled_from(["name", "名称", "lon", "纬度", "note", "extra", "mode", "id"]), values, max_size=4
    ),
)
places = st.one_of(
    st.fixed_dictionaries({"data": st.lists(rows, max_size=4)}),
    st.fixed_dictionaries({"data": st.builds(lambda at: {"type": "Point", "coordinates": at}, points)}),
    st.fixed_dictionaries({"file": st.sampled_from(["hotspots.csv", "x/y.geojson"])}),
)
requests = some(
    mode=modes, required=st.booleans(), visits=st.integers(1, 48), headway_min=small, load=st.integers(0, 9)
)
streets = st.builds(
    lambda asked, own, more: asked | own | more,
    requests,
    st.one_of(
        st.fixed_dictionaries({"names": names}),
        st.fixed_dictionaries({"classes": names}),
        st.fixed_dictionaries({"within": drawn(polygons)}),
        st.fixed_dictionaries({"along": drawn(lines), "names": names}),
    ),
    some(priority=st.integers(1, 5), crs=crs, max_gap_min=small, both_carriageways=st.booleans()),
)
staff = some(officers=names, plate=texts, call_sign=texts, phone=texts)
crews = st.builds(
    lambda own, named, depot: own | named | {"depot": depot},
    some(
        start=clocks, end=clocks, end_depot=texts, mode=modes, speed_factor=st.floats(0.1, 3), kinds=names,
        area=drawn(polygons), reserved=names, forbidden=names, capacity=st.integers(0, 10**6),
        range_km=st.floats(0.5, 2000), staff=staff,
        **{"break": st.builds(lambda minutes, own: {"minutes": minutes} | own, small, some(windows=hour_lists))},
    ),
    st.one_of(
        st.fixed_dictionaries({"id": texts}),
        some(count=st.integers(1, 500), prefix=texts),
    ),
    texts,
)  # fmt: skip
depots = st.one_of(
    st.lists(
        st.builds(
            lambda own, name: own | name,
            st.one_of(
                st.fixed_dictionaries({"id": texts, "lon": degrees, "lat": degrees}),
                st.fixed_dictionaries({"id": texts, "place": texts}),
            ),
            some(name=st.one_of(texts, st.just(""), st.just("  "))),
        ),
        max_size=4,
    ),
    st.builds(lambda at, own: {"type": "Feature", "properties": own, "geometry": {"type": "Point", "coordinates": at}},
              points, properties),
    st.just("depots.csv"),
)  # fmt: skip
drawn_streets = some(names=names, lines=drawn(lines), polygons=drawn(polygons), crs=crs)
closures = st.builds(
    lambda own, when: own | (when if any(own.get(name) for name in ("names", "lines", "polygons")) else {}),
    drawn_streets,
    some(hours=hour_lists),
)
slow = st.builds(
    lambda own, when, factor: {"names": ["x"]} | own | when | {"factor": factor},
    drawn_streets.filter(lambda own: own.get("names", ["x"]) != []),
    some(hours=hour_lists),
    st.floats(0.1, 1),
)
classes = st.dictionaries(st.sampled_from(CLASSES), st.floats(1, 150), max_size=2)
speeds = some(
    travel_kmh=classes,
    patrol_kmh=classes,
    parts=st.lists(
        st.builds(
            lambda when, own: {"hours": when} | own, st.lists(hours, min_size=1, max_size=2), some(travel_kmh=classes)
        ),
        max_size=2,
    ),
)
turns = st.one_of(
    st.just({"free": True}),
    some(straight_s=st.integers(0, 60), left_s=st.integers(0, 60), u_turns_at_junctions=st.booleans()),
)
maps = st.one_of(
    st.sampled_from([{"source": "bundled"}, {"source": "osm"}, {"file": "town.osm.pbf"}]),
    st.fixed_dictionaries({"places": names}),
    st.fixed_dictionaries({"file": st.just("town.osm"), "area": drawn(polygons)}),
)

tables = st.fixed_dictionaries(
    {
        "date": st.dates(dt.date(1971, 1, 1), dt.date(9000, 1, 1)).map(str),
        "map": maps,
        "shift": st.fixed_dictionaries({"start": clocks, "end": clocks}),
        "depots": depots,
        "crews": st.lists(crews, min_size=1, max_size=4),
    },
    optional={
        "schema_version": st.sampled_from(["1.0", "1.7"]),
        "name": texts,
        "timezone": texts,
        "lang": st.sampled_from(LANGS),
        "crs": crs,
        "out_crs": crs,
        "speeds": speeds,
        "turns": turns,
        "police_access": st.lists(st.sampled_from(POLICE_ACCESS), max_size=2),
        "streets": st.lists(streets, max_size=4),
        "incidents": st.lists(st.builds(lambda own, asked: own | asked, places, requests), max_size=2),
        "hotspots": st.lists(st.builds(lambda own, more: own | more, places, some(crs=crs, mode=modes)), max_size=3),
        "key_hours": st.lists(
            st.builds(
                lambda when, weight, own: {"hours": when, "weight": weight} | own,
                st.lists(hours, min_size=1, max_size=2),
                st.floats(0.01, 10),
                some(names=names, kinds=names),
            ),
            max_size=2,
        ),
        "near_home": some(metres=st.integers(0, 20_000), weight=st.floats(0, 1), leave_areas=st.booleans()),
        "closures": st.lists(closures, max_size=3),
        "slow": st.lists(slow, max_size=2),
        "snap_m": st.floats(1, 1000),
        "decay": st.floats(0.1, 1),
        "solve": some(
            time_limit_s=small,
            work_limit=st.integers(1, 10**6),
            no_improvement=st.integers(1, 10**6),
            seed=st.one_of(st.integers(0, 9), st.just(MAX_SEED)),
            goal=st.sampled_from(GOALS),
        ),
    },
)

nights = tables.map(Night.model_validate)
"""Nights that keep their form; whether a map has what they ask for is another matter."""
