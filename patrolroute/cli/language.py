"""In which language the command line speaks: ``--lang``, the night's own, ``PATROLROUTE_LANG``, the system's."""

from __future__ import annotations

import argparse
import locale
import os
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import cast

from patrolroute.base.errors import Complaints, InputError
from patrolroute.base.vocabulary import LANGS, Lang

VARIABLE = "PATROLROUTE_LANG"
"""What the environment may say where neither the command nor the night does."""

LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Where a system says its language, the first that is filled; Windows says it by its own call."""

OPTION = "--lang"


def lang_option(parser: argparse.ArgumentParser, *, of_plans: bool = False) -> None:
    """Let a command be asked for a language.

    Parameters
    ----------
    parser
        Of the command.
    of_plans
        Whether it speaks of plans and not of a night's file: then Chinese where nobody says anything, as for a night
        that names no language; otherwise the system's language.
    """
    text = "language: zh or en (default: the night's own, then that of PATROLROUTE_LANG)"
    parser.add_argument(OPTION, choices=LANGS, default=argparse.SUPPRESS, help=text)
    parser.set_defaults(of_plans=of_plans)


def lang_before(argv: Sequence[str]) -> Lang:
    """Return the language of help and of what is wrong with the command itself, before it is read.

    Raises
    ------
    InputError
        If `PATROLROUTE_LANG` names no language.
    """
    asked = [after for option, after in pairwise(argv) if option == OPTION]
    asked += [option.partition("=")[2] for option in argv if option.startswith(f"{OPTION}=")]
    said = next((lang for lang in asked if lang in LANGS), None)
    return said or lang_of_environment() or lang_of_system()


def lang_of(args: argparse.Namespace) -> Lang:
    """Return the language of a command: the one asked for, the night's own, the environment's, the usual one."""
    if args.lang is not None:
        return cast("Lang", args.lang)
    night, campaign = args.__dict__.get("night"), args.__dict__.get("campaign")
    own = lang_of_night(night) if night else _lang_of_campaign(campaign)
    return own or lang_of_environment() or ("zh" if night or campaign or args.of_plans else lang_of_system())


def _lang_of_campaign(campaign: Path | None) -> Lang | None:
    """Return the language that a campaign's file names, None where it names none or cannot be read."""
    if campaign is None:
        return None
    from patrolroute.campaign.folder import CampaignFolder
    from patrolroute.campaign.reading import lang_said

    try:
        return lang_said(CampaignFolder.at(campaign).file)
    except InputError:
        return None


def lang_of_night(night: str | Path | None) -> Lang | None:
    """Return the language that a night's file names, None where it names none or cannot be read."""
    if night is None:
        return None
    from patrolroute.night.reading import parsed

    data = parsed(Path(night), Complaints())
    own = data.get("lang") if isinstance(data, dict) else None
    return cast("Lang", own) if own in LANGS else None


def lang_of_environment() -> Lang | None:
    """Return the language that `PATROLROUTE_LANG` names; a locale such as ``zh_CN.UTF-8`` is understood.

    Raises
    ------
    InputError
        If it names no language that is spoken.
    """
    said = os.environ.get(VARIABLE, "")
    if not said.strip():
        return None
    found = next((lang for lang in LANGS if said.strip().lower().startswith(lang)), None)
    if found is None:
        raise InputError(f"{VARIABLE} {said!r} is not one of {', '.join(LANGS)}")
    return found


def lang_of_system() -> Lang:
    """Return Chinese where the system's locale is Chinese, else English."""
    said = next(filter(None, map(os.environ.get, LOCALES)), None) or locale.getlocale()[0] or ""
    return "zh" if said.lower().startswith(("zh", "chinese")) else "en"
