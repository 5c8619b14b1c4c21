"""The command that opens the planner's page, ``serve``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from patrolroute.base.errors import Complaint, InputError
from patrolroute.cli import DONE, say
from patrolroute.cli.language import lang_option
from patrolroute.cli.words import SAID

MOST_PORT = 65535


def serve_command(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("serve", help="open the planner's page on this computer")
    parser.add_argument("night", type=Path, nargs="?", help="a night's file to begin with (default: an empty night)")
    parser.add_argument("--map", type=Path, help="map of an empty night: .osm, .osm.pbf, .graphml (default: bundled)")
    parser.add_argument("--port", type=port, default=0, help="where to listen on 127.0.0.1 (default: any that is free)")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser, say the address only")
    lang_option(parser, of_plans=True)
    parser.set_defaults(run=_serve)


def port(text: str) -> int:
    """Read a port on the command line; 0 is any that is free."""
    if not (text.isascii() and text.isdecimal()) or int(text) > MOST_PORT:
        raise argparse.ArgumentTypeError(f"{text[:20]!r} is not a port from 0 to {MOST_PORT}")
    return int(text)


def _serve(args: argparse.Namespace) -> int:
    from patrolroute.base.extras import require
    from patrolroute.page.server import LIBRARIES, desk_of, serve

    require("patrolroute serve", *LIBRARIES)
    if args.night is not None and args.map is not None:
        raise InputError(Complaint("--map is for an empty night; this one names its map"))
    with desk_of(args.night, args.lang, map_file=args.map) as desk:
        word = "serving_unopened" if args.no_browser else "serving"
        serve(
            desk, args.port, lambda address: say(SAID.say(word, desk.lang, address=address)), opens=not args.no_browser
        )
    return DONE
