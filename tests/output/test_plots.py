"""Plots: axes in, axes out; every step and bar worked out by hand; no boxes, no globals, told apart by everybody."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.dates import num2date
from matplotlib.figure import Figure
from matplotlib.text import Text

import patrolroute as pr
from patrolroute.base.errors import InputError, PatrolRouteError
from patrolroute.base.vocabulary import LANGS, Lang
from patrolroute.metrics.context import PlanMeasures
from patrolroute.output.looks import fonts
from patrolroute.output.looks.style import KIND_LOOKS
from patrolroute.output.plots import charts
from patrolroute.output.plots.charts import coverage_steps, response_curve
from patrolroute.output.plots.maps import COLOURS, worst_of
from tests.output.plans import HOSTILE, NOTICE, drawn_plan, renamed, resting_plan
from tests.output.test_picture_parts import SIGHTS, lab
from tests.plan.hand_made import at

DRAWINGS: dict[str, Callable[..., Axes]] = {
    "routes": pr.draw_routes,
    "gantt": pr.draw_gantt,
    "idleness": pr.draw_idleness,
    "sighting": lambda plan, ax=None, **more: pr.draw_idleness(plan, ax, by="sighting", **more),
    "coverage": pr.draw_coverage,
    "response": pr.draw_response,
}
SMALLEST_PT = 7.0
"""Smaller letters are not read on paper."""

each_drawing = pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS)


def drawn(axes: Axes) -> list[str]:
    """Draw the figure, where a letter that the font lacks is a warning and so an error, and give its words."""
    figure = axes.get_figure()
    assert figure is not None
    figure.figure.savefig(io.BytesIO(), format="png", dpi=60)
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


# Every plot


@each_drawing
def test_axes_that_are_given_come_back_and_no_other_is_touched(draw: Callable[..., Axes]) -> None:
    figure = Figure()
    left, right = figure.subplots(1, 2)
    assert draw(drawn_plan(), left) is left
    assert not right.has_data()
    assert not right.get_title(loc="left")


@each_drawing
def test_without_axes_a_figure_of_its_own_is_made_that_pyplot_does_not_know(draw: Callable[..., Axes]) -> None:
    from matplotlib import pyplot as plt

    settings = dict(mpl.rcParams)
    one, two = draw(drawn_plan()), draw(drawn_plan())
    assert one.get_figure() is not two.get_figure()
    assert plt.get_fignums() == []
    assert dict(mpl.rcParams) == settings


@each_drawing
def test_part_of_a_figure_will_do(draw: Callable[..., Axes]) -> None:
    part = Figure().subfigures(1, 2)[0]
    axes = part.add_subplot()
    assert drawn(draw(drawn_plan(), axes))


@each_drawing
@pytest.mark.parametrize("lang", LANGS)
def test_every_plot_speaks_the_reader_s_language_and_says_which_map_it_is(
    draw: Callable[..., Axes], lang: Lang
) -> None:
    axes = draw(drawn_plan(), lang=lang)
    words = drawn(axes)
    if fonts.find_chinese_font() is None:
        pytest.skip("no font here writes Chinese")
    assert any("\u4e00" <= letter <= "\u9fff" for letter in axes.get_title(loc="left")) == (lang == "zh")
    assert any(NOTICE in word.replace("\n", " ") for word in words)


@each_drawing
def test_without_a_chinese_font_words_are_english_and_names_pinyin(
    draw: Callable[..., Axes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "find_chinese_font", lambda: None)
    words = drawn(draw(renamed(drawn_plan(), "市局01"), lang="zh"))
    assert all(ord(letter) < 0x2E80 for word in words for letter in word)


@each_drawing
@pytest.mark.parametrize("name", ["$x_1$", "车组🚓", "x" * 300, "a\nb", r"$\frac{_^%&#{}"])
def test_any_name_is_drawn_as_it_is(draw: Callable[..., Axes], name: str) -> None:
    drawn(draw(renamed(drawn_plan(), name)))


@each_drawing
def test_words_can_be_read_on_paper(draw: Callable[..., Axes]) -> None:
    axes = draw(drawn_plan())
    assert min(text.get_fontsize() for text in axes.findobj(Text) if text.get_text()) >= SMALLEST_PT


@each_drawing
def test_a_night_without_tasks_or_routes_is_drawn_too(draw: Callable[..., Axes]) -> None:
    empty = replace(drawn_plan(), tasks=(), routes=())
    drawn(draw(empty))
    drawn(draw(replace(empty, crews=())))


@each_drawing
def test_a_language_that_is_none_is_refused(draw: Callable[..., Axes]) -> None:
    with pytest.raises(InputError, match="lang 'fr'"):
        draw(drawn_plan(), lang="fr")


# Gantt


def test_bars_begin_and_end_with_their_legs_and_neighbours_of_a_kind_are_one() -> None:
    spans = dict(charts._spans(resting_plan().routes[0]))
    clocks = {
        kind: [tuple(f"{num2date(day):%H:%M:%S}" for day in (begin, begin + length)) for begin, length in some]
        for kind, some in spans.items()
    }
    assert clocks == {  # UTC
        "patrol": [("12:00:00", "12:05:00")],
        "deadhead": [("12:05:00", "12:07:00"), ("12:20:00", "12:23:00")],
        "break": [("12:07:00", "12:10:00")],
        "dwell": [("12:10:00", "12:20:00")],
    }


def test_crews_run_from_the_top_and_the_legend_has_only_what_is_there() -> None:
    axes = pr.draw_gantt(drawn_plan(), lang="en")
    assert [label.get_text() for label in axes.get_yticklabels()] == ["A", "B"]
    assert axes.yaxis_inverted()
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["patrol", "deadhead", "dwell", "wait", "shift"]


def test_a_crew_called_like_a_formula_is_called_so() -> None:
    axes = pr.draw_gantt(renamed(drawn_plan(), "$x_1$"))
    assert axes.get_yticklabels()[0].get_text() == "$x_1$"
    assert not axes.get_yticklabels()[0].get_parse_math()


def test_ticks_show_the_clock_of_the_plan_s_zone() -> None:
    axes = pr.draw_gantt(drawn_plan())
    drawn(axes)
    assert next(label.get_text() for label in axes.get_xticklabels()) == "20:00"


@pytest.mark.parametrize("sight", SIGHTS)
def test_everybody_tells_lines_and_bars_apart(sight: str) -> None:
    matrix = np.reshape(SIGHTS[sight], (3, 3))
    lines = [colour for colour, _, _ in charts.LOOKS.values()]
    bars = [str(look["facecolor"]) for look in KIND_LOOKS.values() if "hatch" not in look]
    for one, two in (*combinations(lines, 2), *combinations(bars, 2)):
        assert np.linalg.norm(lab(one, matrix) - lab(two, matrix)) > 12
    assert len({(style, width) for _, style, width in charts.LOOKS.values()}) == len(lines)


@pytest.mark.parametrize("name", COLOURS.values())
def test_idleness_is_read_off_a_grey_print(name: str) -> None:
    identity = np.eye(3)
    shades = [lab(to_hex(mpl.colormaps[name](share)), identity)[0] for share in np.linspace(0, 1, 6)]
    steps = np.diff(shades)
    assert (steps < -5).all() or (steps > 5).all()


# Coverage


def test_coverage_steps_where_counted_visits_end() -> None:
    steps = coverage_steps(drawn_plan())
    assert steps["required"] == [(at("20:01:40"), 1.0)]
    assert steps["length"] == [(at("20:01:40"), 500 / 2000), (at("20:05:00"), 1500 / 2000)]
    weights = {"s12": 3 * 500, "s234": 2 * 1000, "s41": 500}
    whole = sum(weights.values())
    shares = [share for _, share in steps["priority"]]
    assert shares == pytest.approx([750 / whole, 2750 / whole, 3500 / whole])
    assert [moment for moment, _ in steps["priority"]] == [at("20:01:40"), at("20:05:00"), at("21:01:20")]
    assert steps["hotspots"] == [(at("20:20:00"), 1.0)]


@pytest.mark.parametrize("plan", [drawn_plan(), resting_plan()], ids=["clean", "resting"])
def test_coverage_ends_at_the_measures(plan: pr.PatrolPlan) -> None:
    ends = {kind: some[-1][1] for kind, some in coverage_steps(plan).items()}
    names = {"required": "required_served", "length": "coverage_length", "priority": "coverage_priority",
             "hotspots": "hotspot_coverage"}  # fmt: skip
    assert ends == pytest.approx({kind: plan.metrics[name] for kind, name in names.items()}, rel=1e-5)


def test_what_is_undefined_has_no_line() -> None:
    plan = drawn_plan()
    streets = replace(plan, tasks=tuple(replace(one, required=False) for one in plan.tasks if one.kind == "street"))
    assert set(coverage_steps(streets)) == {"length", "priority"}


# Response


def test_the_response_curve_goes_through_the_measures() -> None:
    plan = drawn_plan()
    seconds, shares = response_curve(plan)
    assert (np.diff(seconds) > 0).all()
    assert (np.diff(shares) > 0).all()
    for minutes in (1, 3, 5):
        reached = np.searchsorted(seconds, 60 * minutes, side="right")
        share = shares[reached - 1] if reached else 0.0
        assert share == pytest.approx(plan.metrics[f"response_within_{minutes}_min"], rel=1e-5)
    half = seconds[np.searchsorted(shares, 0.5)]
    assert half == pytest.approx(plan.metrics["response_p50_s"])


def test_where_nobody_is_on_duty_the_curve_is_empty() -> None:
    seconds, shares = response_curve(replace(drawn_plan(), routes=()))
    assert (len(seconds), len(shares)) == (0, 0)
    axes = pr.draw_response(replace(drawn_plan(), routes=()), lang="en")
    assert "nothing to show" in drawn(axes)


# Idleness


def test_idleness_is_the_longest_gap_and_sighting_follows_from_the_gaps() -> None:
    night = PlanMeasures(drawn_plan())
    task = night.plan.task
    assert worst_of(night, task["s12"], "idleness") == 60  # passed at 20:00, 21:00 and 21:01:20, until 22:00
    assert worst_of(night, task["m5"], "idleness") == 70  # open 20:10 to 21:30, a crew dwells until 20:20
    assert worst_of(night, task["s12"], "sighting") == pytest.approx(1 - (2700 + 0 + 2620) / 6300, abs=0.01)
    assert worst_of(night, task["m5"], "sighting") is None


def test_a_street_that_nobody_passes_is_dashed_and_explained() -> None:
    idle = replace(drawn_plan(), routes=())
    words = drawn(pr.draw_idleness(idle, lang="en"))
    assert "nobody passes all night" in words
    assert "nobody passes all night" not in drawn(pr.draw_idleness(drawn_plan(), lang="en"))


def test_a_measure_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="by 'fame' is not one of idleness, sighting"):
        pr.draw_idleness(drawn_plan(), by="fame")  # type: ignore[arg-type]


# The map of a notebook


def page(plan: pr.PatrolPlan, **more: Any) -> str:
    return str(plan.explore(**more).get_root().render())


@pytest.mark.parametrize("name", [HOSTILE[0], '<img src=x onerror="alert(1)">', "</script><script>alert(1)</script>"])
def test_no_name_acts_in_the_page(name: str) -> None:
    text = page(renamed(drawn_plan(), name))
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "<img src=x" not in text.encode().decode("unicode_escape", errors="ignore")


def test_the_page_has_no_background_but_the_stamp_and_speaks_both_languages() -> None:
    for lang, word in (("zh", "车组"), ("en", "crew")):
        text = page(drawn_plan(), lang=lang)
        assert NOTICE in text
        assert f'"{word}"' in text or word.encode("unicode_escape").decode() in text
        assert "tileLayer" not in text


def test_a_night_without_routes_is_an_empty_page() -> None:
    assert NOTICE in page(replace(drawn_plan(), routes=()))


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "folium", None)
    with pytest.raises(PatrolRouteError, match=r"needs folium: pip install 'patrolroute\[notebook\]'"):
        drawn_plan().explore()
