"""Complaints in Chinese about the half months: calendars, records, draws."""

from __future__ import annotations

from collections.abc import Mapping

RULES_OF_CAMPAIGN: Mapping[str, str] = {
    # The file
    "give exactly one of date, or first and last": "date 与 first、last 只写一样，first 和 last 要一起写",
    "last {last} is not on or after first {first}": "最后一天 {last} 早于第一天 {first}",
    "a campaign of {days} days; at most {most} are laid out": "共 {days} 天，最多排 {most} 天",
    "write weekdays as 周五至周日 or Fri-Sun, not {text}": "星期应写成 周五至周日 这样，而不是 {text}",
    "asks for nothing: give each_period or in_all": "没有要求次数，请写 each_period 或 in_all",
    "a campaign's file ends in .toml, .json or .xlsx": "行动文件的扩展名应为 .toml、.json 或 .xlsx",
    "a campaign's file ends in .toml, .json or .xlsx, not {form}": (
        "行动文件的扩展名应为 .toml、.json 或 .xlsx，而不是 {form}"
    ),
    "the workbook holds a campaign of many nights; `patrolroute campaign` takes it": (
        "这是半月行动的工作簿，请用 patrolroute campaign 的各项命令"
    ),
    "the workbook has none of the sheets of a campaign; `patrolroute campaign new` writes one": (
        "工作簿中没有半月行动的表；可用 patrolroute campaign new --workbook 生成"
    ),
    "the workbook has no sheet {name}; `patrolroute campaign new` writes one": (
        "工作簿中没有“{name}”表；可用 patrolroute campaign new --workbook 生成"
    ),
    "no theme is called {name}; did you mean {near}?; themes stand in the sheet {sheet}": (
        "没有主题 {name}，是否为 {near}？主题写在“{sheet}”表中"
    ),
    "no theme is called {name}; there are {names}; themes stand in the sheet {sheet}": (
        "没有主题 {name}，已有 {names}；主题写在“{sheet}”表中"
    ),
    "no theme is called {name}; themes stand in the sheet {sheet}": "没有主题 {name}；主题写在“{sheet}”表中",
    "names no theme; themes stand in the sheet {sheet}": "没有写是哪个主题；主题写在“{sheet}”表中",
    "says from when to when; leave the other cells out": "这一格已写明起止，“从”“到”两格请空着",
    "the base night is in a file; empty the sheets of a night in this workbook, or this cell": (
        "常规夜另有文件：请清空本工作簿中“基本”等各表，或清空这一格"
    ),
    "{part} is not a name with a number, such as 市局 3": "{part} 应写成名称加数量，如 市局 3",
    "the name {name} is written twice": "{name} 写了两次",
    "there are several files of a campaign here: {names}; name the one that counts, or move all others away": (
        "这个文件夹里有几个行动文件：{names}；请写明用哪一个，或移走其余的"
    ),
    "holds a campaign, not a report; write the report into another folder": (
        "是行动的工作簿，不是简报；请换一个输出文件夹"
    ),
    "theme {name} is used twice; give each its own name": "主题 {name} 重名，请各用各的名称",
    "night {date} is used twice; keep one of them": "{date} 写了两次，请只留一项",
    "at least {least} and at most {most} nights contradict one another": "至少 {least} 晚与最多 {most} 晚相矛盾",
    "date {date} is not between {first} and {last}": "日期 {date} 不在 {first} 至 {last} 之内",
    "no {thing} is called {name}; did you mean {near}?": "没有 {name}，是否为 {near}？",
    "no {thing} is called {name}; there are {names}": "没有 {name}，已有 {names}",
    "crews {number} a night are more than the {there} of the base night": (
        "每晚 {number} 个车组，超过常规一晚的 {there} 个"
    ),
    "nobody goes out: the theme names no crew of its night": "没有车组出勤：主题所写的车组都不在当晚车组之中",
    "shift {clock} begins before the earliest hour {earliest}": "班次 {clock} 开始，早于最早时间 {earliest}",
    "shift ends at {clock}, after the latest hour {latest}": "班次 {clock} 结束，晚于最晚时间 {latest}",
    "country {country} is not one whose holidays are known; give an ISO code such as CN, or none": (
        "不认识国家代码 {country}，请写 CN 这样的代码，或留空"
    ),
    "no night asks for {name}, neither the base night nor a theme; did you mean {near}?": (
        "常规和各主题的夜晚都没有安排“{name}”，是否为 {near}？"
    ),
    "no night asks for {name}, neither the base night nor a theme": "常规和各主题的夜晚都没有安排“{name}”",
    # The calendar
    "crews: the most nights that duties allow are too few for the crews that go out each night": (
        "车组：各车组最多晚数合起来，不够每晚出勤"
    ),
    "calendar: no calendar was found within the limits of the search": "日历：在限定的计算量内没有排出来",
    # The folder and its record
    "there is neither {name} nor {other} in this folder, nor a workbook; `patrolroute campaign new` writes one": (
        "这个文件夹里没有 {name}、{other}，也没有行动工作簿；可用 patrolroute campaign new 生成"
    ),
    "cannot be read; if it is open in Excel or WPS, save and close it there": (
        "无法读取；如果正在 Excel 或 WPS 中打开，请先保存并关闭"
    ),
    "cannot be written; if it is open in Excel or WPS, close it there": (
        "无法写入；如果正在 Excel 或 WPS 中打开，请先关闭"
    ),
    "line {number} does not follow the one before; the record was changed": "第 {number} 行与前一行接不上，记录被改过",
    "line {number} is not as it was written; the record was changed": "第 {number} 行与写入时不同，记录被改过",
    "line {number} is no line of a record": "第 {number} 行不是记录的内容",
    "another program writes this campaign; let it end first": "另一程序正在写入，请等它结束",
    "event {number} ({kind}) cannot come here": "第 {number} 条（{kind}）不应出现在这里",
    "the night of {date} is issued twice": "{date} 下发了两次",
    "there is no night of {date} of which something could be told": "没有 {date} 这一晚可登记",
    "is a night that the record does not know, of another time; move it away": "是记录中没有的一晚，请移走",
    "is not what was written; restore it, or move its folder away": "内容与写入时不同，请恢复原文件或移走该文件夹",
    "holds no secret: hexadecimal digits on one line": "不是密钥：应为一行十六进制数字",
    "there is no secret to draw by": "没有密钥，无法抽签",
    "there is no secret to tell": "没有密钥可公布",
    "no night is left to issue until {last}": "至 {last} 不再有待下发的夜晚",
    "no night was issued so far": "还没有下发过",
    "no night of {date} was issued; there are {dates}": "{date} 没有下发过；已下发的有 {dates}",
    "is there already and holds something; give the name of a new folder": "已存在且不是空的，请另取文件夹名",
    # What was driven
    "is of the night of {date}, not of that of {night}": "是 {date} 的表，不是 {night} 的",
    "is missing; nights are drawn by the secret that the record commits to": (
        "密钥文件不见了，请找回：抽签靠它，摘要已经公布"
    ),
    "is not the secret that the record commits to; restore it": "与已公布的摘要不符，请恢复原来的密钥文件",
    "tells of {date}, not of the night of {night}": "是 {date} 的方案，不是 {night} 的",
    "has no task of the night of {date}": "没有 {date} 的任务",
    "is not the plan that was issued for {date}; the file was changed": "不是 {date} 下发的方案，文件被改过",
    "there is no order {number} of crew {crew} in the plan": "方案中车组 {crew} 没有第 {number} 项",
    "order {number} of crew {crew} is listed twice": "车组 {crew} 第 {number} 项列了两次",
    "{column} {text} is neither yes, no nor partly": "{column} {text} 应填 是、否 或 部分",
    "'{date}' is no date": "“{date}”不是日期",
    "{name} {value} is less than {least}": "{name} {value} 小于 {least}",
    "minutes is {minutes}; it must be 1 to {most}": "minutes 为 {minutes}，应为 1 至 {most}",
    "step_s is {step_s}; it must be 1 to {most}": "step_s 为 {step_s}，应为 1 至 {most}",
    "the master programme was not solved: {cause}": "各方案概率求解失败：{cause}",
    "give at least {number} bytes": "至少要有 {number} 个字节",
    "the chances sum to {total} parts per million, not to {whole}": "各方案的概率合计为百万分之 {total}，应为 {whole}",
    "chance {chance} is no whole number from 0": "概率 {chance} 应为不小于 0 的整数",
    "there is no plan {number}; there are {count}, counted from 0": "没有方案 {number}；共 {count} 个，从 0 编起",
    "plan {number} has {routes} routes for {crews} crews": "方案 {number} 有 {routes} 条路线，车组却有 {crews} 个",
    "plan {number} visits a task that is not in its list of {tasks}": "方案 {number} 中有任务不在所列的 {tasks} 项之内",
    "its streets have chances for different numbers of steps": "各路段概率的时段数不一致",
    "no window of {minutes} minutes of any street lies in the night": "当晚任何路段都容不下 {minutes} 分钟的时段",
    "priority {priority} is wanted {weight}; it must be above 0": "级别 {priority} 的权重 {weight} 应大于 0",
    "the night has no streets": "当晚没有路段",
    "crew {one} cannot drive the route of {two}; they are not alike": "车组 {one} 不能走 {two} 的路线：两组条件不同",
    "two crews would drive the route of {name}": "有两个车组要走车组 {name} 的路线",
    "there are {nights} nights; it takes at least {least}": "只有 {nights} 晚，至少要 {least} 晚",
}
"""Whole sentences by their English wording."""

PARTS_OF_CAMPAIGN: Mapping[str, str] = {
    "record": "记录",
    "guessing": "难猜程度",
    "secret": "密钥",
    "draw": "抽签",
    "mix": "混合方案",
    "mixture": "混合方案",
    "order of crews": "车组次序",
}
"""What stands before them, each with a colon, and pieces of them."""
