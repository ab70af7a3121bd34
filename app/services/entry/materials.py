"""Which activities lack materials, as the missing list reckons it, as conditions for the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.models import Activity
from app.services.bulk import among

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from app.services.entry.fields import Scope


def lacks_material(scope: Scope) -> ColumnElement[bool]:
    """The activity lacks a material that its kind demands."""
    return among(Activity.id, sorted(scope.lacking("any")))


def lacks_sign_in(scope: Scope) -> ColumnElement[bool]:
    """The activity's kind demands a sign-in sheet and none is there."""
    return among(Activity.id, sorted(scope.lacking("sign-in")))


def overdue(scope: Scope) -> ColumnElement[bool]:
    """A material is lacking whose last day has passed."""
    return among(Activity.id, sorted(scope.lacking("overdue")))
