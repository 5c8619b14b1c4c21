"""`dispatch`: which crew reaches a place first, in seconds, and what sending it costs the plan."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from patrolroute.base.arguments import checked
from patrolroute.base.errors import Complaints, InputError, ProblemError
from patrolroute.base.shapes import point_of
from patrolroute.base.text import Catalogue, clock_text, require_lang
from patrolroute.base.vocabulary import INFINITE_S, MAX_WORK, Lang, LonLat, Mode, Seconds, elapsed_s
from patrolroute.demand.model import not_whole
from patrolroute.live.frozen import driven_at
from patrolroute.live.replan import replan
from patrolroute.live.replan_asked import LONGEST_NIGHT, moment_of
from patrolroute.live.replan_drives import Roads
from patrolroute.live.replan_placed import Placing
from patrolroute.live.replan_places import Call, snapped, with_places
from patrolroute.live.replan_positions import Positions, positions_of
from patrolroute.plan.passes import roads_at
from patrolroute.search.points import require_seed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from patrolroute.live.frozen import Driven
    from patrolroute.live.replan import Replan
    from patrolroute.plan.model import PatrolPlan

AWAY = dt.timedelta(minutes=30)
"""How long a crew stays, if nobody says."""

COSTED = 3
"""For so many crews, the first to be there, what sending them costs is worked out."""

MOST_COSTED = 9_999
"""More crews than any plan has."""

COST_WORK = 150
"""Windows or iterations of the search for each of them: a second or two on a night of two dozen crews."""

CANNOT_BE_SENT = ("cannot get home any more", "no open way leads to", ", not before ")
"""What a complaint of a crew says that cannot be sent; any other is raised."""

WORDS = Catalogue(
    {
        "head": ("{clock} 到 {place}，最先到的车组：", "{clock} to {place}, who is there first:"),
        "nobody": ("没有车组能到 {place}", "no crew can get to {place}"),
        "there": (
            "{crew}：{minutes} 分 {seconds:02d} 秒，{clock} 到，{km} 公里",
            "{crew}: {minutes} min {seconds:02d} s, there {clock}, {km} km",
        ),
        "cost": (
            "代价（粗算，重排后可能更小）：{what}；{crews} 个车组、{tasks} 项任务有变动",
            "costs {what} at most, by a short search; {crews} crews and {tasks} tasks change",
        ),
        "seen": ("见警率降 {points} 个百分点", "{points} percentage points of what is seen"),
        "required": ("必巡少 {number} 项", "{number} required tasks"),
        "prize": ("少 {number} 分", "{number} points"),
        "nothing": ("无", "nothing"),
        "and": ("，", ", "),
        "then": ("；", "; "),
    }
)
"""What is said of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchCost:
    """What sending a crew costs the plan: the rest of the night planned anew without it, beside the plan as it is.

    Parameters
    ----------
    required
        Required tasks that are missed in addition; broken promises count.
    points
        Points less, of hotspots only if the plan is for presence.
    seen
        By how much less is seen, as a share of all streets by weight and time, 0 to 1; None of a plan for points.
    crews, tasks
        How many crews and tasks are changed.
    levels
        What the plan is worth then; see `Objective`.
    """

    required: int
    points: int
    seen: float | None
    crews: int
    tasks: int
    levels: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchAnswer:
    """When a crew can be at a place.

    Parameters
    ----------
    crew
        Its id.
    seconds
        From the moment asked for until it is there: what it cannot break off is driven to the end, then the quickest
        way, turn costs included.
    arrives
        The moment.
    length_m
        How far it drives from where it can decide.
    cost
        What sending it costs; None where it was not worked out, where the crew comes only after it is to leave, or
        where it would not be home in time.
    """

    crew: str
    seconds: Seconds
    arrives: dt.datetime
    length_m: int
    cost: DispatchCost | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """Who can be at a place, the first to be there first.

    Parameters
    ----------
    place
        What it is called.
    at, until
        From when on, and until when the crew that is sent stays.
    answers
        Of each crew that is in service and can get there.
    """

    place: str
    at: dt.datetime
    until: dt.datetime
    answers: tuple[DispatchAnswer, ...]

    def summary(self, lang: Lang = "zh") -> str:
        """Return it in words, a line for each crew.

        Parameters
        ----------
        lang
            ``zh`` or ``en``.
        """
        require_lang(lang)
        if not self.answers:
            return WORDS.say("nobody", lang, place=self.place)
        head = WORDS.say("head", lang, clock=clock_text(self.at), place=self.place)
        return "\n".join([head, *(f"  {_told(answer, lang)}" for answer in self.answers)])


def _told(answer: DispatchAnswer, lang: Lang) -> str:
    minutes, seconds = divmod(answer.seconds, 60)
    there = WORDS.say(
        "there", lang, crew=answer.crew, minutes=minutes, seconds=seconds, clock=clock_text(answer.arrives),
        km=f"{answer.length_m / 1000:.1f}",
    )  # fmt: skip
    if answer.cost is None:
        return there
    what = WORDS.say("and", lang).join(_losses(answer.cost, lang)) or WORDS.say("nothing", lang)
    cost = WORDS.say("cost", lang, what=what, crews=answer.cost.crews, tasks=answer.cost.tasks)
    return there + WORDS.say("then", lang) + cost


def _losses(cost: DispatchCost, lang: Lang) -> Iterator[str]:
    if cost.required > 0:
        yield WORDS.say("required", lang, number=cost.required)
    if cost.points > 0:
        yield WORDS.say("prize", lang, number=cost.points)
    if cost.seen is not None and round(100 * cost.seen, 2) > 0:
        yield WORDS.say("seen", lang, points=f"{100 * cost.seen:.2f}")


@checked(but=("place", "positions"))
def dispatch(  # noqa: PLR0913 - where, when, and what is known
    plan: PatrolPlan,
    at: str | dt.datetime,
    place: LonLat | str,
    *,
    until: str | dt.datetime | None = None,
    positions: Positions | None = None,
    costs: int = COSTED,
    work_limit: int = COST_WORK,
    seed: int = 0,
) -> Dispatch:
    """Return which crew of a night under way reaches a place first, and what sending it costs the plan.

    Parameters
    ----------
    plan
        The plan by which crews drive.
    at
        When they are called: a clock time of the night, or an aware datetime.
    place
        Where to: longitude and latitude in WGS-84 degrees, or a crossing in words such as ``朝阳中路与龙湖路口``.
    until
        Until when a crew that is sent stays, half an hour after ``at`` if not given; only costs depend on it.
    positions
        Where crews are, as for `patrolroute.replan`.
    costs
        For so many crews, those that are there first, the rest of the night is planned anew: 0 for none.
    work_limit, seed
        Of each of these searches, as for `patrolroute.solve`. What is found costs no more than is said: a longer search
        may find less.

    Returns
    -------
    Dispatch
        Every crew in service that can get there, with its seconds.

    Raises
    ------
    ProblemError, PlaceError
        If the moment is not within the night, or no street is near the place.
    """
    _require_limits(costs, work_limit, seed)
    moment = moment_of(plan, at, asked_by="dispatch")
    latest = plan.window[1] + LONGEST_NIGHT
    stays = moment + AWAY if until is None else moment_of(plan, until, latest=latest, asked_by="dispatch")
    if stays <= moment:
        raise ProblemError(f"dispatch: until {clock_text(stays)} is not after {clock_text(moment)}")
    found = _answers(plan, moment, place, {} if positions is None else positions)
    answers = sorted(found, key=lambda one: (one.seconds, one.crew))
    anew = partial(replan, plan, at=moment, positions=positions, work_limit=work_limit, seed=seed)
    told = [
        _costed(plan, one, partial(anew, calls=[Call(one.crew, place, stays)]))
        if number < costs and one.arrives < stays
        else one
        for number, one in enumerate(answers)
    ]
    name = place if isinstance(place, str) else "{:.5f}, {:.5f}".format(*(point_of(place) or place))
    return Dispatch(place=name, at=moment, until=stays, answers=tuple(told))


def _require_limits(costs: int, work_limit: int, seed: int) -> None:
    """Refuse numbers that no search takes, all of them at once."""
    complaints = Complaints()
    complaints.extend(not_whole("dispatch: costs", costs, 0, MOST_COSTED))
    complaints.extend(not_whole("dispatch: work_limit", work_limit, 0, MAX_WORK))
    complaints.attempt(lambda: require_seed(seed, "dispatch"))
    complaints.raise_as(ProblemError)


def _answers(plan: PatrolPlan, at: dt.datetime, place: LonLat | str, positions: Positions) -> Iterator[DispatchAnswer]:
    """Yield when each crew in service can be there."""
    nodes, faults = dict[Mode, int](), list[InputError]()
    for mode in dict.fromkeys(crew.mode for crew in plan.crews if crew.out_of_service is None and crew.end > at):
        try:
            plan, (nodes[mode],) = with_places(plan, mode, [snapped(roads_at(plan, mode, at), place)])
        except InputError as error:
            faults.append(error)
    if faults and not nodes:
        raise faults[0]
    roads = Roads(plan, {mode: roads_at(plan, mode, at) for mode in plan.networks})
    nearby, placing = positions_of(plan, positions, at, roads.networks), Placing(plan, roads, at)
    for route in plan.routes:
        one = driven_at(plan, route, at, is_called=True)
        if one.crew.mode not in nodes or one.crew.out_of_service is not None or one.crew.end <= at:
            continue
        if one.crew.id in nearby:
            one = placing.placed(one, nearby[one.crew.id]) or one
        answer = _answer(one, roads, nodes[one.crew.mode], at)
        if answer is not None:
            yield answer


def _answer(one: Driven, roads: Roads, node: int, at: dt.datetime) -> DispatchAnswer | None:
    """Return when a crew can be at a node; None if never."""
    network, times = roads.networks[one.crew.mode], roads.times(one.crew)
    if node not in network.node_index:
        return None
    seconds, target = roads.nearest(one, times.positions.stops(network.node_index[node], starts_here=True))
    if seconds >= INFINITE_S:
        return None
    arrives = one.free + dt.timedelta(seconds=seconds)
    length_m = sum(leg.length_m for leg in roads.drive(one, target))
    return DispatchAnswer(crew=one.crew.id, seconds=elapsed_s(at, arrives), arrives=arrives, length_m=length_m)


def _costed(plan: PatrolPlan, answer: DispatchAnswer, anew: Callable[[], Replan]) -> DispatchAnswer:
    """Return an answer with what sending the crew costs; as it is where it could not go there and get home in time."""
    try:
        found = anew()
    except ProblemError as error:
        if all(any(word in str(item) for word in CANNOT_BE_SENT) for item in error.items):
            return answer
        raise
    old, new, changes = plan.objective, found.plan.objective, found.changes
    called = {task.id for task in found.plan.tasks} - {task.id for task in plan.tasks}
    points = sum(sum(task.worth) for task in found.plan.tasks if task.id in called)
    is_seen = old.seen is not None and new.seen is not None
    cost = DispatchCost(
        required=new.required_missed - old.required_missed,
        points=old.prize_collected - (new.prize_collected - points),
        seen=(old.seen or 0.0) - (new.seen or 0.0) if is_seen else None,
        crews=len(changes.changed_crews),
        tasks=sum(task not in called for task in changes.tasks),
        levels=tuple(new.levels),
    )
    return replace(answer, cost=cost)
