"""Sheets of schools and people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func, or_, select

from app.models import (
    Appointment,
    Community,
    CommunityUnit,
    Honour,
    Person,
    PersonSubject,
    School,
)
from app.services.entry.checks import in_order
from app.services.entry.fields import Field, Rule, Scope, Sheet, View
from app.services.entry.recent import recently_changed
from app.services.imports.values import (
    education,
    ethnic_group,
    id_number,
    person_name,
    phone,
    subjects,
    title,
)

if TYPE_CHECKING:
    from sqlalchemy import ScalarSelect
    from sqlalchemy.orm import Session

    from app.models import Record


def _unit_roles() -> ColumnElement[str]:
    roles: ScalarSelect[str] = (
        select(func.aggregate_strings(CommunityUnit.role, "、"))
        .where(CommunityUnit.school_id == School.id)
        .scalar_subquery()
    )
    return roles


def _people_of_school() -> ColumnElement[int]:
    return select(func.count()).where(Person.school_id == School.id).scalar_subquery()


def _in_community(scope: Scope) -> ColumnElement[bool]:
    """Whoever holds a role in the year on show: who left before it is not a member any more."""
    return Person.id.in_(
        select(Appointment.person_id).where(
            Appointment.community_id.in_(communities_of(scope)),
            or_(Appointment.ends_on.is_(None), Appointment.ends_on >= scope.year_starts),
            or_(Appointment.starts_on.is_(None), Appointment.starts_on <= scope.year_ends),
        )
    )


def communities_of(scope: Scope) -> Any:
    """Ids of the community on show and of its groups."""
    groups = select(Community.id).where(Community.parent_id == scope.community_id)
    return groups.union_all(select(Community.id).where(Community.id == scope.community_id))


def _roles() -> ColumnElement[str]:
    return (
        select(func.aggregate_strings(Appointment.role, "、"))
        .where(Appointment.person_id == Person.id)
        .scalar_subquery()
    )


def _subjects() -> ColumnElement[str]:
    taught = (
        select(PersonSubject.subject)
        .where(PersonSubject.person_id == Person.id)
        .order_by(PersonSubject.ordinal)
        .correlate(Person)
        .subquery()
    )
    return select(func.aggregate_strings(taught.c.subject, "、")).scalar_subquery()


def _appoint(session: Session, row: Record, scope: Scope) -> None:
    """Whoever is entered as a member becomes one: in the role that the scheme gives to most."""
    from app.services.imports.belonging import Roles

    role = Roles(session, scope.community_id).default
    session.add(Appointment(community_id=scope.community_id, person_id=row.id, role=role))


SCHOOL = Sheet(
    "school", "单位", "个", School,
    (
        Field("name", "名称", required=True, width=200),
        Field("short_name", "简称", most=40, width=110),
        Field("kind", "类别", "suggest", vocabulary="school_kind", most=40, width=110),
        Field("stage", "学段", "suggest", vocabulary="stage", most=40, width=90),
        Field("unit_roles", "在共同体中", "words", vocabulary="unit_role", sql=_unit_roles, width=130),
        Field("people", "人数", "int", sql=_people_of_school, width=60),
        Field("district", "所在镇（街道）", most=60, width=130),
        Field("note", "备注", "long", most=2000, hidden=True),
    ),
    order=(("name", False),),
    rules=(Rule(("name",), "已经有一个叫“{name}”的单位。"),),
    parts=("community_unit",),
    views=(
        View("no_short", "缺简称", lambda _scope: School.short_name == ""),
        View("recent", "我最近改的", lambda scope: recently_changed(School, scope)),
    ),
)  # fmt: skip

PERSON = Sheet(
    "person", "人员", "人", Person,
    (
        Field("name", "姓名", required=True, reader=person_name, width=100),
        Field("school_id", "单位", "ref", target="school", width=160),
        Field("roles", "角色", "words", vocabulary="role", sql=_roles, width=110),
        Field("sex", "性别", "choice", vocabulary="sex", width=56),
        Field("title", "职称", "suggest", vocabulary="title", reader=title, most=40, width=96),
        Field("subjects", "任教学科", "words", vocabulary="subject", reader=subjects, sql=_subjects,
              most=200, width=120, part=(PersonSubject, "person_id", "subject"), help="一人多科时用、隔开"),
        Field("grade", "任教年级", "suggest", vocabulary="grade", most=60, width=90),
        Field("office", "职务", "suggest", vocabulary="office", most=60, width=90),
        Field("born_on", "出生年月", "partial-date", width=96),
        Field("age", "年龄", "int", only="age", width=56),
        Field("age_band", "年龄段", only="age_band", width=80, hidden=True),
        Field("joined_on", "参加工作", "partial-date", width=96),
        Field("service_years", "教龄", "int", only="service_years", width=56, hidden=True),
        Field("education", "学历", "suggest", vocabulary="education", reader=education, most=40, width=90),
        Field("ethnic_group", "民族", reader=ethnic_group, most=20, width=72, hidden=True),
        Field("phone", "电话", private=True, reader=phone, width=120),
        Field("id_number", "身份证号", private=True, reader=id_number, width=160, hidden=True),
        Field("note", "备注", "long", most=2000, hidden=True),
    ),
    order=(("name", False),),
    scope=_in_community,
    check=in_order("born_on", "joined_on", "参加工作早于出生"),
    parts=("appointment", "honour"),
    after_create=_appoint,
    views=(
        View("everyone", "含非成员", lambda _scope: Person.id.is_not(None), wide=True),
        View("no_school", "缺单位", lambda _scope: Person.school_id.is_(None)),
        View("no_title", "缺职称", lambda _scope: Person.title == ""),
        View("recent", "我最近改的", lambda scope: recently_changed(Person, scope)),
    ),
)  # fmt: skip

HONOUR = Sheet(
    "honour", "荣誉称号", "项", Honour,
    (
        Field("name", "称号", "suggest", vocabulary="honour", required=True, width=140),
        Field("level", "级别", "suggest", vocabulary="level", most=20, width=80),
        Field("awarded_on", "时间", "partial-date", width=100),
        Field("awarded_by", "授予单位", width=180),
    ),
    parent="person_id", owner="person", order=(("awarded_on", True),),
)  # fmt: skip

APPOINTMENT = Sheet(
    "appointment", "任职", "条", Appointment,
    (
        Field("community_id", "共同体或小组", "ref", target="community", required=True, width=200),
        Field("person_id", "人员", "ref", target="person", required=True, width=110),
        Field("role", "角色", "choice", vocabulary="role", required=True, width=110),
        Field("starts_on", "从", "date", width=104),
        Field("ends_on", "到", "date", width=104),
    ),
    title="role", parent="person_id", owner="person", ordered=True,
    within="community_id",
    start=lambda scope: {"community_id": scope.community_id},
    check=in_order("starts_on", "ends_on"),
    rules=(
        Rule(("community_id", "person_id", "role", "starts_on"), "这个人已经担任这个角色。"),
    ),
)  # fmt: skip

SHEETS = (SCHOOL, PERSON, HONOUR, APPOINTMENT)
