"""Every phrase of pictures, plots, sheets and the page, once, in Chinese and English.

Words of the closed lists (kinds, reasons, modes) are `patrolroute.base.text.label`'s; this is everything else.
An English phrase begins with a capital where it stands alone, as a heading or a sentence.
"""

from __future__ import annotations

from patrolroute.base.text import Catalogue
from patrolroute.base.vocabulary import Lang

PHRASES = Catalogue(
    {
        # What an output is
        "plan_title_night": ("夜巡方案", "night patrol plan"),
        "plan_title_day": ("日巡方案", "day patrol plan"),
        "plan_title_visits": ("走访方案", "plan of visits"),
        "map_title_night": ("夜巡方案图", "Night patrol plan"),
        "map_title_day": ("日巡方案图", "Day patrol plan"),
        "map_title_visits": ("走访方案图", "Plan of visits"),
        "sheet_title_night": ("巡逻任务单", "Patrol order sheet"),
        "sheet_title_day": ("日巡任务单", "Patrol order sheet"),
        "sheet_title_visits": ("走访任务单", "Order sheet of visits"),
        "commander_title_night": ("夜巡指挥单", "Commander's sheet"),
        "commander_title_day": ("日巡指挥单", "Commander's sheet"),
        "commander_title_visits": ("走访指挥单", "Commander's sheet"),
        "plot_routes_night": ("夜巡路线图", "Patrol routes"),
        "plot_routes_day": ("日巡路线图", "Patrol routes"),
        "plot_routes_visits": ("走访路线图", "Routes of visits"),
        "plot_gantt": ("各车组时间安排", "What each crew does when"),
        "plot_idleness": ("各路段最长空档", "Longest time without a pass"),
        "plot_sighting": ("各路段见警率", "Chance to see a car"),
        "plot_cells": ("网格见警率", "Sighting probability by cells"),
        "all_night": ("全夜", "all night"),
        "nobody_comes_in": ("无车组进入", "no crew comes in"),
        "no_priority_street": ("无重点路段", "no priority street"),
        "fewer_visits": ("少于 {wanted} 次", "fewer than {wanted} visits"),
        "plot_periods": ("各期巡逻次数", "Visits by period"),
        "visits_wanted": ("要求", "wanted"),
        "visits_told": ("实巡", "made"),
        "visits_not_told": ("已下发未登记", "issued, not told yet"),
        "visits_owed": ("期末欠", "owed by the end"),
        "plot_guessing": ("难猜程度与见警率", "How hard to guess, against what is seen"),
        "guessing_axis": ("车组去向的熵（比特）", "entropy of where a crew is, bits"),
        "seen_axis": ("各晚平均见警率", "sighting probability, mean of nights"),
        "plot_coverage": ("覆盖率随时间的变化", "Coverage against time"),
        "plot_response": ("到场时间分布", "Response curve"),
        "secret": ("内部资料　注意保管", "Sensitive: for duty use, keep safe"),
        "map_data": ("地图数据：{whose}", "Map data: {whose}"),
        "no_font": ("", "No font on this computer writes Chinese: names are in pinyin."),
        "nothing": ("没有可显示的内容", "nothing to show"),
        # The night in figures
        "required_served": (
            "必巡完成 {done}/{all} 项（{made}/{wanted} 次）",
            "{done} of {all} required tasks served ({made} of {wanted} visits)",
        ),
        "nothing_required": ("未设必巡任务", "nothing is required"),
        "promises": (
            "承诺的巡逻空档：{all} 段路中 {kept} 段做到",
            "Promised gaps: kept on {kept} of {all} parts of streets",
        ),
        "promise_broken": (
            "{street}：{begin} 起 {minutes} 分钟无人巡逻（承诺不超过 {most} 分钟）",
            "{street}: nobody for {minutes} min from {begin} ({most} min at most were promised)",
        ),
        "more_promises": ("另有 {number} 条路未做到", "and {number} more streets"),
        "length_covered": ("路段里程覆盖率 {share}", "{share} of street length covered"),
        "seen_by": ("见警率 {share}", "sighting probability {share}"),
        "seen_by_of": (
            "见警率 {share}（必巡和驻点不少的方案至多 {most}）",
            "sighting probability {share} ({most} at most)",
        ),
        "visits_made": ("巡次 {done}/{all}", "{done} of {all} visits made"),
        "stops_served": ("场所 {done}/{all} 处已驻足", "{done} of {all} hotspots fully served"),
        "points_won": ("完成分 {done}/{all}（{share}）", "{done} of {all} points ({share})"),
        "crews_out": ("出车 {out}/{all} 个车组", "{out} of {all} crews out"),
        "driven_with_share": ("行驶 {km} 公里，其中途中 {share}", "{km} km driven, {share} of it deadhead"),
        "driven": ("行驶 {km} 公里", "{km} km driven"),
        "dwelt": ("驻点 {minutes} 分钟", "{minutes} minutes dwelt"),
        "crews_home": ("未出车：{crews}", "Not sent out: {crews}"),
        "closed_night": ("今晚封闭：{names}", "Closed tonight: {names}"),
        "closed_day": ("今日封闭：{names}", "Closed today: {names}"),
        "closed_visits": ("当日封闭：{names}", "Closed that day: {names}"),
        "shut_required": ("其中必巡路段封闭，巡不到：{names}", "Required, but closed: {names}"),
        "closed_all_night": (
            "以下时段的封闭或缓行按全程处理：{hours}",
            "Closed or slow all night, though meant for: {hours}",
        ),
        "promises_kept": ("巡逻间隔承诺 {kept}/{all} 兑现", "{kept} of {all} promised gaps kept"),
        "promises_broken": ("未兑现：{streets}", "broken: {streets}"),
        "few_of": ("{names}等 {n} 条", "{names}, {n} streets in all"),
        "out_all_shift": (
            "全班次都在重点道路上巡逻，不停车备勤",
            "crews are out all shift, and nobody waits for a street",
        ),
        "all_fits": ("任务排得下", "what is asked for fits"),
        "required_fits": ("必巡都已安排", "all that is required is served"),
        "some_short": ("{n} 项未达要求次数", "tasks short of their visits: {n}"),
        "lacks_required": ("必巡缺 {n} 项", "required tasks missed: {n}"),
        "lacks_promises": ("{n} 段路的巡逻空档超过承诺", "promised gaps broken: {n}"),
        "apart": ("，", "; "),
        "stay_home_one": ("1 个车组未出车", "1 crew stays at its depot"),
        "stay_home": ("{n} 个车组未出车", "{n} crews stay at their depots"),
        "home_early_one": ("1 个车组提前收班 {minutes} 分钟", "1 crew is home {minutes} min early"),
        "home_early": (
            "{n} 个车组提前收班共 {minutes} 分钟，最多 {most} 分钟",
            "{n} crews are home early, {minutes} min in all, {most} min at most",
        ),
        "waiting_one": ("1 个车组备勤 {minutes} 分钟", "1 crew waits {minutes} min"),
        "waiting": (
            "{n} 个车组备勤共 {minutes} 分钟，最多 {most} 分钟",
            "{n} crews wait {minutes} min in all, {most} min at most",
        ),
        "goal_points": ("目标：完成任务", "Goal: points"),
        "idle_crews": (
            "未出车 {n} 个车组（共 {all} 个）：{crews}",
            "Not sent out, {n} of {all}: {crews}",
        ),
        "stopped_by_clock": ("到计算时间上限停止", "The search stopped at its time limit"),
        "stopped_by_work": ("到计算步数上限停止", "The search stopped at its limit of work"),
        "stopped_by_hand": ("计算中途被停止", "The search was interrupted"),
        "stopped_by_program": ("计算由程序停止", "The search was stopped by the program that called it"),
        "measure_seen": ("见警率", "the sighting probability"),
        "measure_seen_weighed": ("按重点时段加权的见警率", "the sighting probability, key hours weighed,"),
        "measure_points": ("完成的分值", "the share of the points"),
        "still_rising": (
            "最后 {seconds} 秒{what}提高了 {points} 个百分点，还在提高，延长计算时间多半会更好",
            "in its last {seconds} s {what} rose by {points} points of a per cent: more time probably finds more",
        ),
        "no_longer_rising": (
            "最后 {seconds} 秒{what}没有提高，延长计算时间未必更好",
            "in its last {seconds} s {what} did not rise: more time may find nothing",
        ),
        "a_minute_more": (
            "；照最近的势头估计，再算 1 分钟可再提高约 {points} 个百分点",
            "; as it was going, another minute may bring about {points} points of a per cent more",
        ),
        "all_done": ("所有任务的要求次数均已完成。", "Every wanted visit is made."),
        # What lines and symbols mean
        "legend": ("图例", "Legend"),
        "patrolled_by": ("巡逻路线（着色按车组）", "Patrolled by (colours: crews)"),
        "patrol_route": ("巡逻路线", "patrol route"),
        "approach": ("只经过、不巡逻", "driven only, not patrolled"),
        "priorities": ("重点路段（级别越高越宽、越深）", "Priority streets (higher: wider, darker)"),
        "band": ("重点路段（越宽级别越高）", "priority street (wider: higher)"),
        "level": ("{n} 级", "{n}"),
        "priority_street": ("重点路段 {n} 级", "priority {n} street"),
        "missed_required": ("必巡而一次也未巡", "required, not patrolled at all"),
        "missed_optional": ("一次也未巡（非必巡）", "not patrolled at all (not required)"),
        "missed": ("一次也未巡", "not patrolled"),
        "short": ("巡次不足", "fewer visits than wanted"),
        "never": ("全程无人经过", "nobody passes all night"),
        "road": ("其他道路", "other streets"),
        "tunnel": ("隧道", "tunnel"),
        "depot_start_end": ("集结点（出发、返回）", "depot (start and end)"),
        "hotspots": ("治安复杂场所", "Hotspots"),
        "hotspots_required": ("治安复杂场所（★ 必巡）", "Hotspots (★ required)"),
        "stop_done": ("黑：已驻足", "black: fully served"),
        "stop_short": ("黄：次数不足", "yellow: too few visits"),
        "stop_missed": ("红框：未驻", "red edge: not served"),
        "served": ("已驻", "served"),
        "not_served": ("未驻", "not served"),
        "trail": ("最近 5 分钟", "last 5 minutes"),
        "arrow": ("箭头：行驶方向；数字：任务单上的序号", "arrows: direction; numbers: items of the order sheet"),
        "arrow_when": ("（选中不超过 {n} 个车组时显示）", " (with at most {n} crews shown)"),
        "crew_maps": (
            "各车组路线（实线巡逻，虚线途中，圆点驻点，场1、场2 等见上表）",
            "Crew by crew (solid: patrol, dashed: deadhead, dots: dwells, P1, P2, … as above)",
        ),
        "crew_maps_with_breaks": (
            "各车组路线（实线巡逻，虚线途中，方块休息，圆点驻点，场1、场2 等见上表）",
            "Crew by crew (solid: patrol, dashed: deadhead, squares: breaks, dots: dwells, P1, P2, … as above)",
        ),
        "sheet_map": (
            "实线巡逻，虚线行驶，数字为序号，方块集结点；上北。",
            "Solid: patrol; dashed: driving; numbers: lines of the sheet; square: depot. North is up.",
        ),
        "north": ("北", "N"),
        "km": ("公里", "km"),
        # Places
        "junction": ("{one}与{two}路口", "{one} and {two}"),
        "near_junction": ("{one}与{two}路口附近", "near {one} and {two}"),
        "sections": ("{n} 段", "{n} sections"),
        "one_section": ("其中一段", "one of them"),
        "street_end": ("路尽头", "the street's end"),
        "near": ("{name}附近", "near {name}"),
        "from_to": ("{a} → {b}", "{a} → {b}"),
        "same_place": ("集结点", "the muster place"),
        # Names that a font cannot write, and what is left off
        "crew_n": ("车组 {n}", "crew {n}"),
        "hotspot_mark": ("场{n}", "P{n}"),
        "hotspots_more": ("……另有 {n} 处", "… and {n} more"),
        "crews_more": ("……另有 {n} 个车组", "… and {n} more crews"),
        "left_more": ("另有 {more} 条路段或场所，见 left_out.csv。", "{more} more streets or places in left_out.csv."),
        # A crew's night
        "crews": ("车组", "Crews"),
        "crew_head": ("车组", "Crew"),
        "shift": ("班次", "Shift"),
        "shift_line": ("班次", "shift"),
        "break": ("休息", "Break"),
        "muster": ("集结", "Muster"),
        "crew_staff": ("人员车辆", "Staff"),
        "ends": ("收班", "End of shift"),
        "out_from": (
            "{clock} 起退出巡逻，此后没有任务",
            "out of service from {clock}; nothing more to do",
        ),
        "withdrawn": ("退出巡逻：{crews}", "out of service: {crews}"),
        "back_at": ("计划 {clock}、最迟 {last} 到{where}", "planned {clock}, {last} at the latest, at {where}"),
        "totals": (
            "全程 {km} 公里，其中巡逻 {patrol} 公里；驻点 {stops} 处，共 {minutes} 分钟",
            "{km} km in all, {patrol} km of it on patrol; stops: {stops}, {minutes} min together",
        ),
        "at_most": ("{what}不超过 {most}", "{what} {most} at most"),
        "stays": ("原地待命", "stays at its depot"),
        "not_sent_out": ("原地待命，未派出巡逻。", "Stays at its depot; not sent out."),
        "no_crews": ("没有车组出车", "no crew leaves its depot"),
        "km_driven": ("{km} 公里", "{km} km"),
        "dwells_at": ("驻点 {stops}", "dwells {stops}"),
        "break_hours": ("休息 {hours}", "break {hours}"),
        "slow_minutes": ("慢速巡逻约 {minutes} 分", "slow patrol: about {minutes} min"),
        "patrol_far": ("巡逻 {far}", "patrol {far}"),
        "dwell_minutes": ("驻点 {minutes} 分钟", "stand {minutes} min"),
        "meets": ("与 {crews} 会合，{clock} 前到", "meet {crews}, be there by {clock}"),
        "break_minutes": ("休息 {minutes} 分钟", "break {minutes} min"),
        "wait_until": ("备勤 {minutes} 分钟，至 {clock}", "wait {minutes} min, until {clock}"),
        "return": ("返回集结点", "Back to the depot"),
        "visit_n": ("第 {visit} 次", "visit {visit}"),
        "early": ("可早 {minutes} 分", "early ≤{minutes}"),
        "late": ("可晚 {minutes} 分", "late ≤{minutes}"),
        "very_early": ("可早半小时", "early >30"),
        "very_late": ("可晚半小时", "late >30"),
        "not_early": ("不得早", "not early"),
        "not_late": ("不得晚", "not late"),
        "to": ("前往", "There"),
        "along": ("巡逻", "Patrol"),
        "here": ("已在此处", "you are there"),
        # Heads, keys and spaces to fill in on the sheets
        "place_of": ("第 {number} 车组，共 {all} 个", "Crew {number} of {all}"),
        "page": ("第 {page} 页，共 {pages} 页", "Page {page} of {pages}"),
        "night": ("方案", "Night"),
        "number": ("序", "No."),
        "time": ("时间", "Time"),
        "what": ("路段、场所与走法", "Street or stop, and the way"),
        "code": ("高德", "AMap"),
        "key_box": ("□ 到点打卡画勾。", "□ Tick at check-in."),
        "key_leeway": (
            "可早、可晚：比计划早到、晚到这些分钟以内，本行各次巡逻仍计数，其后的驻点、休息和收班仍赶得上。",
            (
                "Early, late: so many minutes off, this line's visits still count, "
                "later stops, breaks and the end are kept."
            ),
        ),
        "key_code": (
            "★ 必巡。码：手机扫码，用高德看本行走法（需要网络）。",
            "★ Required. Code: this way in AMap (needs a network).",
        ),
        "key_sweep": (
            "巡逻各项的时间可前后调整；驻点、休息和收班按时。“可早、可晚”为可早到、晚到的分钟数：晚了少巡几条路，走近路赶上。",
            (
                "Patrols may be some minutes early or late; stops, breaks and the end are kept. "
                "Early, late: by how much; who is late leaves out patrols."
            ),
        ),
        "key_code_stops": (
            "★ 必巡。码：驻点和收班，手机扫码，用高德导航前往（需要网络）。",
            "★ Required. Code: the way to a stop or home in AMap (needs a network).",
        ),
        "set_out": ("实际出发", "Set out at"),
        "came_back": ("实际返回", "Back at"),
        "officer": ("带班民警签名", "Officer in charge"),
        "commander": ("指挥员签名", "Commander"),
        "notes": ("情况记录", "Notes"),
        "all_crews": ("各车组时间表", "All crews against the clock"),
        "measures": ("指标", "Measures"),
        "hours": ("时间", "Hours"),
        "orders": ("项数", "Items"),
        "latest_back": ("最迟返回", "Latest back"),
        "required_missed": ("必巡未完成", "Required and missed"),
        "visits_short": ("未完成要求次数", "Short of the visits wanted"),
        "name": ("名称", "Name"),
        "kind": ("类型", "Kind"),
        "priority": ("优先级", "Priority"),
        "visits": ("次数", "Visits"),
        "reason": ("原因", "Reason"),
        # How often each street is seen
        "streets_seen": (
            "各街见警情况（空档最长的在前，按级别折算）",
            "Streets, the one left alone longest first, times priority",
        ),
        "passes_note": (
            "表中为各时段平均每处巡经次数；最长空档为无警车经过的最长时间。",
            "Figures: how often a spot of the street is passed in each part of the night, on average.",
        ),
        "seen_share": ("见警率", "Seen"),
        "longest_alone": ("最长空档", "Longest alone"),
        "minutes_at": ("{minutes} 分（{hours}）", "{minutes} min ({hours})"),
        "streets_more": ("另有 {more} 条街，见 plan.xlsx。", "{more} more streets in plan.xlsx."),
        "least_seen": (
            "空档最长的 {n} 条街（按级别折算）：",
            "The {n} streets that are left alone longest, times priority:",
        ),
        "street_seen": ("{name}（{priority} 级）见警率 {seen}", "{name} (priority {priority}) is seen {seen}"),
        "nobody_from_to": (
            "{hours} 有 {minutes} 分钟无警车经过{where}",
            "nobody comes {hours}, {minutes} min{where}",
        ),
        "in_brackets": ("（{what}）", " ({what})"),
        "never_seen": (
            "全程无警车经过的路段 {n} 段、{km} 公里：{names}",
            "Sections that nobody passes all night: {n}, {km} km: {names}",
        ),
        "and_more": ("等 {n} 条街", "{n} streets in all"),
        "drives_more": (
            "再巡 {n} 趟，行车约 {minutes} 分钟，空档可不超过半小时",
            "further drives along it until no gap is above half an hour: {n}, {minutes} min",
        ),
        "least_seen_sum": (
            "以上合计行车约 {minutes} 分钟，往返赶路另计：需增派 1 个车组，或从别处抽调",
            "{minutes} min of driving in all, besides the ways there: one more crew, or time taken from other streets",
        ),
        "least_seen_sum_crews": (
            "以上合计行车约 {minutes} 分钟，往返赶路另计：需增派 {n} 个车组，或从别处抽调",
            "{minutes} min of driving in all, besides the ways there: {n} more crews, or time taken from other streets",
        ),
        # Signs between words
        "then": ("；", "; "),
        "comma": ("，", ", "),
        "listed": ("、", ", "),
        "colon": ("：", ": "),
        # Axes and lines of the plots
        "clock_axis": ("时刻（{zone}）", "time ({zone})"),
        "share_axis": ("比例", "share"),
        "idleness_axis": ("最长空档（分钟）", "longest time without a pass (minutes)"),
        "sighting_axis": ("停留 15 分钟见到警车的概率", "chance to see a car within 15 minutes"),
        "response_axis": ("最近车组到场所需时间（分钟）", "time for the nearest crew to arrive (minutes)"),
        "reached_axis": ("可到达的任务（按优先级、全夜平均）", "share of the demand reached"),
        "within": ("{minutes} 分钟内 {share}", "{share} within {minutes} min"),
        "share_required": ("必巡完成率", "required tasks"),
        "share_length": ("里程覆盖率", "streets by length"),
        "share_priority": ("加权覆盖率", "streets by priority and visits"),
        "share_hotspots": ("场所覆盖率", "hotspots"),
        # The page: what can be done
        "play": ("播放", "Play"),
        "pause": ("暂停", "Pause"),
        "speed": ("速度", "Speed"),
        "clock": ("时刻", "Clock"),
        "search": ("查找车组…", "Find a crew…"),
        "all": ("全选", "All"),
        "none": ("全不选", "None"),
        "only": ("只看", "Only"),
        "detail": ("详情", "Details"),
        "left_out": ("未完成", "Left out"),
        "routes": ("全程路线", "Routes of the night"),
        "deadheads": ("途中", "Deadheads"),
        "names": ("路名", "Street names"),
        "fit": ("全图", "Whole map"),
        "larger": ("放大", "Zoom in"),
        "smaller": ("缩小", "Zoom out"),
        "print": ("打印", "Print"),
        "click": (
            "点击道路、场所或车组，查看谁何时到。滚轮缩放，拖动平移。",
            "Click a street, a hotspot or a crew to see who comes when. Scroll to zoom, drag to pan.",
        ),
        "broken": (
            "此浏览器过旧或脚本被禁用，无法显示地图（需 Chromium 90 以上内核）。",
            "This browser is too old or scripts are off: the map needs Chromium 90 or newer.",
        ),
        "tiles_by": ("底图：{host}", "Base map: {host}"),
        # The page: what it tells
        "shown": ("显示 {n}/{all} 个车组", "{n} of {all} crews shown"),
        "no_crew": ("没有符合的车组", "no such crew"),
        "several": ("此处有：", "Here are:"),
        "off_duty": ("未到班或已收班", "off duty"),
        "on_the_way": ("出车时段", "On the road"),
        "visits_of": ("巡次（完成/要求）", "Visits (made/wanted)"),
        "length": ("长度", "Length"),
        "metres": ("{n} 米", "{n} m"),
        "open": ("时段", "Hours"),
        "always": ("全程", "all night"),
        "stops_on": ("停靠道路", "Stops on"),
        "dwell_time": ("驻点时长", "Dwell"),
        "minutes": ("{n} 分钟", "{n} min"),
        "why_short": ("未完成原因", "Why it is short"),
        "who": ("谁何时到", "Who comes when"),
        "itinerary": ("行程安排", "The night"),
        "nobody": ("无人经过", "Nobody comes by"),
        "passing": ("路过", "passing"),
        "longest_gap": ("最长空档", "Longest gap"),
        "positions_at": ("{time} 的位置", "Positions at {time}"),
    }
)


def phrase(key: str, lang: Lang, **values: object) -> str:
    """Return a phrase with its values filled in; without values it keeps its braces, for the page to fill in.

    Parameters
    ----------
    key
        What it is called here.
    lang
        ``zh`` or ``en``.
    **values
        What stands in its braces.

    Examples
    --------
    >>> phrase("crews_out", "zh", out=3, all=4), phrase("minutes", "en")
    ('出车 3/4 个车组', '{n} min')
    """
    return PHRASES.say(key, lang, **values)
