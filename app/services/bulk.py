"""What makes tens of thousands of rows at once bearable."""

from __future__ import annotations

import gc
import itertools
import json
import os
import struct
import uuid
from contextlib import contextmanager
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select

from app.models import new_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, Dialect, Table
    from sqlalchemy.orm import Session


@contextmanager
def no_collecting() -> Iterator[None]:
    """Let Python not look for circular garbage: rows make none, and looking takes a tenth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def new_ids(count: int) -> list[str]:
    """As many new ids, made together: UUIDv7 of this millisecond, rising in the order they are given."""
    first = uuid.UUID(new_id()).int
    tail = first & _TAIL >> 1  # half the room, so that adding does not leave it
    steps = itertools.accumulate(
        struct.unpack(f"={count}I", os.urandom(4 * count)),
        lambda at, step: at + step + 1,
        initial=tail,
    )
    head = f"{(first & ~_TAIL) >> _TAIL_BITS:018x}"
    stem = f"{head[:8]}-{head[8:12]}-{head[12:16]}-{head[16:]}"
    return [
        f"{stem}{digits[:2]}-{digits[2:]}"
        for digits in (f"{at & _TAIL:014x}" for at in itertools.islice(steps, 1, None))
    ]


_TAIL_BITS = 56
_TAIL = (1 << _TAIL_BITS) - 1
"""The part of an id that differs within one call; what is before it holds time, version, variant."""


@cache
def _statement(
    table: Table, dialect: Dialect
) -> tuple[str, tuple[str, ...], dict[str, Any]] | None:
    """INSERT in the driver's own words, its columns in order, and what turns values into the driver's.

    None where the driver takes its parameters by name.
    """
    compiled = insert(table).compile(dialect=dialect)
    if compiled.positiontup is None:
        return None
    turn = {
        name: processor
        for name in compiled.positiontup
        if (processor := table.columns[name].type.dialect_impl(dialect).bind_processor(dialect))
    }
    return str(compiled), tuple(compiled.positiontup), turn


def among(column: Any, values: Sequence[Any]) -> ColumnElement[bool]:
    """The column is one of these values: one parameter however many there are.

    An ``IN`` with a parameter for each costs more to write down than to answer.
    """
    listed = func.json_each(json.dumps(list(values))).table_valued("value")
    found: ColumnElement[bool] = column.in_(select(listed.c.value))
    return found


def insert_rows(session: Session, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert whole rows past SQLAlchemy's own handling of each parameter, which takes the most time."""
    connection = session.connection()
    known = _statement(table, connection.dialect)
    if known is None:
        connection.execute(insert(table), rows)
        return
    sql, names, turn = known
    if turn:
        rows = [row | {name: change(row[name]) for name, change in turn.items()} for row in rows]
    connection.exec_driver_sql(sql, list(map(itemgetter(*names), rows)))
