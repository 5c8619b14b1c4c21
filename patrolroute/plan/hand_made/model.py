"""What a sergeant writes down: crews, and for each the streets and stops in order, times if wanted."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class HandMadeStop:
    """One line of a hand-made plan: a street, a part of one, a hotspot, or a break.

    Parameters
    ----------
    what
        Name of a street or hotspot of the night, or the id of a task; ``break`` (休息) for the crew's break.
    begins_at, ends_at
        Cross streets between which a street is driven, from the first to the second; empty for its ends.
    towards
        Compass direction in which a street is driven, such as ``north`` or ``由南向北``; empty for the quickest.
    arrive
        When the visit begins: an aware datetime, or clock time such as ``"20:50"``, which lies on the day on which it
        is nearest to the crew's shift. None: as soon as the crew is there and the hotspot open. Kept as given, also
        where the crew cannot be there by then: the audit says so.
    leave
        When the crew goes on. None: when the street is patrolled or the dwell over.
    said_in
        Where it was written, as complaints name it.
    """

    what: str
    begins_at: str = ""
    ends_at: str = ""
    towards: str = ""
    arrive: dt.datetime | str | None = None
    leave: dt.datetime | str | None = None
    said_in: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class HandMadeRoute:
    """What one crew does, in order; no stops if it stays at its depot."""

    crew: str
    stops: tuple[HandMadeStop, ...] = ()
