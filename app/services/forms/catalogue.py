"""All forms and subjects, by their keys; each room names its own."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from app.errors import ValidationError

if TYPE_CHECKING:
    from app.services.forms.form import Form, Subject


@cache
def forms() -> dict[str, Form]:
    """Forms by key, in the order in which the window lists them."""
    from app.services import book
    from app.services.forms import archive, reports, school

    return {form.key: form for room in (archive, school, reports, book) for form in room.FORMS}


@cache
def subjects() -> dict[str, Subject]:
    """Subjects by key."""
    from app.services.forms import values

    return {subject.key: subject for subject in values.SUBJECTS}


def form(key: str) -> Form:
    """The form of that key; raises ValidationError."""
    if key not in forms():
        raise ValidationError(f"不能输出“{key}”。", f"可以输出的有：{'、'.join(forms())}。")
    return forms()[key]
