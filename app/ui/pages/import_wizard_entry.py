"""导入… on a page: the menu entry with its key, and tables that are dropped on the page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QDropEvent
from typing_extensions import override

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData

    from app.bootstrap import Services
    from app.services.adoption import AdoptionView
    from app.ui.framework.page import Page
    from app.ui.pages.import_wizard import ImportWizard

KEY = "Ctrl+I"
_SUFFIXES = {".xlsx", ".xls", ".csv", ".ods", ".xlsb", ".xlsm", ".et"}


class ImportEntry(QObject):
    """Opens the import window for a kind of table, from the page that shows such records."""

    def __init__(
        self,
        page: Page,
        services: Services,
        adoption: AdoptionView,
        kind: str,
        *,
        menu: bool = True,
    ) -> None:
        """``menu``: put 导入… into the page's menu 更多; else the page has its own button."""
        super().__init__(page)
        self._page = page
        self._services = services
        self._adoption = adoption
        self.kind = kind
        """May be changed with what the page shows."""
        page.setAcceptDrops(True)
        page.installEventFilter(self)
        if menu:
            page.add_more("导入…", self.open, "file-spreadsheet", KEY)

    @Slot()
    def open(self) -> None:
        """Open the import window, which asks for the table."""
        self.open_with(None)

    def open_with(self, source: Path | None) -> ImportWizard | None:
        """Open the import window with a table; None where what is being typed must be mended first."""
        from app.ui.pages.import_wizard import ImportWizard

        if not self._page.can_leave():
            return None
        wizard = ImportWizard(
            self._page.tools, self._services, self._adoption, self.kind, self._page, source
        )
        wizard.open()
        return wizard

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take tables that are dropped on the page."""
        if event.type() not in _DROPPING or not isinstance(event, QDropEvent):
            return False
        table = _table(event.mimeData())
        if table is None:
            return False
        event.setDropAction(Qt.DropAction.CopyAction)  # else the file manager removes the original
        event.accept()
        if event.type() == QEvent.Type.Drop:
            self.open_with(table)
        return True


_DROPPING = {QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop}


def _table(data: QMimeData) -> Path | None:
    """The first spreadsheet among dropped files."""
    files = (Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())
    return next((file for file in files if file.suffix.lower() in _SUFFIXES), None)
