"""The parts of a register and how they are arranged; what they do is the panel's business."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.ui.framework import tokens as t
from app.ui.framework.filters import FilterChips
from app.ui.framework.page import EmptyState
from app.ui.framework.theme import set_role
from app.ui.records.chips import ViewChips

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from app.services.entry.service import SheetView
    from app.ui.framework.page import Tools

_SIDE_WIDTH = 420


class RecordBar(QWidget):
    """Views, filter and menus above a list: one line where there is room for it, else two."""

    def __init__(self, tools: Tools, sheet: SheetView) -> None:
        super().__init__()
        theme = tools.theme
        self.chips = ViewChips(sheet.views)
        self.words = QLineEdit()
        self.words.setPlaceholderText("筛选（Ctrl+F）")
        self.words.setAccessibleName(f"筛选{sheet.name}")
        self.words.setClearButtonEnabled(True)
        self.words.setMinimumWidth(168)
        self.words.setMaximumWidth(240)
        self.words.addAction(
            theme.icon("search", "text_muted"), QLineEdit.ActionPosition.LeadingPosition
        )
        self.new = QPushButton(theme.icon("plus"), f"新增{sheet.name}")
        self.new.setToolTip(f"新增{sheet.name}（Ctrl+N）")
        self.narrow = self._menu(
            tools, "funnel", "空白项", "只看某一项没有填的；其他条件在列名上按右键"
        )
        self.views = self._menu(tools, "eye", "视图", "把现在的筛选、排序和列保存成视图")
        self.more = self._menu(tools, "ellipsis", "操作", "修改、复制、删除、批量修改、导出")
        self.side = QToolButton()
        set_role(self.side, "plain")
        self.side.setCheckable(True)
        self.side.setIcon(theme.icon("panel-right"))
        self.side.setToolTip("右边的内容（F4）")
        self.side.setAccessibleName("显示右边的内容")
        self._tools = QWidget()
        row = QHBoxLayout(self._tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(t.GAP_SMALL)
        row.addWidget(self.words, 1)
        row.addStretch(1)
        for part in (self.narrow, self.views, self.more, self.new, self.side):
            row.addWidget(part)
        self._lines = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(t.GAP_SMALL)
        self._lines.addWidget(self.chips, 0, Qt.AlignmentFlag.AlignLeft)
        self._lines.addWidget(self._tools, 1)

    def _menu(self, tools: Tools, icon: str, words: str, tip: str) -> QToolButton:
        button = QToolButton()
        set_role(button, "plain")
        button.setIcon(tools.theme.icon(icon))
        button.setText(words)
        button.setToolTip(tip)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(QMenu(button))
        return button

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Put everything into one line if it fits."""
        needed = self.chips.sizeHint().width() + t.GAP_LARGE + self._tools.minimumSizeHint().width()
        direction = QBoxLayout.Direction
        self._lines.setDirection(
            direction.LeftToRight if needed <= self.width() else direction.TopToBottom
        )


class RecordLayout(QWidget):
    """Bar, list and record."""

    def __init__(self, tools: Tools, sheet: SheetView) -> None:
        super().__init__()
        self._settings = tools.settings
        self._key = f"records/{sheet.kind}"
        self.bar = RecordBar(tools, sheet)
        self.filters = FilterChips(tools.theme)
        self.filters.set_sheet(sheet)
        self.nothing_found = EmptyState(
            tools.theme,
            "search",
            f"没有符合条件的{sheet.name}。",
            f"显示全部{sheet.name}",
            self.bar.words.clear,
        )
        self.lists = QStackedWidget()
        self.lists.setMinimumWidth(320)
        self.split = QSplitter()
        self.split.setHandleWidth(t.GAP)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.lists)
        self.body = QStackedWidget()
        self.body.addWidget(self.split)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(t.GAP_SMALL)
        self.column.addWidget(self.bar)
        self.column.addWidget(self.filters)
        self.column.addWidget(self.body, 1)
        self._side: QWidget | None = None
        self._list: QWidget | None = None
        self.bar.side.clicked.connect(self._on_button)

    def place(
        self, table: QWidget, side: QWidget, empty: QWidget, lines: tuple[QWidget, ...]
    ) -> None:
        """Put the parts that the panel made where they belong; ``lines`` stand above the list."""
        for line in lines:
            self.column.insertWidget(self.column.count() - 1, line)
        self._list, self._side = table, side
        self.lists.addWidget(table)
        self.lists.addWidget(self.nothing_found)
        self.split.addWidget(side)
        side.setMinimumWidth(300)
        self.split.setStretchFactor(0, 1)
        self.split.setStretchFactor(1, 0)
        self.split.setSizes(self._settings.numbers(f"{self._key}/split") or [1000, _SIDE_WIDTH])
        self.split.splitterMoved.connect(self._remember_split)
        self.body.addWidget(empty)
        shown = self._settings.flag(f"{self._key}/side", default=True)
        side.setVisible(shown)
        self.bar.side.setChecked(shown)

    def show_state(self, count: int, *, narrowed: bool, adding: bool) -> None:
        """Show the list; or that nothing was found; or what to do while there is nothing at all."""
        empty = count == 0 and not narrowed and not adding
        self.body.setCurrentIndex(1 if empty else 0)
        self.bar.setVisible(not empty)
        found = self.nothing_found if count == 0 and narrowed else self._list
        if found is not None:
            self.lists.setCurrentWidget(found)
        self.bar.fit()

    def show_list(self) -> None:
        """Show the list although there is nothing in it: the first record is being entered."""
        self.body.setCurrentIndex(0)
        self.bar.show()

    def show_side(self, *, shown: bool) -> None:
        """Show or hide the right side; remembered."""
        if self._side is not None:
            self._side.setVisible(shown)
        self.bar.side.setChecked(shown)
        self._settings.set(f"{self._key}/side", shown)

    @Slot()
    def toggle_side(self) -> None:
        """Show the right side if it is hidden, else hide it."""
        self.show_side(shown=self._side is not None and self._side.isHidden())

    @Slot()
    def _on_button(self) -> None:
        self.show_side(shown=self.bar.side.isChecked())

    @Slot()
    def _remember_split(self) -> None:
        self._settings.set(f"{self._key}/split", self.split.sizes())
