"""学年结转: the next school year with the same scheme, last year's plans, groups and members."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.errors import ConflictError, NotFoundError, ValidationError
from app.models import (
    Appointment,
    Community,
    Person,
    Plan,
    PlanItem,
    SchemeAdoption,
    School,
    SchoolYear,
)
from app.services.adoption import adopt, parsed, period_words, school_year, year_bounds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.services.schemes.schema import Scheme


@dataclass(frozen=True, slots=True)
class Question:
    """What the scheme leaves to each year, with the answer of the last one."""

    key: str
    text: str
    kind: str
    choices: tuple[str, ...]
    answer: str
    """What is proposed: of a year the one after the last answer."""


@dataclass(frozen=True, slots=True)
class PlanChoice:
    """A plan that can be copied."""

    id: str
    title: str
    new_title: str
    items: int


@dataclass(frozen=True, slots=True)
class MemberChoice:
    """Somebody who goes on in a role unless said otherwise."""

    appointment_id: str
    name: str
    school: str
    role: str
    group: str
    """Group in which the role is held; empty: the community itself."""


@dataclass(frozen=True, slots=True)
class GroupChoice:
    """A group that goes on unless said otherwise."""

    id: str
    name: str
    members: int


@dataclass(frozen=True, slots=True)
class Turnover:
    """What moving on to the next school year would bring."""

    year: int
    period: str
    ends_on: date
    """Last day of the present year: until then those hold their role who do not go on."""
    terms: tuple[tuple[str, date, date], ...]
    questions: tuple[Question, ...]
    plans: tuple[PlanChoice, ...]
    members: tuple[MemberChoice, ...]
    groups: tuple[GroupChoice, ...]
    ended: int
    """Appointments that had an end and are not taken along."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to take along: plans to copy; who and which groups do not go on; answers."""

    plans: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    """Appointments."""
    closing: tuple[str, ...] = ()
    """Groups."""
    answers: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Turned:
    """What was done: the adoption of the new year, and what happened in words."""

    adoption_id: str
    lines: tuple[str, ...]


def preview(session: Session, adoption_id: str) -> Turnover:
    """What the next year would bring."""
    adoption = _adoption(session, adoption_id)
    old, scheme = adoption.school_year, parsed(adoption.source_text)
    there = session.scalar(select(SchoolYear).where(SchoolYear.year == old.year + 1))
    if there is None:
        starts, ends, terms = year_bounds(old.year + 1, scheme)
    else:
        starts, ends = there.starts_on, there.ends_on
        terms = tuple((term.name, term.starts_on, term.ends_on) for term in there.terms)
    running, ended = _appointments(session, adoption.community_id, old.ends_on)
    return Turnover(
        year=old.year + 1,
        period=period_words(starts, ends),
        ends_on=old.ends_on,
        terms=terms,
        questions=_questions(scheme, json.loads(adoption.answers)),
        plans=_plans(session, adoption),
        members=_members(session, scheme, adoption.community_id, running),
        groups=_groups(session, adoption.community_id, running, old.ends_on),
        ended=ended,
    )


def _adoption(session: Session, adoption_id: str) -> SchemeAdoption:
    adoption = session.get(SchemeAdoption, adoption_id)
    if adoption is None:
        raise NotFoundError("找不到这个方案。", "请重新选择共同体和学年。")
    following = (
        select(SchemeAdoption.id)
        .join(SchoolYear, SchoolYear.id == SchemeAdoption.school_year_id)
        .where(
            SchemeAdoption.community_id == adoption.community_id,
            SchoolYear.year == adoption.school_year.year + 1,
        )
    )
    if session.scalar(following.limit(1)):
        year = adoption.school_year.year + 1
        raise ConflictError(f"{year}—{year + 1}学年已经建好了。", "请在窗口左上方的学年里选它。")
    return adoption


def _questions(scheme: Scheme, answers: Mapping[str, Any]) -> tuple[Question, ...]:
    found = []
    for ask in scheme.ask:
        last = str(answers.get(ask.key, "") or ask.default)
        if ask.kind == "year" and last.isdecimal():
            last = str(int(last) + 1)
        found.append(Question(ask.key, ask.text, ask.kind, ask.choices, last))
    return tuple(found)


def _plans(session: Session, adoption: SchemeAdoption) -> tuple[PlanChoice, ...]:
    from app.services.activities.plans import retitled

    old = adoption.school_year
    items = select(func.count()).where(PlanItem.plan_id == Plan.id).scalar_subquery().label("items")
    query = (
        select(Plan.id, Plan.title, items)
        .where(
            Plan.school_year_id == old.id,
            Plan.community_id.in_(_whole(adoption.community_id)),
        )
        .order_by(Plan.month, Plan.id)
    )
    return tuple(
        PlanChoice(row.id, row.title, retitled(row.title, old.year, 1), row.items)
        for row in session.execute(query)
    )


def _whole(community_id: str) -> Any:
    """The community and its groups."""
    groups = select(Community.id).where(Community.parent_id == community_id)
    return groups.union_all(select(Community.id).where(Community.id == community_id))


def _appointments(session: Session, community_id: str, last: date) -> tuple[list[Appointment], int]:
    """Those that go on beyond the year, and how many have an end within it."""
    query = (
        select(Appointment)
        .where(Appointment.community_id.in_(_whole(community_id)))
        .order_by(Appointment.ordinal, Appointment.id)
    )
    every = session.scalars(query).all()
    running = [one for one in every if one.ends_on is None or one.ends_on > last]
    return running, len(every) - len(running)


def _members(
    session: Session, scheme: Scheme, community_id: str, running: list[Appointment]
) -> tuple[MemberChoice, ...]:
    roles = {role.key: role.name for role in scheme.community.roles}
    people = {
        row.id: (row.name, row.school or "")
        for row in session.execute(
            select(Person.id, Person.name, School.name.label("school"))
            .outerjoin(School, School.id == Person.school_id)
            .where(Person.id.in_([one.person_id for one in running]))
        )
    }
    return tuple(
        MemberChoice(
            one.id, *people[one.person_id], roles.get(one.role, one.role),
            "" if one.community_id == community_id else one.community.name,
        )
        for one in running
    )  # fmt: skip


def _groups(
    session: Session, community_id: str, running: list[Appointment], last: date
) -> tuple[GroupChoice, ...]:
    query = select(Community).where(Community.parent_id == community_id).order_by(Community.name)
    return tuple(
        GroupChoice(
            row.id, row.name, len({x.person_id for x in running if x.community_id == row.id})
        )
        for row in session.scalars(query)
        if not row.ends_on or row.ends_on > last.isoformat()
    )


def apply(session: Session, adoption_id: str, wanted: Wanted, now: datetime) -> Turned:
    """Make the next year as told; everything in the caller's one step."""
    from app.services.activities.plans import copy_plan

    before = preview(session, adoption_id)
    adoption = _adoption(session, adoption_id)
    answers = _answers(before, wanted)
    scheme = parsed(adoption.source_text)
    year = school_year(session, before.year, scheme)
    session.flush()
    made = adopt(
        session, adoption.source_text, adoption.community, year, adopted_at=now, answers=answers
    )
    copied = [session.get(Plan, plan_id) for plan_id in wanted.plans]
    for plan in copied:
        if plan is not None:
            copy_plan(session, plan, year)
    leaving, closed = _leave(session, before, wanted)
    lines = [f"已建好{before.period}，采用同一个方案（{scheme.scheme.name}）。"]
    if copied:
        lines.append(f"复制计划 {len(copied)} 份，日期后移一年；已成活动的条目重新变为待办。")
    staying = len(before.members) - leaving
    lines.append(f"{staying} 项任职继续有效，不用重新登记。")
    if leaving:
        lines.append(f"{leaving} 项任职到 {before.ends_on} 为止，人员和以往的记录都保留。")
    if closed:
        lines.append(f"{closed} 个小组到 {before.ends_on} 为止。")
    if before.ended:
        lines.append(f"{before.ended} 项任职此前已经结束，没有带入。")
    return Turned(made.id, tuple(lines))


def _answers(before: Turnover, wanted: Wanted) -> dict[str, str]:
    answers = {}
    for question in before.questions:
        answer = wanted.answers.get(question.key, "").strip()
        if question.kind == "choice" and answer and answer not in question.choices:
            offered = "、".join(question.choices)
            raise ValidationError(f"“{answer}”不在可选的答案里。", f"可以填：{offered}。")
        if question.kind == "year" and answer and not _is_year(answer):
            raise ValidationError(f"“{answer}”不是年份。", f"请写四位数字，例如 {before.year}。")
        if answer:
            answers[question.key] = answer
    return answers


def _is_year(answer: str) -> bool:
    return answer in ("start", "end") or (answer.isdecimal() and len(answer) == len("2025"))


def _leave(session: Session, before: Turnover, wanted: Wanted) -> tuple[int, int]:
    """End what does not go on with the last day of the old year; counts of roles and groups."""
    closing = set(wanted.closing) & {group.id for group in before.groups}
    leaving = 0
    for member in before.members:
        row = session.get_one(Appointment, member.appointment_id)
        if row.id in wanted.leaving or row.community_id in closing:
            # Whoever was to begin only afterwards never did.
            if row.starts_on is not None and row.starts_on > before.ends_on:
                session.delete(row)
            else:
                row.ends_on = before.ends_on
            leaving += 1
    for group_id in closing:
        session.get_one(Community, group_id).ends_on = before.ends_on.isoformat()
    return leaving, len(closing)
