"""The picture of a night: complete, legible, the same every time, and nothing of matplotlib's world is touched."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from patrolroute.base.errors import InputError, OutputError
from patrolroute.output import picture
from patrolroute.output.looks import fonts
from patrolroute.output.looks.style import DPI, MISSED
from patrolroute.plan.model import PatrolPlan
from tests.plan.hand_made import at, clean_plan, with_route, with_task

PLAN = clean_plan()
HOSTILE = [
    "<script>alert(1)</script>", "长" * 300, "$x_1$ \\alpha", "市\n局\t1", "车组🚓", "𠮷野", "ไทย", "عربي", "🚓", "",
    "P" * 300, "a\x00b", "\ud800x", "%s {0}",
]  # fmt: skip


def written(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(Text) if text.get_visible() and text.get_text()]


def all_written(figure: Figure) -> str:
    return "\n".join(written(figure))


def image(data: bytes) -> Image.Image:
    opened = Image.open(io.BytesIO(data))
    opened.load()
    return opened


def with_names(names: list[str]) -> PatrolPlan:
    """Call crews, streets, hotspots, kinds and the night by these names."""
    tasks = tuple(
        replace(task, name=names[number % len(names)], category=names[-1] if task.kind == "hotspot" else task.category)
        for number, task in enumerate(PLAN.tasks)
    )
    network = PLAN.networks["car"]
    called = tuple(names[number % len(names)] for number in range(network.arc_count))
    crews = tuple(replace(PLAN.crews[0], id=name) for name in names)
    return replace(
        PLAN,
        crews=crews,
        routes=tuple(replace(PLAN.routes[0], crew=name) for name in names),
        tasks=tasks,
        networks={"car": replace(network, names=called, notice="\n".join(names), attribution=names[0])},
        settings={"night": names[1 % len(names)], "closed": names},
    )


def stay_at_home(plan: PatrolPlan) -> PatrolPlan:
    for number in range(len(plan.routes)):
        plan = with_route(plan, number, legs=(), end=plan.routes[number].start)
    return plan


PLANS: dict[str, Callable[[], PatrolPlan]] = {
    "two crews": lambda: PLAN,
    "one crew": lambda: replace(PLAN, crews=PLAN.crews[:1], routes=PLAN.routes[:1]),
    "nobody leaves": lambda: stay_at_home(PLAN),
    "no crews": lambda: replace(PLAN, crews=(), routes=()),
    "nothing but streets": lambda: replace(PLAN, crews=(), routes=(), tasks=()),
    "hostile names": lambda: with_names(HOSTILE),
    "names of nothing": lambda: with_names(["", "🚓", " "]),
}


@pytest.fixture(params=["font of this computer", "no Chinese font"])
def _font(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "no Chinese font":
        monkeypatch.setattr(fonts, "find_chinese_font", lambda: None)


@pytest.mark.usefixtures("_font")
@pytest.mark.parametrize("name", PLANS)
def test_any_plan_becomes_a_picture_without_a_box_a_formula_or_a_warning(name: str) -> None:
    lang = "en" if len(name) % 2 else "zh"
    sheet = picture._sheet(PLANS[name](), lang)
    shown = image(sheet.png())
    assert shown.format == "PNG"
    assert shown.size == (round(sheet.width * DPI), round(sheet.height * DPI))
    for text in sheet.figure.findobj(Text):
        assert all(letter == "\n" or ord(letter) in sheet.lettering.letters for letter in text.get_text())
        assert not text.get_parse_math() or not text.get_text()


@pytest.mark.usefixtures("_font")
def test_notice_attribution_crews_night_and_figures_stand_on_the_sheet() -> None:
    network = replace(PLAN.networks["car"], notice="Schematic map: not for duty.", attribution="© Makers, ODbL 1.0")
    plan = replace(PLAN, networks={"car": network}, settings={"night": "Night 7", "closed": ["Mill Lane"]})
    text = all_written(picture.figure(replace(plan, created_with="patrolroute 1.2"), lang="en"))
    for part in (
        "Schematic map: not for duty.", "© Makers, ODbL 1.0", "Night 7", "8 May 2026 20:00–22:00", "Mill Lane",
        "1 of 1 required tasks served (2 of 2 visits)", "75.0% of street length covered", "4 of 5 visits made",
        "2 of 2 crews out",
        "patrolroute 1.2", "20:00–20:23", "20:10 A",
    ):  # fmt: skip
        assert part in text
    assert {"A", "B", "A, B"} <= set(written(picture.figure(plan, lang="en")))


def test_crews_that_stay_at_home_are_named() -> None:
    plan = with_route(PLAN, 1, legs=(), end=at("20:00"))
    text = all_written(picture.figure(plan, lang="en"))
    assert "Not sent out: B" in text
    assert "1 of 2 crews out" in text
    assert "No crew" not in text
    assert "no crew leaves its depot" in all_written(picture.figure(stay_at_home(PLAN), lang="en"))


def test_required_tasks_that_are_missed_are_said_in_red() -> None:
    missed = with_task(PLAN, "s41", required=True)
    for plan, colour in ((missed, MISSED), (PLAN, "#1a1a1a")):
        texts = picture.figure(plan, lang="en").findobj(Text)
        (said,) = [text for text in texts if "required tasks served" in text.get_text()]
        assert said.get_color() == colour


def test_a_chinese_notice_is_kept_with_a_font_and_left_out_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    network = replace(PLAN.networks["car"], notice="示意图，不得用于执勤。Not for duty.")
    plan = replace(PLAN, networks={"car": network}, settings={"night": "五月八日夜巡"})
    if fonts.find_chinese_font() is not None:
        assert "示意图，不得用于执勤。Not for duty." in all_written(picture.figure(plan))
    monkeypatch.setattr(fonts, "find_chinese_font", lambda: None)
    text = all_written(picture.figure(plan))
    assert "Not for duty." in text
    assert "Shiyitu" not in text
    assert "Wuyue" not in text
    assert "No font on this computer writes Chinese" in text
    only = replace(plan, networks={"car": replace(network, notice="不得用于执勤。")})
    assert "yongyuzhiqin" in all_written(picture.figure(only)).lower()


@pytest.mark.skipif(fonts.find_chinese_font() is None, reason="no font of this computer writes Chinese")
def test_names_stay_chinese_in_both_languages_where_a_font_has_them() -> None:
    plan = replace(PLAN, tasks=tuple(replace(task, name="龙湖路夜市") for task in PLAN.tasks))
    for lang, word, place in (("zh", "夜市", "场1 龙湖路夜市"), ("en", "night market", "P1 龙湖路夜市")):
        texts = written(picture.figure(plan, lang=lang))  # type: ignore[arg-type]
        assert place in texts
        assert word in texts


def test_the_same_plan_is_the_same_bytes_in_another_process_too() -> None:
    code = (
        "import hashlib, sys; sys.path.insert(0, '.')\n"
        "from tests.plan.hand_made import clean_plan\n"
        "from patrolroute.output.picture import picture_bytes\n"
        "print(hashlib.sha256(picture_bytes(clean_plan())).hexdigest(), 'matplotlib.pyplot' in sys.modules)"
    )
    root = Path(__file__).parents[2]
    hashes = {
        subprocess.run(
            [sys.executable, "-c", code], cwd=root, check=True, capture_output=True, text=True, env=environment(seed)
        ).stdout
        for seed in ("1", "2")
    }
    assert len(hashes) == 1
    assert hashes.pop().split()[1] == "False"


def environment(seed: str) -> dict[str, str]:
    import os

    return os.environ | {"PYTHONHASHSEED": seed}


def test_nothing_of_matplotlibs_settings_is_used_or_changed() -> None:
    plain = picture.picture_bytes(PLAN)
    odd = {
        "text.usetex": True, "figure.autolayout": True, "savefig.bbox": "tight", "axes.grid": True, "font.size": 30.0,
        "axes.facecolor": "black", "figure.dpi": 50.0, "lines.linewidth": 9.0, "lines.dashed_pattern": [1.0, 9.0],
        "axes.unicode_minus": False, "savefig.dpi": 30.0, "text.color": "red", "patch.linewidth": 5.0,
        "axes.xmargin": 0.4, "lines.markeredgewidth": 6.0, "figure.facecolor": "black",
    }  # fmt: skip
    with mpl.rc_context(odd):
        before = dict(mpl.rcParams)
        assert picture.picture_bytes(PLAN) == plain
        assert dict(mpl.rcParams) == before


def test_the_file_holds_no_date_and_its_size_on_paper() -> None:
    shown = image(picture.picture_bytes(PLAN))
    assert set(shown.info) == {"dpi"}
    assert shown.info["dpi"] == pytest.approx((DPI, DPI), abs=0.1)


def test_the_picture_is_written_where_it_is_wanted(tmp_path: Path) -> None:
    path = PLAN.to_png(tmp_path / "new" / "map.png", lang="en")
    assert path == tmp_path / "new" / "map.png"
    assert path.read_bytes() == picture.picture_bytes(PLAN, lang="en")
    assert [one.name for one in path.parent.iterdir()] == ["map.png"]


def test_a_picture_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="file"):
        picture.draw(PLAN, tmp_path / "file" / "map.png")
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(InputError, match="'fr' is not one of zh, en"):
        picture.picture_bytes(PLAN, lang="fr")  # type: ignore[arg-type]
