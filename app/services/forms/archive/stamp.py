"""归档章: six cells of 15 × 8 mm on the head of a piece's first page (formats.md 1.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.services.documents.tree import Frame, Line, PageSetup, TextBox, TextStyle
from app.services.forms.archive.grid import Grid, grid_section
from app.services.forms.archive.spine import CutMarks  # noqa: TC001 -- read at run time
from app.services.forms.archive.titles import titled
from app.services.forms.form import flag, lines, text
from app.services.forms.measures import STRICT, load

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.services.documents.tree import Document, Placed
    from app.services.forms.form import Options, Sheet, Values


@dataclass(frozen=True, slots=True)
class StampMeasures:
    """stamp.toml."""

    __pydantic_config__ = STRICT

    title: str
    width: float
    height: float
    color: str
    weight: float
    inner_weight: float
    cells: list[list[str]]
    """Names of the values in each row of cells."""
    style: TextStyle
    margin: float
    gap: float
    marks: CutMarks
    page: PageSetup


def stamp(sheets: Sequence[Sheet], options: Options) -> Document:
    """Stamps of all pieces, to be cut out and pasted on; empty ones where ``filled`` is not set."""
    form = load("stamp", StampMeasures)
    pieces = [
        (one.values, line) for one in sheets for line in lines(one.values, "材料")
        if not text(line, "参见")
    ]  # fmt: skip
    grid = Grid(form.page, form.width, form.height, (form.gap, form.gap), margin=form.margin)
    places = grid.places(len(pieces))
    blocks = [
        [block for (box, line), (x, y) in zip(pieces[start:], page, strict=False)
         for block in stamp_blocks(x, y, box, line if flag(options, "filled") else None)]
        for start, page in places
    ]  # fmt: skip
    return titled(sheets, form.title, (grid_section(form.title, grid, blocks, form.marks),))


def stamp_blocks(
    x: float, y: float, box: Values, line: Values | None, *, color: str | None = None
) -> Iterator[Placed]:
    """A stamp with its upper left corner at (``x``, ``y``) mm: of a box's ``line``, or empty.

    ``box`` and ``line`` are values of app/services/forms/values/box.py. ``color`` replaces the red.
    """
    form = load("stamp", StampMeasures)
    ink = form.color if color is None else color
    yield Frame(x, y, form.width, form.height, form.weight, ink)
    down = form.height / len(form.cells)
    across = form.width / len(form.cells[0])
    for row in range(1, len(form.cells)):
        level = y + row * down
        yield Line(x, level, x + form.width, level, form.inner_weight, ink)
    for column in range(1, len(form.cells[0])):
        upright = x + column * across
        yield Line(upright, y, upright, y + form.height, form.inner_weight, ink)
    if line is None:
        return
    for row, names in enumerate(form.cells):
        for column, name in enumerate(names):
            said = text(line, name) if name in line else text(box, name)
            if said:
                place = (x + column * across + 0.5, y + row * down + 0.5, across - 1, down - 1)
                yield TextBox(*place, said, form.style)
