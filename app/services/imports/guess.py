"""Which kind of table a spreadsheet is, so that nobody has to be asked."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from app.errors import ValidationError
from app.services.imports.kinds import KINDS, load_kind
from app.services.imports.table import choose_sheet

if TYPE_CHECKING:
    from app.services.imports.reading import Book

_PREFERRED = 1.5


def keep_sheets(book: Book) -> Book:
    """The same book, each of whose sheets is read once however often it is asked for."""
    return replace(book, read=cache(book.read))


def guess_kind(book: Book, preferred: str) -> str:
    """The kind whose headers the book has most of; in doubt the preferred one."""
    return max(KINDS, key=lambda key: _fitness(book, key, preferred))


def _fitness(book: Book, key: str, preferred: str) -> tuple[bool, float]:
    try:
        header = choose_sheet(book, load_kind(key)).header
    except ValidationError:  # nothing in it
        return False, float(key == preferred)
    known = sum(how == "header" for how in header.how.values())
    return not header.problem, known + _PREFERRED * (key == preferred)
