"""Cuts out of the text outputs what `gallery.md` shows of them: ``python docs/excerpts.py FOLDER``.

FOLDER is what ``examples/gallery.py`` wrote. A test cuts the same pieces out of a quick plan and compares their form.
"""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

EXCERPTS = Path(__file__).parent / "excerpts"
CUT = "…"


def _lines(text: str, most: int) -> str:
    """Keep the first lines, and say whether there are more."""
    lines = text.splitlines()
    return "\n".join([*lines[:most], *([CUT] if len(lines) > most else [])])


def _summary(text: str) -> str:
    """Keep the head and the measures, the depots, the first crew, and the first task that is left out."""
    parts = [part.splitlines() for part in text.strip().split("\n\n")]
    return "\n\n".join("\n".join(_first_indented(lines)) for lines in parts)


def _first_indented(lines: list[str]) -> list[str]:
    """Keep the first of the indented lines, which are those of a list."""
    listed = [line for line in lines if line.startswith("  ")]
    kept = [line for line in lines if line not in listed[1:]]
    return [*kept, CUT] if listed[1:] else kept


def _kml(text: str) -> str:
    """Keep the first patrol; the file has no line breaks."""
    patrol = next(one for one in re.findall(r"<Placemark>.*?</Placemark>", text) if "#patrol" in one)
    return re.sub(r"(?=<(?:description|styleUrl|LineString|/Placemark))", "\n", patrol)


def _gpx(text: str) -> str:
    """Keep the first waypoint and the first two points of the track."""
    lines = text.splitlines()
    first, end, track = (
        next(at for at, line in enumerate(lines) if mark in line) for mark in ("<wpt", "</wpt", "<trk>")
    )
    return "\n".join([*lines[first : end + 1], f"  {CUT}", *lines[track : track + 9], f"      {CUT}"])


def _calendar(text: str) -> str:
    """Keep the first event."""
    event = text.replace("\r\n", "\n").split("BEGIN:VEVENT")[1].split("END:VEVENT")[0]
    return f"BEGIN:VEVENT{event}END:VEVENT"


def _geojson(text: str) -> str:
    """Keep the first patrol, its parts on lines of their own."""
    features = json.loads(text)["features"]
    patrol = next(one for one in features if one["properties"].get("kind") == "patrol")
    return "{" + ",\n ".join(f'"{name}": {json.dumps(part, ensure_ascii=False)}' for name, part in patrol.items()) + "}"


def _plan(text: str) -> str:
    """Keep how good the plan is, and the counted leg that is told in the fewest words."""
    plan = json.loads(text)
    legs = (leg for route in plan["routes"] for leg in route["legs"] if leg["kind"] == "patrol" and leg["counted"])
    said = {name: json.dumps(part, ensure_ascii=False) for name, part in plan.items()}
    leg = min((json.dumps(leg, ensure_ascii=False) for leg in legs), key=len)
    return "\n".join([f'"objective": {said["objective"]},', CUT, leg, CUT])


def _graphml(text: str) -> str:
    """Keep one street."""
    found = re.search(r"<edge .*?</edge>", text, re.DOTALL)
    return "" if found is None else found[0]


CUTS: dict[str, Callable[[str], str]] = {
    "zh/summary.txt": _summary,
    "en/summary.txt": _summary,
    "zh/stops.csv": lambda text: _lines(text, 6),
    "zh/left_out.csv": lambda text: _lines(text, 3),
    "zh/shifts.ics": _calendar,
    "zh/plan.kml": _kml,
    "zh/gpx/市局01.gpx": _gpx,
    "zh/plan.geojson": _geojson,
    "zh/plan.json": _plan,
    "zh/network.graphml": _graphml,
    "zh/turns.csv": lambda text: _lines(text, 4),
    "zh/what_if.csv": lambda text: _lines(text, 5),
    "zh/what_if.txt": lambda text: text.strip(),
    "en/what_if.txt": lambda text: text.strip(),
    "zh/compare.txt": lambda text: _lines(text, 12),
}
"""By the file's name in the folder of the example."""


def cut(folder: Path, name: str) -> str:
    """Cut the piece that is shown out of a file."""
    return CUTS[name]((folder / name).read_text(encoding="utf-8-sig")) + "\n"


def page_of(name: str) -> Path:
    """Return where the piece lies: zh/gpx/市局01.gpx becomes zh-crew.gpx."""
    lang, *_, last = Path(name).parts
    return EXCERPTS / f"{lang}-{'crew.gpx' if last.endswith('.gpx') else last}"


def write(folder: Path) -> None:
    """Write every piece anew."""
    EXCERPTS.mkdir(exist_ok=True)
    for name in CUTS:
        page_of(name).write_text(cut(folder, name), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
