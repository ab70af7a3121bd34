"""What will come out, seen before: pages and their thumbnails, made anew in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractListModel,
    QBuffer,
    QIODevice,
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
from PySide6.QtGui import QKeySequence, QPainter, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.errors import AppError
from app.ui.framework import tokens as t
from app.ui.framework.canvas import ZOOM_STEP
from app.ui.framework.jobs import Job, JobHandle
from app.ui.framework.preview import PreviewWidget, to_image
from app.ui.framework.theme import set_role
from app.ui.framework.tiles import Thumbnails

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.progress import Progress
    from app.services.forms.form import Request
    from app.ui.framework.page import Tools
    from app.ui.framework.theme import Theme

MOST_SHEETS = 10
"""More sheets are not laid out only to be looked at."""
_PAUSE_MS = 150
_SLOW_MS = 400
_STRIP = 92
_THUMBNAIL = QSize(64, 84)
_THUMBNAIL_DPI = 20
_ZOOM, _STRIP_SHOWN = "paper/zoom", "paper/thumbnails"
_NOWHERE = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


class PaperPreview(QWidget):
    """The latest order counts; one that is still being made for an older one is stopped."""

    wide_wanted = Signal()
    """The preview is to have the whole page, or to give it back."""

    def __init__(self, tools: Tools, make: Callable[[Request, Progress], bytes]) -> None:
        super().__init__()
        self._tools = tools
        self._make = make
        self._wanted: Request | None = None
        self._shown: tuple[str, tuple[str, ...] | None] | None = None
        self._handle: JobHandle | None = None
        self._ticket = 0
        self._data = b""
        self.pages = PreviewWidget(tools.theme, tools.jobs)
        self.pages.steady = self.pages.narrow = True
        self.pages.set_zoom(tools.settings.text(_ZOOM, "page"))
        self.note = QLabel()
        self.note.setWordWrap(True)
        set_role(self.note, "small")
        self.note.hide()
        self.strip = self._make_strip()
        body = QHBoxLayout()
        body.setSpacing(t.GAP_SMALL)
        body.addWidget(self.strip)
        body.addWidget(self.pages, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GRID)
        column.addLayout(body, 1)
        column.addWidget(self.note)
        self._add_tools()
        self._add_keys()
        self._pause = self._timer(_PAUSE_MS, self._render)
        self._slow = self._timer(_SLOW_MS, self._say_busy)

    def _timer(self, pause: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(pause)
        timer.timeout.connect(slot)
        return timer

    def _make_strip(self) -> QListView:
        strip = QListView()
        strip.setAccessibleName("各页缩略图")
        strip.setFixedWidth(_STRIP)
        self._numbers = PageNumbers(strip)
        strip.setModel(self._numbers)
        self._thumbnails = Thumbnails(self._tools.jobs, self._thumbnail, self)
        self._thumbnails.arrived.connect(self._draw_strip)
        strip.setItemDelegate(PageDelegate(self._tools.theme, self._thumbnails, strip))
        strip.setUniformItemSizes(True)
        strip.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        strip.selectionModel().currentChanged.connect(self._on_strip)
        strip.hide()
        return strip

    def _add_tools(self) -> None:
        theme, row = self._tools.theme, self.pages.tool_row
        self.strip_button = _tool(theme, "list", "显示各页缩略图")
        self.strip_button.setCheckable(True)
        self.strip_button.setChecked(self._tools.settings.flag(_STRIP_SHOWN, default=True))
        self.strip_button.toggled.connect(self._on_strip_wanted)
        row.insertWidget(0, self.strip_button)
        self.wide_button = _tool(theme, "panel-right", "只看预览（F9）")
        self.wide_button.setCheckable(True)
        self.wide_button.clicked.connect(self.wide_wanted)
        row.addWidget(self.wide_button)
        self.pages.page_changed.connect(self._on_page)
        self.pages.drawn.connect(self._on_drawn)

    def _add_keys(self) -> None:
        for keys, slot in (
            ("Ctrl++", self._larger), ("Ctrl+=", self._larger), ("Ctrl+-", self._smaller),
            ("Ctrl+0", self._whole), ("Ctrl+9", self._wide),
        ):  # fmt: skip
            QShortcut(QKeySequence(keys), self).activated.connect(slot)

    # -- showing -----------------------------------------------------------------------------

    def ask(self, request: Request, sheets: int, *, together: bool) -> None:
        """Show what an order for so many sheets would give, after a moment."""
        targets = request.targets
        if targets and len(targets) > MOST_SHEETS and not together:
            from dataclasses import replace

            request = replace(request, targets=targets[:MOST_SHEETS])
            self._note(f"预览的是前 {MOST_SHEETS} 份；打印和输出的是全部 {sheets} 份。")
        else:
            self._note("")
        self._wanted = request
        self._stop()
        self._pause.start()

    def hold(self) -> None:
        """What is shown is no longer it, and it is not known yet what will be."""
        self._wanted = None
        self._pause.stop()
        self._stop()
        self._slow.start()

    def say(self, sentence: str) -> None:
        """Show a sentence instead of pages."""
        self._wanted = None
        self._pause.stop()
        self._stop()
        self._note("")
        self._show_words(sentence)

    def refresh(self) -> None:
        """Records changed: make the same anew."""
        if self._wanted is not None:
            self._pause.start()

    def set_wide(self, *, wide: bool) -> None:
        """Show whether the preview has the page for itself."""
        self.wide_button.setChecked(wide)

    def focus(self) -> None:
        """The cursor to the pages, or where there are none to the button that is always there."""
        canvas = self.pages.canvas
        start = canvas if canvas.isVisible() else self.wide_button
        start.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _note(self, words: str) -> None:
        self.note.setText(words)
        self.note.setVisible(bool(words))

    def _show_words(self, sentence: str) -> None:
        self._shown, self._data = None, b""
        self._numbers.set_pages(0, self._ticket)
        self._show_strip()
        self.pages.show_nothing(sentence)

    def _stop(self) -> None:
        """What is being made is no longer wanted."""
        self._ticket += 1
        self._slow.stop()
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    @Slot()
    def _render(self) -> None:
        request = self._wanted
        if request is None:
            return
        self._stop()
        ticket, make = self._ticket, self._make

        def work(progress: Progress) -> tuple[bytes, int]:
            from app.services.documents.render import pdf_pages

            progress.report(0, 0)
            data = make(request, progress)
            return data, len(pdf_pages(data))

        def take(made: tuple[bytes, int]) -> None:
            if ticket == self._ticket:
                self._take(request, *made)

        def refuse(error: Exception) -> None:
            if ticket == self._ticket:
                self._refuse(error)

        self._slow.start()
        job = Job("预览", work, take, refuse, owner=self, database=False, quiet=True)
        handle = self._tools.jobs.start(job)
        self._handle = None if handle.state.over else handle

    def _take(self, request: Request, data: bytes, pages: int) -> None:
        self._slow.stop()
        self._handle = None
        about = (request.form, request.targets)
        page = min(self.pages.page, pages - 1) if self._shown == about else 0
        self._shown, self._data = about, data
        self.pages.pages = pages
        self.pages.show_pdf(data, page)
        self._numbers.set_pages(pages, self._ticket)
        self._show_strip()
        self._on_page(page)

    def _refuse(self, error: Exception) -> None:
        self._slow.stop()
        self._handle = None
        if isinstance(error, AppError):
            self._show_words(error.sentence)
        else:
            self._show_words("预览没有做成。")
            self._tools.errors.show_error(error)

    @Slot()
    def _say_busy(self) -> None:
        """Only where it takes long, and nothing else is there to look at."""
        if not self._data:
            self.pages.show_nothing("正在排版…")
        else:
            self.pages.page_label.setText("正在排版…")

    # -- pages and zoom ----------------------------------------------------------------------

    def _thumbnail(self, name: str) -> bytes | None:
        """A small picture of a page; not for the GUI thread."""
        from app.services.documents.render import page_image

        ticket, _slash, number = name.partition("/")
        data = self._data
        if int(ticket) != self._ticket or not data:
            return None
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        dpi = _THUMBNAIL_DPI * self.devicePixelRatioF()
        to_image(page_image(data, int(number), dpi)).save(buffer, "PNG")  # type: ignore[call-overload]
        return bytes(buffer.data().data())

    @Slot(str)
    def _draw_strip(self, _name: str) -> None:
        self.strip.viewport().update()

    @Slot(bool)
    def _on_strip_wanted(self, wanted: bool) -> None:
        self._tools.settings.set(_STRIP_SHOWN, wanted)
        self._show_strip()

    def _show_strip(self) -> None:
        several = self._numbers.rowCount() > 1
        self.strip_button.setVisible(several)
        self.strip.setVisible(several and self.strip_button.isChecked())

    @Slot(QModelIndex, QModelIndex)
    def _on_strip(self, here: QModelIndex, _before: QModelIndex) -> None:
        if here.isValid() and here.row() != self.pages.page:
            self.pages.go_to(here.row())

    @Slot(int)
    def _on_page(self, page: int) -> None:
        index = self._numbers.index(page)
        if index.isValid():
            self.strip.setCurrentIndex(index)

    @Slot()
    def _on_drawn(self) -> None:
        self._tools.settings.set(_ZOOM, self.pages.zoom)

    @Slot()
    def _larger(self) -> None:
        self.pages.canvas.zoom_by(ZOOM_STEP)

    @Slot()
    def _smaller(self) -> None:
        self.pages.canvas.zoom_by(1 / ZOOM_STEP)

    @Slot()
    def _whole(self) -> None:
        self.pages.set_zoom("page")

    @Slot()
    def _wide(self) -> None:
        self.pages.set_zoom("width")


class PageNumbers(QAbstractListModel):
    """As many lines as there are pages."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pages = 0
        self._ticket = 0

    def set_pages(self, pages: int, ticket: int) -> None:
        """Another document; ``ticket`` tells its pictures from those of the one before."""
        self.beginResetModel()
        self._pages, self._ticket = pages, ticket
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else self._pages

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return str(index.row() + 1)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"第 {index.row() + 1} 页"
            case Qt.ItemDataRole.UserRole:
                return f"{self._ticket}/{index.row()}"
        return None


class PageDelegate(QStyledItemDelegate):
    """A small page with its number."""

    def __init__(self, theme: Theme, thumbnails: Thumbnails, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._thumbnails = thumbnails

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(_THUMBNAIL.width(), _THUMBNAIL.height() + 26)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, self._theme.color("accent_soft"))
        room = QRect(rect.left(), rect.top() + 4, rect.width(), _THUMBNAIL.height())
        pixmap = self._thumbnails.get(str(index.data(Qt.ItemDataRole.UserRole)))
        size = pixmap.size() if pixmap is not None else QSize(210, 297)
        place = QRect(room.topLeft(), size.scaled(_THUMBNAIL, Qt.AspectRatioMode.KeepAspectRatio))
        place.moveCenter(room.center())
        painter.fillRect(place, Qt.GlobalColor.white)
        if pixmap is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(place, pixmap)
        painter.setPen(self._theme.color("border_control"))
        painter.drawRect(place.adjusted(-1, -1, 0, 0))
        painter.setPen(self._theme.color("text_muted"))
        below = QRect(rect.left(), room.bottom() + 1, rect.width(), 20)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, index.data())
        painter.restore()


def _tool(theme: Theme, icon: str, words: str) -> QToolButton:
    button = QToolButton()
    set_role(button, "plain")
    button.setIcon(theme.icon(icon))
    button.setToolTip(words)
    button.setAccessibleName(words)
    return button
