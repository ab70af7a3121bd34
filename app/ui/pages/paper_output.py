"""Writing what was chosen: asks where to, writes in the background, tells what came of it."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QObject, QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from app.errors import AppError, StorageError
from app.services.forms.batch import Made, a_file_each, file_name, one_file, write_all
from app.ui.framework.jobs import Job
from app.ui.pages.paper_results import ResultBar, folder_of, open_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtPrintSupport import QPrinter

    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.adoption import AdoptionView
    from app.services.forms.batch import Piece
    from app.services.forms.form import Form, Request, Target
    from app.ui.framework.page import Tools
    from app.ui.framework.printing import PrintSetup
    from app.ui.pages.paper_results import Answer

LaidOut: TypeAlias = tuple[Path, tuple[tuple[float, float], ...]]
"""A PDF and the sizes of its pages in points."""
FOLDER = "paper/folder"
KINDS = {".pdf": "PDF", ".docx": "Word", ".xlsx": "Excel"}
_FILTERS = {
    ".pdf": "PDF 文件 (*.pdf)", ".docx": "Word 文档 (*.docx)", ".xlsx": "Excel 工作簿 (*.xlsx)",
}  # fmt: skip
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Order:
    """What is chosen in the page."""

    form: Form
    request: Request
    targets: tuple[Target, ...]

    @property
    def some(self) -> bool:
        """Whether there is anything to put out: records, or a form that needs none."""
        return bool(self.targets) or self.request.targets is None


class Output(QObject):
    """Writes files for one page and speaks in its bar of results."""

    def __init__(
        self,
        tools: Tools,
        services: Services,
        adoption: AdoptionView,
        bar: ResultBar,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._window = parent
        self._tools = tools
        self._services = services
        self._adoption = adoption
        self._bar = bar

    # -- where to ------------------------------------------------------------------------------

    def folder(self) -> Path:
        """Where the last files went; at first the documents of the account."""
        place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        last = Path(self._tools.settings.text(FOLDER, place or str(Path.home())))
        return last if last.is_dir() else Path.home()

    def save(self, order: Order, ending: str, *, split: bool) -> None:
        """Ask where to, then write: one file, or one for each."""
        if split and len(order.targets) > 1:
            folder = self.ask_folder("把每份一个文件放在哪个文件夹？")
            if folder is not None:
                self.write(
                    a_file_each(order.form, order.request, order.targets, folder, ending),
                    f"输出{order.form.name}",
                )
            return
        target = self._ask_file(self.name_of(order, ending), ending)
        if target is not None:
            self.write(one_file(order.form, order.request, target), f"输出{order.form.name}",
                       asked=True)  # fmt: skip

    def name_of(self, order: Order, ending: str) -> str:
        """What the file is called unless the user wants otherwise."""
        if len(order.targets) == 1 and not order.form.together:
            return file_name(order.form, order.targets[0], ending)
        before = f"{self._adoption.community_name} {self._adoption.period}"
        return file_name(order.form, None, ending, before)

    def ask_folder(self, title: str) -> Path | None:
        """Let the user choose a folder; None if not."""
        chosen = QFileDialog.getExistingDirectory(self._window, title, str(self.folder()))
        if not chosen:
            return None
        self._tools.settings.set(FOLDER, chosen)
        return Path(chosen)

    def _ask_file(self, name: str, ending: str) -> Path | None:
        """Let the user choose a file; the dialog asks before one is replaced."""
        chosen, _kind = QFileDialog.getSaveFileName(
            self._window, f"存为 {KINDS[ending]}", str(self.folder() / name), _FILTERS[ending]
        )
        if not chosen:
            return None
        target = Path(chosen)
        if target.suffix.lower() != ending:
            target = target.with_name(f"{target.name}{ending}")
        self._tools.settings.set(FOLDER, str(target.parent))
        return target

    # -- writing -------------------------------------------------------------------------------

    def write(
        self,
        pieces: Sequence[Piece],
        label: str,
        *,
        asked: bool = False,
        notes: Sequence[str] = (),
    ) -> None:
        """Write files in the background; asks first where some are there already."""
        there = [] if asked else [piece for piece in pieces if piece.path.exists()]
        if not there:
            self._start(pieces, label, notes)
            return
        named = "、".join(f"“{piece.path.name}”" for piece in there[:_NAMED])
        more = f"等 {len(there)} 个" if len(there) > _NAMED else ""
        self._bar.say(
            "warning", f"文件夹“{there[0].path.parent.name}”里已经有{named}{more}。",
            (
                ("替换", lambda: self._start(pieces, label, notes)),
                ("另取文件名", lambda: self._start(_beside(pieces), label, notes)),
                ("取消", self._bar.hide),
            ),
        )  # fmt: skip

    def _start(self, pieces: Sequence[Piece], label: str, notes: Sequence[str] = ()) -> None:
        self._bar.hide()
        made, export = Made(notes=list(notes)), self._services.forms.export

        def work(progress: Progress) -> Made:
            return write_all(export, pieces, made, progress)

        def done(_made: Made) -> None:
            self._show(made, label)

        def stopped() -> None:
            self._show(made, label, cancelled=True)

        self._tools.jobs.start(
            Job(
                label, work, done, on_cancelled=stopped, owner=self._window, database=False,
                done_text=_in_short, folder=lambda one: folder_of(one) if one.files else None,
            )
        )  # fmt: skip

    def _show(self, made: Made, label: str, *, cancelled: bool = False) -> None:
        answers: list[Answer] = []
        failed = [piece for piece, _error in made.failed]
        if failed:
            answers.append(("重试", lambda: self._start(failed, label)))
        if len(failed) == 1 and isinstance(made.failed[0][1], StorageError):
            answers.append(("另存为…", lambda: self._save_elsewhere(failed[0], label)))
        if made.files:
            first, folder = made.files[0], folder_of(made)
            if len(made.files) == 1:
                answers.append(("打开文件", lambda: open_path(first)))
            answers.append(("打开文件夹", lambda: open_path(folder)))
        self._bar.show_made(made, answers, cancelled=cancelled)

    def _save_elsewhere(self, piece: Piece, label: str) -> None:
        target = self._ask_file(piece.path.name, piece.path.suffix.lower())
        if target is not None:
            self._start([replace(piece, path=target)], label)

    # -- on paper ------------------------------------------------------------------------------

    def print_order(self, order: Order) -> None:
        """Lay out what is chosen, then ask for the printer."""
        services, folder = self._services, Path(tempfile.mkdtemp(prefix="yandang-"))
        target = folder / self.name_of(order, ".pdf")

        def work(progress: Progress) -> LaidOut:
            from app.services.documents.render import pdf_pages

            if order.request.template_id or ".pdf" in order.form.formats:
                services.forms.export(order.request, target, progress)
            else:
                target.write_bytes(services.forms.preview(order.request, progress))
            return target, pdf_pages(target)

        def stopped() -> None:
            shutil.rmtree(folder, ignore_errors=True)

        def failed(error: Exception) -> None:
            stopped()
            self._refuse(error)

        self._tools.jobs.start(
            Job(
                "准备打印", work, self.ask_printer, failed, stopped, owner=self._window,
                database=False, done_text=lambda made: f"{len(made[1])} 页",
            )
        )  # fmt: skip

    def ask_printer(self, made: LaidOut) -> None:
        """Ask which printer and how; without one the file is opened to be printed from there."""
        from PySide6.QtPrintSupport import QPrinterInfo

        source, sizes = made
        if not QPrinterInfo.availablePrinterNames():
            open_path(source)
            self._bar.say(
                "info", "这台电脑没有装打印机，已用 PDF 阅读器打开；也可以存为 PDF 拿去打印。"
            )
            return
        from app.ui.pages.paper_printing import PrinterDialog

        dialog = PrinterDialog(self._tools, source.stem, sizes, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.rejected.connect(lambda: shutil.rmtree(source.parent, ignore_errors=True))
        dialog.accepted.connect(lambda: self.print_on(dialog.printer(), source, dialog.setup()))
        dialog.open()

    def print_on(self, printer: QPrinter, source: Path, setup: PrintSetup) -> None:
        """Print in the background: the very pages that the PDF has."""
        printer.setDocName(source.stem)

        def work(progress: Progress) -> int:
            from app.ui.framework.printing import print_pdf

            try:
                return print_pdf(source, printer, progress, setup)
            finally:
                shutil.rmtree(source.parent, ignore_errors=True)

        def done(pages: int) -> None:
            self._bar.say("success", f"已把“{source.stem}”的 {pages} 页送往打印机。")

        self._tools.jobs.start(
            Job(
                "打印", work, done, self._refuse, owner=self._window, database=False,
                done_text=lambda pages: f"已送往打印机 {pages} 页",
            )
        )  # fmt: skip

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, AppError):
            self._bar.say("error", error.sentence)
        else:
            self._tools.errors.show_error(error)


def _in_short(made: Made) -> str:
    failed = f"，{len(made.failed)} 个没有做成" if made.failed else ""
    return f"已存 {len(made.files)} 个文件{failed}"


def _beside(pieces: Sequence[Piece]) -> list[Piece]:
    """The same files under names that are still free."""
    found = []
    for piece in pieces:
        path, number = piece.path, 2
        while path.exists():
            path = piece.path.with_stem(f"{piece.path.stem}（{number}）")
            number += 1
        found.append(replace(piece, path=path))
    return found
