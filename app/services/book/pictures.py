"""Pictures made ready for a page: as fine as asked, as few bytes as that takes, never half of one."""

from __future__ import annotations

import io
import warnings
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.services.documents.pictures import bare, opened, scaled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PIL.Image import Image

_EXIF_ORIENTATION = 0x112
_LYING = frozenset((5, 6, 7, 8))
_CLOSE = 1.25
"""A picture this much finer than asked is taken as it is."""
_MOST_PIXELS = 120_000_000
"""Decoding more would take half a gigabyte; a JPEG is then taken as it is, others are refused."""
_MOST_PROGRESSIVE = 40_000_000
"""A progressive JPEG is held in memory whole, twice over, before any of it can be reduced."""


# What Pillow remarks about odd headers helps nobody, and would end up on a clerk's terminal.
warnings.filterwarnings("ignore", module=r"PIL\.")


class TooLargeError(Exception):
    """The picture has more pixels than can be decoded with the memory of an office PC."""


@dataclass(frozen=True, slots=True)
class ReadyPicture:
    """A picture as a PDF takes it."""

    data: bytes
    width: int
    height: int
    space: str = "DeviceRGB"
    bits: int = 8
    filter: str = "DCTDecode"
    turn: int = 1
    """How the camera was held, as EXIF has it; 1: upright."""

    @property
    def upright(self) -> tuple[int, int]:
        """Width and height as it is looked at."""
        return (self.height, self.width) if self.turn in _LYING else (self.width, self.height)


def ready(path: Path, most: tuple[int, int] | None, quality: int) -> Iterator[ReadyPicture]:
    """The picture (of a fax or scan with several pages: each), no larger than ``most`` pixels.

    None: as fine as it is. Raises TooLargeError, and whatever the decoders raise at broken files.
    """
    with opened(path) as image:
        frames = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
        for number in range(frames):
            if number:
                image.seek(number)
            yield _frame(image, path, most, quality)


def all_frames(path: Path, most: tuple[int, int] | None, quality: int) -> list[ReadyPicture]:
    """The same at one go."""
    return list(ready(path, most, quality))


def _frame(image: Image, path: Path, most: tuple[int, int] | None, quality: int) -> ReadyPicture:
    turn = image.getexif().get(_EXIF_ORIENTATION, 1)
    lying = turn in _LYING
    width, height = (image.height, image.width) if lying else (image.width, image.height)
    fine = most is None or (width <= most[0] * _CLOSE and height <= most[1] * _CLOSE)
    photo = image.format == "JPEG"
    progressive = bool(image.info.get("progressive"))
    heavy = image.width * image.height > (_MOST_PROGRESSIVE if progressive else _MOST_PIXELS)
    if photo and image.mode in ("L", "RGB") and (fine or (heavy and progressive)):
        data = bare(path.read_bytes())
        if data:
            turn = turn if 1 <= turn <= 8 else 1
            return ReadyPicture(data, image.width, image.height, _space(image), turn=turn)
    if heavy and (progressive or not photo):
        raise TooLargeError
    if image.mode == "1" and turn == 1:
        return _black_and_white(image)
    return _made(scaled(image, most or (width, height)), most, quality, photo=photo)


def _made(image: Image, most: tuple[int, int] | None, quality: int, *, photo: bool) -> ReadyPicture:
    """Photos as JPEG; screenshots and drawings keep their sharp edges, or all of it where asked."""
    if most is None and not photo:
        data = zlib.compress(image.tobytes(), 6)
        return ReadyPicture(data, image.width, image.height, _space(image), filter="FlateDecode")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, subsampling="4:2:0" if photo else "4:4:4")
    return ReadyPicture(out.getvalue(), image.width, image.height, _space(image))


def _black_and_white(image: Image) -> ReadyPicture:
    """A scan in black and white: a bit for each dot, as fine as it is."""
    data = zlib.compress(image.tobytes(), 6)
    return ReadyPicture(data, image.width, image.height, "DeviceGray", 1, "FlateDecode")


def _space(image: Image) -> str:
    return "DeviceGray" if image.mode in ("L", "1") else "DeviceRGB"
