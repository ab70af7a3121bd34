"""Records that were begun and not finished: kept as drafts, offered in a line above the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from app.errors import AppError
from app.ui.framework import tokens as t
from app.ui.framework.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.services.drafts import Drafts, DraftView
    from app.services.entry.service import SheetView
    from app.ui.framework.page import Tools

_TITLE_LETTERS = 20


class DraftLine(QWidget):
    """Says that there are unfinished records of a sheet, and leads back to the newest."""

    wanted = Signal(object)
    """What was filled in, by field: go on with it."""

    def __init__(self, tools: Tools, drafts: Drafts, sheet: SheetView, parent_id: str) -> None:
        super().__init__()
        self._tools = tools
        self._drafts = drafts
        self._sheet = sheet
        self._form = f"{sheet.kind}@{parent_id}" if parent_id else sheet.kind
        self._key = ""
        """Draft of the record that is being entered."""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(t.GAP_SMALL)
        icon = QLabel()
        icon.setPixmap(tools.theme.pixmap("pencil", t.ICON_SMALL, "warning"))
        row.addWidget(icon)
        self.words = QLabel()
        row.addWidget(self.words)
        self.go_on = self._button("继续填写", self.go_on_with_newest)
        self.give_up = self._button("放弃", self._give_up)
        row.addWidget(self.go_on)
        row.addWidget(self.give_up)
        row.addStretch(1)
        self.hide()

    @staticmethod
    def _button(words: str, slot: Callable[[], None]) -> QPushButton:
        button = QPushButton(words)
        set_role(button, "link")
        button.clicked.connect(slot)
        return button

    def look(self) -> None:
        """Show what is unfinished, apart from what is being entered now."""
        waiting = self._waiting()
        self.setVisible(bool(waiting))
        if waiting:
            title = waiting[0].title
            name = "" if title == self._sheet.name else f"“{title}”"
            many = f" {len(waiting)} 条" if len(waiting) > 1 else ""
            self.words.setText(f"有{many}没填完的{self._sheet.name}{name}，还没有存入列表。")

    def begin(self) -> None:
        """Another record is on show: what was kept of the one before waits to be gone on with."""
        self._key = ""
        self.look()

    def keep(self, typed: Mapping[str, object]) -> None:
        """Keep what was filled in so far; nothing of one's own is not kept."""
        if not typed:
            self.drop()
            return
        self._key = self._key or self._drafts.new_key(self._form)
        title = str(typed.get(self._sheet.title, ""))[:_TITLE_LETTERS] or self._sheet.name
        self._try(lambda: self._drafts.save(self._key, title, typed))

    def drop(self) -> None:
        """The record that was being entered is there, or there is nothing of it."""
        key, self._key = self._key, ""
        if key:
            self._try(lambda: self._drafts.drop(key))

    def _waiting(self) -> list[DraftView]:
        return [one for one in self._drafts.all(self._form) if one.key != self._key]

    @Slot()
    def go_on_with_newest(self) -> None:
        """Show the newest unfinished record again, to be finished."""
        waiting = self._waiting()
        if waiting:
            self.wanted.emit(waiting[0].content)
            self._key = waiting[0].key
            self.look()

    @Slot()
    def _give_up(self) -> None:
        waiting = self._waiting()
        if waiting:
            self._try(lambda: self._drafts.drop(waiting[0].key))
            self.look()

    def _try(self, act: Callable[[], None]) -> None:
        try:
            act()
        except AppError as error:
            self._tools.errors.show_error(error)
