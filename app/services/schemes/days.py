"""Days of a scheme turned into dates: MM-DD of its year, previous/next MM-DD, YYYY-MM-DD."""

from __future__ import annotations

from datetime import date


def year_start(first_day: str, year: int) -> date:
    """First day of the scheme's year that begins in the calendar year ``year``."""
    month, day = map(int, first_day.split("-"))
    return date(year, month, day)


def resolve(day: str, start: date) -> date:
    """The date meant by ``day`` in the scheme's year that begins on ``start``."""
    shift, _, rest = day.rpartition(" ")
    if len(rest) == 10:
        return date.fromisoformat(rest)
    month, dom = map(int, rest.split("-"))
    year = start.year + {"previous": -1, "": 0, "next": 1}[shift]
    in_first_half = (month, dom) >= (start.month, start.day)
    return date(year if in_first_half else year + 1, month, dom)
