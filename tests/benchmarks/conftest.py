"""The benchmarks are scripts: they find each other beside themselves, also when they are collected."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
