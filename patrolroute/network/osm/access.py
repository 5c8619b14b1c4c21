"""Who may use a way or pass a node, in which direction: OSM's access tags read once for car, foot and bicycle.

The tables follow the OSM wiki (Key:access, OSM tags for routing/Access restrictions, Key:barrier, Key:oneway). A way is
a street only if its ``highway`` stands in `STREETS`. Then the tags of the vehicle decide, from the most special to the
most general: ``motorcar`` before ``motor_vehicle`` before ``vehicle`` before ``access``, each with ``:forward`` and
``:backward`` before the plain key. A value of several, ``agricultural;forestry``, opens a way if one of them does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType

from patrolroute.base.vocabulary import Mode, PoliceAccess

KEYS: Mapping[Mode, tuple[str, ...]] = MappingProxyType(
    {
        "car": ("motorcar", "motor_vehicle", "vehicle", "access"),
        "foot": ("foot", "access"),
        "bicycle": ("bicycle", "vehicle", "access"),
    }
)
"""Keys that speak of a vehicle, the most special first."""

OWN_KEYS: Mapping[Mode, tuple[str, ...]] = MappingProxyType(
    {"car": ("motorcar", "motor_vehicle"), "foot": ("foot",), "bicycle": ("bicycle",)}
)
"""Keys that open what is closed to a vehicle by its class alone; ``access=yes`` on steps makes them no cycle path."""

KEYS_OF_NODES = ("barrier", *sorted({key for keys in KEYS.values() for key in keys}))
"""Keys of a node that may stop somebody."""

OPEN = frozenset({"yes", "designated", "permissive", "official", "destination", "customers", "permit", "1", "true"})
"""Values that let a patrol in. A street for ``destination`` alone is what a patrol comes for."""

CLOSED = frozenset(
    {
        "no", "private", "agricultural", "forestry", "delivery", "emergency", "military", "restricted", "psv", "bus",
        "taxi", "hov", "hgv", "goods", "residents", "use_sidepath", "dismount", "discouraged", "0", "false",
    }
)  # fmt: skip
"""Values that keep a patrol out. Any other value, ``unknown`` among them, says nothing: the next key decides."""

BUS = frozenset({"psv", "bus", "taxi"})
"""Values that keep all but buses out; keys of the same names open a way to them."""

_ROADS = (
    "trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link", "tertiary", "tertiary_link",
    "unclassified", "residential", "living_street", "road",
)  # fmt: skip

STREETS: Mapping[Mode, frozenset[str]] = MappingProxyType(
    {
        "car": frozenset({"motorway", "motorway_link", *_ROADS}),
        "foot": frozenset(
            {*_ROADS, "service", "track", "path", "footway", "pedestrian", "steps", "corridor", "elevator", "bridleway"}
        ),
        "bicycle": frozenset({*_ROADS, "service", "track", "path", "cycleway"}),
    }
)
"""Values of ``highway`` that a vehicle may use unless tags say otherwise. Whatever is not listed is no street: what is
under construction, planned or gone, bays, stops, crossings, slips of the pen."""

BY_TAG: Mapping[Mode, frozenset[str]] = MappingProxyType(
    {
        "car": frozenset({"pedestrian", "track", "busway", "cycleway", "footway", "path", "bridleway"}),
        "foot": frozenset({"cycleway", "busway", "motorway", "motorway_link"}),
        "bicycle": frozenset({"footway", "pedestrian", "bridleway", "busway", "motorway", "motorway_link"}),
    }
)
"""Values of ``highway`` that a vehicle may use only where one of its own keys opens them. Steps are nothing for a
bicycle, whatever is said of a ramp beside them: nobody patrols carrying it."""

NO_CAR_STREETS = frozenset(
    {"alley", "driveway", "emergency_access", "parking", "parking_aisle", "private", "drive-through"}
)
"""Values of ``service`` that are no streets for a car, whatever their class."""

GATES = frozenset(
    {
        "no", "gate", "lift_gate", "swing_gate", "sliding_gate", "toll_booth", "border_control", "sally_port",
        "cattle_grid", "entrance", "height_restrictor", "bump_gate", "hampshire_gate", "checkpoint", "rope",
        "width_restrictor", "arch", "coupure",
    }
)  # fmt: skip
"""Values of ``barrier`` that everybody passes unless tags say otherwise."""

CYCLE_BARRIERS = frozenset(
    {"bollard", "block", "cycle_barrier", "motorcycle_barrier", "bus_trap", "sump_buster", "kerb", "planter"}
)
"""Values of ``barrier`` that a bicycle passes besides. Whatever is not listed stops a car and a bicycle."""

WALLS = frozenset({"wall", "fence", "hedge", "ditch", "retaining_wall", "city_wall", "guard_rail", "handrail"})
"""Values of ``barrier`` that stop those on foot; they pass all others."""

OPENED = frozenset({"rising"})
"""Values of ``bollard`` that go down for a car with leave to pass."""

ONE_WAY = frozenset({"yes", "true", "1"})
BACKWARDS = frozenset({"-1", "reverse"})
BOTH_WAYS = frozenset({"no", "false", "0", "alternating"})
"""Values of ``oneway``. ``reversible`` streets change direction in the course of a day; no map tells which is open."""

ROUNDABOUTS = frozenset({"roundabout", "circular"})
"""Values of ``junction`` that are one-way unless told otherwise."""

ONE_WAY_KEYS: Mapping[Mode, tuple[str, ...]] = MappingProxyType(
    {
        "car": ("oneway:motorcar", "oneway:motor_vehicle", "oneway:vehicle", "oneway"),
        "foot": ("oneway:foot",),
        "bicycle": ("oneway:bicycle", "oneway:vehicle", "oneway"),
    }
)
"""Keys that say of a vehicle whether a way is one-way, the most special first. On foot ``oneway`` says nothing."""

CYCLEWAYS = ("cycleway", "cycleway:left", "cycleway:right", "cycleway:both")
CONTRAFLOW = frozenset({"opposite", "opposite_lane", "opposite_track", "opposite_share_busway"})
"""Values of a cycleway by which bicycles ride against a one-way street."""


@dataclass(frozen=True, slots=True)
class Access:
    """Whether a vehicle may use a way along its nodes, and against them."""

    forward: bool
    backward: bool

    def __and__(self, other: Access) -> Access:
        """Return what both let a vehicle do."""
        return Access(self.forward and other.forward, self.backward and other.backward)

    def __bool__(self) -> bool:
        """Whether the way may be used at all."""
        return self.forward or self.backward


NOBODY, BOTH = Access(forward=False, backward=False), Access(forward=True, backward=True)


def way_access(tags: Mapping[str, str], mode: Mode, police: Collection[PoliceAccess] = ()) -> Access:
    """Return in which directions a vehicle may use a way.

    Parameters
    ----------
    tags
        Of the way.
    mode
        ``car``, ``foot`` or ``bicycle``.
    police
        What the police may use besides: ``private``, ``bus``.

    Examples
    --------
    >>> way_access({"highway": "residential", "oneway": "yes"}, "car")
    Access(forward=True, backward=False)
    >>> bool(way_access({"highway": "residential", "motor_vehicle": "private"}, "car"))
    False
    >>> bool(way_access({"highway": "residential", "motor_vehicle": "private"}, "car", {"private"}))
    True
    """
    if _is_ruled_out(tags, mode, police):
        return NOBODY
    is_street = _is_street(tags, mode, police)
    if not is_street and tags.get("highway") not in BY_TAG[mode]:
        return NOBODY
    keys = KEYS[mode] if is_street else OWN_KEYS[mode]
    forward, backward = (_is_open(tags, keys, f":{way}", police, default=is_street) for way in ("forward", "backward"))
    runs_forward, runs_backward = _one_way(tags, mode)
    if forward and backward and runs_forward and runs_backward:
        return BOTH
    own = OWN_KEYS[mode]
    return Access(
        forward=forward and (runs_forward or _opens(tags, own, ":forward")),
        backward=backward and (runs_backward or _opens(tags, own, ":backward")),
    )


def is_passable(tags: Mapping[str, str], mode: Mode, police: Collection[PoliceAccess] = ()) -> bool:
    """Return whether a vehicle may pass a node; nobody drives over a bollard or a block, the police neither.

    Parameters
    ----------
    tags
        Of the node.
    mode
        ``car``, ``foot`` or ``bicycle``.
    police
        What the police may use besides: ``private``, ``bus``.

    Examples
    --------
    >>> is_passable({"barrier": "gate"}, "car"), is_passable({"barrier": "bollard"}, "car")
    (True, False)
    >>> is_passable({"barrier": "bollard"}, "foot"), is_passable({"barrier": "bollard", "motor_vehicle": "yes"}, "car")
    (True, True)
    """
    barrier = tags.get("barrier")
    if barrier is None and "highway" in tags:
        return True  # the access of a crossing or a stop speaks of those who cross or wait there
    if barrier is None or barrier in GATES:
        passes = True
    elif mode == "foot":
        passes = barrier not in WALLS
    else:
        passes = (mode == "bicycle" and barrier in CYCLE_BARRIERS) or tags.get("bollard") in OPENED
    return _is_open(tags, KEYS[mode], "", police, default=passes)


def overpass_filters(mode: Mode, police: Collection[PoliceAccess] = ()) -> tuple[str, ...]:
    """Return conditions in Overpass' language of which every way that a vehicle may use meets one."""
    classes = STREETS[mode] | ({"busway"} if "bus" in police else set())
    named, by_tag = ("|".join(sorted(values)) for values in (classes, BY_TAG[mode]))
    filters = [f'["highway"~"^({named})$"]']
    keys = "|".join(OWN_KEYS[mode])
    filters.append(f'["highway"~"^({by_tag})$"][~"^({keys})(:forward|:backward)?(:conditional)?$"~"."]')
    if "bus" in police:
        filters.append('["highway"="service"]["service"="busway"]')
    return tuple(filters)


def may_be_open(tags: Mapping[str, str], mode: Mode, police: Collection[PoliceAccess] = ()) -> bool:
    """Return whether a way meets one of `overpass_filters`: a quick look, before its nodes are read.

    Examples
    --------
    >>> may_be_open({"highway": "residential", "access": "no"}, "car"), may_be_open({"highway": "steps"}, "car")
    (True, False)
    >>> [may_be_open({"highway": "track"} | own, "car") for own in ({}, {"motor_vehicle:conditional": "yes @ (Mo-Fr)"})]
    [False, True]
    """
    highway = tags.get("highway")
    if highway in STREETS[mode]:
        return True
    if "bus" in police and (highway == "busway" or tags.get("service") == "busway"):
        return True
    return highway in BY_TAG[mode] and any(key.split(":", 1)[0] in OWN_KEYS[mode] for key in tags)


def about_access(keys: Iterable[str], mode: Mode) -> list[str]:
    """Return those of some conditional keys that say where a vehicle may drive or turn.

    Examples
    --------
    >>> about_access(["bicycle:conditional", "motor_vehicle:forward:conditional", "maxspeed:conditional"], "car")
    ['motor_vehicle:forward:conditional']
    """
    says_who = {"restriction", "oneway", *KEYS[mode]}
    return [key for key in keys if key.split(":")[0] in says_who]


def _is_ruled_out(tags: Mapping[str, str], mode: Mode, police: Collection[PoliceAccess]) -> bool:
    """Return whether a way is none for a vehicle, whatever its access tags say."""
    if "barrier" in tags and not is_passable({"barrier": tags["barrier"]}, mode, police):
        return True
    if mode != "foot" and (tags.get("area") == "yes" or "impassable" in (tags.get("smoothness"), tags.get("status"))):
        return True
    return mode == "car" and tags.get("service") in NO_CAR_STREETS


def _is_street(tags: Mapping[str, str], mode: Mode, police: Collection[PoliceAccess]) -> bool:
    """Return whether a way is a street of a vehicle unless access tags say otherwise."""
    highway = tags.get("highway", "")
    if mode != "car" and tags.get("motorroad") == "yes" and not _opens(tags, OWN_KEYS[mode], ""):
        return False
    if highway in STREETS[mode]:
        return True
    is_busway = highway == "busway" or (highway == "service" and tags.get("service") == "busway")
    return mode == "car" and is_busway and "bus" in police


def _is_open(
    tags: Mapping[str, str],
    keys: tuple[str, ...],
    direction: str,
    police: Collection[PoliceAccess],
    *,
    default: bool,
) -> bool:
    """Return what the most special key says that says anything, else the default."""
    for tag in _in_order(keys, direction):
        value = tags.get(tag)
        if value is None:
            continue
        verdict = _verdict(value)
        if verdict is not None:
            return verdict or _police_may(tags, value, police)
    return default


@cache
def _in_order(keys: tuple[str, ...], direction: str) -> tuple[str, ...]:
    """Return the keys that speak of a direction, the most special first."""
    return tuple(tag for key in keys for tag in ((f"{key}{direction}", key) if direction else (key,)))


@lru_cache(maxsize=4096)
def _verdict(value: str) -> bool | None:
    """Return whether a value opens a way, None if it says nothing."""
    parts = {part.strip() for part in value.lower().split(";")}
    if parts & OPEN:
        return True
    return False if parts & CLOSED else None


def _police_may(tags: Mapping[str, str], value: str, police: Collection[PoliceAccess]) -> bool:
    """Return whether the police may use what a value closes to others."""
    parts = {part.strip() for part in value.lower().split(";")}
    if "private" in police and "private" in parts:
        return True
    is_for_buses = bool(parts & BUS) or ("no" in parts and any(_verdict(tags.get(key, "")) for key in BUS))
    return "bus" in police and is_for_buses


def _opens(tags: Mapping[str, str], keys: Collection[str], direction: str) -> bool:
    """Return whether one of a vehicle's own keys opens a way, in a direction if one is given."""
    return any(_verdict(tags[f"{key}{direction}"]) is True for key in keys if f"{key}{direction}" in tags)


def _one_way(tags: Mapping[str, str], mode: Mode) -> tuple[bool, bool]:
    """Return whether a way runs along its nodes and against them, by what its tags say of one-way traffic."""
    for key in ONE_WAY_KEYS[mode]:
        value = tags.get(key)
        if value in ONE_WAY:
            return True, mode == "bicycle" and key == "oneway" and _rides_against(tags)
        if value in BACKWARDS:
            return mode == "bicycle" and key == "oneway" and _rides_against(tags, is_turned=True), True
        if value in BOTH_WAYS:
            return True, True
        if value == "reversible":
            return False, False
    if mode == "foot":
        return True, True
    implied = tags.get("junction") in ROUNDABOUTS or tags.get("highway") == "motorway"
    return True, not implied or (mode == "bicycle" and _rides_against(tags))


def _rides_against(tags: Mapping[str, str], *, is_turned: bool = False) -> bool:
    """Return whether a cycleway leads against the traffic of a one-way street.

    Where the traffic runs against the nodes (``is_turned``), its left is the right of the way, and ``yes`` its against.
    """
    if any(tags.get(key) in CONTRAFLOW for key in CYCLEWAYS):
        return True
    left, against = ("cycleway:right", ("no", "yes")) if is_turned else ("cycleway:left", ("no", "-1"))
    along = "-1" if is_turned else "yes"
    if tags.get(left) == "track" and tags.get(f"{left}:oneway") != along:
        return True  # where one drives on the right, a track on the left of the traffic leads the other way
    lanes = [key for key in CYCLEWAYS[1:] if tags.get(key) not in (None, "no", "none", "separate")]
    return any(tags.get(f"{key}:oneway") in against for key in lanes) or tags.get("cycleway:oneway") in against
