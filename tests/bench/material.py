"""Files to measure with: real formats, the same bytes on every machine and in every run."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

PHOTO_SIDES = (360, 480, 600, 740, 880, 1040, 1220, 1500)
VIDEO_BYTES = 50 << 20


def mixed(folder: Path, count: int) -> int:
    """Photos, PDFs, Word files and films as a term leaves them; 1,000 are about 1 GB."""
    photos, papers, words = _photos(), _pdfs(), _docx()
    film = random.Random(7).randbytes(VIDEO_BYTES)
    total = 0
    for number in range(count):
        match number % 250:
            case 0:
                name, content = f"课堂实录{number}.mp4", _film(film, number)
            case kind if kind % 10 == 1:
                name, content = f"签到表{number}.pdf", papers[number % len(papers)] + _tail(number)
            case kind if kind % 20 == 2:
                name, content = f"教案{number}.docx", _zip_comment(words, number)
            case _:
                name, content = f"照片{number}.jpg", _comment(photos[number % len(photos)], number)
        place = folder / f"活动{number % 20:02}"
        place.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)
        total += len(content)
    return total


def small(folder: Path, count: int) -> int:
    """Small pictures (about 8 KB), all different."""
    base = _photo(90, seed=3)
    total = 0
    for number in range(count):
        place = folder / f"{number // 500:02}"
        place.mkdir(parents=True, exist_ok=True)
        total += (place / f"图{number}.jpg").write_bytes(_comment(base, number))
    return total


def _photo(side: int, seed: int) -> bytes:
    noise = random.Random(seed).randbytes(side * side * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", (side, side), noise).save(out, "JPEG", quality=92)
    return out.getvalue()


def _photos() -> list[bytes]:
    return [_photo(side, seed) for seed, side in enumerate(PHOTO_SIDES)]


def _comment(jpeg: bytes, number: int) -> bytes:
    words = f"photo {number}".encode()
    return jpeg[:2] + b"\xff\xfe" + struct.pack(">H", len(words) + 2) + words + jpeg[2:]


def _pdfs() -> list[bytes]:
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    made = []
    for pages in (1, 3, 12):
        out = io.BytesIO()
        canvas = Canvas(out, invariant=1)
        for page in range(pages):
            canvas.drawString(72, 720, f"page {page} of the minutes, lesson and attendance " * 2)
            canvas.drawImage(ImageReader(io.BytesIO(_photo(300, page))), 72, 100, 300, 300)
            canvas.showPage()
        canvas.save()
        made.append(out.getvalue())
    return made


def _tail(number: int) -> bytes:
    return f"\n% copy {number}\n%%EOF\n".encode()


def _docx() -> bytes:
    import docx

    document = docx.Document()
    for number in range(60):
        document.add_paragraph(
            f"第{number}段：教学目标、重难点、教学过程与反思，小学数学三年级下册。" * 3
        )
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _zip_comment(package: bytes, number: int) -> bytes:
    out = io.BytesIO(package)
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = f"copy {number}".encode()
    return out.getvalue()


def _film(content: bytes, number: int) -> bytes:
    kind = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"
    header = struct.pack(">I4sII", 100 + 8, b"mvhd", 0, 0) + struct.pack(">IIII", 0, 0, 1000, 4000)
    header += bytes(100 + 8 - len(header))
    head = struct.pack(">I4s", len(header) + 8, b"moov") + header
    body = struct.pack(">II", number, 0) + content
    return kind + head + struct.pack(">I4s", len(body) + 8, b"mdat") + body
