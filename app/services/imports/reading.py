"""Reading a spreadsheet as schools send it; its real kind is told from the content."""

from __future__ import annotations

import datetime as dt
import io
import re
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import olefile
import python_calamine as calamine

from app.errors import AppError, NotFoundError, StorageError, ValidationError
from app.services.files import storage_error
from app.services.imports import guards, text_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

Cell: TypeAlias = str | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta
Merge: TypeAlias = tuple[int, int, int, int]
"""First row (from 1), first column (from 0), last row, last column."""


class Row(NamedTuple):
    """A row with something in it; ``number`` is the one that the spreadsheet shows."""

    number: int
    cells: list[Cell]

    def cell(self, column: int) -> Cell:
        """Value in a column, blank beyond the row's end."""
        return self.cells[column] if column < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class SheetInfo:
    """A sheet as listed: hidden ones are read only when asked for by name."""

    name: str
    visible: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """The filled rows of one sheet; vertical merges count for every row they cover."""

    name: str
    rows: list[Row]
    merges: tuple[Merge, ...] = ()
    date1904: bool = False


@dataclass(frozen=True, slots=True)
class Book:
    """A spreadsheet file that can be read; ``read`` gives one sheet by its name."""

    name: str
    sheets: tuple[SheetInfo, ...]
    read: Callable[[str], Sheet]


def open_book(path: Path) -> Book:
    """Open a spreadsheet of any kind; AppError tells what is wrong and what to do."""
    if path.name.startswith("~$"):
        raise ValidationError(
            f"“{path.name}”是 WPS 或 Excel 打开表格时留下的临时文件。",
            "请选择名字前面没有“~$”的那个表格。",
        )
    data = _bytes_of(path)
    try:
        return _book(path.name, data)
    except AppError as error:
        raise type(error)(f"“{path.name}”：{error.text}", error.hint, error.details) from error


def read_text(text: str, name: str = "剪贴板") -> Book:
    """A table that was copied from a spreadsheet and comes as text."""
    return _text_book(name, text_tables.split_cells(text))


def is_blank(cell: Cell) -> bool:
    """Whether nothing was typed into the cell."""
    return cell == "" or (isinstance(cell, str) and not cell.strip())


def _bytes_of(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise ValidationError(f"“{path.name}”是文件夹，不是表格。", "请选择里面的表格文件。")
        if path.exists() and not path.is_file():  # a device may never end, a pipe never begin
            raise ValidationError(f"“{path.name}”不是普通文件。", "请选择表格文件。")
        size = path.stat().st_size
        if size > guards.MAX_FILE_BYTES:
            raise ValidationError(
                f"“{path.name}”有 {size // 1024**2} MB，不像一份名册，没有读取。",
                "请只复制需要的行到一个新表再导入。",
            )
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise NotFoundError(f"找不到文件“{path}”。", "请检查文件名和位置。") from error
    except PermissionError as error:
        raise StorageError(
            f"打不开“{path.name}”：它可能正在 WPS 或 Excel 里打开，或者没有读取权限。",
            "请关闭这个表格后再试。",
            str(error),
        ) from error
    except OSError as error:
        raise storage_error(error, path) from error
    if not data:
        raise ValidationError(f"“{path.name}”是空文件（0 字节）。", "请对方重新发一份。")
    return data


def _book(name: str, data: bytes) -> Book:
    if data.startswith(b"PK"):
        return _calamine_book(name, data, date1904=_check_zip(data))
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return _calamine_book(name, data, date1904=_check_ole(data))
    if _BEFORE_EXCEL_5.match(data):
        raise ValidationError(
            "这是 1990 年代的旧 Excel 格式，读不了。", "请用 WPS 打开它，另存为 .xlsx 后再导入。"
        )
    return _text_file_book(name, data)


_BEFORE_EXCEL_5 = re.compile(rb"\x09[\x00\x02\x04][\x04\x06]\x00")


def _check_zip(data: bytes) -> bool:
    """Refuse what is no sane workbook; tell whether its days count from 1904."""
    archive = guards.check_archive(data)
    names = {entry.lower(): entry for entry in archive.namelist()}
    if any(entry.startswith("word/") for entry in names):
        raise _not_a_table("Word 文件")
    if any(entry.startswith("ppt/") for entry in names):
        raise _not_a_table("PPT 文件")
    if not names.keys() & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
        raise ValidationError(
            "这是一个压缩包，里面没有表格；或者表格已经损坏。",
            "如果是压缩包，请先解压，再导入里面的表格。",
        )
    guards.check_extents(archive)
    workbook = names.get("xl/workbook.xml")
    head = guards.read_part(archive, workbook) if workbook else b""
    return re.search(rb'date1904="(1|true)"', head) is not None


def _check_ole(data: bytes) -> bool:
    """Refuse what is no open workbook; tell whether its days count from 1904."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            streams = {"/".join(entry).lower() for entry in ole.listdir()}
            name = next((stream for stream in ("workbook", "book") if stream in streams), "")
            head = ole.openstream(name).read(64 * 1024) if name else b""
    except Exception as error:  # a broken OLE file makes olefile raise anything
        raise guards.damaged(str(error)) from error
    if "encryptedpackage" in streams:
        raise _protected()
    if "worddocument" in streams:
        raise _not_a_table("Word 文件")
    if not name:
        raise guards.damaged("no workbook stream")
    records = dict(guards.biff_records(head))
    if guards.BIFF_PASSWORD in records:
        raise _protected()
    return records.get(guards.BIFF_DATE_MODE, b"")[:1] == b"\x01"


def _text_file_book(name: str, data: bytes) -> Book:
    for magic, kind in _OTHER_KINDS:
        if data.startswith(magic):
            raise _not_a_table(kind)
    text = text_tables.decode(data)
    start = text[:2000].lstrip().lower()
    if "urn:schemas-microsoft-com:office:spreadsheet" in start or start.startswith("mime-version"):
        raise ValidationError(
            "这是网页或 XML 形式的表格，读不了。", "请用 WPS 打开它，另存为 .xlsx 后再导入。"
        )
    if start.startswith(("<!doctype html", "<html", "<table", "<head", "<meta", "<?xml")):
        rows, merges = text_tables.html_cells(text)
        return _text_book(name, rows, merges)
    return _text_book(name, text_tables.split_cells(text))


_OTHER_KINDS = (
    (b"%PDF", "PDF 文件"),
    (b"\xff\xd8\xff", "图片"),
    (b"\x89PNG", "图片"),
    (b"GIF8", "图片"),
    (b"BM", "图片"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"MZ", "程序"),
    (b"{\\rtf", "写字板文件"),
)


def _not_a_table(kind: str) -> ValidationError:
    return ValidationError(
        f"这是{kind}，不是表格。", "请把其中的名单放进 Excel 或 WPS 表格，存为 .xlsx 后再导入。"
    )


def _protected() -> ValidationError:
    return ValidationError(
        "这个表格有打开密码，读不出来。",
        "请用 WPS 或 Excel 打开它，取消密码后另存，再导入。",
    )


@contextmanager
def _calamine_told() -> Iterator[None]:
    """Turn what the reader raises into plain words."""
    try:
        yield
    except calamine.PasswordError as error:
        raise _protected() from error
    except calamine.CalamineError as error:
        raise guards.damaged(str(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # a panic in Rust is no Exception
            raise
        raise guards.damaged(str(error)) from error


def _calamine_book(name: str, data: bytes, *, date1904: bool) -> Book:
    with _calamine_told():
        book = calamine.load_workbook(io.BytesIO(data))
    sheets = tuple(
        SheetInfo(meta.name, meta.visible == calamine.SheetVisibleEnum.Visible)
        for meta in book.sheets_metadata
        if meta.typ == calamine.SheetTypeEnum.WorkSheet
    )

    def read(sheet_name: str) -> Sheet:
        with _calamine_told():
            sheet = book.get_sheet_by_name(sheet_name)
            left: list[Cell] = [""] * (sheet.start[1] if sheet.start else 0)
            merges = tuple(
                (top + 1, first, bottom + 1, last)
                for (top, first), (bottom, last) in sheet.merged_cell_ranges or ()
            )
            return Sheet(sheet_name, _filled(sheet.iter_rows(), left, merges), merges, date1904)

    return Book(name, sheets, read)


def _text_book(name: str, cells: list[list[str]], merges: tuple[Merge, ...] = ()) -> Book:
    sheet = Sheet(Path(name).stem, _filled(cells, [], merges), merges)
    return Book(name, (SheetInfo(sheet.name, visible=True),), lambda _name: sheet)


def _filled(
    lines: Iterable[Sequence[Cell]], left: list[Cell], merges: tuple[Merge, ...]
) -> list[Row]:
    """The rows that hold something, their vertical merges filled down."""
    rows = []
    for number, cells in enumerate(lines, 1):
        if cells.count("") < len(cells) and not all(map(is_blank, cells)):
            rows.append(Row(number, [*left, *cells]))
    tall = [merge for merge in merges if merge[2] > merge[0]]
    by_number = {row.number: row for row in rows} if tall else {}
    for top, column, bottom, _last in tall:
        source = by_number.get(top)
        value = source.cell(column) if source else ""
        if is_blank(value):
            continue
        for row in rows if bottom - top > len(rows) else map(by_number.get, range(top, bottom + 1)):
            if row and top < row.number <= bottom and column < len(row.cells):
                row.cells[column] = value
    return rows
