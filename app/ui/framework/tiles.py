"""Thumbnails: loaded beside the window, shown in tables or as tiles."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from typing_extensions import override

from app.ui.framework import tokens as t
from app.ui.framework.jobs import Job, JobRunner
from app.ui.framework.tables import ID_ROLE, ROW_ROLE, PagedTableModel

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.progress import Progress
    from app.ui.framework.theme import Theme

T = TypeVar("T")
THUMBNAIL = 160
_KEPT = 600


class Thumbnails(QObject):
    """Small pictures by record; a picture not there yet is loaded, and ``arrived`` says when it is."""

    arrived = Signal(str)

    def __init__(
        self,
        jobs: JobRunner,
        load: Callable[[str], bytes | None],
        parent: QObject | None = None,
    ) -> None:
        """``load`` gives the bytes of a small JPEG or PNG, or None; it is called off the GUI thread."""
        super().__init__(parent)
        self._jobs = jobs
        self._load = load
        self._pixmaps: OrderedDict[str, QPixmap | None] = OrderedDict()
        self._wanted: list[str] = []
        self._loading = False

    def get(self, row_id: str) -> QPixmap | None:
        """The picture, or None while there is none."""
        if row_id in self._pixmaps:
            self._pixmaps.move_to_end(row_id)
            return self._pixmaps[row_id]
        if row_id not in self._wanted:
            self._wanted.append(row_id)
            del self._wanted[:-200]
            self._next()
        return None

    def forget(self, row_id: str) -> None:
        """The file behind the record changed."""
        self._pixmaps.pop(row_id, None)

    def _next(self) -> None:
        if self._loading or not self._wanted:
            return
        self._loading = True
        row_id = self._wanted.pop()

        def work(_progress: Progress) -> tuple[str, QImage | None]:
            data = self._load(row_id)
            image = QImage.fromData(data) if data else None
            return row_id, image

        self._jobs.start(
            Job("缩略图", work, self._take, self._skip, owner=self, database=False, quiet=True)
        )

    def _take(self, found: tuple[str, QImage | None]) -> None:
        row_id, image = found
        usable = image is not None and not image.isNull()
        self._pixmaps[row_id] = QPixmap.fromImage(image) if usable and image else None
        if len(self._pixmaps) > _KEPT:
            self._pixmaps.popitem(last=False)
        self._loading = False
        self.arrived.emit(row_id)
        QTimer.singleShot(0, self, self._next)

    def _skip(self, _error: Exception) -> None:
        """A picture that cannot be made is simply not shown; its page says what is wrong with it."""
        self._loading = False
        QTimer.singleShot(0, self, self._next)


class TileView(QListView, Generic[T]):
    """The rows of a table as tiles: picture, name, one line below."""

    opened = Signal(str)
    chosen = Signal(list)

    def __init__(
        self,
        model: PagedTableModel[T],
        delegate: TileDelegate[T],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setItemDelegate(delegate)
        delegate.setParent(self)
        delegate.thumbnails.arrived.connect(self._draw_again)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(t.ROW_HEIGHT)
        self.setSpacing(t.GRID)
        self.selectionModel().selectionChanged.connect(self._announce)
        self.activated.connect(self._open)

    def selected_ids(self) -> list[str]:
        """Ids of the selected records."""
        return [str(index.data(ID_ROLE)) for index in self.selectedIndexes()]

    @Slot(str)
    def _draw_again(self, _row_id: str) -> None:
        self.viewport().update()

    @Slot()
    def _announce(self) -> None:
        self.chosen.emit(self.selected_ids())

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(str(index.data(ID_ROLE)))


class TileDelegate(QStyledItemDelegate, Generic[T]):
    """Paints one tile."""

    def __init__(
        self,
        theme: Theme,
        thumbnails: Thumbnails,
        title: Callable[[T], str],
        line: Callable[[T], str],
        icon: Callable[[T], QIcon],
    ) -> None:
        super().__init__()
        self.thumbnails = thumbnails
        self._theme = theme
        self._title = title
        self._line = line
        self._icon = icon

    @override
    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(THUMBNAIL + 2 * t.GAP_SMALL, THUMBNAIL * 3 // 4 + 60)

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        row: T | None = index.data(ROW_ROLE)
        if row is None:
            return
        state = option.state
        rect: QRect = option.rect
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, self._theme.color("accent_soft"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, self._theme.color("hover"))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(self._theme.color("accent"))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
        inner = rect.adjusted(t.GAP_SMALL, t.GAP_SMALL, -t.GAP_SMALL, -t.GRID)
        picture = QRect(inner.topLeft(), QSize(inner.width(), THUMBNAIL * 3 // 4))
        self._paint_picture(painter, picture, str(index.data(ID_ROLE)), row)
        painter.setFont(option.font)
        metrics = painter.fontMetrics()
        place = QRect(inner.left(), picture.bottom() + t.GRID, inner.width(), 22)
        for text, token in ((self._title(row), "text"), (self._line(row), "text_muted")):
            painter.setPen(self._theme.color(token))
            elided = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, place.width())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, elided)
            place.translate(0, 22)
        painter.restore()

    def _paint_picture(self, painter: QPainter, place: QRect, row_id: str, row: T) -> None:
        painter.fillRect(place, self._theme.color("ground"))
        pixmap = self.thumbnails.get(row_id)
        if pixmap is None:
            self._icon(row).paint(painter, place.adjusted(40, 20, -40, -20))
            return
        size = pixmap.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRect(place.topLeft(), size)
        target.moveCenter(place.center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(target, pixmap)
