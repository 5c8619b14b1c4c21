"""The matcher's machine code is made when a review is made, and not before."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CODE = """
import sys
import patrolroute as pr

network = pr.RoadNetwork.huainan()
streets = pr.select_streets(network, names=["龙湖路"], priority=3, visits=1)
crews = pr.Crew.fleet(1, depot=(117.0035, 32.6249), start="20:30", end="21:30", date="2026-05-08")
plan = pr.solve(pr.PatrolProblem(network, streets, crews), work_limit=20, threads=1).plan
rows = [f"P01,2026-05-08 20:{minute}:00,117.0035,{32.6249 + minute / 1e4}" for minute in range(30, 50)]
tracks = pr.read_tracks("\\n".join(["车组,时间,经度,纬度", *rows]).encode())
assert "patrolroute.live.matching_kernels" not in sys.modules, "planning and reading load the matcher"

from patrolroute.live import matching_kernels

compiled = [one for one in vars(matching_kernels).values() if hasattr(one, "nopython_signatures")]
assert len(compiled) >= 7
assert not any(one.nopython_signatures for one in compiled), "importing the matcher compiles it"
pr.review(plan, tracks)
assert matching_kernels.forward.nopython_signatures, "a review compiles it"
"""


def test_importing_and_planning_load_no_matcher_and_a_review_compiles_it() -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, check=False, cwd=root, timeout=600
    )
    assert done.returncode == 0, done.stderr
