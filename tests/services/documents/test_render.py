import io

import pypdfium2
import pytest
from PIL import Image

from app.errors import StorageError
from app.services.documents.render import page_image, pdf_pages, picture_image


@pytest.fixture
def pdf():
    document = pypdfium2.PdfDocument.new()
    document.new_page(210, 297)
    document.new_page(297, 210)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def jpeg(size, orientation=1):
    exif = Image.Exif()
    exif[0x112] = orientation
    picture = Image.new("RGB", size, "white")
    picture.paste("black", (0, 0, size[0] // 4, size[1] // 4))
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_pages_have_their_sizes_and_are_drawn_at_the_dpi_asked(pdf, tmp_path):
    assert pdf_pages(pdf) == ((210, 297), (297, 210))
    path = tmp_path / "两页 表.pdf"
    path.write_bytes(pdf)
    drawn = page_image(path, 1, 144)
    assert (drawn.width, drawn.height) == (594, 420)
    assert drawn.rgb == b"\xff" * (594 * 420 * 3)


def test_a_poster_is_drawn_coarser_than_asked(pdf):
    drawn = page_image(pdf, 0, 72_000)
    assert drawn.width * drawn.height <= 40_500_000


def test_a_picture_stands_upright_and_keeps_its_shape():
    drawn = picture_image(jpeg((400, 200), orientation=6), 100)
    assert (drawn.width, drawn.height) == (50, 100)
    picture = Image.frombytes("RGB", (50, 100), drawn.rgb)
    assert picture.getpixel((45, 5)) < (60, 60, 60), "turned right: the mark is on the right"


def test_transparency_becomes_paper():
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")
    assert picture_image(out.getvalue(), 10).rgb == b"\xff" * 300


@pytest.mark.parametrize("draw", [lambda d: page_image(d, 0, 96), pdf_pages])
def test_what_is_no_pdf_is_said_in_words(draw):
    with pytest.raises(StorageError, match="PDF 打不开"):
        draw(b"%PDF-1.7 nothing")


def test_a_cut_picture_is_said_in_words():
    with pytest.raises(StorageError, match="图片打不开"):
        picture_image(jpeg((400, 300))[:900], 100)


def test_locked_and_strange_files(samples):
    with pytest.raises(StorageError, match="打开密码"):
        page_image(samples / "pdf" / "encryption_openpassword.pdf", 0, 96)
    with pytest.raises(StorageError, match="打不开"):
        pdf_pages(samples / "pdf" / "gen_零页.pdf")
    turned = picture_image(samples / "photos" / "gen_苹果_竖拍.heic", 500)
    assert (turned.width, turned.height) == (500, 375)
