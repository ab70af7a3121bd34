"""What dialogs share: the row of buttons at their foot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton

from app.ui.framework import tokens as t
from app.ui.framework.theme import set_role

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog


def foot(dialog: QDialog, hint: str, primary: QPushButton) -> QHBoxLayout:
    """A hint, 关闭, and the main button; Enter in a field presses neither of them."""
    row = QHBoxLayout()
    row.setSpacing(t.GAP_SMALL)
    words = QLabel(hint)
    set_role(words, "muted")
    row.addWidget(words, 1)
    close = QPushButton("关闭")
    close.setAutoDefault(False)
    close.clicked.connect(dialog.accept)
    row.addWidget(close)
    set_role(primary, "primary")
    primary.setAutoDefault(False)
    row.addWidget(primary)
    return row
