"""Text inside documents, for the search index: bounded in size whatever the file claims.

Office packages are read part by part as a stream; a declared size counts for nothing, only the
bytes that really come out. Spreadsheets of the new kind are read so too, because the faster reader
(calamine) lays a sheet out as a rectangle and one stray cell far away costs it gigabytes.
"""

from __future__ import annotations

import re
import time
import zipfile
import zlib
from typing import TYPE_CHECKING
from xml.parsers import expat

from app.services.evidence import kinds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_CHARACTERS = 2_000_000
_MAX_XML_BYTES = 48 << 20
_MAX_TEXT_BYTES = 8 << 20
_MAX_OLD_SHEET_BYTES = 16 << 20
_MAX_SECONDS = 10.0
_CHUNK = 1 << 16

_WORD = r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml"
_SLIDES = r"ppt/(?:slides/slide|notesSlides/notesSlide)\d+\.xml"
_SHEETS = r"xl/(?:workbook|sharedStrings|worksheets/sheet\d+)\.xml"
_PARTS = {
    kinds.DOCX: _WORD, kinds.DOCM: _WORD, kinds.PPTX: _SLIDES, kinds.PPTM: _SLIDES,
    kinds.XLSX: _SHEETS, kinds.XLSM: _SHEETS,
    kinds.ODT: r"content\.xml", kinds.ODP: r"content\.xml", kinds.ODS: r"content\.xml",
    kinds.OFD: r"Doc_\d+/Pages/.*\.xml",
}  # fmt: skip
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, expat.error)


def extract_text(path: Path, media_type: str) -> str:
    """Text inside a file of that type; "" where there is none or the file is damaged."""
    if media_type in _PARTS:
        pieces = _package(path, media_type)
    elif media_type == kinds.PDF:
        pieces = _pdf(path)
    elif media_type == kinds.XLS:
        pieces = _old_sheet(path)
    elif media_type == kinds.TEXT:
        pieces = iter((_plain(path),))
    else:
        return ""
    return _joined(pieces)


def _joined(pieces: Iterator[str]) -> str:
    """The pieces up to the limits of size and time; a file that breaks off keeps what was read."""
    kept: list[str] = []
    size, until = 0, time.monotonic() + _MAX_SECONDS
    for piece in pieces:
        kept.append(piece)
        size += len(piece)
        if size >= MAX_CHARACTERS or time.monotonic() > until:
            break
    text = "".join(kept)[:MAX_CHARACTERS].replace("\0", "")
    return re.sub(r"[ \t\r]*\n\s*", "\n", text).strip()


def _package(path: Path, media_type: str) -> Iterator[str]:
    wanted = re.compile(_PARTS[media_type])
    budget = _MAX_XML_BYTES
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if wanted.fullmatch(name)]
            for name in sorted(names, key=_natural):
                reader = _XmlText()
                with archive.open(name) as part:
                    while budget > 0 and (block := part.read(_CHUNK)):
                        budget -= len(block)
                        yield reader.feed(block)
    except _BROKEN:
        return


def _natural(name: str) -> list[int | str]:
    """The document before its headers, slide 2 before slide 10."""
    order = 0 if re.search(r"/(?:document|workbook|slide\d+)\.", name) else 1
    parts = re.split(r"(\d+)", name)
    return [order, *(f"{int(part):09}" if part.isdecimal() else part for part in parts)]


class _XmlText:
    """Collects the text of Word, PowerPoint, Excel, ODF and OFD parts by the elements' names."""

    _TEXT = frozenset(("t", "p", "h", "v", "TextCode"))
    _ENDS = frozenset(("p", "h", "si", "row", "sheet", "table-row", "TextObject"))
    _GAPS = frozenset(("tab", "br", "cr", "c", "tc", "table-cell", "line-break", "s"))

    def __init__(self) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._pieces: list[str] = []
        self._inside = 0
        self._fallback = 0
        self._shared = False

    def feed(self, block: bytes) -> str:
        """Text found in the next block of the part."""
        self._parser.Parse(block, False)  # noqa: FBT003 - expat takes it by place only
        found = "".join(self._pieces)
        self._pieces.clear()
        return found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if local == "Fallback":  # the same text again, for older programs
            self._fallback += 1
        elif local == "c":
            self._shared = attributes.get("t") == "s"
        elif local == "sheet" and "name" in attributes:
            self._pieces.append(attributes["name"])
        if self._holds_text(space, local):
            self._inside += 1
        if local in self._GAPS:
            self._pieces.append(" ")

    def _end(self, name: str) -> None:
        space, _, local = name.rpartition(" ")
        if local == "Fallback":
            self._fallback -= 1
        if self._holds_text(space, local):
            self._inside -= 1
        if local in self._ENDS:
            self._pieces.append("\n")

    def _holds_text(self, space: str, local: str) -> bool:
        if local in ("p", "h"):  # a paragraph holds text itself only in ODF
            return "opendocument" in space
        return local in self._TEXT

    def _text(self, text: str) -> None:
        # Excel's cells of kind "s" hold the number of a shared string, not a text.
        if self._inside and not self._fallback and not self._shared:
            self._pieces.append(text)

    @staticmethod
    def _doctype(*_: object) -> None:
        """No office file has a document type; entity bombs do."""
        raise ValueError


def _pdf(path: Path) -> Iterator[str]:
    import pypdfium2

    from app.services.evidence.pdf import opened_pdf
    from app.services.pdfium import PDFIUM

    try:
        with opened_pdf(path) as document:
            for number in range(len(document)):
                # One page at a time, so that nobody else waits for the whole document.
                with PDFIUM:
                    page = document[number]
                    text_page = page.get_textpage()
                    text = text_page.get_text_range(0, min(text_page.count_chars(), MAX_CHARACTERS))
                    text_page.close()
                    page.close()
                yield text.replace("\r\n", "\n").replace("\ufffe", "") + "\n"
    except pypdfium2.PdfiumError:
        return


def _old_sheet(path: Path) -> Iterator[str]:
    import python_calamine

    if path.stat().st_size > _MAX_OLD_SHEET_BYTES:
        return
    try:
        with python_calamine.CalamineWorkbook.from_path(path) as book:
            for name in book.sheet_names:
                yield name + "\n"
                for row in book.get_sheet_by_name(name).iter_rows():
                    yield " ".join(str(cell) for cell in row if cell != "") + "\n"
    except Exception:  # noqa: BLE001 - a parser in another language meets a broken file
        return


def _plain(path: Path) -> str:
    with path.open("rb") as file:
        data = file.read(_MAX_TEXT_BYTES)
    if data.startswith(b"\xef\xbb\xbf"):
        return data[3:].decode("utf-8", "replace")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start > len(data) - 4:  # only the last character is cut
            return data.decode("utf-8", "ignore")
    return data.decode(_chinese_encoding(data), "replace")


def _chinese_encoding(data: bytes) -> str:
    """GB18030, Big5 or UTF-16 without a mark, whichever reads most like a language."""
    import charset_normalizer

    likely = ["gb18030", "big5", "utf_16_le", "utf_16_be"]
    best = charset_normalizer.from_bytes(data[: _CHUNK // 4], cp_isolation=likely).best()
    return best.encoding if best else "gb18030"
