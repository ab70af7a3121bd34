"""Preview of a PDF or an image: drawn beside the window, zoomed and paged without waiting."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, QSizeF, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import (
    QDesktopServices,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.errors import AppError
from app.ui.framework import tokens as t
from app.ui.framework.jobs import Job, JobHandle, JobRunner
from app.ui.framework.theme import Theme, set_role

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.progress import Progress
    from app.services.documents.render import PageImage

_SCREEN_DPI = 96
_PICTURE_LONGEST = 4000
_MARGIN = 12
_ZOOM_STEP = 1.25
_ZOOMS = (0.1, 6.0)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What a job brings back: the page as pixels, and its size on screen at 100 %."""

    image: QImage
    natural: QSizeF
    pages: int


class Canvas(QAbstractScrollArea):
    """Shows one drawn page; asks for another size or page by signals."""

    size_wanted = Signal()
    page_wanted = Signal(int)
    """Steps forward (1) or back (-1)."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._image: QImage | None = None
        self.natural = QSizeF(0, 0)
        self.zoom = 1.0
        self.fit = "width"
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAutoFillBackground(False)
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.setSingleStep(t.ROW_HEIGHT)

    def show_drawn(self, drawn: _Drawn) -> None:
        """Show a page that was drawn; its place stays when only the sharpness changed."""
        self._image = drawn.image
        if drawn.natural != self.natural:
            self.natural = drawn.natural
        self._lay_out()

    def clear(self) -> None:
        """Show nothing."""
        self._image = None
        self.natural = QSizeF(0, 0)
        self._lay_out()

    def set_fit(self, fit: str) -> None:
        """Fit ``width`` or ``page``; ``""`` keeps the present zoom."""
        self.fit = fit
        self._lay_out()
        self.size_wanted.emit()

    def zoom_by(self, factor: float) -> None:
        """Larger or smaller, keeping what is in the middle where it is."""
        before = self.zoom
        self.fit = ""
        self.zoom = min(_ZOOMS[1], max(_ZOOMS[0], self.zoom * factor))
        bars = (self.horizontalScrollBar(), self.verticalScrollBar())
        middles = [(bar.value() + bar.pageStep() / 2) * self.zoom / before for bar in bars]
        self._lay_out()
        for bar, middle in zip(bars, middles, strict=True):
            bar.setValue(round(middle - bar.pageStep() / 2))
        self.size_wanted.emit()

    def fitted(self, natural: QSizeF) -> float:
        """Zoom that a page of that size gets in the present mode."""
        if not self.fit or natural.isEmpty():
            return self.zoom
        room = self.maximumViewportSize() - QSize(2 * _MARGIN, 2 * _MARGIN)
        wide, high = room.width() / natural.width(), room.height() / natural.height()
        if self.fit == "width" and natural.height() * wide > room.height():
            bar = self.verticalScrollBar().sizeHint().width()
            wide = (room.width() - bar) / natural.width()
        chosen = wide if self.fit == "width" else min(wide, high)
        return min(_ZOOMS[1], max(_ZOOMS[0], chosen))

    def _lay_out(self) -> None:
        self.zoom = self.fitted(self.natural)
        size = self._shown_size()
        view = self.viewport().size()
        pairs = (
            (self.horizontalScrollBar(), size.width(), view.width()),
            (self.verticalScrollBar(), size.height(), view.height()),
        )
        for bar, wanted, there in pairs:
            bar.setPageStep(there)
            bar.setRange(0, max(0, wanted + 2 * _MARGIN - there) if wanted else 0)
        self.viewport().update()

    def _shown_size(self) -> QSize:
        return (self.natural * self.zoom).toSize()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        view = self.viewport().rect()
        painter.fillRect(view, self._theme.color("hover"))
        if self._image is None:
            return
        size = self._shown_size()
        left = max(_MARGIN, (view.width() - size.width()) // 2) - self.horizontalScrollBar().value()
        top = max(_MARGIN, (view.height() - size.height()) // 2) - self.verticalScrollBar().value()
        place = QRect(QPoint(left, top), size)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, self._image)
        painter.setPen(self._theme.color("border_control"))
        painter.drawRect(place.adjusted(-1, -1, 0, 0))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()
        if self.fit:
            self.size_wanted.emit()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        down = event.angleDelta().y() < 0
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(1 / _ZOOM_STEP if down else _ZOOM_STEP)
            event.accept()
            return
        bar = self.verticalScrollBar()
        if bar.value() == (bar.maximum() if down else bar.minimum()):
            self.page_wanted.emit(1 if down else -1)
        else:
            super().wheelEvent(event)
        event.accept()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        match event.key():
            case Qt.Key.Key_PageDown if bar.value() == bar.maximum():
                self.page_wanted.emit(1)
            case Qt.Key.Key_PageUp if bar.value() == bar.minimum():
                self.page_wanted.emit(-1)
            case Qt.Key.Key_PageDown | Qt.Key.Key_PageUp:
                step = bar.pageStep() - t.ROW_HEIGHT
                bar.setValue(bar.value() + (step if event.key() == Qt.Key.Key_PageDown else -step))
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom_by(_ZOOM_STEP)
            case Qt.Key.Key_Minus:
                self.zoom_by(1 / _ZOOM_STEP)
            case _:
                super().keyPressEvent(event)


class PreviewWidget(QWidget):
    """A page with its tools; for what cannot be shown, a sentence and a button that opens it."""

    page_changed = Signal(int)

    def __init__(self, theme: Theme, jobs: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._jobs = jobs
        self._draw: Callable[[int, Callable[[QSizeF], float]], _Drawn] | None = None
        self._path: Path | None = None
        self._pdf = False
        self._handle: JobHandle | None = None
        self._ticket = 0
        self.page = 0
        self.pages = 0
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(120)
        self._later.timeout.connect(self._request)
        self._build()
        self.show_nothing("选中一份材料，在这里预览。")

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        tools = QHBoxLayout()
        tools.setContentsMargins(0, 0, 0, t.GRID)
        tools.setSpacing(2)
        self.canvas = Canvas(self._theme)
        self.canvas.setAccessibleName("预览")
        self.canvas.size_wanted.connect(self._on_size_wanted)
        self.canvas.page_wanted.connect(self.turn)
        self._previous = self._tool("chevron-left", "上一页（PageUp）", self._go_back)
        self.page_label = QLabel()
        self._next = self._tool("chevron-right", "下一页（PageDown）", self._go_on)
        self._tools = [
            self._tool("zoom-out", "缩小（Ctrl+滚轮）", self._smaller),
            self._tool("zoom-in", "放大（Ctrl+滚轮）", self._larger),
            self._tool("move-horizontal", "适合宽度", self._fit_width),
            self._tool("maximize", "整页", self._fit_page),
        ]
        self.zoom_label = QLabel()
        set_role(self.zoom_label, "muted")
        left: tuple[QWidget, ...] = (self._previous, self.page_label, self._next)
        right: tuple[QWidget, ...] = (self._tools[0], self.zoom_label, *self._tools[1:])
        for widget in left:
            tools.addWidget(widget)
        tools.addStretch(1)
        for widget in right:
            tools.addWidget(widget)
        self.open_button = self._tool("external-link", "用其他程序打开", self._open)
        tools.addWidget(self.open_button)
        column.addLayout(tools)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.canvas)
        self._stack.addWidget(self._build_sentence())
        column.addWidget(self._stack, 1)

    def _build_sentence(self) -> QWidget:
        empty = QWidget()
        column = QVBoxLayout(empty)
        column.setSpacing(t.GAP)
        column.addStretch(1)
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_role(self.sentence, "muted")
        column.addWidget(self.sentence)
        self.sentence_button = QPushButton(self._theme.icon("external-link"), "用其他程序打开")
        self.sentence_button.clicked.connect(self._open)
        column.addWidget(self.sentence_button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return empty

    def _tool(self, icon: str, words: str, slot: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        set_role(button, "plain")
        button.setIcon(self._theme.icon(icon))
        button.setToolTip(words)
        button.setAccessibleName(words)
        button.clicked.connect(slot)
        return button

    def show_pdf(self, source: Path | bytes, page: int = 0) -> None:
        """Show a PDF file, or one that was just made in memory."""
        self._pdf = True
        self._show(PdfDrawer(source).draw, source if isinstance(source, Path) else None, page)

    def show_image(self, source: Path | bytes) -> None:
        """Show an image, upright."""
        self._pdf = False
        self._show(ImageDrawer(source).draw, source if isinstance(source, Path) else None, 0)

    def show_file(self, path: Path, media_type: str) -> None:
        """Show a file by its real type; for others say that it cannot be shown here."""
        if media_type == "application/pdf":
            self.show_pdf(path)
        elif media_type.startswith("image/") and media_type != "image/svg+xml":
            self.show_image(path)
        else:
            self.show_nothing("这种文件不能在这里预览。", path)

    def show_nothing(self, sentence: str, path: Path | None = None) -> None:
        """Show a sentence, with a button where there is a file to open."""
        self._forget()
        self._path = path
        self.sentence.setText(sentence)
        self.sentence_button.setVisible(path is not None)
        self._stack.setCurrentIndex(1)
        self._update_tools()

    @Slot(int)
    def turn(self, steps: int) -> None:
        """Go some pages on (or back)."""
        wanted = self.page + steps
        if 0 <= wanted < self.pages:
            self.page = wanted
            bar = self.canvas.verticalScrollBar()
            self._request()
            bar.setValue(0 if steps > 0 else bar.maximum())
            self._update_tools()
            self.page_changed.emit(wanted)

    def _show(
        self,
        draw: Callable[[int, Callable[[QSizeF], float]], _Drawn],
        path: Path | None,
        page: int,
    ) -> None:
        self._forget()
        self._draw, self._path, self.page = draw, path, page
        self.canvas.fit = "width" if self._pdf else "page"
        self._stack.setCurrentIndex(0)
        self._request()
        self._update_tools()

    def _forget(self) -> None:
        self._later.stop()
        self._ticket += 1
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None
        self._draw = None
        self.pages = 0
        self.canvas.clear()

    @Slot()
    def _on_size_wanted(self) -> None:
        self._update_tools()
        if self._draw is not None and (self._pdf or self.canvas.natural.isEmpty()):
            self._later.start()

    @Slot()
    def _request(self) -> None:
        if self._draw is None:
            return
        if self._handle is not None:
            self._handle.cancel()
        draw, page, canvas = self._draw, self.page, self.canvas
        fit, zoom, sharp = canvas.fit, canvas.zoom, canvas.devicePixelRatioF()
        room = canvas.maximumViewportSize()

        def sharpness(natural: QSizeF) -> float:
            if not fit or natural.isEmpty():
                return zoom * sharp
            wide = room.width() / natural.width()
            return sharp * (wide if fit == "width" else min(wide, room.height() / natural.height()))

        self._ticket += 1
        ticket = self._ticket

        def work(progress: Progress) -> _Drawn:
            progress.report(0, 0)
            return draw(page, sharpness)

        def take(drawn: _Drawn) -> None:
            if ticket == self._ticket:  # else something else was chosen meanwhile
                self._take(drawn)

        def refuse(error: Exception) -> None:
            if ticket == self._ticket:
                self._refuse(error)

        job = Job("预览", work, take, refuse, owner=self, database=False, quiet=True)
        handle = self._jobs.start(job)
        self._handle = None if handle.state.over else handle

    def _take(self, drawn: _Drawn) -> None:
        self._handle = None
        self.pages = drawn.pages
        self.canvas.show_drawn(drawn)
        self._update_tools()

    def _refuse(self, error: Exception) -> None:
        words = error.sentence if isinstance(error, AppError) else "这份文件显示不了。"
        self.show_nothing(words, self._path)

    def _update_tools(self) -> None:
        showing = self._draw is not None
        several = showing and self.pages > 1
        for button in (self._previous, self._next):
            button.setVisible(several)
        self._previous.setEnabled(self.page > 0)
        self._next.setEnabled(self.page + 1 < self.pages)
        self.page_label.setText(f"第 {self.page + 1} / {self.pages} 页" if several else "")
        for tool in self._tools:
            tool.setVisible(showing)
        self.zoom_label.setText(f"{self.canvas.zoom:.0%}" if showing and self.pages else "")
        self.open_button.setVisible(showing and self._path is not None)

    @Slot()
    def _go_back(self) -> None:
        self.turn(-1)

    @Slot()
    def _go_on(self) -> None:
        self.turn(1)

    @Slot()
    def _smaller(self) -> None:
        self.canvas.zoom_by(1 / _ZOOM_STEP)

    @Slot()
    def _larger(self) -> None:
        self.canvas.zoom_by(_ZOOM_STEP)

    @Slot()
    def _fit_width(self) -> None:
        self.canvas.set_fit("width")

    @Slot()
    def _fit_page(self) -> None:
        self.canvas.set_fit("page")

    @Slot()
    def _open(self) -> None:
        if self._path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path)))


class PdfDrawer:
    """Draws pages of one PDF; page sizes are read once. Used by jobs, one at a time."""

    def __init__(self, source: Path | bytes) -> None:
        self._source = source
        self._sizes: tuple[tuple[float, float], ...] = ()

    def draw(self, page: int, sharpness: Callable[[QSizeF], float]) -> _Drawn:
        """One page, as sharp as the screen shows it."""
        from app.services.documents import render

        self._sizes = self._sizes or render.pdf_pages(self._source)
        natural = QSizeF(*self._sizes[page]) * (_SCREEN_DPI / 72)
        found = render.page_image(self._source, page, _SCREEN_DPI * sharpness(natural))
        return _Drawn(to_image(found), natural, len(self._sizes))


class ImageDrawer:
    """Draws an image once, large enough for any zoom of use."""

    def __init__(self, source: Path | bytes) -> None:
        self._source = source

    def draw(self, _page: int, _sharpness: Callable[[QSizeF], float]) -> _Drawn:
        """The whole image."""
        from app.services.documents import render

        image = to_image(render.picture_image(self._source, _PICTURE_LONGEST))
        return _Drawn(image, QSizeF(image.size()), 1)


def to_image(page: PageImage) -> QImage:
    """The pixels as Qt knows them (a copy: the bytes may go)."""
    stride = page.width * 3
    image = QImage(page.rgb, page.width, page.height, stride, QImage.Format.Format_RGB888)
    return image.convertToFormat(QImage.Format.Format_RGB32)
