"""`Break`: a rest of given length within one of its windows, and where on the night's clock it may start."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from patrolroute.demand.hours import ClockWindow, DatedWindow, Window
from patrolroute.demand.wishes import MAX_STOP_S, not_whole, short
from patrolroute.errors import Complaints, ProblemError
from patrolroute.problem.task import Span
from patrolroute.problem.windows import clip, spans_of
from patrolroute.units import Seconds

LaidBreak = tuple[Seconds, tuple[Span, ...]]
"""How long a break is, and the spans in which it may start, both ends allowed."""


@dataclass(frozen=True, slots=True)
class Break:
    """A rest that a crew takes once, wherever it stands (休息).

    Parameters
    ----------
    length_s
        Whole seconds, 1 to 57,600.
    windows
        The whole break lies inside one of them: it starts in [open, close - length]. Windows that touch or overlap
        are one. Empty means any time of the shift.

    Raises
    ------
    ProblemError
        With every rule broken.

    Examples
    --------
    >>> from patrolroute.demand.hours import ClockWindow
    >>> str(Break(1200, (ClockWindow.parse("23:00-23:45"),)))
    '20 min in 23:00-23:45'
    """

    length_s: Seconds
    windows: tuple[Window, ...] = ()

    def __post_init__(self) -> None:
        complaints = Complaints()
        complaints.extend(not_whole("break: length_s", self.length_s, 1, MAX_STOP_S))
        if isinstance(self.windows, str) or not isinstance(self.windows, Iterable):
            complaints.add(f"break: windows {short(self.windows)} is not a list of windows")
        elif wrong := [one for one in self.windows if not isinstance(one, (ClockWindow, DatedWindow))]:
            complaints.add(f"break: window {short(wrong[0])} is neither a ClockWindow nor a DatedWindow")
        complaints.raise_as(ProblemError)
        object.__setattr__(self, "length_s", int(self.length_s))
        object.__setattr__(self, "windows", tuple(self.windows))

    def __str__(self) -> str:
        where = f" in {', '.join(map(str, self.windows))}" if self.windows else ""
        return f"{said(self.length_s)}{where}"


def windows_of(rest: Break, shift_s: Span, origin: dt.datetime) -> tuple[tuple[Span, ...], list[Window]]:
    """Lay a break's windows on the night's clock, cut to the crew's shift; and give those that never meet it."""
    if not rest.windows:
        return (shift_s,), []
    spans, lost = spans_of(rest.windows, (shift_s,), origin)
    return clip(spans, shift_s), lost


def lay_break(rest: Break, shift_s: Span, origin: dt.datetime) -> LaidBreak:
    """Give a break's length and the spans of the shift in which it may start."""
    windows, _ = windows_of(rest, shift_s, origin)
    return rest.length_s, tuple((opens, closes - rest.length_s) for opens, closes in windows
                                if closes - opens >= rest.length_s)  # fmt: skip


def broken_breaks(breaks: Sequence[tuple[str, Break | None, Span]], origin: dt.datetime) -> Iterator[str]:
    """Say which windows never meet their crew's shift, and which breaks fit into none.

    Parameters
    ----------
    breaks
        Name, break and shift of each crew.
    origin
        The moment of second 0, aware.
    """
    for name, rest, shift_s in breaks:
        if rest is None:
            continue
        _, lost = windows_of(rest, shift_s, origin)
        yield from (f"crew {name!r}: the break's window {window} never meets its shift" for window in lost)
        if not lost and not lay_break(rest, shift_s, origin)[1]:
            clock = " to ".join(f"{origin + dt.timedelta(seconds=second):%H:%M}" for second in shift_s)
            yield f"crew {name!r}: a break of {rest} has no room within its shift {clock}"


def said(seconds: Seconds) -> str:
    """Say a time: whole minutes where it is whole minutes.

    Examples
    --------
    >>> said(120), said(159)
    ('2 min', '2 min 39 s')
    """
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"
