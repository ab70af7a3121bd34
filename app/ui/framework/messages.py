"""Passing notices: said in a line of the page, never in a dialog."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.framework import tokens as t
from app.ui.framework.theme import Theme, set_role

if TYPE_CHECKING:
    from collections.abc import Callable

Kind = Literal["info", "success", "warning", "error"]

_ICONS: dict[Kind, str] = {
    "info": "info",
    "success": "circle-check",
    "warning": "triangle-alert",
    "error": "circle-alert",
}
_PASSING_S = 10
"""How long an offer (撤销) stands."""
_TOLD_S = 5
"""How long a word on what was done stands; a warning stands so long on any page."""
_MOST = 3
LAST_STEP = "last step"
"""Topic of notices about the last step and its undoing: only the newest is still true."""


@dataclass(frozen=True, slots=True)
class Message:
    """One notice; with an action (e.g. 撤销) it offers a button or two. What is wrong stays on its page."""

    text: str
    hint: str = ""
    kind: Kind = "info"
    action_text: str = ""
    action: Callable[[], None] | None = None
    details: str = ""
    other_text: str = ""
    other: Callable[[], None] | None = None
    topic: str = ""
    """A newer notice on the same topic takes this one's place."""


class Messages(QObject):
    """Where anybody in the window says something; keeps it until a bar is there to show it."""

    posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: list[Message] = []
        self._shown = False

    def post(self, message: Message) -> None:
        """Show a notice."""
        if self._shown:
            self.posted.emit(message)
        else:
            self._waiting.append(message)

    def say(
        self,
        text: str,
        *,
        action_text: str = "",
        action: Callable[[], None] | None = None,
        topic: str = "",
    ) -> None:
        """Show what was done, e.g. ``say("已删除 1 条", action_text="撤销", action=undo)``."""
        self.post(
            Message(text, kind="success", action_text=action_text, action=action, topic=topic)
        )

    def bar_ready(self) -> None:
        """A bar listens now: hand over what waited."""
        self._shown = True
        waiting, self._waiting = self._waiting, []
        for message in waiting:
            self.posted.emit(message)


class MessageBar(QWidget):
    """The lines under a page that show notices; at most three, the newest first."""

    def __init__(self, theme: Theme, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(2)
        self.lines: list[MessageLine] = []
        messages.posted.connect(self.show_message)
        messages.bar_ready()
        self.hide()

    @Slot(object)
    def show_message(self, message: Message) -> None:
        """Add a line; it replaces one with the same words or on the same topic."""
        for line in list(self.lines):
            old = line.message
            if old.text == message.text or (old.topic and old.topic == message.topic):
                self._remove(line)
        for line in self.lines[_MOST - 1 :]:
            self._remove(line)
        line = MessageLine(self._theme, message, self)
        line.closed.connect(self._on_closed)
        self.lines.insert(0, line)
        self._rows.insertWidget(0, line)
        self.show()

    def clear(self) -> None:
        """Take all notices away (another archive is opened)."""
        for line in list(self.lines):
            self._remove(line)

    def turn_page(self) -> None:
        """Another page comes to the front: what was wrong on the one before has been read."""
        for line in list(self.lines):
            if line.is_read:
                self._remove(line)

    @Slot()
    def _on_closed(self) -> None:
        line = self.sender()
        if isinstance(line, MessageLine):
            self._remove(line)

    def _remove(self, line: MessageLine) -> None:
        if line in self.lines:
            self.lines.remove(line)
            self._rows.removeWidget(line)
            line.hide()
            line.deleteLater()
        self.setVisible(bool(self.lines))


class MessageLine(QFrame):
    """One notice: icon, words, action, close."""

    closed = Signal()

    def __init__(self, theme: Theme, message: Message, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.message = message
        self.setProperty("notice", message.kind)
        self.setAccessibleName(f"{message.text}{message.hint}")
        row = QHBoxLayout(self)
        row.setContentsMargins(t.GAP, t.GRID, t.GAP_SMALL, t.GRID)
        row.setSpacing(t.GAP_SMALL)
        icon = QLabel()
        color = "accent" if message.kind == "info" else message.kind
        icon.setPixmap(theme.pixmap(_ICONS[message.kind], color=color))
        row.addWidget(icon)
        words = QLabel(f"{message.text}{message.hint}")
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setWordWrap(True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if message.details:
            words.setToolTip(message.details)
        row.addWidget(words, 1)
        self.action_button = self._button(message.action_text, self._act)
        row.addWidget(self.action_button)
        self.action_button.setVisible(message.action is not None)  # with a parent: no window
        self.other_button = self._button(message.other_text, self._act_otherwise)
        row.addWidget(self.other_button)
        self.other_button.setVisible(message.other is not None)
        close = QToolButton()
        set_role(close, "plain")
        close.setIcon(theme.icon("x", "text_muted"))
        close.setToolTip("关闭")
        close.setAccessibleName("关闭提示")
        close.clicked.connect(self.closed)
        row.addWidget(close)
        self._shown = QElapsedTimer()
        self._shown.start()
        if message.kind in {"info", "success"}:
            timer = QTimer(self)
            timer.setSingleShot(True)
            timer.timeout.connect(self.closed)
            timer.start((_PASSING_S if message.action else _TOLD_S) * 1000)

    @property
    def is_read(self) -> bool:
        """There was time to read it, and it offers nothing that somebody may still want."""
        return self.message.action is None and self._shown.hasExpired(_TOLD_S * 1000)

    @Slot()
    def _act(self) -> None:
        self.closed.emit()
        if self.message.action:
            self.message.action()

    @staticmethod
    def _button(text: str, slot: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        set_role(button, "link")
        button.clicked.connect(slot)
        return button

    @Slot()
    def _act_otherwise(self) -> None:
        self.closed.emit()
        if self.message.other:
            self.message.other()
