"""Which records are meant: the selected ones, however many, or all that the list shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.entry.listing import Query, Row
    from app.services.entry.service import Entries
    from app.ui.framework.table_view import TableView
    from app.ui.records.source import RecordModel


class Selecting:
    """Ids of records of a list; how to find them may be taken along into a job."""

    def __init__(self, entries: Entries, table: TableView[Row], model: RecordModel) -> None:
        self._entries = entries
        self._table = table
        self._model = model

    def query(self) -> Query:
        """What the list shows, in its order."""
        records = self._model.records
        assert records is not None  # noqa: S101 - the list shows something from the beginning
        return records.ordered(self._model.order)

    def count(self) -> int:
        """How many are selected."""
        return len(self.numbers())

    def numbers(self) -> list[int]:
        """Rows that are selected, from ranges: Qt's own list of rows takes seconds when long."""
        numbers: set[int] = set()
        for part in self._table.selectionModel().selection().toList():
            numbers.update(range(part.top(), part.bottom() + 1))
        return sorted(numbers)

    def selected(self) -> Callable[[], list[str]]:
        """How to get the ids of all selected rows; thousands are looked up in the background."""
        numbers, known = self.numbers(), self._table.selected_ids()
        if len(known) == len(numbers):
            return lambda: known
        find = self.found()

        def look_up() -> list[str]:
            ids = find()
            return [ids[n] for n in numbers if n < len(ids)]

        return look_up

    def found(self) -> Callable[[], list[str]]:
        """How to get the ids of everything that the list shows."""
        query = self.query()
        return lambda: self._entries.ids(query)
