"""记录 of an activity: what was said and done, what came of it, what is next."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.errors import AppError
from app.services.entry.errors import InvalidError
from app.ui.framework import tokens as t
from app.ui.framework.entry_form import EntryForm, fields_of

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.ui.framework.page import Tools

NOTES = {"minutes": 8, "outcome": 4, "next_steps": 3}
"""Fields of the record and their height in lines."""


class NotesTab(QWidget):
    """The long texts of one activity, with room to write."""

    def __init__(self, tools: Tools, services: Services, adoption_id: str) -> None:
        super().__init__()
        self._tools = tools
        self._entries = services.entries
        self._adoption_id = adoption_id
        sheet = services.entries.sheet("activity", adoption_id)
        fields = [
            replace(one, lines=NOTES[one.name], section="")
            for one in fields_of(sheet)
            if one.name in NOTES
        ]
        self.form = EntryForm(tools, services.entries, sheet, adoption_id, fields=fields)
        self.form.committed.connect(self._save)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, t.GAP_SMALL, 0, 0)
        column.addWidget(self.form)
        self.setFocusProxy(next(iter(self.form.rows.values())).editor)

    def show_record(self, record_id: str) -> None:
        """Show the texts of an activity as they are now; what is being typed stays."""
        try:
            self.form.show_row(self._entries.get("activity", record_id, self._adoption_id))
        except AppError as error:
            self._tools.errors.show_error(error)

    @Slot(str, object)
    def _save(self, name: str, raw: object) -> None:
        activity_id = self.form.record_id
        try:
            row = self._entries.change("activity", activity_id, {name: raw}, self._adoption_id)
        except InvalidError as error:
            for field, sentence in error.problems.items():
                self.form.set_error(field, sentence)
        except AppError as error:
            self._tools.errors.show_error(error)
        else:
            self.form.show_row(row)
