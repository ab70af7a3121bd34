"""Short lists of text in dialogs: a heading a column, a record behind each line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem

from app.ui.framework import tokens as t

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ID = Qt.ItemDataRole.UserRole
_WIDEST = 320


def plain_list(name: str, *titles: str) -> QTreeWidget:
    """An empty list; ``name`` is what a screen reader calls it."""
    lines = QTreeWidget()
    lines.setAccessibleName(name)
    lines.setHeaderLabels(titles)
    lines.setRootIsDecorated(False)
    lines.setAlternatingRowColors(True)
    return lines


def fill(lines: QTreeWidget, rows: Iterable[tuple[str, Sequence[str]]]) -> None:
    """Show these lines: id and cells of each."""
    lines.clear()
    for row_id, cells in rows:
        lines.addTopLevelItem(item(row_id, cells))
    fit(lines)


def item(row_id: str, cells: Sequence[str]) -> QTreeWidgetItem:
    """One line, its cells in full as tooltips."""
    made = QTreeWidgetItem(list(cells))
    # The last column, which takes what is left, gives the height: a hint sets the width as well.
    made.setSizeHint(len(cells) - 1, QSize(0, t.ROW_HEIGHT))
    made.setData(0, ID, row_id)
    for column, text in enumerate(cells):
        made.setToolTip(column, text)
    return made


def fit(lines: QTreeWidget, gap: int = t.GAP) -> None:
    """Columns as wide as what is in them; the last one takes the rest."""
    for column in range(lines.columnCount() - 1):
        lines.resizeColumnToContents(column)
        lines.setColumnWidth(column, min(lines.columnWidth(column) + gap, _WIDEST))
