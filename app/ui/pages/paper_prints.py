"""Putting what was chosen on paper: laid out first, then asked which printer, then printed as a job."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from app.errors import AppError
from app.ui.framework.jobs import Job
from app.ui.pages.paper_results import open_path

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter
    from PySide6.QtWidgets import QWidget

    from app.bootstrap import Services
    from app.progress import Progress
    from app.ui.framework.page import Tools
    from app.ui.framework.printing import PrintSetup
    from app.ui.pages.paper_output import Order
    from app.ui.pages.paper_results import ResultBar


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A PDF that waits in a folder of its own to be printed."""

    path: Path
    sizes: tuple[tuple[float, float], ...]
    """Of its pages, in points."""
    order: Order
    notes: tuple[str, ...] = ()
    """What should be known before it is printed."""

    @property
    def several(self) -> bool:
        """Whether it holds sheets of several records, one after the other."""
        return len(self.order.targets) > 1 and not self.order.form.together

    def remove(self) -> None:
        """It is no longer wanted."""
        shutil.rmtree(self.path.parent, ignore_errors=True)


class Prints(QObject):
    """Prints for one page and speaks in its bar of results."""

    def __init__(self, tools: Tools, services: Services, bar: ResultBar, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._tools = tools
        self._services = services
        self._bar = bar

    def begin(self, order: Order, name: str) -> None:
        """Lay out what is chosen, then ask for the printer; ``name`` is that of the file."""
        folder = Path(tempfile.mkdtemp(prefix="yandang-"))
        target = folder / name

        def work(progress: Progress) -> LaidOut:
            from app.services.documents.render import pdf_pages

            notes: tuple[str, ...] = ()
            if order.request.template_id or ".pdf" in order.form.formats:
                notes = self._services.forms.export(order.request, target, progress).notes
            else:
                target.write_bytes(self._services.forms.preview(order.request, progress))
            return LaidOut(target, pdf_pages(target), order, notes)

        def stopped() -> None:
            shutil.rmtree(folder, ignore_errors=True)

        def failed(error: Exception) -> None:
            stopped()
            self._refuse(error)

        self._tools.jobs.start(
            Job(
                "准备打印", work, self.ask, failed, stopped, owner=self._window,
                database=False, done_text=lambda made: f"{len(made.sizes)} 页",
            )
        )  # fmt: skip

    def ask(self, made: LaidOut) -> None:
        """Ask which printer and how; without one the file is opened to be printed from there."""
        from PySide6.QtPrintSupport import QPrinterInfo

        if not QPrinterInfo.availablePrinterNames():
            open_path(made.path)
            self._bar.say(
                "info", "这台电脑没有装打印机，已用 PDF 阅读器打开；也可以存为 PDF 拿去打印。"
            )
            return
        from app.ui.pages.paper_printing import PrinterDialog

        dialog = PrinterDialog(
            self._tools, made.path.stem, made.sizes, self._window,
            notes=made.notes, several=made.several,
        )  # fmt: skip
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.rejected.connect(made.remove)

        def go() -> None:
            self.print_on(dialog.printer(), made, dialog.setup(), fronts=dialog.wants_fronts)

        dialog.accepted.connect(go)
        dialog.open()

    def print_on(
        self, printer: QPrinter, made: LaidOut, setup: PrintSetup, *, fronts: bool = False
    ) -> None:
        """Print in the background: the very pages that the PDF has.

        With ``fronts`` the sheets of each record begin on a front side.
        """
        name = made.path.stem
        printer.setDocName(name)

        def work(progress: Progress) -> int:
            from app.ui.framework.printing import print_pdf

            try:
                begin = self.first_pages(made, progress) if fronts else ()
                wanted = replace(setup, fronts=begin)
                return print_pdf(made.path, printer, progress, wanted)
            finally:
                made.remove()

        def done(pages: int) -> None:
            self._bar.say("success", f"已把“{name}”的 {pages} 页送往打印机。")

        self._tools.jobs.start(
            Job(
                "打印", work, done, self._refuse, owner=self._window, database=False,
                done_text=lambda pages: f"已送往打印机 {pages} 页",
            )
        )  # fmt: skip

    def first_pages(self, made: LaidOut, progress: Progress) -> tuple[int, ...]:
        """Pages, from 1, on which the sheets of each record begin: each is laid out by itself."""
        from app.services.documents.render import pdf_pages

        order, counts = made.order, []
        for number, target in enumerate(order.targets):
            progress.report(number, len(order.targets), "正在看每份从哪一页开始")
            one = replace(order.request, targets=(target.id,))
            counts.append(len(pdf_pages(self._services.forms.preview(one))))
        if sum(counts) != len(made.sizes):  # together they share pages: there is no first one
            return ()
        return tuple(1 + before for before in accumulate(counts[:-1], initial=0))

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, AppError):
            self._bar.say("error", error.sentence)
        else:
            self._tools.errors.show_error(error)
