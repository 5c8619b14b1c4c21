"""Letters for pictures: a Chinese font of this computer if there is one, else pinyin or a number, never a box."""

from __future__ import annotations

import logging
import os
import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from patrolroute.base.errors import short
from patrolroute.base.extras import require
from patrolroute.base.text import width_of
from patrolroute.base.vocabulary import Lang

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

_log = logging.getLogger(__name__)

FAMILIES = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "Microsoft YaHei", "PingFang SC",
    "Hiragino Sans GB", "DengXian", "SimHei", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Noto Sans CJK JP",
    "Noto Sans CJK TC", "Noto Sans CJK HK", "Noto Sans CJK KR", "Source Han Sans", "STHeiti", "Heiti SC", "Heiti TC",
    "PingFang HK", "PingFang TC", "Sarasa Gothic SC", "HarmonyOS Sans SC", "MiSans", "Alibaba PuHuiTi",
    "Droid Sans Fallback", "Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "Noto Serif CJK JP", "SimSun",
    "NSimSun", "Songti SC", "STSong", "FangSong", "KaiTi", "STKaiti", "AR PL UMing CN", "AR PL UKai CN",
    "Arial Unicode MS",
)  # fmt: skip
"""Font families with Chinese letters, the plainest first: what reads best small stands before what is only there."""

STEMS = (
    "notosanscjk", "notosanssc", "sourcehansans", "msyh", "pingfang", "hiraginosansgb", "deng", "simhei", "wqy",
    "stheiti", "droidsansfallback", "notoserifcjk", "notoserifsc", "sourcehanserif", "simsun", "songti", "simkai",
    "simfang", "uming", "ukai", "arialunicode",
)  # fmt: skip
"""How the files of such fonts begin, for a font that was installed after matplotlib made its list."""

LONGEST_NAME = 36
"""Half-width letters of a name on paper; what is longer is cut."""

LONGEST_PLACE = 90
"""Of a muster place, which may name two streets, neither of which may be cut: a line of the sheet."""

SAMPLE = "夜巡方案路街警车组0Az"
"""Letters that a Chinese font must draw to be taken."""

_STOPS = str.maketrans({"。": ". ", "、": ", ", "，": ", ", ",": ", ", "（": " (", "(": " (", "）": ") ", ")": ") ",
                        "《": ' "', "》": '" ', "【": " [", "】": "] ", "—": "-"})  # fmt: skip
"""Chinese signs, and what NFKC makes of them, as they stand between Latin words."""

_STREET_WORDS = "大道|大街|支路|环岛|隧道|[东西南北中]?路|[东西南北中]?街|巷"
_PLACE_WORDS = "夜市|排档|烧烤|美食城|美食|广场|市场|餐饮点|派出所|分局|公园|车站|医院|学校"
_WORDS = re.compile(rf"({_STREET_WORDS}|{_PLACE_WORDS})")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]+")
_PLAIN_SIGNS = {"–": "-", "…": "...", "★": "*"}
_SPACES = {"Cc", "Zl", "Zp", "Zs"}
_UNSEEN = {"Cf", "Cs", "Co", "Cn"}


@dataclass(frozen=True, eq=False)
class Lettering:
    """One font and what it can write.

    Parameters
    ----------
    path
        The font's file; its first face is used.
    letters
        Code points that it has a glyph for.
    is_chinese
        Whether it writes Chinese. If not, words are said in English and names in pinyin.
    """

    path: Path
    letters: frozenset[int]
    is_chinese: bool

    def words_in(self, lang: Lang) -> Lang:
        """Return the language of words that are asked for in one: English if the font writes no Chinese."""
        return lang if self.is_chinese else "en"

    def can_write(self, text: str) -> bool:
        """Return whether every letter has a glyph."""
        return all(ord(letter) in self.letters for letter in text)

    def spell(self, text: str, otherwise: str = "") -> str:
        """Return a text in letters that this font has, on one line.

        Chinese that the font lacks becomes pinyin; signs that it lacks, such as emoji, are left out.

        Parameters
        ----------
        text
            Any text.
        otherwise
            What to write if letters of another script are missing, or if nothing is left: a numbered label.

        Examples
        --------
        >>> latin = Lettering(Path("latin.ttf"), frozenset(range(32, 383)), is_chinese=False)
        >>> latin.spell("龙湖路夜市"), latin.spell("P01 🚓"), latin.spell("ไทย", "3"), latin.spell("🚓", "4")
        ('Longhu Lu Yeshi', 'P01', '3', '4')
        """
        line = "".join(self._nearest(letter) for letter in one_line(text))
        if any(_HAN.match(letter) and ord(letter) not in self.letters for letter in line):
            line = pinyin(line)
        lost = [letter for letter in line if ord(letter) not in self.letters]
        if any(unicodedata.category(letter)[0] in "LN" for letter in lost):
            return otherwise
        line = one_line("".join(letter for letter in line if ord(letter) in self.letters))
        return line if line and (not lost or any(letter.isalnum() for letter in line)) else otherwise

    def without_boxes(self, text: str) -> str:
        """Return a text that is put together already, signs that the font lacks replaced by plain ones or left out.

        Examples
        --------
        >>> Lettering(Path("plain.ttf"), frozenset(range(32, 127)), is_chinese=False).without_boxes("★ P01–P03…")
        '* P01-P03...'
        """
        return "".join(
            letter if letter == "\n" or ord(letter) in self.letters else _PLAIN_SIGNS.get(letter, "") for letter in text
        )

    def _nearest(self, letter: str) -> str:
        """Return the plain form of a wide or joined letter that the font lacks, else the letter."""
        return letter if ord(letter) in self.letters else unicodedata.normalize("NFKC", letter)

    def at(self, size: float) -> FontProperties:
        """Return the font at a size in points, for matplotlib."""
        from matplotlib.font_manager import FontProperties

        return FontProperties(fname=str(self.path), size=size)


def load_matplotlib() -> None:
    """Load matplotlib, which does not load by itself where ``MPLBACKEND`` names a backend that it does not know.

    Nothing here is drawn by that backend. One that is known stays chosen, as in a notebook.

    Raises
    ------
    MissingExtraError
        If it is not installed.
    """
    require("a picture", "matplotlib", "pypinyin")
    if "matplotlib" in sys.modules:
        return
    chosen = os.environ.pop("MPLBACKEND", None)
    try:
        import matplotlib as mpl
    finally:
        if chosen is not None:
            os.environ["MPLBACKEND"] = chosen
    if chosen:
        try:
            mpl.rcParams["backend"] = chosen
        except ValueError:
            _log.warning("MPLBACKEND %s is not known to matplotlib and is left aside", short(chosen))


def lettering() -> Lettering:
    """Return the Chinese font of this computer, or matplotlib's own Latin one if there is none."""
    load_matplotlib()
    path = find_chinese_font()
    if path is not None:
        return Lettering(path, _glyphs(path), is_chinese=True)
    path = latin_font()
    return Lettering(path, _glyphs(path), is_chinese=False)


@cache
def find_chinese_font() -> Path | None:
    """Look for a font that draws Chinese among those installed, without downloading; None if there is none.

    The answer is kept as long as the program runs.
    """
    load_matplotlib()
    return next((path for path in _candidates() if draws_chinese(path)), None)


def latin_font() -> Path:
    """Return the Latin font that comes with matplotlib."""
    from matplotlib import get_data_path

    return Path(get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"


@lru_cache(maxsize=256)
def draws_chinese(path: Path) -> bool:
    """Return whether a font file opens and draws the sample: a glyph alone is not enough, it must have an outline."""
    from matplotlib.ft2font import FT2Font

    if not all(ord(letter) in _glyphs(path) for letter in SAMPLE):
        return False
    try:
        font = FT2Font(str(path))
        font.set_size(10, 72)
        return all(min(font.load_char(ord(letter)).bbox[2:]) > 0 for letter in SAMPLE)
    except (OSError, RuntimeError):
        return False


def one_line(text: str) -> str:
    r"""Put a text on one line, without what cannot be seen: control letters, joiners, half characters.

    Examples
    --------
    >>> one_line("市局\n01\u200b")
    '市局 01'
    """
    composed = unicodedata.normalize("NFC", text)
    spaced = "".join(" " if unicodedata.category(letter) in _SPACES else letter for letter in composed)
    return " ".join("".join(letter for letter in spaced if unicodedata.category(letter) not in _UNSEEN).split())


def pinyin(text: str) -> str:
    """Romanise Chinese without tones, names capitalised, kinds of street and place as words of their own.

    Examples
    --------
    >>> pinyin("龙湖路"), pinyin("淮舜北路（绿城）"), pinyin("市局01")
    ('Longhu Lu', 'Huaishun Beilu (Lücheng)', 'Shiju01')
    """
    latin = text.translate(_STOPS)
    return " ".join(_HAN.sub(lambda run: _romanised(run.group()), latin).split())


def shortened(text: str, width: int) -> str:
    """Cut a text to a width in half-width letters; a Chinese letter is two wide.

    Examples
    --------
    >>> shortened("淮河大道", 8), shortened("淮河大道北段", 8)
    ('淮河大道', '淮河大…')
    """
    if width_of(text) <= width:
        return text
    kept = len(text)
    while kept and width_of(text[:kept]) >= width:
        kept -= 1
    return f"{text[:kept].rstrip()}…"


def fitted(name: str, width: int = LONGEST_NAME) -> str:
    r"""Put a name on one line of paper: no control letters, no more than so many half-width letters.

    Examples
    --------
    >>> fitted("市局\x0701\n"), len(fitted("x" * 300))
    ('市局 01', 36)
    """
    return shortened(one_line(name), width)


def _romanised(run: str) -> str:
    from pypinyin import lazy_pinyin

    words = [word for word in _WORDS.split(run) if word]
    return " ".join("".join(lazy_pinyin(word, v_to_u=True)).capitalize() for word in words)


def _candidates() -> Iterator[Path]:
    """Yield font files, the likeliest first; the slow search through folders only if the list gives none."""
    from matplotlib.font_manager import findSystemFonts, fontManager

    listed = sorted((entry.name, str(entry.fname)) for entry in fontManager.ttflist)
    for family in FAMILIES:
        yield from (Path(path) for name, path in listed if name.casefold() == family.casefold())
    found = sorted(findSystemFonts())
    for stem in STEMS:
        yield from (Path(path) for path in found if _plain(path).startswith(stem))
    yield from (Path(path) for path in found)


def _plain(path: str) -> str:
    return re.sub(r"[^a-z0-9]", "", Path(path).stem.casefold())


@lru_cache(maxsize=256)
def _glyphs(path: Path) -> frozenset[int]:
    """Return the code points that a font has a glyph for; none if it cannot be opened."""
    from matplotlib.ft2font import FT2Font

    try:
        return frozenset(FT2Font(str(path)).get_charmap())
    except (OSError, RuntimeError):
        return frozenset()
