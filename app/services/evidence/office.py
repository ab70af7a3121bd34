"""Office files, new (zip packages) and old (OLE): real type, pages or slides, encryption."""

from __future__ import annotations

import re
import zipfile
import zlib
from typing import IO

from app.services.evidence import kinds
from app.services.evidence.findings import DamagedError, Findings, PagesFrom

PART_LIMIT = 4 << 20
"""No part that is looked at here is read further than this: bombs stay small."""

_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)
_MAX_ENTRIES = 20_000
_INFLATED_WARNING = 1 << 30
_NOT_COUNTED = "文档属性里没有可信的页数，请打开文件看一下页数后填写"
_PAGES = re.compile(rb"<(?:\w+:)?Pages>\s*(\d{1,6})\s*<")
_CHARACTERS = re.compile(rb"<(?:\w+:)?Characters>\s*([1-9]\d*)\s*<")
_WORD_TEXT = re.compile(rb"<w:t(?: [^>]*)?>[^<]")
_SLIDE = re.compile(rb"<(?:\w+:)?sldId[ />]")
_ODF_PAGES = re.compile(rb'meta:page-count="(\d{1,6})"')
_ODF_SLIDE = re.compile(rb"<draw:page[ />]")
_OFD_PAGE = re.compile(rb"<(?:\w+:)?Page [^>]*BaseLoc=")
_MAIN_TYPES: tuple[tuple[bytes, str], ...] = (
    (b"ms-word.document.macroenabled.main", kinds.DOCM),
    (b"ms-word.template.macroenabledtemplate.main", kinds.DOCM),
    (b"wordprocessingml.document.main", kinds.DOCX),
    (b"wordprocessingml.template.main", kinds.DOCX),
    (b"ms-powerpoint.presentation.macroenabled.main", kinds.PPTM),
    (b"ms-powerpoint.slideshow.macroenabled.main", kinds.PPTM),
    (b"presentationml.presentation.main", kinds.PPTX),
    (b"presentationml.slideshow.main", kinds.PPTX),
    (b"presentationml.template.main", kinds.PPTX),
    (b"ms-excel.sheet.binary.macroenabled.main", kinds.XLSB),
    (b"ms-excel.sheet.macroenabled.main", kinds.XLSM),
    (b"ms-excel.template.macroenabled.main", kinds.XLSM),
    (b"ms-excel.addin.macroenabled.main", kinds.XLSM),
    (b"spreadsheetml.sheet.main", kinds.XLSX),
    (b"spreadsheetml.template.main", kinds.XLSX),
)
_MAIN_PARTS = {
    kinds.DOCX: "word/document.xml", kinds.DOCM: "word/document.xml",
    kinds.PPTX: "ppt/presentation.xml", kinds.PPTM: "ppt/presentation.xml",
    kinds.XLSX: "xl/workbook.xml", kinds.XLSM: "xl/workbook.xml", kinds.XLSB: "xl/workbook.bin",
}  # fmt: skip


def read_package(file: IO[bytes]) -> Findings:
    """Facts of a zip: an Office package or a plain archive."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = {info.filename: info for info in archive.infolist()}
            if len(entries) > _MAX_ENTRIES:
                return Findings(kinds.ZIP, remarks=("压缩包里的文件太多，没有细看",))
            if "[Content_Types].xml" in entries:
                return _ooxml(archive, entries)
            if "OFD.xml" in entries:
                return _ofd(archive, entries)
            if "mimetype" in entries:
                return _odf(archive, entries)
            return _plain_zip(entries)
    except RuntimeError as error:  # zipfile's word for a part under a password
        raise DamagedError("文件内部有加密的部分，读不出来") from error
    except _BROKEN as error:
        raise DamagedError("文件不完整或已损坏，打不开") from error


def read_part(archive: zipfile.ZipFile, name: str, limit: int = PART_LIMIT) -> bytes:
    """The beginning of one part; empty where the package has none of that name."""
    try:
        with archive.open(name) as part:
            return part.read(limit)
    except KeyError:
        return b""


def _ooxml(archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo]) -> Findings:
    content_types = read_part(archive, "[Content_Types].xml").lower()
    found = (kind for mark, kind in _MAIN_TYPES if mark in content_types)
    media_type = next(found, kinds.ZIP)
    if media_type == kinds.ZIP:
        return _plain_zip(entries)
    main = _MAIN_PARTS[media_type]
    if main not in entries:
        raise DamagedError(f"{kinds.KINDS[media_type].label}缺少正文部分，打不开")
    remarks = ["文件里有宏，打开时请不要启用"] if any(
        name.endswith("vbaProject.bin") for name in entries
    ) else []  # fmt: skip
    pages: int | None = None
    pages_from: PagesFrom = ""
    if media_type in (kinds.PPTX, kinds.PPTM):
        pages, pages_from = len(_SLIDE.findall(read_part(archive, main))), "counted"
    elif media_type in (kinds.DOCX, kinds.DOCM):
        pages = _word_pages(read_part(archive, "docProps/app.xml"), read_part(archive, main, 65536))
        pages_from = "properties" if pages else ""
        if pages is None:
            remarks.append(_NOT_COUNTED)
    return Findings(media_type, pages=pages, pages_from=pages_from, remarks=tuple(remarks))


def _word_pages(properties: bytes, text: bytes) -> int | None:
    """Pages as the last program that laid the document out has noted them, or None.

    "1 page, 0 characters" beside text is what a template left behind, not a count.
    """
    found = _PAGES.search(properties)
    pages = int(found.group(1)) if found else 0
    if pages == 1 and not _CHARACTERS.search(properties) and _WORD_TEXT.search(text):
        return None
    return pages or None


def _ofd(archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo]) -> Findings:
    documents = [name for name in entries if re.fullmatch(r"Doc_\d+/Document\.xml", name)]
    pages = sum(len(_OFD_PAGE.findall(read_part(archive, name))) for name in documents)
    return Findings(kinds.OFD, pages=pages or None, pages_from="counted" if pages else "")


def _odf(archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo]) -> Findings:
    declared = read_part(archive, "mimetype", 200).decode("ascii", "replace").strip()
    media_type = declared.removesuffix("-template")
    if media_type not in (kinds.ODT, kinds.ODP, kinds.ODS):
        return _plain_zip(entries)
    if b"manifest:encryption-data" in read_part(archive, "META-INF/manifest.xml"):
        return Findings(media_type, state="encrypted")
    if media_type == kinds.ODP:
        slides = len(_ODF_SLIDE.findall(read_part(archive, "content.xml")))
        return Findings(media_type, pages=slides or None, pages_from="counted" if slides else "")
    found = _ODF_PAGES.search(read_part(archive, "meta.xml"))
    pages = int(found.group(1)) if found and media_type == kinds.ODT else 0
    return Findings(
        media_type, pages=pages or None, pages_from="properties" if pages else "",
        remarks=(_NOT_COUNTED,) if media_type == kinds.ODT and not pages else (),
    )  # fmt: skip


def _plain_zip(entries: dict[str, zipfile.ZipInfo]) -> Findings:
    files = [info for info in entries.values() if not info.is_dir()]
    remarks = [f"压缩包里有 {len(files)} 个文件，不能逐件编页；需要归档的请先解压再收入"]
    if sum(info.file_size for info in files) > max(
        _INFLATED_WARNING, 100 * sum(info.compress_size for info in files)
    ):
        remarks.append("解压后特别大，解压前请确认来源")
    if any(_leaves_folder(info.filename) for info in files):
        remarks.append("压缩包里有指向文件夹之外的文件名，可能有害，解压前请确认来源")
    encrypted = any(info.flag_bits & 1 for info in files)
    return Findings(kinds.ZIP, state="encrypted" if encrypted else "ok", remarks=tuple(remarks))


def _leaves_folder(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or name[1:2] == ":"
