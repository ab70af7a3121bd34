"""Lists on paper: a title, a line about what is listed, and one table with its head on every page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.services.documents.tree import (
    Cell,
    Column,
    PageSetup,
    Paragraph,
    Row,
    Section,
    Table,
    TextStyle,
)
from app.services.forms.form import text
from app.services.forms.measures import STRICT, ColumnMeasure

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.services.documents.tree import Block
    from app.services.forms.form import Values

SERIAL = "序号"


@dataclass(frozen=True, slots=True)
class Listing:
    """Measures of a list."""

    __pydantic_config__ = STRICT

    page: PageSetup
    columns: tuple[ColumnMeasure, ...]
    title: str
    row_height: float
    header_height: float
    foot: str
    title_style: TextStyle
    head_style: TextStyle
    header_style: TextStyle
    cell_style: TextStyle
    foot_style: TextStyle
    figures: tuple[str, ...] = ()
    """Columns that Excel can reckon with."""


def section(own: Listing, title: str, about: Sequence[str], lines: Iterable[Values]) -> Section:
    """The list as pages, its lines numbered; ``about`` stands above the table."""
    made = [
        line if text(line, SERIAL) else {**line, SERIAL: str(number)}
        for number, line in enumerate(lines, 1)
    ]
    blocks: list[Block] = [Paragraph(title, own.title_style, "center", after=2)]
    said = "　　".join(one for one in about if one)
    if said:
        blocks.append(Paragraph(said, own.head_style, "left", after=1.5))
    blocks.append(table(own, made))
    return Section(title, own.page, tuple(blocks), foot=own.foot, foot_style=own.foot_style)


def table(own: Listing, lines: Iterable[Values]) -> Table:
    """The table alone."""
    room = own.page.width - own.page.left - own.page.right
    free = sum(1 for one in own.columns if not one.width)
    rest = (room - sum(one.width for one in own.columns)) / free if free else 0
    columns = tuple(
        Column(one.width or rest, one.align, figures=one.name in own.figures) for one in own.columns
    )
    header = Row(
        tuple(Cell(one.name, own.header_style, "center") for one in own.columns),
        own.header_height, keep_next=True,
    )  # fmt: skip
    rows = tuple(
        Row(
            tuple(text(line, one.field or one.name) for one in own.columns), own.row_height,
            name=" ".join(filter(None, (text(line, one.field or one.name) for one in own.columns[:3]))),
        )
        for line in lines
    )  # fmt: skip
    return Table(columns, rows, (header,), own.cell_style)
