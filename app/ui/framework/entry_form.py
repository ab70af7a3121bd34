"""The form of a record: fields as its sheet declares them; raw text goes out, sentences come back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from typing_extensions import override

from app.services.entry.names import Choice
from app.ui.framework.fields import Field, FieldRow
from app.ui.framework.forms import FormWidget

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtWidgets import QWidget

    from app.services.entry import fields as entry
    from app.services.entry.listing import Row
    from app.services.entry.service import Entries, SheetView
    from app.ui.framework.fields import Kind
    from app.ui.framework.page import Tools
    from app.ui.framework.theme import Theme

_NOTES_AFTER_MS = 120
_KINDS: dict[entry.Kind, Kind] = {"choice": "pick"}


def fields_of(sheet: SheetView) -> tuple[Field, ...]:
    """Fields of a form: everything that can be typed, and what is worked out from it."""
    return tuple(
        _field(one, sheet) for one in sheet.fields if one.editable or (one.only and not one.hidden)
    )


def _field(one: entry.Field, sheet: SheetView) -> Field:
    kind: Kind = "private" if one.private else _KINDS.get(one.kind, one.kind)
    return Field(
        one.name,
        one.label,
        kind,
        help=one.help,
        unit=one.unit,
        required=one.required,
        choices=sheet.choices.get(one.name, ()),
        target=one.target,
        section=one.section,
        read_only=not one.editable,
        placeholder="例如 8:30" if kind == "time" else "",
    )


class EntryForm(FormWidget):
    """Shows one record; a field that was changed is told as it was typed.

    Whoever saves it answers with ``show_row`` or, for what was refused, ``set_error``.
    """

    two_columns = True

    def __init__(
        self,
        tools: Tools,
        entries: Entries,
        sheet: SheetView,
        adoption_id: str,
        *,
        fields: Sequence[Field] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        self._entries = entries
        self._sheet = sheet
        self._adoption_id = adoption_id
        self._given: dict[str, object] = {}
        self._written: dict[str, object] = {}
        self.record_id = ""
        """The record on show; empty: one that is not there yet, or none."""
        super().__init__(fields or fields_of(sheet), tools.theme, None, parent)
        for row in self.rows.values():
            if row.field.read_only:
                row.editor.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._later = QTimer(self, singleShot=True, interval=_NOTES_AFTER_MS)
        self._later.timeout.connect(self._note_references)

    @override
    def make_row(self, field: Field, theme: Theme) -> FieldRow:
        source = partial(self._suggest, field.target) if field.kind == "ref" else None
        return FieldRow(field, theme, source=source, reveal=partial(self._reveal, field.name))

    def _suggest(self, target: str, words: str) -> list[Choice]:
        return self._entries.suggest(target, words, self._adoption_id)

    def _reveal(self, name: str) -> str:
        if not self.record_id:
            return ""
        return self._entries.reveal(self._sheet.kind, self.record_id, name)

    def show_row(self, row: Row | None) -> None:
        """Show a record; of the one that is on show already, what is being typed stays."""
        same = row is not None and row.id == self.record_id
        self.record_id = row.id if row else ""
        for name, field_row in self.rows.items():
            self._show(field_row, _given(field_row.field, row, name) if row else None, same=same)
        self._later.start()

    def start(self, values: Mapping[str, object]) -> None:
        """Show what a record that is not there yet begins with (``Entries.start``)."""
        self.record_id = ""
        for name, row in self.rows.items():
            self._show(row, self._begun(row.field, values.get(name)), same=False)
        self._later.start()

    def typed(self) -> dict[str, object]:
        """Everything that is filled in, as it was typed: for ``Entries.create``."""
        read = {name: self.read(row) for name, row in self.rows.items() if not row.field.read_only}
        return {name: raw for name, raw in read.items() if raw not in ("", False)}

    def wrong(self) -> list[str]:
        """Names of the fields with an error under them."""
        return [name for name, row in self.rows.items() if row.wrong]

    @override
    def read(self, row: FieldRow) -> object:
        return row.raw()

    @override
    def settle(self, row: FieldRow, value: object) -> None:
        """The service says how it was understood."""

    @override
    def restore(self, row: FieldRow) -> None:
        row.set_error("")
        self._show(row, self._given.get(row.field.name), same=False)

    @override
    def _complaint(self, field: Field, value: object) -> str:
        return ""

    def _show(self, row: FieldRow, value: object, *, same: bool) -> None:
        name = row.field.name
        raw, saved = row.raw(), self._saved[name]
        if same and (row.wrong or raw != saved):
            return  # it is being typed
        if same and value == self._given.get(name) and saved == self._written.get(name):
            return
        row.set_error("")
        row.set_value(value)
        self._given[name] = value
        self._saved[name] = self._written[name] = row.raw()

    def _begun(self, field: Field, value: object) -> object:
        """How a value that a record begins with is shown."""
        if field.kind == "ref" and value:
            row = self._entries.get(field.target, str(value), self._adoption_id)
            title = self._entries.sheet(field.target, self._adoption_id).title
            return Choice(row.id, row.texts[title], "")
        words = dict(field.choices)
        return words.get(value, value) if isinstance(value, str) else value

    @Slot()
    def _note_references(self) -> None:
        """Say what tells the records that are pointed to from others of their name."""
        for name, row in self.rows.items():
            given = self._given.get(name)
            if isinstance(given, Choice) and given.id and not given.note:
                found = self._suggest(row.field.target, given.text)
                note = next((one.note for one in found if one.id == given.id), "")
                row.say(note)


def _given(field: Field, row: Row, name: str) -> object:
    """What a field shows of a record."""
    if field.kind == "ref":
        return Choice(row.values[name], row.texts[name], "") if row.values[name] else None
    if field.kind == "bool":
        return bool(row.values[name])
    return row.texts[name]
