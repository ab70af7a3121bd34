"""PDFs as sources of pages: their sizes, and their pages as objects that can be laid onto others."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, BinaryIO, cast

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pikepdf import Page, Pdf

    from app.services.book.spool import FilePool

_LARGEST = 14_400.0
"""Points; the largest page that viewers show (PDF 1.7, annex C)."""
logging.getLogger("pikepdf").setLevel(logging.ERROR)  # remarks about odd files, for nobody


class UnreadableError(Exception):
    """A file that cannot become pages; its text says why."""


def read_pages(path: Path) -> tuple[list[tuple[float, float]], bool]:
    """Size of every page in points, as it is looked at, and whether fonts are missing in the file.

    Raises UnreadableError.
    """
    import pikepdf

    try:
        with pikepdf.open(path) as pdf:
            sizes = [page_size(page) for page in pdf.pages]
            loose = any(_loose(font) for page in pdf.pages for font in _fonts(page))
    except pikepdf.PasswordError as error:
        raise UnreadableError("PDF 有打开密码，请用去掉密码的文件。") from error
    except (pikepdf.PdfError, OSError, ValueError, TypeError, RuntimeError) as error:
        raise UnreadableError("PDF 打不开，可能已损坏，请换一份完好的文件。") from error
    if not sizes:
        raise UnreadableError("PDF 里一页也没有，请换一份完好的文件。")
    return sizes, loose


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


class Sources:
    """The PDFs from which the pages of one volume are taken."""

    def __init__(self, target: Pdf, pool: FilePool) -> None:
        self._target, self._pool = target, pool
        self._open: dict[Path, Pdf] = {}

    def __enter__(self) -> Sources:
        return self

    def __exit__(self, *_: object) -> None:
        for pdf in self._open.values():
            pdf.close()

    def page(self, path: Path, number: int) -> Any:
        """A page as an object of the target."""
        page = self._pdf(path).pages[number]
        page.trimbox = page.cropbox  # what viewers show; the marks of a print shop stay outside
        return self._target.copy_foreign(page.as_form_xobject())

    def picture(self, spool: Path, number: int) -> Any:
        """A picture of the spool as an object of the target."""
        return self._target.copy_foreign(self._pdf(spool).Root.Pictures[number])

    def _pdf(self, path: Path) -> Pdf:
        import pikepdf

        from app.services.book.spool import PooledFile

        if path not in self._open:
            pdf = pikepdf.open(cast("BinaryIO", PooledFile(self._pool, path)))
            if "/AcroForm" in pdf.Root or any("/Annots" in page for page in pdf.pages):
                pdf.flatten_annotations("print")  # filled fields and seals belong to the page
            self._open[path] = pdf
        return self._open[path]
