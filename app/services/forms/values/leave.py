"""People on leave from an activity, as leave slips 请假条 see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.models import Activity, Attendance, Community
from app.services.forms.by_hand import all_blank
from app.services.forms.form import Field, Sheet, Subject, Target
from app.services.forms.values.facts import (
    days,
    facts_of,
    hours,
    in_order,
    joined,
    long_date,
    ours,
    rows_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.forms.reading import Reading

FIELDS = (
    Field("学校", "本单位"), Field("共同体"), Field("学年"), Field("学期"), Field("周次"), Field("星期"),
    Field("请假人", aliases=("姓名", "请假人姓名")), Field("请假人单位", aliases=("单位",)),
    Field("请假人职务", aliases=("职务",)), Field("联系电话", aliases=("电话",)),
    Field("请假事由", aliases=("请假原因", "事由", "原因")),
    Field("请假时间", "活动的日期和钟点", aliases=("时间", "请假日期")),
    Field("活动名称"), Field("活动主题"), Field("活动地点"), Field("主持人"), Field("主办单位"),
    Field("假条", "已交假条或未交"), Field("落款日期", "活动的日期"),
)  # fmt: skip


def _targets(reading: Reading) -> list[Target]:
    year = reading.adoption
    query = (
        select(Attendance.id, Attendance.person_id, Attendance.leave_reason, Activity.title,
               Activity.held_on)
        .join(Activity, Activity.id == Attendance.activity_id)
        .join(Community, Community.id == Activity.community_id)
        .where(
            Attendance.status == "leave",
            ours(reading),
            Activity.held_on.between(year.starts_on, year.ends_on),
        )
        .order_by(Activity.held_on, Activity.id, Attendance.id)
    )  # fmt: skip
    with reading.uow.read() as session:
        people = facts_of(session, reading).people
        return [
            Target(
                row.id, people[row.person_id].name, joined(row.title, row.leave_reason, by="　"),
                row.held_on,
            )
            for row in session.execute(query)
        ]  # fmt: skip


def _read(reading: Reading, ids: Sequence[str]) -> list[Sheet]:
    with reading.uow.read() as session:
        facts = facts_of(session, reading)
        if all_blank(reading.options):
            return [Sheet(facts.of_day(None))]
        query = select(Attendance, Activity).join(Activity, Activity.id == Attendance.activity_id)
        found = {}
        for leave, activity in rows_of(session, query, Attendance.id, ids):
            person = facts.person(leave.person_id)
            found[leave.id] = Sheet({
                **facts.of_day(activity.held_on), "请假人": person.name,
                "请假人单位": person.school, "请假人职务": person.post, "联系电话": person.phone,
                "请假事由": leave.leave_reason,
                "请假时间": joined(
                    days(activity.held_on, activity.ends_on),
                    hours(activity.starts_at, activity.ends_at),
                ),
                "活动名称": activity.title, "活动主题": activity.theme or activity.title,
                "活动地点": activity.place, "主持人": facts.person(activity.host_id).name,
                "主办单位": facts.school, "假条": "已交" if leave.leave_written else "未交",
                "落款日期": long_date(activity.held_on),
            })  # fmt: skip
        return in_order(found, ids, "请假")


SUBJECT = Subject("leave", "请假", FIELDS, _targets, _read)
