"""From an entry to rows and back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.models import Lesson, Observation, ObservationScore, ObservationStep
from app.services.observations.periods import written
from app.services.observations.records import Entry, Step
from app.services.rubrics import total

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.rubrics import RubricView

_LESSON = {
    "teacher_id": "teacher_id", "school_id": "school_id", "activity_id": "activity_id",
    "taught_on": "day", "period": "period", "class_name": "class_name", "subject": "subject",
    "title": "title", "lesson_kind": "lesson_kind", "form": "form", "grade": "year_group",
}  # fmt: skip
"""Columns of the lesson and the fields of the entry that they hold."""
_OBSERVATION = {
    "observer_id": "observer_id", "observed_on": "day", "hours": "hours", "strengths": "strengths",
    "advice": "advice", "overall": "overall", "rubric_id": "rubric_id", "overlap_reason": "reason",
}  # fmt: skip
WHO_AND_WHEN = {"teacher_id", "observer_id", "day", "period"}
"""Fields whose change may make a record doubtful."""


def tidy(entry: Entry) -> Entry:
    """The entry as it is kept: blanks at the ends gone, empty rows dropped, the period written out."""
    kept: dict[str, Any] = {
        name: value.strip()
        for name in Entry.__slots__
        if isinstance(value := getattr(entry, name), str)
    }
    steps = tuple(
        Step(step.process.strip(), step.comment.strip(), step.minute)
        for step in entry.steps
        if step.process.strip() or step.comment.strip() or step.minute is not None
    )
    kept["period"], kept["steps"] = written(entry.period), steps
    for name in ("school_id", "activity_id", "rubric_id"):
        kept[name] = getattr(entry, name) or None
    return replace(entry, **kept)


def same_lesson(session: Session, entry: Entry) -> Lesson | None:
    """The lesson that is meant, if another observer (or the activity) has entered it already."""
    if entry.day is None or not (entry.period or entry.title):
        return None
    lessons = session.scalars(
        select(Lesson)
        .where(Lesson.taught_on == entry.day, Lesson.teacher_id == entry.teacher_id)
        .order_by(Lesson.id)
    )
    for lesson in lessons:
        shared = (lesson.period and entry.period) or (lesson.title and entry.title)
        pairs = (
            (lesson.period, entry.period),
            (lesson.title, entry.title),
            (lesson.class_name, entry.class_name),
            (lesson.subject, entry.subject),
            (lesson.activity_id, entry.activity_id),
        )
        if shared and all(not old or not new or old == new for old, new in pairs):
            return lesson
    return None


def new_lesson(session: Session, entry: Entry) -> Lesson:
    """A lesson as the entry describes it."""
    lesson = Lesson(**{column: getattr(entry, name) for column, name in _LESSON.items()})
    session.add(lesson)
    return lesson


def complete_lesson(lesson: Lesson, entry: Entry) -> None:
    """Fill in what the lesson did not know yet; nothing of it is overwritten."""
    for column, name in _LESSON.items():
        if not getattr(lesson, column) and getattr(entry, name):
            setattr(lesson, column, getattr(entry, name))


def write_lesson(lesson: Lesson, entry: Entry) -> None:
    """Set the lesson as the entry says."""
    for column, name in _LESSON.items():
        setattr(lesson, column, getattr(entry, name))


def write_observation(row: Observation, entry: Entry, rubric: RubricView | None) -> None:
    """Set the record as the entry says, with its score and grade worked out."""
    for column, name in _OBSERVATION.items():
        setattr(row, column, getattr(entry, name))
    row.score, row.grade = marks(entry, rubric)
    _write_steps(row, entry.steps)
    _write_scores(row, entry)


def marks(entry: Entry, rubric: RubricView | None) -> tuple[float | None, str]:
    """Score and grade: the points added up once all are given, else the total that was typed."""
    score = entry.score
    if rubric and entry.points:
        given = [entry.points[item.id] for item in rubric.items if item.id in entry.points]
        score = total(given) if len(given) == len(rubric.items) else None
    if rubric is None:
        return score, entry.grade
    return score, "" if score is None else rubric.grade(score)


def _write_steps(row: Observation, steps: tuple[Step, ...]) -> None:
    for ordinal, step in enumerate(steps):
        if ordinal == len(row.steps):
            row.steps.append(ObservationStep(ordinal=ordinal))
        kept = row.steps[ordinal]
        kept.ordinal, kept.minute = ordinal, step.minute
        kept.process, kept.comment = step.process, step.comment
    del row.steps[len(steps) :]


def _write_scores(row: Observation, entry: Entry) -> None:
    present = {score.rubric_item_id: score for score in row.scores}
    for item_id, points in entry.points.items():
        if item_id in present:
            present.pop(item_id).points = points
        else:
            row.scores.append(ObservationScore(rubric_item_id=item_id, points=points))
    for score in present.values():
        row.scores.remove(score)


def entry_of(row: Observation) -> Entry:
    """The entry that a record was made from."""
    lesson = row.lesson
    return Entry(
        **{name: getattr(lesson, column) for column, name in _LESSON.items() if name != "day"},
        **{name: getattr(row, column) for column, name in _OBSERVATION.items() if name != "day"},
        day=lesson.taught_on or row.observed_on,
        steps=tuple(Step(step.process, step.comment, step.minute) for step in row.steps),
        points={score.rubric_item_id: score.points for score in row.scores},
        score=None if row.scores else row.score,
        grade="" if row.rubric_id else row.grade,
    )
