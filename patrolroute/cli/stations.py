"""The command ``stations``: which station is quickest to what, and what none reaches in time."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from patrolroute.base.errors import InputError
from patrolroute.base.vocabulary import MODES
from patrolroute.cli import DONE, folder_named, night_of, positive, say
from patrolroute.cli.areas import OF_THE_NIGHT, station_places
from patrolroute.cli.language import lang_option
from patrolroute.cli.words import SAID

MINUTES = 3.0


def stations_command(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("stations", help="say which station reaches what in time, and what none does")
    parser.add_argument("night", type=Path, help="the night's file")
    parser.add_argument(
        "-o", "--out", type=folder_named, default=Path("stations"), help="folder for the outputs (default: %(default)s)"
    )
    parser.add_argument(
        "--minutes",
        type=positive(float),
        default=MINUTES,
        metavar="N",
        help="minutes within which to come (default: %(default)s)",
    )
    parser.add_argument(
        "--stations", type=Path, default=OF_THE_NIGHT, metavar="FILE",
        help="table of stations (default: where the night's crews start)",
    )  # fmt: skip
    parser.add_argument("--incidents", type=Path, metavar="FILE", help="table of incidents, in place of all junctions")
    parser.add_argument("--mode", choices=MODES, help="by what streets (default: those of the first crews)")
    lang_option(parser, of_plans=True)
    parser.set_defaults(run=_stations)


def _stations(args: argparse.Namespace) -> int:
    from patrolroute.base.files import require_writable
    from patrolroute.demand.incidents import read_incidents
    from patrolroute.night.run import NightRun
    from patrolroute.study.stations import check_stations

    night = night_of(args)
    require_writable(args.out)
    run = NightRun.trusting(night, args.night.parent)
    networks = run.networks()
    mode = args.mode or next(iter(networks))
    if mode not in networks:
        raise InputError(f"--mode: no crew of the night is of mode {mode}")
    network = networks[mode]
    known = [] if args.incidents is None else read_incidents(args.incidents, network, crs=night.said_crs)
    found = check_stations(
        network,
        station_places(args.stations, run, network),
        None if args.incidents is None else [(one.lon, one.lat) for one in known],
        within_s=round(60 * args.minutes),
        weights=None if args.incidents is None else [one.weight for one in known],
    )
    files = found.save(args.out, lang=args.lang)
    print(found.summary(args.lang))
    say(SAID.say("files", args.lang, number=len(files), folder=args.out))
    return DONE
