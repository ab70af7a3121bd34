"""A built-in form as a template to start from: built with placeholders for values."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from app.services.documents.tree import (
    Cell,
    Paragraph,
    Picture,
    PictureBox,
    QrCode,
    Row,
    Table,
    TextBox,
)
from app.services.forms.form import Sheet
from app.services.templates.fields import Named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.services.documents.tree import Block, Document
    from app.services.forms.form import Field, Form, Subject, Value

_LISTED = re.compile(r"\{\{(\w+)\.(\w+)\}\}")
_DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000"
    "000a49444154789c636800000082008177cd72b60000000049454e44ae426082"
)
"""A picture of one grey point; only its name is looked at."""


def placeholders(subject: Subject) -> Sheet:
    """Values that are placeholders; a list has one line of them."""
    return Sheet({field.name: _value("", field) for field in subject.fields})


def as_template(form: Form, subject: Subject) -> Document:
    """The form's document with placeholders where its values stand."""
    options = {one.key: one.default for one in form.options}
    built = form.build([placeholders(subject)], options)
    sections = tuple(
        replace(one, head=tuple(_worded(one.head)), blocks=tuple(_worded(one.blocks)))
        for one in built.sections
    )
    return replace(built, title=form.name, sections=sections)


def _value(of_list: str, field: Field) -> Value:
    if field.fields:
        return [{one.name: _value(field.name, one) for one in field.fields}]
    content = Named(of_list, field).content
    return Picture(_DOT, 80, 60, name=content) if field.picture else content


def _worded(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Placeholders written out where pictures stand."""
    for block in blocks:
        match block:
            case Picture():
                yield Paragraph(block.name, align="center")
                if block.caption:
                    yield Paragraph(block.caption, block.style, "center")
            case PictureBox():
                room = block.picture
                yield TextBox(block.x, block.y, room.width, room.height, room.name)
            case QrCode():
                pass  # its picture would be cut off by the height of a line; {{二维码}} goes anywhere else
            case Table():
                header = tuple(_row(row) for row in block.header)
                rows = _grouped(tuple(_row(row) for row in block.rows))
                yield replace(block, header=header, rows=rows)
            case _:
                yield block


def _row(row: Row) -> Row:
    return replace(row, cells=tuple(_cell(cell) for cell in row.cells))


def _grouped(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Rows that head a group come again only where another group begins: said with docxtpl's tags."""
    made: list[Row] = []
    for number, row in enumerate(rows):
        found = _LISTED.findall(_said(row)) if row.heads else []
        if not found:
            made.append(row)
            continue
        name, field = found[0]
        before = f"{{%tr for {name} in {name} %}}", f"{{%tr if loop.changed({name}.{field}) %}}"
        inside = _of_list(rows[number + 1 :], name)
        made += [*map(_tag, before), replace(row, heads=False), _tag("{%tr endif %}"), *inside]
        return (*made, _tag("{%tr endfor %}"), *rows[number + 1 + len(inside) :])
    return tuple(made)


def _of_list(rows: tuple[Row, ...], name: str) -> list[Row]:
    """The first rows, as far as they name fields of the list."""
    return list(takewhile(lambda row: name in dict(_LISTED.findall(_said(row))), rows))


def _said(row: Row) -> str:
    return " ".join(cell if isinstance(cell, str) else cell.text for cell in row.cells)


def _tag(text: str) -> Row:
    return Row((text,))


def _cell(cell: Cell | str) -> Cell | str:
    if isinstance(cell, str) or cell.picture is None:
        return cell
    words = (cell.picture.name, cell.picture.caption, cell.text)
    return replace(cell, picture=None, text="\n".join(one for one in words if one))
