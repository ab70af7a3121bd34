"""A school year and its terms: the figures, lists and typed parts that reports are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.errors import NotFoundError
from app.models import SchemeAdoption, Term
from app.services.entry.scope import scope_of
from app.services.forms.form import Field, Sheet, Subject, Target
from app.services.forms.values import period_lists as lists
from app.services.forms.values import period_standing
from app.services.forms.values.facts import days, facts_of, long_date

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from app.services.forms.form import Value, Values
    from app.services.forms.reading import Reading

YEAR = "year"
"""Id of the whole year; terms are term-1, term-2: the same in each year, so that texts carry over."""

_FIGURES = (
    "单位数", "人数", "活动次数", "到会人次", "应到人次", "出勤率", "课节数", "执教人数", "听课次数",
    "听课人数", "材料份数", "师徒对数", "派驻人次", "派驻天数", "荣誉项数", "证书份数", "计划项数",
    "计划落实项数",
)  # fmt: skip
FIELDS = (
    Field("共同体"), Field("学校", "存档的单位"), Field("学年"), Field("学期", "整学年的报告没有"),
    Field("时段", "2025—2026学年第一学期"), Field("本时段", "本学年或本学期"), Field("起止日期"),
    Field("方案"), Field("署名"), Field("成文日期"), Field("牵头单位"),
    *(Field(name) for name in _FIGURES),
    Field("考核自评", "合计和满分；只有整学年的报告有"),
    Field("成员单位", "各行", lists.UNITS), Field("角色", "各种角色的人", lists.ROLES),
    Field("活动分类", "各类活动的次数", lists.KINDS), Field("大事记", "各次活动", lists.CHRONICLE),
    Field("课例", "各节课", lists.LESSONS), Field("任务", "任务指标的完成情况", period_standing.QUOTAS),
    Field("荣誉成果", "荣誉、证书、获奖材料", lists.HONOURS),
    Field("计划安排", "计划的各项", lists.PLANNED),
    *(Field(name, "在窗口里写的") for name in (
        "指导思想", "工作目标与思路", "重点工作与措施", "保障措施", "主要做法与成效", "存在问题",
        "下一步打算", "需要支持的事项",
    )),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """A year or a term of it."""

    id: str
    name: str
    """2025—2026学年第一学期."""
    term: str
    first: date
    last: date


def spans(session: Session, reading: Reading) -> list[Span]:
    """The year, then its terms."""
    adoption = reading.adoption
    found = [Span(YEAR, adoption.period, "", adoption.starts_on, adoption.ends_on)]
    terms = session.scalars(
        select(Term)
        .join(SchemeAdoption, SchemeAdoption.school_year_id == Term.school_year_id)
        .where(SchemeAdoption.id == adoption.id)
        .order_by(Term.ordinal)
    )
    found += [
        Span(f"term-{one.ordinal}", f"{adoption.period}{one.name}", one.name, one.starts_on,
             one.ends_on)
        for one in terms
    ]  # fmt: skip
    return found


def wanted_spans(session: Session, reading: Reading, ids: Sequence[str]) -> list[Span]:
    """The spans of those ids; raises NotFoundError."""
    known = {one.id: one for one in spans(session, reading)}
    for unknown in [one for one in ids if one not in known]:
        raise NotFoundError(
            f"{reading.adoption.period}没有“{unknown}”这一时段。", f"可用的有：{'、'.join(known)}。"
        )
    return [known[one] for one in ids]


def targets(reading: Reading) -> list[Target]:
    """The year and its terms, for every subject that is about a stretch of time."""
    with reading.uow.read() as session:
        return [
            Target(one.id, one.term or one.name, days(one.first, one.last))
            for one in spans(session, reading)
        ]


def _read(reading: Reading, ids: Sequence[str]) -> list[Sheet]:
    from app.services.forms.texts import typed

    with reading.uow.read() as session:
        wanted = wanted_spans(session, reading, ids)
        parts = typed(session, reading.form, reading.adoption.id)
        found = [_values(session, reading, span) for span in wanted]
    return [
        Sheet({**values, **period_standing.standing(reading, span), **parts.get(span.id, {})}, span)
        for values, span in zip(found, wanted, strict=True)
    ]


def _values(session: Session, reading: Reading, span: Span) -> Values:
    facts = facts_of(session, reading)
    scope = scope_of(session, reading.adoption.id, reading.uow.context)
    about = lists.About(session, scope, facts, span.first, span.last)
    units = lists.units(about)
    values: dict[str, Value] = {
        "共同体": facts.community, "学校": facts.school, "学年": facts.period, "学期": span.term,
        "时段": span.name, "本时段": "本学期" if span.term else "本学年",
        "起止日期": days(span.first, span.last), "方案": facts.scheme.scheme.name,
        "署名": facts.community, "成文日期": long_date(reading.now.date()),
        "牵头单位": facts.school, "成员单位": units, "单位数": str(len(units)),
    }  # fmt: skip
    for part in (
        lists.members, lists.activities, lists.lessons, lists.observations, lists.materials,
        lists.pairs, lists.honours, lists.planned,
    ):  # fmt: skip
        values |= part(about)
    return values


SUBJECT = Subject("period", "学年或学期", FIELDS, targets, _read)
