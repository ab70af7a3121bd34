"""Find records and the text inside documents; the index follows every commit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, literal, select

from app.models import (
    Activity,
    Base,
    Community,
    Evidence,
    EvidenceText,
    Lesson,
    Observation,
    Person,
    PersonSubject,
    Record,
    School,
    SearchBody,
    SearchEntry,
)
from app.models.base import table_of
from app.services import fulltext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from app.services.journal import Change
    from app.services.unit_of_work import UnitOfWork

CHUNK = 500
SNIPPET_BEFORE, SNIPPET_AFTER = 12, 40


@dataclass(frozen=True, slots=True)
class Hit:
    """A record found, with the place in its text."""

    kind: str
    id: str
    title: str
    snippet: str


@dataclass(frozen=True, slots=True)
class Hits:
    """The newest hits, and how many there are in all."""

    total: int
    hits: tuple[Hit, ...]


def _schools(ids: Sequence[str]) -> Select[*tuple[Any, ...]]:
    return select(
        School.id,
        literal(""),
        School.name,
        School.short_name,
        School.kind,
        School.district,
        School.note,
    ).where(School.id.in_(ids))


def _people(ids: Sequence[str]) -> Select[*tuple[Any, ...]]:
    subjects = (
        select(func.aggregate_strings(PersonSubject.subject, " "))
        .where(PersonSubject.person_id == Person.id)
        .scalar_subquery()
    )
    return (
        select(
            Person.id,
            literal(""),
            Person.name,
            School.name,
            subjects,
            Person.title,
            Person.office,
            Person.note,
        )
        .outerjoin(School, School.id == Person.school_id)
        .where(Person.id.in_(ids))
    )


def _communities(ids: Sequence[str]) -> Select[*tuple[Any, ...]]:
    return select(
        Community.id, literal(""), Community.name, Community.kind, Community.subject, Community.note
    ).where(Community.id.in_(ids))


def _activities(ids: Sequence[str]) -> Select[*tuple[Any, ...]]:
    lessons = (
        select(func.aggregate_strings(Lesson.title, " "))
        .where(Lesson.activity_id == Activity.id)
        .scalar_subquery()
    )
    return select(
        Activity.id,
        Activity.held_on,
        Activity.title,
        Activity.theme,
        Activity.place,
        Activity.subject,
        lessons,
        Activity.minutes,
        Activity.outcome,
        Activity.next_steps,
    ).where(Activity.id.in_(ids))


def _observations(ids: Sequence[str]) -> Select[*tuple[Any, ...]]:
    teacher, observer = table_of(Person).alias("teacher"), table_of(Person).alias("observer")
    return (
        select(
            Observation.id,
            Observation.observed_on,
            Lesson.title,
            Lesson.subject,
            Lesson.class_name,
            teacher.c.name,
            observer.c.name,
            Observation.strengths,
            Observation.advice,
            Observation.overall,
        )
        .join(Lesson, Lesson.id == Observation.lesson_id)
        .join(teacher, teacher.c.id == Lesson.teacher_id)
        .join(observer, observer.c.id == Observation.observer_id)
        .where(Observation.id.in_(ids))
    )


def _evidence(ids: Sequence[str]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Evidence.id,
            Evidence.dated_on,
            Evidence.title,
            Evidence.original_name,
            Evidence.author,
            Evidence.doc_no,
            Evidence.note,
            EvidenceText.text,
        )
        .outerjoin(EvidenceText, EvidenceText.sha256 == Evidence.sha256)
        .where(Evidence.id.in_(ids))
    )


_SOURCES: dict[str, Callable[[Sequence[str]], Select[*tuple[Any, ...]]]] = {
    "school": _schools,
    "person": _people,
    "community": _communities,
    "activity": _activities,
    "observation": _observations,
    "evidence": _evidence,
}
"""Findable tables: a query giving id, date, title and further texts of the records asked for."""

_PARTS = {
    "person_subject": ("person", "person_id"),
    "lesson": ("activity", "activity_id"),
}
"""Tables whose words belong to another record: changing them indexes that record anew."""


@cache
def _indexed(kind: str) -> frozenset[str]:
    """Columns of a table that the index looks at; keys to other tables bring in their words."""
    found = {getattr(column, "name", "") for column in _SOURCES[kind](()).selected_columns}
    keys = {column.name for column in Base.metadata.tables[kind].columns if column.foreign_keys}
    return frozenset(found | keys)


def refresh(session: Session, changes: Iterable[Change]) -> None:
    """Index anew what the changes touched; runs inside their transaction."""
    stale: dict[str, set[str]] = {}
    for change in changes:
        if change.kind in _SOURCES:
            if change.op == "update" and not _indexed(change.kind) & set(change.after or ()):
                continue  # e.g. the mark of the seal: the text of the file need not be read again
            stale.setdefault(change.kind, set()).add(change.record_id)
        elif change.kind in _PARTS:
            owner, column = _PARTS[change.kind]
            for values in (change.before, change.after):
                if values and values.get(column):
                    stale.setdefault(owner, set()).add(values[column])
    for kind, ids in stale.items():
        index(session, kind, sorted(ids))


def index(session: Session, kind: str, ids: Sequence[str]) -> None:
    """Bring the index entries of these records up to date; records that are gone leave it."""
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        _forget(session, chunk)
        rows = session.execute(_SOURCES[kind](chunk)).all()
        first = (session.scalar(select(func.max(SearchEntry.rowid_))) or 0) + 1
        entries, bodies, texts = [], [], []
        for rowid, (record_id, dated, title, *words) in enumerate(rows, first):
            body = "\n".join(str(word) for word in words if word)
            dated_text = dated.isoformat() if hasattr(dated, "isoformat") else dated or ""
            entries.append(
                {"rowid_": rowid, "kind": kind, "record_id": record_id, "dated": dated_text}
            )
            bodies.append({"rowid_": rowid, "title": title, "body": body})
            texts.append((rowid, f"{title}\n{body}"))
        if entries:
            session.execute(insert(table_of(SearchEntry)), entries)
            session.execute(insert(table_of(SearchBody)), bodies)
            fulltext.add(session, texts)


def _forget(session: Session, ids: Sequence[str]) -> None:
    old = session.execute(
        select(SearchBody.rowid_, SearchBody.title, SearchBody.body)
        .join(SearchEntry, SearchEntry.rowid_ == SearchBody.rowid_)
        .where(SearchEntry.record_id.in_(ids))
    ).all()
    if old:
        fulltext.remove(session, ((row.rowid_, f"{row.title}\n{row.body}") for row in old))
        rowids = [row.rowid_ for row in old]
        for table in (table_of(SearchEntry), table_of(SearchBody)):
            session.execute(delete(table).where(table.c.rowid_.in_(rowids)))


def words_of(query: str) -> list[str]:
    """The words of what was typed; those of mere punctuation are none."""
    return [word for word in query.split() if fulltext.fold(word)]


def holding(model: type[Record], query: str) -> ColumnElement[bool] | None:
    """Condition for a list: the record holds every word that was typed; None: nothing was typed."""
    words = words_of(query)
    if not words:
        return None
    kind = SearchEntry.kind == model.__tablename__
    rows = SearchEntry.rowid_.in_(fulltext.matching(words))
    return model.id.in_(select(SearchEntry.record_id).where(kind, rows))


class Search:
    """Looks through everything in an archive."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def find(self, query: str, limit: int = 50) -> Hits:
        """Records that contain every word of the query, newest first; any length from one character."""
        words = words_of(query)
        if not words:
            return Hits(0, ())
        found = fulltext.matching(words).subquery()
        newest = (
            select(SearchEntry.kind, SearchEntry.record_id, SearchBody.title, SearchBody.body)
            .join(found, found.c.rowid == SearchEntry.rowid_)
            .join(SearchBody, SearchBody.rowid_ == SearchEntry.rowid_)
            .order_by(SearchEntry.dated.desc(), SearchEntry.rowid_.desc())
            .limit(limit)
        )
        with self._uow.read() as session:
            total = session.scalar(select(func.count()).select_from(found)) or 0
            hits = tuple(
                Hit(row.kind, row.record_id, row.title, snippet(row.body, words[0]))
                for row in session.execute(newest)
            )
        return Hits(total, hits)


def snippet(body: str, word: str) -> str:
    """The stretch of text around the first place of the word; its beginning where it is not in there."""
    flat = re.sub(r"\s+", " ", body)
    place = max(flat.casefold().find(word.casefold()), 0)
    start = max(place - SNIPPET_BEFORE, 0)
    end = place + len(word) + SNIPPET_AFTER
    return f"{'…' if start else ''}{flat[start:end]}{'…' if end < len(flat) else ''}"
