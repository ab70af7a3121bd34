"""回收站: what was deleted, as the journal has it, and bringing it back with its parts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update

from app.errors import ConflictError, NotFoundError
from app.models import Base, Batch, Entry, EvidenceLink, Waiver
from app.services.entry.sheets import sheets
from app.services.entry.wording import Writer
from app.services.history import typed_values
from app.services.journal import Change, note

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.services.unit_of_work import UnitOfWork

_HEADS = (
    "school", "person", "community", "agreement", "mentor_pair", "dispatch", "plan", "activity",
    "lesson", "observation", "rubric", "evidence",
)  # fmt: skip
"""Records that are looked for by themselves; the others come back with theirs."""
_LINKS = (EvidenceLink.__tablename__, Waiver.__tablename__)
_BATCHES = 400


@dataclass(frozen=True, slots=True)
class Deleted:
    """A record in the trash; ``parts`` were deleted with it and come back with it."""

    id: str
    batch: int
    kind: str
    name: str
    """What such a record is called."""
    title: str
    at: datetime
    actor: str
    parts: int


class Trash:
    """Deleted records of one archive; nothing is kept but the journal."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def list(self, words: str = "", limit: int = 500) -> list[Deleted]:
        """What was deleted and is not back, newest first; ``words`` are looked for in the titles."""
        with self._uow.read() as session:
            writer = Writer(session)
            found: list[Deleted] = []
            seen: set[str] = set()  # deleted before, brought back, changed, deleted again: once
            for batch in session.scalars(_batches_with_deletions()):
                heads = [one for one in _heads(session, writer, batch) if one.id not in seen]
                seen.update(one.id for one in heads)
                found += [one for one in heads if words.strip() in one.title]
                if len(found) >= limit:
                    break
            return found[:limit]

    def restore(self, deleted: Sequence[Deleted]) -> int:
        """Bring records back with their parts as one step; gives how many.

        Raises ConflictError when something that they need is gone or their place is taken.
        """
        if not deleted:
            raise NotFoundError("没有选中要恢复的记录。", "请先在列表里选择。")
        first = deleted[0]
        action = (
            f"恢复{first.name}“{first.title}”"
            if len(deleted) == 1
            else f"恢复 {len(deleted)} 条记录"
        )
        with self._uow.write(action) as session:
            by_batch: dict[int, set[str]] = {}
            for one in deleted:
                by_batch.setdefault(one.batch, set()).add(one.id)
            for batch in sorted(by_batch):
                _restore(session, batch, by_batch[batch])
        return len(deleted)


def _batches_with_deletions() -> Any:
    return (
        select(Batch)
        .where(
            Batch.seq.in_(select(Entry.batch_seq).where(Entry.op == "delete")),
            Batch.kind.in_(("do", "redo")),
        )
        .order_by(Batch.seq.desc())
        .limit(_BATCHES)
    )


def _heads(session: Session, writer: Writer, batch: Batch) -> Iterator[Deleted]:
    """The records that a batch deleted for their own sake; its parts, if it deleted only parts."""
    entries = list(
        session.scalars(
            select(Entry)
            .where(Entry.batch_seq == batch.seq, Entry.op == "delete")
            .order_by(Entry.ordinal)
        )
    )
    heads = [entry for entry in entries if entry.kind in _HEADS]
    # A lesson that went with its activity is a part of it, though it is also found by itself.
    gone = {entry.record_id for entry in heads}
    heads = [entry for entry in heads if not _owners(entry) & (gone - {entry.record_id})]
    if not heads:
        heads = [entry for entry in entries if entry.kind in sheets()]
    there = _existing(session, heads)
    for entry in heads:
        if entry.record_id not in there:
            values = json.loads(entry.before or "{}")
            yield Deleted(
                entry.record_id,
                batch.seq,
                entry.kind,
                writer.name_of(entry.kind),
                writer.title(entry.kind, values) or "（没有名称）",
                batch.at,
                batch.actor,
                len(_closure(entries, {entry.record_id})) - 1,
            )


def _owners(entry: Entry) -> set[str]:
    described = sheets().get(entry.kind)
    values = json.loads(entry.before or "{}")
    return {values[described.parent]} if described and values.get(described.parent) else set()


def _existing(session: Session, entries: Iterable[Entry]) -> set[str]:
    by_kind: dict[str, list[str]] = {}
    for entry in entries:
        by_kind.setdefault(entry.kind, []).append(entry.record_id)
    return {found for kind, ids in by_kind.items() for found in _there(session, kind, ids)}


def _there(session: Session, kind: str, ids: Sequence[str]) -> set[str]:
    table = Base.metadata.tables[kind]
    found: set[str] = set()
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        found.update(session.scalars(select(table.c.id).where(table.c.id.in_(some))))
    return found


def _closure(entries: Sequence[Entry], ids: set[str]) -> list[Entry]:
    """Deleted records that point to these, and so on: what was deleted because of them."""
    wanted, found, grew = set(ids), [e for e in entries if e.record_id in ids], True
    values = {entry.record_id: json.loads(entry.before or "{}") for entry in entries}
    while grew:
        grew = False
        for entry in entries:
            keys = Base.metadata.tables[entry.kind].foreign_keys
            points = {values[entry.record_id].get(key.parent.name) for key in keys}
            if entry.record_id not in wanted and points & wanted:
                wanted.add(entry.record_id)
                found.append(entry)
                grew = True
    return found


def _restore(session: Session, batch: int, ids: set[str]) -> None:
    query = select(Entry).where(Entry.batch_seq == batch).order_by(Entry.ordinal)
    entries = list(session.scalars(query))
    deleted = [entry for entry in entries if entry.op == "delete"]
    wanted = _closure(deleted, ids)
    back = {entry.record_id for entry in wanted}
    there = _existing(session, wanted)
    if there & ids:
        raise ConflictError("这条记录已经恢复过了。", "请刷新回收站。")
    for entry in wanted:
        if entry.record_id in there:  # it came back before, for another record's sake
            continue
        values = _with_what_is_there(session, entry, back)
        if values is not None:
            table = Base.metadata.tables[entry.kind]
            session.execute(insert(table), [typed_values(table, values)])
            note(session, [Change(entry.kind, entry.record_id, "insert", None, values)])
    for entry in entries:
        if entry.op == "update":
            _point_back(session, entry, back)


def _with_what_is_there(session: Session, entry: Entry, back: set[str]) -> dict[str, Any] | None:
    """A record's values, without what is gone meanwhile; None for a link that would tie nothing."""
    values: dict[str, Any] = json.loads(entry.before or "{}")
    for key in Base.metadata.tables[entry.kind].foreign_keys:
        column, target = key.parent, key.column.table.name
        pointed = values.get(column.name)
        if pointed is None or pointed in back or _there(session, target, [pointed]):
            continue
        if entry.kind in _LINKS:
            return None
        if not column.nullable:
            raise ConflictError(
                f"它用到的{Writer.name_of(target)}也已经删除。", "请先在回收站里恢复那一条。"
            )
        values[column.name] = None
    return values


def _point_back(session: Session, entry: Entry, back: set[str]) -> None:
    """Records that let go of what is back point to it again, unless they were changed since."""
    table = Base.metadata.tables[entry.kind]
    before = json.loads(entry.before or "{}")
    for column, value in before.items():
        if value not in back or not table.c[column].foreign_keys:
            continue
        empty = table.c.id == entry.record_id, table.c[column].is_(None)
        if session.scalar(select(func.count()).select_from(table).where(*empty)):
            session.connection().execute(update(table).where(*empty).values({column: value}))
            change = Change(entry.kind, entry.record_id, "update", {column: None}, {column: value})
            note(session, [change])
