"""The sheet on which a preview is drawn: zoom, fitting, scrolling; asks for pages by signals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget
from typing_extensions import override

from app.ui.framework import tokens as t

if TYPE_CHECKING:
    from app.ui.framework.theme import Theme

_MARGIN = 12
ZOOM_STEP = 1.25
_ZOOMS = (0.1, 6.0)


@dataclass(frozen=True, slots=True)
class Drawn:
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

    def show_drawn(self, drawn: Drawn) -> None:
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
        return min(_ZOOMS[1], max(0.01, chosen))  # a huge picture in a small pane still fits

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
            self.zoom_by(1 / ZOOM_STEP if down else ZOOM_STEP)
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
                self.zoom_by(ZOOM_STEP)
            case Qt.Key.Key_Minus:
                self.zoom_by(1 / ZOOM_STEP)
            case _:
                super().keyPressEvent(event)
