"""Parts of a record (日程, 分工, 单位, 课, 计划条目) typed in a table as in a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.errors import AppError
from app.services.entry.listing import Query
from app.ui.framework import tokens as t
from app.ui.framework.grid import EntryGrid
from app.ui.framework.messages import LAST_STEP
from app.ui.framework.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.bootstrap import Services
    from app.ui.framework.page import Tools

_HINT = "在最后一行接着写；可以从 Excel 粘贴；Ctrl+Del 删除整行"


class PartTab(QWidget):
    """The parts of one kind of the record on show."""

    def __init__(
        self,
        tools: Tools,
        services: Services,
        adoption_id: str,
        kind: str,
        *,
        ordered: bool = False,
    ) -> None:
        """``ordered``: the lines stand in the user's own order."""
        super().__init__()
        self.tools = tools
        self.entries = services.entries
        self.adoption_id = adoption_id
        self.kind = kind
        self.sheet = services.entries.sheet(kind, adoption_id)
        self.record_id = ""
        self._grid: EntryGrid | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, t.GAP_SMALL, 0, 0)
        self._column.setSpacing(t.GAP_SMALL)
        self.deeds = QHBoxLayout()
        self.deeds.setSpacing(t.GAP_SMALL)
        hint = QLabel(_HINT)
        set_role(hint, "small")
        self.deeds.addWidget(hint)
        self.deeds.addStretch(1)
        if ordered:
            self.add_deed("上移", "arrow-up", self.move_up, "Alt+Up")
            self.add_deed("下移", "arrow-down", self.move_down, "Alt+Down")
        self._column.addLayout(self.deeds)

    def add_deed(
        self, words: str, icon: str, slot: Callable[[], None], shortcut: str
    ) -> QPushButton:
        """A button below the table for what can be done with the selected line."""
        button = QPushButton(self.tools.theme.icon(icon), words)
        button.setShortcut(shortcut)
        button.setToolTip(f"{words}（{shortcut}）")
        button.clicked.connect(slot)
        self.deeds.addWidget(button)
        return button

    @property
    def grid(self) -> EntryGrid:
        """The table; there is one as soon as a record was shown."""
        assert self._grid is not None  # noqa: S101 - nothing is pressed before something is shown
        return self._grid

    def show_record(self, record_id: str) -> None:
        """Show the parts of a record as they are now."""
        query = Query(self.kind, self.adoption_id, parent_id=record_id)
        if self._grid is None:
            key = f"part/{self.kind}"
            self._grid = EntryGrid(self.tools, self.entries, self.sheet, query, key, cells=True)
            self._grid.view.delete_wanted.connect(self.delete)
            self._column.insertWidget(0, self._grid, 1)
            self.setFocusProxy(self._grid)
        elif record_id != self.record_id:
            self._grid.show_query(query)
        else:
            self._grid.refresh()
        self.record_id = record_id

    @Slot(list)
    def delete(self, ids: Sequence[str]) -> None:
        """Delete whole lines."""
        try:
            count = self.entries.delete(self.kind, ids)
        except AppError as error:
            self.tools.errors.show_error(error)
            return
        words = f"已删除 {count} {self.sheet.counter}{self.sheet.name}。"
        self.tools.messages.say(words, topic=LAST_STEP)
        self.grid.refresh()

    def selected_id(self) -> str:
        """Id of the line with the cursor; empty: it is the new one."""
        ids = self.grid.view.selected_ids()
        return ids[0] if ids else ""

    @Slot()
    def move_up(self) -> None:
        """Exchange the line with the one above."""
        self._move(-1)

    @Slot()
    def move_down(self) -> None:
        """Exchange the line with the one below."""
        self._move(1)

    def _move(self, step: int) -> None:
        part_id = self.selected_id()
        if not part_id:
            return
        try:
            self.entries.move(self.kind, part_id, step)
        except AppError as error:
            self.tools.errors.show_error(error)
            return
        self.grid.refresh()
        self.grid.view.select([part_id])
