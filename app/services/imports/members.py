"""Rosters of members: from a file to checked rows, the refused ones with their reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from app.services.imports import values
from app.services.imports.kinds import load_kind
from app.services.imports.reading import is_blank, open_book
from app.services.imports.table import Table, TableReader, choose_sheet, read_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from app.services.imports.reading import Book, Row


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


MemberTable: TypeAlias = Table[MemberDraft]


def read_members(
    path: Path,
    *,
    sheet: str | None = None,
    mapping: Mapping[str, str | int] | None = None,
    header_row: int | None = None,
) -> MemberTable:
    """Read a roster; without ``sheet`` it is the first visible one that has a header."""
    return members_of(open_book(path), sheet=sheet, mapping=mapping, header_row=header_row)


def members_of(
    book: Book,
    *,
    sheet: str | None = None,
    mapping: Mapping[str, str | int] | None = None,
    header_row: int | None = None,
) -> MemberTable:
    """The same for a book that is open already, or came from the clipboard."""
    kind = load_kind("members")
    chosen = choose_sheet(book, kind, sheet=sheet, mapping=mapping, header_row=header_row)
    return read_table(chosen, member_draft)


def member_draft(row: Row, found: dict[str, Any], reader: TableReader) -> MemberDraft:
    """A row of a roster, with honours that stood under 职称 and what the identity number tells."""
    title = reader.header.columns.get("title")
    if title is not None and "title" not in found and not is_blank(row.cell(title)):
        honour = values.clean(row.cell(title))
        if honour and honour not in found.get("honours", ""):
            found["honours"] = "、".join(filter(None, (found.get("honours"), honour)))
    if "id_number" in found:
        born, sex = values.facts_of_id(found["id_number"])
        if not born.startswith(found.setdefault("born_on", born)):
            reader.remarks["出生年月与身份证号不一致，照表格收入，请核对"].append(row.number)
        if found.setdefault("sex", sex) != sex:
            reader.remarks["性别与身份证号不一致，照表格收入，请核对"].append(row.number)
    return MemberDraft(row.number, **found)
