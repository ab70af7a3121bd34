"""Rows of a sheet for a table: columns from its fields, pages from the database."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from typing_extensions import override

from app.services.entry.listing import Query, Row
from app.ui.framework.tables import Column, FilterKind, Order, PagedTableModel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.services.entry.fields import Field
    from app.services.entry.service import Entries, SheetView

_CELL_LETTERS = 200
_FIGURES = ("int", "number")
_FILTERS: dict[str, FilterKind] = {
    "int": "figure",
    "number": "figure",
    "date": "day",
    "partial-date": "day",
    "time": "day",
    "bool": "yes",
}


class RecordSource:
    """What one query finds, in the order that the table asks for."""

    def __init__(self, entries: Entries, query: Query) -> None:
        self._entries = entries
        self.query = query

    def ordered(self, order: Order | None) -> Query:
        """The query with the table's order; without one the sheet's own holds."""
        if order is None:
            return self.query
        return replace(self.query, order=order.all)

    def count(self) -> int:
        """How many rows there are."""
        return self._entries.count(self.query)

    def fetch(self, offset: int, limit: int, order: Order | None) -> Sequence[Row]:
        """Rows from ``offset`` on."""
        return self._entries.page(self.ordered(order), offset, limit)

    def place(self, row_id: str, order: Order | None) -> int | None:
        """Row number of a record wherever it stands; walks the whole list, so for single ones."""
        return self._entries.position(self.ordered(order), row_id)


class RecordModel(PagedTableModel[Row]):
    """The table's rows; finds a single record again however far it went."""

    def __init__(self, sheet: SheetView) -> None:
        self.records: RecordSource | None = None
        super().__init__(columns(sheet), lambda row: row.id)

    def show(self, records: RecordSource) -> None:
        """Show what another query finds."""
        self.records = records
        self.set_source(records)

    @override
    def find(self, near: Mapping[str, int]) -> dict[str, int]:
        found = super().find(near)
        if not found and len(near) == 1 and self.records is not None:
            row_id = next(iter(near))
            number = self.records.place(row_id, self.order)
            return {} if number is None else {row_id: number}
        return found


def columns(sheet: SheetView) -> list[Column[Row]]:
    """A column for each field of a sheet, in its order."""
    return [_column(field, sheet) for field in sheet.fields]


def _column(field: Field, sheet: SheetView) -> Column[Row]:
    name = field.name
    return Column(
        name,
        field.label,
        lambda row: row.values[name],
        text=lambda row: _one_line(row.texts[name]),
        sort_key=name,
        align_right=field.kind in _FIGURES,
        width=field.width,
        hidden=field.hidden,
        tooltip=lambda row: row.texts[name],
        filter=_filter(field),
        choices=tuple(words for _value, words in sheet.choices.get(name, ())),
    )


def _filter(field: Field) -> FilterKind:
    """What the menu of the column asks for."""
    if field.only:
        return ""
    if field.vocabulary:
        return "choice"
    return _FILTERS.get(field.kind, "text")


def _one_line(text: str) -> str:
    """The beginning of a text as it fits a cell."""
    return " ".join(text[:_CELL_LETTERS].split())
