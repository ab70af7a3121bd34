"""Old Office files: Word, PowerPoint and Excel of 1995 to 2003, and what WPS writes like them."""

from __future__ import annotations

import struct
from typing import IO, TYPE_CHECKING

from app.services.evidence import kinds
from app.services.evidence.findings import DamagedError, Findings

if TYPE_CHECKING:
    from olefile import OleFileIO

_WORD_ENCRYPTED = 0x0100
_EXCEL_FILEPASS = 0x002F
_EXCEL_BEGINS = (0x0009, 0x0209, 0x0409, 0x0809)
_PPT_ENCRYPTED = 0xF3D1C4DF
_SUMMARY = "\x05SummaryInformation"
_NO_PAGES = "文档属性里没有页数，请打开文件看一下页数后填写"
_PROPERTY_PAGES, _PROPERTY_SLIDES = 14, 7


def read_ole(file: IO[bytes]) -> Findings:
    """Facts of an OLE file; raises DamagedError where its structure is broken."""
    import olefile

    try:
        with olefile.OleFileIO(file) as ole:
            return _document(ole)
    except DamagedError:
        raise
    except Exception as error:  # olefile stumbles over broken files in many ways
        raise DamagedError("旧版 Office 文件已损坏，打不开") from error


def _document(ole: OleFileIO) -> Findings:
    if ole.exists("EncryptedPackage"):
        return Findings(kinds.ENCRYPTED_OFFICE, state="encrypted")
    if ole.exists("WordDocument"):
        return _word(ole)
    if ole.exists("PowerPoint Document"):
        return _slides(ole)
    for name in ("Workbook", "Book"):
        if ole.exists(name):
            encrypted = _excel_encrypted(_head(ole, name, 4096))
            return Findings(kinds.XLS, state="encrypted" if encrypted else "ok")
    return Findings(kinds.OLE)


def _word(ole: OleFileIO) -> Findings:
    flags = struct.unpack_from("<H", _head(ole, "WordDocument", 64), 10)[0]
    if flags & _WORD_ENCRYPTED:
        return Findings(kinds.DOC, state="encrypted")
    pages = _property(ole, _SUMMARY, _PROPERTY_PAGES)
    return Findings(
        kinds.DOC, pages=pages, pages_from="properties" if pages else "",
        remarks=() if pages else (_NO_PAGES,),
    )  # fmt: skip


def _slides(ole: OleFileIO) -> Findings:
    current = _head(ole, "Current User", 64) if ole.exists("Current User") else b""
    if len(current) >= 16 and struct.unpack_from("<I", current, 12)[0] == _PPT_ENCRYPTED:
        return Findings(kinds.PPT, state="encrypted")
    slides = _property(ole, "\x05DocumentSummaryInformation", _PROPERTY_SLIDES)
    return Findings(
        kinds.PPT, pages=slides, pages_from="properties" if slides else "",
        remarks=() if slides else (_NO_PAGES,),
    )  # fmt: skip


def _excel_encrypted(head: bytes) -> bool:
    """The record FILEPASS follows the workbook's first one, with little before it."""
    at, records = 0, 0
    while at + 4 <= len(head) and records < 32:
        record, length = struct.unpack_from("<HH", head, at)
        if record == _EXCEL_FILEPASS:
            return True
        if records == 0 and record not in _EXCEL_BEGINS:
            raise DamagedError("旧版 Excel 表格已损坏，打不开")
        at += 4 + length
        records += 1
    return False


def _head(ole: OleFileIO, name: str, size: int) -> bytes:
    with ole.openstream(name) as stream:
        data: bytes = stream.read(size)
    return data


def _property(ole: OleFileIO, stream: str, number: int) -> int | None:
    """A count from the properties; None where it is absent, broken or 0 (never counted)."""
    if not ole.exists(stream):
        return None
    try:
        value = ole.getproperties(stream).get(number)
    except Exception:  # noqa: BLE001 - broken properties only mean that the count is unknown
        return None
    return value if isinstance(value, int) and 0 < value < 1_000_000 else None
