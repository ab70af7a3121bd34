"""Adding files: the two dialogs, the intake in the background, then reading the text inside."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from app.services.evidence.service import Destination
from app.ui.framework.jobs import Job
from app.ui.pages.materials_intake import summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.evidence.service import IngestReport
    from app.ui.framework.page import Tools

_BY_FOLDER_KEY = "materials/by_folder"
_LAST_FOLDER_KEY = "materials/last_folder"


class Adding(QObject):
    """Takes files into the archive on behalf of a page."""

    added = Signal(object)
    """IngestReport of an intake that is over."""
    texts_read = Signal()
    """The text inside documents can be found now."""

    def __init__(self, page: QWidget, tools: Tools, services: Services, adoption_id: str) -> None:
        super().__init__(page)
        self._page = page
        self._tools = tools
        self._services = services
        self._adoption_id = adoption_id
        self._reading = False
        self._again = False

    @property
    def by_folder(self) -> bool:
        """Whether the names of folders put files under assessment items."""
        return self._tools.settings.flag(_BY_FOLDER_KEY, default=True)

    @Slot(bool)
    def remember_by_folder(self, by_folder: bool) -> None:
        """Keep the choice for next time."""
        self._tools.settings.set(_BY_FOLDER_KEY, by_folder)

    @Slot()
    def choose_files(self) -> None:
        """Let the user choose files."""
        chosen, _kind = QFileDialog.getOpenFileNames(self._page, "添加文件", self._last_folder())
        if chosen:
            self._tools.settings.set(_LAST_FOLDER_KEY, str(Path(chosen[0]).parent))
            self.add([Path(name) for name in chosen])

    @Slot()
    def choose_folder(self) -> None:
        """Let the user choose a folder, to be taken with everything below it."""
        chosen = QFileDialog.getExistingDirectory(self._page, "添加文件夹", self._last_folder())
        if chosen:
            self._tools.settings.set(_LAST_FOLDER_KEY, str(Path(chosen).parent))
            self.add([Path(chosen)])

    def _last_folder(self) -> str:
        return self._tools.settings.text(_LAST_FOLDER_KEY, str(Path.home()))

    def add(self, paths: Sequence[Path], item_id: str | None = None) -> None:
        """Take files and folders in; with ``item_id`` under that item, else as the folders say."""
        by_folder = self.by_folder and item_id is None
        self.take(
            paths, Destination(adoption_id=self._adoption_id, item_id=item_id, by_folder=by_folder)
        )

    def take(self, paths: Sequence[Path], to: Destination) -> None:
        """Take files and folders in as proof of whatever ``to`` says."""

        def work(progress: Progress) -> IngestReport:
            return self._services.evidence.ingest(paths, to, progress)

        def done(report: IngestReport) -> None:
            self.added.emit(report)
            if report.added:
                self.read_texts()

        def cancelled() -> None:
            self._tools.messages.say("已取消，没有加入任何材料；随时可以重新添加。")

        job = Job("加入材料", work, done, on_cancelled=cancelled, owner=self, done_text=summary)
        self._tools.jobs.start(job)

    def read_texts(self) -> None:
        """Make the text inside documents findable; does not stand in line with other jobs."""
        if self._reading:
            self._again = True  # more came in meanwhile
            return
        self._reading, self._again = True, False

        def done(count: int) -> None:
            self._reading = False
            if count:
                self.texts_read.emit()
            if self._again:
                self.read_texts()

        def failed(error: Exception) -> None:
            self._reading = False
            self._tools.errors.show_error(error)

        work = self._services.evidence.read_texts
        job = Job("读取文字", work, done, failed, owner=self, database=False, quiet=True)
        self._tools.jobs.start(job)
