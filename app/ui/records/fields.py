"""From the fields of a sheet to those of a form: what is typed goes to the service as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ui.framework import fields as form

if TYPE_CHECKING:
    from app.services.entry.fields import Field
    from app.services.entry.listing import Row
    from app.services.entry.service import SheetView

_KINDS: dict[str, form.Kind] = {
    "long": "multiline",
    "choice": "choice",
    "suggest": "suggest",
    "words": "suggest",
    "bool": "bool",
}
_NARROW = 160
_WIDTHS = {"int": 120, "number": 120, "date": _NARROW, "partial-date": _NARROW, "time": 120}
_LINES = 4


def typed_fields(sheet: SheetView) -> list[Field]:
    """Fields that a user fills in; the record that a part belongs to is not asked for."""
    return [one for one in sheet.fields if one.editable and one.name != sheet.parent]


def form_field(one: Field, sheet: SheetView, *, required: bool = True) -> form.Field:
    """A field as forms draw it."""
    return form.Field(
        one.name,
        one.label,
        _KINDS.get(one.kind, "text"),
        help=one.help,
        unit=one.unit,
        required=required and one.required,
        choices=sheet.choices.get(one.name, ()),
        lines=_LINES,
        width=_WIDTHS.get(one.kind, 0),
    )


def form_value(one: Field, row: Row) -> object:
    """A value as its editor takes it: the key of a choice, else the text."""
    if one.kind in ("choice", "bool"):
        return row.values[one.name]
    return row.texts[one.name]
