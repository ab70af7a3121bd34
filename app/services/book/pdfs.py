"""PDFs as sources of pages: as large as they are looked at, with what was filled in and stamped."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pikepdf import Page

    from app.services.book.spool import Spool

_LARGEST = 14_400.0
"""Points; the largest page that viewers show (PDF 1.7, annex C)."""
logging.getLogger("pikepdf").setLevel(logging.ERROR)  # remarks about odd files, for nobody


class UnreadableError(Exception):
    """A file that cannot become pages; its text says why."""


class Paper(NamedTuple):
    """The pages of a PDF as they were put into the spool."""

    pages: list[tuple[int, float, float]]
    """Number in the spool, width and height in points as it is looked at."""
    loose_fonts: bool
    """Whether it names fonts that it does not bring along."""


def take_pages(path: Path, spool: Spool) -> Paper:
    """Put every page of a PDF into the spool; raises UnreadableError."""
    import pikepdf

    known: dict[tuple[int, int], int] = {}
    pages = []
    try:
        with pikepdf.open(path) as pdf:
            if "/AcroForm" in pdf.Root or any("/Annots" in page for page in pdf.pages):
                pdf.flatten_annotations("print")  # filled fields and seals belong to the page
            loose = any(_loose(font) for page in pdf.pages for font in _fonts(page))
            for page in pdf.pages:
                size = page_size(page)
                page.trimbox = page.cropbox  # what viewers show; marks of a print shop stay outside
                pages.append((spool.add_page(pdf, page, known), *size))
    except pikepdf.PasswordError as error:
        raise UnreadableError("PDF 有打开密码，请用去掉密码的文件。") from error
    except (pikepdf.PdfError, OSError, ValueError, TypeError, RuntimeError) as error:
        raise UnreadableError("PDF 打不开，可能已损坏，请换一份完好的文件。") from error
    if not pages:
        raise UnreadableError("PDF 里一页也没有，请换一份完好的文件。")
    return Paper(pages, loose)


def _fonts(page: Page) -> Iterator[Any]:
    resources = page.obj.get("/Resources")
    fonts = resources.get("/Font") if resources is not None else None
    return iter(fonts.values() if fonts is not None else ())


def _loose(font: Any) -> bool:
    """Whether a font is only named, so that each computer takes another in its place."""
    for one in font.get("/DescendantFonts", [font]):
        descriptor = one.get("/FontDescriptor")
        files = ("/FontFile", "/FontFile2", "/FontFile3")
        drawn = one.get("/Subtype") == "/Type3"
        if not drawn and (descriptor is None or not any(file in descriptor for file in files)):
            return True
    return False


def page_size(page: Page) -> tuple[float, float]:
    """Width and height of a page as viewers show it; raises ValueError where it has no area."""
    left, bottom, right, top = (float(number) for number in page.cropbox)
    unit = float(page.obj.get("/UserUnit", 1))
    width, height = abs(right - left) * unit, abs(top - bottom) * unit
    if not (0 < width <= _LARGEST and 0 < height <= _LARGEST):
        raise ValueError("page without area")
    turned = int(page.obj.get("/Rotate", 0)) % 180
    return (height, width) if turned else (width, height)
