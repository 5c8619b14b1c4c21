"""Kills a program that issues nights, at every step and at any moment, and looks at what is left: run by a test.

A process of one thread loads everything once; children that it forks issue nights and are killed.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import sys
import time
from pathlib import Path

from patrolroute.base.files import write_one
from patrolroute.campaign.folder import ISSUED, NIGHTS, CampaignFolder
from patrolroute.campaign.issuing import cancelled, issue
from patrolroute.campaign.record import Record
from patrolroute.campaign.state import CampaignState, state_of
from patrolroute.plan.files import plan_files
from patrolroute.plan.model import PatrolPlan
from tests.campaign.towns import placed

STEPS = ("planned", "written", "moved", "told")
LIGHT = {"last": "2026-12-31", "rule": {"in_all": 16}}


def write(plan: PatrolPlan, folder: Path, _: object) -> None:
    """Write the plan alone: the other outputs take seconds."""
    for name, content in plan_files(plan).items():
        write_one(folder / name, content)


def killed_at(place: CampaignFolder, step: str) -> None:
    """Issue a night in a child that is killed when a step is done."""

    def kill(done: str) -> None:
        if done == step:
            os.kill(os.getpid(), signal.SIGKILL)

    _child(lambda: issue(place, write=write, step=kill))


def killed_after(place: CampaignFolder, seconds: float) -> None:
    """Issue night after night in a child that is killed after some time."""
    child = os.fork()
    if not child:
        while True:
            night = issue(place, write=write).night
            if night.date.day % 3 == 0:
                cancelled(place, night.date, "rain")
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _child(work: object) -> None:
    child = os.fork()
    if not child:
        work()  # type: ignore[operator]
        os._exit(0)
    os.waitpid(child, 0)


def whole(place: CampaignFolder, known: CampaignState) -> CampaignState:
    """Check that what was known is as it was, and that nights and folders are the same when the next was issued."""
    state = state_of(Record.read(place.folder).events)
    there = max(0, len(known.nights) - 1)  # the last one may have been cancelled meanwhile
    assert state.nights[:there] == known.nights[:there]
    assert [night.plan_sha256 for night in state.nights][: len(known.nights)] == [
        night.plan_sha256 for night in known.nights
    ]
    return state


def mended(place: CampaignFolder) -> CampaignState:
    """Issue one more night and check that every night has its folder and every folder its night, once."""
    before = state_of(Record.read(place.folder).events)
    issue(place, write=write)
    state = whole(place, before)
    folders = sorted(path.parent.name for path in (place.folder / NIGHTS).glob(f"*/{ISSUED}"))
    assert folders == [night.date.isoformat() for night in state.nights]
    assert not place.issuing.exists()
    dates = [night.date for night in state.nights]
    assert len(set(dates)) == len(dates)
    return state


def main(folder: Path, tries: int) -> None:
    """Kill at every step, then at any moment."""
    for step in STEPS:
        place = placed(folder / step, **LIGHT)
        killed_at(place, step)
        state = mended(place)
        assert len(state.nights) == (2 if step in ("moved", "told") else 1), step
    place, state, moments = placed(folder / "any", **LIGHT), CampaignState(), random.Random(7)  # noqa: S311
    begun = time.monotonic()
    issue(place, write=write)
    usual = time.monotonic() - begun
    for _ in range(tries):
        killed_after(place, moments.uniform(0, 2 * usual))
        state = whole(place, state)
    state = mended(place)
    assert state.last_date is not None
    assert state.last_date <= dt.date(2026, 12, 31)
    sys.stdout.write(str(len(state.nights)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
