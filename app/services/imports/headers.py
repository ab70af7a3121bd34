"""Finding the header of a table, and which column is what."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

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
_SIMILAR = 100


How = Literal["header", "similar", "contents", "chosen"]
"""How a column was recognised: its header as known, its header's ending, its cells, or by the user."""


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header is and what its columns mean."""

    first_row: int
    last_row: int
    """Data begin below it; differs from ``first_row`` where the header has several levels."""
    names: tuple[str, ...]
    columns: dict[str, int]
    """Field key → column, counted from 0."""
    how: dict[str, How]
    """Field key → how its column was recognised."""
    problem: str = ""
    """Why no rows can be read under it; empty when they can."""
    hint: str = ""

    @property
    def mapping(self) -> dict[str, str]:
        """Field key → header as written (the column's letter where it has none), to be given back."""
        return {key: self.label(column) for key, column in self.columns.items()}

    def label(self, column: int) -> str:
        """How to speak of a column."""
        if column < len(self.names) and self.names[column]:
            return self.names[column]
        return f"{column_letters(column + 1)}列"


def look_for_header(
    sheet: Sheet,
    kind: Kind,
    *,
    header_row: int | None = None,
    mapping: Mapping[str, str | int] | None = None,
) -> Header:
    """The header of a sheet; ``header_row`` and ``mapping`` are the caller's corrections.

    One that is not enough comes back with its ``problem``. ``header_row`` 0 says that there is none:
    columns then go by their letters. Raises ValidationError for corrections that do not fit the sheet.
    """
    if header_row == 0:
        return _without_header(sheet, kind, mapping or {})
    if mapping or (mapping is not None and header_row):  # no column at all may be what is wanted
        return _mapped_header(sheet, kind, header_row, mapping)
    start = _given_row(sheet, header_row) if header_row else _likeliest_row(sheet, kind)
    if start is None:
        return _no_header(sheet, kind)
    last, names = _levels(sheet, kind, start)
    columns, how = _columns(kind, names)
    guessed = guess_columns(sheet.rows[last + 1 : last + 1 + _SAMPLE], kind, names, columns)
    columns |= guessed
    how |= dict.fromkeys(guessed, "contents")
    rows, where = _rows(sheet, start, last)
    return _complete(kind, Header(*rows, names, columns, how), where)


def header_line(row: Row) -> tuple[str, ...]:
    """The words of a header row, by which a table is recognised the next time."""
    words = [header_word(str(cell)) for cell in row.cells]
    while words and not words[-1]:
        words.pop()
    return tuple(words)


def _no_header(sheet: Sheet, kind: Kind) -> Header:
    """The first row in place of a header, with the words that were looked for."""
    first = sheet.rows[0]
    return Header(
        first.number, first.number, tuple(_spread(first, sheet.merges)), {}, {},
        f"工作表“{sheet.name}”里没有找到表头。",
        f"表头应有“{'、'.join(kind.title(key) for key in kind.required)}”一栏，"
        f"并写明 {'、'.join(one.title for one in kind.fields[:8])} 等栏名；"
        f"可以使用程序提供的{kind.name}模板。",
    )  # fmt: skip


def _without_header(sheet: Sheet, kind: Kind, mapping: Mapping[str, str | int]) -> Header:
    """Columns as the user names them by letter or number, else as their contents tell."""
    names = ("",) * max(len(row.cells) for row in sheet.rows)
    how: dict[str, How] = {}
    columns: dict[str, int] = {}
    for name, wanted in mapping.items():
        column = _column_of(wanted, names)
        if column is None:
            raise ValidationError(f"工作表“{sheet.name}”里没有“{wanted}”这样的栏。")
        columns[_key(kind, name)] = column
        how[_key(kind, name)] = "chosen"
    if not mapping:
        columns = guess_columns(sheet.rows[:_SAMPLE], kind, names, {})
        how = dict.fromkeys(columns, "contents")
    return _complete(kind, Header(0, 0, names, columns, how), f"工作表“{sheet.name}”")


def _complete(kind: Kind, header: Header, where: str) -> Header:
    """The header with its fields in order, and what is still missing."""
    columns = {one.key: header.columns[one.key] for one in kind.fields if one.key in header.columns}
    problem = hint = ""
    if missing := [kind.title(key) for key in kind.required if key not in columns]:
        problem = f"{where}没有“{'、'.join(missing)}”一栏。"
        hint = f"请在表头写上“{'、'.join(missing)}”，或指定哪一栏是它。"
    return replace(header, columns=columns, problem=problem, hint=hint)


def _rows(sheet: Sheet, first: int, last: int) -> tuple[tuple[int, int], str]:
    """Numbers of the header's rows, and how to speak of it."""
    number = sheet.rows[first].number
    where = f"工作表“{sheet.name}”第 {number} 行是表头，但"
    return (number, sheet.rows[last].number), where


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


def _columns(kind: Kind, names: tuple[str, ...]) -> tuple[dict[str, int], dict[str, How]]:
    """Field key → the column whose header fits it best, the leftmost of equals; and how it fits."""
    ranked: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for column, name in enumerate(names):
        if hit := _match_levels(kind, name):
            ranked[hit[0]].append((hit[1], column))
    best = {key: min(ranks) for key, ranks in ranked.items()}
    for one in kind.fields:
        left = sorted(ranked.get(one.key, ()))[1:]
        if one.otherwise and left and one.otherwise not in best:
            best[one.otherwise] = left[0]
    for key, other in kind.instead.items():
        if key not in best and other in best:
            best[key] = best.pop(other)
    how: dict[str, How] = {
        key: "header" if rank < _SIMILAR else "similar" for key, (rank, _) in best.items()
    }
    return {key: column for key, (_, column) in best.items()}, how


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
    sheet: Sheet, kind: Kind, header_row: int | None, mapping: Mapping[str, str | int]
) -> Header:
    wanted = {_key(kind, name): header for name, header in mapping.items()}
    starts = [_given_row(sheet, header_row)] if header_row else range(
        min(_ROWS_LOOKED_AT, len(sheet.rows))
    )  # fmt: skip
    best: tuple[int, int, tuple[str, ...], dict[str, int]] | None = None
    for start in starts:
        last, names = _levels(sheet, kind, start)
        found = {key: column for key, header in wanted.items()
                 if (column := _column_of(header, names)) is not None}  # fmt: skip
        by_word = [key for key, column in found.items() if _is_word(wanted[key], names[column])]
        if best is None or len(found) > len(best[3]):
            best = start, last, names, found
        if len(found) == len(wanted) and (by_word or header_row):
            best = start, last, names, found
            break
    else:
        lost = [str(one) for key, one in wanted.items() if best is None or key not in best[3]]
        there = "、".join(name for name in best[2] if name) if best else ""
        raise ValidationError(
            f"工作表“{sheet.name}”里没有“{'、'.join(lost or map(str, wanted.values()))}”这样的栏。",
            f"表里的栏有：{there}。" if there else "",
        )
    start, last, names, found = best
    rows, where = _rows(sheet, start, last)
    header = Header(*rows, names, found, dict.fromkeys(found, "chosen"))
    return _complete(kind, header, where)


def _key(kind: Kind, name: str) -> str:
    found = kind.field(name)
    if found is None:
        raise ValidationError(
            f"对应关系里的“{name}”不是{kind.name}的栏目。",
            f"可用的栏目：{'、'.join(one.title for one in kind.fields)}。",
        )
    return found.key


def _is_word(header: str | int, name: str) -> bool:
    return isinstance(header, str) and header_word(header) == header_word(name)


def _column_of(header: str | int, names: tuple[str, ...]) -> int | None:
    """Column of that number (from 0), of that header, or of that letter (“C” or “C列”)."""
    if isinstance(header, int):
        return header if 0 <= header < len(names) else None
    for column, name in enumerate(names):
        if name and _is_word(header, name):
            return column
    letters = header.strip().removesuffix("列").upper()
    for column in range(len(names)):
        if column_letters(column + 1) == letters:
            return column
    return None
