"""Every exception that the library raises, as one tree.

::

    PatrolRouteError
    ├── InputError (also ValueError)      what the caller gave breaks a rule
    │   ├── MapError                      a map file or graph
    │   ├── PlaceError                    a point that lies nowhere on the network
    │   ├── TableError                    a table, drawing or list of streets or hotspots
    │   ├── ProblemError                  crews, tasks and network do not fit together
    │   ├── NightError                    the file that describes a night
    │   └── PlanFileError                 a plan.json that cannot be read
    ├── DownloadError                     a map could not be fetched
    ├── OutputError (also OSError)        a result could not be written
    └── PlanViolation                     an audit found broken rules, and the caller asked for an exception

Not being able to serve everything is a result, never an exception.
"""

from __future__ import annotations

from collections.abc import Iterable


class PatrolRouteError(Exception):
    """Anything that this library raises on purpose."""


class InputError(PatrolRouteError, ValueError):
    """What the caller gave breaks one or more rules; all complaints come together.

    Parameters
    ----------
    complaints
        One clear sentence each: the thing, its value, the rule. At least one.
    """

    def __init__(self, complaints: str | Iterable[str]) -> None:
        self.complaints: tuple[str, ...] = (complaints,) if isinstance(complaints, str) else tuple(complaints)
        super().__init__("\n".join(self.complaints))


class MapError(InputError):
    """A map file or graph cannot become a road network."""


class PlaceError(InputError):
    """A point lies too far from the network, or a drawn line meets no street."""


class TableError(InputError):
    """A table or drawing of streets, hotspots or incidents breaks its rules."""


class ProblemError(InputError):
    """Network, tasks and crews do not make a problem together."""


class NightError(InputError):
    """The file that describes a night breaks its schema."""


class PlanFileError(InputError):
    """A plan file cannot be read back."""


class DownloadError(PatrolRouteError):
    """A map could not be downloaded; the message says what to do instead."""


class OutputError(PatrolRouteError, OSError):
    """A result could not be written; nothing half-written is left behind."""


class PlanViolation(PatrolRouteError):  # noqa: N818 - a violation is what an audit finds
    """A plan breaks rules; raised only by ``raise_for_violations``."""


class Complaints:
    """Gather every complaint about one input, then raise them all at once.

    Examples
    --------
    >>> complaints = Complaints()
    >>> complaints.raise_as(TableError)  # nothing gathered: nothing happens
    >>> complaints.add("row 2: priority 9 is not between 1 and 5")
    >>> complaints.raise_as(TableError)
    Traceback (most recent call last):
    ...
    patrolroute.errors.TableError: row 2: priority 9 is not between 1 and 5
    """

    def __init__(self) -> None:
        self._sentences: list[str] = []

    def add(self, sentence: str) -> None:
        """Note one complaint."""
        self._sentences.append(sentence)

    def extend(self, sentences: Iterable[str]) -> None:
        """Note several complaints."""
        self._sentences.extend(sentences)

    def __len__(self) -> int:
        return len(self._sentences)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Everything gathered so far."""
        return tuple(self._sentences)

    def raise_as(self, error: type[InputError]) -> None:
        """Raise ``error`` with everything gathered, if anything was."""
        if self._sentences:
            raise error(self._sentences)
