"""The table in which records are typed, with the line below it that says what is wrong or done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.ui.framework import tokens as t
from app.ui.framework.entry_model import EntryModel
from app.ui.framework.grid_view import GridView
from app.ui.framework.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.entry.bulk import Preview
    from app.services.entry.listing import Query
    from app.services.entry.service import Entries, SheetView
    from app.ui.framework.page import Tools


class EntryGrid(QWidget):
    """The table with the line below it that says what is wrong, lacking or done."""

    def __init__(
        self,
        tools: Tools,
        entries: Entries,
        sheet: SheetView,
        query: Query,
        key: str,
        *,
        cells: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.model = EntryModel(entries, sheet, query, tools.theme, self)
        self.model.failed.connect(tools.errors.show_error)
        self.view = GridView(tools, self.model, key, cells=cells)
        self.view.setAccessibleName(sheet.name)
        self.line = QLabel()
        self.line.setTextFormat(Qt.TextFormat.PlainText)
        self.line.setWordWrap(True)
        self.line.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GRID)
        column.addWidget(self.view, 1)
        column.addWidget(self.line)
        self.setFocusProxy(self.view)
        self.model.said.connect(self._warn)
        self.view.actions_on_cells.said.connect(self._tell)
        self.view.selectionModel().currentChanged.connect(self._explain)

    @property
    def confirm(self) -> Callable[[Preview], bool]:
        """Asked with what a paste or fill would do, when more than one record is concerned."""
        return self.view.actions_on_cells.writer.confirm

    @confirm.setter
    def confirm(self, ask: Callable[[Preview], bool]) -> None:
        self.view.actions_on_cells.writer.confirm = ask

    def show_query(self, query: Query) -> None:
        """Show what another query finds."""
        self.model.show(query)

    def refresh(self) -> None:
        """Fetch anew; while a cell is being typed in, once that is over."""
        self.model.refresh()

    def unfinished(self) -> str:
        """What is not saved yet; empty: everything is."""
        return self.model.unfinished()

    @Slot(str)
    def _warn(self, sentence: str) -> None:
        self._say(sentence, "error")

    @Slot(str)
    def _tell(self, sentence: str) -> None:
        self._say(sentence, "error" if self.model.unfinished() else "small")

    @Slot(QModelIndex)
    def _explain(self, index: QModelIndex) -> None:
        self._warn(self.model.sentence_at(index) or self.model.unfinished())

    def _say(self, sentence: str, role: str) -> None:
        self.line.setText(sentence)
        self.line.setVisible(bool(sentence))
        set_role(self.line, role)
