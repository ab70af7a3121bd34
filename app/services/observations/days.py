"""Days as people type them while entering a pile of records: ``12``, ``9-12``, ``2025.9.12``."""

from __future__ import annotations

import re
from datetime import date

_WHOLE = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?")
_RUN = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH_DAY = re.compile(r"(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?")
_DAY = re.compile(r"(\d{1,2})\s*日?")


def read(typed: str, near: date) -> date | None:
    """The day that was typed, None for nothing; what is left out is taken from around ``near``.

    Raises ValueError with a sentence.
    """
    text = typed.strip()
    if not text:
        return None
    try:
        found = _read(text, near)
    except ValueError:
        found = None
    if found is None:
        msg = f"“{text}”不是日期，请写成 2025-9-12、9-12 或 12 这样。"
        raise ValueError(msg)
    return found


def _read(text: str, near: date) -> date | None:
    if whole := (_WHOLE.fullmatch(text) or _RUN.fullmatch(text)):
        year, month, day = (int(part) for part in whole.groups())
        return date(year, month, day)
    if parts := _MONTH_DAY.fullmatch(text):
        month, day = (int(part) for part in parts.groups())
        fitting = [date(year, month, day) for year in _years(near) if _is_day(year, month, day)]
        return min(fitting, key=lambda one: abs(one - near), default=None)
    if only := _DAY.fullmatch(text):
        return near.replace(day=int(only[1]))
    return None


def _years(near: date) -> range:
    return range(near.year - 1, near.year + 2)


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
