"""Step 3 of an import: every row, what becomes of it, and why some stay outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QSignalBlocker,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.services.imports.report import POLICY_NAMES, STATE_NAMES
from app.ui.framework import tokens as t
from app.ui.pages.import_wizard_grid import grid
from app.ui.pages.import_wizard_look import STATES
from app.ui.records.chips import ViewChips

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from app.services.imports.kinds import Kind
    from app.services.imports.report import Policy, State
    from app.ui.framework.tables import Index
    from app.ui.framework.theme import Theme
    from app.ui.pages.import_wizard_look import Look, Note, Preview

_NOWHERE = QModelIndex()
_NOTES_WIDTH = 280
_WIDTHS_LOOKED_AT = 60
_NARROWEST, _WIDEST = 72, 240
_STATE_ICONS = {
    "created": ("plus", "success"),
    "updated": ("pencil", "accent"),
    "unchanged": ("check", "text_muted"),
    "duplicate": ("copy", "warning"),
    "rejected": ("circle-x", "error"),
}
_MARK_ICONS = {
    "refused": ("circle-alert", "error", "error_soft"),
    "changed": ("pencil", "accent", "accent_soft"),
    "kept": ("shield-check", "text_muted", "ground"),
}
_NAMING = ("activities", "observations")
"""Kinds whose rows name people and schools that may not be in the archive yet."""


class PreviewModel(QAbstractTableModel):
    """The rows of a preview; text and marks of a cell are asked for when it is shown."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._preview: Preview | None = None
        self.numbers: list[int] = []

    def show_rows(self, preview: Preview | None, state: State | None) -> None:
        """Show the rows of a state; None: all."""
        self.beginResetModel()
        self._preview = preview
        self.numbers = preview.of_state(state) if preview else []
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.numbers)

    @override
    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() or self._preview is None else len(self._preview.columns)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if self._preview is None or role not in _CELL_ROLES:
            return None
        number = self.numbers[index.row()]
        at, _title = self._preview.columns[index.column()]
        mark = self._preview.mark(number, at)
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(index.row(), index.column())
        if mark is None:
            tip = role == Qt.ItemDataRole.ToolTipRole
            return self._preview.text(number, at) if tip else None
        icon, color, ground = _MARK_ICONS[mark.kind]
        if role == Qt.ItemDataRole.DecorationRole:
            return self._theme.icon(icon, color)
        return self._theme.color(ground) if role == Qt.ItemDataRole.BackgroundRole else mark.why

    def text(self, row: int, column: int) -> str:
        """What stands in a cell, on one line; with a change, old and new."""
        if self._preview is None:
            return ""
        number, (at, _title) = self.numbers[row], self._preview.columns[column]
        mark = self._preview.mark(number, at)
        text = mark.text if mark else self._preview.text(number, at)
        return text.replace("\n", " ")

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if self._preview is None:
            return None
        if orientation == Qt.Orientation.Horizontal:
            shown = role == Qt.ItemDataRole.DisplayRole
            return self._preview.columns[section][1] if shown else None
        number = self.numbers[section]
        state = self._preview.report.states[number]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{number}  {STATE_NAMES[state]}"
        if role == Qt.ItemDataRole.DecorationRole:
            return self._theme.icon(*_STATE_ICONS[state])
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._preview.words(number) or None
        return None


_CELL_ROLES = frozenset(
    {
        Qt.ItemDataRole.DisplayRole.value,
        Qt.ItemDataRole.ToolTipRole.value,
        Qt.ItemDataRole.AccessibleDescriptionRole.value,
        Qt.ItemDataRole.DecorationRole.value,
        Qt.ItemDataRole.BackgroundRole.value,
    }
)


class Notes(QListWidget):
    """Lines about the table as a whole, each as high as its words need."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setWordWrap(True)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("说明")

    def show_notes(self, notes: Sequence[Note]) -> None:
        """Show these lines; without any, the list is not there."""
        self.clear()
        for note in notes:
            icon = ("triangle-alert", "warning") if note.warning else ("info", "accent")
            item = QListWidgetItem(self._theme.icon(*icon), note.text)
            item.setData(Qt.ItemDataRole.UserRole, note.rows)
            item.setToolTip(note.text)
            self.addItem(item)
        self._fit()
        self.setVisible(bool(notes))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Room for the words: Qt's own measure forgets the style sheet's padding."""
        width = self.viewport().width() - t.ICON_SMALL - 4 * t.GAP
        for row in range(self.count()):
            item = self.item(row)
            words = self.fontMetrics().boundingRect(
                0, 0, width, 0, Qt.TextFlag.TextWrapAnywhere, item.text()
            )
            item.setSizeHint(QSize(width, words.height() + t.GAP))


class PreviewStep(QWidget):
    """The rows with their counts as filters, what is to be said of the table, and the choices."""

    policy_picked = Signal(str)
    missing_toggled = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._preview: Preview | None = None
        self._state: State | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GAP_SMALL)
        column.addLayout(self._choices())
        self.model = PreviewModel(theme, self)
        self.table = grid(self.model, "预览")
        self.table.selectionModel().currentChanged.connect(self._tell_current)
        self.notes = Notes(theme)
        self.notes.itemActivated.connect(self._go_to_note)
        self.notes.itemClicked.connect(self._go_to_note)
        split = QSplitter()
        split.setChildrenCollapsible(False)
        split.setHandleWidth(t.GAP_SMALL)
        split.addWidget(self.table)
        split.addWidget(self.notes)
        split.setStretchFactor(0, 1)
        split.setSizes([2 * _NOTES_WIDTH, _NOTES_WIDTH])
        column.addWidget(split, 1)
        self.detail = QLabel()
        self.detail.setWordWrap(True)
        self.detail.setTextFormat(Qt.TextFormat.PlainText)
        self.detail.setMinimumHeight(2 * self.detail.fontMetrics().lineSpacing())
        self.detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(self.detail)

    def _choices(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self.chips = ViewChips([("all", "全部"), *((one, STATE_NAMES[one]) for one in STATES)])
        self.chips.picked.connect(self._narrow)
        for state, (icon, color) in _STATE_ICONS.items():
            chip = self.chips.chips[state]
            chip.setIcon(self._theme.icon(icon, color))
            chip.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        row.addWidget(self.chips)
        row.addStretch(1)
        self.missing = QCheckBox("新建没有的人员和单位")
        self.missing.setToolTip("表里提到、档案库里还没有的人员和单位，一并新建")
        self.missing.toggled.connect(self.missing_toggled)
        row.addWidget(self.missing)
        row.addSpacing(t.GAP_SMALL)
        self.policy_label = QLabel("档案库里已有的")
        self.policy = QComboBox()
        self.policy.setAccessibleName("档案库里已有的")
        self.policy.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.policy.activated.connect(self._on_policy)
        self.policy_label.setBuddy(self.policy)
        row.addWidget(self.policy_label)
        row.addWidget(self.policy)
        return row

    # -- showing -----------------------------------------------------------------------------

    def show_kind(self, kind: Kind, policy: Policy, *, create_missing: bool) -> None:
        """Offer what may become of records that are there already."""
        with QSignalBlocker(self.policy), QSignalBlocker(self.missing):
            self.policy.clear()
            for one in kind.policies:
                self.policy.addItem(POLICY_NAMES[one], one)
            self.policy.setCurrentIndex(self.policy.findData(policy))
            self.missing.setChecked(create_missing)
        self.missing.setVisible(kind.key in _NAMING)

    def show_look(self, look: Look) -> None:
        """Show what the import would do, or nothing where it cannot be told."""
        new_columns = look.preview is None or self._preview is None or (
            look.preview.columns != self._preview.columns
        )  # fmt: skip
        self._preview = look.preview
        counts = look.preview.counts() if look.preview else dict.fromkeys(STATES, 0)
        if self._state and not counts[self._state]:
            self._state = None
            self.chips.choose("all")
        words = {"all": sum(counts.values())} | {str(one): n for one, n in counts.items()}
        self.chips.set_counts(words)
        for state in STATES:
            self.chips.chips[state].setEnabled(counts[state] > 0)
        self._show_rows()
        if new_columns:
            self._fit_columns()
        self._show_notes()

    def lock(self, *, locked: bool) -> None:
        """While something is written and after it, nothing is to be chosen any more."""
        for widget in (self.policy, self.policy_label, self.missing):
            widget.setEnabled(not locked)

    def _show_rows(self) -> None:
        self.model.show_rows(self._preview, self._state)
        self._tell_current(self.table.currentIndex())

    def _fit_columns(self) -> None:
        """Columns as wide as their first cells need."""
        metrics = self.table.fontMetrics()
        rows = range(min(_WIDTHS_LOOKED_AT, self.model.rowCount()))
        for column, (_at, title) in enumerate(self._preview.columns if self._preview else ()):
            texts = (title, *(self.model.text(row, column) for row in rows))
            wide = max(map(metrics.horizontalAdvance, texts)) + t.ICON + 3 * t.GAP
            self.table.setColumnWidth(column, min(_WIDEST, max(_NARROWEST, wide)))

    def _show_notes(self) -> None:
        self.notes.show_notes(self._preview.notes() if self._preview else ())

    # -- what the user does ------------------------------------------------------------------

    @Slot(str)
    def _narrow(self, state: str) -> None:
        self._state = next((one for one in STATES if one == state), None)
        self._show_rows()
        if self._state == "rejected" and self._preview and self.model.numbers:
            place = self._preview.first_refused(self.model.numbers[0])
            self.table.setCurrentIndex(self.model.index(0, place or 0))

    @Slot()
    def _on_policy(self) -> None:
        self.policy_picked.emit(self.policy.currentData())

    @Slot(QListWidgetItem)
    def _go_to_note(self, item: QListWidgetItem) -> None:
        rows = [n for n in item.data(Qt.ItemDataRole.UserRole) or () if n in self.model.numbers]
        if rows:
            self.table.setCurrentIndex(self.model.index(self.model.numbers.index(rows[0]), 0))

    @Slot(QModelIndex)
    def _tell_current(self, current: QModelIndex) -> None:
        self.detail.setText(self._words_of(current))

    def _words_of(self, index: QModelIndex) -> str:
        """What there is to say of the cell and its row."""
        preview = self._preview
        if preview is None or not index.isValid():
            return "选中一格，这里写明原因。" if preview and self.model.numbers else ""
        number = self.model.numbers[index.row()]
        words = [preview.words(number)]
        for at, title in preview.columns:
            mark = preview.mark(number, at)
            if mark and mark.kind == "refused":
                words.append(f"{title}“{preview.text(number, at)}”：{mark.why}")
            elif mark:
                words.append(f"{title}：{mark.why}")
        told = "；".join(filter(None, words))
        state = STATE_NAMES[preview.report.states[number]]
        return f"第 {number} 行 {state}" + (f"：{told}。" if told else "。")
