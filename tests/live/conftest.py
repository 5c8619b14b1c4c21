"""A night of four crews on the bundled map, planned once for all tests of what is driven."""

from __future__ import annotations

import pytest

import patrolroute as pr
from tests.live.nights import small_plan


@pytest.fixture(scope="session")
def plan() -> pr.PatrolPlan:
    """Return a plan for presence: main streets of a part of the town, two hotspots."""
    return small_plan()
