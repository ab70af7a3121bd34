"""A PDF on paper at its true size: each page drawn at 300 dpi, upright, on a sheet of its own measure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter

from app.errors import StorageError, ValidationError
from app.services.documents.render import page_image, pdf_pages
from app.ui.framework.preview import to_image

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from app.progress import Progress

_DPI = 300
_POINTS = 72
_MM = 25.4

Duplex = Literal["none", "long", "short"]
_DUPLEX = {
    "none": QPrinter.DuplexMode.DuplexNone,
    "long": QPrinter.DuplexMode.DuplexLongSide,
    "short": QPrinter.DuplexMode.DuplexShortSide,
}


@dataclass(frozen=True, slots=True)
class PrintSetup:
    """How pages are put on paper."""

    pages: tuple[int, ...] = ()
    """Numbers from 1; none: all that the printer was asked for."""
    copies: int = 1
    duplex: Duplex = "none"
    colour: bool = True
    right_mm: float = 0
    """How far everything is moved, where the printer at hand prints beside its place."""
    down_mm: float = 0
    fronts: tuple[int, ...] = ()
    """Pages, from 1, that are to come on a front side where both are printed."""


def print_pdf(
    source: Path | bytes, printer: QPrinter, progress: Progress, setup: PrintSetup | None = None
) -> int:
    """Print a PDF; returns how many pages went to the printer. Not for the GUI thread.

    Raises StorageError if the printer refuses, CancelledError.
    """
    setup = setup or PrintSetup()
    sizes = pdf_pages(source)
    wanted = _sides(setup, printer, len(sizes))
    printer.setDuplex(_DUPLEX[setup.duplex])
    printer.setColorMode(QPrinter.ColorMode.Color if setup.colour else QPrinter.ColorMode.GrayScale)

    def draw(number: int, painter: QPainter) -> None:
        image = to_image(page_image(source, number, _DPI))
        if not setup.colour:
            image = image.convertToFormat(QImage.Format.Format_Grayscale8)
        dots = printer.resolution() / _MM
        painter.translate(setup.right_mm * dots, setup.down_mm * dots)
        width, height = (side * printer.resolution() / _POINTS for side in sizes[number])
        painter.drawImage(QRectF(0, 0, width, height), image)

    _put_on_paper(printer, [(number, sizes[number or 0]) for number in wanted], draw, progress)
    return sum(number is not None for number in wanted)


def print_drawn(printer: QPrinter, size_mm: QSizeF, draw: Callable[[QPainter], None]) -> None:
    """Print one page that is drawn in millimetres; raises StorageError if the printer refuses."""
    from app.progress import NoProgress

    def in_mm(_number: int, painter: QPainter) -> None:
        painter.scale(printer.resolution() / _MM, printer.resolution() / _MM)
        draw(painter)

    size = (size_mm.width() * _POINTS / _MM, size_mm.height() * _POINTS / _MM)
    _put_on_paper(printer, [(0, size)], in_mm, NoProgress())


def typed_pages(text: str, pages: int) -> tuple[int, ...]:
    """Page numbers as people type them (``1、3—5``; empty: all); raises ValidationError."""
    numbers: list[int] = []
    for part in re.split(r"[\s,，、;；]+", text.strip()) if text.strip() else ():
        found = re.fullmatch(r"(\d{1,5})(?:[-—–－~～至到](\d{1,5}))?", part)
        if found is None or not 0 < int(found[1]) <= int(found[2] or found[1]):
            raise ValidationError(f"“{text}”不是页码。", "请写成 1、3—5 这样。")
        last = int(found[2] or found[1])
        if last > pages:
            raise ValidationError(f"没有第 {last} 页，一共 {pages} 页。", "请改页码。")
        numbers.extend(range(int(found[1]), last + 1))
    return tuple(dict.fromkeys(numbers))


def _sides(setup: PrintSetup, printer: QPrinter, pages: int) -> list[int | None]:
    """Pages in the order of printing, from 0; None: the empty back that begins a new sheet."""
    first, last = printer.fromPage() or 1, printer.toPage() or pages
    asked = setup.pages or range(first, min(last, pages) + 1)
    once: list[int | None] = []
    for number in asked:
        if setup.duplex != "none" and number in setup.fronts and len(once) % 2:
            once.append(None)
        once.append(number - 1)
    if printer.supportsMultipleCopies():
        printer.setCopyCount(setup.copies)
        printer.setCollateCopies(True)
        return once
    gap: list[int | None] = [None] if setup.duplex != "none" and len(once) % 2 else []
    return [*((once + gap) * (setup.copies - 1)), *once]


def _put_on_paper(
    printer: QPrinter,
    sides: Sequence[tuple[int | None, tuple[float, float]]],
    draw: Callable[[int, QPainter], None],
    progress: Progress,
) -> None:
    printer.setFullPage(True)
    painter = QPainter()
    try:
        for done, (number, size) in enumerate(sides):
            progress.report(done, len(sides), "正在送往打印机")
            printer.setPageLayout(_sheet(*size))
            ready = printer.newPage() if done else painter.begin(printer)
            if not ready:
                raise StorageError(
                    "打印机没有接收这份文件。", "请检查打印机是否开机、连好，或先另存为 PDF。"
                )
            if number is not None:
                painter.save()
                draw(number, painter)
                painter.restore()
    except BaseException:
        printer.abort()
        raise
    finally:
        painter.end()
    progress.report(len(sides), len(sides), "正在送往打印机")


def _sheet(width: float, height: float) -> QPageLayout:
    """A sheet of that size in points, lying if it is wider than high, without margins."""
    lying = width > height
    upright = QSizeF(min(width, height), max(width, height))
    size = QPageSize(upright, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.FuzzyMatch)
    turn = QPageLayout.Orientation.Landscape if lying else QPageLayout.Orientation.Portrait
    layout = QPageLayout(size, turn, QMarginsF())
    layout.setMode(QPageLayout.Mode.FullPageMode)
    return layout
