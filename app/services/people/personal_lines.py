"""The lines of a personal file, one query a section, each along the index of the person's column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import aliased

from app.models import (
    Activity,
    AgendaItem,
    Appointment,
    Attendance,
    Community,
    Dispatch,
    Draw,
    DrawPerson,
    Duty,
    Evidence,
    EvidenceLink,
    Honour,
    Lesson,
    MentorPair,
    Observation,
    Person,
    RubricItem,
    SchemeAdoption,
    School,
)
from app.services.adoption import parsed
from app.services.entry.vocabulary import ATTENDANCE
from app.services.people.personal import Line, Period, Section, rank

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

_COUNTED = ("present", "leave", "absent")


@dataclass(frozen=True, slots=True)
class _Look:
    """Whose file, of which time, and the words of the schemes."""

    session: Session
    person_id: str
    period: Period
    roles: dict[str, str]
    kinds: dict[str, str]

    def within(self, day: Any) -> ColumnElement[bool]:
        """Condition: a date lies in the period."""
        if self.period.starts_on is None:
            return true()
        return and_(day >= self.period.starts_on, day <= self.period.ends_on)

    def overlaps(self, start: Any, end: Any) -> ColumnElement[bool]:
        """Condition: a stretch of time touches the period; open ends reach everywhere."""
        if self.period.starts_on is None:
            return true()
        return and_(
            or_(start.is_(None), start <= self.period.ends_on),
            or_(end.is_(None), end >= self.period.starts_on),
        )

    def line(
        self, kind: str, record_id: str, day: date | None, cells: Iterable[object], **figures: float
    ) -> Line:
        """A line of that day."""
        written = tuple("" if cell is None else str(cell) for cell in cells)
        return Line(kind, record_id, self.period.term_of(day), written, tuple(figures.items()))


def sections(session: Session, person_id: str, period: Period) -> tuple[Section, ...]:
    """All sections, also those without lines."""
    look = _Look(session, person_id, period, *_scheme_words(session))
    return (
        _lessons(look), _received(look), _given(look), _activities(look), _duties(look),
        _pairs(look), _dispatches(look), _appointments(look), _honours(look), _draws(look),
        _evidence(look),
    )  # fmt: skip


def _scheme_words(session: Session) -> tuple[dict[str, str], dict[str, str]]:
    """Names of roles and of kinds of activity; those of the newest scheme count."""
    roles: dict[str, str] = {}
    kinds: dict[str, str] = {}
    for text in session.scalars(select(SchemeAdoption.source_text).order_by(SchemeAdoption.id)):
        scheme = parsed(text)
        roles |= {role.key: role.name for role in scheme.community.roles}
        kinds |= {kind.key: kind.name for kind in scheme.activity}
    return roles, kinds


def _percent(session: Session) -> dict[str | None, float]:
    """Full points of each rubric."""
    full = select(RubricItem.rubric_id, func.sum(RubricItem.points)).group_by(RubricItem.rubric_id)
    return {row[0]: row[1] for row in session.execute(full)}


def _taught_on() -> Any:
    return func.coalesce(Lesson.taught_on, Activity.held_on)


def _lessons(look: _Look) -> Section:
    observed = select(func.count()).where(Observation.lesson_id == Lesson.id).scalar_subquery()
    query = (
        select(
            Lesson.id, _taught_on().label("day"), Lesson.title, Lesson.subject, Lesson.class_name,
            Lesson.form, Lesson.hours, Lesson.teacher_id, Activity.title.label("activity"),
            observed.label("observed"),
        )
        .outerjoin(Activity, Activity.id == Lesson.activity_id)
        .where(
            or_(Lesson.teacher_id == look.person_id, Lesson.receiving_teacher_id == look.person_id),
            look.within(_taught_on()),
        )
        .order_by(_taught_on().desc(), Lesson.id.desc())
    )  # fmt: skip
    lines = []
    for row in look.session.execute(query):
        own = row.teacher_id == look.person_id
        cells = (
            row.day, row.title, row.subject, row.class_name, row.form, row.hours,
            "执教" if own else "接收端", row.activity, row.observed,
        )  # fmt: skip
        figures = {"lessons": row.hours} if own else {}
        lines.append(look.line("lesson", row.id, row.day, cells, **figures))
    columns = ("日期", "课题", "学科", "班级", "形式", "课时", "承担", "所属活动", "听课人数")
    return Section("lessons", "授课", columns, tuple(lines))


def _observed(look: _Look, who: Any, other: Any) -> list[Any]:
    """Observations on one side of which the person is; ``other`` names who is on the other."""
    day = func.coalesce(Observation.observed_on, Lesson.taught_on)
    query = (
        select(
            Observation.id, day.label("day"), Person.name.label("other"), Lesson.subject,
            Lesson.title, Lesson.class_name, Observation.hours, Observation.score,
            Observation.grade, Observation.rubric_id,
        )
        .join(Lesson, Lesson.id == Observation.lesson_id)
        .join(Person, Person.id == other)
        .where(who == look.person_id, look.within(day))
        .order_by(day.desc(), Observation.id.desc())
    )  # fmt: skip
    return list(look.session.execute(query))


def _received(look: _Look) -> Section:
    rows = _observed(look, Lesson.teacher_id, Observation.observer_id)
    lines = _observation_lines(look, rows, "received", lambda _row: 1)
    columns = ("日期", "听课人", "学科", "课题", "班级", "得分", "等级")
    return Section("received", "被听课", columns, lines)


def _given(look: _Look) -> Section:
    rows = _observed(look, Observation.observer_id, Lesson.teacher_id)
    lines = _observation_lines(look, rows, "given", lambda row: row.hours)
    columns = ("日期", "执教", "学科", "课题", "班级", "得分", "等级")
    return Section("given", "听课", columns, lines)


def _observation_lines(
    look: _Look, rows: Sequence[Any], name: str, amount: Any
) -> tuple[Line, ...]:
    full = _percent(look.session)
    lines = []
    for row in rows:
        figures = {name: amount(row)}
        if row.score is not None:
            figures[f"{name}_mean"] = row.score * 100 / (full.get(row.rubric_id) or 100)
        score = None if row.score is None else f"{row.score:g}"
        cells = (row.day, row.other, row.subject, row.title, row.class_name, score, row.grade)
        lines.append(look.line("observation", row.id, row.day, cells, **figures))
    return tuple(lines)


def _activities(look: _Look) -> Section:
    at = and_(Attendance.activity_id == Activity.id, Attendance.person_id == look.person_id)
    attended = select(Attendance.activity_id).where(Attendance.person_id == look.person_id)
    led = select(Activity.id).where(
        or_(Activity.host_id == look.person_id, Activity.recorder_id == look.person_id)
    )
    query = (
        select(
            Activity.id, Activity.held_on, Activity.title, Activity.kind, Activity.place,
            Activity.host_id, Activity.recorder_id, Attendance.status, Attendance.part,
            Attendance.leave_written,
        )
        .outerjoin(Attendance, at)
        .where(Activity.id.in_(attended.union(led)), look.within(Activity.held_on))
        .order_by(Activity.held_on.desc(), Activity.id.desc())
    )  # fmt: skip
    lines = []
    for row in look.session.execute(query):
        parts = [
            "主持" if row.host_id == look.person_id else "",
            "记录" if row.recorder_id == look.person_id else "",
            row.part or "",
        ]
        status = ATTENDANCE.get(row.status or "", "")
        if row.status == "leave":
            status += "（有假条）" if row.leave_written else "（无假条）"
        cells = (
            row.held_on, row.title, look.kinds.get(row.kind, row.kind), row.place,
            "、".join(dict.fromkeys(filter(None, parts))), status,
        )  # fmt: skip
        figures = {row.status: 1} if row.status in _COUNTED else {}
        lines.append(look.line("activity", row.id, row.held_on, cells, **figures))
    columns = ("日期", "活动", "类型", "地点", "角色", "出席")
    return Section("activities", "活动", columns, tuple(lines))


def _duties(look: _Look) -> Section:
    lines = []
    for sort, model, words in (("分工", Duty, Duty.task), ("日程", AgendaItem, AgendaItem.content)):
        query = (
            select(Activity.id, Activity.held_on, Activity.title, words.label("task"))
            .join(model, model.activity_id == Activity.id)
            .where(model.person_id == look.person_id, look.within(Activity.held_on))
            .order_by(Activity.held_on.desc(), model.ordinal)
        )
        for row in look.session.execute(query):
            cells = (row.held_on, row.title, sort, row.task)
            lines.append(look.line("activity", row.id, row.held_on, cells, duties=1))
    return Section("duties", "分工", ("日期", "活动", "安排", "事项"), tuple(lines))


def _pairs(look: _Look) -> Section:
    mentor, mentee = aliased(Person), aliased(Person)
    query = (
        select(MentorPair, mentor.name.label("mentor"), mentee.name.label("mentee"))
        .join(mentor, mentor.id == MentorPair.mentor_id)
        .join(mentee, mentee.id == MentorPair.mentee_id)
        .where(
            or_(MentorPair.mentor_id == look.person_id, MentorPair.mentee_id == look.person_id),
            look.overlaps(MentorPair.starts_on, MentorPair.ends_on),
        )
        .order_by(MentorPair.starts_on.desc(), MentorPair.id.desc())
    )
    lines = []
    for pair, first, second in look.session.execute(query):
        mine = pair.mentor_id == look.person_id
        cells = (
            "师傅" if mine else "徒弟", second if mine else first, pair.subject,
            pair.starts_on, pair.ends_on, pair.note,
        )  # fmt: skip
        lines.append(look.line("mentor_pair", pair.id, pair.starts_on, cells))
    columns = ("身份", "对方", "学科", "从", "到", "备注")
    return Section("pairs", "师徒结对", columns, tuple(lines))


def _dispatches(look: _Look) -> Section:
    home, away = aliased(School), aliased(School)
    query = (
        select(Dispatch, home.name.label("home"), away.name.label("away"))
        .outerjoin(home, home.id == Dispatch.from_school_id)
        .outerjoin(away, away.id == Dispatch.to_school_id)
        .where(
            Dispatch.person_id == look.person_id,
            look.overlaps(Dispatch.starts_on, Dispatch.ends_on),
        )
        .order_by(Dispatch.starts_on.desc(), Dispatch.id.desc())
    )
    lines = []
    for row, start, end in look.session.execute(query):
        cells = (row.kind, start, end, row.starts_on, row.ends_on, row.days, row.lessons)
        figures = {"days": row.days, "dispatch_lessons": row.lessons}
        lines.append(look.line("dispatch", row.id, row.starts_on, cells, **figures))
    columns = ("方式", "从哪里", "到哪里", "开始", "结束", "天数", "授课（节）")
    return Section("dispatches", "派驻与跟岗", columns, tuple(lines))


def _appointments(look: _Look) -> Section:
    query = (
        select(Appointment, Community.name)
        .join(Community, Community.id == Appointment.community_id)
        .where(
            Appointment.person_id == look.person_id,
            look.overlaps(Appointment.starts_on, Appointment.ends_on),
        )
        .order_by(Appointment.starts_on.desc(), Appointment.id.desc())
    )
    lines = [
        look.line(
            "appointment", row.id, row.starts_on,
            (name, look.roles.get(row.role, row.role), row.starts_on, row.ends_on),
        )
        for row, name in look.session.execute(query)
    ]  # fmt: skip
    return Section("appointments", "任职", ("共同体", "角色", "从", "到"), tuple(lines))


def _honours(look: _Look) -> Section:
    """Honours last beyond the year in which they were awarded, so all are there."""
    query = select(Honour).where(Honour.person_id == look.person_id)
    found = sorted(look.session.scalars(query), key=lambda one: one.awarded_on, reverse=True)
    lines = [
        look.line("honour", one.id, None, (one.name, one.level, one.awarded_on, one.awarded_by))
        for one in sorted(found, key=lambda one: rank(one.level))
    ]
    return Section("honours", "荣誉称号", ("称号", "级别", "时间", "授予单位"), tuple(lines))


def _draws(look: _Look) -> Section:
    query = (
        select(Draw.id, Draw.drawn_on, Community.name, Draw.count, DrawPerson.place)
        .join(DrawPerson, DrawPerson.draw_id == Draw.id)
        .join(Community, Community.id == Draw.community_id)
        .where(DrawPerson.person_id == look.person_id, look.within(Draw.drawn_on))
        .order_by(Draw.drawn_on.desc(), Draw.id.desc())
    )
    lines = [
        look.line(
            "draw", row.id, row.drawn_on,
            (row.drawn_on, row.name, f"抽 {row.count} 人", "抽中" if row.place else "候选"),
        )
        for row in look.session.execute(query)
    ]  # fmt: skip
    return Section("draws", "随机抽取", ("日期", "共同体", "范围", "结果"), tuple(lines))


def _evidence(look: _Look) -> Section:
    """Files of the person, of the lessons and observations, and of the activities attended."""
    lessons = select(Lesson.id).where(Lesson.teacher_id == look.person_id)
    given = select(Observation.id).where(Observation.observer_id == look.person_id)
    attended = select(Attendance.activity_id).where(
        Attendance.person_id == look.person_id, Attendance.status == "present"
    )
    ways = (
        EvidenceLink.person_id == look.person_id,
        EvidenceLink.lesson_id.in_(lessons),
        EvidenceLink.observation_id.in_(given),
        EvidenceLink.activity_id.in_(attended),
    )
    found: dict[str, tuple[Any, list[str]]] = {}
    for way in ways:
        query = (
            select(
                Evidence.id, Evidence.dated_on, Evidence.title, EvidenceLink.slot,
                EvidenceLink.person_id, EvidenceLink.observation_id,
                Lesson.title.label("lesson"), Activity.title.label("activity"),
            )
            .join(EvidenceLink, EvidenceLink.evidence_id == Evidence.id)
            .outerjoin(Lesson, Lesson.id == EvidenceLink.lesson_id)
            .outerjoin(Activity, Activity.id == EvidenceLink.activity_id)
            .where(way, look.within(Evidence.dated_on))
        )  # fmt: skip
        for row in look.session.execute(query):
            _row, places = found.setdefault(row.id, (row, []))
            places.append(_place(row))
    newest = sorted(
        found.values(), key=lambda one: (str(one[0].dated_on or ""), one[0].id), reverse=True
    )
    lines = [
        look.line(
            "evidence", row.id, row.dated_on,
            (row.dated_on, row.title, "；".join(dict.fromkeys(places))), evidence=1,
        )
        for row, places in newest
    ]  # fmt: skip
    return Section("evidence", "材料", ("日期", "题名", "属于"), tuple(lines))


def _place(row: Any) -> str:
    """What a file belongs to."""
    if row.person_id:
        return "本人"
    if row.observation_id:
        return "听课记录"
    return f"课：{row.lesson}" if row.lesson is not None else f"活动：{row.activity}"
