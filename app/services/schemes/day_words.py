"""Days of a scheme as people write them: 6月30日, 次年3月31日, 上年8月31日, 2025年9月1日."""

from __future__ import annotations

import re

_YEARS = {"previous": "上年", "next": "次年"}
_WRITTEN = re.compile(
    r"(?P<shift>上年度?|上一年度?|次年度?|下年度?|下一年度?|previous |next )?"
    r"(?:(?P<year>\d{4})[-年./])?"
    r"(?P<month>\d{1,2})[-月./](?P<day>\d{1,2})[日号]?"
)


def day_words(day: str) -> str:
    """A day as it is read: ``next 03-31`` is 次年3月31日; what is no day is given back as it is."""
    shift, _, rest = day.rpartition(" ")
    parts = rest.split("-")
    if not all(part.isdecimal() for part in parts) or len(parts) not in (2, 3):
        return day
    month, dom = int(parts[-2]), int(parts[-1])
    year = f"{parts[0]}年" if len(parts) == 3 else _YEARS.get(shift, "")
    return f"{year}{month}月{dom}日"


def day_meant(text: str, *, plain: bool = False) -> str:
    """The day that was typed, as a scheme file writes it; raises ValueError with a sentence.

    ``plain``: only a month and a day, as the start of a term.
    """
    found = _WRITTEN.fullmatch(re.sub(r"\s+", " ", text.strip()))
    if found is None:
        found = _WRITTEN.fullmatch(re.sub(r"\s+", "", text))
    example = "请写成 9月1日 这样" if plain else "请写成 9月1日、次年3月31日 或 2025年9月1日 这样"
    if found is None or (plain and (found["shift"] or found["year"])):
        msg = f"“{text}”不是日子，{example}。"
        raise ValueError(msg)
    day = f"{int(found['month']):02}-{int(found['day']):02}"
    if found["year"]:
        return f"{found['year']}-{day}"
    shift = found["shift"] or ""
    if not shift:
        return day
    return f"{'previous' if shift[0] in '上p' else 'next'} {day}"
