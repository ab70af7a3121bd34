"""Starts the window: look, language, log and errors first, then the shell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QDir, QStandardPaths, Qt
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from app.resources import resource
from app.ui.framework.collecting import GuiCollector
from app.ui.framework.errors import ErrorDesk, start_log
from app.ui.framework.i18n import install_chinese
from app.ui.framework.jobs import JobRunner
from app.ui.framework.messages import Messages
from app.ui.framework.page import Tools
from app.ui.framework.settings import Settings, user_settings
from app.ui.framework.theme import Theme
from app.ui.framework.tokens import DARK, LIGHT
from app.ui.main_window import MainWindow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


class Closing(Protocol):
    """What ``start`` gives back: it must be closed when the window is."""

    def close(self) -> None:
        """Close the archive."""
        ...


@dataclass(frozen=True, slots=True)
class Program:
    """The parts that live as long as the program."""

    app: QApplication
    tools: Tools
    window: MainWindow


def make_app(argv: Sequence[str]) -> QApplication:
    """The application object with language; sharp at fractional scales such as 125 % and 150 %."""
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(
        Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
    )
    app = QApplication(list(argv))
    app.setApplicationName("yandang")
    app.setApplicationDisplayName("研档")
    icon = resource("icons", "yandang.svg")
    if icon.is_file():
        app.setWindowIcon(QIcon(str(icon)))
    install_chinese(app)
    return app


def build(app: QApplication, settings: Settings, log_folder: Path | None = None) -> Program:
    """The window with its tools, not yet shown and without an archive."""
    theme = Theme(DARK if settings.text("theme") == "dark" else LIGHT, app.devicePixelRatio())
    theme.apply(app)
    messages = Messages()
    errors = ErrorDesk(theme, messages, log_folder)
    jobs = JobRunner(errors.show_error)
    tools = Tools(theme, jobs, messages, errors, settings)
    return Program(app, tools, MainWindow(tools, log_folder))


def run(argv: Sequence[str], start: Callable[[Program], Closing]) -> int:
    """Open the window and stay until it is closed.

    ``start`` connects the window to the archives: it shows the welcome page or opens the archive
    that was named, and returns what is to be closed at the end.
    """
    from platformdirs import user_log_path

    log_folder = user_log_path("yandang", appauthor=False)
    last_words = start_log(log_folder)
    program = build(make_app(argv), user_settings(), log_folder if last_words else None)
    program.tools.errors.install()
    GuiCollector(program.app)
    desk = start(program)
    # File dialogs begin where a clerk keeps files, not in the program's folder.
    QDir.setCurrent(
        QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    )
    program.window.show()
    status = program.app.exec()
    program.tools.jobs.close()
    desk.close()
    return status
