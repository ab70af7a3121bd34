"""What a view of 考核 shows until its figures are reckoned."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from app.ui.framework.theme import set_role


def waiting() -> QLabel:
    """One quiet line in the middle."""
    label = QLabel("正在从档案里的记录算起来…")
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    set_role(label, "muted")
    return label
