"""Files made of nested boxes: phone photos (HEIC, AVIF) and films and sound (MP4, MOV, M4A)."""

from __future__ import annotations

import struct
from typing import IO, TYPE_CHECKING, TypeAlias

from app.services.evidence.exif import Exif, read_exif
from app.services.evidence.findings import DamagedError, Findings

if TYPE_CHECKING:
    from collections.abc import Iterator

_Box: TypeAlias = tuple[bytes, int, int]
"""Name, and where its content begins and ends."""

_MAX_META = 4 << 20
_MAX_EXIF = 1 << 20
_MAX_BOXES = 10_000
_CUT = "文件不完整，后半部分缺失（可能没有传完）"
_CODECS = frozenset((b"hvcC", b"av1C", b"avcC", b"vvcC", b"jpgC"))


def read_film(file: IO[bytes], media_type: str) -> Findings:
    """Sound and film take no paper: no pages. Without its index (moov) nothing can play it."""
    index = b""
    for name, begin, end in _top_level(file):
        if name in (b"moov", b"moof") and not index:
            file.seek(begin)
            index = file.read(min(end - begin, _MAX_META))
    if not index:
        raise DamagedError("缺少播放所需的索引，多半是录制或传输时中断了")
    only_sound = b"hdlr" in index and b"soun" in index and b"vide" not in index
    return Findings("audio/x-m4a" if media_type == "video/mp4" and only_sound else media_type)


def read_heif(file: IO[bytes], media_type: str) -> Findings:
    """Size as stored and the rotation that viewers apply (irot, imir), and the EXIF date.

    In this format viewers follow the picture's own rotation and not the EXIF orientation.
    """
    meta = b""
    for name, begin, end in _top_level(file):
        if name == b"meta" and end - begin < _MAX_META:
            file.seek(begin)
            meta = file.read(end - begin)
    try:
        boxes = {name: (begin, end) for name, begin, end in _boxes(meta, 4, len(meta))}
        begin = boxes[b"pitm"][0]
        primary = int.from_bytes(meta[begin + 4 : begin + (8 if meta[begin] else 6)], "big")
        width, height, orientation = _geometry(meta, boxes[b"iprp"], primary)
        exif = _exif(file, meta, boxes)
    except (KeyError, struct.error, IndexError, ValueError) as error:
        raise DamagedError("图片的文件头已损坏") from error
    return Findings(
        media_type,
        pages=1,
        pages_from="counted",
        taken_at=exif.taken_at,
        orientation=orientation,
        width=width,
        height=height,
    )


def _top_level(file: IO[bytes]) -> Iterator[_Box]:
    """Boxes of the file itself; raises DamagedError where one reaches beyond the end."""
    size, at = file.seek(0, 2), 0
    for _ in range(_MAX_BOXES):
        if at + 8 > size:
            return
        file.seek(at)
        length, name = struct.unpack(">I4s", file.read(8))
        begin = at + 8
        if length == 1:
            length, begin = int.from_bytes(file.read(8), "big"), at + 16
        elif length == 0:
            length = size - at
        if not name.isascii() or length < begin - at:
            return  # bytes appended by the phone, no box
        if at + length > size:
            raise DamagedError(_CUT)
        yield name, begin, at + length
        at += length


def _boxes(data: bytes, at: int, end: int) -> Iterator[_Box]:
    while at + 8 <= end:
        length, name = struct.unpack_from(">I4s", data, at)
        begin = at + 8
        if length == 1:
            length, begin = int.from_bytes(data[begin : begin + 8], "big"), at + 16
        if length < begin - at or at + length > end:
            raise ValueError
        yield name, begin, at + length
        at += length


def _geometry(meta: bytes, iprp: tuple[int, int], primary: int) -> tuple[int, int, int]:
    """Stored width and height of the primary picture, and its turning as EXIF counts it."""
    parts = {name: (begin, end) for name, begin, end in _boxes(meta, *iprp)}
    properties = list(_boxes(meta, *parts[b"ipco"]))
    if _CODECS.isdisjoint(name for name, _, _ in properties):
        raise ValueError
    width = height = turns = 0
    mirror: int | None = None
    for index in _associated(meta, parts[b"ipma"], primary):
        name, begin, _ = properties[index - 1]
        if name == b"ispe":
            width, height = struct.unpack_from(">II", meta, begin + 4)
        elif name == b"irot":
            turns = meta[begin] & 3
        elif name == b"imir":
            mirror = meta[begin] & 1
    if not width or not height:
        raise ValueError
    return width, height, _ORIENTATIONS[turns, mirror]


# Quarter turns to the left, then mirrored (0: top and bottom change places, 1: left and right).
_ORIENTATIONS: dict[tuple[int, int | None], int] = {
    (0, None): 1, (1, None): 8, (2, None): 3, (3, None): 6,
    (0, 0): 4, (1, 0): 7, (2, 0): 2, (3, 0): 5,
    (0, 1): 2, (1, 1): 5, (2, 1): 4, (3, 1): 7,
}  # fmt: skip


def _associated(meta: bytes, ipma: tuple[int, int], item: int) -> list[int]:
    """Numbers, from 1, of the properties that belong to an item."""
    at = ipma[0]
    version, wide = meta[at], meta[at + 3] & 1
    count = struct.unpack_from(">I", meta, at + 4)[0]
    at += 8
    for _ in range(min(count, _MAX_BOXES)):
        found = int.from_bytes(meta[at : at + (4 if version else 2)], "big")
        at += 4 if version else 2
        number = meta[at]
        at += 1
        size = 2 if wide else 1
        if found == item:
            mask = 0x7FFF if wide else 0x7F
            ends = range(at, at + number * size, size)
            return [int.from_bytes(meta[i : i + size], "big") & mask for i in ends]
        at += number * size
    raise ValueError


def _exif(file: IO[bytes], meta: bytes, boxes: dict[bytes, tuple[int, int]]) -> Exif:
    item = _item_of_type(meta, boxes[b"iinf"], b"Exif")
    place = _location(meta, boxes[b"iloc"], item) if item else None
    if place is None or not 4 < place[1] < _MAX_EXIF:
        return Exif()
    file.seek(place[0])
    block = file.read(place[1])
    return read_exif(block[4 + int.from_bytes(block[:4], "big") :])


def _item_of_type(meta: bytes, iinf: tuple[int, int], kind: bytes) -> int:
    begin, end = iinf
    for _, at, _ in _boxes(meta, begin + (8 if meta[begin] else 6), end):
        size = 4 if meta[at] >= 3 else 2
        if meta[at] >= 2 and meta[at + 6 + size : at + 10 + size] == kind:
            return int.from_bytes(meta[at + 4 : at + 4 + size], "big")
    return 0


def _location(meta: bytes, iloc: tuple[int, int], item: int) -> tuple[int, int] | None:
    """Offset and length of an item's first piece in the file."""
    at, end = iloc
    version = meta[at]
    sizes = meta[at + 4] >> 4, meta[at + 4] & 15, meta[at + 5] >> 4, meta[at + 5] & 15
    offset_size, length_size, base_size, index_size = sizes
    id_size = 4 if version == 2 else 2
    at += 6

    def number(size: int) -> int:
        nonlocal at
        value = int.from_bytes(meta[at : at + size], "big")
        at += size
        return value

    for _ in range(min(number(id_size), _MAX_BOXES)):
        found = number(id_size)
        in_file = number(2) & 15 == 0 if version else True
        number(2)
        base = number(base_size)
        for piece in range(number(2)):
            number(index_size if version else 0)
            offset, length = number(offset_size), number(length_size)
            if found == item and piece == 0 and in_file:
                return base + offset, length
            if at > end:
                return None
    return None
