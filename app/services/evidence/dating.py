"""The day of a piece of evidence, as far as its camera, its name or its folder tell."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_FIRST_YEAR = 1990
_DAY = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)(?:年|[-._/ ]?)(?P<m>1[0-2]|0?[1-9])(?:月|[-._/ ]?)"
    r"(?P<d>3[01]|[12]\d|0?[1-9])(?!\d)"
)
_EPOCH_MS = re.compile(r"(?<!\d)(1[0-9]{12})(?!\d)")
_CHINA = timedelta(hours=8)


def guess_day(taken_at: datetime | None, names: Sequence[str], today: date) -> date | None:
    """Day from the camera's clock, else from the names (file first, then its folders outwards).

    Days before 1990 or after tomorrow are not believed; None: nothing tells.
    """
    candidates = [taken_at.date() if taken_at else None, *(day_in_name(name) for name in names)]
    last = today + timedelta(days=1)
    return next(
        (day for day in candidates if day and day.year >= _FIRST_YEAR and day <= last), None
    )


def day_in_name(name: str) -> date | None:
    """Day written in a name: 2025-10-15, 20251015, 2025年10月15日, or WeChat's mmexport milliseconds."""
    for match in _DAY.finditer(name):
        try:
            return date(int(match["y"]), int(match["m"]), int(match["d"]))
        except ValueError:
            continue
    if stamp := _EPOCH_MS.search(name):
        return (datetime.fromtimestamp(int(stamp[1]) / 1000, UTC) + _CHINA).date()
    return None
