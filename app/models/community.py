"""Communities of schools and people, their years, agreements, pairs and dispatches."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import PartialDate, Record, Text, not_before, ref
from app.models.register import Person, School


class Community(Record):
    """A teaching-research community 共同体 of any kind, or a sub-group of one."""

    __tablename__ = "community"
    __table_args__ = (
        CheckConstraint("name <> ''", name="named"),
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_own_parent"),
        UniqueConstraint("parent_id", "name"),
    )

    name: Mapped[str]
    kind: Mapped[Text]
    variant: Mapped[Text]
    """Type within the kind, e.g. 融合型、共建型、协作型."""
    parent_id: Mapped[str | None] = ref("community")
    person_id: Mapped[str | None] = ref("person")
    """The teacher, where the scheme assesses one (名师工作点)."""
    stage: Mapped[Text]
    subject: Mapped[Text]
    starts_on: Mapped[PartialDate]
    ends_on: Mapped[PartialDate]
    name_plate: Mapped[Text]
    note: Mapped[Text]

    person: Mapped[Person | None] = relationship()
    units: Mapped[list[CommunityUnit]] = relationship(
        back_populates="community", cascade="all, delete-orphan", order_by="CommunityUnit.ordinal"
    )
    appointments: Mapped[list[Appointment]] = relationship(
        back_populates="community", cascade="all, delete-orphan", order_by="Appointment.ordinal"
    )


class CommunityUnit(Record):
    """A school in a community, in a role (牵头、联合、成员…), for a time."""

    __tablename__ = "community_unit"
    __table_args__ = (
        UniqueConstraint("community_id", "school_id", "role", "starts_on"),
        not_before("ends_on", "starts_on"),
    )

    community_id: Mapped[str] = ref("community")
    school_id: Mapped[str] = ref("school")
    role: Mapped[str]
    ordinal: Mapped[int] = mapped_column(default=0)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]

    community: Mapped[Community] = relationship(back_populates="units")
    school: Mapped[School] = relationship()


class Appointment(Record):
    """任职: a person in a role of a community for a time; ``role`` is a key of the scheme."""

    __tablename__ = "appointment"
    __table_args__ = (
        UniqueConstraint("community_id", "person_id", "role", "starts_on"),
        not_before("ends_on", "starts_on"),
    )

    community_id: Mapped[str] = ref("community")
    person_id: Mapped[str] = ref("person")
    role: Mapped[str]
    ordinal: Mapped[int] = mapped_column(default=0)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]

    community: Mapped[Community] = relationship(back_populates="appointments")
    person: Mapped[Person] = relationship()


class Agreement(Record):
    """An agreement 协议 with its dates; the text may also be evidence."""

    __tablename__ = "agreement"
    __table_args__ = (not_before("ends_on", "starts_on"),)

    community_id: Mapped[str] = ref("community")
    title: Mapped[str]
    kind: Mapped[Text]
    signed_on: Mapped[date | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    text: Mapped[Text]


class MentorPair(Record):
    """师徒结对: a mentor and the teacher helped."""

    __tablename__ = "mentor_pair"
    __table_args__ = (
        CheckConstraint("mentor_id <> mentee_id", name="two_people"),
        not_before("ends_on", "starts_on"),
    )

    community_id: Mapped[str] = ref("community")
    mentor_id: Mapped[str] = ref("person")
    mentee_id: Mapped[str] = ref("person")
    agreement_id: Mapped[str | None] = ref("agreement")
    subject: Mapped[Text]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    note: Mapped[Text]


class Dispatch(Record):
    """A teacher sent to, or trained at, another school (派驻、支教、跟岗), with days and lessons."""

    __tablename__ = "dispatch"
    __table_args__ = (
        CheckConstraint("days >= 0 AND lessons >= 0", name="counts"),
        not_before("ends_on", "starts_on"),
    )

    community_id: Mapped[str] = ref("community")
    person_id: Mapped[str] = ref("person")
    from_school_id: Mapped[str | None] = ref("school")
    to_school_id: Mapped[str | None] = ref("school")
    kind: Mapped[str]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    days: Mapped[int] = mapped_column(default=0)
    lessons: Mapped[int] = mapped_column(default=0)
    note: Mapped[Text]


class SchoolYear(Record):
    """学年, e.g. 2025 for September 2025 to August 2026; the bounds are the locality's own."""

    __tablename__ = "school_year"
    __table_args__ = (
        UniqueConstraint("year"),
        CheckConstraint("year BETWEEN 1949 AND 2199", name="range"),
        not_before("ends_on", "starts_on"),
    )

    year: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date]

    terms: Mapped[list[Term]] = relationship(
        back_populates="school_year", cascade="all, delete-orphan", order_by="Term.ordinal"
    )


class Term(Record):
    """学期 within a school year."""

    __tablename__ = "term"
    __table_args__ = (
        UniqueConstraint("school_year_id", "ordinal"),
        not_before("ends_on", "starts_on"),
    )

    school_year_id: Mapped[str] = ref("school_year")
    ordinal: Mapped[int]
    name: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]

    school_year: Mapped[SchoolYear] = relationship(back_populates="terms")


class Plan(Record):
    """A plan 计划 of a community for a year, a term or a month."""

    __tablename__ = "plan"

    community_id: Mapped[str] = ref("community")
    school_year_id: Mapped[str] = ref("school_year")
    term_id: Mapped[str | None] = ref("term")
    month: Mapped[PartialDate]
    """For a month's plan: 2025-10."""
    title: Mapped[str]
    text: Mapped[Text]

    items: Mapped[list[PlanItem]] = relationship(
        back_populates="plan", cascade="all, delete-orphan", order_by="PlanItem.ordinal"
    )


class PlanItem(Record):
    """One line of a plan: what, when, by whom; may have become an activity."""

    __tablename__ = "plan_item"

    plan_id: Mapped[str] = ref("plan")
    activity_id: Mapped[str | None] = ref("activity")
    person_id: Mapped[str | None] = ref("person")
    ordinal: Mapped[int] = mapped_column(default=0)
    due: Mapped[PartialDate]
    kind: Mapped[Text]
    theme: Mapped[str]
    place: Mapped[Text]
    note: Mapped[Text]

    plan: Mapped[Plan] = relationship(back_populates="items")
