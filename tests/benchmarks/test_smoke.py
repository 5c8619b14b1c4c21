"""Each benchmark runs to its end on something small, and prints its figures."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
BUNDLED = HERE.parents[1] / "patrolroute" / "data" / "huainan.osm.gz"


def figures(*command: str) -> dict[str, float]:
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=True, timeout=240)
    return {name: float(value) for name, value in re.findall(r"(\w+)=([\d.]+)", done.stdout.splitlines()[-1])}


def test_stages_from_a_file_to_a_plan() -> None:
    found = figures(str(HERE / "stages.py"), str(BUNDLED), "--runs", "1", "--work", "50")
    assert found["cached_to_build"] < 0.5
    assert set(found) == {"build_to_osmnx", "cached_to_build", "peak_mb", "peak_mb_osmnx"}
