"""The steps of an activity (备课→磨课→展课→送课→总结) in a row, and the button to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from app.errors import AppError
from app.ui.framework import tokens as t
from app.ui.framework.theme import set_role

if TYPE_CHECKING:
    from app.services.activities.records import StageLine
    from app.services.activities.service import Activities
    from app.ui.framework.page import Tools

_MARKS = {"done": "✓ ", "now": "● ", "ahead": ""}


class StageBar(QWidget):
    """Where the activity is; hidden for kinds without steps."""

    moved = Signal()
    """The activity came to another step."""

    def __init__(self, tools: Tools, activities: Activities, adoption_id: str) -> None:
        super().__init__()
        self._tools = tools
        self._activities = activities
        self._adoption_id = adoption_id
        self._activity_id = ""
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.lacking = QLabel()
        self.lacking.setWordWrap(True)
        set_role(self.lacking, "small")
        self.next = QPushButton()
        self.next.clicked.connect(self.advance)
        self.other = QPushButton("改阶段")
        self.other.setMenu(QMenu(self.other))
        self.other.menu().triggered.connect(self._on_picked)
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        row.addWidget(self.next)
        row.addWidget(self.other)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, t.GRID)
        column.setSpacing(t.GRID)
        column.addWidget(self.words)
        column.addWidget(self.lacking)
        column.addLayout(row)
        self.hide()

    def show_activity(self, activity_id: str) -> None:
        """Show where an activity is; raises AppError."""
        self._activity_id = activity_id
        view = self._activities.stages(activity_id, self._adoption_id)
        self.setVisible(bool(view.lines))
        self.words.setText("　→　".join(_MARKS[line.state] + line.name for line in view.lines))
        now = next((line for line in view.lines if line.state == "now"), None)
        self.lacking.setText(_lacking(now, view.following))
        self.lacking.setVisible(bool(self.lacking.text()))
        self.next.setText(f"进入“{view.following}”" if view.following else "已到最后阶段")
        self.next.setEnabled(bool(view.following))
        menu = self.other.menu()
        menu.clear()
        for line in view.lines:
            action = menu.addAction(line.name)
            action.setCheckable(True)
            action.setChecked(line.state == "now")

    @Slot()
    def advance(self) -> None:
        """Go to the next step, or hear what is lacking."""
        try:
            self._activities.advance(self._activity_id, self._adoption_id)
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        self.moved.emit()

    @Slot(QAction)
    def _on_picked(self, action: QAction) -> None:
        try:
            self._activities.set_stage(self._activity_id, action.text(), self._adoption_id)
        except AppError as error:
            self._tools.errors.show_error(error)
        self.moved.emit()


def _lacking(now: StageLine | None, following: str) -> str:
    if now is None or not now.lacking or not following:
        return ""
    return f"进入“{following}”之前还缺：{now.lacking}"
