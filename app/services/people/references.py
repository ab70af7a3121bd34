"""What points to a record: which rows move when it becomes one with another, and which collide.

Read from the tables themselves (every foreign key), so that a table added later is not forgotten.
Two rows collide when they would then say the same thing twice (a unique constraint, or ``_SAME``).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import UniqueConstraint, or_, select

from app.errors import ConflictError
from app.models import Base, Record
from app.services.people.duplicates import contradict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy.orm import Session

_SAME: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "honour": (("person_id", "name", "level"),),
    "mentor_pair": (("community_id", "mentor_id", "mentee_id", "starts_on"),),
    "dispatch": (("community_id", "person_id", "kind", "starts_on", "to_school_id"),),
    "waiver": (("adoption_id", "activity_id", "person_id", "slot"),),
    "entered_value": (
        ("adoption_id", "kind", "key", "person_id", "term", "years_back"),
        ("adoption_id", "kind", "key", "school_id", "term", "years_back"),
    ),
    "evidence_link": (
        ("evidence_id", "person_id", "slot"),
        ("evidence_id", "observation_id", "slot"),
    ),
}
"""Columns that make two rows the same where the database itself allows both."""

_RANKS: Mapping[str, Callable[[Any], int]] = {
    "attendance": lambda row: ("expected", "absent", "leave", "present").index(row.status),
    "draw_person": lambda row: int(row.place is not None),
    "observation": lambda row: int(row.score is not None),
}
"""Which of two rows stays: the one of higher rank; of equal ones that of the record that stays."""

_JOINED = frozenset(
    {"note", "strengths", "advice", "overall", "comment", "overlap_reason", "leave_reason", "part"}
)
"""Texts of which both are kept, one after the other."""

_PARTIAL = frozenset({"awarded_on"})
"""Dates of which the one that says more is kept."""

_BLANK = (None, "", False)
_LINE = "\n"

_WHOLE: Mapping[str, frozenset[str]] = {"observation": frozenset({"rubric_id", "score", "grade"})}
"""Columns that are taken over together or not at all: a score belongs to its rubric."""

_IN_LINE = frozenset({"person_subject", "observation_step"})
"""Lists whose moved rows come after those already there."""


@dataclass(slots=True)
class Move:
    """A row that points to the record that goes, and is made to point to the one that stays."""

    row: Record
    columns: dict[str, str] = field(default_factory=dict)
    """Column and the id it gets."""


@dataclass(slots=True)
class Clash:
    """Two rows that become one: what the surviving row takes over, and what is given up."""

    stays: Any
    goes: Any
    taken: dict[str, Any] = field(default_factory=dict)
    lost: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    """Column → the value that stays and the one that is seen only in the history from now on."""


@dataclass(slots=True)
class Plan:
    """All that a merge does beside the record's own fields."""

    moves: dict[str, Move] = field(default_factory=dict)
    clashes: list[Clash] = field(default_factory=list)
    dropped: list[Any] = field(default_factory=list)
    """Points that belonged to a score which gave way to another."""
    pending: dict[tuple[str, str], Any] = field(default_factory=dict)
    """Values that surviving rows take over, by row and column."""

    def value(self, row: Any, column: str) -> Any:
        """What a column will hold after the clashes noted so far."""
        return self.pending.get((row.id, column), getattr(row, column))


def plan(session: Session, table: str, keep: str, lose: str) -> Plan:
    """What becomes of all rows that point to ``lose``; raises ConflictError where it cannot be."""
    made = Plan()
    _Planner(session, made, table, keep, lose).run()
    for clash in made.clashes:
        made.moves.pop(clash.goes.id, None)
    return made


class _Planner:
    """Plans for one record that goes; for each pair of rows that collide there is another one."""

    def __init__(self, session: Session, made: Plan, table: str, keep: str, lose: str) -> None:
        self._session, self._made, self._table = session, made, table
        self._keep, self._lose = keep, lose

    def run(self, drop: frozenset[str] = frozenset()) -> None:
        """Look at each table that points here; rows of the tables ``drop`` do not move."""
        for name, columns in referring(self._table).items():
            moving = self._pointing(name, columns, self._lose)
            if name in drop:
                self._made.dropped += moving
            elif moving:
                self._move_all(name, columns, moving)

    def _move_all(self, name: str, columns: tuple[str, ...], moving: list[Any]) -> None:
        keys = tuple(key for key in _unique(name) if set(key) & set(columns))
        in_line = name in _IN_LINE
        there = self._pointing(name, columns, self._keep) if keys or in_line else []
        after = max((row.ordinal + 1 for row in there), default=0) if in_line else 0
        known = {key: row for row in there for key in self._said(row, keys)}
        for row in moving:
            self._refuse_self(row)
            said = self._said(row, keys)
            twin = next((known[key] for key in said if key in known), None)
            stays = row
            if twin is not None and _may_be_one(row, twin):
                stays = self._collide(twin, row)
            if stays is row:
                known |= dict.fromkeys(said, row)
                moved = {one: self._keep for one in columns if getattr(row, one) == self._lose}
                if after:
                    moved["ordinal"] = row.ordinal + after
                self._made.moves[row.id] = Move(row, moved)

    def _collide(self, twin: Any, row: Any) -> Any:
        """Note that two rows become one, with what hangs on them; gives the row that stays."""
        rank = _RANKS.get(row.__tablename__, lambda _row: 0)
        stays, goes = (row, twin) if rank(row) > rank(twin) else (twin, row)
        _bring_together(self._made, stays, goes)
        scored = row.__tablename__ == "observation" and stays.score is not None
        drop = frozenset({"observation_score"} if scored else ())
        _Planner(self._session, self._made, row.__tablename__, stays.id, goes.id).run(drop)
        return stays

    def _pointing(self, name: str, columns: tuple[str, ...], target: str) -> list[Any]:
        model: Any = model_of(name)
        points = or_(*(getattr(model, column) == target for column in columns))
        return list(self._session.scalars(select(model).where(points).order_by(model.id)))

    def _said(self, row: Any, keys: tuple[tuple[str, ...], ...]) -> list[tuple[Any, ...]]:
        """What a row says by each of its keys, once the two records are one."""
        values = (tuple(getattr(row, name) for name in key) for key in keys)
        return [
            (key, *(self._keep if one == self._lose else one for one in value))
            for key, value in zip(keys, values, strict=True)
        ]

    def _refuse_self(self, row: Any) -> None:
        both = {self._keep, self._lose}
        if row.__tablename__ == "mentor_pair" and {row.mentor_id, row.mentee_id} == both:
            raise ConflictError(
                "这两个人是一对师徒，不会是同一个人。",
                "请标为“不是同一个”；如果师徒登记错了，先改过来。",
            )


def _bring_together(made: Plan, stays: Any, goes: Any) -> None:
    """Blanks are filled, long texts joined; of two other values that of the surviving row stays."""
    clash = Clash(stays, goes)
    name = str(stays.__tablename__)
    whole = _WHOLE.get(name, frozenset())
    kept_whole = any(made.value(stays, column) not in _BLANK for column in whole)
    skipped = {"id", "ordinal"} | {column for key in _unique(name) for column in key}
    for column in sorted({one.name for one in Base.metadata.tables[name].columns} - skipped):
        old, new = made.value(stays, column), made.value(goes, column)
        if old == new or new in _BLANK or _says_more(column, old, new):
            continue
        if (old in _BLANK and not (kept_whole and column in whole)) or _says_more(column, new, old):
            clash.taken[column] = new
        elif column in _JOINED:
            clash.taken[column] = f"{old}{'、' if column == 'part' else _LINE}{new}"
        else:
            clash.lost[column] = (old, new)
    made.pending |= {(stays.id, column): value for column, value in clash.taken.items()}
    made.clashes.append(clash)


def _says_more(column: str, one: Any, other: Any) -> bool:
    """Whether a text or partial date holds all that the other says."""
    if column in _JOINED:
        return bool(one) and bool(other) and other in one
    return column in _PARTIAL and bool(other) and one.startswith(other)


def _may_be_one(row: Any, other: Any) -> bool:
    """Honours awarded at two times are two, and so are dispatches whose day is not known."""
    if row.__tablename__ == "honour":
        return not contradict(row.awarded_on, other.awarded_on)
    return row.__tablename__ != "dispatch" or row.starts_on is not None


@cache
def referring(table: str) -> Mapping[str, tuple[str, ...]]:
    """Tables of records that point to a table, with the columns that do."""
    found: dict[str, list[str]] = defaultdict(list)
    for other in Base.metadata.sorted_tables:
        for key in other.foreign_keys:
            if key.column.table.name == table:
                found[other.name].append(key.parent.name)
    return {name: tuple(sorted(columns)) for name, columns in found.items()}


@cache
def model_of(table: str) -> type[Record]:
    """The class whose rows are in a table."""
    return next(
        mapper.class_ for mapper in Base.registry.mappers if mapper.class_.__tablename__ == table
    )


@cache
def _unique(table: str) -> tuple[tuple[str, ...], ...]:
    described = Base.metadata.tables[table]
    found = [
        tuple(column.name for column in constraint.columns)
        for constraint in described.constraints
        if isinstance(constraint, UniqueConstraint)
    ]
    found += [tuple(c.name for c in index.columns) for index in described.indexes if index.unique]
    return (*found, *_SAME.get(table, ()))
