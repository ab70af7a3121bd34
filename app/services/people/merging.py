"""Two records of one person or school become one: seen beforehand, one step, nothing lost.

The rules by which values are chosen are said in ``RULE``; what moves is read from the tables.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import and_, func, or_, select

from app.errors import ConflictError, NotFoundError
from app.models import Dispatch, Entry, Lesson, Observation, Setting
from app.services.entry.names import names_of
from app.services.entry.values import mask
from app.services.people.duplicates import Kind, mark_of, marks_of
from app.services.people.references import Move, Plan, model_of, plan
from app.services.people.words import describe, label, noun, written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

Side = Literal["keep", "lose", "both"]

RULE = (
    "重复的记录合为一条：空着的由另一条补上，写得更全的留下，长文字接在一起；签到取到会、请假、缺席中靠前的，"
    "抽取取抽中的，听课取有评分的；其他不同的值以留下的为准，另一个仍可在历史里查到。"
)
"""What becomes of rows that say the same thing twice."""

_MOST_LINES = 200
_PRIVATE = ("phone", "id_number")
_FIELDS: Mapping[Kind, tuple[str, ...]] = {
    "person": (
        "name", "school_id", "sex", "born_on", "title", "grade", "office", "joined_on", "education",
        "ethnic_group", "phone", "id_number", "note",
    ),
    "school": ("name", "short_name", "kind", "stage", "district", "note"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """A field of both records; ``default`` is what is taken unless the user picks otherwise."""

    name: str
    label: str
    keep: str
    lose: str
    default: Side
    choices: tuple[Side, ...]
    """More than one where the two say different things."""


@dataclass(frozen=True, slots=True)
class Moving:
    """Rows of one kind that move to the record that stays; of very many only the first are named."""

    noun: str
    count: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Collision:
    """Two rows that become one, and what that does to their values."""

    noun: str
    what: str
    outcome: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MergePreview:
    """All that a merge would do."""

    kind: Kind
    keep: str
    lose: str
    name: str
    other_name: str
    fields: tuple[FieldChoice, ...]
    moving: tuple[Moving, ...]
    collisions: tuple[Collision, ...]
    notes: tuple[str, ...]


def preview(session: Session, kind: Kind, one: str, other: str) -> MergePreview:
    """What would happen if two records became one; the older one stays.

    Raises NotFoundError where one is gone, ConflictError where the two cannot be the same.
    """
    keep, lose = sorted((one, other))
    kept, lost = _record(session, kind, keep), _record(session, kind, lose)
    made = plan(session, kind, keep, lose)
    return MergePreview(
        kind, keep, lose, kept.name, lost.name,
        _fields(session, kind, kept, lost),
        _moving(session, made, {keep, lose}),
        _collisions(session, made, {keep, lose}),
        _notes(session, kind, keep, lose),
    )  # fmt: skip


def merge(session: Session, seen: MergePreview, picks: Mapping[str, Side]) -> None:
    """Do what the preview showed; raises ConflictError if the records changed since then."""
    if preview(session, seen.kind, seen.keep, seen.lose) != seen:
        raise ConflictError("预览之后又有改动，没有合并。", "请重新打开预览看一遍，再合并。")
    kept, lost = (_record(session, seen.kind, one) for one in (seen.keep, seen.lose))
    values = {
        field.name: _picked(field, picks.get(field.name, field.default), kept, lost)
        for field in seen.fields
    }
    _move(session, plan(session, seen.kind, seen.keep, seen.lose))
    _move_marks(session, seen)
    session.delete(lost)
    session.flush()  # only now is the other name free
    for name, value in values.items():
        setattr(kept, name, value)


def _record(session: Session, kind: Kind, record_id: str) -> Any:
    found = session.get(model_of(kind), record_id)
    if found is None:
        raise NotFoundError("其中一条记录已经不在了。", "请刷新后再试。")
    return found


def _fields(session: Session, kind: Kind, kept: Any, lost: Any) -> tuple[FieldChoice, ...]:
    newer = _changed(session, lost.id) > _changed(session, kept.id)
    found = []
    for name in _FIELDS[kind]:
        old, new = getattr(kept, name), getattr(lost, name)
        if not old and not new:
            continue
        choices: tuple[Side, ...] = ("keep", "lose")
        default: Side = "lose" if not old or (new and newer) else "keep"
        if old == new or not new or not old:
            choices = (default,)
        elif name in ("born_on", "joined_on") and (old.startswith(new) or new.startswith(old)):
            default = "lose" if len(new) > len(old) else "keep"  # the one that says more
        elif name == "note":
            choices, default = (*choices, "both"), "both"
        said, also = (_value_words(session, kind, name, value) for value in (old, new))
        found.append(FieldChoice(name, label(kind, name), said, also, default, choices))
    return tuple(found)


def _changed(session: Session, record_id: str) -> int:
    last = select(func.max(Entry.batch_seq)).where(Entry.record_id == record_id)
    return session.scalar(last) or 0


def _value_words(session: Session, kind: Kind, name: str, value: Any) -> str:
    if not value:
        return ""
    if name == "school_id":
        return names_of(session, "school", [value]).get(value, "")
    return mask(value) if name in _PRIVATE else str(value)


def _picked(field: FieldChoice, pick: Side, kept: Any, lost: Any) -> Any:
    pick = pick if pick in field.choices else field.default
    if pick == "both":
        return f"{getattr(kept, field.name)}\n{getattr(lost, field.name)}"
    return getattr(kept if pick == "keep" else lost, field.name)


def _moving(session: Session, made: Plan, without: set[str]) -> tuple[Moving, ...]:
    rows: dict[str, list[Any]] = defaultdict(list)
    for move in made.moves.values():
        rows[move.row.__tablename__].append(move.row)
    return tuple(
        Moving(noun(table), len(some), tuple(describe(session, some[:_MOST_LINES], without)))
        for table, some in rows.items()
    )


def _collisions(session: Session, made: Plan, without: set[str]) -> tuple[Collision, ...]:
    found = []
    for clash in made.clashes:
        table = str(clash.stays.__tablename__)
        words = [
            f"{label(table, column)}取“{written(session, table, column, old)}”，"
            f"不取“{written(session, table, column, new)}”"
            for column, (old, new) in clash.lost.items()
        ]
        words += [
            f"{label(table, column)}补为“{written(session, table, column, value)}”"
            for column, value in clash.taken.items()
        ]
        what = describe(session, [clash.stays], without)[0]
        found.append(Collision(noun(table), what, tuple(words) or ("两条内容相同",)))
    for row in made.dropped:
        what = describe(session, [row], without)[0]
        found.append(Collision(noun(row.__tablename__), what, ("随不取的总分一起不再显示",)))
    return tuple(found)


def _notes(session: Session, kind: Kind, keep: str, lose: str) -> tuple[str, ...]:
    """What looks odd once the two are one."""
    if kind == "person":
        words = "听课记录的听课人就是执教人"
        ends: tuple[Any, Any] = (Observation.observer_id, Lesson.teacher_id)
        found = select(func.count()).join_from(Observation, Lesson)
    else:
        words = "派驻的原单位和派往单位是同一个"
        ends = (Dispatch.from_school_id, Dispatch.to_school_id)
        found = select(func.count()).select_from(Dispatch)
    one, other = ends
    crossed = or_(and_(one == keep, other == lose), and_(one == lose, other == keep))
    count = session.scalar(found.where(crossed))
    return (f"合并后有 {count} 条{words}，请核对。",) if count else ()


def _move(session: Session, made: Plan) -> None:
    """Point the rows at the record that stays, in an order that never breaks a constraint.

    A row that takes the place of another one moves last, once that other is gone.
    """
    swapped = {clash.stays.id for clash in made.clashes} & made.moves.keys()
    _point([move for row_id, move in made.moves.items() if row_id not in swapped])
    session.flush()
    gone = {clash.goes.id for clash in made.clashes}
    for row in (*made.dropped, *(clash.goes for clash in made.clashes)):
        session.delete(row)
    session.flush()
    _point([made.moves[row_id] for row_id in swapped])
    for clash in made.clashes:
        if clash.stays.id not in gone:
            for column, value in clash.taken.items():
                setattr(clash.stays, column, value)
    session.flush()


def _point(moves: Sequence[Move]) -> None:
    for move in moves:
        for column, value in move.columns.items():
            setattr(move.row, column, value)


def _move_marks(session: Session, seen: MergePreview) -> None:
    """Who is marked as different from the one that goes is different from the one that stays."""
    prefix = marks_of(seen.kind)
    for mark in session.scalars(select(Setting).where(Setting.name.startswith(prefix))):
        pair = mark.name.removeprefix(prefix).split("/")
        if seen.lose not in pair:
            continue
        other = next((one for one in pair if one != seen.lose), seen.keep)
        name = mark_of(seen.kind, seen.keep, other)
        known = session.scalar(select(Setting.id).where(Setting.name == name))
        if other == seen.keep or known:
            session.delete(mark)
        else:
            mark.name = name
