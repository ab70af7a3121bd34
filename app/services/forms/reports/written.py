"""Reports of a year or a term: sections of figures in words, tables and typed parts, told by a file.

What a report says, in which order and under which headings, is in resources/forms/<report>.toml;
a sentence is left out where its figures are empty or nought, a heading where nothing stands below.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.services.documents.tree import Align  # noqa: TC001 -- read at run time by pydantic
from app.services.forms.form import lines, text
from app.services.forms.measures import STRICT, load
from app.services.forms.reports.official import Letter, Shown, measures, signed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.documents.tree import Document
    from app.services.forms.form import Options, Part, Sheet, Values
    from app.services.forms.reading import Reading

_FIELD = re.compile(r"\{(.+?)\}")
_NOTHING = ("", "0")


@dataclass(frozen=True, slots=True)
class Listed:
    """Part of a sentence that names the lines of a list: 其中集中研讨3次、送教下乡2次."""

    __pydantic_config__ = STRICT

    list: str
    line: str
    before: str = ""
    between: str = "、"


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: the field it shows, its share of the width, how it is aligned, its heading."""

    __pydantic_config__ = STRICT

    field: str
    share: float
    align: Align = "center"
    title: str = ""


@dataclass(frozen=True, slots=True)
class TableOf:
    """A table of the lines of a list."""

    __pydantic_config__ = STRICT

    list: str
    columns: tuple[TableColumn, ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A section: heading, paragraphs (each of pieces), what was typed, a table, sections below."""

    __pydantic_config__ = STRICT

    head: str = ""
    say: tuple[tuple[str | Listed, ...], ...] = ()
    typed: str = ""
    """Name of the typed part."""
    table: TableOf | None = None
    sections: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Annex:
    """附件: its title and its table."""

    __pydantic_config__ = STRICT

    title: str
    table: TableOf


@dataclass(frozen=True, slots=True)
class Written:
    """A report, of resources/forms."""

    __pydantic_config__ = STRICT

    title: str
    sections: tuple[Passage, ...]
    to: str = ""
    """主送; empty: none unless one is chosen."""
    begin: tuple[tuple[str | Listed, ...], ...] = ()
    """Paragraphs before the first heading."""
    close: str = ""
    """Last words of the body, e.g. 特此报告。"""
    annexes: tuple[Annex, ...] = ()


def report(name: str, sheet: Sheet, options: Options) -> Document:
    """The report of that name about the values of a sheet."""
    own, values = load(name, Written), sheet.values
    letter = Letter(measures(options))
    title = filled(own.title, values)
    letter.title(title)
    letter.address(options.get("to") or own.to)
    letter.say(*(_paragraph(one, values) for one in own.begin))
    for section in own.sections:
        _passage(letter, section, values, 1)
    letter.say(own.close)
    annexes = [one for one in own.annexes if lines(values, one.table.list)]
    letter.annexes([filled(one.title, values).replace("|", "") for one in annexes])
    signed(letter, values, options)
    for number, annex in enumerate(annexes, 1):
        letter.annex(number, filled(annex.title, values), of=len(annexes))
        _table(letter, annex.table, values)
    return letter.document(title, text(values, "署名"))


def _passage(letter: Letter, passage: Passage, values: Values, level: int) -> None:
    if not _says(passage, values):
        return
    if passage.head:
        letter.head(level, filled(passage.head, values))
    letter.say(*(_paragraph(one, values) for one in passage.say))
    letter.typed(text(values, passage.typed))
    if passage.table:
        _table(letter, passage.table, values)
    for below in passage.sections:
        _passage(letter, below, values, level + 1)


def _says(passage: Passage, values: Values) -> bool:
    """Whether anything stands below the heading."""
    return bool(
        any(_paragraph(one, values) for one in passage.say)
        or text(values, passage.typed).strip()
        or (passage.table and lines(values, passage.table.list))
        or any(_says(one, values) for one in passage.sections)
    )


def _table(letter: Letter, table: TableOf, values: Values) -> None:
    columns = [Shown(one.field, one.share, one.align, one.title) for one in table.columns]
    letter.table(columns, lines(values, table.list), filled(table.caption, values))


def filled(pattern: str, values: Values) -> str:
    """A text with the values of the fields that it names in braces."""
    return _FIELD.sub(lambda found: text(values, found[1]), pattern)


def _paragraph(pieces: Sequence[str | Listed], values: Values) -> str:
    """The pieces that have something to say, as one sentence."""
    said = [one for piece in pieces if (one := _piece(piece, values))]
    joined = "，".join(said)
    return joined if not joined or joined.endswith(("。", "；", "：")) else f"{joined}。"


def _piece(piece: str | Listed, values: Values) -> str:
    if isinstance(piece, Listed):
        said = [filled(piece.line, line) for line in lines(values, piece.list)]
        return f"{piece.before}{piece.between.join(said)}" if said else ""
    named = _FIELD.findall(piece)
    return "" if any(text(values, one) in _NOTHING for one in named) else filled(piece, values)


def unwritten(parts: Sequence[Part], reading: Reading, ids: Sequence[str]) -> tuple[str, ...]:
    """What is not typed yet and will not be in the report: told before it is printed."""
    from app.services.forms import texts
    from app.services.forms.catalogue import form

    own = form(reading.form)
    notes: list[str] = []
    with reading.uow.read() as session:
        found = {id_: texts.texts(session, own, reading.adoption.id, id_) for id_ in ids}
    for typed in found.values():
        for part in parts:
            one = typed[part.key]
            if one.carried_from and one.text:
                notes.append(
                    f"“{part.name}”还没有写，可沿用{one.carried_from}的文字，看过保存后再印"
                )
            elif not one.text.strip():
                notes.append(f"“{part.name}”还没有写，报告里没有这一部分")
    return tuple(dict.fromkeys(notes))
