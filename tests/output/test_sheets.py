"""The pages: what a crew and a commander need stands on them, whatever things are called nothing acts."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from patrolroute.base.errors import InputError
from patrolroute.base.vocabulary import LANGS, Lang
from patrolroute.output.looks.scene import few
from patrolroute.output.sheets.commander import MOST_LEFT_OUT, Board
from patrolroute.output.sheets.pages import commander_html, css_string, sheets_html
from patrolroute.output.web import map_bytes
from patrolroute.plan.model import PatrolPlan
from tests.output.plans import HOSTILE, NOTICE, drawn_plan, renamed
from tests.output.test_sheets_orders import named_plan
from tests.plan.hand_made import at, with_route, with_task

FETCHING = {"src", "srcset", "data", "poster", "action", "formaction", "background", "cite", "ping", "manifest", "code"}
"""Attributes that make a browser ask somebody for something."""


class Page(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, page: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.styles: list[str] = []
        self._open: list[str] = []
        self.feed(page.decode("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br", "path", "use", "rect", "circle"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        (self.styles if self._open[-1:] == ["style"] else self.words).append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def sheets(plan: PatrolPlan, lang: Lang = "zh") -> Page:
    return Page(sheets_html(plan, lang))


def commander(plan: PatrolPlan, lang: Lang = "zh") -> Page:
    return Page(commander_html(plan, lang))


def test_a_sheet_says_when_and_where_to_muster_what_to_do_and_the_way() -> None:
    text = sheets(named_plan()).text
    for said in (
        "巡逻任务单", "A", "第 1 车组，共 2 个", "内部资料",
        "2026年5月8日 星期五 20:00 1-2与1-4路口 (117.00000, 32.60000 WGS-84)",
        "计划 20:23、最迟 22:00 到集结点", "全程 4.0 公里，其中巡逻 1.5 公里；驻点 1 处，共 10 分钟",
        "沿1-2向东 500 米", "左转进入2-3向北 500 米，左转进入3-4向西 500 米", "夜市，驻点 10 分钟",
        "掉头，沿3-4向东 500 米，直行进入3-5向东 500 米；备勤 3 分钟，至 20:10", "可早 1 分", "可晚半小时",
        "返回集结点",
    ):  # fmt: skip
        assert said in text, said


def test_a_muster_place_at_a_crossing_of_long_names_names_both_streets() -> None:
    long = "Rua Marechal Cândido Mariano Rondon", "Avenida Senador Antônio Mendes Canale"
    plan = named_plan()
    network = plan.networks["car"]
    renamed = dict(zip(("1-2", "1-4"), long, strict=True))
    network = replace(network, names=tuple(renamed.get(name, name) for name in network.names))
    plan = replace(plan, networks={"car": network})
    for text in (sheets(plan, "en").text, commander(plan, "en").text):
        assert f"{long[1]} and {long[0]}" in text
    assert f"{long[1]}与{long[0]}路口" in sheets(plan).text


def test_an_english_sheet_says_the_same_as_people_write_there() -> None:
    text = sheets(named_plan(), "en").text
    for said in (
        "Patrol order sheet", "Crew 1 of 2", "Friday 8 May 2026 20:00", "planned 20:23, 22:00 at the latest",
        "4.0 km in all, 1.5 km of it on patrol; stops: 1, 10 min together", "Along 1-2 east 500 m",
        "Turn left into 2-3 north 500 m, turn left into 3-4 west 500 m", "night market, stand 10 min",
        "wait 3 min, until 20:10", "early ≤1", "late >30", "Back to the depot",
    ):  # fmt: skip
        assert said in text, said
    assert not re.search("[\u4e00-\u9fff]", text.replace(NOTICE.split("。")[0] + "。", ""))


def test_every_order_has_a_number_a_box_to_tick_and_a_link_with_its_code() -> None:
    page = sheets(named_plan())
    boxes = [attrs for tag, attrs in page.tags if tag == "span" and attrs.get("class") == "box"]
    links = [attrs["href"] or "" for tag, attrs in page.tags if tag == "a"]
    assert len(boxes) == 4 + 2
    assert len(links) == 4 + 2
    assert all(link.startswith("https://uri.amap.com/navigation?") for link in links)


def test_the_map_shows_every_order_by_its_number_and_the_depot() -> None:
    first = sheets_html(named_plan()).decode().split("</svg>")[1]
    assert re.findall(r">(\d+)</text>", first) == ["1", "2", "3"]
    assert first.count("<rect") == 1
    assert '<use href="#main"/>' in first


def test_a_crew_that_stays_has_a_sheet_that_says_so() -> None:
    plan = with_route(named_plan(), 1, legs=(), end=at("20:00"))
    assert "原地待命" in sheets(plan).text
    assert "Stays at its depot" in sheets(plan, "en").text


def test_a_plan_without_crews_gives_pages_too() -> None:
    plan = replace(drawn_plan(), crews=(), routes=())
    assert sheets(plan).tags
    assert "夜巡指挥单" in commander(plan).text


@pytest.mark.parametrize("lang", LANGS)
def test_the_notice_and_whose_map_it_is_stand_on_every_page(lang: Lang) -> None:
    for page, crews in ((sheets(named_plan(), lang), 2), (commander(named_plan(), lang), 1)):
        assert page.text.count(NOTICE) == crews
        assert page.text.count("drawn") >= crews
        foot = re.search(r"@bottom-left \{ content: (\"[^\"]*\")", page.styles[0])
        assert foot is not None
        told = re.sub(r"\\([0-9a-f]+) ", lambda code: chr(int(code[1], 16)), foot[1])
        assert NOTICE in told
        assert "drawn" in told


def test_the_commander_sees_all_crews_against_the_clock() -> None:
    page = commander(named_plan())
    bars = [attrs for tag, attrs in page.tags if tag == "rect"]
    assert [attrs["class"] for attrs in bars] == [
        "patrol",
        "deadhead",
        "wait",
        "dwell",
        "deadhead",
        "wait",
        "patrol",
        "deadhead",
    ]
    dwell = bars[3]  # 20:10 to 20:20 of 20:00 to 22:00
    assert (float(dwell["x"] or 0), float(dwell["width"] or 0)) == pytest.approx((83.33, 83.33))
    assert "20:00 20:15 20:30 20:45 21:00" in page.text
    assert "21:30 22:00" in page.text  # 21:45 would run into the last one
    for said in (
        "指挥单",
        "必巡完成 1/1 项（2/2 次）",
        "出车 2/2 个车组",
        "里程覆盖率",
        "s41",
        "因时间不够未安排",
    ):
        assert said in page.text, said


def test_what_is_required_and_missed_comes_first_and_in_red() -> None:
    plan = with_task(named_plan(), "s41", required=True)
    text = commander(plan).text
    assert "必巡完成 1/2 项（" in text
    assert text.index("必巡未完成") < text.index("s41") < text.index("各车组时间表")
    assert any(attrs.get("class") == "bad" for tag, attrs in commander(plan).tags if tag == "b")


def test_of_many_tasks_left_out_the_first_are_named_and_the_rest_counted() -> None:
    plan = named_plan()
    short = plan.task["s41"]
    many = tuple(replace(short, id=f"x{number}", name=f"x{number}") for number in range(MOST_LEFT_OUT + 6))
    board = Board(replace(plan, tasks=(*plan.tasks, *many)), "zh")
    assert (len(board.short()), board.more) == (MOST_LEFT_OUT, 7)


def test_sections_of_a_street_that_are_short_for_one_reason_are_one_line() -> None:
    plan = named_plan()
    one = replace(plan.task["s41"], name="惠利路")
    two, three = replace(one, id="s42", visits_done=1, worth=(100, 50, 25)), replace(one, id="s43", priority=5)
    board = Board(replace(plan, tasks=(one, two, three, replace(two, id="s44"))), "zh")
    told = sorted((short.name, short.ends, short.priority, short.done) for short in board.short())
    assert told == [("惠利路", "1-4/3-4 → 1-2/1-4", 5, "0/1"), ("惠利路", "3 段", 1, "2/7")]
    (group,) = (short for short in board.short() if short.ends == "3 段")
    assert group.why.startswith("1-4/3-4 → 1-2/1-4：因时间不够未安排")
    assert board.more == 0


def test_what_stands_at_the_head_of_the_commander_s_sheet_is_not_said_again() -> None:
    text = commander(named_plan()).text
    assert "必巡完成 1/1 项" in text
    assert "必巡任务全部完成" not in text
    assert "必巡完成率" not in text


def test_what_is_closed_tonight_is_said() -> None:
    plan = replace(named_plan(), settings={"closed": ["惠利路"], "night": "五月"})
    assert "今晚封闭：惠利路" in commander(plan).text
    assert "五月" in sheets(plan).text


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_words_and_nothing_else(name: str) -> None:
    plain, hostile = sheets(named_plan(drawn_plan())), sheets(renamed(named_plan(), name))
    assert {tag for tag, _ in hostile.tags} <= {tag for tag, _ in plain.tags}
    assert not any(key.startswith("on") for _, attrs in hostile.tags for key in attrs)
    assert "".join(hostile.styles).count("{") == "".join(hostile.styles).count("}")
    for tag, _ in commander(renamed(named_plan(), name)).tags:
        assert tag != "script"


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "=cmd()", "../../x", "车组🚓"])
def test_names_stand_on_the_sheet_as_they_are(name: str) -> None:
    assert name in html.unescape(sheets_html(renamed(named_plan(), name)).decode())
    assert name in commander(renamed(named_plan(), name)).text


def test_a_night_and_a_notice_of_any_name_are_words_too() -> None:
    plan = named_plan()
    bad = '</style><img src="http://example.org/x">'
    network = replace(plan.networks["car"], notice=bad, attribution=bad)
    plan = replace(plan, networks={"car": network}, settings={"night": bad, "closed": [bad]}, created_with=bad)
    for page in (sheets(plan), commander(plan)):
        assert "img" not in {tag for tag, _ in page.tags}
        assert "<" not in "".join(page.styles)


@pytest.mark.parametrize("lang", LANGS)
def test_nothing_on_a_page_is_fetched(lang: Lang) -> None:
    for page in (sheets(named_plan(), lang), commander(named_plan(), lang)):
        assert {tag for tag, _ in page.tags}.isdisjoint({"script", "link", "img", "iframe", "object", "base", "image"})
        for tag, attrs in page.tags:
            assert FETCHING.isdisjoint(attrs), tag
            if "href" in attrs and tag != "a":
                assert (attrs["href"] or "").startswith("#")
        assert "url(" not in "".join(page.styles)
        assert "@import" not in "".join(page.styles)
        policies = [attrs for tag, attrs in page.tags if attrs.get("http-equiv") == "Content-Security-Policy"]
        assert (policies[0]["content"] or "").startswith("default-src 'none'")


def test_the_same_plan_gives_the_same_pages() -> None:
    assert sheets_html(drawn_plan()) == sheets_html(drawn_plan())
    assert commander_html(drawn_plan()) == commander_html(drawn_plan())


def test_an_unknown_language_is_refused(tmp_path: Path) -> None:
    for call in (sheets_html, commander_html):
        with pytest.raises(InputError, match="'fr' is not one of zh, en"):
            call(drawn_plan(), "fr")
    with pytest.raises(InputError):
        drawn_plan().to_sheets(tmp_path, lang="fr")  # type: ignore[arg-type]


def test_the_door_writes_both_pages_and_says_so(tmp_path: Path) -> None:
    written = drawn_plan().to_sheets(tmp_path / "new")
    assert [path.name for path in written] == ["sheets.html", "commander.html"]
    assert {path.name for path in (tmp_path / "new").iterdir()} == {"sheets.html", "commander.html"}


def test_a_css_string_cannot_be_left() -> None:
    told = css_string('"; } </style> \\ \n 夜')
    assert re.fullmatch(r'"(\\[0-9a-f]+ |[A-Za-z0-9])*"', told)


HELD = {"closed": ["惠利路"], "all_night": ["惠利路 22:00-23:00"]}


def test_every_crew_reads_what_is_closed_and_that_it_is_all_night() -> None:
    plan = replace(named_plan(), settings=HELD)
    chinese, english = sheets_html(plan, "zh").decode(), sheets_html(plan, "en").decode()
    assert chinese.count("今晚封闭：惠利路") == english.count("Closed tonight: 惠利路") == len(plan.crews)
    assert chinese.count("以下时段的封闭或缓行按全程处理：惠利路 22:00-23:00") == len(plan.crews)
    assert english.count("Closed or slow all night, though meant for: 惠利路 22:00-23:00") == len(plan.crews)
    assert "今晚封闭" not in sheets(named_plan()).text


def test_the_commander_reads_at_the_head_which_promises_are_broken() -> None:
    plan = named_plan()
    assert "承诺" not in commander(plan).text
    kept = with_task(plan, "s12", max_gap_s=7200)
    assert ("巡逻间隔承诺 1/1 兑现", False) in list(Board(kept, "zh").figures())
    for name in ("s12", "s234", "s41"):
        plan = with_task(plan, name, max_gap_s=600)
    names = [plan.task[name].name for name in ("s41", "s234", "s12")]
    (told,) = [text for text, is_bad in Board(plan, "zh").figures() if is_bad]
    assert told.startswith("巡逻间隔承诺 0/3 兑现（未兑现：")
    assert all(name in told for name in names)
    assert "0 of 3 promised gaps kept (broken: " in commander_html(plan, "en").decode()
    assert "巡逻间隔承诺 0/3 兑现" in map_bytes(plan).decode()


def test_of_many_broken_promises_the_worst_are_named_and_the_others_counted() -> None:
    assert few(list("ABCDE"), 5, "zh") == "A、B、C、D、E"
    assert few(list("ABCDEF"), 5, "zh") == "A、B、C、D、E等 6 条"
    assert few(list("ABCDEF"), 5, "en") == "A, B, C, D, E, 6 streets in all"
