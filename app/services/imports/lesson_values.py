"""What the cells of a lesson observation mean: period, class, score, number of lessons."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from app.services.imports.values import BadValueError, clean, line, shown
from app.services.observations.periods import written

if TYPE_CHECKING:
    from app.services.imports.reading import Cell
    from app.services.imports.values import Parsed

FULL_SCORE = 100
"""Highest score where no rubric says otherwise."""
_LAST_PERIOD = 20
_MOST_HOURS = 12
_HAN = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_PART = r"(?P<part>上午|下午|早上|晚上|早|晚)?"
_NUMBER = r"\d{1,3}|[一二三四五六七八九十]"
_PERIOD = re.compile(
    rf"{_PART}第?(?P<first>{_NUMBER})(?:[节课]*[-~—–、,，至到](?:第?(?P<last>{_NUMBER})))?[节课]*(?:课)?"
)


@lru_cache(maxsize=4096, typed=True)
def period(cell: Cell) -> Parsed:
    """Which lesson of the day: 3, 三, 第三节课 → 第3节; 早读 stays."""
    _refuse_dates(cell, "节次")
    text = line(cell)[0]
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    found = _PERIOD.fullmatch(plain)
    if not found:
        if re.fullmatch(r"[-\d.]+", plain):
            raise BadValueError(f"节次“{text}”不对，请写成 第3节")
        return text, ""
    numbers = [_number(one) for one in found.group("first", "last") if one]
    if not all(1 <= number <= _LAST_PERIOD for number in numbers):
        raise BadValueError(f"没有“{text}”这样的节次")
    return written(plain.replace(",", "、")), ""


def _number(text: str) -> int:
    return _HAN.get(text) or int(text)


@lru_cache(maxsize=4096, typed=True)
def class_name(cell: Cell) -> Parsed:
    """A class as it is written; 3-2 that Excel made a date of is refused."""
    _refuse_dates(cell, "班级")
    return line(cell)


def _refuse_dates(cell: Cell, what: str) -> None:
    if isinstance(cell, dt.time | dt.timedelta):
        raise BadValueError(f"{what}被 Excel 当成钟点；请先把该列设为“文本”格式，再重新填写")
    if isinstance(cell, dt.date):
        raise BadValueError(
            f"{what}被 Excel 当成日期，原来可能写的是 {cell.month}-{cell.day}；"
            "请先把该列设为“文本”格式，再重新填写"
        )


_SCORE = re.compile(r"(-?\d+(?:\.\d+)?)分?(?:/\d+)?")


def score(cell: Cell, full: float = FULL_SCORE) -> tuple[float | None, str]:
    """Points from 0 to the full score; blank gives None."""
    if isinstance(cell, bool | dt.date | dt.time | dt.timedelta):
        raise BadValueError("得分不是数字")
    if isinstance(cell, float):
        number = cell
    else:
        text = "".join(unicodedata.normalize("NFKC", clean(cell)).split())
        if not text:
            return None, ""
        found = _SCORE.fullmatch(text)
        if not found:
            raise BadValueError(f"得分“{clean(cell)}”不是数字")
        number = float(found.group(1))
    if not number >= 0:  # also what is no number at all (NaN)
        raise BadValueError(f"得分不能小于 0，这里是 {shown(number)}")
    if number > full:
        raise BadValueError(f"得分超过满分 {full:g}，这里是 {shown(number)}")
    return round(number, 2), ""


def hours(cell: Cell) -> tuple[int | None, str]:
    """How many lessons were heard; blank gives None."""
    _refuse_dates(cell, "节数")
    text = "".join(unicodedata.normalize("NFKC", clean(cell)).split())
    if not text:
        return None, ""
    found = re.fullmatch(r"(\d{1,4}|[一二三四五六七八九十])(?:\.0)?(?:个?(?:课时|节课|节))?", text)
    if not found or not 1 <= (number := _number(found.group(1))) <= _MOST_HOURS:
        raise BadValueError(f"节数“{clean(cell)}”不对，应是 1 到 {_MOST_HOURS} 的整数")
    return number, ""
