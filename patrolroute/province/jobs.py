"""What a worker is told of a bureau's night, small enough to be sent; its seed, and the hash of what it depends on."""

from __future__ import annotations

import hashlib
import json
import pickle
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeAlias

from patrolroute.base import __version__
from patrolroute.base.errors import Complaint, Complaints, InputError, NightError, short
from patrolroute.base.files import safe_name
from patrolroute.base.vocabulary import MAX_SEED, Goal, Lang
from patrolroute.demand.workbooks import workbook_named
from patrolroute.night.model import Night
from patrolroute.night.reach import named_files
from patrolroute.night.run import NightRun, read_night
from patrolroute.problem.model import PatrolProblem

NightLike: TypeAlias = str | Path | Night | NightRun | PatrolProblem
"""What is planned: a night's file, a night, one with the folder of its files, or a problem. Files are sent lightest."""

Nights: TypeAlias = Mapping[str, NightLike] | Iterable[NightLike]
"""Nights by the names of their bureaus, or a list: those in files are then called by the file, others by the night."""

Written: TypeAlias = Literal["plan", "all"]
"""What is written of each night: ``plan.json`` with its networks and a summary, or everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NightOptions:
    """How each night is planned.

    Parameters
    ----------
    work_limit
        Units of work; the night's own if None, else what its size suggests.
    time_limit
        Seconds, a guard: a plan that it cut short does not repeat exactly.
    goal
        The night's own if None.
    bound_s
        Seconds for the proof of how good each plan could be; none if None.
    write
        What is written of each night.
    lang
        Of what is written; the night's own if None.
    """

    work_limit: int | None = None
    time_limit: float | None = None
    goal: Goal | None = None
    bound_s: float | None = None
    write: Written = "plan"
    lang: Lang | None = None

    @property
    def key(self) -> str:
        """A text that is equal for equal options."""
        return json.dumps([getattr(self, name) for name in type(self).__slots__])


@dataclass(frozen=True, slots=True)
class Job:
    """One night, as it is sent to a worker.

    Parameters
    ----------
    name
        Of the bureau.
    night
        A file, a model with its files' folder, or a problem.
    seed
        Of its search.
    options
        How it is planned.
    asked
        Hash of what the plan depends on.
    folder
        Where its files are written; None for nowhere: the plan is then sent back.
    tries
        How many workers it may cost.
    extra
        Crews more or less than the night has: 1, 0 or -1.
    start
        A plan to start from; None for none.
    sends
        Whether the plan is sent back where it is not written.
    """

    name: str
    night: Path | NightRun | PatrolProblem
    seed: int
    options: NightOptions
    asked: str
    folder: Path | None
    tries: int
    extra: int = 0
    start: Path | None = None
    sends: bool = True


def seed_of(name: str, seed: int) -> int:
    """Return the seed of a bureau: by its name and the seed of all, so that neither order nor company changes it.

    Examples
    --------
    >>> seed_of("田家庵", 1) == seed_of("田家庵", 1), seed_of("田家庵", 1) == seed_of("大通", 1)
    (True, False)
    """
    digest = hashlib.sha256(f"{seed}\n{name}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") & MAX_SEED


def named(nights: Nights) -> dict[str, NightLike]:
    """Return nights by the names of their bureaus.

    Raises
    ------
    NightError
        If two have the same name, or one has none.
    InputError
        If something is no night.
    """
    pairs = list(nights.items()) if isinstance(nights, Mapping) else [(_called(night), night) for night in nights]
    complaints = Complaints()
    kinds = (str, Path, Night, NightRun, PatrolProblem)
    complaints.extend(f"solve_many: {short(night)} is no night" for _, night in pairs if not isinstance(night, kinds))
    complaints.raise_as(InputError)
    counts = Counter(_place(str(name)).lower() for name, _ in pairs)
    complaints.extend(f"bureau {name!r}: is there twice; give nights by name" for name, n in counts.items() if n > 1)
    complaints.extend("bureau '': has no name" for name, _ in pairs if not str(name).strip())
    complaints.raise_as(NightError)
    return {str(name): night for name, night in pairs}


def _called(night: NightLike) -> str:
    """Return what a bureau is called that nobody named: as its night's file or its night is."""
    if isinstance(night, NightRun):
        return night.night.name
    if isinstance(night, Night):
        return night.name
    if isinstance(night, PatrolProblem):
        return ""
    path = Path(night)
    return path.parent.name if path.stem.lower() in PLAIN_NAMES and path.parent.name else path.stem


PLAIN_NAMES = frozenset({"night", "当晚", "夜巡"})
"""Names of files that say nothing of the bureau: it is called as its folder."""


def _place(name: str) -> str:
    """Return the folder of a bureau below that of the province."""
    return "/".join(safe_name(part) for part in name.replace("\\", "/").split("/") if part.strip(". "))


@dataclass(slots=True)
class JobMaker:
    """Makes jobs; what many nights name is read once.

    Parameters
    ----------
    options
        How nights are planned.
    seed
        Of all.
    out
        Where to write; None for nowhere.
    tries
        How many workers a night may cost.
    """

    options: NightOptions
    seed: int
    out: Path | None
    tries: int
    _digests: dict[Path, str] = field(default_factory=dict)

    def job(self, name: str, night: NightLike) -> Job:
        """Return what a worker is told.

        Raises
        ------
        InputError
            With everything that is wrong with the night's file.
        """
        given = NightRun.trusting(night) if isinstance(night, Night) else night
        sent = Path(given) if isinstance(given, str | Path) else given
        seed = seed_of(name, self.seed)
        parts = [__version__, name, str(seed), self.options.key, *self._content(sent)]
        asked = hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
        folder = None if self.out is None else self.out / _place(name)
        return Job(name, sent, seed, self.options, asked, folder, self.tries)

    def _content(self, night: Path | NightRun | PatrolProblem) -> list[str]:
        """Return hashes of everything that a plan of the night depends on."""
        if isinstance(night, PatrolProblem):
            return [hashlib.sha256(pickle.dumps(night)).hexdigest()]
        if isinstance(night, Path):
            model, folder, itself = read_night(night), night.parent, self._digest(night)
        else:
            model, folder, itself = night.night, night.folder, night.night.model_dump_json()
        names = [(entry, workbook_named(path), path) for entry, path in named_files(model)]
        return [
            itself,
            *(f"{entry} {self._digest(folder / (book[0] if book else path))}" for entry, book, path in names),
        ]

    def _digest(self, path: Path) -> str:
        """Return the hash of a file; of one that cannot be read nothing, for the night's own reading will tell."""
        if path not in self._digests:
            try:
                with path.open("rb") as file:
                    self._digests[path] = hashlib.file_digest(file, "sha256").hexdigest()
            except (OSError, ValueError):
                self._digests[path] = ""
        return self._digests[path]


def attempted(maker: JobMaker, name: str, night: NightLike) -> Job | tuple[Complaint, ...]:
    """Return a job, or what is wrong with the night."""
    complaints = Complaints()
    job: Any = complaints.attempt(partial(maker.job, name, night))
    return complaints.items if job is None else job
