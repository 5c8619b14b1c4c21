"""The commands that inspect, cut, convert and download maps."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from patrolroute.base.errors import InputError
from patrolroute.base.vocabulary import MODES, Lang
from patrolroute.cli import DONE, say
from patrolroute.cli.language import lang_option
from patrolroute.cli.words import SAID

OSM_SUFFIXES = (".osm.pbf", ".osm.gz", ".osm.bz2", ".osm")


def network_commands(commands: Any) -> None:
    """Add the commands to the command line."""
    network = commands.add_parser("network", help="inspect, convert and download maps")
    actions = network.add_subparsers(required=True, metavar="ACTION")
    info = actions.add_parser("info", help="say what a map file holds")
    info.add_argument("map", help="a map file, or `bundled`")
    _map_options(info)
    info.set_defaults(run=_info)
    convert = actions.add_parser("convert", help="turn a map file into GraphML with travel and patrol seconds")
    convert.add_argument("map", help="a map file, or `bundled`")
    convert.add_argument("out", type=Path, help="a .graphml file; a table of turns is written beside it")
    _map_options(convert)
    convert.set_defaults(run=_convert)
    clip = actions.add_parser("clip", help="cut the streets of an area out of a large OSM file")
    clip.add_argument("map", type=Path, help="an OSM file of any size, such as a province's .osm.pbf")
    clip.add_argument("out", type=Path, help="an OSM file: .osm.pbf, .osm.gz, .osm.bz2 or .osm")
    _area_options(clip, required=True)
    clip.set_defaults(run=_clip)
    download = actions.add_parser("download", help="download real streets into a GraphML file")
    download.add_argument("out", type=Path, help="a .graphml file")
    download.add_argument(
        "--place", action="append", help="an area as Nominatim knows it; the study areas if not given"
    )
    download.add_argument("--mode", choices=MODES, default="car", help="who goes there (default: car)")
    download.set_defaults(run=_download)
    for action in (info, convert, clip, download):
        lang_option(action)


def _map_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--mode", choices=MODES, default="car", help="who goes there (default: car)")
    _area_options(parser, required=False)


def _area_options(parser: argparse.ArgumentParser, *, required: bool) -> None:
    area = parser.add_mutually_exclusive_group(required=required)
    area.add_argument("--area", type=Path, help="GeoJSON with one polygon")
    area.add_argument(
        "--bbox", nargs=4, type=float, metavar=("WEST", "SOUTH", "EAST", "NORTH"), help="degrees of longitude, latitude"
    )


def _map(args: argparse.Namespace) -> Any:
    from patrolroute.network.road import RoadNetwork

    area = _area(args)
    if args.map == "bundled":
        if area is not None:
            raise InputError("area: is cut out of a file, not of the bundled map")
        return RoadNetwork.huainan(mode=args.mode)
    return RoadNetwork.from_file(args.map, mode=args.mode, area=area)


def _area(args: argparse.Namespace) -> Any:
    """Return the polygon that the command line names, None if it names none."""
    if args.area is None and args.bbox is None:
        return None
    if args.area is None:
        import shapely

        from patrolroute.network.coordinates import is_on_earth

        west, south, east, north = args.bbox
        if not (is_on_earth(west, south) and is_on_earth(east, north) and west < east and south < north):
            raise InputError(
                f"bbox {west} {south} {east} {north}: must be west < east and south < north, in degrees on earth"
            )
        return shapely.box(west, south, east, north)
    from patrolroute.demand.drawings import drawn_polygons

    polygons = drawn_polygons(args.area)
    if len(polygons) != 1:
        raise InputError(f"{args.area}: an area is one polygon; the file has {len(polygons)}")
    return polygons[0]


def _clip(args: argparse.Namespace) -> int:
    from patrolroute.base.files import require_writable
    from patrolroute.network.clip import clip

    if not args.out.name.lower().endswith(OSM_SUFFIXES):
        raise InputError(f"{args.out}: the file to write ends in one of {', '.join(OSM_SUFFIXES)}")
    require_writable(args.out.parent)
    ways, restrictions = clip(args.map, args.out, _area(args))
    say(SAID.say("clipped", args.lang, out=args.out, ways=ways, restrictions=restrictions))
    return DONE


def _info(args: argparse.Namespace) -> int:
    from patrolroute.network.names import describe

    print(describe(_map(args), args.lang))
    return DONE


def _convert(args: argparse.Namespace) -> int:
    _require_graphml(args.out)
    return _write_map(_map(args), args.out, args.lang)


def _download(args: argparse.Namespace) -> int:
    from patrolroute.network.road import RoadNetwork

    _require_graphml(args.out)
    options = {"mode": args.mode}
    network = (
        RoadNetwork.from_place(args.place, **options) if args.place else RoadNetwork.huainan(source="osm", **options)
    )
    return _write_map(network, args.out, args.lang)


def _require_graphml(out: Path) -> None:
    """Complain of the file to write before a long download, not after it."""
    from patrolroute.base.files import require_writable

    if out.suffix.lower() != ".graphml":
        raise InputError(f"{out}: the file to write ends in .graphml")
    require_writable(out.parent)


def _write_map(network: Any, out: Path, lang: Lang) -> int:
    from patrolroute.base.files import write_all
    from patrolroute.network.graph import to_graphml_bytes
    from patrolroute.network.turns import to_turns_bytes, turns_beside

    files = {out.name: to_graphml_bytes(network)}
    if network.turns is not None:
        files[turns_beside(out).name] = to_turns_bytes(network)
    write_all(out.parent, files)
    say(SAID.say("network", lang, out=out, nodes=network.node_count, arcs=network.arc_count))
    return DONE
