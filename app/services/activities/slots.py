"""Which materials an activity must leave, and which are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select

from app.models import Evidence, EvidenceLink, Lesson, PaperReceipt, Waiver
from app.services.activities.records import Piece, SlotState, SlotView

if TYPE_CHECKING:
    from datetime import date

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
    from app.services.standing.materials import due_day, slot_needs
    from app.services.standing.reading import read_setting

    session.flush()
    setting = read_setting(session, scope.adoption_id, scope.today)
    needs = slot_needs(session, setting, activity.id)
    kind = kind_of(scope.scheme, activity)
    pieces = _pieces(session, activity.id)
    reasons = _reasons(session, activity.id)
    papers = _papers(session, activity.id)
    views = []
    for slot in kind.slots if kind else ():
        if slot.key not in needs:
            continue
        need, gap = needs[slot.key]
        there = pieces.pop(slot.key, ())
        reason = reasons.get(slot.key, "")
        due = due_day(session, setting, activity.id, slot.key)
        state: SlotState = "waived" if reason else "there"
        if not reason and (gap is not None or not need or (slot.optional and not there)):
            state = "optional" if slot.optional else "missing" if gap else "idle"
        demand = _demand(slot, need, due, papers.get(slot.key, 0))
        overdue = state == "missing" and due is not None and due < scope.today
        views.append(SlotView(
            slot.key, slot.name, state, need, there, demand, slot.waivable, reason, due, overdue,
        ))  # fmt: skip
    rest = tuple(piece for some in pieces.values() for piece in some)
    views.append(SlotView("", "其他材料", "extra", 0, rest))
    return tuple(views)


def _demand(slot: ActivitySlot, need: int, due: date | None, papers: int) -> str:
    each = _EACH.get(slot.each)
    parts = [f"{each} {slot.count} 份，共 {need} 份" if each else f"{need} 份"]
    if slot.medium in _MEDIA:
        parts.append(_MEDIA[slot.medium])
    if due is not None:
        parts.append(f"{due.month}月{due.day}日前")
    if papers:
        parts.append(f"已收纸质件 {papers} 份")
    if slot.parts:
        parts.append(f"要有：{'、'.join(slot.parts)}")
    return "；".join(parts)


def _pieces(session: Session, activity_id: str) -> dict[str, tuple[Piece, ...]]:
    query = (
        select(EvidenceLink.slot, Evidence.id, Evidence.title, Evidence.kind)
        .join(Evidence, Evidence.id == EvidenceLink.evidence_id)
        .outerjoin(Lesson, Lesson.id == EvidenceLink.lesson_id)
        .where(
            or_(
                EvidenceLink.activity_id == activity_id,
                and_(Lesson.activity_id == activity_id, EvidenceLink.slot != ""),
            )
        )
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


def _papers(session: Session, activity_id: str) -> dict[str, int]:
    """Papers received, by slot."""
    query = (
        select(PaperReceipt.slot, func.sum(PaperReceipt.copies))
        .outerjoin(Lesson, Lesson.id == PaperReceipt.lesson_id)
        .where(func.coalesce(PaperReceipt.activity_id, Lesson.activity_id) == activity_id)
        .group_by(PaperReceipt.slot)
    )
    return {slot: int(copies) for slot, copies in session.execute(query)}
