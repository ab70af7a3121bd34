"""Dates as people type them; a date may be known only to the month or the year."""

from __future__ import annotations

import re
from datetime import date

_PARTS = re.compile(
    r"(\d{4})(?:\s*[-./年]\s*(\d{1,2})(?:\s*[-./月]\s*(\d{1,2})\s*日?)?\s*月?)?\s*年?"
)
_RUN = re.compile(r"(\d{4})(\d{2})(\d{2})?")
EXAMPLE = "2025-9-1"


def parse_partial(text: str) -> str:
    """ISO text of what was typed: ``2025``, ``2025-09`` or ``2025-09-01``; empty for nothing.

    Raises ValueError for what is no date.
    """
    typed = text.strip()
    if not typed:
        return ""
    found = _PARTS.fullmatch(typed) or _RUN.fullmatch(typed)
    if found is None:
        raise ValueError(text)
    numbers = [int(part) for part in found.groups() if part]
    date(*[*numbers, 1, 1][:3])  # refuses the 13th month and the 30th of February
    year, *rest = numbers
    return "-".join([f"{year:04d}", *(f"{part:02d}" for part in rest)])


def parse_date(text: str) -> date | None:
    """The day that was typed; None for nothing. Raises ValueError for anything but a whole date."""
    iso = parse_partial(text)
    return date.fromisoformat(iso) if iso else None
