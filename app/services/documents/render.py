"""Pictures of PDF pages and images for previews and thumbnails; knows nothing of who shows them."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.errors import StorageError
from app.services.documents import pictures
from app.services.pdfium import PDFIUM

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pypdfium2 import PdfDocument

_MOST_PIXELS = 40_000_000
_BROKEN_HINT = "请用其他程序打开看看，或换一份完好的文件。"


@dataclass(frozen=True, slots=True)
class PageImage:
    """One page as pixels: three bytes (red, green, blue) each, row by row without gaps."""

    width: int
    height: int
    rgb: bytes


def pdf_pages(source: Path | bytes) -> tuple[tuple[float, float], ...]:
    """Size of every page in points (1/72 inch), as it is looked at."""
    with _opened(source) as document:
        return tuple(document.get_page_size(number) for number in range(len(document)))


def page_image(source: Path | bytes, page: int, dpi: float) -> PageImage:
    """One page of a PDF (numbered from 0) as pixels; a poster is drawn coarser than asked."""
    with _opened(source) as document:
        width, height = document.get_page_size(page)
        scale = min(dpi / 72, (_MOST_PIXELS / max(1.0, width * height)) ** 0.5)
        bitmap = document[page].render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
        image = bitmap.to_pil().convert("RGB")
    return PageImage(image.width, image.height, image.tobytes())


def picture_image(source: Path | bytes, longest: int) -> PageImage:
    """An image as pixels, upright as the camera noted, no side longer than ``longest``."""
    try:
        with pictures.opened(source) as opened:
            image = pictures.scaled(opened, (longest, longest)).convert("RGB")
    except Exception as error:  # foreign decoders fail in many ways
        raise StorageError("图片打不开，可能已损坏。", _BROKEN_HINT, str(error)) from error
    return PageImage(image.width, image.height, image.tobytes())


@contextmanager
def _opened(source: Path | bytes) -> Iterator[PdfDocument]:
    """A PDF while it is being read; what PDFium refuses becomes words."""
    import pypdfium2

    with PDFIUM:
        document = None
        try:
            document = pypdfium2.PdfDocument(source)
            yield document
        except (pypdfium2.PdfiumError, OSError, IndexError) as error:
            # PDFium may repeat the reason of an earlier failure: believe it only with a lock in sight.
            if "password" in str(error).lower() and b"/Encrypt" in _bytes(source):
                raise StorageError("PDF 有打开密码，无法预览。", "请用去掉密码的文件。") from error
            raise StorageError("PDF 打不开，可能已损坏。", _BROKEN_HINT, str(error)) from error
        finally:
            if document is not None:
                document.close()


def _bytes(source: Path | bytes) -> bytes:
    return source if isinstance(source, bytes) else source.read_bytes()
