"""Where records of each kind come from: their tables, day, size, and whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    func,
    literal,
    or_,
)
from sqlalchemy.orm import aliased

from app.models import (
    Activity,
    ActivityUnit,
    Attendance,
    Evidence,
    EvidenceLink,
    Lesson,
    Observation,
)

UNIT_PARTS = {"organizer": "主办", "host": "承办", "co-host": "协办"}
"""Words of 单位方式 in an activity for the parties of a scheme."""
SPEAKER = "主讲"
HOSTING = ("主办", "承办")


@dataclass(frozen=True, slots=True)
class Party:
    """How to get from a record to whoever has a part in it: joins, and the column with the id."""

    column: Any
    joins: tuple[tuple[Any, ColumnElement[bool]], ...] = ()
    unit: bool = False
    """The column holds units, not people."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where records of a kind come from: first table, joins, their id, day and size."""

    first: Any
    joins: tuple[tuple[Any, ColumnElement[bool]], ...]
    id: Any
    day: Any
    amount: Any
    level: Any
    form: Any
    subject: Any
    dated: tuple[Any, ...]
    """The columns that may hold its day: rows of other years are left out by their indexes."""
    person: Party
    """Whose it is where nothing else is said."""


signed, taking_part = aliased(Attendance), aliased(ActivityUnit)
taught, observed = aliased(Lesson), aliased(Observation)
seen = aliased(Observation)
"""The observation whose record a piece of evidence is."""
_in_activity = (Activity, Lesson.activity_id == Activity.id)
attended = (signed, signed.activity_id == Activity.id)
_lesson_form = case((Lesson.form != "", Lesson.form), else_=func.coalesce(Activity.form, ""))
_lesson_day = func.coalesce(Lesson.taught_on, Activity.held_on)

SOURCES: dict[str, Source] = {
    "activity": Source(
        Activity, (), Activity.id, Activity.held_on, literal(1), Activity.level, Activity.form,
        Activity.subject, (Activity.held_on,),
        Party(signed.person_id, ((signed, and_(attended[1], signed.status == "present")),)),
    ),
    "absence": Source(
        Attendance, ((Activity, Attendance.activity_id == Activity.id),), Attendance.id,
        Activity.held_on, literal(1), Activity.level, Activity.form, Activity.subject,
        (Activity.held_on,), Party(Attendance.person_id),
    ),
    "lesson": Source(
        Lesson, (_in_activity,), Lesson.id, _lesson_day, Lesson.hours,
        func.coalesce(Activity.level, ""), _lesson_form, Lesson.subject, (Lesson.taught_on,),
        Party(Lesson.teacher_id),
    ),
    "observation": Source(
        Observation, ((Lesson, Observation.lesson_id == Lesson.id), _in_activity), Observation.id,
        func.coalesce(Observation.observed_on, _lesson_day), Observation.hours,
        func.coalesce(Activity.level, ""), _lesson_form, Lesson.subject,
        (Observation.observed_on,), Party(Observation.observer_id),
    ),
    "evidence": Source(
        EvidenceLink,
        (
            (Evidence, EvidenceLink.evidence_id == Evidence.id),
            (seen, EvidenceLink.observation_id == seen.id),
            (Lesson, Lesson.id == func.coalesce(EvidenceLink.lesson_id, seen.lesson_id)),
            (Activity, Activity.id == func.coalesce(EvidenceLink.activity_id, Lesson.activity_id)),
        ),
        Evidence.id,
        func.coalesce(EvidenceLink.counted_on, Evidence.dated_on), literal(1), Evidence.level,
        func.coalesce(Activity.form, ""), func.coalesce(Activity.subject, ""), (),
        Party(func.coalesce(
            EvidenceLink.owner_id, EvidenceLink.person_id, seen.observer_id, Lesson.teacher_id
        )),
    ),
}  # fmt: skip


def days_long(first: Any, last: Any) -> ColumnElement[Any]:
    """Length in days; SQLite's own way of reckoning with dates."""
    return func.julianday(func.coalesce(last, first)) - func.julianday(first) + 1


def on_day(row: Any, day: Any) -> ColumnElement[bool]:
    """Whether a role, a place or a pair was there on the day of the record; without a day it was."""
    return and_(
        or_(row.starts_on.is_(None), day.is_(None), row.starts_on <= day),
        or_(row.ends_on.is_(None), day.is_(None), row.ends_on >= day),
    )
