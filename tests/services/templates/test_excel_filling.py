"""An Excel form filled: styles, merges, sums and print setup stay, text stays text."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from openpyxl.styles import Font

from app.errors import ExportError
from app.services.forms.form import Sheet
from app.services.templates.examining import examine
from app.services.templates.excel_rows import moved
from app.services.templates.filling import Order
from tests.services.templates.office import RULED, SUBJECT, photo, values

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Title, labels, a list with two blank rows, a sum, a merged remark, pictures, print setup."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "签到"
    sheet.merge_cells("A1:D1")
    sheet["A1"], sheet["A1"].font = "{{活动主题}} 签到表", Font(bold=True, size=16)
    for column, text in enumerate(("时间", "{{日期}}", "人员", "{{签到.姓名}}"), 1):
        sheet.cell(2, column, text)
    for column, name in enumerate(("序号", "姓名", "单位", "补助"), 1):
        sheet.cell(3, column, name)
        sheet.cell(4, column, f"{{{{签到.{name}}}}}")
        for row in range(3, 7):
            sheet.cell(row, column).border = RULED
    sheet["D4"].number_format, sheet["C4"].font = "0.00", Font(italic=True)
    sheet["A7"], sheet["D7"] = "合计", "=SUM(D4:D6)"
    sheet.merge_cells("A8:D8")
    sheet["A8"], sheet.row_dimensions[8].height = "备注：{{机构（问题）}}", 40
    sheet.merge_cells("B9:D9")
    sheet["A9"], sheet["B9"], sheet.row_dimensions[9].height = "照片", "{{照片.图}}", 120
    sheet.print_area = "A1:D9"
    sheet.page_setup.orientation = "landscape"
    sheet.oddHeader.center.text = "{{活动主题}}"
    target = tmp_path / "表.xlsx"
    book.save(target)
    return target


def filled(path: Path, *of: dict[str, Any], titles: tuple[str, ...] = ()) -> Any:
    made = Order(path, SUBJECT, [Sheet(one) for one in of], titles).filled(NOW)
    return openpyxl.load_workbook(io.BytesIO(made))


@pytest.mark.parametrize(("people", "more"), [(0, 0), (1, 0), (3, 0), (7, 4), (500, 497)])
def test_what_stands_below_moves_with_its_looks(path: Path, people: int, more: int) -> None:
    sheet = filled(path, values(people)).active
    names = [sheet.cell(row, 2).value for row in range(4, 7 + more)]
    assert [one for one in names if one] == [f"张{n}" for n in range(1, people + 1)]
    assert sheet.cell(7 + more, 1).value == "合计"
    assert sheet.cell(7 + more, 4).value == f"=SUM(D4:D{6 + more})"
    assert {str(one) for one in sheet.merged_cells.ranges} == {
        "A1:D1", f"A{8 + more}:D{8 + more}", f"B{9 + more}:D{9 + more}",
    }  # fmt: skip
    assert sheet.row_dimensions[8 + more].height == 40
    assert sheet.print_area.endswith(f"$D${9 + more}")
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.oddHeader.center.text == "算理"
    last = sheet.cell(6 + more, 3)
    assert last.border.bottom.style == "thin"
    assert last.font.italic == (more > 0)


def test_text_stays_text_and_figures_count_where_they_should(path: Path) -> None:
    of = values(2, 活动主题="=1+1", **{"机构（问题）": "A&B <c>\n第二行"})
    of["签到"][0].update(姓名="007", 单位="+86 139")
    sheet = filled(path, of).active
    assert sheet["A1"].value == "=1+1 签到表"
    assert sheet["A1"].data_type == "s"
    assert (sheet["B4"].value, sheet["C4"].value) == ("007", "+86 139")
    assert sheet["C4"].quotePrefix
    assert (sheet["D4"].value, sheet["D5"].value) == (10, 20)
    assert sheet["A8"].value == "备注：A&B <c>\n第二行"
    assert sheet["A8"].alignment.wrap_text
    assert sheet["D2"].value == "007、张2"
    assert sheet["A1"].font.bold


def test_nothing_is_cut_off(path: Path) -> None:
    sheet = filled(
        path, values(1, 日期="2025年10月15日", **{"机构（问题）": "很长的意见" * 100})
    ).active
    assert sheet["B2"].alignment.wrap_text or sheet["B2"].alignment.shrink_to_fit
    assert sheet["A8"].alignment.wrap_text
    assert sheet.row_dimensions[8].height > 200


def test_pictures_lie_within_their_cells(path: Path) -> None:
    sheet = filled(path, values(5, 照片=[{"图": photo()}, {"图": photo(300, 900)}])).active
    assert len(sheet._images) == 2
    for image in sheet._images:
        assert image.anchor._from.row == 10
        assert image.anchor.ext.height <= 120 * 12700
    assert sheet["B11"].value is None


def test_each_record_has_a_sheet_of_its_own(path: Path) -> None:
    book = filled(path, values(1), values(9), values(0), titles=("甲/乙", "课", "课"))
    assert book.sheetnames == ["甲 乙", "课", "课2"]
    assert [sheet.print_area.split("$")[-1] for sheet in book] == ["9", "15", "9"]
    assert {sheet.oddHeader.center.text for sheet in book} == {"算理"}


def test_faults_are_told_with_the_cell(path: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(path)
    book.active["F1"] = "{{天气}}"
    book.active["F2"] = "{% for 人 in 签到 %}"
    book.active["F4"] = "{{照片.说明}}"
    book.active["F8"] = "{{日期"
    book.save(path)
    found = examine(path, SUBJECT)
    assert [one.place for one in found.spots if one.state == "wrong"] == []
    assert {one.place for one in found.problems} == {"F2", "第4行", "F8"}
    book.active["F2"] = book.active["F4"] = book.active["F8"] = None
    book.create_sheet("另页")
    book.save(path)
    found = examine(path, SUBJECT)
    assert [one.place for one in found.spots if one.state == "wrong"] == ["工作表“签到” F1"]
    with pytest.raises(ExportError, match="工作表“签到” F1"):
        filled(path, values())


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=SUM(D4:D6)", "=SUM(D4:D9)"), ("=D7*2", "=D10*2"), ("=D3", "=D3"),
        ("=SUM($D$4:$D$6)", "=SUM($D$4:$D$9)"), ('=COUNTIF(A1:A9,"D7")', '=COUNTIF(A1:A12,"D7")'),
        ("=别页!D7", "=别页!D7"), ("=签到!D7", "=签到!D10"), ("=LOG10(D7)", "=LOG10(D10)"),
        ("=SUM(D6)", "=SUM(D6)"),
    ],
)  # fmt: skip
def test_formulas_after_three_rows_below_row_six(formula: str, expected: str) -> None:
    assert moved(formula, 6, 3, ("签到", "签到")) == expected


def test_the_same_input_gives_the_same_bytes(path: Path) -> None:
    sheets = [Sheet(values(5, 照片=[{"图": photo()}]))]
    first, second = (Order(path, SUBJECT, sheets).filled(NOW) for _ in range(2))
    assert first == second
