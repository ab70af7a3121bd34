"""The calendar: activities, planned things and lessons of a span of days, in one look at each."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from app.models import Activity, Lesson, Person, Plan, PlanItem, SchoolYear, Term
from app.services.activities.records import CalendarEntry, CalendarView
from app.services.activities.timetable import period_order
from app.services.entry.computed import week_of
from app.services.entry.sheets.people import communities_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.entry.fields import Scope

_LONGEST = timedelta(days=400)
"""No activity goes on for longer: what began before that is not looked for, which keeps it quick."""
_LATE = "99"
_KINDS = ("activity", "plan_item", "lesson")


def calendar_of(session: Session, scope: Scope, first: date, last: date) -> CalendarView:
    """What stands in the calendar from ``first`` to ``last``."""
    kinds = {kind.key: kind.name for kind in scope.scheme.activity}
    entries = [
        *_activities(session, scope, first, last, kinds),
        *_lessons(session, first, last),
    ]
    undated: list[CalendarEntry] = []
    for item in _planned(session, scope, first, last, kinds):
        (entries if item.last != date.max else undated).append(item)
    entries.sort(key=_order)
    weeks = _weeks(session, first, last)
    return CalendarView(first, last, tuple(entries), tuple(undated), weeks, scope.today)


def _order(entry: CalendarEntry) -> tuple[date, int, int, str]:
    """What is longest first, activities before the rest, then as the day goes."""
    clock = f"{entry.starts_at:%H:%M}" if entry.starts_at else _LATE
    return entry.first, -(entry.last - entry.first).days, _KINDS.index(entry.kind), clock


def _activities(
    session: Session, scope: Scope, first: date, last: date, kinds: dict[str, str]
) -> list[CalendarEntry]:
    query = select(
        Activity.id, Activity.title, Activity.kind, Activity.held_on, Activity.ends_on,
        Activity.starts_at, Activity.ends_at, Activity.place,
    ).where(
        Activity.held_on.between(first - _LONGEST, last),
        or_(Activity.held_on >= first, Activity.ends_on >= first),
        # Not by the community's own index: the days narrow it down much further.
        func.coalesce(Activity.community_id, "").in_(communities_of(scope)),
    )  # fmt: skip
    return [
        CalendarEntry(
            "activity", row.id, "", row.title, kinds.get(row.kind, row.kind), row.held_on,
            row.ends_on or row.held_on, row.starts_at, row.ends_at, row.place,
        )
        for row in session.execute(query)
    ]  # fmt: skip


def _lessons(session: Session, first: date, last: date) -> list[CalendarEntry]:
    """Lessons that stand for themselves; those of an activity are inside it."""
    query = (
        select(
            Lesson.id, Lesson.title, Lesson.subject, Lesson.form, Lesson.taught_on, Lesson.period,
            Lesson.class_name, Person.name,
        )
        .join(Person, Person.id == Lesson.teacher_id)
        .where(Lesson.taught_on.between(first, last), Lesson.activity_id.is_(None))
        .order_by(Lesson.id)
    )  # fmt: skip
    return [
        CalendarEntry(
            "lesson", row.id, "", f"{row.name}《{row.title or row.subject or '课'}》",
            row.form or "课", row.taught_on, row.taught_on, None, None,
            " ".join(filter(None, (row.period, row.class_name))),
        )
        for row in sorted(session.execute(query), key=lambda row: period_order(row.period))
    ]  # fmt: skip


def _planned(
    session: Session, scope: Scope, first: date, last: date, kinds: dict[str, str]
) -> list[CalendarEntry]:
    """Lines of plans that are no activity yet; one known only to the month has no last day."""
    query = (
        select(
            PlanItem.id, PlanItem.plan_id, PlanItem.theme, PlanItem.kind, PlanItem.due,
            PlanItem.place,
        )
        .join(Plan, Plan.id == PlanItem.plan_id)
        .where(
            PlanItem.activity_id.is_(None),
            func.length(PlanItem.due) >= len("2025-09"),
            PlanItem.due.between(f"{first:%Y-%m}", last.isoformat()),
            Plan.community_id.in_(communities_of(scope)),
        )
        .order_by(PlanItem.due, PlanItem.id)
    )  # fmt: skip
    found = []
    for row in session.execute(query):
        whole = len(row.due) == len("2025-09-01")
        day = date.fromisoformat(row.due if whole else f"{row.due}-01")
        if whole and day < first:
            continue
        found.append(CalendarEntry(
            "plan_item", row.id, row.plan_id, row.theme, kinds.get(row.kind, row.kind), day,
            day if whole else date.max, None, None, row.place,
        ))  # fmt: skip
    return found


def _weeks(session: Session, first: date, last: date) -> dict[date, str]:
    """Week of the term for each Monday of the span."""
    query = (
        select(Term.starts_on, Term.ends_on)
        .join(SchoolYear, SchoolYear.id == Term.school_year_id)
        .where(Term.starts_on <= last, Term.ends_on >= first)
    )
    weeks: dict[date, str] = {}
    for starts, ends in session.execute(query):
        monday = max(starts, first)
        monday -= timedelta(days=monday.weekday())
        while monday <= min(ends, last):
            weeks[monday] = f"第{week_of(max(monday, starts), starts)}周"
            monday += timedelta(days=7)
    return weeks
