"""How the missing list is laid out: counts, chips, filters, groups beside lines, what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.ui.framework import tokens as t
from app.ui.framework.filters import Flow
from app.ui.framework.keys import press_by
from app.ui.framework.page import EmptyState
from app.ui.framework.table_view import TableView
from app.ui.framework.tables import PagedTableModel
from app.ui.framework.theme import set_role
from app.ui.pages.missing_asking import AskBar
from app.ui.pages.missing_table import (
    FindingTable,
    columns,
    group_columns,
    no_scroll,
    stretch,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from app.services.standing.records import Finding
    from app.services.standing.views import By
    from app.ui.framework.page import Tools
    from app.ui.framework.theme import Theme
    from app.ui.pages.missing_lines import Act, GroupLine

BY: tuple[tuple[By, str], ...] = (
    ("activity", "按活动"), ("person", "按人员"), ("school", "按单位"),
)  # fmt: skip
_ACTS: tuple[tuple[Act, str, str, str], ...] = (
    ("open", "打开", "external-link", ""),
    ("put", "放入文件…", "upload", "Ctrl+O"),
    ("paper", "收到纸质件…", "inbox", "Alt+S"),
    ("waive", "不适用…", "circle-slash", "Alt+B"),
    ("done", "标记已交…", "check", "Alt+J"),
    ("ignore", "忽略…", "eye", "Alt+L"),
    ("unignore", "不再忽略", "undo-2", "Alt+L"),
)
_GROUPS_WIDTH, _LINES_WIDTH = 256, 904


class KindChips(QWidget):
    """One chip for all lines and one for each name of a kind; as many lines of them as needed."""

    picked = Signal(str)
    """Name of the kind; empty: all."""

    def __init__(self) -> None:
        super().__init__()
        self._line = Flow(self)
        self._group = QButtonGroup(self)

    def show_counts(self, counts: Sequence[tuple[str, int]], chosen: str) -> None:
        """Write how many lines each kind has; none: nothing is shown."""
        offered = [("", sum(count for _name, count in counts)), *counts] if counts else []
        old = {str(chip.property("kind")): chip for chip in self._group.buttons()}
        if list(old) != [name for name, _count in offered]:
            self._clear()
            old = {name: self._make(name) for name, _count in offered}
        for name, count in offered:
            old[name].setText(f"{name or '全部'} {count}")
            old[name].setChecked(name == chosen)
        self.setVisible(bool(offered))

    def _clear(self) -> None:
        for chip in self._group.buttons():
            self._group.removeButton(chip)
            self._line.removeWidget(chip)
            chip.hide()
            chip.deleteLater()

    def _make(self, name: str) -> QPushButton:
        chip = QPushButton()
        chip.setCheckable(True)
        chip.setProperty("kind", name)
        set_role(chip, "choice")
        chip.clicked.connect(lambda: self.picked.emit(name))
        self._group.addButton(chip)
        self._line.addWidget(chip)
        return chip


class MissingLayout(QWidget):
    """The widgets of the missing list; what they do is told by ``MissingView``."""

    def __init__(self, tools: Tools, today: Callable[[], date]) -> None:
        super().__init__()
        self._theme: Theme = tools.theme
        self.ask_bar = AskBar(tools, today)
        self.chips = KindChips()
        self.empty = EmptyState(tools.theme, "circle-check", "")
        self._make_tables(tools, today)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, t.GAP_SMALL, 0, 0)
        column.setSpacing(t.GAP_SMALL)
        column.addLayout(self._head())
        column.addWidget(self.chips)
        column.addLayout(self._filters())
        column.addWidget(self._body(), 1)
        column.addWidget(self.ask_bar)
        column.addLayout(self._make_buttons())
        self.setFocusProxy(self.table)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self.heading = QLabel("正在核对…")
        self.heading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        set_role(self.heading, "heading")
        row.addWidget(self.heading, 1)
        self.slips = self.button("催交单…", "files", "Alt+C")
        row.addWidget(self.slips)
        return row

    def _filters(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self.by = QComboBox()
        self.by.setAccessibleName("怎样分组")
        for key, words in BY:
            self.by.addItem(words, key)
        self.words = QLineEdit()
        self.words.setPlaceholderText("查找材料、活动、人名（Ctrl+F）")
        self.words.setAccessibleName("在清单里查找")
        self.words.setClearButtonEnabled(True)
        self.overdue = QCheckBox("只看超期")
        self.ignored = QCheckBox("已忽略的")
        row.addWidget(self.by)
        row.addWidget(self.words, 1)
        row.addWidget(self.overdue)
        row.addWidget(self.ignored)
        return row

    def _make_tables(self, tools: Tools, today: Callable[[], date]) -> None:
        self.group_model: PagedTableModel[GroupLine] = PagedTableModel(
            group_columns(), lambda one: one.id
        )
        self.groups: TableView[GroupLine] = TableView(
            self.group_model, tools.settings, "missing/groups"
        )
        self.groups.setAccessibleName("分组")
        self.groups.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.groups.setMinimumWidth(180)
        stretch(self.groups, "name")
        no_scroll(self.groups)
        self.model: PagedTableModel[Finding] = PagedTableModel(
            columns(tools.theme, today), lambda one: one.key
        )
        self.table = FindingTable(tools, self.model)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def _body(self) -> QStackedWidget:
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self.groups)
        split.addWidget(self.table)
        split.setSizes([_GROUPS_WIDTH, _LINES_WIDTH])
        split.setStretchFactor(1, 1)
        self.body = QStackedWidget()
        self.body.addWidget(split)
        self.body.addWidget(self.empty)
        return self.body

    def _make_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self.buttons: dict[Act, QPushButton] = {}
        for act, words, icon, shortcut in _ACTS:
            button = self.buttons[act] = self.button(words, icon, shortcut)
            button.setEnabled(False)
            row.addWidget(button)
        self.buttons["open"].setToolTip("到能补的地方（回车）")
        self.buttons["unignore"].hide()
        row.addStretch(1)
        self.chosen_words = QLabel()
        set_role(self.chosen_words, "small")
        row.addWidget(self.chosen_words)
        return row

    def button(self, words: str, icon: str, shortcut: str) -> QPushButton:
        """A button with its keys in the tooltip."""
        made = QPushButton(self._theme.icon(icon), words)
        if shortcut:
            press_by(made, shortcut)
            made.setToolTip(f"{words.rstrip('…')}（{shortcut}）")
        return made

    def show_empty(self, words: str) -> None:
        """Lines (no words), or a sentence in their place."""
        self.body.setCurrentIndex(1 if words else 0)
        self.empty.words.setText(words)
