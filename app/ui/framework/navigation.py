"""The column at the left: one button a page, reachable with Alt and its number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.framework import tokens as t
from app.ui.framework.theme import Theme, set_role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.ui.framework.page import PageSpec

_NUMBERED = 9


class Navigation(QWidget):
    """Shows the pages and which one is in front."""

    picked = Signal(str)
    """Key of the page to show."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("navigation")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(t.NAVIGATION_WIDTH)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, t.GAP_SMALL, 0, t.GAP_SMALL)
        self._column.setSpacing(2)
        self._column.addStretch(1)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._group.buttonClicked.connect(self._on_clicked)
        self._buttons: dict[str, QToolButton] = {}

    def set_pages(self, specs: Sequence[PageSpec]) -> None:
        """Offer these pages."""
        for button in self._buttons.values():
            self._group.removeButton(button)
            self._column.removeWidget(button)
            button.deleteLater()
        self._buttons = {}
        for number, spec in enumerate(specs, start=1):
            button = QToolButton()
            button.setText(f"\u2002{spec.title}")  # Qt leaves too little room after the icon
            button.setAccessibleName(spec.title)
            button.setIcon(self._theme.icon(spec.icon))
            button.setIconSize(QSize(t.ICON, t.ICON))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setCheckable(True)
            button.setProperty("page", spec.key)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            if number <= _NUMBERED:
                button.setToolTip(f"{spec.title}（Alt+{number}）")
            set_role(button, "navigation")
            self._group.addButton(button)
            self._column.insertWidget(number - 1, button)
            self._buttons[spec.key] = button

    def show_current(self, key: str) -> None:
        """Mark the page that is in front."""
        self._buttons[key].setChecked(True)

    def has_focus(self) -> bool:
        """Whether somebody walks through the pages with the arrow keys."""
        return any(button.hasFocus() for button in self._buttons.values())

    @Slot(QAbstractButton)
    def _on_clicked(self, button: QAbstractButton) -> None:
        self.picked.emit(button.property("page"))
