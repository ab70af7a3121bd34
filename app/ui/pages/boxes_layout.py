"""The three columns of the page 归档, put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.ui.framework import tokens as t
from app.ui.framework.page import EmptyState
from app.ui.framework.theme import set_role
from app.ui.pages.boxes_details import BoxDirectory, BoxForm
from app.ui.pages.boxes_findings import FindingsPanel
from app.ui.pages.boxes_list import BoxList
from app.ui.pages.boxes_mend import MendStrip
from app.ui.pages.boxes_model import ItemsModel
from app.ui.pages.boxes_preview import BoxPreview
from app.ui.pages.boxes_tree import ItemsTree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.bootstrap import Services
    from app.services.boxes.findings import Finding
    from app.ui.framework.page import Tools

_SIZES_KEY = "boxes/columns"
_SIZES = (340, 450, 310)
_MINIMUM = (300, 320, 260)
_BOXES_LEAST = 150


class StaleBar(QFrame):
    """Says that the boxes are out of date, with the button that mends it."""

    def __init__(self, tools: Tools) -> None:
        super().__init__()
        self.setProperty("notice", "warning")
        row = QHBoxLayout(self)
        row.setContentsMargins(t.GAP, 0, t.GAP_SMALL, 0)
        row.setSpacing(t.GAP_SMALL)
        icon = QLabel()
        icon.setPixmap(tools.theme.pixmap("triangle-alert", color="warning"))
        row.addWidget(icon)
        words = QLabel("材料有变动，请重新排盒。现在的盒子和页次还是变动之前的。")
        row.addWidget(words, 1)
        self.button = QPushButton("重新排盒（F5）")
        set_role(self.button, "link")
        row.addWidget(self.button)
        self.hide()


class BoxesLayout(QWidget):
    """Left the tree, in the middle the boxes, right the preview; F6 goes round."""

    plan_wanted = Signal()

    def __init__(self, tools: Tools, services: Services, adoption_id: str) -> None:
        super().__init__()
        self._tools = tools
        self.stale = StaleBar(tools)
        self.stale.button.clicked.connect(self.plan_wanted)
        self.tree = ItemsTree(tools.theme, ItemsModel(tools.theme, services, adoption_id))
        self.tree.items.setParent(self.tree)
        self.search = QLineEdit()
        self.mend = MendStrip(tools.theme)
        self.list = BoxList(tools.theme)
        self.directory = BoxDirectory(tools)
        self.form = BoxForm(tools)
        self.findings = FindingsPanel(tools)
        self.preview = BoxPreview(tools, services, adoption_id)
        self.columns = QSplitter(Qt.Orientation.Horizontal)
        self.columns.setHandleWidth(t.GAP)
        self.columns.setChildrenCollapsible(False)
        self._parts = parts = (self._left(), self._middle(), self.preview)
        saved = tools.settings.numbers(_SIZES_KEY)
        for number, (part, least) in enumerate(zip(parts, _MINIMUM, strict=True)):
            part.setMinimumWidth(least)
            self.columns.addWidget(part)
            self.columns.setStretchFactor(number, _SIZES[number])
        self.columns.setSizes(saved if len(saved) == len(_SIZES) else list(_SIZES))
        self.columns.splitterMoved.connect(self._remember_sizes)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GAP_SMALL)
        column.addWidget(self.stale)
        column.addWidget(self.columns, 1)
        self._add_key("F6", 1)
        self._add_key("Shift+F6", -1)

    def _left(self) -> QWidget:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GRID)
        self.search.setPlaceholderText("查找考核项或材料（Ctrl+F）")
        self.search.setAccessibleName("查找考核项或材料")
        self.search.setClearButtonEnabled(True)
        self.search.textEdited.connect(self._find)
        self.search.returnPressed.connect(self._find_next)
        column.addWidget(self.search)
        column.addWidget(self.tree, 1)
        column.addWidget(self.mend)
        return left

    def _middle(self) -> QWidget:
        middle = QSplitter(Qt.Orientation.Vertical)
        middle.setHandleWidth(t.GAP_SMALL)
        middle.setChildrenCollapsible(False)
        theme = self._tools.theme
        self.boxes = QStackedWidget()
        self.waiting = QWidget()
        self.nothing_placed = EmptyState(
            theme, "list-tree",
            "还没有材料归入考核项。\n把左边“待归类”里的材料拖到考核项上，\n或者选中后按 Ctrl+X，"
            "到考核项上按 Ctrl+V。",
        )  # fmt: skip
        self.no_boxes = EmptyState(
            theme, "archive", "材料已归入考核项，可以排盒了。", "排盒", self.plan_wanted.emit
        )
        for widget in (self.waiting, self.nothing_placed, self.no_boxes, self.list):
            self.boxes.addWidget(widget)
        middle.addWidget(self.boxes)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.tabBar().setAccessibleName("目录、备考表、打印前请看")
        self.tabs.addTab(self.directory, "目录")
        form = QWidget()
        inside = QVBoxLayout(form)
        inside.setContentsMargins(0, t.GAP_SMALL, 0, 0)
        inside.addWidget(self.form)
        self.tabs.addTab(form, "备考表")
        self.tabs.addTab(self.findings, "打印前请看")
        middle.addWidget(self.tabs)
        self.boxes.setMinimumHeight(_BOXES_LEAST)
        middle.setSizes([_BOXES_LEAST, 2 * _BOXES_LEAST])
        middle.setStretchFactor(0, 1)
        middle.setStretchFactor(1, 3)
        return middle

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show what is to be mended; the tab says how much there is and how grave."""
        self.findings.show_findings(findings)
        grave = {finding.severity for finding in findings}
        tab = self.tabs.indexOf(self.findings)
        icon, color = "circle-check", "success"
        if "stop" in grave:
            icon, color = "circle-alert", "error"
        elif "warn" in grave:
            icon, color = "triangle-alert", "warning"
        self.tabs.setTabIcon(tab, self._tools.theme.icon(icon, color))
        self.tabs.setTabText(tab, f"打印前请看 {len(findings)}" if findings else "打印前请看")

    @Slot()
    def _remember_sizes(self) -> None:
        self._tools.settings.set(_SIZES_KEY, self.columns.sizes())

    @Slot(str)
    def _find(self, words: str) -> None:
        self.tree.find_line(words.strip(), onward=False)

    @Slot()
    def _find_next(self) -> None:
        self.tree.find_line(self.search.text().strip(), onward=True)

    def _add_key(self, key: str, step: int) -> None:
        shortcut = QShortcut(QKeySequence(key), self)
        shortcut.setProperty("step", step)
        shortcut.activated.connect(self._go_round)

    @Slot()
    def _go_round(self) -> None:
        """Move between the columns."""
        sender = self.sender()
        step = int(sender.property("step")) if sender is not None else 1
        canvas = self.preview.preview.canvas
        boxes: QWidget = self.list if self.list.isVisible() else self.tabs.tabBar()
        shown: QWidget = canvas if canvas.isVisible() else self.preview.forms
        starts = (self.tree, boxes, shown)
        here = self.window().focusWidget()
        inside = [here is not None and part.isAncestorOf(here) for part in self._parts]
        now = inside.index(True) if True in inside else -step
        starts[(now + step) % len(starts)].setFocus(Qt.FocusReason.ShortcutFocusReason)
