"""Whom a scheme assesses, and the records behind their points in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.models import Activity, Lesson
from app.services.standing.roster import Subject
from app.services.standing.views import (
    Proof,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.services.schemes.parts import SubjectKind
    from app.services.standing.counting import Hit
    from app.services.standing.kept import Kept


def community_itself(kept: Kept) -> Subject:
    """The first community, where a scheme names nobody."""
    community = kept.setting.roster.communities[0]
    return Subject("community", community.id, community.name)


def assessed_subjects(kept: Kept) -> tuple[Subject, ...]:
    """Whom the scheme assesses by its table: those whose score takes groups of it, else ``assesses``."""
    scheme, roster = kept.setting.scheme, kept.setting.roster
    year = roster.calendar.year
    found: dict[Subject, None] = {}
    for score in scheme.score:
        if any(part.groups for part in score.parts):
            found |= dict.fromkeys(roster.fitting(score.who, year).subjects)
    if not found:
        from app.services.schemes.parts import Who

        found |= dict.fromkeys(roster.fitting(Who(subject=scheme.scheme.assesses), year).subjects)
    return tuple(found)


def record_subjects(
    session: Session, kept: Kept
) -> tuple[Mapping[SubjectKind, Sequence[Subject]], Mapping[Subject, Sequence[str]]]:
    """Activities and lessons of the year, where some score is of them."""
    from app.services.standing.roster import kind_of

    kinds = {kind_of(score.who) for score in kept.setting.scheme.score}
    subjects: dict[SubjectKind, Sequence[Subject]] = {}
    homes: dict[Subject, Sequence[str]] = {}
    if "activity" in kinds:
        subjects["activity"] = [
            Subject("activity", state.id, state.title) for state in kept.states.values()
        ]
        homes |= {one: [kept.states[one.id].community_id] for one in subjects["activity"]}
    if "lesson" in kinds:
        year = kept.setting.calendar.year
        rows = session.execute(
            select(Lesson.id, Lesson.title, Activity.community_id)
            .outerjoin(Activity, Activity.id == Lesson.activity_id)
            .where(
                func.coalesce(Lesson.taught_on, Activity.held_on).between(year.starts, year.ends)
            )
            .order_by(Lesson.id)
        ).all()
        subjects["lesson"] = [Subject("lesson", row.id, row.title) for row in rows]
        homes |= {
            Subject("lesson", row.id, row.title): [row.community_id or kept.setting.scope[0]]
            for row in rows
        }
    return subjects, homes


def everybody(kept: Kept, more: Mapping[SubjectKind, Sequence[Subject]]) -> Iterator[Subject]:
    """Everybody who may be given a grade by hand."""
    roster = kept.setting.roster
    yield from (Subject("community", one.id, one.name) for one in roster.communities)
    yield from (Subject("group", one.id, one.name) for one in roster.groups)
    yield from (Subject("unit", one.id, one.name) for one in roster.schools.values())
    yield from (Subject("person", one.id, one.name) for one in roster.people.values())
    yield from (roster.subject("pair", one.id) for one in roster.pairs)
    for some in more.values():
        yield from some


def proofs(session: Session, found: Sequence[Hit], of: str) -> Iterator[Proof]:
    """Titles of the records; what lies under an item is evidence, the rest what the item counts."""
    from app.models import Evidence, Observation

    ids = [one.ident for one in found]
    levels = {one.ident: one.level for one in found}
    titles: dict[str, str] = {}
    for record, query in (
        ("evidence", select(Evidence.id, Evidence.title, Evidence.dated_on)),
        ("activity", select(Activity.id, Activity.title, Activity.held_on)),
        ("lesson", select(Lesson.id, Lesson.title, Lesson.taught_on)),
        (
            "observation",
            select(Observation.id, Lesson.title, Observation.observed_on).join(
                Lesson, Lesson.id == Observation.lesson_id
            ),
        ),
    ):
        model = query.column_descriptions[0]["expr"]
        for id_, title, day in session.execute(query.where(model.in_(ids))):
            titles[id_] = f"{record}\n{title}{f' {day}' if day else ''}"
    for id_ in ids:
        record, _, words = titles.get(id_, f"{of}\n{id_}").partition("\n")
        yield Proof(f"{record}:{id_}", words, levels.get(id_, ""))
