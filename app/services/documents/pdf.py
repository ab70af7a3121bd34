"""Writes document trees as PDF on the bare ReportLab canvas: small, quick, the same bytes again.

Platypus costs up to five times as much and grows worse than linearly; pages are laid out by
layout.py, so all that is left here is to draw text and lines.
"""

from __future__ import annotations

import io
from itertools import groupby
from typing import TYPE_CHECKING, Any

from reportlab.pdfgen.canvas import Canvas

from app.progress import NoProgress, Progress
from app.services.documents.fonts import FontLibrary, library
from app.services.documents.layout import lay_out
from app.services.documents.output import replace_file

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from app.services.documents.page import Page, Stroke, Text
    from app.services.documents.tree import Document

_BOLD_STROKE = 0.03
"""Outline drawn around letters that stand in for bold ones, in ems, as Word does for 宋体."""


def write(
    document: Document,
    target: Path,
    *,
    created: datetime,
    progress: Progress | None = None,
    fonts: FontLibrary | None = None,
) -> None:
    """Write the document to ``target``, whole or not at all."""
    replace_file(target, render_bytes(document, created, progress=progress, fonts=fonts))


def render_bytes(
    document: Document,
    created: datetime,
    *,
    progress: Progress | None = None,
    fonts: FontLibrary | None = None,
) -> bytes:
    """The document as PDF; raises ExportError where something could not be printed as it should."""
    progress = progress or NoProgress()
    pages = lay_out(document, fonts or library(), progress)
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1, pageCompression=1, lang=document.language)
    _describe(canvas, document, created)
    for number, page in enumerate(pages, start=1):
        _draw(canvas, page, number)
        canvas.showPage()
        progress.report(number, len(pages), "写入")
    canvas.save()
    return buffer.getvalue()


def _describe(canvas: Canvas, document: Document, created: datetime) -> None:
    canvas.setTitle(document.title)
    canvas.setAuthor(document.author)
    canvas.setSubject(document.subject)
    canvas.setCreator("研档")
    canvas.setProducer("研档 · ReportLab")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    stamp = canvas._doc._timeStamp  # noqa: SLF001 -- the only way to give ReportLab another date than 2000
    stamp.YMDhms = created.timetuple()[:6]
    offset = created.utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    stamp.dhh, stamp.dmm = int(minutes / 60), abs(minutes) % 60


def _draw(canvas: Canvas, page: Page, number: int) -> None:
    canvas.setPageSize((page.width, page.height))
    for level, title, y in page.outline:
        key = f"{number}-{y:.0f}-{level}"
        canvas.bookmarkHorizontal(key, 0, page.height - y)
        canvas.addOutlineEntry(title, key, level)
        canvas.showOutline()
    for weight, strokes in groupby(page.strokes, lambda stroke: stroke.weight):
        canvas.setLineWidth(weight)
        canvas.lines([_flipped(stroke, page.height) for stroke in strokes])
    for (bold, size), texts in groupby(page.texts, _pen):
        if bold:
            canvas.setLineWidth(size * _BOLD_STROKE)
        run = canvas.beginText()
        run.setTextRenderMode(2 if bold else 0)
        for text in texts:
            _write(run, text, page.height)
        canvas.drawText(run)


def _pen(text: Text) -> tuple[bool, float]:
    bold = text.bold or text.face.heavy
    return bold, text.size if bold else 0.0


def _write(run: Any, text: Text, height: float) -> None:
    run.setFont(text.face.name, text.size)
    if text.turned:
        run.setTextTransform(0, -1, 1, 0, text.x, height - text.y)
    else:
        run.setTextOrigin(text.x, height - text.y)
    run.textOut(text.text)


def _flipped(stroke: Stroke, height: float) -> tuple[float, float, float, float]:
    """PDF counts from the lower edge."""
    return stroke.x1, height - stroke.y1, stroke.x2, height - stroke.y2
