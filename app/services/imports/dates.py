"""Dates as they are typed: 1985.09, 198509, 1985年9月, 二〇一五年, Excel's day numbers."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from app.services.imports.values import BadValueError, clean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.services.imports.reading import Cell
    from app.services.imports.values import Parsed


@dataclass(frozen=True, slots=True)
class DateColumn:
    """What the neighbours of a date tell about it."""

    months_only: bool = False
    """The header says 年月: a date cell on the first day means the month."""
    padded: bool = False
    """Months are written with two digits, so the number 1985.1 can only be October."""
    date1904: bool = False
    first_day: dt.date | None = None
    """First day of the school year: days written without a year lie in it."""


_HAN = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_HAN_YEAR = re.compile(r"[〇○零一二三四五六七八九]{4}(?=年)")
_HAN_NUMBER = re.compile(r"[一二三四五六七八九]?十[一二三四五六七八九]?|[〇○零一二三四五六七八九]")
_WRITTEN = re.compile(
    r"(\d{4})(?:[年./\-—–~](?:(\d{1,2})(?:[月./\-—–](?:(\d{1,2})[日号]?)?)?)?)?"
    r"(?:[T ]?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


def date(cell: Cell, column: DateColumn = DateColumn()) -> Parsed:
    """ISO text of a date in any of the usual forms; "1985-09" or "1985" where no more is said."""
    if isinstance(cell, str):
        return _date_of_text(clean(cell))
    if isinstance(cell, dt.date):  # datetime is a date too
        return _date_of_cell(cell, column)
    if isinstance(cell, dt.time | dt.timedelta | bool):
        raise BadValueError("这里是时间，不是日期")
    return _date_of_number(cell, column)


def _date_of_cell(cell: dt.date, column: DateColumn) -> Parsed:
    if column.months_only and cell.day == 1:
        return _iso(cell.year, cell.month, None)
    return _iso(cell.year, cell.month, cell.day)


def _date_of_number(number: float, column: DateColumn) -> Parsed:
    if number.is_integer():
        whole = int(number)
        if 20_000 <= whole < 60_000:
            base = dt.date(1904, 1, 1) if column.date1904 else dt.date(1899, 12, 30)
            value, _ = _date_of_cell(base + dt.timedelta(days=whole), column)
            return value, f"数字 {whole} 按 Excel 日期认作 {value}"
        return _date_of_text(str(whole))
    text = repr(number)
    if re.fullmatch(r"\d{4}\.1", text):
        if not column.padded:
            raise BadValueError(f"{text} 可能是 1 月，也可能是 10 月，请写成 {text[:4]}-01 这样")
        value, _ = _iso(int(text[:4]), 10, None)
        return value, f"数字 {text} 认作 {value}（该列月份都写两位）"
    return _date_of_text(text)


@lru_cache(maxsize=4096)
def _date_of_text(typed: str) -> Parsed:
    if not typed:
        return "", ""
    text = unicodedata.normalize("NFKC", typed)
    text = han_to_arabic(text) if "年" in text else text
    text = re.sub(r"\s*([年月日号.//\-—–])\s*", r"\1", text.strip()).replace("。", ".")
    packed = re.fullmatch(r"(\d{4})(\d{2})(\d{2})?", text)
    found = packed or _WRITTEN.fullmatch(text)
    if not found:
        if re.fullmatch(r"\d{2}[年./\-]\d{1,2}.*", text):
            raise BadValueError(f"“{typed}”的年份要写四位")
        raise BadValueError(f"“{typed}”看不出是哪一天；可写成 1985-09-12 或 1985-09")
    year, month, day = found.group(1), found.group(2), found.group(3)
    return _iso(int(year), int(month) if month else None, int(day) if day else None)


def han_to_arabic(text: str) -> str:
    """Digits for the numbers in a written date: 二〇二五年十月 → 2025年10月."""
    text = _HAN_YEAR.sub(lambda found: found.group().translate(_HAN), text)
    return _HAN_NUMBER.sub(_arabic, text)


def _arabic(found: re.Match[str]) -> str:
    tens, mark, ones = found.group().partition("十")
    if not mark:
        return found.group().translate(_HAN)
    return f"{tens.translate(_HAN) or '1'}{ones.translate(_HAN) or '0'}"


def _iso(year: int, month: int | None, day: int | None) -> Parsed:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise BadValueError(f"年份 {year} 不对")
    if month is None:
        return f"{year:04}", ""
    if not 1 <= month <= 12:
        raise BadValueError(f"没有 {month} 月")
    if day is None:
        return f"{year:04}-{month:02}", ""
    try:
        return dt.date(year, month, day).isoformat(), ""
    except ValueError:
        raise BadValueError(f"{year} 年 {month} 月没有 {day} 日") from None


def is_padded(cells: Iterable[Cell]) -> bool:
    """Whether the numbers of a column write months with two digits: 1985.09, never 1985.9."""
    texts = [repr(cell) for cell in cells if isinstance(cell, float) and not cell.is_integer()]
    return any(_TWO_PLACES.fullmatch(text) for text in texts) and not any(
        _ONE_PLACE.fullmatch(text) for text in texts
    )


_TWO_PLACES = re.compile(r"\d{4}\.0[1-9]")
_ONE_PLACE = re.compile(r"\d{4}\.[2-9]")
