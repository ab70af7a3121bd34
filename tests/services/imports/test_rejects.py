import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pytest

from app.errors import StorageError, ValidationError
from app.services.imports.members import members_of, read_members
from app.services.imports.reading import read_text
from app.services.imports.rejects import write_rejects


def _refused(text: str):
    return members_of(read_text(text))


def _write(table, target: Path) -> list[list[openpyxl.cell.Cell]]:
    write_rejects(target, table.sheet, table.header, table.refused)
    return [list(row) for row in openpyxl.load_workbook(target).active.iter_rows()]


def test_refused_rows_come_back_with_reason_row_number_and_red_cells(
    samples: Path, tmp_path: Path
) -> None:
    table = read_members(samples / "sheets" / "gen_花名册_标题行_合计_隐藏表.xlsx")
    header, row = _write(table, tmp_path / "退回.xlsx")
    assert [cell.value for cell in header] == [
        "姓名", "性别", "出生年月", "身份证号", "手机", "学科", "原因", "原行号",
    ]  # fmt: skip
    assert [cell.value for cell in row[:6]] == [
        "张三", "男", "1985-09", 9.8010219850912e17, "19900001234", "语文",
    ]  # fmt: skip
    assert row[6].value.startswith("身份证号：身份证号被 Excel 当成数字")
    assert row[7].value == 4
    assert [cell.column_letter for cell in row if cell.fill.fill_type] == ["D"]


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    table = _refused("姓名,备注,说明\n王?,=HYPERLINK(1),+1\n李?,-2,@x\n")
    path = tmp_path / "退回.xlsx"
    _, first, second = _write(table, path)
    for cell in (first[1], first[2], second[1], second[2]):
        assert cell.data_type == "s"
        assert cell.quotePrefix
    assert first[1].value == "=HYPERLINK(1)"
    sheet = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet


def test_corrected_rows_can_be_imported_again(tmp_path: Path) -> None:
    path = tmp_path / "退回.xlsx"
    _write(_refused("姓名,性别,手机\n王?,女,19900001234\n"), path)
    book = openpyxl.load_workbook(path)
    book.active["A2"] = "王䶮"
    book.save(path)
    table = read_members(path)
    assert [(row.name, row.sex, row.phone) for row in table.rows] == [("王䶮", "女", "19900001234")]
    assert not table.refused
    assert not table.remarks


def test_dates_numbers_and_control_characters(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["姓名", "出生年月", "手机", "备注"])
    book.active.append(["王?", dt.date(1985, 9, 12), 19900001234, "a_x0007_b"])
    book.save(tmp_path / "a.xlsx")
    _, row = _write(read_members(tmp_path / "a.xlsx"), tmp_path / "退回.xlsx")
    assert row[1].value == dt.datetime.combine(dt.date(1985, 9, 12), dt.time())
    assert row[1].number_format == "yyyy-mm-dd"
    assert row[2].value == 19900001234
    assert row[3].value == "ab"


def test_only_xlsx_and_never_half(tmp_path: Path) -> None:
    table = _refused("姓名\n王?\n")
    with pytest.raises(ValidationError, match=r"\.xlsx"):
        write_rejects(tmp_path / "退回.csv", table.sheet, table.header, table.refused)
    with pytest.raises(StorageError):
        write_rejects(tmp_path / "无" / "退回.xlsx", table.sheet, table.header, table.refused)
    assert not list(tmp_path.iterdir())
