"""Nights drawn from mixtures: plans for all nights that are alike are made once, and one is drawn when one is issued.

The draw follows from the secret and the date (`patrolroute.campaign.sealed`), so it can be checked afterwards. Who of
the crews that are alike drives which route is drawn as well, fairly. Where tonight asks for more than other nights, or
a crew is missing, what was drawn is the start of a search.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from patrolroute.base.errors import CampaignError
from patrolroute.base.files import read_bytes, write_one
from patrolroute.base.vocabulary import elapsed_s
from patrolroute.campaign.folder import CampaignFolder
from patrolroute.campaign.guessing import Watched
from patrolroute.campaign.issuing import NightTask
from patrolroute.campaign.mixed import MIXTURE_FILE, Mixture
from patrolroute.campaign.mixture import MixCallback, mix
from patrolroute.campaign.model import Draw
from patrolroute.campaign.record import Record
from patrolroute.campaign.sealed import draw
from patrolroute.campaign.turns_of_crews import exchanged, fair_order, interchangeable
from patrolroute.plan.document import PLAN_FILE
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.schedule import unexplained
from patrolroute.problem.evaluate import Names, Solution
from patrolroute.problem.model import PatrolProblem
from patrolroute.search.params import SearchParams
from patrolroute.search.presence.improve import default_windows

MIXTURES = "mixtures"
"""The folder of a campaign's mixtures, in its own."""

TEAMS_FILE = "teams.json"
"""Beside a mixture: which of its crews are alike."""

PLACES_OF_A_ROUTE = 20
"""A route that a crew drove before counts like so many streets and quarters of an hour that it repeats from last night:
about half of those of a route of three hours."""

DIGITS = 12
"""Of a digest in the name of a folder: nights differ long before that."""

FROM_THE_START = SearchParams(prize_work=1, tour_work=0)
"""All of the limits go to windows: what was drawn is seen already, and only what it lacks is to be found a place."""

Teams = Mapping[str, tuple[str, ...]]
"""Ids of crews that are alike, by what they are."""


class Held(NamedTuple):
    """A mixture of the campaign: its folder, its plans, the crews that they were made for."""

    folder: Path
    mixture: Mixture
    teams: Teams


@dataclass(frozen=True, slots=True)
class Drawer:
    """A planner that draws each night from the mixture of nights like it, and makes the mixture where there is none.

    Parameters
    ----------
    place
        The campaign's folder.
    terms
        How many plans, and how much work for them.
    callback
        Told after each plan that is made.
    limits
        Limits of a search that starts from what was drawn, as `patrolroute.solve` takes them; if there are none, the
        usual windows. With far fewer what a missing crew was required to do finds no place, and all is begun anew.
    """

    place: CampaignFolder
    terms: Draw
    callback: MixCallback | None = None
    limits: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self, task: NightTask) -> tuple[PatrolPlan, Mapping[str, Any]]:
        """Return the plan of a night and what the record says of the draw.

        Raises
        ------
        CampaignError
            If the campaign has no secret.
        """
        secret = self.place.secret()
        if secret is None:
            raise CampaignError(f"{self.place.folder}: there is no secret to draw by")
        teams = teams_of(task.usual)
        held = self._held(task, teams)
        number, slot = held.mixture.draw(secret, task.night.date), dict(_slots(held.teams, teams))
        plan = _for_crews(held.mixture, slot).plan(number, task.usual)
        before = self._driven(number, held, slot) + self._shared(plan)
        order = fair_order(plan, before, secret=secret, date=task.night.date)
        plan = exchanged(plan, order)
        is_anew = bool(task.asks) or len(slot) < len(held.mixture.decisions[0].routes)
        if is_anew:
            limits = self.limits or {"work_limit": default_windows(task.problem)}
            plan = task.run.solve(
                task.problem, seed=task.seed, start=plan, goal="presence", params=FROM_THE_START, **limits
            ).plan
        facts = {
            "by": "draw",
            "mixture": held.folder.name,
            "mixture_sha256": hashlib.sha256(read_bytes(held.folder / MIXTURE_FILE)).hexdigest(),
            "plan": number,
            "routes": {crew: slot[route] for crew, route in order.items()},
            "anew": is_anew,
        }
        return plan, facts

    def _held(self, task: NightTask, teams: Teams) -> Held:
        """Return the mixture of nights like this one, else one of nights with a few crews more, else a new one."""
        sort = _sort(task, self.terms)
        sizes = {key: len(crews) for key, crews in teams.items()}
        found = [
            held for held in held_in(self.place.folder / MIXTURES, sort)
            if all(len(held.teams.get(key, ())) >= size for key, size in sizes.items())
        ]  # fmt: skip
        if found:
            return min(found, key=lambda held: (sum(map(len, held.teams.values())), held.folder.name))
        folder = self.place.folder / MIXTURES / f"{sort}-{_digest(sorted(sizes.items()))[:4]}"
        mixture = mix(
            task.usual, minutes=self.terms.minutes, columns=self.terms.plans, work_limit=self.terms.work_limit,
            seed=task.seed, callback=self.callback,
        )  # fmt: skip
        write_one(folder / TEAMS_FILE, json.dumps(teams, ensure_ascii=False, indent=1).encode())
        mixture.save(folder)  # a mixture without its teams would never be drawn from
        return Held(folder, mixture, teams)

    def _driven(self, number: int, held: Held, slot: Mapping[str, str]) -> Counter[tuple[str, str]]:
        """Return how much of a plan's routes each crew drove before, by the crew and whose route it is tonight."""
        tonight = {route: crew for crew, route in slot.items()}
        before = Counter[tuple[str, str]]()
        for how in draws_of(self.place):
            if how["mixture"] == held.folder.name and how["plan"] == number:
                pairs = [(crew, tonight[route]) for crew, route in how["routes"].items() if route in tonight]
                before.update(dict.fromkeys(pairs, PLACES_OF_A_ROUTE))
        return before

    def _shared(self, plan: PatrolPlan) -> Counter[tuple[str, str]]:
        """Return how many streets and quarters of an hour of last night each crew would repeat on each route."""
        dates = [night.date for night in self.place.state().counted]
        last = self.place.night(max(dates)) / PLAN_FILE if dates else None
        if last is None or not last.is_file():  # the folder of a night may have been moved to an archive
            return Counter()
        then, tonight = (Watched.of(one).whereabouts for one in (PatrolPlan.from_json(last), plan))
        return Counter({
            (crew, route): len(places & then[crew])
            for route, places in tonight.items() for crew in then
        })  # fmt: skip


def draws_of(place: CampaignFolder) -> Iterator[dict[str, Any]]:
    """Yield what the record says of each draw, and its date, in the order in which nights were issued."""
    for event in Record.read(place.folder).events:
        how = event.facts.get("how", {}) if event.kind == "issued" else {}
        if how.get("by") == "draw":
            yield how | {"date": event.facts["date"]}


def held_in(folder: Path, sort: str) -> Iterator[Held]:
    """Yield the mixtures of nights of a sort that lie in a folder.

    Raises
    ------
    PlanFileError
        If one of them is not what was written.
    """
    for path in sorted(folder.glob(f"{sort}-*/{MIXTURE_FILE}")):
        teams = json.loads(read_bytes(path.parent / TEAMS_FILE))
        yield Held(path.parent, Mixture.read(path.parent), {key: tuple(crews) for key, crews in teams.items()})


def is_drawn_right(place: CampaignFolder, secret: bytes, how: Mapping[str, Any], date: Any) -> bool:
    """Return whether what the record says was drawn for a night follows from the secret and the mixture.

    Parameters
    ----------
    place
        The campaign's folder.
    secret
        Told after the campaign.
    how, date
        What the record says of the draw, and the day of the night.
    """
    path = place.folder / MIXTURES / str(how["mixture"]) / MIXTURE_FILE
    if not path.is_file() or hashlib.sha256(read_bytes(path)).hexdigest() != how["mixture_sha256"]:
        return False
    return draw(secret, date, Mixture.read(path).chances) == int(how["plan"])


def teams_of(problem: PatrolProblem) -> dict[str, tuple[str, ...]]:
    """Return the ids of crews that may drive each other's routes, by what they are whatever the date."""
    plan = unexplained(problem, Solution(tuple(() for _ in problem.crews)), settings={"goal": "presence"})
    crews, zero, found = {crew.id: crew for crew in plan.crews}, plan.window[0], dict[str, tuple[str, ...]]()
    for group in interchangeable(plan):
        crew = crews[group[0]]
        facts = (
            crew.mode, crew.depot.node, crew.end_depot.node, elapsed_s(zero, crew.start), elapsed_s(zero, crew.end),
            crew.speed_factor, crew.kinds, crew.range_km, crew.capacity, crew.area, crew.reserved, crew.forbidden,
        )  # fmt: skip
        name = f"{crew.depot.name or crew.depot.node} {_digest(facts)[:4]}"
        while name in found:
            name += "'"
        found[name] = group
    return found


def _sort(task: NightTask, terms: Draw) -> str:
    """Return what nights have in common that are drawn from the same plans: theme, map, wishes, how plans are made."""
    problem, weights = task.usual, task.usual.hour_weights
    maps = [(mode, network.fingerprint) for mode, network in sorted(problem.networks.items())]
    hours = _digest((weights.row.tobytes(), weights.weighed_s.tobytes()))
    return _digest((task.night.theme, maps, problem.tasks, hours, terms))[:DIGITS]


def _digest(facts: object) -> str:
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def _slots(made_for: Teams, tonight: Teams) -> Iterator[tuple[str, str]]:
    """Yield each crew of tonight and the crew in whose place it drives in the mixture."""
    for key, crews in tonight.items():
        yield from zip(crews, made_for[key], strict=False)


def _for_crews(mixture: Mixture, slot: Mapping[str, str]) -> Mixture:
    """Return a mixture in which tonight's crews stand for those that it was made for."""
    tonight = {route: crew for crew, route in slot.items()}

    def renamed(solution: Solution) -> Solution:
        names = solution.names or Names("", (), ())
        # a place that nobody fills tonight keeps a name that no crew has
        crews = tuple(tonight.get(route, f"{route}\0") for route in names.crews)
        return replace(solution, names=names._replace(fingerprint="", crews=crews))

    return replace(mixture, decisions=tuple(map(renamed, mixture.decisions)))
