"""What the entry form offers while one types: people, words, what a teacher's last lesson was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from app.models import Activity, Lesson, Observation, Person, PersonSubject, School
from app.services.entry.vocabulary import shipped
from app.services.observations.records import Habits, Named
from app.services.search import holding

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

_RECENT = 300
_OFFERED = {
    "period": (Lesson.period, "period"),
    "class_name": (Lesson.class_name, ""),
    "subject": (Lesson.subject, "subject"),
    "lesson_kind": (Lesson.lesson_kind, "lesson_kind"),
    "form": (Lesson.form, "lesson_form"),
    "year_group": (Lesson.grade, "grade"),
}
"""Fields whose words are offered: where they were used, and the shipped list."""


def people(session: Session, words: str, limit: int) -> list[Named]:
    """People whose name begins with the words, then those in whose record they stand."""
    typed = words.strip()
    begins = Person.name.startswith(typed, autoescape=True)
    found: ColumnElement[bool] = begins
    held = holding(Person, typed)
    if held is not None:
        found = begins | held
    subjects = (
        select(func.aggregate_strings(PersonSubject.subject, "、"))
        .where(PersonSubject.person_id == Person.id)
        .scalar_subquery()
    )
    query = (
        select(Person.id, Person.name, School.name.label("school"), subjects.label("subjects"))
        .outerjoin(School, School.id == Person.school_id)
        .where(found)
        .order_by(case((begins, 0), else_=1), Person.name, Person.id)
        .limit(limit)
    )
    return [
        Named(row.id, row.name, " ".join(filter(None, (row.school, row.subjects))))
        for row in session.execute(query)
    ]


def named(session: Session, person_id: str) -> Named:
    """A person as fields show them."""
    row = session.execute(
        select(Person.name, School.name.label("school"))
        .outerjoin(School, School.id == Person.school_id)
        .where(Person.id == person_id)
    ).first()
    return Named(person_id, row.name if row else "", (row.school or "") if row else "")


def words(session: Session, field: str) -> list[str]:
    """Words used in a field of the latest lessons, the most frequent first; then the shipped ones."""
    column, vocabulary = _OFFERED[field]
    latest = (
        select(column.label("word"))
        .where(Lesson.taught_on.is_not(None))
        .order_by(Lesson.taught_on.desc())
        .limit(_RECENT)
        .subquery()
    )
    query = (
        select(latest.c.word)
        .where(latest.c.word != "")
        .group_by(latest.c.word)
        .order_by(func.count().desc(), latest.c.word)
    )
    offered = shipped()[vocabulary] if vocabulary else ()
    return list(dict.fromkeys((*session.scalars(query), *offered)))


def habits(session: Session, teacher_id: str) -> Habits:
    """Class, subject and year group of a teacher's last lesson; else the first subject taught."""
    last = session.execute(
        select(Lesson.class_name, Lesson.subject, Lesson.grade)
        .where(Lesson.teacher_id == teacher_id)
        .order_by(Lesson.taught_on.desc(), Lesson.id.desc())
        .limit(1)
    ).first()
    if last is not None:
        return Habits(*last)
    subject = session.scalar(
        select(PersonSubject.subject)
        .where(PersonSubject.person_id == teacher_id)
        .order_by(PersonSubject.ordinal)
        .limit(1)
    )
    return Habits(subject=subject or "")


def activities_on(session: Session, day: date) -> list[Named]:
    """Activities of a day, in which a lesson may have been taught."""
    within = (Activity.held_on == day) | ((Activity.held_on <= day) & (Activity.ends_on >= day))
    query = select(Activity.id, Activity.title).where(within).order_by(Activity.title, Activity.id)
    return [Named(row.id, row.title) for row in session.execute(query)]


def usual_observer(session: Session, actor: str) -> Named | None:
    """Who listens by default: the observer of the record made last, else the user of that name."""
    last = session.scalar(select(Observation.observer_id).order_by(Observation.id.desc()).limit(1))
    if last is None:
        mine = list(session.scalars(select(Person.id).where(Person.name == actor).limit(2)))
        last = mine[0] if len(mine) == 1 else None
    return named(session, last) if last else None
