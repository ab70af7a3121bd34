"""Lists of what lies in a box: directories, registers, indexes, each told by its measure file.

The columns say which value of a line they show, so that a locality's own directory is another file.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from app.errors import ValidationError
from app.services.documents.tree import (
    Align,
    Cell,
    Column,
    PageSetup,
    Paragraph,
    Row,
    Section,
    Spacer,
    Table,
    TextStyle,
)
from app.services.forms.archive.titles import titled
from app.services.forms.form import flag, lines, text
from app.services.forms.measures import STRICT, ColumnMeasure, filled, load

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.services.documents.tree import Block, Document
    from app.services.forms.form import Build, Options, Sheet, Values

_NARROWEST = 15
"""Least width in mm of the column that takes what the others leave."""
_FIGURES = {"序号", "件数", "页数"}
"""Values that Excel can add up."""
_POINTS = 72 / 25.4


@dataclass(frozen=True, slots=True)
class HeadPart:
    """Words of the head line, and the share of the width that they have."""

    __pydantic_config__ = STRICT

    text: str
    share: float
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Headed:
    """A form with its title and, below it, what tells the box apart."""

    __pydantic_config__ = STRICT

    title: str
    title_style: TextStyle
    head: list[list[HeadPart]]
    head_style: TextStyle
    page: PageSetup


@dataclass(frozen=True, slots=True)
class ListMeasures(Headed):
    """A measure file of this kind (directory.toml, register.toml …)."""

    __pydantic_config__ = STRICT

    columns: dict[str, ColumnMeasure]
    row_height: float
    header_height: float
    header_style: TextStyle
    cell_style: TextStyle
    title_height: float = 0
    """Exact height of the title's line; 0: as the type asks."""
    title_gap: float = 2
    head_height: float = 0
    head_gap: float = 1.5
    outer: float = 1.0
    inner: float = 0.5
    usual: list[str] = field(default_factory=list)
    """Columns where the scheme names none; empty: all."""
    source: str = "材料"
    """The list whose lines become rows."""
    group: str = ""
    """Rows are headed wherever this value changes; empty: they are not."""
    group_height: float = 8.5
    group_style: TextStyle | None = None
    closing: str = ""
    """Words of the last row, over all columns."""
    rows_per_page: int = 0
    """So many rows are ruled on every page, the last one included; 0: as many as are written on."""
    foot: str = "第 {page} 页　共 {pages} 页"


def list_form(name: str, *, scheme_columns: bool = False) -> Build:
    """A form of that measure file; ``scheme_columns``: the scheme says which columns it has."""

    def build(sheets: Sequence[Sheet], options: Options) -> Document:
        if options.get("whole"):
            sheets = (_together(sheets),)
        sections = tuple(list_section(name, one, options, scheme_columns) for one in sheets)
        return titled(sheets, sections[0].title, sections)

    return build


def index_form(name: str) -> Build:
    """A list with a line for each box."""

    def build(sheets: Sequence[Sheet], options: Options) -> Document:
        first = dict(sheets[0].values)
        form = load(name, ListMeasures)
        pieces = sum(one.view.pieces for one in sheets)
        first |= {form.source: [one.values for one in sheets], "件数": str(pieces)}
        return titled(
            sheets, form.title, (_section(name, form, first, tuple(form.columns), options),)
        )

    return build


def list_section(
    name: str, sheet: Sheet, options: Options, scheme_columns: bool = False
) -> Section:
    """The list of one box as part of a larger document."""
    form = load(name, ListMeasures)
    keys = tuple(form.usual) or tuple(form.columns)
    if scheme_columns and sheet.view is not None:
        keys = sheet.view.directory_columns
    unknown = [key for key in keys if key not in form.columns]
    if unknown:
        raise ValidationError(
            f"{form.title}没有名为 {unknown[0]} 的栏目。",
            f"可用的栏目：{'、'.join(form.columns)}。请改正方案里目录的栏目。",
        )
    return _section(name, form, sheet.values, keys, options)


def head_lines(name: str, form: Headed, values: Values, height: float = 0) -> Iterator[Table]:
    """What tells the box apart, a line for each of ``head``."""
    width = form.page.width - form.page.left - form.page.right
    for parts in form.head:
        cells = tuple(
            Cell(_said(name, "head", part.text, values), valign="bottom") for part in parts
        )
        yield Table(
            tuple(Column(width * part.share, part.align) for part in parts),
            (Row(cells, height),),
            style=form.head_style,
            padding_x=0.3, padding_y=0.3, outer=0,
        )  # fmt: skip


def _together(sheets: Sequence[Sheet]) -> Sheet:
    """All boxes as one list, to be bound for the year."""
    first, last = sheets[0].values, sheets[-1].values
    numbers = dict.fromkeys((text(first, "盒号"), text(last, "盒号")))
    rows = [row for one in sheets for row in lines(one.values, "材料")]
    values = dict(first) | {"盒号": "—".join(numbers), "材料": rows}
    return replace(sheets[0], values=values)


def _section(
    name: str, form: ListMeasures, values: Values, keys: Sequence[str], options: Options
) -> Section:
    rows = [*_rows(form, values, keys)]
    if form.closing:
        if rows:  # the closing line never stands alone on a page
            rows[-1] = replace(rows[-1], keep_next=True)
        closing = _said(name, "closing", form.closing, values)
        rows.append(Row((Cell(closing, align="left", colspan=len(keys)),), form.row_height))
    measures = [form.columns[key] for key in keys]
    if form.rows_per_page and flag(options, "fill"):
        rows += _blank(form, measures, rows)
    header = Row(
        tuple(Cell(one.name, form.header_style, "center") for one in measures), form.header_height
    )
    table = Table(
        _columns(form, measures), tuple(rows), (header,), form.cell_style,
        outer=form.outer, inner=form.inner,
    )  # fmt: skip
    return Section(form.title, form.page, (table,), _head(name, form, values), form.foot)


def _rows(form: ListMeasures, values: Values, keys: Sequence[str]) -> Iterator[Row]:
    fields = [form.columns[key].field for key in keys]
    group = ""
    for line in lines(values, form.source):
        if form.group and text(line, form.group) != group:
            group = text(line, form.group)
            cell = Cell(group, form.group_style, "left", colspan=len(keys))
            yield Row((cell,), form.group_height, keep_next=True, name=group, heads=True)
        named = f"第 {text(line, '序号')} 号 {text(line, '材料名称')}"
        yield Row(tuple(text(line, one) for one in fields), form.row_height, name=named)


def _head(name: str, form: ListMeasures, values: Values) -> tuple[Block, ...]:
    """The title, and below it what tells the box apart."""
    style = form.title_style
    if form.title_height:
        style = replace(style, leading=form.title_height * _POINTS / style.size)
    title = Paragraph(form.title, style, "center", after=form.title_gap)
    below = head_lines(name, form, values, form.head_height)
    gap = (Spacer(form.head_gap),) if form.head_gap else ()
    return (title, *below, *gap)


def _said(name: str, key: str, pattern: str, values: Values) -> str:
    words = {field: value for field, value in values.items() if isinstance(value, str)}
    return filled(name, key, pattern, **words)


def _columns(form: ListMeasures, measures: Sequence[ColumnMeasure]) -> tuple[Column, ...]:
    """Columns of the table; the one without a width takes what the others leave."""
    left = form.page.width - form.page.left - form.page.right - sum(m.width for m in measures)
    if left < -0.01 or (left < _NARROWEST and not all(m.width for m in measures)):
        raise ValidationError(
            f"{form.title}的各栏太宽，纸上放不下。", "请在表单尺寸文件里改小列宽或页边距。"
        )
    return tuple(
        Column(measure.width or left, measure.align, measure.field in _FIGURES)
        for measure in measures
    )


def _blank(form: ListMeasures, measures: Sequence[ColumnMeasure], rows: Sequence[Row]) -> list[Row]:
    """Empty rows to the end of the last page.

    None where a long text makes a row higher than ruled, nor in a template, whose rows are not yet known.
    """
    style = form.cell_style
    for row in rows:
        for cell, measure in zip(row.cells, measures, strict=True):
            said = cell if isinstance(cell, str) else cell.text
            across = sum(1 if ord(char) > 0xFF else 0.6 for char in said) * style.size / _POINTS
            down = max(1, -(-across // (measure.width - 4))) * style.size * style.leading / _POINTS
            if down > form.row_height - 2 or "{{" in said:
                return []
    missing = -len(rows) % form.rows_per_page or (0 if rows else form.rows_per_page)
    return [Row(("",) * len(measures), form.row_height)] * missing
