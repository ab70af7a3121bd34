"""The lists of the home page: every line has an icon, words, perhaps a bar, and leads somewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.ui.framework import tokens as t
from app.ui.framework.theme import Theme, set_role
from app.ui.pages.progress_table import draw_bar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QFocusEvent, QPainter

_LINK = Qt.ItemDataRole.UserRole
_SHARE = Qt.ItemDataRole.UserRole + 1
_COLOR = Qt.ItemDataRole.UserRole + 2
_BAR_HEIGHT, _ICON_ROOM = 4, t.ICON + 2 * t.GAP_SMALL
_BARRED = t.ROW_HEIGHT + t.GRID


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it says, where it leads, how full its bar is."""

    icon: str
    color: str
    text: str
    page: str = ""
    view: str = ""
    share: float | None = None


class LinkList(QWidget):
    """A heading and its lines; ``followed`` tells where the chosen one leads."""

    followed = Signal(str, str)

    def __init__(self, theme: Theme, title: str, *, most: int = 0) -> None:
        """``most``: the list is as high as its lines, but no higher than so many of them."""
        super().__init__()
        self._theme, self._most = theme, most
        self.title = QLabel(title)
        set_role(self.title, "heading")
        self.lines = _Lines()
        self.lines.setAccessibleName(title)
        self.lines.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.lines.setIconSize(QSize(t.ICON, t.ICON))
        self.lines.setItemDelegate(_BarDelegate(theme, self.lines))
        self.lines.itemActivated.connect(self._follow)
        self.lines.itemClicked.connect(self._follow)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GRID)
        column.addWidget(self.title)
        column.addWidget(self.lines, 1)
        if most:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setFocusProxy(self.lines)

    def show_lines(self, lines: Sequence[Line], *, room: bool = False) -> None:
        """Show these lines; the cursor stays in its row. Without any there is nothing to see.

        ``room``: there is room for all of them, however many.
        """
        row = self.lines.currentRow()
        self.lines.clear()
        for line in lines:
            item = QListWidgetItem(self._theme.icon(line.icon, line.color), line.text)
            item.setToolTip(line.text)
            item.setData(_LINK, (line.page, line.view) if line.page else None)
            if line.share is not None:
                item.setData(_SHARE, line.share)
                item.setData(_COLOR, line.color)
            item.setSizeHint(QSize(0, t.ROW_HEIGHT if line.share is None else _BARRED))
            self.lines.addItem(item)
        self.lines.go_to(min(max(row, 0), len(lines) - 1))
        self.setVisible(bool(lines))
        if self._most:
            shown = len(lines) if room else min(len(lines), self._most)
            high = sum(self.lines.sizeHintForRow(number) for number in range(shown))
            self.lines.setFixedHeight(high + 2 * self.lines.frameWidth())

    @Slot(QListWidgetItem)
    def _follow(self, item: QListWidgetItem) -> None:
        link = item.data(_LINK)
        if link:
            self.followed.emit(*link)


class _Lines(QListWidget):
    """Shows where the cursor is only while it is here: there are several lists on the page."""

    def go_to(self, row: int) -> None:
        """Put the cursor into a row."""
        how = QItemSelectionModel.SelectionFlag
        flag = how.ClearAndSelect if self.hasFocus() else how.NoUpdate
        self.setCurrentRow(row, flag)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.go_to(max(self.currentRow(), 0))

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.clearSelection()


class _BarDelegate(QStyledItemDelegate):
    """Lines that have a share get a bar under their words."""

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
        super().paint(painter, option, index)
        share = index.data(_SHARE)
        if share is None:
            return
        room: QRect = option.rect
        left = room.left() + _ICON_ROOM
        place = QRectF(
            left, room.bottom() - _BAR_HEIGHT, room.right() - t.GAP_SMALL - left, _BAR_HEIGHT
        )
        painter.save()
        draw_bar(painter, self._theme, place, float(share), str(index.data(_COLOR)))
        painter.restore()


class Figure(QFrame):
    """A number with the words behind it, which lead to its page."""

    def __init__(self, link: QWidget) -> None:
        super().__init__()
        set_role(self, "card")
        self.number = QLabel("0")
        set_role(self.number, "display")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(t.GRID)
        row.addWidget(self.number)
        row.addWidget(link, 0, Qt.AlignmentFlag.AlignBottom)
        row.addStretch(1)
