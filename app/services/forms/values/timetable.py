"""Lessons of a term or of a week in one table 一张表: who teaches what, where and when."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.errors import NotFoundError
from app.models import Activity, Lesson, Observation
from app.services.activities.timetable import NO_PERIOD, Timetable, period_order, timetable_of
from app.services.entry.computed import week_of
from app.services.entry.scope import scope_of
from app.services.entry.sheets.activities import lessons_of
from app.services.forms.form import Field, Sheet, Subject, Target, text
from app.services.forms.values.facts import WEEKDAYS, Facts, facts_of, joined, long_date, rows_of
from app.services.forms.values.lesson import lesson_values
from app.services.observations.periods import written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.services.entry.fields import Scope
    from app.services.forms.form import Values
    from app.services.forms.reading import Reading

_WEEK = timedelta(days=6)
_NAMED = 4
"""Observers who are named in the table."""
FIELDS = (
    Field("学校", "本单位"), Field("共同体"), Field("学年"), Field("学期"), Field("周次"),
    Field("名称", "学期或第几周"), Field("起止日期"), Field("节数"), Field("冲突", "一行一处"),
    Field("课表", "一行一节次", (Field("节次"), *(Field(day) for day in WEEKDAYS))),
    Field("课", "先后为序", (
        Field("序号"), Field("日期"), Field("星期"), Field("节次"), Field("时间", "日期、星期、节次"),
        Field("授课教师"), Field("授课学校"), Field("学科"), Field("班级"), Field("课题"),
        Field("上课学校"), Field("听课地点", aliases=("地点",)),
        Field("课的形式", aliases=("形式",)), Field("课型"),
        Field("接收学校"), Field("接收班级"), Field("接收教师"),
        Field("接收端"), Field("活动名称"), Field("听课人"),
    )),
)  # fmt: skip


def _targets(reading: Reading) -> list[Target]:
    """The terms, then every week in which a lesson is down."""
    with reading.uow.read() as session:
        spans = _spans(session, reading)
        scope = scope_of(session, reading.adoption.id, reading.uow.context)
        first, last = reading.adoption.starts_on, reading.adoption.ends_on
        taught = [day for day in session.scalars(
            select(Lesson.taught_on)
            .where(Lesson.taught_on.between(first, last), lessons_of(scope))
            .distinct()
        ) if day]  # fmt: skip
    found = []
    for key, (name, since, until) in spans.items():
        count = sum(since <= day <= until for day in taught)
        if count or len(key) > len("2025-09-01"):
            detail = f"{long_date(since)}至{long_date(until)}"
            found.append(Target(key, name, f"{detail}，{count} 天有课", since))
    return found


def _spans(session: Session, reading: Reading) -> dict[str, tuple[str, date, date]]:
    """Terms by their ids, weeks by their Mondays."""
    from app.services.activities.terms import terms_of

    terms = terms_of(session, reading.adoption.id)
    found = {term.id: (term.name, term.starts_on, term.ends_on) for term in terms}
    for term in terms:
        monday = term.starts_on - timedelta(days=term.starts_on.weekday())
        while monday <= term.ends_on:
            since, until = max(monday, term.starts_on), min(monday + _WEEK, term.ends_on)
            week = f"{term.name}第{week_of(since, term.starts_on)}周"
            found.setdefault(since.isoformat(), (week, since, until))
            monday += _WEEK + timedelta(days=1)
    return found


def _read(reading: Reading, ids: Sequence[str]) -> list[Sheet]:
    with reading.uow.read() as session:
        facts = facts_of(session, reading)
        scope = scope_of(session, reading.adoption.id, reading.uow.context)
        spans = _spans(session, reading)
        if unknown := [one for one in ids if one not in spans]:
            raise NotFoundError(
                f"这一学年没有“{unknown[0]}”。", "请选学期或周（周用它的第一天，如 2025-10-13）。"
            )
        sheets = []
        for one in ids:
            name, first, last = spans[one]
            table = timetable_of(session, scope, first, last, "")
            lessons = _lessons(session, scope, facts, first, last)
            sheets.append(Sheet({
                **facts.of_day(first), "名称": name, "节数": str(len(lessons)),
                "起止日期": f"{long_date(first)}至{long_date(last)}",
                "冲突": "\n".join(table.conflicts), "课": lessons, "课表": _grid(table, lessons),
            }))  # fmt: skip
        return sheets


def _grid(table: Timetable, lessons: Sequence[Values]) -> list[Values]:
    """A line for each period, with what is taught on each weekday; synchronous lessons merged."""
    cells: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    merged = {one for slot in table.slots for one in slot.lesson_ids}
    for slot in table.slots:
        cells[slot.period][WEEKDAYS[slot.weekday]].append("\n".join(slot.lines))
    for one in lessons:
        if one["编号"] not in merged:
            cells[text(one, "节次")][text(one, "星期")].append("\n".join(filter(None, (
                joined(text(one, "学科"), text(one, "授课教师")),
                f"《{one['课题']}》" if one["课题"] else "",
                text(one, "上课学校") + text(one, "班级"), text(one, "日期"),
            ))))  # fmt: skip
    return [
        {"节次": period, **{day: "\n\n".join(cells[period][day]) for day in WEEKDAYS}}
        for period in sorted(cells, key=period_order)
    ]


def _some(names: Sequence[str]) -> str:
    """A few names in full; of many the first ones and how many there are."""
    if len(names) <= _NAMED:
        return "、".join(names)
    return f"{'、'.join(names[:_NAMED])}等 {len(names)} 人"


def _lessons(session: Session, scope: Scope, facts: Facts, first: date, last: date) -> list[Values]:
    query = (
        select(Lesson, Activity.title, Activity.place)
        .outerjoin(Activity, Activity.id == Lesson.activity_id)
        .where(Lesson.taught_on.between(first, last), lessons_of(scope))
        .order_by(Lesson.taught_on, Lesson.id)
    )
    rows = sorted(
        session.execute(query),
        key=lambda row: (row.Lesson.taught_on, period_order(row.Lesson.period)),
    )
    observers: dict[str, list[str]] = defaultdict(list)
    seen = select(Observation).order_by(Observation.id)
    for (one,) in rows_of(session, seen, Observation.lesson_id, [row.Lesson.id for row in rows]):
        observers[one.lesson_id].append(facts.person(one.observer_id).name)
    found: list[Values] = []
    for place, row in enumerate(rows, 1):
        day, period = row.Lesson.taught_on, written(row.Lesson.period)
        weekday = WEEKDAYS[day.weekday()]
        found.append({
            **lesson_values(row.Lesson, facts, place=row.place or ""), "序号": str(place),
            "编号": row.Lesson.id, "日期": f"{day.month}月{day.day}日", "星期": weekday,
            "节次": period or NO_PERIOD, "时间": f"{day.month}月{day.day}日（{weekday}）{period}",
            "活动名称": row.title or "", "听课人": _some(observers[row.Lesson.id]),
        })  # fmt: skip
    return found


SUBJECT = Subject("timetable", "课表", FIELDS, _targets, _read)
