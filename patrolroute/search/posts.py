"""`hold_response`: a night with posts, chosen for it, at which crews relieve each other so that promises are kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from patrolroute.base.arguments import checked
from patrolroute.base.errors import ProblemError
from patrolroute.base.vocabulary import POST_KIND, FloatArray, LongArray, Mode, Seconds, scaled_seconds
from patrolroute.demand.hours import DatedWindow
from patrolroute.demand.model import Hotspot
from patrolroute.network.places import nearest_places
from patrolroute.network.travel import seconds_to
from patrolroute.search.waiting import WaitingPlace, WaitingPlaces, chosen_posts

if TYPE_CHECKING:
    from patrolroute.network.road import RoadNetwork
    from patrolroute.problem.model import PatrolProblem
    from patrolroute.problem.task import LaidPromise

RELAY_S: Seconds = 1800
"""A crew stands for half an hour at most, then another one, or the same again, stands there."""

RELAYS_S = (60, 14_400)
"""From a minute to four hours."""

TURN_SLACK_S = 60
"""Turns cost what the promise's own way does not count; a crew may need so much longer to its post."""

SHARE = 2
"""At most every second crew of a mode stands at once, where nobody says how many."""


class _Wanted(NamedTuple):
    """A place of a promise: the task's number, how soon, when."""

    task: int
    within_s: Seconds
    promise: LaidPromise


@checked
def hold_response(problem: PatrolProblem, *, relay_s: Seconds = RELAY_S) -> PatrolProblem:
    """Return the night with posts (驻守点): required stops in relays, so that its promises of response are kept.

    Where to stand is the best choice of all junctions, proven (`waiting_places`): the fewest that have every place of
    the promises in reach, or, with fewer crews than that takes, those with the greatest sum of priorities. Who stands
    there when is left to the search; the others roam. A post begins once a crew can be there from its depot, and ends
    while one can still come home: what is broken before and after, no post can keep.

    Parameters
    ----------
    problem
        The night, with ``responses``.
    relay_s
        How long a crew stands at most, whole seconds, 60 to 14,400.

    Returns
    -------
    PatrolProblem
        The same where nothing is promised, or no post is allowed.

    Raises
    ------
    ProblemError
        If ``relay_s`` is out of its range, or the night is a part of another.
    """
    low, high = RELAYS_S
    if not low <= relay_s <= high:
        raise ProblemError(f"hold_response: relay_s {relay_s} is not between {low} and {high:,}")
    if not problem.laid_promises:
        return problem
    if not problem.demand:
        raise ProblemError("hold_response: the night is a part of another; ask for posts before it is planned")
    posts = [one for mode in problem.networks for one in _posts(problem, mode, relay_s)]
    return replace(problem, demand=(*problem.demand, *posts)) if posts else problem


@checked
def posts_of(problem: PatrolProblem, mode: Mode = "car") -> WaitingPlaces | None:
    """Return where crews of a mode stand so that the night's promises are kept; None if nobody does.

    Parameters
    ----------
    problem
        The night, with ``responses``.
    mode
        Of crews and places.
    """
    wanted, most = _wanted(problem, mode), _most(problem, mode)
    if not wanted or most == 0:
        return None
    network = problem.networks[mode]
    seconds = _seconds(problem, mode, [_doors(problem, one.task) for one in wanted])
    weights = np.array([problem.tasks[one.task].priority for one in wanted], np.int64)
    limits: LongArray = np.array([one.within_s for one in wanted], np.int64)
    fewest = chosen_posts(network, seconds, weights, crews=None, within_s=limits)
    if len(fewest.posts) <= most:
        return fewest
    return chosen_posts(network, seconds, weights, crews=most, within_s=limits)


def _wanted(problem: PatrolProblem, mode: Mode) -> list[_Wanted]:
    return [
        _Wanted(task, promise.within_s, promise)
        for promise in problem.laid_promises
        if promise.posts != 0
        for task in sorted(promise.tasks)
        if problem.tasks[task].mode == mode
    ]


def _most(problem: PatrolProblem, mode: Mode) -> int:
    crews = sum(crew.mode == mode for crew in problem.crews)
    given = [promise.posts for promise in problem.laid_promises if promise.posts is not None]
    return min(crews, max(given)) if given else crews // SHARE


def _seconds(problem: PatrolProblem, mode: Mode, doors: Sequence[Sequence[int]]) -> FloatArray:
    """Return what the slowest crew of a mode takes from every node."""
    network = problem.networks[mode]
    slowest = min(crew.speed_factor for crew in problem.crews if crew.mode == mode)
    return seconds_to(network, scaled_seconds(network.travel_s, slowest), doors)


def _doors(problem: PatrolProblem, task: int) -> list[int]:
    one, network = problem.tasks[task], problem.networks[problem.tasks[task].mode]
    if one.kind == "hotspot":
        return [one.node]
    return [int(network.tail[chain[0]]) for chain in one.directions if chain]


def _posts(problem: PatrolProblem, mode: Mode, relay_s: Seconds) -> Iterator[Hotspot]:
    """Yield the relays of all posts of a mode as stops."""
    chosen = posts_of(problem, mode)
    if chosen is None:
        return
    wanted, network = _wanted(problem, mode), problem.networks[mode]
    given = problem.network[mode] if isinstance(problem.network, Mapping) else problem.network
    for number, post in enumerate(chosen.posts, start=1):
        promises = {id(wanted[place].promise): wanted[place].promise for place in post.places}.values()
        first, last = _possible(problem, network, mode, post)
        spans = {span for one in promises for span in (one.spans or (problem.night,))}
        kept = _merged((max(first, begin), min(last, end)) for begin, end in spans)
        relays = [relay for begin, end in kept for relay in _relays(begin, end, relay_s)]
        place = nearest_places(given, [(post.lon, post.lat)])[0]
        for count, (begin, end) in enumerate(relays, start=1):
            window = DatedWindow(problem.moment(begin), problem.moment(end))
            yield Hotspot(
                f"{POST_KIND}-{mode}-{number}-{count}", f"驻守点{number}", place, kind=POST_KIND, dwell_s=end - begin,
                windows=(window,), priority=5, required=True, mode=mode,
            )  # fmt: skip


def _possible(problem: PatrolProblem, network: RoadNetwork, mode: Mode, post: WaitingPlace) -> tuple[Seconds, Seconds]:
    """Return from when on a crew can be at a post, and until when one can be there and still come home."""
    node = network.node_index[post.node]
    own = [number for number, crew in enumerate(problem.crews) if crew.mode == mode]
    there = _seconds(problem, mode, [[node]])[0]
    home = _seconds(problem, mode, [[problem.depots[number][1]] for number in own])[:, node]
    shifts = [problem.instance.crews[number].shift_s for number in own]
    begins = [shift[0] + there[problem.depots[number][0]] for number, shift in zip(own, shifts, strict=True)]
    ends = [shift[1] - way for shift, way in zip(shifts, home, strict=True)]
    first, last = min(begins) + TURN_SLACK_S, max(ends) - TURN_SLACK_S
    return (int(first), int(last)) if np.isfinite(first) and np.isfinite(last) else (0, 0)


def _merged(spans: Iterable[tuple[Seconds, Seconds]]) -> list[tuple[Seconds, Seconds]]:
    found: list[tuple[Seconds, Seconds]] = []
    for begin, end in sorted(one for one in spans if one[0] < one[1]):
        if found and begin <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((begin, end))
    return found


def _relays(begin: Seconds, end: Seconds, relay_s: Seconds) -> Iterator[tuple[Seconds, Seconds]]:
    """Yield equal pieces of a span, each at most so long, one after the other."""
    count = -(-(end - begin) // relay_s)
    cuts = [begin + (end - begin) * number // count for number in range(count + 1)]
    yield from pairwise(cuts)
