"""Which records are meant: the selected ones, however many, or all that the list shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.entry.listing import Query
    from app.ui.framework.grid import EntryGrid


class Selecting:
    """Ids of records of a list; how to find them may be taken along into a job."""

    def __init__(self, grid: EntryGrid) -> None:
        self._table = grid.view
        self._model = grid.model

    def query(self) -> Query:
        """What the list shows, in its order."""
        return self._model.ordered_query()

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
        query, entries = self.query(), self._model.entries
        return lambda: entries.ids(query)
