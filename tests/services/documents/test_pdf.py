"""The file itself: bytes, fonts, information, and how it comes to its place."""

import io
import re
import threading

import pypdfium2 as pdfium
import pytest
from reportlab.pdfgen.canvas import Canvas

from app.errors import ExportError
from app.services.documents import pdf
from app.services.documents.embedding import require_embedded
from app.services.documents.page import Page, Text
from tests.services.documents.sample_boxes import CREATED, everyday, form, many, row


def test_same_input_gives_the_same_bytes(fonts):
    document = form("box-set", many(120), of=3)
    assert pdf.render_bytes(document, CREATED, fonts=fonts) == pdf.render_bytes(
        document, CREATED, fonts=fonts
    )


def test_parallel_rendering_gives_the_same_bytes(fonts):
    documents = [form("directory", many(60)), form("box-set", everyday())] * 3
    alone = [pdf.render_bytes(d, CREATED, fonts=fonts) for d in documents]
    together: dict[int, bytes] = {}

    def work(number: int) -> None:
        together[number] = pdf.render_bytes(documents[number], CREATED, fonts=fonts)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(len(documents))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[i] for i in range(len(documents))] == alone


def test_every_font_is_embedded(fonts):
    letters = "".join(map(chr, range(0x4E00, 0x5200)))  # several subsets of one font
    box = everyday(rows=(row(1, letters),))
    content = pdf.render_bytes(form("box-set", box), CREATED, fonts=fonts)
    named = re.findall(rb"/Type /Font\b(?!Descriptor)", content)
    assert len(named) > 3
    assert content.count(b"/FontFile2") == len(named)
    assert b"Helvetica" not in content


def test_a_font_that_is_only_named_is_refused(fonts):
    canvas = Canvas(io.BytesIO(), invariant=1)  # names Helvetica of its own accord
    canvas.drawString(72, 72, "A")
    canvas.save()
    with pytest.raises(ExportError, match=r"字体没有嵌入 PDF：.*Helvetica"):
        require_embedded([], canvas._doc)


def test_a_letter_that_the_font_does_not_draw_is_refused(fonts):
    page = Page(100, 100)
    page.texts.append(Text(0, 0, "甲🎵", fonts.role("song").main, 10, bold=False))
    canvas = Canvas(io.BytesIO(), initialFontName=fonts.role("song").main.name)
    canvas.save()
    with pytest.raises(ExportError, match="会是空白：“🎵”"):
        require_embedded([page], canvas._doc)


def test_information_says_title_date_and_language(fonts):
    content = pdf.render_bytes(form("box-set", everyday()), CREATED, fonts=fonts)
    file = pdfium.PdfDocument(content)
    info = file.get_metadata_dict()
    assert info["Title"] == "蒲城县李晓红小学语文名师工作坊 第1盒 整套"
    assert info["Creator"] == "研档"
    assert info["CreationDate"] == "D:20260630093000+08'00'"
    assert re.search(rb"/Lang \(zh-CN\)", content)


def test_file_is_written_and_replaced(tmp_path, fonts):
    target = tmp_path / "材料目录.pdf"
    target.write_bytes(b"old")
    pdf.write(form("directory", everyday()), target, created=CREATED, fonts=fonts)
    assert target.read_bytes() == pdf.render_bytes(
        form("directory", everyday()), CREATED, fonts=fonts
    )
    assert [p.name for p in tmp_path.iterdir()] == ["材料目录.pdf"]
