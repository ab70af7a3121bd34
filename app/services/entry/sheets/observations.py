"""Sheet of lesson observations: their list, bulk edits, history and trash (typed in by their own page)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, exists, select

from app.models import Lesson, Observation, ObservationStep, Person
from app.services.entry.fields import Field, Rule, Sheet, View
from app.services.entry.recent import recently_changed

if TYPE_CHECKING:
    from sqlalchemy.orm import InstrumentedAttribute


def _of_lesson(column: InstrumentedAttribute[Any]) -> Any:
    return lambda: select(column).where(Lesson.id == Observation.lesson_id).scalar_subquery()


def _teacher() -> ColumnElement[str]:
    return (
        select(Person.name)
        .join(Lesson, Lesson.teacher_id == Person.id)
        .where(Lesson.id == Observation.lesson_id)
        .scalar_subquery()
    )


OBSERVATION = Sheet(
    "observation", "听课记录", "条", Observation,
    (
        Field("observed_on", "日期", "date", width=104),
        Field("period", "节次", sql=_of_lesson(Lesson.period), width=72),
        Field("teacher", "执教", sql=_teacher, width=90),
        Field("observer_id", "听课人", "ref", target="person", required=True, width=90),
        Field("subject", "学科", sql=_of_lesson(Lesson.subject), width=72),
        Field("title", "课题", sql=_of_lesson(Lesson.title), width=200),
        Field("class_name", "班级", sql=_of_lesson(Lesson.class_name), width=90),
        Field("lesson_id", "课", "ref", target="lesson", required=True, hidden=True, width=180),
        Field("hours", "节数", "int", least=1, most=20, width=56),
        Field("score", "得分", "number", most=1000, width=60),
        Field("grade", "等级", most=20, width=64),
        Field("strengths", "优点", "long", most=100_000, hidden=True),
        Field("advice", "建议", "long", most=100_000, hidden=True),
        Field("overall", "总评", "long", most=100_000, hidden=True),
        Field("overlap_reason", "同时听课的说明", most=300, hidden=True, width=160),
    ),
    title="title", order=(("observed_on", True),),
    rules=(Rule(("lesson_id", "observer_id"), "这位听课人已经有这节课的听课记录。"),),
    views=(
        View("term", "本学期", lambda s: Observation.observed_on.between(s.term_starts, s.term_ends)),
        View("year", "本学年", lambda s: Observation.observed_on.between(s.year_starts, s.year_ends)),
        View("no_score", "没有打分", lambda _s: Observation.score.is_(None)),
        View("no_words", "没有评语", lambda _s: (Observation.strengths == "")
             & (Observation.advice == "") & (Observation.overall == "")
             & ~exists().where(ObservationStep.observation_id == Observation.id)),
        View("recent", "我最近改的", lambda scope: recently_changed(Observation, scope)),
    ),
)  # fmt: skip

SHEETS = (OBSERVATION,)
