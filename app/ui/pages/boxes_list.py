"""The boxes as cards: how thick, how full, which pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from app.ui.framework import tokens as t
from app.ui.framework.theme import tabular

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.box_view import BoxView
    from app.ui.framework.theme import Theme

Index = QModelIndex | QPersistentModelIndex

BOX_ROLE = Qt.ItemDataRole.UserRole + 1
_NOWHERE = QModelIndex()
_LINE, _BAR = 22, 6
_CARD = 2 * t.GAP_SMALL + 2 * _LINE + _BAR + t.GRID


def filling(box: BoxView, slack_mm: float) -> str:
    """How much of a box its paper takes, in words."""
    return f"纸厚 {box.thickness_mm:.1f} / {box.spine_mm - slack_mm:g} 毫米"


def contents(box: BoxView) -> str:
    """Pieces, pages and page numbers of a box, in words."""
    parts = [f"{box.pieces} 件", f"{box.pages} 页"]
    if box.folios:
        parts.append(f"页次 {box.folios}")
    return " · ".join(parts)


class BoxModel(QAbstractListModel):
    """The boxes of the adopted scheme."""

    def __init__(self) -> None:
        super().__init__()
        self.boxes: Sequence[BoxView] = ()
        self.slack_mm = 0.0

    def show_boxes(self, boxes: Sequence[BoxView], slack_mm: float) -> None:
        """Show these instead."""
        self.beginResetModel()
        self.boxes, self.slack_mm = boxes, slack_mm
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.boxes)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        box = self.boxes[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return box.label
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            words = (box.label, f"{box.unit}脊 {box.spine_mm:g} 毫米",
                     filling(box, self.slack_mm), contents(box))  # fmt: skip
            return "，".join(words)
        return box if role == BOX_ROLE else None


class BoxList(QListView):
    """Cards of the boxes; one of them is chosen."""

    picked = Signal(object)
    """BoxView of the chosen box, or None."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.boxes = BoxModel()
        self.boxes.setParent(self)
        self.setModel(self.boxes)
        self.setItemDelegate(_Card(theme, self.boxes, self))
        self.setFont(tabular(self.font()))
        self.setAccessibleName("档案盒")
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(t.ROW_HEIGHT)
        self.selectionModel().currentChanged.connect(self._announce)

    @property
    def box(self) -> BoxView | None:
        """The chosen box."""
        row = self.currentIndex().row()
        return self.boxes.boxes[row] if 0 <= row < len(self.boxes.boxes) else None

    def show_boxes(self, boxes: Sequence[BoxView], slack_mm: float) -> None:
        """Show the boxes; the one of the same number stays chosen."""
        number = self.box.number if self.box else 1
        self.boxes.show_boxes(boxes, slack_mm)
        numbers = [box.number for box in boxes]
        row = numbers.index(number) if number in numbers else len(boxes) - 1
        self.setCurrentIndex(self.boxes.index(row))
        if not boxes:
            self.picked.emit(None)

    @Slot()
    def _announce(self) -> None:
        self.picked.emit(self.box)


class _Card(QStyledItemDelegate):
    """Paints a box: number and width, how full, contents."""

    def __init__(self, theme: Theme, model: BoxModel, parent: QListView) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = model

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, _CARD)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        box: BoxView = index.data(BOX_ROLE)
        rect, state = option.rect, option.state
        color = self._theme.color
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, color("accent_soft"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, color("hover"))
        painter.setPen(color("border"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        inner = rect.adjusted(t.GAP, t.GAP_SMALL, -t.GAP, -t.GAP_SMALL)
        line = QRect(inner.left(), inner.top(), inner.width(), _LINE)
        self._write_line(painter, option.font, line, box.label,
                         f"{box.unit}脊 {box.spine_mm:g} 毫米", bold=True)  # fmt: skip
        self._draw_bar(painter, QRectF(inner.left(), line.bottom() + 3, inner.width(), _BAR), box)
        line.moveTop(line.bottom() + 1 + _BAR + t.GRID)
        self._write_line(painter, option.font, line, contents(box),
                         filling(box, self._model.slack_mm), bold=False)  # fmt: skip
        painter.restore()

    def _write_line(
        self, painter: QPainter, font: QFont, line: QRect, left: str, right: str, *, bold: bool
    ) -> None:
        """Text at the left (shortened if there is no room) and at the right."""
        used = QFont(font)
        if bold:
            used.setWeight(QFont.Weight.DemiBold)
        else:
            used.setPixelSize(t.TEXT_SMALL)
        middle = Qt.AlignmentFlag.AlignVCenter
        plain = QFont(font)
        plain.setPixelSize(t.TEXT_SMALL)
        painter.setFont(plain)
        painter.setPen(self._theme.color("text_muted"))
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | middle, right)
        room = line.width() - painter.fontMetrics().horizontalAdvance(right) - t.GAP
        painter.setFont(used)
        painter.setPen(self._theme.color("text" if bold else "text_muted"))
        text = painter.fontMetrics().elidedText(left, Qt.TextElideMode.ElideRight, room)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | middle, text)

    def _draw_bar(self, painter: QPainter, place: QRectF, box: BoxView) -> None:
        room = box.spine_mm - self._model.slack_mm
        over = box.thickness_mm > room
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("border"))
        painter.drawRoundedRect(place, _BAR / 2, _BAR / 2)
        used = QRectF(place)
        used.setWidth(max(_BAR, place.width() * min(1.0, box.thickness_mm / max(room, 0.1))))
        painter.setBrush(self._theme.color("warning" if over else "accent"))
        painter.drawRoundedRect(used, _BAR / 2, _BAR / 2)
