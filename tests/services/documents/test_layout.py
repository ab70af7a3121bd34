"""Pages, tables and boxes as the layout makes them, measured in millimetres."""

import pytest

from app.errors import CancelledError, ExportError
from app.progress import CancelFlag
from app.services.documents import pdf
from app.services.documents.tree import (
    Cell,
    Column,
    Document,
    Heading,
    PageSetup,
    Paragraph,
    Row,
    Rule,
    Section,
    SignatureLine,
    Spacer,
    Table,
    TextBox,
    TextStyle,
)
from tests.services.documents.sample_boxes import CREATED

A4 = PageSetup(left=20, right=20, top=20, bottom=20)
TWO = (Column(30), Column(140, "left"))


def document(*blocks, foot=""):
    return Document("试验", (Section("试验", A4, blocks, foot=foot),))


def test_header_rows_come_again_on_every_page(sheets):
    rows = tuple(Row((str(i), f"第{i}行")) for i in range(200))
    found = sheets(
        document(Table(TWO, rows, (Row(("序号", "题名")),)), foot="第 {page} 页共 {pages} 页")
    )
    assert len(found) > 3
    for page in range(len(found)):
        assert found.text(page).startswith("序号")
        assert f"第 {page + 1} 页共 {len(found)} 页" in found.text(page)
    assert all(f"第{i}行" in found.all_text for i in range(200))


def test_column_rules_stand_where_the_widths_say(sheets):
    found = sheets(document(Table(TWO, (Row(("", ""), min_height=30),))))
    assert found.uprights_mm(30) == pytest.approx([20, 50, 190], abs=0.15)
    assert found.levels_mm(100) == pytest.approx([20, 50], abs=0.15)


def test_merged_cells_have_no_rules_inside(sheets):
    columns = (Column(40), Column(40), Column(40))
    rows = (
        Row((Cell("", rowspan=2), Cell("", colspan=2)), min_height=20),
        Row(("", ""), min_height=20),
        Row(("", "", ""), min_height=20),
    )
    found = sheets(document(Table(columns, rows)))
    assert found.uprights_mm(30) == pytest.approx([20, 60, 140], abs=0.15)
    assert found.uprights_mm(50) == pytest.approx([20, 60, 100, 140], abs=0.15)
    assert found.levels_mm(40) == pytest.approx([20, 60, 80], abs=0.15)
    assert found.levels_mm(120) == pytest.approx([20, 40, 60, 80], abs=0.15)


def test_text_of_a_merged_cell_stretches_its_last_row(sheets):
    rows = (Row((Cell("长" * 60, rowspan=2), "甲")), Row(("乙",)))
    found = sheets(document(Table(TWO, rows)))
    assert "长" * 60 in found.all_text.replace("甲", "").replace("乙", "")
    assert found.levels_mm(100)[-1] > 62


def test_row_higher_than_a_page_goes_on_on_the_next(sheets):
    text = "".join(f"{i:04}号材料，" for i in range(900))
    found = sheets(document(Table(TWO, (Row(("1", text)), Row(("2", "末行"))))))
    assert len(found) > 1
    assert text in found.all_text
    assert found.all_text.endswith("2末行")


def test_a_row_higher_than_a_page_begins_below_its_heading(sheets):
    found = sheets(document(Heading("记录"), Table(TWO, (Row(("1", "长" * 9000)),))))
    assert found.text(0).split()[0] == "记录"
    assert "长" in found.text(0)


def test_group_heading_keeps_with_its_rows_and_is_marked_when_it_goes_on(sheets):
    rows = []
    for group in range(8):
        rows.append(Row((Cell(f"第{group}组", colspan=2),), keep_next=True, heads=True))
        rows += [Row((str(i), f"材料{group}-{i}")) for i in range(17)]
    found = sheets(document(Table(TWO, tuple(rows))))
    for page in range(len(found)):
        lines = found.text(page).strip().split("\n")
        assert not lines[-1].endswith("组"), "heading alone at the foot of a page"
        assert lines[0].startswith("第")
        starts_new = lines[0].endswith("组") and lines[1].startswith("0")
        assert starts_new or lines[0].endswith("（续）")


def test_too_wide_a_table_is_refused_in_words(fonts):
    with pytest.raises(ExportError, match=r"合计 200 毫米，纸上只有 170 毫米"):
        pdf.render_bytes(document(Table((Column(200),), ())), CREATED, fonts=fonts)


def test_paragraphs_flow_over_pages_without_losing_text(sheets):
    text = "".join(f"（{i}）教研活动有记录。" for i in range(1500))
    found = sheets(document(Heading("总结"), Rule(after=2), Paragraph(text, indent=2), Spacer(5)))
    assert len(found) > 2
    assert text in found.all_text
    assert [title for title, _ in found.outline()] == ["试验", "总结"]


def test_heading_is_not_left_at_the_foot(sheets):
    found = sheets(
        document(Spacer(1), Paragraph("一\n" * 50), Heading("二、做法"), Paragraph("正文"))
    )
    assert "二、做法" not in found.text(0)
    assert found.text(1).split() == ["二、做法", "正文"]


def test_signature_line_has_its_line_and_value(sheets):
    found = sheets(document(SignatureLine("整理人：", "刘芳", width=40, align="right")))
    assert found.all_text == "整理人：刘芳"
    levels = found.levels_mm(152)
    assert levels
    assert found.uprights_mm(levels[-1]) == pytest.approx([170], abs=0.3)


@pytest.mark.parametrize("length", [1, 20, 60, 120, 400])
def test_text_box_shrinks_and_keeps_all_text_inside(sheets, length):
    text = "".join(chr(0x4E00 + i * 7) for i in range(length))
    style = TextStyle("title", 40, leading=1.3)
    found = sheets(document(TextBox(50, 60, 100, 40, text, style)))
    assert found.all_text == text
    box = found.image().point(lambda v: 255 if v < 200 else 0).getbbox()
    left, top, right, bottom = (value / 10 for value in box)
    assert left >= 49.5
    assert right <= 150.5
    assert top >= 59.5
    assert bottom <= 100.5


def test_text_that_cannot_fit_at_any_readable_size_is_refused(fonts):
    with pytest.raises(ExportError, match="缩到最小也放不下"):
        pdf.render_bytes(document(TextBox(0, 0, 5, 5, "太长" * 100)), CREATED, fonts=fonts)


def test_vertical_text_stands_in_columns_from_right_to_left(sheets):
    style = TextStyle("song", 20)
    found = sheets(document(TextBox(50, 50, 40, 60, "甲乙丙\n丁戊", style, vertical=True)))
    assert found.all_text == "甲乙丙丁戊"
    box = found.image().crop((700, 0, 2100, 2970)).point(lambda v: 255 if v < 200 else 0).getbbox()
    assert box is not None
    assert (box[3] - box[1]) / 10 == pytest.approx(20 * 3.1 * 25.4 / 72, abs=2)


def test_long_latin_in_vertical_text_lies_on_its_side(sheets):
    style = TextStyle("song", 14)
    found = sheets(document(TextBox(50, 50, 8, 100, "STEM教室2025", style, vertical=True)))
    box = found.image().point(lambda v: 255 if v < 200 else 0).getbbox()
    assert (box[2] - box[0]) / 10 < 6
    assert (box[3] - box[1]) / 10 > 20


def test_cancelled_output_stops(fonts):
    flag = CancelFlag()
    flag.cancel()
    with pytest.raises(CancelledError):
        pdf.render_bytes(document(Paragraph("一")), CREATED, progress=flag, fonts=fonts)
