"""What records are called where others point to them, and finding them by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, String, case, cast, func, or_, select

from app.models import (
    Activity,
    Agreement,
    Community,
    Lesson,
    Person,
    Plan,
    Record,
    School,
    SchoolYear,
    Term,
)
from app.services.imports.values import BadValueError, clean
from app.services.search import holding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

_AT_ONCE = 500
_MOST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Choice:
    """A record that can be picked: its name, and what tells it from others of that name."""

    id: str
    text: str
    note: str


def _lesson_name() -> ColumnElement[str]:
    teacher = select(Person.name).where(Person.id == Lesson.teacher_id).scalar_subquery()
    return func.trim(
        teacher + " " + Lesson.title + " " + func.coalesce(cast(Lesson.taught_on, String), "")
    )


def _year_name() -> ColumnElement[str]:
    year = cast(SchoolYear.year, String)
    return year + "—" + cast(SchoolYear.year + 1, String) + "学年"


def name_column(kind: str) -> ColumnElement[Any]:
    """What names a record of that kind."""
    match kind:
        case "activity":
            return Activity.title.expression
        case "agreement":
            return Agreement.title.expression
        case "plan":
            return Plan.title.expression
        case "lesson":
            return _lesson_name()
        case "school_year":
            return _year_name()
    return MODELS[kind].name.expression  # type: ignore[attr-defined, no-any-return]


def _school_of_person() -> ColumnElement[Any]:
    return select(School.name).where(School.id == Person.school_id).scalar_subquery()


MODELS: dict[str, type[Record]] = {
    "school": School,
    "person": Person,
    "community": Community,
    "activity": Activity,
    "lesson": Lesson,
    "agreement": Agreement,
    "plan": Plan,
    "school_year": SchoolYear,
    "term": Term,
}
"""Kinds that other records point to."""

PLAIN_NAMES = {
    "school": "name",
    "person": "name",
    "community": "name",
    "activity": "title",
    "agreement": "title",
    "plan": "title",
}
"""Kinds whose name is a column of their own."""

_NOTES: dict[str, Any] = {
    "person": _school_of_person,
    "school": lambda: School.short_name.expression,
    "activity": lambda: Activity.held_on.expression,
}
_INDEXED = ("school", "person", "community", "activity")


def names_of(session: Session, kind: str, wanted: Iterable[str]) -> dict[str, str]:
    """Names of records by their ids."""
    model, found = MODELS[kind], {}
    asked = list(wanted)
    for start in range(0, len(asked), _AT_ONCE):
        some = asked[start : start + _AT_ONCE]
        query = select(model.id, name_column(kind)).where(model.id.in_(some))
        found.update({record_id: name or "" for record_id, name in session.execute(query)})
    return found


def suggest(
    session: Session, kind: str, words: str, first: ColumnElement[bool] | None, limit: int
) -> list[Choice]:
    """Records to pick from as words are typed: those whose name begins so come before the rest.

    ``first`` marks those to prefer (members of the community on show).
    """
    model, name = MODELS[kind], name_column(kind)
    note = _NOTES[kind]() if kind in _NOTES else None
    query = select(
        model.id, name.label("name"), *([note.label("note")] if note is not None else ())
    )
    typed = words.strip()
    ranks: list[Any] = []
    if typed:
        held = holding(model, typed) if kind in _INDEXED else None
        like = name.contains(typed, autoescape=True)
        query = query.where(like if held is None else or_(like, held))
        ranks.append(case((name.startswith(typed, autoescape=True), 0), (like, 1), else_=2))
    if first is not None:
        ranks.append(case((first, 0), else_=1))
    # What one picks most is what was entered last: activities and lessons; names go by themselves.
    order = model.id.desc() if kind in ("activity", "lesson", "plan", "school_year") else name
    found = session.execute(query.order_by(*ranks, order).limit(limit))
    return [Choice(row.id, row.name, str(getattr(row, "note", "") or "")) for row in found]


def resolve(session: Session, kind: str, label: str, typed: str) -> str:
    """Id of the one record that a typed name means; raises BadValueError."""
    model, name, typed = MODELS[kind], name_column(kind), clean(typed)
    if session.get(model, typed) is not None:
        return typed
    same = [name == typed]
    if kind == "school":
        same.append(School.short_name == typed)
    found = list(session.scalars(select(model.id).where(or_(*same)).limit(2)))
    if len(found) == 1:
        return found[0]
    if found:
        raise BadValueError(f"叫“{typed}”的不止一个，请从列表里选。")
    shown = typed if len(typed) <= _MOST_SHOWN else f"{typed[:_MOST_SHOWN]}…"
    raise BadValueError(f"没有叫“{shown}”的{label}，请先登记，或从列表里选。")
