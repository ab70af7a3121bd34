"""Writes a document tree as Excel: one sheet for each section, tables as cells that can be reckoned with.

Text stays text, whatever it begins with. What stands at fixed spots of a page comes as lines, from
the top to the bottom.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC
from string import Formatter
from typing import IO, TYPE_CHECKING, Any

from app.services.documents.sheet import Sheet
from app.services.documents.tree import PictureBox, QrCode, Section, TextBox

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.progress import Progress
    from app.services.documents.tree import Block, Document

_PAPER = {(297, 420): 8, (210, 297): 9, (148, 210): 11, (182, 257): 13, (257, 364): 12}
"""Numbers of the papers that Excel knows, by their sides in millimetres."""
_INCH = 25.4
_FIELDS = {"page": "&P", "pages": "&N"}


def write(document: Document, file: IO[bytes], created: datetime, progress: Progress) -> None:
    """Write the document as the content of a .xlsx; raises ExportError."""
    from openpyxl import Workbook
    from openpyxl.writer.excel import ExcelWriter

    book = Workbook()
    book.remove(book.active)
    about = book.properties
    about.title, about.subject = document.title, document.subject
    about.creator, about.language = document.author, document.language
    about.created = created.astimezone(UTC).replace(tzinfo=None)
    names: set[str] = set()
    for section in document.sections:
        page = book.create_sheet(_name(section.title, names))
        _set_paper(page, section)
        sheet = Sheet(page, section, progress)
        for block in _in_order((*section.head, *section.blocks)):
            sheet.add(block)
        sheet.finish()
    made = io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(made, "w")).save()
    repack(made, file, created)


def _in_order(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, those at fixed spots among them from the top to the bottom."""
    placed = (TextBox, PictureBox, QrCode)
    rest = iter(sorted((b for b in blocks if isinstance(b, placed)), key=lambda b: (b.y, b.x)))
    return [next(rest) if isinstance(block, placed) else block for block in blocks]


def _name(title: str, taken: set[str]) -> str:
    """A sheet name as Excel allows it, its own in the file."""
    base = re.sub(r"[\[\]:*?/\\]", "·", title).strip("'")[:31] or "表"
    name, number = base, 1
    while name.lower() in taken:
        number += 1
        tail = f"（{number}）"
        name = base[: 31 - len(tail)] + tail
    taken.add(name.lower())
    return name


def _set_paper(page: Any, section: Section) -> None:
    """Paper, margins and foot line; as wide as the paper, however many pages high."""
    setup = section.page
    sides = tuple(sorted((round(setup.width), round(setup.height))))
    page.page_setup.orientation = "landscape" if setup.width > setup.height else "portrait"
    if sides in _PAPER:
        page.page_setup.paperSize = _PAPER[sides]
    margins = page.page_margins
    margins.left, margins.right = setup.left / _INCH, setup.right / _INCH
    margins.top, margins.bottom = setup.top / _INCH, setup.bottom / _INCH
    margins.header, margins.footer = margins.top / 2, max(setup.foot - 2, 3) / _INCH
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.print_options.horizontalCentered = True
    page.sheet_view.showGridLines = False
    pieces = Formatter().parse(section.foot)
    foot = "".join(
        text.replace("&", "&&") + _FIELDS.get(field or "", "") for text, field, *_ in pieces
    )
    if section.foot_align == "outside":
        page.HeaderFooter.differentOddEven = True
        page.oddFooter.right.text = page.evenFooter.left.text = foot
    else:
        getattr(page.oddFooter, section.foot_align).text = foot


def repack(made: IO[bytes], file: IO[bytes], created: datetime) -> None:
    """The same parts with the given date instead of the clock's: the same input, the same bytes."""
    stamp = created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(file, "w") as packed:
        for old in source.infolist():
            content = source.read(old)
            if old.filename == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            entry = zipfile.ZipInfo(old.filename, created.timetuple()[:6])
            entry.create_system = 0
            is_image = old.filename.endswith((".jpeg", ".png"))
            entry.compress_type = zipfile.ZIP_STORED if is_image else zipfile.ZIP_DEFLATED
            packed.writestr(entry, content)
