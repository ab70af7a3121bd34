"""Which materials an activity must leave, and which are there."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.models import ActivityUnit, Attendance, Evidence, EvidenceLink, Lesson, Waiver
from app.services.activities.records import Piece, SlotState, SlotView
from app.services.schemes.days import resolve, year_start

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.models import Activity
    from app.services.entry.fields import Scope
    from app.services.schemes.duties import ActivityKind, ActivitySlot
    from app.services.schemes.schema import Scheme

_EACH = {"lesson": "每节课", "person": "到会者每人", "unit": "每个单位"}
_MEDIA = {"paper": "纸质", "file": "电子", "both": "纸质和电子"}


def kind_of(scheme: Scheme, activity: Activity) -> ActivityKind | None:
    """The kind of an activity as the scheme describes it; None: it has none."""
    return next((kind for kind in scheme.activity if kind.key == activity.kind), None)


def slots_of(session: Session, activity: Activity, scope: Scope) -> tuple[SlotView, ...]:
    """The slots of the activity's kind and form, then what else was put to the activity."""
    kind = kind_of(scope.scheme, activity)
    pieces = _pieces(session, activity.id)
    reasons = _reasons(session, activity.id)
    counts = _counts(session, activity.id)
    views = []
    for slot in kind.slots if kind else ():
        there = pieces.pop(slot.key, ())
        if slot.forms and activity.form not in slot.forms:
            if there:
                pieces[slot.key] = there
            continue
        views.append(
            _view(slot, activity, scope, there, counts=counts, reason=reasons.get(slot.key, ""))
        )
    rest = tuple(piece for some in pieces.values() for piece in some)
    views.append(SlotView("", "其他材料", "extra", 0, rest))
    return tuple(views)


def _view(
    slot: ActivitySlot,
    activity: Activity,
    scope: Scope,
    there: tuple[Piece, ...],
    *,
    counts: Mapping[str, int],
    reason: str,
) -> SlotView:
    need = slot.count * counts[slot.each]
    due = due_day(slot, activity, scope)
    state: SlotState = "missing"
    if reason:
        state = "waived"
    elif there and len(there) >= need:
        state = "there"
    elif slot.optional:
        state = "optional"
    elif not need:
        state = "idle"
    overdue = state == "missing" and due is not None and due < scope.today
    return SlotView(
        slot.key, slot.name, state, need, there, _demand(slot, need, due), slot.waivable,
        reason, due, overdue,
    )  # fmt: skip


def _demand(slot: ActivitySlot, need: int, due: date | None) -> str:
    each = _EACH.get(slot.each)
    parts = [f"{each} {slot.count} 份，共 {need} 份" if each else f"{need} 份"]
    if slot.medium in _MEDIA:
        parts.append(_MEDIA[slot.medium])
    if due is not None:
        parts.append(f"{due.month}月{due.day}日前")
    if slot.parts:
        parts.append(f"要有：{'、'.join(slot.parts)}")
    return "；".join(parts)


def due_day(slot: ActivitySlot, activity: Activity, scope: Scope) -> date | None:
    """Last day on which the material may come; None: none is set, or the activity has no day yet."""
    due = slot.due
    if due is None:
        return None
    if due.on:
        first = year_start(scope.scheme.scheme.year.starts, scope.year_starts.year)
        return resolve(due.on[-1], first)
    day = activity.ends_on or activity.held_on
    if day is None or due.days is None or "activity" not in (due.after, due.before):
        return None
    return day + timedelta(days=due.days if due.after else -due.days)


def _pieces(session: Session, activity_id: str) -> dict[str, tuple[Piece, ...]]:
    query = (
        select(EvidenceLink.slot, Evidence.id, Evidence.title, Evidence.kind)
        .join(Evidence, Evidence.id == EvidenceLink.evidence_id)
        .where(EvidenceLink.activity_id == activity_id)
        .order_by(Evidence.dated_on, Evidence.id)
    )
    found: dict[str, tuple[Piece, ...]] = {}
    for row in session.execute(query):
        piece = Piece(row.id, row.title, row.kind)
        found[row.slot] = (*found.get(row.slot, ()), piece)
    return found


def _reasons(session: Session, activity_id: str) -> dict[str, str]:
    query = select(Waiver.slot, Waiver.reason).where(
        Waiver.activity_id == activity_id, *for_everybody()
    )
    return {row.slot: row.reason for row in session.execute(query)}


def for_everybody() -> tuple[ColumnElement[bool], ...]:
    """A waiver may excuse one person or school only; the material itself is wanted all the same."""
    return Waiver.person_id.is_(None), Waiver.school_id.is_(None)


def _counts(session: Session, activity_id: str) -> dict[str, int]:
    """How many there are of what a slot may be demanded for."""
    asked = {
        "lesson": select(func.count()).where(Lesson.activity_id == activity_id),
        "person": select(func.count()).where(
            Attendance.activity_id == activity_id, Attendance.status == "present"
        ),
        "unit": select(func.count()).where(ActivityUnit.activity_id == activity_id),
    }
    return {name: session.scalar(query) or 0 for name, query in asked.items()} | {"activity": 1}
