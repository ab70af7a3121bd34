"""Saved views of a list: shown again from a menu, kept under a name that is typed in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget
from typing_extensions import override

from app.errors import AppError
from app.ui.framework import tokens as t
from app.ui.framework.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QToolButton

    from app.services.entry.views import SavedView, SavedViews
    from app.ui.framework.page import Tools


class NameLine(QWidget):
    """Asks for a name in a line of the page; Enter takes it, Esc gives up."""

    named = Signal(str)
    closed = Signal()
    """The user gave up."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(t.GAP_SMALL)
        self._label = QLabel()
        row.addWidget(self._label)
        self.edit = QLineEdit()
        self.edit.setAccessibleName("视图名称")
        self.edit.setFixedWidth(220)
        self.edit.returnPressed.connect(self._take)
        row.addWidget(self.edit)
        self.take = QPushButton("保存")
        set_role(self.take, "primary")
        self.take.clicked.connect(self._take)
        row.addWidget(self.take)
        cancel = QPushButton("取消")
        cancel.clicked.connect(self.hide)
        cancel.clicked.connect(self.closed)
        row.addWidget(cancel)
        row.addStretch(1)
        self.hide()

    def ask(self, question: str, proposed: str) -> None:
        """Show the line."""
        self._label.setText(question)
        self.edit.setText(proposed)
        self.show()
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edit.selectAll()

    @Slot()
    def _take(self) -> None:
        self.named.emit(self.edit.text())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            self.closed.emit()
        else:
            super().keyPressEvent(event)


class ViewMenu(QObject):
    """Fills the menu of saved views of one sheet and keeps them."""

    picked = Signal(object)
    """SavedView to be shown."""

    def __init__(
        self,
        tools: Tools,
        views: SavedViews,
        kind: str,
        button: QToolButton,
        present: Callable[[str], SavedView],
    ) -> None:
        super().__init__(button)
        self._tools = tools
        self._views = views
        self._kind = kind
        self._button = button
        self._present = present
        self._renaming = ""
        self.shown = ""
        """Name of the view that was shown last."""
        self.line = NameLine()
        self.line.named.connect(self._keep)
        button.menu().aboutToShow.connect(self.fill)

    @Slot()
    def fill(self) -> None:
        """List the views, and what can be done with them."""
        menu, theme = self._button.menu(), self._tools.theme
        menu.clear()
        names = [view.name for view in self._views.all(self._kind)]
        for name in names:
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(name == self.shown)
            action.setData(name)
            action.triggered.connect(self._on_picked)
        menu.addSeparator()
        save = menu.addAction(theme.icon("save"), "把现在的样子存为视图…")
        save.triggered.connect(self._ask_name)
        if self.shown in names:
            rename = menu.addAction(theme.icon("pencil"), f"给“{self.shown}”改名…")
            rename.triggered.connect(self._ask_new_name)
            delete = menu.addAction(theme.icon("trash-2"), f"删除“{self.shown}”")
            delete.triggered.connect(self._delete)

    def set_shown(self, name: str) -> None:
        """Say which view is on show; empty: none of the saved ones."""
        self.shown = name
        self._button.setText(name or "视图")

    @Slot()
    def _on_picked(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.show_named(action.data())

    def show_named(self, name: str) -> None:
        """Show a saved view."""
        view = next((one for one in self._views.all(self._kind) if one.name == name), None)
        if view is not None:
            self.picked.emit(view)
            self.set_shown(name)

    @Slot()
    def _ask_name(self) -> None:
        self._renaming = ""
        self.line.ask("视图名称", self.shown)

    @Slot()
    def _ask_new_name(self) -> None:
        self._renaming = self.shown
        self.line.ask("新的名称", self.shown)

    @Slot(str)
    def _keep(self, name: str) -> None:
        try:
            if self._renaming:
                self._views.rename(self._kind, self._renaming, name)
            else:
                self._views.save(self._kind, self._present(name.strip()))
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        self.line.hide()
        self.set_shown(name.strip())
        self._tools.messages.say(f"视图“{name.strip()}”已保存。")

    @Slot()
    def _delete(self) -> None:
        try:
            self._views.delete(self._kind, self.shown)
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        self._tools.messages.say(f"已删除视图“{self.shown}”，按 Ctrl+Z 撤销。")
        self.set_shown("")
