"""A blank Word form: where something is to be written, and the writing of placeholders there."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from app.services.templates.grid import Grid, Slot
from app.services.templates.recognition import in_grid, in_line
from app.services.templates.word_file import (
    W,
    cells_of,
    lines_of,
    rows_of,
    said_in,
    set_text,
    stories,
    text_of,
    texts_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.templates.fields import Fields
    from app.services.templates.recognition import Found


def proposals(document: Any, fields: Fields) -> list[Found]:
    """Every place of the file that could be filled, in the order in which it is read."""
    found: list[tuple[tuple[int, int], Found]] = []
    order = 0
    done: set[str] = set()
    for story in stories(document):
        taken: set[Any] = set()
        for line in lines_of(story):
            order += 1
            table = next(line.element.iterancestors(W + "tbl"), None)
            if table is not None and table not in taken:
                taken.add(table)
                name = line.place.split(" ", 1)[0]
                for number, one in enumerate(in_grid(_grid(table, name), fields)):
                    found.append(((order, number), one))
                    done |= {one.place, one.beside}
            if not line.copy and line.place not in done:
                gaps = list(
                    in_line(text_of(line.element), line.place, fields, _writer(line.element))
                )
                for number, one in enumerate(reversed(gaps)):
                    found.append(((order, number), one))
    return [one for _order, one in found]


def _grid(table: Any, name: str) -> Grid:
    slots: list[Slot] = []
    open_above: dict[int, int] = {}
    for row, line in enumerate(rows_of(table)):
        column = _skipped(line)
        for across, cell in enumerate(cells_of(line), 1):
            span = cell.find(f"{W}tcPr/{W}gridSpan")
            wide = int(span.get(W + "val")) if span is not None else 1
            merged = cell.find(f"{W}tcPr/{W}vMerge")
            if merged is not None and merged.get(W + "val") != "restart" and column in open_above:
                at = open_above[column]
                slots[at] = _taller(slots[at])
            else:
                open_above.pop(column, None)
                if merged is not None:
                    open_above[column] = len(slots)
                place = f"{name} 第{row + 1}行第{across}列"
                said = said_in(cell)
                blank_line = _spare_line(cell)
                below = _cell_writer(cell, blank_line) if blank_line is not None or said else None
                slots.append(
                    Slot(row, column, 1, wide, said, place, _cell_writer(cell, None), below)
                )
            column += wide
    return Grid(slots)


def _skipped(row: Any) -> int:
    before = row.find(f"{W}trPr/{W}gridBefore")
    return int(before.get(W + "val")) if before is not None else 0


def _taller(slot: Slot) -> Slot:
    return Slot(
        slot.row, slot.column, slot.rows + 1, slot.columns, slot.text, slot.place, slot.put,
        slot.put_below,
    )  # fmt: skip


def _spare_line(cell: Any) -> Any:
    """An empty paragraph at the end of a cell that says something."""
    paragraphs = cell.findall(W + "p")
    spare = [one for one in paragraphs[1:] if not text_of(one).strip()]
    return spare[0] if spare else None


def _cell_writer(cell: Any, line: Any) -> Callable[[str], None]:
    def put(content: str) -> None:
        paragraphs = cell.findall(W + "p")
        said = said_in(cell)
        target = line
        if target is None and said.strip() and not _gaps_only(said):  # a new line below the words
            target = copy.deepcopy(paragraphs[-1])
            for run in list(target.iter(W + "r")):
                run.getparent().remove(run)
            paragraphs[-1].addnext(target)
        elif target is None:
            target = paragraphs[0]
        _replace(target, 0, len(text_of(target)), content)

    return put


def _gaps_only(text: str) -> bool:
    return Slot(0, 0, 1, 1, text, "", print).blank or text.strip().isdigit()


def _writer(paragraph: Any) -> Callable[[int, int, str], None]:
    return lambda begin, end, content: _replace(paragraph, begin, end, content)


def _replace(paragraph: Any, begin: int, end: int, content: str) -> None:
    """Put content in place of some characters, in the type of the first of them."""
    nodes = texts_of(paragraph)
    if not nodes:
        _new_run(paragraph, content)
        return
    at, written = 0, False
    for node in nodes:
        text = node.text or ""
        start, stop = at, at + len(text)
        at = stop
        last = node is nodes[-1]
        if (
            stop < begin
            or (start >= end and written)
            or (stop == begin and begin < end and not last)
        ):
            continue
        keep, rest = text[: max(0, begin - start)], text[max(0, end - start) :]
        if written:
            set_text(node, rest)
        elif start <= begin:
            set_text(node, keep + content + rest)
            written = True


def _new_run(paragraph: Any, content: str) -> None:
    run = paragraph.makeelement(W + "r")
    marks = paragraph.find(f"{W}pPr/{W}rPr")
    if marks is None:
        marks = _type_beside(paragraph)
    if marks is not None:
        run.append(copy.deepcopy(marks))
    words = paragraph.makeelement(W + "t")
    set_text(words, content)
    run.append(words)
    paragraph.append(run)


def _type_beside(paragraph: Any) -> Any:
    """The type of the nearest words in the table, without their weight."""
    row = next(paragraph.iterancestors(W + "tr"), None)
    found = next(row.iter(W + "rPr"), None) if row is not None else None
    if found is None:
        return None
    marks = copy.deepcopy(found)
    for bold in marks.findall(W + "b") + marks.findall(W + "bCs"):
        marks.remove(bold)
    return marks
