"""What the import window writes as files: refused rows with their reasons, empty templates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.errors import ValidationError
from app.services.imports.kinds import load_kind
from app.ui.framework.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.progress import Progress
    from app.services.imports.report import ImportReport
    from app.services.imports.wizard import Imports
    from app.ui.framework.jobs import JobRunner

_XLSX = "Excel 工作簿 (*.xlsx)"
T = TypeVar("T")


class ImportFiles(QObject):
    """Asks where a file goes and writes it beside the window's thread."""

    saved = Signal(object, str)
    """Path of the file that was written, and what it is in words."""
    failed = Signal(object)

    def __init__(self, jobs: JobRunner, imports: Imports, window: QWidget) -> None:
        super().__init__(window)
        self._jobs = jobs
        self._imports = imports
        self._window = window

    def choose_rejects(self, report: ImportReport, source: Path | None) -> None:
        """Ask where the refused rows of a table go."""
        stem = source.stem if source else load_kind(report.table.kind.key).name
        name = f"{stem}-退回.xlsx"
        target = self._ask("把退回的行存成", str(source.with_name(name)) if source else name)
        if target is not None:
            self.write_rejects(target, report, source)

    def write_rejects(self, target: Path, report: ImportReport, source: Path | None) -> None:
        """Write the refused rows with the reasons; mended, the workbook can be imported."""
        if source is not None and source.resolve() == target.resolve():
            text = "退回的行不能写到原来的表格上面。"
            self.failed.emit(ValidationError(text, "请另取一个文件名。"))
            return

        def work(_progress: Progress) -> int:
            return self._imports.write_rejects(target, report)

        def done(rows: int) -> None:
            words = f"退回的 {rows} 行已存到“{target.name}”，改好后可以直接再导入。"
            self.saved.emit(target, words)

        self._start("存退回的行", work, done)

    def choose_template(self, kind: str) -> None:
        """Ask where an empty table of that kind goes."""
        target = self._ask("把空白模板存成", f"空白{load_kind(kind).name}.xlsx")
        if target is not None:
            self.write_template(kind, target)

    def write_template(self, kind: str, target: Path) -> None:
        """Write an empty table whose every column is understood."""

        def work(_progress: Progress) -> None:
            self._imports.write_template(kind, target)

        def done(_nothing: None) -> None:
            self.saved.emit(target, f"空白模板已存到“{target.name}”，填好就可以导入。")

        self._start("存空白模板", work, done)

    def _ask(self, title: str, name: str) -> Path | None:
        chosen, _kind = QFileDialog.getSaveFileName(self._window, title, name, _XLSX)
        return Path(chosen).with_suffix(".xlsx") if chosen else None

    def _start(self, label: str, work: Callable[[Progress], T], done: Callable[[T], None]) -> None:
        self._jobs.start(
            Job(label, work, done, self.failed.emit, owner=self, database=False, quiet=True)
        )
