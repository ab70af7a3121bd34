"""A register of people as the members page shows it, with some schools and people in it."""

import pytest
from PySide6.QtCore import QObject, Qt, Signal

from app.ui.records.panel import RecordPanel


@pytest.fixture
def people(services, adoption):
    """Ids of three people by name; two of them have a school, one has no title."""
    entries = services.entries
    school = entries.create("school", {"name": "兴镇中心小学", "short_name": "兴小"}, adoption.id)
    rows = {
        "王芳": {"school_id": school, "title": "一级教师", "born_on": "1985.09"},
        "李雷": {"school_id": school, "title": "二级教师", "born_on": "1990"},
        "赵敏": {},
    }
    return {
        name: entries.create("person", {"name": name, **values}, adoption.id)
        for name, values in rows.items()
    }


class Announcer(QObject):
    """Tells of commits after the call that made them, as the window does."""

    committed = Signal(object)


@pytest.fixture
def make_panel(tools, services, adoption, qtbot):
    """Make a register and keep it up to date as the window does."""

    def make(kind: str = "person", **more) -> RecordPanel:
        panel = RecordPanel(tools, services, adoption, kind, **more)
        qtbot.addWidget(panel)
        announcer = Announcer(panel)
        announcer.committed.connect(panel.refresh, Qt.ConnectionType.QueuedConnection)
        services.archive.uow.subscribe(announcer.committed.emit)
        panel.resize(1200, 600)
        with qtbot.waitExposed(panel):
            panel.show()
        panel.activateWindow()
        qtbot.waitUntil(panel.isActiveWindow)
        return panel

    return make


@pytest.fixture
def panel(people, make_panel) -> RecordPanel:
    return make_panel()


@pytest.fixture
def said(tools):
    """What the window said, newest last."""
    posted = []
    tools.messages.posted.connect(posted.append)
    tools.messages.bar_ready()
    return posted
