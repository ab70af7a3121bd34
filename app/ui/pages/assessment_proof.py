"""Preview of the chosen proof of an item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from app.ui.framework.jobs import Job
from app.ui.framework.preview import PreviewWidget

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.evidence.catalogue import EvidenceDetail
    from app.ui.framework.page import Tools


class ProofPreview(PreviewWidget):
    """Shows the file of a piece of evidence; of other records it says where they are."""

    def __init__(self, tools: Tools, services: Services) -> None:
        super().__init__(tools.theme, tools.jobs)
        self._services = services
        self._record = ""

    @Slot(str)
    def show_record(self, record: str) -> None:
        """Show ``evidence:<id>``; what is shown already stays as it is, with its zoom."""
        if record == self._record:
            return
        self._record = record
        kind, _, record_id = record.partition(":")
        if kind != "evidence":
            words = "按回车到这条记录。" if record else "选中一份材料，在这里预览。"
            self.show_nothing(words)
            return

        def work(_progress: Progress) -> EvidenceDetail:
            return self._services.catalogue.get(record_id)

        def show(detail: EvidenceDetail) -> None:
            if record == self._record:
                self.show_file(detail.path, detail.row.media_type)

        job = Job("预览", work, show, owner=self, database=False, quiet=True)
        self._jobs.start(job)
