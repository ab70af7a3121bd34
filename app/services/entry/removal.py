"""Deleting, copying and moving records together with their parts."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, select

from app.errors import ConflictError, NotFoundError
from app.models import Base, BoxItem, EvidenceLink, Record, Waiver, new_id
from app.services.entry.names import names_of
from app.services.entry.sheets import sheet, sheets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Column
    from sqlalchemy.orm import Session

    from app.services.entry.fields import Sheet

_LINKS: tuple[type[Record], ...] = (EvidenceLink, Waiver, BoxItem)
"""Records that only tie two others together: they go with either of them; the file itself stays."""


def delete(session: Session, described: Sheet, record_ids: Sequence[str]) -> int:
    """Delete records with their parts and links.

    What points to them without needing them lets go of them; what needs them stops the deletion:
    ConflictError says how many and which. A part that others need (a lesson with observations) is
    kept and only leaves its owner.
    """
    model = described.model
    rows = list(session.scalars(select(model).where(model.id.in_(record_ids))))
    blocked: Counter[str] = Counter()
    for row in rows:
        _let_go(session, row, blocked)
    if blocked:
        _refuse(session, described, rows, blocked)
    for row in rows:
        session.delete(row)
    return len(rows)


def _refuse(
    session: Session, described: Sheet, rows: Sequence[Record], blocked: Counter[str]
) -> None:
    listed = "、".join(f"{_name(kind)} {count} {_counter(kind)}" for kind, count in blocked.items())
    title = ""
    if len(rows) == 1 and described.kind in ("person", "school", "community", "activity"):
        title = f"“{names_of(session, described.kind, [rows[0].id])[rows[0].id]}”"
    raise ConflictError(
        f"{described.name}{title}还用在别处（{listed}），不能删除。",
        "请先删除或改动它们；如果是登记重了，请用“查重与合并”。",
    )


def _name(kind: str) -> str:
    found = sheets().get(kind)
    return found.name if found else _OTHERS.get(kind, "其他记录")


def _counter(kind: str) -> str:
    found = sheets().get(kind)
    return found.counter if found else "条"


_OTHERS = {"draw_person": "抽取名单", "scheme_adoption": "采用的方案", "assessment_score": "评分"}


def _let_go(session: Session, row: Record, blocked: Counter[str]) -> None:
    """Free a record from all that points to it, or note what cannot be freed."""
    for column in _pointing_to(row.__tablename__):
        pointing = _model_of(column.table.name)
        found = session.scalars(select(pointing).where(getattr(pointing, column.key) == row.id))
        for other in found.all():
            _free(session, row, other, column, blocked)


def _free(
    session: Session, row: Record, other: Record, column: Column[Any], blocked: Counter[str]
) -> None:
    table = other.__tablename__
    if _owned_column(type(row), table) == column.key:
        _release_part(session, other, column, blocked)
    elif table in _parts_of(row.__tablename__) and sheet(table).parent == column.key:
        _let_go(session, other, blocked)
        session.delete(other)
    elif isinstance(other, _LINKS):
        session.delete(other)
    elif column.nullable:
        setattr(other, column.key, None)
    else:
        blocked[table] += 1


def _release_part(
    session: Session, part: Record, owner: Column[Any], blocked: Counter[str]
) -> None:
    needed: Counter[str] = Counter()
    _let_go(session, part, needed)
    if needed and owner.nullable:
        # By its column: taken out of the owner's list it would count as an orphan and be deleted.
        setattr(part, owner.key, None)
        session.flush()
    elif needed:
        blocked.update(needed)


def _parts_of(kind: str) -> tuple[str, ...]:
    found = sheets().get(kind)
    return tuple(part for part in found.parts if sheet(part).owner == kind) if found else ()


def _owned_column(model: type[Record], table: str) -> str:
    """Column by which parts in that table belong to a record of the model."""
    for relation in inspect(model).relationships:
        owned = relation.cascade.delete_orphan and relation.uselist
        if owned and relation.mapper.class_.__tablename__ == table:
            return str(next(iter(relation.remote_side)).key)
    return ""


def _pointing_to(table: str) -> list[Column[Any]]:
    return [
        key.parent
        for other in Base.metadata.tables.values()
        for key in other.foreign_keys
        if key.column.table.name == table
    ]


def _model_of(table: str) -> type[Record]:
    return next(
        mapper.class_ for mapper in Base.registry.mappers if mapper.class_.__tablename__ == table
    )


def copy(session: Session, described: Sheet, row: Record) -> Record:
    """A new record like this one, with those of its parts that a copy needs."""
    made = _like(row, {})
    session.add(made)
    session.flush()
    for one in described.fields:
        if one.part is not None:
            _copy_parts(session, one.part[0], one.part[1], row.id, made.id)
    for kind in described.copied:
        part = sheet(kind)
        _copy_parts(session, part.model, part.parent, row.id, made.id)
    return made


def _copy_parts(session: Session, model: type[Record], owner: str, old: str, new: str) -> None:
    for part in session.scalars(select(model).where(getattr(model, owner) == old)):
        session.add(_like(part, {owner: new}))


def _like(row: Record, changed: dict[str, Any]) -> Record:
    values = {attr.key: getattr(row, attr.key) for attr in inspect(row).mapper.column_attrs}
    return type(row)(**{**values, **changed, "id": new_id()})


def move(session: Session, described: Sheet, record_id: str, step: int) -> None:
    """Exchange a part with its neighbour; nothing happens at either end."""
    model: Any = described.model
    row = session.get(model, record_id)
    if row is None:
        raise NotFoundError("找不到这条记录。", "它可能已被删除，请刷新列表。")
    owner = getattr(model, described.parent)
    siblings = list(
        session.scalars(
            select(model)
            .where(owner == getattr(row, described.parent))
            .order_by(model.ordinal, model.id)
        )
    )
    place = siblings.index(row)
    if not 0 <= place + step < len(siblings):
        return
    siblings.insert(place + step, siblings.pop(place))
    for ordinal, one in enumerate(siblings):
        one.ordinal = ordinal
