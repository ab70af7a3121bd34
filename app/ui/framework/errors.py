"""The one place that shows errors: words for what the user can mend, a report for our own bugs."""

from __future__ import annotations

import faulthandler
import logging
import platform
import sys
import threading
import traceback
from typing import TYPE_CHECKING, TextIO

from PySide6.QtCore import QObject, QUrl, Signal, Slot, qVersion
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app import __version__
from app.errors import AppError, CancelledError
from app.ui.framework import tokens as t
from app.ui.framework.messages import Message, Messages
from app.ui.framework.theme import Theme, set_role

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

_log = logging.getLogger(__name__)
_LOG_BYTES = 1_000_000


class ErrorDesk(QObject):
    """Takes every error of the program and shows it where it belongs."""

    _unexpected = Signal(object)

    def __init__(
        self,
        theme: Theme,
        messages: Messages,
        log_folder: Path | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._messages = messages
        self._log_folder = log_folder
        self.dialog: CrashDialog | None = None
        self._unexpected.connect(self._show_crash)

    def show_error(self, error: BaseException) -> None:
        """Show an error; may be called from any thread."""
        if isinstance(error, CancelledError):
            return
        if isinstance(error, AppError):
            self._messages.post(Message(error.text, error.hint, "error", details=error.details))
            return
        _log.critical("unexpected error", exc_info=error)
        self._unexpected.emit(error)

    def install(self) -> None:
        """Let what nobody caught come here, from the GUI thread and from any other."""
        sys.excepthook = self._on_uncaught
        threading.excepthook = self._on_uncaught_in_thread

    def _on_uncaught(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self.show_error(error.with_traceback(trace))

    def _on_uncaught_in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self.show_error(args.exc_value)

    @Slot(object)
    def _show_crash(self, error: BaseException) -> None:
        report = crash_report(error)
        if self.dialog is not None:
            self.dialog.add(report)
            return
        self.dialog = CrashDialog(self._theme, report, self._log_folder)
        self.dialog.finished.connect(self._on_closed)
        self.dialog.open()

    @Slot()
    def _on_closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = None


class CrashDialog(QDialog):
    """Says that the program erred, and gives a report that can be copied and sent."""

    def __init__(
        self, theme: Theme, report: str, log_folder: Path | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._log_folder = log_folder
        self.setWindowTitle("研档出错了")
        self.setMinimumSize(640, 420)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 20)
        layout.setSpacing(t.GAP)
        head = QHBoxLayout()
        icon = QLabel()
        icon.setPixmap(theme.pixmap("circle-alert", 24, "error"))
        title = QLabel("程序出错，刚才的操作可能没有完成")
        set_role(title, "title")
        head.addWidget(icon)
        head.addWidget(title, 1)
        layout.addLayout(head)
        words = QLabel(
            "此前已保存的内容不受影响。可以继续使用；如果再次出现，请复制下面的报告，"
            "发给为您提供本软件的人。报告里没有档案的内容，但可能有文件名。"
        )
        words.setWordWrap(True)
        layout.addWidget(words)
        self.report = QPlainTextEdit(report)
        self.report.setReadOnly(True)
        self.report.setAccessibleName("错误报告")
        layout.addWidget(self.report, 1)
        buttons = QHBoxLayout()
        self.copy_button = QPushButton(theme.icon("copy"), "复制报告")
        self.copy_button.clicked.connect(self._copy)
        buttons.addWidget(self.copy_button)
        if log_folder is not None:
            folder = QPushButton(theme.icon("folder-open"), "打开日志文件夹")
            folder.clicked.connect(self._open_log)
            buttons.addWidget(folder)
        buttons.addStretch(1)
        close = QPushButton("继续使用")
        set_role(close, "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        buttons.addWidget(close)
        layout.addLayout(buttons)

    def add(self, report: str) -> None:
        """Another error came while the dialog is open."""
        self.report.appendPlainText(f"\n{report}")

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report.toPlainText())
        self.copy_button.setText("已复制")

    @Slot()
    def _open_log(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._log_folder)))


def crash_report(error: BaseException) -> str:
    """What support needs to know: versions, system, where it happened."""
    head = (
        f"研档 {__version__} · Python {platform.python_version()} · Qt {qVersion()}\n"
        f"{platform.platform()} · {QGuiApplication.platformName()}\n"
    )
    return head + "".join(traceback.format_exception(error))


def start_log(folder: Path) -> TextIO | None:
    """Write the log (1 MB, three files) and, should Python itself fall, its last words.

    Returns the open file of the last words, which must live as long as the program; None where the
    folder cannot be written: then there is no log, and the program starts all the same.
    """
    from logging.handlers import RotatingFileHandler

    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            folder / "yandang.log", maxBytes=_LOG_BYTES, backupCount=3, encoding="utf-8"
        )
        last_words = (folder / "fault.log").open("a", encoding="utf-8")
    except OSError:
        return None
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    faulthandler.enable(last_words)
    return last_words
