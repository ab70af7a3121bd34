"""What is looked at before a spreadsheet goes to the reader: a bomb, or a lone cell far away.

The reader (calamine, in Rust) lays a sheet out as one rectangle: a single stray value in cell
XFD1048576 would ask for 500 GB and end the whole program, so extents are measured first.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING

from app.errors import ValidationError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_FILE_BYTES = 200 * 1024 * 1024
MAX_XML_BYTES = 400 * 1024 * 1024
MAX_CELLS = 8_000_000
BIFF_PASSWORD = 0x2F
BIFF_DATE_MODE = 0x22
_BIFF_END = 0x0A

_CELL = re.compile(rb' r="([A-Z]{1,3})(\d{1,7})"[^>]*[^/]>(?!</)')
_FAR_COLUMN = re.compile(rb' r="[A-Z]{3}\d+"[^>]*[^/]>(?!</)')
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d+)"')
_ODS_ROW = re.compile(
    rb"<table:table-row\b([^>]*?)(?:/>|>(.*?)</table:table-row>)|<table:table\b", re.DOTALL
)
_ODS_CELL = re.compile(rb"<table:(?:covered-)?table-cell\b([^>]*)>")
_ODS_ROWS_REPEATED = re.compile(rb'number-rows-repeated="(\d+)"')
_ODS_COLUMNS_REPEATED = re.compile(rb'number-columns-repeated="(\d+)"')
_TWO_LETTERS = 702  # columns A to ZZ


def check_archive(data: bytes) -> zipfile.ZipFile:
    """The zip of an .xlsx, .xlsb or .ods, once its parts are known to be whole and of sane size."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise damaged(str(error)) from error
    total = sum(info.file_size for info in archive.infolist() if _is_part(info.filename))
    if total > MAX_XML_BYTES:
        raise ValidationError(
            f"这个表格展开后有 {total // 1024**2} MB，远远超过一份名册的大小，没有读取。",
            "请确认文件来源；如果是真的表格，请只复制需要的行到一个新表再导入。",
        )
    return archive


def check_extents(archive: zipfile.ZipFile) -> None:
    """Refuse a workbook in which a value lies so far out that the sheet cannot be laid out."""
    for info in archive.infolist():
        name = info.filename.lower()
        if name.endswith(".xml") and not name.endswith("sharedstrings.xml"):
            part = read_part(archive, info.filename)
            if name.endswith("content.xml"):
                _check_ods(part)
            elif b"sheetData" in part:
                _check_xlsx_sheet(part)
        elif name.endswith(".bin") and "worksheets/" in name:
            _refuse_if_large(*_xlsb_extent(read_part(archive, info.filename)))


def read_part(archive: zipfile.ZipFile, name: str) -> bytes:
    """One part of the file; a damaged one is told in plain words."""
    try:
        return archive.read(name)
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as e:
        raise damaged(str(e)) from e
    except RuntimeError as error:  # zipfile's way of saying that the part is encrypted
        raise ValidationError(
            "这个表格有密码，读不出来。", "请打开它，取消密码后另存，再导入。", str(error)
        ) from error


def damaged(details: str = "") -> ValidationError:
    """The one sentence for a spreadsheet that cannot be read."""
    return ValidationError(
        "这个表格已经损坏，读不出来。",
        "请用 WPS 或 Excel 打开它，另存为 .xlsx 后再导入；打不开就请对方重新发一份。",
        details,
    )


def _is_part(name: str) -> bool:
    return name.lower().endswith((".xml", ".bin", ".rels"))


def _check_xlsx_sheet(part: bytes) -> None:
    tail = _ROW.findall(part, max(part.rfind(b"<row"), part.rfind(b":row") - 20, 0))
    last_row = int(tail[-1]) if tail else 0
    widest = 16384 if _FAR_COLUMN.search(part) else _TWO_LETTERS
    if last_row * widest <= MAX_CELLS and tail:
        return
    column = row = 0
    for letters, digits in _CELL.findall(part):
        column = max(column, _column_number(letters))
        row = max(row, int(digits))
    _refuse_if_large(row, column)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def column_letters(number: int) -> str:
    """Name of a column as spreadsheets show it: 1 is A, 28 is AB."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _check_ods(part: bytes) -> None:
    rows = widest = last = 0
    for found in _ODS_ROW.finditer(part):
        if found.group(1) is None:  # the next table begins
            rows = widest = last = 0
            continue
        rows += _repeated(_ODS_ROWS_REPEATED, found.group(1))
        width = at = 0
        for cell in _ODS_CELL.finditer(found.group(2) or b""):
            at += _repeated(_ODS_COLUMNS_REPEATED, cell.group(1))
            if b"value-type" in cell.group(1):
                width = at
        if width:
            last, widest = rows, max(widest, width)
            _refuse_if_large(last, widest)


def _repeated(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    found = pattern.search(attributes)
    return int(found.group(1)) if found else 1


def _xlsb_extent(part: bytes) -> tuple[int, int]:
    """Last row and column with a value, from the binary records of an .xlsb sheet."""
    at = row = last = widest = 0
    size = len(part)
    while at < size:
        record, at = _varint(part, at, 2)
        length, at = _varint(part, at, 4)
        if record == 0 and length >= 4:
            row = int.from_bytes(part[at : at + 4], "little")
        elif 2 <= record <= 11 and length >= 4:
            last = max(last, row + 1)
            widest = max(widest, int.from_bytes(part[at : at + 4], "little") + 1)
        at += length
    return last, widest


def _varint(part: bytes, at: int, most: int) -> tuple[int, int]:
    value = 0
    for shift in range(most):
        if at >= len(part):
            break
        byte = part[at]
        at += 1
        value |= (byte & 0x7F) << (7 * shift)
        if byte < 0x80:
            break
    return value, at


def biff_records(head: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of an .xls workbook's first part, as (number, content)."""
    at = 0
    while at + 4 <= len(head):
        number = int.from_bytes(head[at : at + 2], "little")
        length = int.from_bytes(head[at + 2 : at + 4], "little")
        yield number, head[at + 4 : at + 4 + length]
        at += 4 + length
        if number == _BIFF_END:
            return


def _refuse_if_large(rows: int, columns: int) -> None:
    if rows * columns > MAX_CELLS:
        raise ValidationError(
            f"有一张工作表用到了第 {rows} 行、{column_letters(columns)} 列，"
            "离名册很远的地方还有内容，没有读取。",
            "请在表里按 Ctrl+End 找到最后一格，删去多余的行和列，保存后再导入。",
        )
