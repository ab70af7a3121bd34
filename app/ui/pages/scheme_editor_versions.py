"""历次版本: what an adopted scheme was before, what changed, and bringing a version back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.services.schemes import draft as d
from app.services.schemes.compare import compare
from app.ui.framework import tokens as t
from app.ui.framework.lists import fit, item, plain_list
from app.ui.framework.theme import set_role

if TYPE_CHECKING:
    from app.services.adopting import VersionView
    from app.ui.framework.page import Tools

_SIZE = (960, 600)
_PLACE_WIDTH = 360


class VersionsDialog(QDialog):
    """The versions at the top, below what the chosen one has otherwise than the one in force."""

    restore_wanted = Signal(object, str)
    """Draft of the version that is to hold again, and the reason for it."""

    def __init__(
        self, tools: Tools, versions: list[VersionView], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("历次版本")
        self.resize(*_SIZE)
        self._versions = versions
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(t.GAP)
        panes = QSplitter(Qt.Orientation.Vertical)
        panes.setChildrenCollapsible(False)
        self.list = plain_list("版本", "版本", "日期", "为什么改")
        for one in versions:
            name = f"第 {one.version} 版" + ("（现行）" if one.current else "")
            day = f"{one.at:%Y-%m-%d %H:%M}"
            first = one.version == 1
            self.list.addTopLevelItem(
                item(str(one.version), (name, day, one.changed_for or ("采用" if first else "")))
            )
        fit(self.list)
        panes.addWidget(self.list)
        below = QWidget()
        inner = QVBoxLayout(below)
        inner.setContentsMargins(0, 0, 0, 0)
        self.words = QLabel()
        set_role(self.words, "heading")
        inner.addWidget(self.words)
        self.differences = plain_list("不同之处", "地方", "这一版", "现行")
        inner.addWidget(self.differences, 1)
        panes.addWidget(below)
        panes.setSizes([200, 320])
        column.addWidget(panes, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        close = QPushButton("关闭")
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        row.addWidget(close)
        self.restore_button = QPushButton(tools.theme.icon("history"), "恢复此版本…")
        self.restore_button.setAutoDefault(False)
        self.restore_button.clicked.connect(self._restore)
        row.addWidget(self.restore_button)
        column.addLayout(row)
        self.list.currentItemChanged.connect(self._on_current)
        self.list.setCurrentIndex(self.list.model().index(min(1, len(versions) - 1), 0))

    @Slot(QTreeWidgetItem)
    def _on_current(self) -> None:
        one = self._versions[self.list.currentIndex().row()]
        now = next(version for version in self._versions if version.current)
        found = [] if one.current else compare(d.from_text(one.text), d.from_text(now.text))
        self.differences.clear()
        for line in found:
            self.differences.addTopLevelItem(item("", (line.where, line.before, line.after)))
        fit(self.differences)
        self.differences.setColumnWidth(0, _PLACE_WIDTH)
        if one.current:
            self.words.setText("这是现行的版本。")
        else:
            self.words.setText(f"第 {one.version} 版与现行版本有 {len(found)} 处不同：")
        self.restore_button.setEnabled(not one.current)

    @Slot()
    def _restore(self) -> None:
        one = self._versions[self.list.currentIndex().row()]
        self.restore_wanted.emit(d.from_text(one.text), f"恢复第 {one.version} 版")
        self.accept()
