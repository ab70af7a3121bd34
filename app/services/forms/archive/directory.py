"""The two directories: the material directory in the order of the assessment table, and DA/T 22's."""

from __future__ import annotations

from collections.abc import Callable, Iterator  # noqa: TC003
from dataclasses import dataclass
from pathlib import Path  # noqa: TC003

from app.errors import ValidationError
from app.services.box_view import BoxRow, BoxView  # noqa: TC001
from app.services.documents.tree import (
    Align,
    Block,
    Cell,
    Column,
    Document,
    PageSetup,
    Paragraph,
    Row,
    Section,
    Spacer,
    Table,
    TextStyle,
)
from app.services.forms.measures import STRICT, ColumnMeasure, filled, load
from app.services.forms.archive.words import box_title, folios, identity, pieces, remark

REGISTER_COLUMNS = (
    "seq", "archival_code", "doc_no", "author", "title", "date", "secrecy", "pages", "remark",
)  # fmt: skip
"""The nine columns of DA/T 22-2015 5.5 in their order."""

_NARROWEST = 15
"""Least width in mm of the column that takes what the others leave."""


@dataclass(frozen=True, slots=True)
class _ListMeasures:
    __pydantic_config__ = STRICT

    title: str
    row_height: float
    header_height: float
    outer: float
    inner: float
    title_style: TextStyle
    head_style: TextStyle
    header_style: TextStyle
    cell_style: TextStyle
    page: PageSetup
    columns: dict[str, ColumnMeasure]


@dataclass(frozen=True, slots=True)
class DirectoryMeasures(_ListMeasures):
    """resources/forms/directory.toml."""

    __pydantic_config__ = STRICT

    date: str
    group_height: float
    group_style: TextStyle


@dataclass(frozen=True, slots=True)
class RegisterMeasures(_ListMeasures):
    """resources/forms/register.toml."""

    __pydantic_config__ = STRICT


def directory(box: BoxView, of: int = 1, *, folder: Path | None = None) -> Document:
    """材料目录: what lies in the box, under the items of the assessment table."""
    return Document(f"{box_title(box)} 材料目录", (directory_section(box, of, folder),))


def directory_section(box: BoxView, of: int, folder: Path | None) -> Section:
    """The material directory as part of a larger document."""
    form = load("directory", DirectoryMeasures, folder)
    keys = box.directory_columns
    texts = _texts(form.date)
    _require_columns(form, keys)
    rows = [*_grouped(box, form, [texts[key] for key in keys])]
    if rows:  # the closing line never stands alone on a page
        rows[-1] = Row(rows[-1].cells, rows[-1].min_height, keep_next=True, name=rows[-1].name)
    closing = f"本盒共 {pieces(box)} 件、{box.pages} 页。"
    rows.append(Row((Cell(closing, align="left", colspan=len(keys)),), form.row_height))
    head = (
        Paragraph(form.title, form.title_style, "center", after=2),
        identity(box, of, form.page, form.head_style),
        Spacer(1.5),
    )
    return _section(form, keys, rows, head)


def register(box: BoxView, of: int = 1, *, folder: Path | None = None) -> Document:
    """归档文件目录 of DA/T 22-2015: nine columns on A4 landscape."""
    return Document(f"{box_title(box)} 归档文件目录", (register_section(box, folder),))


def register_section(box: BoxView, folder: Path | None) -> Section:
    """The register as part of a larger document."""
    form = load("register", RegisterMeasures, folder)
    texts = _texts("{year}{month:02}{day:02}")
    texts["pages"] = lambda row: "" if row.refers_to or row.pages <= 0 else str(row.pages)
    write = [texts[key] for key in REGISTER_COLUMNS]
    rows = [
        Row(tuple(text(row) for text in write), form.row_height, name=_name(row))
        for row in box.rows
    ]
    fonds = "　".join(part for part in (box.fonds_code, box.fonds_name) if part)
    facts: list[tuple[str, float, Align]] = [
        (f"全宗：{fonds}", 0.36, "left"),
        (f"年度：{box.year}", 0.14, "center"),
        (f"保管期限：{box.retention}", 0.17, "center"),
        (f"机构（问题）：{box.section}", 0.21, "center"),
        (f"盒号：{box.number}", 0.12, "right"),
    ]
    head = (
        Paragraph(form.title, form.title_style, "center", after=2),
        _head_line(form, facts),
        Spacer(1.5),
    )
    return _section(form, REGISTER_COLUMNS, rows, head)


def _section(
    form: _ListMeasures, keys: tuple[str, ...], rows: list[Row], head: tuple[Block, ...]
) -> Section:
    header = Row(
        tuple(Cell(form.columns[key].name, form.header_style, "center") for key in keys),
        form.header_height,
    )
    table = Table(
        _columns(form, keys), tuple(rows), (header,), form.cell_style,
        outer=form.outer, inner=form.inner,
    )  # fmt: skip
    return Section(form.title, form.page, (table,), head, "第 {page} 页　共 {pages} 页")


def _columns(form: _ListMeasures, keys: tuple[str, ...]) -> tuple[Column, ...]:
    """Columns of the table; the one without a width takes what the others leave."""
    measures = [form.columns[key] for key in keys]
    left = form.page.width - form.page.left - form.page.right - sum(m.width for m in measures)
    if left < 0 or (left < _NARROWEST and not all(m.width for m in measures)):
        raise ValidationError(
            f"{form.title}的各栏太宽，纸上放不下。", "请在表单尺寸文件里改小列宽或页边距。"
        )
    return tuple(Column(measure.width or left, measure.align) for measure in measures)


def _require_columns(form: _ListMeasures, keys: tuple[str, ...]) -> None:
    unknown = [key for key in keys if key not in form.columns]
    if unknown:
        raise ValidationError(
            f"{form.title}没有名为 {unknown[0]} 的栏目。",
            f"可用的栏目：{'、'.join(form.columns)}。请改正方案里目录的栏目。",
        )


def _head_line(form: _ListMeasures, parts: list[tuple[str, float, Align]]) -> Table:
    """What identifies the box, on one line above the table: text, share of the width, alignment."""
    width = form.page.width - form.page.left - form.page.right
    columns = tuple(Column(width * share, align) for _, share, align in parts)
    cells = tuple(Cell(text, valign="bottom") for text, _, _ in parts)
    return Table(
        columns, (Row(cells),), style=form.head_style, padding_x=0.3, padding_y=0.3, outer=0
    )


def _grouped(
    box: BoxView, form: DirectoryMeasures, texts: list[Callable[[BoxRow], str]]
) -> Iterator[Row]:
    """Rows of the box, with a heading wherever another assessment item begins."""
    item: tuple[str, str] = ("", "")
    for row in box.rows:
        if (row.assessment_no, row.assessment_name) != item:
            item = (row.assessment_no, row.assessment_name)
            heading = "　".join(part for part in item if part)
            cell = Cell(heading, form.group_style, "left", colspan=len(texts))
            yield Row((cell,), form.group_height, keep_next=True, name=heading, heads=True)
        yield Row(tuple(text(row) for text in texts), form.row_height, name=_name(row))


def _texts(date_form: str) -> dict[str, Callable[[BoxRow], str]]:
    """How each column is written."""

    def day(row: BoxRow) -> str:
        date = row.date
        if not date:
            return ""
        values = {"year": date.year, "month": date.month, "day": date.day}
        return filled("directory", "date", date_form, **values)

    return {
        "seq": lambda row: str(row.seq),
        "title": lambda row: row.title,
        "author": lambda row: row.author,
        "date": day,
        "folios": folios,
        "pages": lambda row: str(row.pages) if row.pages > 0 else "",
        "remark": remark,
        "doc_no": lambda row: row.doc_no,
        "archival_code": lambda row: row.archival_code,
        "secrecy": lambda row: row.secrecy,
    }


def _name(row: BoxRow) -> str:
    return f"第 {row.seq} 号 {row.title}"
