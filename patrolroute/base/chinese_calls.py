"""Complaints in Chinese about what a program gives that calls the library; see `base.chinese`."""

from __future__ import annotations

from collections.abc import Mapping

RULES_OF_CALLS: Mapping[str, str] = {
    # Lists, texts, shapes
    "{what} is one text; give a list of {wanted}": "{what} 是一段文字，应为列表",
    "{what} is one text; give a set of {wanted}": "{what} 是一段文字，应为集合",
    "{what} is not a set of {wanted}": "{what} 应为集合",
    "{what} is not a list of windows": "{what} 应为时段的列表",
    "{what} is not a list; give one for each segment": "{what} 应为列表，每段一个",
    "{what} is not a list; write {list}": "{what} 应为列表，请写成 {list}",
    "{what} is not a list": "{what} 应为列表",
    "{what} is a {type}; give a list": "{what} 是 {type}，应为列表",
    "{word} is a {type}, not KeyHours": "{word} 是 {type}，应为 KeyHours",
    "{what} is neither a file nor a shapely geometry": "{what} 应为文件或 shapely 图形",
    "{what} is not a shapely geometry": "{what} 应为 shapely 图形",
    "{what} is not a shapely Polygon": "{what} 应为 shapely 的 Polygon",
    "name {name} of the {place} is not a text": "{place} 的名称 {name} 应为文字",
    "{what} is not a text": "{what} 应为文字",
    "{what} is not a whole number from {low} to {high}": "{what} 应为 {low} 到 {high} 的整数",
    "{what} is not a whole number from {low}": "{what} 应为不小于 {low} 的整数",
    "{what} is not a whole number": "{what} 应为整数",
    "turns {value}: give TurnCosts, 'usual', or None": "turns {value} 应为 TurnCosts、'usual' 或 None",
    "{what} is neither True nor False": "{what} 应为 True 或 False",
    "{what} is neither a {one} nor a {other}": "{what} 应为 {one} 或 {other}",
    "{what} is neither {one} nor {other}": "{what} 应为 {one} 或 {other}",
    "{what} is no {one}, {other} or {third}": "{what} 应为 {one}、{other} 或 {third}",
    "{what} is not a {class}; {makers} make one": "{what} 应为 {class}，可由 {makers} 得到",
    "is of type {type}, not a networkx MultiDiGraph or DiGraph": (
        "类型是 {type}，应为 networkx 的 MultiDiGraph 或 DiGraph"
    ),
    # Times
    "window {name} {clock}: give a datetime.time, or use ClockWindow.parse": (
        "时段的 {name} {clock} 应为 datetime.time，或用 ClockWindow.parse"
    ),
    "window {name} {moment}: give a datetime.datetime": "时段的 {name} {moment} 应为 datetime.datetime",
    "shift {word} {moment} is not a datetime; Crew.fleet and shift take clock times": (
        "班次的 {word} {moment} 应为 datetime；钟点请用 Crew.fleet"
    ),
    "shift {word} {moment} has no offset; give an aware datetime": "班次的 {word} {moment} 缺时差",
    "{begin} is not before {end}": "{begin} 应早于 {end}",
    # Streets
    "has no id": "没有编号",
    "has no segment": "没有路段",
    "has {number} directions, not one or two": "有 {number} 个方向，应为一个或两个",
    "a direction has no arc": "有一个方向没有路段",
    "arc {arc} ends where arc {other} does not begin; a direction is driven unbroken": (
        "路段 {arc} 的终点不是 {other} 的起点，一个方向应连续"
    ),
    "{prizes} prizes for {segments} segments; give one for each": "{segments} 段给了 {prizes} 个分值，应每段一个",
    "arc {arc} is not on the network; choose it on the network of the problem": (
        "路网中没有路段 {arc}，请在同一路网上选"
    ),
    "speed factor {factor} is not a number above 0": "速度系数 {factor} 应大于 0",
    "speed factor {factor} makes an arc take {seconds} s, more than twelve days": (
        "速度系数 {factor} 使一段路要 {seconds} 秒，超过十二天"
    ),
    "no way leads from node {first} to node {last}": "从节点 {first} 到 {last} 无路可走",
    # Nights
    "the network given for mode {mode} is one for {other}": "按 {mode} 给出的路网是 {other} 的",
    "{word} {value} is not above 0 and at most {most}": "{word} {value} 应大于 0 且不超过 {most}",
    "{word} {value} is not above 0": "{word} {value} 应大于 0",
    "{routes} routes for {crews} crews": "{crews} 个车组却有 {routes} 条路线",
    "{breaks} breaks for {crews} crews; None stands for no break": "{crews} 个车组却有 {breaks} 次休息；不休息写 None",
    "there is no {thing} {number}; there are {count}, counted from 0": (
        "没有第 {number} 个 {thing}，共 {count} 个，从 0 数起"
    ),
    "task {task} has no {thing} {number}; it has {count}, counted from 0": (
        "任务 {task} 没有第 {number} 个 {thing}，共 {count} 个，从 0 数起"
    ),
    "crew {name} cannot take its break after {before} visits; it makes {visits}": (
        "车组 {name} 只有 {visits} 次巡逻，不能在第 {before} 次后休息"
    ),
    "no {thing} is chosen; at least one is needed": "没有选 {thing}，至少要一个",
    "no crew's id is or begins with {names}": "没有编号为或始于 {names} 的车组",
    "first shift to last end is {hours} hours, longer than one night of {most}; plan each night by itself": (
        "从最早上班到最晚下班有 {hours} 小时，超过一晚的 {most} 小时；请分夜编排"
    ),
    # Nights of numbers
    "cost has shape {cost}, seconds has {seconds}": "cost 的形状 {cost} 与 seconds 的 {seconds} 不同",
    "{word} has shape {shape}; it must be square": "{word} 的形状是 {shape}，应为方阵",
    "{word} has rows of different lengths; it must be square": "{word} 各行长短不一，应为方阵",
    "ways {value} are not a list of ways, each with the numbers entry, leave, service": (
        "ways {value} 应为列表，每项依次为进入行、离开行、服务秒数"
    ),
    "windows {value} are not a list of spans, each with the numbers first, last": (
        "windows {value} 应为列表，每项依次为起、止秒数"
    ),
    "{word} holds {type}; it must hold whole numbers": "{word} 的元素是 {type}，应为整数",
    "{word} goes from {low} to {high}; 0 to {most} is allowed": "{word} 的值从 {low} 到 {high}，应在 0 到 {most} 之间",
    "there is no task": "没有任务",
    "there is no way to serve it": "没有完成它的办法",
    "prize {prize} and load {load} must be at least 0": "分值 {prize} 和载荷 {load} 不应小于 0",
    "rows {first} and {last} are not both from 0 to {most}": "行号 {first} 和 {last} 应在 0 到 {most} 之间",
    "a shift from {begin} to {end} s is not within 0 to {most}": "班次 {begin} 至 {end} 秒应在 0 到 {most} 之间",
    "capacity {capacity} is below 0": "载荷上限 {capacity} 不应小于 0",
    "range of {metres} m: a night without a map knows no metres": "续航 {metres} 米：没有地图的一夜不计里程",
    "kind {kind} is not 0; all crews of a table are of one class": "类别 {kind} 应为 0，一张表的车组同属一类",
    "a break of {seconds} s is not at least 1 s": "休息 {seconds} 秒应至少 1 秒",
    "its break may start at no time": "它的休息没有可开始的时间",
    "a break of {seconds} s finds no room in the shift from {begin} to {end} s": (
        "班次 {begin} 至 {end} 秒放不下 {seconds} 秒的休息"
    ),
    "service of {seconds} s is not from 0 to {most}": "用时 {seconds} 秒应在 0 到 {most} 之间",
    "the {word} from {first} to {last} ends before it begins": "{first} 至 {last} 的 {word} 止早于起",
    "the {word} from {first} on does not come after the one before": "自 {first} 起的 {word} 不在前一个之后",
    "goal 'presence' asks for streets to be seen; a night without a map has none": (
        "presence 要看见街道，没有地图的夜晚没有街道"
    ),
    "goal 'presence' needs a PatrolProblem; numbers alone have no streets": (
        "目标 presence 需要 PatrolProblem，单有数字没有街道"
    ),
    "{name} is {number}; it must be at least 0, or None for any": "{name} 是 {number}，应不小于 0，或写 None",
    # Searches and studies
    "search parameter {name}: {value} is not a whole number from {low} to {high}": (
        "搜索参数 {name}：{value} 应为 {low} 到 {high} 的整数"
    ),
    "callback {value} cannot be called": "callback {value} 不是可调用的函数",
    "callback {name} is async, so that nobody would wait for its answer; give a plain function": (
        "callback {name} 是 async 函数，没有人会等它的答复；请给普通函数"
    ),
    "{name} {value} is not at least {least}": "{name} {value} 不应小于 {least}",
    "{name} {value} is more than {most}": "{name} {value} 不应大于 {most}",
    "a task that neither plan knows cannot be compared": "两个方案都没有的任务无法比较",
    "none of its {number} {thing} is in this night; a start shares crews and tasks with it": (
        "它的 {number} 个 {thing} 都不在当晚；作为起点的方案应与当晚有相同的车组和任务"
    ),
    "{crews} crews and {minutes} min: not among the variants": "试算中没有 {crews} 个车组、{minutes} 分钟这一项",
    "plan.explore() needs {names}: pip install {package}": "plan.explore() 需要 {names}：pip install {package}",
    # Tables of turns
    "turns: before, after and seconds must have one entry for each turn": (
        "turns：before、after、seconds 应各有每个转弯一项"
    ),
    "turns: an arc index is outside 0 to {most}": "turns：路段序号超出 0 到 {most}",
    "turns: an arc does not begin where the one before it ends": "turns：路段的起点不是前一段的终点",
    "turns: they must be sorted by arc before and arc after, each once": "turns：应按前段、后段排序，各一次",
    "turns: seconds must be 1 to {most}, or {barred} for a forbidden turn": (
        "turns：秒数应为 1 到 {most}，禁止的转弯写 {barred}"
    ),
    "turns: a U-turn at a stop takes {seconds} s; 0 to {most} is allowed": (
        "turns：停靠处掉头 {seconds} 秒，应在 0 到 {most} 之间"
    ),
    "turns: a chain has fewer than three arcs, or its arcs do not follow one another": (
        "turns：连续路段不足三段，或互不相接"
    ),
    "there is no option {name}; did you mean {near}?": "没有选项 {name}，是否为 {near}？",
    "there is no option {name}": "没有选项 {name}",
    "{name} is not given": "缺少 {name}",
    "takes {most} things by their place, not {number}": "按位置最多给 {most} 项，而不是 {number} 项",
    # A value of another type, or a word that is none of a list
    "{what} is not one of {known}": "{what} 应为 {known} 之一",
    "start is a {type}, not a plan or a solution": "start 是 {type}，应为方案或解（Solution）",
    "{what} is a {type}, neither a {one} nor a {other}": "{what} 是 {type}，应为 {one} 或 {other}",
    "{what} is not a {class}": "{what} 应为 {class}",
    "{what} is a {type}, not {wanted}": "{what} 是 {type}，应为{rule_wanted}",
    "{what} is an {type}, not {wanted}": "{what} 是 {type}，应为{rule_wanted}",
}
"""Taken last of all: what stands at the end fits much."""

PARTS_OF_CALLS: Mapping[str, str] = {
    "a whole number": "整数",
    "a number": "数字",
    "a text": "文字",
    "True or False": "True 或 False",
    "a list": "列表",
    "a function": "函数",
    "a date": "日期",
    "{one} or {other}": "{rule_one}或{rule_other}",
    "a list of {number}": "{number} 项的列表",
    "a dict": "字典",
    "a datetime": "datetime 时刻",
    "a {name}": "{name} 对象",
    "an {name}": "{name} 对象",
}
"""What a value should be."""
