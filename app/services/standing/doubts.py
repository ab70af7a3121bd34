"""What is doubtful about the records: copies, contradictions, the same thing entered twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.models import Activity, Lesson, Observation, ObservationStep, Person, School
from app.services.standing import clashes
from app.services.standing.clashes import Scope, day_words, lesson_words
from app.services.standing.copies import CopyIndex, find_copies
from app.services.standing.records import Finding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import date

    from sqlalchemy.orm import Session

_PARTS = {"comment": "评语", "steps": "课堂评析", "minutes": "活动记录"}
_IDS_AT_ONCE = 500
_ROWS_AT_ONCE = 2000


def doubts(
    session: Session,
    community_ids: Collection[str],
    first: date,
    last: date,
    copies: CopyIndex | None = None,
) -> Iterator[Finding]:
    """What is doubtful about the records of communities and their groups within those days.

    ``copies`` is the index of all ``texts`` of the archive, where it has been made already.
    """
    scope = Scope(session, community_ids, first, last)
    index = find_copies(texts(session)) if copies is None else copies
    yield from _copied(scope, index)
    yield from clashes.in_lessons(scope)
    yield from clashes.at_activities(scope)
    yield from clashes.absent(scope)
    yield from clashes.activities_twice(scope)


def texts(session: Session, record: str = "") -> Iterator[tuple[str, str]]:
    """Every text that may be a copy, by its key, the oldest record first; or those of one record.

    ``record`` is ``observation:<id>`` or ``activity:<id>``: what is gone from it has the text "",
    so that each pair can be given to ``CopyIndex.change``.
    """
    kind, _, id_ = record.partition(":")
    said = (Observation.strengths, Observation.advice, Observation.overall)
    steps = (
        select(ObservationStep.observation_id, ObservationStep.comment)
        .where(ObservationStep.comment != "")
        .order_by(ObservationStep.observation_id, ObservationStep.ordinal)
        .subquery()
    )
    whole = func.aggregate_strings(steps.c.comment, "\n")
    sources: tuple[tuple[str, str, Any, Any], ...] = (
        ("observation", "comment", Observation.id, select(Observation.id, *said)),
        (
            "observation", "steps", steps.c.observation_id,
            select(steps.c.observation_id, whole).group_by(steps.c.observation_id),
        ),
        ("activity", "minutes", Activity.id, select(Activity.id, Activity.minutes)),
    )  # fmt: skip
    for owner, part, column, query in sources:
        if kind not in ("", owner):
            continue
        found = query.where(column == id_) if id_ else query.order_by(column)
        there = False
        for row in session.execute(found.execution_options(yield_per=_ROWS_AT_ONCE)):
            there = True
            yield f"{owner}:{row[0]}/{part}", "\n".join(row[1:])
        if id_ and not there:
            yield f"{owner}:{id_}/{part}", ""


def _copied(scope: Scope, index: CopyIndex) -> Iterator[Finding]:
    """The later of two records that are alike is told, if it lies within the scope."""
    pairs: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for copy in index.copies():
        (one, part), (other, _part) = (key.split("/") for key in (copy.one, copy.other))
        if one != other:
            pairs.setdefault((min(one, other), max(one, other)), []).append((part, copy.percent))
    told = _records(scope.session, {record for pair in pairs for record in pair})
    for pair, parts in pairs.items():
        known = [told[record] for record in pair if record in told]
        if len(known) < len(pair):
            continue  # the index is older than the records
        early, late = sorted(known, key=lambda one: (one.day is not None, one.day, one.record))
        if not scope.holds(late.day, late.community_id):
            continue
        names = "、".join(_PARTS[part] for part, _percent in sorted(parts))
        ids = sorted(record.partition(":")[2] for record in pair)
        yield Finding(
            key=f"copy:{ids[0]}:{ids[1]}",
            kind="copy",
            severity="warning",
            what=f"{names}与{early.words}雷同（相同 {max(percent for _part, percent in parts)}%）",
            where=late.words,
            record=late.record,
            activity_id=late.activity_id,
            person_id=late.person_id,
            school_id=late.school_id,
            who=late.who,
        )


@dataclass(frozen=True, slots=True)
class _Told:
    """A record that holds a text: where and whose it is, and how a clerk would name it."""

    record: str
    words: str
    day: date | None
    community_id: str | None
    activity_id: str
    person_id: str
    school_id: str
    who: str


def _told(record: str, row: Any, words: str) -> _Told:
    return _Told(
        record, words, row.day, row.community_id, row.activity_id or "", row.person_id or "",
        row.school_id or "", clashes.who(row.name, row.school),
    )  # fmt: skip


def _records(session: Session, records: Collection[str]) -> dict[str, _Told]:
    found: dict[str, _Told] = {}
    for kind, read in (("observation", _observations), ("activity", _activities)):
        ids = sorted(one.partition(":")[2] for one in records if one.startswith(f"{kind}:"))
        for start in range(0, len(ids), _IDS_AT_ONCE):
            for told in read(session, ids[start : start + _IDS_AT_ONCE]):
                found[told.record] = told
    return found


def _observations(session: Session, ids: Iterable[str]) -> Iterator[_Told]:
    day = func.coalesce(Observation.observed_on, Lesson.taught_on)
    query = (
        select(
            Observation.id, day.label("day"), Lesson.title, Lesson.activity_id,
            Activity.community_id, Person.id.label("person_id"), Person.name, Person.school_id,
            School.name.label("school"),
        )
        .join(Lesson, Lesson.id == Observation.lesson_id)
        .join(Person, Person.id == Observation.observer_id)
        .outerjoin(School, School.id == Person.school_id)
        .outerjoin(Activity, Activity.id == Lesson.activity_id)
        .where(Observation.id.in_(ids))
    )  # fmt: skip
    for row in session.execute(query):
        words = f"{row.name}{day_words(row.day)}听{lesson_words(row.title)}的记录"
        yield _told(f"observation:{row.id}", row, words)


def _activities(session: Session, ids: Iterable[str]) -> Iterator[_Told]:
    query = (
        select(
            Activity.id, Activity.held_on.label("day"), Activity.title,
            Activity.id.label("activity_id"), Activity.community_id,
            Person.id.label("person_id"), Person.name, Person.school_id,
            School.name.label("school"),
        )
        .outerjoin(Person, Person.id == Activity.recorder_id)
        .outerjoin(School, School.id == Person.school_id)
        .where(Activity.id.in_(ids))
    )  # fmt: skip
    for row in session.execute(query):
        yield _told(f"activity:{row.id}", row, f"{day_words(row.day)}“{row.title}”")
