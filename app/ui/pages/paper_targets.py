"""For whom a form is printed: the records it can be about, ticked one by one or all of a term."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSignalBlocker,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.ui.framework import tokens as t
from app.ui.framework.fields import Field, FieldRow
from app.ui.framework.theme import set_role, tabular

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.services.activities.terms import TermView
    from app.services.forms.form import Target
    from app.ui.framework.page import Tools

_TITLES = ("名称", "说明", "日期")
_OWN = "own"
_DAY = 104
_NOWHERE = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is to be printed, and how it came to be chosen."""

    targets: tuple[Target, ...]
    words: str
    """E.g. 已勾选 12 份."""


class TargetsModel(QAbstractTableModel):
    """The records that fit the filter, each with its tick; ticks outlive the filter."""

    ticked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.all: Sequence[Target] = ()
        self.shown: list[Target] = []
        self.checked: set[str] = set()

    def set_targets(self, targets: Sequence[Target], *, keep: bool) -> None:
        """Other records; with ``keep`` those stay ticked that are still there."""
        self.beginResetModel()
        self.all, self.shown = targets, list(targets)
        self.checked &= {one.id for one in targets} if keep else set()
        self.endResetModel()

    def show_only(self, words: Sequence[str], first: date | None, last: date | None) -> None:
        """Show the records with all the words, of these days."""
        self.beginResetModel()
        self.shown = [
            one
            for one in self.all
            if all(word in f"{one.title} {one.detail}" for word in words)
            and (first is None or (one.day is not None and one.day >= first))
            and (last is None or (one.day is not None and one.day <= last))
        ]
        self.endResetModel()

    def tick(self, targets: Iterable[Target], *, on: bool) -> None:
        """Tick records, or take their ticks off."""
        ids = {one.id for one in targets}
        self.checked = self.checked | ids if on else self.checked - ids
        if self.shown:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.shown) - 1, 0))
        self.ticked.emit()

    @override
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.shown)

    @override
    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(_TITLES)

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        across = orientation == Qt.Orientation.Horizontal
        return _TITLES[section] if across and role == Qt.ItemDataRole.DisplayRole else None

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return usual | Qt.ItemFlag.ItemIsUserCheckable if index.column() == 0 else usual

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        one = self.shown[index.row()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            day = one.day.isoformat() if one.day else ""
            return (one.title, one.detail, day)[index.column()]
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == 0:
            on = one.id in self.checked
            return (Qt.CheckState.Checked if on else Qt.CheckState.Unchecked).value
        return None

    @override
    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        self.tick([self.shown[index.row()]], on=value == Qt.CheckState.Checked.value)
        return True


class TargetsPane(QWidget):
    """Filter, table and count. Without ticks it is the record under the cursor that is meant."""

    changed = Signal()
    """Something else is chosen now."""
    pointed = Signal()
    """The cursor came to another record."""

    def __init__(self, tools: Tools) -> None:
        super().__init__()
        self._theme = tools.theme
        self._together = False
        self._subject = ""
        self.model = TargetsModel(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GRID)
        column.addLayout(self._filters())
        self.days = self._own_days()
        column.addWidget(self.days)
        self.days.hide()
        self.table = self._table()
        column.addWidget(self.table, 1)
        column.addLayout(self._foot())
        self.model.ticked.connect(self._on_ticked)
        self.setFocusProxy(self.table)

    def _filters(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self.search = QLineEdit()
        self.search.setPlaceholderText("筛选：名称、说明里的字")
        self.search.setAccessibleName("筛选要打印的记录")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        row.addWidget(self.search, 1)
        self.period = QComboBox()
        self.period.setAccessibleName("哪段时间的")
        self.period.activated.connect(self._on_period)
        row.addWidget(self.period)
        return row

    def _own_days(self) -> QWidget:
        """First and last day, where the user names them."""
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(t.GAP_SMALL)
        self.first = FieldRow(Field("first", "从", "date", width=130), self._theme)
        self.last = FieldRow(Field("last", "到", "date", width=130), self._theme)
        for edit in (self.first, self.last):
            label = QLabel(edit.field.label)
            label.setMinimumHeight(t.CONTROL_HEIGHT)
            row.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(edit, 0, Qt.AlignmentFlag.AlignTop)
            edit.left.connect(self._filter)
        row.addStretch(1)
        return box

    def _table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setAccessibleName("给谁打印")
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setAlternatingRowColors(True)
        table.setTabKeyNavigation(False)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setFont(tabular(table.font()))
        rows = table.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(t.ROW_HEIGHT)
        header = table.horizontalHeader()
        header.setFixedHeight(t.ROW_HEIGHT)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.installEventFilter(self)
        table.selectionModel().currentRowChanged.connect(self._on_current)
        return table

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self.count = QLabel()
        self.count.setWordWrap(True)
        set_role(self.count, "small")
        row.addWidget(self.count, 1)
        for words, slot in (("全选", self.tick_all), ("全不选", self.tick_none)):
            button = QPushButton(words)
            set_role(button, "link")
            button.clicked.connect(slot)
            row.addWidget(button)
            self.none_button = button
        return row

    # -- showing -----------------------------------------------------------------------------

    def show_terms(self, terms: Sequence[TermView]) -> None:
        """The periods that records with days can be filtered by."""
        self.period.clear()
        self.period.addItem("全部时间", None)
        for term in terms:
            self.period.addItem(term.name, (term.starts_on, term.ends_on))
        self.period.addItem("自选日期…", _OWN)

    def await_others(self, subject: str) -> bool:
        """Take away records of another kind while those of this one are read; False: none were."""
        if subject == self._subject or not self.model.all:
            return False
        self.show_targets(subject, (), together=False)
        self.count.setText("正在读取名单……")
        return True

    def show_targets(self, subject: str, targets: Sequence[Target], *, together: bool) -> None:
        """The records of a form; of the same kind as before, ticks, filter and cursor stay."""
        same = subject == self._subject
        here = self.current
        self._subject, self._together = subject, together
        if not same:
            with QSignalBlocker(self.search):
                self.search.clear()
            self.period.setCurrentIndex(0)
        self.model.set_targets(targets, keep=same)
        dated = any(one.day for one in targets)
        self.period.setVisible(dated)
        self.table.setColumnHidden(1, not any(one.detail for one in targets))
        self.table.setColumnHidden(2, not dated)
        self._share_room()
        self._apply(here.id if same and here else "")

    def point(self, targets: Sequence[str]) -> None:
        """Put the cursor on a record, without ticks, or tick several."""
        known = {one.id for one in self.model.all}
        found = [one for one in targets if one in known]
        if found:
            self.model.checked = set(found) if len(found) > 1 else set()
            with QSignalBlocker(self.search):
                self.search.clear()
            self.period.setCurrentIndex(0)
            self._apply(found[0])

    @property
    def current(self) -> Target | None:
        """The record under the cursor."""
        row = self.table.currentIndex().row()
        return self.model.shown[row] if 0 <= row < len(self.model.shown) else None

    def chosen(self) -> Chosen:
        """What is to be printed."""
        ticked = tuple(one for one in self.model.all if one.id in self.model.checked)
        if ticked:
            return Chosen(ticked, f"已勾选 {len(ticked)} / {len(self.model.all)} 份")
        shown = tuple(self.model.shown)
        if self._together:
            return Chosen(shown, f"未勾选：列出的 {len(shown)} 条都在内")
        here = self.current
        if here is None:
            return Chosen((), "没有符合的记录" if self.model.all else "")
        more = f"，共 {len(shown)} 份" if len(shown) > 1 else ""
        return Chosen((here,), f"未勾选：印光标所在的 1 份{more}")

    # -- choosing ----------------------------------------------------------------------------

    @Slot()
    def tick_all(self) -> None:
        """Tick what is shown."""
        self.model.tick(self.model.shown, on=True)

    @Slot()
    def tick_none(self) -> None:
        """Take all ticks off, also of what the filter hides."""
        self.model.tick(self.model.all, on=False)

    @Slot()
    def _on_ticked(self) -> None:
        self._tell()
        self.changed.emit()

    @Slot()
    def _on_current(self) -> None:
        self._tell()
        self.pointed.emit()
        if not self.model.checked and not self._together:
            self.changed.emit()

    @Slot(int)
    def _on_period(self, _number: int) -> None:
        own = self.period.currentData() == _OWN
        self.days.setVisible(own)
        if own:
            self.first.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self._filter()

    @Slot()
    def _filter(self) -> None:
        here = self.current
        self._apply(here.id if here else "")
        self.changed.emit()

    def _apply(self, current: str) -> None:
        """Filter anew; the cursor stays where it was, else it is on the first record."""
        first, last = self._days()
        self.days.setVisible(self.period.currentData() == _OWN and self.period.isVisibleTo(self))
        self.model.show_only(self.search.text().split(), first, last)
        places = {one.id: row for row, one in enumerate(self.model.shown)}
        row = places.get(current, 0)
        if self.model.shown:
            with QSignalBlocker(self.table.selectionModel()):
                self.table.selectRow(row)
            self.table.scrollTo(self.model.index(row, 0))
        self._tell()

    def _days(self) -> tuple[date | None, date | None]:
        chosen = self.period.currentData() if self.model.all else None
        if chosen != _OWN:
            return chosen or (None, None)
        days: list[date | None] = []
        for edit in (self.first, self.last):
            try:
                value = edit.value()
                edit.set_error("")
            except ValueError as error:
                edit.set_error(str(error))
                value = None
            days.append(value if isinstance(value, date) else None)
        return days[0], days[1]

    def _share_room(self) -> None:
        """The day as wide as it is; of the rest, two fifths for the detail."""
        header = self.table.horizontalHeader()
        dated = not self.table.isColumnHidden(2)
        header.resizeSection(2, _DAY)
        header.resizeSection(1, (self.width() - _DAY * dated) * 2 // 5)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def _tell(self) -> None:
        self.count.setText(self.chosen().words)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Space ticks all rows that are selected, as the first of them is not yet."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Space
        ):
            rows = {index.row() for index in self.table.selectionModel().selectedRows()}
            picked = [self.model.shown[row] for row in sorted(rows)]
            on = any(one.id not in self.model.checked for one in picked)
            self.model.tick(picked, on=on)
            return True
        return super().eventFilter(watched, event)
