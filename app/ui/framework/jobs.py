"""Long work off the GUI thread: label, progress, cancel, and what came of it."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QObject, QRunnable, QThreadPool, QTimer, Signal, Slot
from shiboken6 import isValid
from typing_extensions import override

from app.errors import AppError, CancelledError
from app.progress import CancelFlag

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.progress import Progress

T = TypeVar("T")

_log = logging.getLogger(__name__)
_LOOK_EVERY_MS = 80
_KEEP_FINISHED = 20


class State(Enum):
    """Where a job is in its life."""

    WAITING = "等待中"
    RUNNING = "进行中"
    DONE = "已完成"
    FAILED = "未完成"
    CANCELLED = "已取消"

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self in {State.DONE, State.FAILED, State.CANCELLED}


@dataclass(frozen=True, slots=True)
class Job(Generic[T]):
    """What to do in the background and what to do with its result (on the GUI thread).

    ``work`` must not touch widgets. With ``owner``, nothing is called once that widget is gone.
    Without ``on_error`` the runner's error handler (the window's ``show_error``) is called.
    """

    label: str
    work: Callable[[Progress], T]
    on_success: Callable[[T], None] | None = None
    on_error: Callable[[Exception], None] | None = None
    on_cancelled: Callable[[], None] | None = None
    owner: QObject | None = None
    database: bool = True
    """Work that writes to the archive goes one after the other; previews and the like do not wait."""
    quiet: bool = False
    """Not shown in the list of jobs (previews, thumbnails)."""
    done_text: Callable[[T], str] | None = None
    """What was done, in words, for the list of jobs."""
    folder: Callable[[T], Path | None] | None = None
    """Folder that the list of jobs offers to open."""


def _nothing(_progress: Progress) -> object:
    return None


class JobHandle(QObject):
    """One started job: its state, progress and result."""

    progressed = Signal(int, int, str)
    finished = Signal()

    _worker_ended = Signal()

    def __init__(self, job: Job[object]) -> None:
        super().__init__()
        self.job = job
        self.state = State.WAITING
        self.done = 0
        self.total = 0
        self.text = ""
        self.summary = ""
        self.folder: Path | None = None
        self.result: object = None
        self.error: BaseException | None = None
        self._progress = LatestProgress()

    @property
    def label(self) -> str:
        """What the job is called in the list."""
        return self.job.label

    @property
    def cancelling(self) -> bool:
        """Whether it was asked to stop and has not yet."""
        return self._progress.cancelled and not self.state.over

    def cancel(self) -> None:
        """Ask the job to stop at its next step."""
        self._progress.cancel()
        self.progressed.emit(self.done, self.total, self.text)

    def let_go(self) -> None:
        """Forget who wanted the job.

        Else the deletion of the handle could be what frees the page, and with it the runner, and
        with that the handle a second time: a crash.
        """
        self.job = Job(self.job.label, _nothing, database=self.job.database, quiet=self.job.quiet)

    def execute(self) -> None:
        """Do the work on the calling thread; never raises, always ends with a signal."""
        try:
            self._progress.begin()
            self.result = self.job.work(self._progress)
        except BaseException as error:  # noqa: BLE001 - whatever happens, the window must learn of it
            self.error = error
        finally:
            self._worker_ended.emit()

    def look(self) -> None:
        """See how far the work is, and tell if it got further."""
        progress = self._progress
        state = State.RUNNING if progress.began else State.WAITING
        seen = (self.done, self.total, self.text)
        if state is not self.state or progress.latest != seen:
            self.state = state
            self.done, self.total, self.text = progress.latest
            self.progressed.emit(self.done, self.total, self.text)


class LatestProgress(CancelFlag):
    """Progress that only keeps the latest report; the window looks at it some times a second."""

    def __init__(self) -> None:
        super().__init__()
        self.began = False
        self.latest = (0, 0, "")

    def begin(self) -> None:
        """The work begins, if it was not cancelled before."""
        super().report(0, 0)
        self.began = True

    @override
    def report(self, done: int, total: int, text: str = "") -> None:
        """Keep the state of the work; raise CancelledError if the user asked to stop."""
        super().report(done, total, text)
        self.latest = (done, total, text)


class _Task(QRunnable):
    """What the pool runs; the handle belongs to the runner and outlives it."""

    def __init__(self, handle: JobHandle) -> None:
        super().__init__()
        self.setAutoDelete(False)
        self._handle = handle

    @override
    def run(self) -> None:
        self._handle.execute()


@dataclass(slots=True)
class _Started:
    handle: JobHandle
    task: _Task = field(repr=False)


class JobRunner(QObject):
    """Runs jobs: those of the database one after the other, the rest side by side."""

    changed = Signal()
    """A job began, ended or moved on: the list of jobs is to be drawn anew."""
    job_finished = Signal(object)
    """JobHandle of a job that is over."""

    def __init__(
        self, on_error: Callable[[Exception], None] | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._on_error = on_error
        self._database = QThreadPool(self)
        self._database.setMaxThreadCount(1)
        self._free = QThreadPool(self)
        self._free.setMaxThreadCount(2)
        self._running: dict[int, _Started] = {}
        self._finished: list[JobHandle] = []
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_EVERY_MS)
        self._look.timeout.connect(self._look_at_all)

    @property
    def active(self) -> list[JobHandle]:
        """Jobs that wait or run and are shown."""
        return [s.handle for s in self._running.values() if not s.handle.job.quiet]

    @property
    def recent(self) -> list[JobHandle]:
        """Jobs that are over, the latest first."""
        return self._finished[::-1]

    @property
    def idle(self) -> bool:
        """Whether nothing waits or runs."""
        return not self._running

    def start(self, job: Job[T]) -> JobHandle:
        """Start a job; returns at once."""
        handle = JobHandle(job)  # type: ignore[arg-type]  # the handle only hands the result back
        handle.setParent(self)
        handle.progressed.connect(self._announce)
        handle._worker_ended.connect(self._end)  # noqa: SLF001 - the two are one machine
        started = _Started(handle, _Task(handle))
        self._running[id(handle)] = started
        self.changed.emit()
        self._look.start()
        self._launch(started)
        return handle

    def close(self, seconds: float = 30) -> bool:
        """Cancel everything and wait for the threads; False if some did not end in time."""
        for started in list(self._running.values()):
            started.handle.cancel()
        self._on_error = None
        ended = [pool.waitForDone(round(seconds * 1000)) for pool in (self._database, self._free)]
        return all(ended)

    def forget_finished(self) -> None:
        """Empty the list of finished jobs."""
        for handle in self._finished:
            handle.deleteLater()
        self._finished.clear()
        self.changed.emit()

    def _launch(self, started: _Started) -> None:
        pool = self._database if started.handle.job.database else self._free
        pool.start(started.task)

    @Slot()
    def _look_at_all(self) -> None:
        for started in list(self._running.values()):
            started.handle.look()

    @Slot()
    def _announce(self) -> None:
        self.changed.emit()

    @Slot()
    def _end(self) -> None:
        handle = self.sender()
        if not isinstance(handle, JobHandle):  # pragma: no cover - only handles are connected
            return
        handle.look()
        del self._running[id(handle)]
        if self.idle:
            self._look.stop()
        self._settle(handle)
        if not handle.job.quiet:
            self._finished.append(handle)
            for old in self._finished[:-_KEEP_FINISHED]:
                old.deleteLater()
            del self._finished[:-_KEEP_FINISHED]
        try:
            self._call_back(handle)
        finally:
            handle.finished.emit()
            self.job_finished.emit(handle)
            self.changed.emit()
            handle.let_go()
            if handle.job.quiet:
                handle.deleteLater()

    @staticmethod
    def _settle(handle: JobHandle) -> None:
        """State and words of a job that is over."""
        job, error = handle.job, handle.error
        if error is None:
            handle.state = State.DONE
            handle.summary = job.done_text(handle.result) if job.done_text else State.DONE.value
            handle.folder = job.folder(handle.result) if job.folder else None
        elif isinstance(error, CancelledError):
            handle.state = State.CANCELLED
            handle.summary = State.CANCELLED.value
        else:
            handle.state = State.FAILED
            handle.summary = (
                error.sentence if isinstance(error, AppError) else "程序出错，没有完成。"
            )
            if not isinstance(error, AppError):
                _log.error("job failed: %s", job.label, exc_info=error)

    def _call_back(self, handle: JobHandle) -> None:
        job = handle.job
        if job.owner is not None and not isValid(job.owner):
            return
        if handle.state is State.DONE and job.on_success:
            job.on_success(handle.result)
        elif handle.state is State.CANCELLED and job.on_cancelled:
            job.on_cancelled()
        elif handle.state is State.FAILED and handle.error is not None:
            error = handle.error
            wrapped = error if isinstance(error, Exception) else RuntimeError(repr(error))
            on_error = job.on_error or self._on_error
            if on_error:
                on_error(wrapped)


class InlineRunner(JobRunner):
    """Runs each job at once on the calling thread: for tests of pages."""

    @override
    def _launch(self, started: _Started) -> None:
        started.task.run()
