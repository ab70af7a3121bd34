"""并排: what several observers of one lesson wrote and gave, side by side with means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.ui.framework import tokens as t
from app.ui.framework.theme import set_role, tabular

if TYPE_CHECKING:
    from app.services.observations.records import Compared, Comparison

_FIGURES = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_TOP = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
_SIZE = (1040, 600)
_NAME_WIDTH, _FIGURE_WIDTH, _OBSERVER_WIDTH = 160, 72, 200


class CompareDialog(QDialog):
    """Rows are the items, columns the observers; then mean and highest minus lowest."""

    def __init__(self, comparison: Comparison, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("同一节课的听课记录")
        self.resize(*_SIZE)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(t.GAP)
        title = QLabel(comparison.lesson)
        title.setWordWrap(True)
        set_role(title, "heading")
        column.addWidget(title)
        self.table = _table(comparison)
        column.addWidget(self.table, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)


def _table(comparison: Comparison) -> QTableWidget:
    observers = comparison.observers
    figures = [*comparison.items, comparison.total]
    texts = (
        ("等级", [one.grade for one in observers]),
        ("优点", [one.strengths for one in observers]),
        ("建议", [one.advice for one in observers]),
        ("总评", [one.overall for one in observers]),
    )
    heads = ["项目", *(one.observer for one in observers), "平均", "最高与最低之差"]
    table = QTableWidget(len(figures) + len(texts), len(heads))
    table.setAccessibleName("并排比较")
    table.verticalHeader().hide()
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setWordWrap(True)
    table.setFont(tabular(table.font()))
    for number, line in enumerate(figures):
        _put_line(table, number, line)
    for number, (name, written) in enumerate(texts, start=len(figures)):
        head = QTableWidgetItem(name)
        head.setTextAlignment(_TOP)
        table.setItem(number, 0, head)
        for place, text in enumerate(written, start=1):
            item = QTableWidgetItem(text)
            item.setTextAlignment(_TOP)
            table.setItem(number, place, item)
    widths = [
        _NAME_WIDTH, *(_OBSERVER_WIDTH for _one in observers), _FIGURE_WIDTH, 2 * _FIGURE_WIDTH
    ]  # fmt: skip
    for place, (width, words) in enumerate(zip(widths, heads, strict=True)):
        table.setColumnWidth(place, width)
        title = QTableWidgetItem(words)
        title.setTextAlignment(_FIGURES if place else _LEFT)
        table.setHorizontalHeaderItem(place, title)
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    return table


def _put_line(table: QTableWidget, number: int, line: Compared) -> None:
    full = f"（{line.full:g} 分）" if line.full else ""
    table.setItem(number, 0, QTableWidgetItem(f"{line.name}{full}"))
    for place, value in enumerate((*line.points, line.mean, line.spread), start=1):
        item = QTableWidgetItem("" if value is None else f"{value:g}")
        item.setTextAlignment(_FIGURES)
        table.setItem(number, place, item)
