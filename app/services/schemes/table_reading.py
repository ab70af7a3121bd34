"""Tables of an Excel or Word file as lines of plain cells, merged ones filled down and marked."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.errors import ValidationError
from app.services.files import storage_errors
from app.services.imports import guards, reading

if TYPE_CHECKING:
    from pathlib import Path

_WORD = (".docx", ".docm")
_MOST_BYTES = 30 << 20
_MOST_LINES = 2000


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table."""

    number: int
    """As the file's own program shows it."""
    cells: tuple[str, ...]
    above: frozenset[int] = frozenset()
    """Columns that only continue a merged cell of the row above."""
    left: frozenset[int] = frozenset()
    """Columns that only continue a merged cell to the left."""

    def cell(self, column: int | None) -> str:
        """Text of a cell; "" where there is none."""
        if column is None or not 0 <= column < len(self.cells):
            return ""
        return self.cells[column]

    @property
    def own(self) -> list[str]:
        """Texts that stand in this row itself, each merged cell once."""
        skipped = self.above | self.left
        return [text for n, text in enumerate(self.cells) if text and n not in skipped]


@dataclass(frozen=True, slots=True)
class SourceTable:
    """One sheet, or one table of a document."""

    name: str
    lines: tuple[Line, ...]


def read_tables(path: Path) -> list[SourceTable]:
    """All tables of a file; raises AppError where it cannot be read or has none."""
    suffix = path.suffix.casefold()
    if suffix in (".doc", ".wps"):
        raise ValidationError(
            f"“{path.name}”是旧格式的文字文档，读不了。",
            "请用 WPS 或 Word 打开它，另存为 .docx 后再导入。",
        )
    found = _from_word(path) if suffix in _WORD else _from_book(path)
    tables = [table for table in found if table.lines]
    if not tables:
        raise ValidationError(f"“{path.name}”里没有表格。", "请确认选对了文件。")
    return tables


def _from_book(path: Path) -> list[SourceTable]:
    book = reading.open_book(path)
    return [_sheet(book.read(info.name)) for info in book.sheets if info.visible]


def _sheet(sheet: reading.Sheet) -> SourceTable:
    above: dict[int, set[int]] = {}
    left: dict[int, set[int]] = {}
    across: dict[int, list[tuple[int, int]]] = {}
    for top, first, bottom, last in sheet.merges:
        for number in range(top, min(bottom, top + _MOST_LINES) + 1):
            across.setdefault(number, []).append((first, last))
            left.setdefault(number, set()).update(range(first + 1, last + 1))
            if number > top:
                above.setdefault(number, set()).update(range(first, last + 1))
    lines = []
    for row in sheet.rows[:_MOST_LINES]:
        cells = [_text(one) for one in row.cells]
        for first, last in across.get(row.number, ()):
            for column in range(first + 1, min(last + 1, len(cells))):
                cells[column] = cells[first]
        lines.append(
            Line(
                row.number,
                tuple(cells),
                frozenset(above.get(row.number, ())),
                frozenset(left.get(row.number, ())),
            )
        )
    return SourceTable(sheet.name, tuple(lines))


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return _plain(str(cell))


def _plain(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.replace("\xa0", " ").splitlines())
    return "\n".join(line for line in lines if line)


def _from_word(path: Path) -> list[SourceTable]:
    import docx

    with storage_errors(path):
        data = path.read_bytes() if path.stat().st_size <= _MOST_BYTES else None
    if data is None:
        raise ValidationError(f"“{path.name}”太大，不像一份考核表。", "请只留下考核表再导入。")
    guards.check_archive(data)
    try:
        document = docx.Document(io.BytesIO(data))
        tables = [_lines_of(table) for table in document.tables]
    except Exception as error:  # python-docx raises whatever a damaged part makes it raise
        raise ValidationError(
            f"“{path.name}”读不出来，它可能已损坏。",
            "请用 WPS 或 Word 打开它，另存为 .docx 后再导入。",
            str(error),
        ) from error
    found: list[SourceTable] = []
    for number, lines in enumerate(tables, 1):
        joined = found and lines and _continues(found[-1].lines, lines)
        if joined:  # one table that was broken off at the end of a page
            found[-1] = SourceTable(found[-1].name, (*found[-1].lines, *lines))
        else:
            found.append(SourceTable(f"第 {number} 个表格", tuple(lines)))
    return found


def _lines_of(table: Any) -> list[Line]:
    lines: list[Line] = []
    before: list[Any] = []
    for number, row in enumerate(table.rows[:_MOST_LINES], 1):
        cells = list(row.cells)
        anchors = [cell._tc for cell in cells]  # noqa: SLF001 - what tells merged cells
        above = {n for n, tc in enumerate(anchors) if n < len(before) and before[n] is tc}
        left = {n for n in range(1, len(anchors)) if anchors[n] is anchors[n - 1]}
        texts = tuple(_plain(cell.text) for cell in cells)
        before = anchors
        if any(texts):
            lines.append(Line(number, texts, frozenset(above), frozenset(left)))
    return lines


def _continues(first: tuple[Line, ...], second: list[Line]) -> bool:
    from app.services.schemes.table_columns import has_header

    widths = {len(line.cells) for line in first[-1:]} | {len(line.cells) for line in second[:1]}
    return len(widths) == 1 and has_header(first) and not has_header(tuple(second))
