"""Picking people for a sign-in list: some letters of a name and Enter, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget
from typing_extensions import override

from app.errors import AppError
from app.services.activities.records import Source
from app.ui.framework import tokens as t

if TYPE_CHECKING:
    from app.services.activities.records import Candidate
    from app.services.activities.service import Activities
    from app.ui.framework.page import Tools

_PAUSE_MS = 80
_SHOWN = 8
_EVERYONE = Source("everyone")

_THERE = Qt.ItemDataRole.UserRole + 1
"""Name of somebody who is on the list already."""


class PersonPicker(QWidget):
    """A line to type in; who is meant is listed below it, and Enter takes the first."""

    picked = Signal(str)
    """Id of the person to be added."""
    left_down = Signal()
    """Arrow down on the empty line: the user wants to go into the list of those there."""

    def __init__(self, tools: Tools, activities: Activities) -> None:
        super().__init__()
        self._tools = tools
        self._activities = activities
        self._activity_id = ""
        self.line = QLineEdit()
        self.line.setPlaceholderText("加人：姓名、拼音或首字母，回车加入")
        self.line.setAccessibleName("加入签到名单")
        self.line.setClearButtonEnabled(True)
        self.line.addAction(
            tools.theme.icon("user-plus", "text_muted"), QLineEdit.ActionPosition.LeadingPosition
        )
        self.line.installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.line)
        self.list = QListWidget()
        self.list.setAccessibleName("找到的人")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(self._take)
        self.list.hide()
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self.look)
        self.line.textEdited.connect(self._pause.start)
        self.line.textChanged.connect(self._on_changed)
        self.setFocusProxy(self.line)

    def set_activity(self, activity_id: str) -> None:
        """Pick for this activity."""
        if activity_id != self._activity_id:
            self._activity_id = activity_id
            self.line.clear()

    @Slot()
    def _on_changed(self) -> None:
        if not self.line.text():
            self._pause.stop()
            self.list.hide()

    @Slot()
    def look(self) -> None:
        """List who is meant: members first, and where no member is, everybody."""
        self._pause.stop()
        words = self.line.text().strip()
        if not words or not self._activity_id:
            self.list.hide()
            return
        try:
            find = self._activities.candidates
            found = find(self._activity_id, words, limit=_SHOWN)
            if not any(not one.there for one in found):
                known = {one.person_id for one in found}
                others = find(self._activity_id, words, _EVERYONE, limit=_SHOWN)
                found = (*(one for one in others if one.person_id not in known), *found)
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        self._show(found[:_SHOWN])

    def _show(self, found: tuple[Candidate, ...]) -> None:
        self.list.clear()
        for one in found:
            note = "已在名单" if one.there else one.school
            item = QListWidgetItem(f"{one.name}　{note}" if note else one.name)
            item.setData(Qt.ItemDataRole.UserRole, "" if one.there else one.person_id)
            if one.there:
                item.setData(_THERE, one.name)
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(item)
        if not found:
            item = QListWidgetItem("没有这个人，请先在“成员”里登记。")
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self._lay_over()

    def _lay_over(self) -> None:
        """The list lies over what is below the line; nothing moves."""
        host = self.parentWidget()
        if host is None:
            return
        self.list.setParent(host)
        below = self.mapTo(host, self.rect().bottomLeft())
        rows = self.list.count() * t.ROW_HEIGHT + 2
        self.list.setGeometry(below.x(), below.y() + 1, self.width(), rows)
        self.list.raise_()
        self.list.show()

    @Slot(QListWidgetItem)
    def _take(self, item: QListWidgetItem) -> None:
        person_id, there = item.data(Qt.ItemDataRole.UserRole), item.data(_THERE)
        if person_id or there:
            self.line.clear()
            self.line.setFocus()
        if there:
            self._tools.messages.say(f"{there}已在名单。")
        elif person_id:
            self.picked.emit(person_id)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.list.hide()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._on_key(event)
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if self._pause.isActive():
                self.look()
            item = self.list.currentItem() if self.list.isVisible() else None
            if item is not None:
                self._take(item)
        elif key in {Qt.Key.Key_Down, Qt.Key.Key_Up} and self.list.isVisible():
            step = 1 if key == Qt.Key.Key_Down else -1
            row = self.list.currentRow() + step
            self.list.setCurrentRow(max(0, min(self.list.count() - 1, row)))
        elif key == Qt.Key.Key_Down and not self.line.text():
            self.left_down.emit()
        elif key == Qt.Key.Key_Escape and self.line.text():
            self.line.clear()
        else:
            return False
        return True
