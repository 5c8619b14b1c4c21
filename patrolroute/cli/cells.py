"""The command ``cells``: how a plan is seen in the cells of a grid."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patrolroute.base.vocabulary import DATUMS, Lang
from patrolroute.cli import DONE, folder_named, night_of, positive, saved, say
from patrolroute.cli.language import lang_option
from patrolroute.cli.parser import plan_named
from patrolroute.cli.words import SAID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from patrolroute.metrics.cells import Cell
    from patrolroute.metrics.seen_in_cells import SeenInCells
    from patrolroute.night.run import NightRun
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.problem.model import PatrolProblem

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
    parser.add_argument(
        "--night", type=Path, help="the night's file: it is planned anew so that cells are visited as often as wanted"
    )
    lang_option(parser, of_plans=True)
    parser.set_defaults(run=_cells)


def _visited(args: argparse.Namespace, seen: SeenInCells, cells: Sequence[Cell]) -> SeenInCells:
    """Plan anew for what cells want, write the plan, and return how it is seen."""
    from patrolroute.areas.visited_cells import visit_cells
    from patrolroute.metrics.seen_in_cells import seen_in_cells
    from patrolroute.night.run import NightRun

    say(SAID.say("cells_short", args.lang, number=len(seen.short)))
    problem = NightRun.trusting(night_of(args), args.night.parent).problem()
    plan = visit_cells(problem, seen.plan, cells, wanted=max(1, args.visits))
    found = seen_in_cells(plan, cells, wanted=max(1, args.visits))
    saved(plan, args.out / "plan", lang=args.lang)
    say(SAID.say("cells_planned", args.lang, number=len(found.short), folder=args.out / "plan"))
    return found


def visited(run: NightRun, problem: PatrolProblem, plan: PatrolPlan) -> PatrolPlan:
    """Return the plan in which each cell of the night's grid is visited as often as wanted, as far as that is cheap.

    Parameters
    ----------
    run, problem, plan
        The night, its problem, and what was found for it.
    """
    asked = run.night.cells
    if asked is None or not asked.visits or plan.objective.goal != "presence":
        return plan
    from patrolroute.areas.visited_cells import visit_cells

    return visit_cells(problem, plan, run.cells(plan), wanted=asked.visits)


def written_cells(run: NightRun, plan: PatrolPlan, out: Path, lang: Lang) -> list[str]:
    """Write how a plan is seen in the cells of the night's grid, if it has one; return that in lines.

    Parameters
    ----------
    run, plan
        The night and its plan.
    out
        The folder of the outputs.
    lang
        Of the words.
    """
    if run.night.cells is None:
        return []
    from patrolroute.areas.cells_files import cell_lines, save_cells
    from patrolroute.metrics.seen_in_cells import seen_in_cells

    seen = seen_in_cells(plan, run.cells(plan), wanted=run.night.cells.visits)
    save_cells(seen, out, lang=lang, datum=run.night.out_crs)
    return list(cell_lines(seen, lang))


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
    if args.night is not None:
        seen = _visited(args, seen, cells)
    written = save_cells(seen, args.out, lang=args.lang)
    for line in cell_lines(seen, args.lang):
        print(line)
    say(SAID.say("cells_written", args.lang, names=", ".join(path.name for path in written), folder=args.out))
    return DONE
