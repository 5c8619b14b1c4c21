"""Days and spans of time as people write them, in Chinese and English."""

from __future__ import annotations

import datetime as dt

from patrolroute.words import Lang

_DAYS: dict[Lang, tuple[str, ...]] = {
    "zh": ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def date(moment: dt.date, lang: Lang) -> str:
    """Write a day.

    Examples
    --------
    >>> date(dt.date(2026, 5, 8), "zh"), date(dt.date(2026, 5, 8), "en")
    ('2026年5月8日', '8 May 2026')
    """
    if lang == "zh":
        return f"{moment.year}年{moment.month}月{moment.day}日"
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def day(moment: dt.date, lang: Lang) -> str:
    """Write a day with its name.

    Examples
    --------
    >>> day(dt.date(2026, 5, 8), "zh"), day(dt.date(2026, 5, 8), "en")
    ('2026年5月8日 星期五', 'Friday 8 May 2026')
    """
    name = _DAYS[lang][moment.weekday()]
    return f"{date(moment, lang)} {name}" if lang == "zh" else f"{name} {date(moment, lang)}"


def span(begin: dt.datetime, end: dt.datetime, lang: Lang) -> str:
    """Write from when to when; of the end only what the begin does not say.

    Examples
    --------
    >>> begin = dt.datetime(2026, 5, 8, 20, 30)
    >>> span(begin, begin.replace(hour=23), "zh"), span(begin, begin + dt.timedelta(hours=5), "zh")
    ('2026年5月8日 20:30–23:30', '2026年5月8日 20:30–次日 01:30')
    >>> span(begin, begin + dt.timedelta(hours=5), "en"), span(begin, begin + dt.timedelta(days=2), "en")
    ('8 May 2026 20:30–01:30 the next day', '8 May 2026 20:30 – 10 May 2026 20:30')
    """
    first, later = f"{date(begin, lang)} {begin:%H:%M}", (end.date() - begin.date()).days
    if later == 0:
        return f"{first}–{end:%H:%M}"
    if later == 1:
        return f"{first}–次日 {end:%H:%M}" if lang == "zh" else f"{first}–{end:%H:%M} the next day"
    return f"{first} – {date(end, lang)} {end:%H:%M}"
