"""The command ``areas``: patrol areas of a night, drawn and written."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patrolroute.base.errors import Complaints, InputError
from patrolroute.base.vocabulary import DATUMS, MODES
from patrolroute.cli import DONE, folder_named, night_of, positive, say, seed
from patrolroute.cli.language import lang_option
from patrolroute.cli.words import SAID

if TYPE_CHECKING:
    from patrolroute.base.vocabulary import LonLat
    from patrolroute.network.road import RoadNetwork
    from patrolroute.night.run import NightRun

OF_THE_NIGHT = Path()
"""Where stations are the night's own muster points."""


def areas_command(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("areas", help="draw patrol areas: connected, compact, evenly loaded")
    parser.add_argument("night", type=Path, help="the night's file")
    parser.add_argument("--count", type=positive(int), required=True, help="how many areas")
    parser.add_argument(
        "-o", "--out", type=folder_named, default=Path("areas"), help="folder for the outputs (default: %(default)s)"
    )
    parser.add_argument(
        "--balance", type=positive(float), default=5.0,
        help="per cent by which an area's work may differ from the mean (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--stations", type=Path, nargs="?", const=OF_THE_NIGHT, metavar="FILE",
        help="table of stations, each in an area of its own; without a file where the night's crews start",
    )  # fmt: skip
    parser.add_argument(
        "--borders", metavar="CLASSES",
        help="classes of roads that areas do not reach across without need (default: motorway,trunk,primary)",
    )  # fmt: skip
    parser.add_argument(
        "--lines",
        type=Path,
        metavar="FILE",
        help="rivers, railways and other lines, GeoJSON or GPX, that are borders too",
    )
    parser.add_argument("--cells", type=Path, metavar="FILE", help="cells, GeoJSON, each of which stays in one area")
    parser.add_argument("--last", type=Path, metavar="FILE", help="areas.geojson of last time, to stay near to")
    parser.add_argument("--mode", choices=MODES, help="whose streets (default: those of the first crews)")
    parser.add_argument("--work-limit", type=positive(int), help="units of work; repeats exactly")
    parser.add_argument("--seed", type=seed, help="a whole number from 0 (default: the night's own)")
    parser.add_argument("--crs", choices=DATUMS, help="datum of the GeoJSON (default: the night's out_crs)")
    lang_option(parser, of_plans=True)
    parser.set_defaults(run=_areas)


def _areas(args: argparse.Namespace) -> int:
    from patrolroute.areas.draw import draw_areas
    from patrolroute.base.files import require_writable
    from patrolroute.night.run import NightRun

    night = night_of(args)
    require_writable(args.out)
    run = NightRun.trusting(night, args.night.parent)
    say(SAID.say("reading_areas", args.lang))
    networks = run.networks()
    mode = args.mode or next(iter(networks))
    if mode not in networks:
        raise InputError(f"--mode: no crew of the night is of mode {mode}")
    options = _options(args, run, networks[mode])
    say(SAID.say("drawing_areas", args.lang, count=args.count))
    areas = draw_areas(networks[mode], run.demand(networks), args.count, **options)
    files = areas.save(args.out, lang=args.lang, crs=args.crs or night.out_crs, network=networks[mode])
    print(areas.summary(args.lang))
    say(SAID.say("files", args.lang, number=len(files), folder=args.out))
    return DONE


def _options(args: argparse.Namespace, run: NightRun, network: RoadNetwork) -> dict[str, Any]:
    """Return the options of `draw_areas`, every file read, with all complaints at once."""
    from patrolroute.areas.draw import USUAL_BORDERS
    from patrolroute.areas.model import PatrolAreas
    from patrolroute.demand.drawings import drawn_lines, drawn_polygons

    complaints, crs = Complaints(), run.night.crs
    options: dict[str, Any] = {"balance": args.balance / 100}
    classes = (
        USUAL_BORDERS if args.borders is None else [name.strip() for name in args.borders.split(",") if name.strip()]
    )
    lines = [] if args.lines is None else complaints.attempt(lambda: drawn_lines(args.lines, crs)) or []
    options["borders"] = [*classes, *lines]
    if args.cells is not None:
        options["cells"] = complaints.attempt(lambda: drawn_polygons(args.cells, crs))
    if args.last is not None:
        options["last"] = complaints.attempt(lambda: PatrolAreas.from_file(args.last))
    if args.stations is not None:
        options["stations"] = complaints.attempt(lambda: station_places(args.stations, run, network)) or {}
    complaints.raise_as(InputError)
    options["seed"] = run.night.solve.seed if args.seed is None else args.seed
    return options if args.work_limit is None else options | {"work_limit": args.work_limit}


def station_places(path: Path, run: NightRun, network: RoadNetwork) -> dict[str, LonLat]:
    """Return where stations are by name, those in words found on the map."""
    from patrolroute.demand.sheets import read_depots
    from patrolroute.network.names import place_in_words
    from patrolroute.night.roads import Fleet

    night = run.night
    if path == OF_THE_NIGHT:
        known = Fleet(night, run.folder).depots()
        rows = [known[name] for name in dict.fromkeys(group.depot for group in night.crews) if name in known]
    else:
        rows = read_depots(path, usual=night.said_crs)
    found: dict[str, LonLat] = {}
    for row in rows:
        place = place_in_words(row.place, network, crs=night.crs).lonlat if row.place else (row.lon, row.lat)
        found[row.name or row.id] = place
    return found
