"""Garbage is collected on the GUI thread only.

Python collects wherever it happens to be; in a job's thread that would destroy widgets which the
GUI thread is using, and Qt ends the program (PySide is not the only binding with this trap).
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_EVERY_MS = 2000


def settle() -> None:
    """What is loaded by now (modules, their classes) stays to the end: it is looked through no more.

    With all of it a full collection holds the window up for a tenth of a second and longer.
    """
    if not gc.get_freeze_count():
        gc.collect()
        gc.freeze()


class GuiCollector(QObject):
    """Takes collecting over from Python as long as it lives."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._limits = gc.get_threshold()
        timer = QTimer(self, interval=_EVERY_MS)
        timer.timeout.connect(self.collect)
        timer.start()

    @Slot()
    def collect(self) -> None:
        """Collect what Python itself would collect by now: the young often, the old seldom."""
        counts = gc.get_count()
        due = [age for age, limit in enumerate(self._limits) if limit and counts[age] > limit]
        if due:
            gc.collect(max(due))
