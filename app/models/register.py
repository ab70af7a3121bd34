"""Schools and people."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import PartialDate, Record, Text, ref


class School(Record):
    """A unit 单位: school, kindergarten, teaching point, office."""

    __tablename__ = "school"
    __table_args__ = (CheckConstraint("name <> ''", name="named"), UniqueConstraint("name"))

    name: Mapped[Text]
    short_name: Mapped[Text]
    kind: Mapped[Text]
    stage: Mapped[Text]
    district: Mapped[Text]
    note: Mapped[Text]


class Person(Record):
    """A person 人员; two people of the same name are two records."""

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("name <> ''", name="named"),)

    name: Mapped[str] = mapped_column(index=True)
    school_id: Mapped[str | None] = ref("school")
    sex: Mapped[Text]
    born_on: Mapped[PartialDate]
    ethnic_group: Mapped[Text]
    phone: Mapped[Text]
    id_number: Mapped[Text]
    education: Mapped[Text]
    title: Mapped[Text]
    """职称 by its present name (formats.md 5.2)."""
    office: Mapped[Text]
    grade: Mapped[Text]
    joined_on: Mapped[PartialDate]
    note: Mapped[Text]

    school: Mapped[School | None] = relationship()
    subjects: Mapped[list[PersonSubject]] = relationship(
        back_populates="person", cascade="all, delete-orphan", order_by="PersonSubject.ordinal"
    )
    honours: Mapped[list[Honour]] = relationship(
        back_populates="person", cascade="all, delete-orphan", order_by="Honour.id"
    )


class PersonSubject(Record):
    """A subject that a person teaches; rural teachers have several."""

    __tablename__ = "person_subject"
    __table_args__ = (UniqueConstraint("person_id", "subject"),)

    person_id: Mapped[str] = ref("person")
    subject: Mapped[str]
    ordinal: Mapped[int] = mapped_column(default=0)

    person: Mapped[Person] = relationship(back_populates="subjects")


class Honour(Record):
    """A title of honour 称号 with its level (校/镇/县/市/省/国家)."""

    __tablename__ = "honour"

    person_id: Mapped[str] = ref("person")
    name: Mapped[str]
    level: Mapped[Text]
    awarded_on: Mapped[PartialDate]
    awarded_by: Mapped[Text]

    person: Mapped[Person] = relationship(back_populates="honours")
