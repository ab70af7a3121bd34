"""Archive boxes and what lies in them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.assessment import AssessmentItem, SchemeAdoption
from app.models.base import Record, Text, ref
from app.models.evidence import Evidence


class Box(Record):
    """档案盒: numbered within the adopted scheme's year; what is typed here survives a new plan."""

    __tablename__ = "box"
    __table_args__ = (
        UniqueConstraint("adoption_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("spine_mm > 0 AND thickness_mm >= 0", name="measures"),
    )

    adoption_id: Mapped[str] = ref("scheme_adoption")
    number: Mapped[int]
    spine_mm: Mapped[float]
    thickness_mm: Mapped[float] = mapped_column(default=0.0)
    condition: Mapped[Text]
    """盒内文件情况说明 of the reference sheet."""
    arranged_by: Mapped[Text]
    arranged_on: Mapped[date | None]
    checked_by: Mapped[Text]
    checked_on: Mapped[date | None]

    adoption: Mapped[SchemeAdoption] = relationship()
    items: Mapped[list[BoxItem]] = relationship(
        back_populates="box", cascade="all, delete-orphan", order_by="BoxItem.ordinal"
    )


class BoxItem(Record):
    """A line of a box's directory; ``lies_at_id`` is set where the piece lies under another item."""

    __tablename__ = "box_item"
    __table_args__ = (
        UniqueConstraint("evidence_id", "assessment_item_id"),
        CheckConstraint(
            "folio_start >= 1 AND folio_end >= folio_start OR folio_start = 0 AND folio_end = 0",
            name="folios",
        ),
        CheckConstraint("lies_at_id IS NULL OR lies_at_id <> id", name="not_itself"),
    )

    box_id: Mapped[str] = ref("box")
    evidence_id: Mapped[str] = ref("evidence")
    assessment_item_id: Mapped[str] = ref("assessment_item")
    lies_at_id: Mapped[str | None] = ref("box_item")
    ordinal: Mapped[int]
    folio_start: Mapped[int]
    """First and last page in the box; 0 for what lies on no paper (video, sound)."""
    folio_end: Mapped[int]

    box: Mapped[Box] = relationship(back_populates="items")
    evidence: Mapped[Evidence] = relationship()
    assessment_item: Mapped[AssessmentItem] = relationship()
