"""The day of a piece of evidence, as far as its camera, its name or its folder tell."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_FIRST_YEAR, _FIRST_DIGITAL_CAMERAS = 1990, 1995
_YEAR, _MONTH, _DATE = r"((?:19|20)\d\d)", r"(1[0-2]|0?[1-9])", r"(3[01]|[12]\d|0?[1-9])"
_TIME = r"[0-2]\d[0-5]\d[0-5]\d(?:\d{3})?(?!\d)"
_DAYS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<!\d){_YEAR} ?年 ?{_MONTH} ?月 ?{_DATE}(?: ?[日号]|(?!\d))",
        rf"(?<!\d){_YEAR}([-._/ ]){_MONTH}\2{_DATE}(?!\d)",
        rf"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?:(?!\d)|(?={_TIME}))",
    )
)
"""With the words for year, month, day; with one kind of sign between; as eight digits (a time may follow)."""
_EPOCH_MS = re.compile(r"(?<!\d)(1[0-9]{12})(?!\d)")
_CHINA = timedelta(hours=8)


def guess_day(taken_at: datetime | None, names: Sequence[str], today: date) -> date | None:
    """Day from the camera's clock, else from the names (file first, then its folders outwards).

    Days before 1990 or after tomorrow are not believed; None: nothing tells.
    """
    camera = taken_at.date() if taken_at and _clock_was_set(taken_at) else None
    candidates = [camera, *(day_in_name(name) for name in names)]
    last = today + timedelta(days=1)
    return next(
        (day for day in candidates if day and day.year >= _FIRST_YEAR and day <= last), None
    )


def day_in_name(name: str) -> date | None:
    """Day written in a name: 2025-10-15, 20251015, 2025年10月15日, or WeChat's milliseconds."""
    for pattern in _DAYS:
        for match in pattern.finditer(name):
            if day := _day(match):
                return day
    if stamp := _EPOCH_MS.search(name):
        return (datetime.fromtimestamp(int(stamp[1]) / 1000, UTC) + _CHINA).date()
    return None


def typed_day(text: str) -> date | None:
    """Day that a user typed: one of the same ways to write it and nothing else."""
    found = (pattern.fullmatch(text.strip()) for pattern in _DAYS)
    return next((day for match in found if match and (day := _day(match))), None)


def _day(match: re.Match[str]) -> date | None:
    year, *_sign, month, day = match.groups()
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _clock_was_set(taken_at: datetime) -> bool:
    """A camera out of the box begins at midnight of a first of January."""
    never_set = (taken_at.month, taken_at.day, taken_at.hour) == (1, 1, 0)
    return taken_at.year >= _FIRST_DIGITAL_CAMERAS and not never_set
