"""The full-text table: SQLite's FTS5 with one token per character.

Phrases of single characters find any Chinese text of one character and more, as ``instr`` would
(measured in design/facts.md). Beside the characters stand tokens of more letters that no text can
hold: spellings of names, and the scope of a record (its kind, its schools).

A row's number begins with its day, so that the table is sorted by date: "the newest 50" and "since
September" are read off it without looking at any other. Another database puts its own side here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Integer, Select, column, func, select, table, values

from app.models import SearchEntry
from app.models.base import table_of
from app.services.search.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

_INDEX = table("search_index", column("rowid"), column("search_index"))
_DAY = 1 << 20
"""Row numbers of one day; those without a date have the numbers of day 0."""
_SPELLING, _SCOPE = "§", "¤"
"""First letter of the tokens that are no text: folding leaves neither in a text or a query."""


def first_row(day: date | None) -> int:
    """Smallest row number of a day."""
    return (day.toordinal() if day else 0) * _DAY


def free_rows(session: Session, days: Iterable[date | None]) -> dict[date | None, int]:
    """The next free row number of each of these days."""
    firsts = {day: first_row(day) for day in days}
    number = table_of(SearchEntry).c.rowid_
    rows = [(first,) for first in firsts.values()]
    wanted = values(column("first", Integer), name="wanted").data(rows).cte()
    last = (
        select(func.max(number))
        .where(number >= wanted.c.first, number < wanted.c.first + _DAY)
        .scalar_subquery()
    )
    taken = {
        row.first: row.last for row in session.execute(select(wanted.c.first, last.label("last")))
    }
    return {
        day: first if taken[first] is None else taken[first] + 1 for day, first in firsts.items()
    }


def spelling_token(letters: str) -> str:
    """Token by which a name is found when its beginning is typed in letters."""
    return _SPELLING + letters


def scope_token(word: str) -> str:
    """Token of a kind of record, or of a school's id."""
    return _SCOPE + word.replace("-", "").replace("_", "")


def tokens(value: str, keys: str = "") -> str:
    """Tokens of a text and of its keys, separated by blanks."""
    return f"{' '.join(fold(value))} {keys}"


def add(session: Session, rows: Sequence[tuple[int, str]]) -> None:
    """Put token texts into the index under their row numbers; best in ascending order."""
    if rows:
        session.connection().exec_driver_sql(
            "INSERT INTO search_index(rowid, text) VALUES (?, ?)", [*rows]
        )


def remove(session: Session, rows: Sequence[tuple[int, str]]) -> None:
    """Take token texts out again; a contentless table must be told what they were."""
    if rows:
        session.connection().exec_driver_sql(
            "INSERT INTO search_index(search_index, rowid, text) VALUES ('delete', ?, ?)", [*rows]
        )


def matching(
    words: Iterable[str],
    scopes: Iterable[Iterable[str]] = (),
    since: date | None = None,
    until: date | None = None,
) -> Select[tuple[int]]:
    """Row numbers of the texts that hold every word (folded), with one token of each scope."""
    terms = [_term(word) for word in words]
    terms += ["(" + " OR ".join(f'"{token}"' for token in scope) + ")" for scope in scopes]
    number = _INDEX.c.rowid
    found = select(number).where(_INDEX.c.search_index.op("MATCH")(" AND ".join(terms)))
    if since is not None:
        found = found.where(number >= first_row(since))
    if until is not None:
        found = found.where(number >= _DAY, number < first_row(until) + _DAY)
    return found


def _term(word: str) -> str:
    phrase = f'"{" ".join(word)}"'
    typed = word.isascii() and word.isalpha()
    return f'({phrase} OR "{spelling_token(word)}" *)' if typed else phrase
