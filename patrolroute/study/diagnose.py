"""What may be wrong with a night before it is planned: everything at once, each with what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from patrolroute.base.arguments import checked
from patrolroute.base.text import label, require_lang
from patrolroute.base.vocabulary import Lang, Seconds
from patrolroute.demand.model import Hotspot, PriorityStreet
from patrolroute.explain.reasons import bare_reasons
from patrolroute.problem.clock import zone
from patrolroute.problem.crew import Crew
from patrolroute.problem.evaluate import Solution
from patrolroute.study.evidence import (
    NEAR_M,
    behind_barriers,
    fitting_datum,
    is_on_bridge,
    least_gap_s,
    least_kept_s,
    snapped_depots,
    stops_across,
)
from patrolroute.study.phrases import DIAGNOSIS, HOPELESS_REMEDIES

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem


Level = Literal["error", "warning", "note"]

MOST = 5
"""Things named one by one in a finding; the rest is counted."""

LEAST_LOST_M = 50
"""The wrong way of a short link between two carriageways is no loss."""

FAR_M = 40.0
"""A stop farther than this from its street may belong to another one."""

MOST_NOTES = 40
"""Hotspots whose streets are said one by one."""

IDLE, IDLE_S = 0.5, 3600
"""If all wanted visits take less than half of the crews' time, and an hour is left, driving does not take it all."""

TIGHT = 0.85
"""Of the crews' time: more required service than this leaves little for driving."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, or may be.

    Parameters
    ----------
    level
        ``error``: the night cannot be planned as it is meant; ``warning``: look at it; ``note``: good to know.
    said
        The thing, the value, the rule.
    remedy
        What to do, empty where what was said says it.
    kind
        What was looked at: ``input``, ``cut_off``, ``far``, ``across``, ``datum``, ``barrier``, ``hopeless``,
        ``time``, ``promise``, ``near_home``, ``staff``, ``closed``, ``closed_hours``, ``bridge``; of notes
        ``stop``, ``depot``, ``idle``, and of what was told in words ``place``, ``section``, ``area``.
    facts
        What the sentence tells, for programs: names, metres, degrees in WGS-84.
    """

    level: Level
    said: str
    remedy: str
    kind: str = "input"
    facts: Mapping[str, object] = field(default_factory=dict, compare=False, repr=False, kw_only=True)

    def to_dict(self) -> dict[str, object]:
        """Return it as JSON holds it."""
        return {
            "level": self.level, "kind": self.kind, "said": self.said, "remedy": self.remedy, "facts": dict(self.facts),
        }  # fmt: skip

    def told(self, lang: Lang) -> str:
        """Return it in a line, and what to do in a second one; ``lang`` is that of what is said."""
        head = DIAGNOSIS.say(f"level_{self.level}", lang) + {"zh": "：", "en": ": "}[lang]
        return f"{head}{self.said}" + (f"\n    -> {self.remedy}" if self.remedy else "")

    def __str__(self) -> str:
        return self.told("en")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All findings, errors first, and notes: what is good to know and no fault; ``lang`` is the language of all."""

    findings: tuple[Finding, ...]
    notes: tuple[Finding, ...] = ()
    lang: Lang = "en"

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What keeps the night from being planned as it is meant."""
        return tuple(finding for finding in self.findings if finding.level == "error")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What is to be looked at."""
        return tuple(finding for finding in self.findings if finding.level == "warning")

    def to_dict(self) -> dict[str, object]:
        """Return all findings and notes as JSON holds them."""
        return {
            "lang": self.lang,
            "errors": len(self.errors),
            "warnings": len(self.warnings),
            "findings": [finding.to_dict() for finding in (*self.errors, *self.warnings, *self.notes)],
        }

    def __str__(self) -> str:
        found = (("error", len(self.errors)), ("warning", len(self.warnings)))
        counts = [
            DIAGNOSIS.say(word if number == 1 else f"{word}s", self.lang, number=number) for word, number in found
        ]
        lines = [finding.told(self.lang) for finding in (*self.errors, *self.warnings, *self.notes)]
        return "\n".join([*lines, {"zh": "，", "en": ", "}[self.lang].join(counts)])


@checked
def diagnose(problem: PatrolProblem, lang: Lang = "en") -> Diagnosis:
    """Look for what may be wrong with a night.

    One-way traps and streets that are cut off, stops far from their street or across a river from it, points that
    look shifted by the offset of Chinese maps, depots behind a barrier, tasks that no crew can serve even
    alone (hours, reach, time budget), more required service than the crews have time for, promised gaps that
    cannot be kept, streets away from every crew's own part where that costs something, crews out at once with one call
    sign or plate, and shifts given in another time zone than the night's. What is found and what to do is said in
    ``zh`` or ``en``.

    Raises
    ------
    InputError
        If there is no such language.
    """
    require_lang(lang)
    found = [
        *_cut_off(problem, lang),
        *_far_stops(problem, lang),
        *_far_depots(problem, lang),
        *_on_bridges(problem, lang),
        *_across(problem, lang),
        *_shifted(problem, lang),
        *_behind_barriers(problem, lang),
        *_hopeless(problem, lang),
        *_too_much(problem, lang),
        *_broken_promises(problem, lang),
        *_other_zones(problem, lang),
        *_away_from_all(problem, lang),
        *_same_marks(problem, lang),
    ]
    return Diagnosis(
        tuple(sorted(found, key=lambda finding: finding.level)),
        (*_depots(problem, lang), *_stops(problem, lang), *_idle(problem, lang)),
        lang,
    )


def _cut_off(problem: PatrolProblem, lang: Lang) -> Iterator[Finding]:
    """Yield the wanted streets of which no direction can be driven there; one direction of two is no loss."""
    wanted = {item.name for item in problem.demand if isinstance(item, PriorityStreet)} - {""}
    for mode, network in problem.networks.items():
        on_map = DIAGNOSIS.say("on_map", lang, mode=label(mode, lang)) if len(problem.networks) > 1 else ""
        lost = [part for part in network.dropped if part.name in wanted and part.gone_m >= LEAST_LOST_M]
        lost.sort(key=lambda part: (-part.gone_m, part.name))
        remedy = DIAGNOSIS.say("cut_off_remedy", lang)
        for part in lost[:MOST]:
            facts = {"street": part.name, "metres": part.gone_m, "on_map": on_map}
            yield Finding("warning", DIAGNOSIS.say("cut_off", lang, **facts), remedy, "cut_off")
        if len(lost) > MOST:
            more = DIAGNOSIS.say("more_cut_off", lang, number=len(lost) - MOST, on_map=on_map)
            yield Finding("warning", more, remedy, "cut_off")


def _far_stops(problem: PatrolProblem, lang: Lang) -> Iterator[Finding]:
    far = [item for item in problem.demand if isinstance(item, Hotspot) and item.place.distance_m > FAR_M]
    remedy = DIAGNOSIS.say("far_remedy", lang)
    for spot in sorted(far, key=lambda spot: -spot.place.distance_m)[:MOST]:
        sentence = DIAGNOSIS.say("far", lang, name=spot.name, metres=spot.place.distance_m)
        yield Finding("warning", sentence, remedy, "far")
    if len(far) > MOST:
        more = DIAGNOSIS.say("more_far", lang, number=len(far) - MOST, metres=FAR_M)
        yield Finding("warning", more, remedy, "far")


def _far_depots(problem: PatrolProblem, lang: Lang) -> Iterator[Finding]:
    for depot in snapped_depots(problem):
        if depot.place.distance_m > FAR_M:
            sentence = DIAGNOSIS.say("far_depot", lang, name=depot.name, metres=depot.place.distance_m)
            yield Finding("warning", sentence, DIAGNOSIS.say("far_remedy", lang), "far")


def _on_bridges(problem: PatrolProblem, lang: Lang) -> Iterator[Finding]:
    """Yield what was put on a bridge or an elevated road, as nothing else is near."""
    spots = [item for item in problem.demand if isinstance(item, Hotspot)]
    found = [("hotspot", spot.name or spot.id, spot.mode, spot.place) for spot in spots]
    found += [("depot", depot.name, depot.mode, depot.place) for depot in snapped_depots(problem)]
    given = problem.network if isinstance(problem.network, Mapping) else {problem.network.mode: problem.network}
    for kind, name, mode, place in found:
        network = given[mode]
        if place.arc in network.arc_index and is_on_bridge(network, place):
            street = network.names[network.arc_index[place.arc]] or label("unnamed", lang)
            facts = {"kind": label(kind, lang), "name": name, "street": street}
            said = DIAGNOSIS.say("on_bridge", lang, **facts)
            yield Finding("warning", said, DIAGNOSIS.say("on_bridge_remedy", lang), "bridge", facts=facts)


def _depots(problem: PatrolProblem, lang: Lang) -> Iterator[Finding]:
    """Yield beside which street each depot lies, and how far from it."""
    depots = snapped_depots(problem)
    for depot in depots[:MOST_NOTES]:
        street = depot.street or label("unnamed", lang)
        facts = {"name": depot.name, "street": street, "metres": depot.place.distance_m}
        told = {**facts, "crews": list(depot.crews), "lon": depot.place.lon, "lat": depot.place.lat}
        yield Finding("note", DIAGNOSIS.say("depot_on", lang, **facts), "", "depot", facts=told)
    if len(depots) > MOST_NOTES:
        yield Finding("note", DIAGNOSIS.say("more_depots", lang, number=len(depots) - MOST_NOTES), "", "depot")


def _stops(problem: PatrolProblem, lang: Lang) -> Iterator[Finding]:
    """Yield on which street each hotspot is served."""
    spots = [item for item in problem.demand if isinstance(item, Hotspot)]
    for spot in spots[:MOST_NOTES]:
        facts = {
            "name": spot.name or spot.id,
            "street": _street_of(problem, spot, lang),
            "metres": spot.place.distance_m,
        }
        told = {"id": spot.id, **facts, "lon": spot.place.lon, "lat": spot.place.lat}
        yield Finding("note", DIAGNOSIS.say("stops_on", lang, **facts), "", "stop", facts=told)
    if len(spots) > MOST_NOTES:
        more = DIAGNOSIS.say("more_stops", lang, number=len(spots) - MOST_NOTES)
        yield Finding("note", more, "", "stop")


def _idle(problem: PatrolProblem, lang: Lang) -> Iterator[Finding]:
    """Yield how much of the crews' time the wanted visits leave over, for the goal presence would use it."""
    given_s = sum(crew.budget_s - (crew.break_.length_s if crew.break_ else 0) for crew in problem.crews)
    needed_s = 0
    for index, task in enumerate(problem.tasks):
        can = [number for number in range(len(problem.crews)) if problem.instance.allowed[number, index]]
        if can:
            once_s = min(way.service_s for number in can for way in problem.instance.ways(number, index))
            needed_s += len(task.slices) * once_s
    if given_s - needed_s >= IDLE_S and needed_s < IDLE * given_s:
        facts = {name: f"{seconds / 3600:.1f}" for name, seconds in
                 (("needed", needed_s), ("given", given_s), ("left", given_s - needed_s))}  # fmt: skip
        yield Finding("note", DIAGNOSIS.say("idle", lang, **facts), "", "idle")


def _across(problem: PatrolProblem, lang: Lang) -> Iterator[Finding]:
    remedy = DIAGNOSIS.say("across_remedy", lang)
    for spot, other, arc, road_m in stops_across(problem):
        facts = {
            "name": spot.name or spot.id, "metres": spot.place.distance_m, "beyond": other.distance_m, "road": road_m,
            "street": _street_of(problem, spot, lang),
            "other": problem.networks[spot.mode].names[arc] or label("unnamed", lang),
        }  # fmt: skip
        yield Finding("warning", DIAGNOSIS.say("across", lang, **facts), remedy, "across")


def _street_of(problem: PatrolProblem, spot: Hotspot, lang: Lang) -> str:
    """Return the name of the street that a hotspot was moved to."""
    task = next(task for task in problem.tasks if task.id == spot.id)
    network = problem.networks[spot.mode]
    at_node = np.flatnonzero((network.tail == task.node) | (network.head == task.node))
    names = sorted({network.names[arc] for arc in at_node.tolist()} - {""})
    return "/".join(names) or label("unnamed", lang)


def _shifted(problem: PatrolProblem, lang: Lang) -> Iterator[Finding]:
    for mode, network in problem.networks.items():
        spots = [item for item in problem.demand if isinstance(item, Hotspot) and item.mode == mode]
        points = [(spot.place.lon, spot.place.lat) for spot in spots]
        if datum := fitting_datum(network, points, "wgs84"):
            sentence = DIAGNOSIS.say("datum", lang, number=len(points), datum=DIAGNOSIS.say(datum, lang))
            yield Finding("warning", sentence, DIAGNOSIS.say("datum_remedy", lang, datum=datum), "datum")


def _behind_barriers(problem: PatrolProblem, lang: Lang) -> Iterator[Finding]:
    remedy = DIAGNOSIS.say("barrier_remedy", lang)
    for crew, metres in behind_barriers(problem):
        facts = {"crew": crew.id, "near": NEAR_M[1], "metres": metres}
        yield Finding("warning", DIAGNOSIS.say("barrier", lang, **facts), remedy, "barrier")


def _hopeless(problem: PatrolProblem, lang: Lang) -> Iterator[Finding]:
    nothing = Solution(tuple(() for _ in problem.crews))
    alone = bare_reasons(problem, nothing)
    by_reason: dict[tuple[bool, str], list[int]] = {}
    for index, why in alone.items():
        if why.reason != "displaced":
            by_reason.setdefault((problem.tasks[index].required, why.reason), []).append(index)
    for (required, reason), tasks in sorted(by_reason.items(), reverse=True):
        level: Level = "error" if required else "warning"
        must = DIAGNOSIS.say("must", lang) if required else ""
        is_known = reason in HOPELESS_REMEDIES.phrases
        remedy = HOPELESS_REMEDIES.say(reason, lang) if is_known else DIAGNOSIS.say("other_remedy", lang)
        for index in tasks[:MOST]:
            task, why = problem.tasks[index], alone[index]
            word = "no_time_beside_break" if why.because_of_break else reason
            facts = {"name": task.name or task.id, "must": must, "why": _why(word, why.detail, lang)}
            sentence = DIAGNOSIS.say(f"hopeless_{task.kind}", lang, **facts)
            helps = DIAGNOSIS.say("break_remedy", lang) if why.because_of_break else remedy
            yield Finding(level, sentence, helps, "hopeless")
        if len(tasks) > MOST:
            more, why_all = len(tasks) - MOST, _why(reason, reason.replace("_", " "), lang)
            sentence = DIAGNOSIS.say("more_hopeless", lang, number=more, must=must, why=why_all)
            yield Finding(level, sentence, remedy, "hopeless")


def _why(reason: str, detail: str, lang: Lang) -> str:
    """Return why no crew can serve a task; the detail is in English only."""
    return detail if lang == "en" else label(reason, lang)


def _other_zones(problem: PatrolProblem, lang: Lang) -> Iterator[Finding]:
    """Tell of crews whose clocks differ from the one that opening hours are read by."""
    for crew in problem.crews:
        here = crew.start.astimezone(zone(problem.timezone))
        if here.utcoffset() != crew.start.utcoffset():
            facts = {"own": f"{crew.start:%H:%M}", "here": f"{here:%H:%M}", "zone": problem.timezone}
            sentence = DIAGNOSIS.say("other_zone", lang, crew=crew.id, **facts)
            yield Finding("warning", sentence, DIAGNOSIS.say("zone_remedy", lang), "time")


def _too_much(problem: PatrolProblem, lang: Lang) -> Iterator[Finding]:
    for mode in problem.networks:
        team = [number for number, crew in enumerate(problem.crews) if crew.mode == mode]
        if not team:
            continue
        required = [index for index, task in enumerate(problem.tasks) if task.required and task.mode == mode]
        fastest = max(team, key=lambda number: problem.crews[number].speed_factor)
        needed_s = sum(min(way.service_s for way in problem.instance.ways(fastest, index)) for index in required)
        breaks = [problem.crews[number].break_ for number in team]
        given_s = sum(problem.crews[number].budget_s for number in team) - sum(laid.length_s for laid in breaks if laid)
        crews = DIAGNOSIS.say("crew_has" if len(team) == 1 else "crews_have", lang, number=len(team))
        facts = {"needed": -(-needed_s // 60), "given": given_s // 60, "crews": crews}
        remedy = DIAGNOSIS.say("time_remedy", lang)
        if needed_s > given_s:
            over = -(-(needed_s - given_s) // 60)
            yield Finding("error", DIAGNOSIS.say("too_much", lang, **facts, over=over), remedy, "time")
        elif needed_s > TIGHT * given_s:
            left = (given_s - needed_s) // 60
            yield Finding("warning", DIAGNOSIS.say("tight", lang, **facts, left=left), remedy, "time")


def _broken_promises(problem: PatrolProblem, lang: Lang) -> Iterator[Finding]:
    """Yield which streets nobody can reach, or leave for home, within the gap promised, and if all are too many."""
    remedy = DIAGNOSIS.say("promise_remedy", lang)
    promised = [number for number, task in enumerate(problem.tasks) if task.longest_gap_s is not None]
    broken = list[tuple[str, Seconds, Seconds]]()
    for number in promised:
        task, least_s = problem.tasks[number], least_gap_s(problem, number)
        if least_s > (task.longest_gap_s or 0):
            broken.append((task.name or task.id, least_s, task.longest_gap_s or 0))
    for name, least_s, most_s in broken[:MOST]:
        facts = {"name": name, "least": -(-least_s // 60), "most": f"{most_s / 60:g}"}
        yield Finding("error", DIAGNOSIS.say("promise", lang, **facts), remedy, "promise")
    if len(broken) > MOST:
        yield Finding("error", DIAGNOSIS.say("more_promises", lang, number=len(broken) - MOST), remedy, "promise")
    for mode in problem.networks:
        team = [number for number, crew in enumerate(problem.crews) if crew.mode == mode]
        needed_s = least_kept_s(problem, team, [number for number in promised if problem.tasks[number].mode == mode])
        given_s = sum(problem.crews[crew].budget_s - _break_s(problem, crew) for crew in team)
        if needed_s > given_s:
            crews = DIAGNOSIS.say("crew_has" if len(team) == 1 else "crews_have", lang, number=len(team))
            facts = {"needed": -(-needed_s // 60), "given": given_s // 60, "crews": crews}
            yield Finding("error", DIAGNOSIS.say("too_promised", lang, **facts), remedy, "promise")


def _away_from_all(problem: PatrolProblem, lang: Lang) -> Iterator[Finding]:
    """Yield which crews have no street in their own part, and how many streets lie in nobody's, where that costs."""
    if problem.near_home is None or not problem.near_home.hundredths:
        return
    remedy = DIAGNOSIS.say("near_home_remedy", lang)
    streets = np.array([task.kind == "street" for task in problem.tasks])
    mode = np.array([[task.mode == crew.mode for task in problem.tasks] for crew in problem.crews])
    own = ~problem.away & mode & streets
    idle = [crew.id for crew, has in zip(problem.crews, own.any(axis=1), strict=True) if not has]
    for crew in idle[:MOST]:
        yield Finding("warning", DIAGNOSIS.say("no_own_street", lang, crew=crew), remedy, "near_home")
    if len(idle) > MOST:
        more = DIAGNOSIS.say("more_no_own_street", lang, number=len(idle) - MOST)
        yield Finding("warning", more, remedy, "near_home")
    if number := int((streets & ~own.any(axis=0)).sum()):
        said = DIAGNOSIS.say("nobodys", lang, number=number, whole=int(streets.sum()))
        yield Finding("warning", said, remedy, "near_home")


def _same_marks(problem: PatrolProblem, lang: Lang) -> Iterator[Finding]:
    """Yield which crews that are out at once have one call sign or plate; the crews are named, not the sign."""
    remedy = DIAGNOSIS.say("same_marks_remedy", lang)
    for word in ("call_sign", "plate"):
        by_mark = dict[str, list[Crew]]()
        for crew in problem.crews:
            mark = "".join(str(getattr(crew.staff, word, "")).split()).casefold()
            if mark:
                by_mark.setdefault(mark, []).append(crew)
        for crews in by_mark.values():
            same = [crew.id for crew in crews if any(_meet(crew, other) for other in crews if other is not crew)]
            if same:
                facts = {"crews": same, "what": word}
                names = {"zh": "、", "en": ", "}[lang].join(same[:MOST]) + ("…" if len(same) > MOST else "")
                said = DIAGNOSIS.say("same_marks", lang, crews=names, what=label(word, lang), number=len(same))
                yield Finding("warning", said, remedy, "staff", facts=facts)


def _meet(crew: Crew, other: Crew) -> bool:
    """Return whether two crews are on duty at once."""
    return crew.start < other.end and other.start < crew.end


def _break_s(problem: PatrolProblem, crew: int) -> Seconds:
    agreed = problem.crews[crew].break_
    return agreed.length_s if agreed else 0
