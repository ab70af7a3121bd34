"""EXIF and TIFF directories: the few entries that an archive needs, read without decoding."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_WIDTH, _HEIGHT, _ORIENTATION, _EXIF, _ORIGINAL, _DIGITIZED = (
    0x0100, 0x0101, 0x0112, 0x8769, 0x9003, 0x9004,
)  # fmt: skip
_STRIP_OFFSETS, _STRIP_SIZES, _TILE_OFFSETS, _TILE_SIZES = 0x0111, 0x0117, 0x0144, 0x0145
_WANTED = frozenset(
    (
        _WIDTH,
        _HEIGHT,
        _ORIENTATION,
        _EXIF,
        _ORIGINAL,
        _DIGITIZED,
        _STRIP_OFFSETS,
        _STRIP_SIZES,
        _TILE_OFFSETS,
        _TILE_SIZES,
    )
)
_MAX_DIRECTORIES = 5000
_MAX_ENTRIES = 4096
_DATE = re.compile(rb"(\d{4})[:\-/.](\d\d)[:\-/.](\d\d)[ T](\d\d):(\d\d):(\d\d)")


@dataclass(frozen=True, slots=True)
class Exif:
    """Orientation 1 to 8 and the moment on the camera's clock, without a time zone."""

    orientation: int | None = None
    taken_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tiff:
    """Size of the first picture, the number of pictures, and its EXIF."""

    width: int
    height: int
    frames: int
    exif: Exif
    whole: bool
    """The first picture's data ends inside the file, and no directory lies outside it."""


def read_exif(block: bytes) -> Exif:
    """Orientation and date of an EXIF block; a broken block gives what can be read of it."""
    try:
        reader = _Directories(lambda offset, size: block[offset : offset + size])
        first, _ = reader.directory(reader.first)
        return reader.exif(first)
    except (struct.error, ValueError):
        return Exif()


def read_tiff(read: Callable[[int, int], bytes], size: int) -> Tiff:
    """Walk a TIFF's chain of directories; ``read(offset, size)`` gives the bytes.

    Raises ValueError or struct.error where not even the first picture is described.
    """
    reader = _Directories(read)
    first, following = reader.directory(reader.first)
    if not first.get(_WIDTH) or not first.get(_HEIGHT):
        raise ValueError
    try:
        whole = 0 < reader.data_end(first) <= size
    except (struct.error, ValueError):
        whole = False
    frames, seen = 1, {reader.first}
    while following and following not in seen and frames < _MAX_DIRECTORIES:
        seen.add(following)
        try:
            following = reader.following(following)
        except (struct.error, ValueError):
            whole = False
            break
        frames += 1
    width, height = reader.number(first, _WIDTH), reader.number(first, _HEIGHT)
    return Tiff(width, height, frames, reader.exif(first), whole)


class _Directories:
    """Entries of a TIFF structure, classic or BigTIFF, in either byte order."""

    def __init__(self, read: Callable[[int, int], bytes]) -> None:
        self.read = read
        head = read(0, 16)
        if head[:2] not in (b"II", b"MM"):
            raise ValueError
        self.order = "<" if head[:2] == b"II" else ">"
        self.big = struct.unpack(self.order + "H", head[2:4])[0] == 43
        pointer = head[8:16] if self.big else head[4:8]
        self.first: int = struct.unpack(self.order + ("Q" if self.big else "I"), pointer)[0]

    def directory(self, offset: int) -> tuple[dict[int, tuple[int, int, bytes]], int]:
        """Wanted entries (type, count, value field) of one directory, and where the next is."""
        begin, count, size = self._table(offset)
        form = self.order + ("HHQ8s" if self.big else "HHI4s")
        table = self.read(begin, count * size)
        entries: dict[int, tuple[int, int, bytes]] = {}
        for at in range(0, len(table) - size + 1, size):
            tag, kind, number, value = struct.unpack_from(form, table, at)
            if tag in _WANTED and tag not in entries:
                entries[tag] = (kind, number, value)
        try:
            return entries, self.following(offset)
        except (struct.error, ValueError):  # cut off behind its last entry
            return entries, 0

    def following(self, offset: int) -> int:
        """Where the directory after this one is; 0 after the last."""
        begin, count, size = self._table(offset)
        return self._pointer(self.read(begin + count * size, 8 if self.big else 4))

    def _table(self, offset: int) -> tuple[int, int, int]:
        """Where the entries begin, how many there are, and how long each is."""
        form, size = ("Q", 20) if self.big else ("H", 12)
        begin = offset + struct.calcsize(form)
        count: int = struct.unpack(self.order + form, self.read(offset, begin - offset))[0]
        if not 0 < count <= _MAX_ENTRIES:
            raise ValueError
        return begin, count, size

    def data_end(self, entries: dict[int, tuple[int, int, bytes]]) -> int:
        """Where the last strip or tile of the picture ends; 0 where none is named."""
        tiled = _TILE_OFFSETS in entries
        begin = self.number(entries, _TILE_OFFSETS if tiled else _STRIP_OFFSETS, last=True)
        size = self.number(entries, _TILE_SIZES if tiled else _STRIP_SIZES, last=True)
        return begin + size if begin else 0

    def number(
        self, entries: dict[int, tuple[int, int, bytes]], tag: int, *, last: bool = False
    ) -> int:
        """First or last number of an entry, 0 where there is none."""
        if tag not in entries:
            return 0
        kind, count, value = entries[tag]
        form = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}.get(kind)
        if form is None:
            return 0
        size = struct.calcsize(form)
        at = (count - 1) * size if last else 0
        if count * size > len(value):
            value, at = self.read(self._pointer(value) + at, size), 0
        result: int = struct.unpack(self.order + form, value[at : at + size])[0]
        return result

    def exif(self, first: dict[int, tuple[int, int, bytes]]) -> Exif:
        """Orientation from the first directory, the date from the EXIF directory it points to."""
        orientation = self.number(first, _ORIENTATION)
        try:
            entries = self.directory(self.number(first, _EXIF))[0] if _EXIF in first else first
            taken = self._date(entries, _ORIGINAL) or self._date(entries, _DIGITIZED)
        except (struct.error, ValueError):
            taken = None
        return Exif(orientation if 1 <= orientation <= 8 else None, taken)

    def _date(self, entries: dict[int, tuple[int, int, bytes]], tag: int) -> datetime | None:
        if tag not in entries:
            return None
        _, count, value = entries[tag]
        found = _DATE.match(self.read(self._pointer(value), min(count, 32)))
        if not found:
            return None
        try:
            year, month, day, hour, minute, second = (int(part) for part in found.groups())
            # Cameras write the clock on the wall and mostly no zone.
            return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001
        except ValueError:  # all zeros, or the 31st of February
            return None

    def _pointer(self, value: bytes) -> int:
        offset: int = struct.unpack(self.order + ("Q" if self.big else "I"), value)[0]
        return offset
