"""自评报告 on paper and as a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.standing.figures import shown
from app.services.standing.report import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path
    from typing import Any

    from app.services.documents.tree import Align, Block, Document, Row, Table
    from app.services.standing.report import ReportGroup, SelfReport

_COLUMNS: tuple[tuple[str, int, Align], ...] = (
    ("编号", 12, "center"), ("考核项目", 30, "left"), ("满分", 12, "center"),
    ("得分", 12, "center"), ("得分怎样来的", 37, "left"), ("佐证材料", 62, "left"),
)  # fmt: skip
"""Titles of the table and widths in millimetres: together the width of the text on A4."""


_PROOF_SHOWN = 6
"""So many titles stand in a cell, for a row is not split; the directory of the box has them all."""


def document(report: SelfReport, *, advice: bool = True) -> Document:
    """The report as it is printed; ``advice`` adds where points can still be won."""
    from app.services.documents.tree import (
        Document,
        Heading,
        PageSetup,
        Paragraph,
        Section,
        SignatureLine,
        Spacer,
        TextStyle,
    )

    title = f"{report.subject}自评报告"
    small = TextStyle("hei", 12)
    blocks: list[Block] = [
        Paragraph(title, TextStyle("title", 20), "center", after=3),
        Paragraph(f"{report.scheme}　{report.period}", TextStyle("song", 12), "center", after=4),
    ]
    if report.community != report.subject:
        blocks.append(Paragraph(f"共同体：{report.community}", TextStyle("song", 11), after=2))
    blocks += [_main_table(report), Spacer(3), Paragraph(report.total, small)]
    if report.lost:
        blocks.append(Paragraph(f"失分 {shown(report.lost)} 分", TextStyle("song", 11)))
    if report.lacking:
        blocks.append(Heading("还缺的事实", small, before=4, after=2))
        blocks.append(_list(report.lacking))
    if advice and report.advice:
        blocks.append(Heading("还能补回的分", small, before=4, after=2))
        rows = [(one.words, f"每补一份约 +{shown(one.gain)} 分") for one in report.advice]
        blocks.append(_pairs(("怎样补", "能补回"), (115, 50), rows))
    if report.ignored:
        blocks.append(Heading("已忽略的问题及理由", small, before=4, after=2))
        rows = [(one.words, f"{one.reason}（{one.on}）") for one in report.ignored]
        blocks.append(_pairs(("问题", "理由"), (90, 75), rows))
    blocks.append(Spacer(8))
    blocks += [
        SignatureLine("负责人（签字、盖章）：", width=50),
        SignatureLine("填表人：", width=50),
        SignatureLine("日期：", value=str(report.made_on), width=50),
    ]
    section = Section("自评报告", PageSetup(), tuple(blocks), foot="第 {page} 页　共 {pages} 页")
    return Document(title, (section,))


def _main_table(report: SelfReport) -> Table:
    from app.services.documents.tree import Cell, Column, Row, Table, TextStyle

    head = TextStyle("hei", 10.5)
    columns = tuple(Column(width, align) for _, width, align in _COLUMNS)
    rows = [row for group in report.groups for row in _group_rows(group)]
    total = Cell("总分", head, "center", colspan=2)
    most = "不限" if report.highest is None else shown(report.highest)
    said = f"{MISSING} {len(report.lacking)} 项事实，只是已知部分" if report.lacking else ""
    cells = (total, Cell(most, head), Cell(shown(report.points), head), Cell(said, colspan=2))
    rows.append(Row(cells, 8, name="总分"))
    header = Row(tuple(Cell(name, head, "center") for name, _width, _align in _COLUMNS), 8)
    return Table(columns, tuple(rows), (header,), TextStyle("song", 10))


def _group_rows(group: ReportGroup) -> Iterator[Row]:
    from app.services.documents.tree import Cell, Row, TextStyle

    style = TextStyle("hei", 10)
    name = f"{group.no}　{group.name}"
    most = "不限" if group.highest is None else shown(group.highest)
    cells = (
        Cell(name, style, "left", colspan=2), Cell(most, style),
        Cell(shown(group.points), style), Cell("", colspan=2),
    )  # fmt: skip
    yield Row(cells, 7, keep_next=True, name=name, heads=True)
    for item in group.items:
        points = item.points
        yield Row(
            (
                points.no, points.name, "不限" if points.highest is None else shown(points.highest),
                MISSING if points.points is None else shown(points.points), item.how,
                _numbered(item.proof, _PROOF_SHOWN) or "—",
            ),
            7, name=f"{points.no} {points.name}",
        )  # fmt: skip


def _numbered(titles: tuple[str, ...], most: int | None = None) -> str:
    """A line for each, of more than ``most`` their number; the numbers tell where a long title ends."""
    if len(titles) < 2:
        return "".join(titles)
    shown_ = titles[:most]
    lines = [f"{number}．{title}" for number, title in enumerate(shown_, 1)]
    if len(shown_) < len(titles):
        lines.append(f"等 {len(titles)} 份，见材料目录")
    return "\n".join(lines)


def _pairs(
    titles: tuple[str, str], widths: tuple[float, float], rows: list[tuple[str, str]]
) -> Table:
    from app.services.documents.tree import Cell, Column, Row, Table, TextStyle

    header = Row(tuple(Cell(one, TextStyle("hei", 10), "center") for one in titles), 7)
    columns = tuple(Column(width, "left") for width in widths)
    return Table(columns, tuple(Row(row, 7) for row in rows), (header,), TextStyle("song", 10))


def _list(lines: tuple[str, ...]) -> Table:
    from app.services.documents.tree import Column, Row, Table, TextStyle

    rows = tuple(Row((str(n), line), 7) for n, line in enumerate(lines, 1))
    return Table((Column(14), Column(151, "left")), rows, style=TextStyle("song", 10))


def write_excel(
    report: SelfReport, target: Path, created: datetime | None = None, *, advice: bool = True
) -> None:
    """Write the report to a new .xlsx: the table, then a sheet for each of the lists."""
    from app.services.reports.excel import write_sheets

    def rows() -> Iterator[tuple[Any, ...]]:
        for group in report.groups:
            yield (group.no, group.name, group.highest, group.points, "", "")
            for item in group.items:
                points = item.points
                got = MISSING if points.points is None else points.points
                yield (points.no, f"　{points.name}", points.highest, got, item.how,
                       _numbered(item.proof))  # fmt: skip
        yield ("", "总分", report.highest, report.points, report.total, "")

    widths = tuple((title, wide * 5) for title, wide, _align in _COLUMNS)
    sheets = [("自评表", widths, list(rows()))]
    if report.lacking:
        sheets.append(("还缺的事实", (("事实", 500),), [(one,) for one in report.lacking]))
    if advice and report.advice:
        heads = (("怎样补", 420), ("每补一份约得分", 120), ("还可补几份", 100))
        sheets.append(
            ("还能补回的分", heads, [(one.words, one.gain, one.pieces) for one in report.advice])
        )
    if report.ignored:
        heads = (("问题", 420), ("理由", 320), ("忽略的日期", 100))
        sheets.append(
            ("已忽略的问题", heads, [(one.words, one.reason, one.on) for one in report.ignored])
        )
    title = f"{report.subject}自评报告　{report.scheme}　{report.period}"
    write_sheets(target, title, sheets, created)
