"""Schemes adopted, their assessment tables, points given, draws and waivers."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import LaterText, Record, Text, one_of, ref
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
    """The scheme file itself (TOML), as it is in force; earlier ones are its versions."""
    answers: Mapped[str] = mapped_column(default="{}")
    """JSON: what was asked when adopting, e.g. the calendar year of certificates."""
    adopted_at: Mapped[datetime]
    changed_for: Mapped[LaterText]
    """Why this version was made; empty for the first."""

    community: Mapped[Community] = relationship()
    school_year: Mapped[SchoolYear] = relationship()
    items: Mapped[list[AssessmentItem]] = relationship(
        back_populates="adoption", cascade="all, delete-orphan", order_by="AssessmentItem.ordinal"
    )


class SchemeVersion(Record):
    """An earlier version of an adopted scheme, kept as it was."""

    __tablename__ = "scheme_version"
    __table_args__ = (UniqueConstraint("adoption_id", "version"),)

    adoption_id: Mapped[str] = ref("scheme_adoption")
    version: Mapped[int]
    source_text: Mapped[str]
    answers: Mapped[str] = mapped_column(default="{}")
    changed_for: Mapped[Text]
    adopted_at: Mapped[datetime]


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
        UniqueConstraint(
            "item_id",
            "role",
            "assessor",
            "school_id",
            "person_id",
            "community_id",
            "pair_id",
            name="uq_assessment_score_given",
        ),
    )

    item_id: Mapped[str] = ref("assessment_item")
    role: Mapped[str]
    assessor: Mapped[Text]
    school_id: Mapped[str | None] = ref("school")
    person_id: Mapped[str | None] = ref("person")
    community_id: Mapped[str | None] = ref("community")
    """A group 小组, where the scheme assesses groups."""
    pair_id: Mapped[str | None] = ref("mentor_pair")
    points: Mapped[float]
    comment: Mapped[Text]


class EnteredValue(Record):
    """A figure or word that comes from outside: an input, a count of deductions, a figure, a grade.

    Subject columns are empty where it is of the community that adopted the scheme.
    """

    __tablename__ = "entered_value"
    __table_args__ = (
        one_of("kind", "input", "deduction", "figure", "grade"),
        CheckConstraint("years_back >= 0", name="years_back"),
        CheckConstraint("number IS NOT NULL OR word <> ''", name="said"),
    )

    adoption_id: Mapped[str] = ref("scheme_adoption")
    kind: Mapped[str]
    key: Mapped[str]
    """Of an input, figure or grade its key; of a deduction the item's number and the name, by a slash."""
    school_id: Mapped[str | None] = ref("school")
    person_id: Mapped[str | None] = ref("person")
    community_id: Mapped[str | None] = ref("community")
    pair_id: Mapped[str | None] = ref("mentor_pair")
    activity_id: Mapped[str | None] = ref("activity")
    lesson_id: Mapped[str | None] = ref("lesson")
    term: Mapped[int | None]
    years_back: Mapped[int] = mapped_column(default=0)
    """1: last year's, where no scheme was adopted then."""
    number: Mapped[float | None]
    word: Mapped[Text]
    note: Mapped[Text]


class IgnoredFinding(Record):
    """A finding of the missing list that was looked at and let pass, and why."""

    __tablename__ = "ignored_finding"
    __table_args__ = (
        UniqueConstraint("adoption_id", "finding"),
        CheckConstraint("reason <> ''", name="reason"),
    )

    adoption_id: Mapped[str] = ref("scheme_adoption")
    finding: Mapped[str]
    """Key by which the finding is known again."""
    words: Mapped[str]
    reason: Mapped[str]
    ignored_on: Mapped[date]


class Reminder(Record):
    """催交单: what was asked of a person or a school on a day; ticks itself off as it comes in."""

    __tablename__ = "reminder"

    adoption_id: Mapped[str] = ref("scheme_adoption")
    person_id: Mapped[str | None] = ref("person")
    school_id: Mapped[str | None] = ref("school")
    made_on: Mapped[date]
    wanted_by: Mapped[date | None]

    lines: Mapped[list[ReminderLine]] = relationship(
        back_populates="reminder", cascade="all, delete-orphan", order_by="ReminderLine.ordinal"
    )


class ReminderLine(Record):
    """One thing asked for, by the key of its finding."""

    __tablename__ = "reminder_line"

    reminder_id: Mapped[str] = ref("reminder")
    ordinal: Mapped[int]
    finding: Mapped[str]
    words: Mapped[str]

    reminder: Mapped[Reminder] = relationship(back_populates="lines")


class Waiver(Record):
    """不适用: a required material that need not be there, and why."""

    __tablename__ = "waiver"
    __table_args__ = (CheckConstraint("reason <> ''", name="reason"),)

    adoption_id: Mapped[str] = ref("scheme_adoption")
    activity_id: Mapped[str | None] = ref("activity")
    lesson_id: Mapped[str | None] = ref("lesson")
    person_id: Mapped[str | None] = ref("person")
    school_id: Mapped[str | None] = ref("school")
    community_id: Mapped[str | None] = ref("community")
    """Who need not hand it in; with an activity: only of that one. None of them: nobody in the scheme."""
    pair_id: Mapped[str | None] = ref("mentor_pair")
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
