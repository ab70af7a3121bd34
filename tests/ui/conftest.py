"""Fixtures for everything that is seen: real Qt, off screen, with the program's own parts."""

import gc

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.ui.framework.collecting import GuiCollector
from app.ui.framework.errors import ErrorDesk
from app.ui.framework.i18n import install_chinese
from app.ui.framework.jobs import InlineRunner, JobRunner
from app.ui.framework.messages import Messages
from app.ui.framework.page import Tools
from app.ui.framework.settings import Settings
from app.ui.framework.theme import Theme
from app.ui.framework.tokens import LIGHT


@pytest.fixture(scope="session")
def collector(qapp):
    """As in the program: garbage is collected on the GUI thread only."""
    yield GuiCollector()
    gc.enable()


@pytest.fixture(autouse=True)
def _no_keys_held(qapp):
    """A test before may have ended with Ctrl pressed, by which Qt would add to a selection."""
    QTest.keyClick(QWidget(), Qt.Key.Key_Escape)


@pytest.fixture(autouse=True)
def _collected(collector):
    yield
    collector.collect()


@pytest.fixture(scope="session")
def dressed(qapp):
    """The application in the light theme and in Chinese."""
    install_chinese(qapp)
    theme = Theme(LIGHT)
    theme.apply(qapp)
    return theme


@pytest.fixture
def theme(dressed, qtbot):
    return dressed


@pytest.fixture
def tools(theme):
    """Tools of a page whose jobs run at once."""
    messages = Messages()
    errors = ErrorDesk(theme, messages)
    return Tools(theme, InlineRunner(errors.show_error), messages, errors, Settings())


@pytest.fixture
def runner(theme):
    """A real runner with threads; nothing of it outlives the test."""
    made = JobRunner()
    yield made
    assert made.close(10), "a job did not end"
    made.deleteLater()


@pytest.fixture
def adoption(services):
    """The scheme in force in the archive of ``services``."""
    return services.adoptions.current()


@pytest.fixture
def write(qapp):
    """Type Chinese as an input method does: ``write(editor, "兴镇小学")``."""

    def commit(editor, text: str) -> None:
        event = QInputMethodEvent()
        event.setCommitString(text)
        qapp.sendEvent(editor, event)

    return commit
