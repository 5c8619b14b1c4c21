"""`Break`: when a crew may rest, laid on the night's clock, and what is wrong with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from patrolroute.base.arguments import checked_fields
from patrolroute.base.errors import Complaint, Complaints, ProblemError, short
from patrolroute.base.vocabulary import Seconds
from patrolroute.demand.hours import ClockWindow, DatedWindow, Window
from patrolroute.demand.model import MAX_STOP_S, not_whole
from patrolroute.problem.clock import Span, clip, meant_else, spans_of
from patrolroute.problem.task import LaidBreak


@checked_fields(but=("length_s", "windows"))
@dataclass(frozen=True, slots=True)
class Break:
    """A break that a crew takes once, wherever it stands (休息).

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
    windows: Sequence[Window] = ()

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
        return f"{duration(self.length_s)}{where}"


def windows_of(break_: Break, shift_s: Span, origin: dt.datetime) -> tuple[tuple[Span, ...], list[Window]]:
    """Lay a break's windows on the night's clock, cut to the crew's shift; and return those that never meet it.

    Parameters
    ----------
    break_
        The break as a crew agreed to it.
    shift_s
        First and last second of the crew's shift.
    origin
        The moment of second 0, aware.
    """
    if not break_.windows:
        return (shift_s,), []
    spans, lost = spans_of(break_.windows, (shift_s,), origin)
    return clip(spans, shift_s), lost


def lay_break(break_: Break, shift_s: Span, origin: dt.datetime) -> LaidBreak:
    """Return a break's length and the spans of the shift in which it may start.

    Parameters
    ----------
    break_, shift_s, origin
        As for `windows_of`.
    """
    windows, _ = windows_of(break_, shift_s, origin)
    starts = ((opens, closes - break_.length_s) for opens, closes in windows if closes - opens >= break_.length_s)
    return LaidBreak(break_.length_s, tuple(starts))


def broken_breaks(breaks: Sequence[tuple[str, Break | None, Span]], origin: dt.datetime) -> Iterator[Complaint]:
    """Yield which windows never meet their crew's shift, and which breaks fit into none.

    Parameters
    ----------
    breaks
        Name, break and shift of each crew.
    origin
        The moment of second 0, aware.
    """
    for name, break_, shift_s in breaks:
        if break_ is None:
            continue
        _, lost = windows_of(break_, shift_s, origin)
        for window in lost:
            hint = meant_else(window, (shift_s,), origin)
            yield Complaint(f"crew {name!r}: the break's window {window} never meets its shift{hint}", "hours_missed")
        if not lost and not lay_break(break_, shift_s, origin)[1]:
            clock = " to ".join(f"{origin + dt.timedelta(seconds=second):%H:%M}" for second in shift_s)
            yield Complaint(f"crew {name!r}: a break of {break_} has no room within its shift {clock}")


def duration(seconds: Seconds) -> str:
    """Return a time: whole minutes where it is whole minutes.

    Examples
    --------
    >>> duration(120), duration(159)
    ('2 min', '2 min 39 s')
    """
    minutes, left = divmod(seconds, 60)
    return f"{minutes} min {left} s" if left else f"{minutes} min"
