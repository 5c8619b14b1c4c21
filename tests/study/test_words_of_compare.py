"""What a comparison says in Chinese is explained on the planner's page of figures, word for word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from patrolroute.metrics import METRICS
from patrolroute.study.compare import GOALS
from patrolroute.study.phrases import LEVELS

PAGE = Path(__file__).parents[2] / "docs" / "zh" / "numbers.md"
EXPLAINED = set(re.findall(r"\*\*(.+?)(?: [0-9/ ]+)?\*\*", PAGE.read_text(encoding="utf-8")))


def bare(label: str) -> str:
    """Leave out a unit in brackets."""
    return re.sub("（(?!占).*?）$", "", label)


SAID = {
    *(metric.label_zh for metric in METRICS.values()),
    *(chinese for chinese, _ in GOALS.values()),
    *(chinese for chinese, _ in LEVELS.phrases.values()),
}


@pytest.mark.parametrize("label", sorted(map(bare, SAID)))
def test_every_word_of_a_comparison_is_explained(label: str) -> None:
    assert label in EXPLAINED
