"""The form of one record: every field is saved when it is left; what is wrong stands under it."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.errors import AppError
from app.services.entry.errors import InvalidError
from app.ui.framework.forms import FormWidget
from app.ui.records.fields import form_field, form_value, typed_fields

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.services.entry.listing import Row
    from app.services.entry.service import Entries, SheetView
    from app.ui.framework.page import Tools


class RecordForm(QWidget):
    """Shows and changes a record, or takes in a new one."""

    created = Signal(str)
    """Id of the record that came into being: all that is required was filled in."""
    typed = Signal()
    """Something was filled in that could not be saved yet: the record is not complete."""
    changed = Signal()
    """The record was saved with another value."""
    next_wanted = Signal()

    def __init__(
        self,
        tools: Tools,
        entries: Entries,
        sheet: SheetView,
        adoption_id: str,
        parent_id: str = "",
    ) -> None:
        super().__init__()
        self._tools = tools
        self._entries = entries
        self._sheet = sheet
        self._adoption_id = adoption_id
        self._parent_id = parent_id
        self._fields = {one.name: one for one in typed_fields(sheet)}
        self._begun: dict[str, object] = {}
        """What a new record begins with; empty: the record is there."""
        self._wrong: dict[str, str] = {}
        self.row: Row | None = None
        self.fields = FormWidget(
            [form_field(one, sheet) for one in self._fields.values()], tools.theme, self._take
        )
        self.fields.committed.connect(self._on_committed)
        self.fields.next_wanted.connect(self.next_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.fields)

    # -- showing -----------------------------------------------------------------------------

    def show_row(self, row: Row) -> None:
        """Show a record; of the one that is shown already, what is being typed stays."""
        same = self.row is not None and self.row.id == row.id
        self.row = row
        self._begun = {}
        values = {name: form_value(one, row) for name, one in self._fields.items()}
        if not same:
            self.fields.set_values(values)
            self.fields.verticalScrollBar().setValue(0)
            return
        known = self.fields.values()
        self.fields.update_values(
            {
                name: value
                for name, value in values.items()
                if value != known[name] and self.fields.rows[name].value() == known[name]
            }
        )

    def begin(self, typed: Mapping[str, object] | None = None) -> None:
        """Take in a new record, beginning with the sheet's values or with an unfinished one's."""
        self.row = None
        start = self._entries.start(self._sheet.kind, self._adoption_id, self._parent_id)
        self._begun = {name: self._words(name, start.get(name)) for name in self._fields}
        self.fields.set_values(self._begun)
        if typed:
            self.fields.update_values({n: v for n, v in typed.items() if n in self._fields})
        self.fields.verticalScrollBar().setValue(0)

    def _words(self, name: str, value: Any) -> object:
        """A value that a new record begins with, as it would be typed."""
        one = self._fields[name]
        if one.kind == "ref" and value:
            target = self._entries.sheet(one.target, self._adoption_id)
            return self._entries.get(one.target, value, self._adoption_id).texts[target.title]
        if isinstance(value, time):
            return f"{value:%H:%M}"
        if isinstance(value, date):
            return value.isoformat()
        return value if value is not None else ""

    def unfinished(self) -> dict[str, object]:
        """What was filled in of a record that is not there yet; empty: nothing of one's own."""
        now = {name: row.value() for name, row in self.fields.rows.items()}
        if self.row is not None or all(self._same(name, now[name]) for name in now):
            return {}
        return {name: value for name, value in now.items() if value}

    def _same(self, name: str, value: object) -> bool:
        return (value or "") == (self._begun.get(name) or "")

    def focus_first(self) -> None:
        """Put the cursor into the first field."""
        self.fields.focus(next(iter(self._fields)))

    def focus(self, name: str) -> None:
        """Put the cursor into a field."""
        self.fields.focus(name)

    def ask_required(self) -> None:
        """Say at the fields that a new record cannot do without that they are empty."""
        lacking = self._lacking()
        for name in lacking:
            self.fields.set_error(name, f"请填写{self._fields[name].label}。")
        if lacking:
            self.fields.focus(lacking[0])

    def _lacking(self) -> list[str]:
        rows = self.fields.rows
        return [n for n, one in self._fields.items() if one.required and not rows[n].value()]

    # -- saving ------------------------------------------------------------------------------

    def finish(self) -> bool:
        """Save what is being typed; False if some of it is wrong."""
        return self.fields.commit_all()

    def _take(self, name: str, value: object) -> str | None:
        """Save a field that was left; gives what is wrong with it."""
        try:
            if self.row is not None:
                kind, row_id = self._sheet.kind, self.row.id
                self.row = self._entries.change(kind, row_id, {name: value}, self._adoption_id)
            elif not self._lacking():
                self._wrong = self._create()
                if self.row is not None and name in self._wrong:
                    self._settle()  # the rest was saved; the form itself tells of this field
                return self._wrong.get(name)
        except InvalidError as error:
            return error.problems.get(name) or error.sentence
        except AppError as error:
            self._tools.errors.show_error(error)
            return error.sentence
        return None

    def _create(self) -> dict[str, str]:
        """Make the record of all that was filled in; gives what is wrong with the rest, by field."""
        values = {name: row.value() for name, row in self.fields.rows.items()}
        wrong: dict[str, str] = {}
        while True:
            taken = {name: value for name, value in values.items() if name not in wrong}
            try:
                made = self._entries.create(
                    self._sheet.kind, taken, self._adoption_id, self._parent_id
                )
            except InvalidError as error:
                fresh = set(error.problems) - set(wrong)
                wrong |= error.problems
                if not fresh or any(self._fields[name].required for name in fresh):
                    for name, text in wrong.items():
                        self.fields.set_error(name, text)
                    return wrong
            else:
                self.row = self._entries.get(self._sheet.kind, made, self._adoption_id)
                return wrong

    @Slot(str, object)
    def _on_committed(self, _name: str, _value: object) -> None:
        if self.row is None:
            self.typed.emit()
        else:
            self._settle()

    def _settle(self) -> None:
        """The record is saved: show it as the service keeps it."""
        row, new = self.row, bool(self._begun)
        if row is None:
            return
        unsaved = {name: self.fields.rows[name].value() for name in self._wrong}
        self.show_row(row)
        for name, value in unsaved.items():
            self.fields.update_values({name: ""})
            self.fields.rows[name].set_value(value)
            self.fields.set_error(name, self._wrong[name])
        self._wrong = {}
        if new:
            self.created.emit(row.id)
        else:
            self.changed.emit()
