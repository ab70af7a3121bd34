"""Broken, huge and odd content made here: found out cheaply, and never an exception."""

import io
import random
import struct
import threading
import time
import tracemalloc
import zipfile
import zlib
from datetime import UTC, datetime

import pytest
from docx import Document
from PIL import Image

from app.services.evidence import kinds
from app.services.evidence.inspect import inspect
from app.services.evidence.thumbnails import thumbnail

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def facts_of(tmp_path, content, name):
    path = tmp_path / "到货.tmp"  # intake gives a name of its own
    path.write_bytes(content)
    return inspect(path, name, now=NOW)


def picture(kind, size=(60, 40), **options):
    out = io.BytesIO()
    Image.effect_noise(size, 80).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def package(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def word(properties, text="<w:t>教研</w:t>"):
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return package(
        {
            "[Content_Types].xml": f'<Types><Override ContentType="{main}"/></Types>',
            "word/document.xml": f"<w:document>{text}</w:document>",
            "docProps/app.xml": f"<Properties>{properties}</Properties>",
        }
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "AVIF"])
def test_a_picture_cut_off_at_any_place_is_damaged(tmp_path, kind):
    whole = picture(kind)
    sound = facts_of(tmp_path, whole, f"照片.{kind.lower()}")
    assert (sound.state, sound.width, sound.height, sound.pages) == ("ok", 60, 40, 1)
    for share in (0.2, 0.5, 0.9):
        cut = facts_of(tmp_path, whole[: int(len(whole) * share)], f"照片.{kind.lower()}")
        assert cut.state == "damaged", share
        assert cut.kind == "image"


def test_a_picture_with_a_film_behind_it_is_whole(tmp_path):
    """Moving photos of phones: megabytes follow the end mark."""
    film = b"\0\0\0\x18ftypmp42" + bytes(3_000_000)
    assert facts_of(tmp_path, picture("JPEG") + film, "动态照片.jpg").state == "ok"


def test_the_end_mark_of_an_embedded_preview_does_not_count(tmp_path):
    whole, preview = picture("JPEG"), picture("JPEG", (16, 16))
    app1 = b"\xff\xe1" + struct.pack(">H", len(preview) + 8) + b"Other\0" + preview
    cut = whole[:2] + app1 + whole[2:-200]
    assert facts_of(tmp_path, cut, "断.jpg").state == "damaged"


def test_two_hundred_megapixels_cost_nothing(tmp_path):
    out = io.BytesIO()
    Image.new("1", (20000, 12000)).save(out, "PNG")
    path = tmp_path / "大.png"
    path.write_bytes(out.getvalue())
    tracemalloc.start()
    facts = inspect(path, path.name, now=NOW)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (facts.width, facts.state) == (20000, "ok")
    assert peak < 1_000_000
    assert thumbnail(path, facts.media_type, 100) is None


def test_junk_that_pretends_to_be_a_photo_ends_soon(tmp_path):
    path = tmp_path / "a"
    with path.open("wb") as file:
        file.write(b"\xff\xd8\xff\xe0\0\x02")
        file.truncate(500_000_000)
    begin = time.monotonic()
    assert inspect(path, "a.jpg", now=NOW).state == "damaged"
    assert time.monotonic() - begin < 2


def test_tiff_directories_in_a_circle_are_counted_once(tmp_path):
    entry = struct.pack("<HHI4s", 0x100, 3, 1, b"\x05\0\0\0")
    height = struct.pack("<HHI4s", 0x101, 3, 1, b"\x05\0\0\0")
    strip = struct.pack("<HHI4s", 0x111, 3, 1, b"\x08\0\0\0")
    circle = b"II*\0\x08\0\0\0\x03\0" + entry + height + strip + b"\x08\0\0\0"
    facts = facts_of(tmp_path, circle, "圈.tif")
    assert (facts.width, facts.pages) == (5, 1)


@pytest.mark.parametrize(
    ("properties", "text", "pages"),
    [
        ("<Pages>7</Pages><Characters>2000</Characters>", "<w:t>教研</w:t>", 7),
        ("<Pages>0</Pages>", "<w:t>教研</w:t>", None),
        ("", "<w:t>教研</w:t>", None),
        ("<Pages>1</Pages><Characters>0</Characters>", "<w:t>教研</w:t>", None),
        ("<Pages>1</Pages><Characters>0</Characters>", "<w:drawing/>", 1),
        ("<Pages>3</Pages><Characters>0</Characters>", "<w:t>教研</w:t>", 3),
    ],
)
def test_word_pages_only_where_they_were_counted(tmp_path, properties, text, pages):
    facts = facts_of(tmp_path, word(properties, text), "教案.docx")
    assert (facts.pages, facts.pages_from) == (pages, "properties" if pages else "")
    assert any("页数" in remark for remark in facts.remarks) == (pages is None)


def test_a_real_word_file_cut_anywhere_is_a_damaged_word_file(tmp_path):
    out = io.BytesIO()
    document = Document()
    document.add_paragraph("听课记录")
    document.save(out)
    for share in (0.1, 0.6, 0.99):
        facts = facts_of(tmp_path, out.getvalue()[: int(len(out.getvalue()) * share)], "记录.docx")
        assert (facts.media_type, facts.state, facts.kind) == (kinds.DOCX, "damaged", "word")


def test_a_part_that_inflates_to_a_gigabyte_is_read_a_little(tmp_path):
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("[Content_Types].xml", "w", force_zip64=True) as part:
            part.write(b"wordprocessingml.document.main+xml")
            for _ in range(300):
                part.write(bytes(1 << 20))
        archive.writestr("word/document.xml", "<w:document/>")
    tracemalloc.start()
    begin = time.monotonic()
    facts = inspect(path, path.name, now=NOW)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert facts.media_type == kinds.DOCX
    assert peak < 20_000_000
    assert time.monotonic() - begin < 2


def test_an_ofd_document_counts_its_pages(tmp_path):
    pages = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(4))
    content = package({"OFD.xml": "<ofd:OFD/>", "Doc_0/Document.xml": f"<ofd:Pages>{pages}"})
    facts = facts_of(tmp_path, content, "通知.ofd")
    assert (facts.media_type, facts.pages, facts.pages_from) == (kinds.OFD, 4, "counted")


@pytest.mark.parametrize(
    ("name", "content", "extension", "misnamed"),
    [
        ("笔记.md", "# 教研\n", ".md", False),
        ("学生名单.csv", "姓名,班级\n".encode("gb18030"), ".csv", False),
        ("程序.c", "int main;\n", ".c", False),
        ("无扩展名", "教研记录\n", ".txt", True),
        ("1.听课记录", "教研记录\n", ".txt", True),
        ("名单.xls", "<html><table><tr><td>张三</td></tr></table></html>", ".html", True),
        ("繁體.txt", "馬市坪鄉小學學片教研".encode("big5"), ".txt", False),
        ("記事.txt", "教研".encode("utf-16"), ".txt", False),
    ],
)
def test_text_under_many_names(tmp_path, name, content, extension, misnamed):
    data = content if isinstance(content, bytes) else content.encode()
    facts = facts_of(tmp_path, data, name)
    assert (facts.kind, facts.extension, facts.misnamed) == ("text", extension, misnamed)


def test_noise_under_a_document_name_is_damage_and_elsewhere_just_unknown(tmp_path):
    noise = random.Random(1).randbytes(3000)  # noqa: S311 - no secret
    damaged = facts_of(tmp_path, noise, "总结.pdf")
    assert (damaged.state, damaged.kind) == ("damaged", "pdf")
    assert "内容已经不是 PDF 文档" in damaged.remarks[0]
    unknown = facts_of(tmp_path, noise, "数据.xyz")
    assert (unknown.state, unknown.kind, unknown.extension) == ("ok", "other", ".xyz")


def test_spoilt_bytes_never_raise(tmp_path, samples):
    dice = random.Random(20261122)  # noqa: S311 - no secret
    chosen = [
        "photos/gen_方向6.jpg", "photos/hopper.png", "photos/multipage.tiff", "photos/testHEIF.heic",
        "photos/hopper_orientation_2.webp", "pdf/pdflatex-4-pages.pdf", "office/SampleDoc.docx",
        "office/SampleDoc.doc", "office/SampleShow.ppt", "sheets/Simple.xls", "sheets/sample.ods",
        "other/gen_课堂录像_4秒.mp4", "office/gen_名师工作室_5张.pptx",
    ]  # fmt: skip
    for name in chosen:
        content = (samples / name).read_bytes()
        for _ in range(25):
            spoilt = bytearray(content)
            for _ in range(dice.choice((1, 8, 60))):
                spoilt[dice.randrange(min(len(spoilt), dice.choice((200, 4000, 1 << 30))))] = (
                    dice.randrange(256)
                )
            facts = facts_of(tmp_path, bytes(spoilt), name)
            assert facts.state in ("ok", "encrypted", "damaged")


def test_many_threads_may_inspect_pdfs(samples):
    paths = [samples / "pdf" / name for name in ("gen_工作手册_120页.pdf", "pdflatex-4-pages.pdf")]
    wrong = []

    def work():
        for _ in range(20):
            pages = [inspect(path, path.name, now=NOW).pages for path in paths]
            if pages != [120, 4] or thumbnail(paths[1], kinds.PDF, 60) is None:
                wrong.append(pages)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_png_header_that_fails_its_own_sum_is_damaged(tmp_path):
    content = bytearray(picture("PNG"))
    content[18] ^= 0xFF
    assert zlib.crc32(content[12:29]) != int.from_bytes(content[29:33], "big")
    assert facts_of(tmp_path, bytes(content), "a.png").state == "damaged"
