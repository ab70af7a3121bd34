"""The form of one record: every field is saved when it is left; what is wrong stands under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.errors import AppError
from app.services.entry.errors import InvalidError
from app.services.entry.names import Choice
from app.ui.framework.entry_form import EntryForm, fields_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.services.entry.listing import Row
    from app.services.entry.service import Entries, SheetView
    from app.ui.framework.fields import Field
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
        self._begun: dict[str, object] = {}
        """What a new record begins with, as it would be typed."""
        self.row: Row | None = None
        shown = [one for one in fields_of(sheet) if not (parent_id and one.name == sheet.parent)]
        self.fields = EntryForm(tools, entries, sheet, adoption_id, fields=shown)
        self.fields.committed.connect(self._on_committed)
        self.fields.next_wanted.connect(self.next_wanted)
        self._typed = [one for one in shown if not one.read_only]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.fields)

    # -- showing -----------------------------------------------------------------------------

    def show_row(self, row: Row) -> None:
        """Show a record; of the one that is shown already, what is being typed stays."""
        if self.row is None or self.row.id != row.id:
            self.fields.verticalScrollBar().setValue(0)
        self.row = row
        self.fields.show_row(row)

    def begin(self, typed: Mapping[str, object] | None = None) -> None:
        """Take in a new record, beginning with the sheet's values or with an unfinished one's."""
        self.row = None
        kind = self._sheet.kind
        self.fields.start(self._entries.start(kind, self._adoption_id, self._parent_id))
        self._begun = self.fields.typed()
        for one in self._typed:
            if typed and one.name in typed:
                self.fields.rows[one.name].set_value(self._shown(one, typed[one.name]))
        self.fields.verticalScrollBar().setValue(0)

    def _shown(self, one: Field, raw: object) -> object:
        """What was typed earlier, as its editor takes it: of a record that was picked, its name."""
        if one.kind != "ref":
            return raw
        try:
            row = self._entries.get(one.target, str(raw), self._adoption_id)
        except AppError:  # a name that was typed and not picked, or a record that is gone
            return raw
        title = self._entries.sheet(one.target, self._adoption_id).title
        return Choice(row.id, row.texts[title], "")

    def unfinished(self) -> dict[str, object]:
        """What was filled in of a record that is not there yet; empty: nothing of one's own."""
        now = self.fields.typed()
        return now if self.row is None and now != self._begun else {}

    def focus_first(self) -> None:
        """Put the cursor into the first field; of a new record, the first that is still empty."""
        filled = self.fields.typed() if self.row is None else {}
        empty = [one for one in self._typed if one.name not in filled]
        self.fields.focus((empty or self._typed)[0].name)

    def focus(self, name: str) -> None:
        """Put the cursor into a field, or into the first where that one cannot be filled in."""
        known = any(one.name == name for one in self._typed)
        self.fields.focus(name if known else self._typed[0].name)

    def ask_required(self) -> None:
        """Say at the fields that a new record cannot do without that they are empty."""
        lacking = self._lacking()
        for one in lacking:
            self.fields.set_error(one.name, f"请填写{one.label}。")
        if lacking:
            self.fields.focus(lacking[0].name)

    def _lacking(self) -> list[Field]:
        typed = self.fields.typed()
        return [one for one in self._typed if one.required and one.name not in typed]

    # -- saving ------------------------------------------------------------------------------

    def finish(self) -> bool:
        """Save what is being typed; False if some of it is wrong."""
        return self.fields.commit_all()

    @Slot(str, object)
    def _on_committed(self, name: str, raw: object) -> None:
        """Save a field that was left; what is wrong with it is said under it."""
        try:
            if self.row is not None:
                self._change(name, raw)
            elif self._lacking():
                self.typed.emit()
            else:
                self._create()
        except InvalidError as error:
            for place, text in error.problems.items():
                self.fields.set_error(place if place in self.fields.rows else name, text)
        except AppError as error:
            self.fields.set_error(name, error.sentence)

    def _change(self, name: str, raw: object) -> None:
        if self.row is None:
            return
        kind, row_id = self._sheet.kind, self.row.id
        self.show_row(self._entries.change(kind, row_id, {name: raw}, self._adoption_id))
        self.changed.emit()

    def _create(self) -> None:
        """Make the record of all that was filled in; fields that are wrong stay behind and say so."""
        typed, kind = self.fields.typed(), self._sheet.kind
        wrong: dict[str, str] = {}
        required = {one.name for one in self._typed if one.required}
        while True:
            taken = {name: raw for name, raw in typed.items() if name not in wrong}
            try:
                made = self._entries.create(kind, taken, self._adoption_id, self._parent_id)
            except InvalidError as error:
                fresh = set(error.problems) - set(wrong)
                wrong |= error.problems
                if not fresh & set(typed) or fresh & required:
                    self.typed.emit()
                    raise InvalidError(wrong) from None
            else:
                break
        self.show_row(self._entries.get(kind, made, self._adoption_id))
        for one in self._typed:
            if one.name in wrong:
                self.fields.rows[one.name].set_value(self._shown(one, typed[one.name]))
                self.fields.set_error(one.name, wrong[one.name])
        self.created.emit(made)
