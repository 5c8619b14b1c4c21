"""Turn by turn in words: 沿朝阳中路向东 1.2 公里，右转进入广场路."""

from __future__ import annotations

from collections.abc import Sequence

from patrolroute.output.directions import Step
from patrolroute.words import LANGS, Lang, label

METRES_A_KILOMETRE = 1000
WHOLE_KILOMETRES_FROM_M = 9950
"""From here on tenths of a kilometre are no help on the road."""

_WORDS: dict[str, tuple[str, str]] = {
    "east": ("向东", "east"),
    "northeast": ("向东北", "northeast"),
    "north": ("向北", "north"),
    "northwest": ("向西北", "northwest"),
    "west": ("向西", "west"),
    "southwest": ("向西南", "southwest"),
    "south": ("向南", "south"),
    "southeast": ("向东南", "southeast"),
    "start": ("", ""),
    "straight": ("直行", "straight on"),
    "slight_left": ("稍向左", "bear left"),
    "left": ("左转", "turn left"),
    "sharp_left": ("向左后方转", "turn sharp left"),
    "slight_right": ("稍向右", "bear right"),
    "right": ("右转", "turn right"),
    "sharp_right": ("向右后方转", "turn sharp right"),
    "u_turn": ("掉头", "make a U-turn"),
    "first": ("沿{street}{heading} {far}", "along {street} {heading} {far}"),
    "on": ("继续沿{street}{heading} {far}", "continue on {street} {heading} {far}"),
    "same": ("{turn}，沿{street}{heading} {far}", "{turn}, go {heading} {far} on {street}"),
    "into": ("{turn}进入{street}{heading} {far}", "{turn} into {street} {heading} {far}"),
    "round_on": ("经环岛继续沿{street}{heading} {far}", "through the roundabout, on along {street} {heading} {far}"),
    "round_into": ("经环岛进入{street}{heading} {far}", "through the roundabout into {street} {heading} {far}"),
    "exit_on": (
        "环岛第 {exit} 出口驶出，继续沿{street}{heading} {far}",
        "at the roundabout take exit {exit}, on along {street} {heading} {far}",
    ),
    "exit_into": (
        "环岛第 {exit} 出口驶出，进入{street}{heading} {far}",
        "at the roundabout take exit {exit} into {street} {heading} {far}",
    ),
    "stop": ("，", ", "),
}


def said(steps: Sequence[Step], lang: Lang = "zh") -> str:
    """Say steps in one sentence without a stop at its end; nothing for no steps.

    Examples
    --------
    >>> way = (Step("start", "朝阳中路", "east", 1234), Step("right", "广场路", "south", 354))
    >>> said(way)
    '沿朝阳中路向东 1.2 公里，右转进入广场路向南 350 米'
    >>> said(way, "en")
    'Along 朝阳中路 east 1.2 km, turn right into 广场路 south 350 m'
    >>> said(())
    ''
    """
    text = _word("stop", lang).join(_step(step, lang) for step in steps)
    return text[:1].upper() + text[1:]


def distance(metres: int, lang: Lang = "zh") -> str:
    """Say a distance as people do: tens of metres, from 1 km on tenths of a kilometre, from 10 km on whole ones.

    Examples
    --------
    >>> distance(1234), distance(354), distance(996), distance(3), distance(12_345, "en")
    ('1.2 公里', '350 米', '1.0 公里', '10 米', '12 km')
    """
    metre, kilometre = ("米", "公里") if lang == "zh" else ("m", "km")
    tens = max(10, (metres + 5) // 10 * 10)
    if tens < METRES_A_KILOMETRE:
        return f"{tens} {metre}"
    if metres >= WHOLE_KILOMETRES_FROM_M:
        return f"{(metres + METRES_A_KILOMETRE // 2) // METRES_A_KILOMETRE} {kilometre}"
    tenths = (metres + 50) // 100
    return f"{tenths // 10}.{tenths % 10} {kilometre}"


def _step(step: Step, lang: Lang) -> str:
    return _word(_form(step), lang).format(
        turn=_word(step.turn, lang),
        street=step.street or label("unnamed", lang),
        heading=_word(step.heading, lang),
        far=distance(step.length_m, lang),
        exit=step.exit_number,
    )


def _form(step: Step) -> str:
    if step.exit_number:
        return "exit_on" if step.same else "exit_into"
    if step.roundabout:
        return "round_on" if step.same else "round_into"
    if step.turn == "start":
        return "first"
    if step.same:
        return "on" if step.turn == "straight" else "same"
    return "into"


def _word(word: str, lang: Lang) -> str:
    return _WORDS[word][LANGS.index(lang)]
