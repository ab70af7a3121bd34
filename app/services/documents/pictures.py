"""Pictures made ready for paper: whatever the camera wrote, upright, no finer than print can show."""

from __future__ import annotations

import io
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from app.errors import ExportError
from app.services.documents.lines import balanced
from app.services.documents.page import MM

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PIL.Image import Image

    from app.services.documents.fonts import FontLibrary
    from app.services.documents.tree import Picture

DPI = 200
"""As fine as a photo is kept: an office printer shows no more."""
_QUALITY = 88
_MOST_PIXELS = 300_000_000
"""Pillow warns above it and refuses twice as much; its own limit is under a 12,000 × 9,000 photo."""
_ORIENTATION = 0x112
_LYING = frozenset((5, 6, 7, 8))
_CAPTION_GAP = 0.4
"""Between a picture and its caption, in sizes of the caption."""


class SetPicture(NamedTuple):
    """A picture with the size at which it is drawn, and its caption in lines; in points."""

    picture: Picture
    width: float
    height: float
    caption: list[str]

    @property
    def total(self) -> float:
        """Height with the caption."""
        return self.height + _caption_height(self.picture, len(self.caption))

    @property
    def gap(self) -> float:
        """Height between the picture and what stands below it."""
        return self.picture.style.size * _CAPTION_GAP


def _caption_height(picture: Picture, lines: int) -> float:
    style = picture.style
    return style.size * (_CAPTION_GAP + style.leading * lines) if lines else 0.0


def set_picture(picture: Picture, fonts: FontLibrary, width: float, height: float) -> SetPicture:
    """As large as fits its own room and the given one, caption included; raises ExportError."""
    room = min(picture.width * MM, width)
    style = picture.style
    caption = (
        balanced(picture.caption, room, fonts.role(style.role), style.size)
        if picture.caption
        else []
    )
    return SetPicture(picture, *fitted(picture, room, height, len(caption)), caption)


def fitted(picture: Picture, width: float, height: float, lines: int) -> tuple[float, float]:
    """Width and height in points, with that many lines of caption below, in its own room and the given."""
    across, down = size(picture)
    room = min(picture.width * MM, width)
    left = height - _caption_height(picture, lines)
    scale = min(room / across, min(picture.height * MM, left) / down)
    if scale <= 0:
        raise ExportError(
            f"{_called(picture)}的说明太长，没有地方放图片。", "请缩短图片说明后再试。"
        )
    return across * scale, down * scale


def size(picture: Picture) -> tuple[int, int]:
    """Width and height in pixels as it is looked at; reads no more than the file's beginning."""
    with _readable(picture) as image:
        turned = image.getexif().get(_ORIENTATION) in _LYING
        return (image.height, image.width) if turned else (image.width, image.height)


def jpeg(picture: Picture, width: float, height: float) -> bytes:
    """The picture as JPEG for a room of that many points, upright, on white, without camera notes."""
    most = (_pixels(width), _pixels(height))
    with _readable(picture) as image:
        if _good_enough(image, most):
            plain = bare(_bytes(picture.source))
            if plain:
                return plain
        out = io.BytesIO()
        scaled(image, most).save(out, "JPEG", quality=_QUALITY)
        return out.getvalue()


def scaled(image: Image, most: tuple[int, int]) -> Image:
    """Upright, on white, in grey or colours, no side longer than ``most``."""
    from PIL import ImageOps

    if image.mode in ("1", "P"):  # or it would be scaled without mixing its colours
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    elif image.mode.startswith("I"):  # a scanner's sixteen bits
        image = image.point(lambda value: value / 256).convert("L")
    turned = image.getexif().get(_ORIENTATION) in _LYING
    image.draft("L" if image.mode == "L" else "RGB", most[::-1] if turned else most)
    image.thumbnail(most[::-1] if turned else most)  # while small it is quickly turned
    return _on_white(ImageOps.exif_transpose(image))


@contextmanager
def opened(source: Path | bytes) -> Iterator[Image]:
    """A picture of any kind that phones and cameras make; raises what the decoders raise."""
    from PIL import Image as Pictures

    Pictures.MAX_IMAGE_PIXELS = _MOST_PIXELS
    data: BinaryIO = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
    with data:
        if data.read(8)[4:] == b"ftyp":  # HEIC needs its reader called in first
            import pillow_heif

            pillow_heif.register_heif_opener()
        data.seek(0)
        with Pictures.open(data) as image:
            yield image


@contextmanager
def _readable(picture: Picture) -> Iterator[Image]:
    try:
        with opened(picture.source) as image:
            yield image
    except Exception as error:  # foreign decoders fail in many ways
        raise ExportError(
            f"{_called(picture)}打不开，可能已损坏。文件没有生成。",
            "请用其他程序打开看看，或换一份完好的图片。",
            str(error),
        ) from error


def _called(picture: Picture) -> str:
    if picture.name:
        return f"图片“{picture.name}”"
    if isinstance(picture.source, bytes):
        return f"图片“{picture.caption}”" if picture.caption else "有一张图片"
    return f"图片“{picture.source.name}”"


def _pixels(points: float) -> int:
    return max(1, round(points / 72 * DPI))


def _good_enough(image: Image, most: tuple[int, int]) -> bool:
    """Whether the file can be taken as it is."""
    upright = image.getexif().get(_ORIENTATION, 1) == 1
    fine = image.width <= most[0] * 1.25 and image.height <= most[1] * 1.25
    return image.format == "JPEG" and image.mode in ("L", "RGB") and upright and fine


def bare(content: bytes) -> bytes:
    """A JPEG without the camera's notes (place, owner); empty where it is cut off or unusual."""
    kept = [content[:2]]
    at = 2
    if not content.endswith(b"\xff\xd9"):
        return b""
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if marker == 0xDA:  # from here on it is the picture itself
            return b"".join((*kept, content[at:]))
        if not (0xE1 <= marker <= 0xEF or marker == 0xFE) or marker == 0xEE:
            kept.append(content[at : at + 2 + length])
        at += 2 + length
    return b""


def _bytes(source: Path | bytes) -> bytes:
    return source if isinstance(source, bytes) else source.read_bytes()


def _on_white(image: Image) -> Image:
    """Without transparency, as paper shows it."""
    from PIL import Image as Pictures

    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        coloured = image.convert("RGBA")
        white = Pictures.new("RGBA", coloured.size, "white")
        return Pictures.alpha_composite(white, coloured).convert("RGB")
    return image if image.mode == "L" else image.convert("RGB")
