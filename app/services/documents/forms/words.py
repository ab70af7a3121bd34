"""Wording that several forms of a box share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from app.services.box_view import BoxRow, BoxView


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
