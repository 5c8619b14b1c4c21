"""Everything that a plan is handed out as: the table of outputs, and the folder that holds them.

A new output is a module with its writer and one line in `OUTPUTS`: `save`, its docstring, ``patrolroute outputs`` and
the reference page follow.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from patrolroute.base.errors import InputError, MissingExtraError, PartialOutputError
from patrolroute.base.extras import lacking, require
from patrolroute.base.files import safe_names, write_all, write_each
from patrolroute.base.text import require_lang
from patrolroute.base.vocabulary import DATUMS, Datum, Lang
from patrolroute.output.calendar import ics_bytes
from patrolroute.output.kml import kml_bytes
from patrolroute.output.looks.clock import CREATOR, in_datum, plan_number
from patrolroute.output.looks.discreet import makes_visits
from patrolroute.output.picture import picture_bytes
from patrolroute.output.sheets import old_prints
from patrolroute.output.sheets.pages import commander_html, pdf_of, sheets_html
from patrolroute.output.sheets.rounds import rounds_html
from patrolroute.output.summary import summary
from patrolroute.output.tables import left_out_csv, stops_csv
from patrolroute.output.tracks import geojson_bytes, gpx_bytes
from patrolroute.output.web import map_bytes
from patrolroute.output.workbook import xlsx_bytes
from patrolroute.plan.companions import Companion, with_companions
from patrolroute.plan.document import PLAN_FILE
from patrolroute.plan.files import plan_files
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import Route

_LOG = logging.getLogger(__name__)

SUMMARY = "summary.txt"
GPX_FOLDER = "gpx"

HEAD_BYTES = 2000
"""In so many bytes at its begin a file says who made it, and of which plan."""


@dataclass(frozen=True, slots=True)
class Handout:
    """What an output is written from.

    Parameters
    ----------
    plan
        The plan, WGS-84.
    moved
        The same in the coordinates of ``datum``.
    lang
        Of the words.
    datum
        Which files with coordinates for other programs name.
    crew
        Of which crew, for an output of which each crew has a file; else empty.
    """

    plan: PatrolPlan
    moved: PatrolPlan
    lang: Lang
    datum: Datum
    crew: str = ""

    @property
    def route(self) -> Route:
        """The crew's route in the coordinates of ``datum``."""
        return next(route for route in self.moved.routes if route.crew == self.crew)


Writer: TypeAlias = Callable[[Handout], bytes | Mapping[str, bytes]]
"""Returns the content of a file; of several files their contents by name."""


@dataclass(frozen=True, slots=True)
class Output:
    """One thing that a plan is handed out as.

    Parameters
    ----------
    name
        The file in the folder. ``{datum}`` stands for nothing in WGS-84, else for ``-gcj02`` or ``-bd09``: programs
        that read such a file take it for WGS-84. With ``{crew}`` there is one file for each crew that drives.
    write
        Returns what is in it.
    zh, en
        What it is, for people.
    on_request
        Whether it is only written if asked for.
    needs
        Libraries that an extra brings, keys of `patrolroute.base.extras.EXTRAS`.
    is_for
        Returns whether a plan has it at all; None: every plan.
    """

    name: str
    write: Writer
    zh: str
    en: str
    on_request: bool = False
    needs: tuple[str, ...] = ()
    is_for: Callable[[PatrolPlan], bool] | None = None

    @property
    def shown(self) -> str:
        """Its name as people read it: ``gpx/<crew>.gpx``."""
        return self.name.format(datum="", crew="<crew>")

    @property
    def lacks(self) -> Iterator[MissingExtraError]:
        """What to say where a library that it needs is not installed; nothing where all are."""
        return lacking(self.shown, *self.needs)

    def file(self, datum: Datum, crew: str = "") -> str:
        """Return the name of a file."""
        return self.name.format(datum="" if datum == "wgs84" else f"-{datum}", crew=crew)


OUTPUTS: tuple[Output, ...] = (
    Output(
        PLAN_FILE,
        lambda handout: plan_files(handout.plan),
        "方案全部内容（精确到秒），供其他程序读取；路网和转弯用时在旁边的 network.graphml、turns.csv",
        "everything, to the second, for other programs; `network.graphml` and `turns.csv` beside it are its streets",
    ),
    Output(
        SUMMARY,
        lambda handout: (summary(handout.plan, handout.lang) + "\n").encode("utf-8-sig"),
        "文字概要，供指挥员",
        "the night in words, for the commander",
    ),
    Output(
        "map.png",
        lambda handout: picture_bytes(handout.plan, lang=handout.lang),
        "全程一张图，供张贴",
        "the whole night on one sheet, to pin to the wall",
        needs=("matplotlib", "pypinyin"),
    ),
    Output(
        "map.html",
        lambda handout: map_bytes(handout.plan, lang=handout.lang),
        "带时钟的巡逻地图，双击打开，不用联网",
        "the night on a map with a clock; opens by double click and needs no network",
        needs=("bokeh",),
    ),
    Output(
        "sheets.html",
        lambda handout: sheets_html(handout.plan, handout.lang, handout.datum),
        "巡逻任务单，每车组一两页，用浏览器打印",
        "order sheets, a page or two for each crew, to print from a browser",
        needs=("jinja2", "segno"),
    ),
    Output(
        "rounds.html",
        lambda handout: rounds_html(handout.plan, handout.lang),
        "走访清单：次序、地点、打勾处，不印时间和地图码；有走访任务时才有",
        "lists of visits: order, place, a box to tick, neither times nor codes; where crews make visits",
        needs=("jinja2",),
        is_for=makes_visits,
    ),
    Output(
        "commander.html",
        lambda handout: commander_html(handout.plan, handout.lang),
        "指挥单，用浏览器打印",
        "the commander's sheet, to print from a browser",
        needs=("jinja2",),
    ),
    Output(
        "plan.xlsx",
        lambda handout: xlsx_bytes(handout.moved, handout.lang, handout.datum),
        "工作簿：车组、路线、路段与场所、各街见警、指标、未完成，供值班室",
        "a workbook for the duty office: crews, stops, streets, how each is seen, measures, what is left out",
        needs=("xlsxwriter",),
    ),
    Output(
        "stops.csv",
        lambda handout: stops_csv(handout.moved, handout.lang, handout.datum),
        "各车组当晚逐行行程，序号与任务单一致，Excel 双击打开",
        "each crew's night line by line, numbered as on its order sheet; a Chinese Excel opens it by double click",
    ),
    Output(
        "left_out.csv",
        lambda handout: left_out_csv(handout.plan, handout.lang),
        "未完成要求次数的任务、原因和所需条件",
        "the tasks that are short of their visits, why, and what it would take",
    ),
    Output(
        f"{GPX_FOLDER}/{{crew}}{{datum}}.gpx",
        lambda handout: gpx_bytes(handout.moved, handout.route, handout.lang, handout.datum),
        "每车组一条带时刻的轨迹，供导航设备",
        "the track of a crew with clock times, for its navigator; numbered waypoints",
    ),
    Output(
        "plan{datum}.kml",
        lambda handout: kml_bytes(handout.moved, handout.lang, handout.datum),
        "供奥维、Google Earth：每车组一个文件夹",
        "for Google Earth and Ovi (奥维): a folder a crew, patrols in its colour, other drives in grey",
    ),
    Output(
        "plan{datum}.geojson",
        lambda handout: geojson_bytes(handout.moved, handout.datum),
        "供 GIS：行程、集结点、任务及其属性",
        "for a GIS: legs, depots and tasks with their properties",
    ),
    Output(
        "shifts.ics",
        lambda handout: ics_bytes(handout.moved, handout.lang, handout.datum),
        "班次日历，每车组一条，写明集结点",
        "the shifts for a calendar, one event a crew with its muster place",
        needs=("icalendar",),
    ),
    Output(
        "sheets.pdf",
        lambda handout: pdf_of(sheets_html(handout.plan, handout.lang, handout.datum)),
        "巡逻任务单的 PDF，需要本机有 Chromium、Chrome 或 Edge",
        "the order sheets as PDF, through a Chromium, Chrome or Edge of this computer",
        on_request=True,
        needs=("jinja2", "segno"),
    ),
    Output(
        "rounds.pdf",
        lambda handout: pdf_of(rounds_html(handout.plan, handout.lang)),
        "走访清单的 PDF，需要本机有 Chromium、Chrome 或 Edge",
        "the lists of visits as PDF, through a Chromium, Chrome or Edge of this computer",
        on_request=True,
        needs=("jinja2",),
        is_for=makes_visits,
    ),
    Output(
        "commander.pdf",
        lambda handout: pdf_of(commander_html(handout.plan, handout.lang)),
        "指挥单的 PDF，需要本机有 Chromium、Chrome 或 Edge",
        "the commander's sheet as PDF, through a Chromium, Chrome or Edge of this computer",
        on_request=True,
        needs=("jinja2",),
    ),
)
"""What a plan is handed out as, in the order in which it is written; the plan itself comes first."""


def save(
    plan: PatrolPlan, folder: str | Path, *, lang: Lang = "zh", crs: Datum = "wgs84", also: str | Iterable[str] = ()
) -> tuple[Path, ...]:
    """Write every output of a plan, each file whole or not at all.

    The plan itself (``plan.json`` and its networks) is written first, and ``plan.json`` once more when all else is
    there, then with the digest of every file beside it: `patrolroute check` tells which were changed since, and where
    saving was cut off. An output that fails keeps no other from being written; all that failed is told at the end.

    What needs a library that is not installed is left out, which is no error: `left_out_for_lack` says it beforehand,
    the logger of this module when it happens. An output that is asked for by its name in ``also`` is not left out.

    Parameters
    ----------
    plan
        The plan.
    folder, lang, crs, also
        As in `patrolroute.PatrolPlan.save`.

    Returns
    -------
    tuple of Path
        What was written:

        {outputs}

    Raises
    ------
    InputError
        If there is no such language, datum or output; nothing is written then.
    OutputError
        If the folder or the plan itself cannot be written; what was there before stays as it was.
    PartialOutputError
        With the reason of each output that failed, once all others are written.
    MissingExtraError
        If an output that was asked for by its name needs a library that is not installed; nothing is written then.
    """
    require_lang(lang)
    if not str(folder):
        raise InputError("output folder: '' is no name; the current folder is '.'")
    plan = plan.explained
    folder, handout = Path(folder), Handout(plan, in_datum(plan, crs), lang, crs)
    itself, *others = _wanted(also)
    lacks = _lacks(crs)
    for error in lacks.values():
        _LOG.warning("left out: %s", error)
    parts = list(_parts(others, handout))
    plan_itself = _files(itself.name, itself.write(handout))
    written = write_all(folder, plan_itself | _naming(plan_itself, [Companion(name, None) for name, *_ in parts]))
    contents: dict[str, bytes] = {}
    failed: dict[str, Exception] = {}
    for name, output, part in parts:
        try:
            contents |= _files(name, output.write(part))
        except Exception as error:  # noqa: BLE001 - whatever goes wrong with one output, the others are written
            _LOG.info("output %s failed", name, exc_info=True)
            failed[name] = error
    failed |= write_each(folder, contents, stale=_stale(handout, folder, contents, {*failed, *lacks}))
    written += tuple(folder / name for name in contents if name not in failed)
    named = [Companion(name, None) if name in failed else Companion.of(name, contents[name]) for name, *_ in parts]
    write_all(folder, _naming(plan_itself, [*named, *_kept(folder, contents, {*failed, *lacks})]))
    if failed:
        raise PartialOutputError(folder, written, failed)
    return written


def contents_of(plan: PatrolPlan, name: str, *, lang: Lang = "zh", crs: Datum = "wgs84") -> dict[str, bytes]:
    """Return the content of all files of an output by their names; nothing is written.

    Parameters
    ----------
    plan
        The plan.
    name, lang, crs
        As in `patrolroute.PatrolPlan.to_files`.

    Raises
    ------
    InputError
        If there is no such output.
    MissingExtraError
        If it needs a library that is not installed.
    """
    require_lang(lang)
    output = _known(name)
    require(output.shown, *output.needs)
    plan = plan.explained
    found = _parts([output], Handout(plan, in_datum(plan, crs), lang, crs))
    return {file: content for part, _, of in found for file, content in _files(part, output.write(of)).items()}


def content_of(plan: PatrolPlan, name: str, *, lang: Lang = "zh", crs: Datum = "wgs84") -> bytes:
    """Return the content of an output of one file; nothing is written.

    Parameters
    ----------
    plan
        The plan.
    name, lang, crs
        As in `patrolroute.PatrolPlan.to_bytes`.

    Raises
    ------
    InputError
        If there is no such output, or each crew has a file of it.
    MissingExtraError
        If it needs a library that is not installed.
    """
    output = _known(name)
    if "{crew}" in output.name:
        raise InputError(f"output {name!r} is a file for each crew; plan.to_files({name!r}) returns them by name")
    contents = contents_of(plan, name, lang=lang, crs=crs)
    if not contents:
        raise InputError(f"output {name!r}: no crew of this plan makes visits")
    return contents[output.file(crs)]


def left_out_for_lack() -> tuple[MissingExtraError, ...]:
    """Return what to say of each output that `save` leaves out, for it needs a library that is not installed."""
    return tuple(_lacks("wgs84").values())


def _lacks(datum: Datum) -> dict[str, MissingExtraError]:
    """Return the files that are left out, each with what to say of it."""
    always = (output for output in OUTPUTS if not output.on_request)
    return {output.file(datum): error for output in always for error in output.lacks}


def _known(name: str) -> Output:
    """Return the output that people know by a name."""
    known = {output.shown: output for output in OUTPUTS}
    if not isinstance(name, str) or name not in known:
        raise InputError(_unknown(name, known))
    return known[name]


def _unknown(name: object, known: Iterable[str]) -> str:
    return f"output {name!r} is not one of {', '.join(sorted(known))}"


def listed(lang: Lang = "en") -> str:
    """Return the table of outputs as a list, one a line, those on request last; of what is not installed the extra."""
    wide = max(len(output.shown) for output in OUTPUTS)
    asked = {"zh": "（按需）", "en": " (on request)"}[lang]
    missing = {
        "zh": "（未安装：pip install 'patrolroute[{extra}]'）",
        "en": " (not installed: pip install 'patrolroute[{extra}]')",
    }[lang]
    return "\n".join(
        f"{output.shown:{wide}}  {output.zh if lang == 'zh' else output.en}{asked if output.on_request else ''}"
        + "".join(missing.format(extra=error.extra) for error in output.lacks)
        for output in OUTPUTS
    )


save.__doc__ = (save.__doc__ or "").replace(
    "{outputs}",
    "\n        ".join(f"- ``{output.shown}``{', on request' * output.on_request}: {output.en}" for output in OUTPUTS),
)


def _wanted(also: str | Iterable[str]) -> list[Output]:
    """Return the outputs that are always written, and those that were asked for."""
    names, known = {also} if isinstance(also, str) else set(also), {output.shown for output in OUTPUTS}
    if unknown := sorted(names - known):
        raise InputError([_unknown(name, known) for name in unknown])
    for output in OUTPUTS:
        if output.shown in names:
            require(output.shown, *output.needs)
    return [output for output in OUTPUTS if output.shown in names or not (output.on_request or any(output.lacks))]


def _files(name: str, content: bytes | Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: content} if isinstance(content, bytes) else dict(content)


def _naming(files: Mapping[str, bytes], companions: Iterable[Companion]) -> dict[str, bytes]:
    """Return the plan's own file of those given, naming its companions."""
    return {PLAN_FILE: with_companions(files[PLAN_FILE], companions)} if PLAN_FILE in files else {}


def _kept(folder: Path, contents: Mapping[str, bytes], failed: Iterable[str]) -> Iterator[Companion]:
    """Name what an earlier saving of the same plan left: in another datum, or on request."""
    alone = [output for output in OUTPUTS if "{crew}" not in output.name]
    for name in sorted({output.file(datum) for output in alone for datum in DATUMS} - {PLAN_FILE, *contents, *failed}):
        if (folder / name).is_file():
            yield Companion.of(name, (folder / name).read_bytes())


def _parts(outputs: Iterable[Output], handout: Handout) -> Iterator[tuple[str, Output, Handout]]:
    """Yield each file's name, its output and what it is written from; one for each crew that drives where asked for."""
    crews = [route.crew for route in handout.plan.routes if route.legs]
    for output in outputs:
        if output.is_for is not None and not output.is_for(handout.plan):
            continue
        if "{crew}" in output.name:
            for crew, name in zip(crews, safe_names(crews), strict=True):
                yield output.file(handout.datum, name), output, replace(handout, crew=crew)
        else:
            yield output.file(handout.datum), output, handout


def _stale(handout: Handout, folder: Path, contents: Mapping[str, bytes], failed: Iterable[str]) -> list[Path]:
    """Find what an earlier plan left in a folder, so that nobody hands it out."""
    on_request = {output.name for output in OUTPUTS if output.on_request}
    pages = {name.replace(".pdf", ".html"): name for name in on_request}
    prints = old_prints(folder, {page: contents.get(page, b"") for page in pages})
    old = [folder / name for name in failed if name not in on_request and (folder / name).is_file()]
    shapes = _old_shapes(folder, plan_number(handout.plan), contents)
    lists = [folder / output.name for output in OUTPUTS if output.is_for is not None]
    lists = [path for path in lists if path.name not in contents and path.is_file() and path.suffix == ".html"]
    found = [*_old_tracks(folder, contents), *shapes, *prints, *old, *lists]
    return [path for path in dict.fromkeys(found) if path.relative_to(folder).as_posix() not in contents]


def _old_shapes(folder: Path, number: str, names: Iterable[str]) -> list[Path]:
    """Find KML and GeoJSON of an earlier plan in another datum; those of the same plan stay."""
    shapes = [output for output in OUTPUTS if "{datum}" in output.name and "{crew}" not in output.name]
    every = (folder / output.file(datum) for datum in DATUMS for output in shapes)
    known = (path for path in every if path.name not in names and path.is_file())
    return [path for path in known if number.encode() not in path.read_bytes()[:HEAD_BYTES]]


def _old_tracks(folder: Path, names: Iterable[str]) -> list[Path]:
    """Find tracks that an earlier plan left; files of others stay, and what a link leads to."""
    if (folder / GPX_FOLDER).is_symlink():
        return []
    mark = f'creator="{CREATOR}"'.encode()
    known = (path for path in (folder / GPX_FOLDER).glob("*.gpx") if f"{GPX_FOLDER}/{path.name}" not in names)
    return [path for path in known if path.is_file() and mark in path.read_bytes()[:HEAD_BYTES]]
