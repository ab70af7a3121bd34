import io
import json
import os
import zipfile
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest

from app.errors import AppError, NotFoundError, StorageError, ValidationError
from app.services.imports import guards
from app.services.imports.reading import is_blank, open_book, read_text

ODS = """<?xml version="1.0" encoding="UTF-8"?><office:document-content
xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
<table:table table:name="名册">%s</table:table></office:spreadsheet></office:body>
</office:document-content>"""
ODS_CELL = (
    '<table:table-cell office:value-type="string" %s><text:p>王芳</text:p></table:table-cell>'
)


def _xlsx(path: Path, rows: list[list[object]], **cells: object) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for place, value in cells.items():
        book.active[place] = value
    book.save(path)
    return path


def _ods(path: Path, rows: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", ODS % rows)
    return path


def _rows(path: Path) -> list[list[object]]:
    book = open_book(path)
    return [row.cells for row in book.read(book.sheets[0].name).rows]


def _sheet_facts(samples: Path) -> list[dict]:
    facts = json.loads((samples / "expected.json").read_text("utf-8"))
    return [fact for fact in facts if fact["path"].startswith("sheets/")]


UNREADABLE = {
    "biff4_no_format_no_window2.xls": "1990",
    "password.xls": "密码",
    "protected_passtika.xlsx": "密码",
    "poc-xmlbomb.xlsx": "损坏",
    "xlsx-corrupted.xlsx": "损坏",
    "null_archive.xlsx": "压缩包",
    "null_file.xlsx": "空文件",
}


def test_every_sample_is_read_as_stated_or_refused_in_words(samples: Path) -> None:
    seen = 0
    for fact in _sheet_facts(samples):
        path = samples / fact["path"]
        seen += 1
        if path.name in UNREADABLE:
            with pytest.raises(ValidationError, match=UNREADABLE[path.name]) as refused:
                open_book(path)
            assert path.name in refused.value.text
            assert refused.value.hint
            continue
        book = open_book(path)
        counts = {info.name: len(book.read(info.name).rows) for info in book.sheets}
        for sheet in fact.get("sheets", []):
            assert counts[sheet["name"]] == sheet["nonempty_rows"], path.name
            visible = {info.name: info.visible for info in book.sheets}[sheet["name"]]
            assert visible == (sheet["state"] == "visible"), path.name
    assert seen > 40


def test_other_files_named_as_sheets_are_refused_in_words(samples: Path, tmp_path: Path) -> None:
    words = {
        "office/SampleDoc.docx": "Word",
        "office/SampleDoc.doc": "Word",
        "office/SampleShow.pptx": "PPT",
    }
    for name, word in words.items():
        misnamed = tmp_path / (Path(name).stem + ".xlsx")
        misnamed.write_bytes((samples / name).read_bytes())
        with pytest.raises(ValidationError, match=word):
            open_book(misnamed)
    pdf = next((samples / "pdf").glob("*.pdf"))
    with pytest.raises(ValidationError, match="PDF"):
        open_book(pdf)
    for path in [*(samples / "photos").iterdir(), *(samples / "other").iterdir()]:
        with pytest.raises(AppError):
            open_book(path)


def test_the_content_decides_not_the_name(tmp_path: Path) -> None:
    path = _xlsx(tmp_path / "名册.xlsx", [["姓名"], ["王芳"]])
    for name in ("名册.xls", "名册.csv", "名册"):
        other = path.with_name(name)
        other.write_bytes(path.read_bytes())
        assert _rows(other) == [["姓名"], ["王芳"]]


def test_html_named_xls(tmp_path: Path) -> None:
    path = tmp_path / "导出.xls"
    path.write_text(
        "<html><body><table><tr><td colspan=3>名册<tr><th>姓名<th>性别<th>学校</tr>"
        "<tr><td>张&nbsp;三</td><td>男<td rowspan=2>一小</tr><tr><td>李四</td><td>女</tr></table>",
        encoding="utf-8",
    )
    assert _rows(path) == [
        ["名册", "", ""], ["姓名", "性别", "学校"], ["张 三", "男", "一小"], ["李四", "女", "一小"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_in_every_encoding_and_separator(tmp_path: Path, encoding: str, separator: str) -> None:
    path = tmp_path / "名册.csv"
    quoted = '"语文,数学;英语"'
    text = f"姓名{separator}学科\r\n王芳{separator}{quoted}\r\n\r\n李四\r\n"
    path.write_bytes(text.encode(encoding))
    assert _rows(path) == [["姓名", "学科"], ["王芳", "语文,数学;英语"], ["李四", ""]]


def test_gb18030_of_2005_and_beyond_the_bmp(tmp_path: Path) -> None:
    path = tmp_path / "名册.csv"
    path.write_bytes(
        "姓名,性别\n王".encode("gb18030") + b"\xfe\x59" + "𬱖䶮,男\n".encode("gb18030")
    )
    assert _rows(path)[1] == ["王\u9fb4𬱖䶮", "男"]


def test_text_cut_in_the_middle_or_binary_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "名册.csv"
    path.write_bytes("姓名,性别\n王芳,男".encode("utf-16")[:-1])
    with pytest.raises(ValidationError, match="编码"):
        open_book(path)
    path.write_bytes(bytes(range(256)) * 40)
    with pytest.raises(ValidationError):
        open_book(path)


def test_a_quote_that_nobody_closed_swallows_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "名册.csv"
    path.write_text('姓名,备注\n赵一,"三寸\n钱二,好\n孙三,好\n', encoding="utf-8")
    with pytest.raises(ValidationError, match="引号没有成对"):
        open_book(path)
    copied = read_text('姓名\t备注\n赵一\t"三寸\n钱二\t好')  # a spreadsheet copies it so
    cells = [row.cells for row in copied.read(copied.sheets[0].name).rows]
    assert cells == [["姓名", "备注"], ["赵一", '"三寸'], ["钱二", "好"]]


def test_a_very_long_cell_of_a_csv_is_read(tmp_path: Path) -> None:
    path = tmp_path / "名册.csv"
    path.write_text(f"姓名,备注\n赵一,{'长' * 140_000}\n钱二,好\n", encoding="utf-8")
    book = open_book(path)
    rows = book.read(book.sheets[0].name).rows
    assert [len(row.cells[1]) for row in rows] == [2, 140_000, 1]


def test_digits_kept_by_a_formula_in_csv(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('姓名,电话\n王芳,"=""057188888888"""\n', encoding="utf-8")
    assert _rows(path)[1] == ["王芳", "057188888888"]


def test_clipboard() -> None:
    book = read_text('姓名\t备注\n王芳\t"两\n行"\n')
    assert [row.cells for row in book.read(book.sheets[0].name).rows] == [
        ["姓名", "备注"], ["王芳", "两\n行"],
    ]  # fmt: skip


def test_vertical_merge_counts_for_each_row(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in [
        ["名册", ""],
        ["学校", "姓名"],
        ["一小", "甲"],
        ["", "乙"],
        ["", "丙"],
        ["", ""],
        ["二小", "丁"],
    ]:
        book.active.append(row)
    book.active.merge_cells("A1:B1")
    book.active.merge_cells("A3:A6")
    book.save(tmp_path / "a.xlsx")
    assert _rows(tmp_path / "a.xlsx")[2:] == [
        ["一小", "甲"], ["一小", "乙"], ["一小", "丙"], ["二小", "丁"],
    ]  # fmt: skip


def test_row_numbers_and_columns_are_those_on_the_screen(tmp_path: Path) -> None:
    path = _xlsx(tmp_path / "a.xlsx", [], C5="姓名", C9="王芳")
    book = open_book(path)
    rows = book.read("Sheet").rows
    assert [(row.number, row.cells) for row in rows] == [
        (5, ["", "", "姓名"]),
        (9, ["", "", "王芳"]),
    ]


def test_a_row_of_zeros_is_not_empty(tmp_path: Path) -> None:
    assert _rows(_xlsx(tmp_path / "a.xlsx", [["甲"], [0], [False], ["  "]])) == [
        ["甲"],
        [0.0],
        [False],
    ]


def test_a_million_formatted_rows_cost_nothing(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["姓名"])
    book.active.cell(1_048_576, 16_384).number_format = "@"
    book.save(tmp_path / "a.xlsx")
    assert _rows(tmp_path / "a.xlsx") == [["姓名"]]
    empty = (
        '<table:table-row table:number-rows-repeated="1048570">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    first = f"<table:table-row>{ODS_CELL % ''}</table:table-row>"
    assert _rows(_ods(tmp_path / "a.ods", first + empty)) == [["王芳"]]


def test_a_value_in_the_last_row_is_still_read(tmp_path: Path) -> None:
    path = _xlsx(tmp_path / "a.xlsx", [["姓名"]], A1048576="王芳")
    book = open_book(path)
    assert [row.number for row in book.read("Sheet").rows] == [1, 1_048_576]


def test_a_value_in_the_last_corner_is_refused_instead_of_ending_the_program(
    tmp_path: Path,
) -> None:
    path = _xlsx(tmp_path / "a.xlsx", [["姓名"]], XFD1048576="x")
    with pytest.raises(ValidationError, match="第 1048576 行、XFD 列"):
        open_book(path)
    far = ODS_CELL % 'table:number-columns-repeated="16384"'
    rows = f'<table:table-row table:number-rows-repeated="1048576">{far}</table:table-row>'
    with pytest.raises(ValidationError, match="XFD"):
        open_book(_ods(tmp_path / "a.ods", rows))


def test_xlsb_extent_of_a_sample(samples: Path) -> None:
    with zipfile.ZipFile(samples / "sheets" / "sample.xlsb") as archive:
        part = next(n for n in archive.namelist() if "worksheets/sheet1" in n.lower())
        assert guards._xlsb_extent(archive.read(part)) == (10, 2)


def test_zip_bomb_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "MAX_XML_BYTES", 1_000_000)
    path = _xlsx(tmp_path / "a.xlsx", [["姓名"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b"<sheetData>" + b" " * 2_000_000)
    with pytest.raises(ValidationError, match="展开"):
        open_book(path)


def test_truncated_or_scrambled_workbooks_are_damaged_never_a_crash(tmp_path: Path) -> None:
    whole = _xlsx(tmp_path / "a.xlsx", [["姓名", i] for i in range(200)]).read_bytes()
    damaged = tmp_path / "b.xlsx"
    for cut in range(4, len(whole), max(1, len(whole) // 40)):
        damaged.write_bytes(whole[:cut])
        with pytest.raises(AppError):
            open_book(damaged)
    for at in range(0, len(whole), max(1, len(whole) // 60)):
        damaged.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        with suppress(AppError):  # anything else fails the test
            book = open_book(damaged)
            book.read(book.sheets[0].name)


def test_scrambled_xls_is_damaged_never_a_crash(samples: Path, tmp_path: Path) -> None:
    whole = (samples / "sheets" / "gen_花名册.xls").read_bytes()
    damaged = tmp_path / "b.xls"
    for at in range(0, len(whole), 37):
        damaged.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        with suppress(AppError):  # anything else fails the test
            book = open_book(damaged)
            for info in book.sheets:
                book.read(info.name)


def test_missing_folder_locked_and_temporary_files(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        open_book(tmp_path / "没有.xlsx")
    with pytest.raises(ValidationError, match="文件夹"):
        open_book(tmp_path)
    with pytest.raises(ValidationError, match="临时文件"):
        open_book(tmp_path / "~$名册.xlsx")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_file_without_permission_says_close_it(tmp_path: Path) -> None:
    path = _xlsx(tmp_path / "a.xlsx", [["姓名"]])
    path.chmod(0)
    with pytest.raises(StorageError, match="正在 WPS 或 Excel 里打开"):
        open_book(path)


def test_file_that_another_program_holds_says_close_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _xlsx(tmp_path / "a.xlsx", [["姓名"]])

    def held(_self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", held)
    with pytest.raises(StorageError, match="正在 WPS 或 Excel 里打开") as refused:
        open_book(path)
    assert "关闭" in refused.value.hint


def test_1904_is_told_from_old_and_new_files(samples: Path) -> None:
    for name, expected in [
        ("date_1904.xlsx", True),
        ("date_1900.xlsx", False),
        ("1904DateWindowing.xls", True),
    ]:
        book = open_book(samples / "sheets" / name)
        assert book.read("Sheet1").date1904 is expected, name


def test_blank() -> None:
    assert is_blank("")
    assert is_blank(" \u3000")
    assert not is_blank(0.0)


def test_encrypted_zip_member_is_said(samples: Path) -> None:
    archive = zipfile.ZipFile(io.BytesIO((samples / "other" / "testZipEncrypted.zip").read_bytes()))
    with pytest.raises(ValidationError, match="密码"):
        guards.read_part(archive, next(i.filename for i in archive.infolist() if i.flag_bits & 1))
