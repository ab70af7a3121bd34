"""The list of observations: found, counted and sorted by the database, a page at a time.

With hundreds of thousands of records two things matter. A page is looked up as bare row numbers,
in the order of an index, before names are joined to its hundred rows. And a condition on the lesson
is either the way in (few lessons fit) or a check on the way along the index (many do).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, String, exists, func, literal_column, or_, select, type_coerce

from app.models import Lesson, Observation, Person, School, SearchEntry
from app.models.base import table_of
from app.services.observations.records import ObservationRow, Query
from app.services.search import fulltext, holding, words_of
from app.services.search.folding import fold

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, FromClause, Select
    from sqlalchemy.orm import Session

FEW = 5_000
_obs, _lesson = table_of(Observation), table_of(Lesson)
_teacher, _observer = table_of(Person).alias("teacher"), table_of(Person).alias("observer")
_own, _place = table_of(School).alias("own_school"), table_of(School).alias("place")


def _number(table: str) -> ColumnElement[int]:
    """SQLite's own number of a row: every index holds it, so ties cost nothing."""
    return literal_column(f"{table}.rowid", Integer)


def count(session: Session, query: Query) -> int:
    """How many records the query finds."""
    if (index := _index_rows(query)) is not None:
        return session.scalar(select(func.count()).select_from(index.subquery())) or 0
    return session.scalar(_found(session, query, func.count())) or 0


def few(session: Session, query: Query) -> bool:
    """Whether so few records are found that they are best found first and sorted then."""
    if query == Query(sort=query.sort, descending=query.descending):
        return False
    if query.teacher_id or query.observer_id or query.activity_id or query.lesson_id:
        return True
    index = _index_rows(query)
    some = (index if index is not None else _found(session, query, _obs.c.id)).limit(FEW).subquery()
    return (session.scalar(select(func.count()).select_from(some)) or 0) < FEW


def _index_rows(query: Query) -> Select[Any] | None:
    """Rows of the search index, where words and days are all that is asked; these it knows by itself."""
    words = [fold(word) for word in words_of(query.words)]
    plain = Query(query.words, since=query.since, until=query.until)
    if not words or replace(query, sort="date", descending=True) != plain:
        return None
    kind = fulltext.scope_token(_obs.name)
    return fulltext.matching(words, [[kind]], query.since, query.until)


def _found(session: Session, query: Query, what: ColumnElement[Any]) -> Select[Any]:
    dated = bool(query.since or query.until)
    way_in = not dated or bool(query.teacher_id or query.activity_id)
    conditions = (*_of_record(session, query), *_of_lesson(query, way_in=way_in))
    return select(what).select_from(_obs).where(*conditions)


def page(
    session: Session, query: Query, offset: int, limit: int, *, few: bool
) -> list[ObservationRow]:
    """A page of what the query finds; ``few``: see there, it decides the way, not the answer."""
    # Lessons have no index by title: with days given, these are the better way in.
    few = few or bool(query.sort == "title" and (query.since or query.until))
    numbers = _numbers(session, query, offset, limit, few=few)
    rows = {number: ObservationRow(*facts) for number, *facts in session.execute(_rows(numbers))}
    return [rows[number] for number in numbers]


def ids(session: Session, query: Query) -> list[str]:
    """Ids of everything the query finds, in its order."""
    return list(session.scalars(_ordered(session, query, _obs.c.id, few=True)))


def _numbers(session: Session, query: Query, offset: int, limit: int, *, few: bool) -> list[int]:
    ordered = _ordered(session, query, _number("observation"), few=few)
    numbers = ordered.offset(offset).limit(limit)
    if query.sort == "title" and not few:
        # Lessons have no index by title: as many of them as there are rows wanted will mostly do.
        order = _directed(query, _lesson.c.title, _number("lesson"))
        first = select(_lesson.c.id).where(*_fits(query)).order_by(*order)
        some = numbers.where(_lesson.c.id.in_(first.limit(offset + limit)))
        found = list(session.scalars(some))
        if len(found) == limit:
            return found
    return list(session.scalars(numbers))


def _ordered(session: Session, query: Query, what: ColumnElement[Any], *, few: bool) -> Select[Any]:
    """The records in order; each order runs along an index as far as there is one."""
    own = _number("observation")
    if query.sort == "date" and (index := _index_rows(query)) is not None:
        entry, row = table_of(SearchEntry), index.subquery()
        found = select(what).select_from(_obs).join(entry, entry.c.record_id == _obs.c.id)
        found = found.join(row, row.c.rowid == entry.c.rowid_)
        return found.order_by(*_directed(query, row.c.rowid))
    found = select(what).select_from(_obs).where(*_of_record(session, query))
    if query.sort in {"date", "score"}:
        column: ColumnElement[Any] = _obs.c.observed_on if query.sort == "date" else _obs.c.score
        if few:  # sorted, not walked to: a few may lie far apart in the index
            column = (
                _obs.c.score + 0
                if query.sort == "score"
                else type_coerce(_obs.c.observed_on, String) + ""
            )
        found = found.where(*_of_lesson(query, way_in=few))
        return found.order_by(*_directed(query, column, own))
    if query.sort == "observer":
        on = _obs.c.observer_id == _key(_observer, few=few)
        found = found.join(_observer, on).where(*_of_lesson(query, way_in=few))
        return found.order_by(*_directed(query, _observer.c.name, _number("observer"), own))
    found = found.join(_lesson, _obs.c.lesson_id == _key(_lesson, few=few))
    found = found.where(*_fits(query))
    if query.sort == "title":
        return found.order_by(*_directed(query, _lesson.c.title, _number("lesson"), own))
    found = found.join(_teacher, _lesson.c.teacher_id == _key(_teacher, few=few))
    names = (_teacher.c.name, _number("teacher"), _number("lesson"), own)
    return found.order_by(*_directed(query, *names))


def _key(table: FromClause, *, few: bool) -> ColumnElement[str]:
    """Key to join by.

    With many rows it is hidden from the planner (by adding nothing to it), so that it walks from
    the names, which stand in order in their index, to the records.
    """
    return table.c.id if few else table.c.id.concat("")


def _directed(query: Query, *columns: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    return [column.desc() if query.descending else column for column in columns]


def _of_record(session: Session, query: Query) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if (words := holding(Observation, query.words, session)) is not None:
        conditions.append(words)
    if query.view == "no_score":
        conditions.append(_obs.c.score.is_(None))
    if query.view == "no_comment":
        conditions += [_obs.c.strengths == "", _obs.c.advice == "", _obs.c.overall == ""]
    if query.observer_id:
        conditions.append(_obs.c.observer_id == query.observer_id)
    if query.lesson_id:
        conditions.append(_obs.c.lesson_id == query.lesson_id)
    if query.since:
        conditions.append(_obs.c.observed_on >= query.since)
    if query.until:
        conditions.append(_obs.c.observed_on <= query.until)
    return conditions


def _of_lesson(query: Query, *, way_in: bool) -> list[ColumnElement[bool]]:
    """The conditions on the lesson, for statements that do not join it."""
    fits = _fits(query)
    if not fits:
        return []
    if way_in:
        return [_obs.c.lesson_id.in_(select(_lesson.c.id).where(*fits))]
    return [exists().where(_lesson.c.id == _obs.c.lesson_id, *fits)]


def _fits(query: Query) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.teacher_id:
        conditions.append(_lesson.c.teacher_id == query.teacher_id)
    if query.activity_id:
        conditions.append(_lesson.c.activity_id == query.activity_id)
    if query.subject:
        conditions.append(_lesson.c.subject == query.subject)
    if query.school_id:
        teachers = select(Person.id).where(Person.school_id == query.school_id)
        conditions.append(
            or_(
                _lesson.c.school_id == query.school_id,
                _lesson.c.school_id.is_(None) & _lesson.c.teacher_id.in_(teachers),
            )
        )
    return conditions


def _rows(numbers: list[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            _number("observation").label("number"),
            _obs.c.id,
            _obs.c.lesson_id,
            _obs.c.observed_on,
            _lesson.c.period,
            _teacher.c.name.label("teacher"),
            func.coalesce(_place.c.name, _own.c.name, "").label("school"),
            _lesson.c.class_name,
            _lesson.c.subject,
            _lesson.c.title,
            _lesson.c.lesson_kind,
            _observer.c.name.label("observer"),
            _obs.c.hours,
            _obs.c.score,
            _obs.c.grade,
        )
        .join(_lesson, _lesson.c.id == _obs.c.lesson_id)
        .join(_teacher, _teacher.c.id == _lesson.c.teacher_id)
        .join(_observer, _observer.c.id == _obs.c.observer_id)
        .outerjoin(_place, _place.c.id == _lesson.c.school_id)
        .outerjoin(_own, _own.c.id == _teacher.c.school_id)
        .where(_number("observation").in_(numbers))
    )
