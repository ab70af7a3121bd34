"""Above a list: its views as chips with their counts, and the conditions that narrow it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget

from app.ui.framework.theme import Theme, set_role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.services.entry.listing import Filter
    from app.services.entry.service import SheetView

_OPS = {"empty": "为空", "filled": "已填写"}
_COMPARED = {"has": "含", "is": "是", "from": "不早于", "to": "不晚于"}
_AMOUNTS = {"from": "不小于", "to": "不大于"}


class ViewChips(QWidget):
    """The built-in views of a list; exactly one is chosen."""

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


class FilterChips(QWidget):
    """The conditions in force, each with a cross that lifts it."""

    lifted = Signal(int)
    """Number of the condition whose cross was pressed."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        self.chips: list[QToolButton] = []
        self.hide()

    def set_filters(self, filters: Sequence[Filter], sheet: SheetView) -> None:
        """Show these conditions."""
        for old in self.chips:
            self._row.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.chips = []
        for one in filters:
            chip = QToolButton()
            set_role(chip, "plain")
            chip.setChecked(True)
            chip.setText(filter_words(one, sheet))
            chip.setIcon(self._theme.icon("x", "text_muted"))
            chip.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            chip.setToolTip("去掉这个条件")
            chip.clicked.connect(self._on_clicked)
            self._row.addWidget(chip)
            self.chips.append(chip)
        self.setVisible(bool(self.chips))

    @Slot()
    def _on_clicked(self) -> None:
        clicked = self.sender()
        self.lifted.emit(next(n for n, chip in enumerate(self.chips) if chip is clicked))


def filter_words(one: Filter, sheet: SheetView) -> str:
    """A condition as one reads it: 职称为空, 日期不早于 2025-09-01."""
    field = next(field for field in sheet.fields if field.name == one.name)
    if one.op in _OPS:
        return f"{field.label}{_OPS[one.op]}"
    words = _COMPARED | (_AMOUNTS if field.kind in ("int", "number") else {})
    value = dict(sheet.choices.get(one.name, ())).get(one.value, str(one.value))
    quoted = f"“{value}”" if one.op == "has" else f" {value}"
    return f"{field.label}{words[one.op]}{quoted}"
