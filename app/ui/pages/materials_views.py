"""The row of built-in views: one chip each, with how many pieces it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget

from app.services.evidence.catalogue import VIEWS, View
from app.ui.framework.theme import set_role
from app.ui.pages.materials_columns import VIEW_WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping


class ViewChips(QWidget):
    """Exactly one view is chosen."""

    picked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        group = QButtonGroup(self)
        self.chips: dict[View, QToolButton] = {}
        for view in VIEWS:
            chip = QToolButton()
            chip.setText(VIEW_WORDS[view])
            chip.setCheckable(True)
            chip.setChecked(view == "all")
            set_role(chip, "plain")
            chip.clicked.connect(self._on_clicked)
            group.addButton(chip)
            row.addWidget(chip)
            self.chips[view] = chip

    def set_counts(self, counts: Mapping[View, int]) -> None:
        """Write how many pieces there are behind each view."""
        for view, chip in self.chips.items():
            chip.setText(f"{VIEW_WORDS[view]} {counts[view]}")

    def choose(self, view: View) -> None:
        """Mark a view as chosen; tells nobody."""
        self.chips[view].setChecked(True)

    @Slot()
    def _on_clicked(self) -> None:
        clicked = self.sender()
        self.picked.emit(next(view for view, chip in self.chips.items() if chip is clicked))
