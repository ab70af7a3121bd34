"""Schemes adopted, their assessment tables, points given, draws and waivers."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Record, Text, one_of, ref
from app.models.community import Community, SchoolYear


class SchemeAdoption(Record):
    """A scheme as adopted by a community for a school year: a full copy, so that presets may change."""

    __tablename__ = "scheme_adoption"
    __table_args__ = (
        UniqueConstraint("community_id", "school_year_id", "version"),
        CheckConstraint("version >= 1", name="version"),
    )

    community_id: Mapped[str] = ref("community")
    school_year_id: Mapped[str] = ref("school_year")
    version: Mapped[int] = mapped_column(default=1)
    scheme_key: Mapped[str]
    source_text: Mapped[str]
    """The scheme file itself (TOML)."""
    answers: Mapped[str] = mapped_column(default="{}")
    """JSON: what was asked when adopting, e.g. the calendar year of certificates."""
    adopted_at: Mapped[datetime]

    community: Mapped[Community] = relationship()
    school_year: Mapped[SchoolYear] = relationship()
    items: Mapped[list[AssessmentItem]] = relationship(
        back_populates="adoption", cascade="all, delete-orphan", order_by="AssessmentItem.ordinal"
    )


class AssessmentItem(Record):
    """考核项: a group or an item of the adopted assessment table, in the table's order."""

    __tablename__ = "assessment_item"
    __table_args__ = (
        UniqueConstraint("adoption_id", "no"),
        CheckConstraint("points IS NULL OR points >= 0", name="points"),
    )

    adoption_id: Mapped[str] = ref("scheme_adoption")
    parent_id: Mapped[str | None] = ref("assessment_item")
    ordinal: Mapped[int]
    no: Mapped[str]
    name: Mapped[str]
    points: Mapped[float | None]

    adoption: Mapped[SchemeAdoption] = relationship(back_populates="items")


class AssessmentScore(Record):
    """Points given for an item: by the community itself, or by an assessor."""

    __tablename__ = "assessment_score"
    __table_args__ = (
        one_of("role", "self", "assessor"),
        UniqueConstraint("item_id", "role", "assessor", "school_id", "person_id"),
    )

    item_id: Mapped[str] = ref("assessment_item")
    role: Mapped[str]
    assessor: Mapped[Text]
    school_id: Mapped[str | None] = ref("school")
    person_id: Mapped[str | None] = ref("person")
    points: Mapped[float]
    comment: Mapped[Text]


class Waiver(Record):
    """不适用: a required material that need not be there, and why."""

    __tablename__ = "waiver"
    __table_args__ = (CheckConstraint("reason <> ''", name="reason"),)

    adoption_id: Mapped[str] = ref("scheme_adoption")
    activity_id: Mapped[str | None] = ref("activity")
    person_id: Mapped[str | None] = ref("person")
    slot: Mapped[str]
    reason: Mapped[str]


class Draw(Record):
    """A random draw of people, repeatable by anyone from its seed and list."""

    __tablename__ = "draw"
    __table_args__ = (CheckConstraint("count > 0", name="count"),)

    community_id: Mapped[str] = ref("community")
    drawn_on: Mapped[date]
    seed: Mapped[str]
    conditions: Mapped[Text]
    count: Mapped[int]

    people: Mapped[list[DrawPerson]] = relationship(
        back_populates="draw", cascade="all, delete-orphan", order_by="DrawPerson.ordinal"
    )


class DrawPerson(Record):
    """A candidate of a draw, in the order listed; ``place`` is set for those drawn."""

    __tablename__ = "draw_person"
    __table_args__ = (UniqueConstraint("draw_id", "person_id"),)

    draw_id: Mapped[str] = ref("draw")
    person_id: Mapped[str] = ref("person")
    ordinal: Mapped[int]
    place: Mapped[int | None]

    draw: Mapped[Draw] = relationship(back_populates="people")
