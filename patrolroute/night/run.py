"""From a night's file, or a dictionary, to a plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any, TypedDict, Unpack

from pydantic import ValidationError

from patrolroute.base.arguments import checked, checked_fields
from patrolroute.base.errors import Complaint, Complaints, InputError, NightError
from patrolroute.base.forms import pydantic_sentences
from patrolroute.base.text import by_hours, label
from patrolroute.base.vocabulary import Goal, Mode
from patrolroute.demand.model import ClockWindow, Demand, Hotspot, KeyHours, PriorityStreet
from patrolroute.demand.sheets import without_advice
from patrolroute.demand.streets import combine_streets
from patrolroute.explain.conflicts import conflicts
from patrolroute.network.names import is_meant
from patrolroute.network.road import RoadNetwork
from patrolroute.night.demand import NightDemand
from patrolroute.night.model import Hotspots, Night, Streets
from patrolroute.night.reach import Reach, require_reach
from patrolroute.night.reading import LIST_THEM, parsed
from patrolroute.night.roads import Fleet, Tonight
from patrolroute.night.trend import Watch, can_be_told
from patrolroute.night.workbook.cells import NightCells
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.seen import unserved
from patrolroute.problem.crew import Crew
from patrolroute.problem.evaluate import Solution
from patrolroute.problem.model import PatrolProblem
from patrolroute.problem.near_home import NearHome
from patrolroute.search.params import SearchParams
from patrolroute.search.solve import Result, solve
from patrolroute.search.stopping import Callback
from patrolroute.study.diagnose import LEAST_LOST_M


@checked
def read_night(path: str | Path) -> Night:
    """Read the file that describes a night; it may name any file and download, as whoever wrote it may.

    Parameters
    ----------
    path
        ``.toml`` or ``.json``, UTF-8; or ``.xlsx``, as ``patrolroute new`` writes it.

    Raises
    ------
    NightError
        Naming the file, the entry (of a workbook sheet and cell), its value and the rule, for every rule broken.
    """
    complaints = Complaints()
    data = parsed(Path(path), complaints)
    checked_night = partial(night_from, data, source=str(path), files="anywhere", downloads=True)
    if not isinstance(data, NightCells):
        complaints.raise_as(NightError)
        return checked_night()
    night = complaints.attempt(checked_night)
    if night is None or len(complaints):
        raise NightError(data.told(complaints.items))
    return night


@checked(but=("data",))
def night_from(
    data: Mapping[str, Any], *, source: str = "night", files: Reach = "folder", downloads: bool = False
) -> Night:
    """Check a dictionary against the model of a night, which may come from outside.

    Parameters
    ----------
    data
        What the night's file would hold.
    source
        What complaints call it.
    files
        Which files it may name: ``folder`` those in the night's folder, ``anywhere`` any. What links lead to is looked
        at by `NightRun`, which knows the folder.
    downloads
        Whether it may have a map downloaded.

    Raises
    ------
    NightError
        For every rule broken.
    """
    if not isinstance(data, Mapping):
        raise NightError(f"{source}: is a {type(data).__name__}, not a table of entries")
    try:
        night = Night.model_validate(data)
    except ValidationError as error:
        raise NightError(pydantic_sentences(error, source, hint=LIST_THEM, model=Night)) from error
    require_reach(night, files=files, downloads=downloads, source=source)
    return night


def bundled_night() -> Path:
    """Return the file of the bundled night: the operation of 8 May on the schematic map."""
    return Path(str(resources.files("patrolroute") / "data" / "night.toml"))


class SolveOptions(TypedDict, total=False):
    """The options of `patrolroute.solve`, which a night's file has limits of its own for."""

    goal: Goal
    time_limit: float | None
    work_limit: int | None
    no_improvement: int | None
    seed: int
    start: PatrolPlan | Solution | None
    callback: Callback | None
    params: SearchParams | None
    threads: int | None


@dataclass(frozen=True, slots=True)
class _WithConflicts:
    """Explains a plan that misses what is required: which of that cannot all be served, beside all other reasons."""

    problem: PatrolProblem
    reasons: Callable[..., PatrolPlan] | None

    def __call__(self, plan: PatrolPlan, *, brief: bool = False) -> PatrolPlan:
        """Return the plan with reasons and conflicts; briefly with reasons alone."""
        plan = plan if self.reasons is None else self.reasons(plan, brief=brief)
        return plan if brief else replace(plan, conflicts=conflicts(self.problem))


@checked_fields
@dataclass(frozen=True, slots=True)
class NightRun:
    """Puts a night together, step by step; each step can be called alone.

    Parameters
    ----------
    night
        The model.
    folder
        Where the files lie that the night names.
    files
        Which files it may name: ``folder`` those in the folder, wherever links lead; ``anywhere`` any.
    downloads
        Whether it may have a map downloaded.

    Raises
    ------
    NightError
        If the night reaches farther.
    """

    night: Night
    folder: Path = Path()
    files: Reach = field(default="folder", kw_only=True)
    downloads: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        require_reach(self.night, folder=self.folder, files=self.files, downloads=self.downloads)

    @classmethod
    @checked
    def trusting(cls, night: Night, folder: Path = Path()) -> NightRun:
        """Return the run of a night that may name any file and download, as on the command line."""
        return cls(night, folder, files="anywhere", downloads=True)

    @property
    def _wanted(self) -> NightDemand:
        """What the night asks for."""
        return NightDemand(self.night, self.folder)

    def networks(self) -> dict[Mode, RoadNetwork]:
        """Load the map of each mode that a crew has, less what is closed tonight.

        Raises
        ------
        InputError
            With the complaints about maps and closures.
        """
        return Tonight(self.night, self.folder).networks()

    def network(self) -> RoadNetwork:
        """Load the map of the first crew's mode, less what is closed tonight."""
        return next(iter(self.networks().values()))

    @checked
    def closed_names(self, networks: Mapping[Mode, RoadNetwork]) -> tuple[str, ...]:
        """Name the streets that the night asks for and that are closed tonight over all of their length."""
        if not self._wanted.shut:
            return ()
        tonight = Tonight(self.night, self.folder)
        names = dict[str, None]()
        for mode, network in networks.items():
            street_map = tonight.street_map(mode)
            wanted = [name for request in self.night.streets if request.mode == mode for name in request.names or ()]
            wanted += [name for hours in self.night.key_hours for name in hours.names]
            names |= dict.fromkeys(
                name for name in wanted if not is_meant(name, network) and is_meant(name, street_map)
            )
        return tuple(names)

    def crews(self) -> list[Crew]:
        """Make the crews of all groups; places in words are found on the map of their mode as on any other night.

        Raises
        ------
        NightError
            Naming every depot that no entry describes, every shift that breaks a rule, and every place in words that
            is not found.
        """
        crews = Fleet(self.night, self.folder).crews()
        told = {crew.mode for crew in crews if {str} & {type(crew.depot), type(crew.end_depot), type(crew.area)}}
        if not told:
            return crews
        tonight, complaints = Tonight(self.night, self.folder), Complaints()
        maps = {mode: tonight.street_map(mode) for mode in told}
        found, lost = list[Crew](), set[tuple[object, ...]]()
        for crew in crews:
            places = crew.mode, crew.depot, crew.end_depot, str(crew.area)
            if crew.mode not in told or places in lost:  # what many crews share is complained of once
                found.append(crew)
                continue
            placed = complaints.attempt(partial(crew.placed, maps[crew.mode], crs=self.night.crs))
            found.append(placed or crew)
            lost |= {places} if placed is None else set()
        complaints.raise_as(NightError)
        return found

    @checked
    def demand(self, networks: Mapping[Mode, RoadNetwork]) -> list[Demand]:
        """Choose the streets and read the hotspots.

        Raises
        ------
        NightError
            With the complaints of all selections and files together.
        """
        closed, wanted = set(self.closed_names(networks)), self._wanted
        steps: list[tuple[Mode, Callable[[RoadNetwork], Sequence[Demand]]]] = []
        steps += [(request.mode, partial(wanted.open_streets, request, closed)) for request in self.night.streets]
        steps += [(table.mode, partial(wanted.incidents, table)) for table in self.night.incidents]
        steps += [(table.mode, partial(wanted.hotspots, table)) for table in self.night.hotspots]
        complaints, chosen = Complaints(), list[Demand]()
        for mode, step in steps:
            if mode not in networks:
                sentence = f"nobody goes by the mode {mode!r} that a street or hotspot asks for; give a crew that does"
                zh = f"有路段或场所要求{label(mode)}巡逻，但没有这种方式的车组"
                complaints.add(Complaint(sentence, "no_crew", zh))
                continue
            chosen.extend(complaints.attempt(partial(step, networks[mode])) or ())
        if not chosen and self.night.streets and not len(complaints):
            names = sorted(closed) or wanted.shut
            sentence = f"nothing to cover: {', '.join(names)} is closed tonight, and nothing else is asked for"
            zh = f"没有可巡的路段：{'、'.join(names)}今晚封闭，此外没有任务"
            complaints.add(Complaint(sentence, "nothing_left", zh))
        complaints.raise_as(NightError)
        streets = [item for item in chosen if isinstance(item, PriorityStreet)]
        return [*combine_streets(streets), *(item for item in chosen if not isinstance(item, PriorityStreet))]

    def problem(self) -> PatrolProblem:
        """Put networks, demand and crews together.

        Raises
        ------
        InputError
            With the complaints about crews, closures, streets and hotspots together.
        """
        complaints = Complaints()
        crews = complaints.attempt(self.crews)
        networks = complaints.attempt(self.networks)
        maps = networks or complaints.attempt(self.street_maps)
        demand = None if maps is None else complaints.attempt(partial(self.demand, maps))
        if crews is None or networks is None or demand is None:
            raise NightError(dict.fromkeys(complaints.items))
        return self.problem_of(networks, demand, crews)

    @checked
    def problem_of(
        self, networks: Mapping[Mode, RoadNetwork], demand: Sequence[Demand], crews: Sequence[Crew]
    ) -> PatrolProblem:
        """Put networks, demand and crews together as the night says.

        Parameters
        ----------
        networks
            The map of each mode, less what is closed.
        demand
            Streets and hotspots on these maps.
        crews
            Who drives.

        Raises
        ------
        InputError
            With every rule that they break together.
        """
        night = self.night
        options: dict[str, Any] = {"timezone": night.timezone, "decay": night.decay, "snap_m": night.snap_m}
        if night.near_home is not None:
            options["near_home"] = NearHome(**dict(night.near_home))
        try:
            return PatrolProblem(networks, demand, crews, **options, key_hours=self.key_hours(networks))
        except InputError as error:
            if night.crs == "wgs84":
                raise
            raise type(error)(list(map(without_advice, error.items))) from error  # depots are moved already

    @checked
    def key_hours(self, networks: Mapping[Mode, RoadNetwork]) -> list[KeyHours]:
        """Return the key hours of the night; those that are only for streets that are closed tonight are left out.

        Parameters
        ----------
        networks
            The map of each mode, less what is closed.
        """
        found, closed = [], set(self.closed_names(networks))
        for given in self.night.key_hours:
            names = [name for name in given.names if name not in closed]
            if names or given.kinds or not given.names:
                hours = tuple(map(ClockWindow.parse, given.hours))
                found.append(KeyHours(hours, given.weight, tuple(names), tuple(given.kinds)))
        return found

    def street_maps(self) -> dict[Mode, RoadNetwork]:
        """Load the maps as on any other night: where a closure is wrong the choice is still looked at."""
        tonight = Tonight(self.night, self.folder)
        return {mode: tonight.street_map(mode) for mode in tonight.modes}

    @checked
    def solve(self, problem: PatrolProblem | None = None, **overrides: Unpack[SolveOptions]) -> Result:
        """Solve the night within the limits of its file; ``overrides`` are options of `solve`.

        A work limit given here, without a time limit, lifts the file's time limit, so that the plan repeats exactly.
        If the plan misses what is required, it says which required tasks cannot all be served, once it explains itself.
        """
        limits = self.night.solve
        options: SolveOptions = {
            "time_limit": limits.time_limit_s,
            "work_limit": limits.work_limit,
            "no_improvement": limits.no_improvement,
            "seed": limits.seed,
            "goal": limits.goal,
        }
        if overrides.get("work_limit") is not None:
            options["time_limit"] = None
        problem = problem or self.problem()
        options.update(overrides)
        watch, told = None, options.get("callback")
        if can_be_told(told):
            options["callback"] = watch = Watch(problem.prize_total, told)
        result = solve(problem, **options)
        settings = self.settings(problem) | dict(result.plan.settings)
        if watch is not None and (facts := watch.facts(result)):
            settings["search"] = dict(facts)
        plan = replace(result.plan, settings=settings)
        if unserved(plan) and result.stopped_by != "interrupted":
            plan = replace(plan, explain=_WithConflicts(problem, plan.explain))
        return replace(result, plan=plan)

    @checked
    def settings(self, problem: PatrolProblem) -> dict[str, Any]:
        """Return what a plan says of the night: its name, what is closed, what is closed or slow all night."""
        closed = list(dict.fromkeys([*self.closed_names(problem.networks), *self._wanted.shut]))
        # The problem's own maps are split where people stop; these are as they were chosen from.
        maps = self.networks() if self._wanted.shut else {}
        shut_required = [name for name, _ in self.closed_required(maps)]
        required = {"closed_required": shut_required} if shut_required else {}
        duty = {} if self.night.duty is None else {"duty": self.night.duty}
        return {"night": self._name(problem), **duty, "closed": closed, **required, **self._hours()}

    def _name(self, problem: PatrolProblem) -> str:
        """Return what the night is called; one without a name is called by its hours."""
        if "name" in self.night.model_fields_set or not problem.crews:
            return self.night.name
        begin, end = min(crew.start for crew in problem.crews), max(crew.end for crew in problem.crews)
        return label(f"{by_hours(begin, end)}_patrol", self.night.lang)

    @checked
    def closed_required(self, networks: Mapping[Mode, RoadNetwork]) -> tuple[tuple[str, int], ...]:
        """Return the required streets that are closed tonight or cut off by what is, with the metres of their arcs.

        Parameters
        ----------
        networks
            The maps of `networks`, not yet split where people stop: arcs are told apart by their ends.
        """
        if not self._wanted.shut:
            return ()
        lost = dict[str, int]()
        for mode, street_map in self.street_maps().items():
            requests = [request for request in self.night.streets if request.mode == mode and request.required]
            for request in requests:
                usual = Complaints().attempt(partial(self._wanted.chosen, request, set(), street_map)) or []
                for street in usual:
                    gone = {
                        arc for section in street.segments for chain in section.directions for arc in chain
                    } - networks[mode].arc_index.keys()
                    metres = sum(int(street_map.length_m[street_map.arc_index[arc]]) for arc in gone)
                    if metres >= LEAST_LOST_M:
                        lost[street.name] = max(lost.get(street.name, 0), metres)
        return tuple(lost.items())

    def closed_hours(self) -> tuple[tuple[str, str], ...]:
        """Return the closures that were meant for some hours and hold all night: what is closed, and the hours."""
        return tuple((closed.said, ", ".join(closed.hours)) for closed in self.night.closures if closed.hours)

    def _hours(self) -> dict[str, Any]:
        """Return the hours of closures and slow streets that hold all night although only a part of it was meant."""
        slow = [(drawn.said, ", ".join(drawn.hours)) for drawn in self.night.slow if drawn.hours]
        held = [f"{said} {hours}" for said, hours in (*self.closed_hours(), *slow)]
        return {"all_night": held} if held else {}

    @checked
    def streets(self, request: Streets, network: RoadNetwork) -> list[PriorityStreet]:
        """Choose the streets of one entry, whatever is closed tonight.

        Parameters
        ----------
        request
            One of the night's.
        network
            The map of its mode.

        Raises
        ------
        TableError
            With every complaint about the entry.
        """
        return self._wanted.select(request, network, request.names)

    def hotspots(self, table: Hotspots, network: RoadNetwork, snap_m: float | None = None) -> list[Hotspot]:
        """Read one list of hotspots.

        Parameters
        ----------
        table
            One of the night's.
        network
            The map of its mode.
        snap_m
            The farthest that a place may lie from a street, metres; the night's if None.

        Raises
        ------
        TableError
            With every complaint about the list.
        """
        return self._wanted.hotspots(table, network, snap_m)
