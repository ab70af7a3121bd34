"""Sheets of activities and their parts, and of lessons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true

from app.models import (
    Activity,
    ActivityUnit,
    AgendaItem,
    Attendance,
    Duty,
    EvidenceLink,
    Lesson,
    Observation,
)
from app.services.activities.stages import may_come_to
from app.services.entry.checks import different, in_order, together
from app.services.entry.fields import Field, Rule, Scope, Sheet, View
from app.services.entry.materials import lacks_material, lacks_sign_in, overdue
from app.services.entry.recent import recently_changed
from app.services.entry.sheets.people import communities_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models import Record


def _present() -> ColumnElement[int]:
    here = Attendance.activity_id == Activity.id, Attendance.status == "present"
    return select(func.count()).where(*here).scalar_subquery()


def _expected() -> ColumnElement[int]:
    return select(func.count()).where(Attendance.activity_id == Activity.id).scalar_subquery()


def _lessons() -> ColumnElement[int]:
    return select(func.count()).where(Lesson.activity_id == Activity.id).scalar_subquery()


def _evidence() -> ColumnElement[int]:
    return (
        select(func.count(EvidenceLink.evidence_id.distinct()))
        .where(EvidenceLink.activity_id == Activity.id)
        .scalar_subquery()
    )


def _days(first: object, last: object) -> ColumnElement[bool]:
    return Activity.held_on.between(first, last)


ACTIVITY = Sheet(
    "activity", "活动", "次", Activity,
    (
        Field("held_on", "日期", "date", width=104),
        Field("title", "名称", required=True, most=300, width=260),
        Field("kind", "类型", "choice", vocabulary="activity_kind", width=100),
        Field("form", "形式", "suggest", vocabulary="activity_form", most=60, width=80),
        Field("stage", "阶段", "suggest", vocabulary="activity_stage", most=60, width=80),
        Field("level", "级别", "suggest", vocabulary="level", most=20, width=64, hidden=True),
        Field("number", "期次", most=40, width=72, hidden=True),
        Field("week", "周次", only="week", width=72),
        Field("starts_at", "开始", "time", width=64, hidden=True),
        Field("ends_at", "结束", "time", width=64, hidden=True),
        Field("ends_on", "结束日期", "date", width=104, hidden=True, help="多日活动才填"),
        Field("place", "地点", width=140),
        Field("subject", "学科", "suggest", vocabulary="subject", most=60, width=80),
        Field("host_id", "主持人", "ref", target="person", width=90),
        Field("recorder_id", "记录人", "ref", target="person", width=90, hidden=True),
        Field("present", "实到", "int", sql=_present, width=52),
        Field("expected", "应到", "int", sql=_expected, width=52),
        Field("lessons", "课", "int", sql=_lessons, width=44),
        Field("evidence", "材料", "int", sql=_evidence, width=52),
        Field("theme", "主题", most=500, width=200, hidden=True),
        Field("community_id", "共同体或小组", "ref", target="community", required=True, width=180,
              hidden=True),
        Field("minutes", "活动记录", "long", most=100_000, hidden=True, section="记录"),
        Field("outcome", "成效", "long", most=100_000, hidden=True, section="记录"),
        Field("next_steps", "下一步", "long", most=100_000, hidden=True, section="记录"),
    ),
    title="title", order=(("held_on", True),),
    within="community_id",
    start=lambda scope: {"community_id": scope.community_id},
    check=together(
        in_order("held_on", "ends_on"),
        lambda values: {} if values.get("ends_on") else in_order("starts_at", "ends_at")(values),
    ),
    guard=may_come_to,
    parts=("agenda_item", "duty", "activity_unit", "attendance", "lesson"),
    copied=("agenda_item", "duty", "activity_unit"),
    views=(
        View("term", "本学期", lambda scope: _days(scope.term_starts, scope.term_ends)),
        View("year", "本学年", lambda scope: _days(scope.year_starts, scope.year_ends)),
        View("missing", "缺材料", lacks_material),
        View("no_sign_in", "无签到表", lacks_sign_in),
        View("overdue", "超期", overdue),
        View("no_minutes", "缺记录", lambda _scope: Activity.minutes == ""),
        View("recent", "我最近改的", lambda scope: recently_changed(Activity, scope)),
    ),
)  # fmt: skip

AGENDA_ITEM = Sheet(
    "agenda_item", "日程", "项", AgendaItem,
    (
        Field("starts_at", "开始", "time", width=72),
        Field("ends_at", "结束", "time", width=72),
        Field("content", "内容", required=True, most=500, width=320),
        Field("person_id", "负责人", "ref", target="person", width=100),
    ),
    title="content", parent="activity_id", owner="activity", ordered=True,
    check=in_order("starts_at", "ends_at"),
)  # fmt: skip

DUTY = Sheet(
    "duty", "分工", "项", Duty,
    (
        Field("task", "事项", "suggest", vocabulary="task", required=True, most=200, width=260),
        Field("person_id", "负责人", "ref", target="person", width=120),
    ),
    title="task", parent="activity_id", owner="activity", ordered=True,
)  # fmt: skip

ACTIVITY_UNIT = Sheet(
    "activity_unit", "单位", "个", ActivityUnit,
    (
        Field("role", "方式", "suggest", vocabulary="unit_part", required=True, most=20, width=90),
        Field("school_id", "单位", "ref", target="school", required=True, width=200),
        Field("teachers", "参加人数", "int", most=10_000, width=80),
    ),
    title="role", parent="activity_id", owner="activity",
    rules=(Rule(("activity_id", "school_id", "role"), "这个单位已经列过。"),),
)  # fmt: skip

ATTENDANCE = Sheet(
    "attendance", "签到", "人", Attendance,
    (
        Field("person_id", "姓名", "ref", target="person", required=True, width=110),
        Field("status", "情况", "choice", vocabulary="attendance", required=True, width=80),
        Field("signed_at", "签到时间", "time", width=84),
        Field("part", "角色", "suggest", vocabulary="part", most=40, width=90),
        Field("leave_written", "有假条", "bool", width=72),
        Field("leave_reason", "请假事由", most=300, width=180),
    ),
    title="person_id", parent="activity_id", owner="activity", order=(("person_id", False),),
    start=lambda _scope: {"status": "expected"},
    rules=(Rule(("activity_id", "person_id"), "这个人已经在名单上。"),),
)  # fmt: skip


def _observed() -> ColumnElement[int]:
    return select(func.count()).where(Observation.lesson_id == Lesson.id).scalar_subquery()


def lessons_of(scope: Scope) -> ColumnElement[bool]:
    """Lessons of the community's activities, and those taught outside any activity."""
    if scope.whole:
        return true()
    within = exists().where(
        Activity.id == Lesson.activity_id, Activity.community_id.in_(communities_of(scope))
    )
    return or_(Lesson.activity_id.is_(None), within)


def _as_the_activity(session: Session, row: Record, _scope: Scope) -> None:
    """A lesson of an activity is taught on its day, in its subject, unless said otherwise."""
    if isinstance(row, Lesson) and row.activity_id is not None:
        activity = session.get_one(Activity, row.activity_id)
        row.taught_on = row.taught_on or activity.held_on
        row.subject = row.subject or activity.subject


LESSON = Sheet(
    "lesson", "课", "节", Lesson,
    (
        Field("taught_on", "日期", "date", width=104),
        Field("period", "节次", "suggest", vocabulary="period", most=40, width=72),
        Field("teacher_id", "执教", "ref", target="person", required=True, width=90),
        Field("subject", "学科", "suggest", vocabulary="subject", most=60, width=72),
        Field("title", "课题", most=300, width=200),
        Field("class_name", "班级", most=60, width=90),
        Field("form", "形式", "suggest", vocabulary="lesson_form", most=60, width=90),
        Field("lesson_kind", "课型", "suggest", vocabulary="lesson_kind", most=60, width=72),
        Field("edition", "教材版本", "suggest", vocabulary="edition", most=60, width=90),
        Field("grade", "年级", "suggest", vocabulary="grade", most=60, width=80),
        Field("volume", "册次", "suggest", vocabulary="volume", most=40, width=72),
        Field("hours", "课时", "int", least=1, most=100, width=56),
        Field("school_id", "授课地点", "ref", target="school", width=150, hidden=True,
              help="不在本校上课时填"),
        Field("receiving_school_id", "接收学校", "ref", target="school", width=150, hidden=True,
              section="同步课堂"),
        Field("receiving_class", "接收班级", most=60, width=90, hidden=True, section="同步课堂"),
        Field("receiving_teacher_id", "接收端教师", "ref", target="person", width=100, hidden=True,
              section="同步课堂"),
        Field("medium", "授课方式", "suggest", vocabulary="medium", most=60, width=90, hidden=True),
        Field("activity_id", "所属活动", "ref", target="activity", width=180, hidden=True),
        Field("observed", "听课", "int", sql=_observed, width=52),
    ),
    title="title", parent="activity_id", owner="activity", order=(("taught_on", True),),
    scope=lessons_of,
    check=different("school_id", "receiving_school_id", "接收学校和授课地点相同。"),
    after_create=_as_the_activity,
    views=(
        View("term", "本学期", lambda s: Lesson.taught_on.between(s.term_starts, s.term_ends)),
        View("year", "本学年", lambda s: Lesson.taught_on.between(s.year_starts, s.year_ends)),
        View("synchronous", "同步课堂", lambda _s: or_(
            Lesson.form == "同步课堂", Lesson.receiving_school_id.is_not(None))),
        View("unobserved", "没有听课记录", lambda _s: ~exists().where(
            and_(Observation.lesson_id == Lesson.id))),
        View("recent", "我最近改的", lambda scope: recently_changed(Lesson, scope)),
    ),
)  # fmt: skip

SHEETS = (ACTIVITY, AGENDA_ITEM, DUTY, ACTIVITY_UNIT, ATTENDANCE, LESSON)
