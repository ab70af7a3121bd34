"""Pictures in a PDF: upright, whole, as fine as paper shows, and only once."""

import io
import re
import tracemalloc

import pikepdf
import pillow_heif
import pytest
from PIL import Image

from app.errors import ExportError
from app.services.documents import pdf
from app.services.documents.tree import (
    Cell,
    Column,
    Document,
    PageSetup,
    Paragraph,
    Picture,
    PictureBox,
    QrCode,
    Row,
    Section,
    Spacer,
    Table,
)
from tests.services.documents.sample_boxes import CREATED
from tests.services.documents.samples import huge, photo

A4 = PageSetup(left=20, right=20, top=20, bottom=20)
TURNED_RIGHT = 6


def document(*blocks):
    return Document("照片", (Section("照片", A4, blocks),))


def images(content):
    with pikepdf.open(io.BytesIO(content)) as file:
        return [
            image.read_raw_bytes()
            for page in file.pages
            for image in page.resources.get("/XObject", {}).values()
        ]


def test_a_picture_is_drawn_upright_with_its_caption_below(sheets):
    found = sheets(
        document(Picture(photo(800, 400, TURNED_RIGHT), 60, 60, "2025年10月16日，城关三小"))
    )
    assert found.all_text == "2025年10月16日，城关三小"
    [left, right] = (105 - 15, 105 + 15)  # 30 × 60 mm in the middle; the mark is at the upper right
    page = found.image()
    assert page.getpixel((int((right - 5) * 10), 250)) < 60
    assert page.getpixel((int((left + 5) * 10), 250)) > 200
    assert page.getpixel((int((right - 5) * 10), 600)) > 200


def test_a_picture_is_not_parted_from_its_caption(sheets):
    found = sheets(document(Paragraph("一\n" * 30), Picture(photo(400, 300), 160, 110, "现场")))
    assert len(found) == 2
    assert "现场" in found.text(1)
    assert images(found.content)


def test_pictures_stand_in_cells_above_the_text(sheets):
    cell = Cell("李晓红", picture=Picture(photo(400, 200), 60, 30, "观摩"))
    found = sheets(document(Table((Column(80), Column(90)), (Row((cell, "右")),))))
    assert found.text(0).split() == ["观摩", "李晓红", "右"]
    levels = found.levels_mm(180)
    assert levels[0] == pytest.approx(20, abs=0.2)
    assert 30 + 7 < levels[-1] - 20 < 30 + 16
    assert found.image().getpixel((320, 300)) < 60, "from 30 to 90 mm, its left half black"
    assert found.image().getpixel((890, 300)) > 200


def test_a_row_too_high_for_the_page_carries_its_picture_whole(sheets):
    cell = Cell("长" * 4000, picture=Picture(photo(400, 400), 60, 60))
    found = sheets(document(Spacer(1), Table((Column(170),), (Row((cell,)),))))
    assert len(found) > 1
    assert found.all_text == "长" * 4000
    assert len(images(found.content)) == 1


def test_a_huge_photo_comes_down_to_what_paper_shows(tmp_path, fonts):
    tracemalloc.start()
    content = pdf.render_bytes(document(Picture(huge(tmp_path), 120, 90)), CREATED, fonts=fonts)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    [data] = images(content)
    assert Image.open(io.BytesIO(data)).size == (945, 709)  # 120 mm at 200 dpi
    assert len(content) < 300_000
    assert peak < 30_000_000


def test_a_photo_is_embedded_once_and_without_the_cameras_notes(tmp_path, fonts):
    file = tmp_path / "a.jpg"
    file.write_bytes(photo(800, 600))
    blocks = [
        Picture(file, 100, 60),
        Picture(file, 30, 30),
        PictureBox(20, 200, Picture(file, 50, 50)),
    ]
    content = pdf.render_bytes(document(*blocks), CREATED, fonts=fonts)
    [data] = images(content)
    assert Image.open(io.BytesIO(data)).size == (629, 472)  # 60 mm high
    assert "手机牌子".encode() not in content
    small = pdf.render_bytes(document(Picture(photo(300, 200), 100, 60)), CREATED, fonts=fonts)
    [data] = images(small)
    assert Image.open(io.BytesIO(data)).size == (300, 200)
    assert b"Exif" not in data, "a small one is taken as it is, but for the notes"


def heic():
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (200, 100), "black")).save(out)
    return out.getvalue()


def clear(mode):
    out = io.BytesIO()
    Image.new("RGBA", (200, 100), (0, 0, 0, 0)).convert(mode).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("source", "dark"),
    [(heic, True), (lambda: clear("RGBA"), False), (lambda: clear("LA"), False),
     (lambda: photo(200, 100, kind="PNG"), True), (lambda: photo(200, 100, kind="WEBP"), True)],
    ids=["heic", "clear", "clear grey", "png", "webp"],
)  # fmt: skip
def test_other_kinds_and_transparency(source, dark, sheets):
    found = sheets(document(Picture(source(), 60, 30)))
    assert (found.image().getpixel((800, 230)) < 60) is dark


@pytest.mark.parametrize("content", [b"no picture", photo(900, 900)[:2000], b""])
def test_a_broken_picture_is_named_and_nothing_is_written(content, tmp_path, fonts):
    file = tmp_path / "IMG_0815.jpg"
    file.write_bytes(content)
    target = tmp_path / "册.pdf"
    with pytest.raises(ExportError, match=r"图片“IMG_0815\.jpg”打不开"):
        pdf.write(document(Picture(file, 50, 50)), target, created=CREATED, fonts=fonts)
    with pytest.raises(ExportError, match="图片“签到表”打不开"):
        pdf.render_bytes(document(Picture(content, 50, 50, name="签到表")), CREATED, fonts=fonts)
    assert not target.exists()


def test_a_qr_code_is_drawn_in_its_square(sheets):
    found = sheets(document(QrCode(30, 40, 25, "研档:盒3:0a1b2c")))
    box = found.image().point(lambda v: 255 if v < 100 else 0).getbbox()
    quiet = 25 * 4 / (25 + 8)  # 25 modules and four empty ones on each side
    assert [side / 10 for side in box] == pytest.approx(
        [30 + quiet, 40 + quiet, 55 - quiet, 65 - quiet], abs=0.2
    )
    with pytest.raises(ExportError, match="二维码放不下"):
        sheets(document(QrCode(0, 0, 25, "长" * 3000)))


def test_same_pictures_same_bytes(fonts):
    made = document(Picture(photo(800, 600), 100, 60), QrCode(30, 40, 25, "甲"))
    content = pdf.render_bytes(made, CREATED, fonts=fonts)
    assert content == pdf.render_bytes(made, CREATED, fonts=fonts)
    assert re.search(rb"/DCTDecode", content)
