"""Which activities lack the materials that the scheme demands, as conditions for the database."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select

from app.models import Activity, ActivityUnit, Attendance, EvidenceLink, Lesson, Waiver
from app.services.activities.slots import for_everybody

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
    waived = select(Waiver.activity_id).where(
        Waiver.slot == slot.key, Waiver.activity_id.is_not(None), *for_everybody()
    )
    conditions = [Activity.kind == kind.key, _too_few(slot), Activity.id.not_in(waived)]
    if slot.forms:
        conditions.append(Activity.form.in_(slot.forms))
    return and_(*conditions)


def _too_few(slot: ActivitySlot) -> ColumnElement[bool]:
    """Fewer pieces than the slot demands."""
    filled = EvidenceLink.slot == slot.key, EvidenceLink.activity_id.is_not(None)
    if slot.each == "activity":  # looked up once for all activities, not for each of them
        enough = (
            select(EvidenceLink.activity_id)
            .where(*filled)
            .group_by(EvidenceLink.activity_id)
            .having(func.count() >= slot.count)
        )
        return Activity.id.not_in(enough)
    there = select(func.count()).where(EvidenceLink.activity_id == Activity.id, *filled)
    fewer: ColumnElement[bool] = there.scalar_subquery() < _demanded(slot)
    return fewer


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
            return slot.count
    return counted.scalar_subquery() * slot.count
