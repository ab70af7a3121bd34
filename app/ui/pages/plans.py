"""计划: plans with their lines, and the step from a line to an activity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.framework import tokens as t
from app.ui.records.panel import RecordPanel

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.bootstrap import Services
    from app.services.adoption import AdoptionView
    from app.services.unit_of_work import Changes
    from app.ui.framework.page import Tools


class PlansPane(QWidget):
    """The register of plans."""

    activity_wanted = Signal(str)
    """Id of an activity that the user wants to see."""

    def __init__(
        self,
        tools: Tools,
        services: Services,
        adoption: AdoptionView,
        go: Callable[[str, str], None] | None = None,
    ) -> None:
        super().__init__()
        self._tools = tools
        self._services = services
        self._adoption = adoption
        self.panel = RecordPanel(tools, services, adoption, "plan", go=go)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GAP_SMALL)
        column.addWidget(self.panel, 1)
        self.setFocusProxy(self.panel)

    def refresh(self, changes: Changes | None) -> None:
        """Records changed (None: anything may have): show them as they are now."""
        self.panel.refresh(changes)

    def can_leave(self) -> bool:
        """Save what is being typed; False if some of it is wrong."""
        return self.panel.can_leave()
