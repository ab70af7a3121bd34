"""The one way to select records: what a rule counts, which of them, and for whom, as SQL.

Slots, quotas, assessment items and ways of recognition all ask through ``Counting``, so that the
missing list, progress and scores read the same figures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    case,
    func,
    inspect,
    literal,
    null,
    select,
)
from sqlalchemy.orm import aliased, join

from app.models import (
    Activity,
    EvidenceLink,
    Lesson,
    Person,
)
from app.services.standing.conditions import conditions, within
from app.services.standing.parties import party_of, subject_of
from app.services.standing.sources import SOURCES, Source, days_long, seen, taught

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import FromClause, Select

    from app.services.schemes.parts import Counted, SubjectKind
    from app.services.standing.periods import Span
    from app.services.standing.reading import Setting


def rows(
    setting: Setting,
    counted: Counted,
    kind: SubjectKind,
    spans: Sequence[Span],
    only: Iterable[str] | None = None,
) -> Select[Any]:
    """Rows (subject, bucket, ident, amount, level, activity), some of them perhaps more than once.

    ``bucket`` is the number of the span in which its day lies; records without a day count where
    there is one span only. ``ident`` is the record or, where people or units are counted, theirs.
    """
    source = SOURCES[counted.of]
    party = party_of(setting, counted, kind, source)
    person, joins = (None, ()) if party is None else (party.column, party.joins)
    subject, more = subject_of(setting, kind, counted, source, party)
    ident, amount = source.id, _amount(counted, source)
    if (counted.of, counted.measure, counted.counts_for) == ("activity", "lessons", "teacher"):
        ident, amount = taught.id, taught.hours  # each has only the lessons of their own
    if counted.measure in ("people", "units"):
        amount = literal(1)
        ident = person
        if counted.measure == "units" and party is not None and not party.unit:
            home = aliased(Person)
            more = (*more, (home, home.id == person))
            ident = home.school_id
            if counted.of == "evidence" and counted.counts_for is None:
                ident = func.coalesce(EvidenceLink.school_id, home.school_id)
    bucket = _bucket(source.day, spans)
    from_ = source.first
    for table, on in (*source.joins, *joins, *more):
        from_ = _joined(from_, table, on)
    query = (
        select(
            subject.label("subject"), bucket.label("bucket"), ident.label("ident"),
            amount.label("amount"), source.level.label("level"), _activity_id(counted.of).label("activity"),
        )
        .select_from(from_)
        .where(
            bucket.is_not(None), *_between(source, spans), *within(setting, counted.of, kind, person),
            *conditions(setting, counted, source),
        )
    )  # fmt: skip
    if only is not None:
        query = query.where(subject.in_(tuple(only)))
    return query


def _between(source: Source, spans: Sequence[Span]) -> list[ColumnElement[bool]]:
    first, last = min(one.starts for one in spans), max(one.ends for one in spans)
    return [day.between(first, last) | day.is_(None) for day in source.dated]


def _joined(from_: Any, table: Any, on: ColumnElement[bool]) -> FromClause:
    """A record need not lie in an activity or a lesson, nor be a person's; other parts must be there."""
    loose = table in (Activity, Lesson, seen) or inspect(table).mapper.class_ is Person
    return join(from_, table, on, isouter=loose)


def _activity_id(of: str) -> Any:
    if of == "evidence":
        return func.coalesce(EvidenceLink.activity_id, Lesson.activity_id)
    return Lesson.activity_id if of in ("lesson", "observation") else Activity.id


def _bucket(day: Any, spans: Sequence[Span]) -> ColumnElement[Any]:
    inside = [(day.between(span.starts, span.ends), index) for index, span in enumerate(spans)]
    return case(*inside, (day.is_(None), 0 if len(spans) == 1 else null()), else_=null())


def _amount(counted: Counted, source: Source) -> Any:
    match counted.measure:
        case "days":
            return days_long(Activity.held_on, Activity.ends_on)
        case "lessons" if counted.of == "activity":
            given = aliased(Lesson)
            hours = select(func.coalesce(func.sum(given.hours), 0))
            return hours.where(given.activity_id == Activity.id).scalar_subquery()
        case _:
            return source.amount
