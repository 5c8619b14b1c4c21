"""Drive the bundled night in the computer and review it: ``python examples/review_night.py [FOLDER]``.

Tracks are made up from the plan, a fix each ten seconds and some metres off; one crew leaves late, one leaves a street
out, one loses its signal. Needs no network access.
"""

import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

import patrolroute as pr
