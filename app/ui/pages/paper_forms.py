"""The forms that can be printed, by family; found by a word, chosen by mouse or keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget
from typing_extensions import override

from app.ui.framework import tokens as t
from app.ui.framework.lists import ID

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.services.forms.form import Form
    from app.services.templates.views import TemplateView


TEMPLATE = "template:"
"""Begins the key of an office's own form."""


class FormsPane(QWidget):
    """A line to search in, and the tree of families."""

    chosen = Signal(str)
    """Key of the form under the cursor."""
    entered = Signal()
    """Enter was pressed, or a form double-clicked: on to the question for whom."""

    def __init__(self, forms: Sequence[Form]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GRID)
        self.search = QLineEdit()
        self.search.setPlaceholderText("查找表（Ctrl+F）")
        self.search.setAccessibleName("查找表")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.search.installEventFilter(self)
        column.addWidget(self.search)
        self.tree = QTreeWidget()
        self.tree.setAccessibleName("可以打印的表")
        self.tree.setHeaderHidden(True)
        self.tree.setIndentation(t.GAP)
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.currentItemChanged.connect(self._on_current)
        self.tree.itemActivated.connect(self._on_entered)
        column.addWidget(self.tree, 1)
        self.setFocusProxy(self.tree)
        families: dict[str, QTreeWidgetItem] = {}
        for form in forms:
            if form.group not in families:
                families[form.group] = self._family(form.group)
            families[form.group].addChild(_line(form.key, form.name, form.words))
        self._own = self._family("本单位的表格")
        self._own.setHidden(True)
        self.tree.expandAll()

    def _family(self, name: str) -> QTreeWidgetItem:
        """The heading of a family; it cannot be chosen itself."""
        family = QTreeWidgetItem([name])
        family.setFlags(Qt.ItemFlag.ItemIsEnabled)
        font = self.tree.font()
        font.setBold(True)
        family.setFont(0, font)
        self.tree.addTopLevelItem(family)
        return family

    def show_templates(self, templates: Sequence[TemplateView]) -> None:
        """The offices' own forms, in a family below the others."""
        chosen = self.key
        with QSignalBlocker(self.tree):
            self._own.takeChildren()
            for one in templates:
                about = f"填的是{one.subject_name}；原文件 {one.original_name}"
                self._own.addChild(_line(f"{TEMPLATE}{one.id}", one.name, about))
            self._own.setHidden(not templates)
            self._own.setExpanded(True)
        if chosen.startswith(TEMPLATE):
            self.choose(chosen)

    @property
    def key(self) -> str:
        """Key of the form that is chosen, or ``template:`` and an id; empty: none."""
        item = self.tree.currentItem()
        return str(item.data(0, ID) or "") if item is not None else ""

    def choose(self, key: str) -> bool:
        """Choose a form, telling nobody; False if there is none of that key."""
        item = next((one for one in self._lines() if one.data(0, ID) == key), None)
        if item is None:
            return False
        with QSignalBlocker(self.search):
            self.search.clear()
        self._filter("")
        with QSignalBlocker(self.tree):
            self.tree.setCurrentItem(item)
        self.tree.scrollToItem(item)
        return True

    def _lines(self) -> Iterator[QTreeWidgetItem]:
        for number in range(self.tree.topLevelItemCount()):
            family = self.tree.topLevelItem(number)
            for place in range(family.childCount() if family else 0):
                assert family is not None  # noqa: S101 - asked for by its number
                child = family.child(place)
                assert child is not None  # noqa: S101
                yield child

    @Slot(str)
    def _filter(self, words: str) -> None:
        """Show the forms with all the words in name or family; choose one that is called so."""
        wanted = words.split()
        for line in self._lines():
            family = line.parent()
            said = f"{line.text(0)} {line.toolTip(0)} {family.text(0) if family else ''}"
            line.setHidden(not all(word in said for word in wanted))
        for number in range(self.tree.topLevelItemCount()):
            family = self.tree.topLevelItem(number)
            if family is not None:
                lines = (family.child(place) for place in range(family.childCount()))
                family.setHidden(all(line is None or line.isHidden() for line in lines))
        found = [line for line in self._lines() if wanted and not line.isHidden()]
        if found:
            found.sort(key=lambda line: not line.text(0).startswith(wanted[0]))
            self.tree.setCurrentItem(found[0])

    @Slot(QTreeWidgetItem, QTreeWidgetItem)
    def _on_current(self, item: QTreeWidgetItem | None, _before: QTreeWidgetItem | None) -> None:
        if item is not None and item.data(0, ID):
            self.chosen.emit(item.data(0, ID))

    @Slot(QTreeWidgetItem, int)
    def _on_entered(self, item: QTreeWidgetItem, _column: int) -> None:
        if item.data(0, ID):
            self.entered.emit()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the search line the arrow keys move in the tree; Enter goes on."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
                self.tree.setFocus(Qt.FocusReason.OtherFocusReason)
                self.tree.keyPressEvent(event)
                return True
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.key:
                self.entered.emit()
                return True
        return super().eventFilter(watched, event)


def _line(key: str, name: str, words: str) -> QTreeWidgetItem:
    line = QTreeWidgetItem([name])
    line.setData(0, ID, key)
    line.setToolTip(0, f"{name}\n{words}" if words else name)
    return line
