"""The command line speaks Chinese or English, whole: help, usage, mistakes, and whose language is asked first."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from patrolroute.cli import DONE, INPUT_FAULT
from patrolroute.cli import help as words
from patrolroute.cli.commands import _parser, main
from patrolroute.cli.language import LOCALES, lang_before, lang_of_night, lang_of_system
from tests.night.nights import written


@pytest.fixture(autouse=True)
def _nobody_says_a_language(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PATROLROUTE_LANG", *LOCALES):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C")


def parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """Yield a parser and those of its commands."""
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                yield from parsers(inner)


ALL = [parser.prog for parser in parsers(_parser("zh"))]

NAMES = (
    "Python", "TOML", "PDF", "JSON Schema", "GeoJSON", "JSON", "KML", "CSV", "GPX", "GraphML",
    "OpenStreetMap", "OSM",
    "Dask", "tcp://", "local",
    "made.csv", "plan.json", "sheets.pdf", "PATROLROUTE_LANG", "patrolroute schema night", "patrolroute outputs",
    "patrolroute", "out_crs", "bundled", *(f" {prog.split()[-1]} " for prog in ALL if prog != "patrolroute"),
)  # fmt: skip
"""Of files, forms and what one types, which are the same in every language."""


@pytest.mark.parametrize("prog", ALL)
def test_no_sentence_of_help_lacks_its_chinese(prog: str) -> None:
    parser = next(parser for parser in parsers(_parser("zh")) if parser.prog == prog)
    for action in parser._actions:
        shown = [action.help, *(choice.help for choice in getattr(action, "_choices_actions", ()))]
        assert [text for text in shown if text and text != argparse.SUPPRESS and text not in words.HELP] == []
        assert action.help or isinstance(action, argparse._SubParsersAction), f"{prog} {action.dest} is not explained"


@pytest.mark.parametrize("prog", ALL)
def test_chinese_help_holds_no_english_but_names_options_and_files(prog: str) -> None:
    parser = next(parser for parser in parsers(_parser("zh")) if parser.prog == prog)
    text = parser.format_help()
    known = set(NAMES) | set(prog.split())
    for action in parser._actions:
        known |= set(action.option_strings) | set(map(str, action.choices or ())) | {str(action.default)}
    text = " ".join(text.split())  # a name may stand on two lines
    for name in sorted(known, key=len, reverse=True):
        text = text.replace(name, " ")
    text = re.sub(r"--?[a-z][\w-]*(=\S+)?", " ", text)
    text = re.sub(r"\.[a-z]+(\.[a-z0-9]+)?", " ", text)
    assert re.findall(r"[A-Za-z]+", text) == []


def test_english_help_has_no_chinese() -> None:
    assert not any(re.search("[\u4e00-\u9fff]", parser.format_help()) for parser in parsers(_parser("en")))


def test_no_chinese_of_help_is_kept_for_what_nobody_says_any_more() -> None:
    shown = {parser.description for parser in parsers(_parser("en"))}
    for parser in parsers(_parser("en")):
        for action in parser._actions:
            shown |= {action.help, *(choice.help for choice in getattr(action, "_choices_actions", ()))}
    assert set(words.HELP) - shown == set()


@pytest.mark.parametrize("prog", ALL[1:])
def test_every_command_can_be_asked_for_a_language(prog: str) -> None:
    parser = next(parser for parser in parsers(_parser()) if parser.prog == prog)
    has_commands = any(isinstance(action, argparse._SubParsersAction) for action in parser._actions)
    assert has_commands or "--lang" in parser._option_string_actions


def said_of(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Return what is said of a command that is typed wrongly, or of its help."""
    with pytest.raises(SystemExit):
        main(arguments)
    told = capsys.readouterr()
    return told.out + told.err


WRONG = [
    ([], "缺少参数：命令"),
    (["nothing"], "'nothing' 应为"),
    (["plan"], "缺少参数：当晚文件"),
    (["plan", "n.toml", "more"], "没有这个参数：more"),
    (["demo", "--seed", "-1"], "参数 --seed"),
    (["demo", "--seed"], "参数 --seed：后面要写一个值"),
    (["demo", "--time-limit", "0"], "“0”应为大于 0 的数"),
    (["demo", "--work-limit", "1.5"], "“1.5”应为大于 0 的整数"),
    (["demo", "-o", ""], "“”不是文件夹名"),
    (["demo", "--crs", "mars"], "'mars' 应为"),
    (["what-if", "n.toml", "--crews", "x"], "“x”应写成 4..12 或 4,6,8"),
    (["what-if", "n.toml", "--near-home", "x"], "“x”应写成 0,0.25,0.5"),
    (["network", "info", "bundled", "--bbox", "1", "2"], "后面要写 4 个值"),
    (["network", "info", "bundled", "--bbox", "1", "2", "3", "x"], "'x' 的写法不对"),
    (["network", "clip", "a.osm", "b.osm"], "须写其中一个"),
    (["network", "clip", "a.osm", "b.osm", "--area", "a", "--bbox", "1", "2", "3", "4"], "不能与 "),
    (["check", "plan.json", "--json=yes"], "后面不带值"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG, ids=lambda value: " ".join(value) if value else "nothing")
def test_a_command_that_is_typed_wrongly_is_told_in_chinese(
    arguments: list[str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATROLROUTE_LANG", "zh")
    told = said_of(arguments, capsys)
    assert told.startswith("用法：patrolroute")
    assert said in told
    assert "error" not in told


def test_a_command_that_is_typed_wrongly_is_told_in_english_as_argparse_does(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert "patrolroute plan: error: the following arguments are required: night" in said_of(["plan"], capsys)


@pytest.mark.parametrize(
    ("arguments", "own", "system", "lang"),
    [
        (["plan", "--lang", "zh"], "en", "en_US.UTF-8", "zh"),
        (["plan", "--lang=en"], "zh", "zh_CN.UTF-8", "en"),
        (["--lang", "zh", "plan"], "", "C", "zh"),
        (["plan"], "zh", "en_US.UTF-8", "zh"),
        (["plan"], "zh_CN.UTF-8", "C", "zh"),
        (["plan"], "", "zh_CN.UTF-8", "zh"),
        (["plan"], "", "en_US.UTF-8", "en"),
        (["plan"], "", "fr_FR.UTF-8", "en"),
        (["plan", "--lang", "mars"], "", "zh_CN.UTF-8", "zh"),
    ],
)
def test_help_asks_the_option_then_the_environment_then_the_system(
    arguments: list[str], own: str, system: str, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATROLROUTE_LANG", own)
    monkeypatch.setenv("LANG", system)
    assert lang_before(arguments) == lang


def test_a_system_that_says_its_language_by_no_variable_is_asked_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LANG")
    monkeypatch.setattr("locale.getlocale", lambda: ("Chinese (Simplified)_China", "936"))
    assert lang_of_system() == "zh"
    monkeypatch.setattr("locale.getlocale", lambda: (None, None))
    assert lang_of_system() == "en"


def test_an_environment_that_names_no_language_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATROLROUTE_LANG", "fr")
    assert main(["outputs"]) == INPUT_FAULT
    assert "PATROLROUTE_LANG 'fr' is not one of zh, en" in capsys.readouterr().err
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert main(["outputs"]) == INPUT_FAULT
    assert "PATROLROUTE_LANG 'fr' 应为 zh, en 之一" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("own", "environment", "begins"),
    [({"lang": "zh"}, "en", "错误"), ({"lang": "en"}, "zh", "error"), ({}, "en", "error"), ({}, "", "错误")],
)
def test_a_night_speaks_its_own_language_before_that_of_the_environment(
    own: dict[str, str], environment: str, begins: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, closures={"names": ["龙胡路"]}, **own)
    assert lang_of_night(path) == own.get("lang")
    monkeypatch.setenv("PATROLROUTE_LANG", environment)
    with redirect_stdout(StringIO()) as told:
        assert main(["doctor", str(path)]) == INPUT_FAULT
    assert told.getvalue().startswith(begins)


def test_commands_without_a_night_ask_the_environment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for lang, said in (("en", "no.json: there is no such file"), ("zh", "no.json：没有这个文件")):
        monkeypatch.setenv("PATROLROUTE_LANG", lang)
        for arguments in (["check", "no.json"], ["compare", "no.json", "no.json"], ["network", "info", "no.osm"]):
            assert main(arguments) == INPUT_FAULT
            assert said.replace("no.json", arguments[-1]) in capsys.readouterr().err


def test_a_map_is_described_in_chinese_without_english(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["network", "info", "bundled", "--lang", "zh"]) == DONE
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "出行方式    车巡"
    assert [line for line in lines[1:7] if re.search("[A-Za-z]", line)] == []
