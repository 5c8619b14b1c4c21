"""Complaints in Chinese about the night under way: plans made anew, tracks."""

from __future__ import annotations

from collections.abc import Mapping

RULES_OF_LIVE: Mapping[str, str] = {
    "{clock} is before {last}, when the night was planned anew already": "{clock} 早于上次重排的时间 {last}",
    "time {moment} has no offset; give an aware datetime": "时间 {moment} 缺时差",
    "the plan knows no crew '{crew}'": "方案中没有车组“{crew}”",
    "the plan knows no such crew": "方案中没有这个车组",
    "every crew is out of service; nobody is left to plan for": "所有车组都已退出，无人可排",
    "the crew is out of service": "该车组已退出",
    "the crew is called twice; give one call for each crew": "同一车组有两处出警，请只写一处",
    "it lasts until {until}, not after {clock}": "出警到 {until}，应晚于 {clock}",
    "{clock} is not within the night, {first} to {last}": "{clock} 不在当晚 {first} 至 {last} 之内",
    "{clock} of crew '{crew}' is before {at}": "车组“{crew}”的收班时间 {clock} 早于 {at}",
    "no open way leads to {place}": "无路可通 {place}",
    "it is there {clock}, not before {until}": "{clock} 才到，不早于 {until}",
    "crew '{crew}' cannot get home any more: no open way leads there": "车组“{crew}”无路返回收班地点",
    "hotspot '{name}' is a task of the plan already": "场所“{name}”已在方案中",
    "the plan has no network for mode '{mode}'": "方案中没有方式 {mode} 的路网",
    "its place is not on the plan's network; snap it on plan.networks": (
        "位置不在方案的路网上，请用 plan.networks 的路网取位置"
    ),
    "is not open in what is left of the night": "余下时间内不营业",
    "there is no room for its visits in what is left of the night": "余下时间排不下要求的次数",
    "{calls} --call and {crews} --crew; give one crew for each call": (
        "--call 有 {calls} 处，--crew 有 {crews} 个，应一一对应"
    ),
    "{calls} --call and {untils} --until; give one, or one for each call": (
        "--call 有 {calls} 处，--until 有 {untils} 个，应写一个或一一对应"
    ),
}
"""Whole sentences by their English wording."""

PARTS_OF_LIVE: Mapping[str, str] = {
    "replan": "重新安排",
    "call of crew '{crew}'": "车组“{crew}”出警",
    "out_of_service": "退出车组",
    "slow": "限速",
    "end": "收班",
}
"""What stands before them, each with a colon, and pieces of them."""
