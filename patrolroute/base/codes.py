"""What an error is about, for programs: a code of a closed list, a path to what is wrong, its value.

All three follow from what is said: a complaint is worded in one place, where it is raised, and `base.chinese` knows
the wording. A wording is of the first code in `MARKS` that has a piece of it. Where more is known, as of a night's file
that pydantic reads, a complaint brings its own `Fact`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeAlias

from patrolroute.base.chinese import Wording, wording_of
from patrolroute.base.vocabulary import ComplaintKind

ErrorCode: TypeAlias = Literal[
    "wrong_type", "not_one_of", "out_of_range", "missing", "empty", "unknown_entry", "unknown_name", "duplicate",
    "contradiction", "bad_text", "bad_time", "no_offset", "bad_order", "too_long", "too_large", "bad_place",
    "bad_shape", "far_point", "off_network", "no_street", "other_mode", "bad_file", "no_file", "no_plan",
    "not_allowed", "bad_version", "bad_chain", "bad_table", "unknown_depot", "hours_missed", "short_shift",
    "short_slice", "no_crew", "no_task", "no_way", "asked_twice", "nothing_left", "does_not_fit", "more",
    "download_failed", "output_failed", "plan_broken", "rule",
]  # fmt: skip
"""What is wrong."""

CODES: Mapping[ErrorCode, str] = {
    "wrong_type": "a value of another type than it may be: a text for a number, one thing for a list",
    "not_one_of": "a word that is none of a closed list",
    "out_of_range": "a number or a date outside its bounds, not a number, or infinite",
    "missing": "something that is needed is not there",
    "empty": "a list, table, drawing or file that holds nothing",
    "unknown_entry": "a key or column that there is none of",
    "unknown_name": "a name or id that means nothing here",
    "duplicate": "given twice",
    "contradiction": "two things that exclude each other",
    "bad_text": "a text that cannot stand: letters that no file can hold, a word that is kept, no address",
    "bad_time": "a clock time, date, time zone or hours that cannot be read, or not in whole seconds",
    "no_offset": "a datetime without an offset",
    "bad_order": "an end that is not after its beginning",
    "too_long": "a shift of more than 16 hours, shifts that are no one night",
    "too_large": "a file, table or area that is larger than is read",
    "bad_place": "no longitude and latitude in degrees",
    "bad_shape": "a line or polygon that cannot be used",
    "far_point": "a point too far from every street",
    "off_network": "an arc or node that is not on the network",
    "no_street": "nothing on the map is meant",
    "other_mode": "on the map, but not for this mode; a network for another mode",
    "bad_file": "a file that cannot be read: damaged, cut off, of another kind",
    "no_file": "there is no such file",
    "no_plan": "no plan.json where one is needed, or the other way round",
    "not_allowed": "what this night may not read or download, a port that is taken",
    "bad_version": "a form of a version that is not read",
    "bad_chain": "arcs that are not driven unbroken, directions that are none",
    "bad_table": "numbers of a night that do not belong together",
    "unknown_depot": "a depot that is not among the depots",
    "hours_missed": "hours that never meet the shifts",
    "short_shift": "a shift too short for any task",
    "short_slice": "visits closer to one another than their headway",
    "no_crew": "nobody who could",
    "no_task": "nothing that a crew could do",
    "no_way": "no way leads there, or home",
    "asked_twice": "a task that is asked for twice",
    "nothing_left": "nothing is left to cover or to drive",
    "does_not_fit": "too heavy, too long or not open for long enough",
    "more": "so many more complaints of the same file",
    "download_failed": "a map could not be downloaded",
    "output_failed": "a result could not be written",
    "plan_broken": "a plan that breaks rules of the audit",
    "rule": "any other rule; the library itself raises none with this code",
}
"""The closed list, with what each means."""

MARKS: Mapping[ErrorCode, tuple[str, ...]] = {
    "more": ("more complaints$", "more rows"),
    "not_allowed": (
        "plans into this folder", "another program writes", "cannot be listened at", "downloads=True",
        r'files=\"anywhere',
    ),
    "no_file": ("no such file", "there is no folder"),
    "no_plan": ("^has no plan$", r"^is no plan\.json", r"plan\.json, not a plan", "--out:"),
    "far_point": ("from the nearest street", "from every street"),
    "no_offset": ("without an offset; give", "has no offset"),
    "bad_version": ("schema_version",),
    "duplicate": (
        "is used", "is issued twice", "is there twice", "have the same name", "stands twice", "also that of",
        "mean the same", "both filled", "listed twice", "two are named", "written twice", "given twice",
    ),
    "asked_twice": (r"is asked for \{times\} times",),
    "contradiction": (
        "is required within windows", "cannot be planned anew while", "promised for the whole night", "overlap, at",
        "has two nights", "different seconds", "says two things", "contradict one another", "first and last$",
        "lie over each other", "which area of a file is meant", "not for the goal presence",
        "nights; it takes at least", "parts per million, not", "different numbers of steps", "they are not alike",
        "would drive the route", "both reserved", "has a lock of", "leave the other entries out", "use prefix",
        "exactly one of", "cut out of", "leave the other cells", r"given for \{key\}", "not the bundled",
        "no break was agreed", "same junction", "may mean", "not allowed with argument", "leads both ways",
        "cannot take its break", "its own crs", "by its titles", "all have the columns", "one street on the map",
        "places: ", "same crossing", "one or the other", "opposite side",
    ),
    "hours_missed": ("ends by .*; no crew is out before", "never meets? "),
    "short_slice": ("shorter than the headway",),
    "short_shift": ("street lies in the night", "time budget", "no time to drive"),
    "does_not_fit": (
        "meeting .* has .* crews$", "was not solved", "is not open in what is left", "are more than the",
        "too few for the crews", "areas of their own$", "are not cut further", "parts that nothing joins",
        "within the limits of the search", "has no room", "have no room in the night", "cannot do leg by leg",
        "finds no room", "capacity of any crew", "below the load", "start at no time",
    ),
    "bad_order": (
        "on or after first", "not after it", "before it starts", "before it begins", "come after the one before",
        "is not before", "times ascending", "west < east",
    ),
    "too_long": ("takes longer than on the problem", "is longer than", "longer than one night"),
    "too_large": (
        "workers died over it", "more than .* stays at one place", "are laid out", "cells were needed",
        r"at most \S+ (MiB )?are read", "at most so many", "far longer", "lie too deep", "of one download",
        "fit into a workbook",
    ),
    "bad_text": (
        "no file can hold", "what JSON cannot", "is not finite", "control character", "kept for streets", "is no name",
        "NAME=CREW", "is not an address", "a formula came to", "never worked out", "ignored explicit argument",
        r"^invalid \{type\} value", "a list such as",
    ),
    "bad_time": (
        "cannot start at second", "is not within the night", "is before .* planned anew", "it lasts until",
        r"until \{until\} is not after", "its shift begins", "its track begins", "its last fix is",
        "it is there .*, not before", "of crew .* is before", "write weekdays", "the earliest hour", "the latest hour",
        ": write it as", "write (them|a clock|hours) as", "clock time", "whole seconds", "timezone", "time zones",
        "has no time; without", r"time \{text\} cannot", "point needs its time", "calendar", "datetime",
        "as OpenStreetMap writes", "no text of at most", "give a datetime", "longer than a day", "that day is",
    ),
    "bad_place": (
        "neither two streets", "lon and lat that are", "longitude", "lies? nowhere", "depot is in words",
        "number of degrees between",
    ),
    "bad_shape": (
        "sound polygon", "no shape", "no geometry", "^geometry", "a geometry that", "ring ", "polygon;", "one polygon",
        "a line of", "empty or crosses", "can be used", "is not valid: ", r"^is an? \{kind\}(?!, not a table)",
        "GeometryCollection", "is a drawn map", "is in WGS-84", "in WGS-84 degrees", "in degrees; project",
        "nor a shapely geometry", "in words, such", "sides or corners", "make no polygon", "enclose nothing",
        "between all of them",
    ),
    "other_mode": (
        "for the mode", "by the mode", "given for mode", r"network for \{mode\}", "no network for", "none is given",
    ),
    "off_network": (
        "not those of the problem's network", "^is not on the network$", "snap it on plan", "from its point on arc",
        r"arc \{\w+\} is not on", "none of the network",
    ),
    "bad_chain": ("unbroken", "direction has no arc", "directions, not", "a chain", "does not begin", "has no id"),
    "bad_table": (
        "weights for", "^turns: ", "^cost has", "^weights and distances are", r"^\{word\} (has shape|holds|goes)",
        "(routes|breaks|prizes) for", "without a map", "class$", "not both from", "within 0 to", "columns, not the",
        "cells under", r"has \{cells\}", "has no title", "sum by its name", "a formula", "of different lengths",
        "are not a list of (ways|spans)", "is hidden; show it",
    ),
    "unknown_name": (
        "has no meeting", "leads to a unit", "is not among the areas", "the file has no area", "no night asks for",
        "was issued; there are", "^tells of", "^is of the night of", "is called", "has no task of the",
        "there is no order", "not in its list", r"did you mean \{near\}", r"\} is no task", "names are no task",
        "is no street", "not on the map", "there is no sheet", "of the night's", "knows (no|a point)", "highway class",
        r"there is no \{thing\}", r"has no \{thing\}", r"direction \{direction\}", "does not lead", "does not meet",
        "not ask for it", "is or begins with", "is crossed by", "no section of", "among the variants", "none of its",
        "neither plan", "is a place, not",
    ),
    "unknown_entry": (
        "unrecognized arguments", "ambiguous option", "no such entry", "there is no option", "by their place",
        r"(column|property) \{\w+\} is not known", r"(sheet|entry) \{name\} is not known", "under no title",
    ),
    "no_street": ("night has no streets", r"no street\b", "no single street", "not a single street", "a tunnel"),
    "no_crew": (
        "only one crew, which cannot be lent", "is out of service", "nobody goes out", "there is no crew",
        "nobody goes", "^no crew (has|of the night)",
    ),
    "no_task": ("makes visits", "no task", "no way to serve"),
    "nothing_left": ("so there is no work", "no night is left", "no night was issued", "othing to cover"),
    "no_way": ("no way leads", "no open way leads", "is interrupted", "could reach it"),
    "download_failed": ("^download from",),
    "output_failed": (
        "holds a campaign, not a report", "cannot be (written|removed)", "holds something", "is there already",
        "^pdf: ", "file for each crew", "the file to write",
    ),
    "bad_file": (
        "is a zip archive", "device or a pipe", "the record was changed", "line of a record", "file was changed",
        "that the record", "holds no secret", "move its folder away", "cannot come here", "campaign's file ends in",
        "sha256", "not a table of entries$", "damaged", "cut off", "incomplete", "UTF-8", "GraphML", "OSM ", "osmium",
        "OSM$", "JSON", "GPX", "DOCTYPE", "map file", "quotation mark", "is a folder", "cannot be read",
        "table of turns", "first line", "not text", "not gpx$", "is not a Feature", "GeoJSON", "patrolled in",
        "name nodes", r"valid \{form", "OpenStreetMap's", "workbook", "none of the sheets", "night's file ends in",
        "several files of a campaign",
    ),
    "empty": (
        "is empty$", "file is empty", "holds no", "no track", "no row", "no shape", "there are none", "areas are none",
        "no segment", "list is empty", "an empty",
    ),
    "missing": (
        "asks for a network with turns", "--call and", "whose holidays are known", "no secret to (tell|draw by)",
        "there is no night of", "at least one", "or a place in words", r"explore\(\) needs", "is not given", "lacks",
        "is empty, ", "near_home is not asked", "ask to be near", "no routes", "weight above 0", "at least one letter",
        "needs a PatrolProblem", "asks for streets to be seen", "say which they are", "pip install", "asks for nothing",
        "arguments are required", "is required$", "^expected ", "has no header", "has no name", "names no theme",
    ),
    "not_one_of": (
        "is not zh or en", "is not one of", "^invalid choice", r"neither \{one\} nor", "is neither a whole number from",
    ),
    "out_of_range": (
        "between", "above 0", "must be 0 or more", r"it must be ([01] to )?\{", "at least 1 can", r"at least \{",
        "at most", "at least 0", "below 0", r"is less than \{", "share of", "decimals", r"from \{", "from 0 to",
        r"is more than \{most\}$", "twelve days", "is not 0", "1 s$", "whole number of minutes", "not all finite",
    ),
    "wrong_type": (
        "none of concurrent", "places by name;", "give TurnCosts", "are no (AreaParams|list)", " is an? ", "is null",
        "one text", "is not an? ", "is not a$", "neither", "nor ", "are not an object", "cannot be called", "async",
        "is no date$", "is no ", "is of type", "is not a list", "no route", "names a file",
    ),
}  # fmt: skip
"""Pieces of the wordings of each code, as regular expressions; the first code that has one is taken."""

_FIELD = re.compile(r"(?:the )?([a-z]+(?:[_ ][a-z_]+)*?) (-?(?:nan|inf)\b.*|[^a-z ].*|$)", re.DOTALL)
"""What a rule begins with: the words for a field, and its value."""

_ENTRY = re.compile(r"[a-z_]+(?:\[\d+\]|\.[a-z_]+)*")
"""An entry of a night's file as a sentence names it, counted from 1."""

_CELL = re.compile(r"([^!]+![A-Z]{1,3}\d+)(?: \(.*\))?", re.DOTALL)
"""A cell of a workbook as a sentence names it, with the name of its row."""

_THING = re.compile(
    r"(crew|street|hotspot|task|depot|tier|incident|row|feature|line|track) ['\"]?(.*?)['\"]?(?: \(.*\))?"
)

FIELDS: Mapping[str, str] = {
    "speed factor": "speed_factor", "range": "range_km", "break": "break_", "end depot": "end_depot", "id": "id",
    "shift start": "start", "shift end": "end", "number of crews": "count",
}  # fmt: skip
"""What a sentence calls a field, where it is not the field's own name."""

_CALLS = (
    "areas", "bound", "conflicts", "draw_idleness", "fleet", "picture", "prepare", "presence_bound", "problem",
    "select", "solve", "what if",
)  # fmt: skip
"""What sentences call the call itself: no step of a path, for whoever called knows."""

_NO_FIELDS = ("a", "has", "holds", "is", "no", "there")
"""Words with which rules begin that name no field."""

Step: TypeAlias = str | int
"""One step of a path: a thing or field by its name, or a place in a list, counted from 0."""

Plain: TypeAlias = str | int | float | bool | None
"""What JSON holds without lists and tables."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What a complaint is about, for programs.

    Parameters
    ----------
    code
        One of `CODES`.
    path
        From the outside in; see `patrolroute.Complaint`.
    value
        What was given.
    """

    code: ErrorCode
    path: tuple[Step, ...] = ()
    value: Plain = None


@cache
def code_of_wording(english: str) -> ErrorCode | None:
    """Return the code of a wording of `patrolroute.base.chinese.RULES`; None if it has none."""
    return next((code for code, marks in MARKS.items() if re.search("|".join(marks), english)), None)


@cache
def fact_of(sentence: str, kind: ComplaintKind) -> Fact:
    """Return what a sentence is about; the kind is the code, where it says more than that a rule is broken.

    Examples
    --------
    >>> fact_of("crew 'A': speed factor 9 is not between 0.1 and 3.0", "rule")
    Fact(code='out_of_range', path=('crew', 'A', 'speed_factor'), value=9)
    >>> fact_of("streets.csv: row 3 (夜市): visits 'often' is not a whole number between 1 and 48", "rule")
    Fact(code='wrong_type', path=('streets.csv', 'row', 3, 'visits'), value='often')
    """
    own: ErrorCode | None = None if kind == "rule" or kind == "form" else kind  # noqa: PLR1714 - a type checker follows
    wording = wording_of(sentence)
    if wording is None:
        return Fact(own or "rule", tuple(step for head in sentence.split(": ")[:-1] for step in steps_of(head)))
    field, value = _field_and_value(wording, sentence[sum(len(head) + 2 for head in wording.heads) :])
    path = tuple(step for head in wording.heads for step in steps_of(head)) + field
    code = own or code_of_wording(wording.english) or "rule"
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if code == "out_of_range" and not is_number and not wording.english.startswith("date"):
        code = "wrong_type"
    if code == "missing" and "is not a text" in wording.english and not isinstance(value, str | None):
        code = "wrong_type"
    return Fact(code, path, plain(value))


def _field_and_value(wording: Wording, rule: str) -> tuple[tuple[str, ...], Plain]:
    """Return the field that a rule begins with, if any, and the value that it tells."""
    first, second, *_ = (*wording.holes.values(), "", "")
    if named := re.match(r"the (\w+) is not", wording.english):
        return (named[1],), None
    if re.match(r"((window|shift|search parameter) )?\{(name|word)\}:? \{", wording.english):
        words, _, told = second.partition(" ")
        if f"{first} {words}" in FIELDS:  # a field of two words
            return (FIELDS[f"{first} {words}"],), _read(told)
        return (FIELDS.get(first, first),), _read(second)
    found = _FIELD.match(rule)
    if found is None or not first:
        return (), _read(first) if first else None
    words, told = found.groups()
    if rule.startswith(first):  # field and value are one hole
        both = _FIELD.match(first)
        return ((FIELDS.get(both[1], both[1]),), _read(both[2])) if both else ((), _read(first))
    is_value = told.startswith(first) or told.lstrip("'\"").startswith(first)
    is_field = words in FIELDS or (" " not in words and words not in _NO_FIELDS)
    return (FIELDS.get(words, words),) if is_value and is_field else (), _read(first)


def steps_of(head: str) -> tuple[Step, ...]:
    """Return a thing that a sentence names as steps of a path.

    Examples
    --------
    >>> steps_of("crews[3].start"), steps_of("row 3 (夜市)"), steps_of("crew 'A'"), steps_of("hotspots.csv")
    (('crews', 2, 'start'), ('row', 3), ('crew', 'A'), ('hotspots.csv',))
    """
    if "[" in head and _ENTRY.fullmatch(head):
        named = re.findall(r"([a-z_]+)|\[(\d+)\]", head)
        return tuple(int(number) - 1 if number else name for name, number in named)
    if found := _CELL.fullmatch(head):
        return (found[1],)
    if found := _THING.fullmatch(head):
        kind, name = found.groups()
        return kind, int(name) if name.isdecimal() else name
    return () if head in _CALLS else (head,)


def _read(text: str) -> Plain:
    """Return a value as it was given, where it is shown whole."""
    if text in ("nan", "inf", "-inf"):
        return float(text)
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text
    return value if isinstance(value, Plain) else text


def plain(value: Any) -> Plain:
    """Return a value as JSON holds it: numbers that are none, and what is no text or number, as text."""
    if isinstance(value, float) and value - value != 0:  # infinite, or not a number
        return repr(value)
    return value if isinstance(value, str | int | float | None) else repr(value)[:100]
