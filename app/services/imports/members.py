"""Rosters of members: from a file to checked rows, the refused ones with their reasons."""

from __future__ import annotations

import json
import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.errors import AppError, NotFoundError, ValidationError
from app.services.files import storage_error
from app.services.imports import dates, values
from app.services.imports.headers import Header, find_header
from app.services.imports.kinds import Kind, header_word, load_kind
from app.services.imports.reading import Book, Cell, Row, Sheet, is_blank, open_book
from app.services.imports.rows import ASIDE, Skipped, record_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

NAME_MISSING = "没有姓名"
_NO_SHEET_HINT = "请把名册放在没有隐藏的工作表里，或指定工作表。"


@dataclass(frozen=True, slots=True)
class MemberDraft:
    """One checked row of a roster; what was not filled in is empty."""

    row: int
    name: str
    sex: str = ""
    born_on: str = ""
    ethnic_group: str = ""
    phone: str = ""
    id_number: str = ""
    education: str = ""
    title: str = ""
    subjects: tuple[str, ...] = ()
    joined_on: str = ""
    school: str = ""
    role: str = ""
    office: str = ""
    grade: str = ""
    honours: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A cell that cannot be taken; its whole row stays outside."""

    sheet: str
    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that was understood or left out, and in which rows."""

    text: str
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MemberTable:
    """What a roster holds, before anything is written."""

    sheet: Sheet
    header: Header
    rows: tuple[MemberDraft, ...]
    refused: tuple[Refusal, ...]
    remarks: tuple[Remark, ...]
    skipped: tuple[Skipped, ...]
    other_sheets: tuple[str, ...]
    """Sheets that were not read, each with the reason."""
    total: int = field(default=0)
    """Records found, refused ones included."""


def read_members(
    path: Path,
    *,
    sheet: str | None = None,
    mapping: Mapping[str, str] | None = None,
    header_row: int | None = None,
) -> MemberTable:
    """Read a roster; without ``sheet`` it is the first visible one that has a header."""
    return members_of(open_book(path), sheet=sheet, mapping=mapping, header_row=header_row)


def members_of(
    book: Book,
    *,
    sheet: str | None = None,
    mapping: Mapping[str, str] | None = None,
    header_row: int | None = None,
) -> MemberTable:
    """The same for a book that is open already, or came from the clipboard."""
    kind = load_kind("members")
    chosen, header, others = _choose(book, kind, sheet, mapping, header_row)
    rows, skipped = record_rows(chosen, header, kind)
    if not rows:
        raise ValidationError(
            f"“{book.name}”的工作表“{chosen.name}”只有表头，没有人员。", "请填好名单再导入。"
        )
    reader = _Reader(chosen, header, kind, rows)
    drafts = tuple(draft for row in rows if (draft := reader.draft(row)))
    for key, column in header.guessed.items():
        title = getattr(kind.field(key), "title", key)
        reader.remarks[f"“{header.label(column)}”按内容认作“{title}”"].append(header.last_row)
    left = [
        header.label(column)
        for column, name in enumerate(header.names)
        if name and column not in header.columns.values() and header_word(name) not in ASIDE
    ]
    if left:
        reader.remarks[f"没有对应栏目、没有导入的列：{'、'.join(left)}"].append(header.last_row)
    remarks = tuple(Remark(text, tuple(numbers)) for text, numbers in reader.remarks.items())
    return MemberTable(
        chosen, header, drafts, tuple(reader.refused), remarks, tuple(skipped), others, len(rows)
    )


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
            f"对应关系文件“{path.name}”读不出来：{error}。",
            '每行写一栏，例如 name = "教师姓名"。',
        ) from error
    data = data.get("mapping", data)
    if not all(isinstance(header, str) for header in data.values()):
        raise ValidationError(
            f"对应关系文件“{path.name}”里，每一栏应对应一个表头。", '例如 name = "教师姓名"。'
        )
    return dict(data)


def _choose(
    book: Book,
    kind: Kind,
    wanted: str | None,
    mapping: Mapping[str, str] | None,
    header_row: int | None,
) -> tuple[Sheet, Header, tuple[str, ...]]:
    """The sheet to read with its header, and the names of the others with the reason."""
    if wanted is not None:
        if wanted not in [info.name for info in book.sheets]:
            names = "、".join(f"“{info.name}”" for info in book.sheets)
            raise NotFoundError(f"“{book.name}”里没有工作表“{wanted}”。", f"工作表有：{names}。")
        sheet = book.read(wanted)
        if not sheet.rows:
            raise ValidationError(f"“{book.name}”的工作表“{wanted}”是空的。", _NO_SHEET_HINT)
        return sheet, find_header(sheet, kind, mapping=mapping, header_row=header_row), ()
    others: list[str] = [f"{info.name}（隐藏）" for info in book.sheets if not info.visible]
    found: tuple[Sheet, Header] | None = None
    problem: AppError | None = None
    for info in book.sheets:
        if not info.visible or not (sheet := book.read(info.name)).rows:
            continue
        try:
            header = find_header(sheet, kind, mapping=mapping, header_row=header_row)
        except ValidationError as error:
            problem = problem or error
            others.append(f"{info.name}（没有{kind.name}的表头）")
            continue
        if found is None:
            found = sheet, header
        else:
            others.append(f"{info.name}（也像{kind.name}，请指定这张工作表另外导入）")
    if found:
        return *found, tuple(others)
    raise problem or ValidationError(f"“{book.name}”里没有内容。", _NO_SHEET_HINT)


class _Reader:
    """Turns rows into drafts, and collects what is refused and remarked on the way."""

    def __init__(self, sheet: Sheet, header: Header, kind: Kind, rows: list[Row]) -> None:
        self.refused: list[Refusal] = []
        self.remarks: dict[str, list[int]] = defaultdict(list)
        self._sheet = sheet
        self._header = header
        self._parsers = [
            (one.key, column, self._parser(one.value, column, rows))
            for one in kind.fields
            if (column := header.columns.get(one.key)) is not None
        ]

    def _parser(self, value: str, column: int, rows: list[Row]) -> Callable[[Cell], Any]:
        if value != "date":
            return _PARSERS[value]
        told = dates.DateColumn(
            months_only=header_word(self._header.label(column)).endswith("年月"),
            padded=dates.is_padded(row.cell(column) for row in rows),
            date1904=self._sheet.date1904,
        )
        return lambda cell: dates.date(cell, told)

    def draft(self, row: Row) -> MemberDraft | None:
        """The row as a draft; None when a cell of it is refused."""
        found: dict[str, Any] = {}
        before = len(self.refused)
        cells = row.cells
        for key, column, parse in self._parsers:
            cell = cells[column]
            if cell == "":
                continue
            try:
                value, remark = parse(cell)
            except values.BadValueError as error:
                self._refuse(row, column, str(error))
                continue
            if value:
                found[key] = value
            if remark:
                self.remarks[remark].append(row.number)
        if "name" not in found and len(self.refused) == before:
            self._refuse(row, self._header.columns["name"], NAME_MISSING)
        if len(self.refused) > before:
            return None
        self._complete(row, found)
        return MemberDraft(row.number, **found)

    def _refuse(self, row: Row, column: int, reason: str) -> None:
        label, shown = self._header.label(column), values.shown(row.cell(column))
        self.refused.append(Refusal(self._sheet.name, row.number, label, shown, reason))

    def _complete(self, row: Row, found: dict[str, Any]) -> None:
        """Honours that stood under 职称, and what the identity number tells or contradicts."""
        title = self._header.columns.get("title")
        if title is not None and "title" not in found and not is_blank(row.cell(title)):
            honour = values.clean(row.cell(title))
            if honour and honour not in found.get("honours", ""):
                found["honours"] = "、".join(filter(None, (found.get("honours"), honour)))
        if "id_number" not in found:
            return
        born, sex = values.facts_of_id(found["id_number"])
        if not born.startswith(found.setdefault("born_on", born)):
            self.remarks["出生年月与身份证号不一致，照表格收入，请核对"].append(row.number)
        if found.setdefault("sex", sex) != sex:
            self.remarks["性别与身份证号不一致，照表格收入，请核对"].append(row.number)


_PARSERS: dict[str, Callable[[Cell], Any]] = {
    "name": values.person_name,
    "text": values.plain_text,
    "phone": values.phone,
    "id_number": values.id_number,
    "sex": values.sex,
    "ethnic_group": values.ethnic_group,
    "education": values.education,
    "title": values.title,
    "subjects": values.subjects,
}
