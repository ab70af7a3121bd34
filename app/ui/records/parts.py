"""Parts of a record (任职, 荣誉, 日程 …) typed in a table as in a spreadsheet, on a tab of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.errors import AppError
from app.services.entry.listing import Filter, Query
from app.services.entry.sheets import sheet as declared
from app.ui.framework import tokens as t
from app.ui.framework.grid import EntryGrid
from app.ui.framework.keys import press_by
from app.ui.framework.theme import set_role
from app.ui.records.confirming import confirming
from app.ui.records.form import RecordForm
from app.ui.records.tabs import Tab
from app.ui.records.undoing import say_undoable
from app.ui.records.words import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.bootstrap import Services
    from app.services.entry.service import SheetView
    from app.ui.framework.page import Tools

_HINT = "在最后一行接着写；可以从 Excel 粘贴；Ctrl+Del 删除整行"
_HINT_LISTED = "可以直接在格子里改；Ctrl+Del 删除整行"


class PartTab(QWidget):
    """The parts of one kind of the record on show."""

    def __init__(
        self,
        tools: Tools,
        services: Services,
        adoption_id: str,
        kind: str,
        *,
        ordered: bool | None = None,
        listed_by: str = "",
    ) -> None:
        """``ordered``: the lines stand in the user's own order (else as the sheet says).

        ``listed_by``: field that points to the record, where the parts belong to another one
        (任职 belongs to the person and is listed with its community).
        """
        super().__init__()
        self.tools = tools
        self.services = services
        self.entries = services.entries
        self.adoption_id = adoption_id
        self.kind = kind
        self.sheet = services.entries.sheet(kind, adoption_id)
        self.record_id = ""
        self._listed_by = listed_by
        self._grid: EntryGrid | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, t.GAP_SMALL, 0, 0)
        self._column.setSpacing(t.GAP_SMALL)
        self.deeds = QHBoxLayout()
        self.deeds.setSpacing(t.GAP_SMALL)
        hint = QLabel(_HINT_LISTED if listed_by else _HINT)
        hint.setWordWrap(True)
        set_role(hint, "small")
        self.deeds.addWidget(hint, 1)
        own_order = declared(kind).ordered and not listed_by
        if own_order if ordered is None else ordered:
            self.add_deed("上移", "arrow-up", self.move_up, "Alt+Up")
            self.add_deed("下移", "arrow-down", self.move_down, "Alt+Down")
        if listed_by:
            self.add_deed(f"新增{self.sheet.name}…", "plus", self.add, "")
        self._column.addLayout(self.deeds)

    def add_deed(
        self, words: str, icon: str, slot: Callable[[], None], shortcut: str
    ) -> QPushButton:
        """A button below the table for what can be done with the selected line."""
        button = QPushButton(self.tools.theme.icon(icon), words)
        if shortcut:
            press_by(button, shortcut)
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
        if self._listed_by:
            wanted = (Filter(self._listed_by, "is", record_id),)
            query = Query(self.kind, self.adoption_id, filters=wanted)
        if self._grid is None:
            key = f"part/{self.kind}/{self._listed_by}" if self._listed_by else f"part/{self.kind}"
            self._grid = EntryGrid(self.tools, self.entries, self.sheet, query, key, cells=True)
            self._grid.confirm = confirming(self.tools, self)
            self._grid.view.delete_wanted.connect(self.delete)
            self._hide_owner(self._grid)
            self._column.insertWidget(0, self._grid, 1)
            self.setFocusProxy(self._grid)
        elif record_id != self.record_id:
            self._grid.show_query(query)
        else:
            self._grid.refresh()
        self.record_id = record_id

    def _hide_owner(self, grid: EntryGrid) -> None:
        """The record that all lines belong to needs no column."""
        owner = self._listed_by or self.sheet.parent
        for number, column in enumerate(grid.model.columns):
            if column.key == owner:
                grid.view.horizontalHeader().hideSection(number)

    def unfinished(self) -> str:
        """What is not saved yet; empty: everything is."""
        return self._grid.unfinished() if self._grid is not None else ""

    @Slot(list)
    def delete(self, ids: Sequence[str]) -> None:
        """Delete whole lines."""
        try:
            count = self.entries.delete(self.kind, ids)
        except AppError as error:
            self.tools.errors.show_error(error)
            return
        say_undoable(self, self.tools, self.services, f"已删除 {counted(self.sheet, count)}。")
        self.grid.refresh()

    def selected_id(self) -> str:
        """Id of the line with the cursor; empty: it is the new one."""
        ids = self.grid.view.selected_ids()
        return ids[0] if ids else ""

    @Slot()
    def add(self) -> None:
        """Ask for a new line in a form, with the record on show filled in."""
        dialog = NewRecordDialog(self.tools, self.services, self.adoption_id, self.sheet, self)
        dialog.begin({self._listed_by: self.record_id})
        dialog.form.created.connect(self.grid.refresh)
        dialog.open()

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


class NewRecordDialog(QDialog):
    """A form for new records in a window of its own; what is complete is saved."""

    def __init__(
        self,
        tools: Tools,
        services: Services,
        adoption_id: str,
        sheet: SheetView,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"新增{sheet.name}")
        self.resize(480, 360)
        self._values: dict[str, object] = {}
        self.form = RecordForm(tools, services.entries, sheet, adoption_id)
        self.form.next_wanted.connect(self._on_next)
        column = QVBoxLayout(self)
        column.setContentsMargins(t.PAGE_MARGIN, t.PAGE_MARGIN, t.PAGE_MARGIN, t.PAGE_MARGIN)
        column.setSpacing(t.GAP)
        column.addWidget(self.form, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        more = QPushButton("保存，再加一条")
        more.setToolTip("Ctrl+Enter")
        more.clicked.connect(self._on_more)
        close = QPushButton("完成")
        set_role(close, "primary")
        close.clicked.connect(self._on_done)
        row.addWidget(more)
        row.addWidget(close)
        column.addLayout(row)

    def begin(self, values: dict[str, object]) -> None:
        """Take in a new record with these values."""
        self._values = values
        self.form.begin(values)
        self.form.focus_first()

    @Slot()
    def _on_more(self) -> None:
        if self.form.finish():
            self._on_next()

    @Slot()
    def _on_next(self) -> None:
        if self.form.row is None:
            self.form.ask_required()
        else:
            self.begin(self._values)

    @Slot()
    def _on_done(self) -> None:
        if not self.form.finish():
            return
        if self.form.row is None and self.form.unfinished().keys() - self._values.keys():
            self.form.ask_required()
        else:
            self.accept()


def part_tabs(
    tools: Tools, services: Services, adoption_id: str, kind: str, given: Sequence[Tab]
) -> list[Tab]:
    """Tabs of all parts of a kind of record; those that are given stand in their places or behind."""
    own = {tab.key: tab for tab in given}
    parts = declared(kind).parts
    made = [
        own.pop(part) if part in own else _part_tab(tools, services, adoption_id, kind, part)
        for part in parts
    ]
    return [*made, *own.values()]


def _part_tab(tools: Tools, services: Services, adoption_id: str, kind: str, part: str) -> Tab:
    described = declared(part)
    listed_by = ""
    if described.owner != kind:
        listed_by = next(one.name for one in described.fields if one.target == kind)

    def make() -> QWidget:
        return PartTab(tools, services, adoption_id, part, listed_by=listed_by)

    return Tab(part, described.name, make)
