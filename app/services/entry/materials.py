"""Which activities lack the materials that the scheme demands, as conditions for the database."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, exists, false, func, literal, or_, select

from app.models import Activity, ActivityUnit, Attendance, EvidenceLink, Lesson, Waiver

if TYPE_CHECKING:
    from app.services.entry.fields import Scope
    from app.services.schemes.duties import ActivityKind, ActivitySlot

SIGN_IN = "签到"


def lacks_material(scope: Scope) -> ColumnElement[bool]:
    """The activity lacks a material that its kind demands (not waived, not optional)."""
    return _any_lack(scope, lambda _slot: True)


def lacks_sign_in(scope: Scope) -> ColumnElement[bool]:
    """The activity's kind demands a sign-in sheet and none is there."""
    return _any_lack(scope, lambda slot: SIGN_IN in slot.name)


def overdue(scope: Scope) -> ColumnElement[bool]:
    """A material is lacking whose last day has passed."""
    lacking = [
        and_(_lack(kind, slot), Activity.held_on < scope.today - timedelta(days=slot.due.days))
        for kind in scope.scheme.activity
        for slot in kind.slots
        if slot.due is not None and slot.due.after == "activity" and slot.due.days is not None
        if not slot.optional
    ]
    return or_(*lacking) if lacking else false()


def _any_lack(scope: Scope, wanted: Any) -> ColumnElement[bool]:
    lacking = [
        _lack(kind, slot)
        for kind in scope.scheme.activity
        for slot in kind.slots
        if not slot.optional and wanted(slot)
    ]
    return or_(*lacking) if lacking else false()


def _lack(kind: ActivityKind, slot: ActivitySlot) -> ColumnElement[bool]:
    there = (
        select(func.count())
        .where(EvidenceLink.activity_id == Activity.id, EvidenceLink.slot == slot.key)
        .scalar_subquery()
    )
    waived = exists().where(Waiver.activity_id == Activity.id, Waiver.slot == slot.key)
    conditions = [Activity.kind == kind.key, there < _demanded(slot), ~waived]
    if slot.forms:
        conditions.append(Activity.form.in_(slot.forms))
    return and_(*conditions)


def _demanded(slot: ActivitySlot) -> Any:
    """How many pieces: for each lesson, person present or unit, where the scheme says so."""
    match slot.each:
        case "lesson":
            counted = select(func.count()).where(Lesson.activity_id == Activity.id)
        case "person":
            here = Attendance.activity_id == Activity.id, Attendance.status == "present"
            counted = select(func.count()).where(*here)
        case "unit":
            counted = select(func.count()).where(ActivityUnit.activity_id == Activity.id)
        case "activity":
            return literal(slot.count)
    return counted.scalar_subquery() * slot.count
