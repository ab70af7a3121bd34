"""Tabs beside the title of a page, chosen with the mouse or by Ctrl and their number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QTabBar, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence


class PageTabs(QTabBar):
    """The tabs of a page; what a number key asks for is told, since the page may not be left."""

    asked = Signal(int)
    """The tab, counted from 0, whose number was pressed with Ctrl."""

    def __init__(self, page: QWidget, labels: Sequence[str], name: str) -> None:
        super().__init__()
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setAccessibleName(name)
        for number, words in enumerate(labels, start=1):
            self.setTabToolTip(self.addTab(words), f"{words}（Ctrl+{number}）")
            shortcut = QShortcut(QKeySequence(f"Ctrl+{number}"), page)
            shortcut.setProperty("tab", number - 1)
            shortcut.activated.connect(self._on_shortcut)

    @Slot()
    def _on_shortcut(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.asked.emit(int(sender.property("tab")))
