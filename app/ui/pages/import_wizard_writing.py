"""Taking a table in from the import window, and taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from app.errors import ConflictError
from app.ui.framework.jobs import Job
from app.ui.pages.import_wizard_steps import counted

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.imports.report import ImportReport, Options
    from app.services.imports.wizard import Proposal
    from app.ui.framework.jobs import JobHandle, JobRunner


class ImportWriting(QObject):
    """One import as one step: written by a job that can be stopped, undone while nothing came after."""

    progressed = Signal(str, int, int)
    """What is being done, how much of it, and of how much."""
    done = Signal(object)
    """ImportReport of what was written."""
    cancelled = Signal()
    undone = Signal()
    failed = Signal(object)

    def __init__(self, jobs: JobRunner, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._services = services
        self._job: JobHandle | None = None
        self._step: int | None = None
        self.busy = False

    @property
    def can_undo(self) -> bool:
        """Whether there is an import to take back."""
        return self._step is not None and not self.busy

    def forget(self) -> None:
        """The import stays; another one may begin."""
        self._step = None

    def write(self, proposal: Proposal, options: Options) -> None:
        """Write everything as one step that can be undone."""
        services = self._services

        def work(progress: Progress) -> tuple[ImportReport, int | None]:
            report = services.imports.apply(proposal, options, progress)
            return report, services.history.undo_step()

        self.busy = True
        self.progressed.emit("正在导入…", 0, 0)
        job = self._jobs.start(
            Job(
                f"导入{proposal.kind.name}", work, self._end, self._fail, self._stop, owner=self,
                done_text=lambda told: counted(told[0]),
            )
        )  # fmt: skip
        if not job.state.over:
            self._job = job
            job.progressed.connect(self._tell)

    def cancel(self) -> None:
        """Stop the import; nothing of it is written."""
        if self._job is not None:
            self._job.cancel()

    @Slot(int, int, str)
    def _tell(self, done: int, total: int, text: str) -> None:
        if self._job is not None:
            words = "正在停下…" if self._job.cancelling else f"正在导入…{text}"
            self.progressed.emit(words, done, total)

    def _end(self, told: tuple[ImportReport, int | None]) -> None:
        report, self._step = told
        self._job, self.busy = None, False
        self.done.emit(report)

    def _fail(self, error: Exception) -> None:
        self._job, self.busy = None, False
        self.failed.emit(error)

    def _stop(self) -> None:
        self._job, self.busy = None, False
        self.cancelled.emit()

    def undo(self) -> None:
        """Take the import back."""
        history, step = self._services.history, self._step

        def work(_progress: Progress) -> str:
            if history.undo_step() != step:
                raise ConflictError(
                    "导入以后又有别的操作，不能单独撤销这次导入。",
                    "请关闭这个窗口，在“编辑”菜单里逐步撤销。",
                )
            return history.undo()

        def done(_name: str) -> None:
            self._step, self.busy = None, False
            self.undone.emit()

        self.busy = True
        self.progressed.emit("正在撤销…", 0, 0)
        self._jobs.start(Job("撤销导入", work, done, self._fail, owner=self, quiet=True))
