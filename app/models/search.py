"""What the search index says of each record; the full-text table itself is SQLite's (see search.py)."""

from __future__ import annotations

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import ID_LENGTH, Base


class SearchEntry(Base):
    """A findable record; narrow, so that newest-first needs no wide rows."""

    __tablename__ = "search_entry"
    __table_args__ = (Index("uq_search_entry_record", "record_id", unique=True),)

    rowid_: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    record_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    dated: Mapped[str]


class SearchBody(Base):
    """The text that was indexed for a record: needed to show the hit, and to take it out again."""

    __tablename__ = "search_body"

    rowid_: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    body: Mapped[str]
    keys: Mapped[str] = mapped_column(default="")
    """Words by which it is found but that are not shown: pinyin and initials of names."""
