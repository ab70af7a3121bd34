"""The table of quotas with its bars, and the small picture of the months."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from app.services.standing.quotas import plain
from app.ui.framework import tokens as t
from app.ui.framework.tables import ROW_ROLE, Column
from app.ui.pages.progress_lines import RANK, STATUSES, Row, figures, outlook, share

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from PySide6.QtGui import QIcon

    from app.ui.framework.theme import Theme

_BAR = 4
_CHART_HEIGHT = 104
_WIDEST_MONTH = 48
_FEW_MONTHS = 7


def columns(theme: Theme) -> list[Column[Row]]:
    """How the lines are listed."""

    def icon(row: Row) -> QIcon:
        name, color, _word = STATUSES[row.line.status]
        return theme.icon(name, color)

    return [
        Column(
            "status", "状态", lambda r: RANK[r.line.status],
            text=lambda r: STATUSES[r.line.status][2], sort_key="status", width=98, icon=icon,
        ),
        Column("who", "谁", lambda r: r.line.subject.name, sort_key="who", width=84),
        Column("school", "单位", lambda r: r.school, sort_key="school", width=104),
        Column("quota", "任务", lambda r: r.line.name, sort_key="quota", width=124),
        Column("period", "时段", lambda r: r.line.span.starts, text=lambda r: r.line.span.name,
               sort_key="period", width=84),
        Column("done", "完成 / 应完成", lambda r: share(r.line), text=lambda r: figures(r.line),
               sort_key="done", width=112),
        Column("outlook", "按目前进度", lambda r: outlook(r.line), sort_key="outlook", width=120,
               tooltip=lambda r: r.line.words),
    ]  # fmt: skip


class BarDelegate(QStyledItemDelegate):
    """Figures with a bar under them; the colour is that of the status, which has a word as well."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    @override
    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        option.displayAlignment = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().paint(painter, option, index)
        row = index.data(ROW_ROLE)
        if not isinstance(row, Row):
            return
        room: QRect = option.rect
        left, wide = room.left() + t.GAP - 1, room.width() - 2 * t.GAP
        place = QRectF(left, room.bottom() - _BAR - 1, wide, _BAR)
        painter.save()
        draw_bar(painter, self._theme, place, share(row.line), STATUSES[row.line.status][1])
        painter.restore()


def draw_bar(painter: QPainter, theme: Theme, place: QRectF, part: float, color: str) -> None:
    """A bar of which a part is filled."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("border"))
    painter.drawRoundedRect(place, place.height() / 2, place.height() / 2)
    if part > 0:
        filled = QRectF(place)
        filled.setWidth(max(place.width() * min(part, 1.0), place.height()))
        painter.setBrush(theme.color(color))
        painter.drawRoundedRect(filled, place.height() / 2, place.height() / 2)


class MonthChart(QWidget):
    """How much was done in each month: columns with figures, the months below."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._months: tuple[tuple[str, Decimal], ...] = ()
        self.setFixedHeight(_CHART_HEIGHT)
        self.setAccessibleName("每月完成的数量")

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, _CHART_HEIGHT)

    def show_months(self, months: Sequence[tuple[str, Decimal]]) -> None:
        """Show these months with what was done in each."""
        self._months = tuple(months)
        told = "，".join(f"{name} {plain(done)}" for name, done in self._months)
        self.setAccessibleDescription(told)
        self.setToolTip(told)
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._months:
            return
        painter = QPainter(self)
        font = self.font()
        font.setPixelSize(t.TEXT_SMALL)
        painter.setFont(font)
        line = painter.fontMetrics().height()
        highest = float(max(done for _name, done in self._months)) or 1.0
        step = min(self.width() / len(self._months), _WIDEST_MONTH)
        room = self.height() - 2 * line - t.GRID
        for number, (name, done) in enumerate(self._months):
            high = room * float(done) / highest
            column = QRectF(
                number * step + step * 0.25, line + room - high, min(step * 0.5, 28), high
            )
            painter.fillRect(column, self._theme.color("accent"))
            middle = column.center().x()
            painter.setPen(self._theme.color("text"))
            above = QRectF(middle - step / 2, column.top() - line, step, line)
            painter.drawText(above, Qt.AlignmentFlag.AlignCenter, plain(done))
            painter.setPen(self._theme.color("text_muted"))
            below = QRectF(middle - step / 2, self.height() - line, step, line)
            word = "月" if len(self._months) <= _FEW_MONTHS else ""
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, f"{int(name[-2:])}{word}")
