"""The list of hits: each with the icon of its kind, the words marked, its date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from typing_extensions import override

from app.ui.framework import tokens as t

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.services.search import Hit
    from app.ui.framework.theme import Theme

KINDS = {
    "person": ("人员", "user"),
    "school": ("单位", "building-2"),
    "community": ("共同体", "users"),
    "agreement": ("协议", "file-text"),
    "plan": ("计划", "calendar-days"),
    "activity": ("活动", "presentation"),
    "observation": ("听课", "ear"),
    "evidence": ("材料", "files"),
}
"""Name and icon of each kind of record that can be found."""

_HIT = Qt.ItemDataRole.UserRole
_RECENT = Qt.ItemDataRole.UserRole + 1
_HEIGHT, _HEADING_HEIGHT = 54, 28
_KIND_WIDTH, _DATE_WIDTH = 56, 88
_LEFT = t.GAP + t.ICON + t.GAP


class ResultList(QListWidget):
    """Hits under headings; the arrow keys go from hit to hit."""

    opened = Signal(str, str)
    """Kind and id of the hit that was picked."""
    repeated = Signal(str)
    """An earlier query that was picked."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName("找到的记录")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setUniformItemSizes(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_HitDelegate(theme, self))
        self.itemClicked.connect(self._open)

    def show_hits(self, groups: Iterable[tuple[str, Iterable[Hit]]]) -> None:
        """List hits under the headings of their groups; the first hit is the current one."""
        self.clear()
        for heading, hits in groups:
            self._add_heading(heading)
            for hit in hits:
                name, icon = KINDS[hit.kind]
                item = QListWidgetItem(self._theme.icon(icon, "text_muted"), hit.title)
                item.setData(_HIT, hit)
                item.setData(
                    Qt.ItemDataRole.AccessibleTextRole,
                    f"{name} {hit.title} {hit.dated} {hit.snippet}",
                )
                item.setSizeHint(QSize(0, _HEIGHT))
                self.addItem(item)
        self.step(1)

    def show_recent(self, queries: Iterable[str]) -> None:
        """List what was looked for before."""
        self.clear()
        self._add_heading("最近找过")
        for query in queries:
            item = QListWidgetItem(self._theme.icon("clock", "text_muted"), query)
            item.setData(_RECENT, query)
            item.setSizeHint(QSize(0, t.ROW_HEIGHT + 4))
            self.addItem(item)

    def _add_heading(self, words: str) -> None:
        item = QListWidgetItem(words)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setSizeHint(QSize(0, _HEADING_HEIGHT))
        self.addItem(item)

    def step(self, by: int) -> None:
        """Make a hit further down (or up) the current one; headings are stepped over."""
        rows = [row for row in range(self.count()) if self.item(row).flags()]
        if not rows:
            return
        here = rows.index(self.currentRow()) if self.currentRow() in rows else -1
        there = rows[max(0, min(here + by, len(rows) - 1))]
        self.setCurrentRow(there)
        if there == rows[0]:
            self.scrollToTop()

    @property
    def hits(self) -> list[Hit]:
        """The hits that are listed."""
        found = (self.item(row).data(_HIT) for row in range(self.count()))
        return [hit for hit in found if hit is not None]

    def open_current(self) -> None:
        """Open the current hit."""
        item = self.currentItem()
        if item is not None:
            self._open(item)

    @Slot(QListWidgetItem)
    def _open(self, item: QListWidgetItem) -> None:
        hit: Hit | None = item.data(_HIT)
        if hit is not None:
            self.opened.emit(hit.kind, hit.id)
        elif item.data(_RECENT):
            self.repeated.emit(item.data(_RECENT))


class _HitDelegate(QStyledItemDelegate):
    """Draws a hit: title and date above, the place in its text below, words marked in both."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        painter.save()
        rect: QRect = option.rect
        hit: Hit | None = index.data(_HIT)
        if not index.flags() & Qt.ItemFlag.ItemIsEnabled:
            self._heading(painter, rect, index.data())
        else:
            selected = option.state & QStyle.StateFlag.State_Selected
            if selected:
                painter.fillRect(rect, self._theme.color("accent_soft"))
            icon = index.data(Qt.ItemDataRole.DecorationRole)
            icon.paint(painter, rect.left() + t.GAP, rect.top() + 8, t.ICON, t.ICON)
            line = rect.adjusted(_LEFT, 0, -t.GAP, 0)
            if hit is None:
                self._text(painter, line, index.data(), ())
            else:
                self._hit(painter, line, hit)
        painter.restore()

    def _heading(self, painter: QPainter, rect: QRect, words: str) -> None:
        painter.setPen(self._theme.color("text_muted"))
        painter.setFont(_small(painter.font()))
        bottom = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft
        painter.drawText(rect.adjusted(t.GAP, 0, 0, -t.GRID), bottom, words)

    def _hit(self, painter: QPainter, line: QRect, hit: Hit) -> None:
        middle = Qt.AlignmentFlag.AlignVCenter
        upper = QRect(line.left(), line.top() + 5, line.width(), 24)
        lower = QRect(line.left(), line.top() + 28, line.width(), 20)
        font = painter.font()
        painter.setFont(_small(font))
        painter.setPen(self._theme.color("text_muted"))
        painter.drawText(upper, middle | Qt.AlignmentFlag.AlignRight, hit.dated)
        kind = upper.adjusted(0, 0, -_DATE_WIDTH, 0)
        painter.drawText(kind, middle | Qt.AlignmentFlag.AlignRight, KINDS[hit.kind][0])
        self._text(painter, lower, hit.snippet, hit.snippet_marks)
        painter.setFont(font)
        painter.setPen(self._theme.color("text"))
        title = upper.adjusted(0, 0, -_DATE_WIDTH - _KIND_WIDTH, 0)
        self._text(painter, title, hit.title, hit.title_marks)

    def _text(
        self, painter: QPainter, rect: QRect, text: str, marks: tuple[tuple[int, int], ...]
    ) -> None:
        """One line with its marked stretches on a coloured ground; what does not fit ends in …."""
        metrics = QFontMetrics(painter.font())
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        ground = self._theme.color("warning_soft")
        for start, length in marks:
            left = metrics.horizontalAdvance(shown, start)
            width = metrics.horizontalAdvance(shown, min(start + length, len(shown))) - left
            if start < len(shown):
                top = rect.center().y() - metrics.height() // 2
                painter.fillRect(rect.left() + left, top, width, metrics.height(), QColor(ground))
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)


def _small(font: QFont) -> QFont:
    smaller = QFont(font)
    smaller.setPixelSize(t.TEXT_SMALL + 1)
    return smaller
