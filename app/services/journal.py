"""The journal: appending to it, taking actions back from it, and telling a record's history."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, inspect, select, update

from app.errors import ConflictError
from app.models import Base, Batch, Entry, Record
from app.models.base import table_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Table
    from sqlalchemy.orm import Session

    from app.context import Context
    from app.services.unit_of_work import UnitOfWork

UNDO_DEPTH = 100
_HISTORY_WINDOW = 4 * UNDO_DEPTH

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One record changed: its table, id, what was done, and the columns before and after."""

    kind: str
    record_id: str
    op: str
    before: Values | None
    after: Values | None

    def inverted(self) -> Change:
        """The change that takes this one back."""
        op = {"insert": "delete", "delete": "insert", "update": "update"}[self.op]
        return Change(self.kind, self.record_id, op, self.after, self.before)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One change in a record's life."""

    at: datetime
    actor: str
    action: str
    op: str
    before: Values
    after: Values


@dataclass(frozen=True, slots=True)
class Step:
    """One step in the life of an archive."""

    at: datetime
    actor: str
    kind: str
    action: str

    @property
    def words(self) -> str:
        """The action as a list of steps names it."""
        return {"undo": "撤销：", "redo": "重做："}.get(self.kind, "") + self.action


def after_values(row: Record, *, changed_only: bool = False) -> Values:
    """Column values of a flushed row, as they are now."""
    state = inspect(row)
    return {
        attr.key: plain(getattr(row, attr.key))
        for attr in state.mapper.column_attrs
        if not changed_only or state.attrs[attr.key].history.has_changes()
    }


def before_values(row: Record, *, changed_only: bool = False) -> Values:
    """Column values as they were before the flush."""
    state = inspect(row)
    values: Values = {}
    for attr in state.mapper.column_attrs:
        history = state.attrs[attr.key].history
        if history.has_changes():
            values[attr.key] = plain(history.deleted[0] if history.deleted else None)
        elif not changed_only:
            values[attr.key] = plain(getattr(row, attr.key))
    return values


def plain(value: object) -> object:
    """A column's value as JSON knows it."""
    return value.isoformat() if isinstance(value, date | time) else value


def _typed(table: Table, values: Values) -> Values:
    """The way back: JSON values as the table's columns take them."""
    typed: Values = {}
    for name, value in values.items():
        wanted = table.columns[name].type.python_type
        if value is not None and wanted in (date, datetime, time):
            typed[name] = wanted.fromisoformat(value)
        else:
            typed[name] = value
    return typed


def append(
    session: Session,
    context: Context,
    action: str,
    changes: Iterable[Change],
    *,
    kind: str,
    target_seq: int | None,
) -> None:
    """Write a batch with its entries; numbers have no gaps, each digest contains the one before."""
    last = session.execute(
        select(Batch.seq, Batch.digest).order_by(Batch.seq.desc()).limit(1)
    ).first()
    seq, previous = (last.seq + 1, last.digest) if last else (1, "")
    entries = [
        {
            "batch_seq": seq,
            "ordinal": ordinal,
            "kind": change.kind,
            "record_id": change.record_id,
            "op": change.op,
            "before": _dump(change.before),
            "after": _dump(change.after),
        }
        for ordinal, change in enumerate(changes)
    ]
    batch = Batch(
        seq=seq,
        kind=kind,
        target_seq=target_seq,
        at=context.clock(),
        actor=context.actor,
        action=action,
        digest="",
    )
    batch.digest = batch_digest(previous, batch, entries)
    session.add(batch)
    session.flush()
    session.execute(insert(table_of(Entry)), entries)


def _dump(values: Values | None) -> str | None:
    return None if values is None else json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def batch_digest(previous: str, batch: Batch, entries: Iterable[Values]) -> str:
    """SHA-256 over the digest before, the batch and its entries in order."""
    digest = hashlib.sha256(previous.encode())
    digest.update(
        f"{batch.seq}|{batch.kind}|{batch.target_seq}|{batch.actor}|{batch.action}".encode()
    )
    for entry in entries:
        fields = (entry["kind"], entry["record_id"], entry["op"], entry["before"], entry["after"])
        digest.update(json.dumps(fields, ensure_ascii=False).encode())
    return digest.hexdigest()


class History:
    """Undo and redo of the last actions, and the history of each record, all from the journal."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def undo_label(self) -> str | None:
        """Name of the action that undo would take back; None when there is none."""
        done, _undone = self._stacks()
        return done[-1][1] if done else None

    def redo_label(self) -> str | None:
        """Name of the action that redo would do again; None when there is none."""
        _done, undone = self._stacks()
        return undone[-1][1] if undone else None

    def undo(self) -> str:
        """Take back the last action; returns its name. Raises ConflictError when there is none."""
        done, _undone = self._stacks()
        if not done:
            raise ConflictError("没有可以撤销的操作。")
        seq, action = done[-1]
        self._replay(seq, action, kind="undo")
        return action

    def redo(self) -> str:
        """Do again what was undone last; returns its name. Raises ConflictError when there is none."""
        _done, undone = self._stacks()
        if not undone:
            raise ConflictError("没有可以重做的操作。")
        seq, action = undone[-1]
        self._replay(seq, action, kind="redo")
        return action

    def of_record(self, record_id: str, limit: int = 200) -> list[HistoryLine]:
        """All changes of one record, newest first."""
        query = (
            select(Batch.at, Batch.actor, Batch.action, Entry.op, Entry.before, Entry.after)
            .join(Batch, Batch.seq == Entry.batch_seq)
            .where(Entry.record_id == record_id)
            .order_by(Entry.batch_seq.desc(), Entry.ordinal.desc())
            .limit(limit)
        )
        with self._uow.read() as session:
            return [
                HistoryLine(
                    row.at, row.actor, row.action, row.op,
                    json.loads(row.before or "{}"), json.loads(row.after or "{}"),
                )
                for row in session.execute(query)
            ]  # fmt: skip

    def recent(self, limit: int = 20) -> list[Step]:
        """The last steps taken in the archive, newest first."""
        query = select(Batch.at, Batch.actor, Batch.kind, Batch.action).order_by(Batch.seq.desc())
        with self._uow.read() as session:
            return [Step(*row) for row in session.execute(query.limit(limit))]

    def _stacks(self) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
        query = select(Batch.seq, Batch.kind, Batch.action).order_by(Batch.seq.desc())
        with self._uow.read() as session:
            recent = session.execute(query.limit(_HISTORY_WINDOW)).all()
        done: list[tuple[int, str]] = []
        undone: list[tuple[int, str]] = []
        for seq, kind, action in reversed(recent):
            if kind == "do":
                done.append((seq, action))
                undone.clear()
            elif kind == "undo" and done:
                undone.append(done.pop())
            elif kind == "redo" and undone:
                done.append(undone.pop())
        return done[-UNDO_DEPTH:], undone

    def _replay(self, seq: int, action: str, *, kind: str) -> None:
        with self._uow.write(action, kind=kind, target_seq=seq) as session:
            entries = session.scalars(
                select(Entry).where(Entry.batch_seq == seq).order_by(Entry.ordinal)
            ).all()
            changes = [
                Change(e.kind, e.record_id, e.op, _load(e.before), _load(e.after)) for e in entries
            ]
            if kind == "undo":
                changes = [change.inverted() for change in reversed(changes)]
            for change in changes:
                _apply(session, change)
                session.info["changes"].append(change)


def _load(values: str | None) -> Values | None:
    return None if values is None else dict(json.loads(values))


def _apply(session: Session, change: Change) -> None:
    """Make one change again on the rows; raises ConflictError if they are not as it expects."""
    table = Base.metadata.tables[change.kind]
    here = table.columns["id"] == change.record_id
    row = session.execute(select(table).where(here)).mappings().first()
    expected = change.before or {}
    fits = (row is None) == (change.op == "insert") and all(
        row is not None and row[name] == value for name, value in _typed(table, expected).items()
    )
    if not fits:
        raise ConflictError(
            "记录后来又改过，这一步不能撤销或重做。", "请在该记录的历史里查看改动，手工改回。"
        )
    match change.op:
        case "insert":
            session.execute(insert(table).values(_typed(table, change.after or {})))
        case "delete":
            session.execute(delete(table).where(here))
        case _:
            session.execute(update(table).where(here).values(_typed(table, change.after or {})))
