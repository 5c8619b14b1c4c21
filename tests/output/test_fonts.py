"""Letters for pictures: names stay as they are where the font has them, else pinyin or a number, never a box."""

from __future__ import annotations

import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.base.text import LABELS, width_of, wrapped
from patrolroute.output.looks import fonts
from patrolroute.output.looks.fonts import Lettering, draws_chinese, one_line, pinyin, shortened
from patrolroute.output.looks.phrases import PHRASES, phrase

LATIN = Lettering(Path("latin.ttf"), frozenset(range(32, 384)), is_chinese=False)
CHINESE = Lettering(
    Path("chinese.ttf"), frozenset([*range(32, 127), *map(ord, "市局特警车组龙湖路夜（）")]), is_chinese=True
)
ANY_TEXT = st.text(st.characters(), max_size=30)


def font_file(path: Path, letters: str, *, outlines: bool = True) -> Path:
    """Make a font that has a square for each letter, or nothing at all."""
    pen = TTGlyphPen(None)
    if outlines:
        pen.moveTo((50, 0))
        pen.lineTo((50, 700))
        pen.lineTo((750, 700))
        pen.lineTo((750, 0))
        pen.closePath()
    glyph = pen.glyph()
    names = [".notdef", *(f"uni{ord(letter):04X}" for letter in letters)]
    build = FontBuilder(1000, isTTF=True)
    build.setupGlyphOrder(names)
    build.setupCharacterMap({ord(letter): f"uni{ord(letter):04X}" for letter in letters})
    build.setupGlyf(dict.fromkeys(names, glyph))
    build.setupHorizontalMetrics(dict.fromkeys(names, (800, 50)))
    build.setupHorizontalHeader(ascent=800, descent=-200)
    build.setupNameTable({"familyName": "Made Up", "styleName": "Regular"})
    build.setupOS2()
    build.setupPost()
    build.save(path)
    return path


def test_a_name_that_the_font_has_stays_as_it_is() -> None:
    assert CHINESE.spell("龙湖路夜市") == "龙湖路夜市"
    assert LATIN.spell("Lücheng $x_1$ \\a") == "Lücheng $x_1$ \\a"


def test_one_missing_chinese_letter_makes_the_whole_name_pinyin() -> None:
    assert CHINESE.spell("龙湖巷") == "Longhu Xiang"
    assert LATIN.spell("和风大街餐饮点（示意）") == "Hefeng Dajie Canyindian (Shiyi)"


def test_missing_signs_are_left_out_and_missing_letters_make_it_a_number() -> None:
    assert CHINESE.spell("车组🚓") == "车组"
    assert CHINESE.spell("a\ufe0f👨‍👩‍👧b") == "ab"
    assert CHINESE.spell("𠮷野", "crew 7") == "crew 7"
    assert CHINESE.spell("ไทย", "crew 8") == "crew 8"
    assert LATIN.spell("车组 ไทย", "crew 9") == "crew 9"


def test_a_text_of_which_nothing_is_left_becomes_a_number_but_plain_signs_stay() -> None:
    assert CHINESE.spell("🚓🚓", "crew 3") == "crew 3"
    assert CHINESE.spell("🚓!", "crew 3") == "crew 3"
    assert CHINESE.spell("", "crew 4") == CHINESE.spell(" \n\u200b", "crew 4") == "crew 4"
    assert CHINESE.spell("***", "crew 5") == "***"


def test_wide_letters_become_plain_ones() -> None:
    assert LATIN.spell("Ｐ０１（Ａ）") == "P01(A)"


@settings(deadline=None)
@given(ANY_TEXT)
def test_what_is_spelled_is_one_line_of_letters_that_the_font_has(text: str) -> None:
    for lettering in (LATIN, CHINESE):
        spelled = lettering.spell(text, otherwise="7")
        assert spelled
        assert lettering.can_write(spelled)
        assert spelled == spelled.strip()
        assert all(unicodedata.category(letter) != "Cc" for letter in spelled)


@settings(deadline=None)
@given(ANY_TEXT)
def test_what_is_put_together_is_never_a_box(text: str) -> None:
    assert all(letter == "\n" or ord(letter) in LATIN.letters for letter in LATIN.without_boxes(text))


@pytest.mark.parametrize(
    ("chinese", "latin"),
    [
        ("龙湖路", "Longhu Lu"),
        ("淮舜北路", "Huaishun Beilu"),
        ("绿城大道", "Lücheng Dadao"),
        ("国庆东路烧烤", "Guoqing Donglu Shaokao"),
        ("四季美食广场", "Siji Meishi Guangchang"),
        ("路", "Lu"),
        ("市局01", "Shiju01"),
        ("人民路，夜市。好", "Renmin Lu, Yeshi. Hao"),
        ("P01", "P01"),
        ("", ""),
    ],
)
def test_pinyin_reads_like_a_street_sign(chinese: str, latin: str) -> None:
    assert pinyin(chinese) == latin


@settings(deadline=None)
@given(ANY_TEXT)
def test_one_line_is_stable_and_has_no_line_end(text: str) -> None:
    line = one_line(text)
    assert one_line(line) == line
    assert len(line.splitlines()) <= 1


@settings(deadline=None)
@given(ANY_TEXT, st.integers(2, 20))
def test_a_shortened_text_fits_and_begins_like_the_text(text: str, width: int) -> None:
    short = shortened(text, width)
    assert width_of(short) <= width
    assert short == text or text.startswith(short.removesuffix("…"))


@settings(deadline=None)
@given(st.text(st.sampled_from("市局夜 abc,"), max_size=200), st.integers(4, 60))
def test_wrapped_lines_lose_nothing_and_fit(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width_of(line) <= width for line in lines)


def test_a_chinese_font_must_have_the_letters_and_draw_them(tmp_path: Path) -> None:
    assert draws_chinese(font_file(tmp_path / "good.ttf", fonts.SAMPLE))
    assert not draws_chinese(font_file(tmp_path / "blank.ttf", fonts.SAMPLE, outlines=False))
    assert not draws_chinese(font_file(tmp_path / "one-less.ttf", fonts.SAMPLE[1:]))


def test_what_is_no_font_is_no_chinese_font(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"not a font")
    assert not draws_chinese(broken)
    assert not draws_chinese(tmp_path / "missing.ttf")
    assert not draws_chinese(fonts.latin_font())


def test_the_first_candidate_that_draws_chinese_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = font_file(tmp_path / "good.ttf", fonts.SAMPLE)
    monkeypatch.setattr(fonts, "_candidates", lambda: iter([tmp_path / "missing.ttf", fonts.latin_font(), good]))
    assert fonts.find_chinese_font.__wrapped__() == good
    monkeypatch.setattr(fonts, "find_chinese_font", lambda: good)
    chosen = fonts.lettering()
    assert chosen.is_chinese
    assert chosen.can_write(fonts.SAMPLE)


def test_without_a_chinese_font_the_latin_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_candidates", lambda: iter([fonts.latin_font()]))
    assert fonts.find_chinese_font.__wrapped__() is None
    monkeypatch.setattr(fonts, "find_chinese_font", lambda: None)
    chosen = fonts.lettering()
    assert not chosen.is_chinese
    assert chosen.spell("龙湖路") == "Longhu Lu"


def test_known_families_come_first_and_unlisted_files_after_them(monkeypatch: pytest.MonkeyPatch) -> None:
    from matplotlib import font_manager as manager

    listed = [("SimHei", "/f/simhei.ttf"), ("Noto Sans CJK SC", "/f/NotoSansCJK.ttc"), ("DejaVu Sans", "/f/dejavu.ttf")]
    entries = [manager.FontEntry(fname=path, name=name) for name, path in listed]
    monkeypatch.setattr(manager.fontManager, "ttflist", entries)
    monkeypatch.setattr(manager, "findSystemFonts", lambda: ["/f/dejavu.ttf", "/f/wqy-zenhei.ttc"])
    names = [path.name for path in fonts._candidates()]
    assert names == ["NotoSansCJK.ttc", "simhei.ttf", "wqy-zenhei.ttc", "dejavu.ttf", "wqy-zenhei.ttc"]


def test_every_word_of_a_picture_can_be_written_here() -> None:
    here = fonts.lettering()
    for language in range(2) if here.is_chinese else (1,):
        said = "".join(words[language] for words in (*PHRASES.phrases.values(), *LABELS.phrases.values()))
        assert here.without_boxes(said) == said


def test_every_phrase_is_said_in_both_languages_with_the_same_values() -> None:
    for key, (chinese, english) in PHRASES.phrases.items():
        values = [sorted(part.split("}")[0] for part in text.split("{")[1:]) for text in (chinese, english)]
        assert values[0] == values[1] or key == "no_font"
    assert phrase("crews_out", "en", out=1, all=2) == "1 of 2 crews out"


DRAW = """
import logging
logging.basicConfig()
from patrolroute.output.picture.canvas import Canvas
canvas = Canvas(2, 1, "zh")
print(len(canvas.png()) > 0)
import matplotlib
print(dict.__getitem__(matplotlib.rcParams, "backend") == "agg")
"""


@pytest.mark.parametrize(
    ("backend", "stays"), [("nonsense", False), ("module://no.such.module", False), ("", False), ("agg", True)]
)
def test_pictures_are_drawn_whatever_backend_a_notebook_chose(backend: str, stays: bool) -> None:
    environment = os.environ | {"MPLBACKEND": backend}
    run = subprocess.run([sys.executable, "-c", DRAW], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["True", str(stays)]
    assert ("'nonsense' is not known to matplotlib and is left aside" in run.stderr) == (backend == "nonsense")
