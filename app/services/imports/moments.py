"""When something was: days without a year, spans of days, hours of the clock, all as typed."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.services.imports import dates
from app.services.imports.values import BadValueError, clean, shown

if TYPE_CHECKING:
    from app.services.imports.dates import DateColumn
    from app.services.imports.reading import Cell


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day (None: the same), and the hours where they are given."""

    first: dt.date
    last: dt.date | None = None
    starts_at: dt.time | None = None
    ends_at: dt.time | None = None

    def __str__(self) -> str:
        """As a cell that is read as the same span."""
        days = [day.isoformat() for day in (self.first, self.last) if day]
        hours = _hours_text(self.starts_at, self.ends_at)
        return " ".join(filter(None, ("~".join(days), hours)))


@dataclass(frozen=True, slots=True)
class Clock:
    """Hours of a day."""

    starts_at: dt.time
    ends_at: dt.time | None = None

    def __str__(self) -> str:
        """As a cell that is read as the same hours."""
        return _hours_text(self.starts_at, self.ends_at)


def _hours_text(start: dt.time | None, end: dt.time | None) -> str:
    return "-".join(f"{one:%H:%M}" for one in (start, end) if one)


_DAY = re.compile(
    r"(?:(?P<y>\d{4})[年./\-])?(?P<m>\d{1,2})[月./\-](?P<d>\d{1,2})(?:[日号]|(?!\d))"
    r"|(?P<packed>\d{8})(?!\d)"
)
_LAST_DAY = re.compile(
    rf"\s*[~～至到—–\-]+\s*(?:(?P<only>\d{{1,2}})(?:[日号]|(?![\d.:月点时/年-]))|{_DAY.pattern})"
)
_WEEKDAY = re.compile(r"[(（]?\s*(?:星期|周|礼拜)[一二三四五六日天1-6]\s*[)）]?")
_MONTHS = 12
_LATEST_YEAR = 2100
_FIRST_YEAR = 1949


def span(cell: Cell, column: DateColumn) -> tuple[Span | None, str]:
    """Days, and hours behind them: 2025年10月12日—14日, 10.12下午2:30; blank gives None."""
    if isinstance(cell, dt.datetime) and (at := _minute(cell.time())) != dt.time():
        return Span(_checked(cell.year, cell.month, cell.day), None, at), ""
    if isinstance(cell, float) and 1 < cell < _MONTHS + 1 and not cell.is_integer():
        return span(_month_and_day(repr(cell)), column)
    if not isinstance(cell, str):
        text, remark = dates.date(cell, column)
        return (Span(_whole(text, shown(cell))), remark) if text else (None, "")
    typed = clean(cell)
    if not typed:
        return None, ""
    text = re.sub(r"(?<=[年月日号./])\s+|\s+(?=[年月日号])", "", _WEEKDAY.sub("", _plain(typed)))
    first = _DAY.match(text)
    if not first:
        known, remark = dates.date(typed, column)
        return Span(_whole(known, typed)), remark
    start = _day(first, column, None, typed)
    rest, end = text[first.end() :], None
    if last := _LAST_DAY.match(rest):
        end = _last_day(last, column, start, typed)
        rest = rest[last.end() :]
    rest = rest.strip(" ,，;；")
    if end and end < start:
        raise BadValueError(f"“{typed}”的结束日期早于开始日期")
    hours, remark = _clock_of_text(rest, typed) if rest else (None, "")
    if hours == Clock(dt.time()):  # midnight is what programs add to a day
        hours = None
    if not (first["y"] or first["packed"]):
        remark = "没有写年份的日期，按本学年补上年份"
    starts_at, ends_at = (hours.starts_at, hours.ends_at) if hours else (None, None)
    return Span(start, end if end != start else None, starts_at, ends_at), remark


def _month_and_day(number: str) -> str:
    """10.12 became a number in Excel; 10.1 may have been the 1st, 10th… of the month."""
    month, _, day = number.partition(".")
    if day in {"1", "2", "3"}:
        raise BadValueError(
            f"{number} 可能是 {month} 月 {day} 日，也可能是 {month} 月 {day}0 日，"
            "请写成 2025-10-01 这样"
        )
    return f"{month}月{day}日"


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    if "年" in plain or "月" in plain:
        plain = dates.han_to_arabic(plain)
    return plain.replace("。", ".").replace("：", ":")


def _day(found: re.Match[str], column: DateColumn, after: dt.date | None, typed: str) -> dt.date:
    if found["packed"]:
        return _checked(
            int(found["packed"][:4]), int(found["packed"][4:6]), int(found["packed"][6:])
        )
    month, day = int(found["m"]), int(found["d"])
    if found["y"]:
        return _checked(int(found["y"]), month, day)
    begins = after or column.first_day
    if begins is None:
        raise BadValueError(f"“{typed}”没有写年份")
    year = begins.year if (month, day) >= (begins.month, begins.day) else begins.year + 1
    return _checked(year, month, day)


def _last_day(found: re.Match[str], column: DateColumn, start: dt.date, typed: str) -> dt.date:
    if found["only"]:
        return _checked(start.year, start.month, int(found["only"]))
    if not found["y"] and not found["packed"] and column.first_day is None:
        return _checked(start.year, int(found["m"]), int(found["d"]))
    return _day(found, column, None if found["y"] else column.first_day or start, typed)


def _checked(year: int, month: int, day: int) -> dt.date:
    if not _FIRST_YEAR <= year <= _LATEST_YEAR:
        raise BadValueError(f"年份 {year} 不对")
    if not 1 <= month <= 12:
        raise BadValueError(f"没有 {month} 月")
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise BadValueError(f"{year} 年 {month} 月没有 {day} 日") from None


def _whole(text: str, typed: str) -> dt.date:
    if len(text) != len("2025-10-12"):
        raise BadValueError(f"“{typed}”没有写到哪一日")
    day = dt.date.fromisoformat(text)
    return _checked(day.year, day.month, day.day)


# --- hours -----------------------------------------------------------------------------------------

_PARTS = "上午|下午|晚上|晚|早上|早|中午|凌晨"


def _written(n: int) -> str:
    return (
        rf"(?P<part{n}>{_PARTS})?\s*(?P<h{n}>\d{{1,2}})\s*"
        rf"(?::\s*(?P<m{n}>\d{{2}})(?::\d{{2}})?|[点时]\s*(?:(?P<half{n}>半)|(?P<n{n}>\d{{1,2}})分?|整)?)"
    )


_HOURS = re.compile(
    rf"{_written(1)}(?:\s*[~～至到—–\-]+\s*{_written(2)})?\s*(?:开始|起)?(?P<after>上午|下午|晚上)?"
)
_ONLY_PART = re.compile(r"上午|下午|晚上|全天|半天|中午")
_LATER = {"下午", "晚上", "晚"}
_FIRST_HOUR = 6
"""Before it nobody meets: 2:30 without more words is in the afternoon."""
_MINUTES_OF_DAY = 24 * 60


def clock(cell: Cell) -> tuple[Clock | None, str]:
    """Hours: 14:30-16:00, 下午2点半, Excel's fraction of a day; blank gives None."""
    if isinstance(cell, dt.datetime):
        return Clock(_minute(cell.time())), ""
    if isinstance(cell, dt.time):
        return Clock(_minute(cell)), ""
    if isinstance(cell, dt.timedelta):
        return _fraction(cell.total_seconds() / 86400)
    if isinstance(cell, bool | dt.date):
        raise BadValueError("这里不是钟点")
    if isinstance(cell, float):
        return _fraction(cell)
    typed = clean(cell)
    if not typed:
        return None, ""
    return _clock_of_text(_plain(typed), typed)


def _minute(at: dt.time) -> dt.time:
    return dt.time(at.hour, at.minute)


def _fraction(number: float) -> tuple[Clock, str]:
    if not 0 <= number < 1:
        raise BadValueError(f"{shown(number)} 不是钟点；可写成 14:30")
    minutes = round(number * _MINUTES_OF_DAY) % _MINUTES_OF_DAY
    at = dt.time(minutes // 60, minutes % 60)
    return Clock(at), f"数字 {number:.4g} 按 Excel 钟点认作 {at:%H:%M}"


def _clock_of_text(text: str, typed: str) -> tuple[Clock | None, str]:
    """Hours written as text; None where only 上午 or 全天 is said."""
    if _ONLY_PART.fullmatch(text.strip()):
        return None, f"“{typed}”里没有钟点"
    found = _HOURS.fullmatch(text.strip())
    if not found:
        raise BadValueError(f"“{typed}”里的钟点看不懂；可写成 14:30-16:00")
    part = found["part1"] or found["after"] or ""
    start, guessed = _time(found, 1, part, typed)
    remark = f"“{typed}”里的钟点认作下午" if guessed else ""
    if found["h2"] is None:
        return Clock(start), remark
    end, _ = _time(found, 2, found["part2"] or part or ("下午" if guessed else ""), typed)
    if end < start:
        raise BadValueError(f"“{typed}”的结束时间早于开始时间")
    return Clock(start, end), remark


def _time(found: re.Match[str], n: int, part: str, typed: str) -> tuple[dt.time, bool]:
    """The hour of the day, and whether it was taken for the afternoon without being told."""
    hour = int(found[f"h{n}"])
    minute = 30 if found[f"half{n}"] else int(found[f"m{n}"] or found[f"n{n}"] or 0)
    padded = found[f"h{n}"].startswith("0")
    guessed = not part and not padded and 0 < hour < _FIRST_HOUR
    if guessed or (part in _LATER and hour < 12) or (part == "中午" and hour < 3):
        hour += 12
    try:
        return dt.time(hour, minute), guessed
    except ValueError:
        raise BadValueError(f"“{typed}”里没有 {hour}:{minute:02} 这个钟点") from None
