"""Saved views: what a clerk looks at again and again, under a name of their own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import select

from app.errors import ConflictError, ValidationError
from app.models import Setting
from app.services.entry.listing import Filter
from app.services.entry.sheets import sheet

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.entry.listing import Op
    from app.services.unit_of_work import UnitOfWork

_MOST_LETTERS = 30


@dataclass(frozen=True, slots=True)
class SavedView:
    """Words, conditions, order and columns of a list."""

    name: str
    view: str = "all"
    """Built-in view that it starts from."""
    words: str = ""
    filters: tuple[Filter, ...] = ()
    order: tuple[tuple[str, bool], ...] = ()
    columns: tuple[str, ...] = ()
    """Fields shown, in their order; none: as usual."""


class SavedViews:
    """Views kept in an archive, by sheet; they travel with it."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def all(self, kind: str) -> list[SavedView]:
        """Views of a sheet by name; what later versions no longer know is left out."""
        with self._uow.read() as session:
            return _read(session, kind)

    def save(self, kind: str, view: SavedView) -> None:
        """Keep a view; one of the same name is replaced. Raises ValidationError."""
        name = view.name.strip()
        if not name or len(name) > _MOST_LETTERS:
            raise ValidationError(f"视图的名称要有 1 到 {_MOST_LETTERS} 个字。", "请另取一个名称。")
        with self._uow.write(f"保存视图“{name}”") as session:
            kept = [one for one in _read(session, kind) if one.name != name]
            _write(session, kind, [*kept, _renamed(view, name)])

    def rename(self, kind: str, old: str, new: str) -> None:
        """Give a view another name; raises ConflictError, ValidationError."""
        name = new.strip()
        if not name or len(name) > _MOST_LETTERS:
            raise ValidationError(f"视图的名称要有 1 到 {_MOST_LETTERS} 个字。", "请另取一个名称。")
        with self._uow.write(f"视图“{old}”改名") as session:
            views = _read(session, kind)
            if any(one.name == name for one in views):
                raise ConflictError(f"已经有一个叫“{name}”的视图。", "请另取一个名称。")
            _write(session, kind, [_renamed(v, name) if v.name == old else v for v in views])

    def delete(self, kind: str, name: str) -> None:
        """Forget a view."""
        with self._uow.write(f"删除视图“{name}”") as session:
            _write(session, kind, [one for one in _read(session, kind) if one.name != name])


def _renamed(view: SavedView, name: str) -> SavedView:
    return SavedView(name, view.view, view.words, view.filters, view.order, view.columns)


def _key(kind: str) -> str:
    return f"views/{sheet(kind).kind}"


def _read(session: Session, kind: str) -> list[SavedView]:
    text = session.scalar(select(Setting.value).where(Setting.name == _key(kind)))
    stored: list[dict[str, Any]] = json.loads(text) if text else []
    known = {one.name for one in sheet(kind).fields}
    return sorted((_view(one, known) for one in stored), key=lambda one: one.name)


def _view(stored: dict[str, Any], known: set[str]) -> SavedView:
    filters = (Filter(name, cast("Op", op), value) for name, op, value in stored["filters"])
    return SavedView(
        stored["name"],
        stored["view"],
        stored["words"],
        tuple(one for one in filters if one.name in known),
        tuple((name, bool(down)) for name, down in stored["order"] if name in known),
        tuple(name for name in stored["columns"] if name in known),
    )


def _write(session: Session, kind: str, views: list[SavedView]) -> None:
    stored = [
        {
            "name": view.name,
            "view": view.view,
            "words": view.words,
            "filters": [(one.name, one.op, one.value) for one in view.filters],
            "order": view.order,
            "columns": view.columns,
        }
        for view in sorted(views, key=lambda one: one.name)
    ]
    text = json.dumps(stored, ensure_ascii=False, default=str)
    row = session.scalar(select(Setting).where(Setting.name == _key(kind)))
    if row is None:
        session.add(Setting(name=_key(kind), value=text))
    else:
        row.value = text
