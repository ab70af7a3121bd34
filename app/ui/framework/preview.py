"""Preview of a PDF or an image: drawn beside the window, zoomed and paged without waiting."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSizeF, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QAction, QDesktopServices, QImage
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.errors import AppError
from app.ui.framework import tokens as t
from app.ui.framework.canvas import ZOOM_STEP, Canvas, Drawn
from app.ui.framework.jobs import Job, JobHandle, JobRunner
from app.ui.framework.theme import Theme, set_role

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.progress import Progress
    from app.services.documents.render import PageImage

_SCREEN_DPI = 96
_PICTURE_LONGEST = 4000
_ZOOMS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
_FITS = (("适合宽度", "width"), ("整页", "page"))


class PreviewWidget(QWidget):
    """A page with its tools; for what cannot be shown, a sentence and a button that opens it."""

    page_changed = Signal(int)
    drawn = Signal()
    """A page has come onto the canvas."""
    steady = False
    """For what is drawn anew again and again: zoom and picture stay until the next is there."""
    narrow = False
    """Where there is little room: what fits the page is only in the menu of sizes."""

    def __init__(self, theme: Theme, jobs: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._jobs = jobs
        self._draw: Callable[[int, Callable[[QSizeF], float]], Drawn] | None = None
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
        self.zoom_label = self._zoom_button()
        left: tuple[QWidget, ...] = (self._previous, self.page_label, self._next)
        right: tuple[QWidget, ...] = (self._tools[0], self.zoom_label, *self._tools[1:])
        for widget in left:
            tools.addWidget(widget)
        tools.addStretch(1)
        self.tool_row = tools
        for widget in right:
            tools.addWidget(widget)
        self.open_button = self._tool("external-link", "用其他程序打开", self._open)
        tools.addWidget(self.open_button)
        column.addLayout(tools)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.canvas)
        self._stack.addWidget(self._build_sentence())
        column.addWidget(self._stack, 1)

    def _zoom_button(self) -> QToolButton:
        """Says how large the page is shown; its menu offers other sizes."""
        button = QToolButton()
        set_role(button, "plain")
        button.setToolTip("选择显示比例")
        button.setAccessibleName("显示比例")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        for words, zoom in (*((f"{zoom:.0%}", str(zoom)) for zoom in _ZOOMS), *_FITS):
            action = menu.addAction(words)
            action.setData(zoom)
        menu.triggered.connect(self._on_zoom)
        button.setMenu(menu)
        return button

    @property
    def zoom(self) -> str:
        """How large pages are shown: ``width``, ``page`` or a figure (1.5)."""
        return self.canvas.fit or f"{self.canvas.zoom:.2f}"

    def set_zoom(self, zoom: str) -> None:
        """Show pages so large, as ``zoom`` says it."""
        if zoom in {"width", "page"}:
            self.canvas.set_fit(zoom)
        else:
            self.canvas.zoom_by(float(zoom) / self.canvas.zoom)

    @Slot(QAction)
    def _on_zoom(self, action: QAction) -> None:
        self.set_zoom(action.data())

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
        self.pages = 0
        self.canvas.clear()
        self._path = path
        self.sentence.setText(sentence)
        self.sentence_button.setVisible(path is not None)
        self._stack.setCurrentIndex(1)
        self._update_tools()

    def go_to(self, page: int) -> None:
        """Show the page of that number, from 0."""
        self.turn(page - self.page)

    @Slot(int)
    def turn(self, steps: int) -> None:
        """Go some pages on (or back)."""
        wanted = self.page + steps
        if steps and 0 <= wanted < self.pages:
            self.page = wanted
            bar = self.canvas.verticalScrollBar()
            self._request()
            bar.setValue(0 if steps > 0 else bar.maximum())
            self._update_tools()
            self.page_changed.emit(wanted)

    def _show(
        self,
        draw: Callable[[int, Callable[[QSizeF], float]], Drawn],
        path: Path | None,
        page: int,
    ) -> None:
        self._forget()
        self._draw, self._path, self.page = draw, path, page
        if not self.steady:
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
        if not self.steady:
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

        def work(progress: Progress) -> Drawn:
            progress.report(0, 0)
            return draw(page, sharpness)

        def take(drawn: Drawn) -> None:
            if ticket == self._ticket:  # else something else was chosen meanwhile
                self._take(drawn)

        def refuse(error: Exception) -> None:
            if ticket == self._ticket:
                self._refuse(error)

        job = Job("预览", work, take, refuse, owner=self, database=False, quiet=True)
        handle = self._jobs.start(job)
        self._handle = None if handle.state.over else handle

    def _take(self, drawn: Drawn) -> None:
        self._handle = None
        self.pages = drawn.pages
        self.canvas.show_drawn(drawn)
        self._update_tools()
        self.drawn.emit()

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
        for number, tool in enumerate(self._tools):
            tool.setVisible(showing and (number < 2 or not self.narrow))
        self.zoom_label.setVisible(showing and self.pages > 0)
        self.zoom_label.setText(f"{self.canvas.zoom:.0%}")
        self.open_button.setVisible(showing and self._path is not None)

    @Slot()
    def _go_back(self) -> None:
        self.turn(-1)

    @Slot()
    def _go_on(self) -> None:
        self.turn(1)

    @Slot()
    def _smaller(self) -> None:
        self.canvas.zoom_by(1 / ZOOM_STEP)

    @Slot()
    def _larger(self) -> None:
        self.canvas.zoom_by(ZOOM_STEP)

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

    def draw(self, page: int, sharpness: Callable[[QSizeF], float]) -> Drawn:
        """One page, as sharp as the screen shows it."""
        from app.services.documents import render

        self._sizes = self._sizes or render.pdf_pages(self._source)
        natural = QSizeF(*self._sizes[page]) * (_SCREEN_DPI / 72)
        found = render.page_image(self._source, page, _SCREEN_DPI * sharpness(natural))
        return Drawn(to_image(found), natural, len(self._sizes))


class ImageDrawer:
    """Draws an image once, large enough for any zoom of use."""

    def __init__(self, source: Path | bytes) -> None:
        self._source = source

    def draw(self, _page: int, _sharpness: Callable[[QSizeF], float]) -> Drawn:
        """The whole image."""
        from app.services.documents import render

        image = to_image(render.picture_image(self._source, _PICTURE_LONGEST))
        return Drawn(image, QSizeF(image.size()), 1)


def to_image(page: PageImage) -> QImage:
    """The pixels as Qt knows them (a copy: the bytes may go)."""
    stride = page.width * 3
    image = QImage(page.rgb, page.width, page.height, stride, QImage.Format.Format_RGB888)
    return image.convertToFormat(QImage.Format.Format_RGB32)
