"""`PatrolPlan`: all that a night is, complete enough to be checked by a stranger, and its doors to file and outputs.

Its fields, and those of the records in `patrolroute.plan.records`, are the form of ``plan.json`` too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Protocol, overload

from patrolroute.base.arguments import checked
from patrolroute.base.files import write_all
from patrolroute.base.vocabulary import Datum, Lang, Mode
from patrolroute.network.road import RoadNetwork
from patrolroute.plan.companions import Companion
from patrolroute.plan.declaration import Form, Key, described, written
from patrolroute.plan.document import (
    NetworkFile,
    Sha256,
    Stated,
    asked_digest,
    plan_document,
    plan_from,
    plan_text,
)
from patrolroute.plan.files import plan_files, read_plan
from patrolroute.plan.records import (
    Conflict,
    Id,
    Moments,
    Objective,
    PlannedCrew,
    PlannedHours,
    PlannedNearHome,
    PlannedTask,
    Replanned,
    RoadChange,
    Route,
)

if TYPE_CHECKING:
    import folium
    import geopandas

    from patrolroute.rules.audit import Violation


SCHEMA_VERSION = "2.3"
"""``major.minor``: a minor version adds keys, a major one changes or removes some."""


class Explain(Protocol):
    """What works out a plan's reasons once somebody asks for them."""

    def __call__(self, plan: PatrolPlan, /, *, brief: bool = False) -> PatrolPlan:
        """Return the plan with the reasons; in brief without what one more visit would take."""


@described
@dataclass(frozen=True, eq=False, kw_only=True)
class PatrolPlan:
    """All routes of a night (夜巡方案); with the files that it names, a stranger can check every second of it."""

    schema_version: ClassVar[Annotated[str, Form(pattern=r"^\d+\.\d+$"), Key("of this form")]] = SCHEMA_VERSION
    created_with: Annotated[str, Key("library and version")] = ""
    crs: ClassVar[Annotated[Literal["wgs84"], Key("datum of all coordinates")]] = "wgs84"
    timezone: Annotated[str, Key("IANA name of the zone in which times are written")]
    seed: Annotated[Id | None, Key("with work and settings, it makes the plan again with equal versions")] = None
    work: Annotated[int | None, Key("units of work that the search did")] = None
    settings: Annotated[Mapping[str, Any], Key("what else made it")] = field(default_factory=dict)
    window: Annotated[Moments, Key("first start and last end of all shifts")]
    networks: Annotated[
        Mapping[Mode, RoadNetwork],
        Key(
            "the road network of each mode, split at stops; the legs' arcs refer to it",
            filed=Annotated[tuple[NetworkFile, ...], Form(at_least=1)],
        ),
    ]
    crews: tuple[PlannedCrew, ...]
    tasks: tuple[PlannedTask, ...]
    key_hours: Annotated[tuple[PlannedHours, ...], Key("hours in which being seen weighs more", since="2.0")] = ()
    near_home: Annotated[
        PlannedNearHome | None, Key("what being seen away from home costs a crew; null: nobody asked", since="2.0")
    ] = None
    road_changes: Annotated[
        tuple[RoadChange, ...], Key("streets that are closed or slow from a moment on", since="2.2")
    ] = ()
    replanned: Annotated[
        tuple[Replanned, ...], Key("when the rest of the night was planned anew, in order of time", since="2.2")
    ] = ()
    routes: Annotated[tuple[Route, ...], Key("one for each crew, in the same order")]
    objective: Annotated[Objective, Key("what the plan is worth")]
    conflicts: Annotated[
        tuple[Conflict, ...] | None,
        Key("sets of required tasks that cannot all be served; empty: they can; null: nobody looked", since="1.3"),
    ] = None
    read_as: Annotated[Stated | None, Key(is_written=False)] = None
    explain: Annotated[Explain | None, Key(is_written=False)] = None

    @property
    def stated(self) -> Stated | None:
        """What its file says of it; None for a plan that was not read from one, and one that was changed since."""
        return self.read_as if isinstance(self.read_as, Stated) and self.read_as.is_of(self) else None

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
    @written(after="window", says="whose map data it is")
    def attribution(self) -> str:
        """Whose map data it is."""
        return "; ".join(dict.fromkeys(network.attribution for network in self.networks.values()))

    @property
    @written(after="attribution", says="what every output must say of the map")
    def notice(self) -> str | None:
        """What every output must say of the map, or None."""
        notices = dict.fromkeys(network.notice for network in self.networks.values() if network.notice)
        return "\n".join(notices) or None

    @cached_property
    def explained(self) -> PatrolPlan:
        """The same plan with the reasons why tasks are left out, and which required ones are in each other's way.

        What `patrolroute.solve` finds has them worked out here, when somebody first asks: `left_out`, the audit and
        every output do. Until then its tasks say no reason.
        """
        return replace(self.explain(self), explain=None) if callable(self.explain) else self

    @property
    def briefly_explained(self) -> PatrolPlan:
        """The plan with the reasons alone, without what a visit would take or give way to: many times quicker."""
        return replace(self.explain(self, brief=True), explain=None) if callable(self.explain) else self

    @property
    def left_out(self) -> tuple[PlannedTask, ...]:
        """Tasks short of their visits, with the reasons: required ones first, then by what they would add."""
        short = [task for task in self.explained.tasks if task.visits_done < task.visits_wanted]
        return tuple(sorted(short, key=_most_missed_first))

    @cached_property
    @written(after="conflicts", says="measures by name")
    def metrics(self) -> dict[str, float | None]:
        """Every measure of `patrolroute.metrics` by name."""
        from patrolroute.metrics import measure

        return measure(self)

    @cached_property
    @written(
        after="metrics",
        says="of what was asked for: crews, key hours, and tasks without what became of them",
        since="1.6",
    )
    def asked_sha256(self) -> Sha256 | None:
        """A digest of what was asked for, by which a change in its file is found."""
        return asked_digest(self)

    @property
    @written(after="asked_sha256", says="the outputs beside it", since="1.6")
    def companions(self) -> tuple[Companion, ...] | None:
        """None: what stands beside its file is named there by whoever writes it, see `patrolroute.plan.companions`."""
        return ()

    def audit(self) -> tuple[Violation, ...]:
        """Check every rule from the legs; empty if the plan is sound."""
        from patrolroute.rules.audit import audit

        return audit(self)

    def raise_for_violations(self) -> None:
        """Raise an exception if the audit finds anything.

        Raises
        ------
        PlanViolation
            With every broken rule.
        """
        from patrolroute.rules.audit import raise_for_violations

        raise_for_violations(self)

    @checked
    def summary(self, lang: Lang = "zh") -> str:
        """Return in words what the plan covers, what it leaves out and how the night runs."""
        from patrolroute.output.summary import summary

        return summary(self, lang)

    @checked
    def save(
        self, folder: str | Path, *, lang: Lang = "zh", crs: Datum = "wgs84", also: str | Iterable[str] = ()
    ) -> tuple[Path, ...]:
        """Write every output into a folder, and say which files were written.

        See `patrolroute.output.save.save` for what is written and raised. What needs a library that is not installed
        is left out: `patrolroute.output.save.left_out_for_lack` says what, and what to install for it.

        Parameters
        ----------
        folder
            Made if it is missing. What is there under the same names is replaced; what an earlier plan left under
            others goes: tracks of its crews, KML and GeoJSON in another datum, PDF of order sheets that change, and the
            file of an output that fails.
        lang
            ``zh`` or ``en``, of the words in the outputs.
        crs
            Datum of the coordinates in tables, tracks, KML and GeoJSON: ``wgs84``, ``gcj02`` or ``bd09``; each file
            says which. ``plan.json`` and its networks are WGS-84.
        also
            Outputs that are only written on request, or must not be left out: the name of one, or several.
        """
        from patrolroute.output.save import save

        return save(self, folder, lang=lang, crs=crs, also=also)

    @checked
    def to_bytes(self, name: str, *, lang: Lang = "zh", crs: Datum = "wgs84") -> bytes:
        """Return the content of an output of one file, without any folder.

        Parameters
        ----------
        name
            As ``patrolroute outputs`` lists it: ``map.html``, ``plan.xlsx``. ``plan.json`` comes without its networks.
        lang, crs
            As in `save`.

        Raises
        ------
        InputError
            If there is no such output, or each crew has a file of it.
        MissingExtraError
            If it needs a library that is not installed.
        """
        from patrolroute.output.save import content_of

        return content_of(self, name, lang=lang, crs=crs)

    @checked
    def to_files(self, name: str, *, lang: Lang = "zh", crs: Datum = "wgs84") -> dict[str, bytes]:
        """Return the content of all files of an output by their names, without any folder.

        Parameters
        ----------
        name
            As ``patrolroute outputs`` lists it: ``gpx/<crew>.gpx``, of which each crew that drives has a file;
            ``plan.json``, which comes with its networks.
        lang, crs
            As in `save`.

        Raises
        ------
        InputError
            If there is no such output.
        MissingExtraError
            If it needs a library that is not installed.
        """
        from patrolroute.output.save import contents_of

        return contents_of(self, name, lang=lang, crs=crs)

    def to_dict(self) -> dict[str, Any]:
        """Return what ``plan.json`` holds as dictionaries, lists, texts and numbers, reasons included.

        The networks are named in it by their digests, as in the file, and are to be kept beside it: `from_dict` needs
        them.

        Raises
        ------
        OutputError
            If a text holds what no file can.
        """
        return plan_document(self)

    @classmethod
    @checked(but=("document", "network"))
    def from_dict(cls, document: Mapping[str, Any], *, network: RoadNetwork | Mapping[Mode, RoadNetwork]) -> PatrolPlan:
        """Make a plan of what `to_dict` returned.

        Parameters
        ----------
        document
            The plan.
        network
            Its `networks`, or the only one of them.

        Raises
        ------
        PlanFileError
            With everything that keeps it from being a plan, a network that is not the plan's own included.
        """
        return plan_from(cls, document, network)

    @overload
    def to_json(self) -> str: ...

    @overload
    def to_json(self, path: str | Path) -> Path: ...

    @checked
    def to_json(self, path: str | Path | None = None) -> str | Path:
        """Write ``plan.json`` and the networks that it names beside it; without a path, return its text.

        Raises
        ------
        OutputError
            If the folder cannot be written; what was there before stays as it was.
        """
        if path is None:
            return plan_text(self)
        path = Path(path)
        write_all(path.parent, plan_files(self, path.name))
        return path

    @classmethod
    @checked
    def from_json(cls, path: str | Path) -> PatrolPlan:
        """Read ``plan.json`` and the networks that it names beside it.

        Raises
        ------
        PlanFileError
            With everything that keeps it from being a plan.
        """
        return read_plan(cls, path)

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        """Return the JSON Schema of ``plan.json``."""
        from patrolroute.plan.codec import schema, schema_named

        named = schema_named("plan", SCHEMA_VERSION) | schema(cls)
        return named | {"title": "patrolroute plan", "$comment": SCHEMA_VERSION}

    def to_legs(self) -> geopandas.GeoDataFrame:
        """Return one row a leg, with its line, for people who live in notebooks."""
        from patrolroute.output.tables import legs_frame

        return legs_frame(self)

    def to_tasks(self) -> geopandas.GeoDataFrame:
        """Return one row a task, with its line or point."""
        from patrolroute.output.tables import tasks_frame

        return tasks_frame(self)

    @checked
    def to_png(self, path: str | Path, *, lang: Lang = "zh") -> Path:
        """Draw the map of the night."""
        from patrolroute.output.picture import draw

        return draw(self, path, lang=lang)

    @checked
    def to_html(self, path: str | Path, *, lang: Lang = "zh", tiles: str | None = None, crs: Datum = "wgs84") -> Path:
        """Write the map of the night as one HTML file that needs no network, unless online tiles are asked for.

        See `patrolroute.output.web.write_map` for what is raised.

        Parameters
        ----------
        path
            Where to.
        lang
            ``zh`` or ``en``.
        tiles
            An online base layer below the map, None for none: then the page makes no request at all. ``osm`` for the
            tiles of OpenStreetMap, or an address with ``{X}``, ``{Y}`` and ``{Z}``, such as that of a tile server in
            the bureau's own network.
        crs
            Datum of the tiles: ``wgs84``, or ``gcj02`` for those of Chinese maps.
        """
        from patrolroute.output.web import write_map

        return write_map(self, path, lang=lang, tiles=tiles, crs=crs)

    @checked
    def to_sheets(self, folder: str | Path, *, lang: Lang = "zh", pdf: bool = False) -> tuple[Path, ...]:
        """Write the order sheets and the commander's sheet into a folder, and say which files were written.

        See `patrolroute.output.sheets.write_sheets` for what is raised.

        Parameters
        ----------
        folder
            Made if it is missing; what is there under the same names is replaced. The PDF of pages that change goes.
        lang
            ``zh`` or ``en``.
        pdf
            Whether to print them as ``sheets.pdf`` and ``commander.pdf`` too, through a Chromium, Chrome or Edge of
            this computer.
        """
        from patrolroute.output.sheets import write_sheets

        return write_sheets(self, folder, lang=lang, pdf=pdf)

    @checked
    def to_xlsx(self, path: str | Path, *, lang: Lang = "zh", crs: Datum = "wgs84") -> Path:
        """Write the workbook: crews, stops, streets, measures, what is left out.

        Parameters
        ----------
        path
            Where to.
        lang
            ``zh`` or ``en``.
        crs
            Datum of the coordinates: ``wgs84``, ``gcj02`` or ``bd09``.
        """
        from patrolroute.output.workbook import write_xlsx

        return write_xlsx(self, path, lang=lang, crs=crs)

    @checked
    def to_ics(self, path: str | Path, *, lang: Lang = "zh", crs: Datum = "wgs84") -> Path:
        """Write the shifts as a calendar, one event a crew.

        Parameters
        ----------
        path
            Where to.
        lang
            ``zh`` or ``en``.
        crs
            Datum of the coordinates: ``wgs84``, ``gcj02`` or ``bd09``.
        """
        from patrolroute.output.calendar import write_ics

        return write_ics(self, path, lang=lang, crs=crs)

    @checked
    def explore(self, *, lang: Lang = "zh", tiles: str | folium.TileLayer | None = None) -> folium.Map:
        """Return an interactive map for a notebook, whose page needs a network.

        See `patrolroute.output.plots.maps.explore`.
        """
        from patrolroute.output.plots import explore

        page: folium.Map = explore(self, lang=lang, tiles=tiles)
        return page


def _most_missed_first(task: PlannedTask) -> tuple[bool, bool, int, str]:
    is_missed = task.required and task.visits_done == 0
    return not is_missed, not task.required, -sum(task.worth[task.visits_done :]), task.id
