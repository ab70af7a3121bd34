"""Which rows below a header are records, and which are totals, signatures and the like."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.services.imports.kinds import header_word
from app.services.imports.reading import is_blank

if TYPE_CHECKING:
    from app.services.imports.headers import Header
    from app.services.imports.kinds import Kind
    from app.services.imports.reading import Row, Sheet

_TOTAL = re.compile(r"(合|总|小|共|累)\s*计")
_COUNTED = re.compile(r"共\s*\d+\s*(人|名|条)")
_EXAMPLE = re.compile(r"[(（【\[]?\s*(示例|样例|例子|例如|范例|例)\s*[)）】\]:：]?")
# Columns without facts: numbering, and what a list of refused rows adds.
ASIDE = {"序号", "编号", "号", "No", "NO", "no", "顺序号", "原因", "原行号"}
_LONGEST_NAME_ALONE = 12


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is no record, and why."""

    row: int
    reason: str


def record_rows(sheet: Sheet, header: Header, kind: Kind) -> tuple[list[Row], list[Skipped]]:
    """The rows that are records, and those left out with the reason."""
    required = {header.columns[key] for key in kind.required}
    numbering = {column for column, name in enumerate(header.names) if header_word(name) in ASIDE}
    footer = re.compile(rf"({'|'.join(kind.footers)})[^:：]{{0,10}}[:：]")
    continued = _continued(sheet, required)
    carried = {header.columns[key] for key in kind.carried if key in header.columns}
    told = _Telling(required, numbering, carried, footer, kind)
    records, skipped = [], []
    for row in sheet.rows:
        if row.number <= header.last_row:
            continue
        reason = _no_record(row, header, told)
        if row.number in continued and reason is None:
            reason = f"与第 {continued[row.number]} 行是同一格（合并单元格）"
        if reason:
            skipped.append(Skipped(row.number, reason))
        else:
            records.append(row)
    return records, skipped


def _continued(sheet: Sheet, required: set[int]) -> dict[int, int]:
    """Rows whose required cells are all merged with those above: the same record goes on."""
    tops: dict[int, int] = {}
    merged: Counter[int] = Counter()
    for top, column, bottom, _last in sheet.merges:
        if column in required:
            for row in range(top + 1, min(bottom, sheet.rows[-1].number) + 1):
                tops[row] = top
                merged[row] += 1
    return {row: top for row, top in tops.items() if merged[row] == len(required)}


@dataclass(frozen=True, slots=True)
class _Telling:
    """What tells records from other rows: columns by what they are for, and words of footers."""

    required: set[int]
    numbering: set[int]
    carried: set[int]
    footer: re.Pattern[str]
    kind: Kind


def _no_record(row: Row, header: Header, told: _Telling) -> str | None:
    """Why a row is no record; None when it is one."""
    first = next(
        (cell.strip() for cell in row.cells[:_FIRST_CELLS] if isinstance(cell, str) and cell), ""
    )
    if first[:1] in _TELLING:
        if _TOTAL.match(first) or _COUNTED.match(first):
            return "合计行"
        if _EXAMPLE.fullmatch(first):
            return "示例行"
    if told.footer.match(first) or (len(first) > _LONGEST_NAME_ALONE and _is_remark(row, told)):
        return "表尾的制表、签字或说明"
    # One blank among the required is enough: a merged cell may have filled the others down.
    if any(is_blank(row.cell(column)) for column in told.required):
        filled = {
            column
            for column, cell in enumerate(row.cells)
            if column not in told.numbering and not is_blank(cell)
        }
        if filled <= told.carried:
            title = told.kind.title(told.kind.required[0])
            return f"没有{title}的空行"
    return "重复的表头" if _repeats(row, header, told.required) else None


def _is_remark(row: Row, told: _Telling) -> bool:
    """Whether nothing but one text stands in the row, where that cannot be a record."""
    filled = [column for column, cell in enumerate(row.cells) if not is_blank(cell)]
    return len(filled) == 1 and not (told.kind.alone and filled[0] in told.required)


_FIRST_CELLS = 3
_TELLING = frozenset("合总小共累示样例范(（【[")


def _repeats(row: Row, header: Header, required: set[int]) -> bool:
    column = min(required)
    cell = row.cell(column)
    if not isinstance(cell, str) or not cell or column >= len(header.names):
        return False
    name = header.names[column]
    return cell[0] == name[:1] and header_word(cell) in {
        header_word(name),
        header_word(name.rpartition("/")[2]),
    }
