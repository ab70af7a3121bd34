"""Lessons as forms and templates see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from app.models import Activity, Community, Lesson
from app.services.entry.computed import whole_years
from app.services.forms.by_hand import all_blank
from app.services.forms.form import Field, Sheet, Subject, Target
from app.services.forms.values.facts import (
    Facts,
    facts_of,
    in_order,
    joined,
    long_date,
    ours,
    rows_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.forms.form import Values
    from app.services.forms.reading import Reading

FIELDS = (
    Field("学校", "本单位"), Field("共同体"), Field("学年"), Field("学期"), Field("周次"), Field("星期"),
    Field("课题", aliases=("课题名称", "教学内容", "课程名称")),
    Field("授课教师", aliases=("执教教师", "执教者", "上课教师", "执教人", "任课教师", "主讲教师")),
    Field("授课教师职称", aliases=("职称",)), Field("教龄", "授课教师参加工作以来的整年数"),
    Field("授课学校", "授课教师的单位", aliases=("单位", "教师单位")),
    Field("上课学校", "课在哪个学校上"),
    Field("听课地点", "上课的学校或活动的地点", aliases=("地点", "上课地点")),
    Field("学科"), Field("年级"), Field("班级", aliases=("授课班级",)), Field("学科年级", "学科 / 年级"),
    Field("教材版本", aliases=("版本",)), Field("册次"), Field("课型"), Field("课的形式", "示范课、研讨课……"),
    Field("课时"), Field("上课日期", aliases=("日期",)), Field("节次"),
    Field("上课时间", "日期和节次", aliases=("时间",)), Field("听课时间", "日期和节次"),
    Field("接收学校", "同步课堂另一端"), Field("接收班级"), Field("接收教师"),
    Field("接收端", "同步课堂另一端的学校、班级、教师"), Field("活动名称"),
    Field("活动主题"),
)  # fmt: skip


def lesson_values(lesson: Lesson, facts: Facts, *, place: str = "") -> Values:
    """What a lesson says of itself."""
    teacher = facts.person(lesson.teacher_id)
    school = facts.schools.get(lesson.school_id or "", teacher.school)
    receives = facts.schools.get(lesson.receiving_school_id or "", "")
    receiver = facts.person(lesson.receiving_teacher_id).name
    served = whole_years(teacher.joined_on, lesson.taught_on) if lesson.taught_on else None
    return {
        "课题": lesson.title, "授课教师": teacher.name, "授课教师职称": teacher.title,
        "教龄": "" if served is None else f"{served}年", "授课学校": teacher.school,
        "上课学校": school, "听课地点": place or school, "学科": lesson.subject, "年级": lesson.grade,
        "班级": lesson.class_name,
        "学科年级": joined(lesson.subject, lesson.grade or lesson.class_name, by=" / "),
        "教材版本": lesson.edition, "册次": lesson.volume, "课型": lesson.lesson_kind,
        "课的形式": lesson.form, "课时": str(lesson.hours), "上课日期": long_date(lesson.taught_on),
        "节次": lesson.period, "上课时间": joined(long_date(lesson.taught_on), lesson.period),
        "接收学校": receives,
        "接收班级": lesson.receiving_class,
        "接收教师": receiver,
        "接收端": receives + lesson.receiving_class + (receiver and f"（{receiver}）"),
    }  # fmt: skip


def _targets(reading: Reading) -> list[Target]:
    year = reading.adoption
    query = (
        select(Lesson.id, Lesson.title, Lesson.teacher_id, Lesson.period, Lesson.taught_on)
        .outerjoin(Activity, Activity.id == Lesson.activity_id)
        .outerjoin(Community, Community.id == Activity.community_id)
        .where(or_(Lesson.activity_id.is_(None), ours(reading)))
        .where(Lesson.taught_on.between(year.starts_on, year.ends_on))
        .order_by(Lesson.taught_on, Lesson.period, Lesson.id)
    )
    with reading.uow.read() as session:
        people = facts_of(session, reading).people
        return [
            Target(
                row.id, f"《{row.title}》{people[row.teacher_id].name}", row.period, row.taught_on
            )
            for row in session.execute(query)
        ]


def _read(reading: Reading, ids: Sequence[str]) -> list[Sheet]:
    with reading.uow.read() as session:
        facts = facts_of(session, reading)
        if all_blank(reading.options):
            return [Sheet(facts.of_day(None))]
        query = select(Lesson, Activity.title, Activity.theme, Activity.place).outerjoin(
            Activity, Activity.id == Lesson.activity_id
        )
        found = {
            row.Lesson.id: {
                **lesson_values(row.Lesson, facts, place=row.place or ""),
                **facts.of_day(row.Lesson.taught_on),
                "听课时间": joined(long_date(row.Lesson.taught_on), row.Lesson.period),
                "活动名称": row.title or "", "活动主题": row.theme or row.title or "",
            }
            for row in rows_of(session, query, Lesson.id, ids)
        }  # fmt: skip
        return [Sheet(values) for values in in_order(found, ids, "课")]


SUBJECT = Subject("lesson", "课", FIELDS, _targets, _read)
