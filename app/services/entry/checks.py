"""Rules between the fields of one record."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.services.entry.fields import Check


def in_order(first: str, last: str, sentence: str = "") -> Check:
    """What begins does not end before; partial dates are compared as far as both are known."""

    def check(values: Mapping[str, Any]) -> Mapping[str, str]:
        start, end = values.get(first), values.get(last)
        if start in (None, "") or end in (None, ""):
            return {}
        if isinstance(start, str) and isinstance(end, str):
            known = min(len(start), len(end))
            start, end = start[:known], end[:known]
        if end >= start:
            return {}
        return {last: f"{sentence or f'早于开始（{_shown(start)}）'}，请检查。"}

    return check


def together(*checks: Check) -> Check:
    """All of these rules."""

    def check(values: Mapping[str, Any]) -> Mapping[str, str]:
        wrong: dict[str, str] = {}
        for one in checks:
            wrong.update(one(values))
        return wrong

    return check


def _shown(value: object) -> str:
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)


def different(first: str, second: str, sentence: str) -> Check:
    """Two fields do not name the same."""

    def check(values: Mapping[str, Any]) -> Mapping[str, str]:
        same = values.get(first) and values.get(first) == values.get(second)
        return {second: sentence} if same else {}

    return check


def within(field: str, first: date, last: date) -> Check:
    """A day lies in a span in which schools can have anything to note."""

    def check(values: Mapping[str, Any]) -> Mapping[str, str]:
        day = values.get(field)
        if isinstance(day, date) and not first <= day <= last:
            return {field: f"{day} 不像是真的日期，请检查年份。"}
        return {}

    return check
