"""Counts behind the views of a list: worked out beside the window, after the list is on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from app.ui.framework.jobs import Job

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.progress import Progress
    from app.services.entry.listing import Query
    from app.services.entry.service import Entries
    from app.ui.framework.jobs import JobRunner
    from app.ui.records.layout import RecordBar

_PAUSE_MS = 300


class Counting(QObject):
    """One count at a time; what was asked for meanwhile is counted afterwards."""

    def __init__(self, owner: QWidget, jobs: JobRunner, entries: Entries, bar: RecordBar) -> None:
        super().__init__(owner)
        self._owner = owner
        self._jobs = jobs
        self._entries = entries
        self._bar = bar
        self._query: Query | None = None
        self._busy = False
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._count)

    def start(self, query: Query) -> None:
        """Count the views under these words and filters, soon."""
        self._query = query
        self._pause.start()

    @Slot()
    def _count(self) -> None:
        query = self._query
        if query is None or self._busy or not self._owner.isVisible():
            return
        self._query, self._busy = None, True

        def work(_progress: Progress) -> dict[str, int]:
            return self._entries.view_counts(query)

        def done(counts: dict[str, int]) -> None:
            self._busy = False
            self._bar.chips.set_counts(counts)
            self._bar.fit()
            if self._query is not None:
                self._pause.start()

        def failed(_error: Exception) -> None:
            self._busy = False  # the list itself says what is wrong

        self._jobs.start(Job("统计", work, done, failed, owner=self, database=False, quiet=True))
