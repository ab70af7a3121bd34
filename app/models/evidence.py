"""Evidence: files kept once by their content, and the links that say what they prove."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, LaterText, Record, Text, exactly_one, one_of, ref


class Evidence(Record):
    """佐证材料: one file, stored once under its SHA-256."""

    __tablename__ = "evidence"
    __table_args__ = (
        UniqueConstraint("sha256"),
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("pages IS NULL OR pages >= 0", name="pages"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
        one_of("state", "ok", "encrypted", "damaged"),
    )

    sha256: Mapped[str] = mapped_column(String(64))
    stored_name: Mapped[str]
    """Name on the disk, within the folder of its SHA-256."""
    original_name: Mapped[str]
    title: Mapped[str]
    """题名 as the directory prints it."""
    author: Mapped[Text]
    """责任者."""
    dated_on: Mapped[date | None] = mapped_column(index=True)
    doc_no: Mapped[Text]
    secrecy: Mapped[Text]
    retention: Mapped[Text]
    kind: Mapped[str] = mapped_column(index=True)
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    pages: Mapped[int | None]
    pages_from: Mapped[Text]
    """How the number of pages is known: counted, properties, typed; empty: unknown."""
    width: Mapped[int | None]
    height: Mapped[int | None]
    orientation: Mapped[int | None]
    taken_at: Mapped[str] = mapped_column(String(19), default="")
    """Local time of the camera, ISO without zone: cameras know none."""
    state: Mapped[str] = mapped_column(default="ok")
    remarks: Mapped[Text]
    """What the intake noticed, in words, one remark a line."""
    sealed: Mapped[bool] = mapped_column(default=False)
    """Bears the school's seal (on the paper original)."""
    level: Mapped[LaterText]
    """Of a certificate: 校、县、市、省、国, by the words of the scheme."""
    note: Mapped[Text]
    added_at: Mapped[datetime]

    links: Mapped[list[EvidenceLink]] = relationship(
        back_populates="evidence", cascade="all, delete-orphan"
    )


class EvidenceLink(Record):
    """What a piece of evidence proves; ``slot`` is the 应有材料项 that it fills there."""

    __tablename__ = "evidence_link"
    __table_args__ = (
        exactly_one(
            "assessment_item_id",
            "activity_id",
            "lesson_id",
            "observation_id",
            "person_id",
            "agreement_id",
            "pair_id",
            "community_id",
            "school_id",
        ),
        Index("uq_evidence_link_item", "evidence_id", "assessment_item_id", unique=True),
        UniqueConstraint("evidence_id", "activity_id", "slot"),
        Index("ix_evidence_link_slot", "slot"),
        Index(
            "ix_evidence_link_filled",
            "activity_id",
            "slot",
            "owner_id",
            "evidence_id",
            sqlite_where=text("activity_id IS NOT NULL"),
        ),
    )

    evidence_id: Mapped[str] = ref("evidence")
    assessment_item_id: Mapped[str | None] = ref("assessment_item")
    activity_id: Mapped[str | None] = ref("activity", index=False)  # ix_evidence_link_filled has it
    lesson_id: Mapped[str | None] = ref("lesson")
    observation_id: Mapped[str | None] = ref("observation")
    person_id: Mapped[str | None] = ref("person")
    agreement_id: Mapped[str | None] = ref("agreement")
    pair_id: Mapped[str | None] = ref("mentor_pair")
    community_id: Mapped[str | None] = ref("community")
    school_id: Mapped[str | None] = ref("school")
    slot: Mapped[Text]
    owner_id: Mapped[str | None] = ref("person")
    """Whose it is, where a slot asks one of each person; empty: not said."""
    counted_on: Mapped[date | None]
    """A day of the period for which it counts; empty: the evidence's own day says it."""

    evidence: Mapped[Evidence] = relationship(back_populates="links")


class PaperReceipt(Record):
    """收件登记: a paper that was handed in, for a slot of an activity, a lesson or whoever owes it."""

    __tablename__ = "paper_receipt"
    __table_args__ = (
        exactly_one(
            "activity_id", "lesson_id", "person_id", "pair_id", "community_id", "school_id"
        ),
        CheckConstraint("copies > 0", name="copies"),
    )

    activity_id: Mapped[str | None] = ref("activity")
    lesson_id: Mapped[str | None] = ref("lesson")
    person_id: Mapped[str | None] = ref("person")
    pair_id: Mapped[str | None] = ref("mentor_pair")
    community_id: Mapped[str | None] = ref("community")
    school_id: Mapped[str | None] = ref("school")
    slot: Mapped[str]
    owner_id: Mapped[str | None] = ref("person")
    copies: Mapped[int] = mapped_column(default=1)
    received_on: Mapped[date]
    place: Mapped[Text]
    """Where it lies, e.g. 教导处."""


class EvidenceText(Base):
    """Text found inside a file; made from the file, so it can be made again: not in the journal."""

    __tablename__ = "evidence_text"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    text: Mapped[str]
