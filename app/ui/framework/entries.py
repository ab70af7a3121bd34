"""Records of a sheet as rows of a table: where they come from, and columns from the declaration."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from app.ui.framework.tables import Column, FilterKind, Order

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PySide6.QtGui import QIcon

    from app.services.entry.fields import Field
    from app.services.entry.listing import Query, Row
    from app.services.entry.service import Entries, SheetView
    from app.ui.framework.theme import Theme

_LONG = 200
_NO = "—"
_FILTERS: dict[str, FilterKind] = {
    "date": "day", "partial-date": "day", "int": "figure", "number": "figure", "time": "figure",
    "bool": "yes", "choice": "choice", "suggest": "choice", "words": "choice",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into a cell, and how it is shown (of a picked record its name)."""

    raw: str
    shown: str


class EntrySource:
    """The records that a query finds, in the order that the table asks for."""

    def __init__(self, entries: Entries, query: Query) -> None:
        self._entries = entries
        self.query = query

    def ordered(self, order: Order | None) -> Query:
        """The query with the table's order; without one it is as the sheet says."""
        return replace(self.query, order=order.all) if order else self.query

    def count(self) -> int:
        """How many records there are."""
        return self._entries.count(self.query)

    def fetch(self, offset: int, limit: int, order: Order | None) -> Sequence[Row]:
        """Records from ``offset`` on."""
        return self._entries.page(self.ordered(order), offset, limit)

    def position(self, row_id: str, order: Order | None) -> int | None:
        """Row number of a record."""
        return self._entries.position(self.ordered(order), row_id)

    def positions(self, row_ids: Iterable[str], order: Order | None) -> dict[str, int]:
        """Row numbers of records, all at once."""
        wanted = set(row_ids)
        listed = enumerate(self._entries.ids(self.ordered(order)))
        return {row_id: number for number, row_id in listed if row_id in wanted}


def columns_of(sheet: SheetView, theme: Theme) -> list[Column[Row]]:
    """Columns as the sheet declares them."""
    return [_column(one, sheet, theme) for one in sheet.fields]


def _column(one: Field, sheet: SheetView, theme: Theme) -> Column[Row]:
    def ticked(row: Row) -> QIcon | None:
        return theme.icon("check", "accent") if row.values[one.name] else None

    return Column(
        one.name,
        one.label,
        partial(_value, one.name),
        text=partial(_written, one),
        sort_key=None if one.kind == "long" else one.name,
        align_right=one.kind in ("int", "number"),
        width=one.width,
        icon=ticked if one.kind == "bool" else None,
        hidden=one.hidden,
        filter="" if one.only else _FILTERS.get(one.kind, "text"),
        choices=tuple(words for _key, words in sheet.choices.get(one.name, ())),
    )


def _value(name: str, row: Row) -> object:
    return row.values[name]


def _written(one: Field, row: Row) -> str:
    if one.kind == "bool":
        return "是" if row.values[one.name] else _NO
    text = row.texts[one.name]
    return " ".join(text[:_LONG].split()) if one.kind == "long" else text


def raw_of(one: Field, row: Row) -> str:
    """What would have to be typed to get the value that a record has."""
    value = row.values[one.name]
    if one.kind == "bool":
        return "是" if value else "否"
    if one.kind == "ref" or one.private:
        return "" if value is None else str(value)
    return row.texts[one.name]
