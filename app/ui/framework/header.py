"""The row on top: whose archive, which year, search, undo and redo, settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from app.ui.framework import tokens as t
from app.ui.framework.keys import press_by
from app.ui.framework.theme import Theme, set_role

if TYPE_CHECKING:
    from collections.abc import Sequence

_LABEL_CHARACTERS = 22


SEARCH_KEYS = "Ctrl+K"


class ScopeButton(QToolButton):
    """A choice that holds for the whole window, e.g. the community or the school year."""

    picked = Signal(str)
    """Id of what was picked."""

    def __init__(self, theme: Theme, what: str, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._what = what
        self.setIcon(theme.icon(icon, "accent"))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setMenu(QMenu(self))
        set_role(self, "scope")
        self.hide()

    def set_choices(self, choices: Sequence[tuple[str, str]], current: str | None) -> None:
        """Offer (id, words); without any the button is not there."""
        menu = self.menu()
        menu.clear()
        group = QActionGroup(menu)
        for choice_id, words in choices:
            action = menu.addAction(words)
            action.setCheckable(True)
            action.setChecked(choice_id == current)
            action.setData(choice_id)
            group.addAction(action)
        group.triggered.connect(self._on_picked)
        words = dict(choices).get(current or "", f"选择{self._what}")
        short = words if len(words) <= _LABEL_CHARACTERS else words[: _LABEL_CHARACTERS - 1] + "…"
        self.setText(f"\u2009{short} ▾")  # room after the icon
        self.setToolTip(f"{self._what}：{words}")
        self.setAccessibleName(f"{self._what}：{words}")
        self.setVisible(bool(choices))

    @Slot(QAction)
    def _on_picked(self, action: QAction) -> None:
        self.picked.emit(action.data())


class Header(QWidget):
    """Scope at the left, tools at the right."""

    search_wanted = Signal()

    def __init__(
        self, theme: Theme, undo: QAction, redo: QAction, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(t.HEADER_HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(t.GAP_SMALL, 0, t.GAP, 0)
        row.setSpacing(t.GRID)
        self.community = ScopeButton(theme, "共同体", "users")
        self.year = ScopeButton(theme, "学年", "calendar-days")
        row.addWidget(self.community)
        row.addWidget(self.year)
        row.addStretch(1)
        self.search = QPushButton(theme.icon("search", "text_muted"), "搜索（Ctrl+K）")
        self.search.setAccessibleName("搜索")
        self.search.setToolTip("在所有记录和材料的文字里查找（Ctrl+K）")
        press_by(self.search, SEARCH_KEYS)
        self.search.setFixedWidth(240)
        set_role(self.search, "field")
        self.search.clicked.connect(self.search_wanted)
        row.addWidget(self.search)
        row.addSpacing(t.GAP_SMALL)
        for action in (undo, redo):
            row.addWidget(self._tool(action))
        self.gear = QToolButton()
        self.gear.setIcon(theme.icon("settings"))
        self.gear.setToolTip("设置")
        self.gear.setAccessibleName("设置")
        self.gear.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.gear.setMenu(QMenu(self.gear))
        set_role(self.gear, "plain")
        row.addWidget(self.gear)

    def _tool(self, action: QAction) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(action)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        set_role(button, "plain")
        return button
