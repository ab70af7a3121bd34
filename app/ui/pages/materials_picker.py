"""Choosing an assessment item by typing part of its number or name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.ui.framework import tokens as t
from app.ui.framework.theme import Theme, set_role

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from app.services.adoption import ItemView

_ID = Qt.ItemDataRole.UserRole
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}


class ItemPicker(QDialog):
    """List of the assessment table; typing narrows it, arrows move in it, Enter takes."""

    picked = Signal(str, str)
    """Id and label of the item."""

    def __init__(
        self,
        theme: Theme,
        items: Sequence[ItemView],
        placed: Collection[str],
        count: int,
        parent: QWidget | None = None,
    ) -> None:
        """``placed``: items that the evidence is under already; ``count``: pieces to be placed."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"把 {count} 份材料归入考核项")
        self.setMinimumSize(460, 480)
        self._theme = theme
        column = QVBoxLayout(self)
        column.setContentsMargins(t.GAP_LARGE, t.GAP_LARGE, t.GAP_LARGE, t.GAP_LARGE)
        column.setSpacing(t.GAP_SMALL)
        self.words = QLineEdit()
        self.words.setPlaceholderText("输入编号或名称的一部分")
        self.words.setAccessibleName("查找考核项")
        self.words.setClearButtonEnabled(True)
        icon = theme.icon("search", "text_muted")
        self.words.addAction(icon, QLineEdit.ActionPosition.LeadingPosition)
        self.words.textChanged.connect(self._narrow)
        self.words.installEventFilter(self)
        column.addWidget(self.words)
        self.list = QListWidget()
        self.list.setAccessibleName("考核项")
        self.list.itemDoubleClicked.connect(self._take)
        column.addWidget(self.list, 1)
        self.note = QLabel("没有符合的考核项，请换个词。")
        set_role(self.note, "muted")
        column.addWidget(self.note)
        column.addLayout(self._buttons())
        self._fill(items, placed)
        self._narrow("")

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch(1)
        cancel = QPushButton("取消")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        row.addWidget(cancel)
        self.take = QPushButton("归入")
        set_role(self.take, "primary")
        self.take.setDefault(True)
        self.take.clicked.connect(self._take)
        row.addWidget(self.take)
        return row

    def _fill(self, items: Sequence[ItemView], placed: Collection[str]) -> None:
        bold = self.font()
        bold.setBold(True)
        for item in items:
            line = QListWidgetItem(item.label)
            if item.parent_id is None:
                line.setFlags(Qt.ItemFlag.NoItemFlags)
                line.setFont(bold)
                line.setForeground(self._theme.color("text_muted"))
            else:
                line.setData(_ID, item.id)
                if item.id in placed:
                    line.setIcon(self._theme.icon("check", "accent"))
                    line.setText(f"{item.label}（已在其中）")
                    line.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(line)

    @Slot(str)
    def _narrow(self, typed: str) -> None:
        """Show the items that hold every word, each under its group."""
        words = typed.casefold().split()
        group: QListWidgetItem | None = None
        first = None
        for line in self._lines():
            if line.data(_ID) is None:
                group = line
                line.setHidden(True)
                continue
            fits = all(word in line.text().casefold() for word in words)
            line.setHidden(not fits)
            if fits and group is not None:
                group.setHidden(False)
            if fits and first is None and line.flags() & Qt.ItemFlag.ItemIsSelectable:
                first = line
        if first is None:
            self.list.clearSelection()
        else:
            self.list.setCurrentItem(first)
        self.take.setEnabled(first is not None)
        self.note.setVisible(all(line.isHidden() for line in self._lines()))

    def _lines(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    @Slot()
    def _take(self) -> None:
        line = self.list.currentItem()
        if line is not None and not line.isHidden() and line.data(_ID):
            self.picked.emit(line.data(_ID), line.text())
            self.accept()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys move in the list while the cursor stays in the words."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = _STEPS.get(Qt.Key(event.key()))
            if step is not None:
                self._move(step)
                return True
        return super().eventFilter(watched, event)

    def _move(self, step: int) -> None:
        open_lines = [
            line
            for line in self._lines()
            if not line.isHidden() and line.flags() & Qt.ItemFlag.ItemIsSelectable
        ]
        if open_lines:
            current = self.list.currentItem()
            place = open_lines.index(current) if current in open_lines else 0
            wanted = max(0, min(len(open_lines) - 1, place + step))
            self.list.setCurrentItem(open_lines[wanted])
