"""What a diagnosis, a comparison and a what-if say to people, in Chinese and English."""

from __future__ import annotations

from patrolroute.base.text import Catalogue

DIAGNOSIS = Catalogue(
    {
        # How grave it is, and how many there are
        "level_error": ("错误", "error"),
        "level_warning": ("警告", "warning"),
        "level_note": ("提示", "note"),
        "error": ("{number} 个错误", "{number} error"),
        "errors": ("{number} 个错误", "{number} errors"),
        "warning": ("{number} 个警告", "{number} warning"),
        "warnings": ("{number} 个警告", "{number} warnings"),
        # What was found
        "cut_off": (
            "路段“{street}”有 {metres} 米开不进或开不出{on_map}",
            "street {street!r}: {metres} m of it cannot be reached and left again{on_map}",
        ),
        "more_cut_off": (
            "另有 {number} 条路段，部分开不进或开不出{on_map}",
            "{number} more streets have parts that cannot be reached and left again{on_map}",
        ),
        "on_map": ("（{mode}路网）", " on the {mode} network"),
        "far": (
            "场所“{name}”离最近的道路 {metres:.0f} 米",
            "hotspot {name!r}: lies {metres:.0f} m from the nearest street",
        ),
        "more_far": (
            "另有 {number} 处场所离道路超过 {metres:.0f} 米",
            "{number} more hotspots lie over {metres:.0f} m from a street",
        ),
        "datum": (
            "{number} 处场所偏离道路，像是{datum}坐标",
            "hotspots: {number} points lie beside the streets as if they were {datum}",
        ),
        "file_datum": (
            "{file}：{number} 个点按 {crs} 读入，偏离道路，像是{datum}坐标",
            "{file}: its {number} points, read as {crs}, lie beside the streets as if they were {datum}",
        ),
        "wgs84": ("GPS（WGS-84）", "of a GPS (WGS-84)"),
        "gcj02": ("高德（GCJ-02）", "coordinates of AMap (GCJ-02)"),
        "bd09": ("百度（BD-09）", "coordinates of Baidu (BD-09)"),
        "other_zone": (
            "车组“{crew}”的班次按其时区 {own} 开始，即 {zone} 时间 {here}；营业时段和方案都按 {zone} 时间",
            (
                "crew {crew!r}: its shift starts {own} by its own clock, {here} in {zone}, by which opening hours are "
                "read and plans are written"
            ),
        ),
        "zone_remedy": (
            "请写明当晚的时区，或按该时区填写班次",
            "name the time zone of the night, or give the shift in it",
        ),
        "break_remedy": ("请改休息时段，或缩短休息", "give the crew's break other hours, or make it shorter"),
        "barrier": (
            "车组“{crew}”的集结点：{near:.0f} 米内的道路大多要开 {metres} 米才到，可能误放在河流、铁路或围墙的另一侧",
            (
                "depot of crew {crew!r}: most streets within {near:.0f} m are {metres} m away by road; it may have "
                "been put on the wrong side of a river, railway or wall"
            ),
        ),
        "hopeless_street": (
            "路段“{name}”：{must}没有车组能去（{why}）",
            "street {name!r}: {must}no crew can serve it: {why}",
        ),
        "hopeless_hotspot": (
            "场所“{name}”：{must}没有车组能去（{why}）",
            "hotspot {name!r}: {must}no crew can serve it: {why}",
        ),
        "more_hopeless": (
            "另有 {number} 项任务：{must}没有车组能去（{why}）",
            "{number} more tasks: {must}{why}",
        ),
        "must": ("必巡，但", "required, and "),
        "too_much": (
            "必巡任务各巡一次要 {needed} 分钟，{crews} {given} 分钟：超出 {over} 分钟，路上用时未计",
            (
                "required tasks: serving them once takes {needed} min, of the {given} min that {crews}: {over} min too "
                "much, driving not counted"
            ),
        ),
        "tight": (
            "必巡任务各巡一次要 {needed} 分钟，{crews} {given} 分钟：留给路上的只有 {left} 分钟",
            (
                "required tasks: serving them once takes {needed} min, of the {given} min that {crews}; {left} min are "
                "left for driving"
            ),
        ),
        "promise": (
            "路段“{name}”：承诺巡逻空档不超过 {most} 分钟，而最近的车组赶到或收班前离开，空档至少 {least} 分钟",
            (
                "street {name!r}: a gap of {most} min at most is promised, but whoever drives there and home again "
                "leaves one of {least} min at least"
            ),
        ),
        "more_promises": (
            "另有 {number} 段路，承诺的巡逻空档办不到",
            "{number} more streets have promised gaps that nobody can keep",
        ),
        "too_promised": (
            "按承诺的巡逻空档，仅沿路行驶就要 {needed} 分钟，{crews} {given} 分钟",
            (
                "promised gaps: driving along their streets often enough takes {needed} min, of the {given} min that "
                "{crews}"
            ),
        ),
        "no_own_street": (
            "就近巡逻：车组“{crew}”的就近范围内没有重点路段，每趟巡逻都算出范围",
            "near home: crew {crew!r} has no wanted street in its own part, so that every pass of it is away",
        ),
        "more_no_own_street": (
            "就近巡逻：另有 {number} 个车组的就近范围内没有重点路段",
            "near home: {number} more crews have no wanted street in their own part",
        ),
        "nobodys": (
            "就近巡逻：{whole} 段重点路段中有 {number} 段不在任何车组的就近范围内，会巡得较少",
            "near home: of {whole} wanted streets {number} lie in no crew's own part and will be passed less",
        ),
        "near_home_remedy": (
            "请放宽就近范围（near_home.metres），降低就近巡逻权重（near_home.weight），或调整集结点和巡区",
            "raise near_home.metres, lower its weight, or move depots and patrol areas",
        ),
        "same_marks": (
            "{number} 个车组同时在外，{what}却相同：{crews}",
            "{number} crews that are out at once have the same {what}: {crews}",
        ),
        "same_marks_remedy": (
            "请核对；同一辆车先后出两班的不算",
            "look which is right; one car on two shifts, one after the other, is no fault",
        ),
        "crew_has": ("1 个车组共有", "1 crew has"),
        "crews_have": ("{number} 个车组共有", "{number} crews have"),
        # What to do about it
        "cut_off_remedy": (
            "请检查该处的单行和禁转（patrolroute network info 可列出舍去的路段）",
            "look at one-way tags and turn restrictions there (patrolroute network info lists what was left out)",
        ),
        "far_remedy": ("请把该点移到停车的道路上", "move its point onto the street where the car stops"),
        "datum_remedy": ('读入时请注明 crs="{datum}"', 'give crs="{datum}" where they are read'),
        "cell_remedy": ("请改正该单元格，保存后再检查", "change that cell, save the workbook and look again"),
        "file_datum_remedy": (
            '请写明坐标系：在工作簿的“坐标系”中选 {name}，或在 TOML 中写 crs = "{datum}"',
            'write crs = "{datum}" for this file, in a workbook {name} under datum',
        ),
        "depot_on": (
            "集结点“{name}”：{street}（{metres:.0f} 米）",
            "depot {name!r}: {street} ({metres:.0f} m away)",
        ),
        "more_depots": (
            "另有 {number} 个集结点，靠近的道路见 --json",
            "{number} more depots: --json tells their streets",
        ),
        "far_depot": (
            "集结点“{name}”离最近的道路 {metres:.0f} 米",
            "depot {name!r}: lies {metres:.0f} m from the nearest street",
        ),
        "on_bridge": (
            "{kind}“{name}”附近只有桥梁或高架道路（{street}），停靠点落在上面",
            "{kind} {name!r}: only a bridge or an elevated road is near ({street}), and it was put on that",
        ),
        "on_bridge_remedy": (
            "请把点移到车能停靠的地面道路旁",
            "move the point beside a street on the ground where one may stop",
        ),
        "place_words": (
            "{entry}：“{text}”即 {lon:.5f}, {lat:.5f}{crossing}",
            "{entry}: {text!r} is {lon:.5f}, {lat:.5f}{crossing}",
        ),
        "of_nodes": ("（{number} 个路口节点取居中的一个）", " (the middle one of {number} junction nodes)"),
        "not_joined": (
            "（两路在地图上不相接，相距 {metres:.0f} 米，取最近处）",
            " (the map does not join the two, {metres:.0f} m apart; the nearest junction is taken)",
        ),
        "section_words": (
            "{entry}：“{text}”为{street}，从{begin}（{begin_at}）到{end}（{end_at}），长 {metres} 米，{segments} 段",
            (
                "{entry}: {text!r} is {street} from {begin} ({begin_at}) to {end} ({end_at}), {metres} m, {segments} "
                "segments"
            ),
        ),
        "area_words": (
            "{entry}：“{text}”按文字四至理解，约 {size} 平方公里，{sides}{streets}{joined}",
            "{entry}: {text!r} is read as an area in words, {size} km², {sides}{streets}{joined}",
        ),
        "with_streets": ("，含四周道路", ", its bounding streets included"),
        "without_streets": ("，不含四周道路", ", without its bounding streets"),
        "corners": ("{number} 个角点", "{number} corners"),
        "joined": (
            "；{one}与{two}相距 {metres:.0f} 米，按直线相接",
            "; {one} and {two} are {metres:.0f} m apart and were joined by a straight line",
        ),
        "stops_on": (
            "场所“{name}”停靠在 {street}，离标注点 {metres:.0f} 米",
            "hotspot {name!r}: the crew stops on {street}, {metres:.0f} m from its point",
        ),
        "more_stops": (
            "另有 {number} 处场所，停靠道路见方案的地图和工作簿",
            "{number} more hotspots; map and workbook name their streets",
        ),
        "idle": (
            (
                "所有要求的巡次共需 {needed} 小时，各车组共有 {given} 小时；"
                "除路上用时外余 {left} 小时，见警优先（goal = presence）可用来巡逻"
            ),
            (
                "all wanted visits take {needed} of the {given} h that the crews have; {left} crew hours are left for "
                "driving, and what that leaves is unused: goal presence would use it"
            ),
        ),
        "across": (
            (
                "场所“{name}”停靠在 {street}（{metres:.0f} 米），另一侧 {beyond:.0f} 米处是 {other}，"
                "两条路之间要开 {road:.0f} 米，可能隔着河流、铁路或围墙"
            ),
            (
                "hotspot {name!r}: the crew stops on {street}, {metres:.0f} m away; on its other side, {beyond:.0f} m "
                "away, lies {other}, {road:.0f} m from there by road: a river, railway or wall may lie between"
            ),
        ),
        "across_remedy": (
            "请核对该点在哪一侧，并把它移到停车的道路上",
            "look on which side it lies, and move its point onto the street where the car stops",
        ),
        "closed_required": (
            "路段“{street}”为必巡，但今晚有 {metres} 米（双向分别计）封闭或因封闭而到不了",
            (
                "street {street!r} is required, but {metres} m of it (each direction counted) are closed tonight or "
                "cut off by what is"
            ),
        ),
        "closed_all_night": (
            "{what}：{hours} 内封闭的道路按全程封闭处理",
            "{what}: closed {hours} only, but treated as closed all night",
        ),
        "closed_all_night_remedy": (
            "如需在其余时段巡逻，请分两个班次各排一份方案",
            "to patrol it in the other hours, plan the night as two shifts, each in a file of its own",
        ),
        "closed_remedy": ("请改期、取消必巡，或缩小封闭范围", "take it off the required ones, or close less"),
        "barrier_remedy": ("请把该点移到门口的道路上", "move its point to the street at the gate"),
        "time_remedy": (
            "请减少必巡任务、延长班次或增加车组",
            "require less, lengthen the shifts, or add crews",
        ),
        "promise_remedy": (
            "请放宽承诺的空档、增加车组，或让车组就近出发",
            "promise longer gaps, add crews, or let crews start nearer",
        ),
        "other_remedy": ("原因见 plan.json", "see the reasons of plan.json"),
    }
)
"""What a diagnosis finds, and what to do about it."""

HOPELESS_REMEDIES = Catalogue(
    {
        "no_crew_allowed": (
            "请增派方式和类型相符的车组，或放宽巡区、专责和载荷的限制",
            "give a crew of its mode and kind, or widen a patrol area, reservation or capacity",
        ),
        "unreachable": (
            "请检查周围的单行和禁转，或少封几条路",
            "look at the one-way tags and turn restrictions around it, or close fewer streets",
        ),
        "window_missed": ("请改时段或班次", "change its hours or the shift"),
        "over_budget": (
            "请延长班次，或让车组就近出发",
            "lengthen the shift, or let a crew start nearer to it",
        ),
    }
)
"""What to do about a task that no crew can serve even alone, by the reason."""

COMPARISON = Catalogue(
    {
        "goal_points": ("完成分", "points"),
        "goal_presence": ("见警率", "presence"),
        "better": (
            "总评：按目标（{first}）逐级比较，后一方案更好：{level} {before} → {after}",
            "By their goal ({first}) the second plan is better: {level} {before} → {after}",
        ),
        "worse": (
            "总评：按目标（{first}）逐级比较，后一方案更差：{level} {before} → {after}",
            "By their goal ({first}) the second plan is worse: {level} {before} → {after}",
        ),
        "equal": (
            "总评：按目标（{first}）两个方案不分上下",
            "By their goal ({first}) the two plans are equal",
        ),
        "two_goals": (
            "总评：两个方案目标不同（{first} → {second}），不判优劣，只列差别",
            "The plans have different goals ({first} → {second}): neither is called better, the differences follow",
        ),
        "two_nights": (
            "总评：时段不同，不判优劣，只列差别",
            "The plans are of different hours: neither is called better, the differences follow",
        ),
        "two_demands": (
            "总评：两个方案的任务要求不同，不判优劣，只列差别",
            "The plans were asked for different things: neither is called better, the differences follow",
        ),
        "crews_cost": ("少出 {n} 个车组，代价：{lost}", "Crews fewer: {n}. What that costs: {lost}"),
        "crews_cost_nothing": (
            "少出 {n} 个车组，覆盖、见警和到场均未变差",
            "Crews fewer: {n}. Coverage, presence and response are no worse",
        ),
        "more_missed": ("必巡多缺 {n} 项", "required tasks missed: {n} more"),
        "fewer_visits": ("少巡 {n} 次", "visits lost: {n}"),
        "comma": ("，", ", "),
    }
)
"""Which of two plans is better, and what fewer crews cost."""

LEVELS = Catalogue(
    {
        "required_missed": ("必巡未完成（项）", "required tasks missed"),
        "points_forgone": ("未得的分", "points forgone"),
        "stops_forgone": ("场所未得的分", "points of hotspots forgone"),
        "unseen": ("无警车的路段时间（以前一方案为 100 %）", "time unseen, of the first plan's"),
        "worst_idleness": ("按级别折算的最长空档（分钟）", "worst idleness by priority, min"),
        "visits_short": ("道路缺巡次数", "visits of streets short"),
        "longest_share": ("最长路线占班次（以前一方案为 100 %）", "longest route by its shift, of the first plan's"),
        "driving_s": ("行驶（分钟）", "driving, min"),
        "other": ("其他", "another level"),
    }
)
"""The levels of the goals as a comparison calls them."""

WHAT_IF = Catalogue(
    {
        # Where it begins
        "begin": (
            "{crews}，至 {end}：任务完成率 {share} %{more}",
            "{crews} until {end}: {share} % of the points{more}",
        ),
        "crew": ("1 个车组", "1 crew"),
        "crews": ("{number} 个车组", "{number} crews"),
        "covered": ("，{measure} {share} %", ", {measure} {share} %"),
        "missing_one": ("，必巡缺 1 项", ", 1 required task MISSED"),
        "missing": ("，必巡缺 {number} 项", ", {number} required tasks MISSED"),
        # A step
        "next_crew": ("第 {which} 个车组", "{which} crew buys "),
        "more_crews": ("车组从 {before} 个增至 {after} 个", "{after} crews instead of {before} buy "),
        "minute": ("再延长 1 分钟至 {end}，", "Another 1 min (until {end}) buys "),
        "minutes": ("再延长 {number} 分钟至 {end}，", "Another {number} min (until {end}) buy "),
        # What it buys
        "gain": (
            "{step}带来 {points} 个百分点（任务完成率 {change}{more}）",
            "{step}{points} percentage points ({change} of the points{more})",
        ),
        "nothing": (
            "{step}不再提高完成分（最长路线 {change} 分钟{more}）",
            "{step}nothing more (longest route {change} min{more})",
        ),
        "no_points": (
            "{step}不再提高完成分（最长路线 {change} 分钟{more}）",
            "{step}no more points (longest route {change} min{more})",
        ),
        "covered_more": ("；{measure} {change}", "; {measure} {change}"),
        "missed": ("；必巡未完成 {change} 项", "; required tasks missed {change}"),
        "seen": ("，{measure} {change}", ", {measure} {change}"),
        "alone": ("，{measure} {change} 分钟", ", {measure} {change} min"),
        "near_home": (
            "就近巡逻（权重 {after}，原 {before}）：{away} {away_change}，{seen} {seen_change}",
            "Keeping near home (weight {after} instead of {before}): {away} {away_change}, {seen} {seen_change}",
        ),
        # By what they are judged
        "judged_all": ("评判目标：均按{goal}（{why}）", "Judged by: {goal}, all of them ({why})"),
        "judged": ("评判目标：{variants}按{goal}（{why}）", "Judged by: {goal}, {variants} ({why})"),
        "until": ("{crews}至 {end}", "{crews} until {end}"),
        "listed": ("、", ", "),
        "why_asked": ("按指定的目标（goal）", "that goal was asked for"),
        "why_fits": (
            "目标设为自动，任务排得下，完成率不低于 95 %",
            "the goal is auto, and at least 95 % of the points fit",
        ),
        "why_short": (
            "目标设为自动，在计算限额内任务完成率不足 95 %，未转为见警率",
            "the goal is auto, and within the limits of the search less than 95 % of the points fit",
        ),
        "why_missed": (
            "目标设为自动，有必巡任务未完成，未转为见警率",
            "the goal is auto, and something required is missed",
        ),
        "enough": ("超过 {crews}，完成分不再提高", "More than {crews} collect no further points"),
    }
)
"""What each further crew and each later end buys."""
