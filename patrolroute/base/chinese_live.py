"""Complaints in Chinese about the night under way: plans made anew, tracks."""

from __future__ import annotations

from collections.abc import Mapping

RULES_OF_LIVE: Mapping[str, str] = {
    "{text} is not NAME=CREW, such as 皖D1234=市局01": "{text} 应写成“名称=车组”，如 皖D1234=市局01",
    "times, longitudes and latitudes must be {least} or more, as many of each, the times ascending": (
        "时间、经度、纬度至少各 {least} 个，个数相同，时间由早到晚"
    ),
    "there is no file of tracks": "没有轨迹文件",
    "holds no file of tracks: {suffixes}": "没有轨迹文件，可用的有 {suffixes}",
    "holds no track of {least} fixes or more": "没有 {least} 个以上定位点的轨迹",
    "is XML, but its first element is {tag}, not gpx": "是 XML，但最外层是 {tag}，不是 gpx",
    "holds a route or places but no track; a track has times": "只有路线或地点，没有带时间的轨迹",
    "point {number} has no lon and lat that are numbers": "第 {number} 点的经纬度不是数字",
    "time {text} cannot be read; without times a track says nothing of the night": (
        "时间 {text} 认不出；没有时间就无法对照"
    ),
    "has no time; without times a track says nothing of the night": "没有时间；没有时间就无法对照",
    "time {text} cannot be read; write it as 2026-05-08 20:30:05": "时间 {text} 认不出，请写成 2026-05-08 20:30:05",
    "{text} is not a longitude and a latitude in degrees": "{text} 不是以度为单位的经纬度",
    "{rule} (and so are {number} more rows)": "{rule_rule}（另有 {number} 行同样）",
    "holds no track of {least} fixes or more at different times": "没有 {least} 个以上不同时刻的定位点",
    "is a zip archive of other files; unpack it first": "是压缩包，请先解压",
    "column {title} stands twice; leave one of them": "“{title}”列出现了两次，请只留一列",
    "is JSON, but no GeoJSON with features": "是 JSON，但不是带要素的 GeoJSON",
    "is no point or line of a track": "不是轨迹的点或线",
    "has {points} points and {times} times; each point needs its time": "有 {points} 个点、{times} 个时间，应一一对应",
    "late_min {value} is not a number of minutes above 0": "late_min {value} 应为大于 0 的分钟数",
    "there is no track": "没有轨迹",
    "no track is of a crew and the night of the plan; the tracks are of {names} from {begin}, the crews are {crews} "
    "from {start}": (
        "没有一条轨迹属于方案中的车组和当晚；轨迹为 {names}（{begin} 起），方案中的车组为 {crews}（{start} 起）"
    ),
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
    "heading {value} is not a number of degrees from 0 to 360": "航向 {value} 应为 0 至 360 度",
    "it is given twice; give one position for each crew": "该车组的位置写了两处，请只写一处",
    "{text} is no track; name crews, or give tracks": "{text} 不是轨迹；请写明车组，或给出轨迹",
    "its shift begins {start}, after {clock}": "{start} 才出发，晚于 {clock}",
    "its track begins {start}, after {clock}": "轨迹从 {start} 开始，晚于 {clock}",
    "its last fix is of {moment}, more than {minutes} minutes before {clock}": (
        "最后一个定位点是 {moment}，比 {clock} 早 {minutes} 分钟以上"
    ),
    "{text} is neither a longitude and a latitude, a Position nor a track": (
        "{text} 既不是经纬度，也不是 Position 或轨迹"
    ),
    "no open way leads there": "无路可到",
    "no street is near": "附近没有道路",
    "it has a lock of {word} already; give one lock for each crew": "该车组已锁定 {word}，每个车组只能锁一种",
    "the crew is called away, so that its rest cannot stay as it is": "该车组要出警，余下路线不能照旧",
    "it cannot do leg by leg what was planned from {clock} on; roads, hours or its position are other than planned": (
        "{clock} 起不能照原路线走：道路、时间或位置已有变化"
    ),
    "crew {name} is given twice; give one position for each crew": "车组 {name} 的位置写了两处，请只写一处",
    "costs {value} is not a whole number between {low} and {high}": (
        "算代价的车组数 {value} 应为 {low} 到 {high} 的整数"
    ),
    "{option} says two things of {name}: {one} and {other}": "{option} 对 {name} 说法不一：{one} 和 {other}",
    "most_changed {value} is neither a share from 0 to below 1 nor a whole number of tasks": (
        "most_changed {value} 既不是 0 至 1 以下的比例，也不是整数的任务数"
    ),
    "until {until} is not after {clock}": "离开时间 {until} 应晚于 {clock}",
    "goal {text} is not one of points, presence": "goal {text} 应为 points 或 presence",
    "goal points: {visits} visits of '{name}' with a headway of {minutes} min have no room in the night": (
        "按任务完成量重排：“{name}”巡 {visits} 次、间隔 {minutes} 分钟，当晚排不下"
    ),
}
"""Whole sentences by their English wording."""

PARTS_OF_LIVE: Mapping[str, str] = {
    "track of {name}": "{name} 的轨迹",
    "tracks": "轨迹",
    "review": "实巡对照",
    "track {number}": "第 {number} 条轨迹",
    "point {number}": "第 {number} 点",
    "replan": "重新安排",
    "call of crew '{crew}'": "车组“{crew}”出警",
    "position of crew '{crew}'": "车组“{crew}”的位置",
    "lock of rest of crew '{crew}'": "车组“{crew}”锁定余下路线",
    "lock of order of crew '{crew}'": "车组“{crew}”锁定顺序",
    "lock of tasks of crew '{crew}'": "车组“{crew}”锁定任务",
    "positions": "位置",
    "position": "位置",
    "dispatch": "调度",
    "out_of_service": "退出车组",
    "slow": "限速",
    "end": "收班",
}
"""What stands before them, each with a colon, and pieces of them."""
