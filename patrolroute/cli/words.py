"""What the command line says of its own, in both languages."""

from __future__ import annotations

from patrolroute.base.text import Catalogue

SAID = Catalogue(
    {
        # Patrol areas
        "reading_areas": ("正在读取地图、重点路段和场所", "reading the map, the streets and the hotspots"),
        "drawing_areas": ("正在划分 {count} 个巡区", "drawing {count} areas"),
        # Many bureaus
        "bureaus_found": ("{folder} 中有 {n} 个单位的方案文件", "{n} nights found in {folder}"),
        "bureau_done": (
            "{name}：已排好，见警率 {seen}，必巡未完成 {missed} 项",
            "{name}: planned, {seen} seen, {missed} required missed",
        ),
        "bureau_kept": (
            "{name}：上次已排好，见警率 {seen}，必巡未完成 {missed} 项",
            "{name}: planned before, {seen} seen, {missed} required missed",
        ),
        "bureau_not": ("{name}：未排好，{why}", "{name}: not planned: {why}"),
        "lending": ("正在比较相邻单位借调一个车组的影响", "comparing crews lent between neighbours"),
        "province_over": ("全部用时 {seconds} 秒", "{seconds} seconds in all"),
        # How a night is planned
        "reading": ("正在读取地图、重点路段和场所", "reading the map, the streets and the hotspots"),
        "loading": (
            "正在载入求解程序；安装后第一次要先编译，最多一分钟",
            "loading the engine; the first time after an installation it is compiled, up to a minute",
        ),
        "solving": (
            "开始求解：{tasks} 项任务，{crews} 个车组，共 {points} 分",
            "solving: {tasks} tasks, {crews} crews, {points} points wanted",
        ),
        "points": ("  任务完成 {share} %，{work} 步", "  {share} % of the points, {work} units of work"),
        "tours": ("  正在排十五分钟一圈的巡逻线路", "  laying tours of a quarter of an hour"),
        "seen": ("  见警率 {share} %，{work} 个区间", "  {share} % seen, {work} windows"),
        "seen_weighed": (
            "  见警率（重点时段加权） {share} %，{work} 个区间",
            "  {share} % seen, key hours weighed, {work} windows",
        ),
        "solved": ("求解完毕：{work} 步，{reason}", "solved: {work} units of work, stopped by {reason}"),
        "dropped": (
            "{start} 中的{what}今晚不能照办，已重新安排",
            "{start}: not possible in this night, and planned anew: {what}",
        ),
        "dropped_required": ("必巡任务 {number} 次", "required visits: {number}"),
        "dropped_dwell": ("其他驻点 {number} 次", "other dwells: {number}"),
        "dropped_patrol": ("其他巡逻 {number} 次", "other patrols: {number}"),
        "explaining": ("正在查明未完成的原因", "working out why something is left out"),
        "bounding": ("正在计算任何方案都达不到的上限", "working out what no plan can exceed"),
        # Why a search stopped
        "time_limit": ("时间用完", "time limit"),
        "work_limit": ("步数用完", "work limit"),
        "no_improvement": ("已无改进", "no improvement"),
        "callback": ("由程序停止", "callback"),
        "interrupted": ("被中断", "interrupted"),
        # Before the first night
        "warm": (
            "一切就绪，用时 {seconds} 秒；编译结果在 {folder}",
            "ready after {seconds} s; machine code is in {folder}",
        ),
        "warm_not_kept": (
            "一切就绪，用时 {seconds} 秒；编译结果无处保存，下次仍要编译，请用 PATROLROUTE_CACHE 指定可写的文件夹",
            "ready after {seconds} s; machine code cannot be kept: name a folder to write to by PATROLROUTE_CACHE",
        ),
        # Files
        "marked": (
            "填错的单元格已在 {copy} 中标红并注明原因；{night} 未动",
            "wrong cells are marked in {copy}, each with its reason; {night} is as it was",
        ),
        "new": ("写好 {out}", "{out} is written"),
        "new_next": (
            "请用 Excel 或 WPS 填写，保存后运行：patrolroute doctor {out}，再运行：patrolroute plan {out} -o 成果",
            "fill it in, save it, then run: patrolroute doctor {out}, and: patrolroute plan {out} -o out",
        ),
        "anew": ("{folder}，重写之前：{line}", "{folder}, before it is written anew: {line}"),
        "files": ("{folder} 中写好 {number} 个文件", "{number} files in {folder}"),
        "not_written": ("patrolroute：未写出：{reason}", "patrolroute: not written: {reason}"),
        "left_out": ("patrolroute：未安装，略去：{reason}", "patrolroute: left out: {reason}"),
        "reported": (
            "patrolroute：内部错误，不是您的问题；请加 --verbose 再运行一次，并反馈所显示的内容",
            "patrolroute: internal error, not your fault; run it again with --verbose and report what it prints",
        ),
        # The doctor
        "drawn": ("当晚底图已画到 {path}", "the map of the night to be is in {path}"),
        "not_drawn": (
            "{path} 没有画：地图或方案文件读不出来",
            "{path} is not drawn: there is no map that could be read",
        ),
        # What-if
        "reading_all": (
            "正在读取地图、载入求解程序；安装后第一次要先编译，最多一分钟",
            "reading the map, loading the engine; the first time after an installation it is compiled, up to a minute",
        ),
        "variant": (
            "{crews} 个车组至 {end}{near}：任务完成 {share} %",
            "{crews} crews until {end}{near}: {share} % of the points",
        ),
        "near": ("，就近巡逻 {weight}", ", near home {weight}"),
        "table": ("{folder} 中写好 {table}", "{table} in {folder}"),
        "table_and_plot": ("{folder} 中写好 {table} 和 {plot}", "{table} and {plot} in {folder}"),
        # What was driven
        "reading_tracks": ("正在读取方案和轨迹", "reading the plan and the tracks"),
        "cells_short": ("{number} 个网格次数不足，正在重排", "{number} cells are short of visits; planning anew"),
        "cells_planned": (
            "重排后不足的网格 {number} 个，方案在 {folder}",
            "cells still short: {number}; the plan is in {folder}",
        ),
        "cells_written": ("{names} 已写入 {folder}", "{names} are in {folder}"),
        "matching": (
            "正在把 {tracks} 条轨迹、{fixes} 个定位点对到道路上；安装后第一次要先编译，约半分钟",
            (
                "matching {tracks} tracks of {fixes} fixes to the streets; the first time after an installation "
                "this is compiled, some half a minute"
            ),
        ),
        # The night under way
        "replan_reading": ("正在读取 {plan}", "reading {plan}"),
        "replanned": (
            "重新排好：{crews} 个车组、{tasks} 项任务有变动，占原定任务的 {share} %",
            "planned anew: {crews} crews and {tasks} tasks changed, {share} % of those that were planned",
        ),
        "replan_changes": ("有变动的车组和新旧对照：{files}", "what is new for whom, old and new on one map: {files}"),
        # Many nights
        "campaign_new_book": (
            "{folder} 中写好 {file}；请用 Excel 或 WPS 填写，保存后运行：patrolroute campaign next {folder}",
            "{file} is in {folder}; fill it in, save it, then run: patrolroute campaign next {folder}",
        ),
        "campaign_book": (
            "写好 {out}；请用 Excel 或 WPS 填写，保存后运行：patrolroute campaign next {out}",
            "{out} is written; fill it in, save it, then run: patrolroute campaign next {out}",
        ),
        "campaign_new": (
            "{folder} 中写好 campaign.toml 和 night.toml；填写后运行：patrolroute campaign next {folder}",
            "campaign.toml and night.toml are in {folder}; fill them in, then run: patrolroute campaign next {folder}",
        ),
        "campaign_solving": (
            "正在编排 {date}：{tasks} 项任务，{crews} 个车组",
            "planning {date}: {tasks} tasks, {crews} crews",
        ),
        "campaign_mixing": ("供抽签的方案：第 {plans} 套，共 {of} 套", "plans to draw from: {plans} of {of}"),
        "campaign_issued": (
            "{date} 已下发，成果在 {folder}，用时 {seconds} 秒",
            "{date} is issued: {folder}, {seconds} s",
        ),
        "campaign_recorded": (
            "{date} 已登记：{crews} 个车组出车，实巡 {made}/{planned} 次",
            "{date} is told: {crews} crews were out, {made} of {planned} visits were made",
        ),
        "campaign_cancelled": ("{date} 已登记为取消", "{date} is told as cancelled"),
        # The page
        "serving": (
            "网页已打开；若没有，请在浏览器中打开（仅限本机）：\n{address}\n用完按 Ctrl-C 关闭",
            "the page is open; if not, open this address in a browser of this computer:\n{address}\nCtrl-C ends it",
        ),
        "serving_unopened": (
            "请在浏览器中打开（仅限本机）：\n{address}\n用完按 Ctrl-C 关闭",
            "open this address in a browser of this computer:\n{address}\nCtrl-C ends it",
        ),
        # Maps
        "clipped": (
            "{out}：{ways} 条路，{restrictions} 条转弯限制",
            "{out}: {ways} ways, {restrictions} turn restrictions",
        ),
        "network": ("{out}：{nodes} 个节点，{arcs} 条有向路段", "{out}: {nodes} nodes, {arcs} arcs"),
        # How it ends
        "wrong": ("patrolroute：{what}", "patrolroute: {what}"),
        "stopped": ("patrolroute：已停止", "patrolroute: stopped"),
        "ours": (
            "patrolroute：内部错误，不是您的问题：{error}",
            "patrolroute: internal error, not your fault: {error}",
        ),
        "again": (
            "patrolroute：请加 --verbose 再运行一次，并反馈所显示的内容",
            "patrolroute: run it again with --verbose and report what it prints",
        ),
    }
)
"""Progress, files, ends; a complaint itself is said by `patrolroute.base.errors.Complaint.said`."""
