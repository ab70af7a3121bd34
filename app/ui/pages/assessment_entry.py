"""录入成绩: everything a scheme asks for from outside, sheet by sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.ui.framework import tokens as t
from app.ui.framework.jobs import Job
from app.ui.framework.page import EmptyState
from app.ui.framework.theme import set_role
from app.ui.pages.assessment_grid import SheetModel, SheetView
from app.ui.pages.assessment_waiting import waiting

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QAbstractItemModel, QPersistentModelIndex

    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.adoption import AdoptionView
    from app.services.standing.entered import Typed
    from app.services.standing.entry_sheets import EntrySheet
    from app.services.unit_of_work import Changes
    from app.ui.framework.page import Tools

_CONCERNS = ("entered_value", "appointment", "community", "community_unit", "school", "person")


class EntryView(QWidget):
    """A choice of sheets and the sheet; what is typed is saved at once."""

    help_text = (
        "录入成绩：方案要用、但档案里数不出来的数都在这里填：考核成绩、名次、达标数据、由人评定的等次。\n"
        "像 Excel 一样用：直接输入，回车往下，Tab 往右；可以从 Excel 复制一块粘贴进来（Ctrl+V）。"
        "不合要求的数留在格子里标红，下面写明原因；还没有填的写着“缺”，不会当作 0。\n"
        "Del 清除，Ctrl+Z 撤销。"
    )
    keys: tuple[tuple[str, str], ...] = (
        ("回车　Tab", "下一行、下一格"), ("Ctrl+C　Ctrl+V", "复制、从 Excel 粘贴"),
        ("Del", "清除"), ("F2", "修改"),
    )  # fmt: skip

    def __init__(
        self,
        tools: Tools,
        services: Services,
        adoption: AdoptionView,
        go: Callable[[str, str], None],
    ) -> None:
        super().__init__()
        self._tools, self._services, self._adoption, self._go = tools, services, adoption, go
        self._ticket = 0
        self._chosen = ""
        self.sheets: tuple[EntrySheet, ...] = ()
        self.model = SheetModel(tools.theme, self._check, self._save)
        self.table = SheetView(self.model)
        self.table.setItemDelegate(_Choosing(self.model, self.table))
        self._build()
        self.model.said.connect(self._say)
        self.table.pasted.connect(self._on_pasted)
        self.table.selectionModel().currentChanged.connect(self._explain)
        self.setFocusProxy(self.table)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, t.GAP_SMALL, 0, 0)
        column.setSpacing(t.GAP_SMALL)
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self._choices = QHBoxLayout()
        self._choices.setSpacing(t.GAP_SMALL)
        self._buttons = QButtonGroup(self)
        self._buttons.setExclusive(True)
        self._buttons.buttonClicked.connect(self._on_chosen)
        row.addLayout(self._choices)
        self.line = QLabel()  # here and not below: notices lie over the foot of the page
        set_role(self.line, "error")
        row.addWidget(self.line, 1)
        self.rest = QLabel()
        set_role(self.rest, "muted")
        row.addWidget(self.rest)
        self._sheet = QWidget()
        inside = QVBoxLayout(self._sheet)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(t.GRID)
        inside.addLayout(row)
        inside.addWidget(self.table, 1)
        self._nothing = EmptyState(
            self._tools.theme, "circle-check",
            "采用的方案不用另外录入成绩：分数都从档案里的记录和材料算出来。",
            "看评分", lambda: self._go("assessment", "score"),
        )  # fmt: skip
        self._stack = QStackedWidget()
        self._stack.addWidget(waiting())
        self._stack.addWidget(self._sheet)
        self._stack.addWidget(self._nothing)
        column.addWidget(self._stack)

    # -- showing -----------------------------------------------------------------------------

    def refresh(self, changes: Changes | None) -> None:
        """Read what is asked for and what is there, beside the window."""
        if changes is not None and not changes.touches(*_CONCERNS):
            return
        self._ticket += 1
        ticket = self._ticket

        def work(_progress: Progress) -> tuple[EntrySheet, ...]:
            from app.services.standing.entry_sheets import entry_sheets

            services = self._services
            return entry_sheets(
                services.adoptions, services.standing, services.entering, self._adoption.id
            )

        def show(sheets: tuple[EntrySheet, ...]) -> None:
            if ticket == self._ticket:
                self.show_sheets(sheets)

        job = Job("查看成绩", work, show, owner=self, database=False, quiet=True)
        self._tools.jobs.start(job)

    def show_sheets(self, sheets: tuple[EntrySheet, ...]) -> None:
        """Show what was read."""
        names = [one.key for one in sheets]
        if names != [one.key for one in self.sheets]:
            self._offer(sheets)
        self.sheets = sheets
        self._stack.setCurrentWidget(self._sheet if sheets else self._nothing)
        if self._chosen not in names:
            self._chosen = names[0] if names else ""
        for button, one in zip(self._buttons.buttons(), sheets, strict=True):
            button.setChecked(one.key == self._chosen)
            button.setText(f"{one.name} 缺 {one.empty}" if one.empty else one.name)
        self._show_sheet()

    def _offer(self, sheets: tuple[EntrySheet, ...]) -> None:
        for button in self._buttons.buttons():
            self._buttons.removeButton(button)
            self._choices.removeWidget(button)
            button.deleteLater()
        for one in sheets:
            button = QPushButton(one.name)
            button.setCheckable(True)
            button.setProperty("sheet", one.key)
            set_role(button, "choice")
            self._buttons.addButton(button)
            self._choices.addWidget(button)

    def _show_sheet(self) -> None:
        sheet = next((one for one in self.sheets if one.key == self._chosen), None)
        self.model.show_sheet(sheet)
        total = 0 if sheet is None else sum(c is not None for r in sheet.rows for c in r.cells)
        empty = 0 if sheet is None else sheet.empty
        self.rest.setText(f"已填 {total - empty} / {total}" if total else "")

    @Slot(object)
    def _on_chosen(self, button: QPushButton) -> None:
        self._chosen = str(button.property("sheet"))
        self._say("")
        self._show_sheet()
        self.table.setFocus()

    def show_view(self, view: str) -> None:
        """``entry:<key of a sheet>`` brings that sheet to the front."""
        key = view.partition(":")[2]
        if key in [one.key for one in self.sheets]:
            self._chosen = key
            self.show_sheets(self.sheets)
        elif key:
            self._chosen = key

    # -- typing ------------------------------------------------------------------------------

    def _check(self, typed: Typed) -> None:
        self._services.entering.check(self._adoption.id, typed)

    def _save(self, typed: list[Typed]) -> None:
        self._services.entering.set_values(self._adoption.id, typed)

    @Slot(int)
    def _on_pasted(self, count: int) -> None:
        refused = len(self.model.refused)
        words = f"已粘贴 {count} 个数" + (
            f"，{refused} 个不合要求，留在红色的格子里" if refused else ""
        )
        self._tools.messages.say(f"{words}。")

    @Slot(QModelIndex)
    def _explain(self, index: QModelIndex) -> None:
        wrong = self.model.refused.get((index.row(), index.column()))
        self._say(wrong[1] if wrong else "")

    @Slot(str)
    def _say(self, sentence: str) -> None:
        self.line.setText(sentence)
        self.line.setToolTip(sentence)


class _Choosing(QStyledItemDelegate):
    """Grades are chosen from a list, figures are typed; Enter goes on to the next row."""

    def __init__(self, model: SheetModel, table: SheetView) -> None:
        super().__init__(table)
        self._model, self._table = model, table
        self.closeEditor.connect(self._on_closed)

    @override
    def createEditor(
        self,
        parent: QWidget,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> QWidget:
        cell = self._model.cell(index)
        if cell is None or not cell.choices:
            return super().createEditor(parent, option, index)
        combo = QComboBox(parent)
        combo.addItems(["", *cell.choices])
        return combo

    @override
    def setEditorData(self, editor: QWidget, index: QModelIndex | QPersistentModelIndex) -> None:
        if isinstance(editor, QComboBox):
            editor.setCurrentText(str(index.data(Qt.ItemDataRole.EditRole)))
        else:
            super().setEditorData(editor, index)

    @override
    def setModelData(
        self,
        editor: QWidget,
        model: QAbstractItemModel,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentText())
        else:
            super().setModelData(editor, model, index)

    @Slot(QWidget, object)
    def _on_closed(self, _editor: QWidget, hint: object) -> None:
        if hint == QStyledItemDelegate.EndEditHint.SubmitModelCache:
            self._table.go(1)
