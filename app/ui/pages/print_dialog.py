"""打印整套: what, of which boxes, what stands against it, and where it goes."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.errors import AppError
from app.services.boxes.numbers import typed_numbers
from app.services.forms.archive import box_forms
from app.services.forms.form import Request
from app.ui.framework import tokens as t
from app.ui.framework.jobs import Job
from app.ui.framework.messages import Message
from app.ui.framework.table_view import TableView
from app.ui.framework.theme import set_role
from app.ui.pages.boxes_findings import findings_model, in_order, verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtPrintSupport import QPrinter

    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.adoption import AdoptionView
    from app.ui.framework.page import Tools
    from app.ui.pages.boxes_findings import BoxState

_FOLDER_KEY = "boxes/export_folder"
_KINDS = {
    ".pdf": "PDF 文件 (*.pdf)", ".docx": "Word 文档 (*.docx)", ".xlsx": "Excel 表格 (*.xlsx)",
}  # fmt: skip
_LIST_HEIGHT = 168
_WIDTH = 640


class PrintDialog(QDialog):
    """Exports and prints as jobs; closes when one is started."""

    plan_wanted = Signal()
    """The boxes are out of date and the user wants them arranged anew."""
    mend_wanted = Signal(object)
    """Findings that the user wants to mend first."""

    def __init__(
        self,
        tools: Tools,
        services: Services,
        adoption: AdoptionView,
        state: BoxState,
        *,
        number: int | None,
        parent: QWidget | None = None,
    ) -> None:
        """``number`` is the box that the user is looking at."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("打印")
        self.setMinimumWidth(_WIDTH)
        self._tools = tools
        self._services = services
        self._adoption = adoption
        self._number = number
        self._findings = in_order(state.findings)
        self._count = len(state.boxes)
        self._bound = state.boxes[0].bound if state.boxes else "boxes"
        self._unit = state.boxes[0].unit if state.boxes else "盒"
        self._current = state.current
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(t.GAP)
        column.addLayout(self._questions())
        # Only now: what has no parent yet would be shown as a window of its own.
        self.here.setVisible(self._number is not None and self._count > 1)
        for widget in (self.some, self.numbers):
            widget.setVisible(self._count > 1)
        column.addWidget(self._obstacles())
        column.addStretch(1)
        column.addLayout(self._buttons())
        for button in (self.here, self.all, self.some):
            button.toggled.connect(self._update)
        self._update()

    # -- building ----------------------------------------------------------------------------

    def _questions(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(t.GAP)
        grid.setVerticalSpacing(t.GAP_SMALL)
        grid.setColumnStretch(1, 1)
        self.forms = QComboBox()
        self.forms.setAccessibleName("打印什么")
        for form in box_forms(self._bound):
            self.forms.addItem(self._services.forms.get(form).name, form)
        grid.addWidget(_label("打印什么", self.forms), 0, 0)
        grid.addWidget(self.forms, 0, 1)
        self.here = QRadioButton(f"第 {self._number} {self._unit}")
        self.all = QRadioButton(f"全部 {self._count} {self._unit}")
        self.some = QRadioButton(f"{self._unit}号")
        self.numbers = QLineEdit()
        self.numbers.setPlaceholderText("例如 1、3—5")
        self.numbers.setAccessibleName(f"{self._unit}号")
        group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(t.GAP_LARGE)
        for button in (self.here, self.all, self.some):
            group.addButton(button)
            row.addWidget(button)
        row.addWidget(self.numbers, 1)
        self.numbers.textEdited.connect(self._on_typed)
        grid.addWidget(_label(f"哪些{self._unit}", self.all), 1, 0)
        grid.addLayout(row, 1, 1)
        self.wrong = QLabel()
        set_role(self.wrong, "error")
        grid.addWidget(self.wrong, 2, 1)
        self.all.setChecked(True)
        return grid

    def _obstacles(self) -> QWidget:
        """What stands against printing: boxes out of date, findings."""
        frame = QFrame()
        stops = any(finding.severity == "stop" for finding in self._findings)
        self.blocked = stops or not self._current
        kind = "error" if self.blocked else "warning" if self._findings else "success"
        frame.setProperty("notice", kind)
        column = QVBoxLayout(frame)
        column.setContentsMargins(t.GAP, t.GAP_SMALL, t.GAP, t.GAP_SMALL)
        head = QHBoxLayout()
        head.setSpacing(t.GAP_SMALL)
        icon = QLabel()
        name = {"error": "circle-alert", "warning": "triangle-alert", "success": "circle-check"}
        icon.setPixmap(self._tools.theme.pixmap(name[kind], color=kind))
        head.addWidget(icon)
        stale = "材料有变动，页次已经不对，请先重新排盒。"
        self.words = QLabel(verdict(self._findings) if self._current else stale)
        self.words.setWordWrap(True)
        head.addWidget(self.words, 1)
        self.mend = QPushButton("去处理" if self._current else "重新排盒")
        set_role(self.mend, "link")
        self.mend.clicked.connect(self._go_mend)
        head.addWidget(self.mend)
        column.addLayout(head)
        self.mend.setVisible(bool(self._findings) or not self._current)
        model = findings_model(self._tools.theme, self._findings)
        self.table = TableView(model, self._tools.settings, "print-findings", self)
        model.setParent(self.table)
        self.table.setAccessibleName("打印前请看")
        rows = len(self._findings) + 1
        self.table.setFixedHeight(min(_LIST_HEIGHT, rows * t.ROW_HEIGHT + t.GAP_LARGE))
        self.table.opened.connect(self._go_mend)
        self.table.setVisible(bool(self._findings))
        column.addWidget(self.table)
        return frame

    def _buttons(self) -> QHBoxLayout:
        from PySide6.QtPrintSupport import QPrinterInfo

        self._has_printer = bool(QPrinterInfo.availablePrinterNames())
        still = "仍然" if self._findings and not self.blocked else ""
        theme = self._tools.theme
        words = f"{still}打印…" if self._has_printer else "用 PDF 阅读器打开"
        icon = "printer" if self._has_printer else "external-link"
        self.print_button = QPushButton(theme.icon(icon), words)
        self.print_button.setAutoDefault(False)
        self.print_button.clicked.connect(self._print)
        if not self._has_printer:
            self.print_button.setToolTip(
                "这台电脑没有装打印机；可以在 PDF 阅读器里看，或另存后拿去打印"
            )
        self.save_button = QPushButton(theme.icon("save", "on_accent"), f"{still}另存为…")
        set_role(self.save_button, "primary")
        self.save_button.setDefault(True)
        self.save_button.clicked.connect(self._save)
        cancel = QPushButton("取消")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        row.addStretch(1)
        for button in (cancel, self.print_button, self.save_button):
            row.addWidget(button)
        return row

    # -- answers -----------------------------------------------------------------------------

    @property
    def form(self) -> str:
        """What is to be printed."""
        return str(self.forms.currentData())

    def chosen(self) -> set[int] | None:
        """Numbers of the boxes, None for all; raises ValidationError."""
        if self.here.isChecked() and self._number is not None:
            return {self._number}
        return typed_numbers(self.numbers.text()) if self.some.isChecked() else None

    def _request(self) -> Request:
        """The order, for the service that prints."""
        chosen = self.chosen()
        targets = None if chosen is None else tuple(map(str, sorted(chosen)))
        return Request(self.form, self._adoption.id, targets)

    @Slot()
    def _on_typed(self) -> None:
        self.some.setChecked(True)
        self._update()

    @Slot()
    def _update(self) -> None:
        """Nothing goes out while something stands against it."""
        self.wrong.hide()
        ready = not self.blocked and bool(self._count)
        for button in (self.save_button, self.print_button):
            button.setEnabled(ready)

    @Slot()
    def _go_mend(self) -> None:
        self.close()
        if not self._current:
            self.plan_wanted.emit()
            return
        row = self.table.currentIndex().row()
        first = self._findings[max(0, row)]
        self.mend_wanted.emit([first])

    # -- output ------------------------------------------------------------------------------

    def file_name(self) -> str:
        """Community, year, form and boxes: what the file is called unless the user wants otherwise."""
        chosen = self.chosen()
        boxes = "" if chosen is None else f"第{'、'.join(map(str, sorted(chosen)))}{self._unit}"
        name = self._services.forms.get(self.form).name.partition("（")[0]
        parts = (self._adoption.community_name, self._adoption.period, name, boxes)
        return re.sub(r'[\\/:*?"<>|\s]+', " ", " ".join(filter(None, parts))).strip() + ".pdf"

    def _checked(self) -> bool:
        """Whether the box numbers can be read; else says why not."""
        try:
            chosen = self.chosen()
        except AppError as error:
            self._refuse(error.sentence)
            return False
        beyond = sorted(n for n in chosen or () if n > self._count)
        if beyond:
            self._refuse(f"没有第 {beyond[0]} {self._unit}，现在共有 {self._count} {self._unit}。")
        return not beyond

    def _refuse(self, words: str) -> None:
        self.wrong.setText(words)
        self.wrong.show()
        self.numbers.setFocus()

    @Slot()
    def _save(self) -> None:
        if not self._checked():
            return
        folder = self._tools.settings.text(_FOLDER_KEY, str(Path.home()))
        formats = self._services.forms.get(self.form).formats
        name, kind = QFileDialog.getSaveFileName(
            self, "另存为", str(Path(folder) / self.file_name()),
            ";;".join(_KINDS[one] for one in formats),
        )  # fmt: skip
        if name:
            target = Path(name)
            if target.suffix.lower() not in formats:
                wanted = next((one for one in formats if _KINDS[one] == kind), formats[0])
                target = target.with_name(f"{target.name}{wanted}")
            self._tools.settings.set(_FOLDER_KEY, str(target.parent))
            self.save_to(target)

    def save_to(self, target: Path) -> None:
        """Write the file in the background, then offer to open it."""
        messages = self._tools.messages

        def done(path: Path) -> None:
            messages.post(Message(
                f"已存为“{path.name}”。", kind="success",
                action_text="打开文件", action=lambda: open_path(path),
                other_text="打开文件夹", other=lambda: open_path(path.parent),
            ))  # fmt: skip

        self._start(target, done)

    def _start(self, target: Path, done: Callable[[Path], None]) -> None:
        """Write the file as a job and close; the page stays usable meanwhile."""
        forms, request = self._services.forms, self._request()

        def work(progress: Progress) -> Path:
            forms.export(request, target, progress)
            return target

        label = f"输出{forms.get(request.form).name}"

        self._tools.jobs.start(
            Job(label, work, done, owner=self.parent(),
                done_text=lambda path: f"已存为“{path.name}”", folder=lambda path: path.parent)
        )  # fmt: skip
        self.accept()

    @Slot()
    def _print(self) -> None:
        if not self._checked():
            return
        target = Path(tempfile.mkdtemp(prefix="yandang-")) / self.file_name()
        if not self._has_printer:
            self._start(target, open_path)
            return
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(target.stem)
        dialog = QPrintDialog(printer, self)
        dialog.setWindowTitle("打印")
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.print_on(printer, target)

    def print_on(self, printer: QPrinter, target: Path) -> None:
        """Print in the background: the very pages that a PDF would have."""
        forms, request, messages = self._services.forms, self._request(), self._tools.messages

        def work(progress: Progress) -> int:
            from app.ui.framework.printing import print_pdf

            forms.export(request, target, progress)
            try:
                return print_pdf(target, printer, progress)
            finally:
                target.unlink(missing_ok=True)
                target.parent.rmdir()

        def done(pages: int) -> None:
            messages.say(f"已把 {pages} 页送往打印机。")

        job = Job(f"打印{forms.get(request.form).name}", work, done, owner=self.parent(),
                  done_text=lambda pages: f"已送往打印机 {pages} 页")  # fmt: skip
        self._tools.jobs.start(job)
        self.accept()


def open_path(path: Path) -> None:
    """Open a file or folder in the program that belongs to it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def _label(text: str, buddy: QWidget) -> QLabel:
    label = QLabel(text)
    label.setMinimumHeight(t.CONTROL_HEIGHT)
    label.setBuddy(buddy)
    return label
