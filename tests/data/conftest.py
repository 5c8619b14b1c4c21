"""What the tests of the bundled data share: the network of the bundled map, in a cache of its own."""

from __future__ import annotations

import pytest

from patrolroute.network.road import RoadNetwork


@pytest.fixture(scope="session")
def network(tmp_path_factory: pytest.TempPathFactory) -> RoadNetwork:
    """Return the bundled map as its users get it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATROLROUTE_CACHE", str(tmp_path_factory.mktemp("cache")))
        return RoadNetwork.huainan()
