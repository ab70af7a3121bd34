"""备考表: the sheet behind the materials that says in what state they are, and who answers for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path  # noqa: TC003

from app.services.box_view import BoxView  # noqa: TC001
from app.services.documents.tree import (
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
from app.services.forms.measures import STRICT, load
from app.services.forms.archive.words import box_title, identity, long_date, pieces, remark


@dataclass(frozen=True, slots=True)
class ReferenceSheetMeasures:
    """resources/forms/reference_sheet.toml."""

    __pydantic_config__ = STRICT

    title: str
    condition_height: float
    header_height: float
    sign_height: float
    label_width: float
    outer: float
    inner: float
    title_style: TextStyle
    head_style: TextStyle
    header_style: TextStyle
    condition_style: TextStyle
    label_style: TextStyle
    value_style: TextStyle
    page: PageSetup


def reference_sheet(box: BoxView, of: int = 1, *, folder: Path | None = None) -> Document:
    """The reference sheet of one box."""
    return Document(f"{box_title(box)} 备考表", (reference_sheet_section(box, of, folder),))


def reference_sheet_section(box: BoxView, of: int, folder: Path | None) -> Section:
    """The reference sheet as part of a larger document."""
    form = load("reference_sheet", ReferenceSheetMeasures, folder)
    width = form.page.width - form.page.left - form.page.right
    value = width / 2 - form.label_width
    columns = (Column(form.label_width), Column(value)) * 2
    condition = "\n".join(
        f"　　{line}" for line in (box.condition or _usual(box)).split("\n") if line.strip()
    )
    body = Table(
        columns,
        (
            Row((Cell("盒内文件情况说明", form.header_style, colspan=4),), form.header_height),
            Row(
                (Cell(condition, form.condition_style, "left", "top", colspan=4),),
                form.condition_height,
                name="盒内文件情况说明",
            ),
            _signed(form, "整理", box.arranged_by, long_date(box.arranged_on)),
            _signed(form, "检查", box.checked_by, long_date(box.checked_on)),
        ),
        style=form.value_style, padding_x=2.5, padding_y=2.5, outer=form.outer, inner=form.inner,
    )  # fmt: skip
    title = Paragraph(form.title, form.title_style, "center", after=2)
    head = (title, identity(box, of, form.page, form.head_style), Spacer(1.5))
    return Section(form.title, form.page, (body,), head)


def _signed(form: ReferenceSheetMeasures, what: str, who: str, when: str) -> Row:
    label = form.label_style
    return Row((Cell(f"{what}人", label), who, Cell(f"{what}日期", label), when), form.sign_height)


def _usual(box: BoxView) -> str:
    """What the sheet says where nobody has typed anything."""
    referred = [row for row in box.rows if row.refers_to]
    lines = [f"本盒共 {pieces(box)} 件、{box.pages} 页。"]
    if referred:
        lines.append("目录中下列各号只作参见，原件不在该处重放，不另计件数和页数：")
        lines += [f"第 {row.seq} 号 {row.title}（{remark(row)}）" for row in referred]
    return "\n".join(lines)
