"""Lesson observations as forms and templates see them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from app.models import (
    Activity,
    Community,
    Lesson,
    Observation,
    ObservationScore,
    ObservationStep,
    Person,
)
from app.services.forms.by_hand import all_blank
from app.services.forms.form import Field, Sheet, Subject, Target
from app.services.forms.values.facts import (
    Facts,
    facts_of,
    in_order,
    joined,
    long_date,
    number,
    ours,
    rows_of,
)
from app.services.forms.values.lesson import FIELDS as LESSON_FIELDS
from app.services.forms.values.lesson import lesson_values
from app.services.forms.values.rubric import RUBRIC_FIELDS, Scales, rubric_values, scales_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.services.forms.form import Values
    from app.services.forms.reading import Reading

FIELDS = (
    *LESSON_FIELDS,
    Field("听课人", aliases=("听课教师", "评课人", "评价人", "听课者", "考核人")),
    Field("听课人单位"), Field("听课人职务"),
    Field("听课日期"), Field("听课节数"), Field("得分", aliases=("总分", "评分", "成绩")),
    Field("等级", aliases=("评价等级", "等次")),
    Field("优点", aliases=("优点分析", "主要优点", "亮点")),
    Field("建议", aliases=("改进建议", "待改进项", "不足与建议", "意见和建议")),
    Field("总评", aliases=("总体评价", "总体评价与建议", "总的评价")),
    Field("听课意见", "优点、建议、总评合在一起", aliases=("评课意见", "听课评价", "意见")),
    Field("教学过程记录", "各段合在一起，一行一段"),
    Field("教学过程", "各段", (
        Field("序号"), Field("时间", "第几分钟"), Field("过程", aliases=("教学过程", "环节")),
        Field("评析", aliases=("随记", "点评", "旁批", "简评")),
    )),
    *RUBRIC_FIELDS,
)  # fmt: skip


def _targets(reading: Reading) -> list[Target]:
    year = reading.adoption
    query = (
        select(
            Observation.id, Observation.observed_on, Observation.observer_id, Lesson.title,
            Person.name,
        )
        .join(Lesson, Lesson.id == Observation.lesson_id)
        .join(Person, Person.id == Lesson.teacher_id)
        .outerjoin(Activity, Activity.id == Lesson.activity_id)
        .outerjoin(Community, Community.id == Activity.community_id)
        .where(
            or_(Lesson.activity_id.is_(None), ours(reading)),
            Observation.observed_on.between(year.starts_on, year.ends_on),
        )
        .order_by(Observation.observed_on, Lesson.period, Lesson.id, Observation.id)
    )  # fmt: skip
    with reading.uow.read() as session:
        people = facts_of(session, reading).people
        return [
            Target(
                row.id, joined(f"《{row.title}》" if row.title else "", row.name, by=""),
                people[row.observer_id].name, row.observed_on,
            )
            for row in session.execute(query)
        ]  # fmt: skip


def _read(reading: Reading, ids: Sequence[str]) -> list[Sheet]:
    with reading.uow.read() as session:
        facts = facts_of(session, reading)
        if all_blank(reading.options):
            return [Sheet(facts.of_day(None))]
        query = (
            select(Observation, Lesson, Activity.title, Activity.theme, Activity.place)
            .join(Lesson, Lesson.id == Observation.lesson_id)
            .outerjoin(Activity, Activity.id == Lesson.activity_id)
        )
        rows = list(rows_of(session, query, Observation.id, ids))
        scales = scales_of(session)
        steps = _grouped(session, ObservationStep, ids, ObservationStep.ordinal)
        scores = _grouped(session, ObservationScore, ids)
        found = {
            row.Observation.id: _values(
                row, steps.get(row.Observation.id, ()), scores.get(row.Observation.id, ()),
                scales, facts,
            )
            for row in rows
        }  # fmt: skip
        return [Sheet(values) for values in in_order(found, ids, "听课记录")]


def _grouped(
    session: Session, model: Any, ids: Sequence[str], *order: Any
) -> Mapping[str, list[Any]]:
    groups: dict[str, list[Any]] = defaultdict(list)
    for (row,) in rows_of(session, select(model).order_by(*order), model.observation_id, ids):
        groups[row.observation_id].append(row)
    return groups


def _values(
    row: Any, steps: Sequence[Any], scores: Sequence[Any], scales: Scales, facts: Facts
) -> Values:
    seen, lesson = row.Observation, row.Lesson
    observer = facts.person(seen.observer_id)
    day = seen.observed_on or lesson.taught_on
    opinions = (("优点：", seen.strengths), ("建议：", seen.advice), ("总评：", seen.overall))
    return {
        **lesson_values(lesson, facts, place=row.place or ""), **facts.of_day(day),
        "听课人": observer.name, "听课人单位": observer.school, "听课人职务": observer.post,
        "听课日期": long_date(day), "听课时间": joined(long_date(day), lesson.period),
        "听课节数": str(seen.hours), "得分": number(seen.score), "等级": seen.grade,
        "优点": seen.strengths, "建议": seen.advice, "总评": seen.overall,
        "听课意见": "\n".join(label + text for label, text in opinions if text),
        "活动名称": row.title or "", "活动主题": row.theme or row.title or "",
        "教学过程记录": "\n".join(
            joined(_minute(step), step.process) + (step.comment and f"（{step.comment}）")
            for step in steps
        ),
        "教学过程": [
            {
                "序号": str(place), "时间": _minute(step), "过程": step.process,
                "评析": step.comment,
            }
            for place, step in enumerate(steps, 1)
        ],
        **rubric_values(scales, seen.rubric_id, {s.rubric_item_id: s.points for s in scores}),
    }  # fmt: skip


def _minute(step: ObservationStep) -> str:
    return "" if step.minute is None else f"{step.minute}′"


SUBJECT = Subject("observation", "听课记录", FIELDS, _targets, _read)
