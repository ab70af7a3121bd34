"""Undo and redo of the last actions, and each record's history: all read from the journal."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, select, update

from app.errors import ConflictError
from app.models import Base, Batch, Entry
from app.services.bulk import among, insert_rows, no_collecting
from app.services.journal import Change, Values, blank_values, note

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sqlalchemy import Table
    from sqlalchemy.orm import Session

    from app.services.unit_of_work import UnitOfWork

UNDO_DEPTH = 100
_READ = 2 * UNDO_DEPTH
_AT_ONCE = 500


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
    seq: int = 0

    @property
    def words(self) -> str:
        """The action as a list of steps names it."""
        return {"undo": "撤销：", "redo": "重做："}.get(self.kind, "") + self.action


class History:
    """Undo and redo of the last actions, and the history of each record, all from the journal."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def undo_label(self) -> str | None:
        """Name of the action that undo would take back; None when there is none."""
        done, _undone = self._stacks()
        return done[-1][1] if done else None

    def undo_step(self) -> int | None:
        """Number of the step that undo would take back: tells apart steps of the same name."""
        done, _undone = self._stacks()
        return done[-1][0] if done else None

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
        query = select(Batch.at, Batch.actor, Batch.kind, Batch.action, Batch.seq)
        with self._uow.read() as session:
            newest = query.order_by(Batch.seq.desc()).limit(limit)
            return [Step(*row) for row in session.execute(newest)]

    def record_of(self, seq: int, kinds: Collection[str]) -> tuple[str, str] | None:
        """Kind and id of the first record that a step made or changed, of these kinds; None: none is left."""
        query = (
            select(Entry.kind, Entry.record_id)
            .where(Entry.batch_seq == seq, Entry.kind.in_(kinds), Entry.op != "delete")
            .order_by(Entry.ordinal)
        )
        with self._uow.read() as session:
            row = session.execute(query.limit(1)).first()
            return (row.kind, row.record_id) if row else None

    def _stacks(self) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
        """Steps that can be undone and redone, the next one last.

        Read from the newest step back, each looked at by the last that was done to it: however often
        somebody went back and forth, the order stays right.
        """
        query = select(Batch.seq, Batch.kind, Batch.target_seq, Batch.action)
        newest, latest = 0, dict[int, tuple[int, str]]()
        done: list[tuple[int, str]] = []
        undone: list[tuple[int, str]] = []
        with self._uow.read() as session:
            rows = session.execute(
                query.order_by(Batch.seq.desc()).execution_options(yield_per=_READ)
            )
            for seq, kind, target, action in rows:
                if kind != "do":
                    latest.setdefault(target or 0, (seq, kind))
                    continue
                newest = newest or seq
                at, what = latest.get(seq, (0, "redo"))
                if what == "redo":
                    done.append((seq, action))
                elif at > newest:  # a step that was done later left nothing to do again
                    undone.append((seq, action))
                if len(done) == UNDO_DEPTH:
                    break
        return done[::-1], undone

    def _replay(self, seq: int, action: str, *, kind: str) -> None:
        with no_collecting(), self._uow.write(action, kind=kind, target_seq=seq) as session:
            entries = session.execute(
                select(Entry.kind, Entry.record_id, Entry.op, Entry.before, Entry.after)
                .where(Entry.batch_seq == seq)
                .order_by(Entry.ordinal)
            )
            rows = entries.all()
            before, after = _load([row.before for row in rows]), _load([row.after for row in rows])
            changes = [
                Change(row.kind, row.record_id, row.op, before[at], after[at])
                for at, row in enumerate(rows)
            ]
            if kind == "undo":
                changes = [change.inverted() for change in reversed(changes)]
            for some in _alike(changes):
                _apply(session, some)
                note(session, some)


def _load(values: Sequence[str | None]) -> list[Values | None]:
    """All read in one call, which costs half of one call for each."""
    return list(json.loads("[" + ",".join(value or "null" for value in values) + "]"))


def _alike(changes: list[Change]) -> Iterator[list[Change]]:
    """Runs of changes that one statement can make: same table, same kind of change, same columns.

    A record that is changed twice in a row begins a new run: the second change sees the first.
    """

    def shape(change: Change) -> tuple[str, str, tuple[str, ...]]:
        return change.kind, change.op, tuple(change.after or ())

    for _shape, alike in groupby(changes, shape):
        run: dict[str, Change] = {}
        for change in alike:
            if change.record_id in run or len(run) == _AT_ONCE:
                yield list(run.values())
                run = {}
            run[change.record_id] = change
        yield list(run.values())


def _apply(session: Session, changes: list[Change]) -> None:
    """Make changes of one shape again; raises ConflictError if the rows are not as they expect."""
    table, op = Base.metadata.tables[changes[0].kind], changes[0].op
    key = table.columns["id"]
    ids = [change.record_id for change in changes]
    names = table.columns.keys()
    found = session.execute(select(table).where(among(key, ids)))
    rows = {row.id: dict(zip(names, row, strict=True)) for row in found}
    for change in changes:
        row, expected = rows.get(change.record_id, {}), typed_values(table, change.before or {})
        if bool(row) == (op == "insert") or not expected.items() <= row.items():
            raise ConflictError(
                "记录后来又改过，这一步不能撤销或重做。", "请在该记录的历史里查看改动，手工改回。"
            )
    new = [typed_values(table, change.after or {}) for change in changes]
    match op:
        case "insert":
            blank = blank_values(table)  # an older entry does not know the columns of a later form
            insert_rows(session, table, [blank | row for row in new])
        case "delete":
            session.execute(delete(table).where(among(key, ids)))
        case _:
            # The driver sets each named column; the id finds the row, so it needs another name.
            which = [{"row_id": record_id} for record_id in ids]
            columns: dict[str, object] = {name: bindparam(name) for name in new[0]}
            session.connection().execute(
                update(table).where(key == bindparam("row_id")).values(columns),
                [values | row for values, row in zip(new, which, strict=True)],
            )


def typed_values(table: Table, values: Values) -> Values:
    """The way back: JSON values as the table's columns take them."""
    moments = _moments(table)
    if moments.keys().isdisjoint(values):
        return values
    return {
        name: moments[name].fromisoformat(value) if value is not None and name in moments else value
        for name, value in values.items()
    }


@cache
def _moments(table: Table) -> Mapping[str, type[date | time]]:
    """The columns that hold days and hours, which JSON keeps as text, and their types."""
    types = {column.name: column.type.python_type for column in table.columns}
    return {name: kind for name, kind in types.items() if kind in (date, datetime, time)}
