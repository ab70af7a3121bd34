"""Who is expected at an activity and who came: picking people, and what does not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import case, func, or_, select

from app.errors import NotFoundError
from app.models import Activity, Appointment, Attendance, Community, Lesson, Person, School
from app.services.activities.records import (
    Candidate,
    Roll,
    Signed,
    Source,
    SourceChoice,
    Totals,
)
from app.services.entry.vocabulary import ATTENDANCE
from app.services.journal import insert_many
from app.services.search import holding

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from app.services.activities.records import Status


def candidates(
    session: Session,
    activity: Activity,
    words: str,
    source: Source,
    *,
    today: date,
    limit: int,
) -> tuple[Candidate, ...]:
    """People of a source whose name, school, pinyin or initials hold the words; first the best."""
    there = (
        select(Attendance.id)
        .where(Attendance.activity_id == activity.id, Attendance.person_id == Person.id)
        .exists()
    )
    query = (
        select(Person.id, Person.name, School.name.label("school"), there.label("there"))
        .outerjoin(School, School.id == Person.school_id)
        .where(*_belonging(session, activity, source, today))
    )
    typed = words.strip()
    ranks: list[ColumnElement[Any]] = [there]
    if typed:
        named = Person.name.contains(typed, autoescape=True)
        held = holding(Person, typed)
        query = query.where(named if held is None else or_(named, held))
        begins = Person.name.startswith(typed, autoescape=True)
        ranks.append(case((begins, 0), (named, 1), else_=2))
    found = session.execute(query.order_by(*ranks, School.name, Person.id).limit(limit))
    return tuple(Candidate(row.id, row.name, row.school or "", bool(row.there)) for row in found)


def _belonging(
    session: Session, activity: Activity, source: Source, today: date
) -> list[ColumnElement[bool]]:
    match source.kind:
        case "members":
            groups = select(Community.id).where(Community.parent_id == activity.community_id)
            whole = or_(
                Appointment.community_id == activity.community_id,
                Appointment.community_id.in_(groups),
            )
            return [Person.id.in_(_appointed(whole, activity.held_on or today))]
        case "group":
            here = Appointment.community_id == source.id
            return [Person.id.in_(_appointed(here, activity.held_on or today))]
        case "school":
            return [Person.school_id == source.id]
        case "last":
            last = last_like(session, activity)
            signed = select(Attendance.person_id).where(Attendance.activity_id == last)
            return [Person.id.in_(signed)]
    return []


def _appointed(where: ColumnElement[bool], day: date) -> Select[str]:
    """People who hold a role on that day."""
    return select(Appointment.person_id).where(
        where,
        or_(Appointment.starts_on.is_(None), Appointment.starts_on <= day),
        or_(Appointment.ends_on.is_(None), Appointment.ends_on >= day),
    )


def last_like(session: Session, activity: Activity) -> str | None:
    """The last activity of the same kind and community before this one that has a list."""
    query = (
        select(Activity.id)
        .where(
            Activity.id != activity.id,
            Activity.community_id == activity.community_id,
            Activity.kind == activity.kind,
            select(Attendance.id).where(Attendance.activity_id == Activity.id).exists(),
        )
        .order_by(Activity.held_on.desc(), Activity.id.desc())
        .limit(1)
    )
    if activity.held_on is not None:
        query = query.where(Activity.held_on <= activity.held_on)
    return session.scalar(query)


def sources(session: Session, activity: Activity, today: date) -> tuple[SourceChoice, ...]:
    """Where people can be picked from at once: all members, the last list, groups, schools."""
    choices = [(Source("members"), "全体成员"), (Source("last"), "上次名单")]
    groups = (
        select(Community.id, Community.name)
        .where(Community.parent_id == activity.community_id)
        .order_by(Community.name)
    )
    choices += [(Source("group", row.id), row.name) for row in session.execute(groups)]
    members = _belonging(session, activity, Source("members"), today)
    schools = (
        select(School.id, School.name)
        .where(School.id.in_(select(Person.school_id).where(*members)))
        .order_by(School.name)
    )
    choices += [(Source("school", row.id), row.name) for row in session.execute(schools)]
    return tuple(
        SourceChoice(source, label, _how_many(session, activity, source, today))
        for source, label in choices
    )


def _how_many(session: Session, activity: Activity, source: Source, today: date) -> int:
    where = _belonging(session, activity, source, today)
    return session.scalar(select(func.count()).select_from(Person).where(*where)) or 0


def of_source(session: Session, activity: Activity, source: Source, today: date) -> list[str]:
    """Ids of everybody in a source, school by school."""
    query = (
        select(Person.id)
        .outerjoin(School, School.id == Person.school_id)
        .where(*_belonging(session, activity, source, today))
        .order_by(School.name, Person.id)
    )
    return list(session.scalars(query))


def add(session: Session, activity: Activity, person_ids: Sequence[str]) -> int:
    """Put people on the list who are not there yet; tells how many."""
    signed = select(Attendance.person_id).where(Attendance.activity_id == activity.id)
    there = set(session.scalars(signed))
    new = [one for one in dict.fromkeys(person_ids) if one not in there]
    known = set(session.scalars(select(Person.id).where(Person.id.in_(new))))
    if len(known) < len(new):
        raise NotFoundError("名单里有人已被删除。", "请刷新后再选一次。")
    insert_many(
        session, Attendance, [{"activity_id": activity.id, "person_id": one} for one in new]
    )
    return len(new)


def roll(session: Session, activity_id: str) -> Roll:
    """The sign-in list in the order in which people were put on it."""
    query = (
        select(Attendance, Person.name, School.short_name, School.name.label("school"))
        .join(Person, Person.id == Attendance.person_id)
        .outerjoin(School, School.id == Person.school_id)
        .where(Attendance.activity_id == activity_id)
        .order_by(Attendance.id)
    )
    taught = _lessons(session, activity_id)
    lines = []
    for row, name, short, school in session.execute(query):
        lines.append(
            Signed(
                row.id, row.person_id, name, short or school or "", cast("Status", row.status),
                ATTENDANCE[row.status], row.part,
                f"{row.signed_at:%H:%M}" if row.signed_at else "",
                row.leave_written, row.leave_reason,
                _warning(row.status, name, taught.get(row.person_id, "")),
            )
        )  # fmt: skip
    return Roll(tuple(lines), _totals(lines))


def _lessons(session: Session, activity_id: str) -> dict[str, str]:
    """Title of the lesson by its teacher."""
    query = select(Lesson.teacher_id, Lesson.title).where(Lesson.activity_id == activity_id)
    return {row.teacher_id: row.title or "一节课" for row in session.execute(query)}


def _warning(status: str, name: str, lesson: str) -> str:
    if not lesson or status not in ("leave", "absent"):
        return ""
    return f"{name}在本次活动里上《{lesson}》，却记为{ATTENDANCE[status]}，请核对。"


def _totals(lines: Sequence[Signed]) -> Totals:
    states = [line.status for line in lines]
    return Totals(
        len(states), states.count("present"), states.count("leave"), states.count("absent")
    )


def mark(
    rows: Sequence[Attendance], status: str, leave_written: bool | None, reason: str | None
) -> None:
    """Set how it stands with some people; what only belongs to a leave goes with it."""
    for row in rows:
        row.status = status
        if status == "leave":
            if leave_written is not None:
                row.leave_written = leave_written
            if reason is not None:
                row.leave_reason = reason
            continue
        row.leave_written, row.leave_reason = False, ""
        if status != "present":
            row.signed_at = None
