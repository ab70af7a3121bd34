"""Sheets of communities and groups, agreements, mentor pairs, dispatches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func, or_, select

from app.models import (
    Agreement,
    Appointment,
    Community,
    CommunityUnit,
    Dispatch,
    MentorPair,
)
from app.services.entry.checks import different, in_order, together
from app.services.entry.fields import Field, Rule, Scope, Sheet, View
from app.services.entry.recent import recently_changed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session


def _members() -> ColumnElement[int]:
    return (
        select(func.count(Appointment.person_id.distinct()))
        .where(Appointment.community_id == Community.id)
        .scalar_subquery()
    )


def _units() -> ColumnElement[int]:
    return (
        select(func.count(CommunityUnit.school_id.distinct()))
        .where(CommunityUnit.community_id == Community.id)
        .scalar_subquery()
    )


def _no_circle(
    session: Session, values: Mapping[str, Any], changed: Mapping[str, Any], _scope: Scope
) -> Mapping[str, str]:
    """A group does not belong to one of its own groups, however deep."""
    above, seen = changed.get("parent_id"), set[str]()
    while above and above not in seen:
        if above == values.get("id"):
            return {"parent_id": "不能属于它自己下面的小组。"}
        seen.add(above)
        above = session.scalar(select(Community.parent_id).where(Community.id == above))
    return {}


COMMUNITY = Sheet(
    "community", "共同体与小组", "个", Community,
    (
        Field("name", "名称", required=True, width=220),
        Field("kind", "类别", "suggest", vocabulary="community_kind", most=60, width=130),
        Field("variant", "类型", "suggest", vocabulary="community_variant", most=60, width=90),
        Field("parent_id", "属于", "ref", target="community", width=180,
              help="小组（教研组、工作组…）填它所属的共同体"),
        Field("person_id", "名师", "ref", target="person", width=90, hidden=True,
              help="考核对象是一位教师时填写"),
        Field("stage", "学段", "suggest", vocabulary="stage", most=40, width=80),
        Field("subject", "学科", "suggest", vocabulary="subject", most=40, width=80),
        Field("members", "人数", "int", sql=_members, width=60),
        Field("units", "单位数", "int", sql=_units, width=64),
        Field("starts_on", "成立", "partial-date", width=96),
        Field("ends_on", "结束", "partial-date", width=96, hidden=True),
        Field("name_plate", "牌匾", width=220, hidden=True),
        Field("note", "备注", "long", most=5000, hidden=True),
    ),
    order=(("name", False),),
    start=lambda scope: {"parent_id": scope.community_id},
    check=together(
        in_order("starts_on", "ends_on"),
        different("id", "parent_id", "不能属于它自己。"),
    ),
    guard=_no_circle,
    rules=(Rule(("parent_id", "name"), "已经有一个叫“{name}”的小组。"),),
    parts=("appointment", "community_unit"),
    views=(
        View("groups", "小组", lambda scope: Community.parent_id == scope.community_id),
        View("no_plate", "缺牌匾", lambda _scope: Community.name_plate == ""),
    ),
)  # fmt: skip

COMMUNITY_UNIT = Sheet(
    "community_unit", "成员单位", "条", CommunityUnit,
    (
        Field("community_id", "共同体或小组", "ref", target="community", required=True, width=200),
        Field("school_id", "单位", "ref", target="school", required=True, width=180),
        Field("role", "在共同体中", "choice", vocabulary="unit_role", required=True, width=120),
        Field("starts_on", "从", "date", width=104),
        Field("ends_on", "到", "date", width=104),
    ),
    title="role", parent="school_id", owner="school", ordered=True,
    within="community_id",
    start=lambda scope: {"community_id": scope.community_id},
    check=in_order("starts_on", "ends_on"),
    rules=(
        Rule(("community_id", "school_id", "role", "starts_on"), "这个单位已经担任这个角色。"),
    ),
)  # fmt: skip


def _current(scope: Scope) -> ColumnElement[bool]:
    ended = Agreement.ends_on.is_not(None) & (Agreement.ends_on < scope.today)
    return ~ended


AGREEMENT = Sheet(
    "agreement", "协议", "份", Agreement,
    (
        Field("title", "名称", required=True, width=240),
        Field("community_id", "共同体或小组", "ref", target="community", required=True, width=180),
        Field("kind", "类别", "suggest", vocabulary="agreement_kind", most=60, width=120),
        Field("signed_on", "签订", "date", width=104),
        Field("starts_on", "从", "date", width=104),
        Field("ends_on", "到", "date", width=104),
        Field("text", "正文", "long", most=100_000, hidden=True, help="可以把协议全文贴在这里"),
    ),
    title="title", order=(("signed_on", True),),
    within="community_id",
    start=lambda scope: {"community_id": scope.community_id},
    check=in_order("starts_on", "ends_on"),
    views=(
        View("current", "有效的", _current),
        View("no_text", "缺正文", lambda _scope: Agreement.text == ""),
    ),
)  # fmt: skip

MENTOR_PAIR = Sheet(
    "mentor_pair", "师徒结对", "对", MentorPair,
    (
        Field("mentor_id", "师傅", "ref", target="person", required=True, width=100),
        Field("mentee_id", "徒弟", "ref", target="person", required=True, width=100),
        Field("subject", "学科", "suggest", vocabulary="subject", most=40, width=90),
        Field("community_id", "共同体或小组", "ref", target="community", required=True, width=180),
        Field("agreement_id", "协议", "ref", target="agreement", width=180),
        Field("starts_on", "从", "date", width=104),
        Field("ends_on", "到", "date", width=104),
        Field("note", "备注", "long", most=2000, hidden=True),
    ),
    title="mentee_id", order=(("mentor_id", False),),
    within="community_id",
    start=lambda scope: {"community_id": scope.community_id, "starts_on": scope.year_starts},
    check=together(
        in_order("starts_on", "ends_on"), different("mentor_id", "mentee_id", "师傅和徒弟是同一个人。")
    ),
    views=(View("no_agreement", "缺协议", lambda _scope: MentorPair.agreement_id.is_(None)),),
)  # fmt: skip


def _in_year(scope: Scope) -> ColumnElement[bool]:
    started = or_(Dispatch.starts_on.is_(None), Dispatch.starts_on <= scope.year_ends)
    return started & or_(Dispatch.ends_on.is_(None), Dispatch.ends_on >= scope.year_starts)


DISPATCH = Sheet(
    "dispatch", "派驻与跟岗", "条", Dispatch,
    (
        Field("person_id", "教师", "ref", target="person", required=True, width=100),
        Field("kind", "方式", "suggest", vocabulary="dispatch_kind", required=True, most=40, width=80),
        Field("from_school_id", "原单位", "ref", target="school", width=160),
        Field("to_school_id", "去往", "ref", target="school", width=160),
        Field("starts_on", "从", "date", width=104),
        Field("ends_on", "到", "date", width=104),
        Field("days", "天数", "int", most=4000, width=64),
        Field("lessons", "课时", "int", most=10_000, width=64),
        Field("community_id", "共同体或小组", "ref", target="community", required=True, width=180,
              hidden=True),
        Field("note", "备注", "long", most=2000, hidden=True),
    ),
    title="kind", order=(("starts_on", True),),
    within="community_id",
    start=lambda scope: {"community_id": scope.community_id},
    check=together(
        in_order("starts_on", "ends_on"), different(
            "from_school_id", "to_school_id", "去往的单位和原单位相同。"
        )
    ),
    views=(
        View("year", "本学年", _in_year),
        View("recent", "我最近改的", lambda scope: recently_changed(Dispatch, scope)),
    ),
)  # fmt: skip

SHEETS = (COMMUNITY, COMMUNITY_UNIT, AGREEMENT, MENTOR_PAIR, DISPATCH)
