"""The table on the whole screen, for inspectors: to be looked at, not to be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from app.ui.framework import tokens as t
from app.ui.framework.theme import set_role

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.services.adoption import AdoptionView
    from app.ui.framework.page import Tools
    from app.ui.pages.assessment_score import ScoreView


class FullScreen(QDialog):
    """A view of its own that begins where the one in the window is."""

    def __init__(
        self, tools: Tools, services: Services, adoption: AdoptionView, view: ScoreView
    ) -> None:
        from app.ui.pages.assessment_score import ScoreView

        super().__init__(view.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"{adoption.community_name} {adoption.period} 考核")
        self.setObjectName("page")
        column = QVBoxLayout(self)
        column.setContentsMargins(t.GAP_LARGE, t.GAP, t.GAP_LARGE, t.GAP_LARGE)
        row = QHBoxLayout()
        title = QLabel(self.windowTitle())
        set_role(title, "title")
        row.addWidget(title)
        row.addStretch(1)
        close = QPushButton(tools.theme.icon("x"), "退出全屏（Esc）")
        close.clicked.connect(self.reject)
        row.addWidget(close)
        column.addLayout(row)
        self.view = ScoreView(tools, services, adoption, _stay, full_screen=True)
        column.addWidget(self.view, 1)
        QShortcut(QKeySequence("F11"), self).activated.connect(self.reject)
        self.view.show_mode("inspect")
        self.view.set_inspecting(view)

    def show_over(self) -> None:
        """Cover the whole screen."""
        self.setModal(True)
        self.showFullScreen()
        self.view.setFocus()


def _stay(_page: str, _view: str) -> None:
    """Nothing leads away from here."""
