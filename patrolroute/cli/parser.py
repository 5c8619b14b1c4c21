"""The parser of the command line in both languages: help, usage, and what is wrong with a command.

Options are declared with English texts; where Chinese is spoken each is looked up in `patrolroute.cli.help` when it is
shown, and what argparse complains of in `patrolroute.base.chinese`, as every other complaint.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from patrolroute.base.errors import Complaint
from patrolroute.base.text import width_of, wrapped
from patrolroute.base.vocabulary import Lang
from patrolroute.cli import INPUT_FAULT
from patrolroute.cli.help import ARGUMENTS, HEADINGS, HELP


def plan_named(text: str) -> Path:
    """Read the name of a plan's file on the command line, or of the folder that holds it."""
    from patrolroute.plan.document import PLAN_FILE

    path = Path(text)
    return path / PLAN_FILE if path.is_dir() else path


class Parser(argparse.ArgumentParser):
    """A parser that speaks a language, and so do the parsers of its commands."""

    def __init__(self, *, lang: Lang, **options: Any) -> None:
        self.lang = lang
        super().__init__(formatter_class=partial(Formatter, lang=lang), **options)

    def add_subparsers(self, **options: Any) -> Any:
        """Add commands that speak the same language."""
        options["metavar"] = _in_words(options["metavar"], self.lang)
        options["parser_class"] = partial(type(self), lang=self.lang)
        return super().add_subparsers(**options)

    def _add_action(self, action: Any) -> Any:
        """Add an argument; what stands for its value is a word of the language."""
        is_word = action.metavar is not None or (action.choices is None and action.nargs != 0)
        if is_word and self.lang == "zh":
            action.metavar = _in_words(action.metavar or action.dest, self.lang)
        return super()._add_action(action)

    def error(self, message: str) -> NoReturn:
        """Say how the command is used and what is wrong with it, and exit."""
        said = Complaint(message).said(self.lang)
        mark = ": error: " if said == message else "："
        self.exit(INPUT_FAULT, f"{self.format_usage()}{self.prog}{mark}{said}\n")


def _in_words(metavar: str | tuple[str, ...], lang: Lang) -> Any:
    """Return what stands for a value, or for several, in a language."""
    if lang == "en":
        return metavar
    return ARGUMENTS.get(metavar, metavar) if isinstance(metavar, str) else tuple(_in_words(m, lang) for m in metavar)


class Formatter(argparse.HelpFormatter):
    """Help in a language; Chinese lines are broken and aligned by their width on the screen."""

    def __init__(self, prog: str, *, lang: Lang = "en", **options: Any) -> None:
        super().__init__(prog, **options)
        self._is_chinese = lang == "zh"

    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """Add how the command is used."""
        super().add_usage(usage, actions, groups, "用法：" if self._is_chinese and prefix is None else prefix)

    def start_section(self, heading: str | None) -> None:
        """Begin a section."""
        super().start_section(HEADINGS.get(heading or "", heading) if self._is_chinese else heading)

    def add_text(self, text: str | None) -> None:
        """Add a text."""
        super().add_text(HELP.get(text or "", text) if self._is_chinese else text)

    def _get_help_string(self, action: argparse.Action) -> str | None:
        return HELP.get(action.help or "", action.help) if self._is_chinese else action.help

    def _format_action(self, action: argparse.Action) -> str:
        text = super()._format_action(action)
        if not self._is_chinese:
            return text
        head = self._format_action_invocation(action)
        return text.replace(head + " " * (width_of(head) - len(head)), head, 1)

    def _split_lines(self, text: str, width: int) -> list[str]:
        return self._lines(text, width) or super()._split_lines(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        lines: Iterable[str] = self._lines(text, width - len(indent))
        return "\n".join(indent + line for line in lines) or super()._fill_text(text, width, indent)

    def _lines(self, text: str, width: int) -> list[str]:
        """Return the lines of a Chinese text, none of any other."""
        if not self._is_chinese:
            return []
        return wrapped(text, width)
