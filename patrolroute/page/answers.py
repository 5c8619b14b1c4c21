"""What can be asked of the page: one answer for each address, and how requests are read."""

from __future__ import annotations

import asyncio
import json
import math
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import quote

from patrolroute.base.errors import Complaint, Complaints, InputError, PatrolRouteError
from patrolroute.base.files import safe_name
from patrolroute.base.vocabulary import DATUMS, LANGS, Datum, Lang
from patrolroute.page.asked import given_of, lang_of, mode_of, numbers_of, point_at, revision_of
from patrolroute.page.columns import columns_shown, kept_besides
from patrolroute.page.editor import NightEditor, StaleError
from patrolroute.page.jobs import BusyError, Jobs
from patrolroute.page.look import checked, complaint_shown, network_of
from patrolroute.page.map_data import map_of, section, snapped
from patrolroute.page.night_files import (
    FORMS,
    LIST_FORMS,
    empty_night,
    listed_bytes,
    opened_bytes,
    saved,
    title_of_file,
    with_rows,
)
from patrolroute.page.plans import Plans, compared, file_of, make_plan, make_what_if, output_names, run_of
from patrolroute.page.words import WORDS

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

LOOK_EVERY_S = 0.2
"""Seconds between two looks at a job for somebody who watches it."""

MOST_CREWS, MOST_ENDS = 12, 7
"""Of a what-if of the page."""

TOO_DEEP = Complaint("request: its lists and tables lie too deep inside one another", zh="请求：列表和表嵌套过深")

MOST_REACH_M = 1000.0
"""How far off a click may be, on a map that shows the whole town."""

STATIC: Final[Mapping[str, str]] = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
"""Media types of the page's own files."""


@dataclass(eq=False)
class Desk:
    """All that one page has: the night, its jobs, its plans.

    Parameters
    ----------
    editor
        The night.
    lang
        The language that the page begins in.
    """

    editor: NightEditor
    lang: Lang
    jobs: Jobs = field(default_factory=Jobs)
    plans: Plans = field(default_factory=Plans)


def app_of(desk: Desk) -> Starlette:
    """Return what answers the page, without the guard at the door.

    Parameters
    ----------
    desk
        What it works on.
    """
    from starlette.applications import Starlette
    from starlette.routing import Route

    answers = _Answers(desk)
    routes = [
        ("/", "GET", answers.page), ("/static/{name}", "GET", answers.static), ("/words", "GET", answers.words),
        ("/map", "GET", answers.map), ("/night", "GET", answers.night), ("/night", "PUT", answers.edit),
        ("/night/step", "POST", answers.step), ("/night/check", "GET", answers.check),
        ("/night/open", "POST", answers.open), ("/night/list", "POST", answers.add_list),
        ("/night/save/{form}", "GET", answers.save),
        ("/snap", "POST", answers.snap), ("/section", "POST", answers.section),
        ("/job/plan", "POST", answers.plan), ("/job/what-if", "POST", answers.what_if),
        ("/job/stop", "POST", answers.stop), ("/job", "GET", answers.job), ("/job/events", "GET", answers.events),
        ("/plans", "GET", answers.plans), ("/plans/{number:int}/files.zip", "GET", answers.zip),
        ("/plans/{number:int}/{name}", "GET", answers.file),
        ("/compare/{before:int}/{after:int}", "GET", answers.compare),
    ]  # fmt: skip
    return Starlette(routes=[Route(path, _telling(answer), methods=[method]) for path, method, answer in routes])


Answer = Callable[["Request"], Awaitable["Response"]]


def _telling(answer: Answer) -> Answer:
    """Turn what is wrong with a request into an answer: complaints by path, a job that runs, a state that is gone."""

    async def told(request: Request) -> Response:
        try:
            return await answer(request)
        except BusyError:
            return _json({"error": "busy"}, 409)
        except StaleError:
            return _json({"error": "stale"}, 409)
        except PatrolRouteError as error:
            return _refused(error.items)
        except RecursionError:
            return _refused([TOO_DEEP])
        except asyncio.CancelledError:  # the page is being closed, and nobody waits for this
            return _json({"error": "closed"}, 503)

    return told


class _Answers:
    """One method for each thing that can be asked."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._names = desk, {path.name for path in files("patrolroute.page").joinpath("static").iterdir()}

    # The page itself

    async def page(self, request: Request) -> Response:
        """Return the page."""
        from starlette.responses import HTMLResponse

        return HTMLResponse(_static("page.html").replace(b"$lang", self._desk.lang.encode()))

    async def static(self, request: Request) -> Response:
        """Return one of the page's own files: compared with the list of them, never opened by a path."""
        from starlette.responses import Response

        name = request.path_params["name"]
        kind = STATIC.get(Path(name).suffix)
        if name not in self._names or kind is None:
            return Response("no such file", 404)
        return Response(_static(name), media_type=kind)

    async def words(self, request: Request) -> Response:
        """Return all that the page says, in both languages, and the closed lists with their words."""
        return _json({
            "lang": self._desk.lang,
            "words": {lang: {key: WORDS.say(key, lang) for key in WORDS.phrases} for lang in LANGS},
            "forms": list(FORMS),
            "columns": columns_shown(),
            "besides": kept_besides(),
        })  # fmt: skip

    # The map

    async def map(self, request: Request) -> Response:
        """Return the map of a mode."""
        mode, editor = mode_of(request.query_params), self._desk.editor
        return _json(await _apart(lambda: map_of(network_of(editor.data, editor.folder, mode))))

    async def snap(self, request: Request) -> Response:
        """Return where a click snaps to."""
        given, editor = await given_of(request), self._desk.editor
        point = point_at(given, "point")
        return _json(await _apart(lambda: snapped(network_of(editor.data, editor.folder, mode_of(given)), point)))

    async def section(self, request: Request) -> Response:
        """Return the section of a street between two clicks."""
        given, editor = await given_of(request), self._desk.editor
        first, second = point_at(given, "first"), point_at(given, "second")
        reach, mode = given.get("reach_m"), mode_of(given)
        reach_m = float(reach) if isinstance(reach, int | float) and 0 <= reach <= MOST_REACH_M else 0.0

        def found() -> Any:
            return section(network_of(editor.data, editor.folder, mode), first, second, reach_m=reach_m)

        return _json(await _apart(found))

    # The night

    async def night(self, request: Request) -> Response:
        """Return the night as it is."""
        return _json(await _apart(self._desk.editor.shown))

    async def edit(self, request: Request) -> Response:
        """Put another state of the night in place, and return what it means."""
        given = await given_of(request)
        if not isinstance(given.get("night"), dict):
            raise InputError(f"night: is a {type(given.get('night')).__name__}, not a table of entries")
        self._desk.editor.edit(given["night"], revision_of(given))
        return await self.night(request)

    async def step(self, request: Request) -> Response:
        """Undo or redo."""
        given = await given_of(request)
        self._desk.editor.step(1 if given.get("by") == 1 else -1, revision_of(given))
        return await self.night(request)

    async def check(self, request: Request) -> Response:
        """Return what the doctor finds."""
        editor, lang = self._desk.editor, lang_of(request.query_params.get("lang"), self._desk.lang)
        shown = await _apart(editor.shown)
        if shown["todo"] or shown["complaints"]:
            return _json({"revision": shown["revision"], "findings": None})
        findings = await _apart(lambda: checked(shown["night"], editor.folder, lang))
        return _json({"revision": shown["revision"], "findings": findings})

    async def open(self, request: Request) -> Response:
        """Put the night of a file that was sent in place of this one, or the empty night."""
        asked, revision = request.query_params.get("form", ""), revision_of(request.query_params)
        form, complaints = next((form for form in FORMS if form == asked), None), Complaints()
        if asked == "empty":
            data: dict[str, Any] | None = empty_night(self._desk.lang) | {"map": self._desk.editor.data["map"]}
        elif form is not None:
            content = await request.body()
            data = await _apart(lambda: opened_bytes(content, form, complaints))
        else:
            raise InputError(f"form {asked!r} is not one of {', '.join(FORMS)}")
        if data is None:
            raise InputError(complaints.items)
        self._desk.editor.open(data, complaints.items, revision)
        return await self.night(request)

    async def add_list(self, request: Request) -> Response:
        """Add the places of a list that was sent to the hotspots or to the depots."""
        given, editor, complaints = request.query_params, self._desk.editor, Complaints()
        asked = {"list": ("hotspots", "depots"), "form": LIST_FORMS, "crs": DATUMS}
        for name, known in asked.items():
            if given.get(name) not in known:
                raise InputError(f"{name} {given.get(name)!r} is not one of {', '.join(known)}")
        content, crs = await request.body(), cast("Datum", given["crs"])
        rows = await _apart(lambda: listed_bytes(content, given["form"], crs, complaints))
        if not rows:
            raise InputError(complaints.items or "hotspots: there is no row")
        editor.edit(with_rows(editor.data, given["list"], rows), revision_of(given))
        return await self.night(request)

    async def save(self, request: Request) -> Response:
        """Return the night as a file."""
        form = request.path_params["form"]
        if form not in FORMS:
            raise InputError(f"form {form!r} is not one of {', '.join(FORMS)}")
        data = self._desk.editor.data
        content = await _apart(lambda: saved(data, form))
        return _file(content, FORMS[form], f"{title_of_file(data)}.{form}", is_attached=True)

    # Jobs

    async def plan(self, request: Request) -> Response:
        """Begin to plan the night as it is."""
        editor, plans = self._desk.editor, self._desk.plans
        run = run_of(editor.data, editor.folder)
        return _json(self._desk.jobs.start("plan", lambda job: make_plan(job, run, plans)).shown())

    async def what_if(self, request: Request) -> Response:
        """Begin to plan the night for several fleets and ends."""
        given, editor, plans = await given_of(request), self._desk.editor, self._desk.plans
        crews, ends = (numbers_of(given, name, most) for name, most in (("crews", MOST_CREWS), ("ends", MOST_ENDS)))
        run = run_of(editor.data, editor.folder)
        job = self._desk.jobs.start("what_if", lambda job: make_what_if(job, run, plans, crews=crews, ends=ends))
        return _json(job.shown())

    async def stop(self, request: Request) -> Response:
        """Stop the job; what it has found is kept."""
        self._desk.jobs.stop()
        return await self.job(request)

    async def job(self, request: Request) -> Response:
        """Return how the job is, null before the first."""
        job = self._desk.jobs.current
        return _json(job and job.shown())

    async def events(self, request: Request) -> Response:
        """Tell how the job is whenever that changes, as server-sent events, until it ends."""
        from starlette.responses import StreamingResponse

        async def told() -> AsyncIterator[str]:
            job, version = self._desk.jobs.current, -1
            while job is not None and not await request.is_disconnected():
                if job.version != version:
                    version = job.version
                    shown = job.shown()
                    yield f"data: {json.dumps(shown, ensure_ascii=False)}\n\n"
                    if shown["state"] != "running":
                        return
                await asyncio.sleep(LOOK_EVERY_S)

        return StreamingResponse(told(), media_type="text/event-stream")

    # Plans

    async def plans(self, request: Request) -> Response:
        """Return the list of plans."""
        return _json(self._desk.plans.shown())

    async def file(self, request: Request) -> Response:
        """Return an output of a plan, or the list of them."""
        from starlette.responses import Response

        kept, name = self._desk.plans.get(request.path_params["number"]), request.path_params["name"]
        lang = lang_of(request.query_params.get("lang"), self._desk.lang)
        if kept is not None and name == "files":
            return _json(output_names(kept.plan))
        found = None if kept is None else await _apart(lambda: file_of(kept, name, lang))
        if found is None:
            return Response("no such file", 404)
        content, kind = found
        is_page = name.endswith(".html")
        return _file(content, kind, name, is_attached=not is_page, is_page=is_page)

    async def zip(self, request: Request) -> Response:
        """Return all outputs of a plan in one archive."""
        from starlette.responses import Response

        number, lang = request.path_params["number"], lang_of(request.query_params.get("lang"), self._desk.lang)
        kept = self._desk.plans.get(number)
        if kept is None:
            return Response("no such plan", 404)
        return _file(await _apart(lambda: kept.zipped(lang)), "application/zip", f"plan-{number}.zip", is_attached=True)

    async def compare(self, request: Request) -> Response:
        """Return two plans on one map, and what differs."""
        from starlette.responses import Response

        pair = [self._desk.plans.get(request.path_params[name]) for name in ("before", "after")]
        if pair[0] is None or pair[1] is None:
            return Response("no such plan", 404)
        before, after, lang = pair[0].plan, pair[1].plan, lang_of(request.query_params.get("lang"), self._desk.lang)
        return _json(await _apart(lambda: compared(before, after, lang)))


async def _apart(work: Callable[[], Any]) -> Any:
    """Do in a thread what takes longer than a blink, so that others are answered meanwhile."""
    return await asyncio.to_thread(work)


def _static(name: str) -> bytes:
    return files("patrolroute.page").joinpath("static", name).read_bytes()


def _refused(items: Iterable[Complaint]) -> Response:
    return _json({"error": "refused", "complaints": list(map(complaint_shown, items))}, 422)


def _json(value: Any, status: int = 200) -> Response:
    from starlette.responses import Response

    try:
        text = json.dumps(value, ensure_ascii=False, default=str, allow_nan=False)
    except ValueError:
        text = json.dumps(_said_numbers(value), ensure_ascii=False, default=str, allow_nan=False)
    content = text.encode(errors="backslashreplace")  # half a letter: JSON writes it so too
    return Response(content, status, media_type="application/json")


def _said_numbers(value: Any) -> Any:
    """Say in words what is no finite number, as TOML may hold it: no browser reads NaN, and the cell shows it."""
    if isinstance(value, Mapping):
        return {name: _said_numbers(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_said_numbers(part) for part in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _file(content: bytes, kind: str, name: str, *, is_attached: bool, is_page: bool = False) -> Response:
    """Return a file; a page of a plan has a policy of its own, that keeps it away from this one."""
    from starlette.responses import Response

    from patrolroute.page.safety import HANDED_OUT

    stem, dot, form = name.rpartition(".")
    plain = re.sub(r"[^\w.-]+", "-", stem, flags=re.ASCII).strip("-.") or "night"  # for browsers that know no other
    whole = quote(safe_name(name), safe="", errors="replace")
    said = f"attachment; filename=\"{plain}{dot}{form}\"; filename*=UTF-8''{whole}"
    headers = {"content-disposition": said} if is_attached else {}
    if is_page:
        headers["content-security-policy"] = HANDED_OUT
    return Response(content, media_type=kind, headers=headers)
