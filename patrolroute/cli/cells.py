"""The command ``cells``: how a plan is seen in the cells of a grid."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from patrolroute.base.vocabulary import DATUMS
from patrolroute.cli import DONE, folder_named, positive, say
from patrolroute.cli.language import lang_option
from patrolroute.cli.parser import plan_named
from patrolroute.cli.words import SAID

SHAPES = ("square", "hexagon")
SIDE_M = 500.0


def cells_command(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("cells", help="say how a plan is seen in the cells of a grid, hour by hour")
    parser.add_argument("plan", type=plan_named, help="a plan.json, or its folder")
    parser.add_argument(
        "-o", "--out", type=folder_named, default=Path("cells"), help="folder for the outputs (default: %(default)s)"
    )
    parser.add_argument("--shape", choices=SHAPES, default=SHAPES[0], help="cells that are laid (default: %(default)s)")
    parser.add_argument(
        "--side", type=positive(float), default=SIDE_M,
        help="metres of a square's side; hexagons have the same area (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument("--grid", type=Path, help="GeoJSON of cells that somebody drew, in place of a shape")
    parser.add_argument("--crs", choices=DATUMS, help="datum of the grid (default: the file's own, else wgs84)")
    parser.add_argument("--visits", type=positive(int), default=0, help="how often each cell is to be visited")
    lang_option(parser, of_plans=True)
    parser.set_defaults(run=_cells)


def _cells(args: argparse.Namespace) -> int:
    from patrolroute.areas.cells_files import cell_lines, save_cells
    from patrolroute.base.files import require_writable
    from patrolroute.metrics.cells import lay_cells, read_cells
    from patrolroute.metrics.seen_in_cells import seen_in_cells
    from patrolroute.plan.model import PatrolPlan

    require_writable(args.out)
    plan = PatrolPlan.from_json(args.plan)
    if args.grid is None:
        cells = lay_cells(plan, shape=args.shape, side_m=args.side)
    else:
        cells = read_cells(args.grid, crs=args.crs)
    seen = seen_in_cells(plan, cells, wanted=args.visits)
    written = save_cells(seen, args.out, lang=args.lang)
    for line in cell_lines(seen, args.lang):
        print(line)
    say(SAID.say("cells_written", args.lang, names=", ".join(path.name for path in written), folder=args.out))
    return DONE
