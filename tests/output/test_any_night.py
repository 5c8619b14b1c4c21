"""Small nights drawn at random, one-street nights among them: every output is written, and the audit is clean.

Short nights may miss what is required; that is told and no fault of the plan. `tests/benchmarks/random_nights.py` tries
hundreds.
"""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from patrolroute.output.looks.names import _named
from patrolroute.output.save import save
from patrolroute.rules.audit import NOT_KEPT, audit
from tests.benchmarks.nights.drawn import drawn_night
from tests.overpass import BUNDLED, EXTRACTS

NIGHTS = 2
"""Of each map."""


def put_out(path: Path, seed: int, folder: Path) -> None:
    """Solve a night, judge it, and write everything that a plan is handed out as; what fails is raised at the end."""
    night = drawn_night(seed, [path], folder)
    plan = night.run.solve(night.problem, threads=1).plan
    assert [found for found in audit(plan) if found.rule not in NOT_KEPT] == []
    save(plan, folder / "out", lang=night.run.night.lang, crs=night.run.night.out_crs)


@pytest.mark.parametrize("seed", range(NIGHTS))
def test_every_output_of_any_small_night_is_written(seed: int, tmp_path: Path) -> None:
    put_out(BUNDLED, seed, tmp_path)


@pytest.mark.parametrize("name", ["shanghai_center_scm_deeponet.osm", "harrisburg.osm.pbf"])
@pytest.mark.parametrize("seed", range(NIGHTS))
def test_every_output_of_a_night_on_a_real_map_is_written(name: str, seed: int, tmp_path: Path) -> None:
    if not (EXTRACTS / name).exists():
        pytest.skip(f"{name} is not beside this project")
    put_out(EXTRACTS / name, seed + 4, tmp_path)


def test_a_street_that_only_its_bounds_bring_into_the_frame_has_no_line_for_a_name() -> None:
    """It turns around a corner of the frame."""
    around = np.array([(-50.0, 50.0), (-50.0, 150.0), (50.0, 150.0)])
    scene: Any = SimpleNamespace(frame=(0.0, 0.0, 100.0, 100.0))
    assert _named(scene, "环城路", [("primary", around)], 0).lines == ()
    assert len(_named(scene, "环城路", [("primary", around), ("primary", around / 2)], 0).lines) == 1
