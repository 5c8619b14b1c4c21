"""The map is drawn for a user without a home, too."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

HOMELESS = """
import os, pathlib, sys
from unittest import mock
known = os.path.expanduser
def unknown(path):
    return known(path) if "HOME" in os.environ else path
os.environ.pop("HOME", None)
with mock.patch("os.path.expanduser", unknown):
    try:
        pathlib.Path.home()
    except RuntimeError:
        pass
    else:
        sys.exit("this user has a home")
    from patrolroute.output.web import map_bytes
    from tests.output.plans import drawn_plan
    page = map_bytes(drawn_plan())
print(len(page) > 10_000, "HOME" in os.environ)
"""


@pytest.mark.skipif(os.name == "nt", reason="users of Windows have a home")
def test_the_map_is_drawn_for_a_user_without_a_home_and_none_is_left_behind() -> None:
    done = subprocess.run([sys.executable, "-c", HOMELESS], capture_output=True, text=True, check=False)
    assert done.stdout == "True False\n", done.stdout + done.stderr
