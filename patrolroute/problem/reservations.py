"""Which tasks a name means: those that crews keep to themselves or leave alone, and those of key hours."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from patrolroute.base.errors import Complaint, Complaints, PlaceError, short
from patrolroute.base.vocabulary import POST_KIND, BoolArray, Mode
from patrolroute.demand.hours import Window
from patrolroute.demand.model import Demand, KeyHours, PriorityStreet
from patrolroute.demand.response import ResponsePromise
from patrolroute.network.names import base_name, is_section, marked_by_name
from patrolroute.network.road import RoadNetwork
from patrolroute.problem.clock import Span, meant_else, spans_of
from patrolroute.problem.crew import Crew
from patrolroute.problem.task import LaidHours, LaidPromise, Task


def lay_hours(
    key_hours: Sequence[KeyHours], shifts: Sequence[Span], origin: dt.datetime, reservations: Reservations
) -> tuple[tuple[LaidHours, ...], Complaints]:
    """Lay key hours on the night's clock, and find the tasks that they are for.

    Parameters
    ----------
    key_hours
        As given.
    shifts, origin
        First and last second of each shift; the moment of second 0.
    reservations
        Knows which tasks a name means.

    Returns
    -------
    laid
        One for each of them.
    complaints
        Which hours meet no shift, and which names and kinds nothing tonight has.
    """
    complaints, laid = Complaints(), list[LaidHours]()
    kinds = dict.fromkeys(word for task in reservations.tasks for word in (task.kind, task.category))
    for number, one in enumerate(key_hours, start=1):
        thing = f"key_hours[{number}]"
        spans = _spans_of(thing, one.hours, (shifts, origin), complaints)
        complaints.extend(_unknown(thing, one.names, reservations))
        for kind in one.kinds:
            if kind not in kinds:
                rule = f"is none of the night's; there are {', '.join(kinds)}"
                complaints.add(f"{thing}: kind {short(kind, 60)} {rule}", "unknown_name")
        meant = {index for name in one.names for index in reservations.meant(name)}
        meant |= {index for index, task in enumerate(reservations.tasks) if {task.kind, task.category} & {*one.kinds}}
        everything = not one.names and not one.kinds
        tasks = range(len(reservations.tasks)) if everything else meant
        laid.append(LaidHours(one.hundredths, spans, frozenset(tasks)))
    return tuple(laid), complaints


def _spans_of(
    thing: str, hours: Sequence[Window], clock: tuple[Sequence[Span], dt.datetime], complaints: Complaints
) -> tuple[Span, ...]:
    """Return hours on the night's clock; those that meet no shift are noted."""
    spans, lost = spans_of(hours, *clock)
    for window in lost:
        complaints.add(f"{thing}: the hours {window} never meet any shift{meant_else(window, *clock)}", "hours_missed")
    return spans


def _unknown(thing: str, names: Iterable[str], reservations: Reservations) -> Iterator[Complaint]:
    """Yield which names nothing tonight has, or why a section is none."""
    for name in names:
        why = None if reservations.sections is None else reservations.sections.why(name)
        if why is not None:
            yield why.about(thing)
        elif not reservations.meant(name):
            rule = f"is no task, hotspot or street of the night{reservations.hint(name)}"
            yield Complaint(f"{thing}: {short(name, 60)} {rule}", "unknown_name")


def lay_promises(
    promises: Sequence[ResponsePromise], shifts: Sequence[Span], origin: dt.datetime, reservations: Reservations
) -> tuple[tuple[LaidPromise, ...], Complaints]:
    """Lay promises of response on the night's clock, and find the places that they are for.

    Parameters
    ----------
    promises
        As given.
    shifts, origin, reservations
        As for `lay_hours`.

    Returns
    -------
    laid
        One for each of them.
    complaints
        Which hours meet no shift, which names and kinds nothing tonight has, and which promise is for nothing.
    """
    complaints, laid = Complaints(), list[LaidPromise]()
    for number, one in enumerate(promises, start=1):
        thing = f"response[{number}]"
        spans = _spans_of(thing, one.hours, (shifts, origin), complaints)
        complaints.extend(_unknown(thing, one.names, reservations))
        tasks = reservations.promised(one)
        if not tasks and not len(complaints):
            complaints.add(f"{thing}: no task of the night is of its class", "no_task")
        laid.append(LaidPromise(one.name, one.within_s, spans, tasks, one.posts))
    return tuple(laid), complaints


@dataclass(frozen=True, eq=False)
class SectionTasks:
    """Finds the street tasks of a section that is told by its ends, such as ``龙湖路：国庆中路至舜耕中路``.

    Parameters
    ----------
    networks
        The maps on which the streets were chosen.
    demand
        What is asked for.
    """

    networks: Mapping[Mode, RoadNetwork]
    demand: Sequence[Demand]

    @cache  # noqa: B019 - kept as long as the night that it belongs to
    def ids(self, name: str) -> tuple[str, ...]:
        """Return the ids of the streets of which more than half of a direction lies in a section; else none."""
        return tuple(one for mode, network in self.networks.items() for one in self._ids(name, mode, network))

    def why(self, name: str) -> Complaint | None:
        """Return what is wrong with a section; None if nothing is, or the text is none."""
        wrong = [error for network in self.networks.values() if (error := _wrong(name, network)) is not None]
        return wrong[0] if wrong and len(wrong) == len(self.networks) else None

    def _ids(self, name: str, mode: Mode, network: RoadNetwork) -> Iterator[str]:
        if not is_section(name, network) or _wrong(name, network) is not None:
            return
        marks = marked_by_name(name, network)
        for street in self.demand:
            if not isinstance(street, PriorityStreet) or street.mode != mode:
                continue
            for segment in street.segments:
                chains = [[network.arc_index[arc] for arc in chain] for chain in segment.directions]
                metres = [network.length_m[chain] for chain in chains]
                if any(2 * long[marks[chain]].sum() > long.sum() for chain, long in zip(chains, metres, strict=True)):
                    yield segment.id


def _wrong(name: str, network: RoadNetwork) -> Complaint | None:
    """Return what is wrong with a text that is written as a section."""
    if not is_section(name, network):
        return None
    try:
        marked_by_name(name, network)
    except PlaceError as error:
        return error.items[0]
    return None


MOST_UNKNOWN = 20
"""Names of a crew that mean nothing, told one by one."""

NEAR = 3
"""So many near matches are shown for a name that means nothing."""

ALIKE = 0.5


@dataclass(frozen=True, eq=False)
class Reservations:
    """Which tasks the crews' lists of names mean.

    Parameters
    ----------
    crews, tasks
        Of one night.
    sections
        Which streets of the night lie in a section that is told by its ends; None if nobody knows.
    """

    crews: Sequence[Crew]
    tasks: Sequence[Task]
    sections: SectionTasks | None = None

    def meant(self, name: str) -> tuple[int, ...]:
        """Return the tasks that a word means: by id; by name; a street's sections; one from crossing to crossing."""
        for known in (self._by_id, self._by_name, self._by_base):
            if name in known:
                return tuple(known[name])
        ids = () if self.sections is None else self.sections.ids(name)
        return tuple(self._by_id[one][0] for one in ids if one in self._by_id)

    def marked(self, names: Collection[str]) -> BoolArray:
        """Mark the tasks that any of the words means, shape ``(tasks,)``."""
        marks = np.zeros(len(self.tasks), dtype=np.bool_)
        for name in names:
            marks[list(self.meant(name))] = True
        return marks

    def promised(self, promise: ResponsePromise) -> frozenset[int]:
        """Return the tasks that a promise of response is for."""
        kinds = promise.kinds if promise.kinds or promise.names else ("hotspot",)
        meant = {index for name in promise.names for index in self.meant(name)}
        meant |= {
            index
            for index, task in enumerate(self.tasks)
            if {task.kind, task.category} & {*kinds} and (task.category != POST_KIND or POST_KIND in kinds)
        }
        return frozenset(index for index in meant if self.tasks[index].priority >= promise.least_priority)

    def touches(self, task: int) -> bool:
        """Return whether a task is reserved or forbidden to anybody."""
        return bool(self.reserved[:, task].any() or self.forbidden[:, task].any())

    def ids(self, marks: BoolArray) -> tuple[str, ...]:
        """Return the ids of the tasks that are marked."""
        return tuple(self.tasks[index].id for index in np.flatnonzero(marks).tolist())

    @cached_property
    def reserved(self) -> BoolArray:
        """Which task is reserved to which crew, shape ``(crews, tasks)``."""
        return np.array([self.marked(crew.reserved) for crew in self.crews], dtype=np.bool_)

    @cached_property
    def forbidden(self) -> BoolArray:
        """Which task is forbidden to which crew, shape ``(crews, tasks)``."""
        return np.array([self.marked(crew.forbidden) for crew in self.crews], dtype=np.bool_)

    @cached_property
    def allowed(self) -> BoolArray:
        """Which crew may serve which task as far as reservations go, shape ``(crews, tasks)``."""
        kept = self.reserved.any(axis=0)
        return np.asarray((self.reserved | ~kept) & ~self.forbidden, dtype=np.bool_)

    def broken(self) -> Iterator[str | Complaint]:
        """Yield which words mean nothing, and which tasks are both reserved to a crew and forbidden to it."""
        hint = cache(self.hint)
        for number, crew in enumerate(self.crews):
            for word, names in (("reserved", crew.reserved), ("forbidden", crew.forbidden)):
                unknown = sorted(name for name in names if not self.meant(name))
                for name in unknown[:MOST_UNKNOWN]:
                    why = None if self.sections is None else self.sections.why(name)
                    if why is not None:
                        yield why.about(f"crew {crew.id!r}: {word}")
                        continue
                    rule = f"is no task, hotspot or street of the night{hint(name)}"
                    yield f"crew {crew.id!r}: {word} {short(name, 60)} {rule}"
                if more := len(unknown[MOST_UNKNOWN:]):
                    yield f"crew {crew.id!r}: {word}: {more:,} more names are no task, hotspot or street of the night"
            both = np.flatnonzero(self.reserved[number] & self.forbidden[number]).tolist()
            for name in dict.fromkeys(self.tasks[index].name or self.tasks[index].id for index in both):
                yield f"crew {crew.id!r}: {name!r} is both reserved to it and forbidden to it"

    def hint(self, name: str) -> str:
        """Return which names come close to one that means nothing, if any do."""
        known = [*self._by_name, *self._by_id]
        near = difflib.get_close_matches(name, known, n=NEAR, cutoff=ALIKE)
        near += [one for one in known if name and (name in one or one in name)][:NEAR]
        return f"; did you mean {', '.join(list(dict.fromkeys(near))[:NEAR])}?" if near else ""

    @cached_property
    def _by_id(self) -> dict[str, list[int]]:
        return {task.id: [index] for index, task in enumerate(self.tasks)}

    @cached_property
    def _by_name(self) -> dict[str, list[int]]:
        return _grouped(task.name for task in self.tasks)

    @cached_property
    def _by_base(self) -> dict[str, list[int]]:
        return _grouped(base_name(task.name) if task.kind == "street" else "" for task in self.tasks)


def _grouped(names: Iterator[str]) -> dict[str, list[int]]:
    """Map each name that is not empty to the places where it stands."""
    places: dict[str, list[int]] = {}
    for index, name in enumerate(names):
        if name:
            places.setdefault(name, []).append(index)
    return places
