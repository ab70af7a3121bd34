"""Word files: read back by python-docx, and turned into pages by LibreOffice."""

import io
import itertools
import re
import shutil
import subprocess
import zipfile

import docx
import pypdfium2 as pdfium
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm

from app.errors import ExportError
from app.services.documents import word
from app.services.documents.tree import (
    Cell,
    Column,
    Document,
    Frame,
    Heading,
    Line,
    PageBreak,
    PageSetup,
    Paragraph,
    Picture,
    PictureBox,
    QrCode,
    Row,
    Rule,
    Section,
    SignatureLine,
    Signatures,
    Spacer,
    Table,
    TextBox,
    TextStyle,
)
from app.services.documents.writing import write
from tests.services.documents.conftest import packed
from tests.services.documents.sample_boxes import CREATED
from tests.services.documents.samples import photo

OFFICIAL = PageSetup(top=37, bottom=35, left=28, right=26, foot=25, lines=22, chars=28)
BODY = TextStyle("fangsong", 16)
COLUMNS = (Column(20), Column(80, "left"), Column(40))
LONG = "教研" * 28 * 15


def table():
    rows = (
        Row((Cell("上下", rowspan=2), "甲", Cell("左\n右", valign="top")), min_height=12),
        Row(("乙", "丙"), keep_next=True),
        Row(
            (Cell("合计", colspan=2), Cell("说明", picture=Picture(photo(300, 200), 30, 20, "图")))
        ),
    )
    return Table(COLUMNS, rows, (Row(("序号", "题名", "备注")),))


def everything():
    official = Section(
        "总结", OFFICIAL,
        (
            Paragraph("年度工作总结", TextStyle("title", 22), align="center"),
            Heading("一、做法", TextStyle("hei", 16)), Heading("（一）备课", TextStyle("kai", 16), level=2),
            Paragraph(LONG, BODY, indent=2), Paragraph("2026年7月3日", BODY, "right", right=2),
        ),
        foot="— {page} —", foot_align="outside", foot_style=TextStyle("song", 14),
    )  # fmt: skip
    lying = Section(
        "附件", PageSetup(width=297, height=210, left=20, right=20),
        (
            table(), Table(COLUMNS, (Row(("1", "乙表", "")),)), Spacer(3), Rule(),
            SignatureLine("签字：", "李晓红"),
            Signatures((SignatureLine("甲："), SignatureLine("乙："))),
            Picture(photo(400, 300), 40, 15, "现场"), PageBreak(), Paragraph("另一页"),
        ),
        head=(Paragraph("附件页眉", TextStyle("song", 12)),), foot="{page}/{pages}", continues=True,
    )  # fmt: skip
    cover = Section(
        "封面", PageSetup(),
        (
            TextBox(30, 30, 60, 20, "红字", TextStyle("hei", 24, color="C00000")), Frame(30, 30, 60, 20),
            TextBox(120, 30, 12, 80, "竖排盒脊12", TextStyle("song", 16), vertical=True),
            Line(20, 280, 190, 270), QrCode(30, 80, 30, "盒3"),
            PictureBox(30, 120, Picture(photo(300, 300), 40, 40, "盒内")),
            TextBox(30, 180, 60, 12, "双线", underline=0.5, double=True),
        ),
    )  # fmt: skip
    return Document("年度总结", (official, lying, cover), author="王芳")


@pytest.fixture(scope="module")
def content():
    return packed(word, everything())


@pytest.fixture(scope="module")
def made(content):
    return docx.Document(io.BytesIO(content))


@pytest.fixture(scope="module")
def printed(content, tmp_path_factory):
    if shutil.which("soffice") is None:
        pytest.skip("这台电脑没有 LibreOffice，不把 Word 文件转成页面来数")
    folder = tmp_path_factory.mktemp("word")
    (folder / "a.docx").write_bytes(content)
    home = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", folder, folder / "a.docx"],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return pdfium.PdfDocument(folder / "a.pdf")


def lines_of(page):
    """Characters of every line, from the top."""
    text = page.get_textpage()
    places = [
        (text.get_charbox(n, loose=True)[1], text.get_text_range(n, 1))
        for n in range(text.count_chars())
    ]
    places = sorted((p for p in places if p[1].strip()), reverse=True)
    found = [[places[0]]]
    for before, place in itertools.pairwise(places):
        if before[0] - place[0] > 5:
            found.append([])
        found[-1].append(place)
    return [len(line) for line in found]


def test_pages_have_22_lines_of_28_characters_in_libreoffice(printed):
    title, first, second, *full = lines_of(printed[0])
    assert (title, first, second) == (6, 4, 5)
    *full, foot = full
    assert len(full) == 19
    assert full == [26] + [28] * 18
    assert lines_of(printed[1])[-1] == foot == 3


def test_sections_have_their_paper_and_what_stands_on_it(printed):
    sizes = [tuple(round(side * 25.4 / 72) for side in page.get_size()) for page in printed]
    assert sizes == [(210, 297), (210, 297), (297, 210), (297, 210), (210, 297)]
    pages = [page.get_textpage().get_text_range() for page in printed]
    assert all("附件页眉" in page for page in pages[2:4])
    assert "另一页" in pages[3]
    assert "另一页" not in pages[2]
    assert set("红字竖排盒脊12盒内双线") <= set(pages[4])
    assert "2" in pages[1].split()[-2]


def test_headings_are_words_own_without_the_blue(made):
    headings = [p for p in made.paragraphs if p.style.name.lower().startswith("heading")]
    assert [(p.style.name, p.text) for p in headings] == [
        ("Heading 1", "一、做法"), ("Heading 2", "（一）备课"),
    ]  # fmt: skip
    font = headings[0].style.font
    assert font.size.pt == 16
    assert str(font.color.rgb) == "000000"
    assert font.element.rPr.rFonts.get(qn("w:eastAsia")) == "黑体"


def test_tables_have_their_merged_cells_widths_and_repeated_header(made):
    first, second, *_others = made.tables
    assert [cell.text for cell in first.rows[1].cells] == ["上下", "甲", "左\n右"]
    assert first.cell(1, 0)._tc is first.cell(2, 0)._tc
    assert first.cell(3, 0)._tc is first.cell(3, 1)._tc
    assert first.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert first.rows[1]._tr.trPr.find(qn("w:cantSplit")) is not None
    assert first.rows[1].height == pytest.approx(Mm(12), rel=0.01)
    widths = [cell.width / Mm(1) for cell in first.rows[0].cells]
    assert widths == pytest.approx([20, 80, 40], abs=0.1)
    assert first.cell(3, 2).text == "\n图\n说明"
    assert first._tbl.getnext().tag == qn("w:p"), "or Word would make one table of two"
    assert first._tbl.getnext().getnext() is second._tbl


def test_the_grid_is_that_of_official_documents(made):
    official, lying, _cover = made.sections
    grid = official._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:linePitch")) == "579", "22 lines of 29 points would not find room"
    assert official.left_margin.mm == pytest.approx(28, abs=0.05)
    assert lying._sectPr.find(qn("w:docGrid")) is None
    body = next(p for p in made.paragraphs if p.text == LONG)
    assert body.style.paragraph_format.line_spacing.pt == 28.95
    spacing = body.style.font.element.rPr.find(qn("w:spacing"))
    assert spacing.get(qn("w:val")) == "-5", "15.75 points from character to character"
    assert body.style.font.element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋"


def test_page_numbers_are_fields_and_stand_outside(made):
    official, lying, cover = made.sections
    assert made.settings.odd_and_even_pages_header_footer
    [odd], [even] = official.footer.paragraphs, official.even_page_footer.paragraphs
    assert "PAGE" in odd._p.xml
    assert (odd.style.paragraph_format.alignment, even.style.paragraph_format.alignment) == (2, 0)
    assert odd.paragraph_format.right_indent.pt == even.paragraph_format.left_indent.pt == 14
    assert "PAGEREF _end1" in lying.footer.paragraphs[0]._p.xml
    starts = [s._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) for s in made.sections]
    assert starts == ["1", None, "1"]
    assert cover.footer.paragraphs[0].text == ""


def test_fonts_have_others_to_stand_in(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        table = archive.read("word/fontTable.xml").decode()
    others = dict(re.findall(r'w:name="([^"]+)"><w:altName w:val="([^"]+)"', table))
    assert others["方正小标宋简体"].split(",")[-2:] == ["华文中宋", "宋体"]
    assert "仿宋_GB2312" in others["仿宋"]
    assert "楷体_GB2312" in others["楷体"]


def test_same_input_same_bytes_and_the_date_that_was_given(content, made):
    assert packed(word, everything()) == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {CREATED.timetuple()[:6]}
        names = archive.namelist()
    assert made.core_properties.title == "年度总结"
    assert made.core_properties.author == "王芳"
    assert made.core_properties.created.isoformat() == "2026-06-30T01:30:00+00:00"
    assert len([name for name in names if name.endswith(".jpeg")]) == 3


def test_any_text_is_kept_and_harms_nothing():
    words = "<w:p>&“引号”\t制表\n换行 𠅤 {{活动主题}} ]]>"
    blocks = (Paragraph(words), Table(COLUMNS, (Row((words, "", words)),)))
    made = docx.Document(io.BytesIO(packed(word,
        Document(words, (Section(words, PageSetup(), blocks),))
    )))  # fmt: skip
    shown = words.replace("\t", " ")
    assert made.paragraphs[0].text == shown
    assert [cell.text for cell in made.tables[0].rows[0].cells] == [shown, "", shown]


def test_empty_documents_and_broken_pictures(tmp_path):
    empty = Document("空", (Section("空", PageSetup(), (Table(COLUMNS, ()),)),))
    assert docx.Document(io.BytesIO(packed(word, empty))).tables == []
    broken = Picture(b"no picture", 50, 50, name="签到表")
    target = tmp_path / "a.docx"
    made = Document("坏", (Section("坏", PageSetup(), (broken,)),))
    with pytest.raises(ExportError, match="图片“签到表”打不开"):
        write(made, target, CREATED)
    assert not target.exists()


def test_colours_of_text_in_boxes_are_seen(printed):
    image = printed[len(printed) - 1].render(scale=2).to_pil().convert("RGB")
    assert any(r > 150 and g < 60 for _n, (r, g, _b) in image.getcolors(1 << 20))
