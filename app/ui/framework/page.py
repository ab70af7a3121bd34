"""A page of the window: title row with its actions, content, and what it says when it is empty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.ui.framework import tokens as t
from app.ui.framework.keys import press_by
from app.ui.framework.theme import Theme, set_role

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.unit_of_work import Changes
    from app.ui.framework.errors import ErrorDesk
    from app.ui.framework.jobs import JobRunner
    from app.ui.framework.messages import Messages
    from app.ui.framework.settings import Settings


@dataclass(frozen=True, slots=True)
class Tools:
    """What every page is given beside its services."""

    theme: Theme
    jobs: JobRunner
    messages: Messages
    errors: ErrorDesk
    settings: Settings


@dataclass(frozen=True, slots=True)
class PageSpec:
    """One entry of the navigation; the page is made when it is first shown."""

    key: str
    title: str
    icon: str
    make: Callable[[], Page]


class EmptyState(QWidget):
    """One sentence and one button, where there is nothing to show yet."""

    def __init__(
        self,
        theme: Theme,
        icon: str,
        sentence: str,
        button: str = "",
        on_click: Callable[[], None] | None = None,
    ) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setSpacing(t.GAP_LARGE)
        column.addStretch(2)
        picture = QLabel()
        picture.setPixmap(theme.pixmap(icon, 40, "text_disabled"))
        column.addWidget(picture, 0, Qt.AlignmentFlag.AlignHCenter)
        self.words = QLabel(sentence)
        self.words.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_role(self.words, "muted")
        column.addWidget(self.words)
        self.button = QPushButton(button)
        set_role(self.button, "primary")
        if on_click is not None:
            self.button.clicked.connect(on_click)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        self.has_button = on_click is not None
        self.button.setVisible(self.has_button)
        column.addStretch(3)


class Page(QWidget):
    """Base of all pages. ``help_text`` is what F1 says; ``keys`` are its lines in the key list."""

    help_text = ""
    keys: tuple[tuple[str, str], ...] = ()

    def __init__(self, tools: Tools, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tools = tools
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(t.PAGE_MARGIN, t.GAP, t.PAGE_MARGIN, t.PAGE_MARGIN)
        column.setSpacing(t.GAP)
        self._title_row = QHBoxLayout()
        self._title_row.setSpacing(t.GAP_SMALL)
        self.title = QLabel(title)
        self.title.setMinimumHeight(t.CONTROL_HEIGHT)
        set_role(self.title, "title")
        self._title_row.addWidget(self.title)
        self.subtitle = QLabel()
        set_role(self.subtitle, "muted")
        self._title_row.addWidget(self.subtitle)
        self._title_row.addStretch(1)
        self._more: QMenu | None = None
        self._more_button: QPushButton | None = None
        column.addLayout(self._title_row)
        self._stack = QStackedWidget()
        column.addWidget(self._stack, 1)
        self._content: QWidget | None = None
        self._empty: EmptyState | None = None

    def set_primary(
        self, text: str, icon: str, slot: Callable[[], None], shortcut: str = ""
    ) -> QPushButton:
        """The page's main action, at the right of the title."""
        button = self._button(text, icon, "on_accent", slot, shortcut)
        set_role(button, "primary")
        place = self._title_row.count() - (1 if self._more_button else 0)
        self._title_row.insertWidget(place, button)
        return button

    def add_button(
        self, text: str, icon: str, slot: Callable[[], None], shortcut: str = ""
    ) -> QPushButton:
        """Another action, left of the main one."""
        button = self._button(text, icon, "text", slot, shortcut)
        self._title_row.insertWidget(self._title_row.indexOf(self.subtitle) + 2, button)
        return button

    def _button(
        self, text: str, icon: str, color: str, slot: Callable[[], None], shortcut: str
    ) -> QPushButton:
        button = QPushButton(self.tools.theme.icon(icon, color), text)
        if shortcut:
            press_by(button, shortcut)
            button.setToolTip(f"{text}（{shortcut}）")
            self.keys = (*self.keys, (shortcut, text))
        button.clicked.connect(slot)
        return button

    def add_more(
        self, text: str, slot: Callable[[], None], icon: str = "", shortcut: str = ""
    ) -> QAction:
        """An action of the menu 更多."""
        if self._more is None:
            self._more = QMenu(self)
            self._more.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # unlike its button
            self._more_button = QPushButton(self.tools.theme.icon("chevron-down"), "更多")
            self._more_button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # arrow at the end
            self._more_button.setMenu(self._more)
            self._title_row.addWidget(self._more_button)
        action = self._more.addAction(text)
        if icon:
            action.setIcon(self.tools.theme.icon(icon))
        if shortcut:
            action.setShortcut(QKeySequence(shortcut))
            self.addAction(action)
            self.keys = (*self.keys, (shortcut, text))
        action.triggered.connect(slot)
        return action

    def set_content(self, content: QWidget) -> None:
        """What the page shows under its title row."""
        self._content = content
        self._stack.addWidget(content)
        self._stack.setCurrentWidget(content)

    def set_start(self, widget: QWidget) -> None:
        """Where the cursor is when the page comes to the front, e.g. its table."""
        self.setFocusProxy(widget)

    def take_focus(self) -> None:
        """The cursor goes to where the page starts; on an empty page to its one button."""
        empty = self._empty
        if empty is not None and self._stack.currentWidget() is empty and empty.has_button:
            empty.button.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_content(self) -> None:
        """Show the content (again)."""
        if self._content is not None:
            self._stack.setCurrentWidget(self._content)

    def show_empty(
        self,
        icon: str,
        sentence: str,
        button: str = "",
        on_click: Callable[[], None] | None = None,
    ) -> EmptyState:
        """Show one sentence and one button instead of the content."""
        if self._empty is not None:
            self._stack.removeWidget(self._empty)
            self._empty.deleteLater()
        self._empty = EmptyState(self.tools.theme, icon, sentence, button, on_click)
        self._stack.addWidget(self._empty)
        self._stack.setCurrentWidget(self._empty)
        return self._empty

    def activated(self) -> None:
        """The page has come to the front; for pages that want to do something then."""

    def refresh(self, changes: Changes | None) -> None:
        """Records changed (None: anything may have): show them as they are now, if they concern us.

        Called when the page is in front, or when it comes there.
        """

    def show_view(self, name: str) -> None:
        """Show one of the page's views, which a link on another page names."""

    def can_leave(self) -> bool:
        """Commit what is being typed; False keeps the page in front because something is wrong."""
        return True
