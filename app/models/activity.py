"""Activities: agenda, duties, attendance, the lessons taught in them."""

from __future__ import annotations

from datetime import date, time

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import LaterText, Record, Text, not_before, one_of, ref
from app.models.community import Community
from app.models.register import Person, School


class Activity(Record):
    """活动; ``kind``, ``form`` and ``stage`` are words of the adopted scheme."""

    __tablename__ = "activity"
    __table_args__ = (
        CheckConstraint("title <> ''", name="titled"),
        not_before("ends_on", "held_on"),
        Index("ix_activity_listed", "held_on", "id"),
        Index("ix_activity_of_year", "community_id", "held_on"),
    )

    community_id: Mapped[str] = ref("community")
    title: Mapped[str] = mapped_column(index=True)
    number: Mapped[Text]
    """期次, e.g. 第3期."""
    kind: Mapped[Text]
    form: Mapped[Text]
    stage: Mapped[Text]
    held_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    starts_at: Mapped[time | None]
    ends_at: Mapped[time | None]
    place: Mapped[Text]
    subject: Mapped[Text]
    theme: Mapped[Text]
    level: Mapped[LaterText]
    """校、镇、县、市、省、国, by the words of the scheme."""
    host_id: Mapped[str | None] = ref("person")
    recorder_id: Mapped[str | None] = ref("person")
    minutes: Mapped[Text]
    outcome: Mapped[Text]
    next_steps: Mapped[Text]

    community: Mapped[Community] = relationship()
    host: Mapped[Person | None] = relationship(foreign_keys="Activity.host_id")
    units: Mapped[list[ActivityUnit]] = relationship(
        back_populates="activity", cascade="all, delete-orphan"
    )
    agenda: Mapped[list[AgendaItem]] = relationship(
        back_populates="activity", cascade="all, delete-orphan", order_by="AgendaItem.ordinal"
    )
    duties: Mapped[list[Duty]] = relationship(
        back_populates="activity", cascade="all, delete-orphan", order_by="Duty.ordinal"
    )
    attendances: Mapped[list[Attendance]] = relationship(
        back_populates="activity", cascade="all, delete-orphan"
    )
    lessons: Mapped[list[Lesson]] = relationship(
        back_populates="activity", cascade="all, delete-orphan"
    )


class ActivityUnit(Record):
    """A school's part in an activity: 主办、承办、协办、参加."""

    __tablename__ = "activity_unit"
    __table_args__ = (UniqueConstraint("activity_id", "school_id", "role"),)

    activity_id: Mapped[str] = ref("activity")
    school_id: Mapped[str] = ref("school")
    role: Mapped[str]
    teachers: Mapped[int | None]

    activity: Mapped[Activity] = relationship(back_populates="units")
    school: Mapped[School] = relationship()


class AgendaItem(Record):
    """One line of the agenda 议程, with clock times where they are set."""

    __tablename__ = "agenda_item"

    activity_id: Mapped[str] = ref("activity")
    person_id: Mapped[str | None] = ref("person")
    ordinal: Mapped[int] = mapped_column(default=0)
    starts_at: Mapped[time | None]
    ends_at: Mapped[time | None]
    content: Mapped[str]

    activity: Mapped[Activity] = relationship(back_populates="agenda")


class Duty(Record):
    """分工: a task of an activity and who does it."""

    __tablename__ = "duty"

    activity_id: Mapped[str] = ref("activity")
    person_id: Mapped[str | None] = ref("person")
    ordinal: Mapped[int] = mapped_column(default=0)
    task: Mapped[str]

    activity: Mapped[Activity] = relationship(back_populates="duties")


class Attendance(Record):
    """签到: a person at an activity: present, on leave (请假, with or without a paper), or absent."""

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("activity_id", "person_id"),
        one_of("status", "expected", "present", "leave", "absent"),
    )

    activity_id: Mapped[str] = ref("activity")
    person_id: Mapped[str] = ref("person")
    status: Mapped[str] = mapped_column(default="expected")
    part: Mapped[Text]
    """Part taken: 主持、主讲、授课…"""
    signed_at: Mapped[time | None]
    leave_reason: Mapped[Text]
    leave_written: Mapped[bool] = mapped_column(default=False)
    """Whether a leave slip 请假条 was handed in."""

    activity: Mapped[Activity] = relationship(back_populates="attendances")
    person: Mapped[Person] = relationship()


class Lesson(Record):
    """课: a lesson taught, within an activity or on its own."""

    __tablename__ = "lesson"
    __table_args__ = (Index("ix_lesson_listed", "taught_on", "id"),)

    activity_id: Mapped[str | None] = ref("activity")
    teacher_id: Mapped[str] = ref("person")
    school_id: Mapped[str | None] = ref("school")
    """Where it was taught; empty: at the teacher's own school."""
    taught_on: Mapped[date | None]
    period: Mapped[Text]
    """节次, e.g. 第3节."""
    subject: Mapped[Text]
    edition: Mapped[Text]
    grade: Mapped[Text]
    volume: Mapped[Text]
    title: Mapped[Text]
    class_name: Mapped[Text]
    form: Mapped[Text]
    """示范课、研讨课、同课异构、同步课堂…"""
    lesson_kind: Mapped[Text]
    """课型: 新授、复习、实验…"""
    medium: Mapped[Text]
    hours: Mapped[int] = mapped_column(default=1)
    """课时."""
    receiving_school_id: Mapped[str | None] = ref("school")
    """Of a synchronous lesson 同步课堂: the school, class and teacher at the other end."""
    receiving_class: Mapped[Text]
    receiving_teacher_id: Mapped[str | None] = ref("person")

    activity: Mapped[Activity | None] = relationship(back_populates="lessons")
    teacher: Mapped[Person] = relationship(foreign_keys="Lesson.teacher_id")
