"""What all tests share: no deadline for an example, for the first one of a test imports and compiles; no language."""

import os

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

for _name in ("PATROLROUTE_LANG", "LC_ALL", "LC_MESSAGES"):  # tests that want one ask for it
    os.environ.pop(_name, None)
os.environ["LANG"] = "C.UTF-8"
