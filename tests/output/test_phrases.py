"""The one catalogue of phrases: each once, alike in both languages, and none that nobody reads."""

from __future__ import annotations

import re
import string
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from patrolroute.base.text import LABELS
from patrolroute.output.looks.phrases import PHRASES, phrase
from patrolroute.output.web.facts import WORDS

OUTPUT = Path(str(files("patrolroute.output")))
PAGE = OUTPUT / "web" / "page"


def source(folder: Path, *endings: str) -> str:
    paths = sorted(path for path in folder.rglob("*") if path.suffix in endings and path.name != "phrases.py")
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def test_no_phrase_stands_twice_and_none_is_a_word_of_the_closed_lists() -> None:
    texts = Counter([*PHRASES.phrases.values(), *set(LABELS.phrases.values())])
    assert [text for text, count in texts.items() if count > 1] == []


def test_both_languages_leave_the_same_values_open() -> None:
    for key, pair in PHRASES.phrases.items():
        chinese, english = ({name for _, name, _, _ in string.Formatter().parse(text) if name} for text in pair)
        assert chinese == english, key


def test_every_phrase_is_read_by_somebody() -> None:
    text = source(OUTPUT, ".py", ".jinja", ".js", ".html")
    quoted = set(re.findall(r"[\"'`]([a-z_]+)[\"'`]", text)) | set(re.findall(r"\$word_([a-z_]+)", text))
    patterns = re.findall(r"[\"'`]([a-z_]+_\$?\{[a-z]+\}|\$?\{[a-z]+\}_[a-z]+)[\"'`]", text)
    made = "|".join(re.sub(r"\$?\{[a-z]+\}", "[a-z_]+", pattern) for pattern in patterns)
    titles = {
        key: re.sub("_(night|day|foot|visits|scenic|post)$", "", key) for key in PHRASES.phrases
    }  # by `looks.duty`
    unread = [key for key in PHRASES.phrases if not {key, titles[key]} & quoted and not re.fullmatch(made, key)]
    assert unread == []


def test_the_page_is_given_the_phrases_that_it_says_and_no_others() -> None:
    script, page = source(PAGE, ".js"), source(PAGE, ".html")
    told = set(re.findall(r"\bsay\(\"([a-z_]+)\"", script)) | set(re.findall(r"\$word_([a-z_]+)", page))
    made = [*re.findall(r"\bsay\(`([a-z_]+)\$", script)]
    assert {key for key in WORDS if not key.startswith(tuple(made))} | {"required"} == told


def test_without_values_a_phrase_keeps_its_braces_and_an_unknown_one_is_none() -> None:
    assert phrase("minutes", "zh") == "{n} 分钟"
    assert phrase("minutes", "zh", n=3) == "3 分钟"
    with pytest.raises(KeyError):
        phrase("no such phrase", "zh")
