"""Complaints in Chinese about promises of response, posts and stations."""

from __future__ import annotations

from collections.abc import Mapping

RULES_OF_RESPONSE: Mapping[str, str] = {
    "no task of the night is of its class": "当晚没有这一类的场所或道路",
    "responses is a {type}; give a list": "responses 是 {type}，应为列表",
    "{word} is a {type}, not a ResponsePromise": "{word} 是 {type}，应为 ResponsePromise",
    "name {value} is not a text of at least one letter": "名称 {value} 不是文字，至少一个字",
    "relay_s {value} is not between {low} and {high}": "每班驻守 {value} 秒应在 {low} 至 {high} 之间",
    "the night is a part of another; ask for posts before it is planned": "这是一晚的一部分，请在编排之前设驻守点",
    "crews {value} is not between {low} and {high}": "车组数 {value} 应在 {low} 至 {high} 之间",
    "within_s {value} is not between {low} and {high}": "时限 {value} 秒应在 {low} 至 {high} 之间",
    "speed_factor {value} is not above 0": "速度系数 {value} 应大于 0",
    "{number} weights for {count} places": "{count} 个地点，却有 {number} 个权重",
    "weight {value} is not a whole number between {low} and {high}": "权重 {value} 应为 {low} 至 {high} 的整数",
    "give places by name; {type} are none": "应为按名称给出的地点，不是 {type}",
    "there is no station; give at least one": "没有派出所，至少给出一个",
    "weights are not all above 0": "权重应都大于 0",
}
"""Rules of promises of response and of stations."""

PARTS_OF_RESPONSE: Mapping[str, str] = {
    "response": "快反承诺",
    "waiting places": "驻守点",
    "stations": "派出所",
}
"""Things that these complaints are about."""
