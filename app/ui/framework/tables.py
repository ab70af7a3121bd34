"""Tables over the database: columns described once, rows fetched when they are shown."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Literal, Protocol, TypeVar, runtime_checkable

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from typing_extensions import override

from app.errors import AppError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from PySide6.QtGui import QIcon

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Index = QModelIndex | QPersistentModelIndex

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
ID_ROLE = Qt.ItemDataRole.UserRole + 2
WINDOW = 100
_WINDOWS_KEPT = 20
_MANY = 20
"""More records than these are not asked for one by one."""
_NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class Order:
    """By what the rows are sorted: the sort key of a column."""

    key: str
    descending: bool = False
    then: Order | None = None
    """By what rows are sorted that are alike in the first."""

    @property
    def all(self) -> tuple[tuple[str, bool], ...]:
        """Keys and directions, the first one first."""
        return ((self.key, self.descending), *(self.then.all if self.then else ()))


FilterKind = Literal["", "text", "day", "figure", "choice", "yes"]
"""What the filter menu of a column offers; none: the column cannot be filtered."""


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """One column: where its value comes from and how it is written."""

    key: str
    title: str
    value: Callable[[T], object]
    text: Callable[[T], str] | None = None
    """How it is written; otherwise the value as text, empty for None."""
    sort_key: str | None = None
    """What the source sorts by; None: the column cannot be sorted."""
    align_right: bool = False
    """For figures."""
    width: int = 120
    icon: Callable[[T], QIcon | None] | None = None
    tooltip: Callable[[T], str] | None = None
    hidden: bool = False
    """Not shown until the user chooses it."""
    filter: FilterKind = ""
    choices: tuple[str, ...] = ()
    """Words that the filter offers."""

    def written(self, row: T) -> str:
        """The cell's text."""
        if self.text is not None:
            return self.text(row)
        value = self.value(row)
        return "" if value is None else str(value)


class PagedSource(Protocol[T_co]):
    """Where rows come from; a service's list with a filter in it."""

    def count(self) -> int:
        """How many rows there are."""
        ...

    def fetch(self, offset: int, limit: int, order: Order | None) -> Sequence[T_co]:
        """Rows from ``offset`` on, at most ``limit``."""
        ...


@runtime_checkable
class LocatingSource(Protocol):
    """A source that can also say where a record stands; keeps far-away selections."""

    def position(self, row_id: str, order: Order | None) -> int | None:
        """Row number of a record, or None if it is not in the list."""
        ...


@runtime_checkable
class PlacingSource(Protocol):
    """A source that can say at once where many records stand."""

    def positions(self, row_ids: Iterable[str], order: Order | None) -> dict[str, int]:
        """Row numbers of those records that are in the list."""
        ...


class ListSource(Generic[T]):
    """A short list held in memory, as a source (``order.key`` names the column to sort by)."""

    def __init__(
        self, rows: Iterable[T], row_id: Callable[[T], str], columns: Sequence[Column[T]] = ()
    ) -> None:
        self._rows = list(rows)
        self._row_id = row_id
        self._columns = {column.sort_key: column for column in columns if column.sort_key}
        self._order: Order | None = None
        self._sorted = self._rows
        self._places: dict[str, int] | None = None

    def count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def fetch(self, offset: int, limit: int, order: Order | None) -> Sequence[T]:
        """Rows from ``offset`` on, at most ``limit``."""
        return self._in_order(order)[offset : offset + limit]

    def position(self, row_id: str, order: Order | None) -> int | None:
        """Row number of a record, or None if it is not in the list."""
        rows = self._in_order(order)
        if self._places is None:
            self._places = {self._row_id(row): number for number, row in enumerate(rows)}
        return self._places.get(row_id)

    def _in_order(self, order: Order | None) -> list[T]:
        if order != self._order:
            self._order = order
            self._places = None
            self._sorted = self._rows
            for key, descending in reversed(order.all if order else ()):
                value = self._columns[key].value
                self._sorted = sorted(self._sorted, key=_comparable(value), reverse=descending)
        return self._sorted


def _comparable(value: Callable[[T], object]) -> Callable[[T], tuple[bool, str, object]]:
    """Sort key in which empty cells come first and unlike kinds do not meet."""

    def key(row: T) -> tuple[bool, str, object]:
        found = value(row)
        if found is None:
            return (False, "", 0)
        kind = "number" if isinstance(found, int | float) else type(found).__name__
        return (True, kind, found)

    return key


class PagedTableModel(QAbstractTableModel, Generic[T]):
    """Table model that holds a few windows of rows and fetches the rest when it is shown."""

    failed = Signal(object)
    """AppError with which the source refused to give rows; the rows stay empty until refreshed."""
    reloaded = Signal()
    """Rows were fetched anew (another source, a refresh or another order)."""

    def __init__(
        self,
        columns: Sequence[Column[T]],
        row_id: Callable[[T], str],
        source: PagedSource[T] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = list(columns)
        self.order: Order | None = None
        self._row_id = row_id
        self._source = source
        self._count = 0
        self._windows: OrderedDict[int, Sequence[T]] = OrderedDict()
        self._count = self._counted()

    def set_source(self, source: PagedSource[T] | None) -> None:
        """Show other rows (another filter, another archive)."""
        self._source = source
        self.refresh()

    def refresh(self) -> None:
        """Fetch anew what is shown: the data changed."""
        self.beginResetModel()
        self._windows.clear()
        self._count = self._counted()
        self.endResetModel()
        self.reloaded.emit()

    def row(self, number: int) -> T | None:
        """The row of that number; None where there is none or the source refused."""
        if not 0 <= number < self._count:
            return None
        start = number - number % WINDOW
        if start not in self._windows:
            self._windows[start] = self._fetched(start)
            if len(self._windows) > _WINDOWS_KEPT:
                self._windows.popitem(last=False)
        else:
            self._windows.move_to_end(start)
        rows = self._windows[start]
        return rows[number - start] if number - start < len(rows) else None

    def row_id(self, number: int) -> str | None:
        """Id of the record in that row."""
        row = self.row(number)
        return None if row is None else self._row_id(row)

    def find(self, near: Mapping[str, int]) -> dict[str, int]:
        """Row numbers of records: asked of the source, else looked for around where they stood."""
        source = self._source
        if isinstance(source, PlacingSource) and len(near) > _MANY:
            return source.positions(near, self.order)
        if isinstance(source, LocatingSource):
            asked = ((row_id, source.position(row_id, self.order)) for row_id in near)
            return {row_id: number for row_id, number in asked if number is not None}
        windows = {n // WINDOW + step for n in near.values() for step in (-1, 0, 1)}
        found = {}
        for window in sorted(windows)[:_WINDOWS_KEPT]:
            for number in range(max(0, window * WINDOW), min(self._count, (window + 1) * WINDOW)):
                row_id = self.row_id(number)
                if row_id is not None and row_id in near:
                    found[row_id] = number
        return found

    def _counted(self) -> int:
        if self._source is None:
            return 0
        try:
            return self._source.count()
        except AppError as error:
            self.failed.emit(error)
            return 0

    def _fetched(self, start: int) -> Sequence[T]:
        if self._source is None:
            return ()
        try:
            return self._source.fetch(start, WINDOW, self.order)
        except AppError as error:
            self.failed.emit(error)
            return ()

    @override
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else self._count

    @override
    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or not self.wanted(role):
            return None
        row = self.row(index.row())
        column = self.columns[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.align_right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None if row is None else self.cell(row, column, role)

    @staticmethod
    def wanted(role: int) -> bool:
        """Whether the model answers to a role at all; asked before a row is fetched."""
        return role in _ROLES

    def cell(self, row: T, column: Column[T], role: int) -> object:
        """What a row says in a column for one of the roles."""
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return column.written(row)
        if role == Qt.ItemDataRole.DecorationRole:
            return column.icon(row) if column.icon else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tooltip(row) if column.tooltip else column.written(row)
        return row if role == ROW_ROLE else self._row_id(row)

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Vertical or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            then = self.order.then if self.order else None
            if then is not None and then.key == column.sort_key:
                return f"{column.title} {'▾' if then.descending else '▴'}₂"
            return column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.align_right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    @override
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        key = self._sort_key(column)
        wanted = Order(key, order == Qt.SortOrder.DescendingOrder) if key else None
        if key or column < 0:
            self.sort_by(wanted)

    def sort_also(self, column: int) -> None:
        """Sort rows that are alike by this column; once more turns it round, then leaves it off."""
        key, first = self._sort_key(column), self.order
        if key is None or (first is not None and first.key == key):
            return
        if first is None:
            self.sort_by(Order(key))
            return
        then = first.then if first.then and first.then.key == key else None
        following = Order(key, descending=True) if then else Order(key)
        gone = then is not None and then.descending
        self.sort_by(Order(first.key, first.descending, None if gone else following))

    def sort_by(self, order: Order | None) -> None:
        """Fetch the rows in another order."""
        if order != self.order:
            self.order = order
            self.refresh()
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def _sort_key(self, column: int) -> str | None:
        return self.columns[column].sort_key if 0 <= column < len(self.columns) else None


_ROLES = frozenset(
    {
        Qt.ItemDataRole.DisplayRole.value,
        Qt.ItemDataRole.AccessibleTextRole.value,
        Qt.ItemDataRole.DecorationRole.value,
        Qt.ItemDataRole.ToolTipRole.value,
        Qt.ItemDataRole.TextAlignmentRole.value,
        ROW_ROLE,
        ID_ROLE,
    }
)
