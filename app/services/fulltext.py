"""The full-text table: SQLite's FTS5 with one token per character.

Phrases of single characters find any Chinese text of one character and more, as ``instr`` would
(measured in design/facts.md). Another database puts its own three functions here.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from sqlalchemy import column, select, table, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

_INDEX = table("search_index", column("rowid"), column("search_index"))
_SEPARATORS = re.compile(r"[\W_]+")


class _Tokens(dict[str, str]):
    """Token of a character: its code in hex, so that SQLite's own idea of letters plays no part."""

    def __missing__(self, char: str) -> str:
        token = self[char] = f"{ord(char):x}"
        return token


_TOKENS = _Tokens({"\n": "sep"})


def fold(value: str) -> str:
    """Text as it is compared: width and case forgotten, punctuation reduced to one separator."""
    return _SEPARATORS.sub("\n", unicodedata.normalize("NFKC", value).casefold()).strip("\n")


def tokens(value: str) -> str:
    """Tokens of a text, separated by blanks."""
    return " ".join([_TOKENS[char] for char in fold(value)])


def add(session: Session, rows: Iterable[tuple[int, str]]) -> None:
    """Put texts into the index under their row numbers."""
    values = [{"r": row, "t": tokens(value)} for row, value in rows]
    if values:
        session.execute(text("INSERT INTO search_index(rowid, text) VALUES (:r, :t)"), values)


def remove(session: Session, rows: Iterable[tuple[int, str]]) -> None:
    """Take texts out again; a contentless table must be told what they were."""
    values = [{"r": row, "t": tokens(value)} for row, value in rows]
    if values:
        session.execute(
            text("INSERT INTO search_index(search_index, rowid, text) VALUES ('delete', :r, :t)"),
            values,
        )


def matching(words: Iterable[str]) -> Select[tuple[int]]:
    """Row numbers of the texts that contain every one of the words."""
    query = " AND ".join(f'"{tokens(word)}"' for word in words)
    return select(_INDEX.c.rowid).where(_INDEX.c.search_index.op("MATCH")(query))
