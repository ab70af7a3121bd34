"""The fields of two records side by side; of each the value to keep is picked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QGridLayout,
    QLabel,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.ui.framework import tokens as t
from app.ui.framework.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.people.merging import FieldChoice, Side

_LONGEST = 18
_SIDES: tuple[Side, ...] = ("keep", "lose", "both")


class FieldPicks(QScrollArea):
    """One row a field: its name, both values, and for notes 两段都留."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.groups: dict[str, QButtonGroup] = {}
        self.show_fields((), "", "")

    def show_fields(self, fields: Sequence[FieldChoice], first: str, second: str) -> None:
        """Show these fields; ``first`` and ``second`` head the two columns."""
        body = QWidget()
        body.setObjectName("formBody")
        outer = QVBoxLayout(body)
        outer.setContentsMargins(0, t.GAP_SMALL, t.GAP_SMALL, 0)
        grid = QGridLayout()
        grid.setHorizontalSpacing(t.GAP_LARGE)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        for column, words in ((1, first), (2, second)):
            head = QLabel(words)
            set_role(head, "heading")
            grid.addWidget(head, 0, column)
        self.groups = {}
        for number, field in enumerate(fields, 1):
            self._add(grid, number, field)
        outer.addLayout(grid)
        outer.addStretch(1)
        self.setWidget(body)

    def _add(self, grid: QGridLayout, number: int, field: FieldChoice) -> None:
        label = QLabel(field.label)
        set_role(label, "muted")
        grid.addWidget(
            label, number, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        )
        group = QButtonGroup(grid.parentWidget())
        said = {"keep": field.keep, "lose": field.lose, "both": "两段都留"}
        shown = [side for side in _SIDES if side in field.choices or said[side] != "两段都留"]
        for column, side in enumerate(shown, 1):
            words = " ".join(said[side].split())
            short = words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
            button = QRadioButton(short.replace("&", "&&") or "（空）")
            button.setToolTip(said[side])
            button.setAccessibleName(f"{field.label}：{words or '空'}")
            button.setProperty("side", side)
            button.setChecked(side == field.default)
            button.setEnabled(side in field.choices)
            group.addButton(button)
            grid.addWidget(button, number, column)
        self.groups[field.name] = group

    def picks(self) -> dict[str, Side]:
        """What was picked, by field."""
        found: dict[str, Side] = {}
        for name, group in self.groups.items():
            button = group.checkedButton()
            if button is not None:
                found[name] = button.property("side")
        return found
