"""The titles of a table: sorting by one or two columns, and the menu of a column."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QMouseEvent
from PySide6.QtWidgets import QHeaderView, QMenu, QWidget
from typing_extensions import override

from app.services.entry.listing import Filter
from app.ui.framework.filters import FilterPopup

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.ui.framework.tables import Column, PagedTableModel

_MOST_CHOICES = 40


class TableHeader(QHeaderView):
    """Titles; a click sorts, Shift+click adds a second column to sort by."""

    also_wanted = Signal(int)
    """Column by which rows that are alike are to be sorted."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setHighlightSections(False)
        self.setStretchLastSection(True)
        self.setToolTip("点击排序；按住 Shift 再点一列，作为第二排序；右键或 Alt+↓ 打开菜单")

    @override
    def mousePressEvent(self, e: QMouseEvent) -> None:
        shift = e.modifiers() == Qt.KeyboardModifier.ShiftModifier
        section = self.logicalIndexAt(e.position().toPoint())
        if shift and e.button() == Qt.MouseButton.LeftButton and section >= 0:
            self.also_wanted.emit(section)
            return
        super().mousePressEvent(e)

    def below(self, section: int) -> QPoint:
        """Where the menu of a column opens."""
        left = max(0, self.sectionViewportPosition(section))
        return self.mapToGlobal(QPoint(left, self.height()))


class ColumnMenu(QObject):
    """Fills the menu of one column: order, filter, width."""

    filter_wanted = Signal(object)
    """Filter that the user asked for."""

    def __init__(self, header: TableHeader, model: PagedTableModel[Any]) -> None:
        super().__init__(header)
        self._header = header
        self._model = model

    def fill(self, menu: QMenu, section: int, *, filters: bool) -> None:
        """Put the entries of a column into a menu."""
        column = self._model.columns[section]
        if column.sort_key:
            self._add_order(menu, section)
        if filters and column.filter:
            menu.addSeparator()
            self._add_filters(menu, column, section)

    def _add_order(self, menu: QMenu, section: int) -> None:
        header, model = self._header, self._model
        for words, order in (
            ("升序", Qt.SortOrder.AscendingOrder),
            ("降序", Qt.SortOrder.DescendingOrder),
        ):
            _act(menu, words, partial(header.setSortIndicator, section, order))
        first = model.order
        if first is not None and first.key != model.columns[section].sort_key:
            _act(menu, "作为第二排序（Shift+点击）", lambda: model.sort_also(section))
        if first is not None:
            _act(
                menu, "取消排序",
                lambda: header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder),
            )  # fmt: skip

    def _add_filters(self, menu: QMenu, column: Column[Any], section: int) -> None:
        name = column.key
        if column.filter in ("day", "figure"):
            _act(menu, "从…到…", lambda: self._ask(column, section, ("from", "to")))
            _act(menu, "等于…", lambda: self._ask(column, section, ("is",)))
        elif column.filter == "text":
            _act(menu, "含…", lambda: self._ask(column, section, ("has",)))
            _act(menu, "等于…", lambda: self._ask(column, section, ("is",)))
        elif column.filter == "choice":
            if len(column.choices) > _MOST_CHOICES or not column.choices:
                _act(menu, "含…", lambda: self._ask(column, section, ("has",)))
            else:
                offered = menu.addMenu("含")
                for word in column.choices:
                    _act(offered, word, partial(self._tell, Filter(name, "has", word)))
        if column.filter == "yes":
            for word in ("是", "否"):
                _act(menu, word, partial(self._tell, Filter(name, "is", word)))
            return
        _act(menu, "为空", lambda: self._tell(Filter(name, "empty")))
        _act(menu, "不为空", lambda: self._tell(Filter(name, "filled")))

    def _ask(self, column: Column[Any], section: int, ops: tuple[str, ...]) -> None:
        popup = FilterPopup(column.key, column.title, ops, self._header)
        popup.chosen.connect(self.filter_wanted)
        popup.move(self._header.below(section))
        popup.show()
        popup.edits[0].setFocus()

    def _tell(self, wanted: Filter) -> None:
        self.filter_wanted.emit(wanted)


def _act(menu: QMenu, words: str, act: Callable[[], object]) -> QAction:
    action = QAction(words, menu)
    action.triggered.connect(lambda _checked=False: act())
    menu.addAction(action)
    return action
