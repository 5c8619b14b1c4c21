"""Nothing that people read lacks one of the languages, wherever in the library it is kept."""

from __future__ import annotations

import importlib
import pkgutil
import string

import pytest

import patrolroute as pr
from patrolroute.base import text, vocabulary
from patrolroute.base.text import Catalogue, label, remedy, require_lang
from patrolroute.base.vocabulary import LANGS


def catalogues() -> dict[str, Catalogue]:
    """Find every catalogue of every module of the library."""
    found: dict[int, tuple[str, Catalogue]] = {}
    for module in pkgutil.walk_packages(pr.__path__, "patrolroute."):
        if module.name.endswith("__main__"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, Catalogue):
                found.setdefault(id(value), (f"{module.name}.{name}", value))
    return dict(found.values())


def names_in(phrase: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name is not None}


def test_every_phrase_stands_in_every_language_and_asks_for_the_same_values():
    for place, catalogue in catalogues().items():
        for key, phrase in catalogue.phrases.items():
            assert len(phrase) == len(LANGS), (place, key)
            assert phrase[1].strip(), (place, key)
            assert not phrase[0] or names_in(phrase[0]) == names_in(phrase[1]), (place, key)


def test_every_entry_of_a_closed_list_has_a_label():
    for entry in (*vocabulary.MODES, *vocabulary.LEG_KINDS, *vocabulary.REASONS, "street", "hotspot"):
        assert entry in text.LABELS.phrases
        assert label(entry, "zh") != entry


def test_every_kind_of_complaint_has_a_remedy_and_no_remedy_lacks_its_kind():
    assert set(text.REMEDIES.phrases) == set(vocabulary.COMPLAINT_KINDS)
    for kind in vocabulary.COMPLAINT_KINDS:
        assert remedy(kind, "zh") != remedy(kind, "en")
        assert not remedy(kind, "zh").isascii()


def test_an_unknown_key_is_an_error_and_an_unknown_word_stays_as_it_is():
    with pytest.raises(KeyError):
        text.LABELS.say("no such phrase", "zh")
    assert label("my own kind", "en") == "my own kind"


def test_a_language_that_the_library_does_not_speak_is_refused():
    require_lang("zh")
    with pytest.raises(pr.InputError, match=r"lang 'fr' is not one of zh, en"):
        require_lang("fr")
