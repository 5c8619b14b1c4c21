"""The large map while it is drawn: where, in which scale, and what is taken already."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import shapely

from patrolroute.output.picture.canvas import Canvas
from patrolroute.output.picture.scene import Frame, Scene

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False)
class Taken:
    """The parts of the map on which something is written or marked already."""

    frame: Frame
    boxes: list[Any] = field(default_factory=list)

    def is_free(self, box: Any) -> bool:
        """Say whether a box lies inside the frame and touches nothing."""
        return bool(shapely.box(*self.frame).contains(box)) and not any(box.intersects(other) for other in self.boxes)

    def take(self, box: Any) -> None:
        """Note that something is there."""
        self.boxes.append(box)


@dataclass(frozen=True, slots=True)
class Chart:
    """One map on a sheet; ``point_m`` are the metres that a point of the picture shows."""

    canvas: Canvas
    axes: Axes
    scene: Scene
    point_m: float
    taken: Taken
