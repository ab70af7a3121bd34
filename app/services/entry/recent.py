"""The view 我最近改的: what the present user changed in the last days, as the journal has it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, select

from app.models import Batch, Entry, Record

if TYPE_CHECKING:
    from app.services.entry.fields import Scope

DAYS = 14
_MOST = 5000
"""Journal entries looked at, however many an import made."""


def recently_changed(model: type[Record], scope: Scope) -> ColumnElement[bool]:
    """Condition: the user on this computer entered or changed the record within two weeks."""
    since = datetime.combine(scope.today - timedelta(days=DAYS), time(), UTC)
    newest = (
        select(Entry.record_id, Entry.batch_seq)
        .where(Entry.kind == model.__tablename__)
        .order_by(Entry.batch_seq.desc())
        .limit(_MOST)
        .subquery()
    )
    mine = (
        select(newest.c.record_id)
        .join(Batch, Batch.seq == newest.c.batch_seq)
        .where(Batch.at >= since, Batch.actor == scope.actor, Batch.kind != "begin")
    )
    return model.id.in_(mine)
