"""备考表: the sheet behind the materials that says in what state they are, and who answers for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.services.documents.tree import (
    Cell,
    Column,
    Paragraph,
    Row,
    Section,
    Spacer,
    Table,
    TextStyle,
)
from app.services.forms.archive.listing import Headed, head_lines
from app.services.forms.archive.titles import titled
from app.services.forms.form import text
from app.services.forms.measures import STRICT, load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.documents.tree import Block, Document
    from app.services.forms.form import Build, Options, Sheet, Values


@dataclass(frozen=True, slots=True)
class Signed:
    """A label, and the value that stands beside it."""

    __pydantic_config__ = STRICT

    label: str
    field: str


@dataclass(frozen=True, slots=True)
class ReferenceSheetMeasures(Headed):
    """reference_sheet.toml and volume_reference.toml."""

    __pydantic_config__ = STRICT

    condition: str
    """Heading of the large field."""
    condition_height: float
    header_height: float
    sign_height: float
    label_width: float
    outer: float
    inner: float
    header_style: TextStyle
    condition_style: TextStyle
    label_style: TextStyle
    value_style: TextStyle
    signed: list[list[Signed]]
    """Rows of one or two signatures."""


def reference_form(name: str) -> Build:
    """A form of that measure file, a sheet for each box."""

    def build(sheets: Sequence[Sheet], _options: Options) -> Document:
        sections = tuple(reference_section(name, one.values) for one in sheets)
        return titled(sheets, sections[0].title, sections)

    return build


def reference_section(name: str, values: Values) -> Section:
    """The reference sheet as part of a larger document."""
    form = load(name, ReferenceSheetMeasures)
    width = form.page.width - form.page.left - form.page.right
    columns = (Column(form.label_width), Column(width / 2 - form.label_width)) * 2
    said = text(values, "盒内文件情况说明")
    condition = "\n".join(f"　　{line}" for line in said.split("\n") if line.strip())
    body = Table(
        columns,
        (
            Row((Cell(form.condition, form.header_style, colspan=4),), form.header_height),
            Row(
                (Cell(condition, form.condition_style, "left", "top", colspan=4),),
                form.condition_height,
                name=form.condition,
            ),
            *(_signed(form, row, values) for row in form.signed),
        ),
        style=form.value_style, padding_x=2.5, padding_y=2.5, outer=form.outer, inner=form.inner,
    )  # fmt: skip
    title = Paragraph(form.title, form.title_style, "center", after=2)
    head: tuple[Block, ...] = (title, *head_lines(name, form, values), Spacer(1.5))
    return Section(form.title, form.page, (body,), head)


def _signed(form: ReferenceSheetMeasures, row: Sequence[Signed], values: Values) -> Row:
    cells: list[Cell | str] = []
    for one in row:
        cells += [Cell(one.label, form.label_style), Cell(text(values, one.field))]
    if len(row) == 1:
        cells[-1] = Cell(text(values, row[0].field), colspan=3)
    return Row(tuple(cells), form.sign_height)
