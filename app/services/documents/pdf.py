"""Writes document trees as PDF through the bare ReportLab canvas: small, quick, always the same.

Platypus costs up to five times as much and grows worse than linearly. Pages are laid out by
layout.py; here their text and lines are written as PDF operators, which is quicker again than one
canvas call for each. ReportLab makes the file around them and embeds the fonts.
"""

from __future__ import annotations

import io
from itertools import groupby
from typing import TYPE_CHECKING, Any

from reportlab import rl_config
from reportlab.pdfbase.pdfdoc import PDFImageXObject
from reportlab.pdfgen.canvas import Canvas

from app.progress import NoProgress, Progress
from app.services.documents.embedding import require_embedded
from app.services.documents.fonts import FontLibrary, library
from app.services.documents.layout import lay_out
from app.services.documents.pictures import jpeg
from app.services.files import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from app.services.documents.page import Page
    from app.services.documents.tree import Document, Picture

rl_config.useA85 = 0  # plain binary streams: a fifth smaller, and quicker to write

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
    write_whole(target, render_bytes(document, created, progress=progress, fonts=fonts))


def render_bytes(
    document: Document,
    created: datetime,
    *,
    progress: Progress | None = None,
    fonts: FontLibrary | None = None,
) -> bytes:
    """The document as PDF; raises ExportError where something could not be printed as it should."""
    progress = progress or NoProgress()
    fonts = fonts or library()
    pages = lay_out(document, fonts, progress)
    buffer = io.BytesIO()
    canvas = Canvas(
        buffer, invariant=1, pageCompression=1, lang=document.language,
        initialFontName=fonts.role("song").main.name,  # or it names Helvetica, not embedded
    )  # fmt: skip
    file = canvas._doc  # noqa: SLF001 -- fonts keep the letters they have drawn by file
    _describe(canvas, file, document, created)
    images = _Images(canvas, pages)
    for number, page in enumerate(pages, start=1):
        canvas.setPageSize((page.width, page.height))
        _bookmark(canvas, page, number)
        drawn = [*images.draw(page), *_fills(page), *_lines(page)]
        canvas.addLiteral("\n".join([*drawn, "BT", *_letters(page, file), "ET"]))
        canvas.showPage()
        progress.report(number, len(pages), "写入")
    canvas.save()
    require_embedded(pages, file)
    return buffer.getvalue()


def _describe(canvas: Canvas, file: Any, document: Document, created: datetime) -> None:
    canvas.setTitle(document.title)
    canvas.setAuthor(document.author)
    canvas.setSubject(document.subject)
    canvas.setCreator("研档")
    canvas.setProducer("研档 · ReportLab")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    canvas.showOutline()
    stamp = file._timeStamp  # noqa: SLF001 -- the only way to give ReportLab another date than 2000
    stamp.YMDhms = created.timetuple()[:6]
    offset = created.utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    stamp.dhh, stamp.dmm = int(minutes / 60), abs(minutes) % 60


def _bookmark(canvas: Canvas, page: Page, number: int) -> None:
    for entry, (level, title, y) in enumerate(page.outline):
        key = f"{number}-{entry}"
        canvas.bookmarkHorizontal(key, 0, page.height - y)
        canvas.addOutlineEntry(title, key, level)


class _Images:
    """The pictures of a file: each is embedded once, as fine as its largest place needs."""

    def __init__(self, canvas: Canvas, pages: list[Page]) -> None:
        self._canvas = canvas
        self._largest: dict[Path | bytes, tuple[float, float]] = {}
        self._names: dict[Path | bytes, str] = {}
        for image in (image for page in pages for image in page.images):
            width, height = self._largest.get(image.picture.source, (0.0, 0.0))
            largest = max(width, image.width), max(height, image.height)
            self._largest[image.picture.source] = largest

    def draw(self, page: Page) -> Iterator[str]:
        """Operators for the pictures of a page."""
        for x, y, width, height, picture in page.images:
            source = picture.source
            if source not in self._names:
                self._names[source] = self._embed(picture)
            name = self._names[source]
            self._canvas._formsinuse.append(name)  # noqa: SLF001 -- names it among the page's resources
            place = f"{width:.2f} 0 0 {height:.2f} {x:.2f} {page.height - y - height:.2f} cm"
            yield f"q {place} /{self._file.getXObjectName(name)} Do Q"

    @property
    def _file(self) -> Any:
        return self._canvas._doc  # noqa: SLF001 -- drawImage would unpack every JPEG to name it

    def _embed(self, picture: Picture) -> str:
        name = f"picture{len(self._names) + 1}"
        made = PDFImageXObject(name)
        made.loadImageFromJPEG(io.BytesIO(jpeg(picture, *self._largest[picture.source])))
        self._file.Reference(made, self._file.getXObjectName(name))
        self._file.addForm(name, made)
        return name


def _fills(page: Page) -> Iterator[str]:
    for x, y, width, height in page.fills:
        yield f"{x:.3f} {page.height - y - height:.3f} {width:.3f} {height:.3f} re"
    if page.fills:
        yield "f"


def _color(color: str) -> str:
    """RRGGBB as PDF counts colours."""
    return " ".join(f"{int(color[at : at + 2] or '0', 16) / 255:.3g}" for at in (0, 2, 4))


def _lines(page: Page) -> Iterator[str]:
    """Operators for the lines; PDF counts heights from the lower edge."""
    height = page.height
    for (weight, color), strokes in groupby(page.strokes, lambda stroke: stroke[4:6]):
        yield f"{_color(color)} RG {weight:.2f} w" if color else f"{weight:.2f} w"
        for x1, y1, x2, y2, *_ in strokes:
            yield f"{x1:.2f} {height - y1:.2f} m {x2:.2f} {height - y2:.2f} l"
        yield "S 0 G" if color else "S"


def _letters(page: Page, file: Any) -> Iterator[str]:
    """Operators for the text, each run at its own place."""
    height = page.height
    font, weight, ink, spread = "", 0.0, "", 0.0
    for x, y, text, face, size, bold, color, wider, turned in page.texts:
        if color != ink:
            ink = color
            yield f"{_color(ink)} rg {_color(ink)} RG"
        if wider != spread:
            spread = wider
            yield f"{spread:.3f} Tc"
        stroke = size * _BOLD_STROKE if bold or face.heavy else 0.0
        if stroke != weight:
            weight = stroke
            yield f"2 Tr {weight:.2f} w" if weight else "0 Tr"
        matrix = "0 -1 1 0" if turned else "1 0 0 1"
        yield f"{matrix} {x:.2f} {height - y:.2f} Tm"
        for subset, codes in face.font.splitString(text, file):
            wanted = f"{face.font.getSubsetInternalName(subset, file)} {size:g} Tf"
            if wanted != font:
                font = wanted
                yield font
            yield f"<{codes.hex()}> Tj"
