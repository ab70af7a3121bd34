"""Golden files and helpers for looking into PDFs."""

import io
import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import ModuleType

import pypdfium2 as pdfium
import pytest
from PIL import Image

from app.progress import NoProgress
from app.services.documents import pdf
from app.services.documents.fonts import FontLibrary, library
from app.services.documents.tree import Document
from tests.services.documents.sample_boxes import CREATED

GOLDEN = Path(__file__).resolve().parents[2] / "golden"
PIXELS = 10
"""Pixels to a millimetre in rendered pages."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite tests/golden")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with the golden file of that name, or rewrite it."""

    def compare(name: str, text: str) -> None:
        file = GOLDEN / name
        if request.config.getoption("--update-golden", default=False):
            file.write_text(text, encoding="utf-8", newline="\n")
        assert text == file.read_text(encoding="utf-8")

    return compare


def packed(writer: ModuleType, document: Document) -> bytes:
    """The document as that writer puts it into a file."""
    out = io.BytesIO()
    writer.write(document, out, CREATED, NoProgress())
    return out.getvalue()


def tree_text(document: Document) -> str:
    """The blocks of a document, one a line, without what is as usual: small enough to be read."""
    blocks = [
        json.dumps([type(block).__name__, _told(block)], ensure_ascii=False)
        for section in document.sections
        for block in (*section.head, *section.blocks)
    ]
    return "[\n" + ",\n".join(blocks) + "\n]\n"


def _told(value: object) -> object:
    if isinstance(value, tuple):
        return [_told(one) for one in value]
    if not is_dataclass(value):
        return value
    return {
        field.name: _told(getattr(value, field.name))
        for field in fields(value)
        if getattr(value, field.name) != field.default
    }


@pytest.fixture(scope="session")
def fonts() -> FontLibrary:
    """Shipped fonts only: the same pages on every machine."""
    return library(shipped_only=True)


class Sheets:
    """A rendered document that tests can read and measure."""

    def __init__(self, document: Document, fonts: FontLibrary) -> None:
        self.content = pdf.render_bytes(document, CREATED, fonts=fonts)
        self._file = pdfium.PdfDocument(self.content)

    def __len__(self) -> int:
        return len(self._file)

    def size_mm(self, page: int = 0) -> tuple[float, float]:
        width, height = self._file[page].get_size()
        return round(width * 25.4 / 72, 1), round(height * 25.4 / 72, 1)

    def text(self, page: int) -> str:
        return self._file[page].get_textpage().get_text_range().replace("\r\n", "\n")

    @property
    def all_text(self) -> str:
        """Text of all pages without white space, so that wrapping does not matter."""
        return "".join("".join(self.text(i) for i in range(len(self))).split())

    def outline(self) -> list[tuple[str, int]]:
        return [(b.get_title(), b.get_dest().get_index()) for b in self._file.get_toc()]

    def image(self, page: int = 0) -> Image.Image:
        return self._file[page].render(scale=PIXELS * 25.4 / 72, grayscale=True).to_pil()

    def uprights_mm(self, y: float, page: int = 0) -> list[float]:
        """Places where something dark crosses the level ``y``, in mm from the left edge."""
        image = self.image(page)
        level = image.crop((0, int(y * PIXELS), image.width, int(y * PIXELS) + 1))
        return _middles(level.tobytes())

    def levels_mm(self, x: float, page: int = 0) -> list[float]:
        """Places where something dark crosses the upright ``x``, in mm from the upper edge."""
        image = self.image(page)
        column = image.crop((int(x * PIXELS), 0, int(x * PIXELS) + 1, image.height))
        return _middles(column.tobytes())


def _middles(pixels: bytes) -> list[float]:
    found: list[list[int]] = []
    for place, value in enumerate(pixels):
        if value > 200:
            continue
        if found and place == found[-1][-1] + 1:
            found[-1].append(place)
        else:
            found.append([place])
    return [(run[0] + run[-1] + 1) / 2 / PIXELS for run in found]


@pytest.fixture
def sheets(fonts: FontLibrary) -> Callable[[Document], Sheets]:
    return lambda document: Sheets(document, fonts)
