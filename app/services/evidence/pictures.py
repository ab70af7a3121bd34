"""Pictures: size, date and orientation from the headers; no pixel is ever decoded here.

A picture cut off on the way (a stick pulled out, a chat that stopped) lacks its end mark, and
that is cheap to see.
"""

from __future__ import annotations

import struct
import zlib
from typing import IO, TYPE_CHECKING, NamedTuple

from app.services.evidence.exif import Exif, read_exif, read_tiff
from app.services.evidence.findings import DamagedError, Findings

if TYPE_CHECKING:
    from collections.abc import Callable

_TAIL = 4096
_CHUNK = 1 << 20
_MAX_SEGMENTS = 2000
_MAX_JUNK = 1 << 16
_CUT = "图片不完整，后半部分缺失（可能没有传完）"
_NO_HEADER = "图片的文件头已损坏"


def read_picture(file: IO[bytes], media_type: str) -> Findings:
    """Facts of a picture; raises DamagedError where its header makes no sense.

    A picture with a sound header that is cut off further on keeps its facts, marked as damaged.
    """
    try:
        picture = _READERS[media_type](file)
    except (struct.error, ValueError, IndexError) as error:
        raise DamagedError(_NO_HEADER) from error
    if picture.width <= 0 or picture.height <= 0:
        raise DamagedError(_NO_HEADER)
    return Findings(
        media_type,
        pages=picture.frames,
        pages_from="counted",
        taken_at=picture.exif.taken_at,
        orientation=picture.exif.orientation,
        width=picture.width,
        height=picture.height,
        state="damaged" if picture.fault else "ok",
        remarks=(picture.fault,) if picture.fault else (),
    )


class _Picture(NamedTuple):
    width: int
    height: int
    exif: Exif = Exif()
    frames: int = 1
    fault: str = ""


def _jpeg(file: IO[bytes]) -> _Picture:
    exif = Exif()
    width = height = 0
    file.seek(2)
    for _ in range(_MAX_SEGMENTS):
        marker = _next_marker(file)
        if marker == 0xDA:
            break
        if marker == 0x01 or 0xD0 <= marker <= 0xD8:
            continue
        head = file.read(2)
        if len(head) < 2 or marker == 0xD9:
            raise DamagedError(_CUT)
        length = int.from_bytes(head, "big") - 2
        if length < 0:
            raise DamagedError(_NO_HEADER)
        if marker == 0xE1 and exif == Exif():
            block = file.read(length)
            if block.startswith(b"Exif\0"):
                exif = read_exif(block[6:])
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", file.read(length)[1:5])
        else:
            file.seek(length, 1)
    else:
        raise DamagedError(_NO_HEADER)
    whole = _has_end(file, b"\xff\xd9", file.tell())
    return _Picture(width, height, exif, fault="" if whole else _CUT)


def _next_marker(file: IO[bytes]) -> int:
    """The next marker; junk between segments is skipped, as every viewer does."""
    for _ in range(_MAX_JUNK):
        byte = file.read(1)
        while byte == b"\xff":
            byte = file.read(1)
            if byte not in (b"\xff", b"\0", b""):
                return byte[0]
        if not byte:
            raise DamagedError(_CUT)
    raise DamagedError(_NO_HEADER)


def _png(file: IO[bytes]) -> _Picture:
    file.seek(8)
    length, kind = struct.unpack(">I4s", file.read(8))
    if kind != b"IHDR" or length != 13:
        raise DamagedError(_NO_HEADER)
    header = file.read(13)
    if zlib.crc32(b"IHDR" + header) != int.from_bytes(file.read(4), "big"):
        raise DamagedError(_NO_HEADER)
    width, height = struct.unpack(">II", header[:8])
    exif, fault = Exif(), ""
    for _ in range(_MAX_SEGMENTS):
        length, kind = struct.unpack(">I4s", file.read(8))
        if kind == b"IDAT":
            fault = "" if _begins_stream(file.read(2)) else "图片的像素数据已损坏"
            break
        if kind == b"eXIf" and length < _CHUNK:
            exif = read_exif(file.read(length))
            file.seek(4, 1)
        else:
            file.seek(length + 4, 1)
    begin = file.tell()
    if not _has_end(file, b"IEND\xae\x42\x60\x82", begin):
        fault = _CUT
    elif exif == Exif():  # it may also stand behind the pixels
        file.seek(max(begin, file.seek(0, 2) - _TAIL))
        exif = read_exif(file.read(_TAIL).partition(b"eXIf")[2])
    return _Picture(width, height, exif, fault=fault)


def _begins_stream(start: bytes) -> bool:
    """Two bytes tell whether the pixels are a zlib stream at all."""
    return len(start) == 2 and start[0] & 0x0F == 8 and int.from_bytes(start, "big") % 31 == 0


def _gif(file: IO[bytes]) -> _Picture:
    file.seek(6)
    width, height, flags = struct.unpack("<HHBxx", file.read(7))
    file.seek(_gif_palette(flags), 1)
    return _Picture(width, height, fault="" if _gif_ends(file) else _CUT)


def _gif_ends(file: IO[bytes]) -> bool:
    """Whether the chain of blocks leads to the end mark; its byte also occurs within pixels."""
    while (mark := file.read(1)) in (b"\x21", b"\x2c"):
        if mark == b"\x21":
            file.seek(1, 1)
        else:
            descriptor = file.read(9)
            if len(descriptor) < 9:
                return False
            file.seek(_gif_palette(descriptor[8]) + 1, 1)
        while size := file.read(1):
            if size == b"\0":
                break
            file.seek(size[0], 1)
    return mark == b"\x3b"


def _gif_palette(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _bmp(file: IO[bytes]) -> _Picture:
    file.seek(14)
    header = file.read(16)
    if int.from_bytes(header[:4], "little") == 12:
        width, height = struct.unpack("<HH", header[4:8])
        bits = int.from_bytes(header[10:12], "little")
    else:
        width, height = struct.unpack("<ii", header[4:12])
        bits = int.from_bytes(header[14:16], "little")
    height = abs(height)
    stored = file.seek(0, 2)
    whole = bits < 16 or width * height * bits // 8 <= stored
    return _Picture(width, height, fault="" if whole else _CUT)


def _webp(file: IO[bytes]) -> _Picture:
    end = file.seek(0, 2)
    file.seek(4)
    fault = _CUT if int.from_bytes(file.read(4), "little") + 8 > end + 1 else ""
    width = height = 0
    exif = Exif()
    at = 12
    for _ in range(_MAX_SEGMENTS):
        if at + 8 > end:
            break
        file.seek(at)
        kind, length = struct.unpack("<4sI", file.read(8))
        if kind == b"VP8X":
            body = file.read(10)
            width = int.from_bytes(body[4:7], "little") + 1
            height = int.from_bytes(body[7:10], "little") + 1
        elif kind == b"VP8 " and not width:
            width, height = (side & 0x3FFF for side in struct.unpack("<HH", file.read(10)[6:10]))
        elif kind == b"VP8L" and not width:
            bits = int.from_bytes(file.read(5)[1:5], "little")
            width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        elif kind == b"EXIF" and length < _CHUNK:
            exif = read_exif(file.read(length).removeprefix(b"Exif\0\0"))
        at += 8 + length + length % 2
    return _Picture(width, height, exif, fault=fault)


def _tiff(file: IO[bytes]) -> _Picture:
    size = file.seek(0, 2)

    def read(offset: int, wanted: int) -> bytes:
        if offset >= size:
            raise ValueError
        file.seek(offset)
        return file.read(wanted)

    tiff = read_tiff(read, size)
    return _Picture(
        tiff.width, tiff.height, tiff.exif, tiff.frames, fault="" if tiff.whole else _CUT
    )


def _ppm(file: IO[bytes]) -> _Picture:
    file.seek(2)
    words: list[bytes] = []
    for line in file.read(1024).splitlines():
        words += line.split(b"#")[0].split()
        if len(words) >= 2:
            return _Picture(int(words[0]), int(words[1]))
    raise DamagedError(_NO_HEADER)


def _has_end(file: IO[bytes], mark: bytes, begin: int) -> bool:
    """Whether the end mark comes after ``begin``: looked for at the end, then everywhere.

    Phones append things to a finished picture (a short film, a second picture for bright screens).
    """
    size = file.seek(0, 2)
    file.seek(max(begin, size - _TAIL))
    if mark in file.read(_TAIL):
        return True
    file.seek(begin)
    rest = b""
    while block := file.read(_CHUNK):
        if mark in rest + block:
            return True
        rest = block[-len(mark) :]
    return False


_READERS: dict[str, Callable[[IO[bytes]], _Picture]] = {
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/gif": _gif,
    "image/bmp": _bmp,
    "image/webp": _webp,
    "image/tiff": _tiff,
    "image/x-portable-pixmap": _ppm,
}
