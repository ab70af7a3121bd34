"""Several observers of one lesson side by side."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.errors import NotFoundError
from app.models import Lesson, Observation, Person, Rubric
from app.services.observations.records import Compared, Comparison, Seen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


def side_by_side(session: Session, lesson_id: str) -> Comparison:
    """The records of a lesson's observers; items of each rubric that was used, with means."""
    lesson = session.get(Lesson, lesson_id)
    if lesson is None:
        raise NotFoundError("找不到这节课。", "它可能已被删除，请刷新列表。")
    rows = list(
        session.scalars(
            select(Observation)
            .options(selectinload(Observation.scores))
            .where(Observation.lesson_id == lesson_id)
            .order_by(Observation.id)
        )
    )
    used = dict.fromkeys(row.rubric_id for row in rows if row.rubric_id)
    rubrics = [session.get_one(Rubric, rubric_id) for rubric_id in used]
    given = [{score.rubric_item_id: score.points for score in row.scores} for row in rows]
    items = tuple(
        compared(
            item.name if len(rubrics) == 1 else f"{rubric.name} · {item.name}",
            item.points,
            [points.get(item.id) for points in given],
        )
        for rubric in rubrics
        for item in rubric.items
    )
    full = math.fsum(item.points for item in rubrics[0].items) if len(rubrics) == 1 else 0.0
    concerned = [lesson.teacher_id, *(row.observer_id for row in rows)]
    people = session.execute(select(Person.id, Person.name).where(Person.id.in_(concerned)))
    names = {row.id: row.name for row in people}
    facts = (
        str(lesson.taught_on or ""), lesson.period, names[lesson.teacher_id], lesson.class_name,
        lesson.subject, f"《{lesson.title}》" if lesson.title else "",
    )  # fmt: skip
    return Comparison(
        " ".join(filter(None, facts)),
        tuple(
            Seen(
                row.id, names[row.observer_id], row.score, row.grade,
                row.strengths, row.advice, row.overall,
            )
            for row in rows
        ),
        items,
        compared("总分", full, [row.score for row in rows]),
    )  # fmt: skip


def compared(name: str, full: float, points: Iterable[float | None]) -> Compared:
    """A line of figures with their mean and how far apart they are; what is missing does not count."""
    line = tuple(points)
    given = [one for one in line if one is not None]
    mean = round(math.fsum(given) / len(given), 2) if given else None
    spread = round(max(given) - min(given), 2) if given else None
    return Compared(name, full, line, mean, spread)
