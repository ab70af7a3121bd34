"""Rubrics as forms and templates see them: blank, or with the points that an observer gave."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.models import Rubric
from app.services.forms.form import Field, Sheet, Subject, Target
from app.services.forms.values.facts import facts_of, in_order, number
from app.services.rubrics import RubricView, view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.services.forms.form import Values
    from app.services.forms.reading import Reading

Scales: TypeAlias = Mapping[str, RubricView]

RUBRIC_FIELDS = (
    Field("量表", aliases=("评价表", "量表名称")), Field("量表来源"), Field("满分", "各项满分的合计"),
    Field("等级线", "如 优≥90、良≥80"),
    Field("评分", "量表的各项", (
        Field("序号"), Field("维度", aliases=("评价项目", "指标", "项目")),
        Field("要点", aliases=("评价要点", "内容", "标准")), Field("分值", aliases=("满分",)),
        Field("得分", aliases=("评分",)),
    )),
)  # fmt: skip
FIELDS = (Field("学校"), Field("共同体"), Field("学年"), *RUBRIC_FIELDS)


def scales_of(session: Session) -> Scales:
    """All rubrics of the archive, by id."""
    query = select(Rubric).options(selectinload(Rubric.items), selectinload(Rubric.grades))
    return {row.id: view(row) for row in session.scalars(query.order_by(Rubric.name))}


def rubric_values(
    scales: Scales, rubric_id: str | None, points: Mapping[str, float] | None = None
) -> Values:
    """The lines of a rubric and the points given for them; nothing where none was used."""
    rubric = scales.get(rubric_id or "")
    if rubric is None:
        return {"量表": "", "量表来源": "", "满分": "", "等级线": "", "评分": []}
    given = points or {}
    lines = sorted(rubric.grades, key=lambda line: -line.at_least)
    return {
        "量表": rubric.name, "量表来源": rubric.source,
        "满分": number(math.fsum(item.points for item in rubric.items)),
        "等级线": "　".join(_line(n, [(x.name, x.at_least) for x in lines]) for n in range(len(lines))),
        "评分": [
            {
                "序号": str(place), "维度": item.name, "要点": item.guidance,
                "分值": number(item.points), "得分": number(given.get(item.id)),
            }
            for place, item in enumerate(rubric.items, 1)
        ],
    }  # fmt: skip


def _line(place: int, lines: Sequence[tuple[str, float]]) -> str:
    """``优：90 分及以上``; the lowest of all is what lies below the one before it."""
    name, at_least = lines[place]
    if at_least <= 0 and place:
        return f"{name}：{number(lines[place - 1][1])} 分以下"
    return f"{name}：{number(at_least)} 分及以上"


def _targets(reading: Reading) -> list[Target]:
    with reading.uow.read() as session:
        return [
            Target(one.id, one.name, f"{len(one.items)} 项，满分 {number(one.full)} 分")
            for one in scales_of(session).values()
        ]


def _read(reading: Reading, ids: Sequence[str]) -> list[Sheet]:
    with reading.uow.read() as session:
        scales = scales_of(session)
        general = facts_of(session, reading).of_day(None)
        in_order(scales, ids, "评价量表")
        return [Sheet({**general, **rubric_values(scales, one)}) for one in ids]


SUBJECT = Subject("rubric", "评价量表", FIELDS, _targets, _read)
