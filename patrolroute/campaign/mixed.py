"""`Mixture`: plans of one night with chances, one of which is drawn when the night is issued; and its file."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from patrolroute.base.arguments import checked
from patrolroute.base.errors import Complaints, PlanFileError, ProblemError
from patrolroute.base.files import read_bytes, write_all
from patrolroute.base.forms import pydantic_sentences
from patrolroute.base.vocabulary import Seconds
from patrolroute.campaign.sealed import WHOLE, draw
from patrolroute.plan.schedule import Explanation, unexplained
from patrolroute.problem.evaluate import Names, Solution, Visit
from patrolroute.problem.resume import carried_over

if TYPE_CHECKING:
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.problem.model import PatrolProblem

MIXTURE_FILE = "mixture.json"


class StreetChance(NamedTuple):
    """How likely a street is seen by who comes to it, all night.

    Parameters
    ----------
    name, priority
        The street's.
    wanted
        How much it is to be seen beside others.
    chances
        For each step of the night the chance that somebody who comes to the street in it sees a car within the minutes
        that he stays, in parts per million; None in steps that do not count, see `patrolroute.campaign.windows`.
    """

    name: str
    priority: int
    wanted: float
    chances: tuple[int | None, ...]

    @property
    def least(self) -> float | None:
        """The least of its chances, from 0 to 1; None if no step counts."""
        known = [chance for chance in self.chances if chance is not None]
        return min(known) / WHOLE if known else None


@dataclass(frozen=True, eq=False, kw_only=True)
class Mixture:
    """Plans of one night, each of which serves what is required, and the chance with which each is drawn.

    Parameters
    ----------
    decisions
        What each plan does, with the ids of crews and tasks (`patrolroute.Names`), so that it can be driven on any
        date.
    chances
        Of each plan, in whole parts per million that sum to a million.
    minutes
        How long somebody stays who is to see a car: m.
    step_s
        Seconds of a step of the night; see `patrolroute.campaign.windows`.
    streets
        How likely each street is seen.
    seen
        The 见警率 of each plan, from 0 to 1.
    best_seen
        The greatest 见警率 of any plan that was made for it and taken, those without a chance too.
    least_segment
        The least chance of any single segment in any step that counts for it, by the same mixture: what somebody finds
        who looks for the worst hundred metres.
    bound
        No mixture of plans that serve what these serve has more ``exploitability``; None if nobody asked.
    bound_method
        How that is known, in words.
    seed, work
        With the same settings and limits they make it again: the seed, and the windows that were looked at.
    cpu_s
        Seconds of the processor that it took.
    """

    decisions: tuple[Solution, ...]
    chances: tuple[int, ...]
    minutes: int
    step_s: Seconds
    streets: tuple[StreetChance, ...]
    seen: tuple[float, ...]
    best_seen: float
    least_segment: float
    bound: float | None = None
    bound_method: str = ""
    seed: int = 0
    work: int = 0
    cpu_s: float = 0.0

    def __repr__(self) -> str:
        bound = "" if self.bound is None else f" of at most {self.bound:.3f}"
        return f"Mixture({len(self.chances)} plans, exploitability {self.exploitability:.3f}{bound})"

    @property
    def exploitability(self) -> float:
        """The least weighted chance: that of a street in a step, divided by how much the street is wanted.

        Somebody who knows the mixture, but not what is drawn, and picks street and minute to be least seen, is seen
        with this chance times ``wanted``. More is better.
        """
        return min((street.least / street.wanted for street in self.streets if street.least is not None), default=0.0)

    @property
    def least_chance(self) -> float:
        """The chance of the worst street in its worst step, whatever its priority, from 0 to 1."""
        return min((street.least for street in self.streets if street.least is not None), default=0.0)

    @property
    def share_of_bound(self) -> float | None:
        """`exploitability` as a share of its bound, from 0 to 1; None without a bound."""
        return None if not self.bound else self.exploitability / self.bound

    @property
    def support(self) -> int:
        """Number of plans that can be drawn."""
        return sum(chance > 0 for chance in self.chances)

    @property
    def entropy_bits(self) -> float:
        """Entropy of what is drawn, in bits: -Σ λ·log2 λ (Shannon 1948, doi:10.1002/j.1538-7305.1948.tb01338.x)."""
        return -sum(chance / WHOLE * math.log2(chance / WHOLE) for chance in self.chances if chance)

    @checked
    def draw(self, secret: bytes, date: dt.date) -> int:
        """Return which plan is driven on a date; see `patrolroute.campaign.sealed.draw`."""
        return draw(secret, date, self.chances)

    @checked
    def plan(self, number: int, problem: PatrolProblem) -> PatrolPlan:
        """Return a plan for a night, also one of another date or with fewer crews.

        Parameters
        ----------
        number
            Which plan, from 0.
        problem
            The night. What of the plan is not possible in it is left out, see `patrolroute.Dropped`; a night without
            some of the crews is better solved anew with this plan as its start.

        Raises
        ------
        ProblemError
            If there is no plan of that number, or the night has none of its crews or tasks.
        """
        if not 0 <= number < len(self.decisions):
            raise ProblemError([f"mixture: there is no plan {number}; there are {len(self.decisions)}, counted from 0"])
        solution, _ = carried_over(problem, self.decisions[number])
        plan = unexplained(problem, solution, seed=self.seed, settings={"goal": "presence", "mixture": number})
        return replace(plan, explain=Explanation(problem, solution))

    @checked
    def save(self, folder: str | Path) -> Path:
        """Write the mixture into a folder, which is made if it is missing, and return the file.

        Plans are written as decisions, some 100 kB each for two dozen crews; maps and times follow from the night.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        text = json.dumps(_written(self), ensure_ascii=False, separators=(",", ":"))
        return write_all(Path(folder), {MIXTURE_FILE: (text + "\n").encode()})[0]

    @classmethod
    @checked
    def read(cls, folder: str | Path) -> Self:
        """Read a mixture from a folder, or from its file.

        Raises
        ------
        PlanFileError
            With everything that is wrong in the file.
        """
        path = Path(folder)
        path = path / MIXTURE_FILE if path.is_dir() else path
        content = read_bytes(path, error=PlanFileError)
        try:
            held = MixtureFile.model_validate_json(content)
        except ValidationError as error:
            raise PlanFileError(list(pydantic_sentences(error, path.name))) from error
        return cls(**_read(held, path.name))


Part = Annotated[int, Field(ge=0, le=WHOLE)]
Share = Annotated[float, Field(ge=0, le=1)]
Number = Annotated[int, Field(ge=0)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class MixturePlan(_Entry):
    """A plan in the file: its chance, what is seen of it, each crew's visits as task, slot, direction."""

    chance: Part
    seen: Share
    routes: list[list[tuple[Number, Annotated[int, Field(ge=-2)], Number]]]
    breaks: list[int | None] = []


class MixtureStreet(_Entry):
    """A street in the file."""

    name: str
    priority: Annotated[int, Field(ge=1, le=5)]
    wanted: Annotated[float, Field(gt=0)]
    chances: list[Part | None]


class MixtureFile(_Entry):
    """``mixture.json``."""

    schema_version: Literal["1.0"]
    fingerprint: str
    crews: list[str]
    tasks: list[str]
    minutes: Annotated[int, Field(ge=1)]
    step_s: Annotated[int, Field(ge=1)]
    seed: Number
    work: Number
    cpu_s: Annotated[float, Field(ge=0)]
    best_seen: Share
    least_segment: Share
    bound: Annotated[float, Field(ge=0)] | None
    bound_method: str
    streets: list[MixtureStreet]
    plans: Annotated[list[MixturePlan], Field(min_length=1)]


def _written(mixture: Mixture) -> dict[str, Any]:
    """Return what the file holds; crews and tasks are named once for all plans."""
    names = mixture.decisions[0].names or Names("", (), ())
    same = ("minutes", "step_s", "seed", "work", "cpu_s", "best_seen", "least_segment", "bound", "bound_method")
    plans = zip(mixture.chances, mixture.seen, mixture.decisions, strict=True)
    return {
        "schema_version": "1.0",
        "fingerprint": names.fingerprint,
        "crews": names.crews,
        "tasks": names.tasks,
        **{name: getattr(mixture, name) for name in same},
        "streets": [street._asdict() for street in mixture.streets],
        "plans": [
            {"chance": chance, "seen": seen, "routes": one.routes, "breaks": one.breaks} for chance, seen, one in plans
        ],
    }


def _read(held: MixtureFile, source: str) -> dict[str, Any]:
    """Return the fields of a mixture, once what its file holds belongs together."""
    complaints = Complaints()
    complaints.extend(_wrong(held, source))
    complaints.raise_as(PlanFileError)
    names = Names(held.fingerprint, tuple(held.crews), tuple(held.tasks))
    kept = held.model_dump(exclude={"schema_version", "fingerprint", "crews", "tasks", "streets", "plans"})
    return kept | {
        "decisions": tuple(
            Solution(tuple(tuple(Visit(*visit) for visit in route) for route in plan.routes), tuple(plan.breaks), names)
            for plan in held.plans
        ),
        "chances": tuple(plan.chance for plan in held.plans),
        "seen": tuple(plan.seen for plan in held.plans),
        "streets": tuple(StreetChance(one.name, one.priority, one.wanted, tuple(one.chances)) for one in held.streets),
    }


def _wrong(held: MixtureFile, source: str) -> Iterator[str]:
    total = sum(plan.chance for plan in held.plans)
    if total != WHOLE:
        yield f"{source}: the chances sum to {total} parts per million, not to {WHOLE}"
    for number, plan in enumerate(held.plans):
        if len(plan.routes) != len(held.crews):
            yield f"{source}: plan {number} has {len(plan.routes)} routes for {len(held.crews)} crews"
        if any(task >= len(held.tasks) for route in plan.routes for task, _, _ in route):
            yield f"{source}: plan {number} visits a task that is not in its list of {len(held.tasks)}"
    if len({len(street.chances) for street in held.streets}) > 1:
        yield f"{source}: its streets have chances for different numbers of steps"
