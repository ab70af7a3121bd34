"""The table of results as a workbook and on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.services.standing.result_table import (
    grade_words,
    rank_words,
    reached_words,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from app.services.documents.tree import Block, Document
    from app.services.schemes.assessment import Grade
    from app.services.standing.result_table import ResultRow, ResultTable

_WIDE, _NARROW = 200, 100


def _titles(table: ResultTable) -> list[tuple[str, int]]:
    titles = [(table.name, _WIDE)]
    titles += [(one.name, _NARROW) for one in table.scores]
    for one in table.grades:
        if _within(one):
            titles.append((f"{one.name}排名范围", _NARROW))
        titles += [(f"{one.name}名次", _NARROW), (one.name, _NARROW)]
    return [*titles, *((one.name, _NARROW) for one in table.recognitions), ("还缺什么", 320)]


def _within(grade: Grade) -> bool:
    """Whether it is ranked within communities or groups."""
    return getattr(grade.rule, "within", "all") != "all"


def _cells(table: ResultTable, row: ResultRow) -> Iterator[Any]:
    yield row.subject.name
    lacking: dict[str, None] = {}
    for score in table.scores:
        result = row.results.get(score.key)
        if result is not None and result.points is not None:
            yield result.points
        else:
            yield "缺" if result is not None else ""
        lacking |= dict.fromkeys(result.lacking if result else ())
    for grade in table.grades:
        given = row.grades.get(grade.key, ())
        if _within(grade):
            yield "、".join(one.within for one in given)
        rank = rank_words(given)
        yield int(rank) if rank.isdecimal() else rank
        yield grade_words(given)
        lacking |= dict.fromkeys(fact for one in given for fact in one.lacking)
    for each in table.recognitions:
        yield reached_words(row.recognised.get(each.key))
    yield "；".join(lacking)


def write_excel(tables: Sequence[ResultTable], title: str, target: Path) -> None:
    """Write the tables to a new .xlsx, a sheet for each kind of subject."""
    from app.services.reports.excel import write_sheets

    sheets = [
        (f"{one.name}成绩", _titles(one), [list(_cells(one, row)) for row in one.rows])
        for one in tables
    ]
    write_sheets(target, title, sheets)


def document(tables: Sequence[ResultTable], title: str) -> Document:
    """The tables on A4 across, each under its heading."""
    from app.services.documents.tree import (
        Cell,
        Column,
        Document,
        Heading,
        PageSetup,
        Paragraph,
        Row,
        Section,
        SignatureLine,
        Spacer,
        Table,
        TextStyle,
    )

    page = PageSetup(width=297, height=210, left=20, right=20, top=20)
    blocks: list[Block] = [Paragraph(title, TextStyle("title", 18), "center", after=4)]
    for table in tables:
        titles = [name for name, _ in _titles(table)]
        first, last = 50, 67
        each = (page.width - page.left - page.right - first - last) / max(len(titles) - 2, 1)
        columns = (Column(first, "left"), *(Column(each) for _ in titles[2:]), Column(last, "left"))
        header = Row(tuple(Cell(one, TextStyle("hei", 10)) for one in titles), 8)
        rows = tuple(
            Row(tuple(map(_text, _cells(table, row))), 7, name=row.subject.name)
            for row in table.rows
        )
        blocks.append(Heading(f"{table.name}成绩", TextStyle("hei", 12), after=2, before=4))
        blocks.append(Table(columns, rows, (header,), TextStyle("song", 10)))
    blocks += [Spacer(6), SignatureLine("考核单位（盖章）：", width=60), SignatureLine("日期：")]
    return Document(
        title, (Section("成绩", page, tuple(blocks), foot="第 {page} 页　共 {pages} 页"),)
    )


def _text(value: Any) -> str:
    from app.services.standing.figures import shown

    return shown(value) if hasattr(value, "quantize") else str(value)
