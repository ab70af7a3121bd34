"""Pictures for the tests of the writers, made on the spot and always the same."""

import io
from pathlib import Path

from PIL import Image


def photo(width: int, height: int, turned: int = 1, kind: str = "JPEG") -> bytes:
    """A white photo with a black upper left quarter, as the camera stored it, and its notes."""
    exif = Image.Exif()
    exif[0x112] = turned
    exif[0x10F] = "手机牌子"
    image = Image.new("RGB", (width, height), "white")
    image.paste("black", (0, 0, width // 2, height // 2))
    out = io.BytesIO()
    image.save(out, kind, exif=exif)
    return out.getvalue()


def huge(folder: Path) -> Path:
    """A photo of 12,000 × 9,000 pixels."""
    file = folder / "合影.jpg"
    image = Image.new("L", (12_000, 9_000), 200)
    image.save(file, "JPEG", quality=30)
    return file
