"""A list as shown, into an Excel workbook."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from app.services.entry import listing
from app.services.entry.sheets import sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.progress import Progress
    from app.services.entry.fields import Field, Scope
    from app.services.entry.listing import Query, Row

_AT_ONCE = 500


def write_list(
    session: Session,
    query: Query,
    scope: Scope,
    names: Sequence[str],
    *,
    target: Path,
    progress: Progress | None,
) -> int:
    """Write the fields named, of all records that the query finds, in its order."""
    from app.services.workbook import write_table

    described = sheet(query.kind)
    fields = [described.field(name) for name in names]
    found = listing.ids(session, query, scope)

    def lines() -> Iterator[list[Any]]:
        for start in range(0, len(found), _AT_ONCE):
            some = found[start : start + _AT_ONCE]
            for row in listing.rows(session, described, some, scope):
                yield [_value(one, row) for one in fields]

    columns = [(one.label, one.width) for one in fields]
    return write_table(
        target, described.name, columns, lines(), total=len(found), progress=progress
    )


def _value(one: Field, row: Row) -> Any:
    value = row.values[one.name]
    plain = isinstance(value, int | float | dt.date | dt.time) and not isinstance(value, bool)
    return value if plain else row.texts[one.name]
