"""Drafts: what was being typed, kept outside the journal, so that a crash costs a second at most."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.models import Draft, new_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from app.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class DraftView:
    """Unfinished typing: which form it belongs to, a title for lists, the fields as typed."""

    key: str
    title: str
    content: dict[str, Any]
    at: datetime


class Drafts:
    """Keeps unfinished typing of the archive's forms; saving it is no step that undo knows."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    @staticmethod
    def new_key(form: str) -> str:
        """Key for one piece of typing in a form, e.g. ``observation``; no two are the same."""
        return f"{form}:{new_id()}"

    def save(self, key: str, title: str, content: Mapping[str, Any]) -> None:
        """Keep typing under its key; what was kept under it before is replaced."""
        with self._uow.write("保存草稿") as session:
            session.merge(
                Draft(
                    key=key,
                    title=title,
                    content=json.dumps(dict(content), ensure_ascii=False),
                    at=self._uow.context.clock(),
                )
            )

    def all(self, form: str = "") -> list[DraftView]:
        """Drafts of a form (empty: of all), the newest first."""
        query = select(Draft).order_by(Draft.at.desc(), Draft.key)
        if form:
            query = query.where(Draft.key.startswith(f"{form}:", autoescape=True))
        with self._uow.read() as session:
            return [
                DraftView(row.key, row.title, json.loads(row.content), row.at)
                for row in session.scalars(query)
            ]

    def drop(self, key: str) -> None:
        """Forget a draft: it was saved as a record, or given up."""
        with self._uow.write("放弃草稿") as session:
            row = session.get(Draft, key)
            if row is not None:
                session.delete(row)
