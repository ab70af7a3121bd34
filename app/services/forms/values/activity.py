"""Activities as forms and templates see them."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.models import (
    Activity,
    ActivityUnit,
    AgendaItem,
    Appointment,
    Attendance,
    Community,
    Duty,
    Lesson,
    Observation,
)
from app.services.entry.vocabulary import ATTENDANCE
from app.services.forms.by_hand import all_blank
from app.services.forms.form import Field, Sheet, Subject, Target
from app.services.forms.values.facts import (
    Facts,
    clock,
    days,
    facts_of,
    hours,
    in_order,
    joined,
    number,
    ours,
    rows_of,
)
from app.services.forms.values.pictures import LISTS, evidence_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.services.forms.form import Values
    from app.services.forms.reading import Reading

_WITHOUT_PICTURES = frozenset(
    ("preparation-record", "sign-in", "agenda", "invitation", "duty-list", "lecture-record")
)
"""Forms that show none: their readers need not open a single file."""

_QUOTED = re.compile("《[^《》]+》")
_PICTURE = (
    Field("图", picture=True), Field("说明"), Field("时间"), Field("地点"), Field("人物"),
    Field("事由"), Field("听课教师"), Field("责任者"),
)  # fmt: skip
FIELDS = (
    Field("学校", "本单位"), Field("共同体"), Field("学年"), Field("学期"),
    Field("周次", "第几周，按学期起始日算"), Field("星期"),
    Field("活动名称", aliases=("名称", "会议名称", "会议/活动名称")),
    Field("活动主题", "没有写主题的是活动名称",
          aliases=("主题", "教研主题", "研修主题", "活动内容", "活动课题")),
    Field("活动期次", aliases=("期次", "届次")), Field("活动类型", aliases=("类型", "活动类别")),
    Field("活动形式", aliases=("形式",)), Field("活动级别", aliases=("级别",)), Field("活动阶段"),
    Field("学科", aliases=("教研学科",)), Field("年级"), Field("年级学科"),
    Field("班级", aliases=("授课班级",)),
    Field("课题", "活动中各课的课题；没有课的取活动名称里的书名号"), Field("课时"),
    Field("活动日期", aliases=("日期",)), Field("开始时间"), Field("结束时间"),
    Field("活动时间", "日期和钟点", aliases=("时间", "会议时间")),
    Field("活动地点", aliases=("地点", "教研地点", "会议地点")),
    Field("教研组", "活动所属的小组", aliases=("组别", "备课组")), Field("教研组长", aliases=("组长",)),
    Field("主持人"), Field("主讲人", aliases=("主讲教师", "报告人")),
    Field("主备人", aliases=("中心发言人",)), Field("记录人", aliases=("记录",)),
    Field("授课教师", aliases=("执教教师", "执教者", "上课教师", "执教人")),
    Field("主办单位"), Field("承办单位"), Field("协办单位"), Field("参加单位"),
    Field("参与人员", "到会的人；还没有签到的是名单上的人", aliases=("参加人员", "参会人员", "出席人员")),
    Field("听课人员", "到会者中没有上课的人", aliases=("听课教师", "听课人")),
    Field("应到人数"), Field("实到人数"), Field("请假人数"), Field("缺席人数"),
    Field("未到场人员情况说明", "谁请假、谁缺席，原因", aliases=("缺席及原因", "缺勤情况", "缺席人员")),
    Field("主要活动流程", "议程，一行一项", aliases=("活动流程", "活动过程")),
    Field("内容记录", aliases=("活动记录", "研讨内容", "会议内容", "活动内容记录")),
    Field("听课评课记录", "活动记录和各人的评课意见", aliases=("评课记录",)),
    Field("分工情况"), Field("活动成果", aliases=("活动效果", "成果")),
    Field("反思与改进", aliases=("后续安排", "反思与行动", "反思")), Field("材料份数"),
    Field("议程", "各项", (
        Field("序号"), Field("时间"), Field("内容"), Field("负责人", aliases=("主讲人",)),
    )),
    Field("分工", "各项", (Field("序号"), Field("任务"), Field("负责人"), Field("单位"), Field("电话"))),
    Field("签到", "名单", (
        Field("序号"), Field("姓名"), Field("单位"),
        Field("职务", "职务和职称", aliases=("职务职称", "职务（职称）", "职务/职称")), Field("职称"),
        Field("电话", aliases=("联系电话",)),
        Field("签到时间"), Field("情况", "到会、请假、缺席"), Field("备注"),
    )),
    Field("课", "活动中的课", (
        Field("序号"), Field("授课教师"), Field("学校"), Field("年级"), Field("班级"), Field("学科"),
        Field("课题"), Field("节次"), Field("课型"), Field("形式"),
    )),
    Field("听课", "听课记录", (
        Field("序号"), Field("听课人"), Field("授课教师"), Field("课题"), Field("得分"), Field("等级"),
        Field("优点"), Field("建议"), Field("总评"),
    )),
    Field("材料", "活动的材料", (
        Field("序号"), Field("名称"), Field("材料项"), Field("责任者"), Field("日期"), Field("页数"),
    )),
    Field("照片", "活动照片", _PICTURE), Field("签到表", "签到表的扫描件", _PICTURE),
    Field("总结", "总结、反思的扫描件", _PICTURE), Field("听课笔记", "听课记录的扫描件", _PICTURE),
    Field("签到与总结", "签到表和总结的扫描件", _PICTURE),
)  # fmt: skip


def _targets(reading: Reading) -> list[Target]:
    year = reading.adoption
    query = (
        select(Activity.id, Activity.title, Activity.kind, Activity.held_on, Activity.place)
        .join(Community, Community.id == Activity.community_id)
        .where(ours(reading), Activity.held_on.between(year.starts_on, year.ends_on))
        .order_by(Activity.held_on, Activity.starts_at, Activity.id)
    )
    with reading.uow.read() as session:
        kinds = facts_of(session, reading).kinds
        return [
            Target(
                row.id, row.title, joined(kinds.get(row.kind, row.kind), row.place, by="　"),
                row.held_on,
            )
            for row in session.execute(query)
        ]  # fmt: skip


def _read(reading: Reading, ids: Sequence[str]) -> list[Sheet]:
    with reading.uow.read() as session:
        facts = facts_of(session, reading)
        if all_blank(reading.options):
            return [Sheet(facts.of_day(None))]
        parts = _parts(session, reading, ids, facts)
        rows = rows_of(session, select(Activity, Activity.id), Activity.id, ids)
        found = {row.id: _values(row.Activity, parts, facts) for row in rows}
        return [Sheet(values) for values in in_order(found, ids, "活动")]


def _parts(
    session: Session, reading: Reading, ids: Sequence[str], facts: Facts
) -> dict[str, Mapping[str, Any]]:
    """Everything that hangs on the activities: a statement for each kind of it, however many."""

    def by_activity(model: Any, *order: Any) -> Mapping[str, list[Any]]:
        groups: dict[str, list[Any]] = defaultdict(list)
        query = select(model).order_by(*order, model.id)
        for (row,) in rows_of(session, query, model.activity_id, ids):
            groups[row.activity_id].append(row)
        return groups

    observed: dict[str, list[Any]] = defaultdict(list)
    query = (
        select(Observation, Lesson)
        .join(Lesson, Lesson.id == Observation.lesson_id)
        .order_by(Lesson.period, Lesson.id, Observation.id)
    )
    for row in rows_of(session, query, Lesson.activity_id, ids):
        observed[row.Lesson.activity_id].append(row)
    shown = reading.form not in _WITHOUT_PICTURES
    return {
        "agenda": by_activity(AgendaItem, AgendaItem.ordinal),
        "duties": by_activity(Duty, Duty.ordinal),
        "attendances": by_activity(Attendance),
        "lessons": by_activity(Lesson, Lesson.taught_on, Lesson.period),
        "units": by_activity(ActivityUnit),
        "observed": observed,
        "evidence": evidence_of(session, ids, facts, reading.folder, shown=shown),
        "leaders": _leaders(session, facts),
    }


def _leaders(session: Session, facts: Facts) -> Mapping[str, str]:
    """Who leads each group: its 组长 by the scheme's names of roles."""
    roles = [one.key for one in facts.scheme.community.roles if one.name.endswith("组长")]
    query = (
        select(Appointment.community_id, Appointment.person_id)
        .where(Appointment.role.in_(roles), Appointment.ends_on.is_(None))
        .order_by(Appointment.ordinal, Appointment.id)
    )
    found: dict[str, str] = {}
    for row in session.execute(query):
        found.setdefault(row.community_id, facts.person(row.person_id).name)
    return found


def _values(row: Activity, parts: Mapping[str, Mapping[str, Any]], facts: Facts) -> Values:
    agenda, duties = parts["agenda"].get(row.id, ()), parts["duties"].get(row.id, ())
    lessons, observed = parts["lessons"].get(row.id, ()), parts["observed"].get(row.id, ())
    evidence = parts["evidence"].get(row.id, {})
    lists: dict[str, Any] = {
        "议程": [_agenda_line(n, one, facts) for n, one in enumerate(agenda, 1)],
        "分工": [_duty_line(n, one, facts) for n, one in enumerate(duties, 1)],
        "课": [_lesson_line(n, one, facts) for n, one in enumerate(lessons, 1)],
        "听课": [_observation_line(n, one, facts) for n, one in enumerate(observed, 1)],
        "材料": evidence.get("材料", []),
    }
    for name in LISTS:
        lists[name] = [
            {**line, "地点": row.place, "人物": line["人物"] or _seen(line, lessons, facts)}
            for line in evidence.get(name, ())
        ]
    lists["签到与总结"] = [*lists["签到表"], *lists["总结"]]
    return {
        **facts.of_day(row.held_on), **_head(row, facts, parts["leaders"]),
        **_roll(parts["attendances"].get(row.id, ()), {one.teacher_id for one in lessons}, facts),
        **_units(parts["units"].get(row.id, ()), facts),
        **_taught(lessons, _QUOTED.findall(row.title), facts),
        "年级学科": joined(*dict.fromkeys(one.grade for one in lessons), row.subject),
        **_spoken(parts["attendances"].get(row.id, ()), agenda, facts), **lists,
        "主要活动流程": "\n".join(
            joined(one["时间"], one["内容"]) + (one["负责人"] and f"（{one['负责人']}）")
            for one in lists["议程"]
        ),
        "分工情况": "\n".join(f"{one['任务']}：{one['负责人']}" for one in lists["分工"]),
        "听课评课记录": "\n".join(filter(None, (row.minutes, *_opinions(lists["听课"])))),
        "材料份数": str(len(lists["材料"]) or ""),
    }  # fmt: skip


def _head(row: Activity, facts: Facts, leaders: Mapping[str, str]) -> dict[str, Any]:
    return {
        "活动名称": row.title, "活动主题": row.theme or row.title, "活动期次": row.number,
        "活动类型": facts.kinds.get(row.kind, row.kind), "活动形式": row.form,
        "活动级别": row.level, "活动阶段": row.stage, "学科": row.subject,
        "活动日期": days(row.held_on, row.ends_on), "开始时间": clock(row.starts_at),
        "结束时间": clock(row.ends_at),
        "活动时间": joined(days(row.held_on, row.ends_on), hours(row.starts_at, row.ends_at)),
        "活动地点": row.place, "教研组": facts.groups.get(row.community_id, ""),
        "教研组长": leaders.get(row.community_id, ""), "主持人": facts.person(row.host_id).name,
        "记录人": facts.person(row.recorder_id).name, "内容记录": row.minutes,
        "活动成果": row.outcome, "反思与改进": row.next_steps,
    }  # fmt: skip


def _taught(lessons: Sequence[Lesson], quoted: Sequence[str], facts: Facts) -> dict[str, Any]:
    """The lessons in one line: teachers, classes, titles, each named once."""

    def each(*words: str) -> str:
        return "、".join(dict.fromkeys(filter(None, words)))

    return {
        "授课教师": each(*(facts.person(one.teacher_id).name for one in lessons)),
        "年级": each(*(one.grade for one in lessons)),
        "班级": each(*(one.class_name for one in lessons)),
        "课题": each(*(f"《{one.title}》" for one in lessons if one.title)) or "、".join(quoted),
        "课时": each(*(str(one.hours) for one in lessons)),
    }


def _units(units: Sequence[ActivityUnit], facts: Facts) -> dict[str, Any]:
    return {
        f"{part}单位": "、".join(
            facts.schools.get(one.school_id, "") for one in units if one.role == part
        )
        for part in ("主办", "承办", "协办", "参加")
    }


def _roll(attendances: Sequence[Attendance], teachers: set[str], facts: Facts) -> dict[str, Any]:
    present = [one for one in attendances if one.status == "present"]
    away = [one for one in attendances if one.status in ("leave", "absent")]
    named = present or [one for one in attendances if one.status == "expected"]
    listened = [one for one in named if one.person_id not in teachers]
    marked = bool(present or away)
    return {
        "参与人员": "、".join(facts.person(one.person_id).name for one in named),
        "听课人员": "、".join(facts.person(one.person_id).name for one in listened),
        "应到人数": str(len(attendances) or ""),
        "实到人数": str(len(present)) if marked else "",
        "请假人数": str(sum(one.status == "leave" for one in away)) if marked else "",
        "缺席人数": str(sum(one.status == "absent" for one in away)) if marked else "",
        "未到场人员情况说明": "；".join(
            f"{facts.person(one.person_id).name}（"
            f"{joined(ATTENDANCE[one.status], one.leave_reason, by='：')}）"
            for one in away
        ),
        "签到": [_signed_line(n, one, facts) for n, one in enumerate(attendances, 1)],
    }


def _spoken(
    attendances: Sequence[Attendance], agenda: Sequence[AgendaItem], facts: Facts
) -> dict[str, Any]:
    """Who spoke: by the part taken as it was signed, else by the words of the agenda."""

    def who(part: str, *words: str) -> str:
        signed = [one.person_id for one in attendances if part in one.part]
        told = [
            one.person_id for one in agenda if any(word in one.content for word in (part, *words))
        ]
        people = dict.fromkeys(facts.person(one).name for one in signed or told)
        return "、".join(filter(None, people))

    return {"主讲人": who("主讲", "讲座", "报告"), "主备人": who("主备", "中心发言")}


def _agenda_line(place: int, one: AgendaItem, facts: Facts) -> Values:
    return {
        "序号": str(place), "时间": hours(one.starts_at, one.ends_at), "内容": one.content,
        "负责人": facts.person(one.person_id).name,
    }  # fmt: skip


def _duty_line(place: int, one: Duty, facts: Facts) -> Values:
    person = facts.person(one.person_id)
    return {
        "序号": str(place), "任务": one.task, "负责人": person.name, "单位": person.short_school,
        "电话": person.phone,
    }  # fmt: skip


def _signed_line(place: int, one: Attendance, facts: Facts) -> Values:
    person = facts.person(one.person_id)
    status = "" if one.status == "expected" else ATTENDANCE[one.status]
    return {
        "序号": str(place), "姓名": person.name, "单位": person.short_school, "职务": person.post,
        "职称": person.title, "电话": person.phone, "签到时间": clock(one.signed_at), "情况": status,
        "备注": one.leave_reason,
    }  # fmt: skip


def _lesson_line(place: int, one: Lesson, facts: Facts) -> Values:
    teacher = facts.person(one.teacher_id)
    return {
        "序号": str(place), "授课教师": teacher.name,
        "学校": facts.schools.get(one.school_id or "", teacher.school), "年级": one.grade,
        "班级": one.class_name, "学科": one.subject, "课题": one.title, "节次": one.period,
        "课型": one.lesson_kind, "形式": one.form,
    }  # fmt: skip


def _observation_line(place: int, row: Any, facts: Facts) -> Values:
    one, lesson = row.Observation, row.Lesson
    return {
        "序号": str(place), "听课人": facts.person(one.observer_id).name,
        "授课教师": facts.person(lesson.teacher_id).name, "课题": lesson.title,
        "得分": number(one.score), "等级": one.grade, "优点": one.strengths, "建议": one.advice,
        "总评": one.overall,
    }  # fmt: skip


def _opinions(observed: Sequence[Any]) -> Iterator[str]:
    """What each observer said, a paragraph each; of which lesson, where there were several."""
    several = len({(one["授课教师"], one["课题"]) for one in observed}) > 1
    for one in observed:
        said = joined(one["优点"], one["建议"], one["总评"], by="")
        lesson = f"评《{one['课题']}》" if several and one["课题"] else ""
        if said:
            yield f"{one['听课人']}{lesson}：{said}"


def _seen(line: Any, lessons: Sequence[Lesson], facts: Facts) -> str:
    """Who is seen in a picture: the teacher of the lesson that its title names."""
    for one in lessons:
        if one.title and one.title in line["事由"]:
            return facts.person(one.teacher_id).name
    return ""


SUBJECT = Subject("activity", "活动", FIELDS, _targets, _read)
