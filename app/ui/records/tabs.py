"""What stands beside the form of a record: tabs that are made when they are first looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast, runtime_checkable

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QListWidget,
    QListWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.errors import AppError

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.bootstrap import Services
    from app.ui.framework.page import Tools


class RecordTab(Protocol):
    """A widget that shows something of one record; it is a QWidget."""

    def show_record(self, record_id: str) -> None:
        """Show it for this record, as it is now."""
        ...


@runtime_checkable
class Unfinished(Protocol):
    """A tab on which something may be typed and not saved."""

    def unfinished(self) -> str:
        """What is not saved yet; empty: everything is."""
        ...


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab to be made; with the kind of a part as its key it stands in place of that part's table."""

    key: str
    title: str
    make: Callable[[], QWidget]
    """Makes a widget that is a RecordTab."""


class RecordTabs(QTabWidget):
    """Tabs of one record; only the one in front is kept up to date."""

    def __init__(self, first: QWidget, title: str, tabs: tuple[Tab, ...]) -> None:
        super().__init__()
        self._tabs = tabs
        self._made: dict[int, RecordTab] = {}
        self._record_id = ""
        self.setDocumentMode(True)
        self.setUsesScrollButtons(True)
        self.addTab(first, title)
        self._places: list[tuple[QWidget, QVBoxLayout]] = []
        for tab in tabs:
            place = QWidget()
            column = QVBoxLayout(place)
            column.setContentsMargins(0, 0, 0, 0)
            self._places.append((place, column))
            self.addTab(place, tab.title)
        self.currentChanged.connect(self._on_changed)
        self.tabBarClicked.connect(self._on_clicked)

    def show_record(self, record_id: str) -> None:
        """Show a record, or a new one (no id): then there is only the form."""
        self._record_id = record_id
        for number in range(1, self.count()):
            self.setTabVisible(number, bool(record_id))
        self._show_current()

    def tab(self, key: str) -> QWidget:
        """Bring a tab to the front; gives its widget."""
        number = next(n for n, tab in enumerate(self._tabs, start=1) if tab.key == key)
        self.setCurrentIndex(number)
        return cast("QWidget", self._made[number])

    def unfinished(self) -> str:
        """What was typed on some tab and is not saved yet, in a sentence; empty: everything is."""
        for made in self._made.values():
            told = made.unfinished() if isinstance(made, Unfinished) else ""
            if told:
                return told
        return ""

    def _on_changed(self, number: int) -> None:
        """Another tab: who came by the keyboard begins where it begins, not where they left it."""
        self._show_current()
        place, focused = self.widget(number), QApplication.focusWidget()
        if place and focused and (focused is place or place.isAncestorOf(focused)):
            place.setFocus()

    def _on_clicked(self, number: int) -> None:
        """Who clicks on a tab types there next, and not in the list that had the cursor."""
        if number > 0:
            QTimer.singleShot(0, self, self._enter)

    @Slot()
    def _enter(self) -> None:
        if self.currentIndex() > 0:
            self.currentWidget().setFocus(Qt.FocusReason.MouseFocusReason)

    def _show_current(self) -> None:
        number = self.currentIndex()
        if number < 1 or not self._record_id:
            return
        if number not in self._made:
            made = self._tabs[number - 1].make()
            self._made[number] = cast("RecordTab", made)
            place, column = self._places[number - 1]
            column.addWidget(made)
            place.setFocusProxy(made)
        self._made[number].show_record(self._record_id)


class HistoryTab(QListWidget):
    """What happened to a record, in words, newest first."""

    def __init__(self, tools: Tools, services: Services, kind: str) -> None:
        super().__init__()
        self._tools = tools
        self._services = services
        self._kind = kind
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrap(True)
        self.setAlternatingRowColors(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("历史")

    def show_record(self, record_id: str) -> None:
        """List the changes of a record and of its parts."""
        try:
            lines = self._services.histories.of_record(self._kind, record_id)
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        self.clear()
        for line in lines:
            item = QListWidgetItem(line.sentence)
            item.setToolTip(line.action)
            self.addItem(item)
