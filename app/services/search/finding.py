"""Finds records by what was typed: the newest ones, how many in all, and where the words stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, select

from app.errors import ValidationError
from app.models import Record, SearchBody, SearchEntry
from app.services.search import fulltext
from app.services.search.folding import fold, places

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement, Row, Select
    from sqlalchemy.orm import Session

    from app.services.unit_of_work import UnitOfWork

LONGEST_QUERY = 50
"""Each character costs: a sentence is not what one looks for, a few words of it are."""
SNIPPET_BEFORE, SNIPPET_AFTER = 12, 40
_MANY = 5000
_WINDOW = 4000
"""Characters of a long document that are folded at a time to find the place of a word."""

Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A record found, with the stretch of its text around the first word."""

    kind: str
    id: str
    title: str
    snippet: str
    dated: str
    """Day of the record as ISO text; empty: it has none."""
    title_marks: Ranges
    """Where the words stand in the title: start and length."""
    snippet_marks: Ranges


@dataclass(frozen=True, slots=True)
class Hits:
    """The newest hits, and how many there are in all."""

    total: int
    hits: tuple[Hit, ...]


def words_of(query: str) -> list[str]:
    """The words of what was typed, as they were typed; those of mere punctuation are none."""
    if len(query) > LONGEST_QUERY:
        raise ValidationError(
            f"查找的内容太长（{len(query)} 个字）。",
            f"请只写其中最关键的几个词，不超过 {LONGEST_QUERY} 个字。",
        )
    return [word for word in query.split() if fold(word)]


def _folded(query: str) -> list[str]:
    return list(dict.fromkeys(map(fold, words_of(query))))


def holding(
    model: type[Record], query: str, session: Session | None = None
) -> ColumnElement[bool] | None:
    """Condition for a list: the record holds every word that was typed; None: nothing was typed.

    With a session it is asked whether many records do: then the list is walked in its order and each
    record is looked up, which is quicker than gathering all of them first.
    """
    found = holding_numbers(model, query)
    if found is None:
        return None
    record, number = SearchEntry.record_id, SearchEntry.rowid_
    some = select(func.count()).select_from(found.limit(_MANY).subquery())
    if session is not None and session.scalar(some) == _MANY:
        # Zero added keeps SQLite from going the other way round.
        return exists().where(record == model.id, (number + 0).in_(found))
    return model.id.in_(select(record).where(number.in_(found)))


def holding_numbers(model: type[Record], query: str) -> Select[tuple[int]] | None:
    """Numbers under which the index has the records of a kind that hold every word that was typed.

    To count them, for which the records themselves are not needed; None: nothing was typed.
    """
    words = _folded(query)
    if not words:
        return None
    return fulltext.matching(words, [[fulltext.scope_token(model.__tablename__)]])


class Search:
    """Looks through everything in an archive."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def find(
        self,
        query: str,
        limit: int = 50,
        *,
        kinds: Collection[str] = (),
        school_id: str | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> Hits:
        """Records that hold every word, newest first, of these kinds, this school and these days.

        Any length from one character; letters also find names by pinyin and initials. Raises
        ValidationError for a query that nobody types.
        """
        words = _folded(query)
        if not words:
            return Hits(0, ())
        scopes = [list(kinds)] if kinds else []
        scopes += [[school_id]] if school_id else []
        tokens = [[fulltext.scope_token(word) for word in scope] for scope in scopes]
        found = fulltext.matching(words, tokens, since, until)
        with self._uow.read() as session:
            row = found.selected_columns[0]
            newest: Sequence[Any] = session.scalars(
                found.order_by(row.desc()).limit(limit + 1)
            ).all()
            total = len(newest)
            if total > limit:  # those are counted already, and found no second time
                older = found.where(row < newest[-1]).subquery()
                total += session.scalar(select(func.count()).select_from(older)) or 0
            rows = session.execute(_shown(newest[:limit])).all()
        return Hits(total, tuple(_hit(row, words) for row in rows))


def _shown(numbers: Sequence[int]) -> Select[*tuple[Any, ...]]:
    entry, body = SearchEntry, SearchBody
    return (
        select(entry.kind, entry.record_id, entry.dated, body.title, body.body)
        .join(body, body.rowid_ == entry.rowid_)
        .where(entry.rowid_.in_(numbers))
        .order_by(entry.rowid_.desc())
    )


def _hit(row: Row[Any], words: Sequence[str]) -> Hit:
    shown = snippet(row.body, words)
    return Hit(
        kind=row.kind,
        id=row.record_id,
        title=row.title,
        snippet=shown,
        dated=row.dated,
        title_marks=places(row.title, words),
        snippet_marks=places(shown, words),
    )


def snippet(body: str, words: Sequence[str]) -> str:
    """The stretch of text around the first place of a (folded) word; else its beginning."""
    place, length = next((found for word in words if (found := _place(body, word))), (0, 0))
    start = max(place - SNIPPET_BEFORE, 0)
    end = max(place + length, start + SNIPPET_BEFORE) + SNIPPET_AFTER
    shown = re.sub(r"\s+", " ", body[start:end]).strip()
    return f"{'…' if start else ''}{shown}{'…' if end < len(body) else ''}"


def _place(body: str, word: str) -> tuple[int, int] | None:
    """Where the word stands first; as it was typed if it is there, which is found at once."""
    exact = body.find(word)
    if exact >= 0:
        return exact, len(word)
    for start in range(0, len(body), _WINDOW):
        stretch = body[start : start + _WINDOW + len(word)]
        if word in fold(stretch):
            at, length = places(stretch, [word])[0]
            return start + at, length
    return None
