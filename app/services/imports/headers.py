"""Finding the header of a table, and which column is what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.errors import ValidationError
from app.services.imports.contents import guess_columns
from app.services.imports.guards import column_letters
from app.services.imports.kinds import header_word
from app.services.imports.reading import is_blank

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.services.imports.kinds import Kind
    from app.services.imports.reading import Merge, Row, Sheet

_ROWS_LOOKED_AT = 40
_MOST_LEVELS = 3
_LONGEST_SUBHEADER = 12
_SAMPLE = 50


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header is and what its columns mean."""

    first_row: int
    last_row: int
    """Data begin below it; differs from ``first_row`` where the header has several levels."""
    names: tuple[str, ...]
    columns: dict[str, int]
    """Field key → column, counted from 0."""
    guessed: dict[str, int]
    """Those of ``columns`` that were told by their contents, not by their header."""

    @property
    def mapping(self) -> dict[str, str]:
        """Field key → header as written (the column's letter where it has none), to be given back."""
        return {key: self.label(column) for key, column in self.columns.items()}

    def label(self, column: int) -> str:
        """How to speak of a column."""
        if column < len(self.names) and self.names[column]:
            return self.names[column]
        return f"{column_letters(column + 1)}列"


def find_header(
    sheet: Sheet,
    kind: Kind,
    *,
    header_row: int | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Header:
    """The header of a sheet; ``header_row`` and ``mapping`` are the caller's corrections.

    Raises ValidationError, saying which words are looked for, where there is none.
    """
    if mapping:
        return _mapped_header(sheet, kind, header_row, mapping)
    start = _given_row(sheet, header_row) if header_row else _likeliest_row(sheet, kind)
    if start is None:
        raise ValidationError(
            f"工作表“{sheet.name}”里没有找到表头。",
            f"表头应有“{'、'.join(_title(kind, key) for key in kind.required)}”一栏，"
            f"并写明 {'、'.join(one.title for one in kind.fields[:8])} 等栏名；"
            f"可以使用程序提供的{kind.name}模板。",
        )
    last, names = _levels(sheet, kind, start)
    columns = _columns(kind, names)
    guessed = guess_columns(sheet.rows[last + 1 : last + 1 + _SAMPLE], kind, names, columns)
    columns |= guessed
    missing = [_title(kind, key) for key in kind.required if key not in columns]
    if missing:
        raise ValidationError(
            f"工作表“{sheet.name}”第 {sheet.rows[start].number} 行是表头，"
            f"但没有“{'、'.join(missing)}”一栏。",
            f"请在表头写上“{'、'.join(missing)}”，或指定哪一栏是它。",
        )
    ordered = {one.key: columns[one.key] for one in kind.fields if one.key in columns}
    return Header(sheet.rows[start].number, sheet.rows[last].number, names, ordered, guessed)


def _title(kind: Kind, key: str) -> str:
    found = kind.field(key)
    return found.title if found else key


def _given_row(sheet: Sheet, number: int) -> int:
    for index, row in enumerate(sheet.rows):
        if row.number == number:
            return index
    raise ValidationError(f"工作表“{sheet.name}”第 {number} 行是空的，不能作表头。")


def _likeliest_row(sheet: Sheet, kind: Kind) -> int | None:
    """The row most of whose cells head a field; one alone must be a required one, as written."""
    best, most = None, 0
    for index, row in enumerate(sheet.rows[:_ROWS_LOOKED_AT]):
        found: dict[str, int] = {}
        for cell in row.cells:
            if isinstance(cell, str) and (hit := kind.match(cell)):
                found[hit[0].key] = min(hit[1], found.get(hit[0].key, hit[1]))
        enough = len(found) > 1 or any(found.get(key) == 0 for key in kind.required)
        if enough and len(found) > most:
            best, most = index, len(found)
    return best


# --- several levels --------------------------------------------------------------------------------


def _levels(sheet: Sheet, kind: Kind, start: int) -> tuple[int, tuple[str, ...]]:
    """Last row of the header and the name of each column, levels joined by “/”."""
    names = _spread(sheet.rows[start], sheet.merges)
    last = start
    for index in range(start + 1, min(start + _MOST_LEVELS, len(sheet.rows))):
        upper, lower = sheet.rows[index - 1], sheet.rows[index]
        if lower.number != upper.number + 1 or not _is_sublevel(names, upper, lower, kind):
            break
        last = index
        names = _joined(names, lower)
    return last, tuple(names)


def _spread(row: Row, merges: tuple[Merge, ...]) -> list[str]:
    """Header texts of a row, each repeated over the columns that its merged cell covers."""
    names = [" ".join(str(cell).split()) if not is_blank(cell) else "" for cell in row.cells]
    for top, first, bottom, last in merges:
        if top <= row.number <= bottom and first < len(names):
            for column in range(first + 1, min(last + 1, len(names))):
                names[column] = names[column] or names[first]
    return names


def _is_sublevel(names: list[str], upper: Row, lower: Row, kind: Kind) -> bool:
    """Whether a row divides the header above it: words only, and only where that leaves room."""
    divides = False
    for column, cell in enumerate(lower.cells):
        if is_blank(cell):
            continue
        above = names[column] if column < len(names) else ""
        if not isinstance(cell, str):
            return False
        if header_word(cell) == header_word(above):
            continue
        hit = kind.match(above)
        open_right = column + 1 < len(upper.cells) and is_blank(upper.cell(column + 1))
        shared = above == "" or names.count(above) > 1 or open_right
        named = hit is not None and hit[0].key in kind.required
        if not shared or named or len(cell) > _LONGEST_SUBHEADER:
            return False
        divides = True
    return divides


def _joined(names: list[str], lower: Row) -> list[str]:
    joined, group = [], ""
    for column in range(max(len(names), len(lower.cells))):
        above = names[column] if column < len(names) else ""
        cell = lower.cell(column)
        below = "" if is_blank(cell) else " ".join(str(cell).split())
        group = above or (group if below else "")
        if below and group and header_word(below) != header_word(group):
            joined.append(f"{group}/{below}")
        else:
            joined.append(below or above)
    return joined


# --- columns ---------------------------------------------------------------------------------------


def _columns(kind: Kind, names: tuple[str, ...]) -> dict[str, int]:
    """Field key → the column whose header fits it best; the leftmost of equals."""
    best: dict[str, tuple[int, int]] = {}
    for column, name in enumerate(names):
        if hit := _match_levels(kind, name):
            rank = (hit[1], column)
            best[hit[0]] = min(best.get(hit[0], rank), rank)
    return {key: column for key, (_, column) in best.items()}


def _match_levels(kind: Kind, name: str) -> tuple[str, int] | None:
    """Match 学历/全日制 by its parts: lowest level, all together, then the upper level alone."""
    upper, _, lower = name.rpartition("/")
    if lower and (hit := kind.match(lower)):
        return hit[0].key, hit[1]
    if upper and (hit := kind.match(name)):
        return hit[0].key, hit[1]
    if upper and not any(word in lower for word in kind.ignore) and (hit := kind.match(upper)):
        return hit[0].key, hit[1] + 50
    return None


# --- the caller's own mapping ----------------------------------------------------------------------


def _mapped_header(
    sheet: Sheet, kind: Kind, header_row: int | None, mapping: Mapping[str, str]
) -> Header:
    wanted = {_key(kind, name): header.strip() for name, header in mapping.items()}
    missing = [_title(kind, key) for key in kind.required if key not in wanted]
    if missing:
        raise ValidationError(
            f"对应关系里没有“{'、'.join(missing)}”。", "请指明它是表格里的哪一栏。"
        )
    starts = [_given_row(sheet, header_row)] if header_row else range(
        min(_ROWS_LOOKED_AT, len(sheet.rows))
    )  # fmt: skip
    best: Header | None = None
    for start in starts:
        last, names = _levels(sheet, kind, start)
        found = {key: column for key, header in wanted.items()
                 if (column := _column_of(header, names)) is not None}  # fmt: skip
        by_word = [key for key, column in found.items() if _is_word(wanted[key], names[column])]
        header = Header(sheet.rows[start].number, sheet.rows[last].number, names, found, {})
        if len(found) == len(wanted) and (by_word or header_row):
            return header
        if best is None or len(found) > len(best.columns):
            best = header
    lost = [header for key, header in wanted.items() if best is None or key not in best.columns]
    there = "、".join(name for name in best.names if name) if best else ""
    raise ValidationError(
        f"工作表“{sheet.name}”里没有“{'、'.join(lost or wanted.values())}”这样的栏。",
        f"表里的栏有：{there}。" if there else "",
    )


def _key(kind: Kind, name: str) -> str:
    found = kind.field(name)
    if found is None:
        raise ValidationError(
            f"对应关系里的“{name}”不是{kind.name}的栏目。",
            f"可用的栏目：{'、'.join(one.title for one in kind.fields)}。",
        )
    return found.key


def _is_word(header: str, name: str) -> bool:
    return header_word(header) == header_word(name)


def _column_of(header: str, names: tuple[str, ...]) -> int | None:
    """Column of that header, or of that letter (“C” or “C列”)."""
    for column, name in enumerate(names):
        if name and _is_word(header, name):
            return column
    letters = header.removesuffix("列").upper()
    for column in range(len(names)):
        if column_letters(column + 1) == letters:
            return column
    return None
