"""Complaints in Chinese about the nights of many bureaus."""

from __future__ import annotations

from collections.abc import Mapping

RULES_OF_PROVINCE: Mapping[str, str] = {
    "{value} is no night": "{value} 不是当晚方案",
    "is there twice; give nights by name": "有两个，请按名称给出各单位",
    "has no name": "没有名称",
    "{times} workers died over it; it may need more memory than there is": (
        "{times} 个进程先后异常退出，不再重试，可能是内存不够"
    ),
    "write {value} is not one of {known}": "write {value} 应为 {known} 之一",
    "has no plan": "没有排好的方案",
    "there is only one crew, which cannot be lent": "只有一个车组，不能借出",
    "executor is none of concurrent.futures: it has no submit": (
        "executor 不是 concurrent.futures 的执行器，没有 submit"
    ),
    "executor and workers are both given; give one or the other": "executor 和 workers 只能写一个",
    "workers {value} is not between {low} and {high}": "workers {value} 应在 {low} 和 {high} 之间",
    "seed {value} is not between {low} and {high}": "seed {value} 应在 {low} 和 {high} 之间",
    "tries {value} is not between {low} and {high}": "tries {value} 应在 {low} 和 {high} 之间",
    "bound_s {value} is not between {low} and {high}": "bound_s {value} 应在 {low} 和 {high} 之间",
    "another program plans into this folder; let it end first": "另一个程序正在使用这个文件夹，请等它结束",
    "there is no such folder": "没有这个文件夹",
    "the bureau '{name}' has two nights: {one} and {other}; move one away": (
        "单位“{name}”有两份当晚文件：{one} 和 {other}，请移走一份"
    ),
    "there is no night in this folder; one ends in .toml, .json or .xlsx": (
        "文件夹中没有当晚文件（.toml、.json 或 .xlsx）"
    ),
}

PARTS_OF_PROVINCE: Mapping[str, str] = {
    "solve_many": "多单位排班",
    "bureau '{name}'": "单位“{name}”",
}
"""Things that complaints about many bureaus are about."""
