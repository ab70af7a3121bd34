"""Fills an Excel form: styles, merges, heights and print setup stay; rows of lists are multiplied."""

from __future__ import annotations

import copy
import io
import math
import re
from typing import TYPE_CHECKING, Any

from app.errors import ExportError
from app.progress import NoProgress
from app.services.documents.tree import Picture
from app.services.templates.excel_file import head_and_foot, open_excel, patterns, place_of
from app.services.templates.excel_rows import insert_rows
from app.services.templates.fields import BLANK, spell
from app.services.templates.language import (
    PIECE,
    Language,
    TooLongError,
    canonical,
    counted,
    named_by,
    straight,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.progress import Progress
    from app.services.templates.excel_file import Pattern
    from app.services.templates.fields import Fields

_MOST_LETTERS = 32_767
_FORMULA_STARTS = ("=", "+", "-", "@", "\t")
_FORBIDDEN = re.compile(r"[\\/*?:\[\]]")
_POINTS_PER_LETTER = 5.25
_EMU_PER_POINT = 12700
_PADDING = 1.5
_LATIN = 0x2E7F
_SHRINKS = 1.4
"""Type is made smaller by so much at most, before it is wrapped."""
_LEADING = 1.35
_HIGHEST_ROW = 409


def fill_excel(
    path: Path,
    fields: Fields,
    contexts: Sequence[dict[str, Any]],
    titles: Sequence[str] = (),
    progress: Progress | None = None,
) -> bytes:
    """The filled file, with sheets of its own for each record; raises ExportError with the place."""
    progress = progress or NoProgress()
    book = open_excel(path)
    language = Language(xml=False)
    originals = [sheet for sheet in book.worksheets if _has_pieces(sheet, fields)]
    copies = [
        (sheet, sheet if not number else _copy_of(book, sheet), number)
        for number in range(len(contexts))
        for sheet in originals
    ]
    for done, (original, sheet, number) in enumerate(copies):
        progress.report(done, len(copies), "正在填写表格")
        _Sheet(sheet, fields, counted(contexts[number]), language).fill()
        if len(contexts) > 1:
            title = titles[number] if number < len(titles) else f"{original.title}{number + 1}"
            sheet.title = _title(book, title)
    for sheet in book.worksheets:
        for drawn in sheet._images:  # noqa: SLF001 - kept by openpyxl only while they are open
            drawn.ref = io.BytesIO(drawn._data())  # noqa: SLF001
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _has_pieces(sheet: Any, fields: Fields) -> bool:
    cells = (cell for row in sheet.iter_rows() for cell in row if cell.value is not None)
    parts = (part.text for part in head_and_foot(sheet))
    return any("{{" in straight(str(cell.value)) for cell in cells) or any("{{" in x for x in parts)


def _copy_of(book: Any, sheet: Any) -> Any:
    """Another sheet like it, with the print setup that openpyxl leaves behind."""
    made = book.copy_worksheet(sheet)
    for name in ("HeaderFooter", "conditional_formatting", "data_validations", "freeze_panes"):
        if hasattr(sheet, name):
            setattr(made, name, copy.deepcopy(getattr(sheet, name)))
    for name in ("print_area", "print_title_rows", "print_title_cols"):
        value = getattr(sheet, name)
        if value:
            setattr(
                made, name, value.split("!")[-1].replace("$", "") if name == "print_area" else value
            )
    made.row_breaks = copy.deepcopy(sheet.row_breaks)
    made.sheet_view.showGridLines = sheet.sheet_view.showGridLines
    for image in sheet._images:  # noqa: SLF001 - no other way to them
        twin = type(image)(io.BytesIO(image._data()))  # noqa: SLF001
        twin.anchor = copy.deepcopy(image.anchor)
        made.add_image(twin)
    return made


def _title(book: Any, wanted: str) -> str:
    name = _FORBIDDEN.sub(" ", wanted).strip(" '")[:28] or "表"
    taken = {sheet.title for sheet in book.worksheets}
    return next(
        one for one in (name, *(f"{name}{n}" for n in range(2, len(taken) + 3))) if one not in taken
    )


class _Sheet:
    def __init__(
        self, sheet: Any, fields: Fields, context: dict[str, Any], language: Language
    ) -> None:
        self._sheet = sheet
        self._fields = fields
        self._context = context
        self._language = language

    def fill(self) -> None:
        found, _told, _wrong = patterns(self._sheet, self._fields)
        filled: set[int] = set()
        for pattern in reversed(found):  # from below, so that the places above stay
            count = self._repeat(pattern)
            more = max(0, count - 1 - pattern.blank)
            filled = {row + more if row > pattern.row else row for row in filled}
            filled |= set(range(pattern.row, pattern.row + max(count, 1)))
        for row in self._sheet.iter_rows():
            for cell in row if row[0].row not in filled else ():
                self._fill_cell(cell, self._context)
        for part in head_and_foot(self._sheet):
            part.text = self._text(straight(part.text), self._context, "页眉页脚")

    def _repeat(self, pattern: Pattern) -> int:
        sheet, name = self._sheet, spell(pattern.name)
        lines = self._context.get(name) or self._context[name + BLANK]
        more = len(lines) - 1 - pattern.blank
        if more > 0:
            insert_rows(sheet, pattern.row + pattern.blank, more, pattern.row)
        width = sheet.max_column
        source = [sheet.cell(pattern.row, column).value for column in range(1, width + 1)]
        for number, line in enumerate(lines):
            for column, value in enumerate(source, 1):
                cell = sheet.cell(pattern.row + number, column)
                if type(cell).__name__ != "MergedCell" and value is not None:
                    cell.value = copy.copy(value)
                    cell.number_format = sheet.cell(pattern.row, column).number_format
                    self._fill_cell(cell, {**self._context, name: line})
        return len(lines)

    def _fill_cell(self, cell: Any, context: dict[str, Any]) -> None:
        if cell.value is None or cell.data_type == "f":
            return
        text = straight(str(cell.value))
        pieces = PIECE.findall(text)
        if not pieces:
            return
        place = place_of(self._sheet, cell.coordinate)
        named = named_by(pieces[0], self._fields) if len(pieces) == 1 else None
        if named is not None and named.list and isinstance(context.get(spell(named.list)), list):
            self._all_lines(cell, named, context, text, place)
        elif named is not None and named.field.picture:
            value = self._value(named, context)
            cell.value = None
            if isinstance(value, Picture):
                self._draw(cell, [value])
        else:
            _write(cell, self._text(text, context, place))

    def _all_lines(
        self, cell: Any, named: Any, context: dict[str, Any], text: str, place: str
    ) -> None:
        """All lines of a list in a labelled cell: names with 、, pictures side by side."""
        key = spell(named.list)
        lines = list(context[key])
        if named.field.picture:
            cell.value = None
            self._draw(
                cell,
                [x for line in lines if isinstance(x := line[spell(named.field.name)], Picture)],
            )
            return
        piece = PIECE.findall(text)[0]
        words = "、".join(self._text(piece, {**context, key: line}, place) for line in lines)
        _write(cell, text.replace(piece, words))

    def _value(self, named: Any, context: dict[str, Any]) -> Any:
        holder = context[spell(named.list)] if named.list else context
        return holder[spell(named.field.name)]

    def _text(self, text: str, context: dict[str, Any], place: str) -> str:
        from jinja2 import TemplateError

        source = PIECE.sub(lambda m: canonical(m.group(), self._fields), text)
        try:
            return self._language.from_string(source).render(context)
        except TooLongError as error:
            raise ExportError(
                f"{place}：列表一层套一层，填不完。", "请改成一行只重复一个列表。"
            ) from error
        except (TemplateError, TypeError, ValueError) as error:
            raise ExportError(
                f"{place}：“{text[:40]}”填不了。", "请检查 {{ }} 和 {% %} 的写法。", str(error)
            ) from error

    def _draw(self, cell: Any, pictures: Sequence[Picture]) -> None:
        """Pictures side by side in the room of the cell, the merged ones included."""
        wide, high = _room(self._sheet, cell)
        each = wide / max(len(pictures), 1)
        for number, picture in enumerate(pictures):
            self._sheet.add_image(_image(picture, cell, number * each, (each, high)))


def _write(cell: Any, text: str) -> None:
    """Text stays text, whatever it begins with; in a cell made for figures a figure counts."""
    if len(text) > _MOST_LETTERS:
        raise ExportError(
            f"{cell.coordinate} 要填 {len(text)} 个字，Excel 一格放不下。",
            "请改用 Word 表格，或缩短内容。",
        )
    if cell.number_format not in ("General", "@") and re.fullmatch(r"-?\d{1,15}(\.\d+)?", text):
        cell.value = float(text) if "." in text else int(text)
        return
    cell.value = text or None
    if text:
        cell.data_type = "s"
        if text.startswith(_FORMULA_STARTS):
            cell.quotePrefix = True
    if text:
        _make_room(cell, text)


def _make_room(cell: Any, text: str) -> None:
    """Nothing is cut off: a little too long is set smaller, more is wrapped in a row high enough."""
    sheet = cell.parent
    wide, high = _room(sheet, cell)
    size = cell.font.sz or 11
    lengths = [
        sum(2 if ord(letter) > _LATIN else 1 for letter in line) for line in text.split("\n")
    ]
    fits = max(wide / (size / 2) - 1, 1)
    if len(lengths) == 1 and lengths[0] > fits and not cell.alignment.wrap_text:
        fits += _spill(sheet, cell) / (size / 2)
    if len(lengths) == 1 and lengths[0] <= fits:
        return
    alignment = copy.copy(cell.alignment)
    if len(lengths) == 1 and lengths[0] <= fits * _SHRINKS and not alignment.wrap_text:
        alignment.shrink_to_fit = True
        cell.alignment = alignment
        return
    alignment.wrap_text, alignment.shrink_to_fit = True, False
    cell.alignment = alignment
    needed = sum(math.ceil(max(length, 1) / fits) for length in lengths) * size * _LEADING
    if needed > high:
        area = _area(sheet, cell)
        row = sheet.row_dimensions[area.max_row if area else cell.row]
        usual = row.height or sheet.sheet_format.defaultRowHeight or 15
        row.height = min(usual + needed - high, _HIGHEST_ROW)


def _area(sheet: Any, cell: Any) -> Any:
    """The merged range that a cell begins, if any."""
    at = (cell.row, cell.column)
    found = (one for one in sheet.merged_cells.ranges if (one.min_row, one.min_col) == at)
    return next(found, None)


def _spill(sheet: Any, cell: Any) -> float:
    """Points of the empty cells at the right, over which Excel lets words run on."""
    if _area(sheet, cell):
        return 0.0
    wide = 0.0
    for column in range(cell.column + 1, sheet.max_column + 1):
        other = sheet.cell(cell.row, column)
        if other.value is not None or other.border.left.style or other.border.right.style:
            break
        wide += _room(sheet, other)[0]
    return wide


def _room(sheet: Any, cell: Any) -> tuple[float, float]:
    """Width and height in points of a cell with what is merged into it."""
    from openpyxl.utils import get_column_letter

    area = _area(sheet, cell)
    columns = range(cell.column, (area.max_col if area else cell.column) + 1)
    rows = range(cell.row, (area.max_row if area else cell.row) + 1)
    usual = sheet.sheet_format.defaultColWidth or 8.43
    wide = sum(
        (sheet.column_dimensions[get_column_letter(one)].width or usual) * _POINTS_PER_LETTER
        for one in columns
    )
    usual = sheet.sheet_format.defaultRowHeight or 15
    return wide, sum(sheet.row_dimensions[one].height or usual for one in rows)


def _image(picture: Picture, cell: Any, left: float, room: tuple[float, float]) -> Any:
    from openpyxl.drawing.image import Image
    from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
    from openpyxl.drawing.xdr import XDRPositiveSize2D

    from app.services.documents import pictures

    across, down = pictures.size(picture)
    wide, high = room[0] - 2 * _PADDING, room[1] - 2 * _PADDING
    scale = min(wide / across, high / down)
    width, height = across * scale, down * scale
    made = Image(io.BytesIO(pictures.jpeg(picture, width, height)))
    at = AnchorMarker(
        col=cell.column - 1, row=cell.row - 1,
        colOff=round((left + (room[0] - width) / 2) * _EMU_PER_POINT),
        rowOff=round((room[1] - height) / 2 * _EMU_PER_POINT),
    )  # fmt: skip
    extent = XDRPositiveSize2D(round(width * _EMU_PER_POINT), round(height * _EMU_PER_POINT))
    made.anchor = OneCellAnchor(_from=at, ext=extent)
    return made
