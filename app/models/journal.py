"""The one journal: every change with who, when, what, and the values before and after."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import ID_LENGTH, Base, new_id, one_of


class Batch(Base):
    """One transaction: numbered without gaps, and chained by digest so that a gap or change shows."""

    __tablename__ = "journal_batch"
    __table_args__ = (UniqueConstraint("id"), one_of("kind", "begin", "do", "undo", "redo"))

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(String(ID_LENGTH), default=new_id)
    kind: Mapped[str]
    """begin: what an archive starts with, which cannot be taken back; do; undo; redo."""
    target_seq: Mapped[int | None]
    """For undo and redo: the batch undone or done again."""
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    digest: Mapped[str] = mapped_column(String(64))


class Entry(Base):
    """One record changed within a batch; ``before``/``after`` are JSON objects of the columns."""

    __tablename__ = "journal_entry"
    __table_args__ = (
        one_of("op", "insert", "update", "delete"),
        Index("ix_journal_entry_record", "record_id"),
        Index("ix_journal_entry_deleted", "batch_seq", sqlite_where=text("op = 'delete'")),
    )

    batch_seq: Mapped[int] = mapped_column(ForeignKey("journal_batch.seq"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    """Table of the record."""
    record_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    op: Mapped[str]
    before: Mapped[str | None]
    after: Mapped[str | None]
