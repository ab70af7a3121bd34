"""The tables of the import window: cells by themselves, as in a spreadsheet, some on a tinted ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)
from typing_extensions import override

from app.ui.framework import tokens as t
from app.ui.framework.theme import tabular

if TYPE_CHECKING:
    from app.ui.framework.tables import Index


class _Tinted(QStyledItemDelegate):
    """Lays the model's colour under a cell; the style sheet would leave it out."""

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        color = index.data(Qt.ItemDataRole.BackgroundRole)
        if isinstance(color, QColor):
            painter.fillRect(option.rect, color)
        super().paint(painter, option, index)


def grid(model: QAbstractTableModel, name: str) -> QTableView:
    """A table of that model; ``name`` is what a screen reader calls it."""
    table = QTableView()
    table.setModel(model)
    table.setAccessibleName(name)
    table.setItemDelegate(_Tinted(table))
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setTabKeyNavigation(False)
    table.setWordWrap(False)
    table.setFont(tabular(table.font()))
    table.verticalHeader().setDefaultSectionSize(t.ROW_HEIGHT)
    table.horizontalHeader().setDefaultSectionSize(128)
    left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    table.horizontalHeader().setDefaultAlignment(left)
    for header in (table.verticalHeader(), table.horizontalHeader()):
        header.setHighlightSections(False)
    return table
