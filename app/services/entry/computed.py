"""Fields that are worked out when a record is shown: age, years of service, week of the term."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.services.entry.fields import Scope

_BANDS = (30, 35, 40, 45, 50, 55)
"""Upper bounds of the usual age bands; the ages of S05 and S09 (35) are among them."""


def whole_years(since: str, day: date) -> int | None:
    """Full years from a partial date to a day; a missing month or day counts as its first."""
    if not since:
        return None
    year, month, number = ([int(part) for part in since.split("-")] + [1, 1])[:3]
    return day.year - year - ((day.month, day.day) < (month, number))


def age_band(age: int | None) -> str:
    """The band of an age: 35岁及以下 …."""
    if age is None:
        return ""
    for low, high in zip((0, *_BANDS), _BANDS, strict=False):
        if age <= high:
            return f"{high}岁及以下" if low == 0 else f"{low + 1}—{high}岁"
    return f"{_BANDS[-1] + 1}岁及以上"


def _age(values: Mapping[str, Any], scope: Scope) -> int | None:
    return whole_years(values.get("born_on") or "", scope.today)


def _band(values: Mapping[str, Any], scope: Scope) -> str:
    return age_band(_age(values, scope))


def _service(values: Mapping[str, Any], scope: Scope) -> int | None:
    return whole_years(values.get("joined_on") or "", scope.today)


def week_of(day: date, starts: date) -> int:
    """Week of a term: weeks run from Monday, the one with the first day is the first."""
    monday = starts.toordinal() - starts.weekday()
    return (day.toordinal() - monday) // 7 + 1


def _week(values: Mapping[str, Any], scope: Scope) -> str:
    day = values.get("held_on")
    if not isinstance(day, date):
        return ""
    for start, end in scope.terms:
        if start <= day <= end:
            return f"第{week_of(day, start)}周"
    return ""


RULES: Mapping[str, Callable[[Mapping[str, Any], Scope], object]] = {
    "age": _age,
    "age_band": _band,
    "service_years": _service,
    "week": _week,
}

SORTED_BY: Mapping[str, tuple[str, bool]] = {
    "age": ("born_on", True),
    "age_band": ("born_on", True),
    "service_years": ("joined_on", True),
    "week": ("held_on", False),
}
"""Field by which each is sorted in its stead, and whether that turns the order round."""
