"""Nights drawn at random on a real map, as a planner's file describes them: small ones, with all that a night may hold.

A night is a dictionary for `patrolroute.night.run.night_from` and files in a folder beside it. The map is a part cut
out of an extract, now and then the whole, now and then with odd names on its streets. A night may well ask for what
cannot be: then it is refused, and another one is drawn.
"""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from shapely import box
from shapely.geometry import mapping

from patrolroute.base.errors import InputError
from patrolroute.base.vocabulary import DATUMS, GOALS, LANGS, Mode
from patrolroute.network.graph import to_graphml_bytes
from patrolroute.network.places import METRES_A_DEGREE
from patrolroute.network.road import RoadNetwork
from patrolroute.night.roads import Tonight
from patrolroute.night.run import NightRun, night_from
from patrolroute.problem.model import PatrolProblem

MOST_DRAWN = 50
"""So many nights in a row that are refused are no accident."""

ODD_NAMES = (
    "东门夜市", "𠮷野家烧烤", "“老王”的摊", "it's 5\" \\ wide", "<b>R&D</b>", "=SUM(A1:A9)", "@home", "x" * 300,
    "路" * 120, "a;b,c|d、e", "two\nlines", "车组🚓", "\u202eesrever", "CON", "../up", "null", "1e9", "2026-05-08",
    "Ünter-Straße", "Улица", "شارع", "{{7*7}}", "%s%n", "]]>", ".", "A\u00a0B",
)  # fmt: skip
KINDS = ("night_market", "barbecue", "marketplace", "")

SHIFTS = ((1230, 25), (1230, 90), (1230, 195), (1410, 120), (90, 150), (1200, 400))
"""Minute of the day at which one starts, and how many minutes it lasts; clocks are put back in one of them."""

MODES: tuple[tuple[Mode, ...], ...] = (
    ("car",), ("car",), ("car",), ("foot",), ("bicycle",), ("car", "foot"), ("bicycle", "car"),
)  # fmt: skip
"""The modes of a night's crews."""

Facts = dict[str, Any]


class Dice(random.Random):
    """Random numbers that can say yes or no."""

    def says(self, share: float) -> bool:
        """Return True in so large a share of the times."""
        return self.random() < share

    def some(self, things: Sequence[Any], most: int) -> list[Any]:
        """Return from one to ``most`` different things, of none none."""
        return self.sample(list(things), min(len(things), self.randint(1, most)))


@dataclass(frozen=True, slots=True)
class DrawnNight:
    """A night, its problem, and how many were refused before it."""

    map_name: str
    data: Facts
    run: NightRun
    problem: PatrolProblem
    refused: int


@lru_cache(maxsize=8)
def whole_map(path: Path) -> RoadNetwork:
    """Read a whole map once."""
    return RoadNetwork.from_file(path)


def drawn_night(seed: int, maps: Sequence[Path], folder: Path) -> DrawnNight:
    """Draw a night that can be planned, and write the files that it names into a folder.

    Parameters
    ----------
    seed
        The same seed and maps give the same night.
    maps
        OSM files or GraphML, one of which is taken.
    folder
        Where the night's files go.
    """
    dice = Dice(seed)
    for refused in range(MOST_DRAWN):
        path = dice.choice(list(maps))
        try:
            data = _Drawing(dice, folder, path, LANGS[seed % len(LANGS)]).night()
            run = NightRun.trusting(night_from(data, files="anywhere"), folder)
            return DrawnNight(path.name.split(".")[0], data, run, run.problem(), refused)
        except InputError as error:
            told = error.complaints
            assert all(told), "a refusal says why"
    raise AssertionError(f"{MOST_DRAWN} nights in a row are refused, the last one: {'; '.join(told)}")


class _Drawing:
    """Draws one night; parts that come later look at those that are there."""

    def __init__(self, dice: Dice, folder: Path, path: Path, lang: str) -> None:
        self.dice, self.folder, self.path = dice, folder, path
        self.start, self.minutes = dice.choice(SHIFTS)
        limits = {"work_limit": dice.choice([1, 2, 20, 20, 100]), "seed": dice.randrange(2**63)}
        self.data: Facts = {
            "name": dice.choice([*ODD_NAMES, "夜间巡逻"]),
            "date": dice.choice(["2026-05-08", "2026-12-31", "2026-10-25"]),
            "timezone": dice.choice(["Asia/Shanghai", "Asia/Shanghai", "Europe/Berlin"]),
            "lang": lang,
            "out_crs": dice.choice(DATUMS),
            "shift": {"start": self.clock(0), "end": self.clock(self.minutes)},
            "map": self._map(),
            "solve": limits | {"goal": dice.choice(GOALS)},
        }
        self.modes = dice.choice(MODES)
        self.maps = self._maps()
        self.names = {mode: sorted(set(network.names) - {""}) for mode, network in self.maps.items()}

    def clock(self, minute: int) -> str:
        """Return the clock time so many minutes after the usual start."""
        hour, left = divmod((self.start + minute) % 1440, 60)
        return f"{hour:02d}:{left:02d}"

    def hours(self) -> str:
        """Return hours of which some lie within the shift."""
        opens = self.dice.randint(-40, self.minutes - 10)
        return f"{self.clock(opens)}-{self.clock(self.dice.randint(max(opens, 0) + 5, self.minutes + 60))}"

    def several_hours(self) -> list[str]:
        """Return one or two times hours."""
        return [self.hours() for _ in range(self.dice.choice([1, 1, 2]))]

    def night(self) -> Facts:
        """Return the night; what is reserved, closed or weighs more has to be asked for before."""
        dice, data = self.dice, self.data
        data["streets"] = [self._streets(self.modes[0])]
        data["streets"] += [self._streets(dice.choice(self.modes)) for _ in range(dice.choice([0, 0, 1, 2]))]
        spots = {mode: self._hotspots(mode) for mode in self.modes if dice.says(0.5)}
        data["hotspots"] = [{"file": f"hotspots-{mode}.csv", "mode": mode} for mode in spots]
        data["incidents"] = [self._incidents(mode) for mode in self.modes if dice.says(0.1)]
        asked = [name for one in data["streets"] for name in one.get("names", ())]
        known = [*asked, *(name for names in spots.values() for name in names)]
        data["depots"] = [self._depot(mode, name) for mode in self.modes for name in ("a", "b")]
        data["crews"] = [self._crews(mode, number, known) for number, mode in enumerate(self._groups())]
        if dice.says(0.3):
            data["key_hours"] = [self._key_hours(known) for _ in range(dice.choice([1, 2]))]
        named = bool(self.names[self.modes[0]])
        if named and dice.says(0.25):
            data["closures"] = [self._drawn()]
        if named and dice.says(0.15):
            data["slow"] = [self._drawn() | {"factor": dice.choice([0.2, 0.6, 1])}]
        if dice.says(0.2):
            turning = [{"free": True}, {"left_s": 40, "u_turn_s": 90}, {"u_turns_at_junctions": False}]
            data["turns"] = dice.choice(turning)
        if dice.says(0.1):
            data["police_access"] = ["private", "bus"]
        if dice.says(0.1):
            data["decay"] = dice.choice([0.1, 1])
        return data

    # The map

    def _map(self) -> Facts:
        """Choose the whole map, or write the corners of a part of it."""
        if self.path.suffix == ".graphml" or self.dice.says(0.08):
            return {"file": str(self.path)}
        network = whole_map(self.path)
        lon, lat = network.node_lonlat(self.dice.randrange(network.node_count))
        self._box("map.geojson", lon, lat, self.dice.choice([250, 500, 900, 1500]))
        return {"file": str(self.path), "area": "map.geojson"}

    def _maps(self) -> dict[Mode, RoadNetwork]:
        """Read the map of each mode; of a night of cars alone it may be GraphML with odd names."""
        bare = self.data | {"depots": [], "crews": [{"depot": "none", "mode": mode} for mode in self.modes]}
        tonight = Tonight(night_from(bare, files="anywhere"), self.folder)
        maps = {mode: tonight.street_map(mode) for mode in self.modes}
        if self.modes == ("car",) and self.dice.says(0.2):
            odd = {name: self.dice.choice(ODD_NAMES) for name in sorted(set(maps["car"].names)) if self.dice.says(0.5)}
            renamed = replace(maps["car"], names=tuple(odd.get(name, name) for name in maps["car"].names))
            (self.folder / "map.graphml").write_bytes(to_graphml_bytes(renamed))
            self.data["map"] = {"file": "map.graphml"}
            maps = {"car": RoadNetwork.from_file(self.folder / "map.graphml")}
        return maps

    def _place(self, mode: Mode) -> tuple[float, float]:
        network = self.maps[mode]
        return network.node_lonlat(self.dice.randrange(network.node_count))

    def _box(self, file: str, lon: float, lat: float, half_m: float) -> None:
        """Write a square around a place."""
        wide = half_m / METRES_A_DEGREE
        square = mapping(box(lon - wide, lat - wide, lon + wide, lat + wide))
        shape = {"type": "Feature", "properties": {}, "geometry": square}
        drawing = {"type": "FeatureCollection", "features": [shape]}
        (self.folder / file).write_text(json.dumps(drawing), encoding="utf-8")

    # What is asked for

    def _wishes(self) -> Facts:
        dice = self.dice
        wishes = {"required": dice.says(0.3), "visits": dice.choice([1, 1, 2, 3]), "load": dice.choice([0, 0, 1, 3])}
        return wishes | ({"headway_min": dice.choice([0, 5, 15])} if dice.says(0.4) else {})

    def _streets(self, mode: Mode) -> Facts:
        dice, wishes = self.dice, self._wishes() | {"mode": mode, "priority": self.dice.randint(1, 5)}
        if dice.says(0.25):
            wishes["max_gap_min"] = dice.choice([0.5, 20, 45.5])
        if dice.says(0.2):
            wishes["both_carriageways"] = True
        if not self.names[mode] or dice.says(0.1):
            classes = sorted(set(self.maps[mode].highways))
            return wishes | {"classes": [dice.choice(classes)]}
        return wishes | {"names": dice.some(self.names[mode], dice.choice([1, 1, 4]))}

    def _hotspots(self, mode: Mode) -> list[str]:
        """Write a table of hotspots, and return their ids."""
        dice, rows = self.dice, []
        for number in range(dice.randint(1, 4)):
            lon, lat = self._place(mode)
            row = self._wishes() | {"id": f"{mode} {number}", "name": dice.choice(ODD_NAMES), "lon": lon, "lat": lat}
            rows.append(row)
            row |= {"kind": dice.choice(KINDS), "dwell_min": dice.choice([0.5, 5, 12]), "priority": dice.randint(1, 5)}
            row |= {"required": "yes" if row["required"] else "no", "visits": dice.choice([1, 1, 1, 2])}
            if dice.says(0.6):
                row["windows"] = ";".join(self.several_hours())
        self._table(f"hotspots-{mode}.csv", rows)
        return [row["id"] for row in rows]

    def _incidents(self, mode: Mode) -> Facts:
        places = [self._place(mode) for _ in range(self.dice.randint(1, 5))]
        self._table(f"incidents-{mode}.csv", [{"lon": lon, "lat": lat, "weight": 1} for lon, lat in places])
        return {"file": f"incidents-{mode}.csv", "mode": mode, "visits": self.dice.choice([1, 2])}

    def _table(self, file: str, rows: Sequence[Facts]) -> None:
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with (self.folder / file).open("w", encoding="utf-8", newline="") as open_file:
            table = csv.DictWriter(open_file, columns, restval="")
            table.writeheader()
            table.writerows(rows)

    # Who goes out

    def _depot(self, mode: Mode, name: str) -> Facts:
        lon, lat = self._place(mode)
        return {"id": f"{mode} {name}", "name": self.dice.choice(["", *ODD_NAMES[:8]]), "lon": lon, "lat": lat}

    def _groups(self) -> list[Mode]:
        """Return the mode of each group of crews."""
        return [*self.modes, *(self.dice.choice(self.modes) for _ in range(self.dice.choice([0, 0, 1])))]

    def _crews(self, mode: Mode, number: int, known: Sequence[str]) -> Facts:
        dice, group = self.dice, Facts({"depot": f"{mode} a", "mode": mode})
        if dice.says(0.4):
            group["id"] = dice.choice(ODD_NAMES) + str(number)
        else:
            prefix = dice.choice([*"ABC", *ODD_NAMES[:5]])
            group |= {"count": dice.choice([1, 2, 3]), "prefix": f"{prefix}{number}-"}
        if dice.says(0.2):
            late = self.minutes + dice.choice([-5, 45])
            group |= {"start": self.clock(dice.choice([-20, 10])), "end": self.clock(late)}
        if dice.says(0.3):
            group["end_depot"] = f"{mode} b"
        if dice.says(0.2):
            group["speed_factor"] = dice.choice([0.7, 1.3])
        return group | self._agreements(mode, number, known)

    def _agreements(self, mode: Mode, number: int, known: Sequence[str]) -> Facts:
        """Return what the crews of a group agree to."""
        dice, group = self.dice, Facts()
        if dice.says(0.15):
            group["kinds"] = dice.choice([["street"], ["hotspot"], ["street", "night_market"]])
        if dice.says(0.1):
            self._box(f"area-{number}.geojson", *self._place(mode), half_m=dice.choice([300, 2000]))
            group["area"] = f"area-{number}.geojson"
        if dice.says(0.25):
            group[dice.choice(["reserved", "forbidden"])] = dice.some(known, 2)
        if dice.says(0.25):
            group["capacity"] = dice.choice([0, 1, 5])
        if dice.says(0.25):
            group["range_km"] = dice.choice([0.5, 2, 15])
        if dice.says(0.25):
            windows = {"windows": self.several_hours()} if dice.says(0.6) else {}
            group["break"] = {"minutes": dice.choice([0.5, 10, 20])} | windows
        return group

    # Hours and closures

    def _key_hours(self, known: Sequence[str]) -> Facts:
        dice, entry = self.dice, Facts(hours=self.several_hours(), weight=self.dice.choice([0.01, 2, 3.5, 10]))
        which = dice.choice(["all", "names", "kinds"])
        if which == "names" and known:
            entry["names"] = dice.some(known, 2)
        if which == "kinds":
            entry["kinds"] = dice.choice([["street"], ["night_market", "street"]])
        return entry

    def _drawn(self) -> Facts:
        """Return a street of the map, now and then for some hours."""
        hours = {"hours": [self.hours()]} if self.dice.says(0.4) else {}
        return {"names": self.dice.some(self.names[self.modes[0]], 2), **hours}
