"""Preview of a filled form: at once as we draw it, then as an office program does, where there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.errors import AppError
from app.ui.framework.jobs import Job
from app.ui.framework.preview import PreviewWidget

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.progress import Progress
    from app.ui.framework.page import Tools


class FilledPreview(PreviewWidget):
    """Shows the newest of what was asked for, and nothing that was asked for before it."""

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools.theme, tools.jobs)
        self._errors = tools.errors
        self._asked = 0

    def say(self, sentence: str) -> None:
        """Show a sentence instead."""
        self._asked += 1
        self.show_nothing(sentence)

    def show_filled(self, make: Callable[[bool, Progress], bytes], *, exact: bool) -> None:
        """Show a form; with ``exact`` a second, exact drawing takes the first one's place."""
        self.say("正在填写……")
        self._start(make, self._asked, exact=False, then=exact)

    def _start(
        self, make: Callable[[bool, Progress], bytes], asked: int, *, exact: bool, then: bool
    ) -> None:
        def take(pdf: bytes) -> None:
            if asked != self._asked:
                return
            self.show_pdf(pdf, self.page if exact else 0)
            if then:
                self._start(make, asked, exact=True, then=False)

        def refuse(error: Exception) -> None:
            if not isinstance(error, AppError):
                self._errors.show_error(error)
            elif asked == self._asked and not exact:  # else the first drawing stays
                self.show_nothing(error.sentence)

        def work(progress: Progress) -> bytes:
            return make(exact, progress)

        job = Job("预览表格", work, take, refuse, owner=self, database=False, quiet=True)
        self._jobs.start(job)
