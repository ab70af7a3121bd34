"""Thumbnails: upright, within their box, and none of what cannot be shown."""

import io
import time

import pytest
from PIL import Image, ImageChops, ImageStat

from app.services.evidence.inspect import inspect
from app.services.evidence.thumbnails import thumbnail


def made(path, box=160):
    data = thumbnail(path, inspect(path, path.name).media_type, box)
    return None if data is None else Image.open(io.BytesIO(data))


def difference(one, other):
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean)


def test_all_eight_orientations_look_the_same(samples):
    upright = made(samples / "photos" / "gen_方向1.jpg")
    assert upright.size == (160, 120)
    for number in range(2, 9):
        turned = made(samples / "photos" / f"gen_方向{number}.jpg")
        assert turned.size == upright.size
        assert difference(turned, upright) < 12, number
    assert difference(upright.rotate(180), upright) > 60  # the measure would see it


@pytest.mark.parametrize(
    ("path", "size"),
    [
        ("photos/gen_手机_4032x3024_竖拍.jpg", (160, 120)),
        ("photos/gen_苹果_竖拍.heic", (160, 120)),
        ("photos/testHEIF.heic", (160, 109)),
        ("photos/pil123rgba.png", (160, 148)),
        ("photos/pil_sample_cmyk.jpg", (100, 100)),
        ("photos/hopper.gif", (128, 128)),
        ("photos/hopper_orientation_2.webp", (128, 128)),
        ("photos/hopper_webp_bits.ppm", (128, 128)),
        ("photos/multipage.tiff", (10, 10)),
        ("photos/gen_进度式.jpg", (160, 120)),
        ("pdf/gen_工作手册_120页.pdf", (113, 160)),
        ("pdf/gen_其实是JPEG.pdf", (160, 120)),
    ],
)
def test_sizes(samples, path, size):
    image = made(samples / path)
    assert image.mode == "RGB"
    assert max(image.size) <= 160
    assert image.size == pytest.approx(size, abs=2)


def test_what_is_transparent_becomes_paper(samples):
    assert made(samples / "photos" / "pil123rgba.png").getpixel((2, 2)) == (255, 255, 255)


def test_54_megapixels_are_not_decoded_whole(samples):
    begin = time.monotonic()
    assert made(samples / "photos" / "gen_大图_9000x6000.jpg").size == (160, 107)
    assert time.monotonic() - begin < 2


@pytest.mark.parametrize(
    "path",
    ["photos/broken.png", "photos/decompression_bomb.gif", "photos/truncated_jpeg.jpg",
     "photos/seek_too_large.tif", "photos/testHEIC_livePhoto.heic", "photos/gen_零字节.jpg",
     "pdf/gen_加密_口令123456.pdf", "pdf/gen_截断.pdf", "pdf/gen_零页.pdf",
     "office/SampleDoc.docx", "other/gen_课堂录像_4秒.mp4"],
)  # fmt: skip
def test_none_where_there_is_nothing_to_show(samples, path):
    assert made(samples / path) is None


def test_a_pdf_page_is_drawn(samples):
    image = made(samples / "pdf" / "gen_扫描签到表.pdf")
    assert image.convert("L").getextrema()[0] < 80


def test_a_missing_file_gives_none(tmp_path):
    assert thumbnail(tmp_path / "无.jpg", "image/jpeg", 100) is None
