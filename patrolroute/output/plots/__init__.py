"""Plots of a plan for reports and notebooks: each takes matplotlib axes, or makes some, and gives them back.

The room's door for other rooms; what people call is in `patrolroute.plots`.
"""

from __future__ import annotations

from patrolroute.output.plots.cells import cells_png
from patrolroute.output.plots.maps import explore

__all__ = ["cells_png", "explore"]
