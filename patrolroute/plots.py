"""Pictures of a plan for reports and notebooks, each drawn with matplotlib."""

from __future__ import annotations

from patrolroute.output.plots.cells import draw_cells
from patrolroute.output.plots.charts import draw_coverage, draw_gantt, draw_response
from patrolroute.output.plots.guessing import draw_guessing
from patrolroute.output.plots.maps import draw_idleness, draw_routes
from patrolroute.output.plots.periods import draw_periods

__all__ = [
    "draw_cells", "draw_coverage", "draw_gantt", "draw_guessing", "draw_idleness", "draw_periods", "draw_response",
    "draw_routes",
]  # fmt: skip
