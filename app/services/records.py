"""Any record by its kind or id: the plain lists and the one-record view of the command line."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, false, func, inspect, or_, select
from sqlalchemy.orm import RelationshipDirection

from app.errors import NotFoundError, ValidationError
from app.models import (
    Activity,
    Base,
    Box,
    Community,
    Evidence,
    Lesson,
    Observation,
    Person,
    Record,
    SchemeAdoption,
    School,
)
from app.models.base import table_of
from app.services.entry.values import mask
from app.services.entry.wording import Writer
from app.services.history import History
from app.services.journal import plain
from app.services.search import holding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.services.history import HistoryLine
    from app.services.unit_of_work import UnitOfWork

_MASKED = ("phone", "id_number")
_MOST_USERS = 200
"""Records that use one, at most as many of a kind."""
_LONG = ("source_text",)
"""Columns too long for a view of the record."""

_teacher = table_of(Person).alias("teacher")
_observer = table_of(Person).alias("observer")

_LISTS: dict[str, tuple[type[Record], Select[*tuple[Any, ...]]]] = {
    "schools": (School, select(School.id, School.name, School.short_name, School.kind)),
    "members": (
        Person,
        select(Person.id, Person.name, School.name.label("school"), Person.title, Person.office, Person.phone)
        .outerjoin(School, School.id == Person.school_id),
    ),
    "communities": (Community, select(Community.id, Community.name, Community.kind, Community.parent_id)),
    "activities": (
        Activity, select(Activity.id, Activity.title, Activity.kind, Activity.held_on, Activity.place)
    ),
    "observations": (
        Observation,
        select(
            Observation.id, Observation.observed_on, Lesson.title, Lesson.subject,
            _teacher.c.name.label("teacher"), _observer.c.name.label("observer"), Observation.score,
        )
        .join(Lesson, Lesson.id == Observation.lesson_id)
        .join(_teacher, _teacher.c.id == Lesson.teacher_id)
        .join(_observer, _observer.c.id == Observation.observer_id),
    ),
    "evidence": (
        Evidence,
        select(
            Evidence.id, Evidence.title, Evidence.original_name, Evidence.media_type.label("type"),
            Evidence.pages, Evidence.dated_on, Evidence.size, Evidence.sealed, Evidence.state,
        ),
    ),
    "boxes": (Box, select(Box.id, Box.number, Box.spine_mm, Box.thickness_mm)),
    "schemes": (
        SchemeAdoption,
        select(SchemeAdoption.id, SchemeAdoption.scheme_key, SchemeAdoption.version),
    ),
}  # fmt: skip

KINDS = tuple(_LISTS)


@dataclass(frozen=True, slots=True)
class Page:
    """Some records of a kind, and how many there are in all."""

    total: int
    items: tuple[dict[str, Any], ...]


class Records:
    """Looks at the records of one archive without knowing their kind beforehand."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def page(self, kind: str, words: str = "", limit: int = 50, offset: int = 0) -> Page:
        """Records of a kind in the order they were made; ``words`` narrows by the search index."""
        if kind not in _LISTS:
            raise ValidationError(f"没有“{kind}”这一类。", f"可用的有：{'、'.join(KINDS)}。")
        model, query = _LISTS[kind]
        if words.strip():  # what holds no word (a lone sign) is found nowhere, as search says too
            found = holding(model, words)
            query = query.where(false() if found is None else found)
        with self._uow.read() as session:
            total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
            rows = session.execute(query.order_by(model.id).limit(limit).offset(offset))
            return Page(total, tuple(_shown(dict(row._mapping)) for row in rows))  # noqa: SLF001 - public

    def show(self, record_id: str) -> dict[str, Any]:
        """One record with what hangs on it and its history; raises NotFoundError."""
        lines = History(self._uow).of_record(record_id)
        with self._uow.read() as session:
            row = _find(session, record_id)
            if row is None:
                raise _missing(lines)
            shown = {"record": row.__tablename__, **_columns(row), **_related(row)}
            shown["used_by"] = _used_by(session, row)
        shown["history"] = [_told(line) for line in lines]
        return shown


def _find(session: Session, record_id: str) -> Record | None:
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, Record) and not mapper.class_.__dict__.get("__abstract__"):
            found: Record | None = session.get(mapper.class_, record_id)
            if found is not None:
                return found
    return None


def _missing(lines: Sequence[HistoryLine]) -> NotFoundError:
    """Never there, or deleted: then by whom and when."""
    if not lines:
        return NotFoundError("找不到这条记录。", "请用 list 或 search 查看记录的编号。")
    last = lines[0]
    return NotFoundError(
        f"这条记录已经不在了：{last.actor} {last.at.astimezone():%Y-%m-%d %H:%M} “{last.action}”。",
        "如果还要用，请在窗口的回收站里恢复，或者撤销那一步。",
    )


def _told(line: HistoryLine) -> dict[str, Any]:
    """A line of the history; private numbers are masked in it as everywhere."""
    told = {**asdict(line), "at": line.at.isoformat()}
    return told | {"before": _shown(line.before), "after": _shown(line.after)}


def _columns(row: Record) -> dict[str, Any]:
    names = (attr.key for attr in inspect(row).mapper.column_attrs)
    return _shown({name: getattr(row, name) for name in names if name not in _LONG})


def _related(row: Record) -> dict[str, Any]:
    """Children in full, what the record points to by name."""
    related: dict[str, Any] = {}
    for relation in inspect(row).mapper.relationships:
        value = getattr(row, relation.key)
        if relation.direction is RelationshipDirection.ONETOMANY:
            related[relation.key] = [_columns(child) for child in value]
        elif value is not None and hasattr(value, "name"):
            related[relation.key] = value.name
    return related


def _used_by(session: Session, row: Record) -> dict[str, list[dict[str, str]]]:
    """Records that point to this one and are not its parts, by kind: the newest of each."""
    parts = {
        relation.mapper.class_.__tablename__
        for relation in inspect(row).mapper.relationships
        if relation.direction is RelationshipDirection.ONETOMANY
    }
    writer, found = Writer(session), dict[str, list[dict[str, str]]]()
    for table in Base.metadata.sorted_tables:
        pointing = [
            key.parent for key in table.foreign_keys if key.column.table.name == row.__tablename__
        ]
        if not pointing or table.name in parts:
            continue
        query = select(table).where(or_(*(column == row.id for column in pointing)))
        others = session.execute(query.order_by(table.c.id.desc()).limit(_MOST_USERS)).mappings()
        users = [{"id": one["id"], "title": writer.title(table.name, dict(one))} for one in others]
        if users:
            found[table.name] = users
    return found


def _shown(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: mask(value) if name in _MASKED and value else plain(value)
        for name, value in values.items()
    }
