"""Blocks of cells as spreadsheets put them on the clipboard: tabs and lines, quoted where needed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_QUOTED = re.compile(r'"((?:[^"]|"")*)"(?=[\t\n]|$)')
_PLAIN = re.compile(r"[^\t\n]*")


def cells_of(text: str) -> list[list[str]]:
    """Cells of a copied block, line by line.

    Excel and WPS quote a cell only when a tab, a line break or a quotation mark is inside; quotation
    marks that somebody typed round a word stay.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    rows: list[list[str]] = [[]]
    place = 0
    while True:
        quoted = _QUOTED.match(text, place) if text.startswith('"', place) else None
        inside = quoted.group(1) if quoted else ""
        if quoted and ("\n" in inside or "\t" in inside or '""' in inside):
            rows[-1].append(inside.replace('""', '"'))
            place = quoted.end()
        else:
            plain = _PLAIN.match(text, place)
            rows[-1].append(plain.group() if plain else "")
            place = plain.end() if plain else place
        if place >= len(text):
            return rows
        if text[place] == "\n":
            rows.append([])
        place += 1


def text_of(rows: Iterable[Sequence[str]]) -> str:
    """A block as spreadsheets take it."""
    return "\n".join("\t".join(map(_cell, row)) for row in rows)


def _cell(text: str) -> str:
    if "\t" in text or "\n" in text:
        return '"' + text.replace('"', '""') + '"'
    return text
