"""PDF through pypdfium2, which must never be used by two threads at the same time."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.services.evidence.findings import DamagedError, Findings
from app.services.evidence.kinds import PDF
from app.services.pdfium import PDFIUM

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pypdfium2 import PdfDocument


_PASSWORD_NEEDED, _UNKNOWN_SECURITY = 4, 5


@contextmanager
def opened_pdf(path: Path) -> Iterator[PdfDocument]:
    """The document, closed again at the end; the caller holds PDFIUM while it uses it.

    Raises pypdfium2.PdfiumError where it needs a password or is damaged.
    """
    import pypdfium2
    import pypdfium2.raw

    with PDFIUM:
        # Some failures leave the error of the file before in place ("needs a password"); loading
        # nothing sets it to "damaged" first.
        pypdfium2.raw.FPDF_LoadMemDocument(b"", 0, None)
        document = pypdfium2.PdfDocument(path)
    try:
        yield document
    finally:
        with PDFIUM:
            document.close()


def read_pdf(path: Path) -> Findings:
    """Pages as counted; a PDF that opens without a password counts, whatever it forbids.

    The last page must be there: a count that the pages do not bear out is none.
    """
    import pypdfium2

    try:
        with PDFIUM, opened_pdf(path) as document:
            pages = len(document)
            if pages:
                document.get_page_size(pages - 1)
                return Findings(PDF, pages=pages, pages_from="counted")
    except pypdfium2.PdfiumError as error:
        if error.err_code in (_PASSWORD_NEEDED, _UNKNOWN_SECURITY):
            return Findings(PDF, state="encrypted")
        raise DamagedError("PDF 已损坏，打不开，或者缺页") from error
    raise DamagedError("PDF 里一页也没有")
