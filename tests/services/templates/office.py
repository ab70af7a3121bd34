"""Blank forms as offices have them, after §4 of formats.md and what lies in teachers' rooms."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import docx
import openpyxl
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from openpyxl.styles import Border, Font, Side
from PIL import Image

from app.services.documents.tree import Picture
from app.services.forms.form import Field, Subject
from app.services.templates.fields import Fields

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SUBJECT = Subject(
    "visit", "活动",
    (
        Field("活动主题", aliases=("主题",)), Field("日期"), Field("机构（问题）"),
        Field("签到", "", (Field("姓名"), Field("单位"), Field("补助"))),
        Field("照片", "", (Field("图", picture=True), Field("说明"))),
    ),
    lambda _reading: (), lambda _reading, _ids: (),
)  # fmt: skip
FIELDS = Fields(SUBJECT)
_LINE = Side(style="thin")
RULED = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


def photo(width: int = 800, height: int = 600) -> Picture:
    """A red picture."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(out, "JPEG")
    return Picture(out.getvalue(), 100, 100, name="红图")


def values(people: int = 2, **more: Any) -> dict[str, Any]:
    """Values of one visit with so many people."""
    lines = [{"姓名": f"张{n}", "单位": "小学", "补助": str(n * 10)} for n in range(1, people + 1)]
    return {"活动主题": "算理", "日期": "2025年10月15日", "签到": lines, **more}


def word(path: Path, *blocks: str | Sequence[Sequence[str]]) -> Path:
    """A Word file of paragraphs and tables."""
    made = docx.Document()
    for block in blocks:
        if isinstance(block, str):
            made.add_paragraph(block)
            continue
        table = made.add_table(rows=len(block), cols=len(block[0]))
        table.style = "Table Grid"
        for row, line in zip(table.rows, block, strict=True):
            for cell, text in zip(row.cells, line, strict=True):
                cell.text = text
    made.save(str(path))
    return path


def _paper() -> Any:
    made = docx.Document()
    style = made.styles["Normal"]
    style.font.name, style.font.size = "宋体", Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    return made


def _table(made: Any, rows: int, cols: int) -> Any:
    table = made.add_table(rows=rows, cols=cols)
    table.style = "Table Grid"
    return table


def listening(path: Path) -> None:
    """§4.1 A: labels beside empty cells, a headline over a large one, a line to sign."""
    made = _paper()
    made.add_paragraph("听 课 记 录 表")
    table = _table(made, 6, 4)
    lines = (
        ("课题", "", "评价等级", ""), ("授课教师", "", "学科 / 年级", "/"),
        ("听 课 人", "", "听课时间", "    年  月  日"), ("听课节数", "", "班    级", ""),
    )  # fmt: skip
    for row, line in enumerate(lines):
        for column, text in enumerate(line):
            table.cell(row, column).text = text
    table.cell(4, 0).merge(table.cell(4, 3)).text = "听课意见"
    table.cell(5, 0).merge(table.cell(5, 3))
    table.rows[5].height = Cm(8)
    made.add_paragraph("听课人签名：____________　　　日期：____年__月__日")
    made.save(str(path))


def listening_by_steps(path: Path) -> None:
    """§4.1 C: steps at the left, notes at the right."""
    made = _paper()
    table = _table(made, 6, 4)
    for column, text in enumerate(("听课时间", "", "授课班级", "")):
        table.cell(0, column).text = text
    table.cell(1, 0).merge(table.cell(1, 2)).text = "教学过程（环节·时长）"
    table.cell(1, 3).text = "随记/点评"
    for row in (2, 3, 4):
        table.cell(row, 0).merge(table.cell(row, 2))
    table.cell(5, 0).text = "总体评价与建议"
    table.cell(5, 1).merge(table.cell(5, 3))
    made.save(str(path))


def activity(path: Path) -> None:
    """§4.3 A, with gaps in running text above the table and lines to sign below it."""
    made = _paper()
    made.add_paragraph("教研组：　　　　　活动期次：第    期　　　　活动日期：    年   月   日")
    table = _table(made, 5, 4)
    for row, (label, beside) in enumerate(
        (
            ("活动主题", ""),
            ("授课教师", "活动地点"),
            ("听课人员", ""),
            ("主要活动流程", ""),
            ("活动现场照片", ""),
        )
    ):
        table.cell(row, 0).text = label
        if beside:
            table.cell(row, 2).text = beside
        else:
            table.cell(row, 1).merge(table.cell(row, 3))
    made.add_paragraph("执教教师签字：            教研组长签字：            教务处审阅：")
    made.save(str(path))


def signing(path: Path, *, double: bool = False) -> None:
    """§4.5: numbered rows to sign in, in one column or in two side by side."""
    made = _paper()
    made.add_paragraph("时间：______________  地点：______________")
    heads = ("序号", "姓名", "单位", "签名")
    table = _table(made, 11, 8 if double else 4)
    for column, text in enumerate(heads * 2 if double else heads):
        table.cell(0, column).text = text
    for row in range(1, 11):
        table.cell(row, 0).text = str(row)
        if double:
            table.cell(row, 4).text = str(row + 10)
    made.save(str(path))


def signing_double(path: Path) -> None:
    """The same in two columns."""
    signing(path, double=True)


def preparing(path: Path) -> None:
    """§4.4: a label with a note, a cell that holds label and room in one."""
    made = _paper()
    table = _table(made, 3, 4)
    table.cell(0, 0).text, table.cell(0, 2).text = "活动时间", "主备人"
    table.cell(1, 0).text = "参与人员\n（标明主持人、记录人、缺席及原因）"
    table.cell(1, 1).merge(table.cell(1, 3))
    large = table.cell(2, 0).merge(table.cell(2, 3))
    large.text = "研讨内容："
    large.add_paragraph()
    made.save(str(path))


def tall(path: Path) -> None:
    """A label merged downwards beside a list."""
    made = _paper()
    table = _table(made, 5, 4)
    table.cell(0, 0).merge(table.cell(4, 0)).text = "参加人员"
    for column, text in enumerate(("姓名", "单位", "职务"), 1):
        table.cell(0, column).text = text
    made.save(str(path))


def ledger(path: Path) -> None:
    """A ledger in Excel: one row a record, a sum below."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "听课台账"
    sheet.merge_cells("A1:E1")
    sheet["A1"], sheet["A1"].font = "2025—2026学年听课台账", Font(bold=True, size=16)
    sheet["A2"] = "学校：________"
    for column, text in enumerate(("序号", "听课时间", "授课教师", "课题", "等级"), 1):
        sheet.cell(3, column, text)
        for row in range(3, 9):
            sheet.cell(row, column).border = RULED
    sheet["A9"], sheet["E9"] = "合计", "=COUNTA(B4:B8)"
    book.save(path)


def record(path: Path) -> None:
    """A form in Excel with merged cells."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row, line in enumerate(
        (("教研主题", "", "时间"), ("主持人", "", "应到人数"), ("内容记录",)), 1
    ):
        for column, text in enumerate(line, 1):
            sheet.cell(row, column, text or None)
        for column in range(1, 5):
            sheet.cell(row, column).border = RULED
    sheet.merge_cells("B3:D3")
    book.save(path)


FORMS = {
    "listening": (listening, ".docx", "observation"),
    "listening_by_steps": (listening_by_steps, ".docx", "observation"),
    "activity": (activity, ".docx", "activity"),
    "signing": (signing, ".docx", "activity"),
    "signing_double": (signing_double, ".docx", "activity"),
    "preparing": (preparing, ".docx", "activity"),
    "tall": (tall, ".docx", "activity"),
    "ledger": (ledger, ".xlsx", "observation"),
    "record": (record, ".xlsx", "activity"),
}


def form(name: str, folder: Path) -> Path:
    """One of the forms as a file."""
    make, ending, _subject = FORMS[name]
    path = folder / f"{name}{ending}"
    make(path)  # type: ignore[operator]
    return path
