"""The built-in views of a list as chips with their counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget

from app.ui.framework.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class ViewChips(QWidget):
    """One chip a view; exactly one is chosen."""

    picked = Signal(str)

    def __init__(self, views: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        group = QButtonGroup(self)
        self._words = dict(views)
        self.chips: dict[str, QToolButton] = {}
        for view, words in views:
            chip = QToolButton()
            chip.setText(words)
            chip.setCheckable(True)
            set_role(chip, "plain")
            chip.clicked.connect(self._on_clicked)
            group.addButton(chip)
            row.addWidget(chip)
            self.chips[view] = chip
        self.choose("all")

    def set_counts(self, counts: Mapping[str, int]) -> None:
        """Write how many records are behind each view."""
        for view, chip in self.chips.items():
            chip.setText(f"{self._words[view]} {counts[view]}")

    def choose(self, view: str) -> None:
        """Mark a view as chosen; tells nobody."""
        self.chips[view].setChecked(True)

    @Slot()
    def _on_clicked(self) -> None:
        clicked = self.sender()
        self.picked.emit(next(view for view, chip in self.chips.items() if chip is clicked))
