"""The table on screen: columns to choose, selection by record, copying as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import (
    QByteArray,
    QItemSelection,
    QItemSelectionModel,
    QMetaMethod,
    QPoint,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QAction, QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget
from typing_extensions import override

from app.ui.framework import tokens as t
from app.ui.framework.table_header import ColumnMenu, TableHeader
from app.ui.framework.tables import Order
from app.ui.framework.theme import tabular

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.ui.framework.settings import Settings
    from app.ui.framework.tables import PagedTableModel

T = TypeVar("T")
_COPY_AT_MOST = 20_000
_MOST_IDS = 1_000
_ENDS = frozenset({Qt.Key.Key_Home, Qt.Key.Key_End})
_SEARCHED_ROWS = 1_000


class TableView(QTableView, Generic[T]):
    """A table of records; remembers its columns under ``key`` and its selection across refreshes."""

    chosen = Signal(list)
    """Ids of the selected records (the current one first, at most 1,000: see ``selected_count``)."""
    opened = Signal(str)
    """Id of the record that was double-clicked or entered."""
    delete_wanted = Signal(list)
    """Ids of the selected records, for which Del was pressed."""
    filter_wanted = Signal(object)
    """Filter that the user asked for in the menu of a column."""

    def __init__(
        self,
        model: PagedTableModel[T],
        settings: Settings,
        key: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._settings = settings
        self._key = f"table/{key}"
        self._selected: dict[str, int] = {}
        self._current: str | None = None
        self._restoring = False
        self._lay_out()
        self.setHorizontalHeader(TableHeader(self))
        self.setModel(model)
        # The header would ask of every row whether its whole column is selected: seconds with many.
        header = self.horizontalHeader()
        header.setSelectionModel(QItemSelectionModel(model, header))
        self._set_up_header()
        model.modelAboutToBeReset.connect(self._remember_selection)
        model.reloaded.connect(self._restore_selection)
        model.reloaded.connect(self._remember_order)
        self.selectionModel().selectionChanged.connect(self._announce)
        self.doubleClicked.connect(self._open_current)

    def _lay_out(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setFont(tabular(self.font()))
        self.setIconSize(QSize(t.ICON, t.ICON))
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(t.ROW_HEIGHT)
        rows.setMinimumSectionSize(t.ROW_HEIGHT)

    @property
    def header(self) -> TableHeader:
        """The titles."""
        found = self.horizontalHeader()
        assert isinstance(found, TableHeader)  # noqa: S101 - set when the table was made
        return found

    def _set_up_header(self) -> None:
        header = self.header
        self._column_menu = ColumnMenu(header, self._model)
        self._column_menu.filter_wanted.connect(self.filter_wanted)
        header.also_wanted.connect(self._model.sort_also)
        header.setFixedHeight(t.ROW_HEIGHT)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._show_column_menu)
        self._reset_columns()
        saved = self._settings.text(f"{self._key}/header")
        names = self._settings.texts(f"{self._key}/columns")
        if saved and names == [column.key for column in self._model.columns]:
            header.restoreState(QByteArray.fromBase64(saved.encode()))
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self._sort_as_before()
        for signal in (header.sectionResized, header.sectionMoved):
            signal.connect(self._remember_columns)

    def _reset_columns(self) -> None:
        header = self.horizontalHeader()
        for number, column in enumerate(self._model.columns):
            header.moveSection(header.visualIndex(number), number)
            header.resizeSection(number, column.width)
            header.setSectionHidden(number, column.hidden)

    def _sort_as_before(self) -> None:
        """The order that the table was left in, as far as its columns are still there."""
        keys = {column.sort_key: n for n, column in enumerate(self._model.columns)}
        saved = [(text.lstrip("-"), text.startswith("-")) for text in self._order_texts()]
        orders = [Order(key, descending) for key, descending in saved if key in keys]
        if orders:
            first = orders[0]
            order = (
                Qt.SortOrder.DescendingOrder if first.descending else Qt.SortOrder.AscendingOrder
            )
            self.header.setSortIndicator(keys[first.key], order)
            then = orders[1] if len(orders) > 1 else None
            self._model.sort_by(Order(first.key, first.descending, then))

    def _order_texts(self) -> list[str]:
        return self._settings.texts(f"{self._key}/sort")

    @Slot()
    def _remember_order(self) -> None:
        order = self._model.order.all if self._model.order else ()
        texts = [f"-{key}" if descending else key for key, descending in order]
        if texts != self._order_texts():
            self._settings.set(f"{self._key}/sort", list(texts))

    @Slot()
    def _remember_columns(self) -> None:
        state = self.horizontalHeader().saveState().toBase64().toStdString()
        self._settings.set(f"{self._key}/header", state)
        self._settings.set(f"{self._key}/columns", [c.key for c in self._model.columns])

    @Slot(QPoint)
    def _show_column_menu(self, position: QPoint) -> None:
        self._pop_up(self.header.logicalIndexAt(position), self.header.mapToGlobal(position))

    def open_column_menu(self) -> None:
        """Menu of the column in which the cursor is (Alt+↓)."""
        column = max(0, self.currentIndex().column())
        self._pop_up(column, self.header.below(column))

    def _pop_up(self, column: int, place: QPoint) -> None:
        menu = self.header_menu(column)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def header_menu(self, column: int) -> QMenu:
        """Menu of one column: its order, filter and width, and which columns are shown."""
        menu = QMenu(self)
        if column >= 0:
            wired = self.isSignalConnected(QMetaMethod.fromSignal(self.filter_wanted))
            self._column_menu.fill(menu, column, filters=wired)
            menu.addSeparator()
            menu.addAction("列宽合适", lambda: self.resizeColumnToContents(column))
        menu.addAction("各列宽度合适", self.resizeColumnsToContents)
        shown = menu.addMenu("显示的列")
        self._fill_column_menu(shown)
        return menu

    def column_menu(self) -> QMenu:
        """Menu of the columns: which are shown, and back to the beginning."""
        menu = QMenu(self)
        self._fill_column_menu(menu)
        return menu

    def _fill_column_menu(self, menu: QMenu) -> None:
        header = self.horizontalHeader()
        shown = header.count() - header.hiddenSectionCount()
        for number, column in enumerate(self._model.columns):
            action = menu.addAction(column.title)
            action.setCheckable(True)
            action.setChecked(not header.isSectionHidden(number))
            action.setEnabled(shown > 1 or header.isSectionHidden(number))
            action.setData(number)
            action.toggled.connect(self._toggle_column)
        menu.addSeparator()
        menu.addAction("恢复默认列", self._restore_columns)

    @Slot(bool)
    def _toggle_column(self, shown: bool) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.horizontalHeader().setSectionHidden(action.data(), not shown)
            self._remember_columns()

    @Slot()
    def _restore_columns(self) -> None:
        self._reset_columns()
        self._remember_columns()

    def selected_ids(self) -> list[str]:
        """Ids of the selected records, the current one first; at most 1,000 of them."""
        current = self.currentIndex().row()
        numbers = self._selected_rows(_MOST_IDS)
        numbers.sort(key=lambda number: (number != current, number))
        return [found for n in numbers if (found := self._model.row_id(n))]

    def _selected_rows(self, at_most: int) -> list[int]:
        """Numbers of the selected rows; by ranges, for Qt's list of rows takes seconds when long."""
        numbers: set[int] = set()
        for part in self.selectionModel().selection().toList():
            room = at_most - len(numbers)
            numbers.update(range(part.top(), min(part.bottom() + 1, part.top() + room)))
        return sorted(numbers)

    def selected_count(self) -> int:
        """How many records are selected, however many."""
        return len(self._selected_rows(self._model.rowCount()))

    def select(self, row_ids: Iterable[str]) -> None:
        """Select records and show the first of them."""
        self._selected = dict.fromkeys(row_ids, 0)
        self._current = next(iter(self._selected), None)
        self._restore_selection()

    @Slot()
    def _remember_selection(self) -> None:
        rows = self._selected_rows(_MOST_IDS)
        self._selected = {found: n for n in rows if (found := self._model.row_id(n))}
        self._current = self._model.row_id(self.currentIndex().row())
        self._restoring = True

    @Slot()
    def _restore_selection(self) -> None:
        """Select the same records where they stand now; those that are gone are no longer selected."""
        selection = QItemSelection()
        last = self._model.columnCount() - 1
        current = None
        for row_id, number in self._model.find(self._selected).items():
            first = self._model.index(number, 0)
            selection.select(first, self._model.index(number, last))
            current = first if current is None or row_id == self._current else current
        self._restoring = True
        flags = QItemSelectionModel.SelectionFlag
        if current is not None:
            self.selectionModel().setCurrentIndex(current, flags.NoUpdate)
            self.scrollTo(current)
        self.selectionModel().select(selection, flags.ClearAndSelect)
        self._restoring = False
        self._announce()

    @Slot()
    def _announce(self) -> None:
        if not self._restoring:
            self.chosen.emit(self.selected_ids())

    @Slot()
    def _open_current(self) -> None:
        found = self._model.row_id(self.currentIndex().row())
        if found is not None:
            self.opened.emit(found)

    def copy_text(self) -> str:
        """Selected rows as lines with tabs, with the titles, as spreadsheets take them."""
        header = self.horizontalHeader()
        numbers = [header.logicalIndex(place) for place in range(header.count())]
        columns = [self._model.columns[n] for n in numbers if not header.isSectionHidden(n)]
        lines = ["\t".join(column.title for column in columns)]
        for number in self._selected_rows(_COPY_AT_MOST):
            row = self._model.row(number)
            if row is not None:
                lines.append("\t".join(_one_line(column.written(row)) for column in columns))
        return "\n".join(lines)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.copy_text())
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open_current()
        elif (
            event.key() == Qt.Key.Key_Down and event.modifiers() == Qt.KeyboardModifier.AltModifier
        ):
            self.open_column_menu()
        elif event.key() == Qt.Key.Key_Delete and self.selected_ids():
            self.delete_wanted.emit(self.selected_ids())
        elif self._by_rows and event.key() in _ENDS and not event.modifiers():
            # A list of records has no columns to go to: Home and End mean its first and last.
            first = event.key() == Qt.Key.Key_Home
            self.selectRow(0 if first else self._model.rowCount() - 1)
        else:
            super().keyPressEvent(event)

    @property
    def _by_rows(self) -> bool:
        return self.selectionBehavior() == QAbstractItemView.SelectionBehavior.SelectRows

    @override
    def keyboardSearch(self, search: str) -> None:
        """Go to the row that begins so; of a long list that would fetch every row."""
        if self._model.rowCount() <= _SEARCHED_ROWS:
            super().keyboardSearch(search)

    @override
    def sizeHintForColumn(self, column: int) -> int:
        """Width for a double click on the header's edge: by what is in view, not by all rows."""
        metrics = QFontMetrics(self.font())
        first = max(0, self.rowAt(0))
        described = self._model.columns[column]
        rows = (self._model.row(n) for n in range(first, first + 50))
        texts = [described.written(row) for row in rows if row is not None]
        widest = max(metrics.horizontalAdvance(text) for text in [described.title, *texts])
        icon = t.ICON + t.GRID if described.icon else 0
        return min(600, widest + icon + 2 * t.GAP)


def _one_line(text: str) -> str:
    return text.replace("\t", " ").replace("\r", " ").replace("\n", " ")
