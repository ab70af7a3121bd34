"""What an observation must keep to, and what looks doubtful about it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.models import (
    Activity,
    Attendance,
    Lesson,
    Observation,
    Person,
    School,
    SchoolYear,
)
from app.services.observations.periods import overlap
from app.services.observations.records import Doubt, EntryError
from app.services.rubrics import FULL

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from app.services.observations.records import Entry
    from app.services.rubrics import RubricView

SHORT, LONG = 200, 100_000
_MOST_MINUTES = 600
_MOST_HOURS = 12
_YEARS = (1949, 2199)
_SHORT_FIELDS = {
    "period": "节次", "class_name": "班级", "subject": "学科", "title": "课题", "lesson_kind": "课型",
    "form": "形式", "year_group": "年级", "grade": "等级", "reason": "原因",
}  # fmt: skip
_LONG_FIELDS = {"strengths": "优点", "advice": "建议", "overall": "总评"}
_AWAY = {"leave": "请假", "absent": "缺席"}


def refuse(session: Session, entry: Entry, rubric: RubricView | None) -> None:
    """Raise EntryError naming every field that cannot be taken."""
    wrong = {**_people(session, entry), **_texts(entry)}
    if entry.day is None:
        wrong["day"] = "请填写听课日期。"
    elif not _YEARS[0] <= entry.day.year <= _YEARS[1]:
        wrong["day"] = f"年份 {entry.day.year} 不对。"
    if not 1 <= entry.hours <= _MOST_HOURS:
        wrong["hours"] = f"听课节数应在 1 到 {_MOST_HOURS} 之间。"
    for number, step in enumerate(entry.steps, start=1):
        if step.minute is not None and not 0 <= step.minute <= _MOST_MINUTES:
            wrong["steps"] = f"教学过程第 {number} 行的分钟数 {step.minute} 不对。"
    wrong.update(_scores(entry, rubric))
    if entry.rubric_id and rubric is None:
        wrong["rubric_id"] = "这份评价量表已不在了，请另选一份。"
    for name, target, label in (
        ("school_id", School, "单位"),
        ("activity_id", Activity, "活动"),
    ):
        target_id = getattr(entry, name)
        if target_id and session.get(target, target_id) is None:
            wrong[name] = f"所选的{label}已不在了，请重新选择。"
    if wrong:
        raise EntryError(wrong)


def _people(session: Session, entry: Entry) -> dict[str, str]:
    wrong = {}
    for name, label in (("teacher_id", "授课教师"), ("observer_id", "听课人")):
        person_id = getattr(entry, name)
        if not person_id:
            wrong[name] = f"请填写{label}。"
        elif session.get(Person, person_id) is None:
            wrong[name] = f"这位{label}已不在人员名单里，请重新选择。"
    if entry.teacher_id and entry.teacher_id == entry.observer_id:
        wrong["observer_id"] = "听课人不能是授课教师本人。"
    return wrong


def _texts(entry: Entry) -> dict[str, str]:
    wrong = {}
    said = (entry.title, entry.steps, entry.strengths, entry.advice, entry.overall, entry.points)
    if not any(said) and entry.score is None:
        wrong["title"] = "请至少填写课题、教学过程、评语、评分中的一项。"
    for fields, most in ((_SHORT_FIELDS, SHORT), (_LONG_FIELDS, LONG)):
        for name, label in fields.items():
            if len(getattr(entry, name)) > most:
                wrong[name] = f"{label}太长，最多 {most} 字。"
    if any(len(step.process) > LONG or len(step.comment) > LONG for step in entry.steps):
        wrong["steps"] = f"教学过程或评析太长，每格最多 {LONG} 字。"
    return wrong


def _scores(entry: Entry, rubric: RubricView | None) -> dict[str, str]:
    wrong = {}
    items = {item.id: item for item in rubric.items} if rubric else {}
    for item_id, points in entry.points.items():
        item = items.get(item_id)
        if item is None:
            wrong["points"] = "有得分不属于所选的量表，请重新打分。"
        elif not (math.isfinite(points) and 0 <= points <= item.points):
            wrong[f"points.{item_id}"] = f"“{item.name}”应在 0 到 {item.points:g} 分之间。"
    most = rubric.full if rubric else FULL
    if entry.score is not None and not (math.isfinite(entry.score) and 0 <= entry.score <= most):
        wrong["score"] = f"总分应在 0 到 {most:g} 分之间。"
    return wrong


def doubts(
    session: Session, entry: Entry, today: date, observation_id: str = "", lesson_id: str = ""
) -> tuple[Doubt, ...]:
    """What looks wrong about who, when and where; the record itself and its lesson are left out."""
    if entry.day is None:
        return ()
    found = [*_about_day(session, entry.day, today)]
    for lesson, observer_id, teacher in _same_day(session, entry, observation_id):
        if lesson.id == lesson_id or not overlap(lesson.period, entry.period):
            continue
        what = f"{teacher}《{lesson.title}》" if lesson.title else f"{teacher}的课"
        if observer_id == entry.observer_id:
            found.append(Doubt("period", f"听课人这一节已在听{what}。"))
        elif lesson.teacher_id == entry.observer_id:
            found.append(Doubt("period", f"听课人这一节自己在上《{lesson.title}》。"))
        elif lesson.teacher_id == entry.teacher_id:
            found.append(Doubt("period", f"授课教师这一节已登记了另一节课：{what}。"))
    found.extend(_away(session, entry))
    return tuple(dict.fromkeys(found))


def _about_day(session: Session, day: date, today: date) -> list[Doubt]:
    if day > today:
        return [Doubt("day", f"日期 {day} 还没有到。")]
    years = session.execute(select(SchoolYear.starts_on, SchoolYear.ends_on)).all()
    if years and not any(year.starts_on <= day <= year.ends_on for year in years):
        return [Doubt("day", f"日期 {day} 不在本档案库的任何学年里。")]
    return []


def _same_day(session: Session, entry: Entry, observation_id: str) -> list[tuple[Lesson, str, str]]:
    """Lessons of that day in which the observer or the teacher is: with observer and teacher's name."""
    rows = session.execute(
        select(Lesson, Observation.observer_id, Person.name)
        .join(Person, Person.id == Lesson.teacher_id)
        .outerjoin(
            Observation,
            (Observation.lesson_id == Lesson.id)
            & (Observation.observer_id == entry.observer_id)
            & (Observation.id != observation_id),
        )
        .where(
            Lesson.taught_on == entry.day,
            Observation.id.is_not(None)
            | Lesson.teacher_id.in_([entry.teacher_id, entry.observer_id]),
        )
        .order_by(Lesson.id)
    )
    return [(lesson, observer or "", name) for lesson, observer, name in rows]


def _away(session: Session, entry: Entry) -> list[Doubt]:
    """Activities of that day for which one of the two is down as on leave or absent."""
    rows = session.execute(
        select(Activity.title, Attendance.person_id, Attendance.status)
        .join(Activity, Activity.id == Attendance.activity_id)
        .where(
            Activity.held_on == entry.day,
            Attendance.person_id.in_([entry.teacher_id, entry.observer_id]),
            Attendance.status.in_(_AWAY),
        )
        .order_by(Activity.id)
    )
    return [
        Doubt(
            "teacher_id" if row.person_id == entry.teacher_id else "observer_id",
            f"{'授课教师' if row.person_id == entry.teacher_id else '听课人'}"
            f"当天在“{row.title}”里登记为{_AWAY[row.status]}。",
        )
        for row in rows
    ]
