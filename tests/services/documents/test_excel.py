"""A document as Excel: read back by openpyxl and by calamine."""

import io

import openpyxl
import pytest
from PIL import Image
from python_calamine import CalamineWorkbook

from app.errors import ExportError
from app.services.documents import excel
from app.services.documents.tree import (
    Cell,
    Column,
    Document,
    Heading,
    PageSetup,
    Paragraph,
    Picture,
    Row,
    Section,
    SignatureLine,
    Signatures,
    Table,
    TextStyle,
)
from tests.services.documents.conftest import packed

COLUMNS = (Column(20), Column(80, "left"), Column(30, figures=True), Column(40))
LYING = PageSetup(width=297, height=210, top=20, bottom=20, left=20, right=30)


def document(*blocks, foot="第 {page} 页，共 {pages} 页", title="台账"):
    return Document("试验", (Section(title, LYING, blocks, foot=foot),))


def book(made):
    return openpyxl.load_workbook(io.BytesIO(packed(excel, made)))


def table():
    rows = (
        Row((Cell("上下", rowspan=2), "=1+1", "12.5", Cell("左右", align="left"))),
        Row(("丙", "007", "𠅤")),
        Row((Cell("合计", colspan=2), "-3", "+86")),
    )
    return Table(COLUMNS, rows, (Row(("序号", "内容", "数", "备注")),))


def test_cells_are_text_and_figures_are_figures():
    page = book(document(Heading("台账", TextStyle("hei", 16)), table()))["台账"]
    assert page["B3"].value == "=1+1"
    assert page["B3"].data_type == "s"
    assert page["C3"].value == 12.5
    assert page["C4"].value == "007", "a number of a thing keeps its noughts"
    assert page["C5"].value == -3
    assert page["D5"].data_type == "s"
    assert {str(one) for one in page.merged_cells.ranges} == {"A1:E1", "A3:A4", "A5:B5"}
    assert page["A1"].font.name == "黑体"
    assert page["A3"].border.left.style == "medium"
    assert page["A3"].border.right.style == "thin"
    assert page["D5"].border.bottom.style == "medium"


def test_calamine_reads_the_same():
    content = packed(excel, document(table()))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[1] == ["上下", "=1+1", 12.5, "左右"]
    assert rows[3] == ["合计", "", -3.0, "+86"]


def test_paper_print_titles_and_page_numbers():
    page = book(document(Paragraph("说明"), table()))["台账"]
    assert page.page_setup.orientation == "landscape"
    assert int(page.page_setup.paperSize) == 9
    assert page.page_margins.right == pytest.approx(30 / 25.4)
    assert page.print_title_rows == "$2:$2"
    assert page.oddFooter.center.text == "第 &P 页，共 &N 页"
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.page_setup.fitToHeight == 0


def test_widths_follow_the_millimetres():
    page = book(document(table()))["台账"]
    pixels = [page.column_dimensions[one].width * 7 + 5 for one in "ABCD"]
    assert [one / 96 * 25.4 for one in pixels] == pytest.approx([20, 80, 30, 40], abs=0.3)


def test_two_tables_share_the_edges_of_both():
    other = Table((Column(50), Column(120)), (Row(("甲", "乙")),))
    page = book(document(table(), other))["台账"]
    assert page.max_column == 5, "edges at 20, 50, 100, 130 and 170 mm"
    assert page["A5"].value == "甲"
    assert "A5:B5" in {str(one) for one in page.merged_cells.ranges}


def test_long_text_makes_the_row_higher_and_long_paragraphs_take_several_rows():
    long = "".join(f"第{n}次活动有记录。" for n in range(400))
    page = book(document(table(), Paragraph(long)))["台账"]
    words = [page.cell(n, 1).value or "" for n in range(5, page.max_row + 1)]
    assert "".join(words) == long
    assert all(page.row_dimensions[n].height <= 409 for n in range(1, page.max_row + 1))
    tall = book(document(Table(COLUMNS, (Row(("1", "长" * 2000, "", "")), Row(tuple("2345"))))))[
        "台账"
    ]
    joined = next(one for one in tall.merged_cells.ranges if one.min_col == 2)
    needed = sum(tall.row_dimensions[n].height for n in range(1, joined.max_row + 1))
    assert needed > 2000 / (78.5 * 72 / 25.4 / 10.5) * 10.5 * 1.25
    assert tall.cell(joined.max_row + 1, 1).value == "2"
    with pytest.raises(ExportError, match="一格放不下"):
        book(document(Table(COLUMNS, (Row(("", "长" * 40_000, "", "")),))))


def test_pictures_stand_in_their_cells():
    out = io.BytesIO()
    Image.new("RGB", (800, 600), "red").save(out, "PNG")
    cell = Cell("说明", picture=Picture(out.getvalue(), 60, 30, "现场"))
    page = book(document(Table(COLUMNS, (Row(("1", cell, "", "")),))))["台账"]
    [image] = page._images
    assert (image.anchor._from.row, image.anchor._from.col) == (0, 1)
    assert image.anchor.ext.height / 36000 == pytest.approx(30, abs=0.1)
    assert image.anchor.ext.width / 36000 == pytest.approx(40, abs=0.1)
    assert page["B1"].value == "现场\n说明"
    assert page.row_dimensions[1].height > 30 * 72 / 25.4


def test_same_input_same_bytes_and_sheets_have_names_of_their_own():
    lines = Signatures((SignatureLine("主持人："), SignatureLine("记录人：", "李晓红")))
    sections = document(table(), lines, title="一/二:三" * 12).sections * 2
    made = Document("试验", sections)
    content = packed(excel, made)
    assert content == packed(excel, made)
    first, second = openpyxl.load_workbook(io.BytesIO(content)).sheetnames
    assert first != second
    assert max(len(first), len(second)) <= 31
    assert "记录人：李晓红" in str(book(made)[first]["A5"].value)
