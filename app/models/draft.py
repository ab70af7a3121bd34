"""What was being typed when the program ended; no record yet, so the journal knows nothing of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Draft(Base):
    """Unfinished typing in one form: ``key`` names the form, ``content`` is JSON of its fields."""

    __tablename__ = "draft"

    key: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    content: Mapped[str]
    at: Mapped[datetime]
