"""Every exception that the library raises, as one tree.

::

    PatrolRouteError
    ├── InputError (also ValueError)      what the caller gave breaks a rule
    │   ├── ArgumentError (also TypeError)  a call was given something of another type
    │   ├── MapError                      a map file or graph
    │   ├── PlaceError                    a point that lies nowhere on the network
    │   ├── TableError                    a table, drawing or list of streets or hotspots
    │   ├── ProblemError                  crews, tasks and network do not fit together
    │   ├── NightError                    the file that describes a night
    │   ├── CampaignError                 the file that describes a campaign, or its record
    │   └── PlanFileError                 a plan.json that cannot be read
    ├── DownloadError                     a map could not be fetched
    ├── OutputError (also OSError)        a result could not be written
    │   └── PartialOutputError            some outputs of a plan could not be written, the others are
    ├── MissingExtraError (also ImportError)  a library is not installed that this output or download needs
    └── PlanViolation                     an audit found broken rules, and the caller asked for an exception

Not being able to serve everything is a result, never an exception. Every error has `items`: what is wrong, each with a
code, a path, a value and a sentence in both languages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from patrolroute.base.chinese import in_chinese, things_in_chinese
from patrolroute.base.codes import ErrorCode, Fact, Plain, Step, fact_of, steps_of
from patrolroute.base.vocabulary import ComplaintKind, Lang

__all__ = [
    "ArgumentError", "CampaignError", "Complaint", "Complaints", "DownloadError", "InputError", "MapError",
    "MissingExtraError", "NightError",
    "OutputError", "PartialOutputError", "PatrolRouteError", "PlaceError", "PlanFileError",
    "PlanViolation", "ProblemError", "TableError", "short", "things_in_chinese",
]  # fmt: skip

Made = TypeVar("Made")


MOST_ECHOED = 100
"""Letters in a row of what somebody wrote that a complaint repeats."""

_ECHO = re.compile(r"(?<!\w)'[^'\n]{120,}'(?!\w)|[^\s/\\]{200,}")
"""What is longer than any name: in quotation marks, or without a space; no file has a name as long as that."""


def _cut(found: re.Match[str]) -> str:
    end = "'" if found[0].startswith("'") and found[0].endswith("'") else ""
    return f"{found[0][:MOST_ECHOED]}…{end}"


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong with an input: a sentence for people; a code, a path and a value for programs.

    Parameters
    ----------
    sentence
        The thing, its value, the rule.
    kind
        By which a remedy is chosen; one of `patrolroute.base.vocabulary.COMPLAINT_KINDS`.
    zh
        The sentence in Chinese, where `patrolroute.base.chinese` does not know its wording.
    fact
        Code, path and value, where they do not follow from the wording.

    Examples
    --------
    >>> wrong = Complaint("crew 'A': speed factor 9 is not between 0.1 and 3.0")
    >>> wrong.code, wrong.path, wrong.value
    ('out_of_range', ('crew', 'A', 'speed_factor'), 9)
    >>> wrong.sentence_zh
    '车组“A”：速度系数 9 应在 0.1 和 3.0 之间'
    """

    sentence: str
    kind: ComplaintKind = "rule"
    zh: str = ""
    fact: Fact | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name in ("sentence", "zh"):
            object.__setattr__(self, name, _ECHO.sub(_cut, getattr(self, name)))

    def about(self, thing: str) -> Complaint:
        """Return the same complaint with the thing that holds it named first.

        Examples
        --------
        >>> Complaint("depot 'A' is not among the depots", "unknown_depot").about("crews[2]")
        Complaint(sentence="crews[2]: depot 'A' is not among the depots", kind='unknown_depot', zh='')
        """
        fact = None if self.fact is None else replace(self.fact, path=(*steps_of(thing), *self.fact.path))
        zh = self.zh and f"{things_in_chinese(thing)}：{self.zh}"
        return replace(self, sentence=f"{thing}: {self.sentence}", zh=zh, fact=fact)

    @property
    def code(self) -> ErrorCode:
        """What is wrong; one of `patrolroute.types.ErrorCode`."""
        return self._fact.code

    @property
    def path(self) -> tuple[Step, ...]:
        """What is wrong, from the outside in, as far as known: ``("crews", 2, "start")`` or ``("crew", "A", "mode")``.

        Places in lists of a night's file count from 0, rows and features of files as the sentence counts them.
        """
        return self._fact.path

    @property
    def value(self) -> Plain:
        """What was given, as JSON holds it: a number, text or truth; anything else as text, None if it is not told."""
        return self._fact.value

    @property
    def sentence_en(self) -> str:
        """The sentence in English."""
        return self.sentence

    @property
    def sentence_zh(self) -> str:
        """The sentence in Chinese."""
        return self.said("zh")

    @property
    def _fact(self) -> Fact:
        return self.fact or fact_of(self.sentence, self.kind)

    def to_dict(self) -> dict[str, Plain | list[Step]]:
        """Return code, kind, path, value and the sentences as JSON holds them."""
        return {
            "code": self.code, "kind": self.kind, "path": list(self.path), "value": self.value,
            "sentence_en": self.sentence_en, "sentence_zh": self.sentence_zh,
        }  # fmt: skip

    def said(self, lang: Lang) -> str:
        """Return the sentence in a language, in English where there is none in Chinese."""
        return (self.zh or in_chinese(self.sentence) or self.sentence) if lang == "zh" else self.sentence

    def __str__(self) -> str:
        return self.sentence


class PatrolRouteError(Exception):
    """Anything that this library raises on purpose."""

    code: ClassVar[ErrorCode] = "rule"
    """Of its items, where nothing more is known."""

    @property
    def items(self) -> tuple[Complaint, ...]:
        """What is wrong, each with a code, a path, a value and a sentence in both languages."""
        return (Complaint(str(self), fact=None if self.code == "rule" else Fact(self.code)),)


class InputError(PatrolRouteError, ValueError):
    """What the caller gave breaks one or more rules; all complaints come together.

    Parameters
    ----------
    complaints
        One clear sentence each: the thing, its value, the rule. At least one; a bare text is of the kind ``rule``.

    Attributes
    ----------
    complaints
        The sentences; `items` holds the same, each with its code.
    """

    def __init__(self, complaints: str | Complaint | Iterable[str | Complaint]) -> None:
        given = (complaints,) if isinstance(complaints, str | Complaint) else complaints
        self._items = tuple(map(_with_kind, given))
        self.complaints: tuple[str, ...] = tuple(item.sentence for item in self._items)
        super().__init__("\n".join(self.complaints))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Complaint, ...]]]:
        return type(self), (self._items,)

    @property
    def items(self) -> tuple[Complaint, ...]:
        """Everything that is wrong."""
        return self._items

    @property
    def kinds(self) -> frozenset[ComplaintKind]:
        """What the complaints are about."""
        return frozenset(item.kind for item in self.items)


def _with_kind(given: str | Complaint) -> Complaint:
    return given if isinstance(given, Complaint) else Complaint(given)


class ArgumentError(InputError, TypeError):
    """A public function was given something of another type than it takes, or several such things."""


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


class CampaignError(InputError):
    """The file that describes a campaign breaks its rules, or its record cannot be gone on with."""


class PlanFileError(InputError):
    """A plan file cannot be read back."""


class DownloadError(PatrolRouteError):
    """A map could not be downloaded; the message says what to do instead."""

    code = "download_failed"


class MissingExtraError(PatrolRouteError, ImportError):
    """A library is not installed that not everybody needs; the message says what to install.

    Parameters
    ----------
    thing
        What needs it: ``map.png``.
    library
        The library.
    extra
        The extra of this project that brings it.

    Examples
    --------
    >>> print(MissingExtraError("map.png", "matplotlib", "maps"))
    map.png needs matplotlib: pip install 'patrolroute[maps]'
    """

    def __init__(self, thing: str, library: str, extra: str) -> None:
        self.thing, self.library, self.extra = thing, library, extra
        super().__init__(f"{thing} needs {library}: pip install 'patrolroute[{extra}]'", name=library)


class OutputError(PatrolRouteError, OSError):
    """A result could not be written; nothing half-written is left behind."""

    code = "output_failed"


class PartialOutputError(OutputError):
    """Some outputs of a plan could not be written; all others are in place.

    Parameters
    ----------
    folder
        Where they are.
    written
        The files that were written.
    failed
        Why not, by the name of each file that was not.
    """

    def __init__(self, folder: Path, written: Iterable[Path], failed: Mapping[str, Exception]) -> None:
        self.written, self.failed = tuple(written), dict(failed)
        counted = "1 file" if len(self.failed) == 1 else f"{len(self.failed)} files"
        head = f"output folder {folder}: {counted} could not be written, the other {len(self.written)} are there"
        super().__init__("\n".join((head, *self.reasons)))

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why not, a line for each file."""
        return tuple(f"{name}: {_reason(error)}" for name, error in self.failed.items())

    @property
    def is_ours(self) -> bool:
        """Whether this library is to blame, and neither what it was given nor this computer."""
        return any(not isinstance(error, PatrolRouteError | OSError) for error in self.failed.values())


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, PatrolRouteError) else f"{type(error).__name__}: {error}"


class PlanViolation(PatrolRouteError):  # noqa: N818 - a violation is what an audit finds
    """A plan breaks rules; raised only by ``raise_for_violations``."""

    code = "plan_broken"


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
    patrolroute.base.errors.TableError: row 2: priority 9 is not between 1 and 5
    """

    def __init__(self) -> None:
        self._items: list[Complaint] = []

    def add(self, complaint: str | Complaint, kind: ComplaintKind = "rule") -> None:
        """Note one complaint; ``kind`` is that of a bare text."""
        self._items.append(complaint if isinstance(complaint, Complaint) else Complaint(complaint, kind))

    def extend(self, complaints: Iterable[str | Complaint]) -> None:
        """Note several complaints."""
        self._items.extend(map(_with_kind, complaints))

    def attempt(self, step: Callable[[], Made]) -> Made | None:
        """Return what a step makes, or note what is wrong with its input and return None."""
        try:
            return step()
        except InputError as error:
            self.extend(error.items)
            return None

    def __len__(self) -> int:
        return len(self._items)

    @property
    def items(self) -> tuple[Complaint, ...]:
        """Everything gathered so far."""
        return tuple(self._items)

    def raise_as(self, error: type[InputError]) -> None:
        """Raise ``error`` with everything gathered, if anything was."""
        if self._items:
            raise error(self._items)


LONGEST_VALUE = 60
"""Letters of a wrong value that are repeated: enough to find it."""


def short(value: Any, most: int = 40) -> str:
    """Show a value in a complaint, cut where it is long."""
    text = repr(value).replace("\n", " ")  # as of a frame or an array
    return text if len(text) <= most else f"{text[: most - 1]}…"
