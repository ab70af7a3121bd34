"""The front of a book as a document: what the window shows before the book is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.book import sheets
from app.services.book.measures import BookMeasures, measures
from app.services.book.pieces import Contents
from app.services.documents.tree import Cell, Column, Document, Paragraph, Row, Section, Table
from app.services.forms.values.box import remark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.box_view import BoxRow, BoxView
    from app.services.forms.form import Sheet

_COLUMNS = ("序号", "材料名称", "责任者", "日期", "备注")


def outlook(given: Sequence[Sheet]) -> Document:
    """Cover and directory, without the page numbers that only the finished book knows."""
    boxes = tuple(sheet.view for sheet in given)
    of = int(str(given[0].values["盒数"]))
    form, first = measures(), boxes[0]
    name = first.title_lines[0] if first.title_lines else first.fonds_name
    return Document(f"{name} {form.title}", front(Contents(boxes, (), of), form), first.fonds_name)


def front(contents: Contents, form: BookMeasures) -> tuple[Section, ...]:
    """Cover and directory."""
    cover = sheets.cover(contents, form)
    title = Paragraph(form.directory.title, form.directory.title_style, "center", after=3)
    return (
        Section("封面", form.page, cover),
        Section("目录", form.page, (title, directory(contents.boxes, form)), foot="目录 {page}"),
    )


def directory(boxes: Sequence[BoxView], form: BookMeasures) -> Table:
    """All pieces under their items, without page numbers."""
    at = form.directory
    columns = {column.name: column for column in at.columns}
    wanted = [columns[name] for name in _COLUMNS]
    page = form.page
    left = page.width - page.left - page.right - sum(column.width for column in wanted)
    header = Row(
        tuple(Cell(one.name, at.header_style, "center") for one in wanted), at.header_height
    )
    rows: list[Row] = []
    item = ("", "", 0)
    for box in boxes:
        for row in box.rows:
            here = (row.assessment_no, row.assessment_name, box.number)
            if here != item:
                words = "　".join(part for part in here[:2] if part)
                cell = Cell(words, at.group_style, "left", colspan=len(wanted))
                rows.append(Row((cell,), at.row_height, keep_next=True, name=words, heads=True))
            item = here
            rows.append(Row(_cells(row, form), at.row_height, name=row.title))
    return Table(
        tuple(Column(column.width or left, column.align) for column in wanted), tuple(rows),
        (header,), at.cell_style, outer=at.outer, inner=at.inner,
    )  # fmt: skip


def _cells(row: BoxRow, form: BookMeasures) -> tuple[str, ...]:
    return (str(row.seq), row.title, row.author, form.day(row.date), remark(row))
