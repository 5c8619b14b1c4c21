"""A service that plans nights: a queue behind HTTP, progress as it happens, a plan and a map in the end.

``uvicorn --factory app:create_app --app-dir examples/service``; the environment says the rest: ``DATABASE_URL``
(``sqlite:///nights.db``), ``POOL`` (``threads`` or ``processes``), ``WORKERS`` (2).
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal, cast

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import Response, StreamingResponse
from jobs import OPEN, Jobs
from store import Store

LOOK_EVERY_S = 0.25
KINDS = {"plan.json": "application/json", "map.html": "text/html; charset=utf-8"}


def create_app() -> FastAPI:
    """Return the service, as the environment describes it; its queue begins and ends with it."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        store = Store(os.environ.get("DATABASE_URL", "sqlite:///nights.db"))
        pool = cast("Literal['threads', 'processes']", os.environ.get("POOL", "threads"))
        app.state.jobs = Jobs(store, workers=int(os.environ.get("WORKERS", "2")), pool=pool)
        yield
        await asyncio.to_thread(app.state.jobs.close)

    app = FastAPI(title="Night patrols", lifespan=lifespan)
    app.post("/nights", status_code=202)(add)
    app.get("/nights/{job}")(look)
    app.get("/nights/{job}/events")(watch)
    app.delete("/nights/{job}", status_code=202)(cancel)
    app.get("/nights/{job}/plan")(plan)
    app.get("/nights/{job}/map")(page)
    return app


def add(night: dict[str, Any], request: Request) -> dict[str, str]:
    """Put a night into the queue: what a night's file holds, as JSON."""
    return {"id": _jobs(request).add(night)}


def look(job: str, request: Request) -> dict[str, Any]:
    """Return a job's state, what is wrong with its night, and how far it is."""
    return _known(job, request)


async def watch(job: str, request: Request) -> StreamingResponse:
    """Tell a job's state whenever it changes, as server-sent events, until its end."""
    await asyncio.to_thread(_known, job, request)

    async def events() -> AsyncIterator[str]:
        last = None
        while not await request.is_disconnected():
            state = await asyncio.to_thread(_known, job, request)
            if state != last:
                yield f"event: {state['state']}\ndata: {json.dumps(state, ensure_ascii=False)}\n\n"
            if state["state"] not in OPEN:
                return
            last = state
            await asyncio.sleep(LOOK_EVERY_S)

    return StreamingResponse(events(), media_type="text/event-stream")


def cancel(job: str, request: Request) -> dict[str, bool]:
    """Stop a job; the best plan so far is kept."""
    _known(job, request)
    return {"was_open": _jobs(request).cancel(job)}


def plan(job: str, request: Request) -> Response:
    """Return the plan: see the documentation of plan.json."""
    return _file(job, "plan.json", request)


def page(job: str, request: Request) -> Response:
    """Return the map, a page whole in itself."""
    return _file(job, "map.html", request)


def _jobs(request: Request) -> Jobs:
    return cast("Jobs", request.app.state.jobs)


def _known(job: str, request: Request) -> dict[str, Any]:
    state = _jobs(request).state(job)
    if state is None:
        raise HTTPException(404, f"there is no job {job!r}")
    return state


def _file(job: str, name: str, request: Request) -> Response:
    state = _known(job, request)
    content = _jobs(request).store.file(job, name)
    if content is None:
        raise HTTPException(409, f"there is no plan: the job is {state['state']}")
    return Response(content, media_type=KINDS[name])
