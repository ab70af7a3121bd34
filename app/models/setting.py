"""Settings that belong to the archive and travel with it."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.models.base import Record


class Setting(Record):
    """A value by name, as JSON; which names exist and their defaults: app/services/settings.py."""

    __tablename__ = "setting"
    __table_args__ = (UniqueConstraint("name"),)

    name: Mapped[str]
    value: Mapped[str]
