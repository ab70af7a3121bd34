"""进度: how far everybody is with every quota, and what is due when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.bootstrap import Services
    from app.services.adoption import AdoptionView
    from app.services.unit_of_work import Changes
    from app.ui.framework.page import Tools


class ProgressView(QWidget):
    """The progress of one adopted scheme."""

    help_text = ""
    keys: tuple[tuple[str, str], ...] = ()

    def __init__(
        self,
        tools: Tools,
        services: Services,
        adoption: AdoptionView,
        go: Callable[[str, str], None],
    ) -> None:
        super().__init__()
        self._tools, self._services, self._adoption, self._go = tools, services, adoption, go

    def refresh(self, changes: Changes | None) -> None:
        """Records changed (None: anything may have)."""

    def show_view(self, view: str) -> None:
        """Show the lines of one quota, by its key."""
