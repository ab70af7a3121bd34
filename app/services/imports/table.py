"""From a sheet to checked rows: what every kind of table has in common."""

from __future__ import annotations

import json
import tomllib
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from app.errors import NotFoundError, ValidationError
from app.progress import NoProgress
from app.services.files import storage_error
from app.services.imports import values
from app.services.imports.headers import look_for_header
from app.services.imports.kinds import header_word
from app.services.imports.parsers import parser
from app.services.imports.rows import ASIDE, Skipped, record_rows

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from app.progress import Progress
    from app.services.imports.headers import Header
    from app.services.imports.kinds import Kind
    from app.services.imports.reading import Book, Row, Sheet

_NO_SHEET_HINT = "请把名册放在没有隐藏的工作表里，或指定工作表。"
_REPORT_EVERY = 500
READING = "核对各行"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A cell that cannot be taken; its whole row stays outside."""

    sheet: str
    row: int
    column: str
    value: str
    reason: str
    at: int = -1
    """The column counted from 0."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that was understood or left out, and in which rows."""

    text: str
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """One checked row: what was filled in, by field."""

    row: int
    values: Mapping[str, Any]

    def get(self, key: str, blank: Any = "") -> Any:
        """A value; blank where nothing was typed."""
        return self.values.get(key, blank)


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Table(Generic[T]):
    """What a sheet holds, before anything is written."""

    kind: Kind
    sheet: Sheet
    header: Header
    rows: tuple[T, ...]
    refused: tuple[Refusal, ...]
    remarks: tuple[Remark, ...]
    skipped: tuple[Skipped, ...]
    other_sheets: tuple[str, ...]
    """Sheets that were not read, each with the reason."""
    total: int = field(default=0)
    """Records found, refused ones included."""

    def refusal(self, row: Row, key: str, reason: str) -> Refusal:
        """The refusal of a cell, by its field; of the row itself where the table has no such column."""
        return _refusal(self.sheet, self.header, row, key, reason)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The sheet that is read, its header, and the names of the others with the reason."""

    book: Book
    kind: Kind
    sheet: Sheet
    header: Header
    others: tuple[str, ...] = ()


def choose_sheet(
    book: Book,
    kind: Kind,
    *,
    sheet: str | None = None,
    mapping: Mapping[str, str | int] | None = None,
    header_row: int | None = None,
) -> Chosen:
    """The sheet asked for, else the first visible one that has a header of this kind.

    Where none has, the first with its header's ``problem``. Raises NotFoundError, ValidationError.
    """
    if sheet is not None:
        read = _sheet(book, sheet)
        return Chosen(
            book, kind, read, look_for_header(read, kind, mapping=mapping, header_row=header_row)
        )
    others: list[str] = [f"{info.name}（隐藏）" for info in book.sheets if not info.visible]
    found: Chosen | None = None
    first: Chosen | None = None
    misfit: ValidationError | None = None
    for info in book.sheets:
        if not info.visible or not (read := book.read(info.name)).rows:
            continue
        try:
            header = look_for_header(read, kind, mapping=mapping, header_row=header_row)
        except ValidationError as error:  # the caller's corrections are for another sheet
            misfit = misfit or error
            others.append(f"{info.name}（没有指定的栏）")
            continue
        first = first or Chosen(book, kind, read, header)
        if header.problem:
            others.append(f"{info.name}（没有{kind.name}的表头）")
        elif found is None:
            found = Chosen(book, kind, read, header)
        else:
            others.append(f"{info.name}（也像{kind.name}，请指定这张工作表另外导入）")
    best = found or first
    if best is None:
        raise misfit or ValidationError(f"“{book.name}”里没有内容。", _NO_SHEET_HINT)
    return replace(best, others=tuple(others))


def _sheet(book: Book, name: str) -> Sheet:
    if name not in [info.name for info in book.sheets]:
        names = "、".join(f"“{info.name}”" for info in book.sheets)
        raise NotFoundError(f"“{book.name}”里没有工作表“{name}”。", f"工作表有：{names}。")
    read = book.read(name)
    if not read.rows:
        raise ValidationError(f"“{book.name}”的工作表“{name}”是空的。", _NO_SHEET_HINT)
    return read


def read_table(
    chosen: Chosen,
    make: Callable[[Row, dict[str, Any], TableReader], T],
    *,
    first_day: dt.date | None = None,
    progress: Progress | None = None,
) -> Table[T]:
    """Check every row; ``make`` turns the values of a good one into what the kind works with."""
    book, kind = chosen.book, chosen.kind
    if chosen.header.problem:
        raise ValidationError(chosen.header.problem, chosen.header.hint)
    rows, skipped = record_rows(chosen.sheet, chosen.header, kind)
    if not rows:
        raise ValidationError(
            f"“{book.name}”的工作表“{chosen.sheet.name}”只有表头，没有内容。", "请填好再导入。"
        )
    progress = progress or NoProgress()
    reader = TableReader(chosen.sheet, chosen.header, kind, rows, first_day)
    drafts = []
    for number, row in enumerate(rows):
        if number % _REPORT_EVERY == 0:
            progress.report(number, len(rows), READING)
        found = reader.read(row)
        if found is not None:
            drafts.append(make(row, found, reader))
    reader.tell_columns()
    remarks = tuple(Remark(text, tuple(numbers)) for text, numbers in reader.remarks.items())
    return Table(
        kind, chosen.sheet, chosen.header, tuple(drafts), tuple(reader.refused), remarks,
        tuple(skipped), chosen.others, len(rows),
    )  # fmt: skip


def plain_draft(row: Row, found: dict[str, Any], _reader: TableReader) -> Draft:
    """The usual draft of a row."""
    return Draft(row.number, found)


class TableReader:
    """Turns rows into values by field, and collects what is refused and remarked on the way."""

    def __init__(
        self,
        sheet: Sheet,
        header: Header,
        kind: Kind,
        rows: list[Row],
        first_day: dt.date | None = None,
    ) -> None:
        self.refused: list[Refusal] = []
        self.remarks: dict[str, list[int]] = defaultdict(list)
        self.header = header
        self._sheet = sheet
        self._kind = kind
        self._parsers = [
            (one.key, column, parser(
                one.value, header.label(column), (row.cell(column) for row in rows),
                date1904=sheet.date1904, first_day=first_day,
            ))
            for one in kind.fields
            if (column := header.columns.get(one.key)) is not None
        ]  # fmt: skip

    def read(self, row: Row) -> dict[str, Any] | None:
        """Values of the row by field; None when a cell of it is refused."""
        found: dict[str, Any] = {}
        before, cells = len(self.refused), row.cells
        width = len(cells)
        for key, column, parse in self._parsers:
            if column >= width or (cell := cells[column]) == "":
                continue
            try:
                value, remark = parse(cell)
            except values.BadValueError as error:
                self.refuse(row, key, str(error))
                continue
            if value or value == 0:
                found[key] = value
            if remark:
                self.remarks[remark].append(row.number)
        if len(self.refused) == before:
            for key in self._kind.required:
                if key not in found:
                    self.refuse(row, key, f"没有{self._kind.title(key)}")
        return found if len(self.refused) == before else None

    def refuse(self, row: Row, key: str, reason: str) -> None:
        """Note that the row stays outside because of this field."""
        self.refused.append(_refusal(self._sheet, self.header, row, key, reason))

    def tell_columns(self) -> None:
        """Remark on columns that were told by their contents, and on those that are left out."""
        header = self.header
        for key, column in header.columns.items():
            if header.how.get(key) == "contents":
                title = self._kind.title(key)
                told = f"“{header.label(column)}”按内容认作“{title}”"
                self.remarks[told].append(header.last_row)
        left = [
            header.label(column)
            for column, name in enumerate(header.names)
            if name and column not in header.columns.values() and header_word(name) not in ASIDE
        ]
        if left:
            told = f"没有对应栏目、没有导入的列：{'、'.join(left)}"
            self.remarks[told].append(header.last_row)


def _refusal(sheet: Sheet, header: Header, row: Row, key: str, reason: str) -> Refusal:
    column = header.columns.get(key)
    if column is None:
        return Refusal(sheet.name, row.number, "", "", reason)
    label, shown = header.label(column), values.shown(row.cell(column))
    return Refusal(sheet.name, row.number, label, shown, reason, column)


def load_mapping(path: Path) -> dict[str, str]:
    """Which field is which column, from a TOML or JSON file: ``name = "教师姓名"``."""
    try:
        if path.exists() and not path.is_file():
            raise ValidationError(f"“{path.name}”不是普通文件。", "请选择对应关系文件。")
        text = path.read_text("utf-8-sig")
        data = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except FileNotFoundError as error:
        raise NotFoundError(f"找不到对应关系文件“{path}”。", "请检查文件名和位置。") from error
    except OSError as error:
        raise storage_error(error, path) from error
    except (ValueError, RecursionError) as error:
        raise ValidationError(
            f"对应关系文件“{path.name}”读不出来。",
            '每行写一栏，例如 name = "教师姓名"。',
        ) from error
    data = data.get("mapping", data)
    if not all(isinstance(header, str) for header in data.values()):
        raise ValidationError(
            f"对应关系文件“{path.name}”里，每一栏应对应一个表头。", '例如 name = "教师姓名"。'
        )
    return dict(data)
