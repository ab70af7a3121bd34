"""The journal: what a change is, how it is written down, and how the batches are chained."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, select

from app.models import Batch, Entry, Record
from app.models.base import table_of
from app.services.bulk import insert_rows, new_ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Table
    from sqlalchemy.orm import Session

    from app.context import Context

Values = dict[str, Any]

CHANGES = "changes"
"""Key in a writing session's ``info``: the changes so far, in the order they were written."""


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


def insert_many(session: Session, model: type[Record], rows: Sequence[Values]) -> None:
    """Insert many records with their journal entries, without an object for each.

    All rows name the same columns; the others get their default. Many times as fast as objects.
    """
    if not rows:
        return
    table = table_of(model)
    blank = blank_values(table)
    if "id" in rows[0]:
        whole = [blank | row for row in rows]
    else:
        whole = [
            blank | row | {"id": id_} for row, id_ in zip(rows, new_ids(len(rows)), strict=True)
        ]
    insert_rows(session, table, whole)
    moments = [
        column.name for column in table.columns if column.type.python_type in (date, datetime, time)
    ]
    after = [
        row | {name: plain(row[name]) for name in moments} if moments else row for row in whole
    ]
    name = str(table.name)  # a plain one: with SQLAlchemy's own the driver asks each how to take it
    note(session, [Change(name, str(row["id"]), "insert", None, row) for row in after])


def blank_values(table: Table) -> Values:
    """What each column holds where nothing was said, the id left out."""
    return {
        column.name: getattr(column.default, "arg", None)
        for column in table.columns
        if column.name != "id"
    }


def note(session: Session, changes: Iterable[Change]) -> None:
    """Hand changes made by statements to the transaction's journal entry."""
    session.info[CHANGES].extend(changes)


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
    done = list(changes)
    before, after = _dump([one.before for one in done]), _dump([one.after for one in done])
    entries = [
        {
            "batch_seq": seq,
            "ordinal": ordinal,
            "kind": change.kind,
            "record_id": change.record_id,
            "op": change.op,
            "before": before[ordinal],
            "after": after[ordinal],
        }
        for ordinal, change in enumerate(done)
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
    insert_rows(session, table_of(Entry), entries)


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


_encode_lines = json.JSONEncoder(ensure_ascii=False, separators=(",\n", ":")).encode
_BETWEEN = "},\n{"
_DUMPED_AT_ONCE = 5000


def _dump(values: Sequence[Values | None]) -> list[str | None]:
    r"""Each as a JSON object, many encoded in one call, which costs a tenth of one call for each.

    They are flat, and a line break within a text is written \n: a real one only ends a member.
    """
    filled = [one for one in values if one is not None]
    texts: list[str] = []
    for start in range(0, len(filled), _DUMPED_AT_ONCE):
        lines = _encode_lines(filled[start : start + _DUMPED_AT_ONCE])[2:-2].split(_BETWEEN)
        texts += ["{" + line.replace(",\n", ",") + "}" for line in lines]
    rest = iter(texts)
    return [None if one is None else next(rest) for one in values]


def batch_digest(previous: str, batch: Batch, entries: Iterable[Values]) -> str:
    """SHA-256 over the digest before, the batch and its entries in order."""
    digest = hashlib.sha256(previous.encode())
    at = batch.at.astimezone(UTC).isoformat()
    head = (batch.seq, batch.kind, batch.target_seq, at, batch.actor, batch.action)
    digest.update(_encode(head).encode())
    digest.update("\n".join(map(_line, entries)).encode())
    return digest.hexdigest()


def _line(entry: Values) -> str:
    """An entry as it is digested; JSON escapes what separates here, and is never empty."""
    return "\x1f".join(
        (
            entry["kind"],
            entry["record_id"],
            entry["op"],
            entry["before"] or "",
            entry["after"] or "",
        )
    )
