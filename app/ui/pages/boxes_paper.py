"""A PDF on paper at its true size: each page drawn at 300 dpi, upright, on a sheet of its own measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter

from app.errors import StorageError
from app.services.documents.render import page_image, pdf_pages
from app.ui.framework.preview import to_image

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtPrintSupport import QPrinter

    from app.progress import Progress

_DPI = 300
_POINTS = 72


def print_pdf(source: Path | bytes, printer: QPrinter, progress: Progress) -> int:
    """Print the pages that the printer was asked for; returns how many. Not for the GUI thread.

    Raises StorageError if the printer refuses, CancelledError.
    """
    sizes = pdf_pages(source)
    first, last = printer.fromPage() or 1, printer.toPage() or len(sizes)
    wanted = range(first - 1, min(last, len(sizes)))
    printer.setFullPage(True)
    painter = QPainter()
    try:
        for done, number in enumerate(wanted):
            progress.report(done, len(wanted), "正在送往打印机")
            printer.setPageLayout(_sheet(*sizes[number]))
            ready = printer.newPage() if done else painter.begin(printer)
            if not ready:
                raise StorageError(
                    "打印机没有接收这份文件。", "请检查打印机是否开机、连好，或先另存为 PDF。"
                )
            image = to_image(page_image(source, number, _DPI))
            scale = printer.resolution() / _POINTS
            painter.drawImage(
                QRectF(0, 0, sizes[number][0] * scale, sizes[number][1] * scale), image
            )
    except BaseException:
        printer.abort()
        raise
    finally:
        painter.end()
    progress.report(len(wanted), len(wanted), "正在送往打印机")
    return len(wanted)


def _sheet(width: float, height: float) -> QPageLayout:
    """A sheet of that size in points, lying if it is wider than high, without margins."""
    lying = width > height
    upright = QSizeF(min(width, height), max(width, height))
    size = QPageSize(upright, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.FuzzyMatch)
    turn = QPageLayout.Orientation.Landscape if lying else QPageLayout.Orientation.Portrait
    layout = QPageLayout(size, turn, QMarginsF())
    layout.setMode(QPageLayout.Mode.FullPageMode)
    return layout
