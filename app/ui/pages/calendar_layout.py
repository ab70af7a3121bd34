"""Where things stand in the calendar: days in rows of weeks, entries in lanes over the days they last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.activities.records import CalendarEntry, CalendarView

WEEK = 7


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry within one week: its lane, first column and number of columns."""

    entry: CalendarEntry
    lane: int
    column: int
    columns: int


def monday_of(day: date) -> date:
    """The Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def month_span(day: date) -> tuple[date, date]:
    """First and last day that the sheet of a month shows: whole weeks."""
    first = day.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    last = following - timedelta(days=1)
    return monday_of(first), monday_of(last) + timedelta(days=WEEK - 1)


def week_span(day: date) -> tuple[date, date]:
    """Monday and Sunday of the week of a day."""
    return monday_of(day), monday_of(day) + timedelta(days=WEEK - 1)


def next_month(day: date, step: int) -> date:
    """The same day some months on; the last of the month where there is no such day."""
    months = day.year * 12 + day.month - 1 + step
    first = date(months // 12, months % 12 + 1, 1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


def next_page(day: date, step: int, *, month: bool) -> date:
    """The same day on the sheet before (-1) or after (1)."""
    return next_month(day, step) if month else day + timedelta(days=WEEK * step)


def lanes(monday: date, entries: Sequence[CalendarEntry]) -> list[Placed]:
    """Each entry of a week in the first lane that is free on all its days."""
    sunday = monday + timedelta(days=WEEK - 1)
    taken: list[set[int]] = []
    placed = []
    for entry in sorted(entries, key=lambda one: (one.first, one.first - one.last)):
        if entry.last < monday or entry.first > sunday:
            continue
        column = max(0, (entry.first - monday).days)
        columns = min(WEEK - 1, (entry.last - monday).days) - column + 1
        days = set(range(column, column + columns))
        lane = next((n for n, busy in enumerate(taken) if not busy & days), len(taken))
        if lane == len(taken):
            taken.append(set())
        taken[lane] |= days
        placed.append(Placed(entry, lane, column, columns))
    return placed


def clock(entry: CalendarEntry) -> str:
    """From when to when, as far as it is known."""
    if entry.starts_at is None:
        return ""
    end = f"—{entry.ends_at:%H:%M}" if entry.ends_at else ""
    return f"{entry.starts_at:%H:%M}{end}"


KIND_WORDS = {"activity": "活动", "plan_item": "计划", "lesson": "课"}


def in_words(entry: CalendarEntry) -> str:
    """Everything about an entry in one line, for the tip and for those who hear the screen."""
    kind = KIND_WORDS[entry.kind]
    label = f"{kind}（{entry.label}）" if entry.label else kind
    days = f"{entry.first:%m-%d} 至 {entry.last:%m-%d}" if entry.last > entry.first else ""
    if entry.last == date.max:
        days = "本月内"
    return " · ".join(filter(None, (label, entry.title, days, clock(entry), entry.place)))


def day_in_words(view: CalendarView, day: date, weekday: str) -> str:
    """What stands on a day, in one sentence."""
    week = view.weeks.get(monday_of(day), "")
    head = " ".join(filter(None, (f"{day.month}月{day.day}日", weekday, week)))
    found = view.on(day)
    told = "；".join(in_words(entry) for entry in found) if found else "没有安排"
    return f"{head}：{told}"
