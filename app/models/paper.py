"""What goes out on paper: the offices' own forms, archival codes given, typed texts, certificates."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Record, Text, ref


class Template(Record):
    """An office's own form: a Word or Excel file with fields, kept in the archive's evidence store."""

    __tablename__ = "template"
    __table_args__ = (
        UniqueConstraint("name"),
        CheckConstraint("name <> ''", name="named"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
    )

    name: Mapped[str]
    subject: Mapped[str]
    """What one sheet is about, by the key of app/services/forms/values."""
    form: Mapped[Text]
    """Key of the built-in form that it takes the place of; empty: a form of its own."""
    sha256: Mapped[str] = mapped_column(String(64))
    stored_name: Mapped[str]
    original_name: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    note: Mapped[Text]
    added_at: Mapped[datetime]


class ArchivalCode(Record):
    """档号 given to a piece: unique, and never given again, not even when the piece is gone."""

    __tablename__ = "archival_code"
    __table_args__ = (
        UniqueConstraint("code"),
        UniqueConstraint("series", "serial"),
        CheckConstraint("serial >= 1", name="serial"),
    )

    adoption_id: Mapped[str] = ref("scheme_adoption")
    series: Mapped[str]
    """All of the code but its serial 件号: within it serials run on."""
    serial: Mapped[int]
    code: Mapped[str]
    evidence_id: Mapped[str] = mapped_column(String(36), index=True)
    """No foreign key: the code stays when its piece is deleted."""
    title: Mapped[str]
    """题名 on the day it was given, for codes whose piece is gone."""
    given_on: Mapped[date]
    withdrawn_on: Mapped[date | None]
    reason: Mapped[Text]


class ReportText(Record):
    """A part of a report that is typed: shortcomings, plans, acknowledgements."""

    __tablename__ = "report_text"
    __table_args__ = (UniqueConstraint("adoption_id", "report", "target", "part"),)

    adoption_id: Mapped[str] = ref("scheme_adoption")
    report: Mapped[str]
    """Key of the form."""
    target: Mapped[Text]
    """Id of the record that the report is about; empty: the whole year."""
    part: Mapped[str]
    text: Mapped[Text]


class Certificate(Record):
    """证书: one line of the register; its number is never given again."""

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("series", "serial"),
        CheckConstraint("serial >= 1", name="serial"),
        CheckConstraint("name <> ''", name="named"),
    )

    adoption_id: Mapped[str] = ref("scheme_adoption")
    series: Mapped[str]
    serial: Mapped[int]
    number: Mapped[str]
    person_id: Mapped[str | None] = ref("person")
    activity_id: Mapped[str | None] = ref("activity")
    name: Mapped[str]
    """Name as printed; people leave, certificates stay."""
    school: Mapped[Text]
    kind: Mapped[str]
    """荣誉证书、结业证书、聘书…"""
    body: Mapped[Text]
    issuer: Mapped[Text]
    awarded_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    note: Mapped[Text]
