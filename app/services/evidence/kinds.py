"""Kinds of files: told from the first bytes of the content, never from the name."""

from __future__ import annotations

import re
from dataclasses import dataclass

HEAD_BYTES = 8192
"""How much of a file's beginning is read to tell its kind."""

_OOXML = "application/vnd.openxmlformats-officedocument."
DOCX = _OOXML + "wordprocessingml.document"
PPTX = _OOXML + "presentationml.presentation"
XLSX = _OOXML + "spreadsheetml.sheet"
DOC = "application/msword"
PPT = "application/vnd.ms-powerpoint"
XLS = "application/vnd.ms-excel"
DOCM = "application/vnd.ms-word.document.macroEnabled.12"
PPTM = "application/vnd.ms-powerpoint.presentation.macroEnabled.12"
XLSM = "application/vnd.ms-excel.sheet.macroEnabled.12"
XLSB = "application/vnd.ms-excel.sheet.binary.macroEnabled.12"
ODT = "application/vnd.oasis.opendocument.text"
ODP = "application/vnd.oasis.opendocument.presentation"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
OFD = "application/ofd"
OLE = "application/x-ole-storage"
ENCRYPTED_OFFICE = "application/encrypted"
NEW_OFFICE = (DOCX, DOCM, PPTX, PPTM, XLSX, XLSM, XLSB, ODT, ODP, ODS, OFD)
"""Kept in a zip."""
OLD_OFFICE = (DOC, PPT, XLS)
"""Kept in an OLE file."""
PDF = "application/pdf"
ZIP = "application/zip"
TEXT = "text/plain"
UNKNOWN = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Kind:
    """What a media type means to a clerk; the first extension is the usual one."""

    kind: str
    label: str
    extensions: tuple[str, ...]

    @property
    def phrase(self) -> str:
        """The label to stand after a Chinese character: Latin letters want a blank before them."""
        return f" {self.label}" if self.label[0].isascii() else self.label


def _kind(kind: str, label: str, extensions: str) -> Kind:
    return Kind(kind, label, tuple(f".{extension}" for extension in extensions.split()))


KINDS: dict[str, Kind] = {
    "image/jpeg": _kind("image", "JPEG 图片", "jpg jpeg jpe jfif"),
    "image/png": _kind("image", "PNG 图片", "png"),
    "image/gif": _kind("image", "GIF 图片", "gif"),
    "image/bmp": _kind("image", "BMP 图片", "bmp dib"),
    "image/webp": _kind("image", "WebP 图片", "webp"),
    "image/tiff": _kind("image", "TIFF 图片", "tif tiff"),
    "image/heic": _kind("image", "HEIC 图片", "heic heif hif"),
    "image/avif": _kind("image", "AVIF 图片", "avif"),
    "image/x-portable-pixmap": _kind("image", "PPM 图片", "ppm pgm pbm pnm"),
    PDF: _kind("pdf", "PDF 文档", "pdf"),
    DOCX: _kind("word", "Word 文档", "docx dotx"),
    DOCM: _kind("word", "带宏的 Word 文档", "docm dotm"),
    DOC: _kind("word", "旧版 Word 文档", "doc dot wps wpt"),
    ODT: _kind("word", "ODF 文字文档", "odt ott"),
    "application/rtf": _kind("word", "RTF 文档", "rtf doc"),
    PPTX: _kind("slides", "演示文稿", "pptx ppsx potx"),
    PPTM: _kind("slides", "带宏的演示文稿", "pptm ppsm"),
    PPT: _kind("slides", "旧版演示文稿", "ppt pps pot dps dpt"),
    ODP: _kind("slides", "ODF 演示文稿", "odp otp"),
    XLSX: _kind("sheet", "Excel 表格", "xlsx xltx"),
    XLSM: _kind("sheet", "带宏的 Excel 表格", "xlsm xltm xlam"),
    XLSB: _kind("sheet", "Excel 二进制表格", "xlsb"),
    XLS: _kind("sheet", "旧版 Excel 表格", "xls xlt et ett"),
    ODS: _kind("sheet", "ODF 表格", "ods ots"),
    TEXT: _kind("text", "文本文件", "txt csv tsv md log json xml ini srt lrc yaml yml toml svg"),
    "text/html": _kind("text", "网页", "html htm"),
    "message/rfc822": _kind("text", "邮件或单文件网页", "mht mhtml eml"),
    "video/mp4": _kind("video", "MP4 视频", "mp4 m4v"),
    "video/quicktime": _kind("video", "MOV 视频", "mov qt"),
    "video/3gpp": _kind("video", "3GP 视频", "3gp 3g2"),
    "video/x-matroska": _kind("video", "MKV 视频", "mkv webm"),
    "video/x-msvideo": _kind("video", "AVI 视频", "avi"),
    "video/x-ms-asf": _kind("video", "WMV 视频", "wmv asf wma"),
    "video/x-flv": _kind("video", "FLV 视频", "flv"),
    "video/mpeg": _kind("video", "MPEG 视频", "mpg mpeg vob dat"),
    "video/mp2t": _kind("video", "TS 视频", "ts mts m2ts"),
    "audio/mpeg": _kind("audio", "MP3 录音", "mp3"),
    "audio/x-m4a": _kind("audio", "M4A 录音", "m4a m4b mp4"),
    "audio/wav": _kind("audio", "WAV 录音", "wav"),
    "audio/flac": _kind("audio", "FLAC 录音", "flac"),
    "audio/ogg": _kind("audio", "OGG 录音", "ogg oga opus"),
    "audio/amr": _kind("audio", "AMR 录音", "amr"),
    "audio/aac": _kind("audio", "AAC 录音", "aac"),
    ZIP: _kind("archive", "ZIP 压缩包", "zip"),
    "application/vnd.rar": _kind("archive", "RAR 压缩包", "rar"),
    "application/x-7z-compressed": _kind("archive", "7z 压缩包", "7z"),
    "application/gzip": _kind("archive", "GZ 压缩包", "gz tgz"),
    "application/x-bzip2": _kind("archive", "BZ2 压缩包", "bz2"),
    "application/x-xz": _kind("archive", "XZ 压缩包", "xz"),
    "application/x-tar": _kind("archive", "TAR 压缩包", "tar"),
    OFD: _kind("other", "OFD 版式文档", "ofd"),
    ENCRYPTED_OFFICE: _kind("other", "加密的 Office 文档", "docx xlsx pptx docm xlsm pptm xlsb"),
    OLE: _kind("other", "旧版 Office 类文件", "msg mpp vsd pub"),
    UNKNOWN: _kind("other", "无法识别的内容", ""),
}
KNOWN_EXTENSIONS = frozenset(e for kind in KINDS.values() for e in kind.extensions)

_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"II*\0", "image/tiff"),
    (0, b"II+\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (0, b"MM\0+", "image/tiff"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
    (0, b"PK\x03\x04", ZIP),
    (0, b"PK\x05\x06", ZIP),
    (0, b"PK\x07\x08PK", ZIP),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"\x1f\x8b\x08", "application/gzip"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"\xfd7zXZ\0", "application/x-xz"),
    (257, b"ustar", "application/x-tar"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"OggS", "audio/ogg"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"\x1aE\xdf\xa3", "video/x-matroska"),
    (0, b"0&\xb2u\x8ef\xcf\x11\xa6\xd9", "video/x-ms-asf"),
    (0, b"FLV\x01", "video/x-flv"),
    (0, b"\0\0\x01\xba", "video/mpeg"),
    (0, b"\0\0\x01\xb3", "video/mpeg"),
)
_BRANDS = {
    b"heic": "image/heic", b"heix": "image/heic", b"heim": "image/heic", b"hevc": "image/heic",
    b"hevx": "image/heic", b"mif1": "image/heic", b"msf1": "image/heic", b"heis": "image/heic",
    b"avif": "image/avif", b"avis": "image/avif", b"qt  ": "video/quicktime",
    b"M4A ": "audio/x-m4a", b"M4B ": "audio/x-m4a",
}  # fmt: skip
_TEXT_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_PATTERNS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb".{0,1019}%PDF-", re.DOTALL), PDF),
    # A PDF whose first line is spoilt.
    (re.compile(rb"%[^\r\n]{0,20}[\r\n]+(?:%[^\r\n]{0,20}[\r\n]+)?\d+ \d+ obj\b"), PDF),
    (re.compile(rb"BM.{4}\0{4}.{4}[\x0c\x28\x38\x6c\x7c]\0\0\0", re.DOTALL), "image/bmp"),
    (re.compile(rb"\0.{3}(?:moov|mdat|wide)", re.DOTALL), "video/quicktime"),
    (re.compile(rb"\x09(?:\0\x04|[\x02\x04]\x06|\x08\x08)\0", re.DOTALL), XLS),  # before OLE
    (re.compile(rb"G.{187}G.{187}G", re.DOTALL), "video/mp2t"),
    (re.compile(rb"P[1-6]\s(?:#[^\n]*\n)?\s*\d+\s"), "image/x-portable-pixmap"),
)
_HTML = re.compile(rb"\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html|head|body|table)\b", re.I)


def media_type_of(head: bytes) -> str:
    """Media type by the first HEAD_BYTES of the content; zip and OLE need a look inside."""
    for offset, signature, media_type in _SIGNATURES:
        if head.startswith(signature, offset):
            return media_type
    for pattern, media_type in _PATTERNS:
        if pattern.match(head):
            return media_type
    if head[4:8] == b"ftyp":
        return _by_brand(head)
    return _audio_frame(head) or _text_type(head)


def _by_brand(head: bytes) -> str:
    brand = head[8:12]
    if brand in _BRANDS:
        return _BRANDS[brand]
    return "video/3gpp" if brand.startswith(b"3g") else "video/mp4"


def _audio_frame(head: bytes) -> str:
    """Sound without a file header begins with a frame: eleven bits set, then sane values."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return ""
    if head[1] & 0xF6 == 0xF0:
        return "audio/aac"
    layer, rate = head[1] & 0x06, head[2] >> 4
    return "audio/mpeg" if layer in (2, 4) and 0 < rate < 15 and head[2] & 0x0C != 0x0C else ""


def _text_type(head: bytes) -> str:
    if not is_text(head):
        return UNKNOWN
    if _HTML.match(head.removeprefix(b"\xef\xbb\xbf")):
        return "text/html"
    if re.match(rb"(?:From|MIME-Version|Return-Path|Received):", head, re.I):
        return "message/rfc822"
    return TEXT


def is_text(head: bytes) -> bool:
    """Whether the bytes read as text in UTF-8, UTF-16 or a Chinese encoding."""
    if not head:
        return False
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _reads_as(head[: len(head) // 2 * 2], "utf-16")
    if _TEXT_CONTROLS.search(head):
        return False
    return any(_reads_as(head, encoding) for encoding in ("utf-8", "gb18030", "big5hkscs"))


def _reads_as(head: bytes, encoding: str) -> bool:
    try:
        head.decode(encoding)
    except UnicodeDecodeError as error:
        # A character cut off at the end of the head is no fault.
        return len(head) >= HEAD_BYTES - 1 and error.start >= len(head) - 4
    return True
