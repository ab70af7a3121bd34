"""Small upright pictures for lists; made in the background, never inside intake."""

from __future__ import annotations

import io
import warnings
from typing import IO, TYPE_CHECKING

from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageFile,
    ImageOps,
    JpegImagePlugin,
    PngImagePlugin,
    PpmImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from app.services.evidence.kinds import PDF
from app.services.evidence.pdf import opened_pdf
from app.services.pdfium import PDFIUM

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Opened by their class: Image.open would refuse the 200-megapixel photos of new phones, of which
# "draft" decodes only a small part.
_CLASSES: dict[str, Callable[[IO[bytes]], ImageFile.ImageFile]] = {
    "image/jpeg": JpegImagePlugin.JpegImageFile,
    "image/png": PngImagePlugin.PngImageFile,
    "image/gif": GifImagePlugin.GifImageFile,
    "image/bmp": BmpImagePlugin.BmpImageFile,
    "image/webp": WebPImagePlugin.WebPImageFile,
    "image/tiff": TiffImagePlugin.TiffImageFile,
    "image/avif": AvifImagePlugin.AvifImageFile,
    "image/x-portable-pixmap": PpmImagePlugin.PpmImageFile,
}
_MAX_PIXELS = 64_000_000
_MAX_HEIC_BYTES = 128 << 20
_QUALITY = 82

# What Pillow remarks about odd headers helps nobody, and would end up on a clerk's terminal.
warnings.filterwarnings("ignore", module=r"PIL\.")


def thumbnail(path: Path, media_type: str, box_px: int) -> bytes | None:
    """JPEG bytes of the picture or first page, within a square; None where it cannot be shown.

    Pictures that would need more than some 250 MB to decode are not shown.
    """
    try:
        if media_type == PDF:
            image = _first_page(path, box_px)
        elif media_type == "image/heic":
            image = _heic(path, box_px)
        elif media_type in _CLASSES:
            image = _picture(path, media_type, box_px)
        else:
            return None
        return _jpeg(image)
    except Exception:  # noqa: BLE001 - decoders meet broken files and raise what they like
        return None


class _TooLargeError(Exception):
    """Decoding would take more memory than a thumbnail is worth."""


def _picture(path: Path, media_type: str, box_px: int) -> Image.Image:
    with path.open("rb") as file, _CLASSES[media_type](file) as image:
        whole = image.width * image.height
        image.draft(None, (2 * box_px, 2 * box_px))
        # A progressive JPEG is held in memory whole before any of it can be reduced.
        _check(whole if image.info.get("progressive") else image.width * image.height)
        image.thumbnail((box_px, box_px))
        return ImageOps.exif_transpose(image)


def _heic(path: Path, box_px: int) -> Image.Image:
    import pillow_heif

    if path.stat().st_size > _MAX_HEIC_BYTES:
        raise _TooLargeError
    photo = pillow_heif.open_heif(path)
    _check(photo.size[0] * photo.size[1])
    image: Image.Image = photo.to_pillow()  # upright already
    image.thumbnail((box_px, box_px))
    return image


def _first_page(path: Path, box_px: int) -> Image.Image:
    with PDFIUM, opened_pdf(path) as document:
        page = document[0]
        bitmap = page.render(scale=box_px / max(*page.get_size(), 1.0))
        image: Image.Image = bitmap.to_pil().copy()
        bitmap.close()
        page.close()
    return image


def _check(pixels: int) -> None:
    if pixels > _MAX_PIXELS:
        raise _TooLargeError


def _jpeg(image: Image.Image) -> bytes:
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image)
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()
