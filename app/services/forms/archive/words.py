"""Wording that several forms of a box share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.documents.tree import Cell, Column, Row, Table

if TYPE_CHECKING:
    from datetime import date

    from app.services.box_view import BoxRow, BoxView
    from app.services.documents.tree import PageSetup, TextStyle


def box_title(box: BoxView) -> str:
    """What a file of this box calls itself, e.g. ``李晓红名师工作坊 第1盒``."""
    name = box.title_lines[0] if box.title_lines else box.fonds_name or "档案盒"
    return f"{name} 第{box.number}盒"


def pieces(box: BoxView) -> int:
    """Number of pieces that lie in the box; what is only referred to is not counted."""
    return sum(1 for row in box.rows if not row.refers_to)


def remark(row: BoxRow) -> str:
    """Remark of a directory row, with the place it refers to in front."""
    refers = row.refers_to
    if refers and not refers.startswith("见"):
        refers = f"见{refers}"
    return "；".join(part for part in (refers, row.remark) if part)


def folios(row: BoxRow) -> str:
    """First and last folio, e.g. ``3-5``; empty where they have not been numbered."""
    if row.folio_start <= 0:
        return ""
    if row.folio_end <= row.folio_start:
        return str(row.folio_start)
    return f"{row.folio_start}-{row.folio_end}"


def long_date(day: date | None) -> str:
    """``2026年6月30日``, or nothing to be filled in by hand."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def identity(box: BoxView, of: int, page: PageSetup, style: TextStyle) -> Table:
    """What tells the box apart, above a form: whose it is, its period and its number."""
    width = page.width - page.left - page.right
    owner = [line for line in box.title_lines if line != box.period]
    return Table(
        (Column(width * 0.7, "left"), Column(width * 0.3, "right")),
        (
            Row((Cell("　".join(owner), colspan=2),)),
            Row((box.period, f"第 {box.number} 盒，共 {of} 盒")),
        ),
        style=style, padding_x=0.3, padding_y=0.4, outer=0,
    )  # fmt: skip
