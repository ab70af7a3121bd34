"""Sheets of plans and their lines."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, select

from app.models import Plan, PlanItem, SchoolYear, Term
from app.services.entry.checks import in_order
from app.services.entry.fields import Field, Scope, Sheet, View


def _lines() -> ColumnElement[int]:
    return select(func.count()).where(PlanItem.plan_id == Plan.id).scalar_subquery()


def _done() -> ColumnElement[int]:
    became = PlanItem.activity_id.is_not(None)
    return select(func.count()).where(PlanItem.plan_id == Plan.id, became).scalar_subquery()


def _this_year(scope: Scope) -> ColumnElement[bool]:
    year = select(SchoolYear.id).where(SchoolYear.starts_on == scope.year_starts)
    return Plan.school_year_id.in_(year)


def _overdue(scope: Scope) -> ColumnElement[bool]:
    late = (
        PlanItem.due != "",
        PlanItem.due < func.substr(scope.today.isoformat(), 1, func.length(PlanItem.due)),
    )
    waiting = select(PlanItem.plan_id).where(PlanItem.activity_id.is_(None), *late)
    return Plan.id.in_(waiting)


PLAN = Sheet(
    "plan", "计划", "份", Plan,
    (
        Field("title", "名称", required=True, width=260),
        Field("community_id", "共同体或小组", "ref", target="community", required=True, width=180),
        Field("school_year_id", "学年", "ref", target="school_year", required=True, width=130),
        Field("term_id", "学期", "ref", target="term", width=110, help="全年计划不填"),
        Field("month", "月份", "partial-date", width=90, help="月计划填，例如 2025-10"),
        Field("lines", "条数", "int", sql=_lines, width=60),
        Field("done", "已成活动", "int", sql=_done, width=80),
        Field("text", "说明", "long", most=100_000, hidden=True),
    ),
    title="title", order=(("school_year_id", True),),
    within="community_id",
    start=lambda scope: {"community_id": scope.community_id, "school_year_id": scope.year_id},
    parts=("plan_item",), copied=("plan_item",),
    views=(
        View("year", "本学年", _this_year),
        View("overdue", "超期", _overdue),
    ),
)  # fmt: skip

PLAN_ITEM = Sheet(
    "plan_item", "计划条目", "条", PlanItem,
    (
        Field("due", "时间", "partial-date", width=100, help="可以只写到月"),
        Field("theme", "内容", required=True, most=500, width=260),
        Field("kind", "活动类型", "choice", vocabulary="activity_kind", width=110),
        Field("person_id", "负责人", "ref", target="person", width=90),
        Field("place", "地点", width=130),
        Field("activity_id", "已成活动", "ref", target="activity", width=180),
        Field("note", "备注", most=500, width=130),
    ),
    title="theme", parent="plan_id", owner="plan", ordered=True,
)  # fmt: skip

TERM = Sheet(
    "term", "学期", "个", Term,
    (Field("name", "名称", required=True), Field("starts_on", "从", "date", required=True),
     Field("ends_on", "到", "date", required=True)),
    parent="school_year_id", owner="school_year", ordered=True,
    check=in_order("starts_on", "ends_on"),
)  # fmt: skip

SCHOOL_YEAR = Sheet(
    "school_year", "学年", "个", SchoolYear,
    (Field("year", "开始的年份", "int", least=1990, most=2100, required=True),
     Field("starts_on", "从", "date", required=True), Field("ends_on", "到", "date", required=True)),
    title="year", order=(("year", True),), parts=("term",),
    check=in_order("starts_on", "ends_on"),
)  # fmt: skip

SHEETS = (PLAN, PLAN_ITEM, SCHOOL_YEAR, TERM)
