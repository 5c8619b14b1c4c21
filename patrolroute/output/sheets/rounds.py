"""Lists of visits (走访清单): for each crew the order, the place and a box to tick, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from patrolroute.base.extras import require
from patrolroute.base.text import label, require_lang
from patrolroute.base.vocabulary import Lang
from patrolroute.output.itinerary import itinerary
from patrolroute.output.looks.discreet import is_visit, makes_visits
from patrolroute.output.looks.fonts import fitted
from patrolroute.output.looks.phrases import phrase
from patrolroute.output.sheets.pages import rendered
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import PlannedCrew


@dataclass(frozen=True, slots=True)
class Round:
    """What stands on one crew's list.

    Parameters
    ----------
    crew, lang
        Its id, and the language of its list.
    staff
        Who goes, if anybody said.
    places
        The number of each visit on the order sheet, and its place, in order.
    """

    crew: str
    lang: Lang
    staff: str
    places: tuple[tuple[int, str], ...]


def rounds_html(plan: PatrolPlan, lang: Lang = "zh") -> bytes:
    """Return the lists of visits as one page of HTML: no times, no codes, no coordinates.

    Parameters
    ----------
    plan
        The plan.
    lang
        Of the words, where a crew has no language of its own.

    Raises
    ------
    InputError
        If there is no such language.
    MissingExtraError
        If what the extra ``sheets`` brings is not installed.
    """
    require_lang(lang)
    require("rounds.html", "jinja2")
    return rendered(
        "rounds.html.jinja", plan, lang, rounds=list(rounds(plan, lang)), title=phrase("rounds", lang),
        say=lambda said_in: partial(phrase, lang=said_in),
    )  # fmt: skip


def rounds(plan: PatrolPlan, lang: Lang) -> Iterator[Round]:
    """Yield the list of each crew that makes visits."""
    nights = itinerary(plan)
    for crew in plan.crews:
        if not makes_visits(plan, crew.id):
            continue
        own = crew.lang or lang
        orders = (order for order in nights.orders(crew.id) if any(map(is_visit, order.tasks)))
        places = tuple((order.number, fitted(order.tasks[0].name)) for order in orders)
        yield Round(fitted(crew.id), own, _staff(crew, own), places)


def _staff(crew: PlannedCrew, lang: Lang) -> str:
    words = {} if crew.staff is None else crew.staff.by_word
    names = (name for word in ("officers", "volunteers") for name in words.get(word, ()))
    return phrase("listed", lang).join(map(fitted, names)) or label("crew", lang)
