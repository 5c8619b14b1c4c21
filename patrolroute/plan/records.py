"""`PatrolPlan`: all routes of a night as legs with clock times, complete enough to be checked by a stranger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patrolroute.network.road import RoadNetwork
from patrolroute.plan.parts import Conflict, Moments, Objective, PlannedCrew, PlannedTask, Route
from patrolroute.words import Datum, Lang, Mode

if TYPE_CHECKING:
    import geopandas

    from patrolroute.plan.audit import Violation


@dataclass(frozen=True, eq=False)
class PatrolPlan:
    """All routes of a night (夜巡方案).

    Parameters
    ----------
    networks
        The road network of each mode, split at stops; the legs' arcs refer to it.
    crews, tasks, routes
        One route for each crew, in the same order.
    window
        First start and last end of all shifts.
    timezone
        IANA name of the zone in which times are written.
    objective
        What the plan is worth.
    seed, work, settings
        What made it; enough to make it again with the same versions.
    created_with
        Library and version.
    conflicts
        Required tasks that cannot all be served; empty if they can, None if nobody looked: see
        `patrolroute.study.conflicts.conflicts`.
    """

    networks: Mapping[Mode, RoadNetwork]
    crews: tuple[PlannedCrew, ...]
    tasks: tuple[PlannedTask, ...]
    routes: tuple[Route, ...]
    window: Moments
    timezone: str
    objective: Objective
    seed: int | None = None
    work: int | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    created_with: str = ""
    conflicts: tuple[Conflict, ...] | None = None

    def __repr__(self) -> str:
        goal = self.objective
        return (
            f"PatrolPlan({len(self.routes)} routes, {goal.prize_collected} of {goal.prize_total} points, "
            f"{goal.required_missed} required missed)"
        )

    @cached_property
    def task(self) -> dict[str, PlannedTask]:
        """Map each task id to its task."""
        return {task.id: task for task in self.tasks}

    @property
    def notice(self) -> str | None:
        """What every output must say of the map, or None."""
        notices = dict.fromkeys(network.notice for network in self.networks.values() if network.notice)
        return "\n".join(notices) or None

    @property
    def attribution(self) -> str:
        """Whose map data it is."""
        return "; ".join(dict.fromkeys(network.attribution for network in self.networks.values()))

    @property
    def left_out(self) -> tuple[PlannedTask, ...]:
        """Tasks short of their visits: required ones first, then by what they would add."""
        short = [task for task in self.tasks if task.visits_done < task.visits_wanted]
        return tuple(sorted(short, key=_most_missed_first))

    @cached_property
    def metrics(self) -> dict[str, float | None]:
        """Every measure of `patrolroute.plan.metrics` by name."""
        from patrolroute.plan.metrics import measure

        return measure(self)

    def audit(self) -> tuple[Violation, ...]:
        """Check every rule from the legs; empty if the plan is sound."""
        from patrolroute.plan.audit import audit

        return audit(self)

    def raise_for_violations(self) -> None:
        """Raise an exception if the audit finds anything.

        Raises
        ------
        PlanViolation
            With every broken rule.
        """
        from patrolroute.plan.audit import raise_for_violations

        raise_for_violations(self)

    def summary(self, lang: Lang = "zh") -> str:
        """Say in words what the plan covers, what it leaves out and how the night runs."""
        from patrolroute.output.summary import summary

        return summary(self, lang)

    def save(self, folder: str | Path, *, lang: Lang = "zh", crs: Datum = "wgs84") -> tuple[Path, ...]:
        """Write every output into a folder, all or nothing, and say which files were written.

        See `patrolroute.output.save.save`.
        """
        from patrolroute.output.save import save

        return save(self, folder, lang=lang, crs=crs)

    def to_json(self, path: str | Path) -> Path:
        """Write ``plan.json`` and the networks that it names beside it."""
        from patrolroute.output.plan_json import write_plan

        return write_plan(self, path)

    @classmethod
    def from_json(cls, path: str | Path) -> PatrolPlan:
        """Read ``plan.json`` and the networks that it names beside it.

        Raises
        ------
        PlanFileError
            With everything that keeps it from being a plan.
        """
        from patrolroute.output.plan_read import read_plan

        return read_plan(path)

    def to_legs(self) -> geopandas.GeoDataFrame:
        """Give one row a leg, with its line, for people who live in notebooks."""
        from patrolroute.output.frames import legs_frame

        return legs_frame(self)

    def to_tasks(self) -> geopandas.GeoDataFrame:
        """Give one row a task, with its line or point."""
        from patrolroute.output.frames import tasks_frame

        return tasks_frame(self)

    def to_png(self, path: str | Path, *, lang: Lang = "zh") -> Path:
        """Draw the map of the night."""
        from patrolroute.output.picture import draw

        return draw(self, path, lang=lang)

    def to_html(self, path: str | Path, *, lang: Lang = "zh", tiles: str | None = None, crs: Datum = "wgs84") -> Path:
        """Write the map of the night as one HTML file that needs no network, unless online ``tiles`` are asked for.

        See `patrolroute.output.web.write_map`.
        """
        from patrolroute.output.web import write_map

        return write_map(self, path, lang=lang, tiles=tiles, crs=crs)

    def to_sheets(self, folder: str | Path, *, lang: Lang = "zh", pdf: bool = False) -> tuple[Path, ...]:
        """Write the order sheets and the commander's sheet into a folder, as PDF too if asked.

        See `patrolroute.output.sheets.write_sheets`.
        """
        from patrolroute.output.sheets import write_sheets

        return write_sheets(self, folder, lang=lang, pdf=pdf)

    def to_xlsx(self, path: str | Path, *, lang: Lang = "zh", crs: Datum = "wgs84") -> Path:
        """Write the workbook: crews, stops, streets, measures, what is left out."""
        from patrolroute.output.xlsx import write_xlsx

        return write_xlsx(self, path, lang=lang, crs=crs)

    def to_ics(self, path: str | Path, *, lang: Lang = "zh", crs: Datum = "wgs84") -> Path:
        """Write the shifts as a calendar, one event a crew."""
        from patrolroute.output.ics import write_ics

        return write_ics(self, path, lang=lang, crs=crs)

    def explore(self, *, lang: Lang = "zh", tiles: Any = None) -> Any:
        """Give an interactive map for a notebook, whose page needs a network.

        See `patrolroute.output.plots.explore.explore`.
        """
        from patrolroute.output.plots.explore import explore

        return explore(self, lang=lang, tiles=tiles)


def _most_missed_first(task: PlannedTask) -> tuple[bool, int, str]:
    return not (task.required and task.visits_done == 0), -sum(task.worth[task.visits_done :]), task.id
