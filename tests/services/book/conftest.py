"""A real archive with chosen files in boxes, bound into a book and looked into."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from app.bootstrap import Services
from app.progress import Progress
from app.services.documents import libreoffice
from app.services.evidence.service import Destination
from app.services.forms.form import Outcome, Request

A4 = (595, 842)


@dataclass
class Binder:
    """Puts files under assessment items and binds what is there."""

    services: Services
    folder: Path

    def put(self, files: Mapping[str, bytes], no: str = "1.1") -> list[str]:
        """Take files in under an item, in the order of their names."""
        place = self.folder / no
        place.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (place / name).write_bytes(content)
        adopted = self.services.adoptions.current()
        to = Destination(adoption_id=adopted.id, item_id=self.item(no))
        paths = [place / name for name in files]
        return [one.id for one in self.services.evidence.ingest(paths, to).added]

    def item(self, no: str) -> str:
        """Id of an assessment item."""
        items = self.services.adoptions.items(self.services.adoptions.current().id)
        return next(one.id for one in items if one.no == no)

    def bind(
        self,
        name: str = "汇编.pdf",
        options: Mapping[str, str] | None = None,
        progress: Progress | None = None,
        boxes: Sequence[str] | None = None,
    ) -> Outcome:
        """Plan the boxes and write the book into the folder ``out``."""
        adopted = self.services.adoptions.current()
        self.services.boxes.plan(adopted.id)
        self.out.mkdir(exist_ok=True)
        targets = None if boxes is None else tuple(boxes)
        request = Request("book", adopted.id, targets, options or {})
        return self.services.forms.export(request, self.out / name, progress)

    @property
    def out(self) -> Path:
        """Where books are written."""
        return self.folder / "out"


@pytest.fixture
def binder(services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Binder:
    monkeypatch.setenv(libreoffice.OVERRIDE, "")  # tests that convert ask for it themselves
    return Binder(services, tmp_path / "files")


Paper = Callable[..., bytes]


@pytest.fixture(scope="session")
def paper() -> Paper:
    def make(
        *texts: str, size: tuple[float, float] = A4, turned: int = 0, password: str | None = None
    ) -> bytes:
        """A PDF with a text and a black bar at the top left of each page."""
        out = io.BytesIO()
        canvas = Canvas(out, pagesize=size, invariant=1)
        for text in texts:
            canvas.drawString(40, size[1] - 40, text)
            canvas.rect(0, size[1] - 20, size[0] / 2, 20, fill=1)
            canvas.showPage()
        canvas.save()
        if not turned and password is None:
            return out.getvalue()
        again = io.BytesIO()
        with pikepdf.open(out) as pdf:
            for page in pdf.pages:
                page.rotate(turned, relative=False)
            encryption = (
                False if password is None else pikepdf.Encryption(owner="主人", user=password)
            )
            pdf.save(again, encryption=encryption, static_id=password is None)
        return again.getvalue()

    return make


def photo(width: int, height: int, *, turn: int = 1, seed: int = 0) -> bytes:
    """A JPEG that is red in its upper left corner as the camera noted it, else blue."""
    image = Image.new("RGB", (width, height), (0, seed, 255))
    image.paste((255, 0, 0), (0, 0, width // 2, height // 2))
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    if turn in undo:
        image = image.transpose(undo[turn])
    exif = Image.Exif()
    exif[0x112] = turn
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def page_texts(path: Path) -> list[str]:
    """Text of every page."""
    with pdfium.PdfDocument(path) as pdf:
        return [page.get_textpage().get_text_range() for page in pdf]


def look(path: Path, page: int, scale: float = 1) -> Image.Image:
    """A page as pixels, one to a point."""
    with pdfium.PdfDocument(path) as pdf:
        return pdf[page].render(scale=scale).to_pil().convert("RGB")


def labels(path: Path) -> list[str]:
    """What a viewer calls each page."""
    with pikepdf.open(path) as pdf:
        return [page.label for page in pdf.pages]
