"""Complaints in Chinese about how a command was typed: argparse's own and those of its options; see `base.chinese`."""

from __future__ import annotations

from collections.abc import Mapping

RULES_OF_COMMANDS: Mapping[str, str] = {
    "--map is for an empty night; this one names its map": "--map 只用于空白方案；方案文件自有地图",
    "its lists and tables lie too deep inside one another": "列表和表嵌套过深",
    # argparse, as Python 3.11 to 3.14 word it
    "the following arguments are required: {names}": "缺少参数：{names}",
    "unrecognized arguments: {names}": "没有这个参数：{names}",
    "invalid choice: {value} (choose from {known})": "{value} 应为 {known} 之一",
    "expected one argument": "后面要写一个值",
    "expected at least one argument": "后面至少要写一个值",
    "expected at most one argument": "后面最多写一个值",
    "expected {number} arguments": "后面要写 {number} 个值",
    "expected {number} argument": "后面要写 {number} 个值",
    "ignored explicit argument {value}": "后面不带值，多写了 {value}",
    "invalid {type} value: {value}": "{value} 的写法不对",
    "not allowed with argument {other}": "不能与 {other} 同时写",
    "one of the arguments {names} is required": "{names} 须写其中一个",
    "ambiguous option: {option} could match {names}": "{option} 不明确，可能是 {names}",
    # Values of options
    "'{value}' is not a list such as 4..12 or 4,6,8, from 1 to {most}": (
        "“{value}”应写成 4..12 或 4,6,8，从 1 到 {most}"
    ),
    "'{value}' is not a list such as 0,0.25,0.5": "“{value}”应写成 0,0.25,0.5",
    "'{value}' is no name of a folder; the current one is '.'": "“{value}”不是文件夹名；当前文件夹请写 .",
    "'{value}' is not a whole number above 0": "“{value}”应为大于 0 的整数",
    "'{value}' is not a date such as 2026-05-08": "“{value}”应为日期，如 2026-05-08",
    "'{value}' is neither a share from 0 to below 1 nor a whole number": "“{value}”应为 0 至 1 以下的比例，或整数",
    "'{value}' is not a street and a share, such as A Road=0.5": "“{value}”应为路名和比例，如 龙湖路=0.5",
    "'{value}' is not a number above 0": "“{value}”应为大于 0 的数",
}

PARTS_OF_COMMANDS: Mapping[str, str] = {
    "argument {name}": "参数 {name}",
}
