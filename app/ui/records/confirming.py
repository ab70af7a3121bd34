"""Asking before a paste or fill changes several records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from app.services.entry.bulk import Preview
    from app.ui.framework.page import Tools


def confirming(tools: Tools, parent: QWidget) -> Callable[[Preview], bool]:
    """What ``EntryGrid.confirm`` takes: shows what would be done and waits for the answer."""

    def ask(preview: Preview) -> bool:
        from app.ui.records.preview import BulkPreviewDialog

        dialog = BulkPreviewDialog(tools, preview, parent=parent)
        agreed = dialog.exec() == QDialog.DialogCode.Accepted
        dialog.deleteLater()
        return agreed

    return ask
