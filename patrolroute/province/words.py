"""What a province's night says to people, in both languages."""

from __future__ import annotations

from patrolroute.base.text import Catalogue

WORDS = Catalogue(
    {
        "title": ("各单位夜巡一览", "Night patrols of all bureaus"),
        "sheet": ("一览", "overview"),
        "total": (
            "共 {n} 个单位，排好 {done} 个，未排好 {failed} 个",
            "{n} bureaus: {done} planned, {failed} not",
        ),
        "sums": (
            "车组 {crews} 个，行车 {km} 公里；见警率平均 {seen}",
            "{crews} crews, {km} km; {seen} seen on average",
        ),
        "missed": (
            "必巡未完成：{n} 项，在 {bureaus}",
            "required and missed: {n}, at {bureaus}",
        ),
        "none_missed": ("必巡任务全部安排", "everything required is served"),
        "not_done": ("未排好的单位", "Not planned"),
        "line": (
            "{name}：车组 {crews} 个，见警率 {seen}，完成 {points}，必巡未完成 {missed} 项",
            "{name}: {crews} crews, {seen} seen, {points} of the points, {missed} required missed",
        ),
        "why": ("{name}：{status}{why}", "{name}: {status}{why}"),
        "colon": ("，", ": "),
        "comma": ("、", ", "),
        "semicolon": ("；", "; "),
        "died": (
            "{name}：曾有 {n} 个进程异常退出，已换进程重排",
            "{name}: {n} workers died over it, and another planned it",
        ),
        "stopped_early": ("中途停止，再运行一次即接着排", "stopped early; run it again to go on"),
        "done": ("已排好", "planned"),
        "wrong": ("文件有误", "its file is wrong"),
        "broken": ("程序内部错误", "an error of the program"),
        "lost": ("进程异常退出", "its workers died"),
        "stopped": ("未排", "not planned yet"),
        "bureau": ("单位", "bureau"),
        "status": ("状态", "status"),
        "night": ("方案", "night"),
        "begin": ("开始", "begins"),
        "end": ("结束", "ends"),
        "crews": ("车组", "crews"),
        "tasks": ("任务", "tasks"),
        "required_missed": ("必巡未完成", "required missed"),
        "short": ("次数不足的任务", "tasks short of visits"),
        "seen": ("见警率", "seen"),
        "points": ("完成分占比", "points collected"),
        "gap": ("距理论上限", "gap to the bound"),
        "km": ("公里", "km"),
        "lon": ("集结点经度({datum})", "muster longitude ({datum})"),
        "lat": ("集结点纬度({datum})", "muster latitude ({datum})"),
        "folder": ("文件夹", "folder"),
        "remark": ("说明", "remark"),
        "legend": (
            "颜色越深见警率越高；红框为必巡未完成；圆点为集结点",
            "the darker, the more is seen; red: required missed; dots: where crews muster",
        ),
        "no_figure": ("—", "—"),
        "lend_sheet": ("借调", "lending"),
        "lend_title": ("相邻单位借调一个车组会怎样", "One crew lent to a neighbour: what changes"),
        "lend_how": (
            "在已排方案上短时优化后比较；借来的车组从借入单位的集结点出发，借出单位少最后一个车组",
            "compared after short searches on the plans; a lent crew starts where who borrows it musters",
        ),
        "lender": ("借出", "lends"),
        "borrower": ("借入", "borrows"),
        "required_change": ("必巡未完成增减", "required missed, change"),
        "seen_lender": ("借出单位见警率增减", "seen, change of who lends"),
        "seen_borrower": ("借入单位见警率增减", "seen, change of who borrows"),
        "points_lender": ("借出单位完成分增减", "points, change of who lends"),
        "points_borrower": ("借入单位完成分增减", "points, change of who borrows"),
        "lend_line": (
            "{lender}借给{borrower}：必巡未完成 {required}；见警率 {lender} {a}、{borrower} {b}",
            "{lender} to {borrower}: required missed {required}; seen {a} at {lender}, {b} at {borrower}",
        ),
    }
)
