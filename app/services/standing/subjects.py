"""Subjects of an assessment as the columns of what was entered for them, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.models import Activity, Community, Lesson, MentorPair, Person, School
from app.services.standing.roster import Subject
from app.services.standing.targets import require

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from app.services.schemes.parts import SubjectKind

_RECORDS: dict[SubjectKind, str] = {
    "person": "person", "unit": "school", "community": "community", "group": "community",
    "pair": "pair", "activity": "activity", "lesson": "lesson",
}  # fmt: skip
_KINDS: dict[str, SubjectKind] = {
    "person": "person", "school": "unit", "pair": "pair", "activity": "activity",
    "lesson": "lesson",
}  # fmt: skip
_COLUMNS = ("school", "person", "community", "pair", "activity", "lesson")
_IDS_AT_ONCE = 500


def columns_for(
    session: Session, subject: Subject | None, community_id: str
) -> dict[str, str | None]:
    """The columns of a subject, all empty for the community that adopted the scheme.

    Raises NotFoundError where it is gone.
    """
    columns: dict[str, str | None] = {f"{one}_id": None for one in _COLUMNS}
    if subject is None or subject.id == community_id:
        return columns
    record = _RECORDS[subject.kind]
    require(session, record, subject.id)
    return columns | {f"{record}_id": subject.id}


def subjects_of(session: Session, rows: Sequence[Any], community_id: str) -> dict[str, Subject]:
    """Of each row (by its id) whom it is of, with the name."""
    found: dict[str, tuple[str, str]] = {}
    for row in rows:
        filled = (
            (kind, id_)
            for kind in _COLUMNS
            if (id_ := getattr(row, f"{kind}_id", None)) is not None
        )
        found[row.id] = next(filled, ("community", community_id))
    names = _names(session, set(found.values()), community_id)
    return {row_id: names[place] for row_id, place in found.items()}


def _names(
    session: Session, places: Iterable[tuple[str, str]], community_id: str
) -> dict[tuple[str, str], Subject]:
    wanted: dict[str, list[str]] = {}
    for kind, id_ in places:
        wanted.setdefault(kind, []).append(id_)
    found: dict[tuple[str, str], Subject] = {}
    for kind, ids in wanted.items():
        for start in range(0, len(ids), _IDS_AT_ONCE):
            for id_, name, subject_kind in _read(session, kind, ids[start : start + _IDS_AT_ONCE]):
                own = "community" if id_ == community_id else subject_kind
                found[kind, id_] = Subject(own, id_, name)
    return found


def _read(
    session: Session, kind: str, ids: Sequence[str]
) -> Iterable[tuple[str, str, SubjectKind]]:
    if kind == "community":
        return _communities(session, ids)
    if kind == "pair":
        return _pairs(session, ids)
    table: dict[str, tuple[Any, Any]] = {
        "person": (Person, Person.name), "school": (School, School.name),
        "activity": (Activity, Activity.title), "lesson": (Lesson, Lesson.title),
    }  # fmt: skip
    model, name = table[kind]
    rows = session.execute(select(model.id, name).where(model.id.in_(ids)))
    return [(id_, text, _KINDS[kind]) for id_, text in rows]


def _communities(session: Session, ids: Sequence[str]) -> list[tuple[str, str, SubjectKind]]:
    """A community below one of the same kind is a community like it; any other is a group."""
    above = select(Community.id, Community.kind).subquery()
    rows = session.execute(
        select(Community.id, Community.name, Community.kind, Community.parent_id, above.c.kind)
        .outerjoin(above, above.c.id == Community.parent_id)
        .where(Community.id.in_(ids))
    )
    return [
        (id_, name, "community" if parent is None or (kind and kind == parents) else "group")
        for id_, name, kind, parent, parents in rows
    ]


def _pairs(session: Session, ids: Sequence[str]) -> list[tuple[str, str, SubjectKind]]:
    mentor, mentee = select(Person).subquery(), select(Person).subquery()
    rows = session.execute(
        select(MentorPair.id, mentor.c.name, mentee.c.name)
        .join(mentor, mentor.c.id == MentorPair.mentor_id)
        .join(mentee, mentee.c.id == MentorPair.mentee_id)
        .where(MentorPair.id.in_(ids))
    )
    return [(id_, f"{one}—{other}", "pair") for id_, one, other in rows]
