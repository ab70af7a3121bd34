"""Commands about archive boxes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.opening import open_archive
from app.cli.output import DONE, FINDINGS, tell

if TYPE_CHECKING:
    import argparse

    from app.cli.parser import Commands


def add(commands: Commands) -> None:
    """Add the commands of this room."""
    box = commands.add("box", _box, "排盒，或列出档案盒")
    box.add_argument("what", choices=["plan", "list"])
    box.add_argument("--year", type=int, metavar="Y", help="学年开始的年份")


def _box(options: argparse.Namespace) -> int:
    with open_archive(options) as services:
        adopted = services.adoptions.current(options.year)
        act = services.boxes.plan if options.what == "plan" else services.boxes.report
        report = act(adopted.id)
    boxes = [
        {
            "id": box.id,
            "number": box.number,
            "title_lines": box.title_lines,
            "thickness_mm": box.thickness_mm,
            "spine_mm": box.spine_mm,
            "items": [
                {
                    "seq": row.seq,
                    "title": row.title,
                    "author": row.author,
                    "date": row.date,
                    "pages": row.pages,
                    "folio_start": row.folio_start,
                    "folio_end": row.folio_end,
                    "assessment_item": row.assessment_no,
                    "refers_to": row.refers_to,
                }
                for row in box.rows
            ],
        }
        for box in report.boxes
    ]
    lines = [
        f"第 {box.number} 盒\t{len(box.rows)} 件\t{box.pages} 页\t厚 {box.thickness_mm:g} 毫米"
        f"\t盒脊 {box.spine_mm:g} 毫米"
        for box in report.boxes
    ]
    lines += [f"待改\t{finding.title}\t{finding.text}" for finding in report.findings]
    tell(options, {"boxes": boxes, "findings": report.findings}, lines)
    open_points = [finding for finding in report.findings if finding.severity != "note"]
    return FINDINGS if open_points and options.what == "plan" else DONE
