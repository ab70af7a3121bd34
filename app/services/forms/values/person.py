"""People as templates see them: what the register says, and what they did in the year."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.models import (
    Activity,
    Appointment,
    Attendance,
    Community,
    Lesson,
    Observation,
    Person,
)
from app.services.forms.form import Field, Sheet, Subject, Target
from app.services.forms.values.facts import (
    Facts,
    facts_of,
    in_order,
    joined,
    long_date,
    number,
    ours,
    rows_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.services.forms.form import Values
    from app.services.forms.reading import Reading

FIELDS = (
    Field("学校", "本单位"), Field("共同体"), Field("学年"),
    Field("姓名", aliases=("教师姓名",)), Field("性别"),
    Field("出生年月", aliases=("出生日期",)), Field("民族"), Field("身份证号", aliases=("身份证号码",)),
    Field("联系电话", aliases=("电话", "手机号码", "手机")), Field("学历", aliases=("最高学历",)),
    Field("单位", aliases=("学校名称", "工作单位", "所在单位")),
    Field("职称", aliases=("专业技术职务",)), Field("职务", aliases=("行政职务",)),
    Field("任教学科", aliases=("学科",)), Field("任教年级", aliases=("年级",)),
    Field("参加工作时间", aliases=("参加工作年月",)), Field("角色", "在共同体里的角色"),
    Field("荣誉称号"), Field("备注"), Field("上课节数"), Field("听课节数"), Field("活动次数", "到会的"),
    Field("上课", "本学年上的课", (Field("序号"), Field("日期"), Field("课题"), Field("学科"),
                            Field("班级"), Field("形式"), Field("节次"))),
    Field("听课", "本学年的听课", (Field("序号"), Field("日期"), Field("课题"), Field("授课教师"),
                            Field("节数"), Field("得分"), Field("等级"))),
    Field("活动", "本学年到会的活动", (Field("序号"), Field("日期"), Field("活动名称"), Field("活动类型"),
                               Field("地点"))),
    Field("荣誉", "各项", (Field("序号"), Field("名称"), Field("级别"), Field("时间"), Field("颁发单位"))),
)  # fmt: skip


def _targets(reading: Reading) -> list[Target]:
    query = (
        select(Person.id)
        .join(Appointment, Appointment.person_id == Person.id)
        .join(Community, Community.id == Appointment.community_id)
        .where(ours(reading))
        .order_by(Appointment.ordinal, Appointment.id)
    )
    with reading.uow.read() as session:
        facts = facts_of(session, reading)
        return [
            Target(one, facts.person(one).name, facts.person(one).school)
            for one in dict.fromkeys(session.scalars(query))
        ]


def _read(reading: Reading, ids: Sequence[str]) -> list[Sheet]:
    with reading.uow.read() as session:
        facts = facts_of(session, reading)
        query = select(Person).options(selectinload(Person.subjects), selectinload(Person.honours))
        lists = _lists(session, reading, ids, facts)
        found = {
            row.id: Sheet({**facts.of_day(None), **_values(row, facts), **lists[row.id]})
            for (row,) in rows_of(session, query, Person.id, ids)
        }
        return in_order(found, ids, "人员")


def _values(row: Person, facts: Facts) -> dict[str, Any]:
    return {
        "姓名": row.name, "性别": row.sex, "出生年月": row.born_on.replace("-", "."),
        "民族": row.ethnic_group, "身份证号": row.id_number, "联系电话": row.phone,
        "学历": row.education, "单位": facts.person(row.id).school, "职称": row.title,
        "职务": row.office, "任教学科": "、".join(one.subject for one in row.subjects),
        "任教年级": row.grade, "参加工作时间": row.joined_on.replace("-", "."), "备注": row.note,
        "荣誉称号": "、".join(one.level + one.name for one in row.honours),
        "荣誉": [
            {
                "序号": str(n), "名称": one.name, "级别": one.level,
                "时间": one.awarded_on.replace("-", "."), "颁发单位": one.awarded_by,
            }
            for n, one in enumerate(row.honours, 1)
        ],
    }  # fmt: skip


def _lists(
    session: Session, reading: Reading, ids: Sequence[str], facts: Facts
) -> Mapping[str, Values]:
    year = (reading.adoption.starts_on, reading.adoption.ends_on)
    taught: dict[str, list[Values]] = defaultdict(list)
    query = select(Lesson).where(Lesson.taught_on.between(*year)).order_by(
        Lesson.taught_on, Lesson.period, Lesson.id
    )  # fmt: skip
    for (one,) in rows_of(session, query, Lesson.teacher_id, ids):
        taught[one.teacher_id].append(_numbered(taught[one.teacher_id], {
            "日期": long_date(one.taught_on), "课题": one.title, "学科": one.subject,
            "班级": one.class_name, "形式": one.form, "节次": one.period,
        }))  # fmt: skip
    seen: dict[str, list[Values]] = defaultdict(list)
    hours: dict[str, int] = defaultdict(int)
    for row in rows_of(session, _observed(year), Observation.observer_id, ids):
        one = row.Observation
        hours[one.observer_id] += one.hours
        seen[one.observer_id].append(_numbered(seen[one.observer_id], {
            "日期": long_date(one.observed_on), "课题": row.title,
            "授课教师": facts.person(row.teacher_id).name, "节数": str(one.hours),
            "得分": number(one.score), "等级": one.grade,
        }))  # fmt: skip
    came: dict[str, list[Values]] = defaultdict(list)
    for row in rows_of(session, _came(year), Attendance.person_id, ids):
        came[row.person_id].append(_numbered(came[row.person_id], {
            "日期": long_date(row.held_on), "活动名称": row.title,
            "活动类型": facts.kinds.get(row.kind, row.kind), "地点": row.place,
        }))  # fmt: skip
    roles = _roles(session, reading, ids, facts)
    return {
        one: {
            "角色": roles.get(one, ""), "上课": taught[one], "听课": seen[one], "活动": came[one],
            "上课节数": str(len(taught[one])), "听课节数": str(hours[one]),
            "活动次数": str(len(came[one])),
        }
        for one in ids
    }  # fmt: skip


def _numbered(before: Sequence[Values], line: dict[str, str]) -> Values:
    return {"序号": str(len(before) + 1), **line}


def _observed(year: tuple[Any, Any]) -> Any:
    return (
        select(Observation, Lesson.title, Lesson.teacher_id)
        .join(Lesson, Lesson.id == Observation.lesson_id)
        .where(Observation.observed_on.between(*year))
        .order_by(Observation.observed_on, Observation.id)
    )


def _came(year: tuple[Any, Any]) -> Any:
    return (
        select(
            Attendance.person_id, Activity.held_on, Activity.title, Activity.kind, Activity.place
        )
        .join(Activity, Activity.id == Attendance.activity_id)
        .where(Attendance.status == "present", Activity.held_on.between(*year))
        .order_by(Activity.held_on, Activity.id)
    )


def _roles(
    session: Session, reading: Reading, ids: Sequence[str], facts: Facts
) -> Mapping[str, str]:
    names = {role.key: role.name for role in facts.scheme.community.roles}
    query = (
        select(Appointment.person_id, Appointment.role)
        .where(Appointment.community_id == reading.adoption.community_id)
        .order_by(Appointment.ordinal, Appointment.id)
    )
    found: dict[str, str] = {}
    for row in rows_of(session, query, Appointment.person_id, ids):
        role = names.get(row.role, row.role)
        if role not in found.get(row.person_id, "").split("、"):
            found[row.person_id] = joined(found.get(row.person_id, ""), role, by="、")
    return found


SUBJECT = Subject("person", "人员", FIELDS, _targets, _read)
