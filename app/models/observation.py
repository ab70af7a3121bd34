"""Lesson observations and the rubrics by which they are scored."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.activity import Lesson
from app.models.base import Record, Text, ref
from app.models.register import Person


class Rubric(Record):
    """评价量表: blocks with points, and the lines between grades."""

    __tablename__ = "rubric"
    __table_args__ = (UniqueConstraint("name"),)

    name: Mapped[str]
    source: Mapped[Text]

    items: Mapped[list[RubricItem]] = relationship(
        back_populates="rubric", cascade="all, delete-orphan", order_by="RubricItem.ordinal"
    )
    grades: Mapped[list[RubricGrade]] = relationship(
        back_populates="rubric", cascade="all, delete-orphan"
    )


class RubricItem(Record):
    """A block of a rubric (教学目标…) with its full points."""

    __tablename__ = "rubric_item"
    __table_args__ = (CheckConstraint("points > 0", name="points"),)

    rubric_id: Mapped[str] = ref("rubric")
    ordinal: Mapped[int] = mapped_column(default=0)
    name: Mapped[str]
    guidance: Mapped[Text]
    points: Mapped[float]

    rubric: Mapped[Rubric] = relationship(back_populates="items")


class RubricGrade(Record):
    """A grade and the lowest score that earns it."""

    __tablename__ = "rubric_grade"
    __table_args__ = (UniqueConstraint("rubric_id", "name"),)

    rubric_id: Mapped[str] = ref("rubric")
    name: Mapped[str]
    at_least: Mapped[float]

    rubric: Mapped[Rubric] = relationship(back_populates="grades")


class Observation(Record):
    """听课记录: one observer's record of one lesson."""

    __tablename__ = "observation"
    __table_args__ = (
        UniqueConstraint("lesson_id", "observer_id"),
        CheckConstraint("score IS NULL OR score >= 0", name="score"),
    )

    lesson_id: Mapped[str] = ref("lesson")
    observer_id: Mapped[str] = ref("person")
    rubric_id: Mapped[str | None] = ref("rubric")
    observed_on: Mapped[date | None] = mapped_column(index=True)
    hours: Mapped[int] = mapped_column(default=1)
    """听课节数."""
    strengths: Mapped[Text]
    advice: Mapped[Text]
    overall: Mapped[Text]
    score: Mapped[float | None] = mapped_column(index=True)
    grade: Mapped[Text]
    overlap_reason: Mapped[Text]
    """Why one observer may have been in two lessons at the same time; empty: nothing to explain."""

    lesson: Mapped[Lesson] = relationship()
    observer: Mapped[Person] = relationship()
    steps: Mapped[list[ObservationStep]] = relationship(
        back_populates="observation",
        cascade="all, delete-orphan",
        order_by="ObservationStep.ordinal",
    )
    scores: Mapped[list[ObservationScore]] = relationship(
        back_populates="observation", cascade="all, delete-orphan"
    )


class ObservationStep(Record):
    """A stretch of the lesson: 教学过程 with minutes | 评析."""

    __tablename__ = "observation_step"

    observation_id: Mapped[str] = ref("observation")
    ordinal: Mapped[int] = mapped_column(default=0)
    minute: Mapped[int | None]
    process: Mapped[Text]
    comment: Mapped[Text]

    observation: Mapped[Observation] = relationship(back_populates="steps")


class ObservationScore(Record):
    """Points that an observer gives for a block of the rubric."""

    __tablename__ = "observation_score"
    __table_args__ = (
        UniqueConstraint("observation_id", "rubric_item_id"),
        CheckConstraint("points >= 0", name="points"),
    )

    observation_id: Mapped[str] = ref("observation")
    rubric_item_id: Mapped[str] = ref("rubric_item")
    points: Mapped[float]

    observation: Mapped[Observation] = relationship(back_populates="scores")
