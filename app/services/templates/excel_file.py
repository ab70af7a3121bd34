"""An Excel file as a form: its cells with their places in words."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, NamedTuple

from app.errors import ValidationError
from app.services.templates.language import PIECE, half, named_by, straight
from app.services.templates.views import Piece, Problem, Repeat

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.services.templates.fields import Fields

_HEAD_FOOT = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")
_THIRDS = ("left", "center", "right")
_MOST_CELLS = 200_000


class Place(NamedTuple):
    """A cell, or a third of a header or footer, that has words."""

    words: str
    """B3; 工作表“签到表” B3 where there are several sheets."""
    text: str
    cell: Any = None


def open_excel(path: Path) -> Any:
    """The file through openpyxl; raises ValidationError where its inside is broken or far too large."""
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about extensions that it leaves out
            book = openpyxl.load_workbook(path, rich_text=True)
    except Exception as error:  # foreign files break in many ways
        raise ValidationError(
            f"“{path.name}”的内容读不出来。", "请用 Excel 或 WPS 打开后另存一份再试。", str(error)
        ) from error
    if sum(len(sheet._cells) for sheet in book.worksheets) > _MOST_CELLS:  # noqa: SLF001 - counted cheaply
        raise ValidationError(
            f"“{path.name}”的格子太多，不像一份空白表格。", "请删去数据后再添加。"
        )
    return book


def places(sheet: Any) -> Iterator[Place]:
    """Everything of a sheet that says something."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is not None and not _is_formula(cell):
                yield Place(place_of(sheet, cell.coordinate), str(cell.value), cell)
    for line in _HEAD_FOOT:
        for third in _THIRDS:
            said = getattr(getattr(sheet, line), third).text
            if said:
                yield Place(place_of(sheet, "页眉" if "Header" in line else "页脚"), said)


def place_of(sheet: Any, words: str) -> str:
    """A place of a sheet as a reader names it."""
    return words if len(sheet.parent.worksheets) == 1 else f"工作表“{sheet.title}” {words}"


def _is_formula(cell: Any) -> bool:
    return bool(cell.data_type == "f")


def head_and_foot(sheet: Any) -> Iterator[Any]:
    """The parts of a sheet's printed header and footer that say something."""
    for line in _HEAD_FOOT:
        for third in _THIRDS:
            part = getattr(getattr(sheet, line), third)
            if part.text:
                yield part


def all_pieces(book: Any) -> tuple[list[Piece], list[Problem]]:
    """Every placeholder with its place, and brackets that stand alone."""
    pieces: list[Piece] = []
    problems: list[Problem] = []
    for sheet in book.worksheets:
        for place in places(sheet):
            text = straight(place.text)
            found = PIECE.findall(text)
            pieces += [Piece(place.words, one) for one in found]
            lone = half(text)
            if lone:
                said = f"“{text[:30]}”里的 {lone} 没有配对。"
                problems.append(
                    Problem(place.words, said, "字段要写成 {{活动主题}}，写在同一格里。")
                )
            if sum(one.startswith("{% for") for one in found) != text.count("{% endfor"):
                problems.append(Problem(
                    place.words, "Excel 里的 {% for %} 要在同一格里结束。",
                    "要逐行重复，在一行里写 {{签到.姓名}} 就行。",
                ))  # fmt: skip
    return pieces, problems


def listed(cell: Any, fields: Fields) -> list[str]:
    """Lists whose fields stand in a cell."""
    if not isinstance(cell.value, str) and cell.value is None:
        return []
    text = straight(str(cell.value))
    if "{% for" in text:
        return []
    named = (named_by(one, fields) for one in PIECE.findall(text))
    return list(dict.fromkeys(one.list for one in named if one is not None and one.list))


class Pattern(NamedTuple):
    """A row that comes again for each line of a list."""

    row: int
    name: str
    blank: int
    """Blank rows below it, to be used up first."""


def patterns(sheet: Any, fields: Fields) -> tuple[list[Pattern], list[Repeat], list[Problem]]:
    """Rows that repeat, and what else is said about lists."""
    found: list[Pattern] = []
    told: list[Repeat] = []
    wrong: list[Problem] = []
    for row in sheet.iter_rows():
        cells = [cell for cell in row if listed(cell, fields)]
        names = list(dict.fromkeys(name for cell in cells for name in listed(cell, fields)))
        if not names:
            continue
        place = place_of(sheet, f"第{row[0].row}行")
        if _labelled(row, cells):
            told += [Repeat(place, name, "连成一句，写在一格里") for name in names]
        elif len(names) > 1:
            said = f"同一行里有{'、'.join(names)}两个列表，不知道随哪一个重复。"
            wrong.append(Problem(place, said, "请分成两行。"))
        else:
            found.append(Pattern(row[0].row, names[0], _blank_below(sheet, row[0].row)))
            told.append(Repeat(place, names[0], "每条一行"))
    return found, told, wrong


def _labelled(row: Any, cells: list[Any]) -> bool:
    """Whether another cell of the row has words of its own."""
    for cell in row:
        if cell in cells or cell.value is None or _is_formula(cell):
            continue
        words = str(cell.value).strip()
        if words and not PIECE.search(straight(words)) and not words.replace(".", "").isdigit():
            return not _tall(cell)
    return False


def _tall(cell: Any) -> bool:
    """Whether a cell is merged downwards: it labels all rows beside it."""
    return any(
        cell.coordinate in area and area.max_row > area.min_row
        for area in cell.parent.merged_cells.ranges
    )


def _blank_below(sheet: Any, row: int) -> int:
    """Rows below with borders and nothing written but a number: they wait for lines."""
    count = 0
    for below in range(row + 1, sheet.max_row + 1):
        cells = [sheet.cell(below, column) for column in range(1, sheet.max_column + 1)]
        said = [
            str(cell.value) for cell in cells if cell.value is not None and not _is_formula(cell)
        ]
        ruled = any(cell.border.bottom.style or cell.border.top.style for cell in cells)
        formula = any(_is_formula(cell) for cell in cells)
        if not ruled or formula or any(not one.strip().isdigit() for one in said):
            break
        count += 1
    return count
