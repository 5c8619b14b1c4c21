"""Chinese that is read aloud at muster: no word that was given up, in outputs, complaints, pages or help."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from patrolroute.cli.commands import _parser

ROOT = Path(__file__).parents[1]
GIVEN_UP = {
    "空驶": "途中",
    "空窗": "巡逻空档",
    "驻满": "已驻足",
    "让位于": "因时间不够未安排",
    "不均衡度": "忙闲差",
    "P90": "九成…在几分钟内",
    "得分": "完成分",
    "勿晚": "不得晚",
    "图例页": "成果样例",
    "随附的一夜": "示例方案",
    "合算一次": "双向只算一次",
    "种子和工作量": "参数相同，结果相同",
    "逐路口走法": "行车路线",
    "等候时": "备勤",
    "上界": "上限",
    "整夜": "全程",
}
"""What was said, and what is said today."""

READ = {
    "patrolroute/demand/columns.py": {"得分"},
    "patrolroute/hand_made/table.py": {"空驶"},
}
"""Old words that are still understood where people wrote them into their tables."""

PAGES = [ROOT / "README.zh-CN.md", *sorted((ROOT / "docs" / "zh").glob("*.md")), *(ROOT / "docs").glob("excerpts/zh-*")]
CODE = sorted((ROOT / "patrolroute").rglob("*.py"))
COMMAND = re.compile(r"^\$ (?:night\\Scripts\\)?patrolroute (.+?)(?:   .*)?$", re.MULTILINE)


def chinese(path: Path) -> Iterator[str]:
    """Yield the texts of a module that hold Chinese, but not what it says to programmers."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body
        and isinstance(node.body[0], ast.Expr)
    }  # fmt: skip
    for node in ast.walk(tree):
        is_said = isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
        if is_said and re.search("[\u4e00-\u9fff]", node.value):
            yield node.value


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_library_says_no_word_that_was_given_up(path: Path) -> None:
    known = READ.get(path.relative_to(ROOT).as_posix(), set())
    found = {(old, text) for text in chinese(path) for old in GIVEN_UP if old in text and old not in known}
    assert found == set()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_pages_in_chinese_say_none_either(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [old for old in GIVEN_UP if old in text] == []


COMMANDS = [
    (path.name, line)
    for path in PAGES
    for line in COMMAND.findall(path.read_text(encoding="utf-8"))
    if not line.startswith("--")
]


@pytest.mark.parametrize(("page", "line"), COMMANDS)
def test_every_command_of_the_pages_in_chinese_can_be_typed(page: str, line: str) -> None:
    arguments = shlex.split(line)
    names = next(action.choices for action in _parser()._actions if action.choices)
    if arguments[0] not in names:
        pytest.skip(f"{page}: there is no command {arguments[0]} here")
    assert _parser().parse_args(arguments).run


def test_commands_are_found_on_the_pages() -> None:
    assert len(COMMANDS) > 15
