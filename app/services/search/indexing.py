"""Keeps the index in step with the records; runs inside the transaction that changes them."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from app.models import Base, SearchBody, SearchEntry
from app.models.base import table_of
from app.services.bulk import among, insert_rows
from app.services.search import fulltext, pinyin
from app.services.search.sources import (
    IDLE_PARTS,
    MENTIONS,
    NAMES,
    PARTS,
    SOURCES,
    Query,
    Source,
    columns_used,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from sqlalchemy import Row
    from sqlalchemy.orm import Session

    from app.services.journal import Change

CHUNK = 500


def refresh(session: Session, changes: Iterable[Change]) -> None:
    """Index anew what the changes touched, and what repeats the words of that."""
    touched = _Touched()
    for change in changes:
        touched.note(change)
    for kind, ids in touched.records(session).items():
        index(session, kind, sorted(ids), fresh=touched.fresh, gone=touched.gone)


class _Touched:
    """Gathers what has to be indexed anew: ids by table."""

    def __init__(self) -> None:
        self._stale: dict[str, set[str]] = defaultdict(set)
        self._parts: dict[str, set[str]] = defaultdict(set)
        self._renamed: dict[str, set[str]] = defaultdict(set)
        self.fresh: set[str] = set()
        """Records that were not there before: the index has nothing of them to forget."""
        self.gone: set[str] = set()
        """Records that are no longer there: nothing of them need be read."""

    def note(self, change: Change) -> None:
        """Take in one change."""
        table = change.kind
        if table not in SOURCES and table not in PARTS:
            return
        changed = change.after or change.before or {}
        if change.op == "update":
            if not columns_used(table) & changed.keys():
                return  # e.g. the mark of the seal: the text of the file need not be read again
            if table in MENTIONS and NAMES.get(table, columns_used(table)) & changed.keys():
                self._renamed[table].add(change.record_id)
        if table in SOURCES:
            self._note_record(table, change)
        if table in PARTS and not any(changed.get(name) for name in IDLE_PARTS.get(table, ())):
            self._note_part(table, change)

    def _note_record(self, table: str, change: Change) -> None:
        record_id = change.record_id
        if change.op == "insert" and record_id not in self._stale[table]:
            self.fresh.add(record_id)
        if change.op == "delete":
            self.gone.add(record_id)
        else:
            self.gone.discard(record_id)
        self._stale[table].add(record_id)

    def _note_part(self, table: str, change: Change) -> None:
        if change.op == "update":  # says only what changed: whose it is must be read
            self._parts[table].add(change.record_id)
        for name, owner in PARTS[table].items():
            for values in (change.before, change.after):
                if values and values.get(name):
                    self._stale[owner].add(values[name])

    def records(self, session: Session) -> dict[str, set[str]]:
        """All records to index anew, as the rows stand now."""
        for table, ids in self._renamed.items():
            self._spread(session, table, ids)
        for table, ids in self._parts.items():
            columns = Base.metadata.tables[table].c
            for name, owner in PARTS[table].items():
                owners = _column(session, columns[name], columns.id, ids)
                self._stale[owner].update(found for found in owners if found)
        return self._stale

    def _spread(self, session: Session, table: str, ids: set[str]) -> None:
        """Add the records that repeat the names of these; what a lesson repeats goes one further."""
        for other, name in MENTIONS.get(table, ()):
            columns = Base.metadata.tables[other].c
            found = set(_column(session, columns.id, columns[name], ids))
            if other in SOURCES:
                self._stale[other] |= found
            if other in PARTS:
                self._parts[other] |= found
                self._spread(session, other, found)


def _column(session: Session, wanted: Any, key: Any, ids: Collection[str]) -> Iterator[str]:
    for chunk in _chunks(sorted(ids)):
        yield from session.scalars(select(wanted).where(among(key, chunk)))


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def index(
    session: Session,
    kind: str,
    ids: Sequence[str],
    *,
    fresh: Collection[str] = (),
    gone: Collection[str] = (),
) -> None:
    """Bring the index entries of these records up to date; records that are gone leave it.

    Those known to be new or gone need not be looked for.
    """
    source = SOURCES[kind]
    for chunk in _chunks([one for one in ids if one not in fresh]):
        _forget(session, chunk)
    for chunk in _chunks([one for one in ids if one not in gone]):
        rows = session.execute(_of(source.words, chunk)).all()
        more = _gather(session, source.more, chunk)
        schools = _gather(session, source.schools, chunk)
        days = [row[1] for row in rows]
        free = fulltext.free_rows(session, days) if rows else {}
        entries, bodies, texts = [], [], []
        for row, day in sorted(zip(rows, days, strict=True), key=lambda pair: pair[1] or date.min):
            record_id, title = row[0], row[2]
            number, free[day] = free[day], free[day] + 1
            body = "\n".join([str(word) for word in row[3:] if word] + more.get(record_id, []))
            keys = " ".join(_keys(kind, source, row, schools.get(record_id, [])))
            dated = day.isoformat() if day else ""
            entries.append({"rowid_": number, "kind": kind, "record_id": record_id, "dated": dated})
            bodies.append({"rowid_": number, "title": title, "body": body, "keys": keys})
            texts.append((number, fulltext.tokens(f"{title}\n{body}", keys)))
        if entries:
            insert_rows(session, table_of(SearchEntry), entries)
            insert_rows(session, table_of(SearchBody), bodies)
            fulltext.add(session, texts)


def _forget(session: Session, ids: Sequence[str]) -> None:
    old = session.execute(
        select(SearchBody.rowid_, SearchBody.title, SearchBody.body, SearchBody.keys)
        .join(SearchEntry, SearchEntry.rowid_ == SearchBody.rowid_)
        .where(among(SearchEntry.record_id, ids))
        .order_by(SearchBody.rowid_)
    ).all()
    if old:
        texts = [(row.rowid_, fulltext.tokens(f"{row.title}\n{row.body}", row.keys)) for row in old]
        fulltext.remove(session, texts)
        rowids = [row.rowid_ for row in old]
        for table in (table_of(SearchEntry), table_of(SearchBody)):
            session.execute(delete(table).where(among(table.c.rowid_, rowids)))


def _of(query: Query, ids: Sequence[str]) -> Query:
    """The query for these records only."""
    return query.where(among(query.selected_columns[0], ids))


def _gather(session: Session, queries: Iterable[Query], ids: Sequence[str]) -> dict[str, list[str]]:
    """Words of the rows that belong to each record."""
    found: dict[str, list[str]] = defaultdict(list)
    for query in queries:
        for record_id, *words in session.execute(_of(query, ids)):
            found[record_id] += [str(word) for word in words if word]
    return found


def _keys(kind: str, source: Source, row: Row[Any], schools: Iterable[str]) -> list[str]:
    """Tokens beside the text: kind, schools, and how the names are typed."""
    spellings = {key for name in row[2 : 2 + source.spelt] for key in pinyin.keys(name or "")}
    return [
        fulltext.scope_token(kind),
        *sorted({fulltext.scope_token(school) for school in schools}),
        *sorted(fulltext.spelling_token(key) for key in spellings),
    ]
