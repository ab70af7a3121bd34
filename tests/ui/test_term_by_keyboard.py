"""A whole term of three schools, entered in the real window without ever touching the mouse.

Schools, teachers, activities with agenda, sign-in and lessons, and the observations of those
lessons; then everything is found again, and taken back.
"""

import shutil

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit

from app.services.entry.listing import Query
from app.ui.app import Program
from app.ui.desk import Desk
from app.ui.main_window import MainWindow

Key = Qt.Key
CTRL, ALT, NONE = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.NoModifier,
)
SCHOOLS = {"蒲城县实验小学": "实验小学", "兴镇中心小学": "兴小", "桥陵镇小学": "桥小"}
TEACHERS = {
    "蒲城县实验小学": ("张建华", "李红霞", "赵敏"),
    "兴镇中心小学": ("陈志强", "孙丽萍", "周晓燕"),
    "桥陵镇小学": ("郑文静", "冯建军", "吴国栋"),
}
ACTIVITIES = (
    ("9.12", "分数的初步认识 示范课", "示范课", "李红霞"),
    ("10.10", "计算教学研讨", "主题研讨", "陈志强"),
    ("10.24", "走进桥陵 送教下乡", "送教下乡", "孙丽萍"),
    ("11.7", "单元整体教学讲座", "专题讲座", "张建华"),
    ("12.5", "圆的面积 示范课", "示范课", "郑文静"),
    ("12.26", "期末总结研讨", "主题研讨", "吴国栋"),
)

ATTENDING = ("赵敏", "陈志强", "冯建军", "周晓燕")
OBSERVERS = ("冯建军", "周晓燕")


class Keyboard:
    """All that the clerk has: keys go to whatever has the cursor."""

    def __init__(self, window, write) -> None:
        self._window = window
        self._write = write
        self.presses = 0

    @property
    def target(self):
        popup = QApplication.activePopupWidget()
        if popup is not None:
            return popup.focusWidget() or popup
        return QApplication.focusWidget() or self._window

    def press(self, key, modifier=NONE, times: int = 1) -> None:
        for _ in range(times):
            self.presses += 1
            QTest.keyClick(self.target, key, modifier)
            QCoreApplication.sendPostedEvents(None, QEvent.Type.MetaCall.value)

    def text(self, words: str) -> None:
        if words.isascii():
            for letter in words:  # the first may open an editor, which gets the rest
                QTest.keyClicks(self.target, letter)
        else:
            self._write(self.target, words)

    def fields(self, *texts: str) -> None:
        """Fill in fields one after the other, Enter after each."""
        for words in texts:
            if words:
                self.text(words)
            self.press(Key.Key_Return)


@pytest.fixture
def desk(tools, qtbot, qapp, context, fresh_archive, tmp_path):
    window = MainWindow(tools)
    qtbot.addWidget(window)
    made = Desk(Program(qapp, tools, window), context)
    window.resize(1366, 728)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    folder = tmp_path / "档案库"
    shutil.copytree(fresh_archive, folder)
    made.open_folder(folder)
    qtbot.waitUntil(lambda: made.services is not None)
    yield made
    made.close()


@pytest.fixture
def keys(desk, write) -> Keyboard:
    return Keyboard(desk.parent(), write)


def enter_schools(keys: Keyboard) -> None:
    keys.press(Key.Key_2, ALT)
    keys.press(Key.Key_2, CTRL)
    keys.press(Key.Key_N, CTRL)
    for name, short in list(SCHOOLS.items())[1:]:
        keys.fields(name)
        keys.text(short)
        keys.press(Key.Key_Return, CTRL)


def enter_teachers(keys: Keyboard) -> None:
    keys.press(Key.Key_1, CTRL)
    keys.press(Key.Key_N, CTRL)
    for school, names in TEACHERS.items():
        for name in names:
            keys.fields(name)
            keys.text(school)
            keys.press(Key.Key_Return, CTRL)


def enter_activities(keys: Keyboard) -> None:
    """Each with its agenda, who came (one on leave with a reason), and the lesson that was taught."""
    keys.press(Key.Key_3, ALT)
    for day, title, kind, teacher in ACTIVITIES:
        keys.press(Key.Key_N, CTRL)
        keys.fields(day, title, kind)
        keys.press(Key.Key_Tab, CTRL)  # 日程
        for line in (("8:30", "9:10", "上课"), ("9:20", "10:30", "研讨")):
            for words in line:
                keys.text(words)
                keys.press(Key.Key_Tab)
            keys.press(Key.Key_Tab)
        keys.press(Key.Key_Tab, CTRL, 3)  # 人员签到
        keys.fields(*ATTENDING)
        keys.press(Key.Key_Down)
        keys.press(Key.Key_Home)
        keys.press(Key.Key_2)  # 请假
        keys.press(Key.Key_Return)
        keys.fields("县里开会")
        keys.press(Key.Key_1, times=len(ATTENDING) - 1)  # 到会
        keys.press(Key.Key_Tab, CTRL)  # 课
        for words in ("", "第1节", teacher, "数学", title.split()[0]):
            keys.text(words)
            keys.press(Key.Key_Tab)


def enter_observations(keys: Keyboard) -> None:
    """Two observers of each lesson: what the two have in common is typed once.

    Teacher's subject and the observer before are there already; Enter goes past what is filled in.
    """
    keys.press(Key.Key_4, ALT)
    here, other = OBSERVERS
    for number, (day, title, _kind, teacher) in enumerate(ACTIVITIES):
        keys.press(Key.Key_N, CTRL)
        keys.press(Key.Key_F8)
        keys.fields(day, "1", teacher, "三（2）班", title.split()[0], "新授")
        if not number:
            keys.fields(here)
        keys.fields("复习导入", "自然")
        keys.press(Key.Key_Down, CTRL)
        keys.text("目标明确，学生主动")
        keys.press(Key.Key_S, CTRL)
        keys.press(Key.Key_D, CTRL)  # another observer of the same lesson
        keys.fields(other)
        keys.press(Key.Key_Down, CTRL)
        keys.text("板书可以更简洁")
        keys.press(Key.Key_Return, CTRL)
        here, other = other, here


@pytest.mark.timeout(300)
def test_a_term_of_three_schools(desk, keys, qtbot) -> None:
    entries, adoption = desk.services.entries, desk.services.adoptions.current().id
    enter_schools(keys)
    assert entries.count(Query("school", adoption)) == 3
    enter_teachers(keys)
    people = entries.page(Query("person", adoption), 0, 20)
    assert {row.texts["name"]: row.texts["school_id"] for row in people} == {
        name: school for school, names in TEACHERS.items() for name in names
    }
    enter_activities(keys)
    rows = entries.page(Query("activity", adoption), 0, 20)
    assert [(row.texts["kind"], row.texts["title"]) for row in reversed(rows)] == [
        (kind, title) for _day, title, kind, _teacher in ACTIVITIES
    ]
    for row in rows:
        assert (row.values["expected"], row.values["present"], row.values["lessons"]) == (4, 3, 1)
        assert entries.count(Query("agenda_item", adoption, parent_id=row.id)) == 2
        signed = entries.page(Query("attendance", adoption, parent_id=row.id), 0, 9)
        assert {one.texts["person_id"]: one.texts["leave_reason"] for one in signed} == {
            name: "县里开会" if name == ATTENDING[0] else "" for name in ATTENDING
        }
    enter_observations(keys)
    seen = entries.page(Query("observation", adoption), 0, 20)
    assert sorted((row.texts["title"], row.texts["observer_id"]) for row in seen) == sorted(
        (title.split()[0], observer) for _day, title, *_ in ACTIVITIES for observer in OBSERVERS
    )
    # The lessons are those of the activities: nothing was entered twice.
    assert entries.count(Query("lesson", adoption)) == len(ACTIVITIES)
    find_again(keys, desk.parent(), qtbot)
    take_back(keys, desk.services, adoption)


def find_again(keys: Keyboard, window, qtbot) -> None:
    """Three initials and Enter lead to a person, from anywhere."""
    keys.press(Key.Key_1, ALT)
    keys.press(Key.Key_K, CTRL)
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    keys.text("zwj")
    palette = QApplication.focusWidget().window()
    qtbot.waitUntil(lambda: any("郑文静" in one for one in _said(palette)))
    keys.press(Key.Key_Return)
    window.activateWindow()  # as a desktop does when the search window closes
    qtbot.waitUntil(window.isActiveWindow)
    assert window.page.title.text() == "成员"
    shown = window.page.register("person")
    assert shown.form.fields.rows["name"].editor.text() == "郑文静"


def _said(window) -> list[str]:
    return [
        view.model().index(row, 0).data() or ""
        for view in window.findChildren(QAbstractItemView)
        for row in range(view.model().rowCount())
    ]


def take_back(keys: Keyboard, services, adoption: str) -> None:
    """Ctrl+Z, step by step, a hundred of them; Ctrl+Y brings all of it again."""
    before = _counts(services, adoption)
    keys.press(Key.Key_1, ALT)  # out of the field, whose own typing Ctrl+Z would take back
    keys.press(Key.Key_Z, CTRL, times=100)
    assert _counts(services, adoption)["observation"] == 0
    keys.press(Key.Key_Y, CTRL, times=100)
    assert services.history.redo_label() is None
    assert _counts(services, adoption) == before


def _counts(services, adoption: str) -> dict[str, int]:
    return {
        kind: services.entries.count(Query(kind, adoption))
        for kind in ("school", "person", "activity", "attendance", "lesson", "observation")
    }
