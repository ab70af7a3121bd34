"""Text for the search index, from real documents and from hostile ones."""

import io
import time
import tracemalloc
import zipfile

import pytest
from docx import Document
from openpyxl import Workbook
from PIL import Image

from app.services.evidence import kinds
from app.services.evidence.inspect import inspect
from app.services.evidence.text import MAX_CHARACTERS, extract_text


def text_of(path):
    return extract_text(path, inspect(path, path.name).media_type)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("office/gen_听课记录表.docx", ["听课记录表", "李㛃", "草船借箭", "王䶮"]),
        ("office/gen_其实是docx.doc", ["教研"]),
        ("office/hdr-header-footer.docx", ["Footer for section 1", "Header for section"]),
        ("office/gen_名师工作室_5张.pptx", ["名师工作室展示 1", "名师工作室展示 5"]),
        ("office/SampleShow.pptx", ["notes of the first slide", "THIS LINE IS BOLD"]),
        ("sheets/gen_教研活动台账.xlsx", ["教研活动", "大单元教学设计", "李四、王䶮、欧阳倩"]),
        ("sheets/gen_花名册.xls", ["张三", "19900001234"]),
        ("sheets/sample.strict.xlsx", ["Lorem", "consectetuer"]),
        ("sheets/gen_花名册_GBK.csv", ["张三", "学科"]),
        ("sheets/gen_花名册_GB18030.csv", ["张三", "学科"]),
        ("sheets/gen_花名册_UTF8带BOM.csv", ["姓名,性别"]),
        ("pdf/gen_教研活动记录_3页.pdf", ["第1页 青岚县第二小学", "第3页"]),
        ("pdf/gen_只限打印_无需口令.pdf", ["第2页"]),
        ("pdf/pdflatex-4-pages.pdf", ["Hello, here is some text"]),
    ],
)
def test_finds_the_words(samples, path, words):
    text = text_of(samples / path)
    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize(
    "path",
    ["office/gen_截断.docx", "office/truncated62886.docx", "office/bug53475-password-is-pass.docx",
     "pdf/gen_截断.pdf", "pdf/gen_加密_口令123456.pdf", "pdf/corrupted.pdf", "sheets/password.xls",
     "sheets/null_archive.xlsx", "photos/hopper.jpg", "other/gen_课堂录像_4秒.mp4"],
)  # fmt: skip
def test_nothing_to_read_gives_no_text(samples, path):
    assert text_of(samples / path) == ""


def test_claiming_another_type_gives_no_text(samples):
    photo = samples / "photos" / "hopper.jpg"
    for media_type in (kinds.DOCX, kinds.PPTX, kinds.XLSX, kinds.XLS, kinds.PDF, kinds.ODT):
        assert extract_text(photo, media_type) == ""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_encodings_of_mainland_text(tmp_path, encoding):
    words = "本次教研活动围绕作业设计展开，与会教师积极发言。李四主持，王老师记录。"
    path = tmp_path / "记录.txt"
    path.write_bytes(words.encode(encoding))
    assert extract_text(path, kinds.TEXT) == words


def test_traditional_text_in_big5(tmp_path):
    words = "馬市坪鄉小學學片教研共同體，周有活動、月有安排、學期有評估、學年有驗收。"
    path = tmp_path / "記錄.txt"
    path.write_bytes(words.encode("big5"))
    assert extract_text(path, kinds.TEXT) == words


def test_tables_and_headers_of_a_word_file(tmp_path):
    document = Document()
    document.sections[0].header.paragraphs[0].text = "页眉文字"
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "甲格", "乙格"
    path = tmp_path / "a.docx"
    document.save(path)
    text = extract_text(path, kinds.DOCX)
    assert "页眉文字" in text
    assert "甲格乙格" not in text  # two cells are two words
    assert text.index("甲格") < text.index("乙格")


def test_the_copy_for_older_programs_is_not_read_twice(tmp_path):
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "word/document.xml",
            '<d xmlns:w="w" xmlns:mc="mc"><mc:AlternateContent><mc:Choice><w:t>文本框</w:t></mc:Choice>'
            "<mc:Fallback><w:t>文本框</w:t></mc:Fallback></mc:AlternateContent></d>",
        )
    assert extract_text(path, kinds.DOCX) == "文本框"


def test_a_stray_cell_far_away_costs_nothing(tmp_path):
    book = Workbook()
    book.active["A1"] = "甲"
    book.active.cell(1048576, 16384).value = "乙"
    path = tmp_path / "远.xlsx"
    book.save(path)
    assert measured(path, kinds.XLSX)[0].split() == ["Sheet", "甲", "乙"]


def measured(path, media_type):
    tracemalloc.start()
    begin = time.monotonic()
    text = extract_text(path, media_type)
    seconds, peak = time.monotonic() - begin, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60_000_000
    assert seconds < 30  # tracing slows it down
    return text, peak


def bomb(path, part, begin, piece, times):
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(part, "w", force_zip64=True) as out,
    ):
        out.write(begin)
        for _ in range(times):
            out.write(piece)


def test_bombs_stay_small(tmp_path):
    path = tmp_path / "bomb"
    bomb(path, "word/document.xml", b'<d xmlns:w="w"><w:t>', b"A" * (1 << 20), 120)
    assert measured(path, kinds.DOCX)[0] == "A" * MAX_CHARACTERS
    bomb(path, "xl/sharedStrings.xml", b"<sst>", b" " * (1 << 20), 120)
    assert measured(path, kinds.XLSX)[0] == ""


def test_entity_bombs_are_not_expanded(tmp_path, samples):
    path = tmp_path / "bomb"
    entities = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", f'{entities}<d xmlns:w="w"><w:t>&b;</w:t></d>')
    assert extract_text(path, kinds.DOCX) == ""
    assert len(text_of(samples / "sheets" / "poc-xmlbomb.xlsx")) < 100


def test_a_part_that_lies_about_its_size_ends_quietly(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml", '<d xmlns:w="w"><w:t>' + "教" * 100_000 + "</w:t></d>"
        )
    data = bytearray(out.getvalue())
    entry = data.index(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (50).to_bytes(4, "little")
    path = tmp_path / "a.docx"
    path.write_bytes(bytes(data))
    assert len(extract_text(path, kinds.DOCX)) < 100


def test_a_picture_only_pdf_has_no_text(tmp_path):
    path = tmp_path / "扫描.pdf"
    Image.new("RGB", (200, 300)).save(path, "PDF")
    assert extract_text(path, kinds.PDF) == ""
