"""What comes in from schools: odd, broken, locked and huge files; each as pages or as a slip."""

import io
from pathlib import Path

import docx
import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image

from app.services.book.sources import printable
from app.services.documents import libreoffice
from app.services.documents.fonts import library
from app.services.documents.tree import TextStyle
from tests.services.book.conftest import A4, Binder, Paper, look, page_texts, photo

PLAIN = {"dividers": "none"}
A3 = (842, 1191)


def black(path: Path, page: int) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the bar of a paper, as shares of the page."""
    image = look(path, page).convert("L").point(lambda value: 255 if value < 60 else 0)
    box = image.crop((0, 0, image.width, image.height * 0.9)).resize(image.size).getbbox()
    assert box
    return (
        box[0] / image.width, box[1] / image.height * 0.9,
        box[2] / image.width, box[3] / image.height * 0.9,
    )  # fmt: skip


class TestPages:
    def test_pages_of_any_size_and_turn_fit_our_paper(self, binder: Binder, paper: Paper) -> None:
        kinds = [
            (A4, 0, False), (A4, 180, False), (A4, 90, True), (A4, 270, True),
            (A4[::-1], 0, True), (A4[::-1], 90, False), (A3, 0, False), (A3[::-1], 0, True),
        ]  # fmt: skip
        for n, (size, turned, _) in enumerate(kinds):
            binder.put({f"{n}.pdf": paper(f"kind {n}", size=size, turned=turned)})
        (path,) = binder.bind(options=PLAIN).files
        with pdfium.PdfDocument(path) as pdf:
            sizes = [pdf[n].get_size() for n in range(len(pdf))]
        for n, (_, turned, lying) in enumerate(kinds, 2):
            width, height = sizes[n]
            assert (round(width), round(height)) == (A4[::-1] if lying else A4)
            left, top, right, bottom = black(path, n)
            at_left, at_top = {0: (1, 1), 90: (0, 1), 180: (0, 0), 270: (1, 0)}[turned]
            assert (left + right < 1) is bool(at_left)
            assert (top + bottom < 1) is bool(at_top)
            assert min(left, 1 - right, top) > 0.03  # nothing reaches into the margins

    def test_pages_can_be_left_as_they_are(self, binder: Binder, paper: Paper) -> None:
        binder.put({"a.pdf": paper("as it is", size=A3, turned=90)})
        (path,) = binder.bind(options={**PLAIN, "fit": "keep"}).files
        with pdfium.PdfDocument(path) as pdf:
            width, height = pdf[2].get_size()
        assert (round(width), round(height)) == A3[::-1]
        assert "— 1 —" in page_texts(path)[2]
        *_, right, _ = black(path, 2)
        assert right == pytest.approx(1, abs=0.01)

    def test_five_hundred_pages(self, binder: Binder, paper: Paper) -> None:
        binder.put({"手册.pdf": paper(*(f"sheet {n}" for n in range(500)))})
        outcome = binder.bind(options=PLAIN)
        texts = page_texts(outcome.files[0])
        assert outcome.pages == len(texts) == 500 + 3
        for n in (0, 250, 499):
            assert f"sheet {n}" in texts[n + 2]
            assert f"— {n + 1} —" in texts[n + 2]

    def test_filled_fields_and_seals_are_printed(self, binder: Binder, paper: Paper) -> None:
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(paper("form"))) as pdf:
            seal = pdf.make_stream(b"1 0 0 rg 0 0 60 60 re f")
            seal.update({
                "/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Form, "/BBox": [0, 0, 60, 60]
            })  # fmt: skip
            pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(pikepdf.Dictionary(
                Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Stamp, F=4,
                Rect=[260, 400, 320, 460], AP=pikepdf.Dictionary(N=seal),
            ))])  # fmt: skip
            pdf.save(out)
        binder.put({"a.pdf": out.getvalue()})
        (path,) = binder.bind(options=PLAIN).files
        image = look(path, 2)
        assert image.getpixel((int(image.width * 0.5), int(image.height * 0.49))) == (255, 0, 0)


class TestSlips:
    def slip(self, binder: Binder, name: str, content: bytes) -> str:
        binder.put({name: content})
        outcome = binder.bind(options=PLAIN)
        assert "说明页 1 件" in outcome.account
        text = page_texts(outcome.files[0])[2].replace("\r\n", "")
        assert name in text
        assert "evidence/" in text
        return text

    def test_a_locked_pdf(self, binder: Binder, paper: Paper) -> None:
        locked = paper("secret", password="123456")  # noqa: S106
        assert "有打开密码" in self.slip(binder, "密.pdf", locked)

    def test_a_pdf_that_only_forbids_is_printed(self, binder: Binder, paper: Paper) -> None:
        binder.put({"限.pdf": paper("open to all", password="")})
        assert "open to all" in page_texts(binder.bind(options=PLAIN).files[0])[2]

    def test_a_pdf_without_pages(self, binder: Binder) -> None:
        out = io.BytesIO()
        with pikepdf.new() as pdf:
            pdf.save(out)
        self.slip(binder, "零页.pdf", out.getvalue())

    def test_a_broken_pdf(self, binder: Binder, paper: Paper) -> None:
        self.slip(binder, "断.pdf", b"%PDF-1.4\n1 0 obj\n<</Type /Catalog>>\nendobj\n")

    def test_half_a_photo(self, binder: Binder) -> None:
        content = photo(2000, 1500)
        text = self.slip(binder, "半张.jpg", content[: len(content) // 2])
        assert "换一份完好的文件" in text

    def test_a_film(self, binder: Binder) -> None:
        assert "MP4 视频" in self.slip(
            binder, "课.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(99)
        )

    def test_an_archive(self, binder: Binder) -> None:
        assert "压缩包不能印" in self.slip(binder, "包.zip", b"PK\x05\x06" + bytes(18))

    def test_word_without_libreoffice(self, binder: Binder) -> None:
        assert "没有安装 LibreOffice" in self.slip(binder, "教案.docx", word("教学目标"))

    def test_word_when_it_is_not_wanted(self, binder: Binder) -> None:
        binder.put({"教案.docx": word("教学目标")})
        outcome = binder.bind(options={**PLAIN, "office": ""})
        assert "按所选" in outcome.notes[0]


def word(text: str) -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


class TestPictures:
    def test_a_photo_of_108_megapixels(self, binder: Binder) -> None:
        out = io.BytesIO()
        image = Image.new("L", (12_000, 9_000), 255)
        image.paste(0, (0, 0, 6_000, 4_500))
        image.save(out, "JPEG", quality=60)
        binder.put({"大.jpg": out.getvalue()})
        (path,) = binder.bind(options=PLAIN).files
        assert path.stat().st_size < 1_000_000
        left, _, right, _ = black(path, 2)
        assert (right - left) * 210 == pytest.approx(85, abs=1)

    def test_pages_of_a_scan_each_come(self, binder: Binder) -> None:
        out = io.BytesIO()
        frames = [Image.new("1", (800, 1100), n % 2) for n in range(3)]
        frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:])
        binder.put({"扫描.tif": out.getvalue()})
        outcome = binder.bind(options=PLAIN)
        assert outcome.pages == 2 + 3 + 1

    def test_see_through_pictures_stand_on_white(self, binder: Binder) -> None:
        out = io.BytesIO()
        Image.new("RGBA", (600, 600), (0, 0, 0, 0)).save(out, "PNG")
        binder.put({"透明.png": out.getvalue()})
        for quality in ("print", "original"):
            (path,) = binder.bind(options={**PLAIN, "quality": quality}).files
            image = look(path, 2)
            assert image.getpixel((image.width // 2, image.height // 2)) == (255, 255, 255)

    def test_small_pictures_are_not_blown_up(self, binder: Binder) -> None:
        binder.put({"小.jpg": photo(96, 96)})
        (path,) = binder.bind(options=PLAIN).files
        image = look(path, 2, scale=2).convert("RGB")
        box = Image.eval(image.split()[1], lambda green: 255 - green).crop(
            (0, 0, image.width, image.height // 2 + 60)
        ).getbbox()  # fmt: skip
        assert box
        assert (box[2] - box[0]) / 2 / 72 * 25.4 == pytest.approx(25.4, abs=1)

    def test_no_place_of_a_camera_goes_out(self, binder: Binder) -> None:
        exif = Image.Exif()
        exif.get_ifd(0x8825)[1] = "N"
        exif[0x013B] = "Somebody"
        out = io.BytesIO()
        Image.new("RGB", (800, 600), "green").save(out, "JPEG", exif=exif)
        assert b"Somebody" in out.getvalue()
        binder.put({"a.jpg": out.getvalue()})
        (path,) = binder.bind(options={**PLAIN, "quality": "original"}).files
        assert b"Somebody" not in path.read_bytes()

    def test_metres_of_photos_share_pages(self, binder: Binder) -> None:
        binder.put({f"{n:02}.jpg": photo(300, 200, seed=n) for n in range(9)})
        pages = {count: binder.bind(options={**PLAIN, "pictures": count}).pages for count in "124"}
        assert pages == {"1": 2 + 9 + 1, "2": 2 + 5 + 1, "4": 2 + 3 + 1}


class TestTexts:
    def test_characters_without_a_font_are_said(self, binder: Binder) -> None:
        binder.put({"说明.txt": "会议记录\U0001f600\n第二行".encode()})
        outcome = binder.bind(options=PLAIN)
        assert "有 1 个字没有字体，印成了□" in outcome.notes[-1]
        text = page_texts(outcome.files[0])[2]
        assert "会议记录□" in text
        assert "第二行" in text

    def test_line_ends_are_no_missing_letters(self) -> None:
        assert printable("甲\n乙", TextStyle()) == ("甲\n乙", 0)
        assert "\n" not in library().role("song").missing


class TestLibreOffice:
    def test_word_becomes_pages(self, binder: Binder, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv(libreoffice.OVERRIDE)
        if libreoffice.found() is None:
            pytest.skip("这台电脑没有安装 LibreOffice，不能试转换")
        binder.put({"教案.docx": word("teaching aims"), "坏.docx": word("broken")[:900]})
        outcome = binder.bind(options=PLAIN)
        assert "印成页面 1 件，说明页 1 件" in outcome.account
        assert any("teaching aims" in text for text in page_texts(outcome.files[0]))
