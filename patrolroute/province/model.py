"""`BureauNight`: what became of a bureau's night, as it is kept on disk; `Province`: all of them together."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

from patrolroute.base.arguments import checked
from patrolroute.base.errors import Complaint, PlanFileError
from patrolroute.base.vocabulary import Datum, Lang, LonLat, Metres, Points, Seconds
from patrolroute.plan.document import PLAN_FILE
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import PlanGoal

BureauStatus: TypeAlias = Literal["done", "wrong", "broken", "lost", "stopped"]
"""Planned; the night is at fault; the library is; its workers died again and again; not planned before the end."""

RECORD_FILE = "bureau.json"
"""In the folder of a night: what became of it; written last, so that what it tells of is there."""

ABOUT_THE_RUN = frozenset(
    {"cpu_s", "peak_mb", "worker", "lost", "kept", "plan", "folder", "bound_share", "plan_sha256"}
)
"""What differs from run to run, or is a statement worked out within seconds; everything else repeats exactly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BureauNight:
    """What became of a bureau's night.

    Parameters
    ----------
    name
        Of the bureau; its seed follows from it.
    status
        See `patrolroute.types.BureauStatus`.
    complaints
        What is wrong, each in English and in Chinese; empty where nothing is.
    seed, work
        Of the search: with them the plan repeats exactly.
    asked
        SHA-256 of everything that the plan depends on: the night's file, the files that it names, the options.
    night
        What the night is called.
    begin, end
        When it lasts, aware, in the zone of the night.
    crews, tasks
        How many there are.
    goal
        What the plan was made for.
    required_missed, tasks_short
        Required tasks without a visit, and tasks with fewer visits than wanted.
    prize_collected, prize_total
        Points.
    seen
        Chance that who comes to a wanted street sees a car within 15 minutes (见警率); None without streets.
    bound_share
        Distance from the proven bound, as a share of it; None where none was worked out.
    driving_s, length_m
        Of all crews together.
    place
        The middle of where its crews set out, WGS-84.
    outline
        Corners of what lies around its tasks, WGS-84; empty where there are few.
    notice, attribution
        What the map says of itself, empty for nothing, and whose it is.
    result
        SHA-256 of the plan: equal for equal plans.
    plan_sha256
        Of the file ``plan.json``; empty where none was written.
    cpu_s
        Seconds of processor time.
    peak_mb
        Most memory that the worker had used by then, megabytes; 0 where the system does not tell.
    worker
        Who planned it: ``host:process``.
    lost
        Workers that died over it before.
    kept
        Whether it was found done, and not planned again.
    folder
        Where its files lie; None where none were written.
    plan
        The plan itself, where no files were written; see `read_plan`.
    """

    name: str
    status: BureauStatus
    complaints: tuple[tuple[str, str], ...] = ()
    seed: int = 0
    work: int = 0
    asked: str = ""
    night: str = ""
    begin: dt.datetime | None = None
    end: dt.datetime | None = None
    crews: int = 0
    tasks: int = 0
    goal: PlanGoal | None = None
    required_missed: int = 0
    tasks_short: int = 0
    prize_collected: Points = 0
    prize_total: Points = 0
    seen: float | None = None
    bound_share: float | None = None
    driving_s: Seconds = 0
    length_m: Metres = 0
    place: LonLat | None = None
    outline: tuple[LonLat, ...] = ()
    notice: str = ""
    attribution: str = ""
    result: str = ""
    plan_sha256: str = ""
    cpu_s: float = 0.0
    peak_mb: float = 0.0
    worker: str = ""
    lost: tuple[str, ...] = ()
    kept: bool = False
    folder: Path | None = None
    plan: PatrolPlan | None = None

    @property
    def is_done(self) -> bool:
        """Whether there is a plan."""
        return self.status == "done"

    @property
    def points_share(self) -> float | None:
        """Points collected, as a share of all; None where there are none."""
        return self.prize_collected / self.prize_total if self.prize_total else None

    def said(self, lang: Lang) -> tuple[str, ...]:
        """Return what is wrong, in a language.

        Parameters
        ----------
        lang
            ``zh`` or ``en``.
        """
        return tuple(zh if lang == "zh" else en for en, zh in self.complaints)

    def read_plan(self) -> PatrolPlan:
        """Return the plan, read from its folder if it was written.

        Raises
        ------
        PlanFileError
            If there is none, or its file was changed so that it is none any more.
        """
        if self.plan is not None:
            return self.plan
        if self.folder is None or not self.is_done:
            raise PlanFileError([f"bureau {self.name!r}: has no plan"])
        return PatrolPlan.from_json(self.folder / PLAN_FILE)

    def same_result(self, other: BureauNight) -> bool:
        """Return whether two runs came to the same: all but who did it, how long it took and what it needed.

        Parameters
        ----------
        other
            What became of the night in another run.
        """
        mine, others = self.to_dict(), other.to_dict()
        return all(mine[name] == others[name] for name in mine.keys() - ABOUT_THE_RUN)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it; the plan itself and where its folder is are left out."""
        entries = asdict(replace(self, plan=None, folder=None))
        for name in ("plan", "folder"):
            del entries[name]
        for name in ("begin", "end"):
            entries[name] = entries[name] and entries[name].isoformat()
        return {name: list(value) if isinstance(value, tuple) else value for name, value in entries.items()}

    @classmethod
    def from_dict(cls, entries: Mapping[str, Any], *, folder: Path | None = None) -> BureauNight:
        """Return what `to_dict` wrote.

        Parameters
        ----------
        entries
            As JSON holds them.
        folder
            Where its files lie.

        Raises
        ------
        ValueError, TypeError, KeyError
            If it is nothing that `to_dict` wrote.
        """
        known = {item.name for item in fields(cls)} - {"plan", "folder"}
        values = {name: value for name, value in entries.items() if name in known}
        if values["status"] not in get_args(BureauStatus):
            raise ValueError(values["status"])
        for name in ("begin", "end"):
            values[name] = values.get(name) and dt.datetime.fromisoformat(values[name])
        values["place"] = None if values.get("place") is None else tuple(values["place"])
        values["lost"] = tuple(values.get("lost", ()))
        values["outline"] = tuple((float(lon), float(lat)) for lon, lat in values.get("outline", ()))
        values["complaints"] = tuple((str(en), str(zh)) for en, zh in values.get("complaints", ()))
        return cls(**values, folder=folder)

    @property
    def record(self) -> bytes:
        """The content of its file in its folder."""
        return (json.dumps(self.to_dict(), ensure_ascii=False, indent=1) + "\n").encode("utf-8", "backslashreplace")


def complaints_in_both(items: Sequence[Complaint]) -> tuple[tuple[str, str], ...]:
    """Return complaints as a record keeps them."""
    return tuple((item.sentence_en, item.sentence_zh) for item in items)


@dataclass(frozen=True)
class Province:
    """The nights of many bureaus, in the order in which they were given.

    Parameters
    ----------
    nights
        What became of each.
    stopped
        Whether somebody stopped it before all were planned.
    """

    nights: tuple[BureauNight, ...]
    stopped: bool = False

    def __len__(self) -> int:
        return len(self.nights)

    def __iter__(self) -> Iterator[BureauNight]:
        return iter(self.nights)

    def __getitem__(self, place: int) -> BureauNight:
        return self.nights[place]

    @cached_property
    def by_name(self) -> Mapping[str, BureauNight]:
        """The nights by the name of the bureau."""
        return {night.name: night for night in self.nights}

    @property
    def done(self) -> tuple[BureauNight, ...]:
        """Those with a plan."""
        return tuple(night for night in self.nights if night.is_done)

    @property
    def failed(self) -> tuple[BureauNight, ...]:
        """Those without one."""
        return tuple(night for night in self.nights if not night.is_done)

    @checked
    def summary(self, lang: Lang = "zh") -> str:
        """Return the province's night in words.

        Parameters
        ----------
        lang
            ``zh`` or ``en``.
        """
        from patrolroute.province.overview import summary

        return summary(self, lang)

    @checked
    def save(self, folder: str | Path, *, lang: Lang = "zh", crs: Datum = "wgs84") -> tuple[Path, ...]:
        """Write one overview of all nights: ``province.csv``, ``.xlsx``, ``.html`` and ``.txt``.

        What needs a library that is not installed is left out.

        Parameters
        ----------
        folder
            Made if it is missing.
        lang
            ``zh`` or ``en``, of the words.
        crs
            Datum of the coordinates in the tables.

        Raises
        ------
        OutputError
            If the folder or a file in it cannot be written.
        """
        from patrolroute.province.overview import save

        return save(self, Path(folder), lang=lang, crs=crs)
