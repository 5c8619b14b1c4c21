"""From a campaign's file, or a dictionary, to a campaign whose names all mean something."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from patrolroute.base.arguments import checked
from patrolroute.base.errors import CampaignError, Complaint, Complaints, TableError, short
from patrolroute.base.files import decoded
from patrolroute.base.forms import pydantic_sentences
from patrolroute.base.vocabulary import LANGS, Lang
from patrolroute.campaign.model import Campaign
from patrolroute.campaign.themed import ThemedNights
from patrolroute.campaign.workbook.cells import CampaignCells
from patrolroute.campaign.workbook.reading import campaign_cells
from patrolroute.demand.workbooks import OLD_WORKBOOKS, WORKBOOKS
from patrolroute.workbook.cells import CellComplaint

PARSERS: Mapping[str, Callable[[str], Any]] = {".toml": tomllib.loads, ".json": json.loads}

LIST_THEM = "; `patrolroute schema campaign` lists them all"


@checked
def read_campaign(path: str | Path) -> Campaign:
    """Read the file that describes a campaign.

    Parameters
    ----------
    path
        ``.toml`` or ``.json``, UTF-8, or ``.xlsx``, as ``patrolroute campaign new`` writes it. What it names lies
        beside it.

    Raises
    ------
    CampaignError
        Naming the file, the entry (of a workbook sheet and cell), its value and the rule, for every rule broken.
    """
    path, complaints = Path(path), Complaints()
    data = _parsed(path, complaints)
    if not isinstance(data, CampaignCells):
        complaints.raise_as(CampaignError)
        return campaign_from(data, path.parent, source=str(path))
    campaign = complaints.attempt(partial(campaign_from, data, path.parent, source=str(path))) if data else None
    if campaign is None or len(complaints):
        raise CampaignError(data.told(complaints.items))
    return campaign


def lang_said(path: Path) -> Lang | None:
    """Return the language that a campaign's file names, None where it names none or cannot be read."""
    data = _parsed(path, Complaints())
    return next((lang for lang in LANGS if lang == data.get("lang")), None) if isinstance(data, dict) else None


def campaign_traced(path: Path, complaints: Iterable[Complaint]) -> list[Complaint]:
    """Return complaints about a campaign with the cells of its workbook that they are about, as far as can be found.

    Parameters
    ----------
    path
        The workbook.
    complaints
        Whenever they came up: while it was read, or when a night of it was put together.
    """
    items = list(complaints)
    if all(isinstance(item, CellComplaint) for item in items):
        return items
    cells = campaign_cells(path, Complaints())
    return items if cells is None else cells.told(items)


@checked(but=("data",))
def campaign_from(data: Mapping[str, Any], folder: str | Path = Path(), *, source: str = "campaign") -> Campaign:
    """Check a dictionary against the model of a campaign, and what it names against its base night.

    Parameters
    ----------
    data
        What the campaign's file would hold.
    folder
        Where the files lie that it names.
    source
        What complaints call it.

    Raises
    ------
    CampaignError
        For every rule broken.
    """
    if not isinstance(data, Mapping):
        raise CampaignError(f"{source}: is a {type(data).__name__}, not a table of entries")
    try:
        campaign = Campaign.model_validate(data)
    except ValidationError as error:
        raise CampaignError(pydantic_sentences(error, source, hint=LIST_THEM, model=Campaign)) from error
    complaints = Complaints()
    complaints.extend(_about(source, _misplaced(campaign)))
    nights = complaints.attempt(partial(ThemedNights.of, campaign, Path(folder)))
    if nights is not None:
        wrong = list(nights.faults())
        complaints.extend(_about(source, wrong))
        if not any(item.path[:1] == ("night",) or "crews" in item.path for item in wrong):
            complaints.extend(_about(source, _strangers(campaign, nights)))
    complaints.raise_as(CampaignError)
    return campaign


def digest(value: Any) -> str:
    """Return the SHA-256 of a value of JSON, in hexadecimal digits, whatever the order of its keys."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _parsed(path: Path, complaints: Complaints) -> Any:
    """Return what a campaign's file holds; what is wrong with it is noted."""
    form = path.suffix.lower()
    if form in (*WORKBOOKS, *OLD_WORKBOOKS):
        return campaign_cells(path, complaints)
    if form not in PARSERS:
        complaints.add(f"{path}: a campaign's file ends in .toml, .json or .xlsx")
        return None
    try:
        return PARSERS[form](decoded(path, path.read_bytes()))
    except TableError as error:
        complaints.extend(error.items)
    except FileNotFoundError:
        complaints.add(Complaint(f"{path}: there is no such file", "no_file", f"{path}：没有这个文件"))
    except OSError as error:
        complaints.add(Complaint(f"{path}: cannot be read: {error.strerror}", zh=f"{path}：无法读取：{error.strerror}"))
    except (ValueError, RecursionError) as error:
        name = form[1:].upper()
        complaints.add(Complaint(f"{path}: is not valid {name}: {error}", zh=f"{path}：不是有效的 {name}：{error}"))
    return None


def _about(source: str, complaints: Iterable[Complaint]) -> Iterator[Complaint]:
    return (item.about(source) for item in complaints)


def _misplaced(campaign: Campaign) -> Iterator[Complaint]:
    """Yield what can be told without the base night: days outside, names twice, themes that there are not."""
    names = [theme.name for theme in campaign.themes]
    dates = [night.date for night in campaign.nights]
    for number, theme in enumerate(campaign.themes, start=1):
        if theme.name in names[: number - 1]:
            yield Complaint(f"theme {theme.name!r} is used twice; give each its own name").about(f"themes[{number}]")
        if theme.most is not None and theme.most < theme.nights:
            wrong = f"at least {theme.nights} and at most {theme.most} nights contradict one another"
            yield Complaint(wrong).about(f"themes[{number}]")
    for number, night in enumerate(campaign.nights, start=1):
        thing = f"nights[{number}]"
        yield from (wrong.about(thing) for wrong in _outside(campaign, night.date))
        if night.date in dates[: number - 1]:
            yield Complaint(f"night {night.date} is used twice; keep one of them").about(thing)
        if night.theme is not None and night.theme not in names:
            yield Complaint(_unknown("theme", night.theme, names), "unknown_name").about(thing)
    for number, swap in enumerate(campaign.swaps, start=1):
        yield from (wrong.about(f"swaps[{number}]") for wrong in _outside(campaign, swap.date))


def _outside(campaign: Campaign, day: dt.date) -> Iterator[Complaint]:
    if not campaign.first <= day <= campaign.last:
        yield Complaint(f"date {day} is not between {campaign.first} and {campaign.last}")


def _strangers(campaign: Campaign, nights: ThemedNights) -> Iterator[Complaint]:
    """Yield which crews, depots and streets are named that the base night does not have."""
    crews, depots = list(nights.crews), sorted({crew.depot for crew in nights.crews.values()})
    named = [(f"duties[{at}]", duty.crew) for at, duty in enumerate(campaign.duties, start=1)]
    named += [(f"themes[{at}]", name) for at, theme in enumerate(campaign.themes, start=1) for name in theme.crews]
    for thing, name in named:
        if not any(crew.startswith(name) for crew in crews):
            yield Complaint(_unknown("crew", name, crews), "unknown_name").about(thing)
    for at, swap in enumerate(campaign.swaps, start=1):
        for name in (swap.off, swap.on):
            if name not in crews:
                yield Complaint(_unknown("crew", name, crews), "unknown_name").about(f"swaps[{at}]")
    for depot in campaign.share.least:
        if depot not in depots:
            yield Complaint(_unknown("depot", depot, depots), "unknown_name").about("share.least")
    if campaign.share.crews is not None and campaign.share.crews > len(crews):
        wrong = f"crews {campaign.share.crews} a night are more than the {len(crews)} of the base night"
        yield Complaint(wrong).about("share")


def _unknown(thing: str, name: str, known: Iterable[str]) -> str:
    """Return what is wrong with a name, and which is meant."""
    known = list(known)
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    if near:
        return f"no {thing} is called {short(name)}; did you mean {near[0]}?"
    return f"no {thing} is called {short(name)}; there are {', '.join(known[:20]) or 'none'}"
