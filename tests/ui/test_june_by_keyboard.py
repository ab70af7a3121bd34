"""A June evening before the papers go off: from what is missing to the report, without the mouse.

A file is put into a line, a line is let pass with a reason, points are given, two assessors score,
and the self-assessment report is written, all in the real window.
"""

# The fixtures of the other scenario are used by their names.
# ruff: noqa: F811

from datetime import date
from decimal import Decimal

import docx
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLineEdit, QMainWindow
from typing_extensions import override

from app.models import Activity, Lesson, Observation, Person
from app.services.standing.views import MissingQuery
from app.ui.pages.assessment_report import ReportDialog
from tests.ui.test_term_by_keyboard import ALT, CTRL, Key, desk, keys  # noqa: F401

REASON = "当晚停电，没有签到"


class Windows(QObject):
    """Notes every window that appears; a button without a parent, shown, is one for an instant."""

    def __init__(self) -> None:
        super().__init__()
        self.strange: list[str] = []

    @override
    def eventFilter(self, watched, event):
        if (
            event.type() == QEvent.Type.Show
            and watched.isWidgetType()
            and watched.windowType() == Qt.WindowType.Window
            and not isinstance(watched, QMainWindow | QDialog)
        ):
            self.strange.append(type(watched).__name__)
        return False


@pytest.fixture
def windows(qapp):
    watch = Windows()
    qapp.installEventFilter(watch)
    yield watch
    qapp.removeEventFilter(watch)


@pytest.fixture
def lesson_given(desk):
    """A demonstration lesson of which every piece is missing."""
    services = desk.services
    adoption = services.adoptions.current()
    with services.archive.uow.write("登记示范课") as session:
        people = [Person(name=name) for name in ("赵敏", "冯建军")]
        session.add_all(people)
        session.flush()
        activity = Activity(
            community_id=adoption.community_id, kind="demo", title="分数的初步认识",
            held_on=date(2025, 10, 15), host_id=people[0].id,
        )  # fmt: skip
        session.add(activity)
        session.flush()
        lesson = Lesson(activity_id=activity.id, teacher_id=people[0].id, title="分数")
        session.add(lesson)
        session.flush()
        session.add(Observation(lesson_id=lesson.id, observer_id=people[1].id))
    return adoption


def name_the_file(path) -> None:
    """As soon as the file dialog is there: its name is pasted, Enter."""
    poll = QTimer(QApplication.instance())
    poll.setInterval(10)

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QFileDialog):
            poll.stop()
            poll.deleteLater()
            edit = dialog.findChild(QLineEdit, "fileNameEdit")
            edit.setText(str(path))
            QTest.keyClick(edit, Key.Key_Return)
            if dialog.isVisible():
                dialog.reject()  # the test fails then, and does not wait for ever

    poll.timeout.connect(look)
    poll.start()


def in_front(window, qtbot) -> None:
    """Give the window its keys again, as a desktop does when a dialog closes."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)


def look_for(keys, words) -> None:
    keys.press(Key.Key_F, CTRL)
    keys.text(words)
    keys.press(Key.Key_Return)


@pytest.mark.timeout(120)
def test_from_what_is_missing_to_the_report(
    desk,
    keys,
    lesson_given,
    windows,
    tmp_path,
    qtbot,
) -> None:
    services, adoption = desk.services, lesson_given
    window = desk.parent()

    def lines(**query):
        found = services.standing.missing(adoption.id, MissingQuery(**query)).findings
        return [one.what for one in found]

    assert any("教学设计" in what for what in lines())

    # A file into a line.
    keys.press(Key.Key_6, ALT)
    keys.press(Key.Key_1, CTRL)
    look_for(keys, "教学设计")
    plan = tmp_path / "2025-10-15 教学设计.jpg"
    Image.new("RGB", (20, 20), (90, 0, 0)).save(plan)
    name_the_file(plan)
    keys.press(Key.Key_O, CTRL)
    assert not any("缺教学设计" in what for what in lines())
    in_front(window, qtbot)

    # A line that may pass, with the reason.
    look_for(keys, "签到表")
    keys.press(Key.Key_L, ALT)
    keys.fields(REASON)
    assert not any("签到表" in what for what in lines())
    assert [what for what in lines(ignored=True) if "签到表" in what]
    assert not window.page.view("missing").ask_bar.isVisible()

    # Points of what nobody can count.
    keys.press(Key.Key_3, CTRL)
    keys.press(Key.Key_Return, CTRL)
    keys.fields("4", "2")
    assert points(services, adoption) == {"3.4": 4, "5.1": 2}

    # Two assessors, one after the other.
    keys.press(Key.Key_P, ALT)
    keys.fields("李明", "6")
    keys.press(Key.Key_W, ALT)
    keys.fields("周敏", "4.5")
    assert points(services, adoption, "李明") == {"1.1": 6}
    assert points(services, adoption, "周敏") == {"1.1": Decimal("4.5")}
    keys.press(Key.Key_Z, ALT)
    assert window.page.view("score").tree.hasFocus()

    # The report.
    made = tmp_path / "自评报告.docx"
    name_the_file(made)
    keys.press(Key.Key_B, ALT)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), ReportDialog))
    QTest.keyClick(QApplication.activeModalWidget(), Key.Key_Return)
    qtbot.waitUntil(made.is_file)
    report = docx.Document(made)
    assert report.paragraphs[0].text == "蒲城县小学数学名师工作坊自评报告"
    cells = [[cell.text for cell in row.cells] for table in report.tables for row in table.rows]
    assert next(row[3] for row in cells if row[0] == "3.4") == "4"
    assert any(REASON in row[-1] for row in cells)

    # Everywhere else the keys go on as before.
    in_front(window, qtbot)
    for number, view in enumerate(("missing", "progress", "score", "entry", "results")):
        keys.press(Key(Key.Key_1 + number), CTRL)
        assert window.page.current == view
    assert windows.strange == []


def points(services, adoption, assessor=""):
    """Points given by an assessor (nobody: by oneself), by the number of the item."""
    numbers = {one.id: one.no for one in services.adoptions.items(adoption.id)}
    return {
        numbers[one.item_id]: one.points
        for one in services.entering.points(adoption.id)
        if one.assessor == assessor
    }
